"""The warehouse on a real PostgreSQL: it mirrors the lake window by window, repairs itself, keeps the vault shut."""

import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples

from muniment import marts, warehouse, windows
from muniment.contract import Column, Contract, contracts, tables
from muniment.lake import Lake, Pinned
from muniment.objects import FolderStore
from muniment.postgres import Dsn
from muniment.settings import PROJECT, Settings, load
from muniment.warehouse import WarehouseError
from tests.tables import COLUMNS, EVERY_TYPE, Row, contract_of, plain, rows_of_every_type, stage
from tests.unit.test_staging import EMPTY, FULL

KEYS = [window.key for window in windows.between("2026-03-07-12:00", "2026-03-08-12:00")]
MORNING, NOON = KEYS[3], KEYS[4]
SECRET = "Kaya Okafor"

Connection = psycopg.Connection[Any]


@pytest.fixture
def url(new_database: Callable[[], str]) -> str:
    return new_database()


@pytest.fixture
def dsn(url: str) -> Iterator[Dsn]:
    with warehouse.opened(load(warehouse_url=url)) as opened:
        yield opened


@pytest.fixture
def connection(dsn: Dsn) -> Iterator[Connection]:
    with warehouse.connected(dsn, autocommit=True) as connected:
        warehouse.prepare(connected, dsn)
        yield connected


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return lake_in(tmp_path)


def lake_in(folder: Path) -> Lake:
    return Lake(load(state_dir=folder / "state"), FolderStore(folder / "lake"))


@pytest.fixture
def put(lake: Lake, tmp_path: Path) -> Callable[..., Any]:
    """Commits rows for a window to the lake."""

    def commit(key: str, *rows: Row, contract: Contract = EVERY_TYPE, run: str = "run-1") -> None:
        lake.commit(stage(tmp_path, contract, key, rows, run), run)

    return commit


@pytest.fixture
def sync(connection: Connection, lake: Lake) -> Callable[..., list[warehouse.Loaded]]:
    """Makes the table of a test and loads it."""

    def load_all(run: str = "run-1", contract: Contract = EVERY_TYPE) -> list[warehouse.Loaded]:
        warehouse._prepare_table(connection, contract)
        return warehouse.sync(connection, lake, contract, run)

    return load_all


def held(connection: Connection, contract: Contract = EVERY_TYPE) -> list[Row]:
    cursor = connection.execute(f"SELECT * FROM {contract.table} ORDER BY window_key, name")
    return [dict(zip([c.name for c in cursor.description or ()], row, strict=True)) for row in cursor.fetchall()]


def names(connection: Connection) -> list[str]:
    return [row["name"] for row in held(connection)]


def loaded_by(connection: Connection) -> dict[str, str]:
    rows = connection.execute("SELECT window_key, run_id FROM ledger.loaded WHERE table_name = 'lake.samples'")
    return dict(rows.fetchall())


# --- preparing -----------------------------------------------------------------------------------------------------


def test_preparing_makes_a_table_of_every_contract_with_its_types(connection: Connection) -> None:
    found: dict[str, list[tuple[str, str, bool]]] = {}
    for table, column, kind, required in connection.execute(
        "SELECT n.nspname || '.' || c.relname, attname, format_type(atttypid, atttypmod), attnotnull"
        " FROM pg_attribute JOIN pg_class c ON c.oid = attrelid JOIN pg_namespace n ON n.oid = relnamespace"
        " WHERE attnum > 0 AND relkind = 'r' AND nspname IN ('lake', 'vault') ORDER BY 1, attnum"
    ):
        found.setdefault(table, []).append((column, kind.replace("timestamp with time zone", "timestamptz"), required))
    expected = {
        t.table: [(c.name, c.postgres_type, c.required) for c in t.all_columns]
        for t in tables()
        if t.name != "embeddings"
    }
    assert found == expected


def test_preparing_again_changes_nothing(connection: Connection, dsn: Dsn, lake: Lake, put: Any, sync: Any) -> None:
    put(MORNING, FULL)
    sync()
    warehouse.prepare(connection, dsn)
    assert names(connection) == ["a"]


def test_two_processes_may_prepare_at_once(dsn: Dsn) -> None:
    code = (
        "import sys; from muniment import warehouse; from muniment.settings import load\n"
        "with warehouse.opened(load(warehouse_url=sys.argv[1])) as dsn, warehouse.connected(dsn) as connection:\n"
        "    warehouse.prepare(connection, dsn)"
    )
    running = [
        subprocess.Popen([sys.executable, "-c", code, dsn.url()], cwd=PROJECT, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    for process in running:
        _, said = process.communicate(timeout=120)
        assert process.returncode == 0, said


def test_a_new_optional_column_of_a_contract_is_added_to_its_table(connection: Connection, put: Any, sync: Any) -> None:
    put(MORNING, FULL)
    sync()
    wider = contract_of(*COLUMNS, Column("later", "decimal(12,4)", "Came later"), version="1.1.0")
    put(NOON, {"name": "b", "later": 5}, contract=wider)
    sync(contract=wider)
    assert [(row["name"], row["later"]) for row in held(connection)] == [("a", None), ("b", 5)]


def test_a_new_required_column_is_refused_with_what_to_do(connection: Connection, sync: Any) -> None:
    sync()
    narrower = contract_of(*COLUMNS, Column("later", "text", "Came later", required=True), version="2.0.0")
    with pytest.raises(WarehouseError, match=r"lake\.samples.*2\.0\.0.*later.*contract migrate samples"):
        sync(contract=narrower)


def test_a_server_that_is_too_old_is_refused(connection: Connection, dsn: Dsn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warehouse, "_MINIMUM", 990000)
    with pytest.raises(WarehouseError, match=r"PostgreSQL \d+ is too old: Muniment needs 15 or later"):
        warehouse.prepare(connection, dsn)


# --- mirroring -----------------------------------------------------------------------------------------------------


def test_values_of_every_type_and_nulls_arrive_as_they_are(connection: Connection, put: Any, sync: Any) -> None:
    put(MORNING, FULL, EMPTY)
    assert sync() == [warehouse.Loaded("lake.samples", MORNING, 2, True)]
    assert plain(held(connection)) == [FULL, dict.fromkeys(FULL) | EMPTY]
    assert {row["window_start"] for row in held(connection)} == {windows.parse(MORNING).start}


@examples(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=rows_of_every_type)
def test_whatever_the_lake_holds_the_warehouse_holds(
    tmp_path_factory: pytest.TempPathFactory, connection: Connection, rows: list[Row]
) -> None:
    folder = tmp_path_factory.mktemp("any")
    lake = lake_in(folder)
    lake.commit(stage(folder, EVERY_TYPE, MORNING, rows), "run-1")
    warehouse._prepare_table(connection, EVERY_TYPE)
    warehouse.sync(connection, lake, EVERY_TYPE, "run-1")
    assert plain(held(connection)) == plain(row for batch in lake.scan(EVERY_TYPE) for row in batch.to_pylist())


def test_only_windows_that_differ_are_loaded(connection: Connection, put: Any, sync: Any) -> None:
    put(MORNING, FULL)
    put(NOON, {"name": "b"})
    sync("run-1")
    put(NOON, {"name": "c"})
    assert [(one.window_key, one.changed) for one in sync("run-2")] == [(MORNING, False), (NOON, True)]
    assert loaded_by(connection) == {MORNING: "run-1", NOON: "run-2"}
    assert names(connection) == ["a", "c"]


def test_a_window_that_vanished_from_the_lake_vanishes(connection: Connection, put: Any, sync: Any) -> None:
    put(MORNING, FULL)
    put(NOON, {"name": "b"})
    sync()
    put(MORNING)
    sync("run-2")
    assert names(connection) == ["b"]
    assert loaded_by(connection) == {NOON: "run-1"}


@pytest.mark.parametrize("damage", ["TRUNCATE lake.samples", "DROP TABLE lake.samples", "DROP SCHEMA lake CASCADE"])
def test_a_table_that_somebody_emptied_is_loaded_again(
    connection: Connection, dsn: Dsn, put: Any, sync: Any, damage: str
) -> None:
    """The ledger still says that everything is there."""
    put(MORNING, FULL)
    put(NOON, {"name": "b"})
    sync("run-1")
    connection.execute(damage)
    warehouse.prepare(connection, dsn)
    sync("run-2")
    assert names(connection) == ["a", "b"]


def test_one_window_that_somebody_deleted_is_loaded_again(connection: Connection, put: Any, sync: Any) -> None:
    put(MORNING, FULL)
    put(NOON, {"name": "b"})
    sync("run-1")
    connection.execute("DELETE FROM lake.samples WHERE window_key = %s", [NOON])
    sync("run-2")
    assert loaded_by(connection) == {MORNING: "run-1", NOON: "run-2"}
    assert names(connection) == ["a", "b"]


_KILLED = """
import os, signal, sys
import psycopg
from pathlib import Path
from muniment import warehouse
from muniment.settings import load
from tests.integration.test_warehouse import EVERY_TYPE, lake_in

write_row, rows = psycopg.Copy.write_row, []

def dying(self, row):
    write_row(self, row)
    rows.append(row)
    if len(rows) == 3000:
        os.kill(os.getpid(), signal.SIGKILL)

psycopg.Copy.write_row = dying
with warehouse.opened(load(warehouse_url=sys.argv[1])) as dsn, warehouse.connected(dsn, autocommit=True) as connection:
    warehouse.sync(connection, lake_in(Path(sys.argv[2])), EVERY_TYPE, "run-2")
"""


def test_a_process_killed_while_it_loads_leaves_the_window_as_it_was(
    connection: Connection, dsn: Dsn, put: Any, sync: Any, tmp_path: Path
) -> None:
    put(MORNING, FULL)
    sync("run-1")
    put(MORNING, *({"name": f"{at:05}", "note": "x" * 200} for at in range(5000)))
    done = subprocess.run(
        [sys.executable, "-c", _KILLED, dsn.url(), str(tmp_path)], cwd=PROJECT, capture_output=True, check=False
    )
    assert done.returncode == -9, done.stderr
    assert names(connection) == ["a"]
    assert loaded_by(connection) == {MORNING: "run-1"}
    sync("run-3")
    assert len(names(connection)) == 5000
    assert loaded_by(connection) == {MORNING: "run-3"}


def test_windows_are_settled_by_the_digest_of_their_manifest(dsn: Dsn, connection: Connection) -> None:
    warehouse.settle(connection, {MORNING: "d1", NOON: "d2"}, "run-1")
    warehouse.settle(connection, {NOON: "d3"}, "run-2")
    assert warehouse.settled(connection) == {MORNING: "d1", NOON: "d3"}
    warehouse.unsettle(connection, [MORNING, "2030-01-01-00:00"])
    assert warehouse.settled(connection) == {NOON: "d3"}


def test_nothing_is_settled_in_an_empty_database(dsn: Dsn) -> None:
    with warehouse.connected(dsn) as empty:
        assert warehouse.settled(empty) == {}


# --- the reading role ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Practice:
    """A database with one payment, whose payer stands in the vault, and its owner's connection."""

    dsn: Dsn
    owner: Connection


@pytest.fixture(scope="module")
def practice(server: Dsn, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Practice]:
    folder, contract = tmp_path_factory.mktemp("practice"), contracts()["payments"]
    row: Row = {
        "payment_id": "p1",
        "matter_number": "2026-0001",
        "paid_at": windows.parse(MORNING).start,
        "amount": 1,
        "direction": "in",
        "purpose": "fees",
        "method": "eft",
        "source_object_id": "o1",
        "source_line": 1,
    }
    with psycopg.connect(server.conninfo(), autocommit=True) as connection:
        connection.execute("CREATE DATABASE practice")
    dsn, lake = replace(server, dbname="practice"), lake_in(folder)
    with warehouse.connected(dsn, autocommit=True) as owner:
        warehouse.prepare(owner, dsn)
        assert contract.vault
        for table, payer in ((contract, "[PERSON]"), (contract.vault, SECRET)):
            kept = {c.name: (row | {"payer": payer})[c.name] for c in table.columns}
            lake.commit(stage(folder, table, MORNING, [kept]), "run-1")
            warehouse.sync(owner, lake, table, "run-1")
        yield Practice(dsn, owner)


def ask(dsn: Dsn, statement: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    columns, rows = warehouse.query(dsn, statement)
    return columns, list(rows)


def test_the_reader_sees_the_masked_table(practice: Practice) -> None:
    assert ask(practice.dsn, "SELECT payment_id, payer FROM lake.payments") == (
        ["payment_id", "payer"],
        [("p1", "[PERSON]")],
    )


def test_the_reader_sees_tables_that_are_made_later(practice: Practice) -> None:
    practice.owner.execute("CREATE TABLE marts.later AS SELECT 1 AS one")
    assert ask(practice.dsn, "SELECT one FROM marts.later")[1] == [(1,)]


VAULT = [
    "SELECT * FROM vault.payments",
    "TABLE vault.pii_findings",
    "EXPLAIN ANALYZE SELECT * FROM vault.payments",
    "WITH v AS (SELECT * FROM vault.payments) SELECT count(*) FROM v",
    "SELECT table_to_xml('vault.payments', true, false, '')",
    "SELECT query_to_xml('select * from vault.payments', true, false, '')",
    "SELECT stavalues1 FROM pg_catalog.pg_statistic",
    "SELECT * FROM ledger.loaded",
]


@pytest.mark.parametrize("statement", VAULT)
def test_the_vault_is_shut_to_the_reader(practice: Practice, statement: str) -> None:
    with pytest.raises(WarehouseError, match="permission denied"):
        ask(practice.dsn, statement)


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM pg_stats WHERE schemaname = 'vault'",
        "SELECT query FROM pg_stat_activity",
        "SELECT * FROM pg_roles",
    ],
)
def test_catalogues_tell_the_reader_nothing_personal(practice: Practice, statement: str) -> None:
    practice.owner.execute("ANALYZE vault.payments")
    assert SECRET not in str(ask(practice.dsn, statement))


WRITING = [
    "INSERT INTO lake.payments SELECT * FROM lake.payments RETURNING payment_id",
    "UPDATE lake.payments SET payer = 'me' RETURNING payer",
    "DELETE FROM lake.payments RETURNING payment_id",
    "WITH gone AS (DELETE FROM lake.payments RETURNING 1) SELECT * FROM gone",
    "CREATE TABLE lake.mine (a int)",
    "CREATE TEMP TABLE mine (a int)",
    "DROP TABLE lake.payments",
    "ALTER ROLE muniment_reader SUPERUSER",
    "SET ROLE postgres",
    "COPY lake.payments TO '/tmp/stolen'",
    "COPY (SELECT 1) TO PROGRAM 'touch /tmp/stolen'",
    "COPY lake.payments TO STDOUT",
    "DO $$ BEGIN PERFORM 1; END $$",
    "SELECT pg_read_file('/etc/passwd')",
    "SELECT lo_import('/etc/passwd')",
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename <> current_user",
    "BEGIN",
    "",
    "-- nothing",
]


@pytest.mark.parametrize("statement", WRITING)
def test_the_reader_changes_nothing_and_reaches_nothing_else(practice: Practice, statement: str) -> None:
    with pytest.raises(WarehouseError):
        ask(practice.dsn, statement)
    assert practice.owner.execute("SELECT payer FROM lake.payments").fetchall() == [("[PERSON]",)]


def test_rights_do_not_depend_on_the_session_being_read_only(practice: Practice) -> None:
    """A session can make itself writable; the role may still not write."""
    with psycopg.connect(warehouse.reader(practice.dsn).conninfo(), autocommit=True) as session:
        session.execute("SET default_transaction_read_only = off")
        for statement in (*WRITING[:5], "CREATE SCHEMA mine", "CREATE TABLE public.mine (a int)", *VAULT):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                session.execute(statement.encode())


@pytest.mark.parametrize("statement", ["SELECT 1; SELECT 2", "SELECT 1; DROP TABLE lake.payments", "COMMIT; SELECT 1"])
def test_several_statements_in_one_are_refused(practice: Practice, statement: str) -> None:
    with pytest.raises(WarehouseError, match="multiple commands"):
        ask(practice.dsn, statement)


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("SELECT * FROM marts.nowhere", 'relation "marts.nowhere" does not exist'),
        ("SELECT nothing FROM lake.payments", 'column "nothing" does not exist'),
        ("SELEC 1", 'syntax error at or near "SELEC"'),
        ("SELECT 1/0", "division by zero"),
        ("SELECT 10 / (5 - n) FROM generate_series(1, 5000) AS n ORDER BY n", "division by zero"),
    ],
)
def test_what_postgresql_said_about_a_statement_is_told(practice: Practice, statement: str, said: str) -> None:
    with pytest.raises(WarehouseError, match=said) as told:
        ask(practice.dsn, statement)
    assert "Traceback" not in str(told.value)


def test_an_error_after_the_first_rows_is_told_too(practice: Practice) -> None:
    _, rows = warehouse.query(practice.dsn, "SELECT 10 / (4000 - n) FROM generate_series(1, 5000) AS n")
    assert next(rows) == (0,)
    with pytest.raises(WarehouseError, match="division by zero"):
        list(rows)


@pytest.mark.parametrize(
    ("statement", "columns", "rows"),
    [
        ("SELECT 1 AS a, NULL AS b WHERE false", ["a", "b"], []),
        ("SELECT 'a%b%%s' AS percent", ["percent"], [("a%b%%s",)]),
        ("SHOW timezone", ["TimeZone"], [("UTC",)]),
        ("VALUES (1), (2);", ["column1"], [(1,), (2,)]),
        ("SELECT 1 AS a, 2 AS a", ["a", "a"], [(1, 2)]),
        ("SELECT '☃' AS \"größe\"", ["größe"], [("☃",)]),
    ],
)
def test_any_statement_that_gives_rows_is_answered(
    practice: Practice, statement: str, columns: list[str], rows: list[tuple[Any, ...]]
) -> None:
    assert ask(practice.dsn, statement) == (columns, rows)


def test_rows_come_as_they_are_asked_for(practice: Practice) -> None:
    """A hundred million rows would not fit: what is not asked for is not fetched."""
    _, rows = warehouse.query(practice.dsn, "SELECT generate_series(1, 100000000)")
    assert [next(rows) for _ in range(3)] == [(1,), (2,), (3,)]


# --- the address --------------------------------------------------------------------------------------------------


def test_every_parameter_of_the_address_is_honoured(url: str) -> None:
    address = f"{url}?sslmode=disable&application_name=office&options=-c%20search_path%3Dlake&connect_timeout=7"
    with (
        warehouse.opened(load(warehouse_url=address)) as dsn,
        warehouse.connected(dsn, autocommit=True) as connection,
    ):
        shown = [
            connection.execute(f"SHOW {name}").fetchone() for name in ("application_name", "search_path", "timezone")
        ]
        assert shown == [("office",), ("lake",), ("UTC",)]
        given = connection.info.get_parameters()
        assert (given["sslmode"], given["connect_timeout"]) == ("disable", "7")
        warehouse.prepare(connection, dsn)
        assert ask(dsn, "SELECT current_setting('application_name'), current_user")[1] == [("office", warehouse.READER)]


def test_a_server_without_tls_is_refused_where_the_address_demands_it(url: str) -> None:
    with (
        warehouse.opened(load(warehouse_url=f"{url}?sslmode=require")) as dsn,
        pytest.raises(WarehouseError, match="SSL"),
        warehouse.connected(dsn),
    ):
        pass


def test_libpq_s_keyword_form_is_an_address_too(dsn: Dsn) -> None:
    with (
        warehouse.opened(load(warehouse_url=dsn.conninfo() + " sslmode=disable")) as opened,
        warehouse.connected(opened) as connection,
    ):
        assert connection.info.dbname == dsn.dbname
        assert opened.parameters == (("sslmode", "disable"),)


def test_dbt_and_its_driver_are_given_every_parameter(dsn: Dsn) -> None:
    full = replace(dsn, parameters=(("sslmode", "verify-full"), ("sslrootcert", "/ca.pem"), ("options", "-c x.y=1")))
    variables = warehouse.dbt_environment(full)
    assert variables["MUNIMENT_DBT_SSLMODE"] == "verify-full"
    assert (variables["PGSSLROOTCERT"], variables["PGOPTIONS"]) == ("/ca.pem", "-c x.y=1")
    assert variables["MUNIMENT_DBT_PASSWORD"] == dsn.password
    assert not set(warehouse.dbt_environment(dsn)) & {"PGSSLMODE", "PGOPTIONS", "MUNIMENT_DBT_SSLMODE"}


@pytest.mark.parametrize(
    "address",
    [
        "postgresql//user:hush-hush@host/db",
        "postgresql://user:hush-hush%zz@host/db",
        "postgresql://user:hush-hush@host:port/db",
        "postgresql://user:hush-hush@one,two/db",
        "postgresql://user:hush-hush@host/db?colour=hush-hush",
        "service=office password=hush-hush",
        "mysql://user:hush-hush@host/db",
        "hush-hush",
    ],
)
def test_an_address_that_cannot_be_used_is_refused_without_showing_it(address: str) -> None:
    with pytest.raises(WarehouseError, match=r"MUNIMENT_WAREHOUSE_URL.*postgresql://user:password@host") as refused:
        warehouse.opened(load(warehouse_url=address)).__enter__()
    assert "hush-hush" not in str(refused.value)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"password": "wrong"}, "password authentication failed"),
        ({"dbname": "nowhere"}, 'database "nowhere" does not exist'),
        ({"port": 1}, "refused"),
        ({"host": "nowhere.invalid"}, "host|resolve|name"),
        ({"host": "/nowhere"}, "No such file"),
    ],
)
def test_a_server_that_lets_nobody_in_is_named_with_its_reason(dsn: Dsn, change: dict[str, Any], said: str) -> None:
    wrong = replace(dsn, **change)
    with pytest.raises(WarehouseError, match=said) as refused, warehouse.connected(wrong):
        pass
    assert f"{wrong.host}:{wrong.port}/{wrong.dbname}" in str(refused.value)
    assert "MUNIMENT_WAREHOUSE_URL" in str(refused.value)
    assert dsn.password not in str(refused.value)


def test_asking_before_the_first_run_says_what_to_do(dsn: Dsn) -> None:
    elsewhere = replace(dsn, dbname="nowhere")
    with pytest.raises(WarehouseError, match="muniment run"):
        warehouse.query(elsewhere, "SELECT 1")


def test_the_password_of_the_reader_is_not_that_of_the_owner(new_settings: Callable[..., Settings]) -> None:
    with warehouse.opened(new_settings()) as dsn:
        reader = warehouse.reader(dsn)
    assert reader.user == warehouse.READER
    assert dsn.password
    assert dsn.password not in reader.password


# --- another moment, and databases of their own --------------------------------------------------------------------


def test_a_warehouse_can_be_made_equal_to_an_earlier_snapshot(
    connection: Connection, lake: Lake, put: Any, sync: Any
) -> None:
    put(MORNING, FULL)
    state = lake.state(EVERY_TYPE)
    assert state
    put(MORNING, EMPTY)
    put(NOON, FULL)
    sync()
    then = held(connection)
    assert len(then) == 2
    warehouse.sync(connection, lake, EVERY_TYPE, "run-2", Pinned(state.snapshot))
    assert [(row["window_key"], row["name"]) for row in held(connection)] == [(MORNING, "a")]
    warehouse.sync(connection, lake, EVERY_TYPE, "run-3", Pinned(None))
    assert held(connection) == []
    sync("run-4")
    assert held(connection) == then


@pytest.fixture
def scratch(dsn: Dsn) -> Iterator[Dsn]:
    name = f"muniment_{uuid.uuid4().hex[:12]}"
    yield warehouse.created(dsn, name)
    warehouse.dropped(dsn, name)


def test_a_database_of_its_own_is_a_whole_warehouse_and_leaves_no_trace(
    dsn: Dsn, connection: Connection, scratch: Dsn
) -> None:
    assert warehouse.created(dsn, scratch.dbname) == scratch
    described = "SELECT pg_encoding_to_char(encoding), datcollate, datctype FROM pg_database WHERE datname = %s"
    with warehouse.connected(scratch, autocommit=True) as other:
        assert warehouse.settlements(other) == {}
        other.execute("CREATE TABLE marts.mine AS SELECT 1 AS one")
        assert warehouse.mart_rows(connection) == {}
        here, there = (connection.execute(described, [one.dbname]).fetchone() for one in (dsn, scratch))
        assert here == there
        warehouse.dropped(dsn, scratch.dbname)  # though somebody is connected
    assert connection.execute("SELECT FROM pg_database WHERE datname = %s", [scratch.dbname]).fetchone() is None
    warehouse.dropped(dsn, scratch.dbname)


@pytest.mark.parametrize(
    "name", ["postgres", "muniment", "muniment_", "Muniment_x", 'muniment_x"; --', "muniment_" * 9]
)
def test_no_database_of_another_kind_of_name_is_made_or_dropped(dsn: Dsn, name: str) -> None:
    for touch in (warehouse.created, warehouse.dropped):
        with pytest.raises(WarehouseError, match="no name for a warehouse"):
            touch(dsn, name)


def test_the_digest_of_a_mart_knows_every_value_and_how_often_it_stands_there_but_no_order(
    connection: Connection,
) -> None:
    def digest(*rows: str, session: str = "UTC") -> str:
        connection.execute("DROP TABLE IF EXISTS marts.parties")
        connection.execute("CREATE TABLE marts.parties (name text, at timestamptz, share double precision)")
        for row in rows:
            connection.execute(f"INSERT INTO marts.parties VALUES ({row})".encode())
        connection.execute(f"SET timezone = '{session}'")
        return marts.digests(connection)["parties"]

    a, b, c = "'a', '2026-03-08T12:00Z', 0.1", "'a', '2026-03-08T12:00Z', 0.1::float8 + 1e-18", "'b', NULL, NULL"
    assert digest(a, c) == digest(c, a) == digest(b, c) == digest(a, c, session="America/Edmonton")
    different = [digest(), digest(a), digest(a, a), digest(a, c), digest(a, c, c), digest("'a', NULL, 0.1", c)]
    different.append(digest("'a', '2026-03-08T12:00Z', 0.1::float8 + 1.4e-17", c))
    assert len(set(different)) == len(different)
    connection.execute("CREATE TABLE marts.of_a_former_model ()")
    assert list(marts.digests(connection)) == ["parties"]
