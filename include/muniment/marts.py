"""dbt's project as the library knows it: what its models are, building them by hand, and what the marts hold.

A run builds the marts as Dagster's assets (`assets/warehouse.py`); what is in them is for the models to say.
"""

import hashlib
import os
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from muniment import warehouse
from muniment.errors import MunimentError
from muniment.postgres import Dsn
from muniment.settings import PROJECT

if TYPE_CHECKING:
    import psycopg

FOLDER = PROJECT / "dbt"


class MartsError(MunimentError):
    """Marts that could not be built."""


@cache
def fingerprint(folder: Path = FOLDER) -> str:
    """A short name of everything that dbt's manifest is made from: the project's files."""
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        digest.update(f"{path.relative_to(folder)}\n".encode() + path.read_bytes())
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
    """Build every model and seed in a warehouse whose tables are loaded and linked; their data tests are left out.

    MartsError says what dbt said.
    """
    dbt = command("build", "--exclude-resource-type", "unit_test", "--exclude-resource-type", "test")
    done = subprocess.run(
        dbt, env=environment(dsn, target), cwd=FOLDER, capture_output=True, text=True, errors="replace", check=False
    )
    if done.returncode:
        raise MartsError(f"dbt could not build the marts:\n{(done.stdout or done.stderr).strip()[-4000:]}")


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

    built = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'marts' ORDER BY 1").fetchall()
    modelled = {path.stem for path in (FOLDER / "models" / "marts").glob("*.sql")}  # others are left of former models
    with connection.transaction():
        # Text of a value must not depend on how a server or role is set up.
        connection.execute("SET LOCAL datestyle = 'ISO, MDY'")
        connection.execute("SET LOCAL intervalstyle = 'iso_8601'")
        connection.execute("SET LOCAL extra_float_digits = 1")
        connection.execute("SET LOCAL bytea_output = 'hex'")
        connection.execute("SET LOCAL timezone = 'UTC'")
        return {name: _digest(connection, sql.Identifier("marts", name)) for (name,) in built if name in modelled}


def _digest(connection: "psycopg.Connection[Any]", table: Any) -> str:
    from psycopg import sql

    found = connection.execute(sql.SQL(_DIGEST).format(table)).fetchone()
    assert found
    return hashlib.sha256(str(found[0]).encode()).hexdigest()[:16]
