"""Backups as their user makes them: the commands, S3, and the drill of restoring elsewhere and going on."""

import json
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from muniment import warehouse, windows
from muniment.backup.prune import prune
from muniment.backup.repository import new_key, open_repository
from muniment.backup.take import take
from muniment.contract import contracts, tables
from muniment.lake.maintenance import Policy, Upkeep
from muniment.progress import silent
from muniment.settings import PROJECT, load
from tests.backups import KEYS, check_whole, fill, installation, put, repository_of, restored, rows
from tests.conftest import Ran
from tests.installation import Installation
from tests.integration.test_launch import dagster_of
from tests.integration.test_operating import commands
from tests.s3 import S3Server
from tests.tables import stage


def test_a_lake_moves_from_a_folder_to_s3_by_way_of_a_backup(tmp_path: Path, s3_server: S3Server) -> None:
    here = installation(tmp_path, "here")
    fill(here, tmp_path)
    expected = rows(here.lake)
    place = {"backup_uri": s3_server.new_prefix()} | s3_server.settings()
    take(here, open_repository(load(state_dir=here.settings.state, **place)), silent)
    there = restored(here, tmp_path, lake_uri=s3_server.new_prefix(), **place)
    assert rows(there.lake) == expected
    put(there, tmp_path, KEYS[4], "new")
    assert (KEYS[4], "new") in rows(there.lake)
    again = take(there, repository_of(there), silent, incremental=True)
    assert again.manifest.location.startswith("s3://")
    repository = repository_of(there)
    repository.mark_verified(again.key, tmp_path)
    assert prune(repository, 1, datetime.now(UTC) + timedelta(days=2), tmp_path).backups == 1
    assert repository.verified() == {again.key} == set(repository.instants().values())
    check_whole(there)


# --- the drill ----------------------------------------------------------------------------------------------------

NEW = "2026-03-11-06:00"
MARTS = ("price_reconciliation", "reading_health", "parties", "review_queue")


def contents(installation: Installation) -> dict[str, Any]:
    """Everything that the lake says, vault and all, and what a search finds."""
    held = {one.name: {Path(place).name: rows for place, rows in one.files.items()} for one in inventory(installation)}
    return {"tables": held, "manifests": [m.digest for m in installation.platform.register.manifests()]}


def inventory(installation: Installation) -> Any:
    return installation.platform.lake.inventory()


def runs(installation: Installation) -> dict[str, int]:
    """Dagster's runs, with how many events of each it keeps."""
    with dagster_of(installation) as dagster:
        return {run.run_id: len(dagster.all_logs(run.run_id)) for run in dagster.get_runs()}


def marts(installation: Installation) -> dict[str, list[str]]:
    """The rows of some marts, without an order."""
    return {
        name: sorted(json.dumps(row, sort_keys=True) for row in installation.sql(f"select * from marts.{name}"))
        for name in MARTS
    }


@pytest.fixture(scope="module")
def drill(
    ran: Ran, new_installation: Callable[..., Installation], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Installation, Installation]:
    """The installation that was backed up, and the one that was restored from it, before its first run."""
    place = {"MUNIMENT_BACKUP_URI": tmp_path_factory.mktemp("backups").as_uri(), "MUNIMENT_BACKUP_KEY": new_key()}
    before = Installation(ran.installation.state, place)
    before.muniment("backup")
    after = new_installation(**place)
    after.muniment("backup", "restore")
    return before, after


@dataclass(frozen=True)
class GoneOn:
    """A restored installation that got another delivery; what it held, and which releases and runs it knew before
    that."""

    installation: Installation
    contents: dict[str, Any]
    releases: list[dict[str, Any]]
    runs: dict[str, int]


@pytest.fixture(scope="module")
def gone_on(drill: tuple[Installation, Installation]) -> GoneOn:
    _, after = drill
    restored = GoneOn(after, contents(after), after.json("release", "list"), runs(after))
    after.land_assessment(NEW)
    after.muniment("run")
    return restored


def test_a_restored_installation_says_what_the_first_said_and_goes_on(
    drill: tuple[Installation, Installation], gone_on: GoneOn
) -> None:
    before, after = drill
    assert gone_on.contents == contents(before)
    assert gone_on.runs == runs(before)
    assert len(gone_on.runs) == 1
    assert runs(after).items() > gone_on.runs.items()
    assert marts(after) == marts(before)
    assert after.json("status")["reconciled"]
    assert len(after.json("status")["windows"]) == len(before.json("status")["windows"]) + 1


# --- releases of it -----------------------------------------------------------------------------------------------


def test_each_run_that_brought_something_cut_a_release_also_after_a_restore(
    drill: tuple[Installation, Installation], gone_on: GoneOn
) -> None:
    """The first run took all windows; the restored installation had them to run again, which changed nothing."""
    before, after = drill
    [first] = before.json("release", "list")
    assert gone_on.releases == [first]
    assert len(first["windows"]) == 2
    assert set(first["changed"]) == {name for name, rows in before.json("status")["tables"].items() if rows}
    again, second = after.json("release", "list")
    assert again == first
    assert second["windows"] == [NEW]
    assert {"lake.assessments", "lake.objects"} <= set(second["changed"])
    for contract in tables():
        state = after.platform.lake.state(contract)
        assert state is None or state.snapshot is None or f"release-{second['id']}" in state.tags


def test_what_a_run_at_work_has_written_is_not_seen(gone_on: GoneOn, tmp_path: Path) -> None:
    lake, contract = gone_on.installation.platform.lake, contracts()["assessments"]
    count = "select count(*) as rows from assessments"
    [before] = gone_on.installation.lake(count)
    rows = list(lake.scan(contract, windows.parse(NEW)))
    lake.commit(stage(tmp_path, contract, NEW, []), "half a run")
    try:
        assert gone_on.installation.lake(count) == [before]
        now = json.loads(gone_on.installation.muniment("lake", count, "--now", "--format", "json").stdout)
    finally:
        own = [name for name in contract.arrow_schema.names if name not in ("window_start", "window_key", "run_id")]
        lake.commit(stage(tmp_path, contract, NEW, [r for b in rows for r in b.select(own).to_pylist()]), "put back")
    assert now == [{"rows": before["rows"] - 1}]


def test_the_marts_of_an_earlier_release_can_be_built_again_as_they_were(gone_on: GoneOn, tmp_path: Path) -> None:
    """By the commands that docs/operating.md names, after upkeep that keeps nothing but what releases need."""
    lake, later = gone_on.installation.platform.lake, datetime.now(UTC) + timedelta(hours=1)
    store = gone_on.installation.platform.store
    upkeep = Upkeep(lake, store, tmp_path / "u", "upkeep", later, Policy(keep=timedelta(0), grace=timedelta(0)))
    reports = [report for contract in tables() if (report := upkeep.keep_up(contract))]
    assert sum(step.before.files - step.after.files for report in reports for step in report.steps) > 0
    assert not [report.error for report in reports if report.error]
    (tmp_path / "muniment").symlink_to(gone_on.installation.command[0])
    path = f"{tmp_path}:{gone_on.installation.variables['PATH']}"
    done = subprocess.run(
        "\n".join(["set -e", *commands("Building the marts of a release again")]),
        shell=True,
        cwd=PROJECT,
        env={**gone_on.installation.variables, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    rebuilt = dict(line.split() for line in done.stdout.splitlines()[1:])
    assert rebuilt == dict.fromkeys(gone_on.installation.json("status")["warehouse"]["marts"], "equal")
    with warehouse.opened(gone_on.installation.platform.settings) as dsn, warehouse.connected(dsn) as connection:
        left = connection.execute("SELECT datname FROM pg_database WHERE datname LIKE 'muniment\\_%'").fetchall()
    assert left == []


def test_the_commands_tell_what_there_is_and_whether_it_is_whole(drill: tuple[Installation, Installation]) -> None:
    before, _ = drill
    listed = before.json("backup", "list")
    assert [backup["tables"] for backup in listed] == [len(inventory(before))]
    assert listed[0]["rows"] == sum(sum(one.files.values()) for one in inventory(before))
    done = before.muniment("backup", "--incremental")
    assert "0 examined" not in done.stderr
    assert before.json("backup", "verify")["faults"] == []
    folder = Path(before.environment["MUNIMENT_BACKUP_URI"].removeprefix("file://")) / "objects"
    victim = max(folder.rglob("*.age"))
    kept = victim.read_bytes()
    victim.write_bytes(kept[:-1])
    try:
        found = before.muniment("backup", "verify", check=False)
    finally:
        victim.write_bytes(kept)
    assert found.returncode == 1
    assert "damaged" in found.stdout
    Installation(before.state, before.environment | {"MUNIMENT_BACKUPS_KEPT": "1"}).muniment("backup", "--incremental")
    assert len(before.json("backup", "list")) == 1, "the one that was verified was found damaged afterwards"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["backup"], "MUNIMENT_BACKUP_URI"),
        (["backup", "restore"], "MUNIMENT_BACKUP_URI"),
        (["backup", "verify", "--to", "yesterday"], "MUNIMENT_BACKUP_URI"),
    ],
)
def test_without_a_place_for_backups_it_is_said_which_setting_names_one(
    fresh: Installation, arguments: list[str], said: str
) -> None:
    done = fresh.muniment(*arguments, check=False)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_restore_over_an_installation_at_work_is_refused(drill: tuple[Installation, Installation]) -> None:
    before, _ = drill
    done = before.muniment("backup", "restore", check=False)
    assert done.returncode == 2
    assert "something here already" in done.stderr
