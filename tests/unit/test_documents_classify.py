"""Telling document types apart: real papers of other kinds are `other`."""

from collections import Counter
from pathlib import Path

import pytest

from muniment.documents.catalogue import OTHER, catalogue
from muniment.documents.classify import classify
from muniment.documents.layout import Sheet, Word
from muniment.documents.model import Document
from muniment.documents.reading import Limits, read_document

LIMITS = Limits(timeout_seconds=60, memory_mb=2048, max_pages=2000, ocr_dpi=200)


def page(*texts: str, number: int = 1) -> Sheet:
    lines = []
    for row, text in enumerate(texts):
        words, x = [], 72.0
        for word in text.split():
            words.append(Word(word, x, 60.0 + 14 * row, x + 5 * len(word), 70.0 + 14 * row))
            x += 5 * len(word) + 3
        if words:
            lines.append(tuple(words))
    return Sheet(number, 612, 792, "text", None, tuple(lines))


def test_nothing_is_other_without_confidence() -> None:
    assert classify([]) == (OTHER, 0.0, None, None)
    assert classify([page()]) == (OTHER, 0.0, None, None)


@pytest.mark.parametrize("name", sorted(catalogue().types))
def test_confidence_is_between_nothing_and_certainty(name: str) -> None:
    text = name.replace("_", " ").upper()
    found = classify([page(text, "a paper that says little more than its name")])
    assert 0 <= found.confidence <= 1
    assert found.runner_up not in (None, found.document_type)
    assert found.runner_up_confidence is not None
    assert 0 <= found.runner_up_confidence <= 1 - found.confidence + 1e-4


@pytest.mark.parametrize(
    ("name", "exemplar"), [(rule.name, text) for rule in catalogue().types.values() for text in rule.exemplars]
)
def test_an_exemplar_is_taken_for_its_type(name: str, exemplar: str) -> None:
    assert classify([page(*exemplar.splitlines())])[0] == name


def test_a_title_alone_is_not_enough() -> None:
    assert classify([page("MORTGAGE", "what a mortgagor may expect of the housing market this spring")])[0] == OTHER


def test_wording_alone_is_not_enough() -> None:
    said = (
        "The treasurer reported that of the loans of the year two fell behind: in each the mortgagor owes the",
        "mortgagee principal and an interest rate per annum, and she read from a covenant of the fee simple.",
        "The members thanked the staff, elected three directors for the coming year and approved the",
        "budget for the community garden.",
    )
    assert classify([page("Minutes of the annual meeting", *said)])[0] == OTHER


def test_a_paper_with_an_odd_title_is_told_by_its_words() -> None:
    said = (
        "On the sale of your home the price of $512,000.00 is credited to you. From it we take the deposit of",
        "$20,000.00 that you hold already, and the share of the taxes of the year up to the day of possession,",
        "$1,204.15, which is yours to bear. All is adjusted as at April 30, 2026, and the balance due to you on",
        "closing is $490,795.85.",
    )
    assert classify([page("Where your money comes from", *said)])[0] == "statement_of_adjustments"


def test_a_mention_of_another_type_does_not_win() -> None:
    found = classify(
        [
            page(
                "LAND TITLE CERTIFICATE",
                "LINC 0012 345 678 TITLE NUMBER 161 234 567",
                "ESTATE: FEE SIMPLE, REGISTERED OWNER",
                *("filler " * 3,) * 12,
                "ENCUMBRANCES, LIENS AND INTERESTS: the registrar",
                "MORTGAGE",
                "CAVEAT",
                "TRANSFER OF LAND",
            )
        ]
    )
    assert found.document_type == "certificate_of_title"


def test_a_paper_that_could_be_of_a_type_is_other_and_the_type_its_runner_up() -> None:
    found = classify([page("MORTGAGE", "what a mortgagor may expect of the housing market this spring")])
    assert (found.document_type, found.runner_up) == (OTHER, "mortgage")
    assert found.confidence < classify([page("Minutes of the annual meeting")]).confidence


def test_a_title_is_known_behind_the_name_of_a_registry_and_after_the_kind_of_a_document() -> None:
    said = "the transferor, the transferee, the consideration, the estate in fee simple, LINC 0031 415 926"
    assert classify([page("Alberta Land Titles — Transfer of Land", said)])[0] == "transfer_of_land"
    assert classify([page("DOCUMENT TYPE: TRANSFER OF LAND", said)])[0] == "transfer_of_land"


def test_the_entry_for_the_kind_of_a_document_says_it_and_no_other_entry_does() -> None:
    said = "the claimant, a claim of an interest, the title number, LINC 0031 415 926, registered"
    assert classify([page("INTEREST TYPE: CAVEAT", "NATURE OF CLAIM: RIGHT OF WAY AGREEMENT", said)])[0] == "caveat"


def test_a_form_without_a_title_is_known_by_its_entries() -> None:
    entries = (
        "Particulars",
        "Borrower: Odette Vasquero",
        "Lender: Northern Beacon Bank",
        "Loan amount: $300,000.00",
        "Interest rate: 4.1%",
        "Legal description: PLAN 1421201 BLOCK 26 LOT 1",
        "The borrower covenants to repay the principal, in fee simple, per annum",
    )
    assert classify([page(*entries)])[0] == "mortgage"
    assert classify([page(entries[0], entries[1], entries[-1])])[0] == OTHER


def test_the_runner_up_of_a_contract_of_sale_is_the_general_agreement() -> None:
    sale = page(
        "REAL ESTATE PURCHASE CONTRACT",
        "This contract is made on May 2, 2024 between the seller and the buyer, who agree as follows:",
        "the purchase price, the deposit, the completion day, the property and the goods included",
    )
    found = classify([sale])
    assert (found.document_type, found.runner_up) == ("purchase_contract", "agreement")


def types_of(folder: Path, step: int) -> dict[str, str]:
    """The type found for every `step`-th of the PDF files that are not large, by name."""
    paths = sorted(path for path in folder.iterdir() if path.suffix.lower() == ".pdf")
    few = [path for path in paths if path.stat().st_size < 400_000][::step]
    outcomes = {path.name: read_document(path, LIMITS) for path in few}
    return {name: one.document_type for name, one in outcomes.items() if isinstance(one, Document)}


@pytest.mark.parametrize("folder", ["court", "forms"])
def test_real_papers_of_other_kinds_are_other(corpus: Path, folder: str) -> None:
    assert {name: found for name, found in types_of(corpus / folder, 1).items() if found != OTHER} == {}


def test_real_contracts_of_other_kinds_are_agreements(corpus: Path) -> None:
    found = Counter(types_of(corpus / "contracts", 8).values())
    assert set(found) <= {"agreement", OTHER}
    assert found["agreement"] >= 0.8 * found.total()
