"""Personal data: finding it in a page's text and masking it. Which fields are personal is declared with the fields.

Three sources are joined: Presidio with the recognisers below for what has a shape of its own (numbers, addresses), the
labels of the catalogue for what a form names, and people's names, which are first learned from the document (its
fields, labels, forms of address) and then found wherever they recur in it. There is no statistical model: a name that
nothing introduces as one is not found.
"""

import re
import sys
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from muniment.documents import fields
from muniment.documents.catalogue import catalogue
from muniment.documents.layout import Sheet, Span
from muniment.documents.values import FIRM_WORDS, given_first, people

if TYPE_CHECKING:
    from presidio_analyzer import AnalyzerEngine

_MARKS = " .,;:()"
_SURE = 0.9  # score from which a number is personal although a field claims it
_LONGEST_TEXT = 20_000  # characters given to the recognisers at once
_STREETS = "street|st|avenue|ave|road|rd|drive|dr|close|crescent|cres|lane|court|boulevard|blvd|way|place|terrace|point|bay|green|gate|run|bend|landing|hollow"
_NOT_SINS = r"(?:title|registration|registered|instrument|document|roll|plan|linc|certificate|caveat|mortgage|file|account)\b[\w .,:#-]{0,24}$"


class Detection(NamedTuple):
    """Personal data at characters `[start, end)` of a sheet's text. `field` names the field whose value it is."""

    start: int
    end: int
    pii_class: str
    score: float
    recogniser: str
    field: str | None = None


@dataclass(frozen=True)
class Shape:
    """How one class of personal data looks. The group `value` of the pattern is the data; `check` confirms a match."""

    pii_class: str
    name: str
    pattern: re.Pattern[str]
    score: float
    check: str = ""


def _shape(pii_class: str, name: str, pattern: str, score: float, check: str = "") -> Shape:
    return Shape(pii_class, name, re.compile(pattern, re.IGNORECASE), score, check)


_NINE = r"(?<![\d+-])(?<!\d\s)(?P<value>\d{3}[\s-]\d{3}[\s-]\d{3})(?![\d-]|\s?\+|\s\d)"
SHAPES: tuple[Shape, ...] = (
    _shape(
        "email",
        "email",
        r"(?<![\w.+-])(?P<value>[a-z0-9][\w.+-]{0,63}@(?:[a-z0-9-]{1,63}\.){1,5}[a-z]{2,24})(?![\w-])",
        1.0,
    ),
    _shape(
        "sin",
        "sin_named",
        r"\b(?:s\.?\s?i\.?\s?n\.?|social\s+insurance(?:\s+(?:number|no\.?))?)(?![a-z])[^\d\n]{0,40}\n?(?P<value>\d{3}[\s-]?\d{3}[\s-]?\d{3})(?!\d)",
        0.95,
    ),
    _shape("sin", "sin_checked", _NINE, 0.6, "sin"),
    _shape(
        "phone",
        "phone",
        r"(?<![\d+.-])(?<!\d\s)(?P<value>(?:\+?1[\s.-]?)?(?:\(\d{3}\)\s?|\d{3}[.-]|\d{3}\s)\d{3}[\s.-]\d{4})(?:\s?(?:x|ext\.?)\s?\d{1,5})?(?![\d-])",
        0.8,
        "phone",
    ),
    _shape(
        "phone",
        "phone_named",
        r"\b(?:tel(?:ephone)?|phone|cell|mobile|fax)\b[^\d\n+(]{0,16}(?P<value>\+?[\d(][\d ().-]{7,18}\d)(?!\d)",
        0.85,
        "phone",
    ),
    _shape("phone", "phone_abroad", r"(?<![\w+])(?P<value>\+[2-9]\d[\d ().-]{6,16}\d)(?!\d)", 0.8, "phone"),
    _shape("card", "card", r"(?<![\d-])(?P<value>[3-6]\d{3}(?:[ -]?\d){8,14}\d)(?![\d-])", 0.9, "card"),
    _shape("bank_account", "bank_account", r"(?<![\d-])(?P<value>\d{5}\s?-\s?\d{3}\s?-\s?\d{7,12})(?![\d-])", 0.85),
    _shape(
        "bank_account",
        "bank_account_named",
        r"\b(?:bank|chequing|savings|deposit|trust)\s+(?:account|acct\.?)(?:\s+(?:number|no\.?))?[\s:#]{1,4}(?P<value>\d(?:[\s-]?\d){5,16})(?!\d)",
        0.85,
    ),
    _shape(
        "bank_account",
        "transit_named",
        r"\b(?:transit|institution)(?:\s+(?:number|no\.?))?[\s:#]{1,4}(?P<value>\d{3,5})(?!\d).{0,30}?\baccount",
        0.6,
    ),
    _shape(
        "date_of_birth",
        "date_of_birth",
        r"\b(?:date\s+of\s+birth|birth\s?date|d\.?o\.?b\.?|born(?:\s+on)?)[\s:,-]{1,4}(?P<value>\d{4}[-/]\d{1,2}[-/]\d{1,2}|\d{1,2}[-/]\d{1,2}[-/]\d{4}"
        r"|[a-z]{3,9}\.?\s\d{1,2},?\s\d{4}|\d{1,2}\s[a-z]{3,9}\.?,?\s\d{4})",
        0.9,
    ),
)


def luhn(digits: str) -> bool:
    """Whether the check digit is right (ISO/IEC 7812-1, annex B)."""
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return (sum(doubled) + sum(int(digit) for digit in digits[::-2])) % 10 == 0


def detect(sheets: Sequence[Sheet], found: Sequence[fields.Found], typed: bool) -> list[list[Detection]]:
    """The personal data of each sheet, in order and without overlaps.

    The values of fields teach names where they are people, and are no numbers of people where they are not. `typed`
    says that the document is of a type whose wording is known.
    """
    ordinary = _ordinary(sheets)
    told = [[*_of_fields(sheet, found), *_introduced(sheet, ordinary, typed)] for sheet in sheets]
    names = _Names(
        {sheet.text[one.start : one.end] for sheet, ones in zip(sheets, told, strict=True) for one in ones}, ordinary
    )
    result = []
    for sheet, ones in zip(sheets, told, strict=True):
        values = [
            span
            for one in found
            if one.page == sheet.number and one.rule.kind != "person"
            for span in sheet.spans(one.positions)
        ]
        shaped = (
            one for one in _shaped(sheet.text) if one.score >= _SURE or not any(_overlap(one, span) for span in values)
        )
        result.append(_settled([*ones, *_labelled(sheet), *shaped, *names.find(sheet.text)]))
    return result


def mask(text: str, detections: Iterable[Detection], span: Span | None = None) -> str:
    """The text (or a span of it) with a class name such as `[PERSON]` in place of each detection."""
    start, end = span or (0, len(text))
    out, at = [], start
    for one in sorted(detections, key=lambda one: one.start):
        if one.end <= at or one.start >= end:
            continue
        out.append(text[at : max(one.start, at)])
        out.append(placeholder(one.pii_class))
        at = min(one.end, end)
    return "".join([*out, text[at:end]])


def placeholder(pii_class: str) -> str:
    """What stands for masked data of a class."""
    return f"[{pii_class.upper()}]"


def _overlap(one: Detection, span: Span) -> bool:
    return one.start < span.end and one.end > span.start


def _settled(detections: list[Detection]) -> list[Detection]:
    """Detections in order without overlaps: values of fields come first, then the longer, then the surer ones."""
    chosen: list[Detection] = []
    for one in sorted(detections, key=lambda one: (one.field is None, one.start - one.end, -one.score, one.pii_class)):
        place = bisect_left(chosen, one.start, key=lambda other: other.start)
        clear_before = place == 0 or chosen[place - 1].end <= one.start
        if one.end > one.start and clear_before and (place == len(chosen) or chosen[place].start >= one.end):
            chosen.insert(place, one)
    return chosen


# -- shapes, by Presidio


def _shaped(text: str) -> Iterator[Detection]:
    engine = _engine()
    for start, part in _parts(text):
        for result in engine.analyze(part, language="en", nlp_artifacts=_artifacts()):
            name = result.recognition_metadata["recognizer_name"]
            yield Detection(
                start + result.start, start + result.end, result.entity_type.lower(), result.score, f"presidio:{name}"
            )


def _parts(text: str) -> Iterator[tuple[int, str]]:
    """The text in parts that end at line breaks: what Presidio does with its results grows with their square."""
    start = 0
    while len(text) - start > _LONGEST_TEXT:
        end = text.rfind("\n", start, start + _LONGEST_TEXT) + 1 or start + _LONGEST_TEXT
        yield start, text[start:end]
        start = end
    yield start, text[start:]


def warm() -> None:
    """Load the recognisers now rather than at the first page."""
    _engine()


@contextmanager
def _hidden(*modules: str) -> Iterator[None]:
    """Keep Presidio and spaCy from importing packages that only their models need: it triples the start of a worker."""
    absent = [name for name in modules if name not in sys.modules]
    for name in absent:
        sys.modules[name] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        for name in absent:
            del sys.modules[name]


@lru_cache(maxsize=1)
def _engine() -> "AnalyzerEngine":
    with _hidden("torch", "transformers"):
        from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
        from presidio_analyzer.context_aware_enhancers import ContextAwareEnhancer
        from presidio_analyzer.nlp_engine import NoOpNlpEngine

    class AsFound(ContextAwareEnhancer):  # type: ignore[misc]
        """The context is already in the patterns."""

        def __init__(self) -> None:
            super().__init__(0.0, 0.0, 0, 0)

        def enhance_using_context(self, text: str, raw_results: list[Any], *_: Any, **__: Any) -> list[Any]:
            return raw_results

    registry = RecognizerRegistry(recognizers=[_recogniser(shape) for shape in SHAPES], supported_languages=["en"])
    return AnalyzerEngine(
        registry=registry,
        nlp_engine=NoOpNlpEngine([{"lang_code": "en", "model_name": "none"}]),
        supported_languages=["en"],
        context_aware_enhancer=AsFound(),
    )


@lru_cache(maxsize=1)
def _artifacts() -> Any:
    return _engine().nlp_engine.process_text("", "en")


def _recogniser(shape: Shape) -> Any:
    from presidio_analyzer import LocalRecognizer, RecognizerResult

    class Recogniser(LocalRecognizer):  # type: ignore[misc]
        """The recogniser of one shape."""

        def load(self) -> None:
            """Nothing to load: the pattern is compiled."""

        def analyze(self, text: str, entities: list[str], nlp_artifacts: Any = None) -> list[RecognizerResult]:
            metadata = {
                RecognizerResult.RECOGNIZER_NAME_KEY: self.name,
                RecognizerResult.RECOGNIZER_IDENTIFIER_KEY: self.id,
            }
            return [
                RecognizerResult(
                    shape.pii_class.upper(), *match.span("value"), shape.score, recognition_metadata=dict(metadata)
                )
                for match in shape.pattern.finditer(text)
                if _confirmed(shape, text, match)
            ]

    return Recogniser(supported_entities=[shape.pii_class.upper()], name=shape.name)


def _confirmed(shape: Shape, text: str, match: re.Match[str]) -> bool:
    value = match["value"]
    digits = "".join(filter(str.isdigit, value))
    match shape.check:
        case "sin":
            return luhn(digits) and not _looks_registered(text, match.start("value"))
        case "card":
            return 13 <= len(digits) <= 19 and luhn(digits)
        case "phone":
            return _is_phone(value)
    return True


def _looks_registered(text: str, start: int) -> bool:
    """Whether a number of nine digits is more likely one of the land registry, which prints them alike: the page
    speaks of the registry and not of insurance numbers, or the words before the number name something else."""
    if re.search(_NOT_SINS, text[max(0, start - 48) : start], re.IGNORECASE):
        return True
    about = re.search(r"\b(?:sin|s\.i\.n|social\s+insurance)\b", text, re.IGNORECASE)
    registry = re.search(r"\b(?:title|registration|instrument|caveat|linc|land titles)\b", text, re.IGNORECASE)
    return registry is not None and about is None


def _is_phone(value: str) -> bool:
    import phonenumbers

    try:
        number = phonenumbers.parse(value, "CA")
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_possible_number(number) and (
        phonenumbers.is_valid_number(number) or (number.country_code == 1 and str(number.national_number)[3:6] == "555")
    )


# -- labels and names


def _labelled(sheet: Sheet) -> Iterator[Detection]:
    """What the form itself names as personal."""
    for found in fields.at_labels(sheet, catalogue().shared.personal):
        for span in sheet.spans(found.positions):
            value = sheet.text[span.start : span.end]
            start = span.start + len(value) - len(value.lstrip(_MARKS))
            yield Detection(start, start + len(value.strip(_MARKS)), found.rule.name, 0.95, "label")


def _introduced(sheet: Sheet, ordinary: frozenset[str], typed: bool) -> Iterator[Detection]:
    """People whom a label or the wording introduces. Prose is believed only where no part of the name is a word that
    the document also uses in lower case, a label where the first part is none."""
    shared = catalogue().shared
    for found in fields.at_labels(sheet, (shared.people,)):
        for one in _detections(sheet, found, 0.85, "label"):
            if _is_likely(sheet.text, one) and _parts_of(sheet.text, one)[0] not in ordinary:
                yield one
    for rule in (shared.people, shared.parties) if typed else (shared.people,):
        for found in fields.all_in_prose(sheet, rule):
            for one in _detections(sheet, found, 0.75, "wording"):
                if _is_likely(sheet.text, one) and ordinary.isdisjoint(_parts_of(sheet.text, one)):
                    yield one


def _parts_of(text: str, one: Detection) -> list[str]:
    return folded(text[one.start : one.end]).split()


def _is_likely(text: str, one: Detection) -> bool:
    """Whether capitalised words are rather a person's name: there is no abbreviation among them."""
    name = text[one.start : one.end]
    return name.isupper() or not re.search(r"\b[A-ZÀ-Þ]{2,}\b(?!['’])", name)


def _ordinary(sheets: Sequence[Sheet]) -> frozenset[str]:
    """The words that the document writes in lower case somewhere."""
    return frozenset(word for sheet in sheets for word in re.findall(r"(?<![\w@.-])[a-zß-ÿ]{3,}(?![\w@-])", sheet.text))


def _of_fields(sheet: Sheet, found: Sequence[fields.Found]) -> Iterator[Detection]:
    """The people on a sheet whom a field names."""
    for one in found:
        if one.rule.kind == "person" and one.page == sheet.number:
            yield from _detections(sheet, one, one.score, "field", one.rule.name)


def _detections(
    sheet: Sheet, found: fields.Found, score: float, recogniser: str, field: str | None = None
) -> Iterator[Detection]:
    """One detection a name of a value found."""
    for span in sheet.spans(found.positions):
        for start, end in people(sheet.text[span.start : span.end]):
            yield Detection(span.start + start, span.start + end, "person", score, recogniser, field)


def folded(text: str) -> str:
    """The text in lower case without accents, of the same length."""
    return "".join(_fold(character) for character in text)


@lru_cache(maxsize=4096)
def _fold(character: str) -> str:
    base = unicodedata.normalize("NFD", character)[0].lower()
    return base if len(base) == 1 else character


class _Names:
    """Known people, found again in any spelling of case, order, accents and initials."""

    def __init__(self, names: Iterable[str], ordinary: frozenset[str]) -> None:
        parts = [tuple(folded(given_first(name)).replace(".", "").replace(",", "").split()) for name in sorted(names)]
        known = [part for part in parts if len(part) >= 2]
        whole = {pattern for part in known for pattern in _spellings(part)}
        self._whole = (
            re.compile(rf"(?<![\w'’-])(?:{'|'.join(sorted(whole, key=lambda one: (-len(one), one)))})(?![\w-])")
            if whole
            else None
        )
        families = sorted(
            {
                re.escape(part[-1]).replace(r"\-", r"-\s?")
                for part in known
                if len(part[-1]) >= 4 and part[-1] not in ordinary
            }
        )
        self._family = (
            re.compile(
                rf"(?<![\w'’-])(?:(?:mr|mrs|ms|miss|mx|dr)\.?\s)?(?:{'|'.join(families)})(?!['’]?[a-rt-z]|s[a-z]|-\w|\d)"
                rf"(?!\s(?:{_STREETS}|{FIRM_WORDS})\b)(?!\s(?:&|and)\s[a-z]+\s(?:{FIRM_WORDS})\b)"
            )
            if families
            else None
        )

    def find(self, text: str) -> Iterator[Detection]:
        """Every place where one of them is named."""
        plain = folded(text)
        if self._whole:
            for match in self._whole.finditer(plain):
                if text[match.start()].isupper():
                    yield Detection(*match.span(), "person", 0.8, "known_name")
        if self._family:
            for match in self._family.finditer(plain):
                if text[match.start()].isupper() and not _numbered(plain, match.start()):
                    yield Detection(*match.span(), "person", 0.6, "known_family_name")


def _numbered(text: str, start: int) -> bool:
    """Whether a number stands right before, as in an address, or `&`, as in the name of a firm."""
    return bool(re.search(r"(?:\d|&)\s$", text[max(0, start - 2) : start]))


def _spellings(parts: tuple[str, ...]) -> Iterator[str]:
    """Expressions for a folded name in its usual orders, with initials left out or added."""
    given, family = parts[0], parts[-1]
    gap, initial = r"[\s,]{1,3}", r"(?:[a-z]\.?\s)?"
    first, last = (re.escape(part).replace(r"\-", r"-\s?") for part in (given, family))
    yield rf"{first}\s{initial}{last}"
    yield rf"{last},\s?{first}"
    if len(given) > 1:
        yield rf"{re.escape(given[0])}\.\s{initial}{last}"
    if len(parts) > 2:
        middle = gap.join(re.escape(part) + r"\.?" for part in parts[1:-1])
        yield rf"{first}{gap}{middle}{gap}{last}"
