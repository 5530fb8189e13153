"""Promises 2 and 3 at instants that nobody chose: work on a lake and its backups is killed (SIGKILL) again and again.

Elsewhere lives end at chosen steps; here a process goes on with one kind of work until it is killed, on a lake that
bears the scars of all kills before. It tells what it begins and what it has done, so what there must be is known.
"""

import multiprocessing
import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from muniment.backup.prune import prune
from muniment.contract import Contract
from muniment.lake import Lake
from muniment.migration import carry_out, history, in_force, plan, way_back
from muniment.objects import TEMPORARY
from muniment.platform import Platform
from tests.backups import backed_up, check_whole, installation, manifests, put, repository_of, restored
from tests.backups import rows as rows_of
from tests.conftest import SEED
from tests.promises.test_migration import AFTER, BEFORE, GIVEN, SEEN
from tests.tables import COLUMNS, contract_of, stage
from tests.unit.test_lake_maintenance import DAYS, NOTHING_KEPT, SMALL, House
from tests.unit.test_migration import MORNING, NOON, rows

Tell = Callable[[str, Any], None]
Work = Callable[[Path, int, Tell], None]

LONGEST = 0.5
"""Seconds of work before a kill, at most: some twenty commits."""
KEYS = DAYS[2:6]
TABLES = [SMALL, contract_of(*COLUMNS[:2], name="others")]
IN_A_WEEK = timedelta(days=7)


@dataclass
class Told:
    """What a victim told: the last that it began, and all that it had done, in order."""

    begun: Any
    done: list[Any]


class Killer:
    """Starts work in processes with everything loaded, and kills them."""

    def __init__(self, folder: Path, work: Work, rng: random.Random) -> None:
        self.folder, self._work, self._rng = folder, work, rng
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["tests.promises.test_kills"])
        self.lives = 0

    def strike(self) -> Told:
        """Let the work begin, kill it some time later, and give what it had told."""
        self.lives += 1
        receiving, sending = self._context.Pipe(duplex=False)
        process = self._context.Process(target=_live, args=(self._work, self.folder, self.lives, sending))
        process.start()
        sending.close()
        told = [receiving.recv()]
        seconds = self._rng.uniform(0, LONGEST)
        time.sleep(seconds)
        assert process.pid is not None
        os.kill(process.pid, signal.SIGKILL)
        process.join()
        assert process.exitcode == -signal.SIGKILL, f"it ended by itself: {list(_rest(receiving))}"
        told += _rest(receiving)
        print(f"  MUNIMENT_SEED={SEED}: life {self.lives} killed after {seconds:.3f} s at {told[-1]}")
        return Told(
            next((what for state, what in reversed(told) if state == "begun"), None),
            [what for state, what in told if state == "done"],
        )


def _rest(receiving: Any) -> Iterator[tuple[str, Any]]:
    try:
        while True:
            yield receiving.recv()
    except (EOFError, OSError):  # the end may be torn
        return


def _live(work: Work, folder: Path, life: int, sending: Any) -> None:
    work(folder, life, lambda state, what: sending.send((state, what)))


# --- committing, and upkeep in between --------------------------------------------------------------------------------


def publish(folder: Path, life: int, tell: Tell) -> None:
    """Fill the windows of two tables anew, for ever."""
    house, version = House(folder), 0
    while True:
        version += 1
        for key in KEYS:
            for contract in TABLES:
                _put(house, contract, key, f"{life}.{version}", tell)


def keep_up(folder: Path, life: int, tell: Tell) -> None:
    """Keep the table up and replace windows, for ever: files to join, snapshots to let go, orphans to remove."""
    house, version = House(folder), 0
    while True:
        version += 1
        for step in ("compact", "merge_manifests", "expire", "remove_orphans"):
            tell("keeps up", step)
            getattr(house.upkeep(NOTHING_KEPT), step)(SMALL)
        for key in KEYS[version % 2 :: 2]:
            _put(house, SMALL, key, f"{life}.{version}", tell)


def _put(house: House, contract: Contract, key: str, version: str, tell: Tell) -> None:
    tell("begun", (contract.table, key, version))
    folder = house.folder / "staged" / version
    house.lake.commit(stage(folder, contract, key, _content(key, version), f"run-{version}"), f"run-{version}")
    tell("done", (contract.table, key, version))


def _content(key: str, version: str) -> list[dict[str, Any]]:
    return [{"name": f"{key} {version} {at}"} for at in range(3)]


@dataclass
class Published:
    """What each window must hold: by table and key, the version that was committed last."""

    house: House
    versions: dict[tuple[str, str], str] = field(default_factory=dict)

    def follow(self, told: Told) -> None:
        """Every window holds what was committed last, or what was begun; that is then committed again."""
        self.versions |= {(table, key): version for table, key, version in told.done}
        self._finish(*told.begun) if told.begun else self.check()

    def _finish(self, table: str, key: str, version: str) -> None:
        if self._found(table)[key] == _names(key, version):
            self.versions[table, key] = version
        self.check()
        contract = next(one for one in TABLES if one.table == table)
        _put(self.house, contract, key, version, lambda state, what: None)
        self.versions[table, key] = version
        self.check()

    def check(self) -> None:
        """For us and for other readers of Iceberg, each row is there once."""
        for table in dict.fromkeys(table for table, _ in self.versions):
            wanted = {key: _names(key, version) for (name, key), version in self.versions.items() if name == table}
            assert self._found(table) == wanted | {key: [] for key in KEYS if key not in wanted}
            by_iceberg = self.house.lake.catalog.load_table(table).scan().to_arrow().column("name").to_pylist()
            assert sorted(by_iceberg) == sorted(name for names in wanted.values() for name in names)

    def _found(self, table: str) -> dict[str, list[str]]:
        contract = next(one for one in TABLES if one.table == table)
        found: dict[str, list[str]] = {key: [] for key in KEYS}
        for batch in Lake.scan(House(self.house.folder).lake, contract, columns=["window_key", "name"]):
            for row in batch.to_pylist():
                found[row["window_key"]].append(row["name"])
        return found


def _names(key: str, version: str) -> list[str]:
    return [row["name"] for row in _content(key, version)]


def kill_publishing(folder: Path, rng: random.Random, times: int) -> None:
    killer, published = Killer(folder, publish, rng), Published(House(folder))
    for _ in range(times):
        published.follow(killer.strike())


def kill_upkeep(folder: Path, rng: random.Random, times: int) -> None:
    house = House(folder)
    for key in KEYS:
        house.put(key, *_names(key, "0"), run="run-0")
    house.table.manage_snapshots().create_tag(house.table.current_snapshot().snapshot_id, "release").commit()
    released = house.by_iceberg()
    published = Published(house, {(SMALL.table, key): "0" for key in KEYS})
    killer = Killer(folder, keep_up, rng)
    for _ in range(times):
        published.follow(killer.strike())
        assert house.by_iceberg(house.table.refs()["release"].snapshot_id) == released
    assert not house.keep_up(NOTHING_KEPT).error
    published.check()
    house.store.sweep(datetime.now(UTC) + IN_A_WEEK)
    assert house.keep_up(NOTHING_KEPT).steps[3].after.files == len(_on_disk(folder / "state" / "lake"))


def _on_disk(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


# --- migrating --------------------------------------------------------------------------------------------------------


def migrate(folder: Path, life: int, tell: Tell) -> None:
    """Migrate and roll back, for ever."""
    lake = House(folder).lake
    while True:
        for to in (AFTER, BEFORE):
            tell("begun", to.version)
            _move(lake, to)
            tell("done", to.version)


def _move(lake: Lake, to: Contract) -> None:
    if to is AFTER:
        found = plan(lake, None, AFTER)
        assert found
        if not found.empty:
            carry_out(lake, None, found, "a test")
    elif in_force(lake, AFTER) != BEFORE:
        carry_out(lake, None, way_back(lake, None, AFTER), "a test", action="rollback")


def kill_migrations(folder: Path, rng: random.Random, times: int) -> None:
    for contract in (BEFORE, BEFORE.vault):
        assert contract
        for key, given in zip((MORNING, NOON), GIVEN, strict=True):
            row = {column.name: given[column.name] for column in contract.columns}
            House(folder).lake.commit(stage(folder, contract, key, [row]), "run-1")
    killer = Killer(folder, migrate, rng)
    for _ in range(times):
        told = killer.strike()
        lake = House(folder).lake
        for contract, seen in SEEN.items():
            assert rows(lake, contract) == seen
        target = AFTER if told.begun == AFTER.version else BEFORE
        _move(lake, target)
        assert in_force(lake, AFTER) == target
        assert rows(lake, target) == SEEN[target]
        actions = [note["action"] for note in history(lake)]
        assert actions == (["migrate", "rollback"] * len(actions))[: len(actions)]


# --- backing up -------------------------------------------------------------------------------------------------------

KEPT = 2


def back_up(folder: Path, life: int, tell: Tell) -> None:
    """Write, back up, let old backups go, for ever; every second backup is incremental."""
    platform, version = installation(folder, "here"), 0
    platform.sweep()
    while True:
        version += 1
        put(platform, folder / f"life-{life}", KEYS[0], f"{life}.{version}", run=f"run-{life}.{version}")
        for at in range(5):  # what this backup alone needs, and goes with it
            (folder / "waiting").write_text(f"{life}.{version}.{at}")
            platform.landing.replace(f"{at}.pdf", folder / "waiting")
        tell("begun", f"{life}.{version}")
        backed_up(platform, incremental=version % 2 == 0)
        tell("done", f"{life}.{version}")
        _prune(platform)


def _prune(platform: Platform) -> None:
    """As it will be in a week, when every content that is there now is old."""
    with platform.scratch() as folder:
        prune(repository_of(platform), KEPT, datetime.now(UTC) + IN_A_WEEK, folder)


def kill_backups(folder: Path, rng: random.Random, times: int) -> None:
    here = installation(folder, "here")
    put(here, folder, KEYS[0], "0")
    backed_up(here)
    killer, last = Killer(folder, back_up, rng), "0"
    for _ in range(times):
        told = killer.strike()
        last = told.done[-1] if told.done else last
        check_whole(here)
        there = restored(here, folder, f"there-{killer.lives}")
        assert rows_of(there.lake) in [[(KEYS[0], version)] for version in (last, told.begun)]
        last = rows_of(there.lake)[0][1]
    backed_up(here)
    _prune(here)
    check_whole(here)
    needed = {file.sha256 for manifest in manifests(here) for file in manifest.files}
    assert len(manifests(here)) == KEPT
    assert repository_of(here).stored().keys() == needed
    assert not [path for path in _on_disk(folder / "backups") if path.name.startswith(TEMPORARY)]
    here.sweep()
    assert not list((here.settings.state / "scratch").iterdir())


ATTACKS = [kill_publishing, kill_upkeep, kill_migrations, kill_backups]


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
def test_work_that_is_killed_at_random_instants_loses_and_doubles_nothing(
    attack: Callable[[Path, random.Random, int], None], tmp_path: Path, rng: random.Random
) -> None:
    attack(tmp_path, rng, 3)


@pytest.mark.attack
@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
def test_work_that_is_killed_a_hundred_times_loses_and_doubles_nothing(
    attack: Callable[[Path, random.Random, int], None], tmp_path: Path, rng: random.Random
) -> None:
    attack(tmp_path, rng, 100)
