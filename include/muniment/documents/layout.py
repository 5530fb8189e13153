"""Words on a page, their text in reading order, and the way back from a span of text to a box. Where words come from
(PDF text, OCR) and what they mean belong elsewhere.
"""

import math
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from operator import sub
from typing import Literal, NamedTuple

from muniment.documents.model import Box


class Word(NamedTuple):
    """A run of characters without white space; the box is in points from the top left of the page laid level.
    `confidence` is that of its recognition, 0 to 1; what was printed as text is certain."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    confidence: float = 1.0

    @property
    def height(self) -> float:
        """Height of the box in points."""
        return self.y1 - self.y0


Line = tuple[Word, ...]
Row = list[tuple[int, Word]]
"""Words on one visual row with their positions, from left to right."""
_GAPS = {"text": (0.62, 1.3), "layer": (0.62, 1.3), "ocr": (0.8, 1.5), "none": (0.62, 1.3)}
"""The gap that separates cells, in heights of the words and in usual spaces; boxes of OCR lie tight around the ink."""
_HEADING = 1.3  # heights of the text below, from which on a recognised line is a heading

_FRAME = re.compile(r"[|¦_—\[\]]*[|¦][|¦_—\[\]]*")  # the side of a box, as recognised
_MONTH = re.compile(r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)", re.IGNORECASE)
_NARROW = frozenset(".,:;'’!|()[]iIl")


class Span(NamedTuple):
    """Characters `[start, end)` of a sheet's text."""

    start: int
    end: int


@dataclass(frozen=True)
class Cell:
    """Words side by side on one visual row with no wide gap between them: an entry of a form, a column of a table,
    a line of prose. `positions` are those of the words in the sheet, `row` counts rows from the top."""

    words: Line
    positions: tuple[int, ...]
    row: int
    x0: float
    y0: float
    x1: float
    y1: float

    @cached_property
    def text(self) -> str:
        """The words with single spaces."""
        return " ".join(word.text for word in self.words)

    @property
    def height(self) -> float:
        """Height of the box in points."""
        return self.y1 - self.y0


@dataclass(frozen=True)
class Pose:
    """How a page lies when its lines are level: turned by quarter turns anticlockwise, then by `slope` degrees
    clockwise about the middle. Scans lie askew; everything else lies as displayed."""

    turns: int = 0
    slope: float = 0.0

    def shown(self, box: Box, width: float, height: float) -> Box:
        """The upright rectangle around a box of the level page on the page as displayed, whose size is in points."""
        across, down = (height, width) if self.turns % 2 else (width, height)
        corners = [self._raised(x - across / 2, y - down / 2) for x in (box.x0, box.x1) for y in (box.y0, box.y1)]
        xs = [x + width / 2 for x, _ in corners]
        ys = [y + height / 2 for _, y in corners]
        return Box(
            _clipped(min(xs), width), _clipped(min(ys), height), _clipped(max(xs), width), _clipped(max(ys), height)
        )

    def _raised(self, x: float, y: float) -> tuple[float, float]:
        """A point about the middle: tilted back, then turned back."""
        cos, sin = math.cos(math.radians(self.slope)), math.sin(math.radians(self.slope))
        x, y = x * cos + y * sin, y * cos - x * sin
        for _ in range(self.turns):
            x, y = -y, x
        return x, y


LEVEL = Pose()


@dataclass(frozen=True)
class Sheet:
    """A page as read. `text` is in reading order in clear: a newline between lines, an empty line between paragraphs.

    `width` and `height` are points of the page as displayed; words stand on the page laid level, to which `pose` leads
    back. `confidence` is the mean word confidence of OCR, 0 to 1. `hidden` counts characters that the page holds but
    does not show, which are not among the words. `tails` are the second parts of words that a hyphen broke, by the
    position of the word, whose own box is that of its first part.
    """

    number: int
    width: float
    height: float
    source: Literal["text", "layer", "ocr", "none"]
    confidence: float | None
    lines: tuple[Line, ...]
    pose: Pose = LEVEL
    hidden: int = 0
    tails: tuple[tuple[int, Word], ...] = ()

    @cached_property
    def words(self) -> Line:
        """All words in reading order."""
        return tuple(word for line in self.lines for word in line)

    @cached_property
    def text(self) -> str:
        """The page's text in clear."""
        return self._laid[0]

    @property
    def starts(self) -> list[int]:
        """Where each word begins in the text."""
        return self._laid[1]

    @cached_property
    def _laid(self) -> tuple[str, list[int]]:
        pieces: list[str] = []
        starts, offset = [], 0
        for between, word in _joined(self.lines, self.source == "ocr"):
            offset += len(between)
            starts.append(offset)
            offset += len(word)
            pieces += between, word
        return "".join(pieces), starts

    @cached_property
    def line_spans(self) -> tuple[Span, ...]:
        """What of `text` each line is."""
        spans, first = [], 0
        for line in self.lines:
            last = first + len(line) - 1
            spans.append(Span(self.starts[first], self.starts[last] + len(self.words[last].text)))
            first = last + 1
        return tuple(spans)

    def positions(self, span: Span) -> range:
        """Positions of the words that a span of `text` touches."""
        first = bisect_right(self.starts, span.start) - 1
        return range(max(first, 0), bisect_left(self.starts, span.end))

    def box(self, positions: Iterable[int], value: str = "") -> Box | None:
        """The rectangle around words on the page as displayed, in points to the hundredth; None when there are none.
        Of a word that holds more than the `value` ("Price:$450,000") it takes the value's share of the characters."""
        words = [self.words[position] for position in positions]
        if not words:
            return None
        boxes = (Box(x0, y0, x1, y1) for _, x0, y0, x1, y1, _ in _trimmed(words, value))
        if self.pose != LEVEL:  # word by word: a slanting line over another covers less than their rectangle tilted
            boxes = (self.pose.shown(box, self.width, self.height) for box in boxes)
        x0s, y0s, x1s, y1s = zip(*((box.x0, box.y0, box.x1, box.y1) for box in boxes), strict=True)
        return _rounded(Box(min(x0s), min(y0s), max(x1s), max(y1s)))

    def certainty(self, positions: Sequence[int]) -> float:
        """The mean confidence of words weighted by their length, 0 to 1."""
        words = [self.words[position] for position in positions]
        letters = sum(len(word.text) for word in words)
        return sum(word.confidence * len(word.text) for word in words) / letters if letters else 1.0

    def spans(self, positions: Sequence[int]) -> tuple[Span, ...]:
        """Spans of `text` that words cover, neighbours in reading order joined."""
        spans: list[Span] = []
        for position in sorted(positions):
            start = self.starts[position]
            end = start + len(self.words[position].text)
            if spans and not self.text[spans[-1].end : start].strip():
                spans[-1] = Span(spans[-1].start, end)
            else:
                spans.append(Span(start, end))
        return tuple(spans)

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """All cells, from top to bottom and left to right."""
        rows = rows_of(self.words)
        if self.source == "ocr":
            rows = [kept for row in rows if (kept := _without_frames(row))]
        least, spaces = _GAPS[self.source]
        gap = spaces * _space(rows)
        return tuple(cell for number, row in enumerate(rows) for cell in _split(row, number, least, gap))


def _trimmed(words: Sequence[Word], value: str) -> Sequence[Word]:
    """The words without what stands before and after the value in the first and the last; those that do not say it
    stay whole."""
    whole = " ".join(word.text for word in words)
    before = whole.find(value)
    after = len(whole) - before - len(value)
    if before < 0 or not value or before + after == 0 or before >= len(words[0].text) or after >= len(words[-1].text):
        return words
    trimmed = list(words)
    left, right = words[0].text[:before], words[-1].text[len(words[-1].text) - after :]
    trimmed[0] = words[0]._replace(x0=words[0].x0 + _width(left, words[0]))
    trimmed[-1] = trimmed[-1]._replace(x1=words[-1].x1 - _width(right, words[-1]))
    return trimmed


def _width(part: str, word: Word) -> float:
    """About how wide a part of a word is: narrow marks take half as much room as other characters."""
    return (word.x1 - word.x0) * _room(part) / _room(word.text)


def _room(text: str) -> float:
    return len(text) - sum(character in _NARROW for character in text) / 2


def _rounded(box: Box) -> Box:
    return Box(round(box.x0, 2), round(box.y0, 2), round(box.x1, 2), round(box.y1, 2))


def _clipped(value: float, limit: float) -> float:
    return min(max(value, 0.0), limit)


def _joined(lines: Sequence[Line], recognised: bool) -> Iterator[tuple[str, str]]:
    """The words, each behind the white space that parts it from the one before."""
    between, above = "", None
    for line in lines:
        extent = _extent(line)
        if above is not None:
            between = "\n\n" if _apart(above, extent, recognised) else "\n"
        for word in line:
            yield between, word.text
            between = " "
        above = extent


def _extent(line: Line) -> tuple[float, float, float]:
    """The top and the bottom of a line and the height of its highest word."""
    _, _, tops, _, bottoms, _ = zip(*line, strict=True)
    return min(tops), max(bottoms), max(map(sub, bottoms, tops))


def _apart(above: tuple[float, float, float], below: tuple[float, float, float], recognised: bool) -> bool:
    """Whether the lines belong to different paragraphs: another column, a gap of more than half a line, or, where boxes
    are as tight as those of OCR, a heading over its text."""
    height = min(above[2], below[2])
    if below[0] < above[0] - height or below[0] - above[1] > 0.55 * height:
        return True
    return recognised and above[2] > _HEADING * below[2]


def rows_of(words: Line) -> list[Row]:
    """Words grouped into visual rows by their vertical middle, whatever their order on the page."""
    rows: list[list[int]] = []
    middle, tall = 0.0, 0.0
    middles = [word[2] + word[4] for word in words]
    for position in sorted(range(len(words)), key=middles.__getitem__):
        _, _, top, _, bottom, _ = words[position]
        if rows and (top + bottom) / 2 - middle <= 0.35 * min(tall, bottom - top):
            rows[-1].append(position)
        else:
            rows.append([position])
            middle, tall = (top + bottom) / 2, bottom - top
    lefts = [word[1] for word in words]
    return [[(position, words[position]) for position in sorted(row, key=lefts.__getitem__)] for row in rows]


def _without_frames(row: Row) -> Row:
    """A row without the sides of boxes, which a first of a month may look like."""
    after = [item[1].text for item in row[1:]] + [""]
    pairs = zip(row, after, strict=True)
    return [item for item, following in pairs if not _FRAME.fullmatch(item[1].text) or _MONTH.match(following)]


def _space(rows: list[Row]) -> float:
    """The usual width of a space between words of the page; 0 when it has too few words to tell."""
    gaps = sorted(
        gap
        for row in rows
        for (_, before), (_, after) in pairwise(row)
        if 0 < (gap := after[1] - before[3]) < 1.5 * (before[4] - before[2])
    )
    return gaps[len(gaps) // 2] if len(gaps) > 8 else 0.0


def _split(row: Row, number: int, least: float, gap: float) -> Iterator[Cell]:
    """The cells of a row: a gap wider than `gap` points and `least` heights of the words ends one."""
    first = 0
    for order, ((_, before), (_, after)) in enumerate(pairwise(row), 1):
        _, _, top, right, bottom, _ = before
        _, left, above, _, below, _ = after
        if left - right > gap and left - right > least * min(bottom - top, below - above):
            yield _cell(row[first:order], number)
            first = order
    yield _cell(row[first:], number)


def _cell(items: Row, row: int) -> Cell:
    positions, words = zip(*items, strict=True)
    _, x0s, y0s, x1s, y1s, _ = zip(*words, strict=True)
    return Cell(words, positions, row, x0s[0], min(y0s), max(x1s), max(y1s))
