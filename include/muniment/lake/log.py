"""What the lake remembers of itself: append-only tables of the namespace `control`, apart from those of the contracts.

What is noted, and what follows from it, belongs to who notes it.
"""

import uuid
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa
    from pyiceberg.catalog import Catalog
    from pyiceberg.table import Table

_NAMESPACE = "control"
_MANY = 32  # files of one note each
_PROPERTIES = {
    "format-version": "2",
    "write.metadata.delete-after-commit.enabled": "true",
    "commit.retry.num-retries": "20",  # appends of different notes never conflict
}


@dataclass(frozen=True)
class Log:
    """One such table. Every note has an `id` and the instant `at` in UTC beside the given columns."""

    catalog: "Catalog"
    name: str
    columns: "pa.Schema"

    def append(self, **note: Any) -> str:
        """Add a note and give its id. It comes after all others, though the clock may have been put back."""
        import pyarrow as pa

        mark, after = uuid.uuid4().hex, [one["at"] + timedelta(microseconds=1) for one in self.notes()[-1:]]
        row = {"id": mark, "at": max([datetime.now(UTC), *after]), **note}
        note_alone = pa.Table.from_pylist([row], schema=self._schema)
        self._made().append(note_alone, snapshot_properties={"muniment.note": mark})
        return mark

    def _made(self) -> "Table":
        """The table, made when it is absent; another writer may be making it, too."""
        from pyiceberg.exceptions import NoSuchTableError
        from sqlalchemy.exc import IntegrityError

        try:
            return self.catalog.load_table(self.table)
        except NoSuchTableError:
            with suppress(IntegrityError):
                self.catalog.create_namespace_if_not_exists(_NAMESPACE)
            return self.catalog.create_table_if_not_exists(self.table, self._schema, properties=_PROPERTIES)

    def notes(self) -> list[dict[str, Any]]:
        """All notes, the oldest first; none before the first was added. A commit whose end was not known may have been
        repeated: notes are told apart by their id."""
        from pyiceberg.exceptions import NoSuchTableError

        try:
            rows = self.catalog.load_table(self.table).scan().to_arrow().to_pylist()
        except NoSuchTableError:
            return []
        return sorted({row["id"]: row for row in rows}.values(), key=lambda row: (row["at"], row["id"]))

    def tidy(self) -> None:
        """Put the notes into one file and let the log's history go, once there are many; what is noted stays.

        A reader opens every file, and a table's metadata names every snapshot. Where a note comes in between, it is
        left for the next time.
        """
        import pyarrow.parquet as pq
        from pyiceberg.exceptions import NoSuchTableError
        from pyiceberg.table import TableProperties

        from muniment.lake.snapshots import expire, rewrite
        from muniment.lake.tables import unsettled

        try:
            table = self.catalog.load_table(self.table)
        except NoSuchTableError:
            return
        old = [task.file for task in table.scan().plan_files()]
        if len(old) <= _MANY:
            return
        location = f"{table.location()}/data/{uuid.uuid4().hex}.parquet"
        with table.io.new_output(location).create() as file:
            pq.write_table(table.scan().to_arrow().cast(self._schema), file)
        if table.name_mapping() is None:  # the new file knows columns by name, not by Iceberg's numbers
            with table.transaction() as transaction:
                mapping = table.schema().name_mapping.model_dump_json()
                transaction.set_properties({TableProperties.DEFAULT_NAME_MAPPING: mapping})
        with suppress(*unsettled()):
            rewrite(table, old, [location], {"muniment.step": "tidy"})
            table = self.catalog.load_table(self.table)
            expire(table, {one.snapshot_id for one in table.snapshots()} - {table.metadata.current_snapshot_id}, {})

    @property
    def table(self) -> str:
        """Its name in the catalog."""
        return f"{_NAMESPACE}.{self.name}"

    @property
    def _schema(self) -> "pa.Schema":
        import pyarrow as pa

        instant = pa.timestamp("us", tz="UTC")
        ours = [pa.field("id", pa.string(), nullable=False), pa.field("at", instant, nullable=False)]
        return pa.schema([*ours, *self.columns])
