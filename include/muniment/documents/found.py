"""A value that was found on a page: what it says, where it stands, how sure it is. Finding it belongs to `labels`,
`prose` and `fields`.
"""

from dataclasses import dataclass, replace

from muniment.documents.calibration import Way, confidence
from muniment.documents.catalogue import FieldRule
from muniment.documents.layout import Sheet, Span
from muniment.documents.values import FORMS

EXTRACTOR = "rules/1"


@dataclass(frozen=True)
class Found:
    """A value and where it stands: `positions` are those of its words on the sheet. `rivals` are what else was found
    for the rule, `checks` the codes of what was checked."""

    rule: FieldRule
    page: int
    positions: tuple[int, ...]
    value: str
    normalised: str | None
    score: float
    ordinal: int = 1
    rivals: tuple["Found", ...] = ()
    checks: tuple[str, ...] = ()
    way: Way = "label"
    source: str = "text"

    @property
    def confidence(self) -> float:
        """How sure the value is, 0 to 1: scores compare candidates, this is what to show."""
        return confidence(self.score, self.way, self.source)

    def is_after(self, since: str) -> bool:
        """Whether a date lies after another, where there is another: ISO dates sort as text."""
        return not since or (self.normalised is not None and self.normalised > since)


def found_at(sheet: Sheet, positions: tuple[int, ...], value: str, rule: FieldRule, score: float) -> Found:
    """The value of a rule that words of a page say; one that is not understood counts half, one whose words OCR is
    unsure of less."""
    shown = " ".join(value.split()).rstrip(" ,;:")
    normalised = FORMS[rule.shape].normalise(shown)
    certain = score * (1.0 if normalised is not None else 0.5) * sheet.certainty(positions)
    return Found(rule, sheet.number, positions, shown, normalised, round(min(certain, 1.0), 4), source=sheet.source)


def found_in(sheet: Sheet, span: Span, rule: FieldRule, score: float) -> Found:
    """The value of a rule at a span of a page's text."""
    found = found_at(sheet, tuple(sheet.positions(span)), sheet.text[span.start : span.end], rule, score)
    return replace(found, way="prose")
