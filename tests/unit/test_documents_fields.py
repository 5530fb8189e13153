"""Fields of the document types: what they say, how they are normalised, and where they stand."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from muniment.documents.catalogue import OTHER, FieldRule, Kind, catalogue
from muniment.documents.fields import find
from muniment.documents.layout import Sheet, Word
from muniment.documents.model import Document, Field
from muniment.documents.pool import ReadingPool
from muniment.documents.prose import over_page_breaks, page_breaks
from muniment.documents.reading import Limits, read_document
from muniment.sample import ObjectTruth, Truth, write_practice
from tests import papers

LIMITS = Limits(timeout_seconds=60, memory_mb=2048, max_pages=200, ocr_dpi=200)

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


def field(document: Document, name: str) -> Field:
    (found,) = [one for one in document.fields if one.name == name]
    return found


def people(document: Document, name: str) -> list[str]:
    return [one.value for one in document.findings if one.field == name]


def normalised(document: Document) -> dict[str, str | None]:
    return {one.name: one.normalised for one in document.fields if one.kind != "person"}


# -- values told apart by the words beside them


@pytest.mark.parametrize(
    ("title", "said", "name", "value"),
    [
        (
            "RESIDENTIAL PURCHASE CONTRACT",
            "It is sold for $512,000.00. The sum of $20,000.00, part of the price of $512,000.00, was deposited.",
            "deposit",
            "20000.00",
        ),
        (
            "LETTER OF UNDERTAKING",
            "We hold back $2,500.00 for the survey. We hold $304,764.37 in our trust account.",
            "trust_amount",
            "304764.37",
        ),
        (
            "CERTIFICATE OF TITLE",
            "Previous title 051 222 333. The owner of an estate in fee simple holds title number 161 234 567.",
            "title_number",
            "161 234 567",
        ),
        (
            "DISCHARGE OF MORTGAGE",
            "The mortgage was entered on Jul. 28, 2023 as number 231 058 278 against title 161 234 567.",
            "instrument_number",
            "231 058 278",
        ),
        (
            "MORTGAGE",
            "The debt would be extinguished over 25 years; the term of 5 years ends the loan.",
            "amortisation",
            "P25Y",
        ),
        (
            "TRANSFER OF LAND",
            "We transfer the land in consideration of FOUR HUNDRED FIFTY THOUSAND DOLLARS ($450,000.00).",
            "consideration",
            "450000.00",
        ),
    ],
)
def test_a_value_is_told_from_that_of_another_field_by_the_words_beside_it(
    title: str, said: str, name: str, value: str
) -> None:
    rules = next(one for one in catalogue().types.values() if one.title.lower() in title.lower()).fields
    text = f"{title}\n{said}"
    lines = tuple(
        tuple(Word(word, 50 + 9 * place, 50 + 14 * row, 9, 60) for place, word in enumerate(line.split()))
        for row, line in enumerate(text.splitlines())
    )
    found = find([Sheet(1, 612, 792, "text", None, lines)], rules)
    assert {one.rule.name: one.normalised for one in found}[name] == value


def test_names_stand_in_the_column_that_their_party_heads(read: Read) -> None:
    left = papers.lines("RESIDENTIAL PURCHASE CONTRACT", "THE SELLER", "Name(s): Odette Vasquero", x=72)
    right = papers.lines("", "THE BUYER", "Name(s): Ingrid Lachance", x=330)
    document = read(papers.typed([left + right]))
    assert people(document, "seller") == ["Odette Vasquero"]
    assert people(document, "buyer") == ["Ingrid Lachance"]


# -- layouts of our own, which no generator knows

LETTERHEAD = papers.lines("Hollingshead Legal Professional Corporation", "Box 12, Foxhollow", top=50)


def test_labels_before_values_on_the_same_line(read: Read) -> None:
    document = read(
        papers.typed(
            [
                papers.lines(
                    "STATEMENT OF ADJUSTMENTS",
                    "Sale price: $512,000.00",
                    "Deposit paid .......... $20,000.00",
                    "Taxes adjustment    $1,204.15",
                    "Cash to close = 490,795.85",
                    "Adjusted as of: 30 Apr 2026",
                    "Credit for the balance due is given as the parties agreed.",
                )
            ]
        )
    )
    assert document.document_type == "statement_of_adjustments"
    assert normalised(document) == {
        "purchase_price": "512000.00",
        "deposit": "20000.00",
        "tax_adjustment": "1204.15",
        "balance_due": "490795.85",
        "adjustment_date": "2026-04-30",
    }


def test_labels_above_values_in_two_columns(read: Read) -> None:
    document = read(
        papers.typed(
            [
                [
                    *papers.lines("CAVEAT", "filed by the caveator with the registrar, who forbids dealings", top=60),
                    *papers.lines("Caveator", "Ridgeline Homes Inc.", top=110),
                    *papers.lines("LINC", "0031 415 926", top=110, x=330),
                    *papers.lines("Registration No.", "141 592 653", top=160),
                    *papers.lines("Date registered", "2014-06-03", top=160, x=330),
                    *papers.lines("Title No.", "131 415 926 +3", top=210),
                    *papers.lines("Legal Description", "LOT 4 BLOCK 9 PLAN 0721234", top=210, x=330),
                    *papers.lines("The caveator claims an interest in the lands.", top=270),
                ]
            ]
        )
    )
    assert document.document_type == "caveat"
    assert normalised(document) == {
        "caveator": "Ridgeline Homes Inc.",
        "linc": "0031415926",
        "registration_number": "141 592 653",
        "registration_date": "2014-06-03",
        "title_number": "131 415 926 +3",
        "short_legal": "PLAN 0721234 BLOCK 9 LOT 4",
    }


def test_values_in_prose(read: Read) -> None:
    document = read(
        papers.typed(
            [
                [
                    *papers.lines("DISCHARGE OF MORTGAGE", top=60, x=220),
                    *papers.lines(
                        "To you. Northern Beacon Bank does hereby acknowledge that the mortgage registered as",
                        "instrument number 021 404 505 against title number 011 222 333 is paid, and discharges it.",
                        "Dated at Foxhollow, Alberta, this 9th day of April, 2026.",
                        top=110,
                    ),
                ]
            ]
        )
    )
    assert document.document_type == "discharge"
    assert normalised(document) == {
        "instrument_number": "021 404 505",
        "title_number": "011 222 333",
        "discharge_date": "2026-04-09",
        "mortgagee": "Northern Beacon Bank",
    }


def over_pages(above: Sequence[str], below: Sequence[str]) -> bytes:
    """A discharge whose wording runs from one page to the next, both with a header and a number."""
    pages = []
    for number, texts in enumerate((above, below, ["The end of the discharge."]), 1):
        header = papers.lines("Foxhollow Law Office File 7", top=40)
        pages.append([*header, *papers.lines(*texts, top=90), *papers.lines(f"Page {number}", top=740)])
    return papers.typed(pages)


OPENING = ("DISCHARGE OF MORTGAGE", "Northern Beacon Bank does hereby acknowledge that the mortgage registered as")


@pytest.mark.parametrize(
    ("above", "below", "page"),
    [
        (["instrument"], ["number 021 404 505 is paid, and discharges it."], 2),
        (["instrument number 021"], ["404 505 is paid, and discharges it."], 1),
    ],
)
def test_a_wording_is_read_on_over_a_page_break(read: Read, above: list[str], below: list[str], page: int) -> None:
    document = read(over_pages([*OPENING, *above], below))
    found = field(document, "instrument_number")
    assert (found.normalised, found.page) == ("021 404 505", page)
    assert found.box is not None
    assert found.box.y0 < 140


@pytest.mark.parametrize(("kind", "found"), [("person", []), ("organisation", []), ("date", ["9 April 2026"])])
def test_a_value_that_may_be_personal_is_not_read_on_over_a_page_break(kind: Kind, found: list[str]) -> None:
    """Half of a name would be masked, and the other half not."""
    ends = {"person": "Vasquero alone", "organisation": "Vasquero Ltd.", "date": "2026"}
    texts = ("signed by 9 April" if kind == "date" else "signed by Odette", ends[kind])
    sheets = [
        Sheet(number, 612, 792, "text", None, (tuple(Word(word, 0, 50, 9, 60) for word in text.split()),))
        for number, text in enumerate(texts, 1)
    ]
    rule = FieldRule("signed", kind, prose=(f"signed by <{kind}>",))
    assert [one.value for one in over_page_breaks(page_breaks(sheets), rule)] == found


def test_a_value_that_runs_over_lines(read: Read) -> None:
    document = read(
        papers.typed(
            [
                papers.lines(
                    "TRANSFER OF LAND",
                    "",
                    "Transferor: Willem van der Meer and",
                    "     Odette St-Onge",
                    "Transferee: Priya N. Chowdhary",
                    "Legal description: Condominium Plan 072 1234,",
                    "     Unit 9",
                    "LINC: 0099 888 777",
                    "Title number: 201 123 456",
                    "Consideration: $301,000",
                    "Dated: 7 May 2026",
                    "registered in the land titles office as an estate in fee simple",
                )
            ]
        )
    )
    assert document.document_type == "transfer_of_land"
    assert people(document, "transferor") == ["Willem van der Meer", "Odette St-Onge"]
    assert people(document, "transferee") == ["Priya N. Chowdhary"]
    assert [one.ordinal for one in document.fields if one.name == "transferor"] == [1, 2]
    assert field(document, "short_legal").normalised == "CONDOMINIUM PLAN 0721234 UNIT 9"
    assert field(document, "consideration").normalised == "301000.00"


def test_labels_beneath_the_lines_that_are_filled_in(read: Read) -> None:
    filled = [
        *papers.lines("Odette Vasquero", top=110),
        *papers.lines("(Transferor)", top=124),
        *papers.lines("$301,000.00", top=160),
        *papers.lines("(Consideration)", top=174),
        *papers.lines("Rajan Oakley", top=210),
        *papers.lines("(Transferee)", top=224),
    ]
    document = read(
        papers.typed([[*papers.lines("TRANSFER OF LAND", "of an estate in fee simple, LINC 0099 888 777"), *filled]])
    )
    assert (people(document, "transferor"), people(document, "transferee")) == (["Odette Vasquero"], ["Rajan Oakley"])
    assert field(document, "consideration").normalised == "301000.00"


def test_a_label_within_a_line_after_another_entry(read: Read) -> None:
    said = ("Certificate 77 of 2026. Roll no.: 10044321. Date issued: 2026-03-02", "levy, arrears, municipality")
    document = read(papers.typed([papers.lines("TAX CERTIFICATE", *said)]))
    assert field(document, "roll_number").normalised == "10044321"
    assert field(document, "certificate_date").normalised == "2026-03-02"


def test_a_label_in_other_words_is_known_by_most_of_them(read: Read) -> None:
    said = ("Account (roll) number   10044321", "Taxes as levied   $1,000.00", "Arrears to date   $0.00")
    document = read(papers.typed([papers.lines("TAX CERTIFICATE", *said, "of the assessed municipality")]))
    assert field(document, "roll_number").normalised == "10044321"
    assert field(document, "tax_levy").normalised == "1000.00"
    assert field(document, "tax_levy").confidence < 1


def test_a_name_with_the_family_name_first_is_masked_wherever_it_recurs(read: Read) -> None:
    said = ("Registered owner: VASQUERO, Odette", "LINC: 0099 888 777", "Odette Vasquero holds in fee simple.")
    document = read(papers.typed([papers.lines("CERTIFICATE OF TITLE", "title number 011 222 333", *said)]))
    assert people(document, "registered_owner") == ["VASQUERO, Odette"]
    assert "Odette" not in document.pages[0].text


def test_the_box_of_a_value_leaves_out_the_marks_around_it(read: Read) -> None:
    bare, marked = (
        field(read(papers.typed([papers.lines("TAX CERTIFICATE", "levy, arrears, municipality", said)])), "roll_number")
        for said in ("Roll number: 10044321", "Roll number: 10044321;")
    )
    assert marked.box is not None
    assert bare.box is not None
    assert abs(marked.box.x1 - bare.box.x1) < 1


def test_people_are_masked_in_fields_and_have_no_normalised_form(read: Read) -> None:
    said = ("Transferor: Odette Vasquero", "Transferee: Rajan Oakley", "LINC 0099 888 777")
    document = read(
        papers.typed([papers.lines("TRANSFER OF LAND", *said, "for the consideration of $1, in fee simple")])
    )
    transferor = field(document, "transferor")
    assert (transferor.value, transferor.normalised, transferor.pii_class) == ("[PERSON]", None, "person")


def test_a_person_where_an_organisation_is_asked_for_is_masked_too(read: Read) -> None:
    said = (
        "Mortgagee: Odette Vasquero",
        "Instrument number: 021 404 505",
        "Title number: 011 222 333",
        "Date: 2026-04-09",
    )
    document = read(papers.typed([papers.lines("DISCHARGE OF MORTGAGE", *said, "Witness: Odette Vasquero")]))
    lender = field(document, "mortgagee")
    assert (lender.value, lender.normalised, lender.pii_class) == ("[PERSON]", None, "person")


@pytest.mark.parametrize(
    "said",
    [
        ("Term: 5 years", "Amortisation: 25 years"),
        ("Term / amortisation", "5 years / 25 years"),
        ("interest at 5% per annum for a term of five (5) years, on an amortization of 25 years.",),
    ],
)
def test_a_mortgage_says_how_long_it_runs_and_over_how_long_it_is_repaid(read: Read, said: tuple[str, ...]) -> None:
    who = ("Mortgagor: Odette Vasquero", "Mortgagee: Northern Beacon Bank", "Principal: $100,000.00")
    document = read(papers.typed([papers.lines("MORTGAGE OF LAND", *who, *said, "the covenants, in fee simple")]))
    assert field(document, "term").normalised == "P5Y"
    assert field(document, "amortisation").normalised == "P25Y"


def test_a_label_beside_a_label_is_no_value(read: Read) -> None:
    document = read(
        papers.typed(
            [
                [
                    *papers.lines("REAL PROPERTY REPORT", "of a land surveyor, on improvements and boundaries", top=60),
                    *papers.lines("Prepared by", "Kestrel and Daughters", top=110),
                    *papers.lines("Surveyor", top=150),
                    *papers.lines("Legal description", top=150, x=330),
                ]
            ]
        )
    )
    assert field(document, "surveyor").value == "Kestrel and Daughters"


def test_the_names_under_the_heading_of_a_party_are_those_of_the_party(read: Read) -> None:
    said = (
        "MORTGAGE OF LAND",
        "Chargor(s)",
        "The chargor charges the land and covenants to pay the principal with interest per annum.",
        "Name    VASQUERO, Odette and OAKLEY, Rajan B.",
        "Chargee(s)    Capacity    Share",
        "Name    NORTHERN BEACON BANK",
        "Principal: $100,000.00",
    )
    document = read(papers.typed([papers.lines(*said)]))
    assert people(document, "mortgagor") == ["VASQUERO, Odette", "OAKLEY, Rajan B."]
    assert field(document, "mortgagee").value == "NORTHERN BEACON BANK"


def test_a_label_may_be_explained_at_length_in_brackets(read: Read) -> None:
    said = (
        "TRANSFER OF LAND",
        "7. TRANSFEREE(S) (including occupation(s), postal address(es) and postal code(s))",
        "ODETTE VASQUERO",
        "who takes the estate in fee simple for the consideration named, LINC 0099 888 777",
    )
    document = read(papers.typed([papers.lines(*said)]))
    assert people(document, "transferee") == ["ODETTE VASQUERO"]


def test_an_answer_is_read_beside_its_question(read: Read) -> None:
    said = (
        "MORTGAGE OF LAND",
        "Who is borrowing?    Odette Vasquero",
        "Who is lending?    Northern Beacon Bank",
        "The mortgagor covenants to repay the principal, with interest per annum, to the mortgagee.",
    )
    document = read(papers.typed([papers.lines(*said)]))
    assert people(document, "mortgagor") == ["Odette Vasquero"]
    assert field(document, "mortgagee").value == "Northern Beacon Bank"


def test_an_unreadable_value_is_kept_as_printed_and_said_to_be_unsure(read: Read) -> None:
    said = ("Roll Number: 10044321", "Certificate Date: 03/04/2026", "Tax levy $1,000.00")
    document = read(papers.typed([papers.lines("TAX CERTIFICATE", *said, "arrears of the assessed municipality")]))
    unsure = field(document, "certificate_date")
    assert (unsure.value, unsure.normalised) == ("03/04/2026", None)
    assert unsure.confidence <= 0.5 < field(document, "roll_number").confidence


def test_a_document_of_no_known_type_still_names_its_matter(read: Read) -> None:
    document = read(
        papers.typed([papers.lines("Dear colleague,", "Our File: 2026-0042", "thank you for your letter.")])
    )
    assert (document.document_type, document.matter_number) == (OTHER, "2026-0042")


# -- the sample practice


@pytest.fixture(scope="module")
def practice(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Truth]:
    landing = tmp_path_factory.mktemp("practice")
    return landing, write_practice(landing, matters=18, windows=2, seed=4127)


@pytest.fixture(scope="module")
def read_practice(practice: tuple[Path, Truth]) -> Mapping[str, tuple[ObjectTruth, Document]]:
    """Every published document of the practice, with its truth."""
    landing, truth = practice
    good = {one.key: one for one in truth.latest().values() if one.kind == "pdf" and one.state != "quarantined"}
    with ReadingPool(2, LIMITS) as pool:
        outcomes = dict(pool.read((key, landing / key) for key in sorted(good)))
    read: dict[str, tuple[ObjectTruth, Document]] = {}
    for key, outcome in outcomes.items():
        assert isinstance(outcome, Document), (key, outcome)
        read[key] = (good[key], outcome)
    return read


def words(names: str) -> list[str]:
    """The words of names in any order, since some forms print the family name first."""
    return sorted(word for word in names.casefold().replace(",", "").split() if word != "and")


def right(document: Document, name: str, value: str) -> bool:
    found = [one for one in document.fields if one.name == name]
    if found and found[0].kind == "person":
        return words(" ".join(people(document, name))) == words(value)
    return bool(found) and found[0].normalised == value


def test_every_type_of_the_sample_is_recognised(read_practice: Mapping[str, tuple[ObjectTruth, Document]]) -> None:
    wrong = {
        key: one.document_type
        for key, (truth, one) in read_practice.items()
        if one.document_type != truth.document_type
    }
    assert not wrong


def test_every_matter_number_of_the_sample_is_found(read_practice: Mapping[str, tuple[ObjectTruth, Document]]) -> None:
    typed = {key: pair for key, pair in read_practice.items() if not pair[0].is_scan}
    assert not {key for key, (truth, one) in typed.items() if one.matter_number != truth.matter_number}


@pytest.mark.parametrize(("scans", "share"), [(False, 0.98), (True, 0.90)])
def test_the_fields_of_the_sample_are_exactly_right(
    read_practice: Mapping[str, tuple[ObjectTruth, Document]], scans: bool, share: float
) -> None:
    checked = {
        (key, name): right(one, name, expected.value)
        for key, (truth, one) in read_practice.items()
        if truth.is_scan == scans
        for name, expected in truth.fields.items()
    }
    assert len(checked) > 20
    wrong = [place for place, fine in checked.items() if not fine]
    assert len(wrong) <= (1 - share) * len(checked), wrong


def test_the_box_of_a_field_holds_its_value(
    practice: tuple[Path, Truth], read_practice: Mapping[str, tuple[ObjectTruth, Document]]
) -> None:
    landing, _ = practice
    for key, (truth, document) in sorted(read_practice.items())[:40]:
        if truth.is_scan:
            continue
        for one in document.fields:
            assert one.box is not None
            width, height = document.pages[one.page - 1].width, document.pages[one.page - 1].height
            assert 0 <= one.box.x0 < one.box.x1 <= width
            assert 0 <= one.box.y0 < one.box.y1 <= height
            if one.pii_class is None:
                assert one.value in papers.text_within(landing / key, one.page, one.box), (key, one)


def test_no_planted_personal_data_is_left_in_the_clear(
    practice: tuple[Path, Truth], read_practice: Mapping[str, tuple[ObjectTruth, Document]]
) -> None:
    _, truth = practice
    checked = 0
    for planted in truth.personal:
        if planted.key not in read_practice or read_practice[planted.key][0].is_scan:
            continue
        document = read_practice[planted.key][1]
        open_texts = [
            *(page.text for page in document.pages),
            *(one.value for one in document.fields),
            *(one.text for one in document.chunks),
        ]
        assert not [text for text in open_texts if planted.text in " ".join(text.split())], planted
        found = {(one.pii_class, one.page) for one in document.findings}
        assert (planted.kind, planted.page) in found, planted
        checked += 1
    assert checked > 20


def test_no_client_is_named_in_the_clear(read_practice: Mapping[str, tuple[ObjectTruth, Document]]) -> None:
    """Names that a field of the same document teaches are masked wherever else they stand in it."""
    for key, (truth, document) in read_practice.items():
        if truth.is_scan:
            continue
        names = [one.value.casefold() for one in document.findings if one.field]
        text = " ".join(" ".join(page.text for page in document.pages).split()).casefold()
        assert not [name for name in names if name in text], key
