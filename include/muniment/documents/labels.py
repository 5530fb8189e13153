"""Values at labels: beside, below, above or after what a form calls them, or in the column that it heads. Values within
sentences belong to `prose`; which of several is the document's to `fields`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from muniment.documents.catalogue import FieldRule, spaced
from muniment.documents.found import Found, found_at, found_in
from muniment.documents.layout import Cell, Sheet, Span
from muniment.documents.values import FORMS, MONEY, is_of_forms
from muniment.documents.wording import Wording

_BEFORE = (
    r"(?:(?:(?:item|box|part|line)\s)?(?:\(?\w{1,2}[.),]\s*|\d{1,2}\s?\(\w{1,2}\)\s*|\d{1,2}\.\d{1,2}\s+|\d{1,2}\s+))?\(?(?:(?:less|plus|add|deduct)\s*[:-]?\s*)?(?:(?:CAD|CDN)?\s?\$?[\d,]{1,12}\.\d\d\s+)?"
    r"(?:(?:(?:print|full|legal)\s+){0,2}names?(?:\(s\))?\s+of\s+(?:all\s+)?)?(?:amount\s+of\s+)?"
    r"(?:(?:what|which|who|when)\s+(?:is|are|was|were)\s+)?(?:the\s+)?"
)
_QUALIFIER = re.compile(r"\s*\((?:[^()]{0,40}|(?:[^()\d]|\([^()\d]{0,20}\)){0,140})\)")
_OPEN = re.compile(r"\([^()]{0,140}(?:\([^()]{0,40}\)[^()]{0,80}){0,6}\Z")  # a qualifier that goes on on the next line
_SEPARATOR = re.compile(r"\s*(?:[:=)]|(?:is|are|being|was|shall be|will be)(?=\s)|\.{2,}|…|_{2,}|[–—-](?=\s)|#)*\s*")
_AMOUNT = re.compile(rf"(?:{MONEY})\W*", re.IGNORECASE)
_LATE_SEPARATOR = re.compile(r"[^\d:=.…$]{1,30}(?:\.{2,}|…)\s*")
_ENTRY = re.compile(r"[A-ZÀ-Þ][\w .,'’/()#&-]{0,45}:(?:\s|$)")  # the beginning of another entry of a form
_OF_SIGNING = re.compile(r"(?:permit|seal|stamp|signature|signed|initials|witness)\b[^\d:]{0,30}", re.IGNORECASE)
_UNFINISHED = re.compile(r"(?:\band|&|,|-|\b[A-Z]\.?|^\S+|\band \S+|, \S+)$", re.IGNORECASE)
_GOING_ON = re.compile(r"(?:and|&)\s", re.IGNORECASE)
_CAPITALS = re.compile(r"\s(?!(?:OF|AND|BOTH|AS|WHO|BEING|ALSO)\b)[A-ZÀ-Þ]{2,}")
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
_AKIN = 0.85  # what a label counts that is only akin to those known
_WIDEST = 60  # characters of such a label
_LINKS = frozenset(
    (
        *("the", "and", "you", "being", "for", "per", "with", "this", "that", "your", "our", "amount", "total"),
        *("who", "what", "when", "where", "which", "how", "much", "many", "long", "does", "did", "has", "have", "been"),
        *("was", "are", "there", "any", "will", "shall"),
    )
)
_TOLD_BY_FORM = {
    "person",
    "organisation",
    "money",
    "percent",
    "integer",
    "linc",
    "title_number",
    "legal",
    "date",
    "text",
    "address",
}
_TOLD_ALONE = {
    "money",
    "percent",
    "linc",
    "title_number",
    "legal",
    "date",
    "address",
}  # kinds told where no more is said
_NARROW = {"money", "linc", "title_number"}  # kinds that are told from anything else
_LONGEST = 6  # lines of a value
_LATE_LABEL = re.compile(r":\s(?=\w)|\((?=[^)]{3,30}\)\W{0,3}$)")
_RUNS_ON = re.compile(r"(?:,|\b(?:of|and|the|for|to|CAD|CDN))$")
_FIGURE = re.compile(r"\d")
_NUMBER = re.compile(r"\(?\w{1,2}[.)]\s")  # of an item
_ABOUT = re.compile(r"(?:\s?\([^)]{0,40}\)|[a-zà-ÿ\s,'’/.-]){0,60}[\s:#*]{0,3}")
_NEARBY = 8  # cells in which a label of several lines goes on
_PARTIES = {"person", "organisation"}
_NAME = re.compile(
    r"(?:(?:full|legal|corporate|company) )?names?(?:\(s\))?(?: and address(?:es)?)?\W{0,3}", re.IGNORECASE
)
_SECTION = 12  # cells under a heading among which the name stands of whom it speaks


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


def at_labels(sheet: Sheet, rules: Sequence[FieldRule]) -> Iterator[Found]:
    """Every value of a page that stands at a label of one of the rules."""
    known = tuple(rules)
    for index, cell in _labelled_cells(sheet, known):
        named = [(rule, *place) for rule in rules if (place := _named(cell.text, rule))]
        for rule, rank, end in named:
            if any(other.shape == rule.shape and further > end for other, _, further in named):
                continue  # "Fees in arrears" are no fees
            if found := _at_label(_Label(sheet, index, end, known), rule):
                yield _weighted(found, 1.0 - 0.04 * rank)


def _named(text: str, rule: FieldRule) -> tuple[int, int] | None:
    """Which of the rule's labels a cell begins with, the first being the most telling, and where that ends."""
    start = _start(text)
    if start and rule.kind in _PARTIES and FORMS[rule.shape].pattern.match(text):
        start = 0  # what a name is explained by tells whose it is, not where another stands
    for rank, label in enumerate(_labels(rule)):
        match = label.match(text) or (_late(label, text, start) if start else None)
        if match and not text[match.end() :].lower().startswith(("'s", "’s")):
            return rank, match.end()
    return None


def _late(label: re.Pattern[str], text: str, start: int) -> re.Match[str] | None:
    """A label from `start` on; one in brackets fills them: "balance (price less deposit)" is no price."""
    match = label.match(text, start)
    return match if match and (text[start - 1] != "(" or text.startswith(")", match.end())) else None


def _start(text: str) -> int:
    """Where a label begins that stands behind what it belongs to ("Credits to purchaser: deposit") or explains other
    words ("Party claiming an interest (caveator)")."""
    numbered = _NUMBER.match(text)
    figure = _FIGURE.search(text, numbered.end() if numbered else 0)
    found = _LATE_LABEL.search(text) if len(text) <= _WIDEST and not figure else None
    return found.end() if found else 0


def _labelled_cells(sheet: Sheet, rules: tuple[FieldRule, ...]) -> Iterator[tuple[int, Cell]]:
    """The cells that begin with any label, quickly."""
    anywhere, beginning = _any_label(rules)
    if anywhere.search(sheet.text):
        for index, cell in enumerate(sheet.cells):
            if beginning.match(cell.text) or ((start := _start(cell.text)) and beginning.match(cell.text, start)):
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
        if rule.kind == "money" and rest and not _AMOUNT.fullmatch(rest):  # sums within tell how another is reckoned
            yield from self._amounts_of_row()
        if rest:
            words = _gathered(sheet, self.index, rule, hanging=True)
            sure = bool(separator[0].strip())
            yield _Passage(sheet, words, separator.end()), rest if ":" in separator[0] else "", 1.0 if sure else 0.92
            if late := _LATE_SEPARATOR.match(rest):
                yield _Passage(sheet, words, separator.end() + late.end()), "", 0.96
        stop = _any_label(self.rules)[1]
        right = right_of(sheet, self.index)
        if tail <= _TAIL and right is not None and not self._is_label(right):
            yield _Passage(sheet, _gathered(sheet, right, rule, stop=stop)), sheet.cells[right].text, 0.98
        if rule.kind == "money" and tail <= _LONG_TAIL:
            yield from self._amounts_of_row()
        near = self._above_and_below(rule) if tail <= _LONG_TAIL else ()
        whole = FORMS[rule.shape].pattern.fullmatch
        yield from (
            place for place in near if tail <= _TAIL // 2 or (rule.kind in _TOLD_ALONE and whole(place[0].text))
        )
        if rule.kind in _PARTIES and tail <= _TAIL // 2:
            yield from self._names_of_section(rule)

    def _is_label(self, index: int) -> bool:
        """Whether a cell is nothing but another label, as in the head of a table."""
        return _says_no_more(self.sheet.cells[index].text, self.rules)

    def _amounts_of_row(self) -> Iterator[tuple[_Passage, str, float]]:
        """Sums that stand by themselves further right on the row, or beside the lines on which a label goes on."""
        for right in (*_further_right(self.sheet, self.index), *_beside(self.sheet, self.index)):
            yield _Passage(self.sheet, self.sheet.cells[right].positions), "", 0.96

    def _above_and_below(self, rule: FieldRule) -> Iterator[tuple[_Passage, str, float]]:
        """The line under the label, or that over it where the label is clearly nearer to it: a caption."""
        sheet, cell = self.sheet, self.sheet.cells[self.index]
        above, under = _above(sheet, self.index), below(sheet, self._last)
        distance = sheet.cells[under].y0 - cell.y1 if under is not None else float("inf")
        ends_sentence = cell.text[0].islower() and cell.text.endswith(".")
        nearer = above is not None and (
            cell.y0 - sheet.cells[above].y1 < distance - 0.3 * cell.height or self._is_captioned(under, distance)
        )
        if above is not None and nearer and not ends_sentence:
            lines = _gathered_upwards(sheet, above)
            yield _Passage(sheet, lines), "", 0.95
            if len(lines) > len(sheet.cells[above].positions):  # what stands over a value may be a heading
                yield _Passage(sheet, sheet.cells[above].positions), "", 0.95
        if under is not None:
            yield _Passage(sheet, _gathered(sheet, under, rule)), sheet.cells[under].text, 0.95

    def _is_captioned(self, under: int | None, distance: float) -> bool:
        """Whether the line under the label, `distance` points below, has another label right beneath it."""
        beneath = below(self.sheet, under) if under is not None else None
        if under is None or beneath is None:
            return False
        value, label = self.sheet.cells[under], self.sheet.cells[beneath]
        return label.y0 - value.y1 < distance - 0.1 * value.height and self._begins_label(label.text)

    def _begins_label(self, text: str) -> bool:
        return _any_label(self.rules)[1].match(text) is not None

    @property
    def _last(self) -> int:
        """The cell with the last line of the label, whose qualifier may run over lines."""
        cells = self.sheet.cells
        if _OPEN.search(cells[self.index].text, self.end):
            under = below(self.sheet, self.index)
            if under is not None and ")" in cells[under].text and not _OPEN.search(cells[under].text):
                return under
        return self.index

    def _names_of_section(self, rule: FieldRule) -> Iterator[tuple[_Passage, str, float]]:
        """What stands at "Name" in the section that the label heads, until another party's begins."""
        sheet = self.sheet
        others = tuple(other for other in self.rules if other.kind in _PARTIES)
        for index in range(self.index + 1, min(self.index + 1 + _SECTION, len(sheet.cells))):
            cell = sheet.cells[index]
            if not self._is_in_column(cell):
                continue
            if _says_no_more(cell.text, others) and not _NAME.match(cell.text):
                return
            if (name := _NAME.match(cell.text)) and cell.text[: name.end()].rstrip().endswith(":"):
                yield _Passage(sheet, _gathered(sheet, index, rule, hanging=True), name.end()), "", 0.93
                return
            if _NAME.fullmatch(cell.text):
                for place in (right_of(sheet, index), below(sheet, index)):
                    if place is not None:
                        yield _Passage(sheet, _gathered(sheet, place, rule)), sheet.cells[place].text, 0.93
                return

    def _is_in_column(self, cell: Cell) -> bool:
        """Whether a cell lies in the column that the label heads where others stand beside it."""
        head = self.sheet.cells[self.index]
        right = right_of(self.sheet, self.index)
        has_left = self.index > 0 and self.sheet.cells[self.index - 1].row == head.row
        if right is None and not has_left:
            return True
        beyond = self.sheet.cells[right].x0 if right is not None else float("inf")
        return cell.row != head.row and cell.x0 < beyond - 4 and (not has_left or cell.x0 > head.x0 - 20)


def _at_label(label: _Label, rule: FieldRule) -> Found | None:
    """The value beside, right of or below a label that has the shape asked for, else one that is taken at its word."""
    form = FORMS[rule.shape]
    places = list(label.places(rule))
    for passage, _, weight in places:
        match = form.pattern.match(passage.text)
        if match and not (rule.kind == "person" and _is_caption(match[0], passage.text[match.end() :])):
            return found_at(passage.sheet, passage.covered(*match.span()), match[0], rule, weight)
    for passage, cell, weight in places:
        for said in dict.fromkeys((passage.text, cell) if rule.kind == "person" and cell else (cell,)):
            if form.loose and form.loose.fullmatch(said) and not _is_of_form(said, label.rules):
                taken = found_at(passage.sheet, passage.covered(0, len(said)), said, rule, 0.8 * weight)
                return replace(taken, way="word")
    return None


def _is_of_form(text: str, rules: tuple[FieldRule, ...]) -> bool:
    """Whether a text belongs to the form rather than to what is filled in."""
    return bool(_ENTRY.match(text) or _OF_SIGNING.fullmatch(text)) or _says_no_more(text, rules) or is_of_forms(text)


def _says_no_more(text: str, rules: tuple[FieldRule, ...]) -> bool:
    """Whether a text is a label and what goes on about it in small letters, but no value."""
    label = _any_label(rules)[1].match(text)
    return label is not None and _ABOUT.fullmatch(text, label.end()) is not None


def _is_caption(name: str, rest: str) -> bool:
    """Whether a name in capitals is rather the beginning of a caption, since it goes on in capitals."""
    return name.isupper() and bool(_CAPITALS.match(rest))


def _weighted(found: Found, weight: float) -> Found:
    return replace(found, score=round(found.score * weight, 4))


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
            apart = rule.kind == "person" and (
                cell.text[0].isdigit() or (abs(shift) < 4 and not _joined(last.text, cell.text))
            )
            if apart or _ENTRY.match(cell.text):
                break
            positions += cell.positions
            last = cell
            lines += 1
    return tuple(positions)


def _joined(above: str, below: str) -> bool:
    """Whether a list of names goes on from one line to the next."""
    return bool(_UNFINISHED.search(above) or _GOING_ON.match(below))


def right_of(sheet: Sheet, index: int) -> int | None:
    """The next cell on the same row."""
    after = index + 1
    return after if after < len(sheet.cells) and sheet.cells[after].row == sheet.cells[index].row else None


def below(sheet: Sheet, index: int) -> int | None:
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
        beside = right_of(sheet, index)
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
                yield found_at(sheet, covered, match[0], rule, 0.9)
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
    while (right := right_of(sheet, after)) is not None:
        yield (after := right)


def _beside(sheet: Sheet, index: int) -> Iterator[int]:
    """The cells right of a cell that goes on with its sentence on lines close below it, beside those lines."""
    first = last = sheet.cells[index]
    beside = []
    for after in range(index + 1, min(index + _NEARBY, len(sheet.cells))):
        cell = sheet.cells[after]
        if abs(cell.x0 - first.x0) < 4 and cell.row > last.row:
            goes_on = cell.text[0].islower() or _RUNS_ON.search(last.text)
            if cell.y0 - last.y1 > 0.6 * last.height or not goes_on:
                break
            last = cell
        elif cell.row > first.row and cell.x0 > first.x1:
            beside.append(after)
    return (after for after in beside if sheet.cells[after].y0 < last.y1 and last is not first)


def at_inner_labels(sheets: Sequence[Sheet], rule: FieldRule) -> Iterator[Found]:
    """Values after labels with a colon that do not begin a cell, since another entry ends before them."""
    if not rule.labels:
        return
    inner, form = _inner_label(rule), FORMS[rule.shape]
    for sheet in sheets:
        for label in inner.finditer(sheet.text):
            if value := form.pattern.match(sheet.text, label.end()):
                yield found_in(sheet, Span(*value.span()), rule, 0.93)


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
                    yield found_at(sheet, passage.covered(*match.span()), match[0], rule, _AKIN * own * weight)
                    break


def _akin(rule: FieldRule, label: str) -> float:
    """The share of a label's words that labels of the rule have; 0 for what is no label. A label may name two things
    with a stroke between them."""
    known = _label_words(rule)
    return max((sum(word in known for word in words) / len(words) for words in _words_of(label)), default=0.0)


@lru_cache(maxsize=4096)
def _words_of(label: str) -> tuple[list[str], ...]:
    """The words of each part of a label, by their first four letters; nothing for what is none."""
    label = label.partition(":")[0]
    if len(label) > _WIDEST or _FIGURE.search(re.sub(r"\b\d\b", "", label)):
        return ()
    parts = (re.findall(r"[a-z]{3,}", part) for part in label.lower().split("/"))
    words = ([word[:4] for word in part if word not in _LINKS] for part in parts)
    return tuple(part for part in words if part)


@lru_cache(maxsize=512)
def _label_words(rule: FieldRule) -> frozenset[str]:
    """The words of the labels of a rule, by their first four letters, which are those of all their forms."""
    return frozenset(word[:4] for label in rule.labels for word in re.findall(r"(?<![a-z\\])[a-z]{3,}", label))


# -- expressions


@lru_cache(maxsize=512)
def _labels(rule: FieldRule) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(rf"{_BEFORE}(?:{spaced(label)})(?!\w)", re.IGNORECASE) for label in rule.labels)


@lru_cache(maxsize=64)
def _any_label(rules: tuple[FieldRule, ...]) -> tuple[Wording, re.Pattern[str]]:
    either = "|".join(f"(?:{spaced(label)})" for rule in rules for label in rule.labels)
    anywhere = rf"\b(?:{either})[^\n:]{{0,40}}(?::|\n|\Z|\d)"
    beginning = rf"{_BEFORE}(?:{either})(?!\w)"
    return Wording(anywhere, flags=re.IGNORECASE), re.compile(beginning, re.IGNORECASE)


@lru_cache(maxsize=512)
def _inner_label(rule: FieldRule) -> Wording:
    """Any label of the rule with a colon, after the beginning of a line or what is no word."""
    either = "|".join(f"(?:{spaced(label)})" for label in rule.labels)
    first = rf"|(?<=[a-zà-ÿ]\s)(?=(?-i:[A-ZÀ-Þ]))(?={spaced(rule.labels[0])}\s?:)" if rule.kind in _NARROW else ""
    begin = rf"(?:^|(?<=[^\W\d_]\s\s)|(?<=[^a-zà-ÿ\s][\s]){first})"
    return Wording(begin, rf"(?:{either})\s?[:=]\s{{0,2}}", flags=re.I | re.M)
