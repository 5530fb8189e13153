"""Telling what type a document is from its headings and wording. The types themselves are declared in `rules`."""

import re
from collections.abc import Sequence
from functools import lru_cache

from muniment.documents.layout import Sheet
from muniment.documents.rules import TYPES, TypeRule

OTHER = "other"
_THRESHOLD = 0.6
_FIRST_PAGES = 2
_TOP = 12  # lines in which a document says what it is
_ELSEWHERE = 0.45  # what a title counts below them
_LEADING = r"(?:\d{1,2}[.)]?\s+|schedule\s+[a-z]\W+|form\s+\w{1,4}\W+)?"


def classify(sheets: Sequence[Sheet]) -> tuple[str, float]:
    """The type of a document and the confidence in it, 0 to 1; `other` where no type is likely enough.

    A type needs a title or a telling phrase; its cues then confirm or weaken it.
    """
    first = [sheet for sheet in sheets if sheet.words][:_FIRST_PAGES]
    if not first:
        return OTHER, 0.0
    scores = sorted(((_score(rule, first), rule.name) for rule in TYPES), reverse=True)
    best, name = scores[0]
    if best < _THRESHOLD:
        return OTHER, round(1 - max(best, 0.0), 4)
    return name, round(best, 4)


def _score(rule: TypeRule, sheets: Sequence[Sheet]) -> float:
    said = max(
        (_title(rule, sheet) * (1 if order == 0 else _ELSEWHERE) for order, sheet in enumerate(sheets)), default=0.0
    )
    text = "\n".join(sheet.text for sheet in sheets)
    said += sum(weight for pattern, weight in rule.phrases if _compiled(pattern).search(text))
    if not said:
        return 0.0
    confirmed = sum(bool(_compiled(cue).search(text)) for cue in rule.cues) / len(rule.cues)
    contrary = sum(bool(_compiled(sign).search(text)) for sign in rule.against)
    return min(1.0, 0.55 * min(1.0, said) + 0.45 * confirmed + 0.05 - 0.15 * contrary)


def _title(rule: TypeRule, sheet: Sheet) -> float:
    """The weight of the best title among the lines of a page, where a title may run over two."""
    best = 0.0
    cells = sheet.cells
    for order, cell in enumerate(cells):
        below = f"{cell.text} {cells[order + 1].text}" if order + 1 < len(cells) else cell.text
        for pattern, weight in rule.titles:
            whole = _compiled(_LEADING + pattern)
            if whole.fullmatch(cell.text) or whole.fullmatch(below):
                best = max(best, weight if cell.row < _TOP else weight * _ELSEWHERE)
    return best


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> re.Pattern[str]:
    """A pattern of `rules`: case does not count and a space stands for any white space."""
    return re.compile(spaced(pattern), re.IGNORECASE | re.DOTALL)


def spaced(pattern: str) -> str:
    """The pattern with `\\s+` for each space, or `\\s` within a character class."""
    out, inside = [], False
    for order, character in enumerate(pattern):
        escaped = order > 0 and pattern[order - 1] == "\\"
        if character == "[" and not escaped:
            inside = True
        elif character == "]" and not escaped:
            inside = False
        out.append((r"\s" if inside else r"\s+") if character == " " else character)
    return "".join(out)
