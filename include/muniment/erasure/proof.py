"""Looking for what is left of a person, wherever an installation keeps anything.

Looked through are the lake's store (tables by their columns in every snapshot, Iceberg's own files, originals, what was
read, whatever else lies there), landing, the catalog, every table of the warehouse and what its planner remembers of
them, Dagster's storage and the rest of the state folder. The files of the embedded database are asked through the
database. Backups are not looked through: what was forgotten is forgotten again when one is restored.
"""

import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Any

from muniment.contract import of_origin
from muniment.erasure.scope import contents
from muniment.erasure.tombstones import Erased
from muniment.erasure.traces import Traces
from muniment.lake.cleansing import rows_of_every_snapshot
from muniment.lake.relocation import UNREADABLE
from muniment.objects import FolderStore, Store
from muniment.parquet import batches
from muniment.platform import Platform
from muniment.tabulate import document_id

if TYPE_CHECKING:
    from collections.abc import Generator

    import psycopg
    import pyarrow as pa
    from psycopg import sql

_BLOCK = 1 << 20
_OVERLAP = 1 << 11  # bytes; whoever is looked for has no more than 200 characters, and perhaps gaps between them
_ROWS = 200  # at a time; a page holds some kilobytes of text
_ENCODINGS = ("utf-8", "utf-16-le", "cp1252")
_APART = "\n|end|\n"  # between values, so that the end of one and the beginning of the next are no name
_SQLITE = b"SQLite format 3\0"
_PASSING = ("scratch", "postgres", "sample")  # of the state folder: unfinished work, the database's files, the truth


@dataclass(frozen=True)
class Proof:
    """How many things were looked through in each place, and where something was found."""

    looked: Mapping[str, int]
    hits: tuple[str, ...] = ()

    @property
    def clean(self) -> bool:
        """Whether nothing is left."""
        return not self.hits

    def beside(self, landing: Iterable[str]) -> "Proof":
        """The same with files that are known to hold the person, though what they say cannot be searched."""
        known = (f"landing: {key}" for key in landing)
        return Proof(self.looked, tuple(dict.fromkeys((*self.hits, *known))))


@dataclass
class _Look:
    found_in: Callable[[str], bool]
    looked: Counter[str] = field(default_factory=Counter)
    hits: list[str] = field(default_factory=list)

    def at(self, place: str, name: str, texts: Iterable[str]) -> None:
        """Look through the texts of one thing."""
        self.looked[place] += 1
        if self.found_in(name) or any(map(self.found_in, texts)):
            shown = "a file whose name says it" if self.found_in(name) else name
            self.hits.append(f"{place}: {shown}")


def prove(platform: Platform, traces: Traces, connection: "psycopg.Connection[Any] | None") -> Proof:
    """Look for a person everywhere; `connection` is the warehouse's, None where there is none."""
    look = _Look(traces.found_in)
    _store(look, "lake", platform.store)
    _store(look, "landing", platform.landing)
    if platform.lake.present():
        _catalog(look, platform)
    if connection:
        _warehouse(look, connection)
    _state(look, platform)
    return Proof(dict(look.looked), tuple(look.hits))


def leftovers(platform: Platform, erased: Erased) -> list[str]:
    """What is left of contents that were forgotten whole, by their names alone: nobody has to say who it was."""
    gone = {sha for sha in contents(platform.register.manifests()) if erased.whole(sha)}
    found = [f"lake: {platform.originals.key(sha)}" for sha in gone if platform.originals.present(sha)]
    parsed = platform.store.list("parsed") if gone else ()
    found += [f"lake: {info.key}" for info in parsed if PurePosixPath(info.key).name.partition(".")[0] in gone]
    documents = {document_id(sha) for sha in gone}
    for contract in of_origin("documents") if documents and platform.lake.present() else ():
        for rows in rows_of_every_snapshot(platform.lake, platform.store, contract):
            if documents.intersection(rows["document_id"].to_pylist()):
                found.append(f"lake: {contract.table}")
                break
    return sorted(found)


# --- stores -----------------------------------------------------------------------------------------------------------


def _store(look: _Look, place: str, store: Store) -> None:
    for info in store.list():
        look.at(place, info.key, _texts(info.key, lambda key=info.key: store.open(key)))  # type: ignore[misc]


def _texts(name: str, opened: Callable[[], IO[bytes]]) -> Iterator[str]:
    """What a file says, by what it is."""
    with opened() as stream:
        head = stream.read(16)
    if head.startswith(_SQLITE):
        return
    if head.startswith(b"PAR1"):
        yield from _parquet(opened)
    elif head.startswith(b"Obj\x01"):
        yield from _avro(opened)
    elif name.endswith(".zst"):
        yield from _packed(opened)
    else:
        yield from _plain(opened)


def _parquet(opened: Callable[[], IO[bytes]]) -> Iterator[str]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with opened() as stream, _seekable(stream) as file:
            for batch in batches(pq.ParquetFile(file, buffer_size=_BLOCK), _ROWS):
                yield from _columns(batch)
    except (pa.ArrowException, OSError):  # no Parquet after all
        yield from _plain(opened)


def _columns(batch: "pa.RecordBatch") -> Iterator[str]:
    import pyarrow as pa

    for column in batch.columns:
        if not pa.types.is_list(column.type):
            yield _APART.join(str(value) for value in column.to_pylist() if value is not None)


@contextmanager
def _seekable(stream: IO[bytes]) -> Iterator[IO[bytes]]:
    """The same bytes where any of them can be read first: what comes from a server lies on the disk meanwhile."""
    if stream.seekable():
        yield stream
        return
    with TemporaryFile() as copy:
        shutil.copyfileobj(stream, copy, _BLOCK)
        copy.seek(0)
        yield copy


def _avro(opened: Callable[[], IO[bytes]]) -> Iterator[str]:
    from fastavro import reader

    try:
        with opened() as stream:
            for record in reader(stream):
                yield _APART.join(_leaves(record))
    except UNREADABLE:  # a writer was killed in the middle of it
        yield from _plain(opened)


def _leaves(value: Any) -> Iterator[str]:
    """Every text in a record; least and greatest values are bytes."""
    if isinstance(value, bytes):
        yield value.decode("utf-8", "replace")
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _leaves(one)
    elif isinstance(value, list):
        for one in value:
            yield from _leaves(one)
    elif value is not None:
        yield str(value)


def _packed(opened: Callable[[], IO[bytes]]) -> Iterator[str]:
    import zstandard

    with opened() as stream, suppress(zstandard.ZstdError):
        for piece in _pieces(zstandard.ZstdDecompressor().stream_reader(stream)):
            yield piece.decode("utf-8", "replace")


def _plain(opened: Callable[[], IO[bytes]]) -> Iterator[str]:
    with opened() as stream:
        for piece in _pieces(stream):
            for encoding in _ENCODINGS if not piece.isascii() else _ENCODINGS[:1]:
                yield piece.decode(encoding, "replace")


def _pieces(stream: IO[bytes]) -> Iterator[bytes]:
    """All bytes in pieces, each with the end of the one before, so that what stands across two is whole in one."""
    piece = b""
    while block := stream.read(_BLOCK):
        piece = piece[-_OVERLAP:] + block
        yield piece


# --- databases --------------------------------------------------------------------------------------------------------


def _catalog(look: _Look, platform: Platform) -> None:
    from sqlalchemy import MetaData, Table, inspect, select

    engine = getattr(platform.lake.catalog, "engine", None)
    if engine is None:  # a REST catalog shows no more than the tables' metadata, which lies in the store
        return
    with engine.connect() as connection:
        for name in inspect(engine).get_table_names():
            if name.startswith("iceberg_"):
                rows = connection.execute(select(Table(name, MetaData(), autoload_with=engine)))
                look.at("catalog", name, [_APART.join(str(value) for row in rows for value in row)])


def _warehouse(look: _Look, connection: "psycopg.Connection[Any]") -> None:
    from psycopg import sql

    tables = connection.execute(
        "SELECT schemaname, tablename FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
    ).fetchall()
    for schema, name in sorted(tables):
        columns = connection.execute(
            "SELECT column_name FROM information_schema.columns WHERE (table_schema, table_name) = (%s, %s) "
            "AND udt_name NOT IN ('halfvec', 'vector')",
            [schema, name],
        ).fetchall()
        if not columns:
            continue
        spelled = sql.SQL(f" || '{_APART}' || ").join(
            sql.SQL("coalesce({}::text, '')").format(sql.Identifier(column)) for (column,) in columns
        )
        query = sql.SQL("SELECT {} FROM {}").format(spelled, sql.Identifier(schema, name))
        with closing(_told(connection, query)) as texts:  # whoever looks stops at the first hit
            look.at("warehouse", f"{schema}.{name}", texts)
    for schema, name, values in connection.execute(_REMEMBERED).fetchall():
        look.at("warehouse", f"{schema}.{name}, statistics of the planner", [_APART.join(values)])


# The most common values of a table's columns and the bounds between its values.
_REMEMBERED = """
SELECT schemaname, tablename, array_agg(value)
FROM pg_stats, unnest(most_common_vals::text::text[] || histogram_bounds::text::text[]) AS value
WHERE schemaname NOT IN ('pg_catalog', 'information_schema') AND value IS NOT NULL
GROUP BY schemaname, tablename ORDER BY schemaname, tablename
"""


def _told(connection: "psycopg.Connection[Any]", query: "sql.Composed") -> "Generator[str, None, None]":
    for (text,) in connection.cursor().stream(query, size=1_000):
        yield text


def _state(look: _Look, platform: Platform) -> None:
    """What else lies in the state folder; the stores in it were looked through as such."""
    state = platform.settings.state
    others = [one.root for one in (platform.store, platform.landing) if isinstance(one, FolderStore)]
    for path in sorted(one for one in state.rglob("*") if one.is_file()):
        inside = path.relative_to(state)
        if inside.parts[0] in _PASSING or any(path.is_relative_to(root) for root in others):
            continue
        try:
            texts = _database(path) if _is_database(path) else _texts(path.name, lambda path=path: path.open("rb"))  # type: ignore[misc]
            place = "orchestrator" if path.is_relative_to(platform.settings.dagster_home) else "state"
            look.at(place, inside.as_posix(), texts)
        except FileNotFoundError:  # a lock or a socket that went meanwhile
            continue


def _is_database(path: Path) -> bool:
    with path.open("rb") as stream:
        return stream.read(len(_SQLITE)) == _SQLITE


def _database(path: Path) -> Iterator[str]:
    """What the tables of a SQLite database say, and what its file still holds of deleted rows."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for name in names:
            for row in connection.execute(f'SELECT * FROM "{name}"'):
                yield _APART.join(str(value) for value in row if value is not None)
    yield from _plain(lambda: path.open("rb"))
