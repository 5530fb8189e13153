"""What PyIceberg is made to do in another way. This module loads it, so nothing imports it before it must.

Files, because PyIceberg makes a view of the store for each table that it loads, with a patience of its own; here all
share one, with that of the settings. Transactions, because it copies a table's metadata, with all that they say of
every snapshot, each time that it looks at them: some sixteen times a commit. What a manifest says of a file, because it
refuses a file with a column that the table dropped.
"""

from collections import defaultdict

import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow.fs import FileSystem
from pyiceberg.io import FileIO
from pyiceberg.io.pyarrow import (
    MetricModeTypes,
    MetricsMode,
    PyArrowFileIO,
    StatisticsCollector,
    _check_pyarrow_schema_compatible,
    compute_statistics_plan,
    data_file_statistics_from_parquet_metadata,
    parquet_path_to_id_mapping,
)
from pyiceberg.manifest import DataFile, DataFileContent, FileFormat
from pyiceberg.table import Transaction
from pyiceberg.table.metadata import TableMetadata
from pyiceberg.types import StringType

from muniment.objects import s3_files

_DROPPED = -1  # no column has this number


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


def data_file(io: FileIO, metadata: TableMetadata, location: str) -> DataFile:
    """What a manifest says of a file of ours. Of columns that the table has not, which it dropped, it says nothing.

    ValueError when another column is not as the table has it.
    """
    stored = io.new_input(location)
    with stored.open() as stream:
        found = pq.read_metadata(stream)
    schema, columns = metadata.schema(), found.schema.to_arrow_schema()
    known = pa.schema([field for field in columns if field.name in schema.column_names])
    _check_pyarrow_schema_compatible(schema, known, format_version=metadata.format_version)
    untold = StatisticsCollector(_DROPPED, StringType(), MetricsMode(MetricModeTypes.NONE), "")
    statistics = data_file_statistics_from_parquet_metadata(
        parquet_metadata=found,
        stats_columns={**compute_statistics_plan(schema, metadata.properties), _DROPPED: untold},
        parquet_column_mapping=defaultdict(lambda: _DROPPED, parquet_path_to_id_mapping(schema)),
    )
    statistics.column_sizes.pop(_DROPPED, None)
    return DataFile.from_args(
        content=DataFileContent.DATA,
        file_path=location,
        file_format=FileFormat.PARQUET,
        partition=statistics.partition(metadata.spec(), schema),
        file_size_in_bytes=len(stored),
        sort_order_id=None,
        spec_id=metadata.default_spec_id,
        equality_ids=None,
        key_metadata=None,
        **statistics.to_serialized_dict(),
    )
