"""Finding the values that rules ask for: beside, below or after a label, or within prose. Rules are declared in
the catalogue, values understood in `values`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import pairwise

from muniment.documents.calibration import Way, confidence
from muniment.documents.catalogue import FieldRule, TypeRule, compiled, spaced
from muniment.documents.classify import headings
from muniment.documents.layout import Cell, Sheet, Span
from muniment.documents.parties import parties
from muniment.documents.running import bodies
from muniment.documents.values import FORMS, Form, later, people

EXTRACTOR = "rules/1"
_BEFORE = (
    r"(?:\(?\w{1,2}[.),]\s*|\d{1,2}\s+)?\(?(?:(?:less|plus|add|deduct)\s*[:-]?\s*)?"
    r"(?:(?:(?:full|legal)\s+)?names?(?:\(s\))?\s+of\s+)?(?:amount\s+of\s+)?(?:the\s+)?"
)
_QUALIFIER = re.compile(r"\s*\([^)]{0,40}\)")
_SEPARATOR = re.compile(r"\s*(?:[:=)]|(?:is|are|being|was|shall be|will be)(?=\s)|\.{2,}|…|_{2,}|[–—-](?=\s)|#)*\s*")
_LATE_SEPARATOR = re.compile(r"[^\d:=.…$]{1,30}(?:\.{2,}|…)\s*")
_ENTRY = re.compile(r"[A-ZÀ-Þ][\w .,'’/()#&-]{0,45}:(?:\s|$)")  # the beginning of another entry of a form
_UNFINISHED = re.compile(r"(?:\band|&|,|-|\b[A-Z]\.?|^\S+|\band \S+|, \S+)$", re.IGNORECASE)
_GOING_ON = re.compile(r"(?:and|&)\s", re.IGNORECASE)
_TAIL = 45  # characters of a label beyond what a rule names, as in "Balance due on closing"
_LONG_TAIL = 110  # the same where the value stands in a column to the right, as sums do
_ONE_LINE = {
    "account",
    "integer",
    "linc",
    "matter",
    "money",
    "percent",
    "plan",
    "registration",
    "roll",
    "sin",
    "title_number",
}  # forms whose values do not run over lines
_TITLED = 4  # pages on which a title is looked for
_VARIETY = 0.9  # what a variety counts that a title names
_AKIN = 0.85  # what a label counts that is only akin to those known
_WIDEST = 60  # characters of such a label
_LINKS = {"the", "and", "for", "per", "with", "this", "that", "your", "our", "amount", "total"}
_TOLD_BY_FORM = {"money", "percent", "integer", "linc", "title_number", "legal", "date", "text", "address"}
_PARTY = 0.9  # what a party with a role counts
_WITHOUT_ROLE = 0.63  # what one without a role counts
_OTHERWISE = 0.7  # what the value of another field counts
_COMPUTED = 0.8  # what a date counts that a duration leads to
_LONGEST = 6  # lines of a value
_FAR = 5  # pages from which on all count as far from the opening
_AROUND = 1_000  # characters before and after a page break that are read together
_BROKEN = 0.95  # what a wording counts that runs over a page break
_IMPERSONAL = frozenset(
    ("date", "money", "percent", "integer", "linc", "title_number", "registration", "legal", "plan", "jurisdiction")
)
_REACH = 240  # characters before a wording in which the value before it begins


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


@dataclass(frozen=True)
class _Passage:
    """Words that are read together as `text`, with single spaces, from `start` on."""

    sheet: Sheet
    positions: tuple[int, ...]
    start: int = 0

    @cached_property
    def whole(self) -> str:
        return " ".join(self.sheet.words[position].text for position in self.positions)

    @property
    def text(self) -> str:
        return self.whole[self.start :]

    def covered(self, start: int, end: int) -> tuple[int, ...]:
        """Positions of the words that characters `[start, end)` of `text` touch."""
        covered, offset = [], -self.start
        for position in self.positions:
            length = len(self.sheet.words[position].text)
            if offset < end and offset + length > start:
                covered.append(position)
            offset += length + 1
        return tuple(covered)


def find(sheets: Sequence[Sheet], rules: Sequence[FieldRule]) -> list[Found]:
    """The best value for each rule that has one; labels outrank prose, earlier pages later ones."""
    labelled = [found for sheet in sheets for found in at_labels(sheet, rules)]
    breaks = page_breaks(sheets)
    best: list[Found] = []
    for rule in rules:
        if rule.finder == "parties":
            best += _parties(sheets, rule)
            continue
        since = _since(best, rules, rule)
        own = [found for found in labelled if found.rule is rule] or list(at_inner_labels(sheets, rule))
        own = own or [found for sheet in sheets for found in at_akin_labels(sheet, rule, rules)]
        own = [found for found in own if _is_after(found, since)]
        if not own or max(found.score for found in own) < 0.85:
            own += in_prose(sheets, rule, since)
        own = own or [found for found in over_page_breaks(breaks, rule) if _is_after(found, since)]
        if own:
            best.append(_best(own))
    best += _otherwise(best, rules)
    return best + list(_computed(best, rules))


def _since(best: Sequence[Found], rules: Sequence[FieldRule], rule: FieldRule) -> str:
    """The ISO date after which a rule's must lie: that of the field it names or of one that speaks for it; or none."""
    names = [rule.after, *(other.otherwise for other in rules if other.name == rule.after)]
    dates = {found.rule.name: found.normalised for found in best if found.rule.name in names}
    return next((date for name in names if (date := dates.get(name))), "")


def _is_after(found: Found, since: str) -> bool:
    """Whether a date lies after another, where there is another: ISO dates sort as text."""
    return not since or (found.normalised is not None and found.normalised > since)


def _best(own: Sequence[Found]) -> Found:
    """The likeliest of the values for a rule; the others are its rivals."""
    best = max(own, key=lambda found: (found.normalised is not None, found.score, -found.page))
    return replace(best, rivals=tuple(found for found in own if found is not best))


def variety(sheets: Sequence[Sheet], document_type: TypeRule | None) -> Iterator[Found]:
    """Which variety of its type a document is, as its title says or else the wording that speaks for the type."""
    if not document_type or not document_type.varieties:
        return
    kind = FieldRule(f"{document_type.name}_kind", "text")
    for sheet, positions, title in _titles(sheets, document_type):
        for name, expression in document_type.varieties.items():
            if compiled(expression).search(title):
                yield Found(kind, sheet.number, positions, title, name, _VARIETY, way="prose", source=sheet.source)
                return


def _titles(sheets: Sequence[Sheet], document_type: TypeRule) -> Iterator[tuple[Sheet, tuple[int, ...], str]]:
    """Lines and wordings of the first pages that say what a document is, the likeliest first."""
    for sheet in sheets[:_TITLED]:
        for lines, _ in sorted(headings(document_type, sheet), key=lambda found: -found[1]):
            positions = tuple(position for line in lines for position in line.positions)
            yield sheet, positions, " ".join(line.text for line in lines)
    for sheet in sheets[:_TITLED]:
        for pattern, _ in document_type.phrases:
            if match := compiled(pattern).search(sheet.text):
                span = Span(*match.span())
                yield sheet, tuple(sheet.positions(span)), " ".join(match[0].split())


def _parties(sheets: Sequence[Sheet], rule: FieldRule) -> Iterator[Found]:
    """The parties of an agreement and, under the same ordinal, what it calls them. Who is not clearly an organisation
    is a person, of whatever shape the name: so that it is masked."""
    called = replace(rule, name=f"{rule.name}_role", kind="text", finder="")
    ordinal = 1
    for party in parties(sheets):
        person = not party.is_organisation
        for one, of in ((party.name, replace(rule, kind="person") if person else rule), (party.role, called)):
            if one:
                certain = _PARTY if party.role else _WITHOUT_ROLE
                found = _found(one.sheet, one.positions, one.text, of, FORMS[of.shape], certain)
                yield replace(found, ordinal=ordinal, way="party")
        ordinal += max(1, len(people(party.name.text))) if person else 1  # each person of a name gets one


def _otherwise(best: Sequence[Found], rules: Sequence[FieldRule]) -> Iterator[Found]:
    """Values of other fields that speak for those which have none."""
    by_name = {found.rule.name: found for found in best}
    for rule in rules:
        if rule.name not in by_name and rule.otherwise in by_name:
            other = by_name[rule.otherwise]
            yield replace(other, rule=rule, score=round(_OTHERWISE * other.score, 4), way="derived")


def _computed(best: Sequence[Found], rules: Sequence[FieldRule]) -> Iterator[Found]:
    """Dates that nothing prints but a duration leads to; they stand where the duration does."""
    by_name = {found.rule.name: found for found in best}
    for rule in rules:
        start, length = by_name.get(rule.after), by_name.get(rule.adding)
        if rule.name in by_name or not (start and start.normalised and length and length.normalised):
            continue
        if day := later(start.normalised, length.normalised):
            score = round(_COMPUTED * length.score * start.score, 4)
            yield replace(length, rule=rule, normalised=day, score=score, way="derived", rivals=())


# -- values at labels


def at_labels(sheet: Sheet, rules: Sequence[FieldRule]) -> Iterator[Found]:
    """Every value of a page that stands at a label of one of the rules."""
    known = tuple(rules)
    for index, cell in _labelled_cells(sheet, known):
        for rule in rules:
            for rank, label in enumerate(_labels(rule)):
                match = label.match(cell.text)
                if match and not cell.text[match.end() :].startswith(("'s", "’s")):
                    found = _at_label(_Label(sheet, index, match.end(), known), rule)
                    if found:
                        yield _weighted(found, 1.0 - 0.04 * rank)
                    break


def _labelled_cells(sheet: Sheet, rules: tuple[FieldRule, ...]) -> Iterator[tuple[int, Cell]]:
    """The cells that begin with any label, quickly."""
    anywhere, beginning = _any_label(rules)
    if anywhere.search(sheet.text):
        for index, cell in enumerate(sheet.cells):
            if beginning.match(cell.text):
                yield index, cell


@dataclass(frozen=True)
class _Label:
    """A label: the cell at `index` up to its character `end`. `rules` tell which other cells are labels, too."""

    sheet: Sheet
    index: int
    end: int
    rules: tuple[FieldRule, ...]

    def places(self, rule: FieldRule) -> Iterator[tuple[_Passage, str, float]]:
        """Where the value may stand, the likeliest first: what to read, the cell to take at its word if need be, and
        how much the place counts."""
        sheet, cell = self.sheet, self.sheet.cells[self.index]
        qualifier = _QUALIFIER.match(cell.text, self.end)
        separator = _SEPARATOR.match(cell.text, qualifier.end() if qualifier else self.end)
        assert separator is not None  # it matches the empty text
        rest = cell.text[separator.end() :]
        tail = len(rest.rstrip(" .…_"))
        if rest:
            words = _gathered(sheet, self.index, rule, hanging=True)
            sure = bool(separator[0].strip())
            yield _Passage(sheet, words, separator.end()), rest if ":" in separator[0] else "", 1.0 if sure else 0.92
            if late := _LATE_SEPARATOR.match(rest):
                yield _Passage(sheet, words, separator.end() + late.end()), "", 0.96
        stop = _any_label(self.rules)[1]
        if tail <= _TAIL and (right := _right(sheet, self.index)) is not None:
            yield _Passage(sheet, _gathered(sheet, right, rule, stop=stop)), sheet.cells[right].text, 0.98
        if rule.kind == "money" and tail <= _LONG_TAIL:
            for right in _further_right(sheet, self.index):
                yield _Passage(sheet, sheet.cells[right].positions), "", 0.96
        if tail <= _TAIL // 2:
            yield from self._above_and_below(rule)

    def _above_and_below(self, rule: FieldRule) -> Iterator[tuple[_Passage, str, float]]:
        """The line under the label, or that over it where the label is clearly nearer to it: a caption."""
        sheet, cell = self.sheet, self.sheet.cells[self.index]
        above, below = _above(sheet, self.index), _below(sheet, self.index)
        under = sheet.cells[below].y0 - cell.y1 if below is not None else float("inf")
        if above is not None and cell.y0 - sheet.cells[above].y1 < under - 0.4 * cell.height:
            yield _Passage(sheet, _gathered_upwards(sheet, above)), "", 0.95
        if below is not None:
            yield _Passage(sheet, _gathered(sheet, below, rule)), sheet.cells[below].text, 0.95


def _at_label(label: _Label, rule: FieldRule) -> Found | None:
    """The value beside, right of or below a label that has the shape asked for, else one that is taken at its word."""
    form = FORMS[rule.shape]
    places = list(label.places(rule))
    for passage, _, weight in places:
        match = form.pattern.match(passage.text)
        if match:
            return _found(passage.sheet, passage.covered(*match.span()), match[0], rule, form, weight)
    _, labels = _any_label(label.rules)
    for passage, cell, weight in places:
        if form.loose and form.loose.fullmatch(cell) and not _ENTRY.match(cell) and not labels.fullmatch(cell):
            taken = _found(passage.sheet, passage.covered(0, len(cell)), cell, rule, form, 0.8 * weight)
            return replace(taken, way="word")
    return None


def _weighted(found: Found, weight: float) -> Found:
    return replace(found, score=round(found.score * weight, 4))


def _found(sheet: Sheet, positions: tuple[int, ...], value: str, rule: FieldRule, form: Form, score: float) -> Found:
    shown = " ".join(value.split()).rstrip(" ,;:")
    normalised = form.normalise(shown)
    certainty = score * (1.0 if normalised is not None else 0.5) * (sheet.confidence or 1.0)
    return Found(rule, sheet.number, positions, shown, normalised, round(min(certainty, 1.0), 4), source=sheet.source)


def _gathered(
    sheet: Sheet, index: int, rule: FieldRule, hanging: bool = False, stop: re.Pattern[str] | None = None
) -> tuple[int, ...]:
    """The words of a cell and of the lines that continue it: close below and flush with it, or indented under a
    label (`hanging`). A flush line after a name is another matter, unless a word joins them; so is a line beside
    which a label begins (`stop`)."""
    first = last = sheet.cells[index]
    positions = list(first.positions)
    lines = 1
    for cell in sheet.cells[index + 1 :]:
        if rule.shape in _ONE_LINE:
            break
        if cell.row == last.row:
            continue
        if stop and cell.x1 < first.x0 and stop.match(cell.text):
            break
        if cell.y0 - last.y1 > 0.6 * last.height or lines == _LONGEST:
            break
        shift = cell.x0 - first.x0
        if (-2 <= shift <= 60 if hanging else abs(shift) < 4) and cell.row > last.row:
            apart = rule.kind == "person" and abs(shift) < 4 and not _joined(last.text, cell.text)
            if apart or _ENTRY.match(cell.text):
                break
            positions += cell.positions
            last = cell
            lines += 1
    return tuple(positions)


def _joined(above: str, below: str) -> bool:
    """Whether a list of names goes on from one line to the next."""
    return bool(_UNFINISHED.search(above) or _GOING_ON.match(below))


def _right(sheet: Sheet, index: int) -> int | None:
    """The next cell on the same row."""
    after = index + 1
    return after if after < len(sheet.cells) and sheet.cells[after].row == sheet.cells[index].row else None


def _below(sheet: Sheet, index: int) -> int | None:
    """The nearest cell under a cell, within two lines."""
    label = sheet.cells[index]
    for after in range(index + 1, len(sheet.cells)):
        cell = sheet.cells[after]
        if cell.y0 - label.y1 > 2.0 * label.height:
            return None
        if cell.y0 >= label.y1 - 0.5 * label.height and cell.x0 < label.x1 and cell.x1 > label.x0 - 4:
            return after
    return None


def in_columns(sheet: Sheet, rule: FieldRule) -> Iterator[Found]:
    """Every value of the columns that a label of the rule heads, as in a table. A column ends with a cell that is no
    such value, or with a gap of two lines."""
    form = FORMS[rule.shape]
    for index, head in _labelled_cells(sheet, (rule,)):
        beside = _right(sheet, index)
        if not any(label.fullmatch(head.text) for label in _labels(rule)) or (
            beside is not None and form.pattern.match(sheet.cells[beside].text)
        ):
            continue
        last = head
        for cell in sheet.cells[index + 1 :]:
            if cell.y0 - last.y1 > 2.0 * last.height:
                break
            if cell.row > last.row and cell.x0 < head.x1 and cell.x1 > head.x0 - 4:
                match = form.pattern.match(cell.text)
                if not match:
                    break
                covered = _Passage(sheet, cell.positions).covered(*match.span())
                yield _found(sheet, covered, match[0], rule, form, 0.9)
                last = cell


def _above(sheet: Sheet, index: int) -> int | None:
    """The nearest cell over a cell, within a line."""
    label = sheet.cells[index]
    for before in range(index - 1, -1, -1):
        cell = sheet.cells[before]
        if label.y0 - cell.y1 > label.height:
            return None
        if cell.y1 <= label.y0 + 0.5 * label.height and cell.x0 < label.x1 and cell.x1 > label.x0 - 4:
            return before
    return None


def _gathered_upwards(sheet: Sheet, index: int) -> tuple[int, ...]:
    """The words of a cell and of the lines that it continues, close above and flush with it."""
    first = sheet.cells[index]
    lines = [first]
    for cell in reversed(sheet.cells[:index]):
        top = lines[-1]
        if top.y0 - cell.y1 > 0.6 * top.height or len(lines) == _LONGEST:
            break
        if abs(cell.x0 - first.x0) < 4 and cell.row < top.row:
            lines.append(cell)
    return tuple(position for line in reversed(lines) for position in line.positions)


def _further_right(sheet: Sheet, index: int) -> Iterator[int]:
    """The cells after a cell on the same row."""
    after = index
    while (right := _right(sheet, after)) is not None:
        yield (after := right)


def at_inner_labels(sheets: Sequence[Sheet], rule: FieldRule) -> Iterator[Found]:
    """Values after labels with a colon that do not begin a cell, since another entry ends before them."""
    if not rule.labels:
        return
    inner, form = _inner_label(rule), FORMS[rule.shape]
    for sheet in sheets:
        for label in inner.finditer(sheet.text):
            if value := form.pattern.match(sheet.text, label.end()):
                yield _in_text(sheet, Span(*value.span()), rule, 0.93)


def at_akin_labels(sheet: Sheet, rule: FieldRule, rules: Sequence[FieldRule]) -> Iterator[Found]:
    """Values at labels that no rule knows but whose words are mostly those of the rule's labels, more than of any
    other's, and at least one of which no other rule of the same form has."""
    known, form = tuple(rules), FORMS[rule.shape]
    if rule.kind not in _TOLD_BY_FORM:
        return
    for index, cell in enumerate(sheet.cells):
        own = _akin(rule, cell.text)
        if own <= 0.5:
            continue
        others = [other for other in rules if other is not rule and other.shape == rule.shape]
        if all(own > _akin(other, cell.text) for other in others):
            label = _Label(sheet, index, cell.text.find(":") if ":" in cell.text else len(cell.text), known)
            for passage, _, weight in label.places(rule):
                if match := form.pattern.match(passage.text):
                    yield _found(sheet, passage.covered(*match.span()), match[0], rule, form, _AKIN * own * weight)
                    break


def _akin(rule: FieldRule, label: str) -> float:
    """The share of a label's words that labels of the rule have; 0 for what is no label."""
    label = label.partition(":")[0]
    if len(label) > _WIDEST or any(map(str.isdigit, label)):
        return 0.0
    words = [word[:4] for word in re.findall(r"[a-z]{3,}", label.lower()) if word not in _LINKS]
    return sum(word in _label_words(rule) for word in words) / len(words) if words else 0.0


@lru_cache(maxsize=512)
def _label_words(rule: FieldRule) -> frozenset[str]:
    """The words of the labels of a rule, by their first four letters, which are those of all their forms."""
    return frozenset(word[:4] for label in rule.labels for word in re.findall(r"(?<![a-z\\])[a-z]{3,}", label))


# -- values in prose


@dataclass(frozen=True)
class _Expression:
    """A template of a rule, compiled. Where the value comes first, what follows it is searched for and the value read
    backwards from there, since names, sums and dates begin almost anywhere."""

    after: re.Pattern[str]
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
    for rank, expression in enumerate(_prose(rule)):
        for order, sheet in enumerate(sheets):
            score = 0.92 - 0.06 * rank - (0.05 * min(order, _FAR) if rule.opening else 0)
            values = (_in_text(sheet, span, rule, score) for span in expression.matches(sheet.text))
            first = next((one for one in values if _is_after(one, since)), None)
            if first and not rule.opening:
                return [first]
            if first:
                found.append(first)
                break
    return [max(found, key=lambda one: one.score)] if found else []


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
        return _found(sheet, tuple(sheet.positions(own)), self.text[slice(*span)], rule, FORMS[rule.shape], score)


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
            for span in expression.matches(one.text):
                if found := one.found(span, rule, _BROKEN * (0.92 - 0.06 * rank)):
                    return [found]
    return []


def all_in_prose(sheet: Sheet, rule: FieldRule) -> Iterator[Found]:
    """Every value of a page that any of the rule's expressions finds."""
    for expression in _prose(rule):
        for span in expression.matches(sheet.text):
            yield _in_text(sheet, span, rule, 0.85)


def _in_text(sheet: Sheet, span: Span, rule: FieldRule, score: float) -> Found:
    value = sheet.text[span.start : span.end]
    found = _found(sheet, tuple(sheet.positions(span)), value, rule, FORMS[rule.shape], score)
    return replace(found, way="prose")


# -- expressions


@lru_cache(maxsize=512)
def _labels(rule: FieldRule) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(rf"{_BEFORE}(?:{spaced(label)})(?!\w)", re.IGNORECASE) for label in rule.labels)


@lru_cache(maxsize=64)
def _any_label(rules: tuple[FieldRule, ...]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    either = "|".join(f"(?:{spaced(label)})" for rule in rules for label in rule.labels)
    anywhere = rf"\b(?:{either})[^\n:]{{0,40}}(?::|\n|\Z|\d)"
    beginning = rf"{_BEFORE}(?:{either})(?!\w)"
    return re.compile(anywhere, re.IGNORECASE), re.compile(beginning, re.IGNORECASE)


@lru_cache(maxsize=512)
def _inner_label(rule: FieldRule) -> re.Pattern[str]:
    """Any label of the rule with a colon, after the beginning of a line or what is no word."""
    either = "|".join(f"(?:{spaced(label)})" for label in rule.labels)
    return re.compile(rf"(?:^|(?<=[^\W\d_]\s\s)|(?<=[^a-zà-ÿ\s][\s]))(?:{either})\s?[:=]\s{{0,2}}", re.I | re.M)


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


def _compiled(template: str, shape: str) -> re.Pattern[str]:
    out = []
    for order, part in enumerate(re.split(r"<([a-z_]+)>", template)):
        if order % 2 == 0:
            out.append(f"(?i:{spaced(part)})" if part else "")
            continue
        pattern = FORMS[part].pattern
        inner = f"(?i:{pattern.pattern})" if pattern.flags & re.IGNORECASE else f"(?:{pattern.pattern})"
        out.append(f"(?P<value>{inner})" if part == shape else inner)
    return re.compile("".join(out), re.DOTALL)
