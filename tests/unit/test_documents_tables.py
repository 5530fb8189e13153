"""Tables: entries in the row and column where they are printed, and no table where there is none."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reportlab.pdfbase.pdfmetrics import stringWidth

from muniment.documents import pdf
from muniment.documents.layout import Sheet, Word
from muniment.documents.model import Document
from muniment.documents.reading import Limits, read_document
from muniment.documents.tables import entries
from tests import papers

Read = Callable[[Sequence[papers.Text]], Sheet]
Rows = Sequence[Sequence[str]]
Found = list[tuple[int, int, str]]

LIMITS = Limits(timeout_seconds=60, memory_mb=2048, max_pages=2, ocr_dpi=200)
STATEMENT = [
    ["Adjustments", "Credit to seller", "Credit to buyer"],
    ["Purchase price", "$464,500.00", ""],
    ["Deposit", "", "$9,500.00"],
    ["Property tax adjustment: 118 days\nof $3,324.16 at noon", "", "$1,074.66"],
    ["Balance due on closing", "", "$453,925.34"],
]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Prints one page and reads it."""

    def one(texts: Sequence[papers.Text]) -> Sheet:
        path = tmp_path / "page.pdf"
        path.write_bytes(papers.typed([texts]))
        with pdf.opened(path, 1) as document:
            return pdf.text_of(document[0], 1)

    return one


def printed(
    rows: Rows, lefts: Sequence[float], right: Sequence[int] = (), top: float = 150, pitch: float = 18
) -> list[papers.Text]:
    """A table with columns that begin at `lefts`; those named by `right` end at the next 110 points instead."""
    texts, y = [], top
    for row in rows:
        for order, entry in enumerate(row):
            for line, text in enumerate(entry.split("\n") if entry else []):
                x = lefts[order] + (110 - stringWidth(text, "Helvetica", 10) if order in right else 0)
                texts.append((x, y + 12.0 * line, text))
        y += pitch + 12.0 * max(entry.count("\n") for entry in row)
    return texts


def truth(rows: Rows) -> Found:
    return [
        (number, column, " ".join(entry.split()))
        for number, row in enumerate(rows, 1)
        for column, entry in enumerate(row, 1)
        if entry
    ]


def found(sheet: Sheet, table: int = 1) -> Found:
    return [
        (one.row, one.column, " ".join(sheet.words[at].text for at in one.positions))
        for one in entries(sheet)
        if one.table == table
    ]


amount = st.integers(0, 99_999_999).map(lambda cents: f"${cents / 100:,.2f}")
day = st.dates().map(lambda one: one.strftime("%d %B %Y"))
what = st.lists(st.sampled_from(["Taxes", "Levy", "Refund", "Interest", "Payment"]), min_size=1, max_size=3).map(
    " ".join
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.tuples(day, what, amount, amount), min_size=2, max_size=25), pitch=st.sampled_from([13.0, 18.0])
)
def test_a_ledger_comes_out_as_it_went_in(read: Read, rows: list[tuple[str, ...]], pitch: float) -> None:
    ledger = [("Date", "Entry", "Amount", "Balance"), *rows]
    assert found(read(printed(ledger, (60, 180, 320, 440), right=(2, 3), pitch=pitch))) == truth(ledger)


def test_empty_entries_leave_their_place_and_entries_of_several_lines_are_one(read: Read) -> None:
    sheet = read(printed(STATEMENT, (60, 280, 430), right=(1, 2)))
    assert found(sheet) == truth(STATEMENT)


@pytest.mark.parametrize(
    "above",
    [["Re: Drummond purchase from Zimmerli, our file 2026-0002."], ["STATEMENT OF ADJUSTMENTS", "", "of the sale"]],
)
def test_what_stands_around_a_table_is_no_part_of_it(read: Read, above: list[str]) -> None:
    after = papers.lines("Errors and omissions excepted. The statement is made as of noon of that day.", x=60, top=300)
    sheet = read([*papers.lines(*above, x=60, top=70), *printed(STATEMENT, (60, 280, 430), right=(1, 2)), *after])
    assert found(sheet) == truth(STATEMENT)


def test_tables_of_a_page_are_told_apart(read: Read) -> None:
    second = [["Item", "Amount"], ["Legal fees", "$1,450.00"], ["Registration", "$385.00"], ["Tax", "$72.50"]]
    heading = papers.lines("Disbursements of the buyer", x=60, top=290)
    sheet = read(
        [*printed(STATEMENT, (60, 280, 430), right=(1, 2)), *heading, *printed(second, (60, 430), right=(1,), top=312)]
    )
    assert found(sheet, 1) == truth(STATEMENT)
    assert found(sheet, 2) == truth(second)


FORMS = {
    "labels before values": [
        ["Purchase price", "$357,000.00"],
        ["Deposit", "$7,000.00"],
        ["Balance", "$350,000.00"],
        ["Completion Day", "20 Apr 2026"],
    ],
    "labels with colons": [["Our file:", "12-0012"], ["Price:", "$300.00"], ["Levy:", "$204.15"], ["Paid:", "$20.00"]],
    "labels above values": [
        ["Borrower", "Lender"],
        ["Sabine Eskelund", "Foothills Trust"],
        ["Principal", "Rate"],
        ["$610,000.00", "5.03%"],
        ["Dated", "Term"],
        ["April 3, 2026", "5 years"],
    ],
    "words alone": [["Name", "Office", "Town"], ["Oakes", "Notary", "Foxhollow"], ["Birch", "Surveyor", "Aldergate"]],
    "two rows": [["LINC", "TITLE NUMBER", "AREA"], ["0016 151 614", "091 396 175", "0.0337 ha"]],
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_a_form_or_a_list_is_no_table(read: Read, form: Rows) -> None:
    assert list(entries(read(printed(form, (60, 240, 400))))) == []


def test_numbered_paragraphs_are_no_table(read: Read) -> None:
    paragraphs = [
        [
            f"{number}.",
            "The deposit is delivered in trust within 3 days of the\ndate of this contract.",
        ]
        for number in range(1, 9)
    ]
    assert list(entries(read(printed(paragraphs, (60, 90))))) == []


coordinate = st.floats(0, 600, allow_nan=False)
word = st.builds(
    lambda text, x, y, across: Word(text, x, y, x + across, y + 11),
    st.text(st.characters(codec="ascii", categories=("L", "N", "P")), min_size=1, max_size=8),
    coordinate,
    st.integers(0, 30).map(lambda row: row * 13.0),
    st.floats(1, 80),
)


@settings(deadline=None, max_examples=150)
@given(lines=st.lists(st.lists(word, min_size=1, max_size=8).map(tuple), max_size=40).map(tuple))
def test_no_word_is_in_two_entries_and_no_place_has_two(lines: tuple[tuple[Word, ...], ...]) -> None:
    sheet = Sheet(1, 612, 792, "text", None, lines)
    ones = list(entries(sheet))
    positions = [position for one in ones for position in one.positions]
    assert len(positions) == len(set(positions))
    assert len({(one.table, one.row, one.column) for one in ones}) == len(ones)


def test_entries_are_masked_and_have_their_place(tmp_path: Path) -> None:
    rows = [
        ["Date", "Paid by", "Amount"],
        *([f"{day} May 2026", "Odette Vasquero", f"${day}50.00"] for day in (3, 4, 5)),
    ]
    opening = papers.lines("STATEMENT OF ADJUSTMENTS", "", "Buyer: Odette Vasquero", x=60, top=60)
    (tmp_path / "page.pdf").write_bytes(papers.typed([[*opening, *printed(rows, (60, 200, 380), right=(2,))]]))
    outcome = read_document(tmp_path / "page.pdf", LIMITS)
    assert isinstance(outcome, Document)
    by_place = {(cell.row, cell.column): cell for cell in outcome.cells}
    assert by_place[2, 2].text == "[PERSON]"
    assert not any("Vasquero" in cell.text for cell in outcome.cells)
    paid = by_place[3, 3]
    assert (paid.page, paid.table, paid.text) == (1, 1, "$450.00")
    assert paid.box is not None
    assert papers.text_within(tmp_path / "page.pdf", 1, paid.box) == "$450.00"
