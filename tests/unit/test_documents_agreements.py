"""Agreements of any kind: their parties and what they are called, their dates, their law, their variety."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.documents.catalogue import catalogue
from muniment.documents.classify import classify
from muniment.documents.fields import find, variety
from muniment.documents.layout import Sheet
from muniment.documents.parties import parties
from muniment.documents.reading import understood
from muniment.documents.values import FORMS
from tests.unit.test_documents_classify import page

AGREEMENT = catalogue().types["agreement"]
TWO = page(
    "RESELLER AGREEMENT",
    'This Reseller Agreement (the "Agreement") is made as of May 22, 2024 by and between Tall',
    'Pine Software Inc., an Alberta corporation with offices at 12 Main Street, Calgary, Alberta T2P 1A1 ("Tall',
    'Pine"), and Dana Example, an individual of Edmonton, Alberta (the "Reseller").',
    "WHEREAS Ample Holdings Ltd. makes widgets;",
    "This Agreement shall be governed by the laws of the Province of Alberta and the laws of Canada.",
)


def named_on(sheet: Sheet) -> list[tuple[str, str | None]]:
    return [(one.name.text, one.role.text if one.role else None) for one in parties([sheet])]


def test_the_parties_are_those_of_the_opening_with_what_they_are_called() -> None:
    assert named_on(TWO) == [("Tall Pine Software Inc.", "Tall Pine"), ("Dana Example", "Reseller")]


def test_a_name_and_a_role_stand_where_the_page_has_them() -> None:
    for party in parties([TWO]):
        for one in (party.name, party.role):
            assert one
            words = " ".join(one.sheet.words[position].text for position in one.positions)
            assert one.text in words
            assert one.sheet.box(one.positions)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (
            ["AGREEMENT BETWEEN:", 'PRAIRIE ROSE LTD. (the "Company")', "AND:", 'FOOTHILLS CORP. ("Consultant")'],
            [("PRAIRIE ROSE LTD.", "Company"), ("FOOTHILLS CORP.", "Consultant")],
        ),
        (
            ['between A Corp., B LLC and C L.P. (collectively, the "Lenders") and Bow Bank plc ("Agent"). WHEREAS'],
            [("A Corp.", None), ("B LLC", None), ("C L.P.", "Lenders"), ("Bow Bank plc", "Agent")],
        ),
        (
            ["Cooperation Agreement", "Party A: Fern County Council", "Party B: Sunny Energy Co. Ltd", "Address: x"],
            [("Fern County Council", "Party A"), ("Sunny Energy Co. Ltd", "Party B")],
        ),
        (
            ["Ladies and Gentlemen:", 'Kettle Bancorp, Inc., a company (the "Issuer"), and', 'Otter LLC ("Agent").'],
            [("Kettle Bancorp, Inc.", "Issuer"), ("Otter LLC", "Agent")],
        ),
        (
            ["JOINT FILING AGREEMENT", "both agree to file.", "ALPHA FUND LP", "By: A B", "BETA FUND LLC", "By: C D"],
            [("ALPHA FUND LP", None), ("BETA FUND LLC", None)],
        ),
        (["Nothing here is between anybody."], []),
        ([], []),
    ],
)  # fmt: skip
def test_parties_are_found_however_an_agreement_opens(lines: list[str], expected: list[tuple[str, str | None]]) -> None:
    assert named_on(page(*lines)) == expected


@given(
    st.lists(
        st.sampled_from(["between", "and", "(", ")", '"', "Inc.", "A", "Ltd", ",", "By:", "1.", "the"]), max_size=60
    )
)
def test_no_text_makes_the_search_for_parties_fail(words: list[str]) -> None:
    for one in parties([page(" ".join(words))]):
        assert one.name.text


def test_an_agreement_says_when_it_was_made_which_law_governs_it_and_of_what_kind_it_is() -> None:
    assert classify([TWO])[0] == "agreement"
    found = {one.rule.name: one.normalised for one in find([TWO], AGREEMENT.fields)}
    assert found["agreement_date"] == "2024-05-22"
    assert found["effective_date"] == "2024-05-22"  # it takes effect when it is made, unless it says otherwise
    assert found["governing_law"] == "Alberta, Canada"
    assert "expiration_date" not in found
    assert [one.normalised for one in variety([TWO], AGREEMENT)] == ["reseller"]


def test_a_date_that_speaks_for_another_counts_less_than_one_of_its_own() -> None:
    own = page("Agreement dated March 3, 2000, effective as of April 1, 2000, between A Inc. and B Inc.")
    score = {one.rule.name: (one.normalised, one.score) for one in find([own], AGREEMENT.fields)}
    assert score["effective_date"][0] == "2000-04-01"
    borrowed = {one.rule.name: one.score for one in find([TWO], AGREEMENT.fields)}
    assert borrowed["effective_date"] < borrowed["agreement_date"]


def test_a_party_that_is_a_person_is_masked_and_one_that_is_an_organisation_is_not() -> None:
    document = understood([TWO])
    found = {(one.name, one.ordinal): (one.value, one.pii_class) for one in document.fields}
    assert found["party", 1] == ("Tall Pine Software Inc.", None)
    assert found["party", 2] == ("[PERSON]", "person")
    assert found["party_role", 2] == ("Reseller", None)
    assert "Dana" not in " ".join(one.text for one in document.pages)


@pytest.mark.parametrize(
    "opening",
    [
        'made between Ann Alder, an individual ("A"), Bo Birch, an individual ("B"),',
        'made between Ann Alder and Bo Birch ("Buyers"),',
    ],
)
def test_no_two_fields_of_a_document_have_one_name_and_ordinal(opening: str) -> None:
    """Also where one name is that of two people."""
    many = page("AGREEMENT", opening, 'and Cy Cedar, an individual ("C"), who agree as follows.')
    names = [(one.name, one.ordinal) for one in understood([many]).fields]
    assert ("party", 3) in names
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("the State of New York", "New York"),
        ("Province of Ontario", "Ontario, Canada"),
        ("the Commonwealth of Pennsylvania", "Pennsylvania"),
        ("CALIFORNIA", "California"),
        ("England and Wales", "England and Wales"),
        ("the PRC", "People's Republic of China"),
        ("the People’s Republic of China", "People's Republic of China"),
        ("California and the United States", "California"),
    ],
)
def test_a_jurisdiction_has_one_spelling(printed: str, expected: str) -> None:
    assert FORMS["jurisdiction"].normalise(printed) == expected


def test_an_empty_page_has_no_parties_and_no_variety() -> None:
    empty = Sheet(1, 612, 792, "none", None, ())
    assert parties([empty]) == []
    assert list(variety([empty], AGREEMENT)) == []
    assert list(variety([TWO], None)) == []
