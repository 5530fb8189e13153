"""Telling what type a document is from its headings and wording. The types themselves are declared in the catalogue."""

from collections.abc import Iterator, Sequence

from muniment.documents.catalogue import OTHER, Catalogue, TypeRule, catalogue, compiled
from muniment.documents.layout import Cell, Sheet

_THRESHOLD = 0.6
_FIRST_PAGES = 2
_FIRST_OF_GENERAL = 8  # pages: an agreement may begin after its table of contents
_TOP = 12  # lines in which a document says what it is
_ELSEWHERE = 0.45  # what a title counts below them
_LEADING = r"(?:\d{1,2}[.)]?\s+|schedule\s+[a-z]\W+|form\s+\w{1,4}\W+)?"


def classify(sheets: Sequence[Sheet], known: Catalogue | None = None) -> tuple[str, float]:
    """The type of a document and the confidence in it, 0 to 1; `other` where no type is likely enough.

    A type needs a title or a telling phrase; its cues then confirm or weaken it. A general type stands back where a
    particular one is likely enough.
    """
    written = [sheet for sheet in sheets if sheet.words]
    if not written:
        return OTHER, 0.0
    types = (known or catalogue()).types.values()
    scores = [
        (not rule.general, _score(rule, written[: _FIRST_OF_GENERAL if rule.general else _FIRST_PAGES]), rule.name)
        for rule in types
    ]
    likely = [score for score in scores if score[1] >= _THRESHOLD]
    _, best, name = max(likely or scores, key=lambda score: score if likely else score[1:])
    if best < _THRESHOLD:
        return OTHER, round(1 - max(best, 0.0), 4)
    return name, round(best, 4)


def _score(rule: TypeRule, sheets: Sequence[Sheet]) -> float:
    said = max(
        (_title(rule, sheet) * (1 if order == 0 else _ELSEWHERE) for order, sheet in enumerate(sheets)), default=0.0
    )
    text = "\n".join(sheet.text for sheet in sheets)
    said += sum(weight for pattern, weight in rule.phrases if compiled(pattern).search(text))
    if not said:
        return 0.0
    confirmed = sum(bool(compiled(cue).search(text)) for cue in rule.cues) / len(rule.cues)
    beginning = "\n".join(sheet.text for sheet in sheets[:_FIRST_PAGES])
    contrary = sum(bool(compiled(sign).search(beginning)) for sign in rule.against)
    return min(1.0, 0.55 * min(1.0, said) + 0.45 * confirmed + 0.05 - 0.15 * contrary)


def _title(rule: TypeRule, sheet: Sheet) -> float:
    """The weight of the best title of a page."""
    return max((weight for _, weight in headings(rule, sheet)), default=0.0)


def headings(rule: TypeRule, sheet: Sheet) -> Iterator[tuple[tuple[Cell, ...], float]]:
    """The lines of a page that are a title of the type, with its weight; a title may run over two lines."""
    cells = sheet.cells
    for order, cell in enumerate(cells):
        for pattern, weight in rule.headings:
            whole = compiled(_LEADING + pattern)
            for lines in (cells[order : order + 1], cells[order : order + 2]):
                if whole.fullmatch(" ".join(line.text for line in lines)):
                    yield lines, weight if cell.row < _TOP else weight * _ELSEWHERE
                    break
