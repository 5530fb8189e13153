"""Entities and relationships of a document: who and what its fields name, and what they are to each other."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment import graph
from muniment.contract import contracts
from muniment.documents.model import Box, Document, Field, Finding
from muniment.privacy import Tokens

BOX, ELSEWHERE = Box(1, 2, 30, 4), Box(1, 20, 30, 24)
TOKENS = Tokens(b"a key for these tests")
KAYA = TOKENS.of("person", "Kaya Okafor")
DOCUMENT = ("document", "d1")


def field(name: str, kind: str, value: str, normalised: str | None = None, **changes: Any) -> Field:
    given: dict[str, Any] = {"ordinal": 1, "pii_class": None, "page": 1, "box": BOX, "confidence": 0.9}
    return Field(name, kind=kind, value=value, normalised=normalised, extractor="rules/1", **(given | changes))


def person(name: str, **changes: Any) -> Field:
    return field(name, "person", "[PERSON]", pii_class="person", **changes)


def finding(value: str = "Kaya Okafor", **changes: Any) -> Finding:
    return replace(Finding(1, "person", None, value, 1, BOX, 0.9, "names"), **changes)


def identified(one: Field, *findings: Finding) -> Field:
    [found] = graph.identified(Document("other", 0.5, None, (), (one,), findings, ()), TOKENS)
    return found


# --- who a masked value is ------------------------------------------------------------------------------------------


def test_a_masked_person_has_the_token_of_the_name_found_at_its_place() -> None:
    others = [finding("Ann Ames", box=ELSEWHERE), finding("Bo Berg", page=2), finding("046454286", pii_class="sin")]
    assert identified(person("buyer"), *others, finding()).normalised == KAYA


def test_a_person_inside_a_larger_box_is_found_where_it_is_the_only_one() -> None:
    wide = person("caveator", box=Box(0, 0, 100, 10))
    assert identified(wide, finding(), finding("Ann Ames", box=ELSEWHERE)).normalised == KAYA
    assert identified(wide, finding(), finding("Ann Ames", box=Box(50, 2, 80, 4))).normalised is None


@pytest.mark.parametrize(
    "one",
    [
        field("lender", "organisation", "[PERSON] Law Office", pii_class="person"),
        person("buyer", box=None),
        person("buyer", page=9),
    ],
)
def test_what_cannot_be_told_for_certain_has_no_token(one: Field) -> None:
    assert identified(one, finding()).normalised is None


def test_a_value_that_is_not_personal_stays_as_it_is() -> None:
    linc = field("linc", "linc", "0012 345 678", "0012345678")
    assert identified(linc, finding()) == linc


# --- entities -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "type_", "name"),
    [
        (field("linc", "linc", "0012 345 678", "0012345678"), "parcel", "0012345678"),
        (field("title_number", "title_number", "161 234 567 +1"), "title", "161 234 567 +1"),
        (field("short_legal", "legal", "Plan 1  block 1\nlot 2"), "legal_description", "PLAN 1 BLOCK 1 LOT 2"),
        (field("mortgagee", "organisation", "Prairie Bank"), "organisation", "PRAIRIE BANK"),
        (field("matter_number", "text", "2026-0012"), "matter", "2026-0012"),
        (field("instrument_number", "text", "161 000 001"), "instrument", "161 000 001"),
        (field("registration_number", "text", "161 000 002"), "instrument", "161 000 002"),
        (field("property_address", "address", "12 Elm St"), "address", "12 ELM ST"),
        (field("principal", "money", "$1", "1.00"), "money", "1.00"),
        (field("mortgage_date", "date", "March 8, 2026", "2026-03-08"), "date", "2026-03-08"),
        (person("buyer", normalised="person:1"), "person", "person:1"),
    ],
)
def test_what_a_field_names_is_an_entity(one: Field, type_: str, name: str) -> None:
    assert graph.entities([one]) == [graph.Entity(type_, name, one)]


@pytest.mark.parametrize(
    "one",
    [
        person("buyer"),
        field("mortgagee", "organisation", "[PERSON]", pii_class="person"),
        field("trust_account", "text", "[BANK_ACCOUNT]", "bank_account:1", pii_class="bank_account"),
        field("principal", "money", "about a dollar"),
        field("mortgage_date", "date", "03/04/2026"),
        field("roll_number", "text", "1"),
    ],
)
def test_what_is_not_known_or_is_no_thing_is_no_entity(one: Field) -> None:
    assert graph.entities([one]) == []


def test_an_entity_named_twice_is_one_with_the_field_that_came_first() -> None:
    first = field("linc", "linc", "12", page=2)
    assert graph.entities([first, field("other_linc", "linc", " 12 ")]) == [graph.Entity("parcel", "12", first)]


# --- relationships --------------------------------------------------------------------------------------------------

TITLE = field("title_number", "title_number", "161 234 567", confidence=0.8)
LINC = field("linc", "linc", "0012345678")
LEGAL = field("short_legal", "legal", "PLAN 1 BLOCK 1 LOT 2")
MATTER = field("matter_number", "text", "2026-0012")
LENDER = field("mortgagee", "organisation", "Prairie Bank")
INSTRUMENT = field("instrument_number", "text", "161 000 001")
OWNER = person("registered_owner", normalised="person:1")


def related(kind: str, *fields: Field) -> set[tuple[str, ...]]:
    """Source, relation and target of each relationship."""
    return {(one.source, one.relation, one.target) for one in graph.relations("d1", kind, fields)}


@pytest.mark.parametrize(
    ("kind", "title", "instrument"),
    [
        ("certificate_of_title", "certifies_title", "concerns"),
        ("transfer_of_land", "transfers_title", "concerns"),
        ("mortgage", "encumbers_title", "concerns"),
        ("caveat", "encumbers_title", "concerns"),
        ("discharge", "concerns", "discharges_instrument"),
        ("other", "concerns", "concerns"),
    ],
)
def test_the_type_of_a_document_says_how_it_relates_to_what_it_names(kind: str, title: str, instrument: str) -> None:
    made = graph.relations("d1", kind, [TITLE, INSTRUMENT, LINC, MATTER])
    assert {one.target_type: one.relation for one in made if one.source_type == "document"} == {
        "title": title,
        "instrument": instrument,
        "parcel": "describes_parcel",
        "matter": "belongs_to_matter",
    }


def test_the_owner_on_a_certificate_owns_the_title_and_the_parcel() -> None:
    made = related("certificate_of_title", OWNER, TITLE, LINC)
    assert {("person:1", "owner_of", "161 234 567"), ("person:1", "owner_of", "0012345678")} <= made


def test_an_owner_named_by_another_document_owns_nothing_yet() -> None:
    assert "owner_of" not in {relation for _, relation, _ in related("transfer_of_land", OWNER, TITLE, LINC)}


def test_a_mortgage_relates_its_parties_its_land_and_its_amount() -> None:
    borrower = person("mortgagor", normalised="person:2")
    principal = field("principal", "money", "$300,000", "300000.00")
    assert related("mortgage", LENDER, borrower, principal, LEGAL) == {
        ("PRAIRIE BANK", "party_to", "d1"),
        ("PRAIRIE BANK", "lender_on", "PLAN 1 BLOCK 1 LOT 2"),
        ("person:2", "party_to", "d1"),
        ("300000.00", "amount_of", "d1"),
        ("d1", "registered_against", "PLAN 1 BLOCK 1 LOT 2"),
    }


def test_a_registered_instrument_stands_against_the_title_rather_than_its_document() -> None:
    registration = field("registration_number", "text", "161 000 002")
    made = related("caveat", registration, TITLE, LINC)
    assert ("161 000 002", "registered_against", "161 234 567") in made
    assert not {one for one in made if one[1] == "registered_against"} - {
        ("161 000 002", "registered_against", "161 234 567")
    }


def test_a_role_is_what_the_document_calls_the_party_and_else_the_name_of_the_field() -> None:
    parties = [
        field("party", "organisation", "Acme Ltd."),
        field("party_role", "text", "Licensor", "Licensor"),
        field("party", "organisation", "Bolt Inc.", ordinal=2),
        LENDER,
    ]
    roles = {one.source: one.role for one in graph.relations("d1", "agreement", parties)}
    assert roles == {"ACME LTD.": "licensor", "BOLT INC.": "party", "PRAIRIE BANK": "mortgagee"}


def test_a_type_that_nothing_is_declared_for_has_parties_and_amounts() -> None:
    fee = field("fee", "money", "$5", "5.00")
    assert related("dower_consent", person("spouse", normalised="person:3"), fee) == {
        ("person:3", "party_to", "d1"),
        ("5.00", "amount_of", "d1"),
    }


def test_two_amounts_that_are_equal_are_two_relationships() -> None:
    given = [field("deposit", "money", "$5", "5.00"), field("balance_due", "money", "$5", "5.00")]
    assert [one.role for one in graph.relations("d1", "statement_of_adjustments", given)] == ["balance_due", "deposit"]


def test_a_relationship_is_as_sure_as_the_less_sure_of_its_values() -> None:
    [owns] = [
        one for one in graph.relations("d1", "certificate_of_title", [OWNER, TITLE]) if one.relation == "owner_of"
    ]
    assert (owns.evidence, owns.confidence) == (OWNER, 0.8)


FIELDS = st.lists(
    st.builds(
        field,
        st.sampled_from(["linc", "mortgagee", "principal", "registered_owner", "party", "party_role", "matter_number"]),
        st.sampled_from(["linc", "money", "person", "organisation", "title_number", "text", "address", "date"]),
        st.text(max_size=5),
        st.none() | st.text(min_size=1, max_size=5),
        ordinal=st.integers(1, 3),
        pii_class=st.sampled_from([None, "person", "sin"]),
    ),
    max_size=8,
)


@given(st.sampled_from(["mortgage", "caveat", "discharge", "certificate_of_title", "agreement", "unknown"]), FIELDS)
def test_relationships_keep_the_contract_and_lead_to_entities_or_the_document(kind: str, fields: list[Field]) -> None:
    allowed = {column.name: column.allowed for column in contracts()["relationships"].columns}
    types = next(column.allowed for column in contracts()["entities"].columns if column.name == "entity_type")
    things = {(one.type, one.name) for one in graph.entities(fields)}
    made = graph.relations("d1", kind, fields)
    assert {kind for kind, _ in things} <= set(types)
    for one in made:
        assert one.relation in allowed["relation"]
        assert one.source_type in allowed["source_type"]
        assert {(one.source_type, one.source), (one.target_type, one.target)} <= things | {DOCUMENT}
    keys = [(r.relation, r.source_type, r.source, r.target_type, r.target, r.evidence.name) for r in made]
    assert len(keys) == len(set(keys))
