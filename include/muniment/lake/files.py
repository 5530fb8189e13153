"""Data files of the lake: what their names say, and windows carried from some files into another. Which files a table
has, and swapping them, belongs to the table.

A name lists the windows in the file, in time order, each with its content and number of rows, and ends with a stamp of
the run that wrote it: `2026-03-08-0600.<content>.<rows>.2026-03-08-1200.<content>.<rows>.<stamp>.parquet`. So what a
table holds is known without opening a file, and no name is ever used twice: a file that nothing names any more can be
deleted while others write.
"""

import hashlib
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from muniment import room, windows
from muniment.contract import Contract
from muniment.lake.schema import LakeError
from muniment.objects import Store
from muniment.windows import Window

if TYPE_CHECKING:
    import pyarrow as pa
    from pyiceberg.table import Table

_PART = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)-(?P<hour>\d\d)(?P<minute>\d\d)\.(?P<content>[0-9a-f]{16})(\.(?P<rows>\d+)(?=\.))?"
)
_LONGEST = 240  # bytes of a name; file systems allow 255
_GROUP_BYTES = 16 * 2**20  # of a row group, as Arrow holds it


@dataclass(frozen=True)
class Part:
    """One window's rows in a data file."""

    window_key: str
    content_id: str
    rows: int

    @property
    def window(self) -> Window:
        """The window."""
        return windows.parse(self.window_key)


@dataclass(frozen=True)
class Source:
    """A window's rows, and where they lie now."""

    location: str
    part: Part


def parts(location: str, rows: int) -> list[Part]:
    """What a data file of so many rows holds, by its name, in time order; LakeError when the name is none of ours.

    Names of before rows stood in them are of files with one window.
    """
    name = PurePosixPath(location).name
    found = [
        Part(f"{one['day']}-{one['hour']}:{one['minute']}", one["content"], int(one["rows"] or rows))
        for one in _PART.finditer(name)
    ]
    if not found:
        raise LakeError(f"{location} is in a table, but Muniment did not write it: its name says no window.")
    return found


def is_name(name: str) -> bool:
    """Whether a file of this name may be a data file of ours."""
    return _PART.match(name) is not None and name.endswith(".parquet")


def stamp_of(run_id: str) -> str:
    """What stands for a run in the names of its files."""
    return hashlib.sha256(run_id.encode()).hexdigest()[:8]


def name_of(held: Iterable[Part], stamp: str) -> str:
    """The name of a data file."""
    spelled = (f"{part.window.slug}.{part.content_id}.{part.rows}" for part in held)
    return f"{'.'.join(spelled)}.{stamp}.parquet"


def fits(held: Iterable[Part]) -> bool:
    """Whether a name can list so many windows."""
    return len(name_of(held, stamp_of(""))) <= _LONGEST


def key_of(table: str, held: Sequence[Part], stamp: str, prefix: str) -> str:
    """Key of a data file in the store: below the UTC day of its first window. `prefix` is that of the branch."""
    return f"{prefix}processed/{table}/{held[0].window.path}/{name_of(held, stamp)}"


def opened(store: Store, locations: Iterable[str], schema: "pa.Schema | None" = None) -> Any:
    """Data files as an Arrow dataset; without `schema`, as the first one is."""
    import pyarrow.dataset as ds

    filesystem, root = store.arrow()
    inside = [f"{root}/{location.removeprefix(store.location(''))}" for location in locations]
    return ds.dataset(inside, schema=schema, format="parquet", filesystem=filesystem)


def of_windows(keys: Collection[str]) -> Any:
    """The rows of some windows, as an Arrow expression, by which row groups can be told as well."""
    import pyarrow.dataset as ds

    return ds.field("window_key").isin(list(keys))


def pieces(file: Any, wanted: Any) -> Iterator[Any]:
    """The row groups of a file that may hold wanted rows, as fragments of a few megabytes.

    A scan of a whole file reads on while its batches are used, up to a gigabyte ahead; one of each small group takes as
    long for twenty rows as for thousands.
    """
    together, size = list[int](), 0
    for fragment in file.split_by_row_group(wanted):
        [group] = fragment.row_groups
        if together and size + group.total_byte_size > _GROUP_BYTES:
            yield file.subset(row_group_ids=together)
            together, size = [], 0
        together.append(group.id)
        size += group.total_byte_size
    if together:
        yield file.subset(row_group_ids=together)


def follows(store: Store, table: "Table", location: str) -> bool:
    """Whether the table has a place for every column of a file; one with columns that it dropped may be wanted back."""
    return set(opened(store, [location]).schema.names) <= _columns(table).keys()


def joined(store: Store, prefix: str, table: "Table", sources: Sequence[Source], stamp: str, folder: Path) -> str:
    """Store one file with windows of one day that lie in others, in the order given; its location.

    Each window begins a row group, so that reading it reads nothing of the others. Columns are those that the table
    has now, and those that the files have and it dropped, which may be wanted back. LakeError when a source has not the
    rows that its name says, or cannot be read.
    """
    schema = _with_dropped(store, table, sources)
    groups = (group for source in sources for group in _carried(store, table, source, schema))
    return _stored(store, prefix, table, [source.part for source in sources], groups, schema, stamp, folder)


def _stored(
    store: Store,
    prefix: str,
    table: "Table",
    held: Sequence[Part],
    groups: Iterable["pa.Table"],
    schema: "pa.Schema",
    stamp: str,
    folder: Path,
) -> str:
    """Store rows as one file, each group as it is given; its location."""
    import pyarrow.parquet as pq

    key = key_of(".".join(table.name()), held, stamp, prefix)
    folder.mkdir(parents=True, exist_ok=True)
    with room.needed(folder), TemporaryDirectory(dir=folder) as private:
        local = Path(private) / "joined.parquet"
        with pq.ParquetWriter(local, schema, compression="zstd") as writer:
            for rows in groups:
                writer.write_table(rows)
        store.create(key, local)
    return store.location(key)


Change = Callable[["pa.Table"], "pa.Table"]
"""What becomes of some rows, whatever others there are; the same object where nothing does."""


def changed(
    store: Store,
    table: "Table",
    sources: Sequence[Source],
    contract: Contract,
    keys: Collection[str],
    change: Change,
    run_id: str,
    folder: Path,
) -> list[str] | None:
    """Store a file anew with its rows changed; its location, none where no row is left, None where none changed.

    A window whose rows changed bears the content and the run of the new ones. So does each of the windows `keys` where
    the file has columns that the table dropped, of which `change` is told nothing: nothing is left of those there.
    """
    touched = {one for one in sources if any(change(was) is not was for was in rows(store, table, one))}
    if not touched:
        return None
    schema = _with_dropped(store, table, sources, optional=True)
    if len(schema) > len(_schema(table)):
        touched |= {one for one in sources if one.part.window_key in keys}
    with room.needed(folder), TemporaryDirectory(dir=folder) as private:
        every = (
            _staged(store, table, one, contract, change, schema, run_id, Path(private))
            if one in touched
            else (one.part, _carried(store, table, one, schema))
            for one in sources
        )
        left = [(part, groups) for part, groups in every if part.rows]
        groups = chain.from_iterable(groups for _, groups in left)
        held = [part for part, _ in left]
        return [_stored(store, "", table, held, groups, schema, stamp_of(run_id), folder)] if left else []


def rows(store: Store, table: "Table", source: Source) -> Iterator["pa.Table"]:
    """The rows of a window, some megabytes at a time, under the columns that the table has now; LakeError when they
    cannot be read.
    """
    return _carried(store, table, source, _schema(table))


def _carried(store: Store, table: "Table", source: Source, schema: "pa.Schema") -> Iterator["pa.Table"]:
    """The rows of a window as `rows` gives them, under columns of the table and of the file."""
    names = _columns(table)
    with _readable(source.location):
        for group in _groups(store, source):
            yield _conformed(group, names, schema)


@contextmanager
def _readable(location: str) -> Iterator[None]:
    """LakeError for a file that is gone or damaged."""
    import pyarrow as pa

    try:
        yield
    except (FileNotFoundError, pa.ArrowInvalid) as error:
        raise LakeError(f"{location} cannot be read ({error}): restore it from a backup.") from error


def _staged(
    store: Store,
    table: "Table",
    source: Source,
    contract: Contract,
    change: Change,
    schema: "pa.Schema",
    run_id: str,
    folder: Path,
) -> tuple[Part, Iterator["pa.Table"]]:
    """A window's rows, changed, as a run of the window would write them."""
    import pyarrow as pa

    from muniment.staging import Writer

    with Writer(contract, source.part.window, run_id, folder) as writer:
        for was in rows(store, table, source):
            for batch in _following(change(was), contract).combine_chunks().to_batches():
                writer.add_batch(batch)
    staged, names = writer.staged, _columns(table)
    groups = (_conformed(pa.Table.from_batches([batch]), names, schema) for batch in staged.batches())
    return Part(source.part.window_key, staged.content_id, staged.rows), groups


def _following(rows: "pa.Table", contract: Contract) -> "pa.Table":
    """Rows under the columns of their contract, which the table may not have yet."""
    import pyarrow as pa

    schema = contract.loose_schema
    there = set(rows.schema.names)
    columns = [
        rows.column(field.name).cast(field.type) if field.name in there else pa.nulls(len(rows), field.type)
        for field in schema
    ]
    return pa.table(columns, schema=schema)


def _groups(store: Store, source: Source) -> Iterator["pa.Table"]:
    """A window's rows in tables that are each worth a row group; LakeError in the end, if they are not as many as its
    file's name says.
    """
    import pyarrow as pa

    wanted, found = of_windows([source.part.window_key]), 0
    [file] = opened(store, [source.location]).get_fragments()
    pending: list[pa.Table] = []
    for group in file.split_by_row_group(wanted):
        pending.append(group.to_table(filter=wanted, use_threads=False))
        found += len(pending[-1])
        if sum(rows.nbytes for rows in pending) >= _GROUP_BYTES:
            yield pa.concat_tables(pending)
            pending = []
    if pending:
        yield pa.concat_tables(pending)
    if found != source.part.rows:
        raise LakeError(
            f"{source.location} has {found} rows of window {source.part.window_key}, which is not what its name says: "
            "restore it from a backup, or run the window again."
        )


def _conformed(rows: "pa.Table", names: Mapping[str, str], schema: "pa.Schema") -> "pa.Table":
    """Rows of a file under columns of the table, called by `names`, and of its own."""
    import pyarrow as pa

    there = {names.get(name, name): rows.column(name) for name in rows.column_names}
    columns = [
        there[field.name].cast(field.type) if field.name in there else pa.nulls(len(rows), field.type)
        for field in schema
    ]
    return pa.table(columns, schema=schema)


def _columns(table: "Table") -> dict[str, str]:
    """What the table calls now what its files may call by one of these names."""
    schema = table.schema()
    mapping = table.name_mapping() or schema.name_mapping
    present = {field.field_id: field.name for field in schema.fields}
    return {name: present[field.field_id] for field in mapping for name in field.names if field.field_id in present}


def _with_dropped(store: Store, table: "Table", sources: Iterable[Source], *, optional: bool = False) -> "pa.Schema":
    """The table's columns for Arrow, and as files have them those that it dropped; `optional` where others have none.

    LakeError when a file cannot be read.
    """
    schema, known = _schema(table), _columns(table)
    for location in dict.fromkeys(source.location for source in sources):
        with _readable(location):
            found = opened(store, [location]).schema
        for field in found:
            if field.name not in known and field.name not in schema.names:
                schema = schema.append(field.remove_metadata().with_nullable(optional or field.nullable))
    return schema


def _schema(table: "Table") -> "pa.Schema":
    """The table's columns for Arrow."""
    import pyarrow as pa
    from pyiceberg.io.pyarrow import schema_to_pyarrow

    def plain(kind: pa.DataType) -> pa.DataType:
        if pa.types.is_large_list(kind):
            return pa.list_(kind.value_field)
        return pa.string() if pa.types.is_large_string(kind) else kind

    fields = schema_to_pyarrow(table.schema(), include_field_ids=False)
    return pa.schema([field.with_type(plain(field.type)) for field in fields])
