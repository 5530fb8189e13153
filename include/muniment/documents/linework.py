"""Clearing a page picture of what is drawn thin and long: rules, frames of boxes, dot leaders. Recognisers take them
for letters and stretch the boxes of words over them. Reading what is left belongs to `ocr`.

A thin line is dark all along and has paper on both sides; no row of letters is so low, no column of them so narrow.
Darkness is averaged along the line, so that grain, blur and the room between dots do not hide it (an opening by a long
thin rectangle; Serra, 1982).
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from PIL.Image import Image

_BLOCK = 8  # pixels on a side, over which the shade of the paper is told
_THICK = 2.4  # points that a line is thick at most, with its blur
_QUIET = 6.0  # levels of grey that paper averages at most, for its grain
_BESIDE = 0.1  # of a line's darkness, what is beside it averages at most
_ALIKE = 1.25  # of the darkness of the piece before, what the last piece has at most: a letter has more than dots
_STROKE = 100  # grey levels below the paper's of what crosses a line and stays


@dataclass(frozen=True)
class _Kind:
    """Lines of `length` points or more that have ink in every `pitch` points, on average `least` levels of grey. Lines
    that cross them hide `hidden` pitches at most."""

    length: float
    pitch: float
    least: float
    hidden: int


_ACROSS = _Kind(36.0, 6.0, 12.0, 1)  # dots of leaders are no further apart
_DOWN = _Kind(24.0, 1.5, 40.0, 4)  # drawn through, unlike letters one over the other


def cleared(image: "Image", scale: float) -> "Image":
    """The grey picture of `scale` pixels a point, laid level, with thin lines as paper; itself where it has none."""
    from PIL import Image, ImageChops
    from PIL.Image import Transpose

    paper = _paper(image)
    ink = ImageChops.subtract(paper, image)
    down, along = (mask.T for mask in _lines(ink.transpose(Transpose.TRANSPOSE), _DOWN, scale))
    if down.any():
        ink.paste(0, mask=Image.fromarray(down))  # so that frames end where nothing else stands
    across, over = _lines(ink, _ACROSS, scale)
    lines = down | across | along & over
    return Image.composite(paper, image, Image.fromarray(lines)) if lines.any() else image


def _paper(image: "Image") -> "Image":
    """The picture without what is printed on it: the lightest that is near."""
    from PIL.Image import Resampling
    from PIL.ImageFilter import MaxFilter

    return image.reduce(_BLOCK).filter(MaxFilter(5)).resize(image.size, Resampling.NEAREST)


def _reach(scale: float) -> int:
    """Pixels from the middle of a line to where it surely is over."""
    return max(2, round(_THICK * scale / 2) + 1)


def _lines(ink: "Image", kind: _Kind, scale: float) -> tuple["np.ndarray[Any, Any]", "np.ndarray[Any, Any]"]:
    """Where thin lines of a kind run along the rows, without what crosses them; and the same with all that is about
    them or their ends."""
    import numpy as np

    pixels = np.asarray(ink)
    lines, about = np.zeros(pixels.shape, bool), np.zeros(pixels.shape, bool)
    pitch, reach = max(2, round(kind.pitch * scale)), max(2, round(_THICK * scale / 2) + 1)
    run = max(2, round(kind.length / kind.pitch))
    average = np.asarray(ink.reduce((pitch, 1)))[:, : ink.width // pitch].astype(np.int16)
    if average.shape[1] < run or ink.height <= 2 * reach:
        return lines, about
    rows, pieces = (places[:, None] for places in np.nonzero(_pieces(average, kind, run, reach)))
    rows, columns = rows + reach, pieces * pitch + np.arange(pitch)
    clear = np.minimum(pixels[rows - reach, columns], pixels[rows + reach, columns]) < _STROKE
    beyond = np.clip(pieces * pitch + np.arange(-4 * reach, pitch + 4 * reach), 0, ink.width - 1)
    for off in range(1 - reach, reach):
        lines[np.broadcast_to(rows + off, columns.shape)[clear], columns[clear]] = True
    for off in range(-2 * reach, 2 * reach + 1):
        about[np.clip(rows + off, 0, ink.height - 1), beyond] = True
    return lines, about


def _pieces(average: "np.ndarray[Any, Any]", kind: _Kind, run: int, reach: int) -> "np.ndarray[Any, Any]":
    """Which pieces of the rows, but the first and last `reach` rows, are of thin lines of `run` pieces or more."""
    import numpy as np

    middle = average[reach:-reach]
    beside = np.maximum(average[: -2 * reach], average[2 * reach :])
    dark = middle >= kind.least
    quiet = beside <= np.maximum(_QUIET, _BESIDE * middle)
    long = _opened(_closed(dark & quiet, kind.hidden) & dark, run)
    _begun(long, quiet, middle)
    _begun(long[:, ::-1], quiet[:, ::-1], middle[:, ::-1])
    return long


def _begun(long: "np.ndarray[Any, Any]", quiet: "np.ndarray[Any, Any]", middle: "np.ndarray[Any, Any]") -> None:
    """Correct where lines begin: with the piece before, which they may reach into, but with none that is darker than
    the next and hence holds a letter."""
    begins = long.copy()
    begins[:, 1:] &= ~long[:, :-1]
    darker = middle[:, :-1] > _ALIKE * middle[:, 1:]
    long[:, :-1] &= ~(begins[:, :-1] & darker)
    long[:, :-1] |= begins[:, 1:] & quiet[:, :-1] & ~darker


def _opened(mask: "np.ndarray[Any, Any]", run: int) -> "np.ndarray[Any, Any]":
    """What of the mask lies in runs of at least `run` along the rows."""
    import numpy as np

    begins = _sums(mask, run) == run
    return np.asarray(_sums(np.pad(begins, ((0, 0), (run - 1, run - 1))), run) > 0)


def _closed(mask: "np.ndarray[Any, Any]", gap: int) -> "np.ndarray[Any, Any]":
    """The mask without gaps of `gap` or less between what is set along the rows."""
    import numpy as np

    framed = np.pad(mask, ((0, 0), (gap + 1, gap + 1)))
    return np.asarray(~_opened(~framed, gap + 1)[:, gap + 1 : -gap - 1])


def _sums(mask: "np.ndarray[Any, Any]", length: int) -> "np.ndarray[Any, Any]":
    """How many are set in each window of `length` along the rows."""
    import numpy as np

    counts = np.cumsum(np.pad(mask, ((0, 0), (1, 0))), axis=1, dtype=np.int32)
    return np.asarray(counts[:, length:] - counts[:, :-length])
