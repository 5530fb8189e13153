"""Recognising scanned pages: when it is done, how well, and where the words are said to stand."""

from collections.abc import Callable
from pathlib import Path

import pytest

from muniment.documents.model import Box, Document, Page
from muniment.documents.reading import Limits, read_document
from tests import papers

LIMITS = Limits(timeout_seconds=60, memory_mb=2048, max_pages=20, ocr_dpi=200)

PROSE = (
    "The mortgagor repays the principal with interest at the rate stated,",
    "calculated half-yearly and not in advance, by equal blended instalments",
    "on the first day of each month, until everything that this mortgage",
    "secures is paid. Buildings are kept insured for their full value against",
    "fire, with loss payable to the mortgagee as first loss payee.",
)
CERTIFICATE = papers.typed(
    [
        [
            *papers.lines("TAX CERTIFICATE", top=72),
            *papers.lines(
                "Roll Number: 10044321", "Current tax levy: $4,716.65", "Tax arrears: $310.00", top=110, leading=18
            ),
            *papers.lines("Municipality: City of Aldergate", "Certificate Date: March 5, 2026", top=170, leading=18),
            *papers.lines(*PROSE, top=240),
        ]
    ],
    size=11,
)

Read = Callable[[bytes], Document]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Reads bytes as a document, which they must be."""

    def from_bytes(content: bytes) -> Document:
        path = tmp_path / "paper.pdf"
        path.write_bytes(content)
        outcome = read_document(path, LIMITS)
        assert isinstance(outcome, Document), outcome
        return outcome

    return from_bytes


def only_page(document: Document) -> Page:
    (page,) = document.pages
    return page


def values(document: Document) -> dict[str, str | None]:
    return {field.name: field.normalised for field in document.fields}


def box_of(document: Document, name: str) -> Box:
    box = next(field.box for field in document.fields if field.name == name)
    assert box is not None
    return box


EXPECTED = {
    "roll_number": "10044321",
    "tax_levy": "4716.65",
    "tax_arrears": "310.00",
    "municipality": "City of Aldergate",
    "certificate_date": "2026-03-05",
}


@pytest.mark.parametrize(("degrees", "turns"), [(0, 0), (1.7, 0), (-3.2, 0), (0, 1), (0, 2), (1.0, 3)])
def test_a_scan_is_read_however_it_lay_on_the_glass(read: Read, degrees: float, turns: int) -> None:
    document = read(papers.photographed(CERTIFICATE, degrees=degrees, turns=turns))
    page = only_page(document)
    assert page.source == "ocr"
    assert page.ocr_confidence is not None
    assert page.ocr_confidence > 0.85
    assert document.document_type == "tax_certificate"
    assert values(document) == EXPECTED
    assert "calculated half-yearly and not in advance" in " ".join(page.text.split())


@pytest.mark.parametrize(("degrees", "turns"), [(0, 0), (2.0, 0), (-2.0, 2), (1.0, 1), (0, 3)])
def test_boxes_of_a_scan_hold_the_ink_of_the_value(read: Read, tmp_path: Path, degrees: float, turns: int) -> None:
    import numpy as np
    import pypdfium2

    lone = papers.typed(
        [
            papers.lines(
                "TAX CERTIFICATE", "", "Roll Number: 10044321", "", "levy and arrears of the municipality", *PROSE
            )
        ],
        size=12,
    )
    document = read(papers.photographed(lone, degrees=degrees, turns=turns))
    box = box_of(document, "roll_number")
    page = only_page(document)
    opened = pypdfium2.PdfDocument(tmp_path / "paper.pdf")
    ink = np.asarray(opened[0].render(scale=2, grayscale=True).to_pil()) < 128
    opened.close()
    rows, columns = slice(int(box.y0 * 2), int(box.y1 * 2) + 1), slice(int(box.x0 * 2), int(box.x1 * 2) + 1)
    within = ink[rows, columns]
    assert 0.08 < within.mean() < 0.6, "the box is on the digits"
    assert (box.x1 - box.x0) * (box.y1 - box.y0) < 70 * 25
    assert 0 <= box.x0 < box.x1 <= page.width
    assert 0 <= box.y0 < box.y1 <= page.height


def test_a_blank_page_has_no_text_and_no_source(read: Read) -> None:
    page = only_page(read(papers.typed([[]])))
    assert (page.source, page.text, page.ocr_confidence) == ("none", "", None)


def test_a_text_page_with_a_stamp_is_not_recognised(read: Read) -> None:
    stamp = b"0.4 0.4 0.4 rg 380 80 150 150 re f BT /F 10 Tf 0 g "
    body = b"".join(b"1 0 0 1 60 %d Tm (%b) Tj " % (700 - 14 * row, PROSE[row % 5].encode()) for row in range(20))
    page = only_page(read(papers.page_of(stamp + body + b"ET")))
    assert page.source == "text"


def test_a_picture_under_a_line_of_text_is_recognised(read: Read) -> None:
    import io

    import pypdfium2
    from PIL import Image
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    rendered = pypdfium2.PdfDocument(CERTIFICATE)
    image: Image.Image = rendered[0].render(scale=200 / 72, grayscale=True).to_pil()
    out = io.BytesIO()
    canvas = Canvas(out, invariant=1)
    canvas.drawImage(ImageReader(image), 0, 0, 612, 792)
    canvas.drawString(72, 20, "Sent by fax, page 1 of 1")
    canvas.save()
    assert only_page(read(out.getvalue())).source == "ocr"


def test_a_font_without_meaning_is_recognised_from_its_shapes(read: Read) -> None:
    """Its letters are mapped to the private use area, so that the text layer says nothing."""
    mapping = b"1 begincodespacerange <00> <FF> endcodespacerange 1 beginbfrange <20> <7E> <E020> endbfrange"
    cmap = b"/CIDInit /ProcSet findresource begin begincmap %b endcmap end" % mapping
    body = b"".join(b"1 0 0 1 60 %d Tm (%b) Tj " % (700 - 16 * row, text.encode()) for row, text in enumerate(PROSE))
    content = b"BT /F 12 Tf %b ET" % body
    page = only_page(
        read(
            papers.raw(
                [
                    b"<</Type/Catalog/Pages 2 0 R>>",
                    b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
                    b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
                    b"<</Length %d>>\nstream\n%b\nendstream" % (len(content), content),
                    b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 6 0 R>>",
                    b"<</Length %d>>\nstream\n%b\nendstream" % (len(cmap), cmap),
                ]
            )
        )
    )
    assert page.source == "ocr"
    assert "mortgagor repays the principal" in page.text


def test_a_real_scan_comes_out_almost_without_errors(read: Read, corpus: Path) -> None:
    truth = " ".join((corpus / "scanned" / "ocrmypdf_linn.txt").read_text().split())
    found = " ".join(only_page(read((corpus / "scanned" / "ocrmypdf_skew.pdf").read_bytes())).text.split())
    words = set(found.split())
    known = [word for word in truth.split() if word in words]
    assert len(known) > 0.93 * len(truth.split())
    assert abs(len(found) - len(truth)) < 0.03 * len(truth)
