"""The warehouse follows a migration on a real PostgreSQL, with its views, its rows and the way back."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest

from muniment import warehouse
from muniment.contract import Column, Contract
from muniment.lake import Lake
from muniment.migration import MigrationError, carry_out, history, in_force, plan, way_back
from muniment.objects import open_store
from muniment.settings import load
from muniment.warehouse import WarehouseError
from tests.s3 import S3Server
from tests.tables import Row, plain, stage
from tests.unit.test_migration import (
    AMOUNT,
    DROPPED,
    FIRST,
    GAINED,
    LOOSER,
    MONTHLY,
    MORNING,
    NAME,
    NOON,
    NOTE,
    RENAMED,
    WIDER,
    A,
    B,
    changed,
    lake_in,
    row,
    rows,
)

Connection = psycopg.Connection[Any]


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return lake_in(tmp_path / "state")


@pytest.fixture
def connection(new_database: Callable[[], str], lake: Lake, tmp_path: Path) -> Iterator[Connection]:
    """A warehouse that holds two windows of the first contract, below a view like those of dbt."""
    with (
        warehouse.opened(load(warehouse_url=new_database())) as dsn,
        warehouse.connected(dsn, autocommit=True) as connection,
    ):
        warehouse.prepare(connection, dsn)
        put(lake, connection, tmp_path, FIRST, MORNING, row(A))
        put(lake, connection, tmp_path, FIRST, NOON, row(B))
        connection.execute("CREATE VIEW staging.stg_samples AS SELECT name, amount FROM lake.samples")
        connection.execute("CREATE VIEW intermediate.int_samples AS SELECT name FROM staging.stg_samples")
        connection.execute(
            "INSERT INTO ledger.settled VALUES ('2026-03-08-06:00', 'm', 'r'), ('2026-03-08-12:00', 'm', 'r')"
        )
        yield connection


def put(lake: Lake, connection: Connection, folder: Path, contract: Contract, key: str, *given: Row) -> None:
    lake.commit(stage(folder, contract, key, given), "run-1")
    warehouse._prepare_table(connection, contract)
    warehouse.sync(connection, lake, contract, "run-1")


def migrate(lake: Lake, connection: Connection, contract: Contract) -> None:
    found = plan(lake, connection, contract)
    assert found
    carry_out(lake, connection, found, "a test")


def roll_back(lake: Lake, connection: Connection, contract: Contract) -> None:
    carry_out(lake, connection, way_back(lake, connection, contract), "a test", action="rollback")


def held(connection: Connection, table: str = "lake.samples") -> list[Row]:
    cursor = connection.execute(f"SELECT * FROM {table}")
    return plain(dict(zip([c.name for c in cursor.description or ()], one, strict=True)) for one in cursor.fetchall())


CHANGED = pytest.mark.parametrize(
    "after",
    [RENAMED, WIDER, LOOSER, GAINED, DROPPED, MONTHLY],
    ids=["renamed", "widened", "relaxed", "added", "dropped", "partitioned otherwise"],
)


@CHANGED
def test_the_warehouse_follows_there_and_back(lake: Lake, connection: Connection, after: Contract) -> None:
    before = rows(lake, FIRST)
    migrate(lake, connection, after)
    assert held(connection) == rows(lake, after)
    assert plan(lake, connection, after).empty  # type: ignore[union-attr]
    warehouse._prepare_table(connection, after)
    assert [one.changed for one in warehouse.sync(connection, lake, after, "run-2")] == [False, False]
    roll_back(lake, connection, after)
    assert held(connection) == rows(lake, FIRST) == before


@CHANGED
def test_views_stay_where_they_still_fit(lake: Lake, connection: Connection, after: Contract) -> None:
    migrate(lake, connection, after)
    views = connection.execute(
        "SELECT viewname FROM pg_views WHERE schemaname IN ('staging', 'intermediate') ORDER BY 1"
    ).fetchall()
    assert views == ([] if after is DROPPED else [("int_samples",), ("stg_samples",)])
    if views:
        assert held(connection, "intermediate.int_samples") == [{"name": "a"}, {"name": "b"}]


def test_the_reader_may_ask_a_view_that_was_put_back(lake: Lake, connection: Connection) -> None:
    migrate(lake, connection, WIDER)
    connection.execute(f"SET ROLE {warehouse.READER}")
    assert len(held(connection, "staging.stg_samples")) == 2


def test_the_next_run_builds_the_marts_anew(lake: Lake, connection: Connection) -> None:
    migrate(lake, connection, RENAMED)
    assert list(warehouse.settled(connection)) == ["2026-03-08-06:00"]


def test_the_next_run_takes_every_window_of_a_table_whose_masks_change_and_no_other(
    lake: Lake, connection: Connection
) -> None:
    settled = {MORNING: "m", NOON: "m", "2026-03-08-18:00": "m"}
    for step in (migrate, roll_back):
        warehouse.settle(connection, settled, "r")
        step(lake, connection, changed(FIRST, "2.0.0", note=replace(NOTE, pii="person")))
        assert list(warehouse.settled(connection)) == ["2026-03-08-18:00"]


def test_a_new_key_is_indexed(lake: Lake, connection: Connection) -> None:
    migrate(lake, connection, replace(FIRST, version="2.0.0", key=("name", "amount")))
    [(index,)] = connection.execute("SELECT indexdef FROM pg_indexes WHERE indexname = 'samples_key'").fetchall()
    assert index.endswith("(name, amount)")


@pytest.mark.parametrize("after", [RENAMED, WIDER, LOOSER, DROPPED], ids=["renamed", "widened", "relaxed", "dropped"])
def test_until_it_is_migrated_the_warehouse_refuses_with_the_command(connection: Connection, after: Contract) -> None:
    with pytest.raises(WarehouseError, match=r"lake\.samples cannot take.*muniment contract migrate samples"):
        warehouse._prepare_table(connection, after)


def test_a_migration_that_ended_between_lake_and_warehouse_is_finished_by_the_next(
    lake: Lake, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("muniment.migration._alter", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            migrate(lake, connection, RENAMED)
    assert rows(lake, RENAMED)[0]["remark"] == "x"
    assert "note" in held(connection)[0]
    assert in_force(lake, RENAMED) == FIRST
    migrate(lake, connection, RENAMED)
    assert held(connection) == rows(lake, RENAMED)
    assert in_force(lake, RENAMED) == RENAMED


def test_a_warehouse_that_cannot_follow_stays_as_it_was(lake: Lake, connection: Connection) -> None:
    connection.execute("CREATE MATERIALIZED VIEW marts.own AS SELECT amount FROM lake.samples")
    with pytest.raises(MigrationError, match="(?s)The warehouse could not follow samples: .*marts.own"):
        migrate(lake, connection, WIDER)
    assert len(held(connection, "staging.stg_samples")) == 2
    connection.execute("DROP MATERIALIZED VIEW marts.own")
    migrate(lake, connection, WIDER)
    assert held(connection) == rows(lake, WIDER)


def test_a_column_that_comes_back_is_loaded_from_the_lake_again(
    lake: Lake, connection: Connection, tmp_path: Path
) -> None:
    migrate(lake, connection, GAINED)
    put(lake, connection, tmp_path, GAINED, NOON, row(B, later=7))
    roll_back(lake, connection, GAINED)
    assert "later" not in held(connection)[1]
    migrate(lake, connection, GAINED)
    assert [one["later"] for one in held(connection)] == [None, 7]


def test_personal_columns_are_migrated_in_the_vault_too(lake: Lake, connection: Connection, tmp_path: Path) -> None:
    known = Column("phone", "text", "Phone", pii="phone")
    first = replace(FIRST, name="people", columns=(NAME, NOTE, AMOUNT, known))
    for contract in (first, first.vault):
        assert contract
        put(lake, connection, tmp_path, contract, MORNING, {"name": "a", "phone": "403"})
    after = changed(first, "2.0.0", phone=replace(known, name="telephone", renamed_from="phone"))
    migrate(lake, connection, after)
    for table in ("lake.people", "vault.people"):
        assert held(connection, table)[0]["telephone"] == "403"
    assert after.vault
    assert rows(lake, after.vault)[0]["telephone"] == "403"


def test_a_lake_on_s3_is_migrated_and_rolled_back(s3_server: S3Server, tmp_path: Path) -> None:
    settings = load(state_dir=tmp_path / "state", lake_uri=s3_server.new_prefix(), **s3_server.settings())
    lake = Lake(settings, open_store(settings.lake, settings))
    lake.commit(stage(tmp_path, FIRST, MORNING, [row(A)]), "run-1")
    found = plan(lake, None, RENAMED)
    assert found
    carry_out(lake, None, found, "a test")
    lake.commit(
        stage(tmp_path, RENAMED, NOON, [row({"name": "b", "remark": "y", "small": 2, "amount": "1.00"})]), "run-2"
    )
    assert [one["remark"] for one in rows(lake, RENAMED)] == ["x", "y"]
    carry_out(lake, None, way_back(lake, None, RENAMED), "a test", action="rollback")
    assert [one["note"] for one in rows(lake, FIRST)] == ["x", "y"]
    assert [note["action"] for note in history(lake)] == ["migrate", "rollback"]
