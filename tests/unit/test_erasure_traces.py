"""A person is found however they are spelled, and nobody else is."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from muniment.erasure.traces import SubjectError, Traces, Value, parse
from muniment.privacy import Tokens

TOKENS = Tokens(b"a key of these tests, long enough")


def traces(*texts: str) -> Traces:
    return Traces([parse(text) for text in texts], TOKENS)


@pytest.mark.parametrize(
    "text",
    [
        "Kaya J. Okafor",
        "the vendor, KAYA J OKAFOR, of Calgary",
        "OKAFOR, Kaya J.",
        "Ms. Kaya J. Okafor's signature".replace("'s", " "),
        "káya j. ökafor",
        "Kaya\nJ.  Okafor",
        "okafor-kaya-j.pdf",
    ],
)
def test_a_name_is_found_in_any_case_order_and_spacing(text: str) -> None:
    assert traces("Kaya J. Okafor").found_in(text)
    assert traces("OKAFOR, Kaya J.").found_in(text)


@pytest.mark.parametrize(
    "text", ["", "Kaya Okafor", "Okafor", "Kaya J. Okaforsson", "Makaya J. Okafor", "Kaya J. B. Okafor"]
)
def test_another_name_is_not_taken_for_it(text: str) -> None:
    assert not traces("Kaya J. Okafor").found_in(text)


@pytest.mark.parametrize(
    "text", ["DE LA CRUZ, ANA M.", "Cruz, Ana M. de la", "la Cruz, Ana M. de", "de la Cruz Jr., Ana M."]
)
def test_a_family_name_of_several_words_is_found_before_the_given_ones(text: str) -> None:
    assert traces("Ana M. de la Cruz" + " Jr." * ("Jr" in text)).found_in(text)
    assert not traces("Ana M. de la Cruz").found_in("de la Cruz, M. Ana")


def test_an_apostrophe_and_a_suffix_part_no_name() -> None:
    assert traces("Sean O'Brien").found_in("SEAN O’BRIEN")
    assert traces("Sean O'Brien").found_in("Sean OBrien")
    assert traces("John Smith Jr.").found_in("Smith, John, Jr.")
    assert not traces("John Smith Jr.").found_in("John Smith")


@pytest.mark.parametrize("text", ["046454286", "046 454 286", "SIN: 046-454-286.", "(046454286)"])
def test_a_number_is_found_however_its_digits_are_apart(text: str) -> None:
    assert traces("046 454 286").found_in(text)


@pytest.mark.parametrize("text", ["1046454286", "0464542861", "046454287", "046 454", "a046454286b"])
def test_a_number_is_not_found_in_a_longer_or_another_one(text: str) -> None:
    assert not traces("046 454 286").found_in(text)


@pytest.mark.parametrize("text", ["825-555-0182", "(825) 555-0182", "+1 825 555 0182", "18255550182", "1-825-555-0182"])
def test_a_telephone_number_is_found_with_and_without_its_country(text: str) -> None:
    assert traces("825 555 0182").found_in(text)
    assert traces("+1 (825) 555-0182").found_in(text)


def test_an_address_is_found_by_itself_and_not_at_the_end_of_another() -> None:
    own = traces("Kaya.Okafor@Example.ca")
    assert own.found_in("write to <kaya.okafor@example.ca>.")
    assert not own.found_in("not.kaya.okafor@example.cab")
    assert not own.found_in("mkaya.okafor@example.ca")


def test_a_token_stands_for_the_value_and_the_value_for_its_token() -> None:
    token = TOKENS.of("person", "Kaya J. Okafor")
    assert token
    assert traces("Kaya J. Okafor").found_in(f"entity {token}")
    assert traces(token).of("person", "OKAFOR, Kaya J.")
    assert not traces(token).of("person", "Kaya Okafor")


@given(st.text(max_size=30), st.sampled_from([" ", ".", "-", ""]), st.integers(100_000_000, 999_999_999))
def test_a_number_amid_any_text_is_found(around: str, gap: str, number: int) -> None:
    digits = gap.join(re.findall("...", str(number)))
    assert traces(str(number)).found_in(f"{around}: {digits}; {around}")


@given(st.text(st.characters(codec="utf-8"), max_size=250))
@example("")
@example("%")
@example("a")
@example(".*")
@example("x' OR '1'='1")
@example("Robert'); DROP TABLE lake.matters;--")
@example("2026-0001")
@example("8 March 2026")
@example("(((((((((((((((((((((((((((((")
@example("\x00")
@example("﷽﷽ ﷽﷽")
@example("A:AA,A")
def test_whatever_is_typed_is_a_value_that_finds_itself_or_is_refused_in_words(text: str) -> None:
    try:
        value = parse(text)
    except SubjectError as error:
        assert "give" in str(error) or "too short" in str(error)
        return
    assert len(re.sub(r"\W", "", value.plain)) >= 4
    assert Traces([value], TOKENS).found_in(text)
    assert not Traces([value], TOKENS).found_in("")


@pytest.mark.parametrize(
    "text",
    ["", " ", "a", "%", "_", ".*", "Okafor", "12345", "2026-0001", "2026-03-08", "J. K", "@", "a@b", "person:deadbeef"],
)
def test_what_stands_for_nobody_or_for_many_is_refused(text: str) -> None:
    with pytest.raises(SubjectError):
        parse(text)


def test_what_is_beyond_names_is_the_numbers_and_addresses() -> None:
    beyond = traces("Kaya J. Okafor", "046 454 286").beyond_names
    assert beyond.values == {Value("number", "046454286")}
