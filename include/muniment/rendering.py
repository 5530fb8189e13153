"""Rows for people and programs: as a table, CSV or JSON. Where rows come from does not belong here.

Values may come from hostile files. A terminal never gets their control characters, nor those that turn the direction of
text around: tables and JSON spell them out, and so does CSV unless it goes to a file or a program, which get it exact.
"""

import csv
import json
import math
import re
import sys
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from itertools import chain, islice
from typing import Any, TextIO

_SHOWN = 1000
_UNSAFE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


class Format(StrEnum):
    """How rows are written."""

    table = "table"
    csv = "csv"
    json = "json"


def write(names: Sequence[str], rows: Iterable[Sequence[Any]], form: Format, out: TextIO = sys.stdout) -> None:
    """Write rows in a format; a table shows the first thousand and says so, the others are complete."""
    {Format.table: _table, Format.csv: _csv, Format.json: _json}[form](names, rows, out)


def spelled_out(text: str) -> str:
    """Text in which every character that could steer a terminal is spelled as in Python's source: `\\x1b`."""
    return _UNSAFE.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def json_text(value: Any) -> str:
    """A value as indented JSON that a terminal can be shown: the same value to a program."""
    return _escaped(json.dumps(value, ensure_ascii=False, allow_nan=False, indent=2))


def _escaped(text: str) -> str:
    return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _csv(names: Sequence[str], rows: Iterable[Sequence[Any]], out: TextIO) -> None:
    to_terminal = out.isatty()
    plain = csv.writer(out, lineterminator="\n")
    quoted = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL)
    for row in chain([names], rows):
        values = [_plain(value) for value in row]
        if to_terminal:
            values = [spelled_out(value) if isinstance(value, str) else value for value in values]
        bare = any(isinstance(value, str) and "\r" in value for value in values)  # it ends a row unless it is quoted
        (quoted if bare else plain).writerow(values)


def _json(names: Sequence[str], rows: Iterable[Sequence[Any]], out: TextIO) -> None:
    out.write("[")
    for position, row in enumerate(rows):
        record = {name: _jsonable(value) for name, value in zip(names, row, strict=True)}
        text = json.dumps(record, ensure_ascii=False, allow_nan=False)
        out.write((",\n " if position else "\n ") + _escaped(text))
    out.write("\n]\n")


def _table(names: Sequence[str], rows: Iterable[Sequence[Any]], out: TextIO) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    iterator = iter(rows)
    shown = list(islice(iterator, _SHOWN))
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in names:
        table.add_column(Text(spelled_out(name)))
    for row in shown:
        table.add_row(*(Text("" if value is None else spelled_out(str(_plain(value)))) for value in row))
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
        return f"{value:f}"
    if isinstance(value, (bytes, memoryview)):
        return bytes(value).hex()
    return value


def _jsonable(value: Any) -> Any:
    """The value in JSON's own terms: what JSON has no word for becomes text, and what is no number null."""
    value = _plain(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {str(name): _jsonable(inner) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_jsonable(inner) for inner in value]
    return value if value is None or isinstance(value, (str, int)) else str(value)
