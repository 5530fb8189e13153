"""Batches of rows on their way into a table: written to a local Parquet file in bounded memory, not yet visible.

Checking a staged batch and committing it belong to the gate and the lake.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from muniment.contract import LINEAGE, Contract
from muniment.windows import Window

ROWS = 20_000


@dataclass(frozen=True)
class Staged:
    """A batch in a local file. `content_id` names the rows whatever run wrote them."""

    contract: Contract
    window: Window
    path: Path
    rows: int
    content_id: str

    def batches(self, columns: list[str] | None = None) -> Iterator[pa.RecordBatch]:
        """The rows again, at most `ROWS` at a time."""
        with pq.ParquetFile(self.path) as file:
            yield from file.iter_batches(ROWS, columns=columns)


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
        self._digest = hashlib.sha256(str(self._plain).encode())
        self._rows = 0

    def __enter__(self) -> "Writer":
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._file = pq.ParquetWriter(self._path, self._schema, compression="zstd")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self._flush()
        self._file.close()

    def add(self, rows: Iterable[dict[str, Any]]) -> None:
        """Append rows given as dictionaries of the contract's columns; absent columns are null."""
        for row in rows:
            self._pending.append(row)
            if len(self._pending) >= ROWS:
                self._flush()

    def add_batch(self, batch: pa.RecordBatch) -> None:
        """Append a batch that has the contract's columns, in any order."""
        self._flush()
        arrays = [batch.column(name) for name in self._plain.names]
        self._write(pa.RecordBatch.from_arrays(arrays, schema=self._plain))

    def _flush(self) -> None:
        if self._pending:
            rows, self._pending = self._pending, []
            self._write(pa.RecordBatch.from_pylist(rows, schema=self._plain))

    def _write(self, batch: pa.RecordBatch) -> None:
        self._digest.update(batch.serialize())
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
        return Staged(self.contract, self._window, self._path, self._rows, self._digest.hexdigest()[:16])
