"""One document of one matter: which layout, which spelling, and what its pages then say. Faults belong to
`faults`."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from muniment.sample import scan
from muniment.sample.facts import Matter
from muniment.sample.forms import FIELDS, FORMS, SOMETIMES
from muniment.sample.scale import Layouts
from muniment.sample.spelling import Printed, Spelling
from muniment.sample.truth import FieldTruth
from muniment.sample.typeset import Bounds, Layout, Typeset, typeset

_PERSONAL = {
    "sin": ("mortgagor_sin",),
    "date_of_birth": ("mortgagor_born",),
    "email": ("mortgagor_email", "buyer_email", "email"),
    "phone": ("mortgagor_phone", "buyer_phone", "seller_phone", "phone"),
}


@dataclass(frozen=True)
class Personal:
    """Personal data in a file, before it is known under which key that is filed; `page` is None in
    records."""

    page: int | None
    kind: str
    value: str
    text: str
    boxes: tuple[Bounds, ...] = ()


@dataclass(frozen=True)
class Rendered:
    """A document's bytes and what they say."""

    pdf: bytes
    pages: int
    layout: str
    fields: Mapping[str, FieldTruth]
    personal: tuple[Personal, ...]


def render(
    seed: int,
    matter: Matter,
    document_type: str,
    *,
    scanned: bool = False,
    revision: int = 0,
    password: str | None = None,
    layouts: Layouts = "usual",
) -> Rendered:
    """The document of that type for the matter; `scanned` as images without text, `revision` amended so many
    times."""
    form = FORMS[document_type]
    choice = form.layouts if layouts == "usual" else form.held_out
    layout = random.Random(f"{seed}:layout:{matter.index}:{document_type}").choice(choice)
    amended = replace(matter, closing_on=matter.closing_on + timedelta(days=14 * revision))
    note = f"AMENDED, REVISION {revision}" if revision else None
    return set_in(layout, seed, amended, document_type, scanned=scanned, password=password, note=note)


def set_in(
    layout: Layout,
    seed: int,
    matter: Matter,
    document_type: str,
    *,
    scanned: bool = False,
    password: str | None = None,
    note: str | None = None,
) -> Rendered:
    """The document of that type for the matter in a layout of its form."""
    form = FORMS[document_type]
    spelling = Spelling.draw(random.Random(f"{seed}:spelling:{matter.index}:{document_type}"), layout.legal)
    values = {name: spelling.printed(value) for name, value in form.values(matter).items() if value is not None}
    result = typeset(layout, values, title=f"{form.title} {matter.number}", password=password, note=note)
    if scanned:
        result = scan.scanned(result, seed=f"{seed}:scan:{matter.index}:{document_type}")
    return _rendered(document_type, layout, values, result)


def _rendered(document_type: str, layout: Layout, values: Mapping[str, Printed], result: Typeset) -> Rendered:
    names = (*FIELDS[document_type], *SOMETIMES, "matter_number")
    fields = {
        name: FieldTruth(values[name].value, result.places[name][0].page, result.places[name])
        for name in names
        if name in result.places
    }
    personal = tuple(
        Personal(place.page, kind, values[name].value, place.text, place.boxes)
        for kind, sources in _PERSONAL.items()
        for name in sources
        for place in result.places.get(name, ())
    )
    return Rendered(result.pdf, result.pages, layout.name, fields, personal)
