"""What a page is made of: the pictures on it, the shapes drawn on it, text laid invisibly over pictures, and text that
nobody sees. What follows from that belongs to `recognition`, the words themselves to `pdf`.

pdfium gives the objects of a page in the order in which they are painted. Text that may not show (too small, off the
page, without colour, or painted over) is put to the test: the page is drawn with and without it. What makes no
difference does not show, and is switched off before anybody reads the page.
"""

import ctypes
import math
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from pypdfium2 import PdfPage

    from muniment.documents.pdf import View

Rect = tuple[float, float, float, float]
"""Left, top, right, bottom in points of the page as displayed."""
Colour = tuple[int, int, int]
Matrix = tuple[float, float, float, float, float, float]
"""What takes (x, y) to (ax + cy + e, bx + dy + f), as PDF writes it."""

_MOST = 20_000  # objects of a page that are looked at; more is a drawing
_DEEPEST = 5  # forms within forms
_LEAST_SIZE = 1.5  # points of type on letter paper below which nobody reads it
_LETTER = 792.0  # points
_LIGHT = 200  # of 255: each part of a colour that may not show on white
_CLEAR = 26  # of 255: opacity below which text may not show
_ALIKE = 32  # of 255: difference between colours that may not show
_SEEN = 12  # of 255: least difference that text makes where it shows
_COVER = (8.0, 4.0)  # points: width and height of what may cover a word
_FINENESS = 1.5  # pixels a point at which text is put to the test
_PAGE_LIKE = 0.2  # share of the page from which pictures on it may be a page themselves
_LETTER_SEGMENTS = 20  # lines and curves of an outlined letter, roughly
_OUTLINED = 100  # outlined letters from which the shapes on a page may be its text
_UNMOVED: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
_FEW = 16  # colours of a page that are told apart one by one
_GRID = 100  # cells along each side of a page on which areas are added up
_MAX_PIXELS = 4_000_000


@dataclass(frozen=True)
class Text:
    """A text object: pdfium's handle, its place in the order of painting, where it stands and how it is painted."""

    handle: Any
    order: int
    box: Rect
    size: float
    colour: Colour
    opacity: int
    painted: bool


@dataclass(frozen=True)
class Cover:
    """A filled shape or a picture under or over which text may vanish; a picture has no one colour."""

    order: int
    box: Rect
    colour: Colour | None


@dataclass(frozen=True)
class Contents:
    """What is on a page: its pictures and the share of the page that they cover; how many letters its filled shapes
    could be; `layer`, invisible text laid over pictures or shapes that may be a page themselves; and `hidden`, the
    number of characters of other text that does not show."""

    pictures: tuple[Rect, ...]
    covered: float
    outlined: int
    layer: tuple[Text, ...]
    hidden: int

    @property
    def page_like(self) -> bool:
        """Whether the pictures may be a page themselves: a scan, and no stamp, logo or signature."""
        return self.covered >= _PAGE_LIKE

    @contextmanager
    def layer_off(self) -> Iterator[None]:
        """The page without its layer."""
        _switch(self.layer, on=False)
        try:
            yield
        finally:
            _switch(self.layer, on=True)


def contents_of(page: "PdfPage", view: "View") -> Contents:
    """What is on the page, whose text that does not show is switched off."""
    walk = _Walk(view)
    walk.objects(page)
    covered, outlined = _covered(walk.pictures, view), walk.segments // _LETTER_SEGMENTS
    layer = list(_layer(walk, view, covered, outlined))
    over = {text.order for text in layer}
    hidden = [text for text in walk.texts if text.order not in over and _unreadable(text, view)]
    if doubtful := list(_doubtful(walk, view)):
        hidden += _unseen(page, view, doubtful)
    characters = _characters(page, hidden) if hidden else 0
    _switch(hidden, on=False)
    return Contents(tuple(walk.pictures), covered, outlined, tuple(layer), characters)


class _Walk:
    """The objects of a page and of the forms on it, in the order of painting."""

    def __init__(self, view: "View") -> None:
        import pypdfium2.raw as raw

        self.texts: list[Text] = []
        self.covers: list[Cover] = []
        self.pictures: list[Rect] = []
        self.segments = 0
        self._view, self._raw, self._order = view, raw, 0
        self._sides = tuple(ctypes.c_float() for _ in range(4))
        self._parts = tuple(ctypes.c_uint() for _ in range(4))
        self._size, self._matrix = ctypes.c_float(), raw.FS_MATRIX()
        self._fill, self._stroke = ctypes.c_int(), ctypes.c_int()

    def objects(self, page: "PdfPage") -> None:
        """Look at every object of the page."""
        raw = self._raw
        for index in range(raw.FPDFPage_CountObjects(page.raw)):
            self._object(raw.FPDFPage_GetObject(page.raw, index), _UNMOVED, 0)

    def _object(self, handle: Any, outer: Matrix, depth: int) -> None:
        raw = self._raw
        self._order += 1
        if self._order > _MOST or not handle:
            return
        match raw.FPDFPageObj_GetType(handle):
            case raw.FPDF_PAGEOBJ_TEXT:
                self._text(handle, outer)
            case raw.FPDF_PAGEOBJ_PATH:
                self._path(handle, outer)
            case raw.FPDF_PAGEOBJ_IMAGE:
                box = self._box(handle, outer)
                self.pictures.append(box)
                self.covers.append(Cover(self._order, box, None))
            case raw.FPDF_PAGEOBJ_FORM if depth < _DEEPEST:
                inner = _after(self._transformation(handle), outer)
                for index in range(raw.FPDFFormObj_CountObjects(handle)):
                    self._object(raw.FPDFFormObj_GetObject(handle, index), inner, depth + 1)

    def _text(self, handle: Any, outer: Matrix) -> None:
        raw = self._raw
        mode = raw.FPDFTextObj_GetTextRenderMode(handle)
        painted = mode not in (raw.FPDF_TEXTRENDERMODE_INVISIBLE, raw.FPDF_TEXTRENDERMODE_CLIP)
        stroked = mode in (raw.FPDF_TEXTRENDERMODE_STROKE, raw.FPDF_TEXTRENDERMODE_STROKE_CLIP)
        colour, opacity = self._colour(
            raw.FPDFPageObj_GetStrokeColor if stroked else raw.FPDFPageObj_GetFillColor, handle
        )
        box = self._box(handle, outer)
        low = min(box[2] - box[0], box[3] - box[1]) < _LEAST_SIZE
        size = self._type_size(handle, outer) if low else _LETTER
        self.texts.append(Text(handle, self._order, box, size, colour, opacity, painted))

    def _path(self, handle: Any, outer: Matrix) -> None:
        raw = self._raw
        if not raw.FPDFPath_GetDrawMode(handle, self._fill, self._stroke) or not self._fill.value:
            return
        self.segments += raw.FPDFPath_CountSegments(handle)
        colour, opacity = self._colour(raw.FPDFPageObj_GetFillColor, handle)
        box = self._box(handle, outer)
        if opacity > 255 - _CLEAR and box[2] - box[0] >= _COVER[0] and box[3] - box[1] >= _COVER[1]:
            self.covers.append(Cover(self._order, box, colour))

    def _colour(self, get: Any, handle: Any) -> tuple[Colour, int]:
        """Colour and opacity; opaque black where pdfium cannot tell, as in a pattern."""
        if not get(handle, *self._parts):
            return (0, 0, 0), 255
        red, green, blue, opacity = (part.value for part in self._parts)
        return (red, green, blue), opacity

    def _box(self, handle: Any, outer: Matrix) -> Rect:
        if not self._raw.FPDFPageObj_GetBounds(handle, *self._sides):
            return 0.0, 0.0, 0.0, 0.0
        x0, y0, x1, y1 = self._sides
        left, bottom, right, top = x0.value, y0.value, x1.value, y1.value
        if outer != _UNMOVED:
            a, b, c, d, e, f = outer
            xs = [a * x + c * y + e for x in (left, right) for y in (bottom, top)]
            ys = [b * x + d * y + f for x in (left, right) for y in (bottom, top)]
            left, bottom, right, top = min(xs), min(ys), max(xs), max(ys)
        (xa, ya), (xb, yb) = self._view.shown(left, top), self._view.shown(right, bottom)
        if not math.isfinite(xa + ya + xb + yb):
            return 0.0, 0.0, 0.0, 0.0
        return min(xa, xb), min(ya, yb), max(xa, xb), max(ya, yb)

    def _type_size(self, handle: Any, outer: Matrix) -> float:
        """The size of the type in points of the page."""
        self._raw.FPDFTextObj_GetFontSize(handle, self._size)
        a, b, c, d, *_ = _after(self._transformation(handle), outer)
        return abs(self._size.value) * math.sqrt(abs(a * d - b * c))

    def _transformation(self, handle: Any) -> Matrix:
        matrix = self._matrix
        self._raw.FPDFPageObj_GetMatrix(handle, matrix)
        return matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f


def _after(inner: Matrix, outer: Matrix) -> Matrix:
    """The inner transformation followed by the outer one."""
    a, b, c, d, e, f = inner
    p, q, r, s, t, u = outer
    return a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u


def _covered(pictures: Sequence[Rect], view: "View") -> float:
    """The share of the page that pictures cover."""
    import numpy as np

    if not pictures:
        return 0.0
    grid = np.zeros((_GRID, _GRID), bool)
    for left, top, right, bottom in pictures:
        rows = slice(max(0, round(top / view.height * _GRID)), max(0, round(bottom / view.height * _GRID)))
        grid[rows, max(0, round(left / view.width * _GRID)) : max(0, round(right / view.width * _GRID))] = True
    return float(grid.mean())


def _layer(walk: _Walk, view: "View", covered: float, outlined: int) -> Iterator[Text]:
    """Unpainted text over pictures that may be a page, or on a page whose letters may be shapes."""
    if outlined < _OUTLINED and covered < _PAGE_LIKE:
        return
    ground = [(0.0, 0.0, view.width, view.height)] if outlined >= _OUTLINED else walk.pictures
    for text in walk.texts:
        if not text.painted and _over(text.box, ground):
            yield text


def _over(box: Rect, pictures: Iterable[Rect]) -> bool:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return any(left <= x <= right and top <= y <= bottom for left, top, right, bottom in pictures)


def _unreadable(text: Text, view: "View") -> bool:
    """Whether text is not painted, too small for anybody, or off the page."""
    left, top, right, bottom = text.box
    if not text.painted:
        return True
    if right - left > 0 and (right <= 0 or bottom <= 0 or left >= view.width or top >= view.height):
        return True
    return text.size < _LEAST_SIZE * min(1.0, max(view.width, view.height) / _LETTER)


def _doubtful(walk: _Walk, view: "View") -> Iterator[Text]:
    """Painted text that may not show: pale, clear, painted over, or upon something of its own colour."""
    covers = _Covers(walk.covers, walk.texts)
    for text in walk.texts:
        pale = min(text.colour) >= _LIGHT or text.opacity < _CLEAR
        if (pale or covers.may_swallow(text)) and not _unreadable(text, view):
            yield text


class _Covers:
    """What may cover one of the texts, as arrays: a page may have thousands."""

    def __init__(self, every: Sequence[Cover], texts: Sequence[Text]) -> None:
        import numpy as np

        first, colours = min((text.order for text in texts), default=0), {text.colour for text in texts}
        covers = [
            cover
            for cover in every
            if cover.order > first or len(colours) > _FEW or any(_alike(cover.colour, colour) for colour in colours)
        ]
        self._orders = np.array([cover.order for cover in covers])
        self._boxes = np.array([cover.box for cover in covers]).reshape(-1, 4)
        self._colours = np.array([cover.colour or (-1000,) * 3 for cover in covers]).reshape(-1, 3)

    def may_swallow(self, text: Text) -> bool:
        """Whether something painted later stands over the middle of the text, or something like it below."""
        if not len(self._orders):
            return False
        x, y = (text.box[0] + text.box[2]) / 2, (text.box[1] + text.box[3]) / 2
        left, top, right, bottom = self._boxes.T
        over = (left <= x) & (x <= right) & (top <= y) & (y <= bottom)
        if not over.any():
            return False
        alike = abs(self._colours - text.colour).max(axis=1) < _ALIKE
        return bool((over & ((self._orders > text.order) | alike)).any())


def _alike(one: Colour | None, other: Colour) -> bool:
    return one is not None and max(abs(a - b) for a, b in zip(one, other, strict=True)) < _ALIKE


def _unseen(page: "PdfPage", view: "View", doubtful: Sequence[Text]) -> Iterator[Text]:
    """Those without which the page looks the same."""
    scale = min(_FINENESS, math.sqrt(_MAX_PIXELS / (view.width * view.height)))
    whole = _drawn(page, scale)
    _switch(doubtful, on=False)
    try:
        differs = abs(whole - _drawn(page, scale)).max(axis=2) > _SEEN
    finally:
        _switch(doubtful, on=True)
    for text in doubtful:
        left, top, right, bottom = (max(0, math.floor(side * scale)) for side in text.box)
        if not differs[top : bottom + 2, left : right + 2].any():
            yield text


def _drawn(page: "PdfPage", scale: float) -> "np.ndarray[Any, Any]":
    """The page in colour, as whole numbers that may be subtracted."""
    import numpy as np

    return np.asarray(page.render(scale=scale).to_pil().convert("RGB"), np.int16)


def _switch(texts: Iterable[Text], *, on: bool) -> None:
    import pypdfium2.raw as raw

    for text in texts:
        raw.FPDFPageObj_SetIsActive(text.handle, on)


def _characters(page: "PdfPage", texts: Iterable[Text]) -> int:
    """How many characters other than white space the texts have."""
    import pypdfium2.raw as raw

    textpage = page.get_textpage()
    try:
        return sum(len("".join(_string(raw, textpage, text).split())) for text in texts)
    finally:
        textpage.close()


def _string(raw: Any, textpage: Any, text: Text) -> str:
    size = raw.FPDFTextObj_GetText(text.handle, textpage, None, 0)
    buffer = ctypes.create_string_buffer(size)
    raw.FPDFTextObj_GetText(text.handle, textpage, ctypes.cast(buffer, ctypes.POINTER(raw.FPDF_WCHAR)), size)
    return buffer.raw.decode("utf-16-le", errors="replace").replace("\0", "")
