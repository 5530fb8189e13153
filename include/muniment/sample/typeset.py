"""Blocks of a form set on letter pages, and where each value came to stand. Which blocks a form has belongs
to `forms`.

A template is a text with named values: `The price is {purchase_price}.`; `{owner!u}` prints in capitals,
`{owner!f}` people with their family names first. A line whose value is missing is left out whole. Every
printed value is noted with its page and boxes, which is what the truth file tells. Boxes are
`(x0, y0, x1, y1)` in points from the top left corner of the page.
"""

import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from string import Formatter

from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from muniment.sample.spelling import Printed

WIDTH, HEIGHT = 612.0, 792.0
_ASCENT, _DESCENT = 0.74, 0.22  # of the type size; holds for the standard fonts
_FACES = {
    "sans": ("Helvetica", "Helvetica-Bold", "Helvetica-Oblique"),
    "serif": ("Times-Roman", "Times-Bold", "Times-Italic"),
    "typewriter": ("Courier", "Courier-Bold", "Courier-Oblique"),
}

_SPACED_WORD = re.compile(r"(\s*)(\S*)")

Bounds = tuple[float, float, float, float]


@dataclass(frozen=True)
class Style:
    """A look. `face` is sans, serif or typewriter; sizes are points; `values` is the weight in which values
    stand out."""

    face: str = "sans"
    size: float = 10.0
    leading: float = 1.32
    margin: float = 62.0
    values: str = "regular"
    numbering: str = "{}."
    rules: bool = True

    def font(self, weight: str = "regular") -> str:
        """The font of a weight: regular, bold or italic."""
        return _FACES[self.face][("regular", "bold", "italic").index(weight)]


@dataclass(frozen=True)
class Heading:
    """A title or a section's name."""

    text: str
    scale: float = 1.0
    centred: bool = False


@dataclass(frozen=True)
class Para:
    """A paragraph."""

    text: str
    weight: str = "regular"
    indent: float = 0.0
    centred: bool = False


@dataclass(frozen=True)
class Clauses:
    """Numbered prose. `numbered` continues through the document."""

    texts: tuple[str, ...]


@dataclass(frozen=True)
class Pairs:
    """Labels with their values. `arrangement`: "inline" (label: value), "columns" (labels in one column, values in
    another), "ruled" (the same in a ruled grid), "leaders" (dots from label to value); or, `columns` abreast, "abreast"
    (label: value), "above" (label over value), "boxed" (the same in boxes) or "beneath" (value on a line, label under
    it)."""

    rows: tuple[tuple[str, str], ...]
    arrangement: str = "inline"
    columns: int = 2
    split: float = 0.36


@dataclass(frozen=True)
class Table:
    """A table. `widths` are shares of the page; columns named in `right` are set flush right; the last
    `totals` rows are bold."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]
    right: tuple[int, ...] = ()
    totals: int = 0
    ruled: bool = True


@dataclass(frozen=True)
class Signatures:
    """Lines to sign on, two abreast, each with a caption beneath."""

    captions: tuple[str, ...]


@dataclass(frozen=True)
class Rule:
    """A line across the page."""

    width: float = 0.8


@dataclass(frozen=True)
class Space:
    """Empty height in points."""

    height: float = 8.0


@dataclass(frozen=True)
class PageBreak:
    """The rest starts on a new page, with its clauses numbered afresh."""


@dataclass(frozen=True)
class Figure:
    """A drawing of `height` points; `draw` gives strokes within the unit square, (0, 0) top left."""

    draw: Callable[[Mapping[str, Printed]], "Sequence[Stroke | Caption]"]
    height: float


@dataclass(frozen=True)
class Stroke:
    """A line of a figure, in shares of its width and height."""

    x0: float
    y0: float
    x1: float
    y1: float
    width: float = 0.8
    dashed: bool = False


@dataclass(frozen=True)
class Caption:
    """A template in a figure, centred on a point, turned by `angle` degrees anticlockwise."""

    x: float
    y: float
    text: str
    angle: float = 0.0


Block = Heading | Para | Clauses | Pairs | Table | Signatures | Rule | Space | PageBreak | Figure


@dataclass(frozen=True)
class Layout:
    """One of the ways to set a type of document. `legal` prescribes the spelling of land descriptions.

    `header` and `footer` are set on every page; they also know {page} and {pages}, and take left, middle and
    right parts divided by `|`.
    """

    name: str
    style: Style
    blocks: tuple[Block, ...]
    header: str = ""
    footer: str = "||Page {page} of {pages}"
    legal: str | None = None


@dataclass(frozen=True)
class Place:
    """One printing of a value: the page from 1, the text as printed, a box for each line that it runs
    over."""

    page: int
    text: str
    boxes: tuple[Bounds, ...]


@dataclass(frozen=True)
class Typeset:
    """A finished document: PDF bytes, the number of pages, and every place of every value in reading
    order."""

    pdf: bytes
    pages: int
    places: Mapping[str, tuple[Place, ...]]


@dataclass(frozen=True)
class _Word:
    text: str
    font: str
    size: float
    name: str | None  # of the value that it is part of
    printing: int  # counts the printings of values, so that two next to each other stay apart
    glued: bool  # follows the word before without a space
    breaks: bool  # starts a new line


@dataclass(frozen=True)
class _Text:
    x: float
    y: float
    font: str
    size: float
    text: str
    angle: float = 0.0


@dataclass(frozen=True)
class _Line:
    x0: float
    y0: float
    x1: float
    y1: float
    width: float
    dashed: bool = False


@dataclass
class _Printing:
    name: str
    page: int
    words: list[str] = field(default_factory=list)
    boxes: dict[float, Bounds] = field(default_factory=dict)


def typeset(
    layout: Layout,
    values: Mapping[str, Printed],
    *,
    title: str,
    password: str | None = None,
    note: str | None = None,
) -> Typeset:
    """The document that `layout` makes of `values`. The same arguments give the same bytes.

    `password` encrypts it; `note` is printed above everything (an amendment).
    """
    press = _Press(layout.style, values)
    if note:
        press.set(Para(note, weight="bold", centred=True))
    for block in layout.blocks:
        press.set(block)
    press.furnish(layout.header, layout.footer)
    return Typeset(press.pdf(title, password), len(press.pages), press.places())


class _Press:
    """The state of setting: the pages so far, the height reached, the values seen."""

    def __init__(self, style: Style, values: Mapping[str, Printed]) -> None:
        self.style = style
        self.values = values
        self.pages: list[list[_Text | _Line]] = [[]]
        self.left, self.right = style.margin, WIDTH - style.margin
        self.top, self.bottom = 74.0, HEIGHT - 66.0
        self.y = self.top
        self._printings: dict[int, _Printing] = {}
        self._clause = 0
        self._count = 0

    # -- blocks

    def set(self, block: Block) -> None:
        """Set one block below the last."""
        match block:
            case Heading():
                self._heading(block)
            case Para():
                self._para(block)
            case Clauses(texts):
                for text in texts:
                    self._numbered(text)
            case Pairs(arrangement="above" | "boxed" | "beneath"):
                self._captioned(block)
            case Pairs(arrangement="inline"):
                self._inline(block)
            case Pairs(arrangement="leaders"):
                self._leaders(block)
            case Pairs(arrangement="abreast"):
                self._abreast(block)
            case Pairs():
                shares = (block.split, 1 - block.split)
                self._table(Table((), block.rows, shares, ruled=block.arrangement == "ruled"), labels=True)
            case Table():
                self._table(block)
            case Signatures(captions):
                self._signatures(captions)
            case Rule(width):
                self._room(6)
                self._page.append(_Line(self.left, self.y + 2, self.right, self.y + 2, width))
                self.y += 8
            case Space(height):
                self.y += height
            case PageBreak():
                self._turn()
                self._clause = 0
            case Figure():
                self._figure(block)

    def _heading(self, block: Heading) -> None:
        size = self.style.size * block.scale
        lines = self._wrap(self._words(block.text, "bold", size), self.right - self.left)
        if lines:
            self._room(len(lines) * size * 1.3 + 6 + 3 * self._step)  # keep it with what follows
            self.y += 4
            self._lines(lines, self.left, self.right, size * 1.3, "centre" if block.centred else "left")
            self.y += 3

    def _para(self, block: Para) -> None:
        left = self.left + block.indent
        lines = self._wrap(self._words(block.text, block.weight), self.right - left)
        if lines:
            self._room(len(lines) * self._step)
            self._lines(lines, left, self.right, self._step, "centre" if block.centred else "left")
            self.y += self._step * 0.45

    def _numbered(self, text: str) -> None:
        left = self.left + 28
        lines = self._wrap(self._words(text), self.right - left)
        if lines:
            self._clause += 1
            self._room(len(lines) * self._step)
            number = self._words(self.style.numbering.format(self._clause))
            self._set_line(number, self.left, self.y + self._rise)
            self._lines(lines, left, self.right, self._step)
            self.y += self._step * 0.45

    def _inline(self, block: Pairs) -> None:
        for label, template in block.rows:
            value = self._words(template)
            if value:
                lines = self._wrap([*self._words(f"{label}:", "bold"), *value], self.right - self.left, hang=14)
                self._room(len(lines) * self._step)
                self._lines(lines, self.left, self.right, self._step, hang=14)
                self.y += 2
        self.y += 5

    def _leaders(self, block: Pairs) -> None:
        for label, template in block.rows:
            value, words = self._words(template), self._words(label)
            if value:
                self._room(self._step)
                dot = _measure(".", self.style.font(), self.style.size)
                gap = self.right - self.left - _width(words) - _width(value) - 2 * self.style.size
                dots = self._words("." * max(3, int(gap / dot)))
                self._set_line([*words, *dots], self.left, self.y + self._rise)
                self._set_line(value, self.right - _width(value), self.y + self._rise)
                self.y += self._step + 1
        self.y += 5

    def _abreast(self, block: Pairs) -> None:
        cell = (self.right - self.left) / block.columns
        filled = [
            [*self._words(f"{label}:", "bold"), *words]
            for label, template in block.rows
            if (words := self._words(template))
        ]
        for start in range(0, len(filled), block.columns):
            row = [self._wrap(words, cell - 16, hang=10) for words in filled[start : start + block.columns]]
            self._room(max(map(len, row)) * self._step)
            top = self.y
            for column, lines in enumerate(row):
                self.y = top
                self._lines(lines, self.left + column * cell, self.right, self._step, hang=10)
            self.y = top + max(map(len, row)) * self._step + 2
        self.y += 5

    def _captioned(self, block: Pairs) -> None:
        cell = (self.right - self.left) / block.columns
        small = self.style.size - 2.2
        boxed, beneath = (block.arrangement == name for name in ("boxed", "beneath"))
        pad = 4.0 if boxed else 0.0
        filled = [(label, words) for label, template in block.rows if (words := self._words(template))]
        for start in range(0, len(filled), block.columns):
            row = [(label, self._wrap(words, cell - 10)) for label, words in filled[start : start + block.columns]]
            depth = max(len(lines) for _, lines in row) * self._step
            height = small * 1.5 + depth + 8
            self._room(height)
            for column, (label, lines) in enumerate(row):
                x = self.left + column * cell
                caption = self._words(label, "regular" if boxed else "italic", small)
                top = self.y + (depth - len(lines) * self._step if beneath else small * 1.5)
                self._set_line(caption, x + pad, self.y + small + (depth + 2 if beneath else 0))
                for order, line in enumerate(lines):
                    self._set_line(line, x + pad, top + self._rise + order * self._step)
                if beneath:
                    self._page.append(_Line(x, self.y + depth + 1, x + cell - 12, self.y + depth + 1, 0.5))
                if boxed:
                    self._frame(x, self.y, x + cell, self.y + height)
            self.y += height
            if self.style.rules and not (boxed or beneath):
                self._page.append(_Line(self.left, self.y - 4, self.right, self.y - 4, 0.4))
        self.y += 4

    def _frame(self, x0: float, y0: float, x1: float, y1: float) -> None:
        for ends in ((x0, y0, x1, y0), (x0, y1, x1, y1), (x0, y0, x0, y1), (x1, y0, x1, y1)):
            self._page.append(_Line(*ends, 0.5))

    def _table(self, block: Table, labels: bool = False) -> None:
        edges = [self.left]
        for share in block.widths:
            edges.append(edges[-1] + share * (self.right - self.left))
        if block.head:
            self._row([self._words(cell, "bold") for cell in block.head], edges, block)
        for order, row in enumerate(block.rows):
            weight = "bold" if order >= len(block.rows) - block.totals else "regular"
            cells = [self._words(cell, "bold" if labels and column == 0 else weight) for column, cell in enumerate(row)]
            if all(map(self._known, row)):
                self._row(cells, edges, block)
        self.y += 9

    def _row(self, cells: list[list[_Word]], edges: list[float], block: Table) -> None:
        pad = 4.0
        wrapped = [self._wrap(words, edges[column + 1] - edges[column] - 2 * pad) for column, words in enumerate(cells)]
        height = max(1, *(len(lines) for lines in wrapped)) * self._step + (6 if block.ruled else 2)
        self._room(height)
        for column, lines in enumerate(wrapped):
            for order, line in enumerate(lines):
                x = edges[column] + pad
                if column in block.right:
                    x = edges[column + 1] - pad - _width(line)
                self._set_line(line, x, self.y + self._rise + 2 + order * self._step)
        if block.ruled:
            for left, right in pairwise(edges):
                self._frame(left, self.y, right, self.y + height)
        self.y += height

    def _signatures(self, captions: tuple[str, ...]) -> None:
        half = (self.right - self.left) / 2
        filled = [words for caption in captions if (words := self._words(caption, size=self.style.size - 1))]
        for start in range(0, len(filled), 2):
            row = [self._wrap(words, half - 24) for words in filled[start : start + 2]]
            height = 34 + max(len(lines) for lines in row) * self._step
            self._room(height)
            for column, lines in enumerate(row):
                x = self.left + column * half
                self._page.append(_Line(x, self.y + 28, x + half - 24, self.y + 28, 0.6))
                for order, line in enumerate(lines):
                    self._set_line(line, x, self.y + 30 + self._rise + order * self._step)
            self.y += height

    def _figure(self, block: Figure) -> None:
        self._room(block.height)
        width = self.right - self.left
        for mark in block.draw(self.values):
            if isinstance(mark, Stroke):
                ends = (
                    self.left + mark.x0 * width, self.y + mark.y0 * block.height,
                    self.left + mark.x1 * width, self.y + mark.y1 * block.height,
                )  # fmt: skip
                self._page.append(_Line(*ends, mark.width, mark.dashed))
            else:
                self._caption(mark, self.left + mark.x * width, self.y + mark.y * block.height)
        self.y += block.height + 8

    def _caption(self, mark: Caption, x: float, y: float) -> None:
        words = self._words(mark.text, size=self.style.size - 2)
        if mark.angle:
            text = " ".join(word.text for word in words)
            self._page.append(_Text(x, y, self.style.font(), self.style.size - 2, text, mark.angle))
        else:
            self._set_line(words, x - _width(words) / 2, y)

    def furnish(self, header: str, footer: str) -> None:
        """Set the header and the footer of every page, now that the number of pages is known."""
        pages = Printed(str(len(self.pages)), "")
        self.values = {**self.values, "pages": pages}
        for number, _ in enumerate(self.pages):
            self.values = {**self.values, "page": Printed(str(number + 1), "")}
            for template, y in ((header, 44.0), (footer, HEIGHT - 36.0)):
                for part, align in zip(template.split("|"), ("left", "centre", "right"), strict=False):
                    words = self._words(part, size=self.style.size - 2)
                    self._set_line(words, self._start(words, self.left, self.right, align), y, number)

    # -- words and lines

    def _words(self, template: str, weight: str = "regular", size: float | None = None) -> list[_Word]:
        """The words of a template with its values filled in; none when a value is missing."""
        if not self._known(template):
            return []
        words: list[_Word] = []
        gap = ""  # the white space since the last word
        for text, name, _, conversion in Formatter().parse(template):
            gap = self._extend(words, text, gap, weight, size)
            if name is not None:
                shown = self.values[name].text
                self._count += 1
                gap = self._extend(
                    words,
                    _CONVERSIONS[conversion](shown),
                    gap,
                    self._weight(weight),
                    size,
                    name,
                )
        return words

    def _known(self, template: str) -> bool:
        return all(name is None or name in self.values for _, name, _, _ in Formatter().parse(template))

    def _weight(self, weight: str) -> str:
        return self.style.values if weight == "regular" else weight

    def _extend(
        self,
        words: list[_Word],
        text: str,
        gap: str,
        weight: str,
        size: float | None,
        name: str | None = None,
    ) -> str:
        """Append the words of `text`, which follows the white space `gap`; returns the white space that it
        ends in."""
        font, points = self.style.font(weight), size or self.style.size
        for space, word in _SPACED_WORD.findall(text):
            gap += space
            if word:
                words.append(_Word(word, font, points, name, self._count, bool(words) and not gap, "\n" in gap))
                gap = ""
        return gap

    def _wrap(self, words: list[_Word], width: float, hang: float = 0.0) -> list[list[_Word]]:
        """Lines of at most `width`, broken at spaces; lines after the first leave `hang` free at the left."""
        lines: list[list[_Word]] = []
        line: list[_Word] = []
        for atom in _atoms(words):
            limit = width - (hang if lines else 0)
            if line and (atom[0].breaks or _width([*line, *atom]) > limit):
                lines.append(line)
                line = []
            line = [*line, *atom]
        return [*lines, line] if line else lines

    def _lines(
        self,
        lines: list[list[_Word]],
        left: float,
        right: float,
        step: float,
        align: str = "left",
        hang: float = 0.0,
    ) -> None:
        for order, line in enumerate(lines):
            size = line[0].size
            x = self._start(line, left + (hang if order else 0), right, align)
            self._set_line(line, x, self.y + size)
            self.y += step

    @staticmethod
    def _start(line: list[_Word], left: float, right: float, align: str) -> float:
        slack = right - left - _width(line)
        return left + slack * {"left": 0.0, "centre": 0.5, "right": 1.0}[align]

    def _set_line(self, line: list[_Word], x: float, y: float, page: int | None = None) -> None:
        """Set words from `x` on the baseline `y`: one piece of text a font, the places of the values
        noted."""
        number = len(self.pages) - 1 if page is None else page
        piece: list[str] = []
        start, font, size = x, "", 0.0
        for order, word in enumerate(line):
            gap = 0.0 if order == 0 or word.glued else _measure(" ", word.font, word.size)
            if (word.font, word.size) != (font, size):
                if piece:
                    self.pages[number].append(_Text(start, y, font, size, "".join(piece)))
                piece, start, font, size = [], x + gap, word.font, word.size
            elif gap:
                piece.append(" ")
            x += gap
            end = x + _measure(word.text, word.font, word.size)
            piece.append(word.text)
            self._note(word, number, (x, y - _ASCENT * word.size, end, y + _DESCENT * word.size))
            x = end
        if piece:
            self.pages[number].append(_Text(start, y, font, size, "".join(piece)))

    def _note(self, word: _Word, page: int, box: Bounds) -> None:
        if word.name is None:
            return
        printing = self._printings.setdefault(word.printing, _Printing(word.name, page))
        printing.words.append(word.text)
        seen = printing.boxes.get(box[1])
        printing.boxes[box[1]] = (seen[0], box[1], box[2], box[3]) if seen else box

    def places(self) -> dict[str, tuple[Place, ...]]:
        """Every printing of every value, by page."""
        found: dict[str, list[Place]] = {}
        for printing in sorted(self._printings.values(), key=lambda one: (one.page, min(one.boxes))):
            boxes = tuple(
                (round(a, 1), round(b, 1), round(c, 1), round(d, 1)) for a, b, c, d in printing.boxes.values()
            )
            place = Place(printing.page + 1, " ".join(printing.words), boxes)
            found.setdefault(printing.name, []).append(place)
        return {name: tuple(places) for name, places in found.items()}

    # -- pages

    @property
    def _step(self) -> float:
        return self.style.size * self.style.leading

    @property
    def _rise(self) -> float:
        return self.style.size

    @property
    def _page(self) -> list[_Text | _Line]:
        return self.pages[-1]

    def _room(self, height: float) -> None:
        if self.y + height > self.bottom and self._page:
            self._turn()

    def _turn(self) -> None:
        self.pages.append([])
        self.y = self.top

    def pdf(self, title: str, password: str | None) -> bytes:
        """The pages as PDF, the same bytes each time."""
        lock = StandardEncryption(password, ownerPassword=f"{password}-owner", strength=128) if password else None
        out = io.BytesIO()
        canvas = Canvas(out, pagesize=(WIDTH, HEIGHT), invariant=1, pageCompression=1, encrypt=lock)
        canvas.setTitle(title)
        canvas.setProducer("Muniment sample practice")
        for page in self.pages:
            for mark in page:
                _draw(canvas, mark)
            canvas.showPage()
        canvas.save()
        return out.getvalue()


def _family_first(names: str) -> str:
    """`OAKLEY, Ida M. and OAKLEY, Jon` for `Ida M. Oakley and Jon Oakley`."""
    parts = (name.rpartition(" ") for name in names.split(" and "))
    return " and ".join(f"{family.upper()}, {given}" for given, _, family in parts)


_CONVERSIONS: Mapping[str | None, Callable[[str], str]] = {None: str, "u": str.upper, "f": _family_first}


def _draw(canvas: Canvas, mark: _Text | _Line) -> None:
    if isinstance(mark, _Line):
        canvas.setLineWidth(mark.width)
        canvas.setDash(*((4, 3) if mark.dashed else ()))
        canvas.line(mark.x0, HEIGHT - mark.y0, mark.x1, HEIGHT - mark.y1)
        return
    canvas.setFont(mark.font, mark.size)
    if not mark.angle:
        canvas.drawString(mark.x, HEIGHT - mark.y, mark.text)
        return
    canvas.saveState()
    canvas.translate(mark.x, HEIGHT - mark.y)
    canvas.rotate(mark.angle)
    canvas.drawCentredString(0, 0, mark.text)
    canvas.restoreState()


def _atoms(words: Sequence[_Word]) -> list[list[_Word]]:
    """Words grouped so that what is glued together stays on one line."""
    atoms: list[list[_Word]] = []
    for word in words:
        if word.glued and atoms and not word.breaks:
            atoms[-1].append(word)
        else:
            atoms.append([word])
    return atoms


def _width(line: Sequence[_Word]) -> float:
    return sum(
        _measure(word.text, word.font, word.size)
        + (0 if order == 0 or word.glued else _measure(" ", word.font, word.size))
        for order, word in enumerate(line)
    )


@lru_cache(maxsize=16_384)
def _measure(text: str, font: str, size: float) -> float:
    return float(stringWidth(text, font, size))
