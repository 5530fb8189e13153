"""Small PDFs for tests: typed pages, scans of them, and files made to hurt whoever reads them."""

import io
import zlib
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

LETTER = (612.0, 792.0)

Text = tuple[float, float, str]
"""x and baseline y in points from the top left, and what is printed there."""


def typed(
    pages: Sequence[Iterable[Text]], *, size: float = 10.0, font: str = "Helvetica", paper: tuple[float, float] = LETTER
) -> bytes:
    """A PDF with text at given places, a page for each list."""
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out, pagesize=paper, invariant=1)
    for page in pages:
        canvas.setFont(font, size)
        for x, y, text in page:
            canvas.drawString(x, paper[1] - y, text)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def lines(*texts: str, x: float = 72.0, top: float = 80.0, leading: float = 14.0) -> list[Text]:
    """One text under the other; an empty one leaves its line free."""
    return [(x, top + order * leading, text) for order, text in enumerate(texts) if text]


def photographed(pdf: bytes, *, degrees: float = 0.0, turns: int = 0, dpi: float = 200.0) -> bytes:
    """The document as pictures without text, tilted anticlockwise by `degrees` and turned by quarter turns."""
    import pypdfium2
    from PIL import Image
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    document = pypdfium2.PdfDocument(pdf)
    out = io.BytesIO()
    canvas = Canvas(out, invariant=1)
    for page in document:
        image = page.render(scale=dpi / 72, grayscale=True).to_pil()
        image = image.rotate(degrees, resample=Image.Resampling.BICUBIC, fillcolor=255).rotate(90 * turns, expand=True)
        width, height = image.width * 72 / dpi, image.height * 72 / dpi
        canvas.setPageSize((width, height))
        canvas.drawImage(ImageReader(image), 0, 0, width, height)
        canvas.showPage()
    document.close()
    canvas.save()
    return out.getvalue()


def text_within(path: Path, page: int, box: Any) -> str:
    """What pdfium reads within a box (points from the top left) of an unrotated page, counted from 1."""
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    try:
        sheet = document[page - 1]
        _, height = sheet.get_size()
        textpage = sheet.get_textpage()
        found: str = textpage.get_text_bounded(box.x0, height - box.y1, box.x1, height - box.y0)
        return " ".join(found.split())
    finally:
        document.close()


# -- files made to hurt


def raw(objects: Sequence[bytes]) -> bytes:
    """A PDF of numbered objects, the first of which is its catalogue."""
    out = bytearray(b"%PDF-1.7\n")
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    start, count = len(out), len(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n%b" % (count, table)
    return bytes(out + b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (count, start))


def page_of(content: bytes, more: bytes = b"", filters: bytes = b"", box: bytes = b"0 0 612 792") -> bytes:
    """A PDF of one page with the content stream given; `more` are further entries of its resources."""
    return raw(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[%b]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>%b>>>>" % (box, more),
            b"<</Length %d%b>>\nstream\n%b\nendstream" % (len(content), filters, content),
            b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        ]
    )


def catalogue_first(pages: int) -> bytes:
    """A PDF whose catalogue and page tree come before the pages, as word processors write them; every other object from
    the third is a page, followed by its content."""
    kids = b" ".join(b"%d 0 R" % (3 + 2 * number) for number in range(pages))
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[%b]/Count %d>>" % (kids, pages)]
    font = b"<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>"
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents %d 0 R/Resources<</Font%b>>>>"
    for number in range(pages):
        text = b"BT /F 12 Tf 50 700 Td (page number %d) Tj ET" % (number + 1)
        objects.append(page % (4 + 2 * number, font))
        objects.append(b"<</Length %d>>\nstream\n%b\nendstream" % (len(text), text))
    return raw(objects)


def packed(mebibytes: int, times: int = 1, of: bytes = b"\0") -> bytes:
    """So many MiB of one byte, deflated so many times; a GiB costs no more than a MiB to make."""
    packer = zlib.compressobj(9)
    first, again = (packer.compress(of * (1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH) for _ in range(2))
    size, value = mebibytes << 20, of[0]
    adler = (size + value * size * (size + 1) // 2) % 65521 << 16 | (1 + value * size) % 65521  # RFC 1950, section 8
    data = first + again * (mebibytes - 1) + b"\x03\x00" + adler.to_bytes(4, "big")
    for _ in range(times - 1):
        data = zlib.compress(data, 9)
    return data


def flate(times: int = 1) -> bytes:
    """The entry of a stream that was deflated so many times."""
    return b"/Filter[%b]" % (b"/FlateDecode" * times)


def flate_bomb(mebibytes: int) -> bytes:
    """A page whose content of so many MiB of spaces is packed twice: a GiB takes some thousand bytes."""
    return page_of(packed(mebibytes, 2, b" "), filters=flate(2))


def slow_page(strokes: int) -> bytes:
    """A page whose drawing takes pdfium long: very many strokes, packed."""
    return page_of(zlib.compress(b"0 0 m 600 700 l S " * strokes, 9), filters=b"/Filter/FlateDecode")


# -- pages that are more than their text


Paint = Callable[[Any], None]
"""Draws on a reportlab canvas."""


def painted(*paints: Paint, paper: tuple[float, float] = LETTER) -> bytes:
    """A PDF of one page on which one thing is painted after the other."""
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out, pagesize=paper, invariant=1)
    for paint in paints:
        canvas.saveState()
        paint(canvas)
        canvas.restoreState()
    canvas.save()
    return out.getvalue()


def printed(
    texts: Iterable[Text],
    *,
    size: float = 11.0,
    colour: tuple[float, float, float] = (0, 0, 0),
    opacity: float = 1.0,
    mode: int = 0,
) -> Paint:
    """Text in a colour and a render mode of PDF: 0 fills, 1 strokes, 3 is invisible, 7 only clips."""

    def paint(canvas: Any) -> None:
        canvas.setFillColorRGB(*colour, alpha=opacity)
        for x, y, text in texts:
            run = canvas.beginText(x, LETTER[1] - y)
            run.setFont("Helvetica", size)
            run.setTextRenderMode(mode)
            run.textOut(text)
            run.setTextRenderMode(0)
            canvas.drawText(run)

    return paint


def filled(x: float, y: float, width: float, height: float, colour: tuple[float, float, float] = (0, 0, 0)) -> Paint:
    """A box whose top left corner is at (x, y) from the top left of the page."""

    def paint(canvas: Any) -> None:
        canvas.setFillColorRGB(*colour)
        canvas.rect(x, LETTER[1] - y - height, width, height, stroke=0, fill=1)

    return paint


def pictured(pdf: bytes, box: tuple[float, float, float, float] = (0, 0, *LETTER), dpi: float = 200.0) -> Paint:
    """The first page of another document as a picture, in a box of left, top, width and height."""

    def paint(canvas: Any) -> None:
        import pypdfium2
        from reportlab.lib.utils import ImageReader

        document = pypdfium2.PdfDocument(pdf)
        image = document[0].render(scale=dpi / 72, grayscale=True).to_pil()
        document.close()
        left, top, width, height = box
        canvas.drawImage(ImageReader(image), left, LETTER[1] - top - height, width, height)

    return paint


def outlined(pdf: bytes, dpi: float = 150.0) -> Paint:
    """The first page of another document as filled shapes, as some programs print letters to keep their fonts: here
    every run of dark dots is a little box."""

    def paint(canvas: Any) -> None:
        import numpy as np
        import pypdfium2

        document = pypdfium2.PdfDocument(pdf)
        dark = np.asarray(document[0].render(scale=dpi / 72, grayscale=True).to_pil()) < 128
        document.close()
        dot, path = 72 / dpi, canvas.beginPath()
        for row, dots in enumerate(dark):
            edges = np.flatnonzero(np.diff(dots.astype(np.int8), prepend=0, append=0))
            for start, end in edges.reshape(-1, 2):
                path.rect(start * dot, LETTER[1] - (row + 1) * dot, (end - start) * dot, dot)
        canvas.drawPath(path, stroke=0, fill=1)

    return paint
