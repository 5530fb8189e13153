"""Numbers are found however their digits are grouped, and numbers that are not there are not."""

from hypothesis import given
from hypothesis import strategies as st

from muniment import identifiers

linc = st.from_regex(r"[0-9]{10}", fullmatch=True)
words = st.text("abcdefg .,;-\n", max_size=12).map(lambda text: f" {text}x ")


def _found(query: str, text: str) -> bool:
    return set(identifiers.asked(query)) <= set(identifiers.readings(text))


@given(linc, words, words, st.booleans(), st.booleans())
def test_a_linc_is_found_whether_or_not_it_is_spaced(
    digits: str, before: str, after: str, spaced: bool, asked_spaced: bool
) -> None:
    grouped = f"{digits[:4]} {digits[4:7]} {digits[7:]}"
    text = before + (grouped if spaced else digits) + after
    assert identifiers.asked(grouped if asked_spaced else digits) == [digits]
    assert _found(grouped if asked_spaced else digits, text)


@given(linc, linc)
def test_a_linc_that_the_text_does_not_have_is_not_found(digits: str, other: str) -> None:
    text = f"LINC {other[:4]} {other[4:7]} {other[7:]} of the land"
    assert _found(digits, text) == (digits == other)


@given(st.text(max_size=300))
def test_any_text_has_readings_of_bounded_length_and_number(text: str) -> None:
    readings = identifiers.readings(text)
    assert all(5 <= len(digits) <= 24 and digits.isascii() and digits.isdigit() for digits in readings)
    assert len(readings) <= 4 * len(text)
    assert readings == sorted(set(readings))


def test_neighbouring_numbers_are_kept_apart() -> None:
    text = "LINC 0012 345 678 TITLE NUMBER 161 234 567 +1\n0099 888 777 161 000 111"
    for query in ("0012345678", "161 234 567 +1", "161234567", "0099888777", "161 000 111"):
        assert _found(query, text), query


def test_a_query_may_name_several_numbers() -> None:
    query = "matter 2026-0012 title 161 234 567 +1, LINC 0012 345 678 for $450,000.00"
    assert identifiers.asked(query) == ["20260012", "1612345671", "0012345678", "45000000"]


def test_amounts_matter_numbers_and_plans_are_found_as_they_are_written() -> None:
    text = "Our File: 2026-0012. Plan 9912345;3;12. The price is $450,000.00 by 2026-03-08."
    for query in ("2026-0012", "20260012", "9912345;3;12", "9912345", "450000", "$450,000.00", "2026-03-08"):
        assert identifiers.asked(query), query
        assert _found(query, text), query


def test_short_numbers_are_left_to_the_words() -> None:
    assert identifiers.asked("unit 12 lot 3 of 2026") == []
