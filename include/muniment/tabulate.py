"""Rows of the document tables from what reading a document gave. Pure: no storage, no checks."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from muniment import graph
from muniment.documents.model import WITHHELD, Box, Chunk, Document, Field, Finding, TableCell
from muniment.land import position
from muniment.privacy import Tokens
from muniment.register import Entry

Row = dict[str, Any]


def document_id(sha256: str) -> str:
    """The name of a document: the first 16 hexadecimal digits of its content's SHA-256."""
    return sha256[:16]


def rows(entry: Entry, document: Document, processor: str, tokens: Tokens) -> Iterator[tuple[str, list[Row]]]:
    """For each document table its name and the document's rows; `tokens` stand for personal values."""
    name = document_id(entry.sha256)
    key = {"document_id": name}
    fields = graph.identified(document, tokens)
    relations = graph.relations(name, document.document_type, fields)
    yield "documents", [key | _document(entry, document, processor)]
    yield "pages", [key | _numbered(asdict(page), number="page") for page in document.pages]
    yield "fields", [key | _field(field) for field in fields]
    yield "entities", [key | _entity(one) for one in graph.entities(fields)]
    yield "relationships", [key | _relation(one) for one in relations]
    yield "pii_findings", [key | _finding(finding, tokens) for finding in document.findings]
    yield "chunks", [key | _chunk(chunk) for chunk in document.chunks]
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


def _chunk(chunk: Chunk) -> Row:
    row = _numbered(asdict(chunk), hash="chunk_hash")
    return row | {"spans": " ".join(f"{page}:{start}-{end}" for page, start, end in chunk.spans) or None}


def _cell(cell: TableCell) -> Row:
    """The row of an entry; SQL reserves the plain names of its numbers."""
    numbers = {"table_number": cell.table, "row_number": cell.row, "column_number": cell.column}
    return {"page": cell.page, "text": cell.text} | numbers | (asdict(cell.box) if cell.box else {})


def _placed(row: Row, box: Box | None) -> Row:
    row.pop("box")
    row.pop("name", None)
    return row | (asdict(box) if box else {})


def _finding(finding: Finding, tokens: Tokens) -> Row:
    return _placed(asdict(finding), finding.box) | {"token": tokens.of(finding.pii_class, finding.value)}


def _entity(one: graph.Entity) -> Row:
    named = {"entity_type": one.type, "entity": one.name, "confidence": one.field.confidence}
    return named | _evidence(one.field) | _place(one)


def _place(one: graph.Entity) -> Row:
    """Where a thing lies, as far as its own name tells."""
    place = position(one.name) if one.type == "legal_description" else None
    return {"latitude": place and place.latitude, "longitude": place and place.longitude}


def _relation(one: graph.Relation) -> Row:
    row = asdict(one)
    row.pop("evidence")
    return row | _evidence(one.evidence)


def _evidence(field: Field) -> Row:
    """The field that shows something, and where it stands."""
    return {"field": field.name, "page": field.page} | (asdict(field.box) if field.box else {})
