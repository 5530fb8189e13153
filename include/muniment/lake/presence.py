"""Whether the lake answers: its catalog is there, and so is the metadata of the tables that it must have.

A run asks this before it says that nothing is to do, so it must be had at once: catalogs in a database are read without
the library that knows tables, which takes longer to load than the answer may.
"""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

from muniment.lake.schema import LakeError
from muniment.objects import Store
from muniment.settings import Settings

if TYPE_CHECKING:
    from muniment.lake.tables import Lake

_ELSEWHERE = "MUNIMENT_CATALOG_URI"


def named(settings: Settings) -> str:
    """What a person calls the catalog: its file, or the setting that says where it is, because that may have a
    password in it."""
    uri = settings.catalog
    return uri.removeprefix("sqlite:///") if uri.startswith("sqlite:///") else f"the one of {_ELSEWHERE}"


def known(lake: "Lake", settings: Settings, store: Store) -> set[str]:
    """The tables that the catalog knows, by full name; none where it is not there itself.

    LakeError for a catalog that cannot be read, and for a table whose metadata is gone or damaged.
    """
    if not lake.present():
        return set()
    if settings.catalog.startswith(("http://", "https://")):
        return _loaded(lake)
    there = _tables(settings)
    for name in sorted(there):
        _check(store, name, there[name])
    return set(there)


def _loaded(lake: "Lake") -> set[str]:
    """The tables that a catalog behind REST knows, each of which was loaded."""
    with lake.reading("The Iceberg catalog"):
        found = set(lake.names())
    for name in found:
        lake.loaded(name)
    return found


def _tables(settings: Settings) -> Mapping[str, str]:
    """Where the metadata of each table lies that a catalog in a database knows."""
    from sqlalchemy import NullPool, create_engine, inspect, text
    from sqlalchemy.exc import SQLAlchemyError

    statement = "SELECT table_namespace, table_name, metadata_location FROM iceberg_tables WHERE catalog_name = :name"
    try:
        with create_engine(settings.catalog, poolclass=NullPool).connect() as connection:
            if not inspect(connection).has_table("iceberg_tables"):
                return {}
            rows = connection.execute(text(statement), {"name": settings.catalog_name}).all()
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", None) or error).strip()
        raise LakeError(
            f"The catalog of the lake, {named(settings)}, cannot be read: {reason}.\n{_remedy(settings)}"
        ) from error
    return {f"{space}.{table}": place for space, table, place in rows}


def _remedy(settings: Settings) -> str:
    if not settings.catalog.startswith("sqlite:///"):
        return f"Check {_ELSEWHERE}."
    return (
        "If it is damaged, the lake comes back from a backup into another state folder: muniment backup restore. Where "
        "there is none, move the file away and give muniment run, which says how to make the tables again."
    )


def _check(store: Store, name: str, place: str) -> None:
    root = store.location("")
    if not place.startswith(root):
        return  # not beside what we write: whoever uses the table will see
    try:
        with store.open(place.removeprefix(root)) as stream:
            json.loads(stream.read())["table-uuid"]
    except FileNotFoundError:
        fault = "is gone"
    except (ValueError, KeyError, TypeError) as error:
        fault = f"is damaged ({error})"
    else:
        return
    raise LakeError(
        f"{name} cannot be read: its metadata {place} {fault}.\nPut that file back from a copy of the disk, or "
        "restore a backup into another state folder: muniment backup restore. The other tables are not affected."
    )
