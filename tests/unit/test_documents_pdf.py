"""Opening PDFs: what is refused and why, and where words are said to stand."""

import io
import pickle
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from muniment.documents import pdf
from muniment.documents.layout import Sheet
from muniment.documents.model import Document, Outcome, Reason, Refusal
from muniment.documents.reading import Limits, read_document
from tests import papers

LIMITS = Limits(timeout_seconds=60, memory_mb=2048, max_pages=20, ocr_dpi=200)

Write = Callable[[bytes], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Puts bytes into a file."""

    def to_file(content: bytes) -> Path:
        path = tmp_path / "paper.pdf"
        path.write_bytes(content)
        return path

    return to_file


def reason(outcome: Outcome) -> str | None:
    return outcome.reason if isinstance(outcome, Refusal) else None


def sheet_of(path: Path) -> Sheet:
    with pdf.opened(path, 20) as document:
        return pdf.text_of(document[0], 1)


def encrypted(user: str) -> bytes:
    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out, encrypt=StandardEncryption(user, ownerPassword="owner", strength=128))
    canvas.drawString(72, 700, "What the page says is long enough to be taken for text.")
    canvas.save()
    return out.getvalue()


# -- refusals


def test_an_empty_file_is_refused_as_empty(write: Write) -> None:
    assert reason(read_document(write(b""), LIMITS)) == "empty"


def test_a_file_that_does_not_begin_like_a_pdf_is_refused_as_not_a_pdf(write: Write) -> None:
    late = b"\0" * 1020 + papers.typed([papers.lines("late header")])
    assert reason(read_document(write(b"PK\x03\x04 a zip archive"), LIMITS)) == "not_a_pdf"
    assert reason(read_document(write(late), LIMITS)) == "not_a_pdf"


def test_a_few_bytes_before_the_header_are_forgiven(write: Write) -> None:
    assert reason(read_document(write(b"\n\n\n" + papers.typed([papers.lines("text")])), LIMITS)) is None


def test_a_file_that_needs_a_password_is_refused_as_encrypted(write: Write) -> None:
    assert reason(read_document(write(encrypted("secret")), LIMITS)) == "encrypted"


def test_a_file_with_an_owner_password_alone_is_read(write: Write) -> None:
    outcome = read_document(write(encrypted("")), LIMITS)
    assert isinstance(outcome, Document)
    assert "taken for text" in outcome.pages[0].text


def test_a_pdf_without_pages_is_refused_as_no_pages(write: Write) -> None:
    bare = papers.raw([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[]/Count 0>>"])
    assert reason(read_document(write(bare), LIMITS)) == "no_pages"


def test_more_pages_than_allowed_are_refused_as_too_many(write: Write) -> None:
    many = papers.typed([papers.lines("page")] * (LIMITS.max_pages + 1))
    outcome = read_document(write(many), LIMITS)
    assert outcome == Refusal.of(Reason.too_many_pages, "21, where at most 20 are read")


def test_a_refusal_passes_between_processes(write: Write) -> None:
    with pytest.raises(pdf.Refused) as raised, pdf.opened(write(b"nothing"), 20):
        pass
    copy = pickle.loads(pickle.dumps(raised.value))
    assert copy.refusal == raised.value.refusal
    assert str(copy) == Reason.not_a_pdf.sentence


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_damage_makes_the_reader_raise(write: Write, data: st.DataObject) -> None:
    content = bytearray(papers.typed([papers.lines("Transfer of Land", "LINC 0012 345 678")]))
    for place, value in data.draw(
        st.lists(st.tuples(st.integers(0, len(content) - 1), st.integers(0, 255)), max_size=12)
    ):
        content[place] = value
    start, length = data.draw(st.tuples(st.integers(0, len(content)), st.integers(0, 200)))
    del content[start : start + length]
    assert isinstance(read_document(write(bytes(content)), LIMITS), Document | Refusal)


# -- words and boxes


def test_words_stand_where_they_are_printed(write: Write) -> None:
    sheet = sheet_of(write(papers.typed([[(100, 200, "Completion"), (300, 500, "Deposit")]])))
    completion, deposit = sheet.words
    assert (completion.text, deposit.text) == ("Completion", "Deposit")
    assert completion.x0 == pytest.approx(100, abs=0.5)
    assert completion.y0 < 200 < completion.y1 < 206
    assert deposit.x0 == pytest.approx(300, abs=0.5)
    assert deposit.y0 < 500 < deposit.y1


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_boxes_are_those_of_the_page_as_displayed(write: Write, turn: int) -> None:
    import pypdfium2

    document = pypdfium2.PdfDocument(papers.typed([[(100, 200, "Caveat")]]))
    document[0].set_rotation(turn)
    document[0].set_cropbox(50, 100, 562, 742)  # 50 points off each side
    out = io.BytesIO()
    document.save(out)
    path = write(out.getvalue())
    sheet = sheet_of(path)
    assert (sheet.width, sheet.height) == ((512, 642) if turn % 180 == 0 else (642, 512))
    with pdf.opened(path, 1) as reopened:
        picture, scale = pdf.picture(reopened[0], 144)
    box = sheet.box([0])
    assert box is not None
    inside = picture.crop((int(box.x0 * scale), int(box.y0 * scale), int(box.x1 * scale) + 1, int(box.y1 * scale) + 1))
    assert inside.getextrema()[0] < 128, "no ink where the word should stand"
    picture.paste(255, (int(box.x0 * scale), int(box.y0 * scale), int(box.x1 * scale) + 1, int(box.y1 * scale) + 1))
    assert picture.getextrema()[0] > 200, "ink beside the box of the only word"


def test_text_is_free_of_what_a_database_refuses(write: Write) -> None:
    sheet = sheet_of(write(papers.page_of(b"BT /F 12 Tf 50 700 Td (NUL\\000 bell\\007 soft\\255hyphen) Tj ET")))
    assert "\0" not in sheet.text
    assert not any(0xD800 <= ord(character) <= 0xDFFF or ord(character) < 9 for character in sheet.text)
    sheet.text.encode()


def test_a_word_broken_by_a_hyphen_has_the_places_of_both_its_parts(write: Write) -> None:
    *_, first, second, _ = sheet_of(write(papers.typed([papers.lines("subject to the encum-", "brances noted")]))).words
    assert (first.text, second.text) == ("encum-", "brances")
    assert first.y1 < second.y1
    assert second.x0 < first.x0


@pytest.mark.parametrize(
    ("first", "second"), [("signed by Beatriz Tremblay-", "Roux of Foxhollow"), ("File: 2026-", "0012")]
)
def test_a_name_or_number_broken_by_a_hyphen_keeps_it(write: Write, first: str, second: str) -> None:
    text = sheet_of(write(papers.typed([papers.lines(first, second)]))).text
    assert text.replace("\n", "") == first + second


def test_what_was_filled_into_a_form_is_text_of_the_page(write: Write) -> None:
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out)
    canvas.drawString(72, 700, "Purchase price:")
    canvas.acroForm.textfield(name="price", value="$450,000.00", x=180, y=690, width=200, height=20)
    canvas.save()
    outcome = read_document(write(out.getvalue()), LIMITS)
    assert isinstance(outcome, Document)
    assert "$450,000.00" in outcome.pages[0].text


def test_every_span_of_text_has_its_words(write: Write) -> None:
    sheet = sheet_of(
        write(papers.typed([papers.lines("The Seller agrees", "", "", "to sell the land", "and the house")]))
    )
    for position, word in enumerate(sheet.words):
        (span,) = sheet.spans([position])
        assert sheet.text[span.start : span.end] == word.text
        assert list(sheet.positions(span)) == [position]
    assert sheet.spans(range(len(sheet.words))) == ((0, len(sheet.text)),)
    assert "\n\n" in sheet.text, "a wide gap is a new paragraph"


# -- pictures


@pytest.mark.parametrize("paper", [(20_000_000, 20_000_000), (3, 5_000_000), (0.01, 0.01)])
def test_the_picture_of_any_page_is_of_bounded_size(write: Write, paper: tuple[float, float]) -> None:
    box = b"0 0 %d.%02d %d.%02d" % (int(paper[0]), paper[0] % 1 * 100, int(paper[1]), paper[1] % 1 * 100)
    with pdf.opened(write(papers.page_of(b"0 0 1 1 re f", box=box)), 1) as document:
        image, _ = pdf.picture(document[0], 600, least=1600)
    assert image.width * image.height <= 26_000_000
    assert max(image.size) <= 20_001
