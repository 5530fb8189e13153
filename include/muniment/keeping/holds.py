"""Legal holds: what must not be deleted as long as one stands, whatever its age and whoever asks.

Placing and lifting a hold are notes in the table `control.holds`; none is ever changed. What a hold on a matter covers
is found out anew each time, because documents of the matter may still come. Whoever deletes asks here first, inside
`Holds.deleting`.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from muniment.contract import contracts, of_origin
from muniment.errors import MunimentError
from muniment.lake import Lake
from muniment.lake.log import Log

if TYPE_CHECKING:
    from muniment.linkage import Land

_LOCK = "deleting"
_SHORTEST = 4  # digits of a hold's id that a person may give
_NAMES = (("title_number",), ("short_legal", "ats_description"), ("property_address",))  # as `Land` has them

_Condition = Callable[[Mapping[str, Any]], Any]


class HoldError(MunimentError):
    """A hold that cannot be placed or lifted, or that stands in the way."""


@dataclass(frozen=True)
class Hold:
    """One hold: what it names (matter numbers, contents by SHA-256, window keys, or `everything`), and why."""

    id: str
    placed_at: datetime
    reason: str
    matters: frozenset[str] = frozenset()
    objects: frozenset[str] = frozenset()
    windows: frozenset[str] = frozenset()
    everything: bool = False
    lifted_at: datetime | None = None
    lifted_because: str | None = None

    @property
    def named(self) -> str:
        """What it names, in words."""
        if self.everything:
            return "everything"
        parts = {"matter": self.matters, "object": self.objects, "window": self.windows}
        return ", ".join(f"{what} {one}" for what, found in parts.items() for one in sorted(found))


@dataclass(frozen=True)
class Covered:
    """What some holds cover: contents by SHA-256 and windows by key, or `everything`; and whether there are `any`."""

    objects: frozenset[str] = frozenset()
    windows: frozenset[str] = frozenset()
    everything: bool = False
    any: bool = False

    def __or__(self, other: "Covered") -> "Covered":
        objects, keys = self.objects | other.objects, self.windows | other.windows
        return Covered(objects, keys, self.everything or other.everything, self.any or other.any)

    def has(self, objects: Collection[str] = (), windows: Collection[str] = ()) -> bool:
        """Whether one of these contents or windows is covered."""
        return self.everything or not (self.objects.isdisjoint(objects) and self.windows.isdisjoint(windows))


class Holds:
    """The holds of one lake."""

    def __init__(self, lake: Lake) -> None:
        self._lake = lake
        self._covered: dict[str, Covered] = {}  # by hold, for as long as this object lives

    def place(
        self,
        reason: str,
        *,
        matters: Iterable[str] = (),
        objects: Iterable[str] = (),
        windows: Iterable[str] = (),
        everything: bool = False,
        hindrance: Callable[[], str] = lambda: "",
    ) -> Hold:
        """Place a hold. It stands from when this returns; a deletion that has begun is waited for.

        HoldError without a reason, when nothing is named, or with what `hindrance` says once no deletion is under way.
        """
        named = {"matters": sorted(set(matters)), "objects": sorted(set(objects)), "windows": sorted(set(windows))}
        if not reason.strip():
            raise HoldError("Say why it is held: --reason.")
        if not everything and not any(named.values()):
            raise HoldError("Say what is held: a matter, an object, a window, or everything.")
        if any(not one.strip() for found in named.values() for one in found):
            raise HoldError("What is held has a name: an empty one names nothing.")
        with self._lake.alone(_LOCK):
            if hindered := hindrance():
                raise HoldError(hindered)
            mark = self._log.append(lifts=None, reason=reason, everything=everything, **named)
        return self._one(mark)

    def lift(self, name: str, reason: str) -> Hold:
        """Lift the hold whose id begins with `name`; HoldError when that is none or several, or no reason is given."""
        if not reason.strip():
            raise HoldError("Say why it is lifted: --reason.")
        hold = self._one(name)
        if hold.lifted_at:
            raise HoldError(f"Hold {hold.id[:8]} was lifted on {hold.lifted_at:%Y-%m-%d %H:%M} UTC.")
        self._log.append(lifts=hold.id, reason=reason, everything=False, matters=[], objects=[], windows=[])
        return self._one(hold.id)

    def _one(self, name: str) -> Hold:
        found = [hold for hold in self.all() if hold.id.startswith(name.strip().lower())]
        if len(name.strip()) < _SHORTEST or len(found) != 1:
            many = len(found) if len(name.strip()) >= _SHORTEST else "any number of"
            raise HoldError(f"{name!r} means {many} holds: give its id, as muniment hold list --all shows it.")
        return found[0]

    def known(self) -> bool:
        """Whether the catalog has the table of notes."""
        return self._lake.catalog.table_exists(self._log.table)

    def all(self) -> list[Hold]:
        """Every hold that was ever placed, the oldest first."""
        notes = self._log.notes()
        lifted = {note["lifts"]: note for note in notes if note["lifts"]}
        return [_hold(note, lifted.get(note["id"])) for note in notes if not note["lifts"]]

    def active(self) -> list[Hold]:
        """The holds that stand."""
        return [hold for hold in self.all() if not hold.lifted_at]

    def on(self, matters: Iterable[str] = (), objects: Iterable[str] = (), windows: Iterable[str] = ()) -> list[Hold]:
        """The holds that stand on any of these matters, contents (SHA-256) or windows (keys)."""
        wanted, contents, keys = set(matters), set(objects), set(windows)
        return [
            hold
            for hold in self.active()
            if wanted & hold.matters or (wanted and hold.everything) or self.covered([hold]).has(contents, keys)
        ]

    def covered_now(self) -> Covered:
        """What the holds cover that stand."""
        return self.covered(self.active())

    @contextmanager
    def deleting(self) -> Iterator[Covered]:
        """Delete in this block, and nothing of what it gives: no hold is placed meanwhile."""
        with self._lake.alone(_LOCK):
            yield self.covered_now()

    # --- what a hold covers -------------------------------------------------------------------------------------------

    def covered(self, holds: Iterable[Hold]) -> Covered:
        """What holds cover: what they name, what belongs to the matters that they name, the windows of such contents,
        and the contents of such windows."""
        total = Covered()
        for hold in holds:
            if hold.id not in self._covered:
                self._covered[hold.id] = self._covered_by(hold)
            total |= replace(self._covered[hold.id], any=True)
        return total

    def _covered_by(self, hold: Hold) -> Covered:
        contents = hold.objects | self._of_matters(hold.matters)
        if hold.everything or not (contents or hold.windows):
            return Covered(everything=hold.everything)
        rows = self._rows("objects", _either("sha256", contents, "window_key", hold.windows))
        return Covered(contents | {row["sha256"] for row in rows}, hold.windows | {row["window_key"] for row in rows})

    def _of_matters(self, numbers: Collection[str]) -> set[str]:
        """The contents that belong to matters: what names one, what is about its land, what came under its number.

        More than a mart would give the matter: what is kept too long can still be deleted.
        """
        if not numbers:
            return set()
        lands = self._lands(numbers)
        documents = self._documents(numbers) | self._documents_about(lands)
        files = self._files(numbers, {land.linc for land in lands})
        where = _either("document_id", documents, "object_id", files)
        spelled = re.compile("|".join(rf"(?<![^\W_]){re.escape(one)}(?![^\W_])" for one in numbers), re.IGNORECASE)
        by_name = {sha256 for key, sha256 in self._pairs("objects", "key", "sha256") if spelled.search(key)}
        return by_name | {row["sha256"] for row in self._rows("objects", where)}

    def _documents(self, numbers: Collection[str]) -> set[str]:
        """Ids of documents that name a matter, by what was read or by what a reviewer said."""
        named = sorted(numbers)
        found = [
            *self._rows("documents", _one_of("matter_number", numbers)),
            *self._rows("relationships", lambda c: (c["target_type"] == "matter") & c["target"].isin(named)),
            *self._rows("corrections", lambda c: (c["field"] == "matter_number") & c["value"].isin(named)),
        ]
        return {row["document_id"] for row in found}

    def _lands(self, numbers: Collection[str]) -> "list[Land]":
        """The land of matters with all that any record says of it."""
        from muniment.linkage import Land

        matters = [row for row in self._rows("matters", _one_of("matter_number", numbers)) if row["linc"]]
        lincs = {row["linc"] for row in matters}
        parcels = self._rows("parcels", _one_of("linc", lincs))
        said = [*matters, *parcels, *self._rows("registry_events", _one_of("linc", lincs))]
        return [Land(linc, *(_said(said, linc, names) for names in _NAMES)) for linc in sorted(lincs)]

    def _documents_about(self, lands: "Collection[Land]") -> set[str]:
        """Ids of documents that name the land, by whatever it may be called."""
        from muniment.linkage import Description, link_land

        if not lands:
            return set()
        rows = self._rows("entities", _one_of("entity_type", ["parcel", "title", "legal_description", "address"]))
        named = [Description(row["entity_type"], row["entity"], row["document_id"], "") for row in rows]
        ours = {("parcel", land.linc) for land in lands}
        for link in link_land(lands, named):
            ends = {(link.left_type, link.left_entity), (link.right_type, link.right_entity)}
            if any(("parcel", land.linc) in ends for land in lands):
                ours |= ends
        return {one.document for one in named if (one.type, one.name) in ours}

    def _files(self, numbers: Collection[str], lincs: Collection[str]) -> set[str]:
        """Ids of the objects that brought records of matters or of their land."""
        found: set[str] = set()
        for contract in of_origin("records"):
            names = {column.name for column in contract.columns}
            for name, wanted in (("matter_number", numbers), ("linc", lincs)):
                rows = self._rows(contract.name, _one_of(name, wanted)) if name in names else ()
                found |= {row["source_object_id"] for row in rows}
        return found

    def _pairs(self, table: str, one: str, other: str) -> Iterator[tuple[Any, Any]]:
        for batch in self._lake.scan(contracts()[table], columns=[one, other]):
            yield from zip(batch.column(0).to_pylist(), batch.column(1).to_pylist(), strict=True)

    def _rows(self, table: str, where: _Condition) -> list[dict[str, Any]]:
        contract = contracts()[table]
        if not self._lake.held(contract):
            return []
        rows: list[dict[str, Any]] = self._lake.find(contract, where).to_pylist()
        return rows

    @property
    def _log(self) -> Log:
        import pyarrow as pa

        names = pa.list_(pa.field("element", pa.string(), nullable=False))
        columns = [
            pa.field("lifts", pa.string()),
            pa.field("reason", pa.string(), nullable=False),
            pa.field("everything", pa.bool_(), nullable=False),
            *(pa.field(name, names, nullable=False) for name in ("matters", "objects", "windows")),
        ]
        return Log(self._lake.catalog, "holds", pa.schema(columns))


def _hold(note: Mapping[str, Any], lifted: Mapping[str, Any] | None) -> Hold:
    matters, objects, windows = (frozenset(note[name]) for name in ("matters", "objects", "windows"))
    hold = Hold(note["id"], note["at"], note["reason"], matters, objects, windows, note["everything"])
    return replace(hold, lifted_at=lifted["at"], lifted_because=lifted["reason"]) if lifted else hold


def _said(rows: Iterable[Mapping[str, Any]], linc: str, names: Iterable[str]) -> frozenset[str]:
    """What rows about a parcel have in some columns."""
    return frozenset(row[name] for row in rows if row["linc"] == linc for name in names if row.get(name))


def _one_of(column: str, values: Iterable[str]) -> _Condition:
    import pyarrow as pa

    wanted = pa.array(sorted(values), pa.string())  # of none Arrow could not tell the type
    return lambda columns: columns[column].isin(wanted)


def _either(column: str, values: Iterable[str], other: str, others: Iterable[str]) -> _Condition:
    one, two = _one_of(column, values), _one_of(other, others)
    return lambda columns: one(columns) | two(columns)
