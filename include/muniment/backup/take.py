"""Taking a backup: what an installation holds that cannot be made again, while it may be at work.

Landing is copied first: what a run registers meanwhile is in the lake when that is listed. Then the catalog is asked,
and the files are listed after, the register before what it names: what a table needs never changes once it is written,
so the listing holds all that the tables needed then. Upkeep and erasures, which delete, are kept away meanwhile. The
warehouse is left out, because a run makes it again from the lake.
"""

import os
import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from muniment import room
from muniment.backup.repository import Area, BackupError, Kept, Manifest, Repository, Table
from muniment.erasure.forgetting import keep_beside
from muniment.keeping.originals import ARCHIVE
from muniment.lake.branches import is_of_branch
from muniment.objects import FolderStore, ObjectInfo, Store
from muniment.platform import Platform
from muniment.progress import Progress

AT_ONCE = 8
"""Copies under way at once: what they wait for is the network."""
_MOMENT = timedelta(microseconds=1)
_PASSING = (".lock", ".log", "-wal", "-shm", "-journal")
_REGISTER = "register"
_SQLITE = b"SQLite format 3\0"


@dataclass(frozen=True)
class Taken:
    """A backup that was taken: its key, how many files were looked into, how many contents were new, and where the
    files in landing lie that may not be read, and are not in it."""

    key: str
    manifest: Manifest
    examined: int
    new: int
    left_out: tuple[str, ...]


def take(
    platform: Platform,
    repository: Repository,
    progress: Progress,
    *,
    incremental: bool = False,
    now: datetime | None = None,
) -> Taken:
    """Back the installation up. An incremental backup does not look into files that the one before it found in the same
    version; what it gives is as whole as a full one. BackupError when a file that a table needs is not there, or one of
    the lake or the state folder may not be read; LakeError at once while upkeep, an erasure or a backup is at work.

    It bears the aware instant `now`, or one just after the newest backup where the clock was put back: so the newest is
    always the one that was taken last.
    """
    now = max([now or datetime.now(UTC), *(last + _MOMENT for last in list(repository.instants())[-1:])])
    alone = platform.lake.kept_up() if platform.lake.present() else nullcontext()
    with _permitted(), alone, platform.scratch() as folder:
        known = _known(repository, folder) if incremental else {}
        waiting, barred = _waiting(platform, now)
        landed, looked_into = _copy_all(platform, repository, waiting, known, folder, progress)
        before = tables(platform)
        listed = [*_objects("lake", platform.store, _of_main(platform)), *_state(platform, folder)]
        kept, examined = _copy_all(platform, repository, listed, known, folder, progress)
        moved = _moved(platform, kept)
        if moved:
            kept += _copy_all(platform, repository, moved, known, folder, progress)[0]
        _check(before, kept, platform)
        kept += _not_registered(platform, landed, kept)
        keep_beside(platform, repository)
        location = platform.store.location("")
        manifest = Manifest(now, location, tuple(kept), tuple(before), platform.settings.told())
        key = repository.write(manifest, folder)
    new = len({file.sha256 for file in kept} - repository.contents)
    return Taken(
        key, manifest, examined + looked_into, new, tuple(platform.landing.url(one.kept.key) for one in barred)
    )


@contextmanager
def _permitted() -> Iterator[None]:
    """Turns the refusal of a file by the system into BackupError."""
    try:
        yield
    except PermissionError as error:
        raise BackupError(
            f"{error.filename} may not be used by this account ({error.strerror}), so no backup was made: allow it, "
            "then give the command again."
        ) from error


@dataclass(frozen=True)
class _Listed:
    """A file that there is: as `Kept`, less its hash; `path` where it lies on this machine."""

    kept: Kept
    path: Path | None = None


_Known = dict[tuple[str, str, int, str], str]
"""SHA-256 by area, key, size and version."""


def _known(repository: Repository, folder: Path) -> _Known:
    if not repository.instants():
        return {}
    last = repository.read(repository.latest(), folder)
    return {_identity(file): file.sha256 for file in last.files if file.sha256 in repository.contents}


def tables(platform: Platform) -> list[Table]:
    """What each table of the lake is now."""
    root = platform.store.location("")
    found = platform.lake.inventory() if platform.lake.present() else ()
    return [
        Table(
            one.name,
            one.metadata.removeprefix(root),
            one.snapshot,
            {place.removeprefix(root): rows for place, rows in one.files.items()},
        )
        for one in found
    ]


def _objects(area: Area, store: Store, infos: Iterable[ObjectInfo]) -> Iterator[_Listed]:
    for info in infos:
        path = store.path(info.key) if isinstance(store, FolderStore) else None
        yield _Listed(Kept(area, info.key, info.size, info.version, ""), path)


def _of_main(platform: Platform) -> Iterator[ObjectInfo]:
    """Main's lake. A branch is somebody's workbench, and the catalog is asked for main's tables only."""
    registered = {info.key: info for info in platform.store.list(_REGISTER)}  # first: what it names is listed after it
    yield from registered.values()
    for info in platform.store.list():
        if info.key not in registered and not info.key.startswith(f"{_REGISTER}/") and not is_of_branch(info.key):
            yield info


def _moved(platform: Platform, kept: list[Kept]) -> list[_Listed]:
    """Originals in the archive that are not kept yet: they were listed where they lay before, and moved from there."""
    there = {file.key for file in kept if file.area == "lake"}
    archived = (info for info in platform.store.list(ARCHIVE) if info.key not in there)
    return list(_objects("lake", platform.store, archived))


def _waiting(platform: Platform, now: datetime) -> tuple[list[_Listed], list[_Listed]]:
    """What in landing is yet to be registered, for what was registered lies in the lake; and what of it may not be
    read: what another put there under lock and key stops no backup."""
    arrivals = platform.register.arrivals(platform.register.manifests(), now)
    infos = [*arrivals.late, *(info for infos in arrivals.by_window.values() for info in infos)]
    listed = list(_objects("landing", platform.landing, infos))
    barred = [one for one in listed if one.path and not os.access(one.path, os.R_OK)]
    return [one for one in listed if one not in barred], barred


def _not_registered(platform: Platform, landed: list[Kept], kept: list[Kept]) -> list[Kept]:
    """What of landing the register of this backup does not hold: what it does would be registered a second time."""
    there = {file.key for file in kept if file.area == "lake"}
    manifests = (one for one in platform.register.manifests() if one.store_key in there) if landed else ()
    registered = {(entry.key, entry.version) for one in manifests for entry in one.entries}
    return [file for file in landed if (file.key, file.version) not in registered]


def _state(platform: Platform, folder: Path) -> Iterator[_Listed]:
    """Dagster's instance and the key of the tokens. Databases are copied as SQLite copies them, between two writes."""
    state, home = platform.settings.state, platform.settings.dagster_home
    paths = [state / "privacy.key", *sorted(home.rglob("*"))]
    for at, path in enumerate(path for path in paths if path.is_file() and not path.name.endswith(_PASSING)):
        if path.parent == home / "alive":
            continue
        info = path.stat()
        copy = _database(path, folder / f"state-{at}") if _is_database(path) else path
        kept = Kept("state", path.relative_to(state).as_posix(), copy.stat().st_size, str(info.st_mtime_ns), "")
        yield _Listed(kept, copy)


def _is_database(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(_SQLITE)) == _SQLITE


def _database(path: Path, copy: Path) -> Path:
    try:
        with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
    except sqlite3.Error as error:
        if room.is_full(error):
            raise room.no_room(path.parent, error) from error
        raise BackupError(
            f"{path} cannot be copied ({error}): restore it from an earlier backup, or move it away."
        ) from error
    return copy


def _copy_all(
    platform: Platform, repository: Repository, listed: list[_Listed], known: _Known, folder: Path, progress: Progress
) -> tuple[list[Kept], int]:
    """The files with their hashes, and how many were looked into. What is gone by now was needed by no table."""

    def copied(at: int, one: _Listed) -> Kept | None:
        spool, sealed = folder / f"{at}", folder / f"{at}.sealed"
        try:
            return replace(one.kept, sha256=repository.put(one.path or _fetched(platform, one.kept, spool), sealed))
        except FileNotFoundError:
            return None
        finally:
            spool.unlink(missing_ok=True)
            sealed.unlink(missing_ok=True)

    kept = [replace(one.kept, sha256=digest) for one in listed if (digest := known.get(_identity(one.kept)))]
    todo = [one for one in listed if _identity(one.kept) not in known]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for done, copy in enumerate(pool.map(copied, count(), todo), start=1):
            progress(done, len(todo))
            if copy:
                kept.append(copy)
    return sorted(kept, key=lambda file: (file.area, file.key)), len(todo)


def _identity(file: Kept) -> tuple[str, str, int, str]:
    return file.area, file.key, file.size, file.version


def _fetched(platform: Platform, file: Kept, spool: Path) -> Path:
    store = platform.landing if file.area == "landing" else platform.store
    with store.open(file.key) as stream, spool.open("wb") as copy:
        shutil.copyfileobj(stream, copy, 1 << 20)
    return spool


def _check(before: list[Table], kept: list[Kept], platform: Platform) -> None:
    """BackupError unless what the tables held when the catalog was asked was copied."""
    there = {file.key for file in kept if file.area == "lake"}
    missing = sorted({key for table in before for key in (table.metadata, *table.files)} - there)
    if missing:
        raise BackupError(
            f"{platform.store.url(missing[0])} is missing, one of {len(missing)} files that tables need: try again if "
            "maintenance is at work, else restore it from an earlier backup."
        )
