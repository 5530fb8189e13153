"""Who makes an agreement: the parties that its opening names, and what it calls them. Fields of other kinds belong to
`fields`.

An agreement names its parties once: between "between" and its recitals, after the salutation of a letter, as
"Party A: …", or only where they sign. In an opening each name begins after a separator and ends with a legal form,
with what the agreement calls it, or with what it is ("a Delaware corporation"). Names elsewhere (addresses, affiliates,
laws) begin otherwise.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

from muniment.documents.layout import Sheet

_FIRST_PAGES, _LAST_PAGES = 8, 6
_OPENINGS = 8  # how often "between" is tried
_REACH = 2500  # characters of an opening
_ROLE_REACH = 450  # characters between a name and what it is called
_FILLERS = "-_=.*•·"
_FILLER = re.compile(rf"[{_FILLERS}]{{2,}}|-")

_LEGAL_FORM = (
    r"(?:[Ll]imited (?:[Ll]iability )?(?:[Pp]artnership|[Cc]ompany)|LIMITED (?:LIABILITY )?(?:PARTNERSHIP|COMPANY)|"
    r"(?:Inc|INC|inc|LLC|LLP|LLLP|LP|Ltd|LTD|ltd|Corp|CORP|PLC|plc|GmbH|AG|ULC|SE|NV|BV|SA|Co|CO|N\.A|S\.A|B\.V|N\.V|"
    r"L\.L\.C|L\.P|P\.C|P\.L\.C|a\.s|A\.G|S\.p\.A|Pty|Incorporated|INCORPORATED|Limited|LIMITED|Corporation|"
    r"CORPORATION|Company|COMPANY|Partnership|PARTNERSHIP))"
)
_NO_NAME = (
    r"(?!(?:AND|And|BETWEEN|Between|AMONG|Among|AGREEMENT|Agreement|BY|DATED|Dated|Exhibit|EXHIBIT|WHEREAS|This|THIS|"
    r"Date|Source|Dear|Party|Page|Rule|Regulation|Form|Section|Act|U\.?S\.?A)\b|\d{5}(?:-\d{4})?\b|"
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December) \d)"
)
_WORD = (
    _NO_NAME + r"(?:[A-Z0-9À-Ž][\w’'.\-/]{0,40}[\w’']|[A-Z0-9À-Ž]\.?|[a-z]{1,2}[A-Z]\w{1,30}|(?:[a-z]\.){2,4}|&|"
    r"\([A-Z][\w.]{0,20}\))"
)
_ORGANISATION = re.compile(
    rf"(?:[Tt]he )?{_WORD}(?:,? (?:(?:of|for|de|the|and|in) )?{_WORD}){{0,9}}?,? ?{_LEGAL_FORM}\b\.?"
    rf"(?:,? (?:{_LEGAL_FORM}\b\.?|\(?(?:UK|U\.S\.|Canada)\)?))*"
    r"(?:(?: of)?(?: [A-Z][a-z]{2,20}){1,2}(?=,? (?:\(|an? |not |as )))?"
)
_KIND_OF_FIRM = (
    r"(?:an?|the) [\w’ \-]{0,60}?(?:corporation|company|partnership|bank|trust|association|business|limited)"
)
_WHAT_IT_IS = (
    r"(?:,? (?:\((?!the Agree)[^)]{1,80}\) )?(?:an? (?:individual|married|resident)|resid(?:ing|ent) |"
    rf"{_KIND_OF_FIRM}|(?:[A-Z][a-z]+ ){{1,2}}(?:corporation|limited (?:liability )?(?:company|partnership))|"
    r"of [\w\-]+[ ,]|with (?:an? |its |offices|principal)|having (?:its|an?)|"
    r"herein(?:after)? (?:referred|called)|whose (?:address|principal|registered)|organi[sz]ed|incorporated))"
)
_CALLED = re.compile(
    _WORD + rf"(?:,? (?:(?:of|de|and) )?{_WORD}){{0,7}}"
    rf"(?=,?\s?\((?:the |herein(?:after)? |collectively,? |each,? |individually |called |referred to as )*[“\"”’'‘]|"
    rf"{_WHAT_IT_IS}|\s?\(herein(?:after)? (?:referred|called)|"
    r"\s?\((?:the )?[A-Z][a-z]+\)[ .,])"
)
_SEPARATOR = re.compile(
    r"\A|\b(?:and|AND|And)\b[:,]?|\b(?:together|along|agreement|agrees?) with\b|[;:]|\((?:\w|[ivx]{2,4}|\d\d)\)|"
    r"(?<=[a-z]\.),|(?<=LLC),|(?<=L\.P\.),|(?<=N\.A\.),|(?<=\w\w),(?= [A-Z])|"
    r"\)\s?,|(?<=\))(?= [A-Z])"
)
_LEAD = re.compile(
    r"[ \-:\"“,]*(?:(?:on the (?:one|other) (?:hand|part),?|by)\s)?(?:\(?(?:\d{1,2}|[ivx]{1,4}|[a-z])[.)]\s)?"
)
_ENDS_IN_KIND = re.compile(r"\b(?:corporation|company|partnership|bank|trust|association)\Z")
_A_FIRM = re.compile(rf",? {_KIND_OF_FIRM}\b")
_ENDS_IN_FORM = re.compile(_LEGAL_FORM + r"\.?\Z")
_BODY = re.compile(
    r"\b(?:bank|banco|banc\w{3,6}|trust|fund|funds|partners|partnership|holdings?|capital|financial|insurance|assurance|"
    r"investments?|securities|advis[eo]rs|associates|group|society|association|foundation|institute|university|college|"
    r"government|ministry|department|council|commission|authority|agency|office|club|league|federation|union|llc|llp|"
    r"(?:city|town|village|county|municipality|district|province|state|republic|board|bank|church|diocese) of|"
    r"plc|inc|ltd|corp|limited|gmbh|s\.a|co-?op|cooperative|co-operative|international|technolog(?:y|ies)|systems|"
    r"solutions|services|industries|enterprises?|laborator(?:y|ies)|labs|pharma\w{0,10}|therapeutics|biosciences|sciences|"
    r"energy|petroleum|resources|media|communications|networks?|entertainment|studios?|airlines?|airways|motors|foods|"
    r"consult(?:ing|ants)|properties|realty|developments?|construction|architects|products|brands|stores|hotels?|resorts?|"
    r"software|ventures?|trading|logistics|transport(?:ation)?|hospital|clinic|management|marketing|corporation|company)\b|"
    r"\w\.(?:com|net|org)\b",
    re.IGNORECASE,
)
_FORMER = re.compile(
    r"\b(?:formerly|known as|f/k/a|d/b/a|successor\b.{0,30} (?:to|with)|merger (?:with|of)|"
    r"(?:subsidiary|division|behalf) of)\W*\Z"
)
_NOT_A_PARTY = re.compile(
    r"\A(?i:the )?" + _LEGAL_FORM + r"\Z|\A[A-Z]{2} \d|[a-zA-Z] \d{4,5}\b|\b[A-Z]\d[A-Z] \d|\A\d[\d ,]*\Z|"
    r"(?i:\bagreement\b|\bexchange act\b|\bcommission\b|\bsuite\b|\bstreet\b|\bavenue\b|\broad\b|\bdrive\b|"
    r"\Aengland\b|\Awales\b|\b(?:delaware|nevada|florida) (?:corp|limited))"
)
_BETWEEN = re.compile(
    r"\b(?:between|among|amongst)\b:?|\bentered into by(?! and)\b|\bPARTIES\b ?:?(?= \(?1)",
    re.IGNORECASE,
)
_SALUTATION = re.compile(r"\bGentlemen ?:|\bDear [^:,]{1,40}[:,]")
_SIGNATURE = re.compile(r"\b(?:By|BY|Per|PER) ?:|\b(?:By|BY) (?=/s/)")
_CAPITALS = re.compile(
    rf"(?:THE )?{_NO_NAME}[A-Z0-9À-Ž][A-Z0-9À-Ž’'.&-]{{1,40}}(?:,? [A-Z0-9À-Ž&][A-Z0-9À-Ž’'.&-]{{0,40}}){{1,8}}"
)
_END = re.compile(
    r"WHEREAS|Whereas|RECITALS?|R E C I T A L S|Recitals|BACKGROUND|Background|WITNESS|W I T N E S S|INTRODUCTION|"
    r"PREAMBLE|(?:NOW|Now),? (?:THEREFORE|therefore)|IT IS AGREED|(?:IN|In) (?:CONSIDERATION|consideration)|"
    r"TABLE OF CONTENTS|Table of Contents|AGREEMENT\s1\.|\b1\. ?[A-Z]|\bI\. [A-Z]|\bA\. [A-Z]|\b1\.1 |ARTICLE|"
    r"Article (?:I|1)|Section 1|DEFINITIONS|Source:|(?:collectively|individually|jointly),? (?:referred|as)\b|"
    r"Pursuant to|Ladies and"
)
_ROLE = re.compile(
    r"\([^()“\"”]{0,60}?[“\"”‘’']{1,2}\s?(?P<quoted>[^“”\"()‘]{1,50}?)[,.]?[”\"’'“]|"
    r"\(?\b(?:hereinafter|herein|hereafter) (?:called|referred to as|known as),? (?:the )?"
    r"(?P<plain>[A-Z]\w{1,20}(?: [A-Z]\w{0,20})?)\b|"
    r"\((?P<bare>[A-Z][a-z]+(?: [A-Z][a-z]+)?)\)"
)
_NO_ROLE = re.compile(r"(?:the )?(?:parties|party|agreement|effective date|commission)", re.IGNORECASE)
_LETTERED = re.compile(
    r"\b(?P<role>Party [A-D]|PARTY [A-D])\s?[:：]\s?(?P<name>[^:]{3,90}?)"
    r"(?=\.?\s(?:Party [A-D]|PARTY [A-D]|ADD|Regist|Legal|Address|\(|[A-Z]\w+ (?:[a-z]{3,} ){2}))"
)
_FORMS_AND_MARKS = re.compile(
    r"\b(?:the|inc|llc|llp|ltd|corp|corporation|company|co|limited|incorporated|lp|na|plc)\b|[^a-z0-9 ]"
)


class Named(NamedTuple):
    """Words of a sheet: what they say and their positions."""

    text: str
    sheet: Sheet
    positions: tuple[int, ...]


@dataclass(frozen=True)
class Party:
    """A party: its name, and what the agreement calls it where it does."""

    name: Named
    role: Named | None

    @property
    def is_organisation(self) -> bool:
        """Whether the name is clearly that of a firm or a body: it ends in a legal form or has a word that only they
        have. Whoever is not, is taken for a person."""
        return bool(_ENDS_IN_FORM.search(self.name.text) or _BODY.search(self.name.text))


class _Mention(NamedTuple):
    start: int
    end: int
    role: tuple[int, int] | None


class _Script:
    """The words of pages as one text, without the lines that are to be filled in."""

    def __init__(self, sheets: Sequence[Sheet]) -> None:
        self._places: list[tuple[Sheet, int]] = []
        self._starts: list[int] = []
        self.lines: list[int] = []
        words: list[str] = []
        length = 0
        for sheet in sheets:
            firsts = set(accumulate((len(line) for line in sheet.lines), initial=0))
            for position, word in enumerate(sheet.words):
                if word.text.strip(_FILLERS) or not _FILLER.fullmatch(word.text):
                    if position in firsts:
                        self.lines.append(length)
                    self._places.append((sheet, position))
                    self._starts.append(length)
                    words.append(word.text)
                    length += len(word.text) + 1
        self.text = " ".join(words)

    def party(self, mention: _Mention) -> Party:
        """The party that characters of the text name; a name lies on one page."""
        name = self._named(mention.start, mention.end)
        return Party(name, self._named(*mention.role) if mention.role else None)

    def _named(self, start: int, end: int) -> Named:
        first = bisect_right(self._starts, start) - 1
        covered = self._places[first : bisect_left(self._starts, end)]
        sheet = covered[0][0]
        return Named(self.text[start:end], sheet, tuple(position for of, position in covered if of is sheet))


def parties(sheets: Sequence[Sheet]) -> list[Party]:
    """The parties in the order in which the agreement names them; none where it does not say who they are."""
    script = _Script(sheets[:_FIRST_PAGES])
    best = max((_distinct(script.text, mentions) for mentions in _openings(script.text)), key=_worth, default=[])
    named = [script.party(mention) for mention in best]
    if len(named) < 2:
        named = [one for one in named if one.is_organisation]
        signed = _Script(sheets[-_LAST_PAGES:])
        known = {_folded(one.name.text) for one in named}
        signatures = _distinct(signed.text, sorted(_signatures(signed)))
        more = [signed.party(mention) for mention in signatures]
        named += [one for one in more if _folded(one.name.text) not in known]
    return named


def _openings(text: str) -> Iterator[list[_Mention]]:
    """What each place names that may be the opening of the agreement."""
    for order, match in enumerate(_BETWEEN.finditer(text)):
        if order == _OPENINGS:
            break
        yield _mentions(text, match.end())
    for start in (0, *(match.end() for match in _SALUTATION.finditer(text, 0, 6_000))):
        yield [mention for mention in _mentions(text, start) if mention.role]
    yield [_Mention(*match.span("name"), match.span("role")) for match in _LETTERED.finditer(text, 0, 9_000)]


def _signatures(script: _Script) -> Iterator[_Mention]:
    """The organisations that stand on a line of their own right before "By:", each on the nearest such line."""
    for match in _SIGNATURE.finditer(script.text):
        above = slice(bisect_left(script.lines, match.start() - 100), bisect_left(script.lines, match.start()))
        for start in reversed(script.lines[above]):
            name = _signatory(script.text, start, match.start())
            if name and match.start() - name.end() < 12:
                yield _Mention(*name.span(), None)
                break


def _signatory(text: str, start: int, end: int) -> re.Match[str] | None:
    """The organisation that a line begins with: a name with a legal form, or in capitals one that only a body has."""
    name = _ORGANISATION.match(text, start, end)
    if not name:
        name = _CAPITALS.match(text, start, end)
        name = name if name and _BODY.search(name[0]) else None
    return name if name and " " in _folded(name[0]) and not _NOT_A_PARTY.search(name[0]) else None


def _worth(mentions: list[_Mention]) -> tuple[int, int]:
    """How much a place looks like an opening: parties with roles count first; more than three add nothing."""
    return min(sum(one.role is not None for one in mentions), 3), min(len(mentions), 2)


def _mentions(text: str, start: int) -> list[_Mention]:
    """The parties named from `start` on, as far as an opening reaches."""
    end = _END.search(text, start + 15, start + _REACH)
    until = end.start() if end else min(start + 1_500, len(text))
    names = list(_names(text, start, until))
    nexts = [*(begin for begin, _ in names[1:]), until]
    return [_Mention(*name, _role(text, name[1], after)) for name, after in zip(names, nexts, strict=False)]


def _names(text: str, start: int, until: int) -> Iterator[tuple[int, int]]:
    """Start and end of names, which do not overlap."""
    reached = start
    zone = text[start:until]
    for separator in _SEPARATOR.finditer(zone):
        begin = _after_lead(zone, separator.end())
        if start + begin < reached:
            continue
        end = _name_at(zone, begin, separator)
        if end:
            reached = start + end
            yield start + begin, reached


def _after_lead(zone: str, start: int) -> int:
    """Where a name begins that marks and words before it lead to."""
    lead = _LEAD.match(zone, start)
    assert lead is not None  # it matches the empty text
    return lead.end()


def _name_at(zone: str, begin: int, separator: re.Match[str]) -> int | None:
    """Where the name ends that begins here; None where none does."""
    for pattern in (_ORGANISATION, _CALLED):
        match = pattern.match(zone, begin)
        if not match:
            continue
        former = _FORMER.search(zone[max(0, begin - 60) : begin])
        if (
            former
            or _NOT_A_PARTY.search(match[0])
            or (pattern is _CALLED and not _goes_on(zone, separator, match.end()))
        ):
            continue
        return match.end()
    return None


def _goes_on(zone: str, separator: re.Match[str], end: int) -> bool:
    """Whether a name may begin after a separator and end at `end`: after a comma only where a name ended before it, or
    where both it and what stood before are said to be firms. Else the comma belongs to an address."""
    before = zone[max(0, separator.start() - 40) : separator.start()]
    if separator[0] != "," or _ENDS_IN_FORM.search(before):
        return True
    return bool(_ENDS_IN_KIND.search(before) and _A_FIRM.match(zone, end))


def _role(text: str, start: int, until: int) -> tuple[int, int] | None:
    """Where the agreement says what it calls the party whose name ends at `start`."""
    for match in _ROLE.finditer(text, start, min(until, start + _ROLE_REACH)):
        called = match.lastgroup or ""
        if not _NO_ROLE.match(match[called]):
            return match.span(called)
    return None


def _distinct(text: str, mentions: list[_Mention]) -> list[_Mention]:
    """The mentions without those that repeat a name in other letters; the one with a role is kept."""
    kept: dict[str, _Mention] = {}
    for mention in mentions:
        name = _folded(text[mention.start : mention.end])
        if name and (name not in kept or (mention.role and not kept[name].role)):
            kept[name] = mention
    return list(kept.values())


def _folded(name: str) -> str:
    """A name without case, marks and legal forms."""
    return " ".join(_FORMS_AND_MARKS.sub("", name.lower()).split())
