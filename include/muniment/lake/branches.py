"""Branches of the lake: its tables once more under another name in the catalog's database, over the same data files.

A branch begins with the snapshots that main had at one instant and goes its own way. Whatever it writes lies below
`branches/<name>/` in the store, so that dropping it removes rows of the catalog and one folder. Main's files it only
reads: while it is there, upkeep keeps what it needs. Its warehouse and its runs belong to `muniment.branches`; locks
and commits are those of any table (docs/decisions/0027-branches.md).
"""

import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from muniment.lake.schema import LakeError
from muniment.objects import FolderStore, Store

if TYPE_CHECKING:
    from pyiceberg.table import Table
    from sqlalchemy import Engine, RowMapping
    from sqlalchemy import Table as Relation

    from muniment.lake.tables import Lake

_FOLDER = "branches"
_NOTE = "branch.json"
_MAIN = "muniment"
_AT_ONCE = 8  # copies of metadata; what they wait for is the network


@dataclass(frozen=True)
class State:
    """What a table was at an instant: its snapshot, and the rows in it."""

    snapshot: int | None
    rows: int


@dataclass(frozen=True)
class Branch:
    """A branch, when it was made, and what the tables were then, by name."""

    name: str
    made_at: datetime
    tables: Mapping[str, State]


def _note(name: str) -> str:
    return f"{_FOLDER}/{name}/{_NOTE}"


def is_of_branch(key: str) -> bool:
    """Whether a file of the store is one that a branch wrote."""
    return key.startswith(f"{_FOLDER}/")


def require(store: Store, name: str) -> None:
    """LakeError unless there is a whole branch of that name, or the name is empty: main is always there."""
    if name and not store.exists(_note(name)):
        raise LakeError(
            f"There is no branch {name} in {store.uri}. Make it with muniment branch create {name}, or unset "
            "MUNIMENT_BRANCH to work on main. See: muniment branch list"
        )


def read(store: Store, name: str) -> Branch | None:
    """The branch; None when it is not there or not whole. LakeError when what it says of itself is damaged."""
    try:
        with store.open(_note(name)) as stream:
            told = json.loads(stream.read())
        tables = {table: State(**state) for table, state in told["tables"].items()}
        return Branch(name, datetime.fromisoformat(told["made_at"]), tables)
    except FileNotFoundError:
        return None
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise LakeError(f"{store.url(_note(name))} is damaged ({error!r}): drop the branch.") from error


def known(lake: "Lake", store: Store) -> set[str]:
    """Names of all branches of which there is anything, whole or not."""
    relation, _ = _relations(lake)
    with _explained(), _engine(lake).connect() as connection:
        names = connection.execute(relation.select().with_only_columns(relation.c.catalog_name).distinct()).scalars()
        listed = {name.removeprefix(f"{_MAIN}/") for name in names if name.startswith(f"{_MAIN}/")}
    return listed | {info.key.split("/")[1] for info in store.list(_FOLDER)}


MAKING = "making of branches"
"""What only one process on a lake does at a time, or an erasure keeps others from."""


def check_unshared(lake: "Lake", store: Store) -> None:
    """LakeError while branches share the files of the lake, so that what is removed from it would stay in theirs."""
    shared = lake.present() and hasattr(lake.catalog, "engine")  # a REST catalog has no branches
    if shared and (others := sorted(known(lake, store))):
        raise LakeError(
            f"Branches share the lake's files and would keep the data: {', '.join(others)}. Drop them first: "
            f"muniment branch drop {others[0]}"
        )


# --- making one -------------------------------------------------------------------------------------------------------


def check_forkable(lake: "Lake") -> None:
    """LakeError for a lake of which there can be no branch: it has no tables, or no catalog that could keep them."""
    if not lake.present() or not (_engine(lake) and lake.catalog.list_namespaces()):
        raise LakeError("There are no tables to make a branch of. Start with: muniment run")


def fork(lake: "Lake", store: Store, name: str) -> dict[str, State]:
    """Give the branch the tables that main has now, and say what they are. Nobody can use it before `finish`.

    From the first step on, which is one transaction, nothing that the tables need is removed by upkeep. Then each table
    gets metadata of its own, because a table deletes the oldest of its metadata as it is written: main's commits would
    take away what the branch stands on, and the other way round. What an attempt that was killed left is replaced.
    """
    rows = _copy_rows(lake, name)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        own = list(pool.map(partial(_own_metadata, lake, store, name), rows))
    relation, _ = _relations(lake)
    with _explained(), _engine(lake).begin() as connection:
        for row, (place, _) in zip(rows, own, strict=True):
            mine = [relation.c[column] == row[column] for column in ("table_namespace", "table_name")]
            connection.execute(
                relation.update()
                .where(relation.c.catalog_name == f"{_MAIN}/{name}", *mine)
                .values(metadata_location=place, previous_metadata_location=None)
            )
    return {_name(row): state for row, (_, state) in zip(rows, own, strict=True)}


def finish(store: Store, branch: Branch) -> None:
    """Note that the branch is whole; from now on it can be used."""
    told = {"made_at": branch.made_at.isoformat(), "tables": {name: asdict(one) for name, one in branch.tables.items()}}
    with tempfile.TemporaryDirectory(prefix="muniment-branch-") as folder:
        source = Path(folder) / _NOTE
        source.write_text(json.dumps(told))
        store.replace(_note(branch.name), source)


def _copy_rows(lake: "Lake", name: str) -> list["RowMapping"]:
    """Copy main's rows in the catalog, all as they are at one instant; those of its tables.

    Main's rows cannot change before the copies are there to be seen by who looks for files that nobody needs.
    """
    tables, namespaces = _relations(lake)
    copied = list["RowMapping"]()
    with _explained(), _engine(lake).begin() as connection:
        for relation in (tables, namespaces):
            # Deleting goes first: in SQLite it keeps writers away from then on, as the locked rows do in PostgreSQL.
            connection.execute(relation.delete().where(relation.c.catalog_name == f"{_MAIN}/{name}"))
            of_main = relation.select().where(relation.c.catalog_name == _MAIN).with_for_update(read=True)
            rows = [row for row in connection.execute(of_main).mappings() if _is_readable(row)]
            if rows:
                connection.execute(relation.insert(), [{**row, "catalog_name": f"{_MAIN}/{name}"} for row in rows])
            copied += rows if relation is tables else []
    return copied


def _is_readable(row: "RowMapping") -> bool:
    """Whether a row is one of a table, not of a view that another engine made."""
    return row.get("iceberg_type") in (None, "TABLE")


def _own_metadata(lake: "Lake", store: Store, name: str, row: "RowMapping") -> tuple[str, State]:
    """Write a table's metadata for the branch, where it grows from now on; says where they lie, and what it is."""
    from pyiceberg.serializers import ToOutputFile
    from pyiceberg.table.locations import load_location_provider

    table = _loaded(lake, row["metadata_location"])
    location = store.location(f"{_FOLDER}/{name}/iceberg/{_name(row).replace('.', '/')}")
    metadata = table.metadata.model_copy(update={"location": location, "metadata_log": []})
    place = load_location_provider(location, metadata.properties).new_table_metadata_file_location()
    with lake.explained(place):
        ToOutputFile.table_metadata(metadata, table.io.new_output(place))
    return place, _state(table)


# --- dropping one -----------------------------------------------------------------------------------------------------


def sever(lake: "Lake", store: Store, name: str) -> None:
    """Take a branch, whole or not, out of use and out of the catalog. Nothing happens where it is not there."""
    store.delete(_note(name))
    with _explained(), _engine(lake).begin() as connection:
        for relation in _relations(lake):
            connection.execute(relation.delete().where(relation.c.catalog_name == f"{_MAIN}/{name}"))


def erase(store: Store, name: str) -> None:
    """Delete every file that a severed branch wrote."""
    for info in store.list(f"{_FOLDER}/{name}"):
        store.delete(info.key)
    if isinstance(store, FolderStore):
        shutil.rmtree(store.path(f"{_FOLDER}/{name}"), ignore_errors=True)


# --- looking ----------------------------------------------------------------------------------------------------------


def states(lake: "Lake", name: str) -> dict[str, State]:
    """What the tables of a branch are now, by name."""
    relation, _ = _relations(lake)
    with _explained(), _engine(lake).connect() as connection:
        found = connection.execute(relation.select().where(relation.c.catalog_name == f"{_MAIN}/{name}")).mappings()
        rows = [row for row in found if _is_readable(row)]
    return {_name(row): _state(_loaded(lake, row["metadata_location"])) for row in rows}


def twins(lake: "Lake", table: str) -> Iterator["Table"]:
    """The tables of the same name that the catalog's database keeps under all other names, for reading."""
    engine = getattr(lake.catalog, "engine", None)
    if engine is None:
        return
    relation, _ = _relations(lake)
    namespace, _, name = table.rpartition(".")
    others = relation.select().where(
        relation.c.table_namespace == namespace,
        relation.c.table_name == name,
        relation.c.catalog_name != lake.catalog.name,
    )
    with _explained(), engine.connect() as connection:
        rows = [row for row in connection.execute(others).mappings() if _is_readable(row)]
    for row in rows:
        try:
            yield _loaded(lake, row["metadata_location"])
        except LakeError as error:
            raise LakeError(f"{table} of {row['catalog_name']}: {error} Nothing was removed.") from error


def _name(row: "RowMapping") -> str:
    return f"{row['table_namespace']}.{row['table_name']}"


def _state(table: "Table") -> State:
    snapshot = table.current_snapshot()
    told: Mapping[str, Any] = snapshot.summary.additional_properties if snapshot and snapshot.summary else {}
    return State(snapshot.snapshot_id if snapshot else None, int(told.get("total-records", 0)))


def _loaded(lake: "Lake", place: str) -> "Table":
    """A table by its metadata, whatever the catalog calls it."""
    from pyiceberg.table import StaticTable

    with lake.explained(place):
        try:
            return StaticTable.from_metadata(place, lake.catalog.properties)
        except (FileNotFoundError, ValueError) as error:  # gone, or no metadata
            raise LakeError(
                f"{place} cannot be read ({error}): drop the branch, or restore it from a backup."
            ) from error


def _engine(lake: "Lake") -> "Engine":
    engine: Engine | None = getattr(lake.catalog, "engine", None)
    if engine is None:
        raise LakeError(
            "Branches need a catalog in SQLite or PostgreSQL (MUNIMENT_CATALOG_URI): a REST catalog has no second name "
            "for the same tables."
        )
    return engine


def _relations(lake: "Lake") -> tuple["Relation", "Relation"]:
    """The catalog's relations of tables and namespaces, with the columns that this database has: PyIceberg's grew."""
    from sqlalchemy import MetaData

    names = ("iceberg_tables", "iceberg_namespace_properties")
    found = MetaData()
    with _explained():
        found.reflect(_engine(lake), only=names)
    return found.tables[names[0]], found.tables[names[1]]


@contextmanager
def _explained() -> Iterator[None]:
    from sqlalchemy.exc import SQLAlchemyError

    try:
        yield
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", None) or error).strip()
        raise LakeError(f"The Iceberg catalog cannot be used: {reason}\nCheck MUNIMENT_CATALOG_URI.") from error
