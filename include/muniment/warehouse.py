"""The warehouse: PostgreSQL tables that mirror the lake's, kept equal window by window, and who may read them.

Schemas `lake` and `vault` hold contract tables, `linkage` what follows from them as a whole, `ledger` the record of
what was loaded and derived. A window and its ledger row change in one transaction, so the ledger cannot say more than
the tables hold. Marts are dbt's, passages are search's.
"""

import hashlib
import random
import re
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from muniment import windows
from muniment.contract import Contract, tables
from muniment.errors import MunimentError
from muniment.lake import Held, Lake, Moment
from muniment.postgres import Dsn, Server
from muniment.settings import Settings
from muniment.warehouse_shape import alterations, definition, indexes

if TYPE_CHECKING:
    import psycopg
    import pyarrow as pa
    from psycopg import sql

Rows = tuple[Iterable[str], Iterable[tuple[Any, ...]]]
"""Columns, and rows of them."""

READER = "muniment_reader"
SCHEMAS = ("lake", "vault", "linkage", "ledger", "search", "staging", "intermediate", "candidate", "marts")
_MINIMUM = 150000
_LONGEST_NAME = 63  # bytes of a name in PostgreSQL; it cuts longer ones off
_SLICE = 1000  # rows that a query fetches at once
_ATTEMPTS = 20


class WarehouseError(MunimentError):
    """A warehouse that cannot be reached or used."""


@dataclass(frozen=True)
class Loaded:
    """What became of one window of one table: `rows` it holds now; `changed` is False when it was right already."""

    table: str
    window_key: str
    rows: int
    changed: bool


@dataclass(frozen=True)
class Settlement:
    """That a window went through every stage."""

    manifest: str
    run_id: str
    at: datetime


@contextmanager
def opened(settings: Settings) -> Iterator[Dsn]:
    """The warehouse's address: the one in the settings, or the embedded server, kept running for the block. A branch
    has a database of its own there."""
    url = settings.warehouse_url.get_secret_value()
    if url:
        yield of_branch(_dsn(url), settings.branch)
    else:
        with embedded(settings).running() as dsn:
            yield of_branch(dsn, settings.branch)


def embedded(settings: Settings) -> Server:
    """The embedded server of a state folder; constructing it starts nothing."""
    return Server(settings.state / "postgres")


def _dsn(url: str) -> Dsn:
    """The address in a URL (or libpq's keyword form) with every parameter; the text of no error shows it."""
    import psycopg
    from psycopg.conninfo import conninfo_to_dict

    try:
        parts = {name: str(value) for name, value in conninfo_to_dict(url).items()}
        address = Dsn(
            host=parts.pop("host", "") or "localhost",
            port=int(parts.pop("port", "") or 5432),
            user=parts.pop("user", "") or "postgres",
            password=parts.pop("password", ""),
            dbname=parts.pop("dbname", "") or "postgres",
            parameters=tuple(parts.items()),
        )
    except (psycopg.Error, ValueError):
        address = None
    if address is None or "," in address.host or "service" in parts:
        raise WarehouseError(
            "MUNIMENT_WAREHOUSE_URL is not the address of one PostgreSQL server. Write it like "
            "postgresql://user:password@host:5432/database?sslmode=require, with @ : / ? # % in a password as %40 %3A "
            "%2F %3F %23 %25; services and several hosts are not supported."
        )
    return address


@contextmanager
def connected(dsn: Dsn, *, autocommit: bool = False) -> Iterator["psycopg.Connection[Any]"]:
    """A connection in UTC; WarehouseError says why there is none."""
    import psycopg

    try:
        connection = _connect(dsn, autocommit=autocommit, timezone="UTC")
    except psycopg.OperationalError as error:
        raise WarehouseError(
            f"PostgreSQL at {dsn.host}:{dsn.port}/{dsn.dbname} does not let {dsn.user} in: {str(error).strip()}\n"
            "Check MUNIMENT_WAREHOUSE_URL, or run: muniment doctor"
        ) from None
    with connection:
        yield connection


def _connect(dsn: Dsn, *, autocommit: bool, **session: str) -> "psycopg.Connection[Any]":
    """A connection with settings of its session, added to the parameters that the address brings along."""
    import psycopg

    given = {"connect_timeout": "10"} | dict(dsn.parameters)
    given["options"] = " ".join([given.get("options", ""), *(f"-c {name}={value}" for name, value in session.items())])
    return psycopg.connect(dsn.conninfo(), autocommit=autocommit, **given)  # type: ignore[arg-type]


def reader(dsn: Dsn) -> Dsn:
    """The login that may read marts and lake tables but neither the vault nor change anything.

    Its password follows from the owner's, so that there is no second secret to keep.
    """
    secret = hashlib.sha256(f"{READER}:{dsn.password}".encode()).hexdigest() if dsn.password else ""
    return dsn.with_user(READER, secret)


def dbt_environment(dsn: Dsn) -> dict[str, str]:
    """The variables that `dbt/profiles.yml` reads, and libpq's own for the other parameters of the address."""
    from psycopg.pq import Conninfo

    names = {o.keyword.decode(): o.envvar.decode() for o in Conninfo.get_defaults() if o.envvar}
    names["sslmode"] = "MUNIMENT_DBT_SSLMODE"
    others = {names[name]: value for name, value in dsn.parameters if name in names}
    return others | {
        "MUNIMENT_DBT_HOST": dsn.host,
        "MUNIMENT_DBT_PORT": str(dsn.port),
        "MUNIMENT_DBT_USER": dsn.user,
        "MUNIMENT_DBT_PASSWORD": dsn.password,
        "MUNIMENT_DBT_DBNAME": dsn.dbname,
    }


def prepare(connection: "psycopg.Connection[Any]", dsn: Dsn) -> None:
    """Make schemas, tables, ledger and the reading role where they are missing. Idempotent."""
    if connection.info.server_version < _MINIMUM:
        raise WarehouseError(
            f"PostgreSQL {connection.info.server_version // 10000} is too old: Muniment needs 15 or later."
        )
    _prepare_role(connection, dsn)
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(hashtext('muniment.prepare'))")
        for schema in SCHEMAS:
            connection.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
        connection.execute(_LEDGER)
        connection.execute(_LINKAGE)
        for contract in loadable():
            _prepare_table(connection, contract)
        for schema in ("lake", "linkage", "staging", "intermediate", "marts", "search"):
            connection.execute(f"GRANT USAGE ON SCHEMA {schema} TO {READER}")
            connection.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO {READER}")
            connection.execute(f"ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT SELECT ON TABLES TO {READER}")


# --- databases of their own -----------------------------------------------------------------------------------------

_SCRATCH = re.compile("muniment_[a-z0-9_]{1,54}")
_LOCALES = {"i": "ICU_LOCALE", "b": "BUILTIN_LOCALE"}


def of_branch(dsn: Dsn, branch: str) -> Dsn:
    """The warehouse of a branch, by that of main; main's where `branch` is empty."""
    if not branch:
        return dsn
    name = f"{dsn.dbname}_branch_{branch.replace('-', '_')}"
    if len(name.encode()) > _LONGEST_NAME:
        raise WarehouseError(
            f"{name} is longer than the {_LONGEST_NAME} bytes that PostgreSQL allows a database's name: choose a "
            "shorter name for the branch."
        )
    return replace(dsn, dbname=name)


def created(dsn: Dsn, name: str) -> Dsn:
    """The address of a warehouse beside the one of `dsn`: a database of that name on the same server, made when absent
    and prepared. It sorts text as the other does, so that the same models give the same rows."""
    import psycopg

    _refuse_name(dsn, name)
    own = replace(dsn, dbname=name)
    with connected(dsn, autocommit=True) as connection:
        try:
            connection.execute(_creation(connection, name))
        except psycopg.errors.DuplicateDatabase:
            pass
        except psycopg.Error as error:
            raise WarehouseError(
                f"The database {name} cannot be made: {str(error).strip()}\n"
                f"{dsn.user} needs the right to make databases (ALTER ROLE … CREATEDB)."
            ) from None
    with connected(own, autocommit=True) as connection:
        prepare(connection, own)
    return own


def dropped(dsn: Dsn, name: str) -> None:
    """Drop such a warehouse, whoever uses it; does nothing when there is none."""
    import psycopg
    from psycopg import sql

    _refuse_name(dsn, name)
    with connected(dsn, autocommit=True) as connection:
        try:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        except psycopg.Error as error:
            raise WarehouseError(f"The database {name} cannot be dropped: {str(error).strip()}") from None


def _refuse_name(dsn: Dsn, name: str) -> None:
    """WarehouseError for a name that Muniment gives no database: nothing else may ever be made or dropped."""
    ours = _SCRATCH.fullmatch(name) or name.startswith(f"{dsn.dbname}_branch_")
    if name == dsn.dbname or not ours:
        raise WarehouseError(f"{name!r} is no name for a warehouse of Muniment's own: {_SCRATCH.pattern}")


def _creation(connection: "psycopg.Connection[Any]", name: str) -> "sql.Composed":
    """The statement that makes a database of a name with the encoding and the locale of this one."""
    from psycopg import sql

    found = connection.execute(
        "SELECT pg_encoding_to_char(encoding), datcollate, datctype, datlocprovider::text, "
        "coalesce(to_jsonb(d) ->> 'datlocale', to_jsonb(d) ->> 'daticulocale') "  # before 17 it had another name
        "FROM pg_database AS d WHERE datname = current_database()"
    ).fetchone()
    assert found
    encoding, collate, kind, provider, locale = found
    settings = {"ENCODING": encoding, "LC_COLLATE": collate, "LC_CTYPE": kind}
    if provider in _LOCALES:
        settings |= {"LOCALE_PROVIDER": {"i": "icu", "b": "builtin"}[provider], _LOCALES[provider]: locale}
    given = (sql.SQL("{} {}").format(sql.SQL(key), sql.Literal(value)) for key, value in settings.items())
    return sql.SQL("CREATE DATABASE {} TEMPLATE template0 {}").format(sql.Identifier(name), sql.SQL(" ").join(given))


_LEDGER = """
CREATE TABLE IF NOT EXISTS ledger.loaded (
    table_name text NOT NULL,
    window_key text NOT NULL,
    content_id text NOT NULL,
    rows bigint NOT NULL,
    run_id text NOT NULL,
    loaded_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (table_name, window_key)
);
CREATE TABLE IF NOT EXISTS ledger.settled (
    window_key text PRIMARY KEY,
    manifest text NOT NULL,
    run_id text NOT NULL,
    settled_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE IF NOT EXISTS ledger.derived (
    name text PRIMARY KEY,
    digest text NOT NULL,
    rows bigint NOT NULL,
    run_id text NOT NULL,
    built_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE IF NOT EXISTS ledger.candidates (
    mart text PRIMARY KEY,
    state text NOT NULL CHECK (state IN ('begun', 'good', 'published')),
    relation oid,
    models text NOT NULL,
    built_at timestamptz NOT NULL DEFAULT now()
);
"""
_LINKAGE = """
CREATE TABLE IF NOT EXISTS linkage.mentions (
    entity_type text NOT NULL,
    entity text NOT NULL,
    context text NOT NULL,
    source_type text NOT NULL,
    source text NOT NULL,
    sin text
);
CREATE INDEX IF NOT EXISTS mentions_entity ON linkage.mentions (entity, context);
CREATE TABLE IF NOT EXISTS linkage.entity_links (
    left_type text NOT NULL,
    left_entity text NOT NULL,
    left_context text NOT NULL,
    right_type text NOT NULL,
    right_entity text NOT NULL,
    right_context text NOT NULL,
    score double precision NOT NULL,
    method text NOT NULL,
    evidence text NOT NULL,
    decided_by text NOT NULL,
    status text NOT NULL
);
"""


def _prepare_role(connection: "psycopg.Connection[Any]", dsn: Dsn) -> None:
    """Make the role or bring it up to date. It is one for all databases of the server, whose locks are apart."""
    from psycopg import errors

    for left in reversed(range(_ATTEMPTS)):
        try:
            with connection.transaction():
                _make_role(connection, dsn)
            return
        except (errors.InternalError_, errors.UniqueViolation, errors.DuplicateObject):  # another did at the same time
            if not left:
                raise
            time.sleep(random.uniform(0, 0.1))


def _make_role(connection: "psycopg.Connection[Any]", dsn: Dsn) -> None:
    from psycopg import sql

    exists = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [READER]).fetchone()
    if not exists:
        connection.execute(f"CREATE ROLE {READER} LOGIN")
    password = reader(dsn).password
    if password:
        statement = sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(READER), sql.Literal(password))
        connection.execute(statement)
    connection.execute(f"ALTER ROLE {READER} SET default_transaction_read_only = on")


def loadable() -> list[Contract]:
    """The tables that the warehouse mirrors: all but the vectors, which search keeps in its own form."""
    return [contract for contract in tables() if contract.name != "embeddings"]


def _prepare_table(connection: "psycopg.Connection[Any]", contract: Contract) -> None:
    """Make the table, or add the optional columns that it lacks; WarehouseError when it does not fit otherwise."""
    columns = [definition(column) for column in contract.all_columns]
    connection.execute(f"CREATE TABLE IF NOT EXISTS {contract.table} ({', '.join(columns)})")
    former = {column.name: (column.renamed_from,) for column in contract.columns if column.renamed_from}
    wanted = [one for one in alterations(connection, contract, former) if not one.may_wait]
    barred = [one.sql for one in wanted if not one.harmless]
    if barred:
        raise WarehouseError(
            f"{contract.table} cannot take rows of its contract {contract.version} yet: {'; '.join(barred)}. "
            f"See what that means: muniment contract migrate {contract.name}"
        )
    for sql in (*(one.sql for one in wanted), *indexes(contract)):
        connection.execute(sql)


def ledger(connection: "psycopg.Connection[Any]") -> Mapping[tuple[str, str], str]:
    """Content loaded by (qualified table, window key)."""
    rows = connection.execute("SELECT table_name, window_key, content_id FROM ledger.loaded").fetchall()
    return {(table, key): content for table, key, content in rows}


def sync(
    connection: "psycopg.Connection[Any]", lake: Lake, contract: Contract, run_id: str, as_of: Moment = None
) -> list[Loaded]:
    """Make the warehouse's table equal to the lake's, now or at another moment, window by window; only windows that
    differ are touched."""
    held = lake.held(contract, as_of)
    there = _loaded(connection, contract)
    loaded = []
    for key in there.keys() - held.keys():
        _replace(connection, contract, key, None, (), run_id)
    for key, window in sorted(held.items()):
        if changed := there.get(key) != window.content_id:
            _replace(connection, contract, key, window, lake.scan(contract, windows.parse(key), as_of=as_of), run_id)
        loaded.append(Loaded(contract.table, key, window.rows, changed))
    return loaded


def _loaded(connection: "psycopg.Connection[Any]", contract: Contract) -> Mapping[str, str]:
    """The ledger's contents of a table by window key, with no content for a window whose rows are gone: somebody
    emptied the table or made it anew."""
    rows = connection.execute(
        "SELECT window_key, CASE WHEN rows = 0 OR EXISTS "
        f"(SELECT FROM {contract.table} AS t WHERE t.window_key = l.window_key) THEN content_id ELSE '' END "
        "FROM ledger.loaded AS l WHERE table_name = %s",
        [contract.table],
    ).fetchall()
    return dict(rows)


def _replace(
    connection: "psycopg.Connection[Any]",
    contract: Contract,
    key: str,
    window: Held | None,
    batches: "Iterable[pa.RecordBatch]",
    run_id: str,
) -> None:
    with connection.transaction():
        connection.execute(f"DELETE FROM {contract.table} WHERE window_key = %s", [key])
        connection.execute("DELETE FROM ledger.loaded WHERE table_name = %s AND window_key = %s", [contract.table, key])
        if window is None:
            return
        _copy(connection, contract, batches)
        connection.execute(
            "INSERT INTO ledger.loaded (table_name, window_key, content_id, rows, run_id) VALUES (%s, %s, %s, %s, %s)",
            [contract.table, key, window.content_id, window.rows, run_id],
        )


def _copy(connection: "psycopg.Connection[Any]", contract: Contract, batches: "Iterable[pa.RecordBatch]") -> None:
    names = ", ".join(f'"{c.name}"' for c in contract.all_columns)
    types = [_COPY_TYPES.get(c.type, c.type.split("(")[0].replace("decimal", "numeric")) for c in contract.all_columns]
    statement = f"COPY {contract.table} ({names}) FROM STDIN (FORMAT binary)"
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        copy.set_types(types)
        for batch in batches:
            for row in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                copy.write_row(row)


_COPY_TYPES = {"bigint": "int8", "integer": "int4", "double": "float8", "boolean": "bool"}


# --- what follows from the whole ----------------------------------------------------------------------------------


def is_derived(connection: "psycopg.Connection[Any]", name: str, digest: str) -> bool:
    """Whether the tables of the schema `name` were made from the inputs of that digest, and nobody emptied them."""
    found = connection.execute("SELECT digest, rows FROM ledger.derived WHERE name = %s", [name]).fetchone()
    return found == (digest, _rows_of(connection, name))


def derive(
    connection: "psycopg.Connection[Any]", name: str, digest: str, contents: Mapping[str, Rows], run_id: str
) -> None:
    """Replace tables of the schema `name` (qualified name to columns and rows) and note their inputs, all at once."""
    with connection.transaction(), connection.cursor() as cursor:
        for table, (columns, rows) in contents.items():
            cursor.execute(f"DELETE FROM {table}")
            with cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        cursor.execute(
            "INSERT INTO ledger.derived (name, digest, rows, run_id) VALUES (%s, %s, %s, %s) "
            "ON CONFLICT (name) DO UPDATE SET digest = excluded.digest, rows = excluded.rows, "
            "run_id = excluded.run_id, built_at = excluded.built_at",
            [name, digest, _rows_of(connection, name), run_id],
        )


def _rows_of(connection: "psycopg.Connection[Any]", schema: str) -> int:
    """Rows of all tables of a schema, counted now."""
    names = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [schema]).fetchall()
    counts = (connection.execute(f"SELECT count(*) FROM {schema}.{name}").fetchone() for (name,) in names)
    return sum(count[0] for count in counts if count)


# --- what was finished --------------------------------------------------------------------------------------------


def settled(connection: "psycopg.Connection[Any]") -> Mapping[str, str]:
    """Manifest digest by window key for windows that went through every stage; empty before the first run."""
    if connection.execute("SELECT to_regclass('ledger.settled')").fetchone() == (None,):
        return {}
    return dict(connection.execute("SELECT window_key, manifest FROM ledger.settled").fetchall())


def settlements(connection: "psycopg.Connection[Any]") -> Mapping[str, Settlement]:
    """Which run settled a window when, for which manifest, by window key. Whatever touches a window changes this."""
    rows = connection.execute("SELECT window_key, manifest, run_id, settled_at FROM ledger.settled").fetchall()
    return {key: Settlement(*row) for key, *row in rows}


def unsettle(connection: "psycopg.Connection[Any]", keys: Iterable[str]) -> None:
    """Note that windows are about to change, so that a run that is killed in the middle is not the last on them."""
    with connection.transaction():
        connection.execute("DELETE FROM ledger.settled WHERE window_key = ANY (%s)", [list(keys)])


def settle(connection: "psycopg.Connection[Any]", manifests: Mapping[str, str], run_id: str) -> None:
    """Note that the windows (key to manifest digest) went through every stage."""
    with connection.transaction():
        for key, digest in manifests.items():
            connection.execute(
                "INSERT INTO ledger.settled (window_key, manifest, run_id) VALUES (%s, %s, %s) "
                "ON CONFLICT (window_key) DO UPDATE SET manifest = excluded.manifest, run_id = excluded.run_id, "
                "settled_at = excluded.settled_at",
                [key, digest, run_id],
            )


def mart_rows(connection: "psycopg.Connection[Any]") -> dict[str, int]:
    """Rows of each mart, counted now: PostgreSQL's own figures are estimates, and lost after a crash."""
    names = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'marts' ORDER BY 1").fetchall()
    return {name: row_count(connection, "marts", name) for (name,) in names}


def row_count(connection: "psycopg.Connection[Any]", schema: str, table: str) -> int:
    """Rows of one table, counted now."""
    from psycopg import sql

    counted = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(schema, table))).fetchone()
    return int(counted[0]) if counted else 0


# --- asking -------------------------------------------------------------------------------------------------------


def query(dsn: Dsn, statement: str) -> tuple[list[str], Iterator[tuple[Any, ...]]]:
    """Column names and rows of one read-only statement, run as the reading role; rows come as they are asked for.

    Several statements in one text are refused: the extended protocol takes one. WarehouseError carries what
    PostgreSQL said about the statement.
    """
    connection = _reading(dsn)
    try:
        columns = _columns(connection, statement)
        rows = _rows(connection, statement)
        first = list(islice(rows, 1))  # what is wrong shows before anything is written
    except WarehouseError:
        connection.close()
        raise
    return columns, chain(first, rows)


def _reading(dsn: Dsn) -> "psycopg.Connection[Any]":
    import psycopg

    session = {"timezone": "UTC", "default_transaction_read_only": "on", "statement_timeout": "600000"}
    try:
        return _connect(reader(dsn), autocommit=True, **session)
    except psycopg.OperationalError as error:
        raise WarehouseError(
            f"The reading role cannot connect: {str(error).strip()}\nHas anything been run yet? "
            "Start with: muniment run"
        ) from None


def _columns(connection: "psycopg.Connection[Any]", statement: str) -> list[str]:
    """The names of what a statement gives, without running it."""
    from psycopg.pq import ExecStatus

    described = connection.pgconn.prepare(b"", _encoded(statement))
    if described.status == ExecStatus.COMMAND_OK:
        described = connection.pgconn.describe_prepared(b"")
    if described.status != ExecStatus.COMMAND_OK:
        raise WarehouseError(described.error_message.decode("utf-8", "replace").strip().removeprefix("ERROR:  "))
    if not described.nfields:
        raise WarehouseError("The statement returns no rows; muniment sql only reads.")
    return [(described.fname(at) or b"").decode() for at in range(described.nfields)]


def _rows(connection: "psycopg.Connection[Any]", statement: str) -> Iterator[tuple[Any, ...]]:
    import psycopg

    try:
        with connection:
            yield from connection.cursor().stream(_encoded(statement), size=_SLICE)
    except psycopg.Error as error:
        raise WarehouseError(str(error).strip()) from None


def _encoded(statement: str) -> bytes:
    return statement.replace("\0", " ").encode("utf-8", "replace")
