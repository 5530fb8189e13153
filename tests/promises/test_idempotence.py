"""Promise 2: running a window again, any number of times and in any order, gives the same rows and writes nothing."""

import ast
import itertools
import random
import shutil
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from muniment import marts, warehouse
from muniment.errors import MunimentError
from muniment.platform import Platform
from muniment.postgres import Server
from muniment.sample import write_practice
from muniment.settings import load
from muniment.stages.read_documents import read_documents
from muniment.windows import Window
from tests.conftest import SEED, Ran
from tests.contents import Contents, contents, snapshots
from tests.installation import Installation
from tests.stages import WordEncoder, to_the_index, to_the_lake

NOW = datetime(2026, 3, 12, tzinfo=UTC)

# One process for several runs, each as `muniment run` makes it; writes what each stage counted.
RUNS = """
import sys
from assets.launch import run_windows
from muniment import windows
from muniment.progress import Silent
from muniment.settings import load

for key in sys.argv[1:]:
    reporter = Silent()
    [run] = run_windows(load(), [windows.parse(key)], reporter)
    assert run.success, run.failures
    print({stage.name: stage.counts for stage in reporter.stages})
"""


@pytest.fixture(scope="module")
def landed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A landing folder with a practice of three windows, which tests copy."""
    folder = tmp_path_factory.mktemp("landed")
    write_practice(folder / "landing", matters=2, windows=3, scans=False)
    return folder


class History:
    """An installation of its own, whose windows run through the stages in an order of one's choice."""

    def __init__(self, landed: Path, state: Path, url: str) -> None:
        shutil.copytree(landed / "landing", state / "landing")
        (state / "lake").mkdir()
        (landed / "parsed").mkdir(exist_ok=True)
        (state / "lake" / "parsed").symlink_to(landed / "parsed")
        self.platform = Platform(load(state_dir=state, warehouse_url=url))
        self.encoder = WordEncoder()

    @property
    def windows(self) -> list[Window]:
        """All windows that have objects."""
        registered = {manifest.window for manifest in self.platform.register.manifests()}
        return sorted(registered | set(self.platform.register.due(NOW)))

    def run(self, *wanted: Window) -> None:
        """One run over some windows."""
        to_the_lake(self.platform, wanted, NOW, f"run of {[window.key for window in wanted]}")
        with warehouse.opened(self.platform.settings) as dsn:
            to_the_index(self.platform, dsn, wanted, "run", self.encoder)

    @property
    def contents(self) -> Contents:
        """Everything in lake and warehouse."""
        return contents(self.platform)


def files(platform: Platform) -> set[str]:
    """Every file of the lake but the catalog's own."""
    return {info.key for info in platform.store.list()}


@pytest.fixture
def new_history(landed: Path, tmp_path: Path, new_database: Callable[[], str]) -> Callable[[], History]:
    """Makes installations with the same landing."""
    numbers = itertools.count()
    return lambda: History(landed, tmp_path / f"state-{next(numbers)}", new_database())


def test_every_window_run_twice_again_in_shuffled_order_changes_and_writes_nothing(
    new_history: Callable[[], History], rng: random.Random
) -> None:
    history = new_history()
    history.run(*history.windows)
    before, written, stored = history.contents, snapshots(history.platform), files(history.platform)
    again = [*history.windows, *history.windows]
    rng.shuffle(again)
    history.encoder.encoded = 0
    for window in again:
        readings = read_documents(history.platform, history.platform.register.of([window.key]))
        assert all(reading.read == 0 for reading in readings.values())
        history.run(window)
    assert not before.differences(history.contents), f"MUNIMENT_SEED={SEED}"
    assert snapshots(history.platform) == written
    assert files(history.platform) == stored
    assert history.encoder.encoded == 0


def test_windows_that_first_ran_in_any_order_hold_the_same_rows(
    new_history: Callable[[], History], rng: random.Random
) -> None:
    together = new_history()
    together.run(*together.windows)
    expected = together.contents
    for order in rng.sample(list(itertools.permutations(together.windows))[1:], 2):
        history = new_history()
        for window in order:
            history.run(window)
        found = expected.differences(history.contents)
        assert not found, (
            f"MUNIMENT_SEED={SEED}: first run in the order {[window.key for window in order]}:\n" + "\n".join(found)
        )


@dataclass
class Apart:
    """The practice of `ran` whose windows were run one after the other, the later first, and what an analyst saw of all
    marts meanwhile: each state once."""

    installation: Installation
    looks: int = 0
    states: set[tuple[str, ...]] = field(default_factory=set)

    def look(self) -> None:
        """One look in one statement."""
        digests = (
            f"(SELECT md5(string_agg(m::text, ' ' ORDER BY m::text)) FROM marts.{name} AS m)"
            for name in sorted(marts.modelled())
        )
        with (
            warehouse.opened(self.installation.platform.settings) as dsn,
            warehouse.connected(warehouse.reader(dsn)) as connection,
        ):
            found = connection.execute(f"SELECT {', '.join(digests)}".encode()).fetchone()
            assert found
            self.looks += 1
            self.states.add(tuple(found))


@pytest.fixture(scope="module")
def apart(ran: Ran, new_installation: Callable[..., Installation]) -> Apart:
    apart = Apart(new_installation())
    apart.installation.write_sample(matters=4, windows=2, scans=False)
    earlier, later = (window.window for window in ran.truth.windows)
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(apart.installation.python, RUNS, later, earlier)
        while not running.done():
            if Server(apart.installation.state / "postgres").status().state == "running":
                with suppress(
                    MunimentError, psycopg.errors.UndefinedTable, psycopg.OperationalError
                ):  # nothing there yet
                    apart.look()
            time.sleep(0.05)
        running.result()
    apart.look()  # the last publication comes shortly before the end
    return apart


def test_runs_of_the_command_line_apart_and_repeated_give_the_same_rows_marts_and_passages(
    ran: Ran, apart: Apart
) -> None:
    """The later window first, then the earlier, then both again: as if both had run at once."""
    fresh, expected = apart.installation, contents(ran.installation.platform)
    found = expected.differences(contents(fresh.platform))
    assert not found, "\n".join(found)

    written, stored = snapshots(fresh.platform), files(fresh.platform)
    earlier, later = (window.window for window in ran.truth.windows)
    fresh.muniment("run", "--from", earlier, "--to", later)
    found = expected.differences(contents(fresh.platform))
    assert not found, "\n".join(found)
    assert snapshots(fresh.platform) == written
    assert files(fresh.platform) == stored


def test_while_they_ran_analysts_saw_the_marts_of_both_windows_or_none(apart: Apart) -> None:
    """The earlier window was registered when the later ran by itself, so that was no whole to show."""
    assert apart.looks > 1
    assert len(apart.states) == 1, f"{len(apart.states)} states of the marts in {apart.looks} looks"


@pytest.mark.attack
@pytest.mark.timeout(0)
def test_a_run_of_every_window_twice_in_shuffled_order_remembers_everything(
    fresh: Installation, rng: random.Random
) -> None:
    truth = fresh.write_sample(matters=8, windows=4)
    fresh.muniment("run")
    expected, written = contents(fresh.platform), snapshots(fresh.platform)
    again = [window.window for window in truth.windows] * 2
    rng.shuffle(again)
    for line in fresh.python(RUNS, *again, timeout=7200).stdout.splitlines():
        counts = ast.literal_eval(line)
        assert counts["read documents"].get("read", 0) == 0
        assert counts["embed passages"].get("encoded", 0) == 0
        assert counts["load warehouse"].get("table_windows", 0) == 0
        assert counts["index passages"].get("loaded", 0) == 0
    found = expected.differences(contents(fresh.platform))
    assert not found, f"MUNIMENT_SEED={SEED}:\n" + "\n".join(found)
    assert snapshots(fresh.platform) == written
