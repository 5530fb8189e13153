"""How printed values are understood, kind by kind."""

import re
import time
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muniment.documents import values
from muniment.documents.values import FORMS


def understood(form: str, printed: str) -> str | None:
    """The canonical form of a text that is nothing but the value."""
    match = FORMS[form].pattern.fullmatch(printed)
    return FORMS[form].normalise(match[0]) if match else None


@pytest.mark.parametrize(
    ("printed", "canonical"),
    [
        ("$450,000.00", "450000.00"),
        ("$450,000", "450000.00"),
        ("CAD 450,000.00", "450000.00"),
        ("CDN$ 450,000.00", "450000.00"),
        ("450 000.00", "450000.00"),
        ("$0", "0.00"),
        ("US$450,000.00", "450000.00"),
        ("USD 450,000.00", "450000.00"),
        ("$450,000.00 USD", "450000.00"),
        ("U.S. $450,000", "450000.00"),
        ("$450,000.00 CAD", "450000.00"),
        ("$ 95.5", None),
        ("12", None),
        ("2026", None),
    ],
)
def test_money(printed: str, canonical: str | None) -> None:
    assert understood("money", printed) == canonical


@pytest.mark.parametrize(
    ("printed", "code"),
    [
        ("$450,000.00", "CAD"), ("450,000.00", "CAD"), ("C$450,000", "CAD"), ("CAD 450,000.00", "CAD"),
        ("US$450,000.00", "USD"), ("USD 450,000.00", "USD"), ("$450,000.00 USD", "USD"), ("U.S. $450,000", "USD"),
    ],
)  # fmt: skip
def test_money_is_canadian_unless_it_says_otherwise(printed: str, code: str) -> None:
    assert values.currency(printed) == code


@pytest.mark.parametrize(
    ("printed", "amount"),
    [
        ("Four Hundred Thousand Dollars", "400000.00"),
        ("four hundred and twelve thousand, five hundred dollars", "412500.00"),
        ("One Million Two Hundred Fifty-Six Thousand Seventeen and 50/100 Dollars", "1256017.50"),
        ("sixty dollars 05/100", "60.05"),
        ("ninety-nine Canadian dollars", "99.00"),
        ("hundred dollars", "100.00"),
        ("dollars", None),
        ("several thousand people", None),
    ],
)
def test_amounts_in_words(printed: str, amount: str | None) -> None:
    found = re.fullmatch(values.IN_WORDS, printed, re.IGNORECASE)
    assert (values.in_words(found) if found else None) == amount


@settings(deadline=None)
@given(amount=st.decimals(Decimal("0.01"), Decimal("99999999.99"), places=2))
def test_any_amount_is_understood_as_it_is_usually_printed(amount: Decimal) -> None:
    for printed in (f"${amount:,.2f}", f"CAD {amount:,.2f}", f"{amount:,.2f}"):
        assert understood("money", printed) == f"{amount:.2f}"


@settings(deadline=None)
@given(day=st.dates(date(1900, 1, 1), date(2099, 12, 31)))
def test_any_day_is_understood_as_it_is_usually_printed(day: date) -> None:
    written = [
        f"{day:%B} {day.day}, {day.year}", f"{day.day} {day:%B} {day.year}", f"{day.day} {day:%b} {day.year}",
        day.isoformat(), f"{day.day}th day of {day:%B}, {day.year}", f"{day:%b}. {day.day} {day.year}",
    ]  # fmt: skip
    for printed in written:
        assert understood("date", printed) == day.isoformat()


@pytest.mark.parametrize("first", ["1st", "Ist", "lst", "|st", "I"])
def test_the_first_of_a_month_is_understood_as_scans_have_it(first: str) -> None:
    assert understood("date", f"{first} day of January, 2026") == "2026-01-01"


def test_a_day_that_could_be_two_is_left_open() -> None:
    assert understood("date", "03/04/2026") is None
    assert understood("date", "25/03/2026") == understood("date", "03/25/2026") == "2026-03-25"
    assert understood("date", "31 February 2026") is None


@pytest.mark.parametrize(
    ("printed", "canonical"),
    [
        ("PLAN 0721234 BLOCK 3 LOT 12A", "PLAN 0721234 BLOCK 3 LOT 12A"),
        ("Plan 072 1234, Block 3, Lot 12A", "PLAN 0721234 BLOCK 3 LOT 12A"),
        ("Lot 12A, Block 3, Plan 072 1234", "PLAN 0721234 BLOCK 3 LOT 12A"),
        ("LOT 7 PLAN 1234KS", "PLAN 1234KS LOT 7"),
        ("0721234;3;12A", "PLAN 0721234 BLOCK 3 LOT 12A"),
        ("Condominium Plan 072 1234, Unit 9", "CONDOMINIUM PLAN 0721234 UNIT 9"),
        ("Unit 9, Condominium Plan 072 1234", "CONDOMINIUM PLAN 0721234 UNIT 9"),
        ("0721234;9", "CONDOMINIUM PLAN 0721234 UNIT 9"),
        ("NE 3-50-25 W4M", "NE-3-50-25-W4"),
        ("NE-3-50-25-W4", "NE-3-50-25-W4"),
        ("4;25;50;3;NE", "NE-3-50-25-W4"),
        ("MERIDIAN 4 RANGE 25 TOWNSHIP 50 SECTION 3 QUARTER NORTH EAST", "NE-3-50-25-W4"),
        ("South West Quarter of Section 3, Township 50, Range 25, West of the 5th Meridian", "SW-3-50-25-W5"),
        ("PLAN 0721234\nBLOCK 3\nLOT 12", "PLAN 0721234 BLOCK 3 LOT 12"),
        ("Block 3, Lot 12, Plan 072 1234", "PLAN 0721234 BLOCK 3 LOT 12"),
        ("Unit 9, Plan 072 1234", "CONDOMINIUM PLAN 0721234 UNIT 9"),
        ("Lots 12 and 13, Block 3, Plan 072 1234", "PLAN 0721234 BLOCK 3 LOT 12, 13"),
        ("PLAN 0721234 BLOCK 3 LOTS 12, 13A & 14", "PLAN 0721234 BLOCK 3 LOT 12, 13A, 14"),
        ("LSD 4-12-50-25 W4M", "LSD-4-12-50-25-W4"),
        ("LSD 04-12-050-25W4", "LSD-4-12-50-25-W4"),
        ("04-12-050-25W4M", "LSD-4-12-50-25-W4"),
        ("LSD 04 Sec 12 Twp 050 Rge 25 W4M", "LSD-4-12-50-25-W4"),
        ("Legal Subdivision 4 of Section 12, Township 50, Range 25, W4M", "LSD-4-12-50-25-W4"),
        ("SW 1/4 12-50-25-W4", "SW-12-50-25-W4"),
        ("SW¼ 12-50-25 W5M", "SW-12-50-25-W5"),
        ("S.W. 12-50-25-W6", "SW-12-50-25-W6"),
        ("Fractional NW 1/4 of Sec. 12, Twp. 50, Rge. 25, W. 4th M.", "NW-12-50-25-W4"),
        ("the N ½ of Section 12, Township 50, Range 25, West of the Sixth Meridian", "N-12-50-25-W6"),
        ("East half of 12-50-25 W4M", "E-12-50-25-W4"),
        ("Section 12-50-25-W4", "SEC-12-50-25-W4"),
        ("Section 12, Township 50, Range 25, West of the Fourth Meridian", "SEC-12-50-25-W4"),
        ("MERIDIAN 4 RANGE 25 TOWNSHIP 50 SECTION 3", "SEC-3-50-25-W4"),
        ("12-50-25-W4", None),
        ("Plan No. 1421201, Block 26, Lot |", "PLAN 1421201 BLOCK 26 LOT 1"),
        ("9721201;25:;46", "PLAN 9721201 BLOCK 25 LOT 46"),
        ("SE 1/4 of Section 22 Township 42 Range 22 West of the Sth Meridian", "SE-22-42-22-W5"),
    ],
)
def test_land_descriptions(printed: str, canonical: str | None) -> None:
    assert understood("legal", printed) == canonical


def test_a_number_after_a_single_lot_is_no_further_lot() -> None:
    match = FORMS["legal"].pattern.match("Plan 072 1234, Block 3, Lot 12, 1180 Larch Way")
    assert match
    assert values.legal(match[0]) == "PLAN 0721234 BLOCK 3 LOT 12"


@pytest.mark.parametrize(
    ("form", "printed", "canonical"),
    [
        ("linc", "0012 345 678", "0012345678"),
        ("linc", "0012345678", "0012345678"),
        ("title_number", "161 234 567 +1", "161 234 567 +1"),
        ("title_number", "161234567", "161 234 567"),
        ("title_number", "161 234 567+12", "161 234 567 +12"),
        ("percent", "4.35%", "4.35"),
        ("percent", "5 per cent", "5"),
        ("percent", "4 1/2 %", "4.5"),
        ("percent", "4½ per cent", "4.5"),
        ("percent", "10 7/8%", "10.875"),
        ("percent", "4 1/0 %", None),
        ("percent", "104.35 %", None),
        ("percent", "prime plus 0.5 %", "prime+0.5"),
        ("percent", "prime plus 1/2 %", None),
        ("percent", "Prime plus 1 ½ %", "prime+1.5"),
        ("percent", "Prime + 0.50%", "prime+0.50"),
        ("percent", "the Bank's prime lending rate minus 0.25 per cent", "prime-0.25"),
        ("plan", "072 1234", "0721234"),
        ("matter", "2026-0012", "2026-0012"),
        ("municipality", "VILLAGE OF LAC DÉSIRÉE", "Village of Lac Désirée"),
        ("municipality", "Municipal District of Bittern Hills", "Municipal District of Bittern Hills"),
        ("organisation", "Prairie Lantern Credit Union Ltd.", "Prairie Lantern Credit Union Ltd."),
        ("address", "1180 Larch Way, Aldergate, Alberta TOZ 4KI", "1180 Larch Way, Aldergate, Alberta T0Z 4K1"),
    ],
)  # fmt: skip
def test_other_kinds(form: str, printed: str, canonical: str) -> None:
    assert understood(form, printed) == canonical


@pytest.mark.parametrize(
    ("printed", "canonical"),
    [
        ("five (5) years", "P5Y"),
        ("5 years", "P5Y"),
        ("sixty months", "P60M"),
        ("twenty-four (24) months", "P24M"),
        ("twenty five years", "P25Y"),
        ("ninety days", "P90D"),
        ("two weeks", "P2W"),
        ("one-year", "P1Y"),
        ("the third", None),
        ("third (3rd) anniversary", "P3Y"),
        ("0 years", None),
        ("1,000 days", None),
    ],
)
def test_lengths_of_time(printed: str, canonical: str | None) -> None:
    assert understood("duration", printed) == canonical


@pytest.mark.parametrize(
    ("start", "length", "end"),
    [
        ("2020-02-29", "P1Y", "2021-02-28"),
        ("2020-11-30", "P3M", "2021-02-28"),
        ("2019-01-31", "P60M", "2024-01-31"),
        ("2019-12-31", "P2W", "2020-01-14"),
        ("2019-12-31", "P90D", "2020-03-30"),
        ("9000-01-01", "P999Y", "9999-01-01"),
        ("9001-01-01", "P999Y", None),
        ("9999-12-01", "P999D", None),
    ],
)
def test_a_date_that_lies_a_length_of_time_after_another(start: str, length: str, end: str | None) -> None:
    assert values.later(start, length) == end


@given(st.dates(), st.integers(1, 999), st.sampled_from("YMWD"))
def test_what_lies_a_length_of_time_after_a_date_is_later_than_it(start: date, count: int, unit: str) -> None:
    end = values.later(start.isoformat(), f"P{count}{unit}")
    assert end is None or end > start.isoformat()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Marguerite Oakley and Tomas B. Oakley, of Aldergate", ["Marguerite Oakley", "Tomas B. Oakley"]),
        ("RENÉE O'ROURKE AND JOSUÉ TREMBLAY-ROUX OF: 12", ["RENÉE O'ROURKE", "JOSUÉ TREMBLAY-ROUX"]),
        ("Willem van der Meer & Aurèle St-Onge", ["Willem van der Meer", "Aurèle St-Onge"]),
        ("Northern Beacon Bank", []),
        ("The Seller and The Buyer", []),
    ],
)
def test_people(text: str, names: list[str]) -> None:
    assert [text[start:end] for start, end in values.people(text)] == names


@pytest.mark.parametrize(
    "unit",
    [
        "Aa ",
        "A. ",
        "1 ",
        "12 345 ",
        "Plan 1 ",
        "Town of A ",
        "a.",
        "A-",
        "1,",
        "Lot Block ",
        "Jan 1 ",
        "Aa and ",
        "six ",
        "NE 1-1-",
        "LSD ",
    ],
)
def test_no_text_keeps_a_pattern_busy(unit: str) -> None:
    text = unit * (60_000 // len(unit))
    started = time.process_time()
    for pattern in (*(form.pattern for form in FORMS.values()), re.compile(values.IN_WORDS, re.IGNORECASE)):
        for _ in re.finditer(pattern, text):
            pass
    assert time.process_time() - started < 6, "some pattern takes more than linear time"
