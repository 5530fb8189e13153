"""Reading Parquet files piece by piece."""

from pathlib import Path
from random import Random

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import given, settings
from hypothesis import strategies as st

from muniment.parquet import batches


@settings(deadline=None)
@given(st.lists(st.integers(0, 7), max_size=12), st.integers(1, 20))
def test_all_rows_come_in_their_order_however_they_are_grouped(groups: list[int], rows: int) -> None:
    sink = pa.BufferOutputStream()
    with pq.ParquetWriter(sink, pa.schema([("number", pa.int64())])) as writer:
        for at, size in enumerate(groups):
            start = sum(groups[:at])
            writer.write_table(pa.table({"number": pa.array(range(start, start + size), pa.int64())}))
    read = list(batches(pq.ParquetFile(pa.BufferReader(sink.getvalue())), rows))
    assert [number for batch in read for number in batch["number"].to_pylist()] == list(range(sum(groups)))
    assert all(batch.num_rows <= rows for batch in read)


def test_what_is_held_does_not_grow_with_the_file(tmp_path: Path) -> None:
    path, random, size = tmp_path / "large.parquet", Random(1), 1 << 20
    with pq.ParquetWriter(path, pa.schema([("bytes", pa.binary())])) as writer:
        for _ in range(32):
            writer.write_table(pa.table({"bytes": [random.randbytes(size // 8) for _ in range(8)]}))
    before = pa.total_allocated_bytes()
    with pq.ParquetFile(path) as file:
        most = max(pa.total_allocated_bytes() - before for _ in batches(file, 8))
    assert most < 8 * size
