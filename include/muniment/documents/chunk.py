"""Cutting masked pages into passages for search. Embedding them belongs elsewhere.

A passage ends where a heading or paragraph does, at a sentence where those are too long, at a word where even that is.
The passages hold every word of the pages once and in order; what is no body of a page (`running`) is not given here.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from muniment.documents.model import Chunk, Page

_TOKENS = 190  # of the embedding model, which takes 256; see `tokens`
_PIECES = re.compile(r"[^\W\d_]{1,7}|\d{1,2}|[^\w\s]|_")
_BLANK = re.compile(r"\n\s*\n")
_LATIN = "\u024f"  # the last letter of the Latin blocks
_SENTENCE = re.compile(r"(?<=[.;:!?])\s+(?=[A-Z\[(\"“])")


@dataclass(frozen=True)
class _Piece:
    """Words that stay together: a paragraph, a sentence or a part of one."""

    page: int
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


def chunk(pages: Sequence[Page]) -> tuple[Chunk, ...]:
    """The passages of a document in order; none when no page has text."""
    chunks: list[Chunk] = []
    for pieces in _packed(_pieces(pages)):
        text = "\n".join(piece.text for piece in pieces)
        digest = hashlib.sha256(text.encode()).hexdigest()
        chunks.append(Chunk(len(chunks) + 1, pieces[0].page, pieces[-1].page, text, digest))
    return tuple(chunks)


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


def _pieces(pages: Sequence[Page]) -> Iterator[_Piece]:
    for page in pages:
        for paragraph in _BLANK.split(page.text):
            if words := paragraph.split():
                whole = " ".join(words)
                heading = _is_heading(whole)
                for part, size in _parts(whole):
                    yield _Piece(page.number, part, size, heading)


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
