"""Promises 2 and 3 for upkeep of the lake: killed anywhere or beside writers, it loses, doubles and leaves nothing, and
spares what a release needs."""

import itertools
import multiprocessing
import random
import shutil
import signal
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from muniment import releases
from muniment.lake.maintenance import Policy, Upkeep
from muniment.releases import Release
from tests import deaths
from tests.conftest import SEED
from tests.releases import LETTERS, TABLES, Practice, small
from tests.unit.test_lake_maintenance import DAYS, NOTHING_KEPT, SMALL, House

FIRST_DAY, SECOND_DAY = DAYS[:4], DAYS[4:8]


class Scene:
    """A lake that has something for every step of upkeep, and can be put back to where it was."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        house = House(folder)
        for version in "abc":
            for key in (*FIRST_DAY, *SECOND_DAY):
                house.put(key, f"{key} {version}", run=f"run-{version}")
            if version == "b":
                table = house.table
                table.manage_snapshots().create_tag(table.current_snapshot().snapshot_id, "release").commit()
        self.now = self._contents()
        self.released = self._released()
        shutil.copytree(folder / "state", folder / "kept")

    def restore(self) -> None:
        """As it was at first, under the same name: Iceberg's files name one another in full."""
        shutil.rmtree(self.folder / "state")
        shutil.copytree(self.folder / "kept", self.folder / "state")

    def unharmed(self) -> None:
        """All rows are there, once, now and in the release, for us and for other readers of Iceberg."""
        house = House(self.folder)
        assert self._contents() == self.now
        assert house.by_iceberg() == sorted(house.names())
        assert self._released() == self.released

    def _contents(self) -> dict[str, Any]:
        house = House(self.folder)
        return {key: (content, house.names(key)) for key, content in house.contents().items()}

    def _released(self) -> list[str]:
        house = House(self.folder)
        return house.by_iceberg(house.table.refs()["release"].snapshot_id)


def keep_up(sending: Any, folder: Path, at: tuple[str, int] | None) -> None:
    """A life: one upkeep, which ends at a step; it tells the steps that it took."""
    house = House(folder)
    taken = deaths.dying(at)
    report = house.keep_up(NOTHING_KEPT)
    sending.send((report.error, taken))


def live(folder: Path, at: tuple[str, int] | None = None) -> dict[str, int] | None:
    """The steps that one life took; None when it ended at the step given."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.promises.test_upkeep"])
    receiving, sending = context.Pipe(duplex=False)
    process = context.Process(target=keep_up, args=(sending, folder, at))
    process.start()
    sending.close()
    try:
        error, taken = receiving.recv()
    except EOFError:
        process.join()
        assert process.exitcode == -signal.SIGKILL
        return None
    process.join()
    assert not error
    return dict(taken)


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene(tmp_path)


def killed_everywhere(scene: Scene, rng: random.Random, each: int) -> None:
    """Kill upkeep at up to `each` steps of every kind, and finish it each time."""
    steps = live(scene.folder) or {}
    scene.unharmed()
    left = House(scene.folder).on_disk()
    assert steps["SqlCatalog.commit_table"] >= 2
    assert steps["Path.unlink"] > 10
    for name, taken in sorted(steps.items()):
        for number in rng.sample(range(1, taken + 1), min(each, taken)):
            scene.restore()
            assert live(scene.folder, (name, number)) is None, f"{name} {number} was not reached"
            scene.unharmed()
            assert live(scene.folder) is not None
            scene.unharmed()
            found = House(scene.folder).on_disk()
            about = f"MUNIMENT_SEED={SEED}: killed at {name} {number}"
            assert len(_data(found)) == len(_data(left)), f"{about}: files were left behind"


def _data(found: dict[str, int]) -> list[str]:
    return [key for key in found if key.startswith("processed/")]


def test_upkeep_killed_before_or_after_any_step_harms_nothing_and_the_next_one_finishes_it(
    scene: Scene, rng: random.Random
) -> None:
    killed_everywhere(scene, rng, each=1)


@pytest.mark.attack
def test_upkeep_killed_at_hundreds_of_steps_harms_nothing(scene: Scene, rng: random.Random) -> None:
    killed_everywhere(scene, rng, each=60)


# --- beside writers ---------------------------------------------------------------------------------------------------

WRITERS = 2
VERSIONS = 4


def write(folder: Path, number: int, start: Any) -> None:
    """Replace windows of its own again and again; every second one shares its day with another writer's. The first day
    is left alone while the second is written, so that upkeep comes to join it."""
    house = House(folder)
    start.wait()
    for day, version in itertools.product((FIRST_DAY, SECOND_DAY), range(VERSIONS)):
        for key in day[number::WRITERS]:
            house.put(key, f"{key} {version}", f"by {number}", run=f"run-{number}-{version}")


@pytest.fixture
def writers(tmp_path: Path) -> Iterator[list[Any]]:
    """Processes that are about to write."""
    context = multiprocessing.get_context("spawn")
    start = context.Barrier(WRITERS + 1)
    running = [context.Process(target=write, args=(tmp_path, number, start)) for number in range(WRITERS)]
    for process in running:
        process.start()
    start.wait(120)
    yield running
    for process in running:
        process.join()


def test_writers_and_upkeep_at_the_same_time_lose_and_double_nothing(tmp_path: Path, writers: list[Any]) -> None:
    """Upkeep goes round and round meanwhile, over days that are being written. What a writer has under way is younger
    than the grace; in life a snapshot stays for days."""
    house, rounds, joined = House(tmp_path), 0, 0
    policy = Policy(keep=timedelta(seconds=30), grace=timedelta(seconds=30))
    while any(process.is_alive() for process in writers):
        if not house.lake.exists(SMALL):
            time.sleep(0.05)
            continue
        report = house.keep_up(policy, datetime.now(UTC))
        assert not report.error
        joined += report.steps[0].before.files > report.steps[0].after.files
        rounds += 1
    assert [process.exitcode for process in writers] == [0] * WRITERS
    assert joined, f"nothing was joined in {rounds} rounds"
    for at, key in enumerate((*FIRST_DAY, *SECOND_DAY)):
        assert house.names(key) == [f"{key} {VERSIONS - 1}", f"by {at % WRITERS}"]
    house.keep_up(policy, datetime.now(UTC))
    assert len({held.path for held in house.held().values()}) == 2
    assert len(house.names()) == len(house.by_iceberg()) == 2 * 8


# --- releases ---------------------------------------------------------------------------------------------------------


class ReleasesAndUpkeep(RuleBasedStateMachine):
    """Runs that cut releases, releases that are dropped, and upkeep that keeps nothing else, in any order."""

    folders: Iterator[Path]

    @initialize()
    def begin(self) -> None:
        self.practice = Practice(next(self.folders))
        self.held: dict[str, dict[str, Any]] = {}
        self.made: dict[str, Release] = {}
        self.rounds = 0

    @rule(key=st.sampled_from(FIRST_DAY + SECOND_DAY), name=st.sampled_from("abc"), size=st.integers(0, 2))
    def run(self, key: str, name: str, size: int) -> None:
        if release := self.practice.deliver(key, *(f"{name} {at}" for at in range(size))).release:
            self.made[release.id] = release
            self.held[release.id] = self._contents()

    @rule(key=st.sampled_from(FIRST_DAY + SECOND_DAY))
    def half_a_run(self, key: str) -> None:
        """It is killed before its end, and a later one takes the window to its end."""
        run = self.practice.begin(key)
        self.practice.write(LETTERS, key, "half", run=run)

    @precondition(lambda self: len(self.made) > 1)
    @rule(data=st.data())
    def drop(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(sorted(self.made)[:-1]))
        releases.drop(self.practice.lake, name, "a test")
        del self.made[name], self.held[name]

    @precondition(lambda self: self.made)
    @rule(step=st.sampled_from(["compact", "merge_manifests", "expire", "remove_orphans"]))
    def keep_up(self, step: str) -> None:
        self.rounds += 1
        soon = datetime.now(UTC) + timedelta(hours=1)
        upkeep = Upkeep(
            self.practice.lake,
            self.practice.store,
            self.practice.folder / "scratch",
            f"upkeep-{self.rounds}",
            soon,
            NOTHING_KEPT,
        )
        for contract in TABLES:
            getattr(upkeep, step)(contract)

    @invariant()
    def every_release_can_be_read_and_is_what_it_was(self) -> None:
        assert releases.releases(self.practice.lake) == [self.made[name] for name in sorted(self.made)]
        for name, release in self.made.items():
            assert self._contents(release) == self.held[name], f"{name} is not what it was"

    def _contents(self, release: Release | None = None) -> dict[str, Any]:
        return {contract.name: self.practice.names(contract, release) for contract in TABLES}


def _any_releases(tmp_path_factory: pytest.TempPathFactory, count: int, steps: int) -> None:
    ReleasesAndUpkeep.folders = (tmp_path_factory.mktemp("releases") for _ in itertools.count())
    checked = settings(
        max_examples=count, stateful_step_count=steps, deadline=None, suppress_health_check=list(HealthCheck)
    )
    with small():
        run_state_machine_as_test(ReleasesAndUpkeep, settings=checked)


def test_nothing_that_a_release_needs_is_ever_removed(tmp_path_factory: pytest.TempPathFactory) -> None:
    _any_releases(tmp_path_factory, 6, 12)


@pytest.mark.attack
def test_nothing_that_a_release_needs_is_removed_in_hundreds_of_histories(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    _any_releases(tmp_path_factory, 200, 40)
