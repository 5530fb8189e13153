"""The bytes of what was registered, by their SHA-256: as they came, compressed in the archive, or set aside to go.

Whoever needs an original asks here and need not know where it lies. When it moves, and when it goes, is decided by
`lifecycle`.
"""

import hashlib
import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO

from muniment.errors import MunimentError
from muniment.objects import FolderStore, Store

RAW = "raw/objects"
ARCHIVE = "archive/objects"
LEAVING = "raw/leaving"

_BLOCK = 1 << 20
_LEVEL = 6  # of zstd; what is compressed already grows by some ten bytes


class OriginalError(MunimentError):
    """An original that is not there, or not what was registered."""


def raw_key(sha256: str) -> str:
    """Key of a content as it came."""
    return f"{RAW}/{sha256}"


def archive_key(sha256: str) -> str:
    """Key of a content in the archive: one zstd frame."""
    return f"{ARCHIVE}/{sha256}.zst"


def leaving_key(sha256: str) -> str:
    """Key of a content that was set aside, as it lay at hand."""
    return f"{LEAVING}/{sha256}"


class Originals:
    """The originals in one store. At every instant of a move each is whole in at least one of the places."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def key(self, sha256: str) -> str:
        """Where the content lies; as it came when it is nowhere."""
        places = (raw_key(sha256), archive_key(sha256), leaving_key(sha256))
        return next((key for key in places if self._store.exists(key)), places[0])

    def present(self, sha256: str) -> bool:
        """Whether the content lies in any place."""
        return self._store.exists(self.key(sha256))

    def fetch(self, sha256: str, target: Path) -> Path:
        """Make the content the file `target`, which is for reading only: it may be another name of the stored one.

        OriginalError when it is nowhere, or what the archive has is damaged.
        """
        for key in (raw_key(sha256), leaving_key(sha256)):
            with suppress(FileNotFoundError):
                self._fetch_plain(key, target)
                return target
        self._fetch_archived(sha256, target)
        return target

    def _fetch_plain(self, key: str, target: Path) -> None:
        target.unlink(missing_ok=True)
        if isinstance(self._store, FolderStore):
            try:
                os.link(self._store.path(key), target)  # stays, though the original be moved meanwhile
            except FileNotFoundError:
                raise
            except OSError:  # another file system, or one without links
                pass
            else:
                return
        self._copy(key, target)

    def _copy(self, key: str, target: Path) -> None:
        with self._store.open(key) as stream, target.open("wb") as copy:
            shutil.copyfileobj(stream, copy, _BLOCK)

    def _fetch_archived(self, sha256: str, target: Path) -> None:
        place = self._store.url(archive_key(sha256))
        try:
            with self._store.open(archive_key(sha256)) as stream, target.open("wb") as copy:
                found = _unpacked(stream, copy.write)
        except FileNotFoundError:
            missing = f"{self._store.url(raw_key(sha256))} is missing, and {place} too: restore it from a backup."
            raise OriginalError(missing) from None
        if found != sha256:
            raise OriginalError(f"{place} is damaged: it holds another content. Restore it from a backup.")

    def archive(self, sha256: str, spool: Path) -> int:
        """Move a content into the archive; its size there in bytes. Killed anywhere it can be done again.

        The archive's copy is always written, so that its time is that of the last move, and read back before what lay
        at hand goes. OriginalError, with nothing gone, when that was damaged.
        """
        with self._store.open(raw_key(sha256)) as stream:
            found = _packed(stream, spool)
        if found != sha256:
            place = self._store.url(raw_key(sha256))
            raise OriginalError(f"{place} is damaged: it holds another content. Restore it from a backup.")
        self._store.replace(archive_key(sha256), spool)
        with self._store.open(archive_key(sha256)) as stream:
            back = _unpacked(stream, lambda block: None)
        if back != sha256:
            raise OriginalError(f"{self._store.url(archive_key(sha256))} was not stored as it was sent. Try again.")
        self._store.delete(raw_key(sha256))
        return spool.stat().st_size

    def set_aside(self, sha256: str, spool: Path) -> None:
        """Move a content that shall go away from where who registers it looks for it: from then on it is stored anew.

        Killed anywhere it can be done again. FileNotFoundError when it does not lie at hand.
        """
        self._copy(raw_key(sha256), spool)
        self._store.replace(leaving_key(sha256), spool)
        self._store.delete(raw_key(sha256))

    def take_back(self, sha256: str, spool: Path) -> None:
        """Move a content that was set aside back to hand; what lies there by then stays."""
        self._copy(leaving_key(sha256), spool)
        self._store.create(raw_key(sha256), spool)
        self._store.delete(leaving_key(sha256))

    def rewrite(self, sha256: str, copy: Path) -> None:
        """Put a file in the place of a content from which something was erased: it lies as it came, and is not
        archived, because it is not what its name says any more."""
        self._store.replace(raw_key(sha256), copy)
        self._store.delete(archive_key(sha256))
        self._store.delete(leaving_key(sha256))

    def delete(self, sha256: str) -> None:
        """Delete a content wherever it lies."""
        for key in (raw_key(sha256), archive_key(sha256), leaving_key(sha256)):
            self._store.delete(key)


def _packed(stream: IO[bytes], target: Path) -> str:
    """Write a stream to a file as a zstd frame; the SHA-256 of what was read."""
    import zstandard

    digest = hashlib.sha256()
    with target.open("wb") as file, zstandard.ZstdCompressor(level=_LEVEL).stream_writer(file) as packed:
        while block := stream.read(_BLOCK):
            digest.update(block)
            packed.write(block)
    return digest.hexdigest()


def _unpacked(stream: IO[bytes], write: Callable[[bytes], object]) -> str:
    """Hand the content of a zstd frame on in blocks; its SHA-256, or nothing where the frame is none."""
    import zstandard

    digest = hashlib.sha256()
    try:
        with zstandard.ZstdDecompressor().stream_reader(stream) as plain:
            while block := plain.read(_BLOCK):
                digest.update(block)
                write(block)
    except zstandard.ZstdError:
        return ""
    return digest.hexdigest()
