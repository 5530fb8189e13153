"""What is forgotten, written down without saying it: signed records that reading, restoring and people go by.

A tombstone names contents by an HMAC of their SHA-256 and the person by HMACs of the values in canonical form, under a
key of its own that follows from the installation's privacy key. Whoever has that key can tell whether a content or a
person was forgotten; nobody can tell from the tombstone alone who it was.

They lie in the lake's store as `erasures/<id>.json`, each created once, before anything is deleted; beside the backups,
because a restored lake knows only those of its time; and, when the work is done, as notes of `control.erasures`.
"""

import hashlib
import hmac
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from muniment.errors import MunimentError
from muniment.objects import Store
from muniment.privacy import Tokens

if TYPE_CHECKING:
    from muniment.lake import Lake
    from muniment.lake.log import Log

FOLDER = "erasures"
REASON = "erased"
"""Why an object is in quarantine whose content was forgotten."""

MESSAGE = "The content was erased for good and is not read again: see muniment erasure list."

_FORMAT = 1
_DONE = ".done"
_PURPOSE = "muniment erasure 1"

Cells = Mapping[int, tuple[str, ...]]
"""Columns by the physical line of a record (its row in Parquet), from 1."""


class TombstoneError(MunimentError):
    """A tombstone that was changed, or was made with another key."""


class Seals:
    """HMAC-SHA256 under the key of tombstones, in hexadecimal."""

    def __init__(self, tokens: Tokens) -> None:
        self._key = tokens.derived(_PURPOSE)

    def of(self, kind: str, text: str) -> str:
        """What stands for a text of a kind."""
        return hmac.new(self._key, f"{kind} {text}".encode("utf-8", "replace"), hashlib.sha256).hexdigest()


@dataclass(frozen=True)
class Tombstone:
    """One erasure. `objects` and `renamed` are seals of contents that go whole, the latter under a name that goes, too;
    `cells` says what goes of contents that hold records of others as well; `counts` what was found, by place."""

    id: str
    at: str
    reason: str
    subject: tuple[str, ...]
    objects: tuple[str, ...]
    renamed: tuple[str, ...]
    cells: Mapping[str, Mapping[str, tuple[str, ...]]]
    counts: Mapping[str, int]
    rules: tuple[str, ...]
    signature: str = ""
    format: int = field(default=_FORMAT)

    @property
    def store_key(self) -> str:
        """Where it lies in the lake's store."""
        return f"{FOLDER}/{self.id}.json"

    @property
    def moment(self) -> datetime:
        """When it was written, aware."""
        return datetime.fromisoformat(self.at)

    def to_json(self) -> str:
        """As it is stored."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> "Tombstone":
        """The inverse of `to_json`; TombstoneError for what is none of ours."""
        try:
            value: dict[str, Any] = json.loads(text)
            if value["format"] != _FORMAT:
                raise TombstoneError("A record of an erasure was written by a later Muniment: use that.")
            cells = {
                seal: {line: tuple(names) for line, names in lines.items()} for seal, lines in value["cells"].items()
            }
            several = {name: tuple(value[name]) for name in ("subject", "objects", "renamed", "rules")}
            return cls(**(value | several | {"cells": cells}))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise TombstoneError(f"A record of an erasure is damaged ({error}): restore it from a backup.") from None

    def signed(self, seals: Seals) -> "Tombstone":
        """The same with its signature."""
        return replace(self, signature=seals.of("signature", replace(self, signature="").to_json()))

    def holds(self, seals: Seals) -> bool:
        """Whether nobody changed it since it was signed."""
        return hmac.compare_digest(self.signature, self.signed(seals).signature)


class Erased:
    """What tombstones say of contents. Cheap to ask; without any tombstone the key is not even looked for."""

    def __init__(self, tombstones: Iterable[Tombstone], seals: Seals | None) -> None:
        self._seals = seals
        found = list(tombstones)
        self._objects = {seal for one in found for seal in one.objects}
        self._renamed = {seal for one in found for seal in one.renamed}
        self._cells: dict[str, dict[int, set[str]]] = {}
        for one in found:
            for seal, lines in one.cells.items():
                for line, names in lines.items():
                    self._cells.setdefault(seal, {}).setdefault(int(line), set()).update(names)

    def whole(self, sha256: str) -> bool:
        """Whether a content is forgotten whole."""
        return bool(self._objects) and self._seal(sha256) in self._objects

    def renamed(self, sha256: str) -> bool:
        """Whether the names under which a content came are forgotten, too."""
        return bool(self._renamed) and self._seal(sha256) in self._renamed

    def cells(self, sha256: str) -> Cells:
        """What of a content is forgotten that is not forgotten whole."""
        lines = self._cells.get(self._seal(sha256), {}) if self._cells else {}
        return {line: tuple(sorted(names)) for line, names in lines.items()}

    def _seal(self, sha256: str) -> str:
        return self._seals.of("content", sha256) if self._seals else ""


class Tombstones:
    """The tombstones of an installation, in its store."""

    def __init__(self, store: Store, tokens: Tokens) -> None:
        self._store = store
        self.seals = Seals(tokens)

    @cached_property
    def all(self) -> tuple[Tombstone, ...]:
        """Every tombstone, the oldest first, as they were when first asked; TombstoneError when one was changed."""
        found = [
            _read(self._store, info.key) for info in sorted(self._store.list(FOLDER)) if info.key.endswith(".json")
        ]
        for one in found:
            if not one.holds(self.seals):
                raise TombstoneError(
                    f"{self._store.url(one.store_key)} was changed, or signed with another key than this "
                    "installation's: restore it from a backup."
                )
        return tuple(sorted(found, key=lambda one: (one.at, one.id)))

    @property
    def erased(self) -> Erased:
        """What they say of contents."""
        return Erased(self.all, self.seals)

    def add(self, tombstone: Tombstone, folder: Path) -> None:
        """Keep a tombstone for good; one that is there already stays."""
        spool = folder / f"{tombstone.id}.json"
        spool.write_text(tombstone.to_json(), encoding="utf-8")
        self._store.create(tombstone.store_key, spool)
        self.__dict__.pop("all", None)

    @property
    def unfinished(self) -> tuple[Tombstone, ...]:
        """Those whose work was not done to its end."""
        done = {info.key.removesuffix(_DONE) for info in self._store.list(FOLDER) if info.key.endswith(_DONE)}
        return tuple(one for one in self.all if one.store_key.removesuffix(".json") not in done)

    def finish(self, tombstone: Tombstone, folder: Path) -> None:
        """Note that its work is done."""
        spool = folder / f"{tombstone.id}{_DONE}"
        spool.touch()
        self._store.create(f"{FOLDER}/{tombstone.id}{_DONE}", spool)


def _read(store: Store, key: str) -> Tombstone:
    with store.open(key) as stream:
        return Tombstone.from_json(stream.read().decode("utf-8", "replace"))


def any_there(store: Store) -> bool:
    """Whether anything was ever forgotten."""
    return next(iter(store.list(FOLDER)), None) is not None


def unfinished(store: Store, tokens: Callable[[], Tokens]) -> tuple[Tombstone, ...]:
    """Erasures that were interrupted. Cheap where nothing was ever forgotten: then no key is asked for."""
    return Tombstones(store, tokens()).unfinished if any_there(store) else ()


def log(lake: "Lake") -> "Log":
    """What was done, and what was looked through afterwards."""
    import pyarrow as pa

    from muniment.lake.log import Log

    columns = [("erasure", pa.string()), ("record", pa.string()), ("outcome", pa.string()), ("signature", pa.string())]
    return Log(lake.catalog, "erasures", pa.schema(columns))
