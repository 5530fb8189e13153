"""Expressions looked for where they can begin. What they say belongs to the catalogue and to who compiles them.

`re` tries an expression at every character of a text. Most begin with one of a few words in either case, which
`str.find` finds many times as fast: an expression is tried only where one of them stands.
"""

import re
from collections.abc import Iterator
from functools import cached_property, lru_cache
from itertools import chain
from re import _constants, _parser  # type: ignore[attr-defined]  # there is no public way to look into an expression
from typing import Any

_SHORTEST, _LONGEST = 2, 8  # characters of a beginning: single letters stand everywhere, more than a few tell no more
_MOST = 100  # beginnings; with more of them trying every character is as fast
_ASCII = 128
_KEPT = 20_000  # characters of a text that is kept in lower case for the next expression
_CASELESS = {"ſ": "s", "ı": "i", "İ": "i"}  # what `re` takes for ASCII letters in another case, and `lower` does not


class Wording:
    """A regular expression that is found quickly. Any match begins with one of the `beginnings`, or where these cannot
    be told or are of no use, holds one of the `words`, if there are any; both are in lower case."""

    def __init__(self, *parts: str, flags: int = 0) -> None:
        """The expression that consists of the parts. It is compiled when a text holds what it begins with, and its
        parts are looked into one by one: those that hold names or addresses are long."""
        self._parts, self._flags = parts, flags

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The expression as `re` has it."""
        return re.compile("".join(self._parts), self._flags)

    @cached_property
    def beginnings(self) -> tuple[str, ...]:
        """Those words, none of which begins with another."""
        return _distinct(_begun(self._steps()))

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Those words; none where there are beginnings."""
        return () if self.beginnings else tuple(sorted(_held(self._steps())))

    def _steps(self) -> Iterator[Any]:
        return chain.from_iterable(_parsed(part, self._flags) for part in self._parts)

    def search(self, text: str, start: int = 0) -> re.Match[str] | None:
        """The first match from `start` on."""
        return next(self.finditer(text, start), None)

    def finditer(self, text: str, start: int = 0) -> Iterator[re.Match[str]]:
        """The matches from `start` on, which do not overlap."""
        if self.beginnings:
            return self._tried(text, start)
        return self.pattern.finditer(text, start) if self.may_be_in(text) else iter(())

    def may_be_in(self, text: str) -> bool:
        """Whether a text holds what any match does."""
        held = self.beginnings or self.words
        return not held or any(word in lowered(text) for word in held)

    def _tried(self, text: str, start: int) -> Iterator[re.Match[str]]:
        for place in self._places(lowered(text), start):
            if place >= start and (match := self.pattern.match(text, place)):
                start = match.end()
                yield match

    def _places(self, text: str, start: int) -> list[int]:
        """Where a beginning stands in a text in lower case, in order."""
        places = []
        for beginning in self.beginnings:
            place = text.find(beginning, start)
            while place >= 0:
                places.append(place)
                place = text.find(beginning, place + 1)
        return sorted(places)


def lowered(text: str) -> str:
    """The text in lower case as `re` sees it where it ignores case, of the same length."""
    return _lower(text) if len(text) > _KEPT else _kept(text)


def _lower(text: str) -> str:
    for letter, plain in _CASELESS.items():
        text = text.replace(letter, plain)
    return text.lower()


_kept = lru_cache(maxsize=128)(_lower)


# -- what an expression gives away


@lru_cache(maxsize=64)
def _parsed(part: str, flags: int) -> Any:
    return _parser.parse(part, flags)


def _distinct(beginnings: set[str]) -> tuple[str, ...]:
    """The beginnings without those that begin with another, cut to a useful length; none where one is too short."""
    distinct: list[str] = []
    for beginning in sorted(beginning[:_LONGEST] for beginning in beginnings):
        if not distinct or not beginning.startswith(distinct[-1]):
            distinct.append(beginning)
    return tuple(distinct) if len(distinct) <= _MOST and min(map(len, distinct)) >= _SHORTEST else ()


def _begun(parsed: Any) -> set[str]:
    """What matches of a parsed expression begin with."""
    whole, parts = _strings(parsed)
    return whole | parts


def _strings(parsed: Any) -> tuple[set[str], set[str]]:
    """What a parsed expression matches as far as that is told: as a whole, and in part."""
    whole, parts = {""}, set[str]()
    for operation, details in parsed:
        if min(map(len, whole)) >= _LONGEST:
            return set(), whole | parts
        more, begun = _string(operation, details)
        parts |= {before + after for before in whole for after in begun}
        whole = {before + after for before in whole for after in more}
        if not whole or len(whole) + len(parts) > 4 * _MOST:
            return set(), whole | parts
    return whole, parts


def _string(operation: Any, details: Any) -> tuple[set[str], set[str]]:
    """The same of one step of an expression; `{""}` in part where nothing is told of it."""
    match operation:
        case _constants.AT | _constants.ASSERT | _constants.ASSERT_NOT:
            return {""}, set()
        case _constants.LITERAL if details < _ASCII:
            return {chr(details).lower()}, set()
        case _constants.SUBPATTERN:
            return _strings(details[-1])
        case _constants.BRANCH:
            wholes, parts = zip(*map(_strings, details[1]), strict=True)
            return set().union(*wholes), set().union(*parts)
        case _constants.MAX_REPEAT | _constants.MIN_REPEAT:
            least, most, repeated = details
            whole, part = _strings(repeated)
            if most > 1:
                whole, part = set(), whole | part
            return (whole, part) if least else (whole | {""}, part)
    return set(), {""}


def _held(parsed: Any) -> set[str]:
    """Words one of which any match of a parsed expression holds, the longest that are told; none where none are."""
    held, word = set[str](), ""
    for operation, details in parsed:
        is_letter = operation is _constants.LITERAL and details < _ASCII
        word = word + chr(details).lower() if is_letter else ""
        held = max(held, {word} if is_letter else _held_by(operation, details), key=_least)
    return held


def _held_by(operation: Any, details: Any) -> set[str]:
    """The same of one step of an expression."""
    match operation:
        case _constants.SUBPATTERN:
            return _held(details[-1])
        case _constants.BRANCH:
            branches = list(map(_held, details[1]))
            return set().union(*branches) if all(branches) else set()
        case _constants.MAX_REPEAT | _constants.MIN_REPEAT if details[0]:
            return _held(details[-1])
    return set()


def _least(words: set[str]) -> int:
    return min(map(len, words), default=0)
