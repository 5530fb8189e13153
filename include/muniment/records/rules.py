"""The hard row rules: text becomes values of the contract's types, or a fault. One engine for all formats.

Whole columns are checked at once with Arrow; only rows at fault are looked at one by one. How a file is cut
into rows belongs to the reader of its format.
"""

from collections.abc import Iterator
from decimal import Decimal
from hashlib import blake2b
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from muniment.contract import BY_FIELD, Column, Contract
from muniment.records.rows import BadRow, Batch, TextRows, shown

_DATE = r"[1-9]\d{3}-\d{2}-\d{2}"
_CLOCK = r"\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?"
_OFFSET = r"(Z|[+-](0\d|1[0-4])(:?[0-5]\d)?)"
_SHAPES = {
    "date": f"^{_DATE}$",
    "timestamptz": f"^{_DATE}[T ]{_CLOCK}{_OFFSET}$",
    "integer": r"^-?\d+$",
    "bigint": r"^-?\d+$",
    "boolean": r"^(?i:true|false)$",
    "double": r"^[+-]?\d+(\.\d*)?([eE][+-]?\d+)?$",
}
_MEANINGS = {
    "text": "text that can be stored: it contains a NUL character",
    "date": "a date as YYYY-MM-DD",
    "timestamptz": "an instant with its offset, such as 2026-03-08T06:00:00-07:00, to the microsecond",
    "integer": "a whole number of at most 32 bits",
    "bigint": "a whole number of at most 64 bits",
    "boolean": "true or false",
    "double": "a finite number",
}
_LAST_INSTANT = pa.scalar("9999-12-31T23:59:59.999999Z").cast(pa.timestamp("us", tz="UTC"))


class _Fault(NamedTuple):
    """A rule and the rows that break it (null counts as kept)."""

    reason: str
    broken: pa.BooleanArray
    message: str


class Rules:
    """The rules of one contract over the batches of one file, since a key must not repeat within a file."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self._columns = contract.input_columns
        self._line_of_key: dict[bytes, int] = {}
        declared = contract.arrow_schema
        self._schema = pa.schema([declared.field(name) for name in (*(c.name for c in self._columns), "source_line")])

    def check(self, rows: TextRows) -> Batch:
        """The rows that keep every rule as typed values, and the others as bad rows, both in file order."""
        faults: dict[int, list[BadRow]] = {}
        values: dict[str, pa.Array] = {}
        for column, spelled in zip(self._columns, rows.columns, strict=True):
            text = _trimmed(spelled)
            values[column.name] = value = _parsed(column, text)
            for fault in _faults(column, text, value):
                for at in _positions(fault.broken):
                    said = BadRow(rows.lines[at], column.name, fault.reason, _sentence(column, text[at].as_py(), fault))
                    faults.setdefault(at, []).append(said)
        if any(column.pii == BY_FIELD for column in self._columns):
            self._find_impossible(values, rows.lines, faults)
        self._find_repeated(values, rows.lines, faults)
        arrays = [*values.values(), pa.array(rows.lines, pa.int64())]
        kept = np.delete(np.arange(len(rows.lines)), list(faults)) if faults else None
        good = arrays if kept is None else [array.take(pa.array(kept)) for array in arrays]
        bad = sorted([*rows.malformed, *map(_merged, faults.values())], key=lambda row: row.line)
        return Batch(pa.RecordBatch.from_arrays(good, schema=self._schema), bad, rows.unknown)

    def _find_impossible(self, values: dict[str, pa.Array], lines: list[int], faults: dict[int, list[BadRow]]) -> None:
        """Adds a fault to each row, good so far, that corrects what does not exist or by what cannot be."""
        from muniment.corrections import fault

        pairs = zip(values["field"].to_pylist(), values["value"].to_pylist(), strict=True)
        for at, (field, value) in enumerate(pairs):
            if at not in faults and (found := fault(field, value)):
                column, said = found
                faults[at] = [BadRow(lines[at], column, "bad_value", f"{column} of {shown(field)} {said}")]

    def _find_repeated(self, values: dict[str, pa.Array], lines: list[int], faults: dict[int, list[BadRow]]) -> None:
        """Adds a fault to each row, good so far, whose key an earlier good row of the file has."""
        name = ", ".join(self._contract.key)
        for at, key in enumerate(_keys([values[column] for column in self._contract.key])):
            if at in faults:
                continue
            first = self._line_of_key.setdefault(key, lines[at])
            if first != lines[at]:
                said = f"{name}: the same key stands at line {first} already"
                faults[at] = [BadRow(lines[at], name, "duplicate_key", said)]


def _trimmed(text: pa.Array) -> pa.Array:
    """Without surrounding white space; null where nothing is left."""
    text = pc.utf8_trim_whitespace(text)
    return pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.string()), text)


def _parsed(column: Column, text: pa.Array) -> pa.Array:
    """The values of the column's type, null where the text spells none."""
    kind = column.arrow_type
    if column.type == "text":
        return _where(text, pc.invert(pc.match_substring(text, "\0")))
    if column.type == "timestamptz":
        text = pc.replace_substring_regex(text, r"(\.\d{6})0+", r"\1")
    shape = _decimal_shape(kind) if pa.types.is_decimal(kind) else _SHAPES[column.type]
    value = _cast(_where(text, pc.match_substring_regex(text, shape)), kind)
    if column.type == "timestamptz":
        return _where(value, pc.less_equal(value, _LAST_INSTANT))
    if column.type == "double":
        return _where(value, pc.is_finite(value))
    return value


def _decimal_shape(kind: pa.Decimal128Type) -> str:
    """Digits that fit the type without loss: zeros may lead and trail."""
    return rf"^[+-]?0*\d{{0,{kind.precision - kind.scale}}}(\.\d{{0,{kind.scale}}}0*)?$"


def _cast(text: pa.Array, kind: pa.DataType) -> pa.Array:
    """The text as `kind`, null where that fails (30 February). Arrow casts all or nothing, so halves are tried."""
    try:
        return text.cast(kind)
    except pa.ArrowInvalid:
        if len(text) == 1:
            return pa.nulls(1, kind)
        half = len(text) // 2
        return pa.concat_arrays([_cast(text[:half], kind), _cast(text[half:], kind)])


def _where(values: pa.Array, condition: pa.BooleanArray) -> pa.Array:
    """The values for which the condition holds, null elsewhere."""
    return pc.if_else(condition, values, pa.scalar(None, values.type))


def _faults(column: Column, text: pa.Array, value: pa.Array) -> Iterator[_Fault]:
    if column.required:
        yield _Fault("missing_value", text.is_null(), "is missing")
    yield _Fault("bad_value", pc.and_(text.is_valid(), value.is_null()), f"is not {_meaning(column)}")
    if column.pattern:
        yield _Fault(
            "bad_value",
            pc.invert(pc.match_substring_regex(value, column.pattern)),
            f"does not match {column.pattern}",
        )
    if column.allowed:
        known = pc.is_in(value, pa.array(column.allowed))
        yield _Fault("not_allowed", pc.and_not(value.is_valid(), known), f"is none of {', '.join(column.allowed)}")
    if column.minimum is not None:
        yield _Fault("bad_value", pc.less(value, _bound(column.minimum, value)), f"is less than {column.minimum:g}")
    if column.maximum is not None:
        yield _Fault("bad_value", pc.greater(value, _bound(column.maximum, value)), f"is more than {column.maximum:g}")


def _bound(limit: float, value: pa.Array) -> Any:
    return limit if pa.types.is_floating(value.type) else pa.scalar(Decimal(str(limit)))


def _meaning(column: Column) -> str:
    kind = column.arrow_type
    if pa.types.is_decimal(kind):
        whole = kind.precision - kind.scale
        return f"a number with at most {whole} digits before the point and {kind.scale} after it"
    return _MEANINGS[column.type]


def _positions(broken: pa.BooleanArray) -> list[int]:
    if not broken.true_count:
        return []
    positions: list[int] = np.flatnonzero(broken.fill_null(False).to_numpy(zero_copy_only=False)).tolist()
    return positions


def _sentence(column: Column, text: str | None, fault: _Fault) -> str:
    value = "" if text is None else " a value that is personal and not shown here" if column.pii else f" {shown(text)}"
    return f"{column.name}:{value} {fault.message}"


def _merged(faults: list[BadRow]) -> BadRow:
    first = faults[0]
    return BadRow(first.line, first.column, first.reason, "; ".join(fault.message for fault in faults))


def _keys(columns: list[pa.Array]) -> Iterator[bytes]:
    """One short name for each row's key: the key itself, or 16 bytes of digest when it is longer than 15.

    NUL may part the values because no good text contains it.
    """
    texts = [column.cast(pa.string()) for column in columns]
    joined = pc.binary_join_element_wise(*texts, "\0", null_handling="replace").cast(pa.binary())
    for key in joined.to_pylist():
        yield key if len(key) < 16 else blake2b(key, digest_size=16).digest()
