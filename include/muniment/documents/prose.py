"""Values within sentences: the wordings of the catalogue, also where a sentence runs over a page break. Values at the
labels of forms belong to `labels`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise

from muniment.documents.catalogue import FieldRule, spaced
from muniment.documents.found import Found, found_at, found_in
from muniment.documents.layout import Sheet, Span
from muniment.documents.running import bodies
from muniment.documents.values import FORMS, WRITTEN_OUT
from muniment.documents.wording import Wording

_FAR = 5  # pages from which on all count as far from the opening
_AROUND = 1_000  # characters before and after a page break that are read together
_BROKEN = 0.95  # what a wording counts that runs over a page break
_IMPERSONAL = frozenset(
    ("date", "money", "percent", "integer", "linc", "title_number", "registration", "legal", "plan", "jurisdiction")
)
_LAST_RESORT = 0.7  # what any wording counts that finds a value
_NAMES = frozenset(("person", "organisation"))
_OTHER_SIZE = {"text": 0.15, "layer": 0.4, "ocr": 0.4, "none": 0.15}
"""The share of a line's height by which a heading is higher or lower; boxes of OCR depend on the letters."""
_SENTENCE = re.compile(r"\[\^[^\]]*\.[^\]]*\](?=[{)])")  # a class of what does not end a sentence
_ABBREVIATED = "|".join(
    rf"(?<={word})\."
    for word in ("no", "sept", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
)
_REACH = 240  # characters before a wording in which the value before it begins


@dataclass(frozen=True)
class _Expression:
    """A template of a rule, compiled. Where the value comes first, what follows it is searched for and the value read
    backwards from there, since names, sums and dates begin almost anywhere."""

    after: Wording
    before: re.Pattern[str] | None = None

    def matches(self, text: str) -> Iterator[Span]:
        """Where values stand in the text."""
        if self.before is None:
            yield from (Span(*match.span("value")) for match in self.after.finditer(text))
            return
        match = self.after.search(text)
        while match:
            value = self.before.search(text, max(0, match.start() - _REACH), match.start())
            if value:
                yield Span(*value.span())
            # What follows may begin again within itself: "agent of the seller. Jane Doe (the Buyer)".
            match = self.after.search(text, match.end() if value else match.start() + 1)


def in_prose(sheets: Sequence[Sheet], rule: FieldRule, since: str = "") -> list[Found]:
    """The likeliest value that expressions find: the first on the first page that the first fitting one finds, after a
    date if one is given. Nothing where none fits."""
    found: list[Found] = []
    others = {sheet.number: _of_others(sheet.text, rule) for sheet in sheets} if rule.unlike else {}
    for rank, expression in enumerate(_prose(rule)):
        certain = _LAST_RESORT if _is_bare(rule.prose[rank]) else _certain(rank)
        for order, sheet in enumerate(sheets):
            score = 0.92 - 0.06 * rank - 0.05 * min(order, _FAR) if rule.opening else certain
            spans = (
                _below_heading(sheet, span, rule)
                for span in expression.matches(sheet.text)
                if span.end not in others.get(sheet.number, ())
            )
            values = (found_in(sheet, span, rule, score) for span in spans)
            first = next((one for one in values if one.is_after(since)), None)
            if first and not rule.opening:
                return [first]
            if first:
                found.append(first)
                break
    return [max(found, key=lambda one: one.score)] if found else []


def _certain(rank: int) -> float:
    """How sure a wording is: those after the first count less, down to what the last resorts count."""
    return max(0.92 - 0.06 * rank, _LAST_RESORT)


def _is_bare(template: str) -> bool:
    """Whether a wording says next to nothing, as "on <date>"."""
    return len(re.findall(r"(?<!\\)[a-z]", re.sub(r"<[a-z_]+>", "", template))) <= 2


def _below_heading(sheet: Sheet, span: Span, rule: FieldRule) -> Span:
    """A name without the heading above it, which may end as names do: one in capitals over mixed letters, or in
    letters of another size."""
    above, line_break, below = sheet.text[slice(*span)].rpartition("\n")
    if not line_break or rule.kind not in _NAMES or not FORMS[rule.shape].pattern.fullmatch(below):
        return span
    own = Span(span.end - len(below), span.end)
    upper, lower = (_height(sheet, one) for one in (Span(span.start, span.start + len(above)), own))
    is_heading = (above.isupper() and not below.isupper()) or abs(upper - lower) > _OTHER_SIZE[sheet.source] * lower
    return own if is_heading else span


def _height(sheet: Sheet, span: Span) -> float:
    """The height of the tallest word, in points."""
    return max((sheet.words[position].height for position in sheet.positions(span)), default=0.0)


@dataclass(frozen=True)
class PageBreak:
    """The end of the body of one page and the beginning of that of the next."""

    above: Sheet
    below: Sheet
    end: Span
    beginning: Span

    @cached_property
    def text(self) -> str:
        """What is read on over the break."""
        return f"{self.above.text[slice(*self.end)]}\n{self.below.text[slice(*self.beginning)]}"

    def found(self, span: Span, rule: FieldRule, score: float) -> Found | None:
        """A value of `text` on the page on which it begins. One that runs over the break itself is taken only where it
        is not personal: what masks personal data looks at one page at a time."""
        length = self.end.end - self.end.start
        sheet, shift = (
            (self.above, self.end.start) if span.start < length else (self.below, self.beginning.start - length - 1)
        )
        runs_over = span.start < length < span.end
        if runs_over and rule.shape not in _IMPERSONAL:
            return None
        own = Span(span.start + shift, self.end.end if runs_over else span.end + shift)
        return found_at(sheet, tuple(sheet.positions(own)), self.text[slice(*span)], rule, score)


def page_breaks(sheets: Sequence[Sheet]) -> list[PageBreak]:
    """The breaks between pages that both have a body."""
    breaks = []
    for (above, upper), (below, lower) in pairwise(zip(sheets, bodies(sheets), strict=True)):
        if upper and lower:
            (start, end), (first, last) = upper[-1], lower[0]
            end_of, beginning = Span(max(start, end - _AROUND), end), Span(first, min(last, first + _AROUND))
            breaks.append(PageBreak(above, below, end_of, beginning))
    return breaks


def over_page_breaks(breaks: Sequence[PageBreak], rule: FieldRule) -> list[Found]:
    """The first value that the first fitting expression finds where a sentence runs over a page break."""
    for rank, expression in enumerate(_prose(rule)):
        for one in breaks:
            others = _of_others(one.text, rule)
            for span in expression.matches(one.text):
                if span.end not in others and (found := one.found(span, rule, _BROKEN * _certain(rank))):
                    return [found]
    return []


def all_in_prose(sheet: Sheet, rule: FieldRule) -> Iterator[Found]:
    """Every value of a page that any of the rule's expressions finds."""
    for expression in _prose(rule):
        for span in expression.matches(sheet.text):
            yield found_in(sheet, span, rule, 0.85)


# -- expressions


def _of_others(text: str, rule: FieldRule) -> frozenset[int]:
    """Where values end that are those of something else, as the words beside them say."""
    return frozenset(span.end for expression in _unlike(rule) for span in expression.matches(text))


@lru_cache(maxsize=512)
def _unlike(rule: FieldRule) -> tuple[_Expression, ...]:
    return tuple(_expression(template, rule.shape) for template in rule.unlike)


@lru_cache(maxsize=512)
def _prose(rule: FieldRule) -> tuple[_Expression, ...]:
    return tuple(_expression(template, rule.shape) for template in rule.prose)


def _expression(template: str, shape: str) -> _Expression:
    """The expression for a template of the catalogue; the placeholder of the rule's own form is the value."""
    lead = f"<{shape}>"
    if template.startswith(lead) and template != lead:
        pattern = FORMS[shape].pattern
        rest = _compiled(template.removeprefix(lead), shape)
        return _Expression(rest, re.compile(rf"(?<![\w-])(?:{pattern.pattern})\Z", pattern.flags))
    return _Expression(_compiled(template, shape))


def _going_on(found: re.Match[str]) -> str:
    """The class, or the point of an abbreviation: it ends no sentence."""
    return f"(?:{found[0]}|{_ABBREVIATED})"


def _compiled(template: str, shape: str) -> Wording:
    out = []
    for order, part in enumerate(re.split(r"<([a-z_]+)>", template)):
        if order % 2 == 0:
            out.append(f"(?i:{spaced(_SENTENCE.sub(_going_on, part))})" if part else "")
            continue
        pattern = FORMS[part].pattern
        inner = f"(?i:{pattern.pattern})" if pattern.flags & re.IGNORECASE else f"(?:{pattern.pattern})"
        lead = f"(?:(?i:{WRITTEN_OUT}))?" if part == "money" and out else ""
        out.append(f"{lead}(?P<value>{inner})" if part == shape else lead + inner)
    return Wording(*out, flags=re.DOTALL)
