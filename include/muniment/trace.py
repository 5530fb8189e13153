"""Where a value or any text came from: back to the object, page, box, extractor, window and run."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from muniment.contract import contracts
from muniment.documents.model import Box, PageSpan
from muniment.errors import MunimentError
from muniment.platform import Platform

_DPI = 110


class TraceError(MunimentError):
    """A document or field that is not there, or not there once."""


@dataclass(frozen=True)
class Origin:
    """One document's way into the platform."""

    document: str
    document_type: str
    key: str
    sha256: str
    raw: str
    window: str
    run: str
    processor: str
    pages: int


@dataclass(frozen=True)
class Place:
    """One value and where it stands; `box` is in points from the top left of the page."""

    field: str
    value: str
    page: int
    box: Box | None
    confidence: float
    extractor: str
    window: str
    run: str


@dataclass(frozen=True)
class Spot:
    """Words of a document that stand on one line, and the box around them; `occurrence` counts from 1 the places where
    the text that was asked for stands."""

    occurrence: int
    page: int
    text: str
    box: Box


@dataclass(frozen=True)
class Correction:
    """What a reviewer said of a value: the right one, None where there is none; `line` is that of its row in the file
    landed as `key`."""

    field: str
    ordinal: int
    value: str | None
    reviewer: str
    reviewed_at: str
    key: str
    line: int
    window: str
    run: str


def origin(platform: Platform, name: str) -> Origin:
    """The document that `name` means: its id, the start of its hash, or a landing key.

    TraceError when it means none or several.
    """
    if not platform.lake.present() or not platform.lake.exists(contracts()["documents"]):
        raise TraceError("There are no documents yet. Start with: muniment run")
    rows = _rows(platform, "documents", lambda c: _named(c, name))
    if not rows and (current := _documents_of(platform, name)):
        rows = _rows(platform, "documents", lambda c: c["document_id"].isin(current))
    if len(rows) != 1:
        found = ", ".join(row["document_id"] for row in rows[:5])
        raise TraceError(
            f"{name!r} means {len(rows)} documents{f' ({found})' if rows else ''}: "
            "give an id, a landing key or a longer hash. "
            'Find ids with: muniment lake "select document_id, key from documents"'
        )
    [row] = rows
    return Origin(
        row["document_id"],
        row["document_type"],
        row["key"],
        row["sha256"],
        platform.store.url(platform.originals.key(row["sha256"])),
        row["window_key"],
        row["run_id"],
        row["processor"],
        row["pages"],
    )


def _named(column: Mapping[str, Any], name: str) -> Any:
    """The condition that a row of `documents` is the one meant."""
    import pyarrow.compute as pc

    of_id = pc.starts_with(column["sha256"], name.lower()) if len(name) >= 4 else column["document_id"] == name
    return of_id | (column["key"] == name)


def _documents_of(platform: Platform, key: str) -> list[str]:
    """The document that a landing key, perhaps of a duplicate, holds now."""
    rows = [row for row in _rows(platform, "objects", lambda c: c["key"] == key) if row["document_id"]]
    latest = max(rows, key=lambda row: row["register_sequence"], default=None)
    return [latest["document_id"]] if latest else []


def places(platform: Platform, document: str, field: str | None) -> list[Place]:
    """The document's values, or those of one field; TraceError when it has no such field."""
    rows = _rows(platform, "fields", lambda c: c["document_id"] == document)
    found = [_place(row) for row in rows if field in (None, row["field"])]
    if field and not found and not corrections(platform, document, field):
        has = ", ".join(sorted({row["field"] for row in rows})) or "none"
        raise TraceError(f"Document {document} has no field {field!r}. Its fields: {has}.")
    return found


def corrections(platform: Platform, document: str, field: str | None) -> list[Correction]:
    """What reviewers said of the document, or of one of its fields, the latest word on each value first."""
    if not platform.lake.exists(contracts()["corrections"]):
        return []
    rows = _rows(platform, "corrections", lambda c: c["document_id"] == document)
    files = sorted({row["source_object_id"] for row in rows})
    objects = _rows(platform, "objects", lambda c: c["object_id"].isin(files)) if files else ()
    keys = {row["object_id"]: row["key"] for row in objects}
    told = [_correction(row, keys) for row in rows if field in (None, row["field"])]
    told.sort(key=lambda one: one.reviewed_at, reverse=True)
    return sorted(told, key=lambda one: (one.field, one.ordinal))


def _correction(row: dict[str, Any], keys: Mapping[str, str]) -> Correction:
    return Correction(
        row["field"],
        row["ordinal"],
        row["value"],
        row["reviewer"],
        row["reviewed_at"].isoformat(timespec="seconds"),
        keys.get(row["source_object_id"], row["source_object_id"]),
        row["source_line"],
        row["window_key"],
        row["run_id"],
    )


def _place(row: dict[str, Any]) -> Place:
    edges = [row[name] for name in ("x0", "y0", "x1", "y1")]
    box = None if None in edges else Box(*edges)
    return Place(
        row["field"],
        row["value"] if row["pii_class"] else row["normalised"] or row["value"],
        row["page"],
        box,
        row["confidence"],
        row["extractor"],
        row["window_key"],
        row["run_id"],
    )


def quoted(platform: Platform, document: str, words: str) -> list[Spot]:
    """Where the document has these words, line by line; TraceError when it does not."""
    from muniment import quote

    if not re.search(r"\w", words):
        raise TraceError("Give the words to look for: what --text was given has no letter or digit.")
    pages = _pages(platform, document)
    chunks = sorted(_rows(platform, "chunks", lambda c: c["document_id"] == document), key=lambda row: row["ordinal"])
    texts = {number: row["text"] for number, row in pages.items()}
    found = quote.find(words, texts, [span for row in chunks for span in _spans(row)])
    if not found:
        raise TraceError(
            f"Document {document} does not have these words one after the other. Case, accents, spaces and hyphens do "
            "not count; where personal data stood write its class, such as [PERSON]. Its text: "
            f"muniment lake \"select page, text from pages where document_id = '{document}'\""
        )
    return [spot for number, spans in enumerate(found, 1) for spot in _spots(pages, number, spans)]


def passage(platform: Platform, document: str, ordinal: int) -> list[Spot]:
    """Where a passage of the document stands, line by line; TraceError when it has no such passage."""
    rows = {row["ordinal"]: row for row in _rows(platform, "chunks", lambda c: c["document_id"] == document)}
    if ordinal not in rows:
        raise TraceError(f"Document {document} has no passage {ordinal}: it has {len(rows)}, counted from 1.")
    return list(_spots(_pages(platform, document), 1, _spans(rows[ordinal])))


def _pages(platform: Platform, document: str) -> dict[int, dict[str, Any]]:
    """The rows of the document's pages by number."""
    return {row["page"]: row for row in _rows(platform, "pages", lambda c: c["document_id"] == document)}


def _spans(chunk: Mapping[str, Any]) -> Iterator[PageSpan]:
    for page, start, end in re.findall(r"(\d+):(\d+)-(\d+)", _kept(chunk, "spans")):
        yield PageSpan(int(page), int(start), int(end))


def _spots(pages: Mapping[int, Mapping[str, Any]], occurrence: int, spans: Iterable[PageSpan]) -> Iterator[Spot]:
    from muniment.documents.places import lines

    for page, start, end in spans:
        for text, box in lines(pages[page]["text"], _kept(pages[page], "word_boxes"), start, end):
            yield Spot(occurrence, page, text, box)


def _kept(row: Mapping[str, Any], column: str) -> str:
    """A column that rows written before it was there do not have."""
    if row[column] is None:
        key = row["window_key"]
        raise TraceError(
            f"Document {row['document_id']} was read before the places of words were kept. Read it again: "
            f"muniment run --from {key} --to {key}"
        )
    return str(row[column])


def _rows(platform: Platform, table: str, where: Callable[[Mapping[str, Any]], Any]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = platform.lake.find(contracts()[table], where).to_pylist()
    return rows


def draw(platform: Platform, sha256: str, found: Sequence[Place | Spot], out: Path) -> int:
    """Write a PNG of the page with the boxes drawn in red; the first place decides the page, whose number is given."""
    from PIL import Image, ImageDraw

    from muniment.documents.picture import render_page
    from muniment.isolation import Confined

    boxed = [place for place in found if place.box]
    if not boxed:
        raise TraceError("There is no place to draw: no value of this document has a box on a page.")
    page = boxed[0].page
    with platform.original(sha256) as path:
        limits = platform.limits
        with Confined(limits.timeout_seconds, limits.memory_mb) as confined:
            width, height, pixels = confined.call(render_page, path, page, _DPI)
    image = Image.frombytes("RGB", (width, height), pixels)
    pen = ImageDraw.Draw(image)
    scale = _DPI / 72
    for place in boxed:
        if place.box and place.page == page:
            box = place.box
            pen.rectangle(
                [box.x0 * scale - 3, box.y0 * scale - 3, box.x1 * scale + 3, box.y1 * scale + 3], outline="red", width=2
            )
    image.save(out, "PNG")
    return page
