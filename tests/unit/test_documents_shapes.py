"""Numbers of people: what is taken for one, with its check digits or its name, and what is not."""

import re
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muniment.contract import contracts
from muniment.documents import shapes
from muniment.documents.catalogue import catalogue
from muniment.documents.pii import CLASSES
from muniment.sample.facts import luhn_digit


def found(text: str) -> set[tuple[str, str]]:
    return {(shape.pii_class, match["value"]) for shape in shapes.SHAPES for match in shape.matches(text)}


@pytest.mark.parametrize(
    ("text", "pii_class", "value"),
    [
        ("Personal Health Number (PHN): 12345-6789", "health_number", "12345-6789"),
        ("Alberta health care no. 123456789", "health_number", "123456789"),
        ("ULI 12345 6789", "health_number", "12345 6789"),
        ("Driver's Licence No.: 123456-789", "drivers_licence", "123456-789"),
        ("Operator’s licence 1234567", "drivers_licence", "1234567"),
        ("DL# 123456-789", "drivers_licence", "123456-789"),
        ("Passport No. AB123456", "passport", "AB123456"),
        ("Transit: 01234 Institution: 002 Account: 1234567", "bank_account", "1234567"),
        ("01234-002 1234567", "bank_account", "01234-002 1234567"),
        ("Direct deposit to account number 1234567", "bank_account", "1234567"),
        ("⑈001⑈ ⑆01234⑉002⑆ 123⑉4567⑈", "bank_account", "⑈001⑈ ⑆01234⑉002⑆ 123⑉4567⑈"),
        ("A01234D002A 1234567", "bank_account", "A01234D002A 1234567"),
        (
            "Telephone of each: ida.oakley @mail.example.net",
            "email",
            "ida.oakley @mail.example.net",
        ),  # as a scan shows it
        ("ida.oakley © example.org, by return", "email", "ida.oakley © example.org"),
        ("587-555-0113 825-555-0116", "phone", "825-555-0116"),  # of two columns
        ("IBAN GB82 WEST 1234 5698 7654 32", "iban", "GB82 WEST 1234 5698 7654 32"),
        ("to de89370400440532013000 today", "iban", "de89370400440532013000"),
        ("card number 4111 1111 1111 1112", "card", "4111 1111 1111 1112"),  # named as one, so a misprint is one too
        ("paid with 3782 822463 10005", "card", "3782 822463 10005"),
        ("from 192.168.40.1 at 12:30:45", "ip_address", "192.168.40.1"),
        ("IP address: 10.1.2.3", "ip_address", "10.1.2.3"),
        ("from 2001:db8::ff00:42:8329", "ip_address", "2001:db8::ff00:42:8329"),
        ("SSN 123456789", "ssn", "123456789"),
        ("it is 536-22-8726.", "ssn", "536-22-8726"),
        ("e-mail: jane.doe @ example .com", "email", "jane.doe @ example .com"),
        ("Tel. 44 20 7946 0958", "phone", "44 20 7946 0958"),
        ("Mobile:\n0478 12 34 56", "phone", "0478 12 34 56"),
        ("please call me on 9472 7916", "phone", "9472 7916"),
        ("write to Suite 4,\n21 212 133 2727 (fax)", "phone", "21 212 133 2727"),
        ("+46 (0)8 928 571 38 or", "phone", "+46 (0)8 928 571 38"),
        ("call 403.262.1234 ext. 55", "phone", "403.262.1234 ext. 55"),
        ("Date of birth (mm/dd/yyyy): 03/12/1971", "date_of_birth", "03/12/1971"),
    ],
)
def test_a_number_of_a_person_is_found(text: str, pii_class: str, value: str) -> None:
    assert (pii_class, value) in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "LINC 0012 345 678",
        "Title number 041 234 567 +2",
        "041 234 567 +23",
        "Roll number 403-262-1234",
        "Roll 123 456 789",
        "invoice 4000-0012 3456 7899",
        "GB82 WEST 1234 5698 7654 33",  # its check digits are wrong
        "section 4.1.2.3 at 12:30:45",
        "000-12-3456",
        "666-12-3456",
        "Plan 072 1234 Block 3 Lot 12",
        "they met to call the vote on 2026-03-12",
        "it had reached 1 234 567 shares",
        "our file 2026-0012",
        "the driver's licence office",
        "in good health 12345 6789 shares",
    ],
)
def test_another_number_is_not(text: str) -> None:
    assert found(text) == set()


MISREAD = {"0": "O", "1": "I", "5": "S", "8": "B", "2": "Z"}


@settings(deadline=None)
@given(
    stem=st.text(string.digits, min_size=8, max_size=8),
    gap=st.sampled_from(["", " ", "-", "  ", ". "]),
    label=st.sampled_from(
        ["SIN: ", "S.I.N. ", "S1N ", "SlN ", "Social Insurance No. ", "SIN of Bo Li, the buyer: ", "SIN\n"]
    ),
    data=st.data(),
)
def test_a_named_sin_is_found_whole_although_a_scan_misread_it(
    stem: str, gap: str, label: str, data: st.DataObject
) -> None:
    """At most one letter for a digit in each group of three."""
    digits = stem + str(luhn_digit(stem))
    groups = [digits[:3], digits[3:6], digits[6:]]
    for order, group in enumerate(groups):
        at = data.draw(st.sampled_from([*(at for at in range(3) if group[at] in MISREAD), 3]))
        groups[order] = group[:at] + MISREAD.get(group[at], "") + group[at + 1 :] if at < 3 else group
    printed = gap.join(groups)
    assert ("sin", printed) in found(f"{label}{printed} given")


@settings(deadline=None)
@given(
    country=st.text(string.ascii_uppercase, min_size=2, max_size=2),
    account=st.text(string.digits, min_size=12, max_size=26),
)
def test_any_foreign_account_is_found_and_none_with_two_digits_exchanged(country: str, account: str) -> None:
    number = f"{country}{98 - int(account + ''.join(str(int(one, 36)) for one in country) + '00') % 97:02d}{account}"
    assert shapes.iban(number)
    assert ("iban", number) in found(f"pay into {number}.")
    swapped = number[:5] + number[6] + number[5] + number[7:]
    assert shapes.iban(swapped) == (swapped == number)


@settings(deadline=None)
@given(digits=st.text(string.digits, min_size=2, max_size=19))
def test_the_check_digit_agrees_with_its_definition(digits: str) -> None:
    assert shapes.luhn(digits) == (luhn_digit(digits[:-1]) == int(digits[-1]))


def test_a_number_that_is_never_issued_counts_less() -> None:
    scores = {
        match["value"]: shape.score
        for shape in shapes.SHAPES
        for match in shape.matches("the slip says 046-454-286 and 130-692-544")
    }
    assert scores["046-454-286"] < scores["130-692-544"]


@settings(deadline=None)
@given(
    text=st.text(string.printable + "é⑆⑈İſ", max_size=200)
    | st.lists(st.sampled_from(["phone ", "call ", "SIN ", "card ", "bank account ", "1", "23", " ", "-", "."])).map(
        "".join
    )
)
def test_looking_for_numbers_first_hides_no_match(text: str) -> None:
    for shape in shapes.SHAPES:
        for match in shape.pattern.finditer(text):
            numbered = shapes._has_number(match[0]) or (shape.check and not shape.check(text, match))
            assert not shape.numeric or numbered, shape.name


def test_every_class_is_known_by_name() -> None:
    [column] = [column for column in contracts()["pii_findings"].columns if column.name == "pii_class"]
    assert set(column.allowed) == CLASSES
    assert {rule.name for rule in catalogue().shared.personal} <= CLASSES
    assert all(re.fullmatch("[a-z_]+", name) for name in CLASSES)
    assert len({shape.name for shape in shapes.SHAPES}) == len(shapes.SHAPES)


@pytest.mark.parametrize(
    "unit",
    ["4", "4 ", "1.", "a:", "x@", "a@b.", "SIN O", "DL 1-", "call a ", "⑆1", "transit a ", "GB82 ", "(", "tel ", "+2 "],
)
def test_no_text_keeps_a_shape_busy(unit: str) -> None:
    import time

    text = unit * (60_000 // len(unit))
    for shape in shapes.SHAPES:
        started = time.process_time()
        for _ in shape.pattern.finditer(text):
            pass
        assert time.process_time() - started < 2, shape.name
