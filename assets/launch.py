"""Running windows in this process, on the same Dagster instance that the web UI shows."""

import logging
import sys
from collections.abc import Iterable
from contextlib import redirect_stdout, suppress
from dataclasses import dataclass
from pathlib import Path

import dagster as dg
import psutil
from dagster._core.definitions.job_base import InMemoryJob
from dagster._core.definitions.repository_definition import SINGLETON_REPOSITORY_NAME
from dagster._core.errors import DagsterExecutionInterruptedError
from dagster._core.execution.api import execute_run
from dagster._core.remote_origin import (
    ManagedGrpcPythonEnvCodeLocationOrigin,
    RemoteJobOrigin,
    RemoteRepositoryOrigin,
)
from dagster._core.types.loadable_target_origin import LoadableTargetOrigin
from dagster._core.utils import make_new_run_id
from dagster_shared.error import SerializableErrorInfo

from assets import alive, home
from assets.definitions import build_defs
from assets.schedule import JOB, range_tags
from assets.warehouse import RUN_FOLDER
from assets.windows import stretches
from muniment.errors import MunimentError
from muniment.platform import Platform
from muniment.progress import Reporter
from muniment.settings import Settings
from muniment.windows import Window

_KILL_SECONDS = 10.0


@dataclass(frozen=True)
class Launched:
    """One finished run: the stretch of windows that it covered, and what failed in it."""

    run_id: str
    first: Window
    last: Window
    success: bool
    failures: tuple[str, ...]


def instance(settings: Settings) -> dg.DagsterInstance:
    """The installation's Dagster instance, made when absent."""
    home.prepare(settings)
    return dg.DagsterInstance.get()


def run_windows(settings: Settings, windows: Iterable[Window], reporter: Reporter) -> list[Launched]:
    """Take windows through every stage, one Dagster run for each unbroken row of them.

    MunimentError while a run of the schedule or the web UI is at work. KeyboardInterrupt when one was interrupted: the
    runs after it are not begun.
    """
    logging.getLogger("dagster").setLevel(logging.ERROR)
    with instance(settings) as dagster:
        alive.bury_killed(settings, dagster)
        if others := alive.at_work(settings, dagster):
            raise MunimentError(f"Run {others[0]} is at work, from the schedule or the web UI: wait for it to end.")
        _clear_away(settings)
        # What the libraries write to standard output, dbt's log above all, is kept for whoever looks for it.
        with (settings.dagster_home / "run.log").open("w") as log, redirect_stdout(log):
            job = build_defs(settings, {"reporter": reporter}).resolve_job_def(JOB)
            return [_launch(settings, dagster, job, first, last) for first, last in stretches(windows)]


def _clear_away(settings: Settings) -> None:
    """Remove what killed runs left, now that none is at work: scratch folders, and a dbt that builds on alone."""
    Platform(settings).sweep()
    for process in psutil.process_iter():
        with suppress(psutil.Error):  # gone meanwhile, or another user's
            target = Path(process.environ().get("DBT_TARGET_PATH", ""))
            if target.name == RUN_FOLDER and target.is_relative_to(settings.own_state / "dbt"):
                process.kill()
                process.wait(_KILL_SECONDS)


def _launch(
    settings: Settings, dagster: dg.DagsterInstance, job: dg.JobDefinition, first: Window, last: Window
) -> Launched:
    run_id = make_new_run_id()
    with alive.held(settings, run_id):
        # `execute_in_process` would make a run that belongs to no code location: the web UI could neither open its job
        # nor run it again.
        run = dagster.create_run_for_job(
            job,
            run_id=run_id,
            run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
            tags=range_tags(first, last),
            remote_job_origin=_origin(),
        )
        result = execute_run(InMemoryJob(job), run, dagster)
    if _is_interrupted(result):
        raise KeyboardInterrupt
    return Launched(run_id, first, last, result.success, _failures(result))


def _origin() -> RemoteJobOrigin:
    """The job as the code location of `home` names it."""
    target = LoadableTargetOrigin(executable_path=sys.executable, module_name=home.MODULE)
    location = ManagedGrpcPythonEnvCodeLocationOrigin(target, home.LOCATION)
    return RemoteJobOrigin(RemoteRepositoryOrigin(location, SINGLETON_REPOSITORY_NAME), JOB)


def _is_interrupted(result: dg.JobExecutionResult) -> bool:
    """Whether a run ended because somebody interrupted it, which Dagster makes an error of its own."""
    errors = [event.step_failure_data.error for event in result.filter_events(lambda e: e.is_step_failure)]
    errors += [event.job_failure_data.error for event in result.filter_events(lambda e: e.is_job_failure)]
    return any(_is_interruption(error) for error in errors)


def _is_interruption(error: SerializableErrorInfo | None) -> bool:
    while error and error.cls_name != DagsterExecutionInterruptedError.__name__:
        error = error.cause
    return error is not None


def _failures(result: dg.JobExecutionResult) -> tuple[str, ...]:
    steps = [
        f"{event.step_key}: {_cause(event.step_failure_data.error) or event.message}"
        for event in result.filter_events(lambda e: e.is_step_failure)
    ]
    # A resource that cannot be opened, such as the warehouse, fails the run before any step.
    runs = [_cause(event.job_failure_data.error) for event in result.filter_events(lambda e: e.is_job_failure)]
    return tuple(steps or filter(None, runs))


def _cause(error: SerializableErrorInfo | None) -> str:
    """What the innermost error says; an error of ours is meant for people and goes without its class."""
    while error and error.cause:
        error = error.cause
    if error is None:
        return ""
    name, _, text = error.message.strip().partition(": ")
    return text if name.startswith("muniment.") else error.message.strip()
