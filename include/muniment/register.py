"""The register: which landed object belongs to which window. What the objects hold is read elsewhere.

The register is a log of manifests, one a window, in `register/00000001.json`, `…2.json` and so on. A manifest is
created once and never changes; because its number can be taken only once, two runs that register at the same time
cannot both win, and the order of the log settles which of two equal contents came first.

An object belongs to the window of its modification time while that window is not registered; after that it is late
and belongs to the window that is registered next (docs/decisions/0002-register.md).

A window that was kept for as long as the settings say is retired: a mark `retired/<window>.json`, created once, keeps
it from ever being run again (docs/decisions/0028-lifecycle.md). Its manifest stays, so that its objects are not new.
"""

import hashlib
import json
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import IO, Literal

from muniment import windows
from muniment.errors import MunimentError
from muniment.keeping.originals import raw_key
from muniment.objects import ObjectInfo, Store
from muniment.windows import Window

Kind = Literal["pdf", "records", "other", "unreadable"]

_LOG = "register"
_RETIRED = "retired"
_RECORD_SUFFIXES = {".csv", ".jsonl", ".ndjson", ".parquet"}
_HEAD = 1024


class RegisterError(MunimentError):
    """A register that cannot be read or a window that cannot be registered."""


@dataclass(frozen=True)
class Entry:
    """One registered object: `modified` is ISO 8601 in UTC, `version` is what landing called this content."""

    object_id: str
    key: str
    size: int
    modified: str
    version: str
    sha256: str
    kind: Kind
    late: bool


@dataclass(frozen=True)
class Manifest:
    """What a window holds, in key order; `sequence` is its place in the register."""

    sequence: int
    window_key: str
    registered_at: str
    entries: tuple[Entry, ...]

    @property
    def window(self) -> Window:
        """The window."""
        return windows.parse(self.window_key)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the manifest in hexadecimal."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()

    @property
    def store_key(self) -> str:
        """Where the manifest is stored."""
        return f"{_LOG}/{self.sequence:08d}.json"

    def to_json(self) -> str:
        """The manifest as it is stored."""
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> "Manifest":
        """The inverse of `to_json`."""
        value = json.loads(text)
        return cls(**{**value, "entries": tuple(Entry(**entry) for entry in value["entries"])})


@dataclass
class Arrivals:
    """Landed objects that no manifest holds: by the window that awaits them, and those that are late."""

    by_window: dict[Window, list[ObjectInfo]] = field(default_factory=dict)
    late: list[ObjectInfo] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.by_window or self.late)


Admit = Callable[[str, str, Path], bool]
"""Whether a content that landed under a key, with its SHA-256, may be kept; the file may lose some of it."""

Scratch = Callable[[], AbstractContextManager[Path]]


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """A folder of the operating system's, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="muniment-") as folder:
        yield Path(folder)


class Register:
    """The register of one landing zone, kept in the lake's store. `scratch` gives a folder for unfinished copies;
    `admission`, asked once a window, says which contents may be kept: one that may not is registered all the same.

    One that is `closed` takes no new window.
    """

    def __init__(
        self,
        landing: Store,
        lake: Store,
        first_window: str,
        scratch: Scratch = temporary_folder,
        admission: Callable[[], Admit] = lambda: lambda key, sha256, spool: True,
        *,
        closed: bool = False,
    ) -> None:
        self._landing = landing
        self._lake = lake
        self._first = windows.parse(first_window)
        self._scratch = scratch
        self._closed = closed
        self._admission = admission

    def manifests(self) -> list[Manifest]:
        """All manifests in register order; RegisterError when one is damaged or missing."""
        found = [self._read(info.key) for info in sorted(self._lake.list(_LOG))]
        for position, manifest in enumerate(found, start=1):
            if manifest.sequence != position:
                raise RegisterError(
                    f"Manifest {position} is missing from {self._lake.url(_LOG)}: restore it from a backup."
                )
        return found

    def live(self) -> list[Manifest]:
        """The manifests of windows that are not retired, in register order."""
        retired = self.retired()
        return [manifest for manifest in self.manifests() if manifest.window_key not in retired]

    def retired(self) -> frozenset[str]:
        """The keys of retired windows."""
        slugs = (PurePosixPath(info.key).stem for info in self._lake.list(_RETIRED))
        return frozenset(f"{slug[:-2]}:{slug[-2:]}" for slug in slugs)

    def retire(self, manifest: Manifest, now: datetime, run_id: str) -> None:
        """Mark a window as retired, from when on nothing runs it; nothing happens when it is."""
        mark = {"window_key": manifest.window_key, "retired_at": now.astimezone(UTC).isoformat(), "run_id": run_id}
        with self._scratch() as folder:
            spool = folder / "mark"
            spool.write_text(json.dumps(mark), encoding="utf-8")
            self._lake.create(f"{_RETIRED}/{manifest.window.slug}.json", spool)

    def of(self, keys: Iterable[str]) -> list[Manifest]:
        """Manifests of registered windows, in the order of `keys`; RegisterError for one that is not registered, or
        retired."""
        keys = list(keys)
        self._refuse_retired(keys)
        by_key = {manifest.window_key: manifest for manifest in self.manifests()}
        try:
            return [by_key[key] for key in keys]
        except KeyError as error:
            raise RegisterError(f"Window {error.args[0]} is not registered: materialise `register` first.") from None

    def _refuse_retired(self, keys: Iterable[str]) -> None:
        if gone := sorted(self.retired().intersection(keys)):
            raise RegisterError(
                f"Window {gone[0]} is retired: it was kept for MUNIMENT_ARCHIVED_DAYS, and its originals and rows "
                "are gone."
            )

    def _read(self, key: str) -> Manifest:
        with self._lake.open(key) as stream:
            text = stream.read().decode()
        try:
            return Manifest.from_json(text)
        except (ValueError, TypeError, KeyError) as error:
            raise RegisterError(
                f"{self._lake.url(key)} is not a manifest ({error}): restore it from a backup."
            ) from error

    def arrivals(self, manifests: Iterable[Manifest], now: datetime) -> Arrivals:
        """Landed objects that none of `manifests` holds, as seen at the aware instant `now`."""
        known = {(entry.key, entry.version) for manifest in manifests for entry in manifest.entries}
        registered = {manifest.window_key for manifest in manifests}
        found = Arrivals()
        for info in sorted(self._landing.list()):  # which of two copies comes first must not depend on the store
            if (info.key, info.version) in known:
                continue
            own = self._own_window(info, now)
            if own.key in registered:
                found.late.append(info)
            else:
                found.by_window.setdefault(own, []).append(info)
        return found

    def _own_window(self, info: ObjectInfo, now: datetime) -> Window:
        """The window of the modification time; what is older than the first or from the future is moved in."""
        return max(self._first, windows.containing(min(info.modified, now)))

    def due(self, now: datetime) -> list[Window]:
        """Windows that must be registered so that every landed object has one, in time order; none when closed."""
        if self._closed:
            return []
        manifests = self.manifests()
        arrivals = self.arrivals(manifests, now)
        due = set(arrivals.by_window)
        if arrivals.late and not due:
            room = self._room(arrivals.late, {m.window_key for m in manifests}, now)
            due |= {room} if room else set()
        return sorted(due)

    def _room(self, late: list[ObjectInfo], registered: set[str], now: datetime) -> Window | None:
        """An unregistered window for late objects: the first after theirs, else the last before."""
        last = windows.containing(now)
        own = max(self._own_window(info, now) for info in late)
        after = (w for w in windows.between(own.key, last.key) if w.key not in registered)
        before = (w for w in reversed(windows.between(self._first.key, own.key)) if w.key not in registered)
        return next(after, None) or next(before, None)

    def register(
        self, wanted: Iterable[Window], now: datetime, progress: Callable[[int, int], None] = lambda done, total: None
    ) -> list[Manifest]:
        """Manifests of the `wanted` windows, registering those that are new.

        Earlier windows with objects are registered first, whether wanted or not, so that the order of the log follows
        time whatever the order of runs. RegisterError for a window that cannot be registered.
        """
        targets = sorted(set(wanted))
        self.check(targets, now)
        if targets:
            while self._register_next(targets, now, progress):
                pass
        return self.of(window.key for window in targets)

    def check(self, wanted: Iterable[Window], now: datetime) -> None:
        """RegisterError for a window that is not registered and cannot be at the aware instant `now`."""
        wanted = list(wanted)
        self._refuse_retired(window.key for window in wanted)
        registered = {manifest.window_key for manifest in self.manifests()} if self._closed else set()
        for window in wanted:
            if self._closed and window.key not in registered:
                raise RegisterError(
                    f"Window {window.key} is not registered, and a branch registers none: run it on main first, "
                    "without MUNIMENT_BRANCH."
                )
            if window.start > now:
                raise RegisterError(
                    f"Window {window.key} has not begun: it opens at {window.start:%Y-%m-%d %H:%M} UTC."
                )
            if window < self._first:
                raise RegisterError(
                    f"Window {window.key} lies before the first, {self._first.key} (MUNIMENT_FIRST_WINDOW): "
                    "what is older belongs to the first."
                )

    def _register_next(self, targets: list[Window], now: datetime, progress: Callable[[int, int], None]) -> bool:
        """Register the earliest window that lacks a manifest; False when none does."""
        manifests = self.manifests()
        registered = {manifest.window_key for manifest in manifests}
        arrivals = self.arrivals(manifests, now)
        missing = {w for w in targets if w.key not in registered}
        if not missing:
            return False
        window = min(missing | {w for w in arrivals.by_window if w < max(missing)})
        own = arrivals.by_window.get(window, [])
        stamp = now.astimezone(UTC).isoformat(timespec="microseconds")
        with self._scratch() as folder:
            entries = sorted(self._store_all(window, own, arrivals.late, folder, progress), key=lambda entry: entry.key)
            self._append(Manifest(len(manifests) + 1, window.key, stamp, tuple(entries)), folder)
        return True

    def _store_all(
        self,
        window: Window,
        own: list[ObjectInfo],
        late: list[ObjectInfo],
        folder: Path,
        progress: Callable[[int, int], None],
    ) -> Iterator[Entry]:
        total, admit = len(own) + len(late), self._admission()
        for done, info in enumerate((*own, *late), start=1):
            entry = self._store(window, info, folder / "object", admit, late=done > len(own))
            if entry:
                yield entry
            progress(done, total)

    def _store(self, window: Window, info: ObjectInfo, spool: Path, admit: Admit, *, late: bool) -> Entry | None:
        """Copy an object to the raw store while hashing it; None when it changed meanwhile: it stays pending.

        One that may not be read has no content to hash; its key and version stand for it.
        """
        try:
            stream = self._landing.open(info.key)
        except FileNotFoundError:
            return None
        except PermissionError:
            name = hashlib.sha256(f"{info.key}\n{info.version}".encode()).hexdigest()
            return _entry(window, info, name, "unreadable", late=late)
        with stream:
            sha256, size, head = _copy(stream, spool)
        if size != info.size:
            return None
        if not self._lake.exists(raw_key(sha256)) and admit(info.key, sha256, spool):
            self._lake.create(raw_key(sha256), spool)
        return _entry(window, info, sha256, kind_of(info.key, head), late=late)

    def _append(self, manifest: Manifest, folder: Path) -> None:
        """Add a manifest to the log unless its number is taken by now; the caller looks again either way."""
        spool = folder / "manifest"
        spool.write_text(manifest.to_json(), encoding="utf-8")
        self._lake.create(manifest.store_key, spool)


def _copy(stream: IO[bytes], spool: Path) -> tuple[str, int, bytes]:
    """Write what a stream gives to a file; its SHA-256, size and first bytes."""
    digest, size, head = hashlib.sha256(), 0, b""
    with spool.open("wb") as copy:
        while block := stream.read(1 << 20):
            digest.update(block)
            copy.write(block)
            head = head or block[:_HEAD]
            size += len(block)
    return digest.hexdigest(), size, head


def _entry(window: Window, info: ObjectInfo, sha256: str, kind: Kind, *, late: bool) -> Entry:
    object_id = hashlib.sha256(f"{window.key}\n{info.key}\n{sha256}".encode()).hexdigest()[:16]
    modified = info.modified.isoformat(timespec="microseconds")
    return Entry(object_id, info.key, info.size, modified, info.version, sha256, kind, late)


def kind_of(key: str, head: bytes) -> Kind:
    """What an object is taken for, by its name and first bytes; a PDF may begin anywhere in the first 1024 bytes."""
    suffix = PurePosixPath(key).suffix.lower()
    if suffix == ".pdf":
        return "pdf"
    if suffix in _RECORD_SUFFIXES:
        return "records"
    return "pdf" if b"%PDF-" in head else "other"


class FirstSeen:
    """Which object brought a content first, by register order and key: the others are its duplicates.

    `reader` names what an object is read by. The same bytes below another table's folder are no duplicate: whoever
    landed them there the first time may have been wrong.
    """

    def __init__(
        self, manifests: Iterable[Manifest], reader: Callable[[Entry], str] = lambda entry: entry.kind
    ) -> None:
        self._reader = reader
        self._first: dict[tuple[str, str], str] = {}
        for manifest in manifests:
            for entry in manifest.entries:
                self._first.setdefault(self._content(entry), entry.object_id)

    def is_original(self, entry: Entry) -> bool:
        """Whether no object before this one had its content."""
        return self._first[self._content(entry)] == entry.object_id

    def _content(self, entry: Entry) -> tuple[str, str]:
        return entry.sha256, self._reader(entry)
