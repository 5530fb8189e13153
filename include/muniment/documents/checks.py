"""Values checked against one another: what one document says twice, adds up or puts in order is more, or less, likely
to have been read right.

Which fields owe one another what is declared in the catalogue (`CheckRules`). A check leaves its code, by which the
confidence is `weighed`; it never alters a value, and where something that it needs was not found it says nothing.
Whether one value is well formed is `values`' to say; comparing documents with one another, and with records, is the
warehouse's.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise, product

from muniment.documents.catalogue import CheckRules
from muniment.documents.found import Found
from muniment.documents.layout import Sheet
from muniment.documents.values import IN_WORDS, in_words

RAISING = ("adds_up", "words_agree", "repeated")
LOWERING = ("does_not_add_up", "words_disagree", "contradicted", "out_of_order", "out_of_range", "unreadable")

_LEFT_OF_DOUBT = 0.5  # the share of doubt that a good sign leaves
_LEFT_OF_TRUST = 0.7  # the share of confidence that a bad sign leaves
_CENT = Decimal("0.01")
_NEAR = 240  # characters beside a sum in which it may be written out
_FREE_FORM = ("text", "person", "organisation", "address")  # kinds that may rightly be printed in several ways
_WORDS_BEFORE = re.compile(IN_WORDS + r"[\s,(]{0,4}\Z", re.IGNORECASE)
_WORDS_AFTER = re.compile(r"[\s,)(]{0,4}" + IN_WORDS, re.IGNORECASE)

Sign = tuple[str, str]
"""The name of a field and a code."""


def checked(sheets: Sequence[Sheet], found: Sequence[Found], rules: CheckRules) -> list[Found]:
    """The values in the same order with the codes of their checks."""
    values = {one.rule.name: one for one in found if one.normalised is not None}
    common = {*_sums(values, rules), *_orders(values, rules), *_ranges(values, rules)}
    by_number = {sheet.number: sheet for sheet in sheets}
    result = []
    for one in found:
        signs = {code for name, code in common if name == one.rule.name} | set(_own(one, by_number[one.page]))
        result.append(replace(one, checks=tuple(sorted(signs))))
    return result


def weighed(confidence: float, codes: Iterable[str]) -> float:
    """The confidence in a value, 0 to 1, after checks with these codes."""
    for code in codes:
        confidence = 1 - (1 - confidence) * _LEFT_OF_DOUBT if code in RAISING else confidence * _LEFT_OF_TRUST
    return round(confidence, 4)


# -- what values of a document owe one another


def _sums(values: Mapping[str, Found], rules: CheckRules) -> Iterator[Sign]:
    for total, terms in rules.sums.items():
        names = (total, *(term.lstrip("-±") for term in terms))
        if not all(name in values for name in names):
            continue
        given, *parts = (_number(values[name]) for name in names)
        signs = product(*({"-": (-1,), "±": (1, -1)}.get(term[0], (1,)) for term in terms))
        sums = (sum(sign * part for sign, part in zip(taken, parts, strict=True)) for taken in signs)
        fits = any(abs(one - given) <= _CENT for one in sums)
        yield from ((name, "adds_up" if fits else "does_not_add_up") for name in names)


def _orders(values: Mapping[str, Found], rules: CheckRules) -> Iterator[Sign]:
    """Neighbours that fall; those in between that were not found are passed over."""
    for order in rules.orders:
        for earlier, later in pairwise(name for name in order if name in values):
            if _rank(values[earlier]) > _rank(values[later]):
                yield from ((earlier, "out_of_order"), (later, "out_of_order"))


def _ranges(values: Mapping[str, Found], rules: CheckRules) -> Iterator[Sign]:
    for name, (least, most) in rules.ranges.items():
        if name in values and not least <= abs(_number(values[name])) <= most:
            yield name, "out_of_range"


def _rank(one: Found) -> tuple[Decimal, str]:
    """What orders values: money by amount, dates in ISO form by their letters."""
    return (_number(one), "") if one.rule.kind == "money" else (Decimal(0), one.normalised or "")


def _number(one: Found) -> Decimal:
    return Decimal((one.normalised or "").removeprefix("prime"))


# -- what a value says of itself


def _own(one: Found, sheet: Sheet) -> Iterator[str]:
    if one.normalised is None:
        yield from () if one.rule.kind in _FREE_FORM else ("unreadable",)
        return
    elsewhere = [other for other in one.rivals if (other.page, other.positions) != (one.page, one.positions)]
    if any(_alike(one, other) for other in elsewhere):
        yield "repeated"
    equals = (other for other in elsewhere if other.normalised is not None and other.score >= one.score)
    if one.rule.kind not in _FREE_FORM and any(not _alike(one, other) for other in equals):
        yield "contradicted"
    if one.rule.kind == "money" and (said := _said(one, sheet)):
        yield "words_agree" if said == one.normalised else "words_disagree"


def _alike(one: Found, other: Found) -> bool:
    return one.normalised is not None and (other.normalised or "").casefold() == one.normalised.casefold()


def _said(one: Found, sheet: Sheet) -> str | None:
    """What the words beside a sum make of it, as in `Four Hundred Thousand Dollars ($400,000)`."""
    spans = sheet.spans(one.positions)
    if not spans:
        return None
    text, start, end = sheet.text, spans[0].start, spans[-1].end
    value = text.find(one.value, start, end)
    if value >= 0:  # words of the page may begin with a bracket
        start, end = value, value + len(one.value)
    before = _WORDS_BEFORE.search(text, max(0, start - _NEAR), start)
    words = before or _WORDS_AFTER.match(text, end, end + _NEAR)
    return in_words(words) if words else None
