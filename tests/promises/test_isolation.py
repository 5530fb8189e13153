"""Promise 9, isolation: no file can crash, hang or starve a run. Every one ends as a document or a refusal."""

import contextlib
import multiprocessing
import os
import random
import re
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psutil
import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from pebble import ProcessPool

from muniment.documents import worker
from muniment.documents.model import Document, Outcome, Reason, Refusal
from muniment.documents.pdf import Refused
from muniment.documents.picture import render_page
from muniment.documents.pool import ReadingPool, _pool
from muniment.documents.reading import Limits
from muniment.isolation import Confined, Lost
from tests import hostile, papers
from tests.conftest import SEED

LIMITS = Limits(timeout_seconds=30, memory_mb=512, max_pages=200, ocr_dpi=150)
HURRIED = Limits(timeout_seconds=3, memory_mb=512, max_pages=200, ocr_dpi=150)

# Reading takes a process, and shrinking a file that is slow would take an hour.
UNHURRIED: dict[str, Any] = {
    "deadline": None,
    "database": None,
    "suppress_health_check": list(HealthCheck),
    "phases": [Phase.explicit, Phase.generate],
}

GOOD = papers.typed([papers.lines("An ordinary letter", "that says nothing of note, at some length.")])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "good.pdf").write_bytes(GOOD)
    return tmp_path


def read(paths: list[Path], limits: Limits = LIMITS, workers: int = 2) -> dict[str, Outcome]:
    with ReadingPool(workers, limits) as pool:
        outcomes = list(pool.read((path.name, path) for path in paths))
    assert [name for name, _ in outcomes] == [path.name for path in paths], "every job once and in order"
    return dict(outcomes)


def reason(outcome: Outcome) -> Reason | None:
    return outcome.reason if isinstance(outcome, Refusal) else None


def test_bombs_are_refused_in_time_and_their_neighbours_read(folder: Path) -> None:
    bomb = papers.flate_bomb(1024)  # a GiB
    assert len(bomb) < 4_000
    (folder / "bomb.pdf").write_bytes(bomb)
    (folder / "slow.pdf").write_bytes(papers.slow_page(3_000_000))
    for name in ("good-1.pdf", "good-2.pdf", "good-3.pdf"):
        (folder / name).write_bytes(GOOD)
    started = time.monotonic()
    order = ("good-1.pdf", "bomb.pdf", "good-2.pdf", "slow.pdf", "good-3.pdf")
    outcomes = read([folder / name for name in order], HURRIED)
    assert {reason(outcomes["bomb.pdf"]), reason(outcomes["slow.pdf"])} <= {Reason.memory_limit, Reason.time_limit}
    assert all(isinstance(outcomes[name], Document) for name in order[::2])
    assert time.monotonic() - started < 240


def test_a_worker_that_dies_takes_no_good_document_along(folder: Path) -> None:
    """The kernel may end a worker for reasons of its own; the document is read again and is fine."""
    clauses = [papers.lines(*[f"Clause {row} of an agreement between the parties." for row in range(50)])]
    (folder / "long.pdf").write_bytes(papers.typed(clauses * 150))
    jobs = [(str(number), folder / "long.pdf") for number in range(5)]
    with ReadingPool(1, LIMITS) as pool:
        outcomes = []
        for _, outcome in pool.read(jobs):
            outcomes.append(outcome)
            if len(outcomes) in (1, 3):
                time.sleep(0.3)  # it has the next one in hand by then
                for child in _workers():
                    child.send_signal(signal.SIGKILL)
    assert len(outcomes) == len(jobs)
    assert all(isinstance(outcome, Document) for outcome in outcomes)


def test_a_worker_that_dies_while_it_talks_to_the_pool_takes_no_good_document_along(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That leaves the pool waiting for ever: until then for minutes, in case the machine is only slow."""
    monkeypatch.setattr("muniment.documents.pool._START_SECONDS", 20.0)
    dying = ProcessPool(1, 0, _die_talking, (os.getpid(), 512), multiprocessing.get_context("spawn"))
    pools = [dying, *[None] * 9]
    monkeypatch.setattr("muniment.documents.pool._pool", lambda *given: pools.pop(0) or _pool(*given))
    (folder / "better.pdf").write_bytes(GOOD)
    outcomes = read([folder / "good.pdf", folder / "better.pdf"], replace(LIMITS, timeout_seconds=1), workers=1)
    assert all(isinstance(outcome, Document) for outcome in outcomes.values())
    assert len(pools) < 9, "another pool was never made"


def _die_talking(parent: int, memory_mb: int) -> None:
    """Have this worker end instead of giving its result, with the lock in its hand that all workers share."""
    from pebble.pool import process

    worker.prepare(parent, memory_mb)

    def die(channel: Any, _: Any) -> None:
        with channel.mutex.writer:
            os.kill(os.getpid(), signal.SIGKILL)

    process.send_result = die


def test_a_machine_too_busy_for_the_time_limit_refuses_no_good_document(folder: Path) -> None:
    """Workers that get a tenth of a processor miss the limit by the clock; what counts is the time they compute."""
    many = papers.typed(
        [papers.lines(*[f"Clause {row} of an agreement between the parties." for row in range(50)])] * 25
    )
    (folder / "long.pdf").write_bytes(many)
    impatient = Limits(timeout_seconds=2, memory_mb=512, max_pages=200, ocr_dpi=150)
    over = threading.Event()
    throttle = threading.Thread(target=_throttled, args=(over,))
    throttle.start()
    try:
        started = time.monotonic()
        assert isinstance(read([folder / "long.pdf"], impatient, workers=1)["long.pdf"], Document)
        assert time.monotonic() - started > impatient.timeout_seconds
    finally:
        over.set()
        throttle.join()


def _throttled(over: threading.Event) -> None:
    """Stop the workers that are ready for nine tenths of the time."""
    while not over.is_set():
        ready = [one for one in _workers() if _is_confined(one)]
        for signal_number, seconds in ((signal.SIGSTOP, 0.18), (signal.SIGCONT, 0.02)):
            for one in ready:
                with contextlib.suppress(psutil.Error):
                    one.send_signal(signal_number)
            time.sleep(seconds)


def _is_confined(process: psutil.Process) -> bool:
    try:
        return bool(process.rlimit(psutil.RLIMIT_AS)[0] != psutil.RLIM_INFINITY)
    except psutil.Error:
        return False


def test_no_worker_outlives_a_killed_parent(folder: Path) -> None:
    script = textwrap.dedent(
        f"""
        import sys, time
        from pathlib import Path
        from muniment.documents.pool import ReadingPool
        from muniment.documents.reading import Limits

        if __name__ == "__main__":
            with ReadingPool(1, Limits(30, 512, 200, 150)) as pool:
                for name, outcome in pool.read([("good", Path({str(folder / "good.pdf")!r}))]):
                    print("read", flush=True)
                    time.sleep(60)
        """
    )
    path = folder / "parent.py"
    path.write_text(script)
    parent = subprocess.Popen([sys.executable, str(path)], stdout=subprocess.PIPE, text=True)
    try:
        assert parent.stdout is not None
        assert parent.stdout.readline() == "read\n"
        children = psutil.Process(parent.pid).children(recursive=True)
        assert children
    finally:
        parent.kill()
        parent.wait()
    _, alive = psutil.wait_procs(children, timeout=20)
    assert not [child for child in alive if child.status() != psutil.STATUS_ZOMBIE]


def test_a_worker_takes_no_more_memory_than_it_may(folder: Path) -> None:
    peak = 0
    (folder / "bomb.pdf").write_bytes(papers.flate_bomb(1024))
    with ReadingPool(1, LIMITS) as pool:
        jobs = pool.read([("good", folder / "good.pdf"), ("bomb", folder / "bomb.pdf")])
        next(jobs)
        (idle,) = {_resident(child) for child in _workers()} or {0}
        for peak_now in _watched(jobs):
            peak = max(peak, peak_now)
    assert 0 < idle < 600
    assert peak < idle + LIMITS.memory_mb + 64


def _workers() -> list[psutil.Process]:
    return [child for child in psutil.Process().children(recursive=True) if "spawn_main" in _command(child)]


def _command(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""


def _resident(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss) // 2**20
    except psutil.Error:
        return 0


def _watched(jobs: Iterator[tuple[str, Outcome]]) -> Iterator[int]:
    """The largest worker's MiB, again and again until the jobs are done."""
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(1) as thread:
        done = thread.submit(list, jobs)
        while not done.done():
            yield max((_resident(process) for process in _workers()), default=0)
            time.sleep(0.05)
        ((_, outcome),) = done.result()
        assert reason(outcome) in {Reason.memory_limit, Reason.time_limit}


def test_a_defect_of_the_reader_is_a_refusal_that_names_no_content(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(path: Path, limits: Limits) -> Outcome:
        raise ValueError("SIN 046 454 286")

    monkeypatch.setattr(worker, "read_document", broken)
    outcome = worker.work(folder / "good.pdf", LIMITS)
    assert reason(outcome) is Reason.crashed
    assert isinstance(outcome, Refusal)
    assert "046" not in outcome.message


def test_jobs_are_taken_only_as_far_ahead_as_workers_need(folder: Path) -> None:
    taken = 0

    def jobs() -> Iterator[tuple[str, Path]]:
        nonlocal taken
        for number in range(40):
            taken += 1
            yield str(number), folder / "good.pdf"

    with ReadingPool(1, LIMITS) as pool:
        outcomes = pool.read(jobs())
        for done in range(1, 6):
            next(outcomes)
            assert taken <= done + 2
    assert taken < 40


@pytest.mark.skipif(sys.platform != "linux", reason="limits of processes are those of Linux")
def test_every_hostile_file_ends_as_a_document_or_a_refusal(corpus: Path) -> None:
    """A sample by turns; MUNIMENT_HOSTILE=all takes every file."""
    every = sorted(path for path in (corpus / "hostile").rglob("*") if path.is_file())
    paths = every if os.environ.get("MUNIMENT_HOSTILE") == "all" else every[::4]
    with ReadingPool(2, Limits(60, 1024, 200, 150)) as pool:
        outcomes = dict(pool.read((str(path), path) for path in paths))
    assert len(outcomes) == len(paths)
    for name, outcome in outcomes.items():
        assert isinstance(outcome, Document) or isinstance(outcome.reason, Reason), name
        assert isinstance(outcome, Document) or (outcome.message and Path(name).name not in outcome.message)
    assert sum(isinstance(outcome, Document) for outcome in outcomes.values()) > 0.5 * len(paths)


# -- attacks: whatever comes, it ends within its limits, and the good document after it reads as before

SMALL = Limits(timeout_seconds=5, memory_mb=256, max_pages=50, ocr_dpi=72)
SLACK_MB = 64  # what a process takes beside what its limit counts
LONGEST = 240.0  # seconds; a file that is read twice, by processes that start on a loaded machine


@dataclass
class Besieged:
    """A pool under attack, with what its workers took at most."""

    pool: ReadingPool
    folder: Path
    expected: Outcome
    idle: int
    peak: int = 0

    def endure(self, content: bytes, name: str = "bad") -> Outcome:
        """Read a file and a good one after it, and give the outcome of the former."""
        bad = self.folder / "bad.pdf"
        bad.write_bytes(content)
        started = time.monotonic()
        (_, outcome), (_, after) = self.pool.read([("bad", bad), ("good", self.folder / "good.pdf")])
        assert isinstance(outcome, Document) or isinstance(outcome.reason, Reason), name
        assert after == self.expected, f"{name} changed what its neighbour reads as"
        assert time.monotonic() - started < LONGEST, name
        assert self.peak <= self.idle + SMALL.memory_mb + SLACK_MB, name
        return outcome

    def watch(self, over: threading.Event) -> None:
        """Keep the peak until it is over."""
        while not over.wait(0.02):
            self.peak = max([self.peak, *map(_most_resident, _workers())])


def _most_resident(process: psutil.Process) -> int:
    """The MiB that a process had at most since it began."""
    try:
        status = Path(f"/proc/{process.pid}/status").read_text()
    except OSError:
        return 0
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found[1]) // 1024 if found else 0


@pytest.fixture(scope="module")
def besieged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Besieged]:
    folder = tmp_path_factory.mktemp("siege")
    (folder / "good.pdf").write_bytes(GOOD)
    over = threading.Event()
    with ReadingPool(1, SMALL) as pool:
        ((_, expected),) = pool.read([("good", folder / "good.pdf")])
        assert isinstance(expected, Document)
        siege = Besieged(pool, folder, expected, max(map(_most_resident, _workers())))
        watch = threading.Thread(target=siege.watch, args=(over,))
        watch.start()
        yield siege
        over.set()
        watch.join()
    assert siege.peak >= siege.idle > 0, "nobody watched"


@pytest.mark.skipif(sys.platform != "linux", reason="limits of processes are those of Linux")
def test_small_files_that_ask_for_much_end_within_their_limits(besieged: Besieged, rng: random.Random) -> None:
    for name in rng.sample(sorted(hostile.ATTACKS), 4):
        besieged.endure(hostile.ATTACKS[name](), name)


@pytest.mark.attack
@pytest.mark.parametrize("name", hostile.ATTACKS)
def test_any_small_file_that_asks_for_much_ends_within_its_limits(besieged: Besieged, name: str) -> None:
    content = hostile.ATTACKS[name]()
    besieged.endure(content, name)
    path = besieged.folder / "shown.pdf"
    path.write_bytes(content)
    with Confined(SMALL.timeout_seconds, SMALL.memory_mb) as confined, contextlib.suppress(Lost, Refused):
        width, height, pixels = confined.call(render_page, path, 1, 150)
        assert len(pixels) == 3 * width * height


@pytest.mark.skipif(sys.platform != "linux", reason="limits of processes are those of Linux")
@seed(SEED)
@settings(max_examples=100, **UNHURRIED)
@given(content=hostile.mutated())
def test_a_good_file_after_mishaps_ends_within_its_limits(besieged: Besieged, content: bytes) -> None:
    besieged.endure(content)


@pytest.mark.attack
@seed(SEED)
@settings(max_examples=10_000, **UNHURRIED)
@given(content=hostile.mutated())
def test_any_good_file_after_mishaps_ends_within_its_limits(besieged: Besieged, content: bytes) -> None:
    besieged.endure(content)


@pytest.mark.attack
@seed(SEED)
@settings(max_examples=2_000, **UNHURRIED)
@given(data=st.data())
def test_any_hostile_file_after_mishaps_ends_within_its_limits(
    besieged: Besieged, corpus: Path, data: st.DataObject
) -> None:
    whole = sorted(path for path in (corpus / "hostile").rglob("*") if path.is_file() and path.stat().st_size < 500_000)
    besieged.endure(data.draw(hostile.after_mishaps(data.draw(st.sampled_from(whole)).read_bytes())))
