"""The search index in PostgreSQL: passages with their vectors, words and identifiers, and the query over all three.

Loading, currency and querying of schema `search` belong here. Making vectors belongs to `embedding`; deciding which
windows changed belongs to the caller. A connection is a psycopg connection that is not inside a transaction; each
function opens and commits its own.

What a kill leaves behind is always consistent: a window's passages and its entry in `search.windows` appear together,
the index is built whole or not at all, and a query without the index is exact, only slower.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from muniment import identifiers
from muniment.embedding import DIMENSIONS, Encoder
from muniment.errors import MunimentError

if TYPE_CHECKING:
    import numpy as np
    import psycopg
    import pyarrow as pa

    Connection = psycopg.Connection[Any]

# Columns of the rows that `load_window` takes, as `passages` returns them.
COLUMNS = (
    "document_id", "ordinal", "page", "page_end", "document_type", "key", "text", "chunk_hash", "run_id", "embedding",
)  # fmt: skip
READER = "muniment_reader"

_LOCK = 0x6D756E69  # advisory lock of whoever changes the index
_INDEX = "passages_embedding_hnsw"
_PGVECTOR = (0, 8)  # the first with iterative scans
_INSERTS_PER_BUILD = 4  # building an index costs a row about a fourth of inserting into one

_CANDIDATES = 50  # taken from each ranking
_FUSION = 60  # the constant of reciprocal-rank fusion
_EF_SEARCH = 200  # recall@10 of 0.98 on a million vectors
_SCAN_TUPLES = 100_000  # how far a filtered scan goes before it gives up
_QUERY_CHARACTERS = 2000  # more than any model reads
_QUERY_SECONDS = 30
_MOST_HITS = 500

Passage = tuple[str, int]  # document_id, ordinal


class SearchError(MunimentError):
    """A query that cannot be answered or rows that cannot be indexed."""


@dataclass(frozen=True)
class Hit:
    """A passage that answers. `page` counts from 1 and is where it begins; `document` is the document's id, `ordinal`
    the passage's position in it, from 1.

    `score` is the passage's reciprocal-rank sum (at most 3/61), plus the number of digits of the longest identifier
    that it shares with the query.
    """

    score: float
    document: str
    key: str
    page: int
    text: str
    document_type: str
    ordinal: int


@dataclass(frozen=True)
class IndexStatus:
    """Passages held, documents that can be found, the model's fingerprint, and whether the vector index is built."""

    passages: int
    documents: int
    model: str | None
    indexed: bool


def prepare(connection: "Connection") -> None:
    """Create what is missing of the schema, any number of times; SearchError when pgvector is missing or too old."""
    from psycopg import errors

    with _writing(connection):
        try:
            connection.execute("create extension if not exists vector schema public")
        except (errors.FeatureNotSupported, errors.UndefinedFile, errors.InsufficientPrivilege) as error:
            raise SearchError(
                f"The warehouse has no pgvector: {error}. Install it there (0.8 or later) and let a superuser run "
                "CREATE EXTENSION vector in this database."
            ) from error
        (installed,) = _row(connection, "select extversion from pg_extension where extname = 'vector'")
        if tuple(map(int, installed.split(".")[:2])) < _PGVECTOR:
            raise SearchError(
                f"The warehouse has pgvector {installed}; 0.8 or later is needed: ALTER EXTENSION vector UPDATE."
            )
        connection.execute(_SCHEMA)
        if connection.execute("select from pg_roles where rolname = %s", [READER]).fetchone() is not None:
            connection.execute(f"grant usage on schema search to {READER}")
            connection.execute(f"grant select on all tables in schema search to {READER}")


_SCHEMA = f"""
create schema if not exists search;
create table if not exists search.passages (
    document_id text not null,
    ordinal integer not null,
    page integer not null,
    page_end integer not null,
    document_type text not null,
    key text not null,
    text text not null,
    chunk_hash text not null,
    run_id text not null,
    window_start timestamptz not null,
    embedding halfvec({DIMENSIONS}) not null,
    identifiers text[] not null,
    tsv tsvector generated always as (to_tsvector('english', text)) stored,
    primary key (document_id, ordinal)
);
create index if not exists passages_tsv on search.passages using gin (tsv);
create index if not exists passages_identifiers on search.passages using gin (identifiers);
create index if not exists passages_window_start on search.passages (window_start);
create index if not exists passages_document_type on search.passages (document_type);
create table if not exists search.windows (
    window_start timestamptz primary key,
    version text not null,
    passages bigint not null
);
create table if not exists search.current_documents (document_id text primary key, key text not null);
create table if not exists search.model (
    fingerprint text not null,
    only_one boolean primary key default true check (only_one)
);
"""


def needs_reload(connection: "Connection", fingerprint: str) -> bool:
    """Whether the index holds vectors of another model, or of none, so that every window must be loaded."""
    with connection.transaction():
        return _fingerprint(connection) != fingerprint


def loaded_windows(connection: "Connection") -> Mapping[datetime, str]:
    """The version of each window that the index holds, by the window's start."""
    with connection.transaction():
        return dict(connection.execute("select window_start, version from search.windows").fetchall())


def status(connection: "Connection") -> IndexStatus:
    """What the index holds; nothing where it was never prepared."""
    with connection.transaction():
        if _row(connection, "select to_regclass('search.model')") == (None,):
            return IndexStatus(0, 0, None, False)
        (passages,) = _row(connection, "select count(*) from search.passages")
        (documents,) = _row(
            connection,
            "select count(*) from search.current_documents c"
            " where exists (select from search.passages p where p.document_id = c.document_id)",
        )
        return IndexStatus(passages, documents, _fingerprint(connection), _indexed(connection))


def passages(chunks: "pa.Table", documents: "pa.Table", vectors: "pa.Table") -> "pa.Table":
    """The rows of `lake.chunks` with their document's type and key and their vector: `COLUMNS` and model.

    SearchError when a chunk has no document or no vector.
    """
    import pyarrow.compute as pc

    of_document = pc.index_in(chunks["document_id"], value_set=documents["document_id"])
    of_vector = pc.index_in(chunks["chunk_hash"], value_set=vectors["chunk_hash"])
    for found, what in ((of_document, "document"), (of_vector, "vector")):
        if found.null_count:
            raise SearchError(
                f"{found.null_count} of {len(chunks)} chunks have no {what}: load the window's {what}s first."
            )
    rows = chunks.select(["document_id", "ordinal", "page", "page_end", "text", "chunk_hash", "run_id"])
    for column in ("document_type", "key"):
        rows = rows.append_column(column, documents[column].take(of_document))
    for column in ("embedding", "model"):
        rows = rows.append_column(column, vectors[column].take(of_vector))
    return rows.select([*COLUMNS, "model"])


@contextmanager
def loading(connection: "Connection", rows_to_come: int, fingerprint: str) -> Iterator[None]:
    """Room for `load_window` calls: one loader at a time, vectors of one model only, the index built at the end.

    Another model's passages are all removed first, in one transaction with the record of which windows are loaded, so
    that a killed reload is seen. When many rows come, the vector index is dropped and built afterwards: inserting a
    row costs several times what building the index with it does.
    """
    with connection.transaction():
        connection.execute("select pg_advisory_lock(%s)", [_LOCK])
    try:
        _adopt(connection, fingerprint)
        with connection.transaction():
            (held,) = _row(connection, "select count(*) from search.passages")
            if rows_to_come * (_INSERTS_PER_BUILD - 1) > held:
                connection.execute(f"drop index if exists search.{_INDEX}")
        yield
        ensure_index(connection)
    finally:
        if not connection.closed:
            with connection.transaction():
                connection.execute("select pg_advisory_unlock(%s)", [_LOCK])


def load_window(
    connection: "Connection", window_start: datetime, rows: "pa.Table | Iterable[pa.RecordBatch]", version: str = ""
) -> int:
    """Make the window's passages be `rows` (columns `COLUMNS` and model) and return how many it has.

    Rows that are already there stay untouched, so that the index changes only where the content does. A document that
    another window held moves to this one. `version` says which state of the window this is, for `loaded_windows`.
    SearchError when a vector is of another model than the index or a passage occurs twice.
    """
    from pgvector.psycopg import register_vector
    from psycopg import errors

    batches = rows.to_batches() if hasattr(rows, "to_batches") else rows
    register_vector(connection)
    try:
        with connection.transaction():
            fingerprint = _fingerprint(connection)
            connection.execute(
                f"create temp table incoming on commit drop as select {', '.join(COLUMNS)}, identifiers"
                " from search.passages with no data"
            )
            with connection.cursor().copy("copy incoming from stdin (format binary)") as copy:
                copy.set_types([*_COPIED_TYPES])
                for batch in batches:
                    for row in _copied(batch, fingerprint):
                        copy.write_row(row)
            connection.execute("analyze incoming")
            connection.execute(_DELETE_CHANGED, {"window": window_start})
            connection.execute(_INSERT_MISSING, {"window": window_start})
            (count,) = _row(connection, "select count(*) from incoming")
            connection.execute(_RECORD, {"window": window_start, "version": version, "count": count})
    except errors.UniqueViolation as error:
        raise SearchError(
            f"Window {window_start:%Y-%m-%d %H:%M}Z has a passage twice: {error.diag.message_detail}"
        ) from error
    return int(count)


_COPIED_TYPES = ("text", "int4", "int4", "int4", "text", "text", "text", "text", "text", "halfvec", "text[]")

_KEPT = [column for column in COLUMNS if column not in ("text", "document_id", "ordinal")]

_DELETE_CHANGED = f"""
delete from search.passages p
where (window_start = %(window)s or document_id in (select document_id from incoming))
  and not exists (
    select from incoming i
    where i.document_id = p.document_id and i.ordinal = p.ordinal and p.window_start = %(window)s
      and {" and ".join(f"i.{column} = p.{column}" for column in _KEPT)}
  )
"""

_INSERT_MISSING = f"""
insert into search.passages ({", ".join(COLUMNS)}, identifiers, window_start)
select {", ".join(COLUMNS)}, identifiers, %(window)s
from incoming i
where not exists (select from search.passages p where p.document_id = i.document_id and p.ordinal = i.ordinal)
order by document_id, ordinal
"""

_RECORD = """
insert into search.windows (window_start, version, passages) values (%(window)s, %(version)s, %(count)s)
on conflict (window_start) do update set version = excluded.version, passages = excluded.passages
"""


def ensure_index(connection: "Connection") -> bool:
    """Build the vector index if it is missing, bring the planner's figures up to date, and say whether it was built."""
    with _writing(connection):
        missing = not _indexed(connection)
        if missing:
            connection.execute(f"create index {_INDEX} on search.passages using hnsw (embedding halfvec_ip_ops)")
        connection.execute("analyze search.passages")
    return missing


def mark_current(connection: "Connection") -> int:
    """Let queries find only documents that some landing key holds now, under such a key; returns how many those are.

    A key holds the content of its latest object that was published or a duplicate, by position in the register
    (`lake.objects` in the warehouse): a refused new version leaves the last good one current.
    """
    with _writing(connection):
        connection.execute(_MARK_CURRENT)
        connection.execute("analyze search.current_documents")
        (count,) = _row(connection, "select count(*) from search.current_documents")
    return int(count)


_MARK_CURRENT = """
create temp table held on commit drop as
select document_id, min(key) as key
from (
    select distinct on (key) key, document_id
    from lake.objects
    where state in ('published', 'duplicate')
    order by key, register_sequence desc, object_id desc
) latest
where document_id is not null
group by document_id;
delete from search.current_documents c
where not exists (select from held h where h.document_id = c.document_id and h.key = c.key);
insert into search.current_documents (document_id, key)
select document_id, key from held on conflict do nothing;
"""


def search(
    connection: "Connection", query: str, encoder: Encoder, k: int = 10, document_type: str | None = None
) -> list[Hit]:
    """The `k` best passages of current documents: near in meaning, sharing words, or bearing a number of the query.

    Three rankings of 50 are fused by the sum of 1 / (60 + rank) (Cormack, Clarke and Büttcher, "Reciprocal rank fusion
    outperforms Condorcet and individual rank learning methods", SIGIR 2009). Passages that bear an identifier of the
    query (a LINC, title or matter number, an amount; however its digits are spaced) come before all others. Words
    follow the syntax of `websearch_to_tsquery`. SearchError when the query is empty, an argument is impossible,
    nothing was indexed, or the index holds another model's vectors.
    """
    words = _clean(query)
    if not 1 <= k <= _MOST_HITS:
        raise SearchError(f"{k} hits cannot be returned: ask for 1 to {_MOST_HITS}.")
    if document_type is not None:
        _check_document_type(document_type)
    with _reading(connection, encoder.fingerprint):
        pass  # what is wrong with the index should be said before a model is loaded
    asked = {
        "vector": _literal(encoder.encode([words])[0]),
        "words": words,
        "identifiers": identifiers.asked(words),
        "document_type": document_type,
        "candidates": max(_CANDIDATES, k),
    }
    with _reading(connection, encoder.fingerprint):
        bearing = _ranking(connection, _BY_IDENTIFIER, asked) if asked["identifiers"] else []
        rankings = [_ranking(connection, by, asked) for by in (_BY_VECTOR, _BY_WORDS)]
        scores = fuse([[row[:2] for row in ranking] for ranking in (bearing, *rankings)])
        for document, ordinal, digits in bearing:
            scores[document, ordinal] += digits
        best = sorted(scores, key=lambda passage: (-scores[passage], passage))[:k]
        return _hits(connection, best, scores)


def fuse(rankings: Iterable[Sequence[Passage]]) -> dict[Passage, float]:
    """The reciprocal-rank sum of each passage: 1 / (60 + rank) over the rankings that have it, ranks from 1."""
    scores: dict[Passage, float] = {}
    for ranking in rankings:
        for rank, passage in enumerate(ranking, start=1):
            scores[passage] = scores.get(passage, 0.0) + 1 / (_FUSION + rank)
    return scores


_FOUND = """
from search.passages p join search.current_documents c using (document_id)
where (%(document_type)s::text is null or p.document_type = %(document_type)s)
"""

_BY_VECTOR = f"""
select p.document_id, p.ordinal, p.embedding <#> %(vector)s::halfvec as distance
{_FOUND}
order by distance limit %(candidates)s
"""

_BY_WORDS = f"""
select p.document_id, p.ordinal, -ts_rank_cd(p.tsv, websearch_to_tsquery('english', %(words)s)) as distance
{_FOUND} and p.tsv @@ websearch_to_tsquery('english', %(words)s)
order by distance, p.document_id, p.ordinal limit %(candidates)s
"""

_BY_IDENTIFIER = f"""
select p.document_id, p.ordinal,
    (select max(length(i)) from unnest(p.identifiers) i where i = any (%(identifiers)s)) as digits
{_FOUND} and p.identifiers && %(identifiers)s
order by digits desc, p.embedding <#> %(vector)s::halfvec, p.document_id, p.ordinal limit %(candidates)s
"""


def _ranking(connection: "Connection", by: str, asked: Mapping[str, object]) -> list[tuple[str, int, float]]:
    return connection.execute(by, asked, prepare=False).fetchall()


def _hits(connection: "Connection", best: Sequence[Passage], scores: Mapping[Passage, float]) -> list[Hit]:
    found = connection.execute(
        "select p.document_id, c.key, p.page, p.text, p.document_type, p.ordinal"
        " from search.passages p join search.current_documents c using (document_id)"
        " join unnest(%s::text[], %s::integer[]) best (document_id, ordinal) using (document_id, ordinal)",
        [[document for document, _ in best], [ordinal for _, ordinal in best]],
    )
    hits = {(row[0], row[-1]): Hit(scores[row[0], row[-1]], *row) for row in found}
    return [hits[passage] for passage in best]


@contextmanager
def _reading(connection: "Connection", fingerprint: str) -> Iterator[None]:
    """A read-only transaction on one state of an index that holds the vectors of this model."""
    from psycopg import errors

    try:
        with connection.transaction():
            connection.execute("set transaction isolation level repeatable read read only")
            connection.execute(
                f"set local statement_timeout = '{_QUERY_SECONDS}s'; set local hnsw.ef_search = {_EF_SEARCH};"
                f"set local hnsw.iterative_scan = strict_order; set local hnsw.max_scan_tuples = {_SCAN_TUPLES}"
            )
            held = _fingerprint(connection)
            if held is None:
                raise SearchError("Nothing is indexed yet: run `muniment run` first.")
            if held != fingerprint:
                raise SearchError(
                    f"The index holds vectors of {held}, but the settings name {fingerprint}. Run `muniment run` to "
                    "index everything anew, or set MUNIMENT_EMBEDDING_MODEL back."
                )
            yield
    except (errors.UndefinedTable, errors.InvalidSchemaName) as error:
        raise SearchError("There is no search index yet: run `muniment run` first.") from error
    except errors.QueryCanceled as error:
        raise SearchError(f"The search took more than {_QUERY_SECONDS} s: ask with rarer words.") from error


@contextmanager
def _writing(connection: "Connection") -> Iterator[None]:
    """A transaction that no other changes the index beside."""
    with connection.transaction():
        connection.execute("select pg_advisory_xact_lock(%s)", [_LOCK])
        yield


def _adopt(connection: "Connection", fingerprint: str) -> None:
    """Make this the index's model; what another model's vectors stood for is gone with them."""
    with connection.transaction():
        if _fingerprint(connection) == fingerprint:
            return
        connection.execute(
            f"truncate search.passages, search.windows, search.model; drop index if exists search.{_INDEX}"
        )
        connection.execute("insert into search.model (fingerprint) values (%s)", [fingerprint])


def _fingerprint(connection: "Connection") -> str | None:
    row = connection.execute("select fingerprint from search.model").fetchone()
    return row[0] if row else None


def _indexed(connection: "Connection") -> bool:
    query = "select from pg_index where indexrelid = to_regclass(%s) and indisvalid"
    return connection.execute(query, [f"search.{_INDEX}"]).fetchone() is not None


def _row(connection: "Connection", query: str) -> tuple[Any, ...]:
    row: tuple[Any, ...] | None = connection.execute(query).fetchone()
    assert row is not None, query
    return row


def _copied(batch: "pa.RecordBatch", fingerprint: str | None) -> Iterator[tuple[object, ...]]:
    """The batch's rows as COPY takes them; PostgreSQL has no NUL in texts, so it becomes U+FFFD."""
    import numpy as np
    from pgvector import HalfVector

    others = set(batch.column("model").unique().to_pylist()) - {fingerprint}
    if others:
        raise SearchError(
            f"Vectors of {', '.join(map(str, sorted(others)))} cannot be added to an index of {fingerprint}."
        )
    vectors = batch.column("embedding").flatten().to_numpy().reshape(-1, DIMENSIONS).astype(np.float16)
    plain = [batch.column(name).to_pylist() for name in COLUMNS[:-1]]
    for *values, vector in zip(*plain, vectors, strict=True):
        row = [value.replace("\0", "\ufffd") if isinstance(value, str) else value for value in values]
        yield (*row, HalfVector(vector), identifiers.readings(row[COLUMNS.index("text")]))


def _literal(vector: "np.ndarray") -> str:
    from pgvector import HalfVector

    return str(HalfVector(vector).to_text())


def _clean(query: str) -> str:
    """The query as PostgreSQL and the model can take it: valid Unicode without NUL, of bounded length."""
    text = query[:_QUERY_CHARACTERS].encode("utf-8", "replace").decode().replace("\0", " ").strip()
    if not text:
        raise SearchError('The query is empty. Say what to look for, such as "mortgage with Prairie Trust" or a LINC.')
    return text


def _check_document_type(document_type: str) -> None:
    from muniment.contract import contracts

    (column,) = (c for c in contracts()["documents"].columns if c.name == "document_type")
    if document_type not in column.allowed:
        raise SearchError(f"There is no document type {document_type!r}. There are: {', '.join(column.allowed)}.")
