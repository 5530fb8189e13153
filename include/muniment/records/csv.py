"""CSV by RFC 4180: comma, semicolon or tab, any line end, line breaks in quotes. No value is judged here."""

import csv
from collections.abc import Iterator
from pathlib import Path

from muniment.contract import Contract
from muniment.records.rows import TextRows, Unreadable, shown
from muniment.records.text import Lines, Record, TooLong, gather, open_text

_BROKEN = "The cells cannot be told apart: look for a quote that is not closed or doubled, or a huge cell."


def read(path: Path, contract: Contract, batch_rows: int) -> Iterator[TextRows]:
    """The records of a CSV file as text; Unreadable when its header lacks a required column."""
    with open_text(path) as stream:
        lines = Lines(stream)
        delimiter, there = header(lines, contract)
        names = [plain(cell) for cell in there]
        known = [c.name for c in contract.input_columns]
        _check_header(there, names, contract)
        places = [names.index(name) if name in names else None for name in known]
        unknown = [cell.strip() for cell, name in zip(there, names, strict=True) if name and name not in known]
        yield from gather(_records(lines, delimiter, len(there)), lines, places, unknown, batch_rows)


def plain(cell: str) -> str:
    """A cell of the header as the name of a column."""
    return cell.strip().lower()


def header(lines: Lines, contract: Contract) -> tuple[str, list[str]]:
    """The delimiter under which the first line names most columns, and its cells."""
    _skip_blank(lines)
    candidates = {delimiter: _first(lines, delimiter) for delimiter in ",;\t"}
    known = {c.name for c in contract.input_columns}
    delimiter = max(candidates, key=lambda d: len(known.intersection(map(plain, candidates[d]))))
    if not candidates[delimiter]:
        raise Unreadable(
            "unreadable",
            f"The header in line {lines.number + 1} is not CSV: look for a quote that is never closed.",
        )
    next(csv.reader(lines, delimiter=delimiter, strict=True, skipinitialspace=True))
    return delimiter, candidates[delimiter]


def _skip_blank(lines: Lines) -> None:
    """Goes to the first line that is not blank."""
    line = ""
    while not line.strip():
        lines.begin()
        try:
            line = next(lines)
        except TooLong:
            raise Unreadable("unreadable", f"The header in line {lines.number} is too long to be one.") from None
    lines.give_back(keep=0)


def _first(lines: Lines, delimiter: str) -> list[str]:
    """The cells of the record ahead, which stays ahead; none when it is not CSV."""
    lines.begin()
    try:
        return next(csv.reader(lines, delimiter=delimiter, strict=True, skipinitialspace=True))
    except (csv.Error, TooLong):
        return []
    finally:
        lines.give_back(keep=0)


def _check_header(header: list[str], names: list[str], contract: Contract) -> None:
    columns = contract.input_columns
    twice = [c.name for c in columns if names.count(c.name) > 1]
    if twice:
        raise Unreadable(
            "unreadable", f"The header names {', '.join(twice)} more than once. Keep one column of each name."
        )
    missing = [c.name for c in columns if c.required and c.name not in names]
    if missing:
        there = _what_was_there(header, names, contract)
        raise Unreadable("missing_columns", f"{contract.name} needs the columns {', '.join(missing)}. {there}")


def _what_was_there(header: list[str], names: list[str], contract: Contract) -> str:
    """The header's cells; not when none is a known column, since it may then be a record of a person."""
    if not set(names).intersection(c.name for c in contract.input_columns):
        return f"None of the {len(header)} cells of the first line names a column of it: is the header missing?"
    there = ", ".join(shown(cell.strip()) for cell in header[:50])
    return f"The header has {there}{' and more' if len(header) > 50 else ''}."


def _records(lines: Lines, delimiter: str, width: int) -> Iterator[Record]:
    """Every record but blank lines. A broken quote costs one line: reading goes on with the next."""
    reader = csv.reader(lines, delimiter=delimiter, strict=True, skipinitialspace=True)
    while True:
        start = lines.begin()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except (csv.Error, TooLong):
            lines.give_back()
            yield start, _BROKEN
            continue
        if len(cells) == width:
            yield start, cells
        elif len(cells) > 1 or (cells and cells[0].strip()):
            yield start, _miscounted(len(cells), width, start, lines.number)


def _miscounted(count: int, width: int, start: int, end: int) -> str:
    over = f" over the lines {start} to {end}: look for a quote that is not closed" if end > start else ""
    return f"The record has {count} cells where the header has {width}{over}."
