"""What reading a document gives: plain values that cross process borders and are memoised. No reading happens here."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, NamedTuple

WITHHELD = "withheld"
"""The class of a finding that is all of a page's text, which could not be looked through for personal data."""


@dataclass(frozen=True)
class Box:
    """A rectangle on a page in points; the origin is the top left corner."""

    x0: float
    y0: float
    x1: float
    y1: float


class PageSpan(NamedTuple):
    """Characters `[start, end)` of the masked text of a page."""

    page: int
    start: int
    end: int


@dataclass(frozen=True)
class Page:
    """One page. `text` is in reading order with personal data masked; `number` counts from 1; sizes are points.
    `hidden_characters` are on the page but do not show, and are no part of the text. `word_boxes` says where the words
    of the text stand (`documents.places`)."""

    number: int
    width: float
    height: float
    source: Literal["text", "layer", "ocr", "none"]
    ocr_confidence: float | None
    text: str
    hidden_characters: int = 0
    word_boxes: str = ""


@dataclass(frozen=True)
class Field:
    """A value and the place it was read from. A personal `value` is masked and has no `normalised` form. `checks` are
    the codes of what was checked and told (`documents.checks`); `currency` is the ISO 4217 code of money."""

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
    checks: tuple[str, ...] = ()
    currency: str | None = None


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
    """A passage of masked text for search; `hash` is the SHA-256 of the text in hexadecimal. `spans` of the pages' text
    hold its words, in order; its white space is its own."""

    ordinal: int
    page: int
    page_end: int
    text: str
    hash: str
    spans: tuple[PageSpan, ...] = ()


ActiveContent = Literal[
    "embedded_file",  # a file inside the file
    "file_link",  # a link that opens a file of the reader's machine
    "import_data",  # fills the form from a file
    "javascript",
    "launch",  # starts a program or opens a file
    "rich_media",  # video, sound, 3D, Flash
    "submit_form",  # sends the form away
    "xfa",  # a form of XML, with scripts of its own
    "unexamined",  # what the file would do could not be looked into, or only in part
]
"""What a document would do, or brings along, if a reader let it. It is recorded, never run."""


@dataclass(frozen=True)
class TableCell:
    """An entry of a table, personal data masked. All numbers count from 1, that of the table on its page."""

    page: int
    table: int
    row: int
    column: int
    text: str
    box: Box | None


@dataclass(frozen=True)
class Document:
    """A document that could be read. `missing` names the required fields of its type that were not found; the runner-up
    is the next likeliest type, with how likely it is. `repaired` ones were damaged: what is there was recovered.
    `active_content` is sorted."""

    document_type: str
    type_confidence: float
    matter_number: str | None
    pages: tuple[Page, ...]
    fields: tuple[Field, ...]
    findings: tuple[Finding, ...]
    chunks: tuple[Chunk, ...]
    missing: tuple[str, ...] = ()
    runner_up: str | None = None
    runner_up_confidence: float | None = None
    cells: tuple[TableCell, ...] = ()
    repaired: bool = False
    active_content: tuple[ActiveContent, ...] = ()


class Reason(StrEnum):
    """Why a document cannot be read. There is no other reason; each has a sentence that says what can be done."""

    sentence: str

    def __new__(cls, code: str, sentence: str) -> "Reason":
        """The member for a code, with its sentence."""
        member = str.__new__(cls, code)
        member._value_ = code
        member.sentence = sentence
        return member

    crashed = "crashed", "The file brings the reader down. Print it to a new PDF, or report it, with the file."
    damaged = "damaged", "The PDF is damaged or cut off, and what is left is not the whole. Send it again."
    empty = "empty", "The file has no content. Send it again."
    encrypted = "encrypted", "The PDF is locked, with a password or otherwise. Send a copy without a lock."
    memory_limit = (
        "memory_limit",
        "Reading the file takes more memory than it may. Raise MUNIMENT_PARSE_MEMORY_MB if it should be read.",
    )
    no_pages = "no_pages", "The PDF opens but has no pages. Send it again."
    not_a_pdf = "not_a_pdf", "The file does not begin like a PDF. Check what it is and export it as PDF."
    time_limit = (
        "time_limit",
        "Reading the file takes longer than it may. Raise MUNIMENT_PARSE_TIMEOUT_SECONDS if it should be read.",
    )
    too_large = "too_large", "The file is larger than any that is read. Send it in parts, or raise the limit."
    too_many_pages = (
        "too_many_pages",
        "The PDF has more pages than are read. Send it in parts, or raise MUNIMENT_MAX_PAGES.",
    )


@dataclass(frozen=True)
class Refusal:
    """Why a document could not be read, with a message without personal data."""

    reason: Reason
    message: str

    @classmethod
    def of(cls, reason: Reason, detail: str = "") -> "Refusal":
        """The refusal for a reason: its sentence, and what there is to say about this file."""
        return cls(reason, f"{reason.sentence} ({detail})" if detail else reason.sentence)


Outcome = Document | Refusal


@dataclass(frozen=True)
class Read:
    """An outcome with what it took this once, which is no part of it: seconds spent in OCR."""

    outcome: Outcome
    ocr_seconds: float
