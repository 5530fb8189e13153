"""A page as a picture for people. Pictures for OCR are `pdf`'s."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

_MOST_PIXELS = 25_000_000
_MOST_SIDE = 20_000  # pixels


def render_page(path: Path, page: int, dpi: float) -> tuple[int, int, bytes]:
    """Width and height in pixels and the RGB bytes of a page (counted from 1), coarser than `dpi` where it is huge.

    A damaged file is mended as it was for reading. Raises Refused where there is nothing to see. To be called in a
    confined process, like everything that opens a PDF.
    """
    from muniment.documents.pdf import page_at, view_of
    from muniment.documents.repair import attempt

    def drawn(document: "PdfDocument", _: bool) -> tuple[int, int, bytes]:
        sheet = page_at(document, page - 1)
        view = view_of(sheet)
        most = min((_MOST_PIXELS / (view.width * view.height)) ** 0.5, _MOST_SIDE / max(view.width, view.height))
        image = sheet.render(scale=min(dpi / 72, most)).to_pil().convert("RGB")
        return image.width, image.height, image.tobytes()

    return attempt(path, sys.maxsize, drawn)
