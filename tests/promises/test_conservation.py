"""Promise 1: every landed object ends in exactly one state, and nothing that was good is lost.

Counted again here without the code that counts: manifests as the JSON that they are, tables as Iceberg's own reader
reads them.
"""

import hashlib
import json
import os
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pyiceberg.catalog.sql import SqlCatalog

from muniment import windows
from muniment.contract import of_origin, tables
from muniment.documents.model import Reason
from muniment.outcomes import ConservationError
from muniment.platform import Platform
from muniment.sample import write_practice
from muniment.settings import load
from muniment.stages.close_window import close_window
from tests.conftest import Ran
from tests.installation import Installation
from tests.stages import to_the_lake

NOW = datetime(2026, 3, 12, tzinfo=UTC)
FIRST = "2026-03-07-12:00"
SLOTS = [windows.parse(key) for key in (FIRST, "2026-03-07-18:00", "2026-03-08-00:00", "2026-03-08-06:00")]
REASONS = {
    *Reason, "unknown_format", "unknown_table", "bad_encoding", "missing_columns", "unreadable", "gate",
}  # fmt: skip

# A landing takes seconds, and shrinking one that fails would take an hour.
UNHURRIED: dict[str, Any] = {
    "deadline": None,
    "suppress_health_check": list(HealthCheck),
    "phases": [Phase.explicit, Phase.reuse, Phase.generate],
}

Row = dict[str, Any]


# --- counting again -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Recount:
    """Everything about a state folder, read without Muniment's own readers."""

    state: Path

    @property
    def manifests(self) -> list[Row]:
        """The register's files in order."""
        return [json.loads(path.read_text()) for path in sorted((self.state / "lake" / "register").iterdir())]

    @property
    def entries(self) -> list[Row]:
        """Every registered object with its window."""
        return [entry | {"window_key": m["window_key"]} for m in self.manifests for entry in m["entries"]]

    def rows(self, table: str) -> list[Row]:
        """Rows of a table by Iceberg's own reader."""
        catalog = SqlCatalog("muniment", uri=f"sqlite:///{self.state / 'catalog.db'}")
        if not catalog.table_exists(table):
            return []
        found: list[Row] = catalog.load_table(table).scan().to_arrow().to_pylist()
        return found

    def check(self) -> list[Row]:
        """The objects' rows, after everything has been held against everything else."""
        objects, refusals = self.rows("lake.objects"), self.rows("lake.quarantine")
        self._check_states(objects, refusals)
        self._check_originals()
        self._check_documents(objects)
        self._check_records(objects, refusals)
        return objects

    def _check_states(self, objects: list[Row], refusals: list[Row]) -> None:
        place = ("object_id", "key", "sha256", "size", "window_key")
        registered = Counter(tuple(entry[name] for name in place) for entry in self.entries)
        assert Counter(tuple(row[name] for name in place) for row in objects) == registered
        assert set(registered.values()) <= {1}
        assert {row["state"] for row in objects} <= {"published", "duplicate", "quarantined"}
        whole = {(row["object_id"], row["reason"]) for row in refusals if row["scope"] == "object"}
        assert {(row["object_id"], row["reason"]) for row in objects if row["state"] == "quarantined"} == whole
        assert len(whole) == sum(row["scope"] == "object" for row in refusals)
        assert {reason for _, reason in whole} <= REASONS
        assert all(row["message"].strip() for row in refusals)
        assert all(row["reason"] is None for row in objects if row["state"] != "quarantined")

    def _check_originals(self) -> None:
        for entry in self.entries:
            original = (self.state / "lake" / "raw" / "objects" / entry["sha256"]).read_bytes()
            assert (hashlib.sha256(original).hexdigest(), len(original)) == (entry["sha256"], entry["size"])

    def _check_documents(self, objects: list[Row]) -> None:
        documents = self.rows("lake.documents")
        brought = Counter((row["object_id"], row["document_id"], row["window_key"]) for row in documents)
        published = [row for row in objects if row["state"] == "published" and row["kind"] == "pdf"]
        assert brought == Counter((row["object_id"], row["document_id"], row["window_key"]) for row in published)
        names = {row["document_id"] for row in documents}
        assert len(names) == len(documents), "one content became two documents"
        copies = [row for row in objects if row["state"] == "duplicate" and row["kind"] == "pdf"]
        assert {row["document_id"] for row in copies} <= names
        for contract in of_origin("documents"):
            if contract.name != "documents":
                assert {row["document_id"] for row in self.rows(contract.table)} <= names

    def _check_records(self, objects: list[Row], refusals: list[Row]) -> None:
        bad = Counter(row["object_id"] for row in refusals if row["scope"] == "row")
        for contract in of_origin("records"):
            published = {
                row["object_id"]: row["rows_published"]
                for row in objects
                if row["state"] == "published" and row["table_name"] == contract.name
            }
            rows = Counter(row["source_object_id"] for row in self.rows(contract.table))
            assert rows == Counter({name: count for name, count in published.items() if count})
            if contract.vault:
                assert Counter(row["source_object_id"] for row in self.rows(contract.vault.table)) == rows
        told = {row["object_id"]: row["rows_quarantined"] for row in objects if row["kind"] == "records"}
        assert {name: bad[name] for name in told} == told


def test_objects_of_a_run_agree_with_the_manifests_and_with_the_truth_object_for_object(ran: Ran) -> None:
    objects = Recount(ran.installation.state).check()
    found = {(row["window_key"], row["key"]): (row["state"], row["reason"]) for row in objects}
    assert found == {(one.window, one.key): (one.state, one.reason) for one in ran.truth.objects}


def test_status_counts_what_the_tables_hold(ran: Ran) -> None:
    status = ran.installation.json("status")
    assert status["reconciled"]
    for window in (*status["windows"], {"window": "total", **status["total"]}):
        name = window["window"]
        truth = next(one for one in (*ran.truth.windows, ran.truth.total) if one.window == name)
        states = ("registered", "published", "duplicate", "quarantined")
        assert [window[state] for state in states] == [getattr(truth, state) for state in states]
    recount = Recount(ran.installation.state)
    assert status["tables"] == {table: len(recount.rows(table)) for table in status["tables"]}
    assert status["tables"].keys() == {contract.table for contract in tables()}
    for mart, rows in status["warehouse"]["marts"].items():
        assert ran.installation.sql(f"select count(*) as n from marts.{mart}") == [{"n": rows}]


# --- any landing ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Content:
    """Bytes with the part of Muniment that can read them, and whether they are good."""

    data: bytes = field(repr=False)
    suffix: str
    part: str
    good: bool


@pytest.fixture(scope="module")
def pool(tmp_path_factory: pytest.TempPathFactory) -> "Pool":
    """Contents for random landings, from a small practice."""
    return Pool(tmp_path_factory.mktemp("pool"))


class Pool:
    """Contents of every sort, and what reading the documents among them gave."""

    def __init__(self, folder: Path) -> None:
        truth = write_practice(folder / "landing", matters=1, windows=2, scans=False)
        tables = {file.key: file.table for file in truth.records}
        self.contents: list[Content] = []
        taken: Counter[tuple[str, bool]] = Counter()
        for one in sorted(truth.objects, key=lambda one: one.key):
            part = "documents" if one.kind == "pdf" else tables.get(one.key, "unclaimed")
            good = one.state == "published"
            taken[part, good] += 1
            if taken[part, good] <= 2 and not one.original:
                path = folder / "landing" / one.key
                self.contents.append(Content(path.read_bytes(), path.suffix, part, good))
        self.memo = folder / "parsed"

    def platform(self, folder: Path) -> Platform:
        """An empty installation that remembers the documents that any other has read."""
        (folder / "landing").mkdir(parents=True)
        (folder / "lake").mkdir()
        self.memo.mkdir(exist_ok=True)
        (folder / "lake" / "parsed").symlink_to(self.memo)
        return Platform(load(state_dir=folder, first_window=FIRST))


def part_of(key: str) -> str:
    """Which part a key sends an object to."""
    if key.endswith(".pdf"):
        return "documents"
    folder = key.split("/")[-2]
    return folder if folder in {contract.name for contract in of_origin("records")} else "unclaimed"


@st.composite
def drops(draw: st.DrawFn, contents: list[Content]) -> list[tuple[str, Content, int]]:
    """Objects that land together: key, content, index of the slot in which they were modified."""
    found = []
    for _ in range(draw(st.integers(1, 5))):
        content = draw(st.sampled_from(contents))
        home = "inbox" if content.part == "documents" else f"records/{content.part}"
        folder = draw(st.sampled_from([home, home, home, "records/unknown", "records/parcels", "inbox"]))
        name = draw(st.sampled_from(["a", "b", "c"]))
        found.append((f"{folder}/{name}{content.suffix}", content, draw(st.integers(0, len(SLOTS) - 1))))
    return found


def expected(entries: list[Row], contents: dict[str, Content]) -> Iterator[tuple[str, str]]:
    """State of each registered object by its id, from the rule alone: the first of good bytes is published where it can
    be read, further ones are its duplicates, whatever cannot be read there is quarantined."""
    seen: set[tuple[str, str]] = set()
    for entry in entries:
        part = "unclaimed" if entry["kind"] == "other" else part_of(entry["key"])
        content = contents[entry["sha256"]]
        if not content.good or content.part != part:
            yield entry["object_id"], "quarantined"
        else:
            yield entry["object_id"], "duplicate" if (entry["sha256"], part) in seen else "published"
            seen.add((entry["sha256"], part))


def any_landing(pool: Pool, data: st.DataObject) -> None:
    """Objects land in batches, some of them late; after each batch windows run in any order, some of them twice."""
    by_hash = {hashlib.sha256(content.data).hexdigest(): content for content in pool.contents}
    with tempfile.TemporaryDirectory() as name:
        state = Path(name) / "state"
        platform = pool.platform(state)
        for batch in range(data.draw(st.integers(1, 3), label="batches")):
            for number, (key, content, slot) in enumerate(data.draw(drops(pool.contents), label="landed")):
                path = state / "landing" / key
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content.data)
                at = (SLOTS[slot].start + timedelta(seconds=100 * batch + number)).timestamp()
                os.utime(path, (at, at))
            early = data.draw(st.lists(st.sampled_from(SLOTS), max_size=2, unique=True), label="run")
            for window in early:
                to_the_lake(platform, [window], NOW, f"run-{batch}")
            while due := platform.register.due(NOW):
                to_the_lake(platform, due, NOW, f"run-{batch}")
        registered = [manifest.window for manifest in platform.register.manifests()]
        for window in data.draw(st.permutations(registered), label="run at last"):
            to_the_lake(platform, [window], NOW, "last")
        recount = Recount(state)
        states = {row["object_id"]: row["state"] for row in recount.check()}
        assert states == dict(expected(recount.entries, by_hash))


@settings(max_examples=6, **UNHURRIED)
@given(data=st.data())
def test_any_landing_in_any_order_adds_up_and_publishes_what_is_good(pool: Pool, data: st.DataObject) -> None:
    any_landing(pool, data)


@pytest.mark.attack
@settings(max_examples=300, **UNHURRIED)
@given(data=st.data())
def test_hundreds_of_landings_add_up(pool: Pool, data: st.DataObject) -> None:
    any_landing(pool, data)


def test_bytes_that_first_landed_where_they_could_not_be_read_are_published_where_they_can(
    pool: Pool, tmp_path: Path
) -> None:
    """The first landing was a mistake of whoever dropped the file; the second must not count as its duplicate."""
    content = next(one for one in pool.contents if one.part == "matters" and one.good)
    platform = pool.platform(tmp_path / "state")
    for key in ("records/maters/a.csv", "records/matters/a.csv"):
        path = tmp_path / "state" / "landing" / key
        path.parent.mkdir(parents=True)
        path.write_bytes(content.data)
    to_the_lake(platform, platform.register.due(datetime.now(UTC)), datetime.now(UTC), "run")
    states = {row["key"]: row["state"] for row in Recount(tmp_path / "state").check()}
    assert states == {"records/maters/a.csv": "quarantined", "records/matters/a.csv": "published"}


# --- losses that must be seen ---------------------------------------------------------------------------------------


def _parts(platform: Platform, table: str) -> list[Path]:
    """Part files of `objects` or `quarantine` that have rows."""
    folder = platform.settings.state / "lake" / "processed" / "outcomes"
    return [path for path in sorted(folder.rglob(f"*.{table}.parquet")) if pq.read_metadata(path).num_rows]


def _rewrite(path: Path, change: Callable[[pa.Table], pa.Table]) -> None:
    pq.write_table(change(pq.read_table(path)), path)


TAMPERINGS: dict[str, tuple[Callable[[Path], None], str]] = {
    "a part is gone": (Path.unlink, "is missing"),
    "a row is gone": (lambda path: _rewrite(path, lambda t: t.slice(1)), "1 objects without a state"),
    "a row is there twice": (
        lambda path: _rewrite(path, lambda t: pa.concat_tables([t, t.slice(0, 1)])),
        "1 with several",
    ),
    "a row of nobody": (
        lambda path: _rewrite(
            path,
            lambda t: pa.concat_tables(
                [t, t.slice(0, 1).set_column(0, t.schema.field(0), pa.array(["f" * 16], t.schema.field(0).type))]
            ),
        ),
        "1 that were never registered",
    ),
}


@pytest.mark.parametrize("what", TAMPERINGS)
def test_a_window_does_not_close_when(what: str, pool: Pool, tmp_path: Path) -> None:
    tamper, says = TAMPERINGS[what]
    platform = pool.platform(tmp_path / "state")
    content = next(one for one in pool.contents if one.part == "parcels" and one.good)
    for number in range(2):
        path = tmp_path / "state" / "landing" / "records" / "parcels" / f"{number}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.data)
    now = datetime.now(UTC)
    to_the_lake(platform, platform.register.due(now), now, "run")
    before = Recount(tmp_path / "state").rows("lake.objects")
    [part] = [path for path in _parts(platform, "objects") if ".parcels." in path.name]
    tamper(part)
    [manifest] = platform.register.manifests()
    with pytest.raises(ConservationError, match=says):
        close_window(platform, manifest, "later")
    assert Recount(tmp_path / "state").rows("lake.objects") == before


def test_a_run_that_loses_an_object_fails_says_which_and_leaves_no_trace_of_it_settled(fresh: Installation) -> None:
    """The stage of parcels forgets to say what became of its files: a defect that no input can cause."""
    landing = fresh.state / "landing" / "records" / "parcels"
    landing.mkdir(parents=True)
    (landing / "a.csv").write_text("linc,short_legal,title_number,municipality,area_ha\n")
    done = fresh.python(
        "from muniment.outcomes import Part\n"
        "Part.published = Part.quarantined = lambda *args, **kwargs: None\n"
        "from muniment.cli import main\n"
        "main()",
        "run",
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert "does not add up: 1 objects without a state" in done.stderr
    assert "records/parcels/a.csv" in done.stderr
    assert "Not every window reconciles" in done.stderr
    status = fresh.json("status", check=False)
    assert not status["reconciled"]
    assert status["total"]["registered"] == 1
    assert Recount(fresh.state).rows("lake.objects") == []
    assert _check_evaluations(fresh, "conservation") == [("FAILED", True)]
    fresh.muniment("run")
    assert fresh.json("status")["reconciled"]


def _check_evaluations(installation: Installation, name: str) -> list[tuple[str, bool]]:
    """What Dagster's instance recorded of a check: its outcome, and whether it was blocking."""
    import sqlite3
    from contextlib import closing

    path = installation.state / "dagster" / "history" / "runs" / "index.db"
    with closing(sqlite3.connect(path)) as index:
        rows = index.execute(
            "SELECT execution_status, evaluation_event FROM asset_check_executions"
            " WHERE check_name = ? AND execution_status <> 'PLANNED'",
            [name],
        ).fetchall()
    return [(status, '"blocking": true' in event) for status, event in rows]


# --- whatever the file ----------------------------------------------------------------------------------------------


@pytest.mark.attack
@pytest.mark.timeout(0)
def test_a_run_over_the_sample_and_every_hostile_file_adds_up(fresh: Installation, corpus: Path) -> None:
    fresh.write_sample(matters=4, windows=2, scans=False)
    fresh.muniment("land", str(corpus / "hostile"), check=False)
    fresh.muniment("run", timeout=7200)
    objects = Recount(fresh.state).check()
    landed = {path.relative_to(fresh.state / "landing").as_posix() for path in (fresh.state / "landing").rglob("*.*")}
    assert landed >= {row["key"] for row in objects}
    assert fresh.json("status")["reconciled"]
    assert fresh.json("status")["waiting"] == 0
