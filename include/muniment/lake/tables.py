"""Iceberg tables: one a contract, replaced window by window, readable as of any instant.

A window's rows are one Parquet file below `processed/<table>/year=/month=/day=/`, named by window and content and never
changed, and a commit swaps it in whole. Committing the content that is there already does nothing. Maintenance puts the
windows of a day into one file; a commit of one of them carries the others into a file of their own. What the rows mean,
and whether they may be committed, is decided before (staging, gate).

A commit holds only while the table is as it was when the commit looked at it. When another writer came first, it looks
again from the start: so of two writers of one window the later replaces the whole of the earlier, and never both stay.
"""

import random
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from muniment import windows
from muniment.contract import Contract
from muniment.lake import files
from muniment.lake.schema import LakeError, iceberg_schema, with_columns
from muniment.objects import Store
from muniment.settings import Settings
from muniment.windows import Window

if TYPE_CHECKING:
    import pyarrow as pa
    from pyiceberg.catalog import Catalog
    from pyiceberg.manifest import DataFile
    from pyiceberg.table import Table

    from muniment.staging import Staged

_PROPERTIES = {
    "format-version": "2",
    "write.metadata.delete-after-commit.enabled": "true",
    "write.metadata.previous-versions-max": "100",
    "commit.retry.num-retries": "0",  # looking again is ours: the library's retry would keep both of two windows
    "commit.manifest-merge.enabled": "true",
}
HISTORY = "muniment.history-from"
"""Property of a table: the instant, in ISO 8601, back to which it can be asked; set when snapshots were expired."""

_ATTEMPTS = 20
_LONGEST_PAUSE = 2.0  # seconds


@dataclass(frozen=True)
class Committed:
    """What a table holds for a window. `snapshot` is the table's current one, made by this commit if `changed`."""

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


_Files = Mapping[str, tuple[files.Part, "DataFile"]]
"""By window key: what a table holds, and the data file in which it lies, with other windows or without."""


class Lake:
    """The Iceberg tables below one store, through one catalog."""

    def __init__(self, settings: Settings, store: Store) -> None:
        self._settings = settings
        self._store = store

    @cached_property
    def catalog(self) -> "Catalog":
        """The catalog named by the settings; its tables are made on first use.

        LakeError for a catalog that cannot be reached, and for a place that Iceberg could not name: in its URIs, which
        are not encoded, `?` and `#` end the path.
        """
        from pyiceberg.catalog import load_catalog
        from sqlalchemy.exc import SQLAlchemyError

        place, uri = self._store.location("iceberg"), self._settings.catalog
        if "?" in place or "#" in place:
            raise LakeError(f"Iceberg tables cannot lie in {place}: choose a folder without ? and # in its name.")
        if uri.startswith("sqlite:///"):
            Path(uri.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
        kind = "rest" if uri.startswith(("http://", "https://")) else "sql"
        try:
            return load_catalog("muniment", type=kind, uri=uri, warehouse=place, **self._io())
        except (SQLAlchemyError, OSError) as error:
            reason = str(getattr(error, "orig", None) or error).strip()
            raise LakeError(f"The Iceberg catalog cannot be used: {reason}\nCheck MUNIMENT_CATALOG_URI.") from None

    def _io(self) -> dict[str, str]:
        settings = self._settings
        if not self._store.uri.startswith("s3://"):
            return {}
        properties = {
            "s3.endpoint": settings.s3_endpoint,
            "s3.region": settings.s3_region,
            "s3.access-key-id": settings.s3_access_key_id.get_secret_value(),
            "s3.secret-access-key": settings.s3_secret_access_key.get_secret_value(),
        }
        return {name: value for name, value in properties.items() if value}

    def present(self) -> bool:
        """Whether the catalog can be there at all; False only when its local file is gone."""
        uri = self._settings.catalog
        return not uri.startswith("sqlite:///") or Path(uri.removeprefix("sqlite:///")).exists()

    def exists(self, contract: Contract) -> bool:
        """Whether the table was ever written."""
        return self.catalog.table_exists(contract.table)

    def held(self, contract: Contract, as_of: datetime | None = None) -> Mapping[str, Held]:
        """What the table holds by window key, now or at the aware instant `as_of`.

        LakeError for an instant of which nothing is known any more.
        """
        from pyiceberg.exceptions import NoSuchTableError

        try:
            found = _files(self.catalog.load_table(contract.table), as_of)
        except NoSuchTableError:
            return {}
        return {key: Held(part.content_id, part.rows, file.file_path) for key, (part, file) in found.items()}

    def commit(self, staged: "Staged", run_id: str) -> Committed:
        """Replace the window's rows by the staged ones; does nothing when the table holds just these.

        LakeError when other writers kept coming first, or when the table cannot take the contract's columns.
        """
        for attempt in range(_ATTEMPTS):
            try:
                return self._attempt(staged, run_id)
            except _lost_race() as error:
                reason = error
                time.sleep(random.uniform(0, min(_LONGEST_PAUSE, 0.02 * 2**attempt)))
        raise LakeError(
            f"{staged.contract.table}, window {staged.window.key}, could not be committed in {_ATTEMPTS} attempts: "
            f"{reason}. Run it again when fewer runs write at once; run muniment doctor if none does."
        ) from reason

    def _attempt(self, staged: "Staged", run_id: str) -> Committed:
        contract, window = staged.contract, staged.window
        table = self._table(contract)
        part, old = _files(table).get(window.key, (None, None))
        if (part.content_id if part else None) == (staged.content_id if staged.rows else None):
            return _committed(table, staged, changed=False)
        stamp = files.stamp_of(run_id)
        new = self._store_rows(staged, stamp) + (self._store_others(table, old, staged, stamp) if old else [])
        properties = {"muniment.run": run_id, "muniment.window": window.key}
        _swap(table, old, new, properties)
        return _committed(table, staged, changed=True)

    def _table(self, contract: Contract) -> "Table":
        """The contract's table with all its columns, created when absent: partitioned by day of `window_start`."""
        from pyiceberg.exceptions import NoSuchTableError

        try:
            table = self.catalog.load_table(contract.table)
        except NoSuchTableError:
            self.catalog.create_namespace_if_not_exists(contract.namespace)
            return self._create(contract)
        return with_columns(table, contract)

    def _create(self, contract: Contract) -> "Table":
        from pyiceberg.partitioning import PartitionField, PartitionSpec
        from pyiceberg.transforms import DayTransform

        schema = iceberg_schema(contract)
        by = schema.find_field("window_start").field_id
        spec = PartitionSpec(PartitionField(by, 1000, DayTransform(), "window_day"))
        properties = {**_PROPERTIES, "comment": contract.description, "muniment.contract": contract.version}
        return self.catalog.create_table(contract.table, schema, partition_spec=spec, properties=properties)

    def _store_rows(self, staged: "Staged", stamp: str) -> list[str]:
        """The location of the window's data file; none when there are no rows."""
        if not staged.rows:
            return []
        key = files.key_of(
            staged.contract.table, [files.Part(staged.window.key, staged.content_id, staged.rows)], stamp
        )
        self._store.create(key, staged.path)
        return [self._store.location(key)]

    def _store_others(self, table: "Table", old: "DataFile", staged: "Staged", stamp: str) -> list[str]:
        """The location of a data file with the other windows of the one that is replaced; none when it has none."""
        held = files.parts(old.file_path, old.record_count)
        others = [files.Source(old.file_path, part) for part in held if part.window_key != staged.window.key]
        return [files.joined(self._store, table, others, stamp, staged.path.parent)] if others else []

    def scan(
        self,
        contract: Contract,
        window: Window | None = None,
        columns: list[str] | None = None,
        batch_rows: int = 1_000,
    ) -> Iterator["pa.RecordBatch"]:
        """Rows of one window, or of all in time order, in batches."""
        held = self.held(contract)
        keys = [window.key] if window else sorted(held, key=lambda key: windows.parse(key).start)
        for location, together in groupby((key for key in keys if key in held), key=lambda key: held[key].path):
            wanted = files.of_windows(list(together))
            [file] = files.opened(self._store, [location], contract.arrow_schema).get_fragments()
            # A scan of the whole file reads on while its batches are used, up to a gigabyte ahead.
            for group in file.split_by_row_group(wanted):
                yield from group.to_batches(
                    schema=contract.arrow_schema,
                    columns=columns,
                    filter=wanted,
                    batch_size=batch_rows,
                    use_threads=False,
                )

    def dataset(self, contract: Contract, as_of: datetime | None = None) -> Any:
        """The table as an Arrow dataset, now or as of an instant."""
        locations = dict.fromkeys(held.path for held in self.held(contract, as_of).values())
        return files.opened(self._store, locations, contract.arrow_schema)


def _lost_race() -> tuple[type[Exception], ...]:
    """What a commit raises when another writer came first, or may have, and a database that is busy."""
    from pyiceberg.exceptions import (
        CommitFailedException,
        CommitStateUnknownException,
        NamespaceAlreadyExistsError,
        TableAlreadyExistsError,
    )
    from sqlalchemy.exc import IntegrityError, OperationalError

    return (
        CommitFailedException,
        CommitStateUnknownException,
        NamespaceAlreadyExistsError,
        TableAlreadyExistsError,
        IntegrityError,
        OperationalError,
    )


def _files(table: "Table", as_of: datetime | None = None) -> _Files:
    snapshot = table.current_snapshot()
    if as_of is not None:
        _refuse_forgotten(table, as_of)
        snapshot = table.snapshot_as_of_timestamp(int(as_of.timestamp() * 1000))
    if snapshot is None:
        return {}
    found = (task.file for task in table.scan(snapshot_id=snapshot.snapshot_id).plan_files())
    return {part.window_key: (part, file) for file in found for part in files.parts(file.file_path, file.record_count)}


def history_from(table: "Table") -> datetime:
    """The instant back to which a table can be asked; the beginning of time while no snapshot was let go."""
    return datetime.fromisoformat(table.properties.get(HISTORY, "0001-01-01T00:00:00+00:00"))


def _refuse_forgotten(table: "Table", as_of: datetime) -> None:
    """LakeError for an instant whose snapshot may be gone: another one would answer in its place."""
    since = history_from(table)
    if as_of < since:
        raise LakeError(
            f"{'.'.join(table.name())} can be asked back to {since.isoformat()}; what it held before was let go "
            "(MUNIMENT_SNAPSHOT_DAYS). Ask for a later instant."
        )


def _swap(table: "Table", old: "DataFile | None", new: Sequence[str], properties: dict[str, str]) -> None:
    """Put the files `new` in the place of `old` in one snapshot."""
    from pyiceberg.io.pyarrow import parquet_file_to_data_file
    from pyiceberg.table import TableProperties

    with table.transaction() as transaction:
        if table.name_mapping() is None:  # the files know columns by name, not by Iceberg's numbers
            mapping = table.schema().name_mapping.model_dump_json()
            transaction.set_properties({TableProperties.DEFAULT_NAME_MAPPING: mapping})
        update = transaction.update_snapshot(snapshot_properties=properties)
        with update.overwrite() if old else update.merge_append() as snapshot:
            if old:
                snapshot.delete_data_file(old)
            for location in new:
                snapshot.append_data_file(parquet_file_to_data_file(table.io, transaction.table_metadata, location))


def _committed(table: "Table", staged: "Staged", *, changed: bool) -> Committed:
    snapshot = table.current_snapshot()
    return Committed(
        staged.contract.table,
        staged.window.key,
        staged.rows,
        staged.content_id,
        snapshot.snapshot_id if snapshot else None,
        changed,
    )
