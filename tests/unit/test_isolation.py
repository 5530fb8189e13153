"""Confined calls: whatever a function does to its process, the caller gets an answer and the next call works."""

import ctypes
import os
import re
import resource
import signal
import subprocess
import sys
import time
from array import array
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import psutil
import pytest

from muniment.isolation import Confined, Lost
from muniment.records.rows import Unreadable
from muniment.settings import PROJECT

SECRET = "Kaya Okafor"


@pytest.fixture(scope="module")
def confined() -> Iterator[Confined]:
    """One for the whole module: so every test also shows that the call after a loss works."""
    with Confined(timeout_seconds=3, memory_mb=300) as one:
        yield one


@pytest.fixture(autouse=True)
def _works_afterwards(confined: Confined) -> Iterator[None]:
    yield
    assert confined.call(double, 21) == 42


def double(number: int) -> int:
    return 2 * number


def hang() -> None:
    while True:
        pass


def sleep() -> None:
    time.sleep(60)


def hang_deaf() -> None:
    """As native code does that lets no signal through to Python."""
    signal.pthread_sigmask(signal.SIG_BLOCK, set(signal.valid_signals()))
    ctypes.PyDLL(None).sleep(60)


def fill_memory() -> int:
    return sum(len(block) for block in [bytes(1 << 20) + bytes([at % 256]) for at in range(100_000)])


def fill_memory_natively() -> int:
    return len(array("d", [0.0]) * (1 << 37))  # of the standard library: others may not even load within the limit


def abort() -> None:
    os.abort()


def segfault() -> None:
    ctypes.string_at(0)


def leave() -> None:
    os._exit(3)


def stop() -> None:
    sys.exit("never mind")


def die_quietly() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def overflow() -> int:
    return overflow() + 1


def raise_unreadable() -> NoReturn:
    raise Unreadable("bad_encoding", "The file is no UTF-8.")


class Stubborn(Exception):
    """An error that cannot be handed from process to process."""

    def __init__(self, one: int, two: int) -> None:
        super().__init__(f"{one} {two}")


def raise_stubborn() -> NoReturn:
    raise Stubborn(1, 2)


def shout() -> None:
    sys.stderr.write(SECRET)
    os.write(2, SECRET.encode())
    ctypes.CDLL(None).perror(SECRET.encode())


@pytest.mark.parametrize("function", [hang, sleep, hang_deaf])
def test_what_takes_too_long_is_ended(confined: Confined, function: object) -> None:
    began = time.monotonic()
    with pytest.raises(Lost, match="more than 3 s") as lost:
        confined.call(function)  # type: ignore[arg-type]
    assert lost.value.reason == "time_limit"
    assert time.monotonic() - began < 30


@pytest.mark.parametrize("function", [fill_memory, fill_memory_natively, die_quietly])
def test_what_takes_too_much_memory_is_ended(confined: Confined, function: object) -> None:
    """Also by the kernel, whose last resort is SIGKILL."""
    with pytest.raises(Lost, match="more than 300 MB") as lost:
        confined.call(function)  # type: ignore[arg-type]
    assert lost.value.reason == "memory_limit"


def test_a_large_answer_within_the_limit_comes_back(confined: Confined) -> None:
    assert len(confined.call(bytes, 20 << 20)) == 20 << 20


@pytest.mark.parametrize("function", [segfault, leave, stop, raise_stubborn])
def test_what_brings_its_process_down_is_lost(confined: Confined, function: object) -> None:
    """Also one that asks the interpreter to end, and an error that cannot be handed from process to process."""
    with pytest.raises(Lost, match="brings the reader down") as lost:
        confined.call(function)  # type: ignore[arg-type]
    assert lost.value.reason == "crashed"


def test_an_abort_is_taken_for_a_failed_allocation(confined: Confined) -> None:
    """That is how native libraries end when they get no memory."""
    with pytest.raises(Lost) as lost:
        confined.call(abort)
    assert lost.value.reason == "memory_limit"


def test_what_a_function_raises_passes_through(confined: Confined) -> None:
    with pytest.raises(Unreadable, match="no UTF-8") as raised:
        confined.call(raise_unreadable)
    assert raised.value.reason == "bad_encoding"
    with pytest.raises(RecursionError):
        confined.call(overflow)
    with pytest.raises(ValueError, match="invalid literal"):
        confined.call(int, "x")


def test_calls_share_one_process_until_it_is_lost(confined: Confined) -> None:
    first = confined.call(os.getpid)
    assert confined.call(os.getpid) == first != os.getpid()
    with pytest.raises(Lost):
        confined.call(segfault)
    assert confined.call(os.getpid) != first


def test_nothing_starts_before_the_first_call() -> None:
    before = psutil.Process().children(recursive=True)
    with Confined(timeout_seconds=3, memory_mb=300):
        assert psutil.Process().children(recursive=True) == before


def test_nothing_stays_when_the_block_ends() -> None:
    with Confined(timeout_seconds=3, memory_mb=300) as one:
        pid = one.call(os.getpid)
    assert not _alive(pid)


def test_no_core_is_left_behind(confined: Confined) -> None:
    assert confined.call(resource.getrlimit, resource.RLIMIT_CORE) == (0, 0)


def _alive(pid: int) -> bool:
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


_PARENT = """
import os, sys, time
from tests.unit import test_isolation
from muniment.isolation import Confined, Lost

if __name__ == "__main__":
    with Confined(timeout_seconds=60, memory_mb=300) as confined:
        if sys.argv[1] == "shout":
            confined.call(test_isolation.shout)
            try:
                confined.call(test_isolation.segfault)
            except Lost:
                print("lost")
        else:
            print(confined.call(os.getpid), flush=True)
            confined.call(test_isolation.sleep)
"""


@pytest.fixture
def parent(tmp_path: Path) -> list[str]:
    script = tmp_path / "parent.py"
    script.write_text(_PARENT)
    return [sys.executable, str(script)]


def _environment() -> dict[str, str]:
    return dict(os.environ) | {"PYTHONPATH": str(PROJECT)}


def test_a_process_ends_with_a_parent_that_is_killed(parent: list[str]) -> None:
    with subprocess.Popen([*parent, "sleep"], env=_environment(), stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        pid = int(process.stdout.readline())
        assert _alive(pid)
        process.kill()
    deadline = time.monotonic() + 20
    while _alive(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _alive(pid)


def test_nothing_that_a_library_writes_about_a_file_is_shown(parent: list[str]) -> None:
    """It can hold personal data."""
    done = subprocess.run([*parent, "shout"], env=_environment(), capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "lost\n"), done.stderr
    assert not re.search(rf"{SECRET}|Segmentation|Fatal", done.stderr)
