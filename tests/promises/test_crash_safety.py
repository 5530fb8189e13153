"""Promise 3: killed at any instant and run again gives what an uninterrupted run gives.

Two attacks. One kills the stages at single steps, just before and after each commit. The other kills whole runs of the
command line at instants spread over all stages: run, workers, dbt, and now and then PostgreSQL.
"""

import contextlib
import multiprocessing
import os
import random
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from muniment.pending import pending, settled
from muniment.platform import Platform
from muniment.postgres import Server
from muniment.sample import write_practice
from muniment.settings import PROJECT, load
from muniment.warehouse import opened
from tests import deaths
from tests.conftest import SEED, Ran
from tests.contents import Contents, contents
from tests.installation import Installation
from tests.stages import WordEncoder, to_the_index, to_the_lake

KILLS = int(os.environ.get("MUNIMENT_KILLS", "2"))
STAGE = re.compile(r"^  (\S.*?) +([\d.]+) s   ", re.MULTILINE)


# --- single steps ---------------------------------------------------------------------------------------------------


class Lives:
    """Processes that go through the stages; they start with everything loaded."""

    def __init__(self) -> None:
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["tests.deaths"])

    def live(self, state: Path, url: str, at: tuple[str, int] | None = None) -> dict[str, int] | None:
        """The steps that one life took, or None when it ended at the step given."""
        receiving, sending = self._context.Pipe(duplex=False)
        process = self._context.Process(target=_live, args=(sending, state, url, at))
        process.start()
        sending.close()
        try:
            taken: dict[str, int] | str | None = receiving.recv()
        except EOFError:
            taken = None
        process.join()
        if at is None or taken is not None:
            assert isinstance(taken, dict), f"it failed by itself: {taken}"
        else:
            assert process.exitcode == -signal.SIGKILL
        return taken


def _live(sending: Any, state: Path, url: str, at: tuple[str, int] | None) -> None:
    import traceback

    try:
        sending.send(deaths.go_through(state, url, at))
    except BaseException:
        sending.send(traceback.format_exc())


class Birthplace:
    """New installations with the same landing; documents are remembered as read after the first life."""

    def __init__(self, folder: Path, new_database: Callable[[], str], lives: Lives) -> None:
        self._folder, self._new_database, self._lives = folder, new_database, lives
        self._number = 0
        self._first = folder / "first"
        write_practice(self._first / "landing", matters=1, windows=2, scans=False)
        url = new_database()
        self.steps = lives.live(self._first, url) or {}
        self.expected = contents(_platform(self._first, url))

    def new(self) -> tuple[Path, str]:
        """State folder and warehouse of an installation where nothing has run yet."""
        self._number += 1
        state = self._folder / f"state-{self._number}"
        shutil.copytree(self._first / "landing", state / "landing")
        shutil.copytree(self._first / "lake" / "parsed", state / "lake" / "parsed")
        return state, self._new_database()

    def points(self, rng: random.Random, each: int) -> list[tuple[str, int]]:
        """Up to `each` steps of every kind, in random order; the last steps of a kind as likely as the first."""
        found = [
            (name, number)
            for name, taken in sorted(self.steps.items())
            for number in rng.sample(range(1, taken + 1), min(each, taken))
        ]
        rng.shuffle(found)
        return found


def _platform(state: Path, url: str) -> Platform:
    return Platform(load(state_dir=state, warehouse_url=url))


@pytest.fixture
def birthplace(tmp_path: Path, new_database: Callable[[], str]) -> Birthplace:
    """Where installations of the single-step attack come from."""
    return Birthplace(tmp_path, new_database, Lives())


def die_and_recover(birthplace: Birthplace, points: list[tuple[str, int]], rng: random.Random, lives: Lives) -> None:
    """New installations, each killed once to three times, then left to go through, until all points were died at."""
    while points:
        state, url = birthplace.new()
        chosen = [points.pop() for _ in range(min(len(points), rng.randint(1, 3)))]
        for point in chosen:
            lives.live(state, url, point)
        lives.live(state, url)
        found = birthplace.expected.differences(contents(_platform(state, url)))
        assert not found, f"MUNIMENT_SEED={SEED}: killed at {chosen}:\n" + "\n".join(found)
        assert not list((state / "scratch").iterdir()), "scratch folders were left behind"
        shutil.rmtree(state)


def test_a_death_before_or_after_any_commit_is_made_good_by_the_next_run(
    birthplace: Birthplace, rng: random.Random
) -> None:
    die_and_recover(birthplace, birthplace.points(rng, each=1), rng, Lives())


@pytest.mark.attack
def test_a_death_at_hundreds_of_steps_is_made_good_by_the_next_run(birthplace: Birthplace, rng: random.Random) -> None:
    die_and_recover(birthplace, birthplace.points(rng, each=40), rng, Lives())


# --- whole runs -----------------------------------------------------------------------------------------------------


class Victim:
    """A run of the command line that can be killed with all that it started."""

    def __init__(self, installation: Installation, *arguments: str) -> None:
        self._log = installation.state / "killed.log"
        self._log.parent.mkdir(parents=True, exist_ok=True)
        with self._log.open("w") as log:
            self._process = subprocess.Popen(
                [*installation.command, "run", *arguments],
                env=installation.variables,
                cwd=PROJECT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    @property
    def alive(self) -> bool:
        """Whether the run has not ended."""
        return self._process.poll() is None

    @property
    def stages(self) -> list[str]:
        """Stages that it has finished."""
        return [name for name, _ in STAGE.findall(self._log.read_text())]

    def children(self) -> list[psutil.Process]:
        """Processes below the run: workers, dbt. PostgreSQL is not among them: it stands alone."""
        with contextlib.suppress(psutil.NoSuchProcess):
            return psutil.Process(self._process.pid).children(recursive=True)
        return []

    def wait_for(self, sign: Callable[[], bool], seconds: float = 600) -> None:
        """Wait until something is seen, or the run ends."""
        deadline = time.monotonic() + seconds
        while self.alive and not sign() and time.monotonic() < deadline:
            time.sleep(0.02)

    def kill(self, *, children_too: bool = True) -> None:
        """SIGKILL. What is left of its family must end by itself within seconds, unless it is dbt."""
        family = self.children()
        if children_too:
            for child in family:
                with contextlib.suppress(psutil.NoSuchProcess):
                    child.kill()
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._process.pid, signal.SIGKILL)
        self._process.wait()
        workers = [process for process in family if not _is_dbt(process)]
        _, left = psutil.wait_procs(workers, timeout=30)
        assert not left, f"{left} outlived their run"


def _is_dbt(process: psutil.Process) -> bool:
    with contextlib.suppress(psutil.Error):
        return any(part.endswith("/dbt") for part in process.cmdline())
    return False


def kill_postgres(installation: Installation) -> None:
    """SIGKILL every process of the embedded server."""
    postmaster = Server(installation.state / "postgres").status().pid
    if postmaster:
        with contextlib.suppress(psutil.NoSuchProcess):
            server = psutil.Process(postmaster)
            for process in (*server.children(recursive=True), server):
                with contextlib.suppress(psutil.NoSuchProcess):
                    process.kill()


def instants(ran: Ran, rng: random.Random, number: int) -> Iterator[tuple[int, float]]:
    """Instants in ascending order, one in each `number`-th of an uninterrupted run: stages finished, seconds after."""
    stages = [float(seconds) for _, seconds in STAGE.findall(ran.output)]
    assert len(stages) > 8, ran.output
    for part in range(number):
        left = sum(stages) * (part + rng.random()) / number
        finished = 0
        while left > stages[finished]:
            left -= stages[finished]
            finished += 1
        yield finished, left


def kill_at(installation: Installation, finished: int, seconds: float, rng: random.Random) -> None:
    """Start a run on all windows and kill it so many seconds after so many stages."""
    victim = Victim(installation, *_all_windows(installation))
    victim.wait_for(lambda: len(victim.stages) >= finished)
    ends = time.monotonic() + seconds
    victim.wait_for(lambda: time.monotonic() >= ends)
    postgres_too = rng.random() < 0.3
    print(
        f"  killed {seconds:.1f} s after {victim.stages[-1:] or 'the start'}"
        f"{' with PostgreSQL' if postgres_too else ''}{'' if victim.alive else ' (it had ended)'}"
    )
    victim.kill()
    if postgres_too:
        kill_postgres(installation)


def _all_windows(installation: Installation) -> list[str]:
    """Arguments that make a run take all registered windows again, so that a kill always has something to hit."""
    keys = sorted(manifest.window_key for manifest in installation.platform.register.manifests())
    return ["--from", keys[0], "--to", keys[-1]] if keys else []


def assert_recovered(installation: Installation, expected: Contents) -> None:
    """One uninterrupted run makes everything as if nothing had happened."""
    done = installation.muniment("run")
    status = installation.json("status")
    assert status["reconciled"], done.stderr
    found = expected.differences(contents(installation.platform))
    assert not found, f"MUNIMENT_SEED={SEED}:\n" + "\n".join(found)
    assert not list((installation.state / "scratch").iterdir())
    assert not _running(installation), "Dagster shows killed runs as if they went on"
    assert "Nothing to do" in installation.muniment("run").stderr


def _running(installation: Installation) -> list[str]:
    """Runs that the Dagster instance believes to be going on."""
    import sqlite3

    with contextlib.closing(sqlite3.connect(installation.state / "dagster" / "history" / "runs.db")) as history:
        rows = history.execute("SELECT run_id, status FROM runs").fetchall()
    assert rows
    return [run for run, status in rows if status not in ("SUCCESS", "FAILURE", "CANCELED")]


def kill_alone(installation: Installation, beside: Callable[[Victim], list[psutil.Process]]) -> list[psutil.Process]:
    """Kill only the run itself, as a kernel short of memory does, when it has such children; which those were."""
    victim = Victim(installation, *_all_windows(installation))
    victim.wait_for(lambda: bool(beside(victim)))
    orphans = beside(victim)
    assert orphans, "they were never seen"
    victim.kill(children_too=False)
    return orphans


def workers(victim: Victim) -> list[psutil.Process]:
    return victim.children()[1:] if "register" in victim.stages else []


def dbt(victim: Victim) -> list[psutil.Process]:
    return list(filter(_is_dbt, victim.children()))


def kill_and_recover(ran: Ran, fresh: Installation, rng: random.Random, kills: int) -> None:
    """Runs killed so many times at random, and twice so that what they started is left alone: it does not outlive
    them, or does no harm."""
    fresh.write_sample(matters=4, windows=2, scans=False)
    kill_alone(fresh, workers)
    for finished, seconds in instants(ran, rng, kills):
        kill_at(fresh, finished, seconds, rng)
    orphans = kill_alone(fresh, dbt)
    assert_recovered(fresh, contents(ran.installation.platform))
    assert not [process for process in orphans if process.is_running()]


@pytest.mark.timeout(3000)
def test_runs_killed_at_random_instants_leave_what_an_uninterrupted_run_gives(
    ran: Ran, fresh: Installation, rng: random.Random
) -> None:
    kill_and_recover(ran, fresh, rng, KILLS)


@pytest.mark.attack
@pytest.mark.timeout(0)
@pytest.mark.parametrize("chain", range(6))
def test_runs_killed_again_and_again_leave_what_an_uninterrupted_run_gives(
    chain: int, ran: Ran, fresh: Installation, rng: random.Random
) -> None:
    """Six installations, each killed five times on its way: 30 kills."""
    kill_and_recover(ran, fresh, rng, max(KILLS, 3))


DIE_WHILE_CLOSING = """
import os, signal
import muniment.stages.close_window as stage
from muniment.cli import main

stage.gather = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
main()
"""


def test_a_window_that_was_through_is_pending_again_when_a_later_run_on_it_is_killed(
    new_installation: Callable[..., Installation], new_database: Callable[[], str]
) -> None:
    """Else `muniment run` would find nothing to do, with half of the window as the killed run left it."""
    installation = new_installation(MUNIMENT_WAREHOUSE_URL=new_database())
    write_practice(installation.state / "landing", matters=1, windows=1, scans=False)
    platform = installation.platform
    to_the_lake(platform, platform.register.due(deaths.NOW), deaths.NOW, "first")
    wanted = [manifest.window for manifest in platform.register.manifests()]
    with opened(platform.settings) as dsn:
        to_the_index(platform, dsn, wanted, "first", WordEncoder())
    assert pending(platform, settled(platform), deaths.NOW) == []

    key = wanted[0].key
    done = installation.python(DIE_WHILE_CLOSING, "run", "--from", key, "--to", key, check=False)
    assert done.returncode == -signal.SIGKILL
    assert pending(platform, settled(platform), deaths.NOW) == wanted
    assert not installation.json("status", check=False)["reconciled"]
