"""Rows of a Parquet file of any size, in little memory. What the rows are belongs to whoever reads them."""

from collections.abc import Iterator
from itertools import accumulate, groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq


def batches(
    file: "pq.ParquetFile", rows: int, columns: list[str] | None = None, *, use_threads: bool = True
) -> Iterator["pa.RecordBatch"]:
    """The rows in their order, at most so many at a time.

    One of Arrow's readers holds what it has read until its end, all of a file in the end. So there is one for each few
    row groups, as many as begin within so many rows.
    """
    counts = (file.metadata.row_group(number).num_rows for number in range(file.num_row_groups))
    starts = list(accumulate(counts, initial=0))
    for _, together in groupby(range(file.num_row_groups), lambda number: starts[number] // rows):
        yield from file.iter_batches(rows, list(together), columns, use_threads=use_threads)
