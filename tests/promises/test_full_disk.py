"""Promises 3 and 4 on a disk that is full: it is said which place has no room, nothing is half-visible, all that was
there stays readable, and the same command finishes when there is room again.

The disk is a small one of its own where this machine allows to mount one. Everywhere, files may be limited to a length.
"""

import os
import random
import resource
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from muniment.backup.restore import restore
from muniment.platform import Platform
from muniment.progress import silent
from muniment.room import NoRoom
from tests.backups import backed_up, check_whole, installation, repository_of, rows
from tests.installation import Installation
from tests.tables import stage
from tests.unit.test_lake_maintenance import DAYS, NOTHING_KEPT, SMALL, House

ROOMS = [0, 4_096, 16_384, 65_536, 98_304, 131_072, 147_456, 163_840]
"""Bytes that are left: from none to enough for a window's file and some of what names it."""


class Disk:
    """A folder on a disk of its own, which can be filled."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._filler = folder / "filler"

    @contextmanager
    def left(self, room: int) -> Iterator[None]:
        """For the block, only so many bytes are free."""
        found = os.statvfs(self.folder)
        with self._filler.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, max(found.f_bavail * found.f_frsize - room, 1))
        try:
            yield
        finally:
            self._filler.unlink()


@pytest.fixture
def disk(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Disk]:
    """A disk of a few megabytes, or of the size given as parameter."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={getattr(request, 'param', '8m')}", "tmpfs", str(folder)]
    try:
        if subprocess.run(mount, capture_output=True, check=False).returncode:
            pytest.skip("this machine lets nobody mount a small disk")
    except FileNotFoundError:
        pytest.skip("this machine has no program that mounts a small disk")
    try:
        yield Disk(folder)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def large(version: str) -> list[dict[str, Any]]:
    """Rows that take about a hundred kilobytes and cannot be packed into less."""
    rng = random.Random(version)
    return [{"name": f"{version} {at}", "note": rng.randbytes(500).hex()} for at in range(200)]


def refused(do: Callable[[], Any], place: Path) -> bool:
    """Whether there was no room for it, which is said in one sentence that names the place."""
    try:
        do()
    except NoRoom as error:
        assert str(place) in str(error)
        assert "make room there and give the command again" in str(error)
        return True
    return False


def test_a_commit_without_room_changes_nothing_and_succeeds_when_there_is_some(disk: Disk, tmp_path: Path) -> None:
    house, failed = House(disk.folder), list[int]()
    house.put(DAYS[1], "first")
    house.put(DAYS[2], "other")
    expected = {DAYS[1]: ["first"], DAYS[2]: ["other"]}
    for room in ROOMS:
        batch = stage(tmp_path / "staged", SMALL, DAYS[1], large(f"{room}"), f"run-{room}")
        with disk.left(room):
            if refused(lambda batch=batch, room=room: house.lake.commit(batch, f"run-{room}"), disk.folder):  # type: ignore[misc]
                failed.append(room)
            else:
                expected[DAYS[1]] = [row["name"] for row in large(f"{room}")]
            stranger = House(disk.folder)
            assert {key: stranger.names(key) for key in expected} == expected
            assert stranger.by_iceberg() == sorted(name for names in expected.values() for name in names)
        house.lake.commit(batch, f"run-{room}")
        expected[DAYS[1]] = [row["name"] for row in large(f"{room}")]
        assert {key: house.names(key) for key in expected} == expected
    assert {0, 65_536} <= set(failed)
    assert len(failed) < len(ROOMS), "in the end there was enough"


def test_upkeep_without_room_says_so_for_the_table_and_finishes_when_there_is_some(disk: Disk) -> None:
    house, failed = House(disk.folder), 0
    for key in DAYS[:4]:
        rows = [{"name": f"{key} {row['name']}", "note": row["note"]} for row in large(key)]
        house.lake.commit(stage(disk.folder / "staged", SMALL, key, rows), "run-1")
    before = house.names()
    for room in (0, 65_536, 400_000):
        with disk.left(room):
            report = house.keep_up(NOTHING_KEPT)
            assert not report.error or f"There is no room left in {disk.folder}" in report.error.replace("file://", "")
            failed += bool(report.error)
            assert House(disk.folder).names() == before
    assert failed >= 2
    assert not house.keep_up(NOTHING_KEPT).error
    assert len({held.path for held in house.held().values()}) == 1
    assert house.names() == before


def test_a_backup_without_room_is_not_made_and_those_before_stay_whole(disk: Disk, tmp_path: Path) -> None:
    here = installation(tmp_path, "here", backup_uri=(disk.folder / "backups").as_uri())
    _put(here, tmp_path, "first")
    backed_up(here)
    _put(here, tmp_path, "second")
    for room in (0, 65_536):
        with disk.left(room):
            assert refused(lambda: backed_up(here), disk.folder)
            assert len(repository_of(here).instants()) == 1
            check_whole(here)
    backed_up(here)
    assert len(repository_of(here).instants()) == 2
    check_whole(here)


def test_a_restore_without_room_is_gone_on_with_when_there_is_some(disk: Disk, tmp_path: Path) -> None:
    here = installation(tmp_path, "here")
    for version in "ab":
        _put(here, tmp_path, version)
    backed_up(here)
    there = installation(tmp_path, "disk/there")
    repository = repository_of(here)
    for room in (0, 65_536, 200_000):
        with disk.left(room):
            assert refused(lambda: restore(there, repository, repository.latest(), silent), disk.folder)
    restore(there, repository, repository.latest(), silent)
    assert rows(there.lake) == rows(here.lake)


@pytest.mark.attack
@pytest.mark.timeout(0)
@pytest.mark.parametrize("disk", ["300m"], indirect=True)
def test_a_run_without_room_ends_with_a_sentence_and_the_next_one_reconciles(
    disk: Disk, new_database: Callable[[], str]
) -> None:
    installation = Installation(disk.folder / "state", {"MUNIMENT_WAREHOUSE_URL": new_database()})
    installation.write_sample(matters=1, windows=1, scans=False)
    refusals = 0
    for room in (0, 300_000, 1_000_000, 3_000_000):
        with disk.left(room):
            done = installation.muniment("run", check=False)
        if done.returncode:
            refusals += 1
            assert f"There is no room left in {disk.folder}" in done.stderr
            last = done.stderr.strip().splitlines()[-1]
            assert last.startswith(("muniment: There is no room left", "Not every window reconciles")), done.stderr
    assert refusals > 1
    installation.muniment("run")
    assert installation.json("status")["reconciled"]


def _put(platform: Platform, folder: Path, version: str) -> None:
    platform.lake.commit(stage(folder / "staged", SMALL, DAYS[1], large(version), f"run-{version}"), f"run-{version}")


# --- anywhere ---------------------------------------------------------------------------------------------------------


@contextmanager
def files_up_to(length: int) -> Iterator[None]:
    """For the block, this process can make no file longer than so many bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (length, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_file_that_may_not_be_so_long_is_refused_and_nothing_of_it_is_seen(tmp_path: Path) -> None:
    house = House(tmp_path)
    house.put(DAYS[1], "first")
    batch = stage(tmp_path / "staged", SMALL, DAYS[1], large("second"), "run-2")
    with files_up_to(65_536):
        assert refused(lambda: house.lake.commit(batch, "run-2"), tmp_path)
    assert House(tmp_path).names() == ["first"]
    house.lake.commit(batch, "run-2")
    assert len(house.names()) == len(large("second"))


def test_a_backup_of_a_file_that_may_not_be_so_long_is_not_made(tmp_path: Path) -> None:
    here = installation(tmp_path, "here")
    _put(here, tmp_path, "first")
    with files_up_to(65_536):
        assert refused(lambda: backed_up(here), here.settings.state)  # where each file is copied as it is hashed
    assert repository_of(here).instants() == {}
    backed_up(here)
    check_whole(here)
