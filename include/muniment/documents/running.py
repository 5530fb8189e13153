"""Headers and footers told from the body: lines that several pages have at their edge, and numbers that count pages.
They stay in a page's text, since a file number may stand there; who reads on from page to page asks here.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from muniment.documents.layout import Sheet, Span

_EDGE = 3  # rows at the top or bottom of a page that may be a header or footer
_RECURRING = 3  # pages that have one
_MARKED = re.compile(
    r"\W{0,3}(?:(?:page|sheet|p\.|pg\.)\s*(?:\d{1,4}|[ivxl]{1,7})(?:\s*(?:of|/)\s*\d{1,4})?|\d{1,4}\s*(?:of|/)\s*\d{1,4}"
    r"|[-–—|]\s*\d{1,4}\s*[-–—|])\W{0,3}",
    re.IGNORECASE,
)
_BARE = re.compile(r"\W{0,3}(\d{1,4})\W{0,3}")
_LETTER = re.compile(r"[^\W\d_]")


class _Edge(NamedTuple):
    """A line at the top or bottom of a page, `row` rows from its edge; `line` counts those of its sheet."""

    line: int
    at_top: bool
    row: int
    text: str

    @property
    def key(self) -> tuple[bool, str]:
        """What is the same where the line recurs: its words, whatever their numbers."""
        return self.at_top, re.sub(r"\d+", "#", self.text).casefold()


def bodies(sheets: Sequence[Sheet]) -> list[tuple[Span, ...]]:
    """For each sheet the spans of its text without headers, footers and page numbers."""
    edges = [list(_edges(sheet)) for sheet in sheets]
    recurring = Counter(key for own in edges for key in {edge.key for edge in own})
    counting = Counter(ahead for sheet, own in zip(sheets, edges, strict=True) for ahead in _ahead(sheet, own))
    result = []
    for sheet, own in zip(sheets, edges, strict=True):
        running = {
            edge.line
            for edge in own
            if (recurring[edge.key] >= _RECURRING and _LETTER.search(edge.text))
            or (edge.row == 0 and (_MARKED.fullmatch(edge.text) or _counts(sheet, edge, counting)))
        }
        result.append(tuple(_spans(sheet, running)))
    return result


def _edges(sheet: Sheet) -> Iterator[_Edge]:
    """The lines of the outermost rows of a page; one of a page with few is at its top and at its bottom."""
    rows: list[list[int]] = []
    bottom = 0.0
    middles = sorted(((line[0].y0 + line[0].y1) / 2, index) for index, line in enumerate(sheet.lines))
    for middle, index in middles:
        if not rows or middle > bottom:
            rows.append([])
            bottom = middle + 0.5 * sheet.lines[index][0].height
        rows[-1].append(index)
    for at_top, outermost in ((True, rows[:_EDGE]), (False, rows[: -_EDGE - 1 : -1])):
        for row, indices in enumerate(outermost):
            for index in indices:
                yield _Edge(index, at_top, row, " ".join(word.text for word in sheet.lines[index]))


def _ahead(sheet: Sheet, edges: Sequence[_Edge]) -> set[int]:
    """By how much the bare numbers at the outermost rows of a page are ahead of its number."""
    numbers = (_BARE.fullmatch(edge.text) for edge in edges if edge.row == 0)
    return {int(match[1]) - sheet.number for match in numbers if match}


def _counts(sheet: Sheet, edge: _Edge, counting: Counter[int]) -> bool:
    """Whether a bare number counts pages as that of another page does."""
    return any(counting[ahead] > 1 for ahead in _ahead(sheet, [edge]))


def _spans(sheet: Sheet, running: set[int]) -> Iterator[Span]:
    """What the lines that are not running cover, neighbours joined."""
    spans = sheet.line_spans
    for is_running, group in groupby(range(len(spans)), key=running.__contains__):
        if not is_running:
            indices = list(group)
            yield Span(spans[indices[0]].start, spans[indices[-1]].end)
