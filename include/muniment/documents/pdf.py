"""PDF files: opening them, the words that their pages hold as text, and pages as pictures. OCR belongs elsewhere.

All of it runs pdfium, which a hostile file may crash, hang or swell: call it in a process that can be lost.
"""

import ctypes
import math
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from muniment.documents.layout import Line, Sheet, Word
from muniment.documents.model import Reason, Refusal
from muniment.errors import MunimentError

if TYPE_CHECKING:
    from PIL.Image import Image
    from pypdfium2 import PdfDocument, PdfPage

_HEADER_WITHIN = 1024  # bytes; where readers in practice look for %PDF-
_TAIL = 16 * 1024  # bytes; where the end of file marks of a whole file stand
_MAX_PIXELS = 25_000_000
_FINER = 4.0  # times the resolution asked for, at most, on a small page
_MAX_SIDE = 20_000  # pixels; below Leptonica's and Pillow's own limits
_MAX_CHARACTERS = 400_000  # of one page; more is no page that anyone reads
_BROKEN_HYPHEN = "\ufffe"  # pdfium's mark for a hyphen at the end of a line, which it joins to the next
_CLEAN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufeff\uffff\ufffe\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064]"
)
_UNMAPPED = re.compile("[\ue000-\uf8ff\ufffd]")
_WORDS = re.compile(r"\S+|[\r\n]+")


class Refused(MunimentError):
    """A file that cannot be read, for a reason that holds however often it is tried."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal)  # as it is, so that it passes between processes
        self.refusal = refusal

    def __str__(self) -> str:
        return self.refusal.message


def refuse(reason: Reason, detail: str = "") -> Refused:
    """The exception for a reason, and what there is to say about this file without personal data."""
    return Refused(Refusal.of(reason, detail))


@dataclass(frozen=True)
class View:
    """How the user space of a page maps to the page as displayed: its visible box and its rotation in quarter turns."""

    left: float
    bottom: float
    right: float
    top: float
    turns: int

    @cached_property
    def width(self) -> float:
        """Displayed width in points."""
        return self.right - self.left if self.turns % 2 == 0 else self.top - self.bottom

    @cached_property
    def height(self) -> float:
        """Displayed height in points."""
        return self.top - self.bottom if self.turns % 2 == 0 else self.right - self.left

    def shown(self, x: float, y: float) -> tuple[float, float]:
        """A point of user space in points from the top left corner of the page as displayed."""
        right, down = x - self.left, self.top - y
        match self.turns:
            case 1:
                return y - self.bottom, right
            case 2:
                return self.right - x, y - self.bottom
            case 3:
                return down, self.right - x
        return right, down

    def box(self, left: float, bottom: float, right: float, top: float) -> tuple[float, float, float, float]:
        """A rectangle of user space as displayed, clipped to the page."""
        if self.turns:
            (xa, ya), (xb, yb) = self.shown(left, top), self.shown(right, bottom)
        else:  # written out: it is asked for every word
            xa, ya, xb, yb = left - self.left, self.top - top, right - self.left, self.top - bottom
        if xa > xb:
            xa, xb = xb, xa
        if ya > yb:
            ya, yb = yb, ya
        width, height = self.width, self.height
        if xa >= 0 and ya >= 0 and xb <= width and yb <= height:
            return xa, ya, xb, yb
        return _within(xa, width), _within(ya, height), _within(xb, width), _within(yb, height)


def _within(value: float, limit: float) -> float:
    return min(max(value, 0.0), limit) if math.isfinite(value) else 0.0


@contextmanager
def opened(path: Path, max_pages: int) -> Iterator["PdfDocument"]:
    """The document in a file; Refused when there is none that can be read. `repair` may know more of a damaged one."""
    _inspect(path)
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError:
        raise _unopened(path) from None
    with bounded(document, max_pages):
        yield document


@contextmanager
def bounded(document: "PdfDocument", max_pages: int) -> Iterator[None]:
    """The document with its form, closed at the end; Refused when it has more pages than are read."""
    import pypdfium2

    try:
        if document.get_formtype() != pypdfium2.raw.FORMTYPE_NONE:
            with suppress(pypdfium2.PdfiumError):
                document.init_forms()
        count = len(document)
        if count > max_pages:
            raise refuse(Reason.too_many_pages, f"{count:,}, where at most {max_pages:,} are read")
        if count < 1:
            raise refuse(Reason.no_pages)
        yield
    finally:
        document.close()


def _inspect(path: Path) -> None:
    """Refuse what the bytes alone give away, before pdfium tries to mend it."""
    size = path.stat().st_size
    if size == 0:
        raise refuse(Reason.empty)
    with path.open("rb") as file:
        head = file.read(_HEADER_WITHIN)
    if b"%PDF-" not in head:
        raise refuse(Reason.not_a_pdf)
    if ends_early(path):
        raise refuse(Reason.damaged, "The file ends before the PDF does")


def ends_early(path: Path) -> bool:
    """Whether a file is shorter than the PDF that it holds."""
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(_HEADER_WITHIN)
        file.seek(max(0, size - _TAIL))
        tail = file.read()
    linear = re.search(rb"/Linearized.{0,200}?/L\s+(\d{1,18})\b", head, re.DOTALL)
    return (linear is not None and int(linear[1]) > size) or (b"startxref" not in tail and b"%%EOF" not in tail)


def _unopened(path: Path) -> Refused:
    """The refusal of a file that did not open.

    It is opened again to learn why: pypdfium2 takes a document without pages for a failed one, and pdfium's last error
    is then one of another file.
    """
    import pypdfium2.raw as raw

    document = raw.FPDF_LoadDocument(os.fsencode(path) + b"\0", None)
    if document:
        raw.FPDF_CloseDocument(document)
        return refuse(Reason.no_pages)
    match raw.FPDF_GetLastError():
        case raw.FPDF_ERR_PASSWORD | raw.FPDF_ERR_SECURITY:
            return refuse(Reason.encrypted)
    return refuse(Reason.damaged)


def page_at(document: "PdfDocument", index: int) -> "PdfPage":
    """The page at `index` (from 0) with what was filled into its form made part of it; Refused when it cannot be
    loaded."""
    import pypdfium2

    page = _loaded(document, index)
    if page.formenv is None:
        return page
    with suppress(pypdfium2.PdfiumError):
        page.flatten()
    page.close()
    return _loaded(document, index)  # the page that was flattened still shows its old content


def _loaded(document: "PdfDocument", index: int) -> "PdfPage":
    import pypdfium2

    try:
        return document[index]
    except pypdfium2.PdfiumError:
        raise refuse(Reason.damaged, f"page {index + 1} of {len(document)} cannot be read") from None


def view_of(page: "PdfPage") -> View:
    """What of the page is displayed, and how it is turned. A page without sane size counts as letter paper."""
    left, bottom, right, top = page.get_bbox()
    if not all(map(math.isfinite, (left, bottom, right, top))) or right - left <= 0 or top - bottom <= 0:
        left, bottom, right, top = 0.0, 0.0, 612.0, 792.0
    return View(left, bottom, right, top, page.get_rotation() // 90 % 4)


def text_of(page: "PdfPage", number: int) -> Sheet:
    """The page's own text. Its source is "none" where it has no text that can be mapped to letters."""
    view = view_of(page)
    textpage = page.get_textpage()
    try:
        lines = tuple(_lines(textpage, view))
    finally:
        textpage.close()
    letters = "".join(word.text for line in lines for word in line)
    if not letters or len(_UNMAPPED.findall(letters)) > 0.3 * len(letters):
        return Sheet(number, view.width, view.height, "none", None, ())
    return Sheet(number, view.width, view.height, "text", None, lines)


def _lines(textpage: Any, view: View) -> Iterator[Line]:
    """The words in pdfium's order; a line ends where pdfium ends it or where the next word stands elsewhere."""
    count = min(textpage.count_chars(), _MAX_CHARACTERS)
    text = textpage.get_text_range(0, count, errors="replace") if count > 0 else ""
    extents = _Extents(textpage, view, exact=len(text) == count)
    spotless = _CLEAN.search(text) is None  # as most pages are; it also says that no hyphen breaks a word
    line: list[Word] = []
    for match in _WORDS.finditer(text):
        if match[0].isspace():
            if line:
                yield tuple(line)
            line = []
            continue
        pieces = [(*match.span(), match[0])] if spotless else _pieces(match.start(), match[0])
        for start, end, shown in pieces:
            clean = shown if spotless else _CLEAN.sub("", shown)
            if not clean:
                continue
            word = Word(clean, *extents.of(start, end - 1))
            if line and not _level(line[-1], word):
                yield tuple(line)
                line = []
            line.append(word)
    if line:
        yield tuple(line)


def _pieces(start: int, whole: str) -> Iterator[tuple[int, int, str]]:
    """Start, end and text of the words in a run without spaces: pdfium runs on where a hyphen ends a line."""
    *broken, last = whole.split(_BROKEN_HYPHEN)
    offset = start
    for part in broken:
        if part:
            yield offset, offset + len(part), f"{part}-"
        offset += len(part) + 1
    if last:
        yield offset, offset + len(last), last


class _Extents:
    """Where characters stand. pdfium leaves some characters out of its text, so that places in the text are translated
    to characters unless the two agree (`exact`)."""

    def __init__(self, textpage: Any, view: View, exact: bool) -> None:
        import pypdfium2.raw as raw

        self._handle, self._view, self._exact = textpage.raw, view, exact
        self._rect = raw.FS_RECTF()
        self._reference = ctypes.byref(self._rect)
        self._loose, self._translate = raw.FPDFText_GetLooseCharBox, raw.FPDFText_GetCharIndexFromTextIndex

    def of(self, first: int, last: int) -> tuple[float, float, float, float]:
        """The rectangle around the first and the last character of a word, as displayed."""
        one = self._character(first)
        two = one if last == first else self._character(last)
        if one is None or two is None:
            one = two = one or two
        if one is None or two is None:
            return 0.0, 0.0, 0.0, 0.0
        if one[1] == two[1] and one[3] == two[3] and one[0] <= two[0] and one[2] <= two[2]:  # as in most words
            return self._view.box(one[0], one[1], two[2], one[3])
        return self._view.box(min(one[0], two[0]), min(one[1], two[1]), max(one[2], two[2]), max(one[3], two[3]))

    def _character(self, index: int) -> tuple[float, float, float, float] | None:
        place = index if self._exact else self._translate(self._handle, index)
        if place < 0 or not self._loose(self._handle, place, self._reference):
            return None
        rect = self._rect
        return rect.left, rect.bottom, rect.right, rect.top


def _level(before: Word, after: Word) -> bool:
    """Whether two words stand on one line."""
    _, _, above, _, below, _ = before
    _, _, top, _, bottom, _ = after
    if top == above and bottom == below:  # as most neighbours
        return True
    least = min(below - above, bottom - top)
    return least <= 0 or min(below, bottom) - max(above, top) > 0.3 * least


def picture(page: "PdfPage", dpi: float, least: float = 0.0) -> tuple["Image", float]:
    """The page as displayed in grey, and its pixels a point: at `dpi`, finer where a small page would have fewer than
    `least` pixels along its longer side, coarser where a huge one would have too many."""
    view = view_of(page)
    longer = max(view.width, view.height)
    wanted = max(dpi / 72, min(least / longer, _FINER * dpi / 72))
    most = min(math.sqrt(_MAX_PIXELS / (view.width * view.height)), _MAX_SIDE / longer)
    scale = min(wanted, most)
    return page.render(scale=scale, grayscale=True).to_pil(), scale
