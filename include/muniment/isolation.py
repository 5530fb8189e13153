"""Processes that can be lost: confined in memory and time, quiet, and gone when their parent is.

What runs in them belongs to its own module. A pool that reads many documents at once is `documents.pool`; here is the
plain case of one function at a time.
"""

import multiprocessing
import os
import signal
import sys
from collections.abc import Callable
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, ParamSpec, TypeVar

from muniment.errors import MunimentError

if TYPE_CHECKING:
    from pebble import ProcessPool

P = ParamSpec("P")
T = TypeVar("T")

_MB = 1024 * 1024
_PR_SET_PDEATHSIG = 1  # linux/prctl.h
_TASKS = 250  # of a process, after which a fresh one takes its place
_START_SECONDS = 300.0  # a process loads for seconds, on a loaded machine for many


class Lost(MunimentError):
    """A confined call that did not come back."""

    def __init__(self, reason: Literal["time_limit", "memory_limit", "crashed"], message: str) -> None:
        super().__init__(message)
        self.reason = reason


class Confined:
    """One confined process that does calls one after the other; a context manager. It starts with the first call."""

    def __init__(self, timeout_seconds: float, memory_mb: int) -> None:
        self._timeout, self._memory = timeout_seconds, memory_mb
        self._pool: ProcessPool | None = None

    def __enter__(self) -> "Confined":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def call(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What the function gives; Lost when the process did not survive it, else whatever the function raised."""
        from pebble import ProcessExpired

        future = self._running().schedule(function, args=args, kwargs=kwargs, timeout=self._timeout)
        try:
            result: T = future.result(self._timeout + _START_SECONDS)
        except TimeoutError:
            if not future.done():  # a process that died while it spoke to the pool can leave it waiting for ever
                self._end()
            raise Lost("time_limit", f"Reading the file takes more than {self._timeout:g} s.") from None
        except (MemoryError, SystemError):  # the latter where memory lacked even for the error itself
            raise self._out_of_memory() from None
        except ProcessExpired as expired:
            killed = expired.exitcode in (-signal.SIGABRT, -signal.SIGKILL)
            raise self._out_of_memory() if killed else self._crashed() from None
        except SystemExit:  # a library's way to give up is not the caller's
            raise self._crashed() from None
        except BrokenProcessPool:
            self._end()
            raise self._crashed() from None
        return result

    def _out_of_memory(self) -> Lost:
        return Lost("memory_limit", f"Reading the file takes more than {self._memory:,} MB. Send it in smaller parts.")

    def _crashed(self) -> Lost:
        return Lost("crashed", "The file brings the reader down. Export it again, or report it, with the file.")

    def _running(self) -> "ProcessPool":
        if self._pool is None or not self._pool.active:
            from pebble import ProcessPool

            context: Any = multiprocessing.get_context("spawn")
            self._pool = ProcessPool(1, _TASKS, confine, (os.getpid(), self._memory), context)
        return self._pool

    def _end(self) -> None:
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.stop()
            pool.join()


def confine(parent: int, memory_mb: int) -> None:
    """Make this process one that can be lost. To be called in it, before it reads anything."""
    end_with(parent)
    quiet()
    limit_memory(memory_mb)


def end_with(parent: int) -> None:
    """Have the kernel end this process when its parent ends, however that happens (Linux)."""
    if sys.platform != "linux":
        return
    import ctypes

    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it ended before the request was made
        os._exit(1)


def quiet() -> None:
    """Native libraries write warnings about every bad file; nobody reads them, and they can hold personal data."""
    import faulthandler

    faulthandler.disable()
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 2)
    os.close(nothing)


def limit_memory(memory_mb: int) -> None:
    """Let this process take at most `memory_mb` more than it has now, and leave no core behind (Linux)."""
    if sys.platform != "linux":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    wanted = pages * resource.getpagesize() + memory_mb * _MB
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    limit = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
