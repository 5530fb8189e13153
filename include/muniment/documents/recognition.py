"""Whether a page is read from its own text, believed as a layer, or recognised. What is on a page belongs to
`contents`, its words to `pdf`, recognising them to `ocr`.

The rule is `way`, over facts that are measured from what is on the page (docs/decisions/0013).
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from muniment.documents.layout import Line, Sheet, Word
from muniment.documents.model import Box

if TYPE_CHECKING:
    import numpy as np
    from PIL.Image import Image
    from pypdfium2 import PdfPage

    from muniment.documents.contents import Contents

Way = Literal["text", "layer", "recognise"]

_INK = 0.002  # share of the page, dark and not covered by words, that is worth recognising
_REMAINDER = 0.25  # share of the ink, in pictures and not covered by words, from which they are more than a letterhead
_SPARSE = 200  # characters below which a page may be a picture with a caption
_BORNE_OUT = 0.7  # share of a layer's sample that recognition must bear out
_ADDS = 0.05  # share of the page's own text that recognition must add
_RULE = 0.1  # share of the page's width or height: a longer dark line is a rule or a panel
_SAME = 80  # of 100: words that differ by less were recognised alike
_LEVEL = 0.35  # of the height of a word: how far the layer may be above or below what it says
_DARK = 160  # of 255
_SHOWS = 24  # of 255: least contrast where a word stands
_COARSE = 48  # dots an inch at which ink is measured
_OCR_SIDE = 1600  # pixels along the longer side that a page is recognised at, even where it claims to be small
_SAMPLE = 0.125  # of the page's height: what is recognised of a page to judge its layer


@dataclass(frozen=True)
class PageFacts:
    """What decides how a page is read. Shares are of the page's area; ink counts as uncovered where no word stands.

    `characters` are those of its own text that shows and `layer` those of its layer, `page_like` says whether its
    pictures may be a page themselves, `outlined` how many letters its filled shapes could be. The rest is measured on
    a picture of the page, where it is `doubtful`; `agreement` is the share of the layer that recognition bears out.
    """

    characters: int
    layer: int = 0
    page_like: bool = False
    outlined: int = 0
    ink: float = 0.0
    in_pictures: float = 0.0
    outside: float = 0.0
    agreement: float = 0.0

    @property
    def doubtful(self) -> bool:
        """Whether the text may be less than the page shows, so that its ink has to be looked at."""
        return self.characters < _SPARSE or self.page_like or self.outlined > self.characters

    @property
    def uncovered(self) -> float:
        """The ink that no word covers."""
        return self.in_pictures + self.outside


def way(facts: PageFacts) -> Way:
    """How the page is read.

    A layer is believed when it covers most of the ink and recognition bears a sample of it out. Otherwise a page is
    recognised when ink is left over that can be text: any where the page has no text; a good part of it in pictures as
    large as a page; that of shapes which could be more letters than there are; most of it on a page with little text.
    """
    if facts.layer:
        return "layer" if facts.agreement >= _BORNE_OUT and 2 * facts.uncovered <= facts.ink else "recognise"
    if not facts.characters:
        return "recognise" if facts.uncovered >= _INK else "text"
    if facts.page_like and facts.in_pictures >= max(_INK, _REMAINDER * facts.ink):
        return "recognise"
    letters = facts.outlined > facts.characters
    caption = facts.characters < _SPARSE and 2 * facts.outside > facts.ink
    return "recognise" if facts.outside >= _INK and (letters or caption) else "text"


def sheet_of(page: "PdfPage", number: int, dpi: int) -> Sheet:
    """The words of a page, wherever they are best read from."""
    from muniment.documents import contents, pdf

    found = contents.contents_of(page, pdf.view_of(page))
    with found.layer_off():
        own = replace(pdf.text_of(page, number), hidden=found.hidden)
    facts = PageFacts(_characters(own.words), 0, found.page_like, found.outlined)
    if found.layer:
        return _layered(page, own, pdf.text_of(page, number), found, dpi)
    if not facts.doubtful:
        return own
    image, scale = pdf.picture(page, _COARSE)
    facts = _inked(facts, _pixels(image), scale, found, own.words)
    return own if way(facts) == "text" else _recognised(*pdf.picture(page, dpi, least=_OCR_SIDE), own)


def is_blank(page: "PdfPage") -> bool:
    """Whether the page shows nothing at all."""
    from muniment.documents import pdf

    image, _ = pdf.picture(page, _COARSE)
    return not (_pixels(image) < _DARK).any()


def _layered(page: "PdfPage", own: Sheet, whole: Sheet, found: "Contents", dpi: int) -> Sheet:
    """A page with a layer: `own` is its text without and `whole` with it.

    What stands where nothing is to be seen is hidden, unless it is the drift of a layer that is poor but no invention:
    one that stands on ink for the most part, and is not believed.
    """
    from muniment.documents import pdf

    image, scale = pdf.picture(page, dpi, least=_OCR_SIDE)
    pixels = _pixels(image)
    lines = tuple(filter(None, (tuple(word for word in line if _shows(pixels, scale, word)) for line in whole.lines)))
    shown = replace(whole, source="layer", lines=lines)
    lost = _letters(whole.words) - _letters(shown.words)
    facts = PageFacts(_characters(own.words), _characters(shown.words), found.page_like, found.outlined)
    facts = _inked(facts, pixels, scale, found, shown.words)
    if way(replace(facts, agreement=1.0)) == "layer":
        facts = replace(facts, agreement=_agreement(image, scale, shown))
    if way(facts) == "layer":
        return replace(shown, hidden=own.hidden + lost)
    invented = lost if lost > _letters(shown.words) else 0
    return _recognised(image, scale, replace(own, hidden=own.hidden + invented))


def _recognised(image: "Image", scale: float, own: Sheet) -> Sheet:
    """What recognition makes of a page, unless that adds little to what the page itself says."""
    from muniment.documents import ocr

    seen = ocr.recognise(image, scale, own.number)
    best = seen if _added(seen, own) > _ADDS * _characters(own.words) else own
    return replace(best, hidden=own.hidden)


def _added(seen: Sheet, own: Sheet) -> int:
    """Characters of the words of two letters or more that recognition saw where the page's own text has none."""
    import numpy as np

    covered = np.zeros((math.ceil(own.height) + 1, math.ceil(own.width) + 1), bool)
    _paint(covered, 1.0, own.words, True)
    added = 0
    for position, word in enumerate(seen.words):
        box = seen.box([position])
        if box and sum(map(str.isalnum, word.text)) > 1 and not covered[int(_middle(box)[1]), int(_middle(box)[0])]:
            added += len(word.text)
    return added


def _agreement(image: "Image", scale: float, layer: Sheet) -> float:
    """The share of the characters of a band of the page that recognition reads as the layer has them, in the same
    places."""
    from rapidfuzz.fuzz import ratio

    from muniment.documents import ocr

    top, bottom = _band(layer)
    sample = [word for word in layer.words if word.y0 >= top and word.y1 <= bottom and _said(word)]
    edge = 0.01 * layer.height
    first, last = max(0, int((top - edge) * scale)), min(image.height, math.ceil((bottom + edge) * scale))
    seen = ocr.recognise(image.crop((0, first, image.width, last)), scale, layer.number)
    placed = [(word.text, _lowered(seen.box([at]), first / scale)) for at, word in enumerate(seen.words)]
    borne = (
        len(word.text)
        for word in sample
        if any(_close(word, box) and ratio(word.text.lower(), text.lower()) >= _SAME for text, box in placed)
    )
    return sum(borne) / max(_characters(sample), 1)


def _band(layer: Sheet) -> tuple[float, float]:
    """Top and bottom of the strip of the page that holds the most of its layer."""
    height = max(_SAMPLE * layer.height, 4 * max(word.height for word in layer.words))
    tops = sorted({word.y0 for word in layer.words})
    step = max(1, len(tops) // 50)
    top = max(
        tops[::step],
        key=lambda top: _characters(word for word in layer.words if word.y0 >= top and word.y1 <= top + height),
    )
    return top, top + height


def _lowered(box: Box | None, by: float) -> Box:
    return Box(box.x0, box.y0 + by, box.x1, box.y1 + by) if box else Box(0, 0, 0, 0)


def _close(word: Word, box: Box) -> bool:
    """Whether a recognised word stands where the layer has one, which may place words by line only roughly."""
    _, middle = _middle(box)
    reach = 1.5 * word.height
    level = abs(middle - (word.y0 + word.y1) / 2) <= _LEVEL * word.height
    return level and box.x1 > word.x0 - reach and box.x0 < word.x1 + reach


def _middle(box: Box) -> tuple[float, float]:
    return (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2


def _characters(words: Iterable[Word]) -> int:
    return sum(len(word.text) for word in words)


def _letters(words: Iterable[Word]) -> int:
    """Characters of the words that say something; rules and dots do not."""
    return sum(len(word.text) for word in words if _said(word))


def _said(word: Word) -> bool:
    return any(map(str.isalnum, word.text))


# -- ink


def _pixels(image: "Image") -> "np.ndarray[Any, Any]":
    import numpy as np

    return np.array(image)


def _inked(facts: PageFacts, pixels: "np.ndarray[Any, Any]", scale: float, found: "Contents", words: Line) -> PageFacts:
    """The facts with the ink of the page as drawn at `scale` pixels a point."""
    import numpy as np

    dark = _lettered(pixels < _DARK)
    ink = float(dark.mean()) if dark.size else 0.0
    _paint(dark, scale, words, False)
    in_pictures = np.zeros(dark.shape, bool)
    for left, top, right, bottom in found.pictures:
        _fill(in_pictures, scale, (left, top, right, bottom), True)
    inside, all_ = (float(part.mean()) if part.size else 0.0 for part in (dark & in_pictures, dark))
    return replace(facts, ink=ink, in_pictures=inside, outside=all_ - inside)


def _lettered(dark: "np.ndarray[Any, Any]") -> "np.ndarray[Any, Any]":
    """The ink without rules and panels: no letter is dark over so much of a line."""
    height, width = dark.shape
    across, down = max(2, int(_RULE * width)), max(2, int(_RULE * height))
    letters: np.ndarray[Any, Any] = dark & ~_runs(dark, across) & ~_runs(dark.T, down).T
    return letters


def _runs(dark: "np.ndarray[Any, Any]", length: int) -> "np.ndarray[Any, Any]":
    """Where at least `length` dark pixels follow one another in a row."""
    import numpy as np

    if dark.shape[1] < length:
        return np.zeros(dark.shape, bool)
    begins = _sums(dark, length) == length
    runs: np.ndarray[Any, Any] = _sums(np.pad(begins, ((0, 0), (length - 1, length - 1))), length) > 0
    return runs


def _sums(mask: "np.ndarray[Any, Any]", length: int) -> "np.ndarray[Any, Any]":
    """How many are set in each window of `length` along the rows."""
    import numpy as np

    counts = np.cumsum(np.pad(mask, ((0, 0), (1, 0))), axis=1, dtype=np.int32)
    sums: np.ndarray[Any, Any] = counts[:, length:] - counts[:, :-length]
    return sums


def _shows(pixels: "np.ndarray[Any, Any]", scale: float, word: Word) -> bool:
    """Whether there is something to see where a word stands."""
    top, left = max(0, int(word.y0 * scale)), max(0, int(word.x0 * scale))
    under = pixels[top : math.ceil(word.y1 * scale) + 1, left : math.ceil(word.x1 * scale) + 1]
    return bool(under.size) and int(under.max()) - int(under.min()) >= _SHOWS


def _paint(mask: "np.ndarray[Any, Any]", scale: float, words: Iterable[Word], value: bool) -> None:
    """Set a mask where words stand, with a pixel around them."""
    for _, left, top, right, bottom, _ in words:
        _fill(mask, scale, (left, top, right, bottom), value)


def _fill(mask: "np.ndarray[Any, Any]", scale: float, box: tuple[float, float, float, float], value: bool) -> None:
    left, top, right, bottom = box
    rows = slice(max(int(top * scale) - 1, 0), max(math.ceil(bottom * scale) + 1, 0))
    mask[rows, max(int(left * scale) - 1, 0) : max(math.ceil(right * scale) + 1, 0)] = value
