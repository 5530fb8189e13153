"""Iceberg tables: one a contract, replaced window by window, readable as of any instant.

A window's rows are one Parquet file below `processed/<table>/year=/month=/day=/`, named by window and content, and a
commit swaps it in whole. Committing the content that is there already does nothing. What the rows mean, and whether
they may be committed, is decided before (staging, gate).
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from muniment import windows
from muniment.contract import Contract
from muniment.errors import MunimentError
from muniment.objects import Store
from muniment.settings import Settings
from muniment.staging import Staged
from muniment.windows import Window

if TYPE_CHECKING:
    import pyarrow as pa
    from pyiceberg.catalog import Catalog
    from pyiceberg.table import Table

_PROPERTIES = {
    "format-version": "2",
    "write.metadata.delete-after-commit.enabled": "true",
    "write.metadata.previous-versions-max": "100",
    "commit.retry.num-retries": "10",
}


class LakeError(MunimentError):
    """A lake table that cannot be read or written."""


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


class Lake:
    """The Iceberg tables below one store, through one catalog."""

    def __init__(self, settings: Settings, store: Store) -> None:
        self._settings = settings
        self._store = store

    @cached_property
    def catalog(self) -> "Catalog":
        """The catalog named by the settings; its tables are made on first use."""
        from pyiceberg.catalog import load_catalog

        uri = self._settings.catalog
        if uri.startswith("sqlite:///"):
            Path(uri.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
        kind = "rest" if uri.startswith(("http://", "https://")) else "sql"
        return load_catalog("muniment", type=kind, uri=uri, warehouse=self._store.location("iceberg"), **self._io())

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

    def table(self, contract: Contract) -> "Table":
        """The contract's table, created when absent: partitioned by day of `window_start`."""
        from pyiceberg.exceptions import (
            NamespaceAlreadyExistsError,
            NoSuchTableError,
            TableAlreadyExistsError,
        )

        with suppress(NoSuchTableError):
            return self.catalog.load_table(contract.table)
        with suppress(NamespaceAlreadyExistsError):  # made by another process just now
            self.catalog.create_namespace_if_not_exists(contract.namespace)
        try:
            return self._create(contract)
        except TableAlreadyExistsError:
            return self.catalog.load_table(contract.table)

    def _create(self, contract: Contract) -> "Table":
        from pyiceberg.partitioning import PartitionField, PartitionSpec
        from pyiceberg.transforms import DayTransform

        schema = iceberg_schema(contract)
        by = schema.find_field("window_start").field_id
        spec = PartitionSpec(PartitionField(by, 1000, DayTransform(), "window_day"))
        properties = {**_PROPERTIES, "comment": contract.description, "muniment.contract": contract.version}
        return self.catalog.create_table(contract.table, schema, partition_spec=spec, properties=properties)

    def held(self, contract: Contract, as_of: datetime | None = None) -> Mapping[str, Held]:
        """What the table holds by window key."""
        if not self.exists(contract):
            return {}
        return {_window_key(held.path): held for held in self._files(self.catalog.load_table(contract.table), as_of)}

    def _files(self, table: "Table", as_of: datetime | None = None) -> Iterator[Held]:
        snapshot = table.current_snapshot()
        if as_of is not None:
            snapshot = table.snapshot_as_of_timestamp(int(as_of.timestamp() * 1000))
        if snapshot is None:
            return
        for task in table.scan(snapshot_id=snapshot.snapshot_id).plan_files():
            name = PurePosixPath(task.file.file_path).stem
            yield Held(name.rpartition(".")[2], task.file.record_count, task.file.file_path)

    def commit(self, staged: Staged, run_id: str) -> Committed:
        """Replace the window's rows by the staged ones; does nothing when the table holds just these."""
        contract, window = staged.contract, staged.window
        table = self.table(contract)
        held = self.held(contract).get(window.key)
        if held.content_id == staged.content_id if held else not staged.rows:
            return self._committed(table, staged, changed=False)
        properties = {"muniment.run": run_id, "muniment.window": window.key}
        self._swap(table, window, self._store_rows(staged), properties, replaces=held is not None)
        return self._committed(table.refresh(), staged, changed=True)

    def _store_rows(self, staged: Staged) -> list[str]:
        """The locations of the window's data files: one, or none when there are no rows."""
        if not staged.rows:
            return []
        window = staged.window
        key = f"processed/{staged.contract.table}/{window.path}/{window.slug}.{staged.content_id}.parquet"
        self._store.replace(key, staged.path)
        return [self._store.location(key)]

    def _swap(
        self, table: "Table", window: Window, paths: list[str], properties: dict[str, str], *, replaces: bool
    ) -> None:
        with table.transaction() as transaction:
            if replaces:
                of_window = f"window_start == '{window.start.isoformat()}'"
                transaction.delete(of_window, snapshot_properties=properties)
            if paths:
                transaction.add_files(paths, snapshot_properties=properties)

    def _committed(self, table: "Table", staged: Staged, *, changed: bool) -> Committed:
        snapshot = table.current_snapshot()
        return Committed(
            staged.contract.table,
            staged.window.key,
            staged.rows,
            staged.content_id,
            snapshot.snapshot_id if snapshot else None,
            changed,
        )

    def scan(
        self,
        contract: Contract,
        window: Window | None = None,
        columns: list[str] | None = None,
        batch_rows: int = 20_000,
    ) -> Iterator["pa.RecordBatch"]:
        """Rows of one window, or of all in time order, in batches."""
        held = self.held(contract)
        keys = [window.key] if window else sorted(held, key=lambda key: windows.parse(key).start)
        for key in keys:
            if key in held:
                dataset = self._dataset([held[key].path], contract)
                yield from dataset.scanner(columns=columns, batch_size=batch_rows, use_threads=False).to_batches()

    def dataset(self, contract: Contract, as_of: datetime | None = None) -> Any:
        """The table as an Arrow dataset, now or as of an instant."""
        return self._dataset([held.path for held in self.held(contract, as_of).values()], contract)

    def _dataset(self, paths: list[str], contract: Contract) -> Any:
        import pyarrow.dataset as ds

        filesystem, root = self._store.arrow()
        inside = [f"{root}/{path.removeprefix(self._store.location(''))}" for path in paths]
        return ds.dataset(inside, schema=contract.arrow_schema, format="parquet", filesystem=filesystem)


def _window_key(path: str) -> str:
    """The window in a data file's name, `2026-03-08-0600.<content>.parquet`."""
    slug = PurePosixPath(path).name.split(".")[0]
    return f"{slug[:-2]}:{slug[-2:]}"


def iceberg_schema(contract: Contract) -> Any:
    """The Iceberg schema of a contract, with descriptions as field docs."""
    import pyarrow as pa
    from pyiceberg import types as t
    from pyiceberg.schema import Schema

    def convert(arrow: pa.DataType, element_id: int) -> t.IcebergType:
        if pa.types.is_decimal(arrow):
            return t.DecimalType(arrow.precision, arrow.scale)
        if pa.types.is_list(arrow):
            return t.ListType(element_id, t.FloatType(), element_required=False)
        return {
            pa.string(): t.StringType(),
            pa.date32(): t.DateType(),
            pa.timestamp("us", tz="UTC"): t.TimestamptzType(),
            pa.int64(): t.LongType(),
            pa.int32(): t.IntegerType(),
            pa.bool_(): t.BooleanType(),
            pa.float64(): t.DoubleType(),
        }[arrow]

    columns = contract.all_columns
    return Schema(
        *(
            t.NestedField(i, c.name, convert(c.arrow_type, len(columns) + i), required=c.required, doc=c.description)
            for i, c in enumerate(columns, start=1)
        )
    )
