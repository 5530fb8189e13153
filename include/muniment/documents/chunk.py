"""Cutting masked pages into passages for search. Embedding them belongs elsewhere.

A passage ends where a heading or paragraph does, at a sentence where those are too long, at a word where even that is.
The passages hold every word of the pages once and in order; what is no body of a page (`running`) is not given here.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from muniment.documents.layout import Span
from muniment.documents.model import Chunk, Page, PageSpan

_TOKENS = 190  # of the embedding model, which takes 256; see `tokens`
_PIECES = re.compile(r"[^\W\d_]{1,7}|\d{1,2}|[^\w\s]|_")
_BLANK = re.compile(r"\n\s*\n")
_LATIN = "\u024f"  # the last letter of the Latin blocks
_SENTENCE = re.compile(r"(?<=[.;:!?])\s+(?=[A-Z\[(\"“])")


@dataclass(frozen=True)
class _Piece:
    """Words that stay together: a paragraph, a sentence or a part of one; they are `span` of a page's body."""

    page: int
    body: int
    span: Span
    text: str
    tokens: int
    heading: bool


def tokens(text: str) -> int:
    """About how many word pieces the embedding model makes of the text: a tenth too many as a rule, a tenth too few at
    worst, measured on contracts and forms.

    WordPiece keeps common words whole, cuts others into bits, and takes marks and letters beyond Latin singly.
    """
    latin = len(_PIECES.findall(text))
    return latin if text.isascii() else latin + sum(letter > _LATIN for letter in text)


def chunk(pages: Sequence[Page], bodies: Sequence[Sequence[Span]] | None = None) -> tuple[Chunk, ...]:
    """The passages of a document in order; none when no page has text. `bodies` are the spans of each page's text that
    are its body: all of it where they are not given."""
    chunks: list[Chunk] = []
    for pieces in _packed(_pieces(pages, bodies or [[Span(0, len(page.text))] for page in pages])):
        text = "\n".join(piece.text for piece in pieces)
        digest = hashlib.sha256(text.encode()).hexdigest()
        chunks.append(Chunk(len(chunks) + 1, pieces[0].page, pieces[-1].page, text, digest, tuple(_spans(pieces))))
    return tuple(chunks)


def _spans(pieces: Sequence[_Piece]) -> Iterator[PageSpan]:
    """What the pieces are of their pages: one span of each body."""
    for (page, _), group in groupby(pieces, key=lambda piece: (piece.page, piece.body)):
        own = list(group)
        yield PageSpan(page, own[0].span.start, own[-1].span.end)


def _packed(pieces: Iterable[_Piece]) -> Iterator[list[_Piece]]:
    """Pieces together as far as they fit; a heading opens a new passage once the last is half full."""
    current: list[_Piece] = []
    size = 0
    for piece in pieces:
        full = size + piece.tokens > _TOKENS
        if current and (full or (piece.heading and size > _TOKENS // 2)):
            carried = [current.pop()] if full and current[-1].heading and len(current) > 1 else []
            yield current
            current, size = carried, sum(one.tokens for one in carried)
        current.append(piece)
        size += piece.tokens
    if current:
        yield current


def _pieces(pages: Sequence[Page], bodies: Sequence[Sequence[Span]]) -> Iterator[_Piece]:
    for page, own in zip(pages, bodies, strict=True):
        for order, body in enumerate(own):
            for paragraph in _paragraphs(page.text, body):
                yield from _of_paragraph(page, order, paragraph)


def _of_paragraph(page: Page, body: int, paragraph: Span) -> Iterator[_Piece]:
    if words := page.text[paragraph.start : paragraph.end].split():
        whole = " ".join(words)
        heading = _is_heading(whole)
        parts = list(_parts(whole))
        located = _located(page.text, paragraph, [part for part, _ in parts])
        for (part, size), span in zip(parts, located, strict=True):
            yield _Piece(page.number, body, span, part, size, heading)


def _paragraphs(text: str, body: Span) -> Iterator[Span]:
    """What lies between empty lines."""
    start = body.start
    for blank in _BLANK.finditer(text, *body):
        yield Span(start, blank.start())
        start = blank.end()
    yield Span(start, body.end)


def _located(text: str, paragraph: Span, parts: Sequence[str]) -> Iterator[Span]:
    """Where parts stand that hold the words of a paragraph one after the other."""
    if len(parts) == 1:
        yield paragraph
        return
    at = paragraph.start
    for part in parts:
        words = part.split()
        start = at = text.index(words[0], at)
        for word in words:
            at = text.index(word, at) + len(word)  # only white space lies before it
        yield Span(start, at)


def _is_heading(paragraph: str) -> bool:
    """A short line that is no sentence and is set in capitals, in title case or behind a number."""
    words = paragraph.split()
    if not 1 <= len(words) <= 12 or paragraph[-1] in ".,;:":
        return False
    capitals = sum(word[0].isupper() or not word[0].isalpha() for word in words)
    return paragraph.isupper() or capitals >= 0.7 * len(words)


def _parts(paragraph: str) -> Iterator[tuple[str, int]]:
    """The paragraph, or its sentences, or bits of them, none beyond the size of a passage, each with its tokens."""
    if (size := tokens(paragraph)) <= _TOKENS:
        yield paragraph, size
        return
    for sentence in _SENTENCE.split(paragraph):
        if (size := tokens(sentence)) <= _TOKENS:
            yield sentence, size
        else:
            yield from _slices(sentence)


def _slices(sentence: str) -> Iterator[tuple[str, int]]:
    current: list[str] = []
    size = 0
    for word in (bit for whole in sentence.split(" ") for bit in _bits(whole)):
        cost = tokens(word)
        if current and size + cost > _TOKENS:
            yield " ".join(current), size
            current, size = [], 0
        current.append(word)
        size += cost
    if current:
        yield " ".join(current), size


def _bits(word: str) -> Iterator[str]:
    """A word, or what a run without spaces has to be cut into."""
    if tokens(word) <= _TOKENS:
        yield word
        return
    for start in range(0, len(word), _TOKENS // 2):
        yield word[start : start + _TOKENS // 2]
