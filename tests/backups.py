"""Installations that are backed up and restored without Dagster, a warehouse, or documents: for tests of backups."""

from datetime import datetime
from pathlib import Path
from typing import Any

from muniment import windows
from muniment.backup.repository import Manifest, Repository, open_repository
from muniment.backup.restore import restore, verify
from muniment.backup.take import Taken, take
from muniment.lake import Lake
from muniment.platform import Platform
from muniment.progress import silent
from muniment.settings import load
from tests.tables import COLUMNS, contract_of, stage

KEYS = [window.key for window in windows.between("2026-03-08-00:00", "2026-03-09-18:00")]
SMALL = contract_of(*COLUMNS[:2])
SECRET = "Philippa Quillfeather"


def repository_of(platform: Platform) -> Repository:
    """Where the installation's backups go."""
    return open_repository(platform.settings)


def backed_up(platform: Platform, **options: Any) -> Taken:
    """Back an installation up."""
    return take(platform, repository_of(platform), silent, **options)


def installation(folder: Path, name: str, **overrides: Any) -> Platform:
    """An empty installation with a privacy key of its own whose backups go to `backups` beside it."""
    place = {"backup_uri": (folder / "backups").as_uri(), "privacy_key": ""} | overrides
    return Platform(load(state_dir=folder / name, **place))


def put(platform: Platform, folder: Path, key: str, *names: str, run: str = "run-1") -> None:
    """Commit rows, given by their names, for a window."""
    rows = [{"name": name} for name in names]
    platform.lake.commit(stage(folder / "staged", SMALL, key, rows, run), run)


def fill(platform: Platform, folder: Path) -> None:
    """Three windows, one of them written twice, a raw object, a key, and a file that waits in landing."""
    for at, key in enumerate(KEYS[:3]):
        put(platform, folder, key, f"row {at}", SECRET)
    put(platform, folder, KEYS[0], "row 0 again")
    spool = folder / "object"
    spool.write_bytes(b"%PDF-1.7 a title")
    platform.store.create("raw/objects/abc", spool)
    platform.landing.create("late.pdf", spool)
    assert platform.tokens  # makes the key


def rows(lake: Lake, as_of: datetime | None = None) -> list[tuple[str, str]]:
    """Window and name of every row, now or as of an instant."""
    table = lake.dataset(SMALL, as_of).to_table(columns=["window_key", "name"])
    return sorted((row["window_key"], row["name"]) for row in table.to_pylist())


def manifests(platform: Platform) -> list[Manifest]:
    """Every backup, in time order."""
    repository = repository_of(platform)
    with platform.scratch() as folder:
        return [repository.read(key, folder) for key in repository.instants().values()]


def check_whole(platform: Platform) -> None:
    """Every backup can be given back."""
    for manifest in manifests(platform):
        with platform.scratch() as folder:
            assert verify(repository_of(platform), manifest, folder, silent) == []


def restored(platform: Platform, folder: Path, name: str = "elsewhere", **overrides: Any) -> Platform:
    """What comes of the platform's newest backup in another state folder."""
    other = installation(folder, name, backup_key=platform.settings.backup_key, **overrides)
    restore(other, repository_of(other), repository_of(other).latest(), silent)
    return other
