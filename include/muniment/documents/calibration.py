"""From scores to confidences: how often a type or a value with such a score turned out to be right.

Scores come from `classify` and `fields`, which compare with them; what is shown and published is the confidence. The
curves are those that `bench/calibrate.py --seeds 61 62 63` prints; nothing is fitted while reading. A curve is a list
of points (score, how often right) that rises, with straight lines between them; a score below the first, of which
nothing is known, stands for itself.
"""

from collections.abc import Mapping
from itertools import pairwise
from typing import Literal

Curve = tuple[tuple[float, float], ...]
Way = Literal["label", "word", "prose", "party", "derived"]
"""How a value was found: by its form at a label, taken at its word there, in prose, as a party, from other fields."""

TYPES: Curve = ((0.05, 0.008), (0.5, 0.008), (0.56, 0.639), (0.65, 0.639), (0.74, 0.997), (1.0, 0.997))
_PARTY: Curve = ((0.63, 0.706), (0.9, 0.883))
_DERIVED: Curve = ((0.25, 0.333), (0.36, 0.667), (0.64, 0.667), (0.68, 0.75))
FIELDS: Mapping[tuple[Way, str], Curve] = {
    ("label", "text"): ((0.72, 0.999), (1.0, 0.999)),
    ("label", "ocr"): ((0.73, 0.98), (0.97, 0.98)),
    ("prose", "text"): (
        (0.46, 0.032), (0.67, 0.032), (0.7, 0.955), (0.86, 0.955), (0.87, 0.975), (0.93, 0.975),
    ),
    ("prose", "ocr"): ((0.65, 0.818), (0.88, 0.818), (0.88, 0.9), (0.89, 0.9)),
    ("party", "text"): _PARTY,
    ("party", "ocr"): _PARTY,
    ("derived", "text"): _DERIVED,
    ("derived", "ocr"): _DERIVED,
    ("word", "text"): ((0.73, 0.941), (0.76, 0.941)),
    ("word", "ocr"): ((0.7, 0.8), (0.72, 0.8)),
}  # fmt: skip
"""By how a value was found and where the page's text comes from. Scans had too few parties and derived values to tell
them from digital pages (their scores are lower already)."""


def calibrated(score: float, curve: Curve) -> float:
    """The confidence for a score, 0 to 1; beyond the end of the curve, that of the end."""
    if score < curve[0][0]:
        return min(score, curve[0][1])
    for (below, low), (above, high) in pairwise(curve):
        if score < above:
            return round(low + (high - low) * (score - below) / (above - below), 4)
    return curve[-1][1]


def confidence(score: float, way: Way, source: str) -> float:
    """The confidence in a value by its score, how it was found, and where the page's text comes from."""
    recognised = source in ("ocr", "layer")  # a layer is what another OCR read
    return calibrated(score, FIELDS[way, "ocr" if recognised else "text"])
