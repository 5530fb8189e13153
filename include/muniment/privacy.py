"""Tokens that stand for personal values outside the vault, and the secret key of the installation that makes them.

A token is the class and 24 hexadecimal digits of an HMAC-SHA256 (RFC 2104) of the value's canonical form, as in
`person:9f86d081884c7d659a2feaa0`. Spellings of one value have one token, and without the key nobody can try values
until one fits. A person's token stands for a *name*: two people of one name share it, and telling them apart belongs to
`linkage`. Finding personal data belongs to `documents.pii`, masking records to `masking`.
"""

import hashlib
import hmac
import os
import re
import secrets
import tempfile
import unicodedata
import uuid
from pathlib import Path

from muniment.documents.values import day
from muniment.errors import MunimentError
from muniment.objects import Store
from muniment.settings import Settings

_DIGITS = 24
_KEY_BYTES = 32
_MARK = "privacy/key-id"  # in the lake: which key its tokens were made with
_KEPT = re.compile(rb"[0-9a-f]{64}")
_AND = re.compile(r"\s(?:and|AND|&)\s|;")
_COURTESIES = frozenset(("mr", "mrs", "ms", "miss", "mx", "dr"))
SUFFIXES = frozenset(("jr", "sr", "ii", "iii"))


class PrivacyError(MunimentError):
    """A key that is missing, damaged, open to others, or not the one that the lake's tokens were made with."""


class Tokens:
    """Makes the tokens of one installation."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def of(self, pii_class: str, value: str) -> str | None:
        """The token of a value; None where nothing is left of the value in canonical form."""
        plain = canonical(pii_class, value)
        return f"{pii_class}:{self._digest(f'{pii_class} {plain}')}" if plain else None

    def derived(self, purpose: str) -> bytes:
        """A key for another purpose, from which nothing follows about this one: HKDF-SHA256 (RFC 5869), 32 bytes."""
        extracted = hmac.new(b"muniment", self._key, hashlib.sha256).digest()
        return hmac.new(extracted, purpose.encode() + b"\x01", hashlib.sha256).digest()

    @property
    def key_id(self) -> str:
        """What tells this key from another without giving it away."""
        return self._digest("muniment key id")

    def _digest(self, text: str) -> str:
        return hmac.new(self._key, text.encode("utf-8", "replace"), hashlib.sha256).hexdigest()[:_DIGITS]


# -- canonical forms


def canonical(pii_class: str, value: str) -> str:
    """The form in which spellings of one value are equal; empty for a value without letters and digits."""
    if pii_class == "person":
        return " ".join(name_parts(value))
    if pii_class == "email":
        return "".join(value.split()).casefold()
    if pii_class == "date_of_birth":
        return day(value) or "".join(words(value))
    plain = "".join(words(value))
    return plain[1:] if pii_class == "phone" and len(plain) == 11 and plain[0] == "1" else plain


def name_parts(name: str) -> tuple[str, ...]:
    """The parts of a person's name in the order given, family, suffix: folded, without courtesies and marks.

    `OKAFOR, Kaya J.` and `Ms. Kaya J. Okafor` are both `kaya j okafor`.
    """
    family, comma, given = name.partition(",")
    if comma and (after := words(given)) and not SUFFIXES.issuperset(after):
        suffix = [part for part in after if part in SUFFIXES]
        parts = [*(part for part in after if part not in SUFFIXES), *_without_courtesies(words(family)), *suffix]
    else:
        parts = words(name)
    return tuple(_without_courtesies(parts))


def _without_courtesies(parts: list[str]) -> list[str]:
    while len(parts) > 1 and parts[0] in _COURTESIES:
        parts = parts[1:]
    return parts


def names_in(said: str | None) -> list[str]:
    """The names in a column that may name several people."""
    return _AND.split(said or "")


def words(text: str) -> list[str]:
    """The words of a text in lower case without accents; an apostrophe is no gap."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    kept = ("" if unicodedata.combining(one) or one in "'’‘`" else one if one.isalnum() else " " for one in plain)
    return "".join(kept).split()


# -- the key


def open_tokens(settings: Settings, store: Store) -> Tokens:
    """The installation's tokens; the first use makes the key, where the settings name none, and notes it in the lake.

    PrivacyError when the lake's tokens were made with another key: rows under two keys could never be joined again.
    """
    path, known = key_file(settings), _marked(store)
    if known and not settings.privacy_key.get_secret_value() and not path.exists():
        raise PrivacyError(
            f"{path} is gone, and the lake's tokens were made with it. Restore it from a backup, or set "
            f"MUNIMENT_PRIVACY_KEY to that key. {_ROTATION}"
        )
    tokens = Tokens(_key(settings))
    if known is None:
        known = _mark(store, tokens.key_id)
    if known != tokens.key_id:
        raise PrivacyError(
            f"The lake's tokens were made with another key than MUNIMENT_PRIVACY_KEY or {path}. {_ROTATION}"
        )
    return tokens


_ROTATION = (
    f"To change the key for good, delete {_MARK} in the lake and run every window again: "
    "muniment run --from FIRST --to LAST"
)


def condition(settings: Settings, store: Store) -> str:
    """How the key is kept, in words; PrivacyError when it is open to others or not the lake's. Makes nothing."""
    path, given = key_file(settings), bool(settings.privacy_key.get_secret_value())
    unmarked = _marked(store) is None
    if unmarked and not given and not path.exists():
        return "no key yet: the first run makes it"
    if not given and path.exists() and path.stat().st_mode & 0o077:
        raise PrivacyError(f"{path} can be read by others: chmod 600 {path}")
    if unmarked:
        _key(settings)
    else:
        open_tokens(settings, store)
    return "MUNIMENT_PRIVACY_KEY" if given else str(path)


def key_file(settings: Settings) -> Path:
    """Where the key is kept that the installation made for itself."""
    return settings.state / "privacy.key"


def _key(settings: Settings) -> bytes:
    given = settings.privacy_key.get_secret_value()
    if given:
        return given.encode()
    path = key_file(settings)
    if not path.exists():
        _make(path)
    kept = path.read_bytes().strip()
    if not _KEPT.fullmatch(kept):
        raise PrivacyError(f"{path} is damaged: it holds no 64 hexadecimal digits. Restore it from a backup.")
    return kept


def _make(path: Path) -> None:
    """A new key in the file, which nobody sees before it is whole; the first of several makers wins."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{uuid.uuid4().hex}")
    with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        file.write(f"{secrets.token_hex(_KEY_BYTES)}\n".encode())
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _marked(store: Store) -> str | None:
    try:
        with store.open(_MARK) as stream:
            return stream.read().decode("ascii", "replace")
    except FileNotFoundError:
        return None


def _mark(store: Store, key_id: str) -> str | None:
    """Note the key's id in the lake, unless somebody else came first; gives what stands there."""
    with tempfile.TemporaryDirectory(prefix="muniment-privacy-") as folder:
        source = Path(folder) / "key-id"
        source.write_text(key_id)
        store.create(_MARK, source)
    return _marked(store)
