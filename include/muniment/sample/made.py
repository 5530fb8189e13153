"""A file that will arrive (`Draft`) and what making it gives (`Made`). Which files there are belongs to
`practice`."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from muniment.sample import facts
from muniment.sample.documents import Personal, render
from muniment.sample.records import RecordFile
from muniment.sample.scale import Scale
from muniment.sample.truth import FieldTruth, Kind, State
from muniment.windows import Window


@dataclass(frozen=True)
class Made:
    """A file's bytes and what is true of it, whatever it is called and whenever it arrives."""

    data: bytes
    kind: Kind
    state: State = "published"
    reason: str | None = None
    document_type: str | None = None
    matter_number: str | None = None
    is_scan: bool = False
    layout: str | None = None
    pages: int | None = None
    fields: Mapping[str, FieldTruth] = field(default_factory=dict)
    personal: tuple[Personal, ...] = ()
    records: RecordFile | None = None


@dataclass(frozen=True)
class Draft:
    """A file to be: its key below landing, the UTC instant at which it arrives, and how to make it."""

    key: str
    arrived: datetime
    make: Callable[[], Made]


def refused(data: bytes, reason: str, kind: Kind = "pdf") -> Made:
    """A file that must be quarantined as a whole."""
    return Made(data, kind, "quarantined", reason)


def document(scale: Scale, index: int, document_type: str, *, scanned: bool = False, revision: int = 0) -> Made:
    """A document of the matter at `index`."""
    matter = facts.matter(scale.seed, index)
    drawn = render(scale.seed, matter, document_type, scanned=scanned, revision=revision, layouts=scale.layouts)
    return Made(
        drawn.pdf, "pdf", document_type=document_type, matter_number=matter.number, is_scan=scanned,
        layout=drawn.layout, pages=drawn.pages, fields=drawn.fields, personal=drawn.personal,
    )  # fmt: skip


def moment(window: Window, seed: str) -> datetime:
    """A whole second within the window, not too near its ends."""
    seconds = int((window.end - window.start) / timedelta(seconds=1))
    return window.start + timedelta(seconds=random.Random(f"{seed}:{window.key}").randrange(120, seconds - 120))
