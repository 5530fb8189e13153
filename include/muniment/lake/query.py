"""SQL over the lake's tables with DuckDB, now or at another moment. Writing tables belongs to `lake`."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from muniment.contract import Contract, tables
from muniment.errors import MunimentError
from muniment.lake.schema import Former
from muniment.lake.tables import Lake, Moment

_SHUT = (
    "SET TimeZone = 'UTC'; SET enable_external_access = false; SET python_enable_replacements = false; "
    "SET lock_configuration = true"
)


class LakeQueryError(MunimentError):
    """A statement or an instant that cannot be used."""


def _now(_: Contract) -> Moment:
    return None


def query(
    lake: Lake, statement: str, when: Callable[[Contract], Moment] = _now, *, vault: bool = False
) -> tuple[list[str], Iterator[tuple[Any, ...]]]:
    """Column names and rows of one statement. Tables go by their bare name; `vault` opens those of the vault too.

    `when` says at which moment a table is looked at. One that was not written yet, or not at that moment, is empty.
    DuckDB sees nothing but the tables: neither files nor the network. LakeQueryError carries what DuckDB said about the
    statement.
    """
    import duckdb

    connection = duckdb.connect(":memory:")
    try:
        if len(duckdb.extract_statements(statement)) != 1:
            raise LakeQueryError("Give one statement, such as: select * from documents")
        for contract in _wanted(statement, vault) if lake.present() else ():
            _register(connection, lake, contract, when(contract))
        connection.execute(_SHUT)
        cursor = connection.execute(statement)
    except duckdb.Error as error:
        names = ", ".join(contract.table for contract in _visible(vault))
        about = f"Tables: {names}" if lake.present() else "There are no tables yet. Start with: muniment run"
        raise LakeQueryError(f"{error}\n{about}") from None
    return [column[0] for column in cursor.description or ()], _rows(cursor)


def _visible(vault: bool) -> list[Contract]:
    return [contract for contract in tables() if vault or contract.namespace != "vault"]


def _wanted(statement: str, vault: bool) -> list[Contract]:
    """The tables that a statement mentions, so that the others need not be looked up; all when it mentions none."""
    visible = _visible(vault)
    return [contract for contract in visible if _mentions(statement, contract)] or visible


def _mentions(statement: str, contract: Contract) -> bool:
    return re.search(rf"\b{contract.name}\b", statement, re.IGNORECASE) is not None


def _register(connection: Any, lake: Lake, contract: Contract, as_of: Moment) -> None:
    name = f"{contract.namespace}_{contract.name}"
    files, former = lake.files(contract, as_of)
    connection.register(name, files)
    columns = ", ".join(_column(column.name, former) for column in contract.all_columns) if former else "*"
    connection.execute(f"CREATE SCHEMA IF NOT EXISTS {contract.namespace}")
    connection.execute(f"CREATE VIEW {contract.table} AS SELECT {columns} FROM {name}")
    if contract.namespace == "lake":
        connection.execute(f"CREATE VIEW {contract.name} AS FROM {contract.table}")


def _column(name: str, former: Former) -> str:
    """A column in SQL: a file has it under one of its names."""
    names = ", ".join(f'"{one}"' for one in (name, *former.get(name, ())))
    return f'coalesce({names}) AS "{name}"'


def _rows(cursor: Any) -> Iterator[tuple[Any, ...]]:
    import duckdb

    try:
        while rows := cursor.fetchmany(1000):
            yield from rows
    except duckdb.Error as error:
        raise LakeQueryError(str(error)) from None


def instant(text: str) -> datetime:
    """The instant that a person wrote in ISO 8601; without an offset it is UTC."""
    try:
        if text[10:11] == "-":  # a window key, which is local time
            raise ValueError
        found = datetime.fromisoformat(text)
    except ValueError:
        raise LakeQueryError(f"{text!r} is not an instant: write it like 2026-03-08T18:00:00Z.") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
