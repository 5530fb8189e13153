"""Tables of figures: entries in rows and columns, told by how they line up. What the entries mean belongs elsewhere.

A table has three rows of two columns or more, its head included, and a column of figures (sums, dates, numbers). One of
two columns has its figures flush right or nothing but figures; one of more may have a head instead. Labels beside
values line up as well, but are a form, and lists of words alone stay text: who misses a table still has the text, who
is given one that is none is misled.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby, pairwise
from operator import gt
from statistics import median

from muniment.documents.layout import Cell, Line, Sheet

_ROWS = 3
_COLUMNS = 40  # at most; more are no table that anyone reads
_APART = 2.5  # heights of a line between rows of one table
_LOOSE = 1.4  # distances of rows above; a lone entry further down is no part of the table
_TIGHT = 0.8  # usual distances of rows; lines nearer to each other may be those of one row
_FLUSH = 4.0  # points by which entries that line up may differ
_MOST = 0.7  # of the entries of a column: what holds for so many holds for the column
_FILLED = 0.5  # of the entries that a table of its size has room for
_FIGURE = 0.3  # of the letters and digits of a figure are digits at least: "17 September 2009"
_WIDE = 1.3  # heights of a word between words of different columns
_LETTER = re.compile(r"[^\W_]")
_DIGIT = re.compile(r"\d")

_VisualRow = tuple[Cell, ...]


@dataclass(frozen=True)
class Entry:
    """What stands in one row and column of a table. All three count from 1, the table on its page; `positions` are
    those of the words in the sheet."""

    table: int
    row: int
    column: int
    positions: tuple[int, ...]


@dataclass(frozen=True)
class _Slot:
    """The lines of an entry."""

    cells: tuple[Cell, ...]

    @cached_property
    def text(self) -> str:
        return " ".join(cell.text for cell in self.cells)

    @cached_property
    def is_figure(self) -> bool:
        digits = len(_DIGIT.findall(self.text))
        return digits > 0 and digits >= _FIGURE * len(_LETTER.findall(self.text))


_Row = dict[int, _Slot]
"""The entries of a row by their column, from 0."""


def entries(sheet: Sheet) -> Iterator[Entry]:
    """The entries of all tables of a page, row by row; those that are empty are left out."""
    if not _may_have_tables(sheet):
        return
    tables = (rows for block, starts in _blocks(sheet.cells) if _is_table(rows := _rows(block, starts), len(starts)))
    for table, rows in enumerate(tables, 1):
        for number, row in enumerate(rows, 1):
            for column in sorted(row):
                positions = tuple(position for cell in row[column].cells for position in cell.positions)
                yield Entry(table, number, column + 1, positions)


def _may_have_tables(sheet: Sheet) -> bool:
    """Whether lines with figures have wide gaps or lines stand side by side; told quickly, since most pages are plain
    prose. The head of a table needs no figures."""
    levels = {round(line[0].y1 / 3) for line in sheet.lines}
    return sum(map(_may_be_row, sheet.lines)) + len(sheet.lines) - len(levels) >= _ROWS - 1


def _may_be_row(line: Line) -> bool:
    wide = _WIDE * line[0].height
    lefts = [word.x0 for word in line]
    has_gap = any(map(gt, lefts[1:], [word.x1 + wide for word in line]))
    return has_gap and any(_DIGIT.search(word.text) for word in line[1:])


# -- rows that keep to columns


def _blocks(cells: Sequence[Cell]) -> Iterator[tuple[list[_VisualRow], list[float]]]:
    """Visual rows under one another whose cells keep to columns, and where the columns begin."""
    block: list[_VisualRow] = []
    columns: list[tuple[float, float]] = []
    reach = 0.0
    for _, group in groupby(cells, key=lambda cell: cell.row):
        row = tuple(group)
        kept = _widened(columns, row) if block and _is_near(block, row, reach) else None
        if kept is None:
            yield block, [start for start, _ in columns]
            block, columns, reach = [], [], 0.0
            kept = _widened([], row) if len(row) > 1 else None
        if kept is not None:
            reach = max(reach, _middle(row) - _middle(block[-1])) if block else 0.0
            columns = kept
            block.append(row)
    yield block, [start for start, _ in columns]


def _middle(row: _VisualRow) -> float:
    return (row[0].y0 + row[0].y1) / 2


def _is_near(block: Sequence[_VisualRow], row: _VisualRow, reach: float) -> bool:
    """Whether a row may go on a block whose rows are up to `reach` points apart. A lone entry may be a heading."""
    above = block[-1]
    near = min(cell.y0 for cell in row) - max(cell.y1 for cell in above) <= _APART * min(row[0].height, above[0].height)
    return near and (len(row) > 1 or not reach or _middle(row) - _middle(above) <= _LOOSE * reach)


def _widened(columns: Sequence[tuple[float, float]], row: _VisualRow) -> list[tuple[float, float]] | None:
    """The extents of the columns with those of a row; None where it does not keep to them."""
    widened = list(columns)
    taken: set[int] = set()
    for cell in row:
        under = [order for order, (left, right) in enumerate(columns) if cell.x0 < right and cell.x1 > left]
        if len(under) > 1 or taken.intersection(under) or (len(row) == 1 and not under):
            return None
        if under:
            left, right = columns[under[0]]
            widened[under[0]] = min(left, cell.x0), max(right, cell.x1)
            taken.update(under)
        else:
            widened.append((cell.x0, cell.x1))
    widened.sort()
    apart = all(before[1] < after[0] for before, after in pairwise(widened))
    return widened if apart and len(widened) <= _COLUMNS else None


# -- rows with entries of several lines


def _rows(block: Sequence[_VisualRow], starts: Sequence[float]) -> list[_Row]:
    """The rows of a table: lines of the same row joined, lone entries at the end left out."""
    if len(block) < _ROWS:
        return []
    lines = [{bisect_right(starts, cell.x0) - 1: _Slot((cell,)) for cell in row} for row in block]
    middles = list(map(_middle, block))
    full = [middle for middle, line in zip(middles, lines, strict=True) if len(line) > 1]
    usual = median([below - above for above, below in pairwise(full)]) if len(full) > 1 else 0.0
    rows: list[_Row] = []
    for order, line in enumerate(lines):
        up = middles[order] - middles[order - 1] if order else 0.0
        down = middles[order + 1] - middles[order] if order + 1 < len(lines) else float("inf")
        if rows and _goes_on(rows[-1], line, up, down, usual):
            rows[-1] = {
                column: _Slot(_cells(rows[-1], column) + _cells(line, column))
                for column in rows[-1].keys() | line.keys()
            }
        else:
            rows.append(line)
    while rows and len(rows[-1]) == 1:
        rows.pop()
    return rows


def _cells(row: _Row, column: int) -> tuple[Cell, ...]:
    return row[column].cells if column in row else ()


def _goes_on(row: _Row, line: _Row, up: float, down: float, usual: float) -> bool:
    """Whether a line, `up` points below the line above and `down` points above the next, belongs to the row above: it
    is nearer than rows are, or goes on in small letters. Figures take one line."""
    if any(row[column].is_figure and line[column].is_figure for column in row.keys() & line.keys()):
        return False
    if up <= _TIGHT * usual:
        return up <= 1.1 * down or len(line) > len(row)
    return len(line) == 1 and up <= 1.2 * usual and next(iter(line.values())).text[0].islower()


# -- what is a table


def _is_table(rows: Sequence[_Row], width: int) -> bool:
    """Whether rows are a table of figures as the head of this module says."""
    columns = [[row[column] for row in rows if column in row] for column in range(width)]
    if len(rows) < _ROWS or width < 2 or sum(map(len, columns)) < _FILLED * len(rows) * width:
        return False
    if not all(map(_lines_up, columns)) or any(_most(own, lambda slot: slot.text.endswith(":")) for own in columns):
        return False
    figures = [_has_figures([row[column] for row in rows[1:] if column in row]) for column in range(width)]
    ledger = any(own and _flush_right(slots) for own, slots in zip(figures, columns, strict=True)) or all(figures)
    headed = all(column in rows[0] for column in range(1, width)) and not any(one.is_figure for one in rows[0].values())
    return figures[-1] and ledger if width == 2 else any(figures) and (ledger or headed)


def _most(slots: Sequence[_Slot], holds: Callable[[_Slot], bool]) -> bool:
    return sum(map(holds, slots)) >= _MOST * len(slots)


def _has_figures(slots: Sequence[_Slot]) -> bool:
    return len(slots) > 1 and _most(slots, lambda slot: slot.is_figure)


def _lines_up(slots: Sequence[_Slot]) -> bool:
    """Whether entries share their left edge, their right edge or their middle; of one or two that is not asked."""
    return len(slots) < 3 or any(
        _share(slots, place) for place in (_left, _right, lambda slot: _left(slot) + _right(slot))
    )


def _flush_right(slots: Sequence[_Slot]) -> bool:
    return _share(slots, _right) and not _share(slots, _left)


def _share(slots: Sequence[_Slot], place: Callable[[_Slot], float]) -> bool:
    usual = median(map(place, slots))
    return _most(slots, lambda slot: abs(place(slot) - usual) <= _FLUSH)


def _left(slot: _Slot) -> float:
    return slot.cells[0].x0


def _right(slot: _Slot) -> float:
    return slot.cells[0].x1
