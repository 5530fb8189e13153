"""Headers, footers and page numbers: told from the body wherever the file draws them, and from nothing else."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muniment.documents.layout import Line, Sheet, Word
from muniment.documents.model import Document
from muniment.documents.reading import Limits, read_document
from muniment.documents.running import bodies
from tests import papers

NUMBERS = ("one", "two", "three", "four", "five")


def sheet(number: int, *texts: str, order: Sequence[int] | None = None) -> Sheet:
    """A page with one text under the other, drawn in another order if need be; an empty text leaves its line free."""
    lines: list[Line] = [
        tuple(
            Word(word, 50.0 + 30 * at, 60.0 + 14 * row, 78.0 + 30 * at, 71.0 + 14 * row)
            for at, word in enumerate(text.split())
        )
        for row, text in enumerate(texts)
    ]
    drawn = [lines[at] for at in order] if order else lines
    return Sheet(number, 612, 792, "text", None, tuple(line for line in drawn if line))


def body(sheets: Sequence[Sheet]) -> list[str]:
    return [
        " | ".join(one.text[start:end] for start, end in spans)
        for one, spans in zip(sheets, bodies(sheets), strict=True)
    ]


def letters(count: int, foot: str = "Page {number} of 4", order: Sequence[int] | None = None) -> list[Sheet]:
    return [
        sheet(
            number,
            f"Red Osier Realty Ltd. File No. 2026-000{number}",
            "",
            f"Clause {name} speaks for itself",
            f"and ends on line {name}.",
            "",
            foot.format(number=number),
            order=order,
        )
        for number, name in enumerate(NUMBERS[:count], 1)
    ]


@pytest.mark.parametrize("order", [None, [0, 5, 2, 3], [5, 0, 2, 3], [2, 3, 5, 0]])
def test_headers_and_footers_are_no_body_wherever_the_file_draws_them(order: list[int] | None) -> None:
    for name, text in zip(NUMBERS, body(letters(4, order=order)), strict=False):
        assert text == f"Clause {name} speaks for itself\nand ends on line {name}."


@pytest.mark.parametrize("foot", ["{number}", "- {number} -", "{number} / 9", "Page {number}", "1{number}"])
def test_numbers_that_count_pages_are_no_body(foot: str) -> None:
    assert body(letters(2, foot))[1] == body(letters(2, ""))[1]


def test_a_sum_at_the_foot_counts_no_pages() -> None:
    sheets = [sheet(1, "Balance due", "450"), sheet(2, "Balance due", "380"), sheet(3, "Balance due", "1,240.00")]
    assert [text.split("\n")[-1] for text in body(sheets)] == ["450", "380", "1,240.00"]


def test_a_line_that_two_pages_share_is_no_header() -> None:
    assert body([sheet(1, "Schedule A", "first text"), sheet(2, "Schedule A", "second text")]) == [
        "Schedule A\nfirst text",
        "Schedule A\nsecond text",
    ]


def test_a_line_that_recurs_within_pages_is_no_header() -> None:
    filler = [f"filler {name}" for name in NUMBERS[:3]]
    sheets = [
        sheet(
            number,
            *(f"{text} {name}" for text in filler),
            "Signed by the Seller",
            *(f"{name} {text}" for text in filler),
        )
        for number, name in enumerate(NUMBERS, 1)
    ]
    assert all("Signed by the Seller" in text for text in body(sheets))


def test_the_same_words_at_the_top_of_some_pages_and_the_foot_of_others_are_no_header() -> None:
    filler = [f"filler {name}" for name in NUMBERS]
    sheets = [
        sheet(1, "In witness", *filler),
        sheet(2, "In witness", *filler[1:], "x", "y", "In witness"),
        sheet(3, *filler, "z", "In witness"),
    ]
    assert all("In witness" in text for text in body(sheets))


word = st.text(st.characters(codec="ascii", categories=("L", "N", "P")), min_size=1, max_size=8)
texts = st.lists(st.lists(word, max_size=6).map(" ".join), max_size=12)


@settings(deadline=None)
@given(pages=st.lists(texts, max_size=5))
def test_the_body_is_whole_lines_of_the_page_in_order(pages: list[list[str]]) -> None:
    sheets = [sheet(number, *page) for number, page in enumerate(pages, 1)]
    for one, spans in zip(sheets, bodies(sheets), strict=True):
        reached = 0
        for start, end in spans:
            assert reached <= start < end <= len(one.text)
            assert {start, end} <= {edge for span in one.line_spans for edge in span}
            reached = end


def test_chunks_leave_out_what_runs_through_the_pages_which_keep_it(tmp_path: Path) -> None:
    pages = [
        papers.lines(
            "Red Osier Realty Ltd. File No. 2026-0007", "", f"The clause of page {name} stands alone.", "", str(number)
        )
        for number, name in enumerate(NUMBERS[:3], 1)
    ]
    (tmp_path / "letter.pdf").write_bytes(papers.typed(pages))
    outcome = read_document(tmp_path / "letter.pdf", Limits(60, 2048, 9, 150))
    assert isinstance(outcome, Document)
    assert all("Red Osier Realty" in page.text for page in outcome.pages)
    assert (
        " ".join(chunk.text for chunk in outcome.chunks).split()
        == " ".join(f"The clause of page {name} stands alone." for name in NUMBERS[:3]).split()
    )
