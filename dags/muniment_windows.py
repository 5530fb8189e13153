"""The DAG that runs every window from Airflow. When a window runs belongs here; how, to the operator.

Where `MUNIMENT_SCHEDULER` is not `airflow` another scheduler starts the windows, so the DAG has no schedule
and only serves a person who names a window.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from importlib import resources
from zoneinfo import ZoneInfo

from airflow.sdk import DAG, CronDataIntervalTimetable, Param
from airflow.sdk.exceptions import AirflowException
from muniment_dagster import KEY_FORMAT, TIMEZONE, MunimentWindowOperator

CRON = "0 */6 * * *"
SCHEDULED = os.environ.get("MUNIMENT_SCHEDULER") == "airflow"
RETRIES = int(os.environ.get("MUNIMENT_AIRFLOW_RETRIES", "2"))
CATCHUP = os.environ.get("MUNIMENT_AIRFLOW_CATCHUP", "true").lower() in {"1", "true", "yes", "on"}
FIRST_WINDOW = os.environ.get("MUNIMENT_FIRST_WINDOW", "2026-01-01-00:00")
START = os.environ.get("MUNIMENT_AIRFLOW_START", FIRST_WINDOW)


def first_start() -> datetime:
    """Instant at which the first window to be run begins."""
    return datetime.strptime(START, KEY_FORMAT).replace(tzinfo=ZoneInfo(TIMEZONE)).astimezone(UTC)


def check_clock(zone: ZoneInfo, start: datetime) -> None:
    """Refuse a `zone` that disagrees with the tzdata package anywhere from `start` to two years ahead."""
    package, _, name = TIMEZONE.partition("/")
    with resources.files("tzdata").joinpath("zoneinfo", package, name).open("rb") as rules:
        pinned = ZoneInfo.from_file(rules, key=TIMEZONE)
    days = (datetime.now(UTC) + timedelta(days=730) - start).days
    for day in (start + timedelta(days=n) for n in range(days)):
        if day.astimezone(zone).utcoffset() != day.astimezone(pinned).utcoffset():
            raise AirflowException(
                f"Airflow's time zone database disagrees with the tzdata package on {TIMEZONE} at "
                f"{day:%Y-%m-%d}, so windows would start at the wrong hour. Set PYTHONTZPATH to the empty "
                "string for every Airflow process, and keep tzdata at the version that Muniment pins."
            )


if SCHEDULED:
    check_clock(ZoneInfo(TIMEZONE), first_start())

with DAG(
    "muniment_windows",
    description="Runs Muniment's six-hour windows in Dagster",
    schedule=CronDataIntervalTimetable(CRON, timezone=TIMEZONE) if SCHEDULED else None,
    start_date=first_start(),
    catchup=SCHEDULED and CATCHUP,
    max_active_runs=1,
    params={
        "window": Param(
            None,
            type=["null", "string"],
            pattern=r"^\d{4}-\d{2}-\d{2}-\d{2}:\d{2}$",
            description="Key of the window, such as 2026-03-08-06:00; empty takes the run's data interval",
        )
    },
    default_args={
        "retries": RETRIES,
        "retry_delay": timedelta(minutes=5),
        "execution_timeout": timedelta(hours=12),
    },
    tags=["muniment"],
    doc_md=__doc__,
):
    MunimentWindowOperator(task_id="run_window", window="{{ params.window or '' }}")
