"""Branches of a whole installation: its own warehouse, index, marts and runs, and no trace of it afterwards."""

import shutil
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from muniment import warehouse, windows
from muniment.branches import BranchError, create, drop, listed
from muniment.contract import contracts
from muniment.lake import LakeError
from muniment.lake import branches as lake_branches
from muniment.lake.branches import State
from muniment.platform import Platform
from muniment.postgres import Dsn
from muniment.settings import Settings
from tests.conftest import Ran
from tests.contents import contents
from tests.installation import Installation
from tests.s3 import S3Server
from tests.tables import good_row, stage

NAME = "lower-threshold"
PAYMENTS = contracts()["payments"]
KEYS = ("2026-03-08-00:00", "2026-03-08-06:00", "2026-03-08-12:00")


def databases(platform: Platform) -> set[str]:
    with warehouse.opened(platform.settings) as dsn, warehouse.connected(dsn) as connection:
        return {name for (name,) in connection.execute("SELECT datname FROM pg_database").fetchall()}


def everything(platform: Platform) -> tuple[Any, ...]:
    """All that a branch could leave a trace in: store, catalog, databases, state folder."""
    state, uri = platform.settings.state, platform.settings.catalog.removeprefix("sqlite:///")
    with closing(sqlite3.connect(uri)) as catalog:
        rows = {
            row
            for name in ("tables", "namespace_properties")
            for row in catalog.execute(f"SELECT * FROM iceberg_{name}")
        }
    passing = ("catalog.db.locks", "postgres")
    kept = {path.relative_to(state) for path in state.rglob("*") if path.relative_to(state).parts[0] not in passing}
    return {info.key: info.version for info in platform.store.list()}, rows, databases(platform), kept


# --- through the command line -----------------------------------------------------------------------------------------


def test_a_branch_has_marts_of_its_own_and_leaves_no_trace(ran: Ran, parsed_dbt: Path, tmp_path: Path) -> None:
    main = ran.installation
    before, held = everything(main.platform), contents(main.platform)
    main.muniment("branch", "create", NAME)
    branch = Installation(main.state, {"MUNIMENT_BRANCH": NAME})
    key = min(main.platform.lake.held(PAYMENTS))
    branch.platform.lake.commit(stage(tmp_path, PAYMENTS, key, []), "by hand")
    shutil.copytree(parsed_dbt, main.state / "branches" / NAME / "dbt")

    assert "1 windows to run" in branch.muniment("run").stderr, "the others are through, on main"
    assert branch.json("status")["reconciled"]
    counts = "select count(*) as lines, (select count(*) from marts.document_register) as documents from "
    [ours], [theirs] = (one.sql(f"{counts} marts.trust_ledger") for one in (branch, main))
    assert ours["lines"] < theirs["lines"]
    assert ours["documents"] == theirs["documents"] > 0
    [found] = main.json("branch", "list")
    rows = {change["table"]: (change["before"]["rows"], change["now"]["rows"]) for change in found["changes"]}
    assert found["name"] == NAME
    assert rows["lake.payments"][0] - rows["lake.payments"][1] == main.platform.lake.held(PAYMENTS)[key].rows > 0
    assert "a branch registers none" in branch.muniment("run").stderr
    assert contents(main.platform).differences(held) == []

    main.muniment("branch", "drop", NAME)
    after = everything(main.platform)
    assert after[:3] == before[:3]
    beside = ("backup.lock", "scratch", "dagster")  # where other tests of the same practice may be at work meanwhile
    new = {path for path in after[3] - before[3] if path.parts[0] not in beside or NAME in path.parts}
    assert {path for path in new if path.parts[:2] != ("lake", "branches")} == set()
    gone = branch.muniment("status", check=False)
    assert (gone.returncode, f"There is no branch {NAME}" in gone.stderr) == (2, True)


# --- in this process --------------------------------------------------------------------------------------------------


@pytest.fixture
def main(new_settings: Callable[..., Settings], tmp_path: Path) -> Platform:
    """An installation whose windows are through."""
    platform = Platform(new_settings())
    for at, key in enumerate(KEYS):
        platform.lake.commit(stage(tmp_path, PAYMENTS, key, [good_row(PAYMENTS, at)]), "run-1")
    with warehouse.opened(platform.settings) as dsn, warehouse.connected(dsn, autocommit=True) as connection:
        warehouse.prepare(connection, dsn)
        warehouse.settle(connection, {key: f"digest {key}" for key in KEYS}, "run-1")
    return platform


def on(main: Platform, name: str = NAME) -> Platform:
    return Platform(main.settings.on(name))


def test_a_branch_takes_over_which_windows_are_through_but_for_the_last(main: Platform) -> None:
    create(main, NAME)
    with warehouse.opened(on(main).settings) as dsn, warehouse.connected(dsn) as connection:
        assert dict(warehouse.settled(connection)) == {key: f"digest {key}" for key in KEYS[:2]}
        reading = connection.execute("SELECT has_table_privilege('muniment_reader', 'lake.payments', 'SELECT')")
        assert reading.fetchone() == (True,)
        assert connection.execute("SELECT count(*) FROM lake.payments").fetchone() == (0,)


def test_its_database_sorts_as_that_of_main_does(main: Platform) -> None:
    create(main, NAME)
    collations = []
    for platform in (main, on(main)):
        with warehouse.opened(platform.settings) as dsn, warehouse.connected(dsn) as connection:
            asked = "SELECT datcollate, datctype, encoding FROM pg_database WHERE datname = current_database()"
            collations.append(connection.execute(asked).fetchone())
    assert collations[0] == collations[1]


def test_what_has_changed_on_a_branch_is_listed_with_its_rows(main: Platform, tmp_path: Path) -> None:
    create(main, NAME)
    create(main, "untouched")
    on(main).lake.commit(stage(tmp_path, PAYMENTS, KEYS[0], []), "by hand")
    parcels = contracts()["parcels"]
    on(main).lake.commit(stage(tmp_path, parcels, KEYS[0], [good_row(parcels)]), "by hand")
    changed, untouched = listed(main)
    assert [(c.table, _rows(c.before), _rows(c.now)) for c in changed.changes] == [
        ("lake.parcels", None, 1),
        ("lake.payments", 3, 2),
    ]
    assert (untouched.name, untouched.tables, untouched.changes) == ("untouched", 1, ())


def _rows(state: State | None) -> int | None:
    return state.rows if state else None


def test_a_branch_that_is_there_is_not_made_again(main: Platform, tmp_path: Path) -> None:
    create(main, NAME)
    on(main).lake.commit(stage(tmp_path, PAYMENTS, KEYS[0], []), "by hand")
    with pytest.raises(BranchError, match=f"There is a branch {NAME}, made .* branch drop {NAME}"):
        create(main, NAME)
    assert KEYS[0] not in on(main).lake.held(PAYMENTS)


def test_a_catalog_in_postgresql_and_a_lake_on_s3_have_branches_too(
    new_settings: Callable[..., Settings], new_database: Callable[[], str], s3_server: S3Server, tmp_path: Path
) -> None:
    uri, prefix = new_database().replace("postgresql://", "postgresql+psycopg://"), s3_server.new_prefix()
    main = Platform(new_settings(catalog_uri=uri, lake_uri=prefix, **s3_server.settings()))
    main.lake.commit(stage(tmp_path, PAYMENTS, KEYS[0], [good_row(PAYMENTS)]), "run-1")
    create(main, NAME)
    branch = on(main)
    branch.lake.commit(stage(tmp_path, PAYMENTS, KEYS[0], []), "by hand")
    with (
        main.lake.claimed([windows.parse(KEYS[0])]),
        branch.lake.claimed([]),
        pytest.raises(LakeError, match=f"Branch {NAME} is being run"),
    ):
        drop(main, NAME)
    assert (len(main.lake.held(PAYMENTS)), len(branch.lake.held(PAYMENTS))) == (1, 0)
    [found] = listed(main)
    assert [(c.table, _rows(c.before), _rows(c.now)) for c in found.changes] == [("lake.payments", 1, 0)]
    branch.lake.catalog.close()
    assert {info.key.split("/")[0] for info in main.store.list()} == {"branches", "iceberg", "processed"}
    drop(main, NAME)
    assert listed(main) == []
    assert {info.key.split("/")[0] for info in main.store.list()} == {"iceberg", "processed"}
    main.lake.catalog.close()


@pytest.mark.parametrize("name", ["", "main", "Main", "a/b", "../a", "a b", "a_b", "-a", "a-", "é", "a" * 31, "a;drop"])
def test_a_name_that_can_be_none_is_refused_before_anything_is_looked_at(main: Platform, name: str) -> None:
    for command in (create, drop):
        with pytest.raises(BranchError, match=r"no name for a branch|Give the branch a name"):
            command(main, name)


def test_a_branch_that_is_not_there_cannot_be_dropped(main: Platform) -> None:
    with pytest.raises(BranchError, match="There is no branch nowhere"):
        drop(main, "nowhere")


def test_a_branch_that_runs_is_not_dropped(main: Platform) -> None:
    create(main, NAME)
    before = everything(main)
    with on(main).lake.claimed([]), pytest.raises(LakeError, match=f"Branch {NAME} is being run"):
        drop(main, NAME)
    assert everything(main) == before
    drop(main, NAME)


class Killed(BaseException):
    """The end of a process."""


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_creating_that_was_killed_is_finished_by_the_next_and_usable_no_sooner(
    main: Platform, monkeypatch: pytest.MonkeyPatch, after: bool
) -> None:
    before = everything(main)
    for owner, attribute in ((lake_branches, "fork"), (warehouse, "created"), (warehouse, "settle")):
        with monkeypatch.context() as patch:
            patch.setattr(owner, attribute, _fatal(getattr(owner, attribute), after))
            with pytest.raises(Killed):
                create(main, NAME)
        with pytest.raises(LakeError, match="There is no branch"):
            on(main).lake.held(PAYMENTS)
        assert {one.made_at for one in listed(main)} <= {None}
    create(main, NAME)
    assert on(main).lake.held(PAYMENTS) == main.lake.held(PAYMENTS)
    drop(main, NAME)
    assert everything(main)[:3] == before[:3]


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_dropping_that_was_killed_is_finished_by_the_next(
    main: Platform, monkeypatch: pytest.MonkeyPatch, after: bool
) -> None:
    before = everything(main)
    create(main, NAME)
    with on(main).scratch():
        pass
    steps = ((lake_branches, "sever"), (warehouse, "dropped"), (shutil, "rmtree"), (lake_branches, "erase"))
    for owner, attribute in steps[: len(steps) - after]:
        with monkeypatch.context() as patch:
            patch.setattr(owner, attribute, _fatal(getattr(owner, attribute), after))
            with pytest.raises(Killed):
                drop(main, NAME)
    drop(main, NAME)
    after_all = everything(main)
    assert after_all[:3] == before[:3]
    assert {path for path in after_all[3] - before[3] if path.parts[:2] != ("lake", "branches")} == set()


def _fatal(original: Callable[..., Any], after: bool) -> Callable[..., Any]:
    def fatal(*args: Any, **kwargs: Any) -> Any:
        if after:
            original(*args, **kwargs)
        raise Killed

    return fatal


def test_a_database_of_a_branch_has_a_name_that_postgresql_does_not_cut_off() -> None:
    dsn = Dsn("localhost", 5432, "postgres", "", "muniment")
    assert warehouse.of_branch(dsn, "").dbname == "muniment"
    assert warehouse.of_branch(dsn, NAME).dbname == "muniment_branch_lower_threshold"
    with pytest.raises(warehouse.WarehouseError, match="longer than the 63 bytes"):
        warehouse.of_branch(Dsn("localhost", 5432, "postgres", "", "m" * 40), "a" * 30)


def test_warehouses_of_main_and_of_a_branch_may_be_prepared_at_once(main: Platform) -> None:
    """The reading role is one for the whole server."""
    create(main, NAME)

    def prepared(platform: Platform) -> None:
        with warehouse.opened(platform.settings) as dsn, warehouse.connected(dsn, autocommit=True) as connection:
            for _ in range(10):
                warehouse.prepare(connection, dsn)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(prepared, (main, on(main))))
