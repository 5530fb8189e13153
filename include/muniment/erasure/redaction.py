"""Record files without some of their cells: every other byte of a CSV or JSON lines file stays as it is.

What is put in the place of a value follows from its column: nothing where nothing may stand there, else `ERASED`. So a
file that was redacted is read like the table that was (`redacted_rows`), and windows can be run again.
"""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from muniment.contract import Contract
from muniment.erasure.tombstones import Cells, Erased
from muniment.parquet import batches
from muniment.records import csv as csv_records
from muniment.records.rows import Unreadable
from muniment.records.text import Lines, TooLong, open_text

if TYPE_CHECKING:
    import pyarrow as pa

ERASED = "erased"

_ROWS = 1_000  # of a Parquet file at a time

Row = Mapping[str, str]
"""Text by the plain name of its column."""

Lined = Mapping[tuple[str, ...], int]
"""The line of each record by its key, which ends with the object that it was read from."""

Found = Callable[[Row], set[str]]
"""Columns of a row that are to go."""


def blank(contract: Contract, name: str) -> str | None:
    """What stands in a column after its value was erased."""
    column = next((column for column in contract.columns if column.name == name), None)
    return ERASED if column is None or column.required or column.critical else None


def cells_of(path: Path, contract: Contract, found: Found) -> dict[int, tuple[str, ...]]:
    """The cells of a record file that `found` names, by line. Unreadable when the file cannot be read as a whole."""
    rows = _parquet_rows(path) if contract.format == "parquet" else _text_rows(path, contract)
    named = ((line, found(row)) for line, row, _ in rows)
    return {line: tuple(sorted(names)) for line, names in named if names}


def redact(path: Path, contract: Contract, cells: Cells, target: Path) -> None:
    """Write a record file to `target` without some of its cells; lines too long to be records are cut. Unreadable as
    above."""
    if contract.format == "parquet":
        _redact_parquet(path, contract, cells, target)
        return
    with open_text(path) as stream:
        encoding = stream.encoding
    with target.open("w", encoding=encoding, newline="") as copy:
        for line, _, emit in _text_rows(path, contract):
            copy.write(emit(cells.get(line, ())))


def admitted(key: str, sha256: str, spool: Path, erased: Erased) -> bool:
    """Whether a content that lands again may be kept; a record file loses the cells that it lost before."""
    from muniment.contract import contracts
    from muniment.records import contract_for

    if erased.whole(sha256):
        return False
    contract = contract_for(key, contracts().values())
    if (cells := erased.cells(sha256)) and contract:
        copy = spool.with_name("redacted")
        redact(spool, contract, cells, copy)
        copy.replace(spool)
    return True


def redacted_rows(rows: "pa.Table", contract: Contract, cells: Mapping[str, Cells], lines: Lined) -> "pa.Table":
    """Rows of a record table without the cells of some objects (by `source_object_id`); the very table where there are
    none. Outside the vault a value that something is put in the place of keeps its mask."""
    import pyarrow as pa

    gone: dict[str, set[int]] = {}
    for at, row in enumerate(keys_of(rows, contract)):
        for column in cells.get(row[-1], {}).get(lines.get(row, 0), ()):
            gone.setdefault(column, set()).add(at)
    now = rows
    for name in gone.keys() & set(rows.schema.names):
        index = rows.schema.get_field_index(name)
        field, was = rows.schema.field(index), rows.column(index).to_pylist()
        put = _put(contract, name)
        values = [put if at in gone[name] and value is not None else value for at, value in enumerate(was)]
        if values != was:
            now = now.set_column(index, field, pa.array(values, field.type))
    return now


def _put(contract: Contract, name: str) -> str | None:
    put = blank(contract, name)
    column = next(column for column in contract.columns if column.name == name)
    if put is None or contract.namespace == "vault" or not column.pii:
        return put
    return f"[{column.pii.upper()}]"


def keys_of(rows: "pa.Table", contract: Contract) -> list[tuple[str, ...]]:
    """The keys of rows of a record table, as text, each ending with the object."""
    columns = [rows.column(name).to_pylist() for name in (*contract.key, "source_object_id")]
    return [tuple(map(str, key)) for key in zip(*columns, strict=True)]


# --- text -------------------------------------------------------------------------------------------------------------

_LINE_END = re.compile(r"\r\n|\r|\n")

Emit = Callable[[tuple[str, ...]], str]
"""A record as the file shall spell it without some columns."""


def _text_rows(path: Path, contract: Contract) -> Iterator[tuple[int, Row, Emit]]:
    """All that a text file holds, in order: first line, cells and spelling of each record, and of what is none."""
    with open_text(path) as stream, open_text(path) as again:
        lines = Lines(stream)
        yield from _csv_rows(lines, again, contract) if contract.format == "csv" else _json_rows(lines, contract)


_WHOLE = ""
"""Stands for all of a line that cannot be told apart into columns."""


def _unparted(line: int, text: str) -> tuple[int, Row, Emit]:
    ending = text[len(text.rstrip("\r\n")) :]
    return line, {_WHOLE: text}, lambda names: ERASED + ending if _WHOLE in names else text


def _csv_rows(lines: Lines, again: TextIO, contract: Contract) -> Iterator[tuple[int, Row, Emit]]:
    delimiter, header = csv_records.header(lines, contract)
    head = "".join(islice(again, lines.number))
    yield 0, {}, lambda _: head
    names = [csv_records.plain(cell) for cell in header]
    reader = csv.reader(lines, delimiter=delimiter, strict=True, skipinitialspace=True)
    while True:
        start = lines.begin()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except (csv.Error, TooLong):
            text = lines.held_first
            lines.give_back()
            yield _unparted(start, text)
            continue
        if len(cells) != len(names):
            yield _unparted(start, lines.held)
        else:
            yield start, _by_name(names, cells), _csv_emit(contract, names, cells, lines.held, delimiter)


def _by_name(names: list[str], cells: list[str]) -> Row:
    """Cells by column; those of one name together."""
    row: dict[str, str] = {}
    for name, cell in zip(names, cells, strict=True):
        row[name] = f"{row[name]}\n{cell}" if name in row else cell
    return row


def _csv_emit(contract: Contract, names: list[str], cells: list[str], text: str, delimiter: str) -> Emit:
    def emit(erased: tuple[str, ...]) -> str:
        if not erased:
            return text
        there = zip(names, cells, strict=True)
        kept = [(blank(contract, name) or "") if name in erased else cell for name, cell in there]
        spelled = io.StringIO(newline="")
        # Quoted, else a space that begins a cell would be lost.
        csv.writer(spelled, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerow(kept)
        body, ending = spelled.getvalue().removesuffix("\r\n"), text[len(text.rstrip("\r\n")) :]
        missing = len(_LINE_END.findall(text)) - len(_LINE_END.findall(body + ending))
        return body + ending + "\n" * missing  # later records keep their lines

    return emit


class _Spelled(str):
    """A number or constant of JSON as it is spelled."""


_decode = json.JSONDecoder(parse_float=_Spelled, parse_int=_Spelled, parse_constant=_Spelled).decode


def _json_rows(lines: Lines, contract: Contract) -> Iterator[tuple[int, Row, Emit]]:
    while True:
        start = lines.begin()
        try:
            text = next(lines)
        except StopIteration:
            return
        except TooLong:
            yield _unparted(start, lines.held)
            continue
        try:
            value = _decode(text)
        except (ValueError, RecursionError):
            yield _unparted(start, text)
            continue
        if not isinstance(value, dict):
            yield _unparted(start, text)
        else:
            row = {_plain(name): one if isinstance(one, str) else json.dumps(one) for name, one in value.items()}
            yield start, row, _json_emit(contract, value, text)


def _json_emit(contract: Contract, value: Mapping[str, Any], text: str) -> Emit:
    def emit(erased: tuple[str, ...]) -> str:
        if not erased:
            return text
        ending = text[len(text.rstrip("\r\n")) :]
        kept = {name: blank(contract, _plain(name)) if _plain(name) in erased else one for name, one in value.items()}
        return _spell(kept) + ending

    return emit


def _plain(name: str) -> str:
    return name.strip().lower()


def _spell(value: Any) -> str:
    """A value as JSON, numbers as they were."""
    if isinstance(value, _Spelled):
        return str(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(name)}: {_spell(one)}" for name, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_spell, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


# --- Parquet ----------------------------------------------------------------------------------------------------------


def _parquet_rows(path: Path) -> Iterator[tuple[int, Row, None]]:
    rows = (row for batch in _batches(path) for row in batch.to_pylist())
    for line, row in enumerate(rows, start=1):
        yield line, {_plain(name): str(value) for name, value in row.items() if value is not None}, None


def _redact_parquet(path: Path, contract: Contract, cells: Cells, target: Path) -> None:
    import pyarrow.parquet as pq

    with _sound():
        schema = pq.read_schema(path)
    line = 1
    with pq.ParquetWriter(target, schema, compression="zstd") as writer:
        for batch in _batches(path):
            lines = range(line, line + len(batch))
            columns = [
                _redacted(batch.column(at), lines, cells, _plain(field.name), contract)
                for at, field in enumerate(batch.schema)
            ]
            writer.write_batch(batch.from_arrays(columns, schema=batch.schema))
            line = lines.stop


def _redacted(values: "pa.Array", lines: range, cells: Cells, name: str, contract: Contract) -> "pa.Array":
    """The values of a column in some lines without its cells."""
    import pyarrow as pa

    gone = [name in cells.get(line, ()) for line in lines]
    if not any(gone):
        return values
    put = blank(contract, name) if pa.types.is_string(values.type) else None
    was = zip(gone, values.to_pylist(), strict=True)
    return pa.array([put if erased and value is not None else value for erased, value in was], values.type)


def _batches(path: Path) -> Iterator["pa.RecordBatch"]:
    import pyarrow.parquet as pq

    with _sound(), pq.ParquetFile(path) as file:
        yield from batches(file, _ROWS)


@contextmanager
def _sound() -> Iterator[None]:
    """Turns what Arrow raises over damaged bytes into Unreadable."""
    import pyarrow as pa

    try:
        yield
    except (pa.ArrowException, OSError, ValueError) as error:
        raise Unreadable("unreadable", f"The file is not sound Parquet ({error}).") from None
