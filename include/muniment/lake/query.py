"""SQL over the lake's tables with DuckDB, now or at another moment. Writing tables belongs to `lake`."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from muniment.contract import Contract, tables
from muniment.errors import MunimentError
from muniment.lake.files import parts
from muniment.lake.schema import Former, LakeError
from muniment.lake.tables import Lake, Moment

_SHUT = (
    "SET TimeZone = 'UTC'; SET enable_external_access = false; SET python_enable_replacements = false; "
    "SET lock_configuration = true"
)
_FILE = re.compile(r"[^\s']*processed/(?P<table>\w+\.\w+)/[^\s']+\.parquet")
_STREAM = re.compile(r"stream registered as '(?P<space>lake|vault)_(?P<name>\w+)' failed: (?P<cause>.+)", re.S)


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
    statement; LakeError names a data file that is gone or damaged, here or while the rows are read.
    """
    import duckdb

    connection = duckdb.connect(":memory:")
    with _explained(_about(lake, vault)):
        if len(duckdb.extract_statements(statement)) != 1:
            raise LakeQueryError("Give one statement, such as: select * from documents")
        for contract in _wanted(statement, vault) if lake.present() else ():
            _register(connection, lake, contract, when(contract))
        connection.execute(_SHUT)
        cursor = connection.execute(statement)
    return [column[0] for column in cursor.description or ()], _rows(cursor)


def _about(lake: Lake, vault: bool) -> str:
    """Which tables there are, for whoever wrote a statement that cannot be used."""
    names = ", ".join(contract.table for contract in _visible(vault))
    return f"\nTables: {names}" if lake.present() else "\nThere are no tables yet. Start with: muniment run"


@contextmanager
def _explained(about: str = "") -> Iterator[None]:
    """Turns what DuckDB says of a statement into LakeQueryError, with something `about` the tables, and what it or
    Arrow says of a data file into LakeError."""
    import duckdb

    try:
        yield
    except (duckdb.Error, OSError) as error:
        asked_for = isinstance(error, duckdb.PermissionException)  # a file that a statement names, which is not read
        if not asked_for and (lost := _lost(str(error))):
            raise LakeError(lost) from error
        if isinstance(error, OSError):
            raise
        raise LakeQueryError(f"{error}{about}") from None


def _lost(said: str) -> str:
    """What is wrong with a data file, and what to do, by what was said as it was read; empty when it was no file."""
    file, stream = _FILE.search(said), _STREAM.search(said)
    if not file and not stream:
        return ""
    table = file["table"] if file else f"{stream['space']}.{stream['name']}" if stream else ""
    cause = f"damaged ({' '.join(stream['cause'].split())})" if stream else f"gone: {said.strip()}"
    return f"{table} cannot be read: a data file of it is {cause}\n{_remedy(file[0] if file else '')}"


def _remedy(location: str) -> str:
    """How a data file comes back: from what was registered, where a run made it of one window, else from a backup."""
    keys = [part.window_key for part in parts(location, 0)] if location else []
    if len(keys) != 1:
        return "Put it back from a backup. The other tables are not affected."
    return (
        f"Its window makes it again: muniment run --from {keys[0]} --to {keys[0]}\nRemove the file first where it is "
        "only damaged. What earlier releases held comes back from a backup alone. The other tables are not affected."
    )


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
    with _explained():
        while rows := cursor.fetchmany(1000):
            yield from rows


def instant(text: str) -> datetime:
    """The instant that a person wrote in ISO 8601; without an offset it is UTC."""
    try:
        if text[10:11] == "-":  # a window key, which is local time
            raise ValueError
        found = datetime.fromisoformat(text)
    except ValueError:
        raise LakeQueryError(f"{text!r} is not an instant: write it like 2026-03-08T18:00:00Z.") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
