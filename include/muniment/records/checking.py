"""Checking a whole record file into two local files: good rows as Parquet, refused ones as JSON lines.

Made to run in a confined process, because a record file may be as hostile as any. What becomes of the rows is decided
by the stage that asked.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from muniment.contract import Contract
from muniment.parquet import batches
from muniment.records import read_records
from muniment.records.rows import BadRow, Unreadable

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True)
class Checked:
    """What a file held: counts of good and bad rows, and columns that the contract does not know."""

    good: int
    bad: int
    unknown: tuple[str, ...]


def check_file(path: Path, contract: Contract, good: Path, bad: Path) -> Checked | Unreadable:
    """Write the file's good rows to `good` and its bad ones to `bad`; Unreadable is returned, not raised."""
    import pyarrow.parquet as pq

    counts = [0, 0]
    unknown: tuple[str, ...] = ()
    writer: pq.ParquetWriter | None = None
    try:
        with bad.open("w", encoding="utf-8") as refused:
            for batch in read_records(path, contract):
                writer = writer or pq.ParquetWriter(good, batch.rows.schema, compression="zstd")
                writer.write_batch(batch.rows)
                refused.writelines(json.dumps(asdict(row)) + "\n" for row in batch.bad)
                counts = [counts[0] + batch.rows.num_rows, counts[1] + len(batch.bad)]
                unknown = batch.unknown
    except Unreadable as error:
        return error
    finally:
        if writer:
            writer.close()
    return Checked(counts[0], counts[1], unknown)


def good_rows(path: Path) -> "Iterator[pa.RecordBatch]":
    """The good rows that a check wrote."""
    import pyarrow.parquet as pq

    with pq.ParquetFile(path) as file:
        yield from batches(file, 20_000)


def bad_rows(path: Path) -> Iterator[BadRow]:
    """The bad rows that a check wrote."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield BadRow(**json.loads(line))
