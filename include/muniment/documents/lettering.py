"""Boxes of recognised words as a PDF would have them, from the rectangles around their ink. Recognising is `ocr`'s.

Words of one line share a base line, which may still slope a little, and a height of capitals, whatever letters each
has. Both are taken from the letters that reach them, as medians, so that a word whose rectangle took in a speck or a
rule does not count.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, Any

from muniment.documents.layout import Line, Word

if TYPE_CHECKING:
    import numpy as np

_BELOW = frozenset("gjpqy_")  # they reach below the base line
_DIPPING = frozenset(",;$()[]{}|/\\@Q")  # they do so with little ink
_FEW = 0.4  # of the ink in the usual row of a word: what such marks have at most
_CAPITALS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789bdfhkl")
_SMALL = frozenset("acegmnopqrsuvwxyz,.")
_SMALL_HEIGHT = 0.72  # of the height of a capital, which small letters have
_FOOT = 0.29  # of the height of a capital, which letters reach below the base line
_ASCENT, _DESCENT = 1.08, 0.36  # of the height of a capital: what common type faces have above the base line and below
_BEARING = 0.045  # of the height of a capital: the room that a letter keeps on either side of its ink
_TYPED = 1.2  # of the pitch of a typewriter: what others' capitals are high, while its own are lower
_EVEN = 0.03  # of the pitch: how far words may be from it, in the middle, where all letters are equally wide
_MANY = 12  # words from which on that can be told
_WIDE = 2.0  # heights of a word between entries that may differ in size
_STEEPEST = 0.01  # that a page still slopes once it is laid level
_FAR = 15.0  # heights of a word from which on a line tells how it slopes


def inked(pixels: "np.ndarray[Any, Any]", word: Word) -> Word:
    """A word of a picture without the paper at its edges, nor what commas and brackets have below the base line. Ink is
    what is nearer to the darkest in its box than to the lightest."""
    import numpy as np

    left, top = max(int(word.x0), 0), max(int(word.y0), 0)
    within = pixels[top : int(word.y1), left : int(word.x1)]
    if not within.size:
        return word
    dark = within < (int(within.min()) + int(within.max())) / 2
    across, down = dark.sum(axis=1), dark.sum(axis=0)
    if not down.any():  # one shade all over
        return word
    few = _FEW * float(np.median(across[across > 0])) if _stands(word) and not _DIPPING.isdisjoint(word.text) else 0
    columns, rows, foot = down.nonzero()[0], across.nonzero()[0], (across > few).nonzero()[0]
    x0, x1 = left + int(columns[0]), left + int(columns[-1]) + 1
    return word._replace(x0=x0, y0=top + int(rows[0]), x1=x1, y1=top + int(foot[-1]) + 1)


def evened(lines: Sequence[Sequence[Word]]) -> tuple[Line, ...]:
    """The lines of a page, in pixels and laid level, with the boxes that their words would have as text."""
    slope, pitch = _slope(lines), _pitch(lines)
    return tuple(tuple(word for entry in _entries(line) for word in _set(entry, slope, pitch)) for line in lines)


def _slope(lines: Sequence[Sequence[Word]]) -> float:
    """How far base lines still fall to the right, in pixels a pixel: the median of lines long enough to tell."""
    slopes = []
    for line in lines:
        known = [word for word in line if _stands(word)]
        if known and (across := known[-1].x0 - known[0].x0) > _FAR * known[0].height:
            slopes.append((known[-1].y1 - known[0].y1) / across)
    return min(max(median(slopes), -_STEEPEST), _STEEPEST) if slopes else 0.0


def _pitch(lines: Sequence[Sequence[Word]]) -> float:
    """The width of every letter of a page that is typed, in pixels; 0 where letters differ in width."""
    pitches = [
        (after.x0 - before.x0) / (len(before.text) + 1)
        for line in lines
        for before, after in pairwise(line)
        if len(before.text) > 1 and after.x0 - before.x1 < _WIDE * before.height
    ]
    if len(pitches) < _MANY:
        return 0.0
    pitch = median(pitches)
    return pitch if median(abs(one - pitch) for one in pitches) <= _EVEN * pitch else 0.0


def _entries(line: Sequence[Word]) -> Iterator[Sequence[Word]]:
    """The words between wide gaps."""
    first = 0
    for at, (before, after) in enumerate(pairwise(line), 1):
        if after.x0 - before.x1 > _WIDE * min(before.height, after.height):
            yield line[first:at]
            first = at
    yield line[first:]


def _set(words: Sequence[Word], slope: float, pitch: float) -> Iterator[Word]:
    """The words of an entry from the top of capitals to the foot of descenders, with room beside their ink."""
    middle = (words[0].x0 + words[-1].x1) / 2
    falls = [slope * ((word.x0 + word.x1) / 2 - middle) for word in words]
    base = _base(words, falls)
    capital = max(_capital(words, falls, base), _TYPED * pitch)
    beside = _BEARING * capital
    for word, fall in zip(words, falls, strict=True):
        left, top = max(0.0, word.x0 - beside), max(0.0, base + fall - _ASCENT * capital)
        bottom = max(top + 1.0, base + fall + _DESCENT * capital)
        yield word._replace(x0=left, y0=top, x1=word.x1 + beside, y1=bottom)


def _base(words: Sequence[Word], falls: Sequence[float]) -> float:
    """Where the letters of an entry stand, at its middle."""
    stand = [word.y1 - fall for word, fall in zip(words, falls, strict=True) if _stands(word)]
    if stand:
        return median(stand)
    high = max(word.height for word in words)
    return max(word.y1 - fall for word, fall in zip(words, falls, strict=True)) - high * _FOOT / (1 + _FOOT)


def _capital(words: Sequence[Word], falls: Sequence[float], base: float) -> float:
    """How high the capitals of an entry are."""
    tops = [(word, base - (word.y0 - fall)) for word, fall in zip(words, falls, strict=True)]
    tall = [top for word, top in tops if not _CAPITALS.isdisjoint(word.text)]
    small = [top / _SMALL_HEIGHT for word, top in tops if _SMALL.issuperset(word.text) and word.text.strip(".,")]
    return max(1.0, median(tall or small or [max(top for _, top in tops)]))


def _stands(word: Word) -> bool:
    """Whether the foot of a word is on the base line."""
    return _BELOW.isdisjoint(word.text) and any(map(str.isalnum, word.text))
