"""JSON lines: one object a line. Numbers stay as spelled: no amount passes through floating point."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from muniment.contract import Contract
from muniment.records.rows import TextRows
from muniment.records.text import LONGEST, Lines, Record, TooLong, gather, open_text

_decode = json.JSONDecoder(object_pairs_hook=tuple, parse_float=str, parse_int=str, parse_constant=str).raw_decode
_LITERALS: dict[Any, str] = {True: "true", False: "false"}
_PLAIN = {str, type(None)}


def read(path: Path, contract: Contract, batch_rows: int) -> Iterator[TextRows]:
    """The records of a JSON lines file as text."""
    with open_text(path) as stream:
        lines = Lines(stream)
        objects = _Objects([c.name for c in contract.input_columns])
        places = range(len(contract.input_columns))
        yield from gather(objects.records(lines), lines, places, objects.unknown, batch_rows)


class _Objects:
    """Turns objects into cells in the order of the columns; keeps up to 100 names that are no column."""

    def __init__(self, columns: list[str]) -> None:
        self.unknown: dict[str, None] = {}
        self._columns = columns
        self._layouts: dict[tuple[str, ...], list[int | None] | str] = {}

    def records(self, lines: Lines) -> Iterator[Record]:
        """Every record but blank lines."""
        while True:
            start = lines.begin()
            try:
                text = next(lines).strip()
            except StopIteration:
                return
            except TooLong:
                yield start, f"The line is longer than {LONGEST} characters."
                continue
            if text:
                yield start, self._cells(text)

    def _cells(self, text: str) -> list[str | None] | str:
        """The cells of one line, or what is wrong with it."""
        try:
            pairs, end = _decode(text)
        except json.JSONDecodeError as error:
            return f"The line is not JSON: {error.msg} at character {error.pos + 1}."
        except RecursionError:
            return "The line is JSON that is nested too deeply."
        if end < len(text):
            return f"The line is not JSON: it goes on after its end at character {end + 1}."
        if not isinstance(pairs, tuple):
            return "The line is JSON but no object: write {...} with the columns as names."
        layout = self._layout(tuple([name for name, _ in pairs]))
        if isinstance(layout, str):
            return layout
        cells = [None if at is None else pairs[at][1] for at in layout]
        if not set(map(type, cells)) <= _PLAIN:
            if any(isinstance(cell, list | tuple) for cell in cells):
                return "A column holds a list or an object where one value is expected."
            cells = [_LITERALS.get(cell, cell) for cell in cells]
        if "\\u" in text and not _encodable(cells):
            return "The line contains half of a surrogate pair (\\ud800 to \\udfff), which is no character."
        return cells

    def _layout(self, names: tuple[str, ...]) -> list[int | None] | str:
        """The place of each column among the names of an object, or what is wrong with them."""
        if names not in self._layouts:
            if len(self._layouts) >= 100:
                self._layouts.clear()
            self._layouts[names] = self._new_layout([name.strip().lower() for name in names])
            self._note_unknown(names)
        return self._layouts[names]

    def _new_layout(self, names: list[str]) -> list[int | None] | str:
        twice = [column for column in self._columns if names.count(column) > 1]
        if twice:
            return f"The object names {', '.join(twice)} more than once."
        return [names.index(column) if column in names else None for column in self._columns]

    def _note_unknown(self, names: tuple[str, ...]) -> None:
        for name in names:
            if name.strip().lower() not in self._columns and len(self.unknown) < 100:
                self.unknown[name.encode("utf-8", "replace").decode()] = None


def _encodable(cells: list[Any]) -> bool:
    try:
        "".join(filter(None, cells)).encode()
    except UnicodeEncodeError:
        return False
    return True
