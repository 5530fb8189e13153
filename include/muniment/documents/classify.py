"""Telling what type a document is from its headings and wording, and how sure that is. The types themselves are
declared in the catalogue."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from muniment.documents.calibration import TYPES, calibrated
from muniment.documents.catalogue import OTHER, Catalogue, TypeRule, Weighted, catalogue, compiled
from muniment.documents.labels import below, right_of
from muniment.documents.layout import Cell, Sheet
from muniment.documents.likeness import likeness
from muniment.documents.wording import Wording

_THRESHOLD = 0.55  # the score of a title that two of five cues confirm
FIRST_PAGES = 2
_FIRST_OF_GENERAL = 8  # pages: an agreement may begin after its table of contents
_WORDS_SAY = 0.7  # what words count, beside a title, that are surely those of a type
_TOP = 12  # lines in which a document says what it is
_ELSEWHERE = 0.45  # what a title counts below them
_BROKEN = 80  # characters of a line at most that a title goes on from
_LEADING = r"(?:\d{1,2}[.)]?\s+|schedule\s+[a-z]\W+|form\s+\w{1,4}\W+)?"
_BESIDES = 0.9  # what a title counts that stands behind the name of a registry or a firm on its line
_PART = re.compile(r"\s[|/–—-]\s|:\s|[|–—]")
_NAMES_A_KIND = re.compile(r"(?:(?:kind|nature|type) of )?(?:document|instrument|form)(?: type)?\W*", re.IGNORECASE)
_KIND = re.compile(
    r"(?:(?:kind|nature|type) of (?:document|instrument|interest|registration|entry|form|paper)"
    r"|(?:document|instrument|interest|registration|entry|form) (?:type|kind))\W*",
    re.IGNORECASE,
)
_LEADS_ON = re.compile(r"(?::|[.…_]{3,})\Z")  # a label whose value is no title
_ENTRIES = 3  # cells on a row from which on it is one of a table, in which no title stands


class Verdict(NamedTuple):
    """The type of a document and the next likeliest, each with the probability that it is right, 0 to 1."""

    document_type: str
    confidence: float
    runner_up: str | None
    runner_up_confidence: float | None


def classify(sheets: Sequence[Sheet], known: Catalogue | None = None) -> Verdict:
    """The type of a document; `other` where no type is likely enough, and without confidence where there is no text.

    A general type stands back where a particular one is likely enough.
    """
    types = known or catalogue()
    ranked = scores(sheets, types)
    if not ranked:
        return Verdict(OTHER, 0.0, None, None)
    likely = [one for one in ranked if one[1] >= _THRESHOLD]
    particular = [one for one in likely if not types.types[one[0]].general]
    best = (particular or likely or [(OTHER, 0.0)])[0][0]
    sure = calibrated(ranked[0][1], TYPES) if best == OTHER else calibrated(dict(ranked)[best], TYPES)
    if best == OTHER:
        return _verdict(OTHER, 1 - sure, ranked[0][0], sure)
    # What is left is shared by the next type, as far as its own score carries, and by `other`.
    second, score = next((one for one in ranked if one[0] != best), (OTHER, 0.0))
    share = min(calibrated(score, TYPES), 1 - sure)
    return _verdict(best, sure, *((second, share) if score and share >= (1 - sure) / 2 else (OTHER, 1 - sure - share)))


def _verdict(document_type: str, sure: float, runner_up: str, less: float) -> Verdict:
    return Verdict(document_type, round(sure, 4), runner_up, round(less, 4))


def scores(sheets: Sequence[Sheet], known: Catalogue) -> list[tuple[str, float]]:
    """The types with how much speaks for each, 0 to 1, the likeliest first; none where there is no text."""
    written = [sheet for sheet in sheets if sheet.words]
    if not written:
        return []
    like = likeness("\n".join(sheet.text for sheet in written[:FIRST_PAGES]))
    found = {
        rule.name: _score(rule, written[: _FIRST_OF_GENERAL if rule.general else FIRST_PAGES], like.get(rule.name, 0.0))
        for rule in known.types.values()
    }
    return sorted(found.items(), key=lambda one: (-one[1], one[0]))


def _score(rule: TypeRule, sheets: Sequence[Sheet], like: float) -> float:
    """How much speaks for a type: its titles, its phrases, and how `like` its papers the words are."""
    said = max(
        (_title(rule, sheet) * (1 if order == 0 else _ELSEWHERE) for order, sheet in enumerate(sheets)), default=0.0
    )
    text = "\n".join(sheet.text for sheet in sheets)
    said += sum(weight for pattern, weight in rule.phrases if compiled(pattern).search(text))
    said += _WORDS_SAY * like if like > 0.5 else 0.0  # likelier than all else together
    if not said:
        return 0.0
    confirmed = sum(bool(compiled(cue).search(text)) for cue in rule.cues) / len(rule.cues)
    beginning = "\n".join(sheet.text for sheet in sheets[:FIRST_PAGES])
    contrary = sum(bool(compiled(sign).search(beginning)) for sign in rule.against)
    return min(1.0, 0.55 * min(1.0, said) + 0.45 * confirmed + 0.05 - 0.15 * contrary)


def _title(rule: TypeRule, sheet: Sheet) -> float:
    """The weight of the best title of a page."""
    return max((weight for _, weight in headings(rule, sheet)), default=0.0)


def headings(rule: TypeRule, sheet: Sheet) -> Iterator[tuple[tuple[Cell, ...], float]]:
    """The lines of a page that are a title of the type, with its weight; a title may run over two lines."""
    title = _any_title(rule.headings)
    cells = sheet.cells if title.may_be_in(sheet.text) else ()
    beside = Counter(cell.row for cell in cells)
    kinds = frozenset(_kinds(sheet)) if sheet.number == 1 else frozenset()
    for order, cell in enumerate(cells):
        if order not in kinds and _is_filled_in(cells, order):
            continue
        reach = (order + 1, order + 2) if len(cell.text) <= _BROKEN else (order + 1,)
        spans = [cells[order:end] for end in reach]
        said = [(lines, " ".join(line.text for line in lines), 1.0) for lines in spans]
        if cell.row < _TOP:
            said += [((cell,), part, _BESIDES) for part in _parts(cell.text)]
        titles = [(lines, words, share) for lines, words, share in said if title.pattern.fullmatch(words)]
        place = 1.0 if order in kinds or (cell.row < _TOP and beside[cell.row] < _ENTRIES) else _ELSEWHERE
        for pattern, weight in rule.headings if titles else ():
            whole = compiled(_LEADING + pattern)
            if found := next(
                ((lines, share) for lines, words, share in titles if whole.pattern.fullmatch(words)), None
            ):
                lines, share = found
                yield lines, weight * share * place


def _kinds(sheet: Sheet) -> Iterator[int]:
    """The cells that say what kind of document it is: beside or below what asks for that. In a table of several
    entries each is of some kind, the document of none of them."""
    for index, cell in enumerate(sheet.cells):
        if not _KIND.fullmatch(cell.text) or cell.row >= _TOP // 2:
            continue
        beside = right_of(sheet, index)
        if beside is not None:
            yield beside
        under = below(sheet, index)
        if under is not None and not _goes_on(sheet, under):
            yield under


def _goes_on(sheet: Sheet, index: int) -> bool:
    """Whether another entry of a column stands close below a cell."""
    cell, under = sheet.cells[index], below(sheet, index)
    return under is not None and sheet.cells[under].y0 - cell.y1 < 1.2 * cell.height


def _is_filled_in(cells: Sequence[Cell], order: int) -> bool:
    """Whether a cell stands beside a label that leads to it and does not ask for a kind of document."""
    before = cells[order - 1] if order else None
    if before is None or before.row != cells[order].row or not _LEADS_ON.search(before.text):
        return False
    asked = before.text.rstrip(" .…_:")
    return not (_NAMES_A_KIND.fullmatch(asked) or _KIND.fullmatch(asked))


def _parts(line: str) -> Iterator[str]:
    """What a line says on either side of dashes, as in "Alberta Land Titles — Transfer of Land", and behind what
    says that the kind of the document follows."""
    start = 0
    for mark in _PART.finditer(line):
        before = line[start : mark.start()].strip()
        if mark[0].startswith(":"):
            if not _NAMES_A_KIND.fullmatch(before):
                return
        elif before:
            yield before
        start = mark.end()
    if start:
        yield line[start:].strip()


@lru_cache(maxsize=64)
def _any_title(titles: tuple[Weighted, ...]) -> Wording:
    """Whatever is a title, told at once: most lines are none."""
    return compiled(_LEADING + f"(?:{'|'.join(f'(?:{pattern})' for pattern, _ in titles)})")
