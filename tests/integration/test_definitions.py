"""Dagster's definitions as they load: valid, described, pinned, and one connected graph."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.definitions.assets.graph.asset_graph import AssetGraph

from muniment import windows
from muniment.contract import contracts, tables
from muniment.keeping.lifecycle import note_round
from muniment.keeping.originals import ARCHIVE, raw_key
from muniment.progress import Silent
from muniment.settings import PROJECT, load
from tests.ageing import KEYS, Practice
from tests.snapshot import GOLDEN, describe


@pytest.fixture(scope="module")
def definitions(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dg.Definitions]:
    """The definitions of an empty installation."""
    with pytest.MonkeyPatch.context() as patch:
        state = tmp_path_factory.mktemp("definitions")
        patch.setenv("MUNIMENT_STATE_DIR", str(state))
        from assets.definitions import build_defs

        yield build_defs(load(state_dir=state))


@pytest.fixture(scope="module")
def graph(definitions: dg.Definitions) -> AssetGraph:
    return definitions.resolve_asset_graph()


def test_dagster_validates_the_definitions(tmp_path: Path) -> None:
    done = subprocess.run(
        [str(Path(sys.executable).parent / "dagster"), "definitions", "validate", "-m", "assets.definitions"],
        env=os.environ | {"MUNIMENT_STATE_DIR": str(tmp_path / "state"), "DAGSTER_HOME": str(tmp_path)},
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_graph_is_the_one_that_was_reviewed(definitions: dg.Definitions) -> None:
    assert describe(definitions) == GOLDEN.read_text(), "The graph changed. If it is meant to: make snapshot"


def test_every_asset_is_downstream_of_landing_or_a_seed(graph: AssetGraph) -> None:
    landing = dg.AssetKey("landing")
    reached, edge = {landing}, {landing}
    while edge:
        edge = {child for key in edge for child in graph.get(key).child_keys} - reached
        reached |= edge
    beside = {key for key in graph.get_all_asset_keys() if key not in reached}
    assert beside == {dg.AssetKey(["staging", "required_documents"])}
    assert dg.AssetKey(["search", "passages"]) in reached
    assert len([key for key in reached if key.path[0] == "marts"]) >= 4


def test_windows_are_settled_after_everything_else(graph: AssetGraph) -> None:
    ends = {node.key for node in graph.asset_nodes if not node.child_keys and node.partitions_def}
    assert ends == {dg.AssetKey(["windows", "settled"])}


def test_upkeep_belongs_to_no_window_and_has_a_job_of_its_own(definitions: dg.Definitions, graph: AssetGraph) -> None:
    upkeep = {node.key for node in graph.asset_nodes if node.group_name == "upkeep"}
    assert upkeep
    assert definitions.resolve_job_def("maintenance").asset_layer.executable_asset_keys == upkeep
    assert not definitions.resolve_job_def("windows").asset_layer.executable_asset_keys & upkeep


def test_ageing_tells_tiers_and_fails_when_something_could_not_be_moved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from assets import maintenance

    practice = Practice(tmp_path)
    deed, key = practice.land(KEYS[0], "deed.pdf", b"%PDF a deed"), dg.AssetKey(["upkeep", "lifecycle"])
    note_round(practice.platform.store, datetime.now(UTC), tmp_path)

    def night() -> dg.ExecuteInProcessResult:
        resources = {"platform": practice.platform, "reporter": Silent()}
        return dg.materialize([maintenance.lifecycle], resources=resources, raise_on_error=False)

    [event] = night().asset_materializations_for_node("upkeep__lifecycle")
    assert event.asset_key == key
    assert "| hot | 1 | 0 | 11 | 0 |" in str(event.metadata["tiers"].value)
    assert practice.places(deed) == {ARCHIVE}
    practice.put(raw_key(deed), b"bit rot")
    assert not night().success


def test_dbt_builds_everything_in_one_step(definitions: dg.Definitions) -> None:
    steps = [node.name for node in definitions.resolve_job_def("windows").nodes]
    assert [name for name in steps if name.startswith("marts")] == ["marts"]


@pytest.mark.usefixtures("definitions")
def test_marts_are_not_built_without_their_checks() -> None:
    """In the web UI checks can be left out of what is materialised; what was not tested would then be published."""
    from assets.definitions import Dbt, dbt_project
    from assets.warehouse import models

    key, project = dg.AssetKey(["marts", "matter_readiness"]), dbt_project(load())
    nothing = {"platform": None, "dsn": None, "reporter": Silent(), "dbt": Dbt(project_dir=project)}
    whole = dg.AssetSelection.assets(key)
    for chosen, refused in ((whole.without_checks(), True), (whole, False)):
        done = dg.materialize(
            [models(project)], selection=chosen, partition_key=KEYS[0], resources=nothing, raise_on_error=False
        )
        [event] = done.get_step_failure_events()
        error = event.step_failure_data.error
        assert error
        assert error.cause
        assert ("materialise them with their checks" in error.cause.message) is refused


def test_every_asset_says_what_it_is(graph: AssetGraph) -> None:
    bare = [node.key for node in graph.asset_nodes if not node.description or node.group_name == "default"]
    assert bare == []


def test_every_table_shows_the_columns_of_its_contract(graph: AssetGraph) -> None:
    from assets.windows import lake_key, warehouse_key
    from muniment.warehouse import loadable

    for contract in tables():
        for key in [lake_key(contract), *([warehouse_key(contract)] if contract in loadable() else [])]:
            schema = graph.get(key).metadata["dagster/column_schema"]
            assert [c.name for c in schema.columns] == [c.name for c in contract.all_columns], key
            assert all(column.description for column in schema.columns), key


def test_every_mart_shows_described_columns(graph: AssetGraph) -> None:
    for node in graph.asset_nodes:
        if node.key.path[0] == "marts":
            columns = node.metadata["dagster/column_schema"].columns
            assert columns, node.key
            assert [c.name for c in columns if not c.description] == [], node.key


def test_columns_with_personal_data_are_marked(graph: AssetGraph) -> None:
    schema = graph.get(dg.AssetKey(["vault", "matters"])).metadata["dagster/column_schema"]
    marked = {column.name for column in schema.columns if "pii" in column.tags}
    assert marked == {c.name for c in contracts()["matters"].columns if c.pii}
    assert marked


@pytest.mark.parametrize("start", ["2025-03-09-00:00", "2025-11-02-00:00", "2026-03-07-18:00", "2026-10-31-18:00"])
def test_partitions_are_the_windows(start: str) -> None:
    """Also where the clocks change: keys and instants agree."""
    from assets.windows import WINDOWS

    partitions = dg.TimeWindowPartitionsDefinition(
        start=start, fmt=WINDOWS.fmt, cron_schedule=WINDOWS.cron_schedule, timezone=WINDOWS.timezone
    )
    window = windows.parse(start)
    for _ in range(12):
        partition = partitions.time_window_for_partition_key(window.key)
        assert (partition.start, partition.end) == (window.start, window.end)
        window = window.next()


def test_partitions_begin_at_the_first_window_and_include_the_open_one() -> None:
    from assets.windows import WINDOWS

    keys = WINDOWS.get_partition_keys()
    assert keys[0] == load().first_window
    assert keys[-1] >= keys[-2]
    assert windows.between(keys[0], keys[-1])[-1].key == keys[-1]
    assert [window.key for window in windows.between(keys[0], keys[-1])] == keys


def test_no_run_begins_on_an_installation_that_is_half_restored(tmp_path: Path) -> None:
    from assets.resources import platform_resource

    settings = load(state_dir=tmp_path)
    with dg.build_resources({"platform": platform_resource(settings)}) as resources:
        assert resources.platform.settings == settings
    (tmp_path / "restoring").write_text("backups/one.json")
    with (
        pytest.raises(dg.DagsterResourceFunctionError) as refused,
        dg.build_resources({"platform": platform_resource(settings)}),
    ):
        pass
    assert "go on with it: muniment backup restore" in str(refused.value.__cause__)


def test_dagster_has_no_schedule_where_airflow_schedules_and_none_on_a_branch(tmp_path: Path) -> None:
    from assets.definitions import build_defs

    of_dagster = build_defs(load(state_dir=tmp_path, scheduler="dagster"))
    of_airflow = build_defs(load(state_dir=tmp_path, scheduler="airflow"))
    assert {schedule.name for schedule in of_dagster.get_repository_def().schedule_defs} == {"six_hourly", "nightly"}
    assert of_airflow.get_repository_def().schedule_defs == []
    assert of_airflow.resolve_job_def("windows")
    shutil.copytree(tmp_path / "dbt", tmp_path / "branches" / "try" / "dbt")  # parsed as it is
    of_branch = build_defs(load(state_dir=tmp_path, branch="try"))
    assert of_branch.get_repository_def().schedule_defs == []
