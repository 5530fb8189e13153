"""Rows taken out of a table for good: out of what is current, out of every tag and branch, and out of the store.

Every file that a name leads to and that holds such a row is written anew without it, the names lead to the new files,
no other snapshot stays, and what nothing needs any more is deleted at once. Which rows, and whether that may be, is
decided before (`erasure`). Whoever calls keeps runs and upkeep away (`Lake.claimed`, `Lake.kept_up`), so that no
unfinished work of theirs lies among the files. It may be killed anywhere and done again.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from muniment.contract import Contract
from muniment.lake import files
from muniment.lake.files import Change
from muniment.lake.maintenance import Policy, Upkeep
from muniment.lake.schema import LakeError
from muniment.lake.tables import HISTORY, Lake
from muniment.objects import ObjectInfo, Store

if TYPE_CHECKING:
    import pyarrow as pa
    from pyiceberg.manifest import DataFile
    from pyiceberg.table import Table
    from pyiceberg.table.snapshots import Snapshot

_AT_ONCE = Policy(timedelta(0), timedelta(0))


@dataclass(frozen=True)
class Cleansed:
    """What became of a table: names that lead to other files now, data files deleted, snapshots let go."""

    refs: tuple[str, ...] = ()
    files: int = 0
    snapshots: int = 0


@dataclass(frozen=True)
class Cleansing:
    """One erasure's work on tables; `folder` is for unfinished files."""

    lake: Lake
    store: Store
    folder: Path
    run_id: str

    def cleanse(self, contract: Contract, keys: Collection[str], change: Change) -> Cleansed:
        """Make of the rows of some windows (`keys`) what `change` makes of them, wherever the table has them.

        `change` gives the very table that it was given where nothing is to be done. LakeError when what the table needs
        cannot be told for certain, or when another process writes to the table for long.
        """
        if not self.lake.exists(contract) or not self._touched(contract, keys):
            return Cleansed()
        self.folder.mkdir(parents=True, exist_ok=True)
        upkeep = Upkeep(self.lake, self.store, self.folder, self.run_id, _later(), _AT_ONCE)
        with self.lake.turn(contract) as came, self.lake.explained(contract.table):
            if not came:
                raise LakeError(f"Another process has been writing to {contract.table} for long: try again later.")
            # What comes from now on may be another writer's that the catalog is about to name; none has the turn now.
            there = upkeep.keys(contract)
            refs = tuple(ref for ref in self._refs(contract) if self._cleanse_ref(contract, ref, keys, change))
            gone = self._expire(contract)
            step = upkeep.remove_orphans(contract, lambda info: info.key in there and _of_windows(info, keys))
        return Cleansed(refs, step.before.files - step.after.files, gone)

    def _touched(self, contract: Contract, keys: Collection[str]) -> bool:
        """Whether a file of one of the windows lies in the store, be it of a snapshot or left over."""
        return any(_of_windows(info, keys) for info in self.store.list(f"processed/{contract.table}"))

    def _table(self, contract: Contract) -> "Table":
        return self.lake.catalog.load_table(contract.table)

    def _refs(self, contract: Contract) -> list[str]:
        return sorted(self._table(contract).metadata.refs)

    def _cleanse_ref(self, contract: Contract, ref: str, keys: Collection[str], change: Change) -> bool:
        """Whether what the name leads to was written anew."""
        from muniment.lake.snapshots import cleanse

        table = self._table(contract)
        snapshot = table.metadata.snapshot_by_id(table.metadata.refs[ref].snapshot_id)
        if snapshot is None:
            raise LakeError(f"{contract.table} has no snapshot for {ref}: restore it from a backup.")
        old: list[DataFile] = []
        new: list[str] = []
        for file in _live(table, snapshot):
            if any(part.window_key in keys for part in files.parts(file.file_path, file.record_count)):
                anew = self._changed(contract, table, file, keys, change)
                if anew is not None:
                    old.append(file)
                    new += anew
        if not old and not any(manifest.deleted_files_count for manifest in snapshot.manifests(table.io)):
            return False
        cleanse(table, ref, old, new, {"muniment.run": self.run_id, "muniment.step": "erasure"})
        return True

    def _changed(
        self, contract: Contract, table: "Table", file: "DataFile", keys: Collection[str], change: Change
    ) -> list[str] | None:
        sources = [files.Source(file.file_path, part) for part in files.parts(file.file_path, file.record_count)]
        return files.changed(self.store, table, sources, contract, keys, change, self.run_id, self.folder)

    def _expire(self, contract: Contract) -> int:
        """Let every snapshot go that no name leads to."""
        from muniment.lake.snapshots import expire

        table = self._table(contract)
        named = {ref.snapshot_id for ref in table.metadata.refs.values()}
        gone = [one.snapshot_id for one in table.metadata.snapshots if one.snapshot_id not in named]
        if gone:
            since = datetime.fromtimestamp(table.metadata.last_updated_ms / 1000, UTC)
            expire(table, gone, {HISTORY: since.isoformat(timespec="milliseconds")})
        return len(gone)


def rows_of_every_snapshot(
    lake: Lake, store: Store, contract: Contract, keys: Collection[str] | None = None
) -> Iterator["pa.Table"]:
    """The rows of a table's windows, or of some, in every file that a snapshot leads to, some megabytes at a time; no
    file is read twice."""
    if not lake.exists(contract):
        return
    table = lake.catalog.load_table(contract.table)
    seen: set[str] = set()
    for snapshot in table.metadata.snapshots:
        for file in _live(table, snapshot, seen):
            held = files.parts(file.file_path, file.record_count)
            wanted = [part for part in held if keys is None or part.window_key in keys]
            for part in wanted:
                yield from files.rows(store, table, files.Source(file.file_path, part))


def _live(table: "Table", snapshot: "Snapshot", seen: set[str] | None = None) -> Iterator["DataFile"]:
    """The data files of a snapshot, less what was `seen`: manifests and files, by location."""
    known = set() if seen is None else seen
    for manifest in snapshot.manifests(table.io):
        if manifest.manifest_path in known:
            continue
        known.add(manifest.manifest_path)
        for entry in manifest.fetch_manifest_entry(table.io, discard_deleted=True):
            if entry.data_file.file_path not in known:
                known.add(entry.data_file.file_path)
                yield entry.data_file


def _of_windows(info: ObjectInfo, keys: Collection[str]) -> bool:
    """Whether a file may hold rows of the windows: a data file by its name, and all of Iceberg's own files, which tell
    least and greatest values."""
    if not files.is_name(PurePosixPath(info.key).name):
        return "/metadata/" in info.key
    return any(part.window_key in keys for part in files.parts(info.key, 0))


def _later() -> datetime:
    """An instant after every file was written, also where the store's clock is ahead."""
    return datetime.now(UTC) + timedelta(days=1)
