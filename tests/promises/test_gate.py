"""Promise 4: bad data never becomes visible, not even for a moment.

While runs go on that must not publish something, readers look at lake and warehouse without pause.
"""

import json
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pyarrow as pa
import pytest

from expectations import suites
from expectations.judge import judge
from expectations.suites import Check
from muniment import marts, releases, tabulate, warehouse, windows
from muniment.contract import contracts, of_origin
from muniment.documents.model import Document
from muniment.errors import MunimentError
from muniment.gate import GateError
from muniment.platform import Platform
from muniment.postgres import Server
from muniment.privacy import Tokens
from muniment.register import Entry
from muniment.sample import write_practice
from muniment.sample.truth import Truth
from muniment.settings import load
from muniment.stages.result import Blocked
from tests.conftest import Ran
from tests.contents import contents
from tests.installation import Installation
from tests.stages import to_the_lake
from tests.tables import good_row, stage

NOW = datetime(2026, 3, 12, tzinfo=UTC)

Row = dict[str, Any]


# --- readers that never look away -----------------------------------------------------------------------------------


class Watch:
    """Looks for rows that must never be seen, in the lake and, where there is one, in the warehouse."""

    def __init__(self, platform: Platform, table: str, bad: Callable[[Row], bool]) -> None:
        self._platform, self._contract, self._bad = platform, contracts()[table], bad
        self.seen: list[Row] = []
        self.looks = 0
        self.most = 0

    def look(self) -> None:
        """One look. A table that is being made can be missing or locked: then there is nothing to be seen."""
        rows: list[Row] = []
        with suppress(Exception):
            for batch in self._platform.lake.scan(self._contract):
                rows += batch.to_pylist()
        rows += self._of_warehouse()
        self.seen += filter(self._bad, rows)
        self.looks += 1
        self.most = max(self.most, len(rows))

    def _of_warehouse(self) -> list[Row]:
        if Server(self._platform.settings.state / "postgres").status().state != "running":
            return []
        with (
            suppress(MunimentError, psycopg.Error),
            warehouse.opened(self._platform.settings) as dsn,
            psycopg.connect(dsn.conninfo(), row_factory=psycopg.rows.dict_row) as connection,
        ):
            return list(connection.execute(f"SELECT * FROM {self._contract.table}").fetchall())
        return []

    @contextmanager
    def looking(self) -> Iterator["Watch"]:
        """Look without pause for the length of the block."""
        over = threading.Event()

        def go_on() -> None:
            while not over.is_set():
                self.look()
                time.sleep(0.01)

        thread = threading.Thread(target=go_on)
        thread.start()
        try:
            yield self
        finally:
            over.set()
            thread.join()
            self.look()


# --- documents: a window is blocked ---------------------------------------------------------------------------------

# Reading goes wrong in the later window: its passages end before they begin, which no row rule forbids.
SPOILED = """
from muniment import tabulate, windows
from muniment.cli import main

sound = tabulate.rows

def spoiled(entry, document, processor, tokens):
    for table, rows in sound(entry, document, processor, tokens):
        if table == "chunks" and entry.modified >= "{since}":
            rows = [row | {{"page": row["page"] + 9}} for row in rows]
        yield table, rows

tabulate.rows = spoiled
main()
"""


def released(platform: Platform, folder: Path) -> releases.Release:
    """A release that was cut before: one parcel of an older window, and a mart of one row."""
    older, parcels = "2026-03-01-06:00", contracts()["parcels"]
    platform.lake.commit(stage(folder, parcels, older, [good_row(parcels, linc="0012345678")]), "before")
    with warehouse.opened(platform.settings) as dsn, warehouse.connected(dsn, autocommit=True) as connection:
        warehouse.prepare(connection, dsn)
        warehouse.sync(connection, platform.lake, parcels, "before")
        with marts.building(connection, ["parties"]):
            connection.execute("CREATE TABLE candidate.parties AS SELECT 'as it was' AS name")
        with releases.alone(platform.lake):
            release = releases.cut(platform, connection, (), "before").release
    assert release
    return release


def test_a_blocked_window_shows_nothing_and_says_what_failed_while_older_windows_stay(
    fresh: Installation, tmp_path: Path
) -> None:
    before = released(fresh.platform, tmp_path)
    truth = fresh.write_sample(matters=1, windows=2, scans=False)
    earlier, later = (windows.parse(window.window) for window in truth.windows)
    with Watch(fresh.platform, "chunks", lambda row: row["window_key"] == later.key).looking() as watch:
        done = fresh.python(SPOILED.format(since=later.start.isoformat(timespec="microseconds")), "run", check=False)
    assert done.returncode == 1, done.stderr
    assert f"Window {later.key} was not committed, the tables are as they were:" in done.stderr
    assert "chunks: validity of page_end, page is 0.000, below 0.980" in done.stderr
    assert "Not every window reconciles" in done.stderr
    assert watch.seen == []
    assert watch.looks > 10
    assert watch.most > 0, "the earlier window was never seen"
    platform = fresh.platform
    for contract in of_origin("documents"):
        assert set(platform.lake.held(contract)) <= {earlier.key}
    for name in ("objects", "quarantine", "embeddings"):
        assert not platform.lake.held(contracts()[name]), "the stages after the gate ran all the same"
    assert not fresh.json("status", check=False)["reconciled"]
    [(status, event)] = evaluations(fresh, "chunks_validity")
    assert status == "FAILED"
    assert event["blocking"]
    assert event["severity"] == {"__enum__": "AssetCheckSeverity.ERROR"}
    assert event["metadata"]["least_share"] == 0.0
    assert "page_end is not below page" in event["metadata"]["figures"]
    # A check that passed in the same window is recorded as passed.
    assert [outcome for outcome, _ in evaluations(fresh, "pages_validity")] == ["SUCCEEDED"]
    # What was published beside it waits for the next release, too, and so does every mart.
    assert releases.releases(platform.lake) == [before]
    assert set(platform.lake.held(contracts()["parcels"])) > {"2026-03-01-06:00"}
    assert fresh.lake("select linc from parcels") == [{"linc": "0012345678"}]
    assert fresh.sql("select name from marts.parties") == [{"name": "as it was"}]


def evaluations(installation: Installation, check: str) -> list[tuple[str, Row]]:
    """What Dagster's event log holds about a check that was made: outcome, and the evaluation with plain metadata."""
    path = installation.state / "dagster" / "history" / "runs" / "index.db"
    with closing(sqlite3.connect(path)) as index:
        rows = index.execute(
            "SELECT execution_status, evaluation_event FROM asset_check_executions"
            " WHERE check_name = ? AND execution_status <> 'PLANNED'",
            [check],
        ).fetchall()
    return [(status, _evaluation(json.loads(event))) for status, event in rows]


def _evaluation(event: Row) -> Row:
    data: Row = event["dagster_event"]["event_specific_data"]
    plain = {
        name: next((v for k, v in value.items() if k != "__class__"), None) for name, value in data["metadata"].items()
    }
    return data | {"metadata": plain}


# --- stages in this process, with the real judge --------------------------------------------------------------------


@pytest.fixture
def practice(tmp_path: Path) -> tuple[Platform, Truth]:
    """A small practice that landed, two windows, nothing run."""
    truth = write_practice(tmp_path / "state" / "landing", matters=1, windows=2, scans=False)
    return Platform(load(state_dir=tmp_path / "state")), truth


def test_a_window_that_was_blocked_is_published_whole_once_the_fault_is_mended(
    practice: tuple[Platform, Truth], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    platform, truth = practice
    earlier, later = (windows.parse(window.window) for window in truth.windows)
    to_the_lake(platform, [earlier], NOW, "first", judge)
    before = contents(platform, warehouse_too=False)

    sound = tabulate.rows

    def spoiled(entry: Entry, document: Document, processor: str, tokens: Tokens) -> Iterator[tuple[str, list[Row]]]:
        for table, rows in sound(entry, document, processor, tokens):
            yield table, [row | {"page": row["page"] + 9} for row in rows] if table == "chunks" else rows

    with monkeypatch.context() as broken:
        broken.setattr(tabulate, "rows", spoiled)
        with pytest.raises(Blocked, match="chunks: validity of page_end, page is 0.000, below 0.980"):
            to_the_lake(platform, [later], NOW, "second", judge)
        with pytest.raises(Blocked):  # nor does the window that is published give way to spoiled rows
            to_the_lake(platform, [earlier], NOW, "second", judge)
    documents = {f"iceberg {contract.table}" for contract in of_origin("documents")}
    now = contents(platform, warehouse_too=False)
    assert {name: now.tables[name] for name in documents} == {name: before.tables[name] for name in documents}

    to_the_lake(platform, [later], NOW, "third", judge)
    never_blocked = Platform(load(state_dir=tmp_path / "never-blocked", landing_uri=platform.settings.landing))
    to_the_lake(never_blocked, [earlier, later], NOW, "only", judge)
    assert not contents(never_blocked, warehouse_too=False).differences(contents(platform, warehouse_too=False))


def test_no_row_of_a_refused_file_is_ever_seen(practice: tuple[Platform, Truth]) -> None:
    platform, truth = practice
    [refused] = [one for one in truth.objects if one.reason == "gate"]
    good = next(file.rows_good for file in truth.records if file.key == refused.key)
    assert good, "the file has rows that would pass"
    with Watch(platform, "assessments", lambda row: row["source_object_id"] == refusals[0]).looking() as watch:
        refusals = [
            entry.object_id
            for manifest in platform.register.register([windows.parse(w.window) for w in truth.windows], NOW)
            for entry in manifest.entries
            if entry.key == refused.key
        ]
        to_the_lake(platform, [windows.parse(window.window) for window in truth.windows], NOW, "run", judge)
    assert watch.seen == []
    assert watch.most > 0


def test_rows_that_break_a_rule_are_in_quarantine_with_their_line_and_in_no_table(ran: Ran) -> None:
    platform = ran.installation.platform
    refusals = [row for batch in platform.lake.scan(contracts()["quarantine"]) for row in batch.to_pylist()]
    read = {one.key for one in ran.truth.objects if one.state in ("published", "quarantined") and not one.original}
    planted = Counter(
        (file.key, row.line, row.reason) for file in ran.truth.records if file.key in read for row in file.bad_rows
    )
    assert Counter((row["key"], row["line"], row["reason"]) for row in refusals if row["scope"] == "row") == planted
    keys = {row["object_id"]: row["key"] for b in platform.lake.scan(contracts()["objects"]) for row in b.to_pylist()}
    bad = {(key, line) for key, line, _ in planted}
    for contract in of_origin("records"):
        for batch in platform.lake.scan(contract, columns=["source_object_id", "source_line"]):
            assert not {(keys[row["source_object_id"]], row["source_line"]) for row in batch.to_pylist()} & bad


def test_a_bad_row_of_a_document_is_quarantined_and_the_rest_of_it_published(
    practice: tuple[Platform, Truth], monkeypatch: pytest.MonkeyPatch
) -> None:
    platform, truth = practice
    sound = tabulate.rows

    def one_bad(entry: Entry, document: Document, processor: str, tokens: Tokens) -> Iterator[tuple[str, list[Row]]]:
        for table, rows in sound(entry, document, processor, tokens):
            yield (
                table,
                [row | {"ordinal": 0} if row["ordinal"] == 1 else row for row in rows] if table == "chunks" else rows,
            )

    monkeypatch.setattr(tabulate, "rows", one_bad)
    window = windows.parse(truth.windows[0].window)
    to_the_lake(platform, [window], NOW, "run", judge)
    documents = sum(batch.num_rows for batch in platform.lake.scan(contracts()["documents"]))
    refusals = [row for batch in platform.lake.scan(contracts()["quarantine"]) for row in batch.to_pylist()]
    of_chunks = [row for row in refusals if row["table_name"] == "chunks"]
    assert documents == len(of_chunks) > 0
    assert {(row["scope"], row["column_name"], row["reason"], row["line"]) for row in of_chunks} == {
        ("row", "ordinal", "bad_value", 1)
    }
    ordinals = [
        n for b in platform.lake.scan(contracts()["chunks"], columns=["ordinal"]) for n in b.column(0).to_pylist()
    ]
    assert 0 not in ordinals


# --- the judge ------------------------------------------------------------------------------------------------------


_PASSAGE = {
    "document_id": "d" * 16,
    "ordinal": 1,
    "page": 2,
    "page_end": 2,
    "text": "x",
    "chunk_hash": "a" * 64,
    "spans": None,
}


def passages(count: int, backwards: int) -> pa.RecordBatch:
    """Passages of which some end before they begin."""
    rows = [_PASSAGE | {"ordinal": number + 1, "page_end": 1 if number < backwards else 2} for number in range(count)]
    schema = pa.schema([field for field in contracts()["chunks"].arrow_schema if field.name in _PASSAGE])
    return pa.RecordBatch.from_pylist(rows, schema=schema)


@pytest.mark.parametrize(("backwards", "passes"), [(0, True), (4, True), (5, False), (200, False)])
@pytest.mark.parametrize("pieces", [1, 7])
def test_a_threshold_holds_over_the_whole_batch_however_it_is_cut(backwards: int, passes: bool, pieces: int) -> None:
    """Two in a hundred may break a rule: 4 of 200 may, 5 may not, wherever in the batch they stand."""
    batch = passages(200, backwards)
    step = -(-batch.num_rows // pieces)
    verdict = judge(contracts()["chunks"], [batch.slice(start, step) for start in range(0, batch.num_rows, step)])
    assert verdict.rows == 200
    assert (not verdict.failures) is passes
    assert all(figure.dimension == "validity" and figure.unexpected == backwards for figure in verdict.failures)


def test_a_key_that_occurs_twice_in_different_parts_of_a_batch_is_seen() -> None:
    batch = passages(100, 0)
    verdict = judge(contracts()["chunks"], [batch, batch])
    [failure] = verdict.failures
    assert (failure.dimension, failure.elements, failure.unexpected) == ("uniqueness", 200, 200)


@pytest.mark.parametrize("fault", ["a broken expression", "a column that is not there", "numbers against text"])
def test_a_check_that_cannot_be_made_is_an_error_and_never_a_pass(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    import great_expectations.expectations as gxe

    broken = {
        "a broken expression": gxe.ExpectColumnValuesToMatchRegex(column="text", regex="(", mostly=0.5),
        "a column that is not there": gxe.ExpectColumnValuesToNotBeNull(column="absent", mostly=0.5),
        "numbers against text": gxe.ExpectColumnPairValuesAToBeGreaterThanB(
            column_A="page", column_B="text", mostly=0.5
        ),
    }[fault]
    check = Check("broken", "validity", ("text",), 0.5, broken)
    monkeypatch.setattr(suites, "row_checks", lambda contract: [check])
    with pytest.raises(GateError, match="'broken' could not be made"):
        judge(contracts()["chunks"], [passages(3, 0)])


def test_a_batch_without_rows_fails_nothing() -> None:
    assert judge(contracts()["chunks"], [passages(0, 0)]).failures == ()
