"""The order in which a page is read: columns of prose one after the other, words broken at the end of a line mended.
Words, cells and boxes belong to `layout`; tables and forms, which are read row by row, keep the order of the file.

A page is cut across at wide gaps, then along its gutters, strips of white that few lines cross; a line that crosses
one parts the columns above from those below (after the recursive X-Y cut of Nagy and Seth, 1984). Most files draw
column by column, and are left as they are: words change places only where columns of prose are evident.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, groupby, pairwise
from statistics import median

from muniment.documents.layout import Line, Row, Sheet, Word, rows_of

_BINS = 300  # across the text of a page; on letter paper one is about two points
_MARGIN = 0.12  # of the text's width, where no gutter is looked for
_PERHAPS, _SURELY = 0.75, 0.4  # of the usual number of lines over a place: where there are fewer may be, is a gutter
_GUTTER = 0.8  # heights of a word that a gutter is wide at least
_SPACE = 0.9  # heights of a word; a line with less white at a gutter runs across it
_APART = 2.0  # heights of a word between bands that are ordered each by itself
_LINES = 5  # that a column has at least
_BLOCK = 3  # lines that are drawn together, on average, where the order of the file is meant
_MARKS = ".,;:()[]\"'“”‘’"


@dataclass(frozen=True)
class _Part:
    """Words that are read together, in the order of the file or `downwards`."""

    items: Row
    downwards: bool = False


def arranged(sheet: Sheet) -> Sheet:
    """The sheet in reading order with broken words mended; itself where both are as they should be."""
    lines, tails = _mended(_in_order(sheet))
    return sheet if lines == sheet.lines else replace(sheet, lines=lines, tails=tails)


# -- columns


def _in_order(sheet: Sheet) -> tuple[Line, ...]:
    """The lines in reading order: those of the sheet where there are no columns of prose."""
    if len(sheet.words) < 4 * _LINES or not _gutters(sheet.words, _PERHAPS):
        return sheet.lines
    bands = list(_bands(rows_of(sheet.words)))
    columns = [list(_parts(band)) for band in bands]
    if not any(columns):
        return sheet.lines
    parts = [part for band, own in zip(bands, columns, strict=True) for part in own or [_whole(band)]]
    return tuple(
        line for part, lines in _fragments(sheet, parts) for line in (_down(lines) if part.downwards else lines)
    )


def _fragments(sheet: Sheet, parts: Sequence[_Part]) -> Iterator[tuple[_Part, list[Line]]]:
    """The lines of each part: those of the sheet, cut where one leads from part to part."""
    part_of = {position: order for order, part in enumerate(parts) for position, _ in part.items}
    lines: list[list[Line]] = [[] for _ in parts]
    position = 0
    for line in sheet.lines:
        placed = [(part_of[at], word) for at, word in enumerate(line, position)]
        for order, group in groupby(placed, key=lambda one: one[0]):
            lines[order].append(tuple(word for _, word in group))
        position += len(line)
    return zip(parts, lines, strict=True)


def _down(lines: Sequence[Line]) -> Iterator[Line]:
    """Pieces of lines from top to bottom, those on one row joined from left to right."""
    boxes = tuple(Word("", *_around(line)) for line in lines)
    for row in rows_of(boxes):
        yield tuple(word for order, _ in row for word in lines[order])


def _around(line: Line) -> tuple[float, float, float, float]:
    _, x0s, y0s, x1s, y1s, _ = zip(*line, strict=True)
    return min(x0s), min(y0s), max(x1s), max(y1s)


def _gutters(words: Sequence[Word], share: float) -> list[float]:
    """Where, from left to right, strips run down the page over which there are fewer words than the `share` of those
    over other places."""
    lefts, rights = [word.x0 for word in words], [word.x1 for word in words]
    left, right = min(lefts), max(rights)
    if right - left < 1:  # point: nothing stands beside anything, and a bin would have no width
        return []
    scale = _BINS / (right - left)
    change = [0] * (_BINS + 2)
    for place in lefts:
        change[int((place - left) * scale)] += 1
    for place in rights:
        change[int((place - left) * scale) + 1] -= 1
    over = list(accumulate(change))[:_BINS]
    few = share * median(over)
    edge = int(_MARGIN * _BINS)
    if min(over[edge:-edge]) > few:
        return []
    least = _GUTTER * median(word.height for word in words) * scale
    return [left + middle / scale for middle in _strips(over, few, least, edge)]


def _strips(over: Sequence[int], few: float, least: float, edge: int) -> Iterator[float]:
    """The middles of the whitest bins of each strip with `few` words over it."""
    for is_white, strip in groupby(range(edge, len(over) - edge), key=lambda at: over[at] <= few):
        bins = list(strip)
        if not is_white or len(bins) < least:
            continue
        white = min(over[at] for at in bins) + 0.25 * few
        runs = [list(run) for is_whitest, run in groupby(bins, key=lambda at: over[at] <= white) if is_whitest]
        whitest = max(runs, key=len)
        if len(whitest) >= least:
            yield (whitest[0] + whitest[-1] + 1) / 2


def _bands(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """Rows between wide gaps."""
    usual = median(word.height for row in rows for _, word in row)
    band: list[Row] = []
    bottom = 0.0
    for row in rows:
        if band and min(word.y0 for _, word in row) - bottom > _APART * usual:
            yield band
            band = []
        bottom = max(bottom, *(word.y1 for _, word in row)) if band else max(word.y1 for _, word in row)
        band.append(row)
    yield band


def _whole(rows: Sequence[Row]) -> _Part:
    return _Part([item for row in rows for item in row])


def _parts(band: Sequence[Row]) -> Iterator[_Part]:
    """The columns of a band and what stands across the page between them; nothing where it has no columns of prose."""
    gutters = _gutters([word for row in band for _, word in row], _SURELY)
    if not gutters:
        return
    strips = [list(rows) for _, rows in groupby(band, key=lambda row: _crosses(row, gutters))]
    columns = [_columns(rows, gutters) for rows in strips]
    if any(columns):
        for rows, own in zip(strips, columns, strict=True):
            yield from own or [_whole(rows)]


def _crosses(row: Row, gutters: Sequence[float]) -> bool:
    """Whether a line runs over a gutter, be it with no more than the space between two words."""
    reached = 0
    for gutter in gutters:
        while reached < len(row) and row[reached][1].x1 <= gutter:
            reached += 1
        if reached == len(row):
            return False
        after = row[reached][1]
        before = row[reached - 1][1] if reached else None
        if after.x0 < gutter or (before and after.x0 - before.x1 < _SPACE * min(before.height, after.height)):
            return True
    return False


def _columns(rows: Sequence[Row], gutters: Sequence[float]) -> list[_Part]:
    """The columns of rows that cross no gutter; none unless all are prose. What the file draws as blocks side by side,
    such as the entries of a table, is one part."""
    if _crosses(rows[0], gutters):
        return []
    items = sorted(item for row in rows for item in row)
    column = {at: bisect_left(gutters, (word.x0 + word.x1) / 2) for at, word in items}
    columns = [[item for item in items if column[item[0]] == order] for order in range(len(gutters) + 1)]
    columns = [own for own in columns if own]
    if len(columns) < 2 or not all(_is_prose(tuple(word for _, word in own)) for own in columns):
        return []
    blocks = [list(block) for _, block in groupby(items, key=lambda item: column[item[0]])]
    if _is_meant(blocks, sum(len(rows_of(tuple(word for _, word in own))) for own in columns)):
        return [_Part(items)]
    return [_Part(own, downwards=True) for own in columns]


def _is_meant(blocks: Sequence[Row], lines: int) -> bool:
    """Whether blocks of several lines, each of one column, follow one another rightwards or, as the entries of a table
    do, downwards."""
    firsts = [block[0][1] for block in blocks]
    return (
        len(blocks) * _BLOCK <= lines
        and all(after.x0 > before.x1 or after.y0 > before.y1 for before, after in pairwise(firsts))
        and all(map(_runs_down, blocks))
    )


def _is_prose(words: Line) -> bool:
    """Whether a column is running text: lines of several words, most of them full and in small letters, not one text
    over another."""
    rows = rows_of(words)
    width = max(word.x1 for word in words) - min(word.x0 for word in words)
    full = sum(row[-1][1].x1 - row[0][1].x0 >= 0.7 * width for row in rows)
    broken = sum(
        any(after[1].x0 - before[1].x1 > 2.5 * before[1].height for before, after in pairwise(row)) for row in rows
    )
    lines = [_around(tuple(word for _, word in row)) for row in rows]
    crowded = sum(below[1] < above[3] - 0.4 * (above[3] - above[1]) for above, below in pairwise(lines))
    small = sum(word.text[0].islower() for word in words)
    return (
        len(rows) >= _LINES
        and len(words) >= 3 * len(rows)
        and 2 * full >= len(rows)
        and max(broken, crowded) <= 0.2 * len(rows)
        and small >= 0.4 * len(words)
    )


def _runs_down(items: Row) -> bool:
    """Whether a block is drawn from top to bottom."""
    return all(after.y1 > before.y1 - 0.8 * before.height for (_, before), (_, after) in pairwise(items))


# -- hyphens


def _mended(lines: tuple[Line, ...]) -> tuple[tuple[Line, ...], tuple[tuple[int, Word], ...]]:
    """The lines with words that a hyphen breaks in plain prose made whole where they begin, and their second parts by
    position. A compound that the page has elsewhere keeps its hyphen; names and numbers ("Tremblay-Roux", "2026-0012")
    stay in two."""
    if not any(_is_broken(above, below) for above, below in pairwise(lines)):
        return lines, ()
    compounds = {word.text.lower().strip(_MARKS) for line in lines for word in line if "-" in word.text[1:-1]}
    mended = [list(line) for line in lines]
    tails = []
    position = -1
    for above, below in pairwise(mended):
        position += len(above)
        if _is_broken(above, below):
            first, second = above[-1], below.pop(0)
            tails.append((position, second))
            hyphened = first.text + second.text
            kept = hyphened.lower().strip(_MARKS) in compounds
            above[-1] = first._replace(text=hyphened if kept else first.text[:-1] + second.text)
    return tuple(tuple(line) for line in mended if line), tuple(tails)


def _is_broken(above: Sequence[Word], below: Sequence[Word]) -> bool:
    """Whether a word goes on from one line to the next. The first of three such lines may have lost its only word."""
    if not above or not below:
        return False
    first, second = above[-1].text, below[0].text
    return first[-1] == "-" and first[-2:-1].islower() and second[0].islower()
