"""What PyIceberg is made to do in another way. This module loads it, so nothing imports it before it must.

Files, because PyIceberg makes a view of the store for each table that it loads, with a patience of its own; here all
share one, with that of the settings. Transactions, because it copies a table's metadata, with all that they say of
every snapshot, each time that it looks at them: some sixteen times a commit.
"""

from pyarrow.fs import FileSystem
from pyiceberg.io.pyarrow import PyArrowFileIO
from pyiceberg.table import Transaction
from pyiceberg.table.metadata import TableMetadata

from muniment.objects import s3_files


class Files(PyArrowFileIO):
    """PyIceberg's files through Arrow, with the properties that `Lake` gives its catalog."""

    def _initialize_s3_fs(self, netloc: str | None) -> FileSystem:
        given = self.properties
        if given.get("s3.session-token"):  # credentials that a REST catalog lends
            return super()._initialize_s3_fs(netloc)
        return s3_files(
            given["s3.endpoint"],
            given["s3.region"],
            given["s3.access-key-id"],
            given["s3.secret-access-key"],
            float(given["s3.request-timeout"]),
            int(given["muniment.s3-attempts"]),
        )


class Update(Transaction):
    """A transaction that looks at the table's own metadata, which nobody changes, as long as it holds no change."""

    @property
    def table_metadata(self) -> TableMetadata:
        """The table's metadata with the changes so far."""
        return super().table_metadata if self._updates else self._table.metadata
