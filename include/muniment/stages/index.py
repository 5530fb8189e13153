"""Indexing: the search index is made equal to the lake's passages, window by window."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from muniment import search, windows
from muniment.contract import contracts
from muniment.lake import Lake
from muniment.progress import Progress, silent
from muniment.search import SearchError
from muniment.windows import Window

if TYPE_CHECKING:
    import psycopg
    import pyarrow as pa

_SOURCES = ("chunks", "documents", "embeddings")


@dataclass
class Indexing:
    """What indexing took: windows and passages loaded now, and what the index holds afterwards."""

    windows: int = 0
    loaded: int = 0
    passages: int = 0
    documents: int = 0


def index(
    connection: "psycopg.Connection[Any]", lake: Lake, model: str, run_id: str, progress: Progress = silent
) -> Indexing:
    """Load the windows that differ; a window is loaded when its passages, documents and vectors are in the lake."""
    search.prepare(connection)
    wanted = _versions(lake)
    there: Mapping[datetime, str] = {}
    if not search.needs_reload(connection, model):
        there = search.loaded_windows(connection)
    todo = sorted(start for start in wanted.keys() | there.keys() if wanted.get(start) != there.get(start))
    took = Indexing(windows=len(todo))
    if todo:
        _load(connection, lake, model, [windows.containing(start) for start in todo], wanted, took, progress)
    else:
        search.ensure_index(connection)  # a run that was killed may have left it out
    search.mark_current(connection)
    held = search.status(connection)
    took.passages, took.documents = held.passages, held.documents
    return took


def _versions(lake: Lake) -> dict[datetime, str]:
    """What the index should hold: by window start the content of the three tables that its passages come from."""
    held = [lake.held(contracts()[name]) for name in _SOURCES]
    complete = set(held[0]).intersection(*held)
    return {windows.parse(key).start: " ".join(table[key].content_id for table in held) for key in complete}


def _load(
    connection: "psycopg.Connection[Any]",
    lake: Lake,
    model: str,
    todo: list[Window],
    wanted: Mapping[datetime, str],
    took: Indexing,
    progress: Progress,
) -> None:
    counts = lake.held(contracts()["chunks"])
    coming = sum(counts[window.key].rows for window in todo if window.key in counts)
    with search.loading(connection, coming, model):
        for done, window in enumerate(todo, start=1):
            batches = _passages(lake, window, model) if window.start in wanted else iter(())
            took.loaded += search.load_window(connection, window.start, batches, wanted.get(window.start, ""))
            progress(done, len(todo))


def _passages(lake: Lake, window: Window, model: str) -> Iterator["pa.RecordBatch"]:
    """The window's passages with their vectors, in batches."""
    import pyarrow as pa

    documents = pa.Table.from_batches(list(lake.scan(contracts()["documents"], window)))
    for batch in lake.scan(contracts()["chunks"], window, batch_rows=4_000):
        vectors = _vectors(lake, window, batch.column("chunk_hash"), model)
        yield from search.passages(pa.Table.from_batches([batch]), documents, vectors).to_batches()


def _vectors(lake: Lake, window: Window, hashes: "pa.Array", model: str) -> "pa.Table":
    import pyarrow as pa
    import pyarrow.compute as pc

    parts = []
    for batch in lake.scan(contracts()["embeddings"], window):
        wanted = pc.and_(pc.is_in(batch.column("chunk_hash"), value_set=hashes), pc.equal(batch.column("model"), model))
        parts.append(batch.filter(wanted))
    if not sum(part.num_rows for part in parts):
        raise SearchError(
            f"Window {window.key} has no vectors of {model}: the model was changed. "
            "Embed all windows again: muniment run --from FIRST --to LAST"
        )
    return pa.Table.from_batches(parts)
