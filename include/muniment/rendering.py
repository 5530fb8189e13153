"""Rows for people and programs: as a table, CSV or JSON. Where rows come from does not belong here."""

import csv
import json
import sys
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from itertools import islice
from typing import Any, TextIO

_SHOWN = 1000


class Format(StrEnum):
    """How rows are written."""

    table = "table"
    csv = "csv"
    json = "json"


def write(names: Sequence[str], rows: Iterable[Sequence[Any]], form: Format, out: TextIO = sys.stdout) -> None:
    """Write rows in a format; a table shows the first thousand and says so, the others are complete."""
    {Format.table: _table, Format.csv: _csv, Format.json: _json}[form](names, rows, out)


def _csv(names: Sequence[str], rows: Iterable[Sequence[Any]], out: TextIO) -> None:
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([_plain(value) for value in row] for row in rows)


def _json(names: Sequence[str], rows: Iterable[Sequence[Any]], out: TextIO) -> None:
    out.write("[")
    for position, row in enumerate(rows):
        record = {name: _plain(value) for name, value in zip(names, row, strict=True)}
        out.write((",\n " if position else "\n ") + json.dumps(record, ensure_ascii=False, default=str))
    out.write("\n]\n")


def _table(names: Sequence[str], rows: Iterable[Sequence[Any]], out: TextIO) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    iterator = iter(rows)
    shown = list(islice(iterator, _SHOWN))
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in names:
        table.add_column(Text(name))
    for row in shown:
        table.add_row(*(Text("" if value is None else str(_plain(value))) for value in row))
    console = Console(file=out, soft_wrap=not out.isatty(), width=None if out.isatty() else 10_000)
    console.print(table)
    if next(iterator, None) is not None:
        console.print(f"… more than {_SHOWN} rows; --format csv gives all", style="dim")


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, (bytes, memoryview)):
        return bytes(value).hex()
    return value
