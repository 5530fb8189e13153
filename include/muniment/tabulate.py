"""Rows of the document tables from what reading a document gave. Pure: no storage, no checks."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from muniment.documents.model import WITHHELD, Box, Document, Field, TableCell
from muniment.land import position
from muniment.register import Entry

Row = dict[str, Any]

_ENTITY_OF_KIND = {
    "linc": "parcel",
    "title_number": "title",
    "legal": "legal_description",
    "organisation": "organisation",
}
_RELATION_TO_TITLE = {
    "certificate_of_title": "certifies_title",
    "transfer_of_land": "transfers_title",
    "mortgage": "encumbers_title",
    "caveat": "encumbers_title",
}


def document_id(sha256: str) -> str:
    """The name of a document: the first 16 hexadecimal digits of its content's SHA-256."""
    return sha256[:16]


def rows(entry: Entry, document: Document, processor: str) -> Iterator[tuple[str, list[Row]]]:
    """For each document table its name and the document's rows."""
    key = {"document_id": document_id(entry.sha256)}
    entities = _entities(document)
    yield "documents", [key | _document(entry, document, processor)]
    yield "pages", [key | _numbered(asdict(page), number="page") for page in document.pages]
    yield "fields", [key | _field(field) for field in document.fields]
    yield "entities", [key | entity for entity in entities]
    yield "relationships", [key | relation for relation in _relationships(document, entities)]
    yield "pii_findings", [key | _placed(asdict(finding), finding.box) for finding in document.findings]
    yield "chunks", [key | _numbered(asdict(chunk), hash="chunk_hash") for chunk in document.chunks]
    yield "cells", [key | _cell(cell) for cell in document.cells]


def _document(entry: Entry, document: Document, processor: str) -> Row:
    return {
        "object_id": entry.object_id,
        "key": entry.key,
        "sha256": entry.sha256,
        "document_type": document.document_type,
        "type_confidence": document.type_confidence,
        "matter_number": document.matter_number,
        "pages": len(document.pages),
        "pages_recognised": sum(page.source == "ocr" for page in document.pages),
        "characters": sum(len(page.text) for page in document.pages),
        "processor": processor,
        "missing_fields": ", ".join(document.missing) or None,
        "runner_up": document.runner_up,
        "runner_up_confidence": document.runner_up_confidence,
        "hidden_characters": sum(page.hidden_characters for page in document.pages),
        "repaired": document.repaired,
        "active_content": ",".join(document.active_content) or None,
        "pages_withheld": sum(finding.pii_class == WITHHELD for finding in document.findings),
    }


def _field(field: Field) -> Row:
    return _placed(asdict(field), field.box) | {"field": field.name, "checks": ", ".join(field.checks) or None}


def _numbered(row: Row, **renamed: str) -> Row:
    return {renamed.get(name, name): value for name, value in row.items()}


def _cell(cell: TableCell) -> Row:
    """The row of an entry; SQL reserves the plain names of its numbers."""
    numbers = {"table_number": cell.table, "row_number": cell.row, "column_number": cell.column}
    return {"page": cell.page, "text": cell.text} | numbers | (asdict(cell.box) if cell.box else {})


def _placed(row: Row, box: Box | None) -> Row:
    row.pop("box")
    row.pop("name", None)
    return row | (asdict(box) if box else {})


def _entities(document: Document) -> list[Row]:
    """Distinct things that the document names, each with the field that named it first."""
    found: dict[tuple[str, str], Row] = {}
    for field in document.fields:
        for kind, name in _names(field):
            row = {"entity_type": kind, "entity": name, "field": field.name, "page": field.page} | _place(kind, name)
            found.setdefault((kind, name), row)
    return [found[key] for key in sorted(found)]


def _place(kind: str, name: str) -> Row:
    """Where a thing lies, as far as its own name tells."""
    place = position(name) if kind == "legal_description" else None
    return {"latitude": place and place.latitude, "longitude": place and place.longitude}


def _names(field: Field) -> Iterator[tuple[str, str]]:
    if field.pii_class:
        return
    name = " ".join((field.normalised or field.value).upper().split())
    if field.name == "matter_number":
        yield "matter", name
    elif field.name in ("instrument_number", "registration_number"):
        yield "instrument", name
    elif field.kind in _ENTITY_OF_KIND:
        yield _ENTITY_OF_KIND[field.kind], name


def _relationships(document: Document, entities: list[Row]) -> list[Row]:
    about_title = _RELATION_TO_TITLE.get(document.document_type, "concerns")
    about_instrument = "discharges_instrument" if document.document_type == "discharge" else "concerns"
    relation = {
        "matter": "belongs_to_matter",
        "parcel": "describes_parcel",
        "title": about_title,
        "instrument": about_instrument,
    }
    return [
        {"relation": relation[e["entity_type"]], "target_type": e["entity_type"], "target": e["entity"]}
        for e in entities
        if e["entity_type"] in relation
    ]
