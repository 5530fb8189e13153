"""The warehouse: PostgreSQL tables that mirror the lake's, kept equal window by window, and who may read them.

Schemas `lake` and `vault` hold contract tables, `ledger` the record of what was loaded. A window and its ledger row
change in one transaction, so the ledger cannot say more than the tables hold. Marts are dbt's, passages are search's.
"""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from muniment import windows
from muniment.contract import Contract, tables
from muniment.errors import MunimentError
from muniment.lake import Held, Lake
from muniment.postgres import Dsn, Server
from muniment.settings import Settings

if TYPE_CHECKING:
    import psycopg

READER = "muniment_reader"
_MINIMUM = 150000


class WarehouseError(MunimentError):
    """A warehouse that cannot be reached or used."""


@dataclass(frozen=True)
class Loaded:
    """What became of one window of one table: `rows` it holds now; `changed` is False when it was right already."""

    table: str
    window_key: str
    rows: int
    changed: bool


@contextmanager
def opened(settings: Settings) -> Iterator[Dsn]:
    """The warehouse's address: the one in the settings, or the embedded server, kept running for the block."""
    url = settings.warehouse_url.get_secret_value()
    if url:
        yield _dsn(url)
    else:
        with embedded(settings).running() as dsn:
            yield dsn


def embedded(settings: Settings) -> Server:
    """The embedded server of a state folder; constructing it starts nothing."""
    return Server(settings.state / "postgres")


def _dsn(url: str) -> Dsn:
    import psycopg
    from psycopg.conninfo import conninfo_to_dict

    try:
        parts = conninfo_to_dict(url)
    except psycopg.Error as error:
        raise WarehouseError(f"MUNIMENT_WAREHOUSE_URL is not a PostgreSQL URL: {error}") from None
    return Dsn(
        host=str(parts.get("host") or "localhost"),
        port=int(parts.get("port") or 5432),
        user=str(parts.get("user") or "postgres"),
        password=str(parts.get("password") or ""),
        dbname=str(parts.get("dbname") or "postgres"),
    )


@contextmanager
def connected(dsn: Dsn, *, autocommit: bool = False) -> Iterator["psycopg.Connection[Any]"]:
    """A connection in UTC; WarehouseError says why there is none."""
    import psycopg

    try:
        connection = psycopg.connect(
            dsn.conninfo(), autocommit=autocommit, options="-c timezone=UTC", connect_timeout=10
        )
    except psycopg.OperationalError as error:
        raise WarehouseError(
            f"PostgreSQL at {dsn.host}:{dsn.port}/{dsn.dbname} does not let {dsn.user} in: {error}\n"
            "Check MUNIMENT_WAREHOUSE_URL, or run: muniment doctor"
        ) from None
    with connection:
        yield connection


def reader(dsn: Dsn) -> Dsn:
    """The login that may read marts and lake tables but neither the vault nor change anything.

    Its password follows from the owner's, so that there is no second secret to keep.
    """
    secret = hashlib.sha256(f"{READER}:{dsn.password}".encode()).hexdigest() if dsn.password else ""
    return dsn.with_user(READER, secret)


def dbt_environment(dsn: Dsn) -> dict[str, str]:
    """The variables that `dbt/profiles.yml` reads."""
    return {
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
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(hashtext('muniment.prepare'))")
        _prepare_role(connection, dsn)
        for schema in ("lake", "vault", "ledger", "search", "staging", "intermediate", "marts"):
            connection.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
        connection.execute(_LEDGER)
        for contract in loadable():
            _prepare_table(connection, contract)
        for schema in ("lake", "staging", "intermediate", "marts", "search"):
            connection.execute(f"GRANT USAGE ON SCHEMA {schema} TO {READER}")
            connection.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO {READER}")
            connection.execute(f"ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT SELECT ON TABLES TO {READER}")


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
CREATE TABLE IF NOT EXISTS ledger.built (
    what text PRIMARY KEY,
    fingerprint text NOT NULL,
    run_id text NOT NULL,
    built_at timestamptz NOT NULL DEFAULT now()
);
"""


def _prepare_role(connection: "psycopg.Connection[Any]", dsn: Dsn) -> None:
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
    columns = ", ".join(
        f'"{c.name}" {c.postgres_type}{" NOT NULL" if c.required else ""}' for c in contract.all_columns
    )
    connection.execute(f"CREATE TABLE IF NOT EXISTS {contract.table} ({columns})")
    connection.execute(f"CREATE INDEX IF NOT EXISTS {contract.name}_window ON {contract.table} (window_key)")
    key = ", ".join(f'"{name}"' for name in contract.row_key)
    connection.execute(f"CREATE INDEX IF NOT EXISTS {contract.name}_key ON {contract.table} ({key})")


def ledger(connection: "psycopg.Connection[Any]") -> Mapping[tuple[str, str], str]:
    """Content loaded by (qualified table, window key)."""
    rows = connection.execute("SELECT table_name, window_key, content_id FROM ledger.loaded").fetchall()
    return {(table, key): content for table, key, content in rows}


def sync(connection: "psycopg.Connection[Any]", lake: Lake, contract: Contract, run_id: str) -> list[Loaded]:
    """Make the warehouse's table equal to the lake's, window by window; only windows that differ are touched."""
    held = lake.held(contract)
    there = {key: content for (table, key), content in ledger(connection).items() if table == contract.table}
    for key in there.keys() - held.keys():
        _replace(connection, lake, contract, key, None, run_id)
    return [
        Loaded(contract.table, key, window.rows, _load(connection, lake, contract, key, window, there, run_id))
        for key, window in sorted(held.items())
    ]


def _load(
    connection: "psycopg.Connection[Any]",
    lake: Lake,
    contract: Contract,
    key: str,
    window: Held,
    there: Mapping[str, str],
    run_id: str,
) -> bool:
    if there.get(key) == window.content_id:
        return False
    _replace(connection, lake, contract, key, window, run_id)
    return True


def _replace(
    connection: "psycopg.Connection[Any]", lake: Lake, contract: Contract, key: str, window: Held | None, run_id: str
) -> None:
    with connection.transaction():
        connection.execute(f"DELETE FROM {contract.table} WHERE window_key = %s", [key])
        connection.execute(
            "DELETE FROM ledger.loaded WHERE table_name = %s AND window_key = %s", [contract.table, key]
        )
        if window is None:
            return
        _copy(connection, lake, contract, key)
        connection.execute(
            "INSERT INTO ledger.loaded (table_name, window_key, content_id, rows, run_id) "
            "VALUES (%s, %s, %s, %s, %s)",
            [contract.table, key, window.content_id, window.rows, run_id],
        )


def _copy(connection: "psycopg.Connection[Any]", lake: Lake, contract: Contract, key: str) -> None:
    names = ", ".join(f'"{c.name}"' for c in contract.all_columns)
    types = [_COPY_TYPES.get(c.type, c.type.split("(")[0].replace("decimal", "numeric")) for c in contract.all_columns]
    statement = f"COPY {contract.table} ({names}) FROM STDIN (FORMAT binary)"
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        copy.set_types(types)
        for batch in lake.scan(contract, windows.parse(key)):
            for row in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                copy.write_row(row)


_COPY_TYPES = {"bigint": "int8", "integer": "int4", "double": "float8", "boolean": "bool"}


# --- what was finished --------------------------------------------------------------------------------------------


def settled(connection: "psycopg.Connection[Any]") -> Mapping[str, str]:
    """Manifest digest by window key for windows that went through every stage; empty before the first run."""
    if connection.execute("SELECT to_regclass('ledger.settled')").fetchone() == (None,):
        return {}
    return dict(connection.execute("SELECT window_key, manifest FROM ledger.settled").fetchall())


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


def built(connection: "psycopg.Connection[Any]", what: str) -> str | None:
    """Fingerprint of the inputs from which `what` (marts, passages) was last built."""
    row = connection.execute("SELECT fingerprint FROM ledger.built WHERE what = %s", [what]).fetchone()
    return str(row[0]) if row else None


def note_built(connection: "psycopg.Connection[Any]", what: str, fingerprint: str, run_id: str) -> None:
    """Note from which inputs `what` was built."""
    with connection.transaction():
        connection.execute(
            "INSERT INTO ledger.built (what, fingerprint, run_id) VALUES (%s, %s, %s) ON CONFLICT (what) DO UPDATE "
            "SET fingerprint = excluded.fingerprint, run_id = excluded.run_id, built_at = now()",
            [what, fingerprint, run_id],
        )


def contents_digest(connection: "psycopg.Connection[Any]") -> str:
    """Names the content of all mirrored tables, for telling whether what is built from them is still right."""
    text = "\n".join(f"{table} {key} {content}" for (table, key), content in sorted(ledger(connection).items()))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


# --- asking -------------------------------------------------------------------------------------------------------


def query(dsn: Dsn, statement: str) -> tuple[list[str], Iterator[tuple[Any, ...]]]:
    """Column names and rows of one read-only statement, run as the reading role.

    Several statements in one text are refused: the extended protocol takes one. WarehouseError carries what
    PostgreSQL said about the statement.
    """
    import psycopg

    connection = _reading(dsn)
    try:
        cursor = connection.cursor()
        cursor.execute(statement.encode(), prepare=True)
    except psycopg.Error as error:
        connection.close()
        raise WarehouseError(str(error).strip()) from None
    if cursor.description is None:
        connection.close()
        raise WarehouseError("The statement returns no rows; muniment sql only reads.")
    return [column.name for column in cursor.description], _rows(connection, cursor)


def _reading(dsn: Dsn) -> "psycopg.Connection[Any]":
    import psycopg

    options = "-c timezone=UTC -c default_transaction_read_only=on -c statement_timeout=600000"
    try:
        return psycopg.connect(reader(dsn).conninfo(), options=options, connect_timeout=10)
    except psycopg.OperationalError as error:
        raise WarehouseError(
            f"The reading role cannot connect: {error}\nHas anything been run yet? Start with: muniment run"
        ) from None


def _rows(connection: "psycopg.Connection[Any]", cursor: Any) -> Iterator[tuple[Any, ...]]:
    with connection:
        while rows := cursor.fetchmany(1000):
            yield from rows
