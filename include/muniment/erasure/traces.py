"""What of a text is the person: the values that stand for somebody, and finding them however they are spelled. Pure.

A name is found in the order given and with the family first, in any case, with or without accents and courtesies; a
number however its digits are spaced; an e-mail address in any case. Where texts come from belongs to `scope`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from muniment.documents.pii import CLASSES
from muniment.documents.values import day
from muniment.errors import MunimentError
from muniment.privacy import SUFFIXES, Tokens, canonical, name_parts, words

Kind = Literal["person", "email", "number", "token"]

_LONGEST = 200
_EMAIL = re.compile(r"[^\s@]{1,64}@[^\s@]{1,190}\.[^\s@.]{2,24}")
_TOKEN = re.compile(r"[a-z_]{2,24}:[0-9a-f]{24}")
_NUMBER = re.compile(r"[A-Za-z]{0,3}[\d\s().+/-]*\d[\dA-Za-z\s().+/-]*")
_MATTER = re.compile(r"\d{4}-\d{4}")
_LEAST_DIGITS = 6
_LEAST_LETTERS = 4  # of a name; a shorter one would be found in everybody's
_GAP = r"[ \t\u00a0.()/-]{0,3}"


class SubjectError(MunimentError):
    """What was given stands for nobody, or for too many."""


@dataclass(frozen=True)
class Value:
    """A value that stands for a person, in canonical form."""

    kind: Kind
    plain: str

    @property
    def label(self) -> str:
        """What it is, without saying it."""
        return {"person": "a name", "email": "an e-mail address", "number": "a number", "token": "a token"}[self.kind]


def parse(text: str) -> Value:
    """The value that somebody typed; SubjectError when it cannot stand for one person."""
    given = text.strip()
    if len(given) > _LONGEST:
        raise SubjectError(f"That is longer than {_LONGEST} characters: give one name, e-mail address or number.")
    if _TOKEN.fullmatch(given):
        return Value("token", given)
    if given.partition(":")[0] in CLASSES and ":" in given:
        raise SubjectError("That is not a whole token: give all of it as it stands in the lake, with 24 digits.")
    if _EMAIL.fullmatch(given):
        return Value("email", canonical("email", given))
    if _NUMBER.fullmatch(given) and sum(one.isdigit() for one in given) >= _LEAST_DIGITS:
        return _number(given)
    parts = name_parts(given)
    if len(parts) < 2 or any(any(c.isdigit() for c in part) for part in parts):
        raise SubjectError(
            "That stands for nobody in particular: give a full name (given name and family), an e-mail address, a "
            f"number of at least {_LEAST_DIGITS} digits, or a token as it stands in the lake."
        )
    if sum(map(len, parts)) < _LEAST_LETTERS:
        raise SubjectError("That is too short to stand for one person: add what else is known, such as a number.")
    return Value("person", " ".join(parts))


def _number(given: str) -> Value:
    if day(given):
        raise SubjectError("A date is many people's: give a name, an e-mail address or a number that one person has.")
    if _MATTER.fullmatch(given):
        raise SubjectError("That is a matter's number, not a person's: give the person, and --matter for the matter.")
    return Value("number", canonical("phone", given))


class Traces:
    """Finds the values of one person in texts. `tokens` are those that stand for them outside the vault."""

    def __init__(self, values: Iterable[Value], tokens: Tokens) -> None:
        self.values = frozenset(values)
        self._tokens = tokens
        self.tokens = frozenset(token for value in self.values for token in _tokens_of(value, tokens))
        names = (value for value in self.values if value.kind == "person")
        self._names = frozenset(f" {order} " for value in names for order in _orders(value))
        self._emails = tuple(value.plain for value in self.values if value.kind == "email")
        numbers = sorted(value.plain for value in self.values if value.kind == "number")
        self._numbers = re.compile("|".join(map(_spaced, numbers))) if numbers else None

    @property
    def beyond_names(self) -> "Traces":
        """What is the person's beyond a name, which others may bear."""
        own = (value for value in self.values if value.kind != "person" and not value.plain.startswith("person:"))
        return Traces(own, self._tokens)

    def of(self, pii_class: str, value: str) -> bool:
        """Whether a value of a class of personal data is the person's, whatever its spelling."""
        return self._tokens.of(pii_class, value) in self.tokens or self.found_in(value)

    def found_in(self, text: str) -> bool:
        """Whether the person stands in a text."""
        if not text:
            return False
        if ":" in text and any(token in text for token in self.tokens):
            return True
        if self._emails and "@" in text:
            folded = text.casefold()
            if any(_alone(folded, email) for email in self._emails):
                return True
        if self._numbers and self._numbers.search(text):
            return True
        if not self._names:
            return False
        if text.isascii() and not self._may_name(text.casefold()):
            return False
        folded = f" {' '.join(words(text))} "
        return any(name in folded for name in self._names)

    def hinted_in(self, name: str) -> bool:
        """Whether the name of a file has a part of the person's name, as of `okafor - title.pdf`."""
        parts = {part for order in self._names for part in order.split() if len(part) > 2 and part not in SUFFIXES}
        return not parts.isdisjoint(words(name))

    def _may_name(self, folded: str) -> bool:
        """Whether all parts of a name stand somewhere in a text of plain letters; folding it whole takes longer."""
        plain = folded.replace("'", "").replace("`", "")
        return any(all(part in plain for part in name.split()) for name in self._names)


def _tokens_of(value: Value, tokens: Tokens) -> Iterable[str]:
    if value.kind == "token":
        return (value.plain,)
    classes = CLASSES - {"person", "email"} if value.kind == "number" else {value.kind}
    return filter(None, (tokens.of(pii_class, value.plain) for pii_class in sorted(classes)))


def _orders(value: Value) -> Iterable[str]:
    """A name as it is spoken and as lists have it, with the family first, of however many words that is."""
    parts = value.plain.split()
    suffix = parts[-1:] if len(parts) > 2 and parts[-1] in SUFFIXES else []
    named = parts[: len(parts) - len(suffix)]
    yield value.plain
    for at in range(1, len(named)):
        given, family = named[:at], named[at:]
        yield " ".join([*family, *given, *suffix])
        yield " ".join([*family, *suffix, *given])


def _alone(text: str, email: str) -> bool:
    """Whether an address stands in a text by itself, not at the end of a longer one."""
    at = text.find(email)
    while at >= 0:
        before, after = text[at - 1 : at], text[at + len(email) : at + len(email) + 1]
        if not (before.isalnum() or before in {"_", "+", "-"}) and not (after.isalnum() or after in {"_", "-"}):
            return True
        at = text.find(email, at + 1)
    return False


def _spaced(number: str) -> str:
    """A number in whatever way its digits are set apart, as a bounded pattern; not as part of a longer one."""
    country = r"(?:\+?1[ .-]?)?" if len(number) == 10 and number.isdigit() else ""
    return rf"(?<![^\W_]){country}\(?{_GAP.join(_either(one) for one in number)}(?![^\W_])"


def _either(character: str) -> str:
    return f"[{character.lower()}{character.upper()}]" if character.isalpha() else re.escape(character)
