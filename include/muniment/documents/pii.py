"""Personal data: finding it in a page's text and masking it. How numbers of each class look belongs to `shapes`; which
fields are personal is declared with the fields.

Three sources are joined: Presidio with recognisers for what has a shape of its own, the labels of the catalogue for
what a form names, and people's names, which are first learned from the document (its fields, labels, forms of address)
and then found wherever they recur in it. There is no statistical model: a name that nothing introduces as one is not
found. An address is personal where a label or a name before it says whose it is; that of the property is not.

It fails closed: a page whose personal data cannot be looked for is personal as a whole, all pages where the names of
the document cannot be learned.
"""

import re
import sys
import unicodedata
from bisect import bisect_right, insort
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from muniment.documents import labels, prose
from muniment.documents.catalogue import FieldRule, catalogue
from muniment.documents.found import Found
from muniment.documents.layout import Sheet, Span
from muniment.documents.model import WITHHELD
from muniment.documents.shapes import SHAPES, Shape
from muniment.documents.values import FIRM_WORDS, FORMS, NAME, given_first, people

if TYPE_CHECKING:
    import numpy as np
    from presidio_analyzer import AnalyzerEngine

    Offsets = np.ndarray[Any, np.dtype[np.int64]]

_MARKS = " .,;:()"
_SURE = 0.9  # score from which a number is personal although a field claims it
_LONGEST_TEXT = 20_000  # characters given to the recognisers at once
_OVERLAP = 300  # of them given again with the next, since a label and its value may stand on either side of the cut
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
_STREETS = "street|st|avenue|ave|road|rd|drive|dr|close|crescent|cres|lane|court|boulevard|blvd|way|place|terrace|point|bay|green|gate|run|bend|landing|hollow"


_PERSON = FORMS["person"]
_SEVERAL = re.compile(rf"(?:{NAME})(?:\s(?:and|AND|And|&)\s(?:{NAME})){{1,3}}")
_NAMED = tuple(pattern for pattern in (_PERSON.loose, _PERSON.pattern) if pattern)


class Detection(NamedTuple):
    """Personal data at characters `[start, end)` of a sheet's text. `field` names the field whose value it is."""

    start: int
    end: int
    pii_class: str
    score: float
    recogniser: str
    field: str | None = None


PERSON, ADDRESS = "person", "address"
CLASSES = frozenset({PERSON, ADDRESS, WITHHELD, *(shape.pii_class for shape in SHAPES)})


def detect(sheets: Sequence[Sheet], found: Sequence[Found], typed: bool) -> list[list[Detection]]:
    """The personal data of each sheet, in order and without overlaps; where that fails, all of its text as withheld.

    The values of fields teach names where they are people, and are no numbers of people where they are not. `typed`
    says that the document is of a type whose wording is known.
    """
    try:
        ordinary = _ordinary(sheets)
        told = [[*_of_fields(sheet, found), *_introduced(sheet, ordinary, typed)] for sheet in sheets]
        if not any(
            one.rule.finder == "parties" for one in found
        ):  # what agreements are about may be named like families
            for sheet, ones in zip(sheets, told, strict=True):
                ones += _told_by_shape(sheet, ordinary)
        introduced = [
            sheet.text[one.start : one.end]
            for sheet, ones in zip(sheets, told, strict=True)
            for one in ones
            if one.pii_class == PERSON
        ]
        names = _Names(introduced, ordinary)
    except MemoryError:
        raise
    except Exception:  # whatever it is, a name that is not known would not be masked
        return [_withheld(sheet) for sheet in sheets]
    return [_on(sheet, ones, names, found) for sheet, ones in zip(sheets, told, strict=True)]


def _on(sheet: Sheet, told: list[Detection], names: "_Names", found: Sequence[Found]) -> list[Detection]:
    """The personal data of a sheet, given the names that are known."""
    try:
        public = [one for one in found if one.page == sheet.number and not personal(one.rule)]
        values = [span for one in public for span in sheet.spans(one.positions)]
        shaped = (
            one for one in _shaped(sheet.text) if one.score >= _SURE or not any(_overlap(one, span) for span in values)
        )
        known = [*told, *names.find(sheet.text)]
        places = {_letters(one.value) for one in found if one.rule.kind == "address" and not personal(one.rule)}
        stated = (
            one
            for one in (*_labelled(sheet), *_homes(sheet, known))
            if one.pii_class != ADDRESS or _letters(sheet.text[one.start : one.end]) not in places
        )
        return _settled([*known, *stated, *shaped], sheet.text)
    except MemoryError:
        raise
    except Exception:
        return _withheld(sheet)


def _withheld(sheet: Sheet) -> list[Detection]:
    return [Detection(0, len(sheet.text), WITHHELD, 1.0, "none")] if sheet.text else []


def personal(rule: FieldRule) -> str | None:
    """The class of a field whose every value is personal: the one that it declares or is named after."""
    return rule.personal or (rule.name if rule.name in CLASSES else None)


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


@dataclass(frozen=True)
class Masked:
    """A text with its personal data masked, and where places of the clear text are in it. The detections are in order
    and do not overlap."""

    text: str
    detections: tuple[Detection, ...]

    @classmethod
    def of(cls, clear: str, detections: Sequence[Detection]) -> "Masked":
        """The masked form of a text in clear."""
        return cls(mask(clear, detections), tuple(detections))

    def span(self, clear: Span) -> Span:
        """What stands for a span of the clear text."""
        import numpy as np

        return Span(int(self.begins(np.array(clear.start))), int(self.ends(np.array(clear.end))))

    def begins(self, starts: "Offsets") -> "Offsets":
        """Where spans begin that begin at `starts` in clear: before the mask where that is inside a detection."""
        return self._moved(starts, starts, before=True)

    def ends(self, ends: "Offsets") -> "Offsets":
        """Where spans end that end at `ends` in clear: behind the mask where that is inside a detection."""
        return self._moved(ends, ends - 1, before=False)

    def _moved(self, offsets: "Offsets", characters: "Offsets", *, before: bool) -> "Offsets":
        """The offsets in the masked text, those at `characters` inside a detection before or behind its mask."""
        import numpy as np

        if not self.detections:
            return offsets
        edges = [(one.start, one.end, len(placeholder(one.pii_class))) for one in self.detections]
        starts, ends, widths = np.array(edges).T
        grown = np.cumsum(widths - (ends - starts))  # by how much the text is longer behind each mask
        last = np.searchsorted(starts, characters, side="right") - 1
        inside = (last >= 0) & (characters < ends[last])
        masks = ends + grown - (widths if before else 0)
        return np.where(inside, masks[last], offsets + np.where(last >= 0, grown[last], 0))


def placeholder(pii_class: str) -> str:
    """What stands for masked data of a class."""
    return f"[{pii_class.upper()}]"


def _overlap(one: Detection, span: Span) -> bool:
    return one.start < span.end and one.end > span.start


def _settled(detections: list[Detection], text: str) -> list[Detection]:
    """Detections in order without overlaps: values of fields come first, then the longer, then the surer ones. What
    one of them covers alone stays covered."""
    chosen: list[Detection] = []
    for one in sorted(detections, key=lambda one: (one.field is None, one.start - one.end, -one.score, one.pii_class)):
        for span in list(_uncovered(one, chosen)):
            if re.search(r"\w", text[span.start : span.end]):
                insort(chosen, one._replace(start=span.start, end=span.end))
    return chosen


def _uncovered(one: Detection, chosen: Sequence[Detection]) -> Iterator[Span]:
    """The parts of a detection that none of the chosen ones, which are in order, covers."""
    start = one.start
    for other in chosen[bisect_right(chosen, start, key=lambda other: other.end) :]:
        if other.start >= one.end:
            break
        yield Span(start, other.start)
        start = other.end
    yield Span(start, one.end)


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
    """The text in parts that overlap: what Presidio does with its results grows with their square."""
    for start in range(0, max(len(text) - _OVERLAP, 1), _LONGEST_TEXT - _OVERLAP):
        yield start, text[start : start + _LONGEST_TEXT]


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

    registry = RecognizerRegistry(recognizers=[_recogniser(SHAPES)], supported_languages=["en"])
    return AnalyzerEngine(
        registry=registry,
        nlp_engine=NoOpNlpEngine([{"lang_code": "en", "model_name": "none"}]),
        supported_languages=["en"],
        context_aware_enhancer=AsFound(),
    )


@lru_cache(maxsize=1)
def _artifacts() -> Any:
    return _engine().nlp_engine.process_text("", "en")


def _recogniser(shapes: Sequence[Shape]) -> Any:
    """One for all shapes: what Presidio does around a recogniser takes longer than most shapes."""
    from presidio_analyzer import LocalRecognizer, RecognizerResult

    class Recogniser(LocalRecognizer):  # type: ignore[misc]
        """Says of each result which shape it is of."""

        def load(self) -> None:
            """Nothing to load: the patterns are compiled."""

        def analyze(self, text: str, entities: list[str], nlp_artifacts: Any = None) -> list[RecognizerResult]:
            return [
                RecognizerResult(
                    shape.pii_class.upper(),
                    *match.span("value"),
                    shape.score,
                    recognition_metadata={
                        RecognizerResult.RECOGNIZER_NAME_KEY: shape.name,
                        RecognizerResult.RECOGNIZER_IDENTIFIER_KEY: self.id,
                    },
                )
                for shape in shapes
                for match in shape.matches(text)
            ]

    return Recogniser(supported_entities=sorted({shape.pii_class.upper() for shape in shapes}), name="shapes")


# -- labels and names


def _labelled(sheet: Sheet) -> Iterator[Detection]:
    """What the form itself names as personal."""
    for found in labels.at_labels(sheet, catalogue().shared.personal):
        for span in sheet.spans(found.positions):
            value = sheet.text[span.start : span.end]
            start = span.start + len(value) - len(value.lstrip(_MARKS))
            yield Detection(start, start + len(value.strip(_MARKS)), found.rule.name, 0.95, "label")


_RESIDING = re.compile(
    r"(?:[\s,]{1,3}as\s(?:joint\stenants|tenants\sin\scommon))?[\s,]{1,3}(?:(?:both|all)\s)?(?:resid(?:ing|ent)\s)?"
    r"(?:of|at)[\s:,]{1,3}",
    re.IGNORECASE,
)
_HOME = re.compile(rf"(?:(?:P\.?\s?O\.?\s?)?Box\s|R\.?R\.?\s#?)?{FORMS['address'].pattern.pattern}")


def _homes(sheet: Sheet, people: Iterable[Detection]) -> Iterator[Detection]:
    """Addresses at which people are said to live: what follows a name and "of"."""
    for one in people:
        if (said := _RESIDING.match(sheet.text, one.end)) and (home := _HOME.match(sheet.text, said.end())):
            yield Detection(home.start(), home.start() + len(home[0].rstrip(_MARKS)), ADDRESS, 0.8, "wording")


def _introduced(sheet: Sheet, ordinary: frozenset[str], typed: bool) -> Iterator[Detection]:
    """People whom a label or the wording introduces. Prose is believed only where no part of the name is a word that
    the document also uses in lower case, a label where the first part is none."""
    shared = catalogue().shared
    yield from _addressed(sheet.text, ordinary)
    labelled = tuple(labels.at_labels(sheet, (_anyone(shared.people),)))
    for found in (*labelled, *(labels.in_columns(sheet, shared.people) if labelled else ())):
        for one in _detections(sheet, found, 0.85, "label"):
            if _is_likely(sheet.text, one) and _parts_of(sheet.text, one)[0] not in ordinary:
                yield one
    for rule in (shared.people, shared.parties) if typed else (shared.people,):
        for found in prose.all_in_prose(sheet, rule):
            for one in _detections(sheet, found, 0.75, "wording"):
                one = _within_line(sheet.text, one)
                if _is_likely(sheet.text, one) and ordinary.isdisjoint(_parts_of(sheet.text, one)):
                    yield one


@lru_cache(maxsize=4)
def _anyone(people: FieldRule) -> FieldRule:
    """The rule for people without its wordings, whose labels make a person of names of any shape."""
    return replace(people, form="anyone", prose=())


_MIDDLE = re.compile(r"\s[A-ZÀ-ÖØ-Þ]\.?\s")
_WITH_NAME = re.compile(r"\W*(?:(?:as\s)?(?:joint|tenants|both|each|sole|of|and)\b.*)?", re.IGNORECASE)


def _told_by_shape(sheet: Sheet, ordinary: frozenset[str]) -> Iterator[Detection]:
    """People whom nothing introduces but whose names look like nothing else: in a cell that begins with them and says
    no more than how they hold, family names first, with an initial, or several of one family."""
    for pair in _SEVERAL.finditer(sheet.text):
        spans = [(pair.start() + start, pair.start() + end) for start, end in people(pair[0])]
        parts = [folded(sheet.text[start:end]).split() for start, end in spans]
        if len({part[-1] for part in parts}) < len(parts) and ordinary.isdisjoint(
            word for part in parts for word in part
        ):
            yield from (Detection(start, end, PERSON, 0.6, "shape") for start, end in spans)
    for cell in sheet.cells:
        whole = next((match for form in _NAMED if (match := form.match(cell.text))), None)
        if whole is None or not _WITH_NAME.fullmatch(cell.text, whole.end()):
            continue
        names = [cell.text[start:end] for start, end in people(whole[0])]
        parts = [folded(given_first(name)).replace(",", "").split() for name in names]
        one_family = len(names) > 1 and len({part[-1] for part in parts}) < len(parts)
        told = one_family or any("," in name or _MIDDLE.search(name) for name in names)
        if told and ordinary.isdisjoint(word for part in parts for word in part):
            for span in sheet.spans(cell.positions):
                for start, end in people(sheet.text[span.start : span.end]):
                    yield Detection(span.start + start, span.start + end, PERSON, 0.6, "shape")


_TITLE = re.compile(
    r"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Mme|MR\.|MRS\.|MS\.|DR\.)\.?\s(?P<name>[A-ZÀ-ÖØ-Þ][\w'’-]{1,30}"
    r"(?:\s[A-ZÀ-ÖØ-Þ](?:\.|[\w'’-]{1,30})){0,2})"
)
_DRIVE = re.compile(r"(?:[A-ZÀ-ÖØ-Þ\d][\w'’-]{0,30})\sDr\.?\s$")


def _addressed(text: str, ordinary: frozenset[str]) -> Iterator[Detection]:
    """Names behind a form of address; "Dr." behind a name is a street."""
    for match in _TITLE.finditer(text):
        first = folded(match["name"]).split()[0]
        before = text[max(0, match.start() - 40) : match.start("name")]
        if first not in ordinary and not _DRIVE.search(before):
            yield Detection(*match.span("name"), PERSON, 0.75, "form_of_address")


def _parts_of(text: str, one: Detection) -> list[str]:
    return folded(text[one.start : one.end]).split()


def _within_line(text: str, one: Detection) -> Detection:
    """The name without a heading in capitals on the line above it, which prose reads along with it."""
    above, _, below = text[one.start : one.end].rpartition("\n")
    if above.isupper() and not below.isupper() and len(people(below)) == 1:
        return one._replace(start=one.end - len(below))
    return one


def _is_likely(text: str, one: Detection) -> bool:
    """Whether capitalised words are rather a person's name: there is no abbreviation among them, unless a family name in
    capitals comes first."""
    name = text[one.start : one.end]
    return name.isupper() or "," in name or not re.search(r"\b[A-ZÀ-Þ]{2,}\b(?!['’])", name)


def _ordinary(sheets: Sequence[Sheet]) -> frozenset[str]:
    """The words that the document writes in lower case somewhere."""
    return frozenset(word for sheet in sheets for word in re.findall(r"(?<![\w@.-])[a-zß-ÿ]{3,}(?![\w@-])", sheet.text))


def _of_fields(sheet: Sheet, found: Sequence[Found]) -> Iterator[Detection]:
    """The personal values of fields on a sheet: people one by one where names are told apart, all else as a whole."""
    for one in found:
        pii_class = personal(one.rule)
        if pii_class and one.page == sheet.number:
            people = _detections(sheet, one, one.score, "field", one.rule.name) if pii_class == PERSON else ()
            yield from tuple(people) or (
                Detection(*span, pii_class, one.score, "field", one.rule.name) for span in sheet.spans(one.positions)
            )


def _detections(
    sheet: Sheet, found: Found, score: float, recogniser: str, field: str | None = None
) -> Iterator[Detection]:
    """One detection a name of a value found."""
    for span in sheet.spans(found.positions):
        for start, end in _named(sheet.text[span.start : span.end], found.rule):
            yield Detection(span.start + start, span.start + end, "person", score, recogniser, field)


def _named(text: str, rule: FieldRule) -> list[tuple[int, int]]:
    """Where the names of people stand in a value. A party or whoever a label names is masked whole where the name has
    no usual shape."""
    if rule.finder == "parties" and not FORMS["person"].pattern.fullmatch(text.strip(_MARKS)):
        return [(0, len(text))]
    return people(text) or ([(0, len(text))] if rule.shape == "anyone" else [])


def _letters(text: str) -> str:
    return re.sub(r"\W", "", folded(text))


def folded(text: str) -> str:
    """The text in lower case without accents, of the same length."""
    return _BEYOND_ASCII.sub(lambda match: _fold(match[0]), text).lower()


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
