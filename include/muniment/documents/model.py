"""What reading a document gives: plain values that cross process borders and are memoised. No reading happens here."""

from dataclasses import dataclass
from typing import Literal

WITHHELD = "withheld"
"""The class of a finding that is all of a page's text, which could not be looked through for personal data."""


@dataclass(frozen=True)
class Box:
    """A rectangle on a page in points; the origin is the top left corner."""

    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True)
class Page:
    """One page. `text` is in reading order with personal data masked; `number` counts from 1; sizes are points."""

    number: int
    width: float
    height: float
    source: Literal["text", "ocr", "none"]
    ocr_confidence: float | None
    text: str


@dataclass(frozen=True)
class Field:
    """A value and the place it was read from. A personal `value` is masked and has no `normalised` form."""

    name: str
    ordinal: int
    kind: str
    value: str
    normalised: str | None
    pii_class: str | None
    page: int
    box: Box | None
    confidence: float
    extractor: str


@dataclass(frozen=True)
class Finding:
    """Personal data in clear. `field` names the field whose value it is, where it is one."""

    ordinal: int
    pii_class: str
    field: str | None
    value: str
    page: int
    box: Box | None
    score: float
    recogniser: str


@dataclass(frozen=True)
class Chunk:
    """A passage of masked text for search; `hash` is the SHA-256 of the text in hexadecimal."""

    ordinal: int
    page: int
    page_end: int
    text: str
    hash: str


@dataclass(frozen=True)
class Document:
    """A document that could be read."""

    document_type: str
    type_confidence: float
    matter_number: str | None
    pages: tuple[Page, ...]
    fields: tuple[Field, ...]
    findings: tuple[Finding, ...]
    chunks: tuple[Chunk, ...]


@dataclass(frozen=True)
class Refusal:
    """Why a document could not be read: a reason as a code and a message without personal data."""

    reason: str
    message: str


Outcome = Document | Refusal
