"""The six-hourly schedule and backfills: what they ask for, and that Dagster's daemon really does it."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import dagster as dg
import pytest
from dagster._utils.schedules import schedule_execution_time_iterator

from muniment import windows
from muniment.platform import Platform
from tests.installation import Installation
from tests.serving import Served, serving

LOCATION = {"repositoryLocationName": "muniment", "repositoryName": "__repository__"}
_RUN_SECONDS = 300


def asked(platform: Platform, tick: datetime) -> list[tuple[str, str]]:
    """First and last window of each run that the schedule asks for at an instant."""
    from assets.schedule import six_hourly

    home = platform.settings.dagster_home
    home.mkdir(parents=True, exist_ok=True)
    with (
        dg.DagsterInstance.local_temp(str(home)) as dagster,
        dg.build_schedule_context(dagster, scheduled_execution_time=tick, resources={"platform": platform}) as context,
    ):
        requests = six_hourly.evaluate_tick(context).run_requests or []
    start, end = "dagster/asset_partition_range_start", "dagster/asset_partition_range_end"
    return [(request.tags[start], request.tags[end]) for request in requests]


@pytest.fixture
def landed(fresh: Installation) -> Installation:
    """Files in three windows: two neighbours, and one two days later."""
    for key in ("2026-03-02-00:00", "2026-03-02-06:00", "2026-03-04-06:00"):
        fresh.land_assessment(key)
    return fresh


def test_a_tick_asks_for_the_window_that_ended_even_when_nothing_landed(fresh: Installation) -> None:
    window = windows.parse("2026-03-04-06:00")
    assert asked(fresh.platform, window.end) == [("2026-03-04-06:00", "2026-03-04-06:00")]


def test_a_tick_asks_for_whatever_is_pending_in_unbroken_stretches(landed: Installation) -> None:
    assert asked(landed.platform, windows.parse("2026-03-04-06:00").end) == [
        ("2026-03-02-00:00", "2026-03-02-06:00"),
        ("2026-03-04-06:00", "2026-03-04-06:00"),
    ]


def test_a_tick_leaves_the_open_window_open(landed: Installation) -> None:
    assert asked(landed.platform, windows.parse("2026-03-04-06:00").start) == [
        ("2026-03-02-00:00", "2026-03-02-06:00"),
        ("2026-03-04-00:00", "2026-03-04-00:00"),
    ]


@pytest.mark.parametrize("day", ["2025-03-09", "2025-11-02", "2026-03-08", "2026-11-01"])
def test_ticks_follow_the_windows_where_the_clocks_change(fresh: Installation, day: str) -> None:
    from assets.schedule import six_hourly

    fresh.environment["MUNIMENT_FIRST_WINDOW"] = "2025-01-01-00:00"
    first = windows.parse(f"{day}-00:00")
    before = (first.start - timedelta(minutes=1)).timestamp()
    ticks = schedule_execution_time_iterator(before, str(six_hourly.cron_schedule), six_hourly.execution_timezone)
    window = first
    for _, tick in zip(range(5), ticks, strict=False):
        assert tick.astimezone(UTC) == window.start
        ended = windows.containing(window.start - timedelta(minutes=1))
        assert asked(fresh.platform, tick) == [(ended.key, ended.key)]
        window = window.next()


# --- for real -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def daemon(
    new_installation: Callable[..., Installation], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Installation, Served]]:
    """Two neighbouring windows with a file each, and Dagster's web UI and daemon."""
    installation = new_installation()
    for key in ("2026-03-02-00:00", "2026-03-02-06:00"):
        installation.land_assessment(key)
    with serving(installation, tmp_path_factory.mktemp("daemon") / "log", "ui", ready="/server_info") as served:
        yield installation, served
    assert served.left == [], served.log.read_text()


def _finished(served: Served, run_filter: dict[str, Any]) -> list[dict[str, Any]]:
    """The runs that match, when none is at work any more."""
    question = "query($f: RunsFilter!) { runsOrError(filter: $f) { ... on Runs { results { runId status } } } }"
    deadline = time.monotonic() + _RUN_SECONDS
    while time.monotonic() < deadline:
        runs: list[dict[str, Any]] = served.ask(question, f=run_filter)["runsOrError"]["results"]
        if runs and all(run["status"] in ("SUCCESS", "FAILURE", "CANCELED") for run in runs):
            return runs
        time.sleep(1)
    raise AssertionError(f"no end after {_RUN_SECONDS} s: {runs}\n{served.log.read_text()}")


def test_the_run_that_the_schedule_asks_for_takes_the_window_through(daemon: tuple[Installation, Served]) -> None:
    installation, served = daemon
    tick = windows.parse("2026-03-02-00:00").end.timestamp()
    evaluated = served.ask(
        "mutation($s: ScheduleSelector!, $t: Float) { scheduleDryRun(selectorData: $s, timestamp: $t) {"
        " ... on DryRunInstigationTick {"
        " evaluationResult { error { message } runRequests { tags { key value } } } } } }",
        s=LOCATION | {"scheduleName": "six_hourly"},
        t=tick,
    )["scheduleDryRun"]["evaluationResult"]
    assert evaluated["error"] is None
    [request] = evaluated["runRequests"]
    launched = served.ask(
        "mutation($p: ExecutionParams!) { launchRun(executionParams: $p) {"
        " __typename ... on LaunchRunSuccess { run { runId } } } }",
        p={"selector": LOCATION | {"jobName": "windows"}, "executionMetadata": {"tags": request["tags"]}},
    )["launchRun"]
    assert launched["__typename"] == "LaunchRunSuccess"
    [run] = _finished(served, {"runIds": [launched["run"]["runId"]]})
    assert run["status"] == "SUCCESS", served.log.read_text()
    found = installation.json("status")
    assert [(w["window"], w["published"], w["reconciled"]) for w in found["windows"]] == [("2026-03-02-00:00", 1, True)]
    assert found["waiting"] == 1


def test_a_backfill_of_everything_over_several_windows_is_one_run(daemon: tuple[Installation, Served]) -> None:
    installation, served = daemon
    nodes = served.ask("{ assetNodes { assetKey { path } isMaterializable isPartitioned } }")["assetNodes"]
    launched = served.ask(
        "mutation($p: LaunchBackfillParams!) { launchPartitionBackfill(backfillParams: $p) {"
        " __typename ... on LaunchBackfillSuccess { backfillId } ... on PythonError { message } } }",
        p={
            "assetSelection": [
                node["assetKey"] for node in nodes if node["isMaterializable"] and node["isPartitioned"]
            ],
            "partitionNames": ["2026-03-02-00:00", "2026-03-02-06:00"],
        },
    )["launchPartitionBackfill"]
    assert launched["__typename"] == "LaunchBackfillSuccess", launched
    backfill = {"tags": [{"key": "dagster/backfill", "value": launched["backfillId"]}]}
    runs = _finished(served, backfill)
    assert [run["status"] for run in runs] == ["SUCCESS"], served.log.read_text()
    found = installation.json("status")
    assert found["reconciled"]
    assert [window["published"] for window in found["windows"]] == [1, 1]
