"""dbt's project as the library knows it: what its models are, building and publishing marts, and what they hold.

dbt builds and tests marts in the schema `candidate`, which readers cannot see; publishing them makes the schema `marts`
equal to it, all at once (docs/decisions/0031-publishing-marts.md). A run builds them as Dagster's assets
(`assets/warehouse.py`) and publishes them with its release; what is in them is for the models to say.
"""

import hashlib
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from muniment import warehouse
from muniment.errors import MunimentError
from muniment.postgres import Dsn
from muniment.settings import PROJECT
from muniment.warehouse_shape import without_views

if TYPE_CHECKING:
    import psycopg

FOLDER = PROJECT / "dbt"
MARTS = "marts"
CANDIDATE = "candidate"  # also the name of the target, in `profiles.yml`, whose marts are built there
_PATIENCE = 900  # seconds; `muniment sql` allows a statement 600
_LEFT_BY_DBT = frozenset(("target", "logs", "dbt_packages", ".user.yml"))  # in its project, when it is run by hand


class MartsError(MunimentError):
    """Marts that could not be built or published."""


@cache
def fingerprint(folder: Path = FOLDER) -> str:
    """A short name of everything that dbt's manifest is made from: the project's files, but for what dbt left there."""
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        name = path.relative_to(folder)
        if name.parts[0] not in _LEFT_BY_DBT:
            digest.update(f"{name}\n".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def command(*arguments: str) -> list[str]:
    """dbt, the one that is installed beside us."""
    return [str(Path(sys.executable).parent / "dbt"), "--quiet", *arguments]


def environment(dsn: Dsn, target: Path) -> Mapping[str, str]:
    """What dbt needs to know to work on a warehouse; it writes below `target` alone."""
    return os.environ | {
        **warehouse.dbt_environment(dsn),
        "DBT_TARGET_PATH": str(target),
        "DBT_LOG_PATH": str(target / "logs"),
        "DBT_PROFILES_DIR": str(FOLDER),
    }


def build(dsn: Dsn, target: Path) -> None:
    """Build every model and seed in a warehouse whose tables are loaded and linked, and publish the marts; their data
    tests are left out.

    MartsError says what dbt said.
    """
    without = ("--exclude-resource-type", "unit_test", "--exclude-resource-type", "test")
    dbt = command("build", "--target", CANDIDATE, *without)
    given: dict[str, Any] = {"env": environment(dsn, target), "cwd": FOLDER, "capture_output": True}
    with warehouse.connected(dsn, autocommit=True) as connection:
        with building(connection, _modelled()):
            done = subprocess.run(dbt, text=True, errors="replace", check=False, **given)
            if done.returncode:
                raise MartsError(f"dbt could not build the marts:\n{(done.stdout or done.stderr).strip()[-4000:]}")
        publish(connection)


# --- publishing -------------------------------------------------------------------------------------------------------


@contextmanager
def building(connection: "psycopg.Connection[Any]", names: Iterable[str]) -> Iterator[None]:
    """Build and test candidates of these marts in the block. If it ends without an error they are what the next
    publication publishes; until then, and for ever if it fails, they are not."""
    listed = list(names)
    connection.execute("DELETE FROM ledger.candidates WHERE mart = ANY(%s)", [listed])
    yield
    connection.execute("INSERT INTO ledger.candidates SELECT unnest(%s::text[]) ON CONFLICT DO NOTHING", [listed])


def publish(connection: "psycopg.Connection[Any]") -> list[str]:
    """Make marts equal to the candidates that were built and tested since the last time; the names of those that were
    not equal.

    All in one transaction, the caller's or one of its own: whoever reads several marts in one statement finds all of
    them as they were before or as they are after, and waits for nobody; so does whoever reads them in several
    statements of one transaction that repeats its reads. Only a mart whose columns or rules changed is made anew as a
    table: its readers wait, and are waited for, and a transaction that began before finds it empty.
    MartsError when they read for too long, or when something of somebody's own stands on such a mart.
    """
    from psycopg.errors import LockNotAvailable

    ends = time.monotonic() + _PATIENCE
    while True:
        with suppress(LockNotAvailable), connection.transaction():
            # Sooner than PostgreSQL looks for a deadlock, which it might end by failing a reader.
            connection.execute("SET LOCAL lock_timeout = '500ms'")
            ready = connection.execute("DELETE FROM ledger.candidates RETURNING mart").fetchall()
            return [name for (name,) in sorted(ready) if name in _modelled() and _published(connection, name)]
        if time.monotonic() > ends:
            raise MartsError(
                f"Marts have other columns now, and somebody has read one of them for {_PATIENCE // 60} minutes: no "
                "mart was changed. End that query or transaction (pg_stat_activity shows it), then run again."
            )
        time.sleep(random.uniform(0, 0.5))


def _published(connection: "psycopg.Connection[Any]", name: str) -> bool:
    """Make a mart equal to its candidate; False where it is."""
    from psycopg import sql

    mart, candidate = sql.Identifier(MARTS, name), sql.Identifier(CANDIDATE, name)
    if _shape(connection, CANDIDATE, name) != _shape(connection, MARTS, name):
        _made_anew(connection, name)
    elif _digest(connection, mart) != _digest(connection, candidate):
        connection.execute(sql.SQL("DELETE FROM {}").format(mart))  # readers see the rows until the transaction ends
    else:
        return False
    connection.execute(sql.SQL("INSERT INTO {} TABLE {}").format(mart, candidate))
    return True


def _made_anew(connection: "psycopg.Connection[Any]", name: str) -> None:
    """Put an empty table of the candidate's shape in the place of a mart, if there is one; views on it stay."""
    import psycopg
    from psycopg import sql

    mart, candidate = sql.Identifier(MARTS, name), sql.Identifier(CANDIDATE, name)
    try:
        with without_views(connection, f'{MARTS}."{name}"'):
            connection.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(mart))
            connection.execute(sql.SQL("CREATE TABLE {} (LIKE {} INCLUDING ALL)").format(mart, candidate))
    except psycopg.errors.DependentObjectsStillExist as error:
        raise MartsError(
            f"{MARTS}.{name} has other columns or rules now, and something of your own stands on it: "
            f"{error.diag.message_detail or error}\nDrop that, then run again; no mart was changed."
        ) from None


# Columns, rules and indexes of a table, by what they say; what they are called does not count.
_SHAPE = """
SELECT array(
    SELECT concat_ws(' ', attname, format_type(atttypid, atttypmod), attnotnull) FROM pg_attribute
    WHERE attrelid = found.oid AND attnum > 0 AND NOT attisdropped ORDER BY attnum
), array(
    SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = found.oid ORDER BY 1
), array(
    SELECT concat_ws(' ', regexp_replace(pg_get_indexdef(indexrelid), '^.* USING ', ''), indisunique)
    FROM pg_index WHERE indrelid = found.oid ORDER BY 1
)
FROM (SELECT to_regclass(%s) AS oid) AS found
"""


def _shape(connection: "psycopg.Connection[Any]", schema: str, name: str) -> Any:
    """What a table's rows must be like; empty lists where there is none."""
    return connection.execute(_SHAPE, [f'{schema}."{name}"']).fetchone()


# --- what they hold ---------------------------------------------------------------------------------------------------


# Two 64-bit halves of each row's MD5, added up: equal for the same rows in any order, in the memory of one row.
_DIGEST = """
SELECT count(*) || '-' || coalesce(sum(('x' || left(one, 16))::bit(64)::bigint::numeric), 0)
    || '-' || coalesce(sum(('x' || right(one, 16))::bit(64)::bigint::numeric), 0)
FROM (SELECT md5(mart::text) AS one FROM {} AS mart) AS rows
"""


def digests(connection: "psycopg.Connection[Any]") -> dict[str, str]:
    """What each mart holds, as a digest of its rows in no order; every column counts.

    No model says when it was built (a test sees to that), so the same rows below give the same digests at any time.
    """
    from psycopg import sql

    built = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s ORDER BY 1", [MARTS]).fetchall()
    with connection.transaction():
        # Text of a value must not depend on how a server or role is set up.
        connection.execute("SET LOCAL datestyle = 'ISO, MDY'")
        connection.execute("SET LOCAL intervalstyle = 'iso_8601'")
        connection.execute("SET LOCAL extra_float_digits = 1")
        connection.execute("SET LOCAL bytea_output = 'hex'")
        connection.execute("SET LOCAL timezone = 'UTC'")
        return {name: _digest(connection, sql.Identifier(MARTS, name)) for (name,) in built if name in _modelled()}


@cache
def _modelled() -> frozenset[str]:
    """The marts that there are models of; other tables beside them are somebody's own, or left of former models."""
    return frozenset(path.stem for path in (FOLDER / "models" / "marts").glob("*.sql"))


def _digest(connection: "psycopg.Connection[Any]", table: Any) -> str:
    from psycopg import sql

    found = connection.execute(sql.SQL(_DIGEST).format(table)).fetchone()
    assert found
    return hashlib.sha256(str(found[0]).encode()).hexdigest()[:16]
