"""A table with a column of every type, rows for it, and staging them: for tests of what carries rows."""

import math
from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
from hypothesis import strategies as st

from muniment import windows
from muniment.contract import Column, Contract, Thresholds
from muniment.staging import Staged, Writer

Row = dict[str, Any]

COLUMNS = (
    Column("name", "text", "What tells rows apart", required=True, critical=True),
    Column("note", "text", "Any text"),
    Column("small", "integer", "A whole number"),
    Column("large", "bigint", "A large whole number"),
    Column("share", "double", "A number"),
    Column("amount", "decimal(14,2)", "Dollars"),
    Column("area", "decimal(12,4)", "Hectares"),
    Column("day", "date", "A date"),
    Column("instant", "timestamptz", "An instant"),
    Column("flag", "boolean", "Yes or no"),
)


def contract_of(*columns: Column, **changes: Any) -> Contract:
    """A contract for a test; its key is its first column."""
    settings: dict[str, Any] = {
        "name": "samples",
        "version": "1.0.0",
        "description": "Rows of a test",
        "granularity": "One row a sample",
        "origin": "register",
        "namespace": "lake",
        "columns": columns,
        "key": (columns[0].name,),
        "thresholds": Thresholds(0.95, 0.99, 0.98),
        "retention_days": 1,
    }
    return Contract(**(settings | changes))


EVERY_TYPE = contract_of(*COLUMNS)
VECTORS = contract_of(*COLUMNS[:2], Column("vector", "vector(3)", "Three numbers"), name="vectors")


def money(digits: int, places: int) -> st.SearchStrategy[Decimal]:
    """Decimals of a type, to its very ends."""
    end = 10**digits - 1
    return st.integers(-end, end).map(lambda number: Decimal(number).scaleb(-places))


# Any text that PostgreSQL and Parquet can hold.
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
instants = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC))
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "note": texts,
    "small": st.integers(-(2**31), 2**31 - 1),
    "large": st.integers(-(2**63), 2**63 - 1),
    "share": st.floats(allow_nan=False),
    "amount": money(14, 2),
    "area": money(12, 4),
    "day": st.dates(date(1, 1, 1), date(9999, 12, 31)),
    "instant": instants,
    "flag": st.booleans(),
}
rows_of_every_type = st.lists(
    st.fixed_dictionaries({name: st.none() | values for name, values in VALUES.items()}), max_size=8
).map(lambda rows: [{"name": f"row {at}", **row} for at, row in enumerate(rows)])


def stage(
    folder: Path, contract: Contract, key: str, rows: Iterable[Row], run_id: str = "run-1", *, cut: int = 0
) -> Staged:
    """Rows staged for the window `key`; with `cut`, given as batches of so many rows."""
    rows = list(rows)
    with Writer(contract, windows.parse(key), run_id, folder) as writer:
        if cut:
            table = pa.Table.from_pylist(rows, schema=contract.loose_schema)
            for batch in table.to_batches(max_chunksize=cut):
                writer.add_batch(batch)
        else:
            writer.add(rows)
    return writer.staged


_OF_PATTERN = {
    "^[0-9]+:[0-9]+-[0-9]+( [0-9]+:[0-9]+-[0-9]+)*$": "1:0-{:d}",
    "^[0-9a-f]{16}$": "{:016x}",
    r"^\d{10}$": "{:010}",
    r"^\d{9}$": "{:09}",
    r"^\d{4}-\d{4}$": "2026-{:04}",
    r"^[0-9a-f]{64}$": "{:064x}",
    r"^\d{3} \d{3} \d{3}( \+\d+)?$": "161 234 {:03}",
}


def good_row(contract: Contract, at: int = 0, **values: Any) -> Row:
    """A row that keeps every rule of its contract; rows of different numbers `at` differ in their key."""
    return {column.name: _good(column, at) for column in contract.columns} | values


def _good(column: Column, at: int) -> Any:
    if column.allowed:
        return column.allowed[0]
    if column.pattern:
        return _OF_PATTERN[column.pattern].format(at)
    least = max(column.minimum or 0, (column.valid or {}).get("minimum", 0))
    least = least if column.maximum is None else min(least, column.maximum)
    if column.type.startswith("vector("):
        return [0.5] * int(column.type[7:-1])
    if column.type.startswith("decimal("):
        return Decimal(str(least))
    return {
        "text": f"{column.name} {at}",
        "integer": int(least) + at,
        "bigint": int(least) + at,
        "double": float(least),
        "date": date(2026, 3, 8),
        "timestamptz": datetime(2026, 3, 8, 12, tzinfo=UTC),
        "boolean": True,
    }[column.type]


def plain(rows: Iterable[Row]) -> list[Row]:
    """Rows without their lineage, NaN made comparable, in order of their name."""
    lineage = ("window_start", "window_key", "run_id")
    kept = [{name: _comparable(value) for name, value in row.items() if name not in lineage} for row in rows]
    return sorted(kept, key=lambda row: str(row["name"]))


def _comparable(value: Any) -> Any:
    return "NaN" if isinstance(value, float) and math.isnan(value) else value
