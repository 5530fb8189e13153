"""Reading order: columns of prose one after the other, everything else as the file has it, broken words mended."""

import random
from collections.abc import Callable, Sequence
from itertools import chain
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reportlab.pdfbase.pdfmetrics import stringWidth

from muniment.documents import pdf
from muniment.documents.columns import arranged
from muniment.documents.layout import Sheet, Word
from muniment.documents.model import Document
from muniment.documents.reading import Limits, read_document
from tests import papers

Read = Callable[[Sequence[papers.Text]], Sheet]

TERMS = """
The Seller shall deliver possession of the Property on the Completion Day in the state in which the Buyer saw
it. Unless the parties agree otherwise in writing all adjustments are made as of noon of that day and every
cost that falls due later is for the Buyer to bear. If the Buyer does not complete the Seller may keep what
was paid as a deposit and may sell to someone else without further notice to anyone. Nothing in this clause
limits any other remedy that the law gives to either of them and no waiver is effective unless it is made in
writing and signed by the party who is to be bound by it before the dispute in question has begun.
"""
CLAUSES = TERMS.split()


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Prints one page and reads it."""

    def one(texts: Sequence[papers.Text]) -> Sheet:
        path = tmp_path / "page.pdf"
        path.write_bytes(papers.typed([texts]))
        with pdf.opened(path, 1) as document:
            return arranged(pdf.text_of(document[0], 1))

    return one


def prose(count: int, width: float, start: int = 0) -> list[str]:
    """So many lines of running text, each as full as `width` points allow."""
    words = iter(CLAUSES[start % 40 :] + CLAUSES * 20)
    lines: list[str] = []
    line = next(words)
    while len(lines) < count:
        word = next(words)
        if stringWidth(f"{line} {word}", "Helvetica", 10) > width:
            lines.append(line)
            line = word
        else:
            line += f" {word}"
    return lines


def columns(count: int, rows: int, top: float = 120.0) -> list[list[papers.Text]]:
    """The lines of so many columns across a letter page."""
    pitch = 500 / count
    return [
        papers.lines(*prose(rows, pitch - 16, start=7 * order), x=60 + order * pitch, top=top) for order in range(count)
    ]


def said(texts: Sequence[papers.Text]) -> str:
    return " ".join(text for _, _, text in texts)


def flat(sheet: Sheet) -> str:
    return " ".join(sheet.text.split())


# -- columns


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(count=st.integers(2, 3), rows=st.integers(8, 40), seed=st.integers(0, 10_000))
def test_columns_come_one_after_the_other_in_whatever_order_they_are_drawn(
    read: Read, count: int, rows: int, seed: int
) -> None:
    heading, footer = (60.0, 70.0, "General terms of sale"), (280.0, 740.0, "Page 1 of 9")
    expected = [heading, *chain(*columns(count, rows)), footer]
    drawn = random.Random(seed).sample(expected, len(expected))
    assert flat(read(drawn)) == said(expected)


@pytest.mark.parametrize("offset", [0.0, 3.0, 6.0])
def test_columns_that_are_drawn_row_by_row_are_read_column_by_column(read: Read, offset: float) -> None:
    left, right = columns(2, 30)
    right = [(x, y + offset, text) for x, y, text in right]
    assert flat(read(list(chain(*zip(left, right, strict=True))))) == said(left + right)


def test_what_runs_across_the_page_stays_between_the_columns_above_and_below_it(read: Read) -> None:
    upper, lower = columns(2, 12, top=120), columns(2, 12, top=360)
    middle = papers.lines(*prose(3, 480, start=3), x=60, top=310)
    expected = [*chain(*upper), *middle, *chain(*lower)]
    assert flat(read(sorted(expected, key=lambda text: text[1]))) == said(expected)


def test_columns_of_a_picture_of_a_page_are_read_one_after_the_other(tmp_path: Path) -> None:
    left, right = columns(2, 14)
    left[-1], right[0] = (
        (*left[-1][:2], "here the left column has its end"),
        (*right[0][:2], "and the right one starts"),
    )
    path = tmp_path / "scan.pdf"
    path.write_bytes(papers.photographed(papers.typed([list(chain(*zip(left, right, strict=True)))])))
    outcome = read_document(path, Limits(timeout_seconds=60, memory_mb=2048, max_pages=2, ocr_dpi=200))
    assert isinstance(outcome, Document)
    assert "left column has its end and the right one starts" in " ".join(outcome.pages[0].text.split())


def test_blocks_that_a_table_draws_side_by_side_stay_together(read: Read) -> None:
    """Entries of several lines: what the one says of a matter, and what the other answers."""
    rows = [columns(2, 4, top=100 + 56.0 * order) for order in range(6)]
    drawn = list(chain(*chain(*rows)))
    assert flat(read(drawn)) == said(drawn)


def test_texts_that_lie_over_each_other_keep_the_order_of_the_file(tmp_path: Path) -> None:
    """A picture of a form with its text, over which a guide prints its own: put in order, the two would be shuffled."""
    left, right = columns(2, 20)
    drawn = [*right, *((x, y + 5, text) for x, y, text in right[::-1]), *left]
    (tmp_path / "page.pdf").write_bytes(papers.typed([drawn]))
    with pdf.opened(tmp_path / "page.pdf", 1) as document:
        sheet = pdf.text_of(document[0], 1)
    assert arranged(sheet) == sheet


def test_rows_of_a_form_keep_the_order_of_the_file(read: Read) -> None:
    labels = ("Purchase price", "Deposit", "Balance due on closing", "Completion Day", "Mortgage", "Property taxes")
    drawn = [
        text
        for order in range(24)
        for text in ((72.0, 90 + 20.0 * order, labels[order % 6]), (330.0, 90 + 20.0 * order, f"${order + 1},450.00"))
    ]
    assert flat(read(drawn)) == said(drawn)


def test_a_page_of_full_lines_keeps_the_order_of_the_file(read: Read) -> None:
    drawn = papers.lines(*prose(40, 480))
    backwards = drawn[::-1]
    assert flat(read(drawn)) == said(drawn)
    assert flat(read(backwards)) == said(backwards)


coordinate = st.floats(0, 600, allow_nan=False)
word = st.builds(
    lambda text, x, y, across, down: Word(text, x, y, x + across, y + down),
    st.text(st.characters(codec="ascii", categories=("L", "N", "P")), min_size=1, max_size=8),
    coordinate,
    coordinate,
    st.floats(0, 200),
    st.floats(0, 30),
)
anywhere = st.lists(st.lists(word, min_size=1, max_size=8).map(tuple), max_size=40).map(tuple)


@settings(deadline=None, max_examples=150)
@given(lines=anywhere, gutter=st.floats(150, 450), mixed=st.randoms(use_true_random=False))
def test_every_word_is_read_once(lines: tuple[tuple[Word, ...], ...], gutter: float, mixed: random.Random) -> None:
    """Also where wild words stand among columns."""
    own = [
        Word(text.replace("-", ""), x + 25.0 * at, 100 + 12.0 * row, x + 25.0 * at + 22, 110 + 12.0 * row)
        for row in range(12)
        for x in (20.0, gutter)
        for at, text in enumerate(CLAUSES[row : row + 5])
    ]
    whole = [*lines, *((one,) for one in own)]
    mixed.shuffle(whole)
    before = Sheet(
        1, 612, 792, "text", None, tuple(tuple(w._replace(text=f"x{w.text}") for w in line) for line in whole)
    )
    after = arranged(before)
    joined = "".join(sorted("".join(one.text for one in after.words).replace("-", "")))
    assert joined == "".join(sorted("".join(one.text for one in before.words).replace("-", "")))
    assert all(after.lines)
    assert arranged(Sheet(1, 612, 792, "text", None, ())).lines == ()


def test_words_of_no_width_are_read_as_they_come() -> None:
    words = (*(Word("x", 0.0, 0.0, 0.0, 0.0) for _ in range(8)), Word("x", 0.0, 0.0, 2.225073858507e-311, 0.0))
    sheet = Sheet(1, 612, 792, "text", None, (words,))
    assert arranged(sheet).words == sheet.words


# -- hyphens


@pytest.mark.parametrize(
    ("above", "below", "text"),
    [
        ("subject to the encum-", "brances noted below", "subject to the encumbrances noted below"),
        ("a long-term lease and a long-", "term loan", "a long-term lease and a long-term loan"),
        ("signed by Beatriz Tremblay-", "Roux of Foxhollow", "signed by Beatriz Tremblay- Roux of Foxhollow"),
        ("see file 2026-", "0012 of the office", "see file 2026- 0012 of the office"),
    ],
)
@pytest.mark.parametrize("scanned", [False, True])
def test_words_broken_at_the_end_of_a_line_are_mended(above: str, below: str, text: str, scanned: bool) -> None:
    lines = tuple(
        tuple(
            Word(word, 50.0 + 40 * at, 100 + 14.0 * row, 85.0 + 40 * at, 111 + 14.0 * row)
            for at, word in enumerate(line.split())
        )
        for row, line in enumerate((above, below))
    )
    sheet = Sheet(1, 612, 792, "ocr" if scanned else "text", None, lines)
    assert flat(arranged(sheet)) == text


def test_a_word_that_is_mended_at_the_foot_of_a_column_goes_on_in_the_next(read: Read) -> None:
    left, right = columns(2, 20)
    left[-1] = (*left[-1][:2], "and the remaining encum-")
    right[0] = (*right[0][:2], "brances are for the Buyer to bear")
    text = flat(read(list(chain(*zip(left, right, strict=True)))))
    assert "remaining encumbrances are" in text
