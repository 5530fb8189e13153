"""What was read, kept by content and by the fingerprint of what read it, so that nothing is read twice."""

import tempfile
from functools import lru_cache
from pathlib import Path
from typing import IO, TYPE_CHECKING

from muniment.documents.model import Outcome
from muniment.objects import Store

if TYPE_CHECKING:
    from pydantic import TypeAdapter

_LEVEL = 6  # of zstd


class Memo:
    """Outcomes as `parsed/<fingerprint>/<sha256[:2]>/<sha256>.json.zst` in a store, whatever their kind.

    They hold personal data in clear (the findings), so the store must be as private as the vault.
    """

    def __init__(self, store: Store, fingerprint: str, beneath: Store | None = None) -> None:
        """With a store `beneath`, outcomes are looked up there, too, and nothing in it is changed."""
        self._store, self._beneath, self._prefix = store, beneath, f"parsed/{fingerprint}"

    def get(self, sha256: str) -> Outcome | None:
        """What is kept for the content; None when there is nothing, or nothing that can be read."""
        import zstandard
        from pydantic import ValidationError

        try:
            with self._open(self._key(sha256)) as stream:
                # piece by piece, since what a damaged frame says of its size would be allocated at once
                frame = zstandard.ZstdDecompressor().decompressobj()
                plain = frame.decompress(stream.read())
            whole = frame.eof and not frame.unused_data  # else it and its checksum are cut off, or something follows
            return _adapter().validate_json(plain) if whole else None
        except (FileNotFoundError, zstandard.ZstdError, ValidationError, EOFError):
            return None

    def _open(self, key: str) -> IO[bytes]:
        try:
            return self._store.open(key)
        except FileNotFoundError:
            if self._beneath is None:
                raise
            return self._beneath.open(key)

    def put(self, sha256: str, outcome: Outcome) -> None:
        """Keep an outcome. What is there already stays, unless it cannot be read."""
        import zstandard

        packed = zstandard.ZstdCompressor(level=_LEVEL, write_checksum=True).compress(_adapter().dump_json(outcome))
        with tempfile.TemporaryDirectory(prefix="muniment-memo-") as folder:
            source = Path(folder) / "outcome"
            source.write_bytes(packed)
            key = self._key(sha256)
            if not self._store.create(key, source) and self.get(sha256) is None:
                self._store.replace(key, source)

    def forget(self, sha256: str) -> None:
        """Drop what is kept for the content, so that it is read again. What lies beneath is hidden by an outcome that
        cannot be read."""
        if self._beneath is None:
            self._store.delete(self._key(sha256))
            return
        with tempfile.NamedTemporaryFile(prefix="muniment-memo-") as nothing:
            self._store.replace(self._key(sha256), Path(nothing.name))

    def _key(self, sha256: str) -> str:
        return f"{self._prefix}/{sha256[:2]}/{sha256}.json.zst"


@lru_cache(maxsize=1)
def _adapter() -> "TypeAdapter[Outcome]":
    from pydantic import TypeAdapter

    return TypeAdapter(Outcome)
