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
from muniment.warehouse_shape import grants, without_views

if TYPE_CHECKING:
    import psycopg

FOLDER = PROJECT / "dbt"
MARTS = "marts"
CANDIDATE = "candidate"  # also the name of the target, in `profiles.yml`, whose marts are built there
_PATIENCE = 45  # seconds; less than others wait for their turn to cut a release
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
        with building(connection, modelled()):
            done = subprocess.run(dbt, text=True, errors="replace", check=False, **given)
            if done.returncode:
                raise MartsError(f"dbt could not build the marts:\n{(done.stdout or done.stderr).strip()[-4000:]}")
        publish(connection)


# --- publishing -------------------------------------------------------------------------------------------------------


@contextmanager
def building(connection: "psycopg.Connection[Any]", names: Iterable[str]) -> Iterator[None]:
    """Build and test candidates of these marts in the block, one builder at a time. If it ends without an error they
    are good, and what `publish` publishes; until then nothing is published. The connection is in no transaction."""
    listed = list(names)
    with _one_at_a_time(connection):
        connection.execute(
            "INSERT INTO ledger.candidates (mart, state, models) SELECT unnest(%s::text[]), 'begun', %s "
            "ON CONFLICT (mart) DO UPDATE SET state = excluded.state, models = excluded.models, relation = NULL",
            [listed, fingerprint()],
        )
        yield
        connection.execute(
            "UPDATE ledger.candidates SET state = 'good', relation = to_regclass(format('candidate.%%I', mart)), "
            "built_at = now() WHERE mart = ANY(%s)",
            [listed],
        )


@contextmanager
def _one_at_a_time(connection: "psycopg.Connection[Any]") -> Iterator[None]:
    """A lock that ends with the connection, whatever becomes of this process."""
    connection.execute("SELECT pg_advisory_lock(hashtext('muniment.candidates'))")
    try:
        yield
    finally:
        if not connection.closed:
            connection.execute("SELECT pg_advisory_unlock(hashtext('muniment.candidates'))")


def behind(connection: "psycopg.Connection[Any]") -> bool:
    """Whether marts are not what they should be: built and not published, begun and not built, or of other models."""
    if connection.execute("SELECT to_regclass('ledger.candidates')").fetchone() == (None,):
        return False
    found = connection.execute(
        "SELECT 1 FROM ledger.candidates WHERE mart = ANY(%s) AND (state <> 'published' OR models <> %s) LIMIT 1",
        [list(modelled()), fingerprint()],
    )
    return found.fetchone() is not None


def publish(connection: "psycopg.Connection[Any]") -> list[str]:
    """Make marts equal to their good candidates; the names of those that were not equal.

    All in one transaction, the caller's or one of its own: whoever reads several marts in one statement finds all of
    them as they were before or as they are after, and waits for nobody; so does whoever reads them in several
    statements of one transaction that repeats its reads. Only a mart whose columns or rules changed is made anew as a
    table: its readers wait, and are waited for, and a transaction that began before finds it empty.

    MartsError, and nothing is published, while any candidate is being built or was not built to its end, when readers
    of a mart that must be made anew take too long, or when something of somebody's own stands in the way there.
    """
    from psycopg.errors import LockNotAvailable

    ends = time.monotonic() + _PATIENCE
    while True:
        with suppress(LockNotAvailable), connection.transaction():
            # Sooner than PostgreSQL looks for a deadlock, which it might end by failing a reader.
            connection.execute("SET LOCAL lock_timeout = '500ms'")
            changed = _publish(connection)
            connection.execute("SET LOCAL lock_timeout TO DEFAULT")
            return changed
        if time.monotonic() > ends:
            raise MartsError(
                f"Marts have other columns now, and somebody went on reading one of them for {_PATIENCE} seconds: no "
                "mart was changed. End that query or transaction (pg_stat_activity shows it), then run again."
            )
        time.sleep(random.uniform(0, 0.5))


_UNFINISHED = """
SELECT mart FROM ledger.candidates WHERE mart = ANY(%s) AND (
    state = 'begun' OR state = 'good' AND relation IS DISTINCT FROM to_regclass(format('candidate.%%I', mart))::oid
) ORDER BY mart FOR UPDATE
"""


def _publish(connection: "psycopg.Connection[Any]") -> list[str]:
    if unfinished := connection.execute(_UNFINISHED, [list(modelled())]).fetchall():
        raise MartsError(
            f"No mart is published: {', '.join(name for (name,) in unfinished)} are being built, or a build of them "
            "did not come to its end. Run again."
        )
    good = connection.execute("UPDATE ledger.candidates SET state = 'published' WHERE state = 'good' RETURNING mart")
    names = sorted(name for (name,) in good.fetchall() if name in modelled())
    other = [name for name in names if _shape(connection, CANDIDATE, name) != _shape(connection, MARTS, name)]
    changed = [name for name in names if name not in other and _differs(connection, name)]
    for name in other:  # first, for they may have to wait
        _make_anew(connection, name)
    for name in (*changed, *other):
        _rewrite(connection, name)
    return sorted([*other, *changed])


def _differs(connection: "psycopg.Connection[Any]", name: str) -> bool:
    """Whether a mart and its candidate, which have one shape, hold other rows."""
    from psycopg import sql

    return len({_digest(connection, sql.Identifier(schema, name)) for schema in (MARTS, CANDIDATE)}) > 1


def _rewrite(connection: "psycopg.Connection[Any]", name: str) -> None:
    """Take the candidate's rows into a mart; readers see the former ones until the transaction ends."""
    from psycopg import sql

    mart, candidate = sql.Identifier(MARTS, name), sql.Identifier(CANDIDATE, name)
    connection.execute(sql.SQL("DELETE FROM {}").format(mart))
    connection.execute(sql.SQL("INSERT INTO {} TABLE {}").format(mart, candidate))


def _make_anew(connection: "psycopg.Connection[Any]", name: str) -> None:
    """Put an empty table of the candidate's shape in the place of a mart, if there is one; views on it stay."""
    import psycopg
    from psycopg import sql

    mart, candidate = sql.Identifier(MARTS, name), sql.Identifier(CANDIDATE, name)
    granted = grants(connection, f'{MARTS}."{name}"')
    try:
        with without_views(connection, f'{MARTS}."{name}"', all_again=True):
            connection.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(mart))
            connection.execute(sql.SQL("CREATE TABLE {} (LIKE {} INCLUDING ALL)").format(mart, candidate))
            for grant in granted:
                connection.execute(grant)
    except psycopg.errors.LockNotAvailable:
        raise
    except psycopg.Error as error:
        raise MartsError(
            f"{MARTS}.{name} has other columns or rules now, and something of your own stands on it that cannot: "
            f"{error.diag.message_detail or str(error).strip()}\nChange or drop it, then run again; no mart is changed."
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
        return {name: _digest(connection, sql.Identifier(MARTS, name)) for (name,) in built if name in modelled()}


@cache
def modelled() -> frozenset[str]:
    """The marts that there are models of; other tables beside them are somebody's own, or left of former models."""
    return frozenset(path.stem for path in (FOLDER / "models" / "marts").glob("*.sql"))


def _digest(connection: "psycopg.Connection[Any]", table: Any) -> str:
    from psycopg import sql

    found = connection.execute(sql.SQL(_DIGEST).format(table)).fetchone()
    assert found
    return hashlib.sha256(str(found[0]).encode()).hexdigest()[:16]
