"""Layouts of every type beside the plain ones, by kind of paper: how other offices print the same forms. What a form
states belongs to the modules beside this package, layouts that no reader was written with to `held_out`.

Practices draw from `DRAWN`. `RARE` are layouts that came later and only tests read: practices stay what they were.
"""

from collections.abc import Mapping

from muniment.sample.forms.varied import (
    bargain,
    closing,
    house_styles,
    lending,
    offices,
    property,
    registry,
    strangers,
)
from muniment.sample.typeset import Layout

_KINDS = (registry, bargain, lending, property, closing)
DRAWN: Mapping[str, tuple[Layout, ...]] = {name: own for kind in _KINDS for name, own in kind.DRAWN.items()}
RARE: Mapping[str, tuple[Layout, ...]] = {
    name: (*own, *offices.RARE[name], *house_styles.RARE[name], *strangers.RARE[name])
    for kind in _KINDS
    for name, own in kind.RARE.items()
}
