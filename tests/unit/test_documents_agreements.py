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
        (
            ["between Larch Mills, Alberta corporation with offices at 9 Elm Road, Calgary (\"Larch\"), and",
             "Fir Labs S.A., organised in Peru (hereinafter called the Maker), who agree"],
            [("Larch Mills", "Larch"), ("Fir Labs S.A.", "Maker")],
        ),
        (
            ["Gentlemen: Aspen Bancorp, Inc. (the \"Parent\"), an Ohio corporation, Aspen Mutual, MHC, an Ohio",
             "mutual holding company (the \"Mutual\"), confirm their agreement with Spruce LLC (the \"Agent\")."],
            [("Aspen Bancorp, Inc.", "Parent"), ("Aspen Mutual, MHC", "Mutual"), ("Spruce LLC", "Agent")],
        ),
        (
            ["Dear Sirs: Teal REIT, Inc. (the \"Issuer\"), together with Teal Holdings, L.P. (the \"Owner\"), agrees"],
            [("Teal REIT, Inc.", "Issuer"), ("Teal Holdings, L.P.", "Owner")],
        ),
        (
            ["This Agreement is entered into by Gull Pipelines Ltd. (Carrier) and TERN GAS COMPANY (Shipper)."],
            [("Gull Pipelines Ltd.", "Carrier"), ("TERN GAS COMPANY", "Shipper")],
        ),
        (
            ["between: (i) Wren Inc.; (ii) Lark Ltd. of 2 Bay Road, Banff, AB, 95134, and (iii) Crane Corp. WHEREAS"],
            [("Wren Inc.", None), ("Lark Ltd.", None), ("Crane Corp.", None)],
        ),
        (
            ["between Plover Trust Company Americas, not in its own name, and Ibis LLC, formerly known as Egret LLC."],
            [("Plover Trust Company Americas", None), ("Ibis LLC", None)],
        ),
        (
            ["JOINT FILING AGREEMENT", "both agree to file.", "Chief Officer", "BANK OF THE PLAINS", "By: A B",
             "Manager", "GREEN FUND II LP", "By: /s/ C D"],
            [("BANK OF THE PLAINS", None), ("GREEN FUND II LP", None)],
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
    assert "term" not in found
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


def read_from(*lines: str) -> dict[str, str | None]:
    return {one.rule.name: one.normalised for one in find([page(*lines)], AGREEMENT.fields)}


BEGUN = "This Agreement is made as of May 31, 2019 between A Inc. and B Inc."


@pytest.mark.parametrize(
    ("wording", "term", "expires"),
    [
        ("This Agreement begins on the date hereof and runs for a period of five (5) years.", "P5Y", "2024-05-31"),
        ("The initial term of this Agreement shall be eighteen months from that date.", "P18M", "2020-11-30"),
        ("The Agreement shall remain in force, unless sooner terminated, for 2 years.", "P2Y", "2021-05-31"),
        ("The Agreement continues until the third (3rd) anniversary of the date hereof.", "P3Y", "2022-05-31"),
        ("The Term shall commence on that date and expire on August 14, 2021.", None, "2021-08-14"),
        ("This contract ends on June 30, 2020, and its term is one year.", "P1Y", "2020-06-30"),
        ("This Agreement continues until terminated by a party on ninety (90) days notice.", None, None),
        ("During the term of this Agreement and for three (3) years after, no party competes.", None, None),
        ("This Agreement is perpetual. Each party keeps the secrets of the other.", None, None),
        ("The agreement that expired on March 1, 2018 is replaced.", None, None),
    ],
)
def test_an_agreement_ends_when_it_says_or_when_its_term_does(
    wording: str, term: str | None, expires: str | None
) -> None:
    found = read_from("AGREEMENT", BEGUN, wording)
    assert (found.get("term"), found.get("expiration_date")) == (term, expires)


def test_a_date_that_a_term_leads_to_stands_where_the_term_does_and_counts_less_than_a_printed_one() -> None:
    terms = page("AGREEMENT", BEGUN, "Its term is five (5) years.")
    (computed,) = [one for one in find([terms], AGREEMENT.fields) if one.rule.name == "expiration_date"]
    assert (computed.value, computed.normalised) == ("five (5) years", "2024-05-31")
    printed = page("AGREEMENT", BEGUN, "Its term shall expire on May 31, 2024.")
    (own,) = [one for one in find([printed], AGREEMENT.fields) if one.rule.name == "expiration_date"]
    assert (own.normalised, computed.confidence < own.confidence) == ("2024-05-31", True)


def test_the_date_of_an_agreement_is_that_of_its_opening_rather_than_one_further_on() -> None:
    opening = page("SALES AGREEMENT", "A Inc. and B Inc. agree on sales, effective as of June 1, 2008.")
    later = page("as the letter that is dated May 5, 2004 says.", number=3)
    (date,) = [
        one for one in find([opening, page("..."), later], AGREEMENT.fields) if one.rule.name == "agreement_date"
    ]
    assert (date.normalised, date.page) == ("2008-06-01", 1)


@pytest.mark.parametrize(
    ("wording", "expected"),
    [
        ("governed by the laws of the United States of America and of the State of Ohio.", "Ohio"),
        ("Governing Law: the Province of Manitoba", "Manitoba, Canada"),
    ],
)
def test_the_law_that_governs_is_that_of_a_state_however_it_is_said(wording: str, expected: str) -> None:
    assert read_from("AGREEMENT", wording)["governing_law"] == expected


@pytest.mark.parametrize("name", ["Xé7 Quillon", "MADONNAX", "J Q-r Æon", "Tove"])
def test_a_party_of_a_name_in_no_known_shape_is_masked_as_a_person(name: str) -> None:
    """Who is not clearly an organisation may be a person."""
    document = understood(
        [page("AGREEMENT", f'made between {name} (the "Seller") and Bow Bank plc ("Bank"), who agree:')]
    )
    values = {(one.name, one.ordinal): (one.value, one.kind) for one in document.fields}
    assert values["party", 1] == ("[PERSON]", "person")
    assert values["party", 2] == ("Bow Bank plc", "organisation")
    assert name not in " ".join(one.text for one in document.pages)
    assert name in [one.value for one in document.findings if one.field == "party"]


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
