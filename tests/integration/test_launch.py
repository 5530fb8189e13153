"""Runs that the command line starts: what Dagster keeps of them, how many they are, and what became of killed ones."""

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
from dagster._core.storage.asset_check_execution_record import AssetCheckExecutionRecordStatus
from filelock import FileLock

from muniment import windows
from muniment.contract import contracts
from muniment.platform import Platform
from muniment.settings import load
from tests.conftest import Ran
from tests.installation import ASSESSMENTS, Installation
from tests.tables import stage

DEAD = "00000000-dead-4000-8000-000000000000"
DIES = f"""
import os, signal
import dagster as dg
from assets import alive, launch
from muniment.settings import load

@dg.job
def windows():
    pass

settings = load()
with launch.instance(settings) as dagster, alive.held(settings, "{DEAD}"):
    dagster.create_run_for_job(windows, run_id="{DEAD}", status=dg.DagsterRunStatus.STARTED)
    os.kill(os.getpid(), signal.SIGKILL)
"""

# Somebody presses Ctrl-C while the first of several runs registers.
INTERRUPTED = """
import os, signal
from muniment.cli import main
from muniment.register import Register

register = Register.register

def interrupted(self, *given, **named):
    os.kill(os.getpid(), signal.SIGINT)
    return register(self, *given, **named)

Register.register = interrupted
main()
"""

UPKEEP = """
import dagster as dg
from assets import launch
from assets.definitions import build_defs
from muniment.settings import load

settings = load()
with launch.instance(settings) as dagster:
    done = build_defs(settings).resolve_job_def("maintenance").execute_in_process(instance=dagster)
"""

# What the web UI does when somebody selects assets there and materialises them for a window.
BY_HAND = """
import sys
import dagster as dg
from assets import launch
from assets.definitions import build_defs
from muniment.settings import load

settings, (selection, window) = load(), sys.argv[1:]
definitions = build_defs(settings)
chosen = dg.AssetSelection.from_string(selection).resolve(definitions.resolve_asset_graph())
job = definitions.resolve_implicit_global_asset_job_def().get_subset(asset_selection=chosen)
with launch.instance(settings) as dagster:
    job.execute_in_process(instance=dagster, partition_key=window)
"""


@contextmanager
def dagster_of(installation: Installation) -> Iterator[dg.DagsterInstance]:
    """The installation's Dagster instance, to look at."""
    with dg.DagsterInstance.from_config(str(installation.state / "dagster")) as instance:
        yield instance


# --- what a run leaves --------------------------------------------------------------------------------------------


def test_neighbouring_windows_are_one_run_that_the_web_ui_can_place(ran: Ran) -> None:
    keys = sorted({o.window for o in ran.truth.objects})
    with dagster_of(ran.installation) as dagster:
        [run] = dagster.get_runs()
    assert run.status is dg.DagsterRunStatus.SUCCESS
    assert run.tags["dagster/asset_partition_range_start"] == keys[0]
    assert run.tags["dagster/asset_partition_range_end"] == keys[-1]
    assert run.job_name == "windows"
    assert run.remote_job_origin
    assert run.remote_job_origin.location_name == "muniment"


@pytest.mark.parametrize("table", ["documents", "chunks", "matters", "objects", "quarantine", "embeddings"])
def test_each_window_of_a_table_carries_rows_snapshot_and_columns(ran: Ran, table: str) -> None:
    contract = contracts()[table]
    lake = ran.installation.platform.lake
    held = lake.held(contract)
    snapshots = {snapshot.snapshot_id for snapshot in lake.catalog.load_table(contract.table).snapshots()}
    with dagster_of(ran.installation) as dagster:
        key = dg.AssetKey(contract.table.split("."))
        records = dagster.fetch_materializations(dg.AssetRecordsFilter(asset_key=key), limit=50).records
    found = {record.partition_key: record.asset_materialization for record in records}
    assert set(found) == {o.window for o in ran.truth.objects}
    for window, materialisation in found.items():
        assert window
        assert materialisation
        metadata = materialisation.metadata
        assert metadata["dagster/partition_row_count"].value == (held[window].rows if window in held else 0)
        assert int(str(metadata["iceberg_snapshot_id"].value)) in snapshots
        schema = metadata["dagster/column_schema"].value
        assert isinstance(schema, dg.TableSchema)
        assert [column.name for column in schema.columns] == [column.name for column in contract.all_columns]


def test_each_table_that_dbt_builds_carries_its_rows_and_a_view_none(ran: Ran) -> None:
    [counted] = ran.installation.sql("select count(*) as rows from marts.document_register")
    carried = {}
    with dagster_of(ran.installation) as dagster:
        for key in (dg.AssetKey(["marts", "document_register"]), dg.AssetKey(["staging", "stg_documents"])):
            [event] = dagster.fetch_materializations(dg.AssetRecordsFilter(asset_key=key), limit=1).records
            assert event.asset_materialization
            carried[key.path[-1]] = event.asset_materialization.metadata.get("dagster/row_count")
    assert carried["stg_documents"] is None
    rows = carried["document_register"]
    assert rows
    assert rows.value == counted["rows"] > 0


def test_every_check_was_made_and_carries_its_figures(ran: Ran) -> None:
    with dagster_of(ran.installation) as dagster:
        [run] = dagster.get_runs()
        events = dagster.all_logs(run.run_id, of_type=dg.DagsterEventType.ASSET_CHECK_EVALUATION)
        checks = {
            (e.asset_key.to_user_string(), e.check_name): e
            for e in (log.get_dagster_event().asset_check_evaluation_data for log in events)
        }
        [record] = dagster.event_log_storage.get_asset_check_execution_history(
            dg.AssetCheckKey(dg.AssetKey(["lake", "objects"]), "conservation"), limit=1
        )
    assert record.status is AssetCheckExecutionRecordStatus.SUCCEEDED
    for contract in (c for c in contracts().values() if c.origin in ("documents", "records")):
        for dimension in ("completeness", "uniqueness", "validity"):
            made = checks[contract.table.replace(".", "/"), f"{contract.name}_{dimension}"]
            assert {"rows", "threshold", "least_share", "figures"} <= set(made.metadata)
            assert made.blocking
    rows = sum(count.rows for count in ran.installation.platform.lake.held(contracts()["documents"]).values())
    assert checks["lake/documents", "documents_completeness"].metadata["rows"].value == rows
    assert "| 2026-03-0" in str(checks["lake/objects", "conservation"].metadata["windows"].value)


# --- how many runs, and killed ones -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Apart:
    """Two windows with two days between them: run after a run that was killed, then replayed with another limit."""

    installation: Installation
    runs: list[dg.DagsterRun]
    refused: list[dict[str, Any]]
    replay: subprocess.CompletedProcess[str]


@pytest.fixture(scope="module")
def apart(new_installation: Callable[..., Installation]) -> Apart:
    installation = new_installation(MUNIMENT_MAX_OBJECT_MB="1")
    installation.land_assessment("2026-03-02-06:00")
    large = installation.land_assessment("2026-03-04-06:00")
    stamp = large.stat().st_mtime
    row = "{},2026,Foxhollow,residential,400000.00,3000.00\n"
    large.write_text(ASSESSMENTS + "".join(row.format(number) for number in range(25_000)))
    os.utime(large, (stamp, stamp))
    assert installation.python(DIES, check=False).returncode == -9
    installation.muniment("run")
    refused = installation.json("quarantine", "list")
    with dagster_of(installation) as dagster:
        runs = [run for run in dagster.get_runs() if run.run_id != DEAD]
    del installation.environment["MUNIMENT_MAX_OBJECT_MB"]
    return Apart(installation, runs, refused, installation.muniment("quarantine", "replay"))


def test_a_run_that_is_interrupted_says_so_and_begins_no_other(new_installation: Callable[..., Installation]) -> None:
    installation = new_installation()
    for key in ("2026-03-02-06:00", "2026-03-04-06:00"):
        installation.land_assessment(key)
    done = installation.python(INTERRUPTED, "run", check=False)
    assert done.returncode == 130, done.stderr
    assert "Interrupted. What is through stays, and the same command goes on." in done.stderr
    assert "Dagster" not in done.stderr.partition("Starting Dagster")[2]
    with dagster_of(installation) as dagster:
        [run] = dagster.get_runs()
    assert run.is_finished


def test_windows_apart_are_runs_of_their_own(apart: Apart) -> None:
    assert {run.status for run in apart.runs} == {dg.DagsterRunStatus.SUCCESS}
    starts = [run.tags["dagster/asset_partition_range_start"] for run in apart.runs]
    assert sorted(starts) == ["2026-03-02-06:00", "2026-03-04-06:00"]


def test_a_killed_run_is_buried_by_the_next(apart: Apart) -> None:
    with dagster_of(apart.installation) as dagster:
        run = dagster.get_run_by_id(DEAD)
        said = [log.message for log in dagster.all_logs(DEAD)]
    assert run
    assert run.status is dg.DagsterRunStatus.FAILURE
    assert any("it was killed" in message for message in said)


def test_runs_that_ended_leave_no_sign_of_life(apart: Apart) -> None:
    assert list((apart.installation.state / "dagster" / "alive").iterdir()) == []


def test_what_was_refused_is_published_by_a_replay_after_the_fix(apart: Apart) -> None:
    [refusal] = apart.refused
    assert refusal["reason"] == "too_large"
    assert "Refusals to try again: 1" in apart.replay.stderr
    assert "2026-03-02-06:00" not in apart.replay.stderr  # a window without refusals is left alone
    assert apart.installation.json("quarantine", "list") == []
    found = apart.installation.json("status")
    assert found["reconciled"]
    assert found["total"] == {"registered": 2, "published": 2, "duplicate": 0, "quarantined": 0}
    assert found["tables"]["lake.assessments"] == 25_001


def test_the_nightly_upkeep_tells_files_and_bytes_and_leaves_everything_in_step(apart: Apart) -> None:
    apart.installation.python(UPKEEP)
    with dagster_of(apart.installation) as dagster:
        [run] = dagster.get_runs(dg.RunsFilter(job_name="maintenance"))
        events = [
            dagster.get_latest_materialization_event(dg.AssetKey(["upkeep", step]))
            for step in ("compaction", "manifests", "expiry", "orphans")
        ]
        dropped = dagster.get_latest_materialization_event(dg.AssetKey(["upkeep", "releases"]))
        ageing = dagster.get_latest_materialization_event(dg.AssetKey(["upkeep", "lifecycle"]))
    assert dropped
    assert dropped.asset_materialization
    assert dropped.asset_materialization.metadata["dropped"].value == []
    assert run.status is dg.DagsterRunStatus.SUCCESS
    for event in events:
        assert event
        assert event.asset_materialization
        figures = event.asset_materialization.metadata
        assert figures["files_before"].value >= figures["files_after"].value
        assert figures["bytes_before"].value > 0 < figures["bytes_after"].value
        assert "| lake.assessments |" in str(figures["tables"].value)
    assert ageing
    assert ageing.asset_materialization
    assert "| hot |" in str(ageing.asset_materialization.metadata["tiers"].value)
    assert list((apart.installation.state / "dagster" / "alive").iterdir()) == []
    assert apart.installation.json("status")["reconciled"]
    assert "Nothing to do" in apart.installation.muniment("run").stderr


def test_marts_that_are_materialised_in_the_web_ui_are_never_ahead_of_the_release_that_readers_see(
    apart: Apart, tmp_path: Path
) -> None:
    """Somebody loads the warehouse with what no run of a window wrote, and builds one mart of it, then all."""
    installation, contract, key = apart.installation, contracts()["assessments"], "2026-03-02-06:00"
    installation.platform.lake.commit(stage(tmp_path, contract, key, []), "by hand")
    assessed = "select sum(rows_published)::int as rows from marts.quality_scorecard where table_name = 'assessments'"
    before = installation.json("release", "list")
    assert installation.sql(assessed) == [{"rows": 25_001}]
    installation.python(BY_HAND, 'key:"warehouse/assessments" or key:"marts/quality_scorecard"', key)
    assert installation.json("release", "list") == before
    assert installation.sql(assessed) == [{"rows": 25_001}]
    installation.python(BY_HAND, 'kind:"dbt"', key)
    [*_, last] = installation.json("release", "list")
    assert (last["changed"], last["windows"]) == (["lake.assessments"], [key])
    assert installation.lake("select count(*) as rows from assessments") == [{"rows": 25_000}]
    assert installation.sql(assessed) == [{"rows": 25_000}]


def test_while_a_run_of_the_web_ui_is_at_work_another_is_refused(fresh: Installation) -> None:
    @dg.job(name="windows")
    def job() -> None: ...

    fresh.land_assessment("2026-03-02-06:00")
    alive = fresh.state / "dagster" / "alive"
    alive.mkdir(parents=True)
    with dagster_of(fresh) as dagster:
        run = dagster.create_run_for_job(job, status=dg.DagsterRunStatus.STARTED)
        with FileLock(alive / run.run_id):
            done = fresh.muniment("run", check=False)
        assert done.returncode == 2
        assert run.run_id in done.stderr
        living = dagster.get_run_by_id(run.run_id)
    assert living
    assert living.status is dg.DagsterRunStatus.STARTED
    assert not (fresh.state / "lake").exists()


def test_a_window_that_another_machine_runs_on_the_same_lake_is_refused(fresh: Installation, tmp_path: Path) -> None:
    fresh.land_assessment("2026-03-02-06:00")
    here = fresh.platform.settings
    there = Platform(load(state_dir=tmp_path / "there", lake_uri=here.lake, catalog_uri=here.catalog))
    with there.lake.claimed([windows.parse("2026-03-02-06:00")]):
        done = fresh.muniment("run", "--from", "2026-03-02-06:00", check=False)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "Window 2026-03-02-06:00 is being run by another process" in done.stderr
    assert there.register.manifests() == []
    assert not there.lake.catalog.list_namespaces()
    assert not (fresh.state / "postgres").exists()


def test_a_run_that_cannot_open_the_warehouse_says_so_and_is_kept_as_failed(fresh: Installation) -> None:
    fresh.land_assessment("2026-03-02-06:00")
    fresh.environment["MUNIMENT_WAREHOUSE_URL"] = "postgresql://nobody:hunter2@127.0.0.1:1/nothing"
    done = fresh.muniment("run", "--from", "2026-03-02-06:00", check=False)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "PostgreSQL at 127.0.0.1:1/nothing does not let nobody in" in done.stderr
    assert "Not every window reconciles" in done.stderr
    assert "hunter2" not in done.stderr
    with dagster_of(fresh) as dagster:
        assert [run.status for run in dagster.get_runs()] == [dg.DagsterRunStatus.FAILURE]
