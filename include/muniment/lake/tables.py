"""Iceberg tables: one a contract, replaced window by window, readable as of any instant.

A window's rows are one Parquet file below `processed/<table>/year=/month=/day=/`, named by window and content and never
changed, and a commit swaps it in whole. Committing the content that is there already does nothing. Maintenance puts the
windows of a day into one file; a commit of one of them carries the others into a file of their own. What the rows mean,
and whether they may be committed, is decided before (staging, gate).

A commit holds only while the table is as it was when the commit looked at it. When another writer came first, it looks
again from the start: so of two writers of one window the later replaces the whole of the earlier, and never both stay.
Writers of one table take turns, so that they do not undo one another's work, but nothing rests on that. Whether a
commit whose answer was lost took place is told by its stamp among the table's snapshots
(docs/decisions/0023-writers.md).
"""

import random
import time
import uuid
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from muniment import room, windows
from muniment.contract import Contract
from muniment.errors import MunimentError
from muniment.lake import files
from muniment.lake.branches import require
from muniment.lake.locks import Locks, locks_of
from muniment.lake.schema import (
    Former,
    LakeError,
    applied_properties,
    expressions,
    file_schema,
    former_names,
    iceberg_schema,
    partition_spec,
    with_columns,
)
from muniment.objects import Store
from muniment.settings import Settings
from muniment.windows import Window

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    import pyarrow as pa
    from pyiceberg.catalog import Catalog
    from pyiceberg.manifest import DataFile, ManifestFile
    from pyiceberg.table import Table
    from pyiceberg.table.snapshots import Snapshot

    from muniment.staging import Staged

T = TypeVar("T")

MANIFEST_BYTES = 64 * 2**10
"""Size up to which manifests are put together: some two hundred windows."""

_PROPERTIES = {
    "format-version": "2",
    "write.metadata.delete-after-commit.enabled": "true",
    "write.metadata.previous-versions-max": "100",
    "commit.retry.num-retries": "0",  # looking again is ours: the library's retry would keep both of two windows
    "commit.manifest-merge.enabled": "true",
    # A commit rewrites the last manifest, and who wants a window reads those of its day.
    "commit.manifest.min-count-to-merge": "20",
    "commit.manifest.target-size-bytes": str(MANIFEST_BYTES),
}
HISTORY = "muniment.history-from"
"""Property of a table: the instant, in ISO 8601, back to which it can be asked; set when snapshots were expired."""

_ATTEMPTS = 20
_OPENINGS = 5
_LONGEST_PAUSE = 2.0  # seconds
_TURN_SECONDS = 60.0  # a writer that waited so long for its turn goes on without
_SQLITE_SECONDS = 60  # how long a SQLite catalog may be busy with others
_STAMP = "muniment.commit"
_RESTORE = "A file of the lake is gone or damaged: put it back from a backup. The other tables are not affected."


@dataclass(frozen=True)
class Committed:
    """What a table holds for a window. `snapshot` was made by this commit if `changed`, else it is the current one."""

    table: str
    window_key: str
    rows: int
    content_id: str
    snapshot: int | None
    changed: bool


@dataclass(frozen=True)
class Held:
    """One window's rows as a table holds them."""

    content_id: str
    rows: int
    path: str


@dataclass(frozen=True)
class Stored:
    """A table as the catalog knows it: where its metadata lies, its snapshot, and the rows of each file by location."""

    name: str
    metadata: str
    snapshot: int | None
    files: Mapping[str, int]


@dataclass(frozen=True)
class Pinned:
    """A table as one of its snapshots holds it; without a snapshot, as it was before its first rows.

    Where the table has the `tag`, its snapshot counts: an erasure makes another one and moves the tag there.
    """

    snapshot: int | None
    tag: str = ""


Moment = datetime | Pinned | None
"""When a table is looked at: as of an aware instant, at a snapshot, or now."""


@dataclass(frozen=True)
class State:
    """Where a table stands: its snapshot, the number of its schema, and the snapshots that its tags name."""

    snapshot: int | None
    schema: int
    tags: Mapping[str, int]


_Listing = Mapping[str, Held]
"""What a manifest, which never changes, lists by window key."""


class Lake:
    """The Iceberg tables below one store, through one catalog."""

    def __init__(self, settings: Settings, store: Store) -> None:
        self._settings = settings
        self._store = store
        self.prefix = settings.own_prefix
        """How the keys of all files begin that are written: a branch has its own beside those of main."""
        self._listings: dict[str, dict[str, _Listing]] = {}  # by table, then by the manifest's path

    @cached_property
    def catalog(self) -> "Catalog":
        """The catalog named by the settings; its tables are made on first use.

        LakeError for a catalog that cannot be reached, for a branch that is not there, and for a place that Iceberg
        could not name: in its URIs, which are not encoded, `?` and `#` end the path.
        """
        from pyiceberg.catalog import load_catalog
        from sqlalchemy.exc import IntegrityError, OperationalError, ProgrammingError

        require(self._store, self._settings.branch)
        name = self._settings.catalog_name
        place, uri = self._store.location(f"{self.prefix}iceberg"), self._settings.catalog
        if "?" in place or "#" in place:
            raise LakeError(f"Iceberg tables cannot lie in {place}: choose a folder without ? and # in its name.")
        if uri.startswith("sqlite:///"):
            Path(uri.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
            uri += "" if "?" in uri else f"?timeout={_SQLITE_SECONDS}"
        kind = "rest" if uri.startswith(("http://", "https://")) else "sql"

        def load() -> "Catalog":
            # A connection that the server closed since it was last used must not fail a commit.
            return load_catalog(name, type=kind, uri=uri, warehouse=place, pool_pre_ping="true", **self._io())

        racing = (IntegrityError, ProgrammingError, *((OperationalError,) if uri.startswith("sqlite:") else ()))
        with self.explained("The Iceberg catalog"):
            for _ in range(_OPENINGS):
                with suppress(*racing):  # another makes its tables at the same time
                    return load()
                time.sleep(random.uniform(0, 0.1))
            return load()

    @cached_property
    def _locks(self) -> Locks:
        return locks_of(self.catalog)

    @contextmanager
    def claimed(self, wanted: Iterable[Window]) -> Iterator[None]:
        """Keep windows from every other run on this lake for the block, wherever that runs. A branch is kept whole:
        there is one run on it at a time.

        LakeError at once when another run has one of them. A REST catalog cannot tell.
        """
        branch = self._settings.branch
        names = {f"window {window.key}": f"Window {window.key}" for window in wanted}
        with self.branch_claimed(branch) if branch else self._claimed(names):
            yield

    def branch_claimed(self, name: str) -> "AbstractContextManager[None]":
        """Keep a branch, there or about to be, from every run on it; LakeError at once when one is at work."""
        return self._claimed({f"branch {name}": f"Branch {name}"})

    def _claimed(self, names: Mapping[str, str]) -> "AbstractContextManager[None]":
        """Hold locks for the block; `names` says what each of them stands for."""
        running = "is being run by another process on this lake: wait for that run to end."
        return self._holding({name: f"{what} {running}" for name, what in names.items()}, 0)

    @contextmanager
    def _holding(self, refusals: Mapping[str, str], seconds: float) -> Iterator[None]:
        """Hold locks for the block, waiting for each at most so long; LakeError with what to say of a taken one."""
        with ExitStack() as holding:
            with self.explained("The Iceberg catalog"):
                taken = holding.enter_context(self._locks.held(sorted(refusals), seconds))
            if taken:
                raise LakeError(refusals[taken])
            yield

    def alone(self, what: str, *, beside_branches: bool = False) -> "AbstractContextManager[None]":
        """Do something that only one process on this lake may do at a time, or one on each branch of it; LakeError when
        another does it for long.

        A REST catalog cannot tell.
        """
        refusal = f"Another process on this lake has been at the {what} for long: try again later."
        return self._holding({f"{self.prefix if beside_branches else ''}{what}": refusal}, _TURN_SECONDS)

    @contextmanager
    def reading(self, what: str) -> Iterator[None]:
        """Turns whatever keeps a table from being read into LakeError."""
        with self.explained(what), self._readable(what):
            yield

    def kept_up(self) -> "AbstractContextManager[None]":
        """Keep upkeep, erasures and backups apart, wherever they run, for the block. LakeError at once when one is at
        work."""
        refusal = "A backup, upkeep (maintain, lifecycle) or an erasure is at work on this lake: wait for it to end."
        return self._holding({f"{self.prefix}upkeep": refusal}, 0)

    @contextmanager
    def turn(self, contract: Contract) -> Iterator[bool]:
        """The turn of a writer of the table, and whether it came: one that waited too long for it may go on without."""
        with self._locks.held([f"{self.prefix}commit {contract.table}"], _TURN_SECONDS) as taken:
            yield taken is None

    @contextmanager
    def explained(self, what: str) -> Iterator[None]:
        """Turns what catalog and files raise into LakeError; what is one of ours already says enough."""
        from pyiceberg.exceptions import RESTError
        from sqlalchemy.exc import SQLAlchemyError

        try:
            yield
        except (SQLAlchemyError, RESTError) as error:
            if room.is_full(error):
                raise room.no_room(self._settings.catalog, error) from error
            reason = str(getattr(error, "orig", None) or error).strip()
            raise LakeError(f"{what} cannot be used: {reason}\nCheck MUNIMENT_CATALOG_URI.") from error
        except FileNotFoundError as error:
            raise LakeError(f"{what} cannot be used: {str(error).strip()}\n{_RESTORE}") from error
        except OSError as error:
            if room.is_full(error):
                raise room.no_room(self._store.uri, error) from error
            raise LakeError(f"{what} cannot be used: {str(error).strip()}\n{self._store.advice}") from error

    @contextmanager
    def _readable(self, what: str) -> Iterator[None]:
        """Turns what is said of bytes that are no JSON, Avro or Parquet, which is said in many ways, into LakeError."""
        from pyiceberg.exceptions import NoSuchTableError, RESTError
        from sqlalchemy.exc import SQLAlchemyError

        telling: tuple[type[Exception], ...] = (MunimentError, OSError, SQLAlchemyError, RESTError, NoSuchTableError)
        try:
            yield
        except (*telling, *unsettled()):
            raise
        except Exception as error:
            raise LakeError(f"{what} cannot be read ({error!r}).\n{_RESTORE}") from error

    def _io(self) -> dict[str, str]:
        settings = self._settings
        if not self._store.uri.startswith("s3://"):
            return {}
        return {
            "py-io-impl": "muniment.lake.iceberg.Files",
            "s3.endpoint": settings.s3_endpoint,
            "s3.region": settings.s3_region,
            "s3.access-key-id": settings.s3_access_key_id.get_secret_value(),
            "s3.secret-access-key": settings.s3_secret_access_key.get_secret_value(),
            "s3.request-timeout": str(settings.s3_timeout_seconds),
            "muniment.s3-attempts": str(settings.s3_attempts),
        }

    def present(self) -> bool:
        """Whether the catalog can be there at all; False only when its local file is gone."""
        uri = self._settings.catalog
        return not uri.startswith("sqlite:///") or Path(uri.removeprefix("sqlite:///")).exists()

    def exists(self, contract: Contract) -> bool:
        """Whether the table was ever written; LakeError when that cannot be read."""
        return self.changed(contract) is not None

    def loaded(self, name: str) -> "Table":
        """A table as it is now; LakeError when it cannot be read, NoSuchTableError when it was never written."""
        with self.explained(name), self._readable(name):
            return self.catalog.load_table(name)

    def changed(self, contract: Contract) -> datetime | None:
        """When the table was last changed, by the clock of who did; None when it was never written."""
        from pyiceberg.exceptions import NoSuchTableError

        with suppress(NoSuchTableError):
            return datetime.fromtimestamp(last_change(self.loaded(contract.table)) / 1000, UTC)
        return None

    def state(self, contract: Contract) -> State | None:
        """Where the table stands now; None when it was never written."""
        from pyiceberg.exceptions import NoSuchTableError

        with self.reading(contract.table):
            try:
                table = self.catalog.load_table(contract.table)
            except NoSuchTableError:
                return None
            current, refs = table.current_snapshot(), table.metadata.refs
            tags = {name: ref.snapshot_id for name, ref in refs.items() if ref.snapshot_ref_type == "tag"}
            return State(current.snapshot_id if current else None, table.metadata.current_schema_id, tags)

    def tag(self, contract: Contract, name: str, snapshot: int) -> None:
        """Name a snapshot, so that upkeep spares it. LakeError when it is gone, or when the name means another."""
        from pyiceberg.table.update.snapshot import ManageSnapshots

        from muniment.lake.iceberg import Update

        def attempt() -> None:
            table = self.catalog.load_table(contract.table)
            there = table.metadata.refs.get(name)
            if there and there.snapshot_id == snapshot:
                return  # an attempt whose answer was lost
            if there or table.snapshot_by_id(snapshot) is None:
                raise LakeError(f"Snapshot {snapshot} of {contract.table} cannot be named {name}: it is gone or taken.")
            with Update(table) as transaction, ManageSnapshots(transaction) as update:
                update.create_tag(snapshot, name)

        with self.explained(contract.table), self.turn(contract):
            _insist(f"{name} of {contract.table}", attempt)

    def untag(self, contract: Contract, names: Collection[str]) -> None:
        """Take names away from the table's snapshots, those of them that there are."""

        def attempt() -> None:
            table = self.catalog.load_table(contract.table)
            with table.manage_snapshots() as update:
                for name in table.metadata.refs.keys() & set(names):
                    update.remove_tag(name)

        with self.explained(contract.table), self.turn(contract):
            _insist(f"The tags of {contract.table}", attempt)

    def held(self, contract: Contract, as_of: Moment = None) -> Mapping[str, Held]:
        """What the table holds by window key, now or at another moment.

        LakeError for a moment of which nothing is known any more.
        """
        return self._look(contract, as_of)[0]

    def _look(self, contract: Contract, as_of: Moment = None) -> tuple[Mapping[str, Held], Former]:
        """What the table holds by window key, and the names that its columns may have in older files."""
        from pyiceberg.exceptions import NoSuchTableError

        with self.explained(contract.table), self._readable(contract.table):
            try:
                table = self.catalog.load_table(contract.table)
            except NoSuchTableError:
                return {}, {}
            return self._held(table, as_of), former_names(table, contract)

    def _held(self, table: "Table", as_of: Moment = None) -> Mapping[str, Held]:
        snapshot = _snapshot(table, as_of)
        name = ".".join(table.name())
        known = self._listings.get(name, {})
        manifests = {m.manifest_path: m for m in (snapshot.manifests(table.io) if snapshot else [])}
        listings = {path: known[path] if path in known else _listing(m, table) for path, m in manifests.items()}
        self._listings[name] = listings
        return {key: held for listing in listings.values() for key, held in listing.items()}

    def inventory(self) -> list[Stored]:
        """Every table that the catalog knows, whether a contract does or not."""
        return [self._stored(name) for name in self.names()]

    def names(self) -> list[str]:
        """The full names of these tables, in order."""
        spaces = self.catalog.list_namespaces()
        return sorted(".".join(name) for space in spaces for name in self.catalog.list_tables(space))

    def _stored(self, name: str) -> Stored:
        with self.explained(name), self._readable(name):
            table = self.catalog.load_table(name)
            snapshot = table.current_snapshot()
            found = [task.file for task in table.scan().plan_files()] if snapshot else []
        return Stored(
            name,
            table.metadata_location,
            snapshot.snapshot_id if snapshot else None,
            {file.file_path: file.record_count for file in found},
        )

    def commit(self, staged: "Staged", run_id: str) -> Committed:
        """Replace the window's rows by the staged ones; does nothing when the table holds just these.

        LakeError when other writers kept coming first, when the table cannot take the contract's columns, or when
        catalog or files cannot be reached. After any error the window is as it was or as it was to be, never between.
        """
        contract, window = staged.contract, staged.window
        what = f"{contract.table}, window {window.key}"
        with self.explained(what):
            _ = self._locks  # a catalog that cannot be used says so before anything is written
            if found := _insist(what, lambda: self._unchanged(staged)):
                return found
            new = self._store_rows(staged, files.stamp_of(run_id))
            properties = {"muniment.run": run_id, "muniment.window": window.key, _STAMP: uuid.uuid4().hex}
            with self.turn(contract):
                return _insist(what, lambda: self._attempt(staged, new, properties))

    def _unchanged(self, staged: "Staged", table: "Table | None" = None) -> Committed | None:
        """What the table holds, when that is what was staged and its file was not lost."""
        with self._readable(staged.contract.table):
            table = table or self._table(staged.contract)
            held = self._held(table).get(staged.window.key)
        if (held.content_id if held else None) != (staged.content_id if staged.rows else None):
            return None
        whole = held is None or self._is_there(held)
        return _committed(staged, table.current_snapshot(), changed=False) if whole else None

    def _attempt(self, staged: "Staged", new: list[str], properties: dict[str, str]) -> Committed:
        """Begins with finding out whether an attempt before this one, whose answer was lost, took place."""
        with self._readable(staged.contract.table):
            table = self._table(staged.contract)
        if made := _stamped(table, properties[_STAMP]):
            return _committed(staged, made, changed=True)
        if found := self._unchanged(staged, table):
            return found
        old = _data_file(table, staged.window, table.current_snapshot())
        others = self._store_others(table, old, staged, files.stamp_of(properties["muniment.run"])) if old else []
        _swap(table, old, new + others, properties)
        return _committed(staged, table.current_snapshot(), changed=True)

    def _is_there(self, held: Held) -> bool:
        """Whether the data file was not removed behind the lake's back: then it is written again."""
        return self._store.exists(held.path.removeprefix(self._store.location("")))

    def _table(self, contract: Contract) -> "Table":
        """The contract's table with all its columns, created when absent."""
        from pyiceberg.exceptions import NoSuchTableError

        try:
            table = self.catalog.load_table(contract.table)
        except NoSuchTableError:
            self.catalog.create_namespace_if_not_exists(contract.namespace)
            return self._create(contract)
        return with_columns(table, contract)

    def _create(self, contract: Contract) -> "Table":
        schema = iceberg_schema(contract)
        properties = {**_PROPERTIES, **applied_properties(contract)}
        spec = partition_spec(contract, schema)
        return self.catalog.create_table(contract.table, schema, partition_spec=spec, properties=properties)

    def _store_rows(self, staged: "Staged", stamp: str) -> list[str]:
        """The location of the window's data file; none when there are no rows."""
        if not staged.rows:
            return []
        held = [files.Part(staged.window.key, staged.content_id, staged.rows)]
        key = files.key_of(staged.contract.table, held, stamp, self.prefix)
        if not self._store.exists(key):
            self._store.create(key, staged.path)
        return [self._store.location(key)]

    def _store_others(self, table: "Table", old: "DataFile", staged: "Staged", stamp: str) -> list[str]:
        """The location of a data file with the other windows of the one that is replaced; none when it has none."""
        held = files.parts(old.file_path, old.record_count)
        others = [files.Source(old.file_path, part) for part in held if part.window_key != staged.window.key]
        return [files.joined(self._store, self.prefix, table, others, stamp, staged.path.parent)] if others else []

    def scan(
        self,
        contract: Contract,
        window: Window | None = None,
        columns: list[str] | None = None,
        batch_rows: int = 1_000,
        as_of: Moment = None,
    ) -> Iterator["pa.RecordBatch"]:
        """Rows of one window, or of all in time order, in batches."""
        with self.explained(contract.table), self._readable(contract.table):
            yield from self._scan(contract, window, columns, batch_rows, as_of)

    def _scan(
        self, contract: Contract, window: Window | None, columns: list[str] | None, batch_rows: int, as_of: Moment
    ) -> Iterator["pa.RecordBatch"]:
        places, former = self._places(contract, window, as_of)
        schema = file_schema(contract, former)
        wanted = expressions(columns or contract.arrow_schema.names, former) if former else columns
        for location, keys in places:
            of_windows = files.of_windows(keys)
            [file] = files.opened(self._store, [location], schema).get_fragments()
            for piece in files.pieces(file, of_windows):
                yield from piece.to_batches(
                    schema=schema, columns=wanted, filter=of_windows, batch_size=batch_rows, use_threads=False
                )

    def _places(
        self, contract: Contract, window: Window | None, as_of: Moment
    ) -> tuple[list[tuple[str, list[str]]], Former]:
        """The data files of one window, or of all in time order, with the windows in each; and former names of columns.
        One window is looked for only where its day is listed."""
        from pyiceberg.exceptions import NoSuchTableError

        try:
            table = self.catalog.load_table(contract.table)
        except NoSuchTableError:
            return [], {}
        former = former_names(table, contract)
        if window:
            file = _data_file(table, window, _snapshot(table, as_of))
            return [(file.file_path, [window.key])] if file else [], former
        held = self._held(table, as_of)
        keys = sorted(held, key=lambda key: windows.parse(key).start)
        return [(path, list(together)) for path, together in groupby(keys, key=lambda key: held[key].path)], former

    def find(self, contract: Contract, where: Callable[[Mapping[str, Any]], Any]) -> "pa.Table":
        """The rows for which an Arrow expression holds, made by `where` from the expressions of the columns."""
        with self.explained(contract.table), self._readable(contract.table):
            dataset, former = self.files(contract)
            columns = expressions(contract.arrow_schema.names, former)
            return dataset.to_table(columns=columns, filter=where(columns))

    def dataset(self, contract: Contract, as_of: Moment = None) -> Any:
        """The table as an Arrow dataset, now or at another moment. It has former names of columns as columns, too."""
        return self.files(contract, as_of)[0]

    def files(self, contract: Contract, as_of: Moment = None) -> tuple[Any, Former]:
        """The table's files as an Arrow dataset, and which of its columns are former names of the contract's."""
        held, former = self._look(contract, as_of)
        locations = dict.fromkeys(one.path for one in held.values())
        return files.opened(self._store, locations, file_schema(contract, former)), former


def _insist(what: str, attempt: Callable[[], T]) -> T:
    """What the attempt gives, as soon as no other writer comes between; LakeError when one always does."""
    for number in range(_ATTEMPTS):
        try:
            return attempt()
        except unsettled() as error:
            if room.is_full(error):
                raise
            reason = error
            time.sleep(random.uniform(0, min(_LONGEST_PAUSE, 0.02 * 2**number)))
    raise LakeError(
        f"{what}, could not be committed in {_ATTEMPTS} attempts: {reason}. "
        "Run it again when fewer runs write at once; run muniment doctor if none does."
    ) from reason


def unsettled() -> tuple[type[Exception], ...]:
    """What a commit raises when another writer came first, when its answer was lost, or when a database is busy."""
    from pyiceberg.exceptions import (
        CommitFailedException,
        CommitStateUnknownException,
        NamespaceAlreadyExistsError,
        ServiceUnavailableError,
        TableAlreadyExistsError,
        ValidationException,
    )
    from requests.exceptions import ConnectionError, Timeout
    from sqlalchemy.exc import IntegrityError, InterfaceError, OperationalError

    return (
        CommitFailedException,
        CommitStateUnknownException,
        NamespaceAlreadyExistsError,
        ServiceUnavailableError,
        TableAlreadyExistsError,
        # PyIceberg asks one evaluator about several manifests at once, from threads, and it keeps what it was asked in
        # itself: a file that is there may seem to be missing. It says so before anything is committed.
        ValidationException,
        ConnectionError,
        Timeout,
        IntegrityError,
        InterfaceError,
        OperationalError,
    )


def _listing(manifest: "ManifestFile", table: "Table") -> _Listing:
    found = [entry.data_file for entry in manifest.fetch_manifest_entry(table.io)]
    return {
        part.window_key: Held(part.content_id, part.rows, file.file_path)
        for file in found
        for part in files.parts(file.file_path, file.record_count)
    }


def _snapshot(table: "Table", as_of: Moment) -> "Snapshot | None":
    """The snapshot of a moment; None where the table had no rows yet."""
    if as_of is None:
        return table.current_snapshot()
    if isinstance(as_of, datetime):
        _refuse_forgotten(table, as_of)
        return table.snapshot_as_of_timestamp(int(as_of.timestamp() * 1000))
    named = table.metadata.refs.get(as_of.tag)
    wanted = named.snapshot_id if named else as_of.snapshot
    found = table.snapshot_by_id(wanted) if wanted is not None else None
    if found is None and as_of.snapshot is not None:
        raise LakeError(
            f"Snapshot {as_of.snapshot} of {'.'.join(table.name())} is gone, which only something other than Muniment "
            "can have removed: restore the lake from a backup. The tables as they are now: muniment lake … --now"
        )
    return found


def _data_file(table: "Table", window: Window, snapshot: "Snapshot | None") -> "DataFile | None":
    """The file in which a snapshot holds a window, alone or with others; only manifests that list its day are read."""
    if snapshot is None:
        return None
    by_start = f"window_start == '{window.start.isoformat()}'"
    tasks = table.scan(row_filter=by_start, snapshot_id=snapshot.snapshot_id).plan_files()
    return next((task.file for task in tasks if window.key in _keys(task.file)), None)


def _keys(file: "DataFile") -> set[str]:
    return {part.window_key for part in files.parts(file.file_path, file.record_count)}


def _stamped(table: "Table", stamp: str) -> "Snapshot | None":
    """The snapshot that bears a commit's stamp."""
    snapshots = reversed(table.metadata.snapshots)
    return next((s for s in snapshots if s.summary and s.summary.additional_properties.get(_STAMP) == stamp), None)


def last_change(table: "Table") -> int:
    """When the table was last changed, in milliseconds since 1970, by the clock that stood furthest ahead.

    Its own word is not enough: PyIceberg stamps what makes no snapshot, such as a tag, by the clock as it is.
    """
    return max([table.metadata.last_updated_ms, *(entry.timestamp_ms for entry in table.history()[-1:])])


def history_from(table: "Table") -> datetime:
    """The instant back to which a table can be asked; the beginning of time while no snapshot was let go."""
    return datetime.fromisoformat(table.properties.get(HISTORY, "0001-01-01T00:00:00+00:00"))


def _refuse_forgotten(table: "Table", as_of: datetime) -> None:
    """LakeError for an instant whose snapshot is gone, or may be: another one would answer in its place.

    Of what maintenance let go the table tells; what another program removed is missed in its history.
    """
    name, since = ".".join(table.name()), history_from(table)
    if as_of < since:
        raise LakeError(
            f"{name} can be asked back to {since.isoformat()}; what it held before was let go "
            "(MUNIMENT_SNAPSHOT_DAYS). Ask for a later instant."
        )
    if _is_broken(table, int(as_of.timestamp() * 1000)):
        raise LakeError(
            f"{name} cannot be asked for {as_of.isoformat()}: another program removed snapshots of that time. "
            "Ask for another instant, or restore an earlier backup elsewhere and ask there."
        )


def _is_broken(table: "Table", at: int) -> bool:
    """Whether a snapshot may be missing that was current at an instant in milliseconds.

    The one after it says which came before it, unless that was removed; then the numbers that Iceberg gives the
    snapshots of a table in order say whether all are there.
    """
    there = {one.snapshot_id: one for one in table.metadata.snapshots}
    before = [entry.snapshot_id for entry in table.history() if entry.timestamp_ms <= at]
    after = [entry.snapshot_id for entry in table.history() if entry.timestamp_ms > at]
    if not there.keys() >= {*before[-1:], *after[:1]}:
        return True
    if not after or (before and there[after[0]].parent_snapshot_id == before[-1]):
        return False
    first = (there[before[-1]].sequence_number or 0) if before else 0
    numbers = {one.sequence_number for one in there.values()}
    return not numbers.issuperset(range(first + 1, there[after[0]].sequence_number or 0))


def _swap(table: "Table", old: "DataFile | None", new: Sequence[str], properties: dict[str, str]) -> None:
    """Put the files `new` in the place of `old` in one snapshot."""
    from pyiceberg.table import TableProperties

    from muniment.lake.iceberg import Update, data_file
    from muniment.lake.snapshots import not_before

    with Update(table) as transaction:
        if table.name_mapping() is None:  # the files know columns by name, not by Iceberg's numbers
            mapping = table.schema().name_mapping.model_dump_json()
            transaction.set_properties({TableProperties.DEFAULT_NAME_MAPPING: mapping})
        update = transaction.update_snapshot(snapshot_properties=properties)
        with update.overwrite() if old else update.merge_append() as snapshot:
            if old:
                snapshot.delete_data_file(old)
            for location in new:
                snapshot.append_data_file(data_file(table.io, transaction.table_metadata, location))
        not_before(transaction, last_change(table))


def _committed(staged: "Staged", snapshot: "Snapshot | None", *, changed: bool) -> Committed:
    return Committed(
        staged.contract.table,
        staged.window.key,
        staged.rows,
        staged.content_id,
        snapshot.snapshot_id if snapshot else None,
        changed,
    )
