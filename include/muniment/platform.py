"""The parts that a stage works with, opened once from the settings. What is done with them belongs to the stages."""

import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path

from muniment import room
from muniment.documents.memo import Memo
from muniment.documents.reading import Limits, fingerprint
from muniment.erasure.tombstones import Erased, Tombstones, any_there
from muniment.keeping.originals import Originals
from muniment.lake import Lake
from muniment.objects import Store, open_store
from muniment.privacy import Tokens, open_tokens
from muniment.register import Admit, Register
from muniment.settings import Settings


class Platform:
    """Stores, register, lake and memo of one installation. Cheap to construct; parts open on first use."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    @cached_property
    def landing(self) -> Store:
        """Where files are dropped."""
        return open_store(self.settings.landing, self.settings)

    @cached_property
    def store(self) -> Store:
        """Where raw objects, the register and the lake's files live."""
        return open_store(self.settings.lake, self.settings)

    @cached_property
    def own_store(self) -> Store:
        """Where what runs leave beside the tables lies: apart for each branch, on main the store itself."""
        settings = self.settings
        if not settings.branch:
            return self.store
        return open_store(f"{settings.lake.rstrip('/')}/{settings.own_prefix.rstrip('/')}", settings)

    @cached_property
    def register(self) -> Register:
        """The register of the landing zone; a branch adds nothing to it."""
        settings = self.settings
        return Register(
            self.landing,
            self.store,
            settings.first_window,
            self.scratch,
            self.admission,
            closed=bool(settings.branch),
        )

    @cached_property
    def originals(self) -> Originals:
        """The bytes of what was registered."""
        return Originals(self.store)

    @cached_property
    def lake(self) -> Lake:
        """The Iceberg tables."""
        return Lake(self.settings, self.store)

    @cached_property
    def limits(self) -> Limits:
        """Limits under which documents are read."""
        return Limits.of(self.settings)

    @cached_property
    def processor(self) -> str:
        """Fingerprint of everything that decides what reading a document gives."""
        return fingerprint(self.limits)

    @cached_property
    def memo(self) -> Memo:
        """What reading gave, by content."""
        return Memo(self.own_store, self.processor, self.store if self.settings.branch else None)

    @cached_property
    def tokens(self) -> Tokens:
        """What stands for personal values outside the vault."""
        return open_tokens(self.settings, self.store)

    @property
    def erased(self) -> Erased:
        """Which contents were forgotten, by what the store says now."""
        return Tombstones(self.store, self.tokens).erased if any_there(self.store) else Erased((), None)

    def admission(self) -> Admit:
        """What decides, by what was forgotten until now, whether a content that landed may be kept."""
        from muniment.erasure.redaction import admitted

        erased = self.erased
        return lambda key, sha256, spool: admitted(key, sha256, spool, erased)

    @contextmanager
    def scratch(self) -> Iterator[Path]:
        """A folder for staged files, gone afterwards; if this process is killed, `sweep` removes it."""
        from filelock import FileLock

        base = self._scratch
        base.mkdir(parents=True, exist_ok=True)
        folder = base / uuid.uuid4().hex
        with room.needed(base), FileLock(folder.with_suffix(".lock")) as lock:
            try:
                folder.mkdir()
                yield folder
            finally:
                shutil.rmtree(folder, ignore_errors=True)
                Path(lock.lock_file).unlink(missing_ok=True)

    def sweep(self) -> None:
        """Remove the scratch folders of processes that were killed: those whose lock nobody holds."""
        from filelock import FileLock, Timeout

        for lock in self._scratch.glob("*.lock"):
            with suppress(Timeout), FileLock(lock, timeout=0):
                shutil.rmtree(lock.with_suffix(""), ignore_errors=True)
                lock.unlink(missing_ok=True)

    @property
    def _scratch(self) -> Path:
        return self.settings.own_state / "scratch"

    @contextmanager
    def original(self, sha256: str) -> Iterator[Path]:
        """The original of a content as a local file, for reading only; OriginalError when it cannot be had."""
        with self.scratch() as folder:
            yield self.originals.fetch(sha256, folder / "original")

    def over_limit(self, size: int) -> str:
        """What is wrong with an object of `size` bytes; empty when it is small enough."""
        most = self.settings.max_object_mb
        return f"{size} bytes, more than MUNIMENT_MAX_OBJECT_MB={most} allows" if size > most * 2**20 else ""
