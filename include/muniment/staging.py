"""Batches of rows on their way into a table: written to a local Parquet file in bounded memory, not yet visible.

Checking a staged batch and committing it belong to the gate and the lake.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from muniment.contract import LINEAGE, Contract
from muniment.parquet import batches
from muniment.windows import Window

ROWS = 20_000
_BATCH_BYTES = 16 * 2**20
_PENDING = 2_000  # rows given as dictionaries, which take several times what they take in columns


@dataclass(frozen=True)
class Staged:
    """A batch in a local file. `content_id` names the rows in their order, whatever run wrote them, in what pieces."""

    contract: Contract
    window: Window
    path: Path
    rows: int
    content_id: str

    def batches(self, columns: list[str] | None = None) -> Iterator[pa.RecordBatch]:
        """The rows again, at most `ROWS` at a time and fewer where they are large."""
        with pq.ParquetFile(self.path) as file:
            groups = [file.metadata.row_group(number) for number in range(file.num_row_groups)]
            size = max(1, sum(group.total_byte_size for group in groups))
            rows = max(1, min(ROWS, _BATCH_BYTES * file.metadata.num_rows // size))
            yield from batches(file, rows, columns)


class Writer:
    """Writes the rows of one contract and window; use as a context manager, then `staged`."""

    def __init__(self, contract: Contract, window: Window, run_id: str, folder: Path) -> None:
        self.contract = contract
        self._window = window
        self._run_id = run_id
        self._path = folder / f"{contract.table}.{window.slug}.parquet"
        self._schema = contract.arrow_schema
        self._plain = pa.schema(list(self._schema)[: -len(LINEAGE)])
        self._pending: list[dict[str, Any]] = []
        self._characters = 0
        self._digests = defaultdict[tuple[str, int], Any](hashlib.sha256)
        self._rows = 0

    def __enter__(self) -> "Writer":
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._file = pq.ParquetWriter(self._path, self._schema, compression="zstd")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._file:
            if error is None:
                self._flush()

    def add(self, rows: Iterable[dict[str, Any]]) -> None:
        """Append rows given as dictionaries of the contract's columns; absent columns are null."""
        for row in rows:
            self._pending.append(row)
            self._characters += sum(len(value) for value in row.values() if isinstance(value, str))
            if len(self._pending) >= min(ROWS, _PENDING) or self._characters >= _BATCH_BYTES:
                self._flush()

    def add_batch(self, batch: pa.RecordBatch) -> None:
        """Append a batch that has the contract's columns, in any order."""
        self._flush()
        arrays = [batch.column(name) for name in self._plain.names]
        self._write(pa.RecordBatch.from_arrays(arrays, schema=self._plain))

    def _flush(self) -> None:
        if self._pending:
            rows, self._pending, self._characters = self._pending, [], 0
            self._write(pa.RecordBatch.from_pylist(rows, schema=self._plain))

    def _write(self, batch: pa.RecordBatch) -> None:
        for name, values in zip(self._plain.names, batch.columns, strict=True):
            for number, stream in enumerate(_streams(values)):
                self._digests[name, number].update(stream)
        self._rows += batch.num_rows
        lineage = (self._window.start, self._window.key, self._run_id)
        constants = [
            pa.repeat(pa.scalar(value, column.arrow_type), batch.num_rows)
            for column, value in zip(LINEAGE, lineage, strict=True)
        ]
        self._file.write_batch(pa.RecordBatch.from_arrays([*batch.columns, *constants], schema=self._schema))

    @property
    def staged(self) -> Staged:
        """The finished batch."""
        digest = hashlib.sha256(repr([(column.name, column.type) for column in self.contract.columns]).encode())
        for place in sorted(self._digests):
            digest.update(self._digests[place].digest())
        return Staged(self.contract, self._window, self._path, self._rows, digest.hexdigest()[:16])


def _streams(values: pa.Array) -> Iterator[bytes | memoryview]:
    """What a column holds, as streams that only grow with each batch: where values are, how long they are, their bytes.

    What a buffer holds where a value is null is no part of them, because it is whatever was there before.
    """
    yield _bytes(values.is_valid())
    values = values.drop_null()
    if pa.types.is_list(values.type):
        yield _bytes(pc.list_value_length(values))
        yield _bytes(values.flatten())
    elif pa.types.is_string(values.type):
        yield _bytes(pc.binary_length(values))
        yield b"".join(values.cast(pa.binary()).to_pylist())
    else:
        yield _bytes(values)


def _bytes(values: pa.Array) -> memoryview:
    """The bytes of an array of fixed width without nulls."""
    if not len(values):
        return memoryview(b"")
    if pa.types.is_boolean(values.type):
        values = values.cast(pa.uint8())
    width = values.type.bit_width // 8
    return memoryview(values.buffers()[1])[values.offset * width : (values.offset + len(values)) * width]
