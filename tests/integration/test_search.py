"""The search index on a real PostgreSQL: loading, currency, identifiers, recall, hostile queries, kills."""

import hashlib
import random
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import psycopg
import pyarrow as pa
import pytest

from muniment import search
from muniment.contract import contracts
from muniment.embedding import DIMENSIONS, PACKAGED, Encoder, open_encoder, vectors_for
from muniment.errors import MunimentError
from muniment.postgres import Dsn

Connection = psycopg.Connection[Any]

WINDOW = datetime(2026, 3, 8, 13, tzinfo=UTC)
TYPES = next(column.allowed for column in contracts()["documents"].columns if column.name == "document_type")
STREETS = ("Larch", "Willow", "Poplar", "Tamarack", "Saskatoon", "Aspen", "Juniper", "Cottonwood")
PARTIES = ("buyer", "seller")
OFFICIALS = ("surveyor", "lawyer", "registrar", "board")
MATTERS = ("fence", "easement", "garage", "arrears", "deposit")
LENDERS = ("Prairie Trust", "Foothills Credit Union", "Chinook Savings", "Peace River Bank", "Badlands Mutual")


class WordEncoder:
    """A quick stand-in where meaning does not matter: a vector of hashed words, so equal texts have equal vectors."""

    dimensions = DIMENSIONS

    def __init__(self, fingerprint: str = "words/1") -> None:
        self.fingerprint = fingerprint

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        vectors: np.ndarray = np.full((len(texts), DIMENSIONS), 1e-3, np.float32)
        for vector, text in zip(vectors, texts, strict=True):
            for word in text.lower().split():
                vector[int(hashlib.sha256(word.encode()).hexdigest(), 16) % DIMENSIONS] += 1
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors


WORDS = WordEncoder()


def passage(rng: random.Random, document_type: str) -> str:
    """A passage as such a document may hold it."""
    linc, price = f"{rng.randrange(10**10):010}", f"{rng.randrange(200, 900)},{rng.randrange(1000):03}.00"
    linc = rng.choice((linc, f"{linc[:4]} {linc[4:7]} {linc[7:]}"))
    street, lender = rng.choice(STREETS), rng.choice(LENDERS)
    sentences = [
        f"LINC {linc}, plan {rng.randrange(10**6, 10**7)} block {rng.randrange(1, 40)} lot {rng.randrange(1, 60)}.",
        f"The parcel at {rng.randrange(1, 900)} {street} Crescent is sold for ${price}.",
        f"{lender} lends on the security of the land at {rng.randrange(2, 7)}.{rng.randrange(10, 99)} per cent a year.",
        f"Our File: 2026-{rng.randrange(10000):04}.",
        f"Taxes are paid to the {rng.choice(('quarter', 'half', 'end'))} of the year by the {rng.choice(PARTIES)}.",
        f"The {rng.choice(OFFICIALS)} confirms the {rng.choice(MATTERS)}.",
    ]
    rng.shuffle(sentences)
    return f"{document_type.replace('_', ' ').capitalize()}. " + " ".join(sentences[: rng.randrange(3, 6)])


def texts_of(seed: int, documents: int, passages: int = 5) -> dict[str, tuple[str, list[str]]]:
    """Made documents: id → (type, passages)."""
    rng = random.Random(seed)
    made = {}
    for number in range(documents):
        document_type = rng.choice(TYPES)
        made[f"{seed:06x}{number:010x}"] = (document_type, [passage(rng, document_type) for _ in range(passages)])
    return made


def rows_of(documents: Mapping[str, tuple[str, list[str]]], encoder: Encoder = WORDS, run: str = "run-1") -> pa.Table:
    """The rows to index, made as the platform makes them from lake tables."""
    found = [
        (document, ordinal, text, hashlib.sha256(text.encode()).hexdigest())
        for document, (_, texts) in documents.items()
        for ordinal, text in enumerate(texts, start=1)
    ]
    chunks = pa.table(
        {
            "document_id": pa.array([row[0] for row in found], pa.string()),
            "ordinal": pa.array([row[1] for row in found], pa.int32()),
            "page": pa.array([1 + row[1] // 3 for row in found], pa.int32()),
            "page_end": pa.array([1 + row[1] // 3 for row in found], pa.int32()),
            "text": pa.array([row[2] for row in found], pa.string()),
            "chunk_hash": pa.array([row[3] for row in found], pa.string()),
            "run_id": pa.array([run] * len(found), pa.string()),
        }
    )
    about = pa.table(
        {
            "document_id": pa.array(list(documents), pa.string()),
            "document_type": pa.array([document_type for document_type, _ in documents.values()], pa.string()),
            "key": pa.array([f"{document}.pdf" for document in documents], pa.string()),
        }
    )
    return search.passages(chunks, about, vectors_for({row[3]: row[2] for row in found}, lambda hashes: {}, encoder))


def load(
    connection: Connection, rows: pa.Table, window: datetime = WINDOW, encoder: Encoder = WORDS, version: str = ""
) -> int:
    with search.loading(connection, len(rows), encoder.fingerprint):
        return search.load_window(connection, window, rows, version)


def register(connection: Connection, *objects: tuple[str, str | None, str]) -> None:
    """Append (key, document_id, state) to `lake.objects`, each in a later manifest, and mark what is current."""
    with connection.transaction():
        (last,) = connection.execute("select coalesce(max(register_sequence), 0) from lake.objects").fetchone() or (0,)
        columns = "object_id, key, document_id, state, register_sequence"
        with connection.cursor().copy(f"copy lake.objects ({columns}) from stdin") as copy:
            for sequence, (key, document, state) in enumerate(objects, start=last + 1):
                copy.write_row((f"{sequence}-{key}", key, document, state, sequence))
    search.mark_current(connection)


def publish(connection: Connection, documents: Mapping[str, object]) -> None:
    register(connection, *((f"{document}.pdf", document, "published") for document in documents))


def content(connection: Connection) -> list[tuple[Any, ...]]:
    """Everything that the index holds, with the place of each row, which shows whether it was written again."""
    return connection.execute("select p::text, ctid from search.passages p order by document_id, ordinal").fetchall()


@pytest.fixture
def dsn(server: Dsn, request: pytest.FixtureRequest) -> Iterator[Dsn]:
    """A database of the test's own with the part of `lake.objects` that search reads."""
    name = "search_" + hashlib.sha256(request.node.name.encode()).hexdigest()[:16]
    with psycopg.connect(server.conninfo(), autocommit=True) as admin:
        admin.execute(f"create database {name}")
    own = replace(server, dbname=name)
    with psycopg.connect(own.conninfo(), autocommit=True) as connection:
        read = ("object_id", "key", "document_id", "state", "register_sequence")
        columns = [f"{c.name} {c.postgres_type}" for c in contracts()["objects"].columns if c.name in read]
        connection.execute(f"create schema lake; create table lake.objects ({', '.join(columns)})")
    yield own
    with psycopg.connect(server.conninfo(), autocommit=True) as admin:
        admin.execute(f"drop database {name} with (force)")


@pytest.fixture
def connection(dsn: Dsn) -> Iterator[Connection]:
    with psycopg.connect(dsn.conninfo(), autocommit=True) as opened:
        search.prepare(opened)
        yield opened


@pytest.fixture(scope="module")
def model() -> Encoder:
    return open_encoder(PACKAGED)


# Loading


def test_preparing_again_changes_nothing(connection: Connection) -> None:
    load(connection, rows_of(texts_of(1, 3)))
    before = content(connection)
    search.prepare(connection)
    assert content(connection) == before


def test_loading_works_without_autocommit_too(dsn: Dsn) -> None:
    with psycopg.connect(dsn.conninfo()) as opened:
        search.prepare(opened)
        assert load(opened, rows_of(texts_of(1, 3))) == 15
    with psycopg.connect(dsn.conninfo()) as other:
        assert search.status(other).passages == 15


def test_a_window_loaded_again_leaves_every_row_where_it_is(connection: Connection) -> None:
    rows = rows_of(texts_of(1, 20))
    assert load(connection, rows, version="a") == 100
    before = content(connection)
    assert load(connection, rows, version="b") == 100
    assert content(connection) == before
    assert search.loaded_windows(connection) == {WINDOW: "b"}


def test_a_changed_window_is_replaced_and_others_stay(connection: Connection) -> None:
    first, second = texts_of(1, 10), texts_of(2, 10)
    load(connection, rows_of(first))
    load(connection, rows_of(second), WINDOW + timedelta(hours=6))
    changed = dict(list(first.items())[2:]) | texts_of(3, 1)
    changed[next(iter(changed))] = ("other", ["one passage only"])
    load(connection, rows_of(changed, run="run-2"))
    held = connection.execute(
        "select document_id, array_agg(text order by ordinal) from search.passages where window_start = %s group by 1",
        [WINDOW],
    ).fetchall()
    assert dict(held) == {document: texts for document, (_, texts) in changed.items()}
    assert search.status(connection).passages == sum(len(texts) for _, texts in (changed | second).values())


def test_windows_may_come_in_any_order(connection: Connection) -> None:
    windows = [(WINDOW + timedelta(hours=6 * n), rows_of(texts_of(n, 5))) for n in range(4)]
    seen = set()
    for seed in range(3):
        order = windows * 2
        random.Random(seed).shuffle(order)
        connection.execute("truncate search.passages")
        for window, rows in order:
            load(connection, rows, window)
        seen.add(tuple(row for row, _ in content(connection)))
    assert len(seen) == 1


def test_a_document_moves_with_the_window_that_holds_it(connection: Connection) -> None:
    documents = texts_of(1, 2)
    load(connection, rows_of(documents))
    load(connection, rows_of(documents), WINDOW - timedelta(hours=6))
    load(connection, rows_of({}), WINDOW)
    held = connection.execute("select distinct window_start from search.passages").fetchall()
    assert held == [(WINDOW - timedelta(hours=6),)]
    assert search.status(connection).passages == 10


def test_rows_may_come_as_a_stream_of_batches(connection: Connection) -> None:
    rows = rows_of(texts_of(1, 8))
    with search.loading(connection, len(rows), WORDS.fingerprint):
        assert search.load_window(connection, WINDOW, iter(rows.to_batches(max_chunksize=7))) == 40


def test_a_passage_that_occurs_twice_is_refused_and_nothing_changes(connection: Connection) -> None:
    rows = rows_of(texts_of(1, 2))
    load(connection, rows)
    before = content(connection)
    with pytest.raises(search.SearchError, match="twice"):
        load(connection, pa.concat_tables([rows_of(texts_of(2, 2))] * 2))
    assert content(connection) == before


def test_a_chunk_without_a_vector_or_document_is_refused() -> None:
    rows = rows_of(texts_of(1, 2))
    for missing in ("vector", "document"):
        about = rows.slice(0, 1) if missing == "document" else rows
        vectors = rows.slice(0, 1) if missing == "vector" else rows
        with pytest.raises(search.SearchError, match=f"chunks have no {missing}"):
            search.passages(rows, about, vectors)


def test_tables_in_pieces_are_joined_as_whole_ones_are() -> None:
    rows = rows_of(texts_of(1, 4))
    pieces = pa.concat_tables([rows.slice(start, 3) for start in range(0, len(rows), 3)])
    backwards = pieces.take(list(reversed(range(len(pieces)))))
    assert search.passages(pieces, backwards, backwards).equals(rows)


def test_a_nul_in_a_text_does_not_stop_the_load(connection: Connection) -> None:
    documents = {"d": ("other", ["a caveat\0 on the land"])}
    load(connection, rows_of(documents))
    publish(connection, documents)
    assert search.search(connection, "caveat", WORDS)[0].text == "a caveat\ufffd on the land"


# One model


def test_vectors_of_two_models_are_never_mixed(connection: Connection) -> None:
    documents = texts_of(1, 4)
    assert search.needs_reload(connection, WORDS.fingerprint)
    load(connection, rows_of(documents))
    publish(connection, documents)
    other = WordEncoder("words/2")
    assert search.needs_reload(connection, other.fingerprint)
    assert not search.needs_reload(connection, WORDS.fingerprint)
    with pytest.raises(search.SearchError, match=r"words/1.*words/2"):
        search.search(connection, "parcel", other)
    with pytest.raises(search.SearchError, match="words/2 cannot be added to an index of words/1"):
        load(connection, rows_of(texts_of(2, 4), other))
    load(connection, rows_of(documents, other), encoder=other)
    assert search.search(connection, "parcel", other)
    assert search.status(connection).model == "words/2"


def test_a_reload_that_is_cut_off_leaves_every_window_to_be_loaded(connection: Connection) -> None:
    load(connection, rows_of(texts_of(1, 4)))
    load(connection, rows_of(texts_of(2, 4)), WINDOW + timedelta(hours=6))
    other = WordEncoder("words/2")

    def reload_and_stop() -> None:
        with search.loading(connection, 40, other.fingerprint):
            search.load_window(connection, WINDOW, rows_of(texts_of(1, 4), other), "new")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        reload_and_stop()
    assert search.loaded_windows(connection) == {WINDOW: "new"}


# The vector index


def test_few_rows_are_inserted_and_many_rebuild_the_index(connection: Connection) -> None:
    def index() -> object:
        return connection.execute("select to_regclass('search.passages_embedding_hnsw')::oid").fetchone()

    load(connection, rows_of(texts_of(1, 60)))
    first = index()
    load(connection, rows_of(texts_of(2, 4)), WINDOW + timedelta(hours=6))
    assert index() == first
    load(connection, rows_of(texts_of(3, 60)), WINDOW + timedelta(hours=12))
    assert index() != first


def test_a_kill_before_the_index_is_built_is_repaired_by_the_next_run(connection: Connection, dsn: Dsn) -> None:
    program = f"""
import sys, psycopg, pathlib
sys.path.insert(0, {str(Path(__file__).parent)!r})
from test_search import *
connection = psycopg.connect({dsn.conninfo()!r}, autocommit=True)
with search.loading(connection, 1000, WORDS.fingerprint):
    search.load_window(connection, WINDOW + timedelta(hours=6), rows_of(texts_of(2, 20)), "v")
    print("loaded", flush=True)
    sys.stdin.read()
"""
    documents = texts_of(1, 20)
    load(connection, rows_of(documents))
    pipe, command = subprocess.PIPE, [sys.executable, "-c", program]
    with subprocess.Popen(command, text=True, stdin=pipe, stdout=pipe) as child:
        assert child.stdout
        assert child.stdout.readline() == "loaded\n"
        child.send_signal(signal.SIGKILL)

    found = search.status(connection)
    assert (found.passages, found.indexed) == (200, False)
    assert search.loaded_windows(connection)[WINDOW + timedelta(hours=6)] == "v"
    publish(connection, documents | texts_of(2, 20))
    text = texts_of(2, 20)[f"{2:06x}{7:010x}"][1][3]
    assert search.search(connection, text, WORDS, k=1)[0].text == text, "without the index the search is exact"
    connection.execute("set lock_timeout = '20s'")  # the killed loader's lock must be gone
    assert search.ensure_index(connection)
    assert search.status(connection).indexed
    assert not search.ensure_index(connection)


@pytest.mark.parametrize("document_type", [None, "caveat"])
def test_the_index_finds_what_an_exact_scan_finds(connection: Connection, document_type: str | None) -> None:
    documents = texts_of(5, 500)
    rows = rows_of(documents)
    load(connection, rows)
    current = [document for number, document in enumerate(documents) if number % 8 == 0]  # seven of eight are hidden
    publish(connection, dict.fromkeys(current))
    connection.execute("set enable_seqscan = off; set enable_sort = off; set enable_bitmapscan = off")
    matrix = np.stack(rows["embedding"].to_numpy())
    scope = np.array(
        [
            document in set(current) and document_type in (None, kind)
            for document, kind in zip(rows["document_id"].to_pylist(), rows["document_type"].to_pylist(), strict=True)
        ]
    )
    rng = random.Random(9)
    recalled = []
    for _ in range(12):
        query = passage(rng, rng.choice(TYPES)).replace("2026", "").replace("LINC", "")
        similar = np.where(scope, matrix @ WORDS.encode([query])[0], -1)
        nearest = {rows["text"][int(i)].as_py() for i in np.argsort(-similar, kind="stable")[:10]}
        ranked = {hit.text for hit in search.search(connection, query, WORDS, k=50, document_type=document_type)}
        recalled.append(len(nearest & ranked) / len(nearest))
    assert np.mean(recalled) >= 0.97
    connection.execute("select pg_stat_force_next_flush()")
    (scans,) = connection.execute(
        "select idx_scan from pg_stat_user_indexes where indexrelname = 'passages_embedding_hnsw'"
    ).fetchone() or (0,)
    assert scans >= 12, "the scans should have used the vector index"


# What is current


def test_a_superseded_version_is_not_found_and_the_new_one_is(connection: Connection) -> None:
    old, new = {"old": ("mortgage", ["mortgage of the year before"])}, {"new": ("mortgage", ["mortgage of this year"])}
    load(connection, rows_of(old | new))
    register(connection, ("a.pdf", "old", "published"))
    assert [hit.document for hit in search.search(connection, "mortgage", WORDS)] == ["old"]
    register(connection, ("a.pdf", "new", "published"))
    assert [(hit.document, hit.key) for hit in search.search(connection, "mortgage", WORDS)] == [("new", "a.pdf")]


def test_a_refused_new_version_leaves_the_last_good_one_current(connection: Connection) -> None:
    load(connection, rows_of({"good": ("mortgage", ["mortgage in good order"])}))
    register(connection, ("a.pdf", "good", "published"), ("a.pdf", None, "quarantined"))
    assert [hit.document for hit in search.search(connection, "mortgage", WORDS)] == ["good"]


def test_content_that_another_key_still_holds_is_found_under_that_key(connection: Connection) -> None:
    load(connection, rows_of({"shared": ("mortgage", ["mortgage of both"]), "new": ("mortgage", ["mortgage of one"])}))
    register(
        connection, ("a.pdf", "shared", "published"), ("b.pdf", "shared", "duplicate"), ("a.pdf", "new", "published")
    )
    found = {hit.document: hit.key for hit in search.search(connection, "mortgage", WORDS)}
    assert found == {"shared": "b.pdf", "new": "a.pdf"}


def test_a_key_that_returns_to_earlier_content_makes_it_current_again(connection: Connection) -> None:
    load(connection, rows_of({"first": ("mortgage", ["mortgage one"]), "second": ("mortgage", ["mortgage two"])}))
    register(
        connection, ("a.pdf", "first", "published"), ("a.pdf", "second", "published"), ("a.pdf", "first", "duplicate")
    )
    assert [hit.document for hit in search.search(connection, "mortgage", WORDS)] == ["first"]


# Answers


def test_meaning_words_and_types_lead_to_the_right_passage(connection: Connection, model: Encoder) -> None:
    planted = {
        "undertaking": ("letter_of_undertaking", ["We undertake to hold the trust funds until the keys are released."]),
        "survey": ("real_property_report", ["The garage encroaches 0.3 m onto the neighbouring utility right of way."]),
        "arrears": ("estoppel_certificate", ["The unit owner is behind with contributions to the corporation."]),
    }
    documents = texts_of(7, 25) | planted
    load(connection, rows_of(documents, model), encoder=model)
    publish(connection, documents)
    asked = {
        "money kept by the lawyer until possession": "undertaking",
        "a building that encroaches on adjacent land": "survey",
        "owner has not paid the condominium corporation": "arrears",
        '"utility right of way" encroaches': "survey",
    }
    for query, document in asked.items():
        found = [hit.document for hit in search.search(connection, query, model, k=3)]
        assert document in found, query
    for hit in search.search(connection, "owner has not paid", model, k=20, document_type="mortgage"):
        assert hit.document_type == "mortgage"


def test_identifiers_come_first_however_they_are_spaced(connection: Connection) -> None:
    planted = {
        "title": ("certificate_of_title", ["LINC 0012 345 678 title number 161 234 567 +1"]),
        "caveat": ("caveat", ["registered against LINC 0012345678 by the city"]),
        "contract": ("purchase_contract", ["Our File: 2026-0777. The price is $451,250.00."]),
    }
    documents = texts_of(8, 60) | planted
    load(connection, rows_of(documents))
    publish(connection, documents)
    for query, wanted in {
        "0012345678": {"title", "caveat"},
        "0012 345 678": {"title", "caveat"},
        "who owns LINC 0012 345 678?": {"title", "caveat"},
        "161234567": {"title"},
        "161 234 567 +1": {"title"},
        "matter 2026-0777": {"contract"},
        "451250": {"contract"},
    }.items():
        hits = search.search(connection, query, WORDS, k=len(wanted) + 1)
        assert {hit.document for hit in hits[: len(wanted)]} == wanted, query
        assert hits[len(wanted)].score < 1 <= hits[len(wanted) - 1].score


def test_an_identifier_that_is_nowhere_is_not_claimed(connection: Connection) -> None:
    documents = texts_of(8, 20)
    load(connection, rows_of(documents))
    publish(connection, documents)
    assert all(hit.score < 1 for hit in search.search(connection, "LINC 0000 000 001", WORDS))


def test_the_same_query_gives_the_same_answer_with_equal_passages_in_order(connection: Connection) -> None:
    documents = {f"copy{n:02}": ("other", ["the same passage of land"]) for n in range(30)}
    load(connection, rows_of(documents))
    publish(connection, documents)
    hits = search.search(connection, "passage of land", WORDS, k=30)
    assert [hit.document for hit in hits] == sorted(documents)
    assert search.search(connection, "passage of land", WORDS, k=7) == hits[:7]


HOSTILE = {
    "statement": "'; drop table search.passages; --",
    "quote": '"unbalanced',
    "operators": "a:* & !b | (c <-> d",
    "dashes": "-- -- --",
    "backslash": "\\",
    "placeholders": "%s %(words)s {}",
    "nul": "\0land\0",
    "surrogate": "\ud800 half a surrogate",
    "emoji": "🏠🔑",
    "100 kB of words": "land " * 20_000,
    "100 kB of digits": "0" * 100_000,
    "many numbers": "1 " * 50_000,
    "stop words": "or and not",
    "Cyrillic": "не по-английски",
    "right to left": "\u202etitle",
}


@pytest.mark.parametrize("query", HOSTILE.values(), ids=HOSTILE.keys())
def test_any_query_is_answered(connection: Connection, query: str) -> None:
    documents = texts_of(1, 4)
    load(connection, rows_of(documents))
    publish(connection, documents)
    assert len(search.search(connection, query, WORDS, k=5)) == 5


@pytest.mark.parametrize("query", ["", "   ", "\0", "\n\t"])
def test_an_empty_query_is_refused_with_advice(connection: Connection, query: str) -> None:
    with pytest.raises(MunimentError, match="Say what to look for"):
        search.search(connection, query, WORDS)


def test_impossible_arguments_are_refused_with_advice(connection: Connection) -> None:
    for k in (0, -1, 10**9):
        with pytest.raises(MunimentError, match="ask for 1 to"):
            search.search(connection, "land", WORDS, k=k)
    with pytest.raises(MunimentError, match="There are: agreement, caveat"):
        search.search(connection, "land", WORDS, document_type="recipe")


def test_before_anything_is_indexed_the_answer_is_what_to_do(dsn: Dsn) -> None:
    with psycopg.connect(dsn.conninfo(), autocommit=True) as opened:
        assert search.status(opened) == search.IndexStatus(0, 0, None, False)
        with pytest.raises(MunimentError, match="muniment run"):
            search.search(opened, "land", WORDS)
        search.prepare(opened)
        with pytest.raises(MunimentError, match="muniment run"):
            search.search(opened, "land", WORDS)


def test_the_reader_role_may_search_and_change_nothing(connection: Connection) -> None:
    documents = texts_of(1, 4)
    load(connection, rows_of(documents))
    publish(connection, documents)
    if connection.execute("select from pg_roles where rolname = 'muniment_reader'").fetchone() is None:
        connection.execute("create role muniment_reader login")
    search.prepare(connection)
    connection.execute("set role muniment_reader")
    assert search.search(connection, "land", WORDS)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("delete from search.passages")
