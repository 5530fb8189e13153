"""How each registered object of a window ended, gathered part by part. Deciding it belongs to the stages.

Every stage that decides about objects leaves a *part*: rows of the contracts `objects` and `quarantine` for the objects
that are its own, stored beside the processed tables. The last stage of a window puts the parts together and counts.
"""

import hashlib
import re
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from muniment import records
from muniment.contract import contracts
from muniment.erasure.tombstones import MESSAGE, REASON
from muniment.errors import MunimentError
from muniment.objects import Store
from muniment.parquet import batches
from muniment.register import Entry, Manifest
from muniment.staging import ROWS, Staged, Writer

PARTS = "processed/outcomes"
"""Where parts are stored."""

_TABLES = ("objects", "quarantine")
_SLUG = re.compile(r"(\d{4}-\d\d-\d\d-\d\d)(\d\d)\.")


class ConservationError(MunimentError):
    """Registered objects that did not end in exactly one state."""


@dataclass(frozen=True)
class Balance:
    """Objects of a window by state."""

    registered: int
    published: int
    duplicate: int
    quarantined: int

    @property
    def holds(self) -> bool:
        """Whether nothing was lost or counted twice."""
        return self.registered == self.published + self.duplicate + self.quarantined


def part_of(entry: Entry) -> str:
    """Name of the part that decides about an object: `documents`, a record table, or `unclaimed`."""
    if entry.kind == "pdf":
        return "documents"
    contract = records.contract_for(entry.key, contracts().values()) if entry.kind == "records" else None
    return contract.name if contract else "unclaimed"


class Part:
    """Writer of one part; use as a context manager. Nothing is stored when the block fails."""

    def __init__(self, store: Store, manifest: Manifest, name: str, run_id: str, folder: Path) -> None:
        self._store = store
        self._manifest = manifest
        self._keys = {table: _key(manifest, name, table) for table in _TABLES}
        self._objects, self._quarantine = (
            Writer(contracts()[table], manifest.window, run_id, folder / f"outcomes-{name}") for table in _TABLES
        )
        self.counts: Counter[str] = Counter()

    def __enter__(self) -> "Part":
        with ExitStack() as stack:
            stack.enter_context(self._objects)
            stack.enter_context(self._quarantine)
            self._open = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.__exit__(kind, error, trace)
        if error is None:
            for table, writer in zip(_TABLES, (self._objects, self._quarantine), strict=True):
                self._store.replace(self._keys[table], writer.staged.path)

    def published(self, entry: Entry, rows: int, bad_rows: int = 0, **where: str) -> None:
        """The object's rows are in its tables; `where` names its `document_id` or `table_name`."""
        self._object(entry, "published", rows_published=rows, rows_quarantined=bad_rows, **where)

    def duplicate(self, entry: Entry, **where: str) -> None:
        """An earlier object brought the same content; `where` names what that content is."""
        self._object(entry, "duplicate", **where)

    def quarantined(self, entry: Entry, stage: str, reason: str, message: str, bad_rows: int = 0) -> None:
        """The whole object was refused."""
        self._object(entry, "quarantined", reason=reason, rows_quarantined=bad_rows)
        self._refusal(entry, "object", stage, reason, message)

    def erased(self, entry: Entry) -> None:
        """The content was forgotten: there is nothing to read."""
        self.quarantined(entry, "register", REASON, MESSAGE)

    def bad_row(
        self, entry: Entry, stage: str, table: str, line: int | None, column: str | None, reason: str, message: str
    ) -> None:
        """One row of the object was refused; `line` is its physical line."""
        self._refusal(entry, "row", stage, reason, message, table_name=table, line=line, column_name=column)

    def _object(self, entry: Entry, state: str, **values: Any) -> None:
        self.counts[state] += 1
        row = {
            "object_id": entry.object_id,
            "key": entry.key,
            "sha256": entry.sha256,
            "size": entry.size,
            "modified_at": pa.scalar(entry.modified).cast(pa.timestamp("us", tz="UTC")).as_py(),
            "register_sequence": self._manifest.sequence,
            "late": entry.late,
            "kind": entry.kind,
            "state": state,
            "rows_published": 0,
            "rows_quarantined": 0,
        }
        self._objects.add([row | values])

    def _refusal(self, entry: Entry, scope: str, stage: str, reason: str, message: str, **place: Any) -> None:
        name = (entry.object_id, place.get("table_name"), place.get("line"), place.get("column_name"), reason)
        row = {
            "quarantine_id": _name(name),
            "object_id": entry.object_id,
            "key": entry.key,
            "sha256": entry.sha256,
            "scope": scope,
            "stage": stage,
            "reason": reason,
            "message": message,
        }
        self._quarantine.add([row | place])


def _name(parts: Iterable[object]) -> str:
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()[:16]


def _key(manifest: Manifest, part: str, table: str) -> str:
    window = manifest.window
    return f"{PARTS}/{window.path}/{window.slug}.{part}.{table}.parquet"


def window_of(key: str) -> str | None:
    """The key of the window that a stored part is of; None for what is no part."""
    found = _SLUG.match(PurePosixPath(key).name) if key.startswith(f"{PARTS}/") else None
    return f"{found[1]}:{found[2]}" if found else None


def gather(
    store: Store, manifest: Manifest, parts: Iterable[str], run_id: str, folder: Path
) -> tuple[list[Staged], Balance]:
    """The window's `objects` and `quarantine` rows, staged from its parts, and their balance.

    ConservationError when an object of the manifest is in no part or in several, or a part is missing.
    """
    names = list(parts)
    staged = [_merge(store, manifest, names, table, run_id, folder) for table in _TABLES]
    states = Counter[str]()
    seen = Counter[str]()
    for batch in staged[0].batches(["object_id", "state"]):
        seen.update(batch.column("object_id").to_pylist())
        states.update(batch.column("state").to_pylist())
    _conserve(manifest, seen)
    balance = Balance(len(manifest.entries), states["published"], states["duplicate"], states["quarantined"])
    return staged, balance


def _conserve(manifest: Manifest, seen: Counter[str]) -> None:
    lost = [entry.key for entry in manifest.entries if seen[entry.object_id] == 0]
    twice = [entry.key for entry in manifest.entries if seen[entry.object_id] > 1]
    strange = len(seen) - len(manifest.entries) + len(lost)
    if lost or twice or strange:
        raise ConservationError(
            f"Window {manifest.window_key} does not add up: {len(lost)} objects without a state {lost[:3]}, "
            f"{len(twice)} with several {twice[:3]}, {strange} that were never registered. "
            f"Run it again: muniment run --from {manifest.window_key} --to {manifest.window_key}."
        )


def _merge(store: Store, manifest: Manifest, parts: list[str], table: str, run_id: str, folder: Path) -> Staged:
    with Writer(contracts()[table], manifest.window, run_id, folder / "gathered") as writer:
        for part in parts:
            for batch in _part_batches(store, _key(manifest, part, table), folder):
                writer.add_batch(batch)
    return writer.staged


def _part_batches(store: Store, key: str, folder: Path) -> Iterator[pa.RecordBatch]:
    path = folder / "part.parquet"
    try:
        with store.open(key) as stream, path.open("wb") as copy:
            shutil.copyfileobj(stream, copy, 1 << 20)
    except FileNotFoundError:
        raise ConservationError(f"{store.url(key)} is missing: run its window again.") from None
    with pq.ParquetFile(path) as file:
        yield from batches(file, ROWS)
