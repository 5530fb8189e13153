"""Which runs live. A run holds a lock as long as its process lives; the kernel takes it back however that ends.

Dagster learns of a killed process only from the server that started it. A run of the command line has none, and a
server may be killed too: without this the web UI would show such a run for ever, and queue every later one behind it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
from filelock import FileLock, Timeout

from muniment.settings import Settings

_UNFINISHED = [
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]


@contextmanager
def held(settings: Settings, run_id: str) -> Iterator[None]:
    """Hold the run's lock for the block; whoever launched the run in this process may hold it already."""
    path = _path(settings, run_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(path, timeout=0)
    try:
        lock.acquire()
    except Timeout:
        yield
        return
    try:
        yield
    finally:
        path.unlink(missing_ok=True)
        lock.release()


def bury_killed(settings: Settings, dagster: dg.DagsterInstance) -> None:
    """Report runs whose process is gone as failed."""
    for run in dagster.get_runs(dg.RunsFilter(statuses=_UNFINISHED)):
        path = _path(settings, run.run_id)
        if not path.exists():
            continue
        try:
            with FileLock(path, timeout=0):
                _bury(dagster, run.run_id)
                path.unlink(missing_ok=True)
        except Timeout:
            continue


def at_work(settings: Settings, dagster: dg.DagsterInstance) -> list[str]:
    """Ids of unfinished runs that have a lock; after `bury_killed` these are the living ones."""
    runs = dagster.get_runs(dg.RunsFilter(statuses=_UNFINISHED))
    return [run.run_id for run in runs if _path(settings, run.run_id).exists()]


def _bury(dagster: dg.DagsterInstance, run_id: str) -> None:
    run = dagster.get_run_by_id(run_id)
    if run and not run.is_finished:  # it may have come to its end while its lock was waited for
        dagster.report_run_failed(run, "The process of this run ended without a word: it was killed.")


def _path(settings: Settings, run_id: str) -> Path:
    return settings.dagster_home / "alive" / run_id
