"""Shapes of the warehouse's tables: what they lack to follow their contracts, as SQL, and doing it under their views.

Rows are loaded by `warehouse`. What may be changed at all is decided by `migration`.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from muniment.contract import Column, Contract

if TYPE_CHECKING:
    import psycopg


@dataclass(frozen=True)
class Alteration:
    """One statement. Rows of the contract fit the table without it if it `may_wait`; it is `harmless` if nobody who
    reads or writes the table could notice it."""

    sql: str
    may_wait: bool = False
    harmless: bool = False


def definition(column: Column) -> str:
    """A column as `CREATE TABLE` and `ADD COLUMN` take it."""
    return f'"{column.name}" {column.postgres_type}{" NOT NULL" if column.required else ""}'


def indexes(contract: Contract) -> list[str]:
    """The statements that index a table, where it is not."""
    key = ", ".join(f'"{name}"' for name in contract.row_key)
    return [
        f"CREATE INDEX IF NOT EXISTS {contract.name}_window ON {contract.table} (window_key)",
        f"CREATE INDEX IF NOT EXISTS {contract.name}_key ON {contract.table} ({key})",
    ]


def alterations(
    connection: "psycopg.Connection[Any]",
    contract: Contract,
    former: Mapping[str, tuple[str, ...]],
    filled: Collection[str] = (),
) -> list[Alteration]:
    """What a table lacks to have the shape of its contract; nothing for a table that is not there.

    `former` are the names that columns had before. Columns that the lake has values for, `filled`, and those that may
    not be null cannot be added to rows that are there: the table is emptied, so that it is loaded from the lake again.
    """
    there, found = _columns(connection, contract.table), list[Alteration]()
    alter = f"ALTER TABLE {contract.table}"
    if not there:
        return []
    for column in contract.all_columns:
        name = column.name if column.name in there else _present(former.get(column.name, ()), there)
        if name is None:
            if column.required or column.name in filled:
                found += map(Alteration, _emptied(contract))
            found.append(Alteration(f"{alter} ADD COLUMN {definition(column)}", harmless=not column.required))
            continue
        if name != column.name:
            found.append(Alteration(f'{alter} RENAME COLUMN "{name}" TO "{column.name}"'))
        kind, required = there.pop(name)
        alter_column = f'{alter} ALTER COLUMN "{column.name}"'
        if kind != _plain(column.postgres_type):
            found.append(Alteration(f"{alter_column} TYPE {column.postgres_type}"))
        if required != column.required:
            found.append(Alteration(f"{alter_column} {'SET' if column.required else 'DROP'} NOT NULL", column.required))
    gone = [Alteration(f'{alter} DROP COLUMN "{name}"', not required) for name, (_, required) in there.items()]
    return found + gone


def reindexed(connection: "psycopg.Connection[Any]", contract: Contract) -> list[Alteration]:
    """What a table needs when its key has changed; nothing for a table that is not there."""
    if not _columns(connection, contract.table):
        return []
    statements = [f"DROP INDEX IF EXISTS {contract.namespace}.{contract.name}_key", *indexes(contract)]
    return [Alteration(statement, may_wait=True) for statement in statements]


def _present(names: Iterable[str], there: Collection[str]) -> str | None:
    return next((name for name in names if name in there), None)


def _emptied(contract: Contract) -> list[str]:
    return [
        f"DELETE FROM ledger.loaded WHERE table_name = '{contract.table}'",
        f"TRUNCATE {contract.table}",
    ]


def _columns(connection: "psycopg.Connection[Any]", table: str) -> dict[str, tuple[str, bool]]:
    """Type and whether it is required of each column; nothing for a table that is not there."""
    rows = connection.execute(
        "SELECT attname, format_type(atttypid, atttypmod), attnotnull FROM pg_attribute "
        "WHERE attrelid = to_regclass(%s) AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
        [table],
    ).fetchall()
    return {name: (_plain(kind), required) for name, kind, required in rows}


def _plain(kind: str) -> str:
    """A type as PostgreSQL or a contract writes it, in one spelling."""
    return kind.replace("timestamp with time zone", "timestamptz").replace(" ", "")


# --- views ------------------------------------------------------------------------------------------------------------

_GRANTED = """array(
    SELECT format('GRANT %%s ON %%s TO %%s', privilege_type, c.oid::regclass,
        CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END)
    FROM aclexplode(c.relacl) WHERE grantee <> c.relowner
)"""
_ABOVE = f"""
WITH RECURSIVE above (view, height) AS (
    SELECT r.ev_class, 1 FROM pg_depend AS d JOIN pg_rewrite AS r ON r.oid = d.objid
    WHERE d.classid = 'pg_rewrite'::regclass AND d.refobjid = to_regclass(%s) AND r.ev_class <> d.refobjid
    UNION
    SELECT r.ev_class, height + 1 FROM above AS a
    JOIN pg_depend AS d ON d.refobjid = a.view AND d.classid = 'pg_rewrite'::regclass
    JOIN pg_rewrite AS r ON r.oid = d.objid AND r.ev_class <> a.view
)
SELECT format('%%I.%%I', n.nspname, c.relname), pg_get_viewdef(c.oid), array_to_string(c.reloptions, ', '),
    format('ALTER VIEW %%I.%%I OWNER TO %%I', n.nspname, c.relname, pg_get_userbyid(c.relowner)),
    format('COMMENT ON VIEW %%I.%%I IS %%L', n.nspname, c.relname, obj_description(c.oid)),
    {_GRANTED}
FROM above JOIN pg_class AS c ON c.oid = view JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relkind = 'v' GROUP BY c.oid, n.nspname, c.relname ORDER BY max(height)
"""


def grants(connection: "psycopg.Connection[Any]", table: str) -> list[str]:
    """Statements that give others than its owner what they may do with a table; none where there is none."""
    found = connection.execute(
        f"SELECT {_GRANTED} FROM pg_class AS c WHERE c.oid = to_regclass(%s)", [table]
    ).fetchone()
    return list(found[0]) if found else []


@contextmanager
def without_views(connection: "psycopg.Connection[Any]", table: str, *, all_again: bool = False) -> Iterator[None]:
    """Take the views on a table down, because PostgreSQL changes no type and drops no column below one; put them back
    after the block, with their owners, grants, options and comments. One that no longer fits stays away until dbt
    builds it anew; with `all_again` it is an error of psycopg."""
    import psycopg

    views = connection.execute(_ABOVE, [table]).fetchall()
    for name, *_ in reversed(views):
        connection.execute(f"DROP VIEW {name}")
    yield
    unfit = () if all_again else (psycopg.errors.UndefinedColumn, psycopg.errors.UndefinedTable)
    for name, statement, options, owner, comment, grants in views:
        with suppress(*unfit), connection.transaction():
            connection.execute(f"CREATE VIEW {name} {f'WITH ({options})' if options else ''} AS {statement}")
            for again in (owner, comment, *grants):
                connection.execute(again)
