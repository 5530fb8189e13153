"""Recognising the words of a picture with Tesseract. When a page needs it belongs elsewhere.

Pages are levelled first, and cleared of rules: a slope is found by the sharpness of the rows' ink profile, a wrong
quarter turn by Tesseract's own orientation detection where the first reading is poor or runs up or down the page. The
sheet's pose leads from the level page back to the page as displayed.
"""

import csv
import math
import sys
import time
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from muniment.documents.layout import Line, Pose, Sheet, Word
from muniment.documents.lettering import evened, inked
from muniment.documents.linework import cleared

if TYPE_CHECKING:
    import numpy as np
    from PIL.Image import Image

LANGUAGE = "eng"
_TESSDATA = Path(sys.prefix) / "share" / "tessdata"
_STEEPEST = 6.0  # degrees; what a sheet fed askew reaches
_GRAIN = 3  # grey levels out of 256
_POOR = 0.7  # mean confidence below which the page may stand on its side or head
_KEEP = 0.15  # confidence below which a word is noise


@dataclass(frozen=True)
class Reading:
    """Lines in pixels of the picture laid level, with the mean word confidence (0 to 1) weighted by length."""

    lines: tuple[Line, ...]
    confidence: float
    characters: int
    upright: bool
    pose: Pose

    @property
    def worth(self) -> float:
        """How much was read with how much certainty. Tesseract also reads lines that run up or down a page, whose
        boxes then tell nothing about labels and values."""
        return self.confidence * self.characters if self.upright else 0.0


@dataclass
class _Clock:
    """Seconds that this process has spent recognising."""

    seconds: float = 0.0


_CLOCK = _Clock()


def seconds() -> float:
    """Seconds that this process has spent recognising so far. Differences tell what a document took."""
    return _CLOCK.seconds


def recognise(image: "Image", scale: float, number: int) -> Sheet:
    """The words of a page picture of `scale` pixels a point as a sheet in points; source "none" when there are none."""
    began = time.perf_counter()
    try:
        return _recognised(image, scale, number)
    finally:
        _CLOCK.seconds += time.perf_counter() - began


def _recognised(image: "Image", scale: float, number: int) -> Sheet:
    width, height = image.width / scale, image.height / scale
    reading = _level_reading(image, 72 * scale, 0)
    if (reading.confidence < _POOR or not reading.upright) and (turns := _turns(image)):
        turned = _level_reading(image.transpose(_transposition(turns)), 72 * scale, turns)
        reading = max(reading, turned, key=lambda one: one.worth)
    if not reading.characters:
        return Sheet(number, width, height, "none", None, ())
    lines = tuple(tuple(_scaled(word, 1 / scale) for word in line) for line in reading.lines)
    return Sheet(number, width, height, "ocr", round(reading.confidence, 4), lines, reading.pose)


def _level_reading(image: "Image", dpi: float, turns: int) -> Reading:
    """What Tesseract reads once the lines are level."""
    from PIL.Image import Resampling

    slope = slope_of(image)
    level = image.rotate(-slope, resample=Resampling.BICUBIC, fillcolor=255) if slope else image
    if _is_noisy(image):
        level = smoothed(level)
    clear = cleared(level, dpi / 72)
    return _reading(_table(clear, dpi), clear, Pose(turns, slope))


def slope_of(image: "Image") -> float:
    """Degrees anticlockwise by which lines of text rise to the right; 0 when below 0.2 or not to be told.

    The slope is the one along which the ink falls into the sharpest rows: the greatest sum of squared differences
    between neighbouring rows (projection profile, Postl 1986).
    """
    import numpy as np

    small = image.copy()
    small.thumbnail((1000, 1000))
    pixels = np.asarray(small)
    dark = pixels < min(160, int(pixels.mean()) - 20)
    ys, xs = np.nonzero(dark)
    if len(ys) < 200 or dark.mean() > 0.5:
        return 0.0
    step = max(1, len(ys) // 60_000)
    ys, xs = ys[::step], xs[::step]
    coarse = max(np.arange(-_STEEPEST, _STEEPEST + 0.1, 0.5), key=lambda angle: _sharpness(xs, ys, float(angle)))
    fine = max(np.arange(coarse - 0.5, coarse + 0.51, 0.1), key=lambda angle: _sharpness(xs, ys, float(angle)))
    sharper = _sharpness(xs, ys, float(fine)) > 1.05 * _sharpness(xs, ys, 0.0)
    return round(float(fine), 2) if sharper and abs(fine) >= 0.2 else 0.0


def _is_noisy(image: "Image") -> bool:
    """Whether the paper shows grain, which costs Tesseract words; a clean picture loses by a filter."""
    import numpy as np

    low, high = np.percentile(np.asarray(image)[::3, ::3], [30, 70])
    return bool(high - low >= _GRAIN)


def smoothed(image: "Image") -> "Image":
    """The median of each pixel of a grey picture and its eight neighbours, as Pillow's MedianFilter(3) has it, in a
    tenth of the time: the median of the greatest of the least, of the middle of the middle and of the least of the
    greatest of three columns."""
    import numpy as np
    from PIL import Image

    pixels = np.pad(np.asarray(image), 1, mode="edge")
    one, two, three = pixels[:-2], pixels[1:-1], pixels[2:]
    low, high = np.minimum(one, two), np.maximum(one, two)
    least, middle, most = np.minimum(low, three), np.maximum(low, np.minimum(high, three)), np.maximum(high, three)
    greatest = np.maximum(np.maximum(least[:, :-2], least[:, 1:-1]), least[:, 2:])
    smallest = np.minimum(np.minimum(most[:, :-2], most[:, 1:-1]), most[:, 2:])
    return Image.fromarray(_median(greatest, _median(middle[:, :-2], middle[:, 1:-1], middle[:, 2:]), smallest))


def _median(one: "np.ndarray[Any, Any]", two: "np.ndarray[Any, Any]", three: "np.ndarray[Any, Any]") -> Any:
    import numpy as np

    return np.maximum(np.minimum(one, two), np.minimum(np.maximum(one, two), three))


def _sharpness(xs: "np.ndarray[Any, Any]", ys: "np.ndarray[Any, Any]", angle: float) -> float:
    import numpy as np

    rows = (ys + xs * math.tan(math.radians(angle))).astype(np.int64)
    profile = np.bincount(rows - rows.min())
    return float((np.diff(profile.astype(np.float64)) ** 2).sum())


@lru_cache(maxsize=2)
def _engine(language: str, mode: int) -> Any:
    """One Tesseract a process and language: it takes longer to load than a page to read."""
    from tesserocr import PyTessBaseAPI

    return PyTessBaseAPI(path=str(_TESSDATA), lang=language, psm=mode)


def warm() -> None:
    """Load the recogniser now rather than at the first page."""
    from tesserocr import PSM

    _engine(LANGUAGE, PSM.AUTO)


def _table(image: "Image", dpi: float) -> str:
    """Tesseract's table: level, page, block, paragraph, line, word, left, top, width, height, confidence, text."""
    from tesserocr import PSM

    engine = _engine(LANGUAGE, PSM.AUTO)
    engine.SetImage(image)
    engine.SetSourceResolution(max(70, round(dpi)))
    try:
        return str(engine.GetTSVText(0))
    finally:
        engine.Clear()


def _reading(table: str, image: "Image", pose: Pose) -> Reading:
    """Lines from Tesseract's table of a picture."""
    import numpy as np

    pixels = np.asarray(image)
    lines: dict[tuple[str, ...], list[Word]] = {}
    weight, total = 0, 0.0
    for row in csv.reader(table.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE):
        if len(row) != 12 or row[0] != "5":
            continue
        text, confidence = "".join(row[11].split()), float(row[10]) / 100
        if not text or confidence < _KEEP:
            continue
        left, top, width, height = map(int, row[6:10])
        word = Word(text, left, top, left + width, top + height, round(confidence, 3))
        lines.setdefault(tuple(row[2:5]), []).append(inked(pixels, word))
        weight += len(text)
        total += len(text) * confidence
    long = [word for words in lines.values() for word in words if len(word.text) > 3]
    upright = 2 * sum(word.height > word.x1 - word.x0 for word in long) <= len(long)
    confidence = total / weight if weight else 0.0
    return Reading(evened(tuple(lines.values())), confidence, weight, upright, pose)


def _turns(image: "Image") -> int:
    """Quarter turns anticlockwise that set the picture upright; 0 when Tesseract is not sure."""
    from tesserocr import PSM

    engine = _engine("osd", PSM.OSD_ONLY)
    engine.SetImage(image)
    try:
        found = engine.DetectOrientationScript()
    finally:
        engine.Clear()
    if not found or found["orient_conf"] < 1.0:
        return 0
    return int(found["orient_deg"]) // 90 % 4


def _transposition(turns: int) -> Any:
    from PIL.Image import Transpose

    return {1: Transpose.ROTATE_90, 2: Transpose.ROTATE_180, 3: Transpose.ROTATE_270}[turns]


def _scaled(word: Word, factor: float) -> Word:
    return word._replace(x0=word.x0 * factor, y0=word.y0 * factor, x1=word.x1 * factor, y1=word.y1 * factor)
