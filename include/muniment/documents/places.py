"""Where the words of a page's masked text stand: kept with the page as one small text, and the way back from any span
of the text to boxes. Boxes of clear text belong to `layout`, finding quoted words again to `muniment.quote`.

What is kept is JSON of integers, tenths of a point. For the words' rectangles in the order of the text: `gap` from the
right edge of the one before, `width`; for runs of rectangles with one top and bottom: `count`, `down` from the top
before, `height`. A word has one rectangle, except where a hyphen broke it, or where it masks words on several lines:
then it has one a line, and `more` lists the further ones. Of what a mask covers only the place of the whole is kept.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import astuple
from itertools import accumulate, chain, repeat
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from muniment.documents.layout import LEVEL, Sheet
from muniment.documents.model import Box, PageSpan

if TYPE_CHECKING:
    import numpy as np

    from muniment.documents.pii import Masked

_UNIT = 10  # to the point
_WORD = re.compile(r"\S+")


class Stretch(NamedTuple):
    """Words of a page that stand on one line, and the box around them in points from the top left."""

    text: str
    box: Box


def packed(sheet: Sheet, masked: "Masked") -> str:
    """The rectangles of the words of a page's masked text, on the page as displayed; empty for a page without words."""
    import numpy as np

    if not sheet.words:
        return ""
    edges = (map(itemgetter(side), sheet.words) for side in range(1, 5))
    boxes = np.stack([np.fromiter(edge, float, len(sheet.words)) for edge in edges])
    more = np.empty(0, int)
    if masked.detections or sheet.tails:
        boxes, more = _joined(boxes, sheet, masked)
    if sheet.pose != LEVEL:
        shown = (sheet.pose.shown(Box(*box), sheet.width, sheet.height) for box in boxes.T.tolist())
        boxes = np.array([astuple(box) for box in shown]).T
    return _written(np.rint(boxes * _UNIT).astype(int), more)


def _joined(boxes: Any, sheet: Sheet, masked: "Masked") -> tuple[Any, Any]:
    """The boxes (left, top, right, bottom of each word) with those of one word of the masked text joined where they
    share a line, and which of them go on with the word before."""
    import numpy as np

    lines = np.repeat(np.arange(len(sheet.lines)), list(map(len, sheet.lines)))
    starts = np.array(sheet.starts)
    ends = starts + list(map(len, (word.text for word in sheet.words)))
    if sheet.tails:
        after = [position for position, _ in sheet.tails]
        at = np.array(after) + 1
        boxes = np.insert(boxes, at, np.array([tail[1:5] for _, tail in sheet.tails]).T, axis=1)
        lines = np.insert(lines, at, -at)  # each on a line of its own
        starts, ends = np.insert(starts, at, starts[after]), np.insert(ends, at, ends[after])
    same = masked.begins(starts)[1:] <= masked.ends(ends)[:-1]
    first = np.flatnonzero(np.append(True, ~same | (lines[1:] != lines[:-1])))
    joined = [
        edge.reduceat(side, first)
        for edge, side in zip((np.minimum, np.minimum, np.maximum, np.maximum), boxes, strict=True)
    ]
    return np.array(joined), np.flatnonzero(same[first[1:] - 1]) + 1


def _written(boxes: "np.ndarray[Any, np.dtype[np.int64]]", more: "np.ndarray[Any, np.dtype[np.int64]]") -> str:
    import numpy as np

    left, top, right, bottom = boxes
    other = (top[1:] != top[:-1]) | (bottom[1:] != bottom[:-1])
    row = np.concatenate(([0], np.flatnonzero(other) + 1))
    gap, down = left.copy(), top[row]
    gap[1:] -= right[:-1]
    down[1:] -= top[row[:-1]]
    numbers = {
        "gap": gap,
        "width": right - left,
        "count": np.diff(row, append=len(left)),
        "down": down,
        "height": bottom[row] - top[row],
        "more": more,
    }
    said = ",".join(f'"{name}":{values.tolist()}' for name, values in numbers.items())
    return f"{{{said}}}".replace(" ", "")  # JSON; `dumps` takes twice as long, and this is done for every page


def unpacked(kept: str) -> list[list[Box]]:
    """For each word of the page's masked text its rectangles, in points from the top left of the page as displayed."""
    if not kept:
        return []
    numbers: Mapping[str, list[int]] = json.loads(kept)
    rows = zip(accumulate(numbers["down"]), numbers["height"], strict=True)
    tall = chain.from_iterable(repeat(row, count) for row, count in zip(rows, numbers["count"], strict=True))
    more = set(numbers["more"])
    words: list[list[Box]] = []
    right = 0
    for at, (gap, width, (top, height)) in enumerate(zip(numbers["gap"], numbers["width"], tall, strict=True)):
        left, right = right + gap, right + gap + width
        box = Box(*(edge / _UNIT for edge in (left, top, right, top + height)))
        if at in more:
            words[-1].append(box)
        else:
            words.append([box])
    return words


def lines(text: str, kept: str, start: int, end: int) -> list[Stretch]:
    """The words that characters `[start, end)` of a page's masked text touch, line by line. A word on several lines is
    part of each."""
    found: list[Stretch] = []
    goes_on, behind = False, start
    for match, boxes in zip(_WORD.finditer(text), unpacked(kept), strict=True):
        if max(match.start(), start) >= min(match.end(), end):
            continue
        for order, box in enumerate(boxes):
            broken = order > 0 or "\n" in text[behind : match.start()]
            if found and (not broken or (order == 0 and goes_on and _follows(found[-1].box, box))):
                found[-1] = Stretch(f"{found[-1].text} {match[0]}", _around(found[-1].box, box))
            else:
                found.append(Stretch(match[0], box))
        goes_on, behind = len(boxes) > 1, match.end()
    return found


def _follows(before: Box, after: Box) -> bool:
    """Whether a box is on the line of another, to its right."""
    common = min(before.y1, after.y1) - max(before.y0, after.y0)
    return after.x0 >= before.x1 - 1 and 2 * common > min(before.y1 - before.y0, after.y1 - after.y0)


def _around(one: Box, other: Box) -> Box:
    return Box(min(one.x0, other.x0), min(one.y0, other.y0), max(one.x1, other.x1), max(one.y1, other.y1))


def span_boxes(text: str, kept: str, start: int, end: int) -> list[Box]:
    """Boxes around the words that characters `[start, end)` of a page's masked text touch, one for each line of it."""
    return [stretch.box for stretch in lines(text, kept, start, end)]


def in_pages(
    passage: str, spans: Iterable[PageSpan], texts: Mapping[int, str], start: int, end: int
) -> Iterator[PageSpan]:
    """What characters `[start, end)` of a passage are in the pages' texts, given the `spans` that hold the passage. The
    two differ in white space alone."""
    first, last = (len("".join(passage[:offset].split())) for offset in (start, end))
    for page, begin, stop in spans:
        letters = [at for at in range(begin, stop) if not texts[page][at].isspace()]
        if own := letters[max(first, 0) : max(last, 0)]:
            yield PageSpan(page, own[0], own[-1] + 1)
        first, last = first - len(letters), last - len(letters)
