"""Promise 7: personal data stands in clear in the vault alone, and who only reads cannot reach it.

Names of landed files are not masked: whoever drops a file names it (docs/decisions/0006-private.md). Originals and the
memo of readings hold clear text, as they must, and are as private as the vault.
"""

import json
import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import psycopg
import pyarrow.parquet as pq
import pytest

from muniment import warehouse
from muniment.contract import tables
from muniment.lake.query import LakeQueryError, query
from muniment.platform import Platform
from tests.conftest import Ran

# Fields that name clients and other parties; lawyers stand in the records' `responsible_lawyer`, which is public.
PEOPLE = {"registered_owner", "buyer", "seller", "transferor", "transferee", "mortgagor"}
PUBLIC = ("lake", "linkage", "staging", "intermediate", "marts", "search", "ledger")


@pytest.fixture(scope="module")
def platform(ran: Ran) -> Platform:
    """The installation that ran, for calls in this process."""
    return ran.installation.platform


@pytest.fixture(scope="module")
def values(ran: Ran) -> dict[str, set[str]]:
    """Personal values that the practice printed, by sort."""
    found: dict[str, set[str]] = {"name": set()}
    for one in ran.truth.personal:
        found.setdefault(one.kind, set()).update({one.text, one.value})
    for landed in ran.truth.objects:
        for field in PEOPLE & landed.fields.keys():
            found["name"].update(re.split(r"\s*(?: and |;|&)\s*", landed.fields[field].value))
    for row in _rows(ran.installation.platform, "vault.matters"):
        found["name"].add(row["client_name"])
    assert {"sin", "email", "phone", "name"} <= found.keys()
    assert all(found.values())
    return found


class Giveaway(NamedTuple):
    """A way to write a value: an expression, and an end of it in lower case without which there is no match."""

    sort: str
    end: str
    pattern: re.Pattern[str]


Planted = Sequence[Giveaway]


@pytest.fixture(scope="module")
def planted(values: dict[str, set[str]]) -> Planted:
    """What gives a value away: numbers in any grouping, names in either order, however they are escaped."""
    return sorted({one for sort, texts in values.items() for text in texts for one in giveaways(sort, text)}, key=str)


_BETWEEN_DIGITS = r"(?:\\n|[\s.()-]){0,2}"
_BETWEEN_WORDS = r"(?:\\n|[\s_+,-]){1,3}"


def giveaways(sort: str, text: str) -> Iterator[Giveaway]:
    """The ways in which a value may be written."""
    if sort in ("sin", "phone"):
        digits = re.sub(r"\D", "", text)[-10 if sort == "phone" else -9 :]
        yield Giveaway(sort, digits[-3:], re.compile(rf"(?<!\d){_BETWEEN_DIGITS.join(digits)}(?!\d)"))
        return
    for written in {text, json.dumps(text)[1:-1]}:
        words = written.split()
        expressions = [_BETWEEN_WORDS.join(map(re.escape, words))]
        if sort == "name":
            expressions.append(rf"{re.escape(words[-1])},\s?{re.escape(words[0])}")
        for expression in expressions:
            yield Giveaway(sort, words[-1].lower(), re.compile(expression, re.IGNORECASE))


@pytest.mark.parametrize(
    ("sort", "text", "written"),
    [
        ("sin", "046454286", "no. 046-454-286."),
        ("sin", "046 454 286", '{"a":"046454286"}'),
        ("phone", "780-555-0110", "+1 (780) 555-0110"),
        ("phone", "+17805550110", "780.555.0110"),
        ("name", "Renée B. Oakley", "RENÉE\nB. OAKLEY"),
        ("name", "Renée B. Oakley", json.dumps("Renée B. Oakley")),
        ("name", "Renée B. Oakley", "Oakley, Renée"),
        ("name", "Renée B. Oakley", str(["Renée\nB. Oakley"])),
        ("email", "a.b@example.com", "A.B@EXAMPLE.COM"),
    ],
)
def test_a_value_is_known_however_it_is_written(sort: str, text: str, written: str) -> None:
    """Else the tests below would overlook it."""
    assert leaks(written, list(giveaways(sort, text)))


def _rows(platform: Platform, table: str) -> list[dict[str, str]]:
    [contract] = [contract for contract in tables() if contract.table == table]
    return [row for batch in platform.lake.scan(contract) for row in batch.to_pylist()]


def leaks(text: str, planted: Planted) -> list[str]:
    """Planted values that stand in a text."""
    lower = text.lower()
    return [f"{one.sort}: {found[0]}" for one in planted if one.end in lower for found in one.pattern.finditer(text)]


def contents(path: Path) -> str:
    """A file as text, whatever it is."""
    return path.read_bytes().decode("utf-8", "replace")


def test_the_vault_holds_what_was_planted(platform: Platform, planted: Planted, ran: Ran) -> None:
    """Else the tests below would pass on an empty installation."""
    vault = "\n".join(str(row) for c in tables() if c.namespace == "vault" for row in _rows(platform, c.table))
    missing = [one for one in ran.truth.personal if one.text not in vault and one.value not in vault]
    published = {one.key for one in ran.truth.objects if one.state == "published"}
    assert not [one for one in missing if one.key in published and one.kind != "date_of_birth"]


def test_no_lake_table_outside_the_vault_holds_a_personal_value(platform: Platform, planted: Planted) -> None:
    for contract in tables():
        if contract.namespace != "vault":
            for row in _rows(platform, contract.table):
                row.pop("embedding", None)
                row.pop("key", None)
                assert leaks(str(list(row.values())), planted) == [], contract.table


def test_no_file_of_the_lake_outside_the_vault_holds_a_personal_value(platform: Platform, planted: Planted) -> None:
    """Manifests and metadata of Iceberg keep the least and the greatest value of every column."""
    looked_at = 0
    for part in ("iceberg", "register"):
        for path in sorted((platform.settings.state / "lake" / part).rglob("*")):
            if path.is_file() and "vault" not in path.parts:
                looked_at += 1
                text = contents(path)
                assert [leak for leak in leaks(text, planted) if not leak.startswith("name:")] == [], path
                if part == "iceberg":
                    assert leaks(text, planted) == [], path
    assert looked_at > 10


def test_no_processed_table_outside_the_vault_holds_a_personal_value(platform: Platform, planted: Planted) -> None:
    """Nor the parts of a window's outcome that lie beside them."""
    looked_at = 0
    for path in sorted((platform.settings.state / "lake" / "processed").rglob("*.parquet")):
        if not any(part.startswith("vault.") for part in path.parts):
            looked_at += 1
            rows = pq.ParquetFile(path).read()
            shown = rows.drop_columns([name for name in ("key", "embedding") if name in rows.column_names])
            assert leaks(str(shown.to_pylist()), planted) == [], path
    assert looked_at > 20


def test_no_schema_of_the_warehouse_but_the_vault_holds_a_personal_value(platform: Platform, planted: Planted) -> None:
    with warehouse.opened(platform.settings) as dsn, psycopg.connect(dsn.conninfo()) as connection:
        relations = connection.execute(
            "SELECT schemaname || '.' || relname FROM pg_stat_user_tables WHERE schemaname <> 'vault'"
            " UNION SELECT schemaname || '.' || viewname FROM pg_views WHERE schemaname = ANY (%s)",
            [list(PUBLIC)],
        ).fetchall()
        assert len(relations) > 20
        for (name,) in relations:
            rows = connection.execute(f"SELECT (to_jsonb(t) - 'key' - 'keys' - 'embedding')::text FROM {name} AS t")
            for (row,) in rows.fetchall():
                assert leaks(row, planted) == [], name
        # What the planner remembers of columns: most common values and histograms.
        figures = connection.execute(
            "SELECT tablename, attname, most_common_vals::text, histogram_bounds::text FROM pg_stats"
            " WHERE schemaname <> 'vault' AND attname NOT IN ('key', 'keys')"
        )
        for figure in figures.fetchall():
            assert leaks(str(figure), planted) == []


def test_no_log_event_or_compiled_query_holds_a_personal_value(platform: Platform, planted: Planted) -> None:
    state = platform.settings.state
    logs = {
        "dagster": [path for path in sorted(platform.settings.dagster_home.rglob("*")) if path.is_file()],
        "dbt": [path for path in sorted((state / "dbt").rglob("*")) if path.is_file()],
        "postgres": sorted((state / "postgres").rglob("*.log")),
    }
    assert platform.settings.dagster_home / "run.log" in logs["dagster"]
    for name, paths in logs.items():
        assert paths, name
        for path in paths:
            assert leaks(contents(path), planted) == [], path
    with closing(sqlite3.connect(platform.settings.dagster_home / "history" / "runs" / "index.db")) as index:
        events = index.execute("SELECT event FROM event_logs").fetchall()
    assert len(events) > 50


def test_no_command_shows_a_personal_value(ran: Ran, planted: Planted) -> None:
    assert leaks(ran.output, planted) == []
    one = next(one for one in ran.truth.personal if one.kind == "sin")
    for command in (
        ["quarantine", "list"],
        ["trace", next(o.key for o in ran.truth.objects if o.kind == "pdf" and o.state == "published")],
        ["search", one.text],
        ["sql", "select * from marts.matter_readiness"],
    ):
        done = ran.installation.muniment(*command)
        assert leaks(done.stdout, planted) == [], command


def test_a_personal_value_is_not_found_by_searching_for_it(ran: Ran, values: dict[str, set[str]]) -> None:
    """An index that knew the value would rank the passage that lost it."""
    with (
        warehouse.opened(ran.installation.platform.settings) as dsn,
        psycopg.connect(dsn.conninfo()) as connection,
    ):
        known = connection.execute(
            "SELECT unnest(identifiers) FROM search.passages "
            "UNION SELECT unnest(tsvector_to_array(tsv)) FROM search.passages"
        )
        tokens = {token for (token,) in known.fetchall()}
    digits = {re.sub(r"\D", "", value) for sort in ("sin", "phone") for value in values[sort]} - {""}
    assert not tokens & digits
    assert not tokens & {value.lower() for value in values["email"]}


def test_what_a_refusal_says_of_a_bad_row_does_not_hold_the_value(ran: Ran, planted: Planted) -> None:
    messages = [row["message"] for row in _rows(ran.installation.platform, "lake.quarantine")]
    assert messages
    assert leaks("\n".join(messages), planted) == []


# --- the reading role -----------------------------------------------------------------------------------------------

REFUSED = (
    "select * from vault.matters",
    "select client_name from vault.matters limit 1",
    "select count(*) from vault.pii_findings",
    "set role postgres",
    "set role muniment",
    "set session authorization default",
    "reset role",
    "reset session authorization",
    "select 1; select * from vault.matters",
    "begin; set role postgres; select 1",
    "copy vault.matters to stdout",
    "copy (select 1) to program 'id'",
    "copy lake.matters to '/tmp/out'",
    "copy lake.matters from program 'id'",
    "select pg_read_file('postgresql.conf')",
    "select pg_read_binary_file('PG_VERSION')",
    "select pg_ls_dir('.')",
    "select pg_stat_file('PG_VERSION')",
    "select lo_import('/etc/passwd')",
    "select lo_from_bytea(0, 'x')",
    "select lo_export(1, '/tmp/out')",
    "with gone as (delete from lake.objects returning *) select * from gone",
    "with made as (insert into lake.objects select * from lake.objects returning *) select * from made",
    "insert into lake.objects select * from lake.objects returning *",
    "update lake.objects set state = 'published' returning *",
    "delete from marts.document_register returning *",
    "truncate lake.objects",
    "drop table lake.objects",
    "drop schema vault cascade",
    "create table public.mine (a int)",
    "create table marts.mine (a int)",
    "create extension dblink",
    "create function f() returns int language sql as 'select 1'",
    "create function f() returns int language sql security definer as 'select 1'",
    "do $$ begin perform * from vault.matters; end $$",
    "select query_to_xml('select * from vault.matters', true, false, '')",
    "select table_to_xml('vault.matters', true, false, '')",
    "select database_to_xml(true, false, '')",
    "select * from ledger.settled",
    "select rolpassword from pg_authid",
    "select * from pg_shadow",
    "select usename, passwd from pg_shadow",
    "select set_config('role', 'muniment', false)",
    "select set_config('session_authorization', 'muniment', false)",
    "select set_config('transaction_read_only', 'off', false)",
    "select pg_reload_conf()",
    "select pg_terminate_backend(pid) from pg_stat_activity where usename <> current_user",
    "alter role muniment_reader superuser",
    "alter role muniment_reader reset default_transaction_read_only",
    "grant select on vault.matters to muniment_reader",
    "grant muniment to muniment_reader",
    "select most_common_vals from pg_statistic",
    "select nextval('public.x')",
    "prepare p as select * from vault.matters",
    "explain analyze select * from vault.matters",
    "vacuum lake.objects",
    "checkpoint",
    "listen x",
    "",
    "select",
    "\0",
)


@pytest.fixture(scope="module")
def before(platform: Platform) -> Iterator[None]:
    """The role and its tables are as they were when the hostile statements are through."""
    yield
    with warehouse.opened(platform.settings) as dsn, psycopg.connect(dsn.conninfo()) as connection:
        row = connection.execute(
            "SELECT rolsuper, rolcreaterole, rolcreatedb, rolconfig::text FROM pg_roles WHERE rolname = %s",
            [warehouse.READER],
        ).fetchone()
        assert row == (False, False, False, "{default_transaction_read_only=on}")
        assert connection.execute("SELECT count(*) FROM pg_largeobject_metadata").fetchone() == (0,)


@pytest.mark.parametrize("statement", REFUSED)
def test_the_reading_role_is_refused(statement: str, platform: Platform, planted: Planted, before: None) -> None:
    """Refused, or answered with nothing that is secret and nothing that is changed."""
    with warehouse.opened(platform.settings) as dsn:
        try:
            _, rows = warehouse.query(dsn, statement)
            answer = str(list(rows))
        except warehouse.WarehouseError as error:
            assert leaks(str(error), planted) == []
            return
    assert leaks(answer, planted) == []
    assert not re.search(r"vault|SCRAM-SHA|root:", answer), answer
    assert statement in HARMLESS, f"answered: {answer[:200]}"


# Answered, but the answer is empty, or what it sets ends with the statement's own connection.
HARMLESS = {"select", "select most_common_vals from pg_statistic"}


def test_sql_that_is_refused_ends_with_a_clear_text_and_an_exit_code(ran: Ran) -> None:
    done = ran.installation.muniment("sql", "select * from vault.matters", check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("muniment: permission denied for schema vault")
    assert "Traceback" not in done.stderr


def test_sql_on_the_lake_does_not_open_the_vault_or_the_file_system_unasked(ran: Ran, planted: Planted) -> None:
    vault = next((ran.installation.state / "lake" / "processed" / "vault.matters").rglob("*.parquet"))
    for statement in (
        "select * from vault.matters",
        "select * from vault_matters",
        f"select * from read_parquet('{vault}')",
        f"select * from '{vault}'",
        f"copy (select 1) to '{ran.installation.state / 'out.csv'}'",
        f"attach '{ran.installation.state / 'catalog.db'}' as c (type sqlite)",
        "set enable_external_access = true",
        "install httpfs",
        "select * from read_text('/etc/passwd')",
        "select getenv('HOME')",
    ):
        with pytest.raises(LakeQueryError) as refused:
            list(query(ran.installation.platform.lake, statement)[1])
        assert leaks(str(refused.value), planted) == [], statement
    assert not (ran.installation.state / "out.csv").exists()
    done = ran.installation.muniment("lake", "select * from vault.matters", check=False)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    clear = ran.installation.lake("select client_name from vault.matters", vault=True)
    assert clear
    assert all(leaks(row["client_name"], planted) for row in clear)


def test_only_the_owner_can_read_the_password_of_the_warehouse(ran: Ran) -> None:
    password: Path = ran.installation.state / "postgres" / "password"
    assert password.stat().st_mode & 0o077 == 0
