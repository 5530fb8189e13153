"""Doing what tombstones say: contents, what was read from them, and their rows leave the store and every snapshot.

All follows from the tombstones and the register, nothing from the person's values: so it may be killed anywhere and
gone on with, and a restored lake is brought to the same state. Doing it again changes nothing. The warehouse follows
when the windows are run again; files in landing belong to others and go only where that is asked for.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from muniment.contract import Contract, contracts, of_origin
from muniment.erasure.redaction import Lined, keys_of, redact, redacted_rows
from muniment.erasure.scope import contents
from muniment.erasure.tombstones import REASON, Cells, Erased, Tombstone, Tombstones
from muniment.lake.branches import MAKING, check_unshared
from muniment.lake.cleansing import Cleansing, rows_of_every_snapshot
from muniment.lake.files import Change
from muniment.outcomes import part_of
from muniment.platform import Platform
from muniment.register import Entry, Manifest
from muniment.tabulate import document_id

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True)
class Done:
    """What was done: files deleted and written anew in the store, files in landing that still hold the data, the
    windows that must be run again for the warehouse to follow."""

    deleted: int = 0
    rewritten: int = 0
    landing: tuple[str, ...] = ()
    windows: tuple[str, ...] = ()


@contextmanager
def alone_on(platform: Platform) -> Iterator[None]:
    """Keeps runs, upkeep, new branches and other erasures away from the lake for the block; LakeError when one is at
    work, or when there is a branch."""
    wanted = [manifest.window for manifest in platform.register.live()]
    with platform.lake.kept_up(), platform.lake.claimed(wanted), platform.lake.alone(MAKING):
        check_unshared(platform.lake, platform.store)
        yield


def carry_out(platform: Platform, tombstones: Iterable[Tombstone], *, landing: bool = False) -> Done:
    """Do what tombstones say, in a lake that nobody else works on; with `landing`, files there go, too."""
    chosen = list(tombstones)
    erased = Erased(chosen, Tombstones(platform.store, platform.tokens).seals)
    with platform.scratch() as folder:
        return _Work(platform, erased, f"erasure-{chosen[-1].id}", folder, landing).do() if chosen else Done()


def windows_of(platform: Platform, tombstones: Iterable[Tombstone]) -> list[str]:
    """Keys of the windows that tombstones concern."""
    erased = Erased(tombstones, Tombstones(platform.store, platform.tokens).seals)
    manifests = platform.register.manifests()
    return [one.window_key for one in manifests if any(concerns(erased, entry) for entry in one.entries)]


def in_landing(platform: Platform, manifests: Iterable[Manifest], erased: Erased) -> set[str]:
    """Keys of the files in landing that hold what was forgotten, as they were registered."""
    concerned = {(e.key, e.version) for one in manifests for e in one.entries if concerns(erased, e)}
    there = platform.landing.list() if concerned else ()
    return {info.key for info in there if (info.key, info.version) in concerned}


def concerns(erased: Erased, entry: Entry) -> bool:
    """Whether anything of an object was forgotten: its content, some of it, or its name."""
    sha = entry.sha256
    return erased.whole(sha) or bool(erased.cells(sha)) or erased.renamed(sha)


@dataclass
class _Work:
    platform: Platform
    erased: Erased
    run_id: str
    folder: Path
    landing: bool
    deleted: int = field(default=0)
    rewritten: int = field(default=0)

    def do(self) -> Done:
        self._originals()
        self._memo()
        left = self._landing()
        self._tables(left)
        self._names(left)
        keys = tuple(manifest.window_key for manifest in self._affected)
        return Done(self.deleted, self.rewritten, tuple(sorted(left)), keys)

    # --- what is concerned --------------------------------------------------------------------------------------------

    @cached_property
    def _contents(self) -> dict[str, list[Entry]]:
        return contents(self.platform.register.manifests())

    @cached_property
    def _whole(self) -> dict[str, list[Entry]]:
        return {sha: entries for sha, entries in self._contents.items() if self.erased.whole(sha)}

    @cached_property
    def _cells(self) -> dict[str, Cells]:
        found = {sha: self.erased.cells(sha) for sha in self._contents}
        return {sha: cells for sha, cells in found.items() if cells}

    @cached_property
    def _affected(self) -> list[Manifest]:
        """Windows with an object that is concerned."""
        manifests = self.platform.register.manifests()
        return [one for one in manifests if any(concerns(self.erased, entry) for entry in one.entries)]

    # --- files --------------------------------------------------------------------------------------------------------

    def _originals(self) -> None:
        """Contents that go whole are deleted; of the others a copy without the cells takes the place."""
        originals = self.platform.originals
        for sha in filter(originals.present, self._whole):
            originals.delete(sha)
            self.deleted += 1
        for sha, cells in self._cells.items():
            if originals.present(sha):
                copy = self.folder / "redacted"
                with self.platform.original(sha) as path:
                    redact(path, contracts()[part_of(self._contents[sha][0])], cells, copy)
                originals.rewrite(sha, copy)
                self.rewritten += 1

    def _delete(self, key: str) -> None:
        if self.platform.store.exists(key):
            self.platform.store.delete(key)
            self.deleted += 1

    def _memo(self) -> None:
        """What reading gave, under whatever fingerprint."""
        for info in self.platform.store.list("parsed"):
            if PurePosixPath(info.key).name.partition(".")[0] in self._whole:
                self._delete(info.key)

    def _landing(self) -> set[str]:
        """Files in landing that hold what was forgotten and are still there; none where they may be deleted."""
        left = in_landing(self.platform, self._affected, self.erased)
        if self.landing:
            for key in left:
                self.platform.landing.delete(key)
                self.deleted += 1
            return set()
        return left

    def _names(self, left: Collection[str]) -> None:
        """Manifests without names of files that say who it is. One that is still in landing keeps its name, else it
        would be registered anew."""
        store = self.platform.store
        for manifest in self._affected:
            entries = tuple(self._unnamed(entry, left) for entry in manifest.entries)
            if entries != manifest.entries:
                spool = self.folder / "manifest"
                spool.write_text(replace(manifest, entries=entries).to_json(), encoding="utf-8")
                store.replace(manifest.store_key, spool)

    def _unnamed(self, entry: Entry, left: Collection[str]) -> Entry:
        gone = self.erased.renamed(entry.sha256) and entry.key not in left
        if not gone:
            return entry
        part = part_of(entry)
        return replace(entry, key=nameless(entry.key, part if part in contracts() else None, entry.object_id))

    # --- rows ---------------------------------------------------------------------------------------------------------

    def _tables(self, left: Collection[str]) -> None:
        cleansing = Cleansing(self.platform.lake, self.platform.store, self.folder, self.run_id)
        for contract, keys, change in self._changes(left):
            came = cleansing.cleanse(contract, keys, change)
            self.deleted += came.files

    def _changes(self, left: Collection[str]) -> Iterator[tuple[Contract, set[str], Change]]:
        """Tables with the windows that are concerned and what becomes of their rows; what follows from rows of another
        table comes before that."""
        documents = {document_id(sha) for sha in self._whole}
        objects = {entry.object_id for entries in self._whole.values() for entry in entries}
        keys = self._windows_of(self._whole)
        if documents:
            vectors = self._vectors_alone(documents, keys)
            yield contracts()["embeddings"], keys, lambda rows: _without(rows, "chunk_hash", vectors)
            for contract in of_origin("documents"):
                yield contract, keys, lambda rows: _without(rows, "document_id", documents)
        for contract in of_origin("records"):
            yield from self._record_changes(contract, objects, keys)
        every = {manifest.window_key for manifest in self._affected}
        entries = (entry for manifest in self._affected for entry in manifest.entries)
        names = {entry.object_id: self._unnamed(entry, left).key for entry in entries}
        yield contracts()["objects"], every, lambda rows: _ended(_named(rows, names), objects)
        yield contracts()["quarantine"], every, lambda rows: _named(_without(rows, "object_id", objects), names)

    def _windows_of(self, found: Collection[str]) -> set[str]:
        return {m.window_key for m in self._affected if any(entry.sha256 in found for entry in m.entries)}

    def _vectors_alone(self, documents: set[str], keys: set[str]) -> set[str]:
        """Passages that stand in these documents and in no other of their windows."""
        theirs, others = set[str](), set[str]()
        for rows in rows_of_every_snapshot(self.platform.lake, self.platform.store, contracts()["chunks"], keys):
            for document, passage in zip(rows["document_id"].to_pylist(), rows["chunk_hash"].to_pylist(), strict=True):
                (theirs if document in documents else others).add(passage)
        return theirs - others

    def _record_changes(
        self, contract: Contract, objects: set[str], keys: set[str]
    ) -> Iterator[tuple[Contract, set[str], Change]]:
        own = {sha: cells for sha, cells in self._cells.items() if part_of(self._contents[sha][0]) == contract.name}
        cells = {entry.object_id: found for sha, found in own.items() for entry in self._contents[sha]}
        concerned = keys | self._windows_of(own)
        if not concerned:
            return
        lines = self._lines(contract, cells, concerned)
        for table in (contract.vault, contract):
            if table:
                yield table, concerned, _redacting(table, objects, cells, lines)

    def _lines(self, contract: Contract, cells: Mapping[str, Cells], keys: set[str]) -> Lined:
        """The line of each record that loses cells, as any snapshot has it: the vault does not keep lines."""
        found: dict[tuple[str, ...], int] = {}
        for rows in rows_of_every_snapshot(self.platform.lake, self.platform.store, contract, keys if cells else ()):
            for key, line in zip(keys_of(rows, contract), rows["source_line"].to_pylist(), strict=True):
                if line in cells.get(key[-1], {}):
                    found[key] = line
        return found


def nameless(key: str, table: str | None, name: str) -> str:
    """A name for an object in the place of a key that says who somebody is; it is read as what it was."""
    return f"{table or 'erased'}/erased-{name}{PurePosixPath(key).suffix.lower()}"


def _redacting(table: Contract, objects: set[str], cells: Mapping[str, Cells], lines: Lined) -> Change:
    return lambda rows: redacted_rows(_without(rows, "source_object_id", objects), table, cells, lines)


def _without(rows: "pa.Table", column: str, gone: Collection[str]) -> "pa.Table":
    """The rows whose column has none of the values; the very table where that is all."""
    import pyarrow as pa
    import pyarrow.compute as pc

    kept = pc.invert(pc.is_in(rows[column], value_set=pa.array(sorted(gone), pa.string())))
    return rows if pc.all(kept).as_py() is not False else rows.filter(kept)


def _named(rows: "pa.Table", names: Mapping[str, str]) -> "pa.Table":
    """The rows with other names for some objects."""
    objects, was = rows["object_id"].to_pylist(), rows["key"].to_pylist()
    return _set(rows, "key", [names.get(name, key) for name, key in zip(objects, was, strict=True)])


def _ended(rows: "pa.Table", gone: Collection[str]) -> "pa.Table":
    """The rows of `objects` with some ended as erased."""
    which = [name in gone for name in rows["object_id"].to_pylist()]
    ended = {
        "state": "quarantined",
        "reason": REASON,
        "document_id": None,
        "table_name": None,
        "rows_published": 0,
        "rows_quarantined": 0,
    }
    for column, value in ended.items():
        was = rows[column].to_pylist()
        rows = _set(rows, column, [value if erased else one for erased, one in zip(which, was, strict=True)])
    return rows


def _set(rows: "pa.Table", column: str, values: list[object]) -> "pa.Table":
    """The rows with other values in a column; the very table where they are those that it has."""
    import pyarrow as pa

    if rows[column].to_pylist() == values:
        return rows
    index = rows.schema.get_field_index(column)
    field = rows.schema.field(index)
    return rows.set_column(index, field, pa.array(values, field.type))
