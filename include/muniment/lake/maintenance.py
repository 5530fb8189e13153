"""Upkeep of the lake's tables: small files put together, snapshots let go, and the files that nothing needs any more.

Nothing that a table holds changes, nor what it held at an instant that can still be asked for. Every step is safe
beside writers and beside itself on another machine, and may be killed anywhere (docs/decisions/0024-maintenance.md).
"""

import json
import random
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, TypeVar

from muniment import room
from muniment.contract import Contract
from muniment.errors import MunimentError
from muniment.lake import files
from muniment.lake.branches import twins
from muniment.lake.schema import LakeError
from muniment.lake.tables import HISTORY, MANIFEST_BYTES, Lake, history_from, unsettled
from muniment.objects import ObjectInfo, Store

if TYPE_CHECKING:
    from pyiceberg.manifest import DataFile, ManifestFile
    from pyiceberg.table import Table
    from pyiceberg.table.snapshots import Snapshot

T = TypeVar("T")

DAY = timedelta(days=1)
TARGET_BYTES = 128 * 2**20
_LONGEST_PAUSE = 14 * DAY  # of a lake that is in use
_SMALL_MANIFESTS = 8  # more than so many are put together
_TOGETHER = 32  # joined files in one commit
_ATTEMPTS = 10
_METADATA = (".avro", ".metadata.json", ".puffin", ".stats")


@dataclass(frozen=True)
class Policy:
    """How long snapshots stay that are no longer current, how old a file must be to be nobody's, and how large files
    shall become.

    `grace` is longer than any writer takes from storing a file to its commit.
    """

    keep: timedelta
    grace: timedelta = DAY
    target_bytes: int = TARGET_BYTES


@dataclass(frozen=True)
class Amount:
    """So many files of so many bytes together."""

    files: int
    bytes: int

    @classmethod
    def of(cls, sizes: Iterable[int]) -> "Amount":
        """Files of some sizes."""
        sizes = list(sizes)
        return cls(len(sizes), sum(sizes))


@dataclass(frozen=True)
class Step:
    """What one step found and left. Which files they are is said at `Upkeep`'s methods."""

    name: str
    before: Amount
    after: Amount


@dataclass(frozen=True)
class Report:
    """What was done to a table; with `error`, the steps before the one that could not be done."""

    table: str
    steps: tuple[Step, ...]
    error: str = ""


@dataclass(frozen=True)
class Upkeep:
    """One round of upkeep at the aware instant `now`, which is `believed`; `folder` is for unfinished files.

    With `dry`, nothing changes and the report says what would.
    """

    lake: Lake
    store: Store
    folder: Path
    run_id: str
    now: datetime
    policy: Policy
    dry: bool = False

    def keep_up(self, contract: Contract) -> Report | None:
        """All steps for one table; None when it was never written."""
        done: list[Step] = []
        try:
            with self.lake.explained(contract.table):
                if not self.lake.exists(contract):
                    return None
                for step in self._steps(contract):
                    done.append(step)
        except MunimentError as error:
            return Report(contract.table, tuple(done), str(error))
        return Report(contract.table, tuple(done))

    def _steps(self, contract: Contract) -> Iterator[Step]:
        manifests = Amount.of(one.manifest_length for one in _manifests(self._table(contract)))
        yield self.compact(contract)
        yield replace(self.merge_manifests(contract), before=manifests)  # the compaction puts them together, too
        yield self.expire(contract)
        yield self.remove_orphans(contract)

    # --- compaction ---------------------------------------------------------------------------------------------------

    def compact(self, contract: Contract) -> Step:
        """Put the windows of each day that is over into one file. Counted are the table's current data files."""
        table = self._table(contract)
        found = _live(table)
        before = after = _amount(found)
        due = [group for group in self._due(found) if self._may_join(table, group)]
        if self.dry:
            after = Amount(before.files - sum(len(group) - 1 for group in due), before.bytes)
        elif due:
            for at in range(0, len(due), _TOGETHER):
                joined = [(group, self._joined(table, group)) for group in due[at : at + _TOGETHER]]
                self._commit(contract, joined)
            after = _amount(_live(self._table(contract)))
        return Step("compaction", before, after)

    def _due(self, found: Iterable["DataFile"]) -> Iterator[list["DataFile"]]:
        """Groups of two files or more that are worth one, from days that are settled, in time order."""
        by_day: dict[str, list[DataFile]] = {}
        for file in sorted(found, key=lambda file: PurePosixPath(file.file_path).name):
            first = _parts(file)[0].window
            if first.start.replace(hour=0, minute=0) + 2 * DAY <= self.now:
                by_day.setdefault(first.path, []).append(file)
        for same_day in by_day.values():
            yield from (group for group in self._groups(same_day) if len(group) > 1)

    def _groups(self, same_day: Iterable["DataFile"]) -> Iterator[list["DataFile"]]:
        group: list[DataFile] = []
        for file in same_day:
            larger = [*group, file]
            size = sum(one.file_size_in_bytes for one in larger)
            if group and (
                size > self.policy.target_bytes or not files.fits(source.part for source in _sources(larger))
            ):
                yield group
                larger = [file]
            group = larger
        yield group

    def _may_join(self, table: "Table", group: Iterable["DataFile"]) -> bool:
        changed = len(table.metadata.schemas) > 1
        return not changed or all(files.follows(self.store, table, file.file_path) for file in group)

    def _joined(self, table: "Table", group: Iterable["DataFile"]) -> str:
        stamp = files.stamp_of(self.run_id)
        return files.joined(self.store, self.lake.prefix, table, _sources(group), stamp, self.folder)

    def _commit(self, contract: Contract, joined: Sequence[tuple[list["DataFile"], str]]) -> None:
        """Swap joined files in. Where a writer replaced one of the old ones meanwhile, that day waits for next time."""
        from muniment.lake.snapshots import rewrite

        def swap(table: "Table") -> None:
            there = {file.file_path for file in _live(table)}
            still = [(old, new) for old, new in joined if there.issuperset(file.file_path for file in old)]
            if still:
                old = [file for group, _ in still for file in group]
                rewrite(table, old, [new for _, new in still], self._about("compaction"))

        self._insist(contract, swap)

    # --- manifests ----------------------------------------------------------------------------------------------------

    def merge_manifests(self, contract: Contract) -> Step:
        """Put small manifests together, and let those that tell mostly of files that went forget them. Counted are the
        current snapshot's."""
        from muniment.lake.snapshots import gone, listed, rewrite

        found = _manifests(self._table(contract))
        before = after = Amount.of(one.manifest_length for one in found)
        small = [one for one in found if one.manifest_length < MANIFEST_BYTES // 2]
        stale = sum(map(gone, found)) > max(_SMALL_MANIFESTS, sum(map(listed, found)))
        due = stale or len(small) > _SMALL_MANIFESTS
        if due and self.dry:
            after = Amount(before.files - max(0, len(small) - 1), before.bytes)
        elif due:
            self._insist(contract, lambda table: rewrite(table, (), (), self._about("manifests")))
            after = Amount.of(one.manifest_length for one in _manifests(self._table(contract)))
        return Step("manifests", before, after)

    # --- expiry -------------------------------------------------------------------------------------------------------

    def expire(self, contract: Contract) -> Step:
        """Let snapshots go that nobody named and that were not current in the time kept.

        Counted are the data files that snapshots need. They stay until `remove_orphans`.
        """
        from muniment.lake.snapshots import expire

        needs = _Needs(self._table(contract))
        before = needs.data(needs.table.metadata.snapshots)

        def let_go(table: "Table") -> dict[str, int]:
            since = self.now - self.policy.keep
            gone = _superseded(table, since)
            kept = needs.data(one for one in table.metadata.snapshots if one.snapshot_id not in gone)
            if gone and not self.dry:
                expire(table, gone, {HISTORY: max(since, history_from(table)).isoformat(timespec="milliseconds")})
            return kept

        kept = self._insist(contract, let_go)
        return Step("expiry", Amount.of(before.values()), Amount.of((before if kept is None else kept).values()))

    # --- orphans ------------------------------------------------------------------------------------------------------

    def remove_orphans(self, contract: Contract, of: Callable[[ObjectInfo], bool] = lambda _: True) -> Step:
        """Delete files of the table that no snapshot needs, of whatever branch, and that are older than any writer's
        unfinished work.

        Counted are the files in the table's folders, or those `of` them that are asked for. LakeError, with nothing
        deleted, when what snapshots need cannot be told for certain.
        """
        table = self._table(contract)
        listed = [one for prefix in self._folders(contract, table) for one in self.store.list(prefix) if of(one)]
        orphans = self._orphans(self._table(contract), listed)  # read after the listing: a commit between is seen
        if not self.dry:
            for orphan in orphans:
                self.store.delete(orphan.key)
        left = {one.key for one in listed} - {one.key for one in orphans}
        after = Amount.of(one.size for one in listed if one.key in left)
        return Step("orphans", Amount.of(one.size for one in listed), after)

    def keys(self, contract: Contract) -> frozenset[str]:
        """The keys of all files in the table's folders."""
        folders = self._folders(contract, self._table(contract))
        return frozenset(one.key for prefix in folders for one in self.store.list(prefix))

    def _folders(self, contract: Contract, table: "Table") -> Iterator[str]:
        yield f"{self.lake.prefix}processed/{contract.table}"
        if self._has_metadata(table):
            yield f"{self._key(table.location())}/metadata"

    def _has_metadata(self, table: "Table") -> bool:
        """Whether Iceberg's files lie in the store; a REST catalog may keep them elsewhere."""
        return table.location().startswith(self.store.location(""))

    def _orphans(self, table: "Table", listed: Sequence[ObjectInfo]) -> list[ObjectInfo]:
        needs = _Needs(table)
        snapshots = table.metadata.snapshots
        if self.dry:  # as if it had expired them
            gone = _superseded(table, self.now - self.policy.keep)
            snapshots = [one for one in snapshots if one.snapshot_id not in gone]
        metadata = needs.metadata(snapshots) if self._has_metadata(table) else ()
        needed = {self._key(location) for location in (*needs.data(snapshots), *metadata, *self._elsewhere(needs))}
        horizon = self.now - self.policy.grace
        found = [one for one in listed if one.key not in needed and one.modified <= horizon and _ours(one.key)]
        for one in found:
            self._refuse_another_table(table, one.key)
        return found

    def _elsewhere(self, needs: "_Needs") -> Iterator[str]:
        """Files below the store that branches need, seen from main, or main and the others, seen from a branch."""
        root = self.store.location("")
        for twin in twins(self.lake, ".".join(needs.table.name())):
            theirs = needs.beside(twin)
            found = (*theirs.data(twin.metadata.snapshots), *theirs.metadata(twin.metadata.snapshots))
            yield from (location for location in found if location.startswith(root))

    def _key(self, location: str) -> str:
        """The key of a file that a table names; LakeError for one outside the store: then nothing can be told."""
        root = self.store.location("")
        if not location.startswith(root):
            raise LakeError(
                f"{location} is in the table but not below {root}: nothing was removed. Was the lake moved?"
            )
        return location.removeprefix(root)

    def _refuse_another_table(self, table: "Table", key: str) -> None:
        """LakeError for metadata of a table that is not the catalog's: a lost catalog can be made again from it.

        A table that never held anything is no loss: of two writers that make a table at once, one leaves such metadata.
        """
        if not key.endswith(".metadata.json"):
            return
        try:
            with self.store.open(key) as stream:
                found = json.load(stream)
            owner, held = found["table-uuid"], found.get("snapshots")
        except (ValueError, KeyError, FileNotFoundError):  # half written by a writer that was killed, or gone
            return
        if held and owner != str(table.metadata.table_uuid):
            raise LakeError(
                f"{self.store.url(key)} belongs to a former table of this name, whose catalog was lost or replaced: "
                "nothing was removed. Restore the catalog from a backup, or move that metadata away."
            )

    # --- common -------------------------------------------------------------------------------------------------------

    def _table(self, contract: Contract) -> "Table":
        return self.lake.loaded(contract.table)

    def _insist(self, contract: Contract, commit: Callable[["Table"], T]) -> T | None:
        """Commit on the table as it is; when others come first, look again. After many times it waits for next time."""
        for attempt in range(_ATTEMPTS):
            try:
                return commit(self._table(contract))
            except unsettled() as error:
                if room.is_full(error):
                    raise
                time.sleep(random.uniform(0, min(2.0, 0.02 * 2**attempt)))
        return None

    def _about(self, step: str) -> dict[str, str]:
        return {"muniment.run": self.run_id, "muniment.step": step}


def believed(lake: Lake, contracts: Iterable[Contract], now: datetime) -> datetime:
    """What time it is: `now`, unless that is further ahead of every change of the tables than a practice pauses.

    Then the clock may have jumped, and the time of the newest change counts, so that not all history is old at once.
    """
    changes = list[datetime]()
    for contract in contracts:
        with suppress(LakeError):  # a table that cannot be read will say so in its turn
            changes += filter(None, [lake.changed(contract)])
    newest = max(changes, default=now)
    return newest if now - newest > _LONGEST_PAUSE else now


class _Needs:
    """Which files a table's snapshots need. Every manifest is read once. LakeError when one cannot be read."""

    def __init__(self, table: "Table") -> None:
        self.table = table
        self._lists: dict[str, list[ManifestFile]] = {}
        self._data: dict[str, dict[str, int]] = {}

    def beside(self, table: "Table") -> "_Needs":
        """The same of a table that shares most files with this one: what was read of them is not read again."""
        needs = _Needs(table)
        needs._lists, needs._data = self._lists, self._data
        return needs

    def data(self, snapshots: Iterable["Snapshot"]) -> dict[str, int]:
        """Data files and their sizes in bytes."""
        needed: dict[str, int] = {}
        for manifest in self._manifests(snapshots):
            if manifest.manifest_path not in self._data:
                self._data[manifest.manifest_path] = self._entries(manifest)
            needed |= self._data[manifest.manifest_path]
        return needed

    def metadata(self, snapshots: Sequence["Snapshot"]) -> set[str]:
        """Iceberg's own files: of the snapshots, and the table's metadata of now and of recently."""
        metadata = self.table.metadata
        statistics = (*metadata.statistics, *metadata.partition_statistics)
        return {
            self.table.metadata_location,
            *(entry.metadata_file for entry in metadata.metadata_log),
            *(one.statistics_path for one in statistics),
            *(snapshot.manifest_list for snapshot in snapshots),
            *(manifest.manifest_path for manifest in self._manifests(snapshots)),
        }

    def _manifests(self, snapshots: Iterable["Snapshot"]) -> list["ManifestFile"]:
        found: dict[str, ManifestFile] = {}
        for snapshot in snapshots:
            if snapshot.manifest_list not in self._lists:
                with _readable(self.table, snapshot.manifest_list):
                    self._lists[snapshot.manifest_list] = snapshot.manifests(self.table.io)
            found |= {one.manifest_path: one for one in self._lists[snapshot.manifest_list]}
        return list(found.values())

    def _entries(self, manifest: "ManifestFile") -> dict[str, int]:
        with _readable(self.table, manifest.manifest_path):
            entries = manifest.fetch_manifest_entry(self.table.io, discard_deleted=True)
        return {entry.data_file.file_path: entry.data_file.file_size_in_bytes for entry in entries}


@contextmanager
def _readable(table: "Table", location: str) -> Iterator[None]:
    """LakeError for a file that is gone or damaged. A store that cannot be asked now is another matter."""
    try:
        yield
    except Exception as error:  # Avro says in many ways that a file is not its own
        if isinstance(error, OSError) and not isinstance(error, FileNotFoundError):
            raise
        raise LakeError(
            f"{'.'.join(table.name())} cannot be kept up: {location} cannot be read ({error!r}). "
            "Nothing was removed. Restore it from a backup."
        ) from error


def _live(table: "Table") -> list["DataFile"]:
    """The data files of the current snapshot."""
    with _readable(table, table.metadata_location):
        return [task.file for task in table.scan().plan_files()] if table.current_snapshot() else []


def _manifests(table: "Table") -> list["ManifestFile"]:
    """The manifests of the current snapshot."""
    current = table.current_snapshot()
    if current is None:
        return []
    with _readable(table, current.manifest_list):
        return current.manifests(table.io)


def _amount(found: Iterable["DataFile"]) -> Amount:
    return Amount.of(file.file_size_in_bytes for file in found)


def _parts(file: "DataFile") -> list[files.Part]:
    return files.parts(file.file_path, file.record_count)


def _sources(group: Iterable["DataFile"]) -> list[files.Source]:
    """The windows of some files, in time order."""
    found = (files.Source(file.file_path, part) for file in group for part in _parts(file))
    return sorted(found, key=lambda source: source.part.window_key)


def _superseded(table: "Table", since: datetime) -> set[int]:
    """Snapshots that no tag or branch names and that were not current at any time from `since` on."""
    at = int(since.timestamp() * 1000)
    earlier = [entry.snapshot_id for entry in table.metadata.snapshot_log if entry.timestamp_ms <= at]
    later = {entry.snapshot_id for entry in table.metadata.snapshot_log if entry.timestamp_ms > at}
    kept = {*later, *earlier[-1:], *(ref.snapshot_id for ref in table.metadata.refs.values())}
    old = {one.snapshot_id for one in table.metadata.snapshots if one.timestamp_ms <= at}
    return old - kept


def _ours(key: str) -> bool:
    """Whether Muniment or Iceberg writes files of such names here; whatever else lies there is somebody's."""
    return files.is_name(PurePosixPath(key).name) or key.endswith(_METADATA)
