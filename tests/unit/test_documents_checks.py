"""Values checked against one another: what agrees is believed more, what does not is believed less."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.documents.catalogue import CheckRules, FieldRule, Kind, catalogue
from muniment.documents.checks import LOWERING, RAISING, checked, weighed
from muniment.documents.fields import find
from muniment.documents.found import Found
from muniment.documents.model import Document, Field
from muniment.documents.reading import understood
from tests.unit.test_documents_classify import page

EMPTY = page("nothing")
STATEMENT = catalogue().types["statement_of_adjustments"]


def value(name: str, kind: Kind, normalised: str | None, score: float = 0.9) -> Found:
    return Found(FieldRule(name, kind), 1, (0,), normalised or "?", normalised, score)


def told(rules: CheckRules, *found: Found) -> dict[str, tuple[str, ...]]:
    """The codes of the fields that a check told something of."""
    return {one.rule.name: one.checks for one in checked([EMPTY], found, rules) if one.checks}


def statement(**amounts: str) -> tuple[Found, ...]:
    return tuple(value(name, "money", amount) for name, amount in amounts.items())


SUM = CheckRules(sums={"balance_due": ("purchase_price", "-deposit", "±tax_adjustment")})


@pytest.mark.parametrize(
    ("balance", "code"),
    [
        ("490795.85", "adds_up"),  # the seller owes the tax
        ("493204.15", "adds_up"),  # the buyer does
        ("490795.84", "adds_up"),  # a cent of rounding
        ("490795.83", "does_not_add_up"),
        ("532000.00", "does_not_add_up"),
    ],
)
def test_a_balance_is_the_price_less_the_deposit_and_the_adjustment(balance: str, code: str) -> None:
    found = statement(purchase_price="512000.00", deposit="20000.00", tax_adjustment="1204.15", balance_due=balance)
    assert told(SUM, *found) == dict.fromkeys(("purchase_price", "deposit", "tax_adjustment", "balance_due"), (code,))


def test_what_was_not_found_or_not_understood_is_not_added_up() -> None:
    assert told(SUM, *statement(purchase_price="512000.00", deposit="20000.00", balance_due="1.00")) == {}
    unread = (
        *statement(purchase_price="5.00", deposit="2.00", balance_due="1.00"),
        value("tax_adjustment", "money", None),
    )
    assert told(SUM, *unread) == {"tax_adjustment": ("unreadable",)}


@given(st.lists(st.decimals(Decimal("0.01"), Decimal(10**8), places=2), min_size=3, max_size=3))
def test_what_a_rule_makes_of_its_terms_always_adds_up(terms: list[Decimal]) -> None:
    price, deposit, tax = terms
    found = statement(
        purchase_price=str(price), deposit=str(deposit), tax_adjustment=str(tax), balance_due=str(price - deposit + tax)
    )
    assert set(told(SUM, *found).values()) == {("adds_up",)}


@pytest.mark.parametrize(
    ("dates", "wrong"),
    [
        (("2026-03-01", "2026-04-01", "2026-05-01"), set()),
        (("2026-03-01", "2026-03-01", "2026-03-01"), set()),
        (("2026-03-01", "2026-02-01", "2026-05-01"), {"signed", "closed"}),
        (("2026-03-01", None, "2026-02-01"), {"signed", "moved_in"}),
        (("2026-03-01", None, None), set()),
    ],
)
def test_dates_that_fall_are_out_of_order(dates: tuple[str | None, ...], wrong: set[str]) -> None:
    names = ("signed", "closed", "moved_in")
    found = [value(name, "date", day) for name, day in zip(names, dates, strict=True) if day]
    assert told(CheckRules(orders=(names,)), *found) == dict.fromkeys(wrong, ("out_of_order",))


def test_amounts_are_ordered_by_their_size_and_not_by_their_letters() -> None:
    rules = CheckRules(orders=(("deposit", "purchase_price"),))
    assert told(rules, *statement(deposit="90000.00", purchase_price="500000.00")) == {}
    assert set(told(rules, *statement(deposit="500000.00", purchase_price="90000.00"))) == {"deposit", "purchase_price"}


@pytest.mark.parametrize(
    ("rate", "codes"),
    [("4.35", ()), ("0", ()), ("30", ()), ("43.5", ("out_of_range",)), ("prime+0.5", ()), ("prime-0.25", ())],
)
def test_a_rate_beyond_reason_is_said_to_be(rate: str, codes: tuple[str, ...]) -> None:
    [one] = checked([EMPTY], [value("interest_rate", "percent", rate)], catalogue().types["mortgage"].checks)
    assert one.checks == codes


def test_a_value_without_canonical_form_is_unreadable_where_its_kind_has_one() -> None:
    assert told(CheckRules(), value("linc", "linc", None), value("addressee", "organisation", None)) == {
        "linc": ("unreadable",)
    }


def test_a_linc_with_too_few_digits_is_kept_and_hardly_believed() -> None:
    sheet = page("LAND TITLE CERTIFICATE", "LINC: 0012 345 67", "Title number: 161 234 567")
    found = find([sheet], catalogue().fields("certificate_of_title"))
    by_name = {one.rule.name: one for one in checked([sheet], found, CheckRules())}
    linc = by_name["linc"]
    assert (linc.value, linc.normalised, linc.checks) == ("0012 345 67", None, ("unreadable",))
    assert weighed(linc.score, linc.checks) < 0.3 < 0.9 < by_name["title_number"].score


def test_letters_of_a_scan_that_are_misread_digits_are_put_right() -> None:
    sheet = page("LAND TITLE CERTIFICATE", "LINC: OO12 345 67B", "Title number: l61 234 S67 +1")
    found = {one.rule.name: one for one in find([sheet], catalogue().fields("certificate_of_title"))}
    assert found["linc"].normalised == "0012345678"
    assert found["title_number"].normalised == "161 234 567 +1"
    assert max(found["linc"].score, found["title_number"].score) <= 0.8


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("The price is Four Hundred Thousand Dollars ($400,000.00) in all", "words_agree"),
        ("The price is $400,000.00 (four hundred thousand dollars) in all", "words_agree"),
        ("The price is FOUR HUNDRED THOUSAND AND 00/100 DOLLARS ($400,000.00)", "words_agree"),
        ("The price is forty thousand dollars ($400,000.00)", "words_disagree"),
        ("The price is $400,000.00 and the deposit is ten thousand dollars", None),
        ("Price: $400,000.00", None),
    ],
)
def test_words_and_figures_are_compared(text: str, code: str | None) -> None:
    sheet = page(text)
    found = find([sheet], [FieldRule("price", "money", prose=("<money>",))])
    [one] = checked([sheet], found, CheckRules())
    assert one.normalised == "400000.00"
    assert one.checks == ((code,) if code else ())


def certificate(*lines: str) -> Found:
    sheet = page("LAND TITLE CERTIFICATE", *lines)
    found = find([sheet], [rule for rule in catalogue().fields("certificate_of_title") if rule.name == "linc"])
    [one] = checked([sheet], found, CheckRules())
    return one


def test_a_value_that_is_said_again_is_believed_more_and_one_that_is_gainsaid_less() -> None:
    once = certificate("LINC: 0012 345 678", "for the parcel")
    again = certificate("LINC: 0012 345 678", "for the parcel", "LINC 0012345678")
    gainsaid = certificate("LINC: 0012 345 678", "for the parcel", "LINC: 0099 888 777")
    assert (once.checks, again.checks, gainsaid.checks) == ((), ("repeated",), ("contradicted",))
    assert {one.normalised for one in (once, again, gainsaid)} == {"0012345678"}


def test_a_good_sign_halves_the_doubt_and_a_bad_one_takes_three_tenths_of_the_trust() -> None:
    assert weighed(0.8, ()) == 0.8
    assert [weighed(0.8, (code,)) for code in RAISING] == [0.9] * len(RAISING)
    assert [weighed(0.8, (code,)) for code in LOWERING] == [0.56] * len(LOWERING)
    assert weighed(0.8, ("adds_up", "repeated")) == 0.95


def test_one_place_that_two_rules_of_reading_lead_to_is_no_repetition() -> None:
    one = value("linc", "linc", "0012345678")
    assert told(CheckRules(), replace(one, rivals=(one,))) == {}
    assert told(CheckRules(), replace(one, rivals=(replace(one, page=2),))) == {"linc": ("repeated",)}


def test_a_weaker_label_contradicts_nothing() -> None:
    """A form's `Title:` may well be the name of a book; its title number is no less right for that."""
    sheet = page("Title number: 161 234 567", "Title: 071 000 111")
    [rule] = [rule for rule in catalogue().fields("certificate_of_title") if rule.name == "title_number"]
    [one] = checked([sheet], find([sheet], [rule]), CheckRules())
    assert (one.normalised, one.checks) == ("161 234 567", ())


def test_what_was_read_bears_its_checks_the_confidence_that_follows_and_what_is_missing() -> None:
    def read(balance: str) -> tuple[Document, Field]:
        lines = (
            "Purchase price $512,000.00",
            "Deposit $20,000.00",
            "Tax adjustment $1,204.15",
            f"Balance due {balance}",
        )
        document = understood([page("STATEMENT OF ADJUSTMENTS", "credits as at the adjustment date", *lines)])
        return document, next(one for one in document.fields if one.name == "balance_due")

    document, right = read("US$490,795.85")
    assert (document.document_type, document.missing) == ("statement_of_adjustments", ("adjustment_date",))
    _, wrong = read("$940,795.85")
    assert (right.checks, right.currency) == (("adds_up",), "USD")
    assert (wrong.checks, wrong.currency) == (("does_not_add_up",), "CAD")
    assert right.confidence > 0.9 > 0.7 > wrong.confidence


@given(st.floats(0, 1), st.lists(st.sampled_from((*RAISING, *LOWERING)), max_size=9))
def test_confidence_stays_within_its_bounds_and_moves_as_its_signs_say(confidence: float, codes: list[str]) -> None:
    after, rounding = weighed(confidence, codes), 0.0001
    assert 0 <= after <= 1
    if set(codes) <= set(RAISING):
        assert after >= confidence - rounding
    if set(codes) <= set(LOWERING):
        assert after <= confidence + rounding


@given(st.lists(st.none() | st.decimals(0, 10**6, places=2).map(str), min_size=4, max_size=4))
def test_a_check_alters_no_value_and_leaves_only_known_codes(amounts: list[str | None]) -> None:
    names = ("purchase_price", "deposit", "tax_adjustment", "balance_due")
    found = [value(name, "money", amount) for name, amount in zip(names, amounts, strict=True)]
    result = checked([EMPTY], found, STATEMENT.checks)
    assert [replace(one, checks=()) for one in result] == found
    assert {code for one in result for code in one.checks} <= {*RAISING, *LOWERING}
