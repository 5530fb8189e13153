"""Running windows in this process, on the same Dagster instance that the web UI shows."""

import logging
import os
from collections.abc import Iterable, Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import dagster as dg
import psutil
from muniment.progress import Reporter
from muniment.settings import Settings
from muniment.windows import Window

from assets.definitions import build_defs
from assets.schedule import JOB, range_tags
from assets.windows import stretches

_PROCESS_TAG = "muniment/process"
_INSTANCE = """\
# Written by Muniment; yours to change.
telemetry:
  enabled: false
concurrency:
  runs:
    max_concurrent_runs: 1
"""


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
    home = settings.dagster_home
    home.mkdir(parents=True, exist_ok=True)
    config = home / "dagster.yaml"
    if not config.exists():
        config.write_text(_INSTANCE)
    os.environ["DAGSTER_HOME"] = str(home)
    return dg.DagsterInstance.get()


def run_windows(settings: Settings, windows: Iterable[Window], reporter: Reporter) -> list[Launched]:
    """Take windows through every stage, one Dagster run for each unbroken row of them."""
    logging.getLogger("dagster").setLevel(logging.ERROR)
    with instance(settings) as dagster:
        _bury_killed(dagster)
        # What the libraries write to standard output, dbt's log above all, is kept for whoever looks for it.
        with (settings.dagster_home / "run.log").open("w") as log, redirect_stdout(log):
            job = build_defs(settings, {"reporter": reporter}).resolve_job_def(JOB)
            return [_launch(dagster, job, first, last) for first, last in stretches(windows)]


def _launch(dagster: dg.DagsterInstance, job: dg.JobDefinition, first: Window, last: Window) -> Launched:
    result = job.execute_in_process(
        instance=dagster,
        tags={**range_tags(first, last), **_process()},
        run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
        raise_on_error=False,
    )
    failures = tuple(_failure(event) for event in result.filter_events(lambda e: e.is_step_failure))
    return Launched(result.run_id, first, last, result.success, failures)


def _failure(event: dg.DagsterEvent) -> str:
    error = event.step_failure_data.error
    while error and error.cause:
        error = error.cause
    return f"{event.step_key}: {error.message.strip() if error else event.message}"


def _process() -> Mapping[str, str]:
    """Which process a run lives in; a process is told from a later one of the same number by when it began."""
    return {_PROCESS_TAG: f"{os.getpid()} {psutil.Process().create_time():.2f}"}


def _bury_killed(dagster: dg.DagsterInstance) -> None:
    """Mark runs whose process is gone as failed, so that the UI does not show them running for ever."""
    for run in dagster.get_runs(dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.STARTING])):
        process = run.tags.get(_PROCESS_TAG)
        if process and not _alive(process):
            dagster.report_run_failed(
                run, f"The process of this run ({process.split()[0]}) ended without a word: it was killed."
            )


def _alive(process: str) -> bool:
    number, _, began = process.partition(" ")
    try:
        return f"{psutil.Process(int(number)).create_time():.2f}" == began
    except psutil.NoSuchProcess:
        return False


def home_of(settings: Settings) -> Path:
    """Folder of the instance, made when absent; for processes that find it by DAGSTER_HOME."""
    with instance(settings):
        return settings.dagster_home
