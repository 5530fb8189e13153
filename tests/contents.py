"""What an installation holds, apart from which run wrote it and when: for telling whether two hold the same.

Vectors are compared within a tolerance, because a model's last digits depend on what it encoded a text together with;
all else is compared to the last character.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import psycopg
from psycopg import sql

from muniment import warehouse
from muniment.contract import contracts, tables
from muniment.platform import Platform

TOLERANCE = 2e-3  # of a half-precision component of a unit vector
SCHEMAS = ("lake", "vault", "linkage", "staging", "intermediate", "marts", "search", "ledger")

# Columns that say which run wrote a row or when, and those that follow from vectors.
_PASSING = ("%run_id", "relation", "loaded_at", "settled_at", "built_at", "embedding", "tsv", "version")
# Tables of digests over what differs rightly: a manifest knows when it was registered.
_DIGESTS = ("ledger.settled", "ledger.built")

Vectors = dict[str, np.ndarray]


@dataclass(frozen=True)
class Contents:
    """Rows as text by table (each with how often it occurs), and vectors by what they belong to."""

    tables: dict[str, Counter[str]] = field(default_factory=dict)
    vectors: dict[str, Vectors] = field(default_factory=dict)

    def differences(self, other: "Contents") -> list[str]:
        """What the other has not or has more than this, table by table; empty when both hold the same."""
        found = [
            line
            for name in sorted(self.tables.keys() | other.tables.keys())
            for line in _row_differences(name, self.tables.get(name), other.tables.get(name))
        ]
        for name in sorted(self.vectors.keys() | other.vectors.keys()):
            found += _vector_differences(name, self.vectors.get(name, {}), other.vectors.get(name, {}))
        return found


def _row_differences(name: str, left: Counter[str] | None, right: Counter[str] | None) -> Iterator[str]:
    if left is None or right is None:
        yield f"{name} is only in the {'second' if left is None else 'first'}"
        return
    for which, rows in (("first", left - right), ("second", right - left)):
        if rows:
            yield f"{name}: {rows.total()} rows only in the {which}, such as {next(iter(rows))[:400]}"


def _vector_differences(name: str, left: Vectors, right: Vectors) -> Iterator[str]:
    if left.keys() != right.keys():
        yield f"{name}: vectors of {sorted(left.keys() ^ right.keys())[:3]} are in one only"
    far = [key for key in left.keys() & right.keys() if np.abs(left[key] - right[key]).max() > TOLERANCE]
    if far:
        yield f"{name}: {len(far)} vectors differ, such as that of {far[0]}"


def contents(platform: Platform, *, warehouse_too: bool = True) -> Contents:
    """Everything in the lake and the warehouse of an installation."""
    found = Contents()
    _lake(platform, found)
    if warehouse_too:
        with warehouse.opened(platform.settings) as dsn, psycopg.connect(dsn.conninfo(), autocommit=True) as connection:
            _warehouse(connection, found)
    return found


def _lake(platform: Platform, found: Contents) -> None:
    for contract in tables():
        if contract.name == "embeddings":
            continue
        rows: Counter[str] = Counter()
        for batch in platform.lake.scan(contract):
            names = [name for name in batch.schema.names if name != "run_id"]
            rows.update(map(repr, batch.select(names).to_pylist()))
        found.tables[f"iceberg {contract.table}"] = rows
        held = platform.lake.held(contract)
        found.tables[f"content {contract.table}"] = Counter(f"{key} {one.content_id}" for key, one in held.items())
    vectors = found.vectors.setdefault("iceberg lake.embeddings", {})
    for batch in platform.lake.scan(contracts()["embeddings"]):
        for row in batch.to_pylist():
            key = f"{row['window_key']} {row['chunk_hash']} {row['model']}"
            assert key not in vectors, f"{key} has two vectors"
            vectors[key] = np.asarray(row["embedding"], np.float32)


def _warehouse(connection: "psycopg.Connection[Any]", found: Contents) -> None:
    for name, columns in _relations(connection).items():
        kept = sql.SQL(", ").join(sql.Identifier(column) for column in columns)
        statement = sql.SQL("SELECT row_to_json(t)::text FROM (SELECT {} FROM {}) AS t").format(
            kept, sql.Identifier(*name.split("."))
        )
        rows = connection.execute(statement).fetchall()
        found.tables[f"warehouse {name}"] = Counter(row for (row,) in rows)
    passages = connection.execute("SELECT document_id, ordinal, embedding::text FROM search.passages").fetchall()
    found.vectors["warehouse search.passages"] = {
        f"{document} {ordinal}": np.fromstring(vector.strip("[]"), np.float32, sep=",")
        for document, ordinal, vector in passages
    }


def _relations(connection: "psycopg.Connection[Any]") -> dict[str, list[str]]:
    """Tables and views of Muniment's schemas with the columns that matter."""
    rows = connection.execute(
        "SELECT table_schema || '.' || table_name, array_agg(column_name::text ORDER BY column_name)"
        "  FILTER (WHERE NOT column_name LIKE ANY (%s))"
        " FROM information_schema.columns WHERE table_schema = ANY (%s) GROUP BY 1",
        [list(_PASSING), list(SCHEMAS)],
    ).fetchall()
    return {name: columns for name, columns in rows if name not in _DIGESTS}


def snapshots(platform: Platform) -> dict[str, list[int]]:
    """Every snapshot of every table: what was ever written to the lake."""
    found = {}
    for contract in tables():
        if platform.lake.exists(contract):
            table = platform.lake.catalog.load_table(contract.table)
            found[contract.table] = [snapshot.snapshot_id for snapshot in table.snapshots()]
    return found
