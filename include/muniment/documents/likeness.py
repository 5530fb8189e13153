"""What papers a document's words are like, whatever its title says. What that counts for belongs to `classify`.

The likeness is a multinomial logistic regression over which words stand in a text. What each word weighs is in
`likeness.csv` of the catalogue, which `bench/likeness.py` fits; nothing is fitted while reading. A type that the file
does not know is told by its title, wordings and cues alone.
"""

import csv
import math
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from muniment.settings import LIKENESS

_WORD = re.compile(r"[^\W\d_]{3,}")


class Weights(NamedTuple):
    """What speaks for each of the `types`: `before` any word is known, and in `words`, in natural logarithms."""

    types: tuple[str, ...]
    before: tuple[float, ...]
    words: Mapping[str, tuple[float, ...]]


def words_of(text: str) -> frozenset[str]:
    """The words of a text that may weigh something, in one case."""
    return frozenset(_WORD.findall(text.casefold()))


@cache
def weights(path: Path = LIKENESS) -> Weights:
    """The weights of a file: a row a word, a column a type; the row without a word is what holds before any."""
    with path.open(encoding="utf-8", newline="") as file:
        (_, *types), *rows = csv.reader(file)
    by_word = {word: tuple(map(float, row)) for word, *row in rows}
    return Weights(tuple(types), by_word.pop(""), by_word)


def likeness(text: str, known: Weights | None = None) -> dict[str, float]:
    """How likely a text is of each type, or of `other`: probabilities that add up to 1, by the words that it holds.

    A word counts once. Long texts hold more words, so that each counts the less: by one over the square root of how
    many are known.
    """
    types, before, by_word = known or weights()
    present = [by_word[word] for word in sorted(words_of(text)) if word in by_word]
    scale = 1 / math.sqrt(len(present) or 1)
    sums = [math.fsum(own) for own in zip(*present, strict=True)] or [0.0] * len(types)
    logits = [first + scale * own for first, own in zip(before, sums, strict=True)]
    highest = max(logits)
    shares = [math.exp(one - highest) for one in logits]
    return {name: share / sum(shares) for name, share in zip(types, shares, strict=True)}
