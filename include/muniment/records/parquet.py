"""Parquet: columns spelled as text for the row rules. A type that may have lost something is refused."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pyarrow import types

from muniment.contract import Column, Contract
from muniment.parquet import batches
from muniment.records.rows import TextRows, Unreadable, shown

_BATCH_BYTES = 64 << 20
_LARGEST_GROUP = 2 << 30


def read(path: Path, contract: Contract, batch_rows: int) -> Iterator[TextRows]:
    """The records of a Parquet file as text; a record's line is its row, from 1."""
    if path.stat().st_size == 0:
        raise Unreadable("empty", "The file is empty: it has no bytes.")
    with _refusing_damage(), path.open("rb") as source:
        names, unknown = _names(pq.read_schema(source), contract)
        wanted = [name for name in names if name]
        at_once = _rows_at_once(source, wanted, batch_rows)
        file = pq.ParquetFile(source, buffer_size=1 << 20, pre_buffer=False, page_checksum_verification=True)
        row = 1
        for batch in batches(file, at_once, wanted, use_threads=False):
            batch.validate(full=True)
            columns = [_text(batch.column(name)) if name else pa.nulls(len(batch), pa.string()) for name in names]
            yield TextRows(list(range(row, row + len(batch))), columns, [], unknown)
            row += len(batch)
        if row == 1:
            yield TextRows([], [pa.nulls(0, pa.string())] * len(names), [], unknown)


def _rows_at_once(source: BinaryIO, wanted: list[str], batch_rows: int) -> int:
    """So many rows that their text takes about 64 MiB, even if each repeats a dictionary's longest word."""
    file = pq.ParquetFile(source, read_dictionary=wanted, buffer_size=1 << 20, pre_buffer=False)
    longest = 1
    for number in range(file.num_row_groups):
        group = file.metadata.row_group(number)  # not its columns: Arrow ends the process over a damaged one
        if group.total_byte_size > _LARGEST_GROUP:
            raise Unreadable("unreadable", f"Row group {number + 1} is too large. Write groups of fewer rows.")
        longest = max(longest, group.total_byte_size // max(group.num_rows, 1))
        for row in file.iter_batches(1, row_groups=[number], columns=wanted, use_threads=False):
            words = [c.dictionary for c in row.columns if types.is_dictionary(c.type)]
            longest = max(longest, sum(pc.max(pc.binary_length(w)).as_py() or 0 for w in words))
            break
    return max(1, min(batch_rows, _BATCH_BYTES // longest))


@contextmanager
def _refusing_damage() -> Iterator[None]:
    """Turns what Arrow raises over damaged bytes into Unreadable."""
    try:
        yield
    except (pa.ArrowException, OSError, ValueError, MemoryError, OverflowError) as error:
        first = str(error).strip().splitlines() or [type(error).__name__]
        raise Unreadable("unreadable", f"The file is not sound Parquet ({first[0][:200]}). Write it again.") from error


def _names(schema: pa.Schema, contract: Contract) -> tuple[list[str | None], tuple[str, ...]]:
    """The file's name of each input column, None where absent, and the names that are no column."""
    spelled: dict[str, list[str]] = {}
    for name in schema.names:
        spelled.setdefault(name.strip().lower(), []).append(name)
    columns = contract.input_columns
    missing = [c.name for c in columns if c.required and c.name not in spelled]
    if missing:
        there = ", ".join(map(shown, schema.names[:50]))
        raise Unreadable(
            "missing_columns",
            f"{contract.name} needs the columns {', '.join(missing)}. The file has {there}.",
        )
    twice = [c.name for c in columns if len(spelled.get(c.name, ())) > 1]
    if twice:
        raise Unreadable(
            "unreadable", f"The file names {', '.join(twice)} more than once. Keep one column of each name."
        )
    names = [spelled[c.name][0] if c.name in spelled else None for c in columns]
    for column, name in zip(columns, names, strict=True):
        if name is not None:
            _check_type(column, schema.field(name).type)
    known = {c.name for c in columns}
    unknown = [name[:60] for key, found in spelled.items() if key not in known for name in found]
    return names, tuple(unknown[:100])


def _check_type(column: Column, kind: pa.DataType) -> None:
    if not _fits(column, kind.value_type if types.is_dictionary(kind) else kind):
        raise Unreadable(
            "unreadable",
            f"{column.name} has the Parquet type {kind}, which may have lost part of a {column.type}. "
            f"Write it as {column.arrow_type} or as text.",
        )


def _fits(column: Column, kind: pa.DataType) -> bool:
    if types.is_null(kind) or types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind):
        return True
    fitting = {
        "date": types.is_date(kind),
        "timestamptz": types.is_timestamp(kind) and kind.tz is not None,
        "integer": types.is_integer(kind),
        "bigint": types.is_integer(kind),
        "decimal": types.is_integer(kind) or types.is_decimal(kind),
        "double": types.is_integer(kind) or types.is_floating(kind),
        "boolean": types.is_boolean(kind),
    }
    return bool(fitting.get(column.type.partition("(")[0]))


def _text(values: pa.Array) -> pa.Array:
    """The values as the row rules read them."""
    kind = values.type
    if types.is_dictionary(kind):
        return _text(values.dictionary_decode())
    if types.is_decimal(kind):
        return pc.if_else(pc.equal(values, pa.scalar(0)), "0", values.cast(pa.string()))  # Arrow spells zero as 0E-18
    if types.is_timestamp(kind):
        values = values.cast(pa.timestamp(kind.unit, "UTC"))
    if types.is_date64(kind):
        values = values.cast(pa.date32())
    return values.cast(pa.string())
