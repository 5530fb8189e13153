"""A lake whose catalog or metadata is lost: a run says so at once, and begins no new lake without a word."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from muniment import warehouse
from muniment.cli import app, flow
from muniment.contract import contracts
from muniment.errors import MunimentError
from muniment.windows import Window
from tests.ageing import KEYS, Practice

FIRST, SECOND = KEYS[:2]
DAMAGES: dict[str, Callable[[Path], Any]] = {
    "removed": lambda path: path.unlink(),
    "emptied": lambda path: path.write_bytes(b""),
    "overwritten": lambda path: path.write_bytes(b"\0not what it was\xff" * 1000),
}


@pytest.fixture
def practice(tmp_path: Path, new_database: Callable[[], str], monkeypatch: pytest.MonkeyPatch) -> Practice:
    """Two windows that are through, in lake and warehouse."""
    url = new_database()
    practice = Practice(tmp_path, warehouse_url=url)
    for key in (FIRST, SECOND):
        practice.land(key, f"deeds/{key}.pdf", f"%PDF-1.7 {key}".encode())
        practice.publish(key)
    with warehouse.opened(practice.settings) as dsn, warehouse.connected(dsn, autocommit=True) as connection:
        warehouse.prepare(connection, dsn)
        warehouse.sync(connection, practice.platform.lake, contracts()["objects"], "run-1")
        live = practice.platform.register.live()
        warehouse.settle(connection, {m.window_key: m.digest for m in live}, "run-1")
    monkeypatch.setenv("MUNIMENT_STATE_DIR", str(practice.settings.state))
    monkeypatch.setenv("MUNIMENT_WAREHOUSE_URL", url)
    monkeypatch.setenv("MUNIMENT_FIRST_WINDOW", FIRST)
    return practice


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Keys of the windows that commands took up: this is asked before Dagster is."""
    found = list[str]()

    def run(platform: object, wanted: list[Window], as_json: bool = False) -> None:
        found.extend(window.key for window in wanted)

    monkeypatch.setattr(flow, "_run", run)
    return found


def muniment(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


def refused(done: Result) -> str:
    """The sentence with which a command ended."""
    assert isinstance(done.exception, MunimentError), (done.exception, done.stderr)
    return str(done.exception)


def metadata(practice: Practice) -> Path:
    """The newest metadata of a table."""
    folder = practice.settings.state / "lake" / "iceberg" / "lake" / "objects" / "metadata"
    return sorted(folder.glob("*.metadata.json"))[-1]


def settled(practice: Practice) -> set[str]:
    with warehouse.opened(practice.settings) as dsn, warehouse.connected(dsn, autocommit=True) as connection:
        return set(warehouse.settled(connection))


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_run_says_that_the_catalog_is_lost_and_makes_no_other(
    practice: Practice, ran: list[str], damage: str
) -> None:
    catalog = practice.settings.state / "catalog.db"
    assert muniment("run").stderr.startswith("Nothing to do")
    DAMAGES[damage](catalog)
    found = catalog.read_bytes() if catalog.exists() else None
    for command in (["run"], ["run", "--from", SECOND]):
        said = refused(muniment(*command))
        assert str(catalog) in said
        assert "muniment backup restore" in said
    assert ran == []
    assert (catalog.read_bytes() if catalog.exists() else None) == found
    assert settled(practice) == {FIRST, SECOND}


@pytest.mark.parametrize("damage", ["removed", "emptied"])
def test_where_there_is_no_backup_a_run_that_is_told_every_window_makes_the_tables_again(
    practice: Practice, ran: list[str], damage: str
) -> None:
    """A run that is killed on the way must go on with all of them, so none counts as through from then on."""
    DAMAGES[damage](practice.settings.state / "catalog.db")
    said = refused(muniment("run"))
    assert said.endswith(f"muniment run --from {FIRST} --to {SECOND}")
    assert "legal holds" in said
    assert muniment("run", "--from", FIRST, "--to", SECOND).exit_code == 0
    assert ran == [FIRST, SECOND]
    assert settled(practice) == set()


@pytest.mark.parametrize("damage", ["removed", "emptied"])
def test_new_files_are_no_reason_to_begin_a_new_lake(practice: Practice, ran: list[str], damage: str) -> None:
    practice.drop(KEYS[2], "deeds/new.pdf", b"%PDF-1.7 new")
    DAMAGES[damage](practice.settings.state / "catalog.db")
    refused(muniment("run"))
    assert ran == []


@pytest.mark.parametrize("damage", ["removed", "emptied"])
def test_a_catalog_that_went_together_with_the_warehouse_is_told_by_the_snapshots_that_are_left(
    practice: Practice, ran: list[str], monkeypatch: pytest.MonkeyPatch, damage: str
) -> None:
    """Without any, a first run was killed before it had a catalog, and is gone on with."""
    DAMAGES[damage](practice.settings.state / "catalog.db")
    monkeypatch.delenv("MUNIMENT_WAREHOUSE_URL")
    assert f"muniment run --from {FIRST} --to {SECOND}" in refused(muniment("run"))
    assert ran == []
    muniment("run", "--from", FIRST, "--to", SECOND)
    assert ran == [FIRST, SECOND]
    shutil.rmtree(practice.settings.state / "lake" / "iceberg")
    muniment("run")
    assert ran == [FIRST, SECOND] * 2


def test_a_table_that_the_catalog_does_not_know_any_more_is_named(practice: Practice) -> None:
    practice.platform.lake.catalog.create_namespace("other")
    practice.platform.lake.catalog.rename_table("lake.objects", "other.objects")
    assert "does not know lake.objects" in refused(muniment("run"))


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_table_whose_metadata_is_lost_is_named_with_the_file(practice: Practice, ran: list[str], damage: str) -> None:
    DAMAGES[damage](metadata(practice))
    said = refused(muniment("run"))
    assert "lake.objects" in said
    assert str(metadata(practice).parent) in said
    assert "muniment backup restore" in said
    assert ran == []


def test_metadata_that_was_cut_short_is_damaged(practice: Practice) -> None:
    path = metadata(practice)
    path.write_bytes(path.read_bytes()[:-10])
    assert f"{path.name} is damaged" in refused(muniment("run"))
