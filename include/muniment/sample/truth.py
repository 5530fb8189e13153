"""What is true of a sample practice: per object, per records file, per window. Tests compare a run with it.

The truth is computed from what was planned, never read back from the files. How it came about belongs to
`practice`.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Literal

from pydantic import TypeAdapter

from muniment import windows
from muniment.sample.facts import MatterType
from muniment.sample.scale import Scale
from muniment.sample.typeset import Bounds, Place

State = Literal["published", "duplicate", "quarantined"]
Kind = Literal["pdf", "records", "other"]

_SALE = (
    "purchase_contract", "certificate_of_title", "tax_certificate", "transfer_of_land",
    "statement_of_adjustments",
)  # fmt: skip
REQUIRED: Mapping[MatterType, tuple[str, ...]] = {
    "purchase": _SALE,
    "sale": (*_SALE, "letter_of_undertaking"),
    "refinance": ("certificate_of_title", "tax_certificate", "mortgage"),
}
"""What must be on file before a matter of each type closes, besides the paper about the property."""
PROPERTY_PAPER = {"freehold": "real_property_report", "condominium": "estoppel_certificate"}


@dataclass(frozen=True)
class FieldTruth:
    """A field's normalised value, the page (from 1) where it is printed first, and every place where it is
    printed."""

    value: str
    page: int
    places: tuple[Place, ...]


@dataclass(frozen=True)
class PersonalTruth:
    """Planted personal data: `kind` is sin, email, phone or date_of_birth; `text` as printed; `value`
    normalised; `page` from 1, None in records."""

    key: str
    page: int | None
    kind: str
    value: str
    text: str
    boxes: tuple[Bounds, ...]


@dataclass(frozen=True)
class BadRow:
    """A row that must be quarantined. `line` is the physical line from 1 where the record starts (the header
    of a CSV is line 1); for Parquet the row from 1."""

    line: int
    reason: str


@dataclass(frozen=True)
class ObjectTruth:
    """One file. `window` is that of its modification time; `original` is the key whose bytes a duplicate
    repeats."""

    key: str
    window: str
    modified: datetime
    size: int
    sha256: str
    kind: Kind
    document_type: str | None = None
    state: State = "published"
    reason: str | None = None
    original: str | None = None
    is_scan: bool = False
    layout: str | None = None
    pages: int | None = None
    matter_number: str | None = None
    fields: Mapping[str, FieldTruth] = field(default_factory=dict)


@dataclass(frozen=True)
class RecordsTruth:
    """One records file: rows that are good, rows that are not, columns that no contract knows."""

    key: str
    window: str
    table: str
    rows_good: int
    bad_rows: tuple[BadRow, ...]
    unknown_columns: tuple[str, ...]


@dataclass(frozen=True)
class WindowTruth:
    """How many objects of a window end in each state: registered = published + duplicate + quarantined."""

    window: str
    registered: int
    published: int
    duplicate: int
    quarantined: int


@dataclass(frozen=True)
class Disagreement:
    """A contract's price that is not the matter record's. Money as plain decimals."""

    matter_number: str
    key: str
    document_price: str
    record_price: str


@dataclass(frozen=True)
class Truth:
    """Everything that is true of a practice. `missing` names the required documents that each matter lacks;
    matters that lack nothing are absent from it. `late` are files that are not there yet: `write_late` brings
    them."""

    scale: Scale
    objects: tuple[ObjectTruth, ...]
    records: tuple[RecordsTruth, ...]
    personal: tuple[PersonalTruth, ...]
    disagreements: tuple[Disagreement, ...]
    missing: Mapping[str, tuple[str, ...]]
    statuses: Mapping[str, str]
    late: tuple[ObjectTruth, ...]

    @property
    def windows(self) -> tuple[WindowTruth, ...]:
        """The windows in order, with their totals."""
        keys = sorted({one.window for one in self.objects}, key=windows.parse)
        return tuple(_tally(key, (one for one in self.objects if one.window == key)) for key in keys)

    @property
    def total(self) -> WindowTruth:
        """The totals of all windows together, as if of a window named `total`."""
        return _tally("total", self.objects)

    @property
    def rows(self) -> Mapping[str, int]:
        """The good rows that each table gets from the records files that are published."""
        published = {one.key for one in self.objects if one.state == "published"}
        tables: dict[str, int] = {}
        for file in self.records:
            if file.key in published:
                tables[file.table] = tables.get(file.table, 0) + file.rows_good
        return tables

    def latest(self) -> Mapping[str, ObjectTruth]:
        """The newest version of every key, which is what the file on disk is."""
        return {one.key: one for one in sorted(self.objects, key=lambda one: one.modified)}

    def write(self, path: Path) -> None:
        """Write the truth as JSON."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_ADAPTER.dump_json(self, indent=1))

    @classmethod
    def read(cls, path: Path) -> "Truth":
        """Read what `write` wrote."""
        return _ADAPTER.validate_json(path.read_bytes())


def _tally(key: str, objects: Iterable[ObjectTruth]) -> WindowTruth:
    states = [one.state for one in objects]
    return WindowTruth(
        key, len(states), states.count("published"), states.count("duplicate"), states.count("quarantined")
    )


def settle(objects: Iterable[ObjectTruth]) -> Iterator[ObjectTruth]:
    """The objects in (window, key) order with the states of copies settled: the first with given bytes is the
    original; the others are duplicates of it, or are quarantined for the same reason where it is."""
    originals: dict[str, ObjectTruth] = {}
    for one in sorted(objects, key=lambda one: (windows.parse(one.window), one.key)):
        first = originals.setdefault(one.sha256, one)
        if first is one:
            yield one
        elif first.state == "quarantined":
            yield replace(one, state="quarantined", reason=first.reason, original=first.key)
        else:
            yield replace(one, state="duplicate", original=first.key)


_ADAPTER = TypeAdapter(Truth)
