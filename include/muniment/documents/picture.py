"""A page as a picture for people. Pictures for OCR are `pdf`'s."""

from pathlib import Path

_MOST_PIXELS = 25_000_000


def render_page(path: Path, page: int, dpi: float) -> tuple[int, int, bytes]:
    """Width and height in pixels and the RGB bytes of a page (counted from 1), coarser than `dpi` where it is huge.

    To be called in a confined process, like everything that opens a PDF.
    """
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    sheet = document[page - 1]
    width, height = sheet.get_size()
    scale = min(dpi / 72, (_MOST_PIXELS / max(width * height, 1)) ** 0.5)
    image = sheet.render(scale=scale).to_pil().convert("RGB")
    return image.width, image.height, image.tobytes()
