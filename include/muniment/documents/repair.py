"""The structure of PDFs as qpdf sees it: whether it is damaged, mending it, what of it may pass for the whole. Reading
pages is `pdf`'s.

qpdf runs on hostile bytes too: call it in a process that can be lost.
"""

import mmap
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from muniment.documents.active import active_content
from muniment.documents.model import ActiveContent, Reason
from muniment.documents.pdf import Refused, bounded, ends_early, opened, refuse

if TYPE_CHECKING:
    from pikepdf import Pdf
    from pypdfium2 import PdfDocument

T = TypeVar("T")

# As qpdf words it.
_DAMAGE = re.compile(r"file is damaged|reconstruct cross-reference")
_LOST = re.compile(r"Pages tree includes non-dictionary object|too many errors; ignoring page")


@dataclass(frozen=True)
class Structure:
    """What qpdf says of a file: whether it had to be mended, which pdfium does without a word; the pages that its page
    tree names or declares, recovered or not; what it would do by itself."""

    damaged: bool
    pages: int
    active: tuple[ActiveContent, ...]


def attempt(path: Path, max_pages: int, use: Callable[["PdfDocument", bool], T]) -> T:
    """What `use` makes of the document in a file, or of the mended one where the file or a page of it is damaged.

    `use` is told whether the document was mended, and may be called for both. Raises Refused.
    """
    try:
        with opened(path, max_pages) as document:
            return use(document, False)
    except Refused as refused:
        if refused.refusal.reason is not Reason.damaged:
            raise
    with mended(path, max_pages) as document:
        return use(document, True)


@contextmanager
def mended(path: Path, max_pages: int) -> Iterator["PdfDocument"]:
    """The document that qpdf recovers from a damaged file.

    A file that is cut off is believed when it lacks nothing that it refers to, and was cut neither within an object nor
    within a revision that was added to a whole file; else Refused: part of a deed must not pass for the deed.
    """
    import pypdfium2

    # In memory, of which a worker may take so much: what a full disk refuses would pass for what the file lacks.
    copy = BytesIO()
    _mend(path, copy)
    try:
        document = pypdfium2.PdfDocument(copy)
    except pypdfium2.PdfiumError:
        raise refuse(Reason.damaged) from None
    with bounded(document, max_pages):
        yield document


def structure_of(path: Path) -> Structure:
    """The structure of a file that pdfium opens."""
    import pikepdf

    try:
        with pikepdf.open(path, suppress_warnings=True) as file:
            warnings = [str(warning) for warning in file.get_warnings()]
            lost = sum(_LOST.search(warning) is not None for warning in warnings)
            declared = file.Root.Pages.get("/Count")
            pages = max(len(file.pages) + lost, declared if isinstance(declared, int) else 0)
            return Structure(lost > 0 or any(map(_DAMAGE.search, warnings)), pages, active_content(file))
    except Exception:  # qpdf has many ways to fail on a file that pdfium reads all the same
        return Structure(False, 0, ("unexamined",))


def _mend(path: Path, copy: BytesIO) -> None:
    import pikepdf

    try:
        with pikepdf.open(path, suppress_warnings=True) as file:
            if ends_early(path) and _lacks(file, path):
                raise refuse(Reason.damaged, "The file ends before the PDF does")
            none = pikepdf.StreamDecodeLevel.none  # what is packed stays so: it may be a bomb
            file.save(copy, compress_streams=False, stream_decode_level=none)
    except pikepdf.PasswordError:
        raise refuse(Reason.encrypted) from None
    except (Refused, MemoryError):
        raise
    except Exception:  # qpdf has many ways to say that it cannot
        raise refuse(Reason.damaged) from None


def _lacks(file: "Pdf", path: Path) -> bool:
    """Whether a file that ends early lost a part of itself with its end."""
    with path.open("rb") as bare, mmap.mmap(bare.fileno(), 0, access=mmap.ACCESS_READ) as content:
        object_, closed, end = (content.rfind(mark) for mark in (b" obj", b"endobj", b"%%EOF"))
        linear = content.find(b"/Linearized", 0, 1024) >= 0  # its first part has an end of its own
    if end > object_ and not linear:
        return False  # what follows the end is padding
    within_object, within_revision = object_ > closed, end >= 0 and not linear
    return within_object or within_revision or any(one is None for one in file.objects)  # None is what cannot be found
