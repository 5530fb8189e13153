"""Reading many documents in processes that can be lost. What a process does with one belongs to `worker`.

A document is refused for taking too long, too much memory, or for bringing its process down only after it has done so
twice, the second time in a fresh process with no other at work: a loaded machine, or a neighbour that crashed,
costs no good document its reading.
"""

import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import wait
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from muniment.documents import worker
from muniment.documents.model import Outcome, Read, Reason, Refusal
from muniment.documents.reading import Limits
from muniment.errors import MunimentError

if TYPE_CHECKING:
    from pebble import ProcessFuture, ProcessPool

_DOUBTFUL = frozenset({Reason.time_limit, Reason.memory_limit, Reason.crashed})
_TASKS = 250  # of a worker, after which a fresh one takes its place
_START_SECONDS = 300.0  # a worker loads for seconds, on a loaded machine for many
_ALONE_SHARE = 0.2  # of its processor that a process alone gets at least; beyond that it hangs without computing
_ALONE_SECONDS = 30.0  # on top, for short limits
_MEMORY_SIGNALS = frozenset(
    {signal.SIGABRT, signal.SIGKILL}
)  # a failed allocation aborts, the kernel's last resort kills


class ReadingError(MunimentError):
    """Documents cannot be read at all, whatever they are."""


class ReadingPool:
    """Worker processes that read documents; a context manager. They start with the first document.

    `ocr_seconds` is what recognising took in the documents that `read` has given so far.
    """

    def __init__(self, workers: int, limits: Limits) -> None:
        self._workers, self._limits = workers, limits
        self._pool: ProcessPool | None = None
        self.ocr_seconds = 0.0

    def __enter__(self) -> "ReadingPool":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end(self._pool)

    def read(self, jobs: Iterable[tuple[str, Path]]) -> Iterator[tuple[str, Outcome]]:
        """The outcome of every job (a name and a local file), in order.

        Twice as many jobs as there are workers are taken ahead. Never raises for a document; ReadingError where the
        workers themselves cannot start.
        """
        pending: deque[tuple[str, Path, ProcessPool, ProcessFuture[Read]]] = deque()
        source = iter(jobs)
        while True:
            while len(pending) < 2 * self._workers and (job := next(source, None)) is not None:
                pending.append((*job, *self._submit(job[1])))
            if not pending:
                return
            name, path, pool, future = pending.popleft()
            yield name, self._outcome(path, pool, future, [other for *_, other in pending])

    def _submit(self, path: Path) -> "tuple[ProcessPool, ProcessFuture[Read]]":
        for _ in range(2):
            pool, seconds = self._running(), self._limits.timeout_seconds
            try:
                return pool, pool.schedule(worker.timed, args=(worker.work, path, self._limits), timeout=seconds)
            except RuntimeError:  # the pool broke since it was last used
                self._end(pool)
        raise ReadingError("The processes that read documents do not stay up. Run `muniment doctor`.")

    def _outcome(
        self, path: Path, pool: "ProcessPool", future: "ProcessFuture[Read]", others: list["ProcessFuture[Read]"]
    ) -> Outcome:
        patience = 3 * self._limits.timeout_seconds + _START_SECONDS
        outcome = self._settled(pool, future, patience)
        if isinstance(outcome, Refusal) and outcome.reason in _DOUBTFUL:
            if wait(others, timeout=patience).not_done:
                self._end(self._pool)
            return self._alone(path)
        return outcome

    def _settled(self, pool: "ProcessPool", future: "ProcessFuture[Read]", patience: float) -> Outcome:
        """The outcome of a task; a refusal where there is none. A worker that dies while it talks to the pool can
        leave it waiting for ever: then the pool goes."""
        from pebble import ProcessExpired

        try:
            read: Read = future.result(timeout=patience)
        except TimeoutError:
            if not future.done():
                self._end(pool)
            return self._too_slow()
        except ProcessExpired as expired:
            return self._lost(expired.exitcode)
        except BrokenProcessPool:
            self._end(pool)
            return self._lost(None)
        except Exception:  # cancelled, or an outcome that did not pass between processes
            return self._lost(None)
        self.ocr_seconds += read.ocr_seconds
        return read.outcome

    def _alone(self, path: Path) -> Outcome:
        """The verdict on a document, in a fresh process while no other works."""
        patience = self._limits.timeout_seconds / _ALONE_SHARE + _ALONE_SECONDS
        with _pool(1, self._limits) as pool:
            try:
                pool.schedule(worker.ready).result(timeout=_START_SECONDS)
            except Exception as error:
                raise ReadingError(
                    f"A process that reads documents could not start ({type(error).__name__}). Run `muniment doctor`."
                ) from error
            future = pool.schedule(worker.timed, args=(worker.work_alone, path, self._limits), timeout=patience)
            try:
                return self._settled(pool, future, patience + _START_SECONDS)
            finally:
                pool.stop()

    def _too_slow(self) -> Refusal:
        return Refusal.of(Reason.time_limit, f"more than {self._limits.timeout_seconds:g} s")

    def _lost(self, code: int | None) -> Refusal:
        """The refusal for a worker that ended with an exit code (negative: a signal)."""
        if code is not None and -code == getattr(signal, "SIGXCPU", None):
            return self._too_slow()
        if code is not None and -code in _MEMORY_SIGNALS:
            return worker.out_of_memory(self._limits)
        return Refusal.of(Reason.crashed)

    def _running(self) -> "ProcessPool":
        if self._pool is None:
            self._pool = _pool(self._workers, self._limits)
        return self._pool

    def _end(self, pool: "ProcessPool | None") -> None:
        """Let go of the pool, unless another has taken its place: of a pool that broke, every task says so."""
        if pool is not None and pool is self._pool:
            self._pool = None
            pool.stop()
            pool.join()


def _pool(workers: int, limits: Limits) -> "ProcessPool":
    from pebble import ProcessPool

    context: Any = multiprocessing.get_context("spawn")
    return ProcessPool(workers, _TASKS, worker.prepare, (os.getpid(), limits.memory_mb), context)
