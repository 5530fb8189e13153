"""Putting files into landing: copies what was named and tells what became of each file. Reading them comes later.

A file lands now: its copy bears the time of landing, not that of the original, because the window of an object is
that of its arrival.
"""

import os
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Literal

from muniment.errors import MunimentError
from muniment.objects import TEMPORARY, BadKey, FolderStore, Store, key_of

Outcome = Literal["landed", "unchanged", "skipped", "failed"]

_BLOCK = 1 << 20


class LandingError(MunimentError):
    """Files that cannot be landed as was asked."""


@dataclass
class LandingReport:
    """What became of each file: keys that were written or lay there already, and paths with the reason why not."""

    landed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)
    failed: list[tuple[str, str]] = field(default_factory=list)


def land(
    paths: Iterable[Path],
    store: Store,
    under: str = "",
    progress: Callable[[int, int], None] | None = None,
) -> LandingReport:
    """Copy files, and folders whole, into `store` below `under`; `progress` hears how many of how many are done.

    A folder keeps its own name: `land contracts/` makes `contracts/a.pdf`. What lies there with the same bytes is left
    alone. Hidden files are skipped unless they are named themselves. Whatever cannot be copied is in the report and
    stops nothing else; only a store that cannot be used at all raises StoreError.
    """
    base = PurePosixPath(under.strip("/"))
    if ".." in base.parts:
        raise LandingError(f"{under!r} points outside landing: name a folder in it.")
    report = LandingReport()
    found = _Search(report, store)
    files = [(source, (base / name).as_posix()) for path in paths for source, name in found.files(path)]
    sizes = {info.key: info.size for info in store.list(base.as_posix() if base.parts else "")} if files else {}
    written: dict[str, Path] = {}
    for done, (source, key) in enumerate(files, start=1):
        try:
            if _holds(store, key, sizes.get(key), source):
                report.unchanged.append(key)
            elif key in written:
                report.failed.append((_shown(source), f"{_shown(written[key])} has just landed as {key}"))
            else:
                store.replace(key, source)
                report.landed.append(key)
                written[key] = source
                sizes[key] = source.stat().st_size
        except OSError as error:
            report.failed.append((_shown(source), error.strerror or str(error)))
        except BadKey as error:
            report.failed.append((_shown(source), str(error)))
        if progress:
            progress(done, len(files))
    return report


def _holds(store: Store, key: str, size: int | None, source: Path) -> bool:
    """Whether the store has exactly the bytes of `source` under `key`, where an object of `size` lies."""
    if size is None or size != source.stat().st_size:
        return False
    with source.open("rb") as ours, closing(store.open(key)) as theirs:
        return all(ours.read(len(block)) == block for block in iter(lambda: theirs.read(_BLOCK), b""))


class _Search:
    """Finds the files to land; writes into the report what it leaves out. Each folder is entered once."""

    def __init__(self, report: LandingReport, store: Store) -> None:
        self._report = report
        self._entered: dict[tuple[int, int], str] = {}
        if isinstance(store, FolderStore) and store.root.is_dir():
            self._entered[_identity(store.root.stat())] = "landing itself"

    def files(self, path: Path) -> Iterator[tuple[Path, str]]:
        """Every file at or below `path` with its key."""
        name = Path(os.path.abspath(path)).name  # noqa: PTH100 - a link keeps its own name
        ahead = [(path, Path(name))]
        while ahead:
            path, relative = ahead.pop()
            if path.name.startswith(TEMPORARY):
                self._report.skipped.append((_shown(path), "an unfinished copy"))
                continue
            try:
                status = path.stat()
                if stat.S_ISDIR(status.st_mode):
                    ahead += [(child, relative / child.name) for child in reversed(self._children(path, status))]
                elif stat.S_ISREG(status.st_mode):
                    yield path, key_of(relative)
                else:
                    self._report.failed.append((_shown(path), f"{_what(status)}, not a file"))
            except OSError as error:
                dangling = isinstance(error, FileNotFoundError) and path.is_symlink()
                reason = "a link to nothing" if dangling else error.strerror or str(error)
                self._report.failed.append((_shown(path), reason))

    def _children(self, folder: Path, status: os.stat_result) -> list[Path]:
        """What lies in a folder and is not hidden; nothing when the folder was entered before."""
        before = self._entered.setdefault(_identity(status), _shown(folder))
        if before != _shown(folder):
            self._report.skipped.append((_shown(folder), f"the same folder as {before}"))
            return []
        entries = sorted(folder.iterdir())
        if not entries:
            self._report.skipped.append((_shown(folder), "an empty folder"))
        hidden = [path for path in entries if path.name.startswith(".") and not path.name.startswith(TEMPORARY)]
        self._report.skipped += [(_shown(path), "hidden") for path in hidden]
        return [path for path in entries if path not in hidden]


def _identity(status: os.stat_result) -> tuple[int, int]:
    return status.st_dev, status.st_ino


def _what(status: os.stat_result) -> str:
    kinds = {stat.S_IFIFO: "a pipe", stat.S_IFSOCK: "a socket", stat.S_IFBLK: "a device", stat.S_IFCHR: "a device"}
    return kinds.get(stat.S_IFMT(status.st_mode), "something special")


def _shown(path: Path) -> str:
    """The path for a message, whatever bytes its name has."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")
