"""The lake: a window is replaced whole or not at all, what was stays readable, writers do not lose one another."""

import multiprocessing
import random
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyiceberg.catalog.sql import SqlCatalog
from pyiceberg.exceptions import CommitStateUnknownException
from sqlalchemy.exc import InterfaceError, OperationalError

from muniment import windows
from muniment.contract import Column, Contract
from muniment.lake import Lake, LakeError, tables
from muniment.objects import FolderStore
from muniment.settings import PROJECT, load
from tests.tables import COLUMNS, EVERY_TYPE, VECTORS, Row, contract_of, plain, stage

KEYS = [window.key for window in windows.between("2026-03-07-12:00", "2026-03-09-06:00")]
MORNING, NOON = KEYS[3], KEYS[4]
SMALL = contract_of(*COLUMNS[:2])


def lake_in(folder: Path) -> Lake:
    return Lake(load(state_dir=folder), FolderStore(folder / "lake"))


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return lake_in(tmp_path / "state")


@pytest.fixture
def put(lake: Lake, tmp_path: Path) -> Callable[..., Any]:
    """Commits rows, given by their names, for a window."""

    def commit(key: str, *names: str, run: str = "run-1", contract: Contract = SMALL) -> Any:
        return lake.commit(stage(tmp_path, contract, key, [{"name": name} for name in names], run), run)

    return commit


def names(lake: Lake, key: str | None = None, contract: Contract = SMALL) -> list[str]:
    batches = lake.scan(contract, windows.parse(key) if key else None, ["name"])
    return [row["name"] for batch in batches for row in batch.to_pylist()]


def test_what_is_committed_is_what_is_read(lake: Lake, put: Callable[..., Any]) -> None:
    put(MORNING, "a", "b")
    put(NOON, "c")
    assert names(lake, MORNING) == ["a", "b"]
    assert names(lake) == ["a", "b", "c"]


def test_values_of_every_type_survive_the_lake(lake: Lake, tmp_path: Path) -> None:
    from tests.unit.test_staging import EMPTY, FULL

    lake.commit(stage(tmp_path, EVERY_TYPE, MORNING, [FULL, EMPTY]), "run-1")
    found = [row for batch in lake.scan(EVERY_TYPE) for row in batch.to_pylist()]
    assert plain(found) == [FULL, dict.fromkeys(FULL) | EMPTY]


def test_other_readers_of_iceberg_see_the_same_rows(lake: Lake, tmp_path: Path) -> None:
    """Our own reading goes by the files' names; the table must stand on its own."""
    rows: list[Row] = [
        {"name": "a", "note": "x", "vector": [1.0, 2.0, 3.0]},
        {"name": "b", "note": None, "vector": None},
    ]
    lake.commit(stage(tmp_path, VECTORS, MORNING, rows), "run-1")
    table = lake.catalog.load_table(VECTORS.table)
    assert plain(table.scan().to_arrow().to_pylist()) == rows
    assert table.scan(row_filter=f"window_start == '{windows.parse(NOON).start.isoformat()}'").to_arrow().num_rows == 0


def test_a_window_is_replaced_whole(lake: Lake, put: Callable[..., Any]) -> None:
    put(MORNING, "a", "b")
    put(NOON, "c")
    put(MORNING, "d", run="run-2")
    assert (names(lake, MORNING), names(lake, NOON)) == (["d"], ["c"])


def test_the_same_content_again_changes_nothing(lake: Lake, put: Callable[..., Any]) -> None:
    first = put(MORNING, "a", run="run-1")
    again = put(MORNING, "a", run="run-2")
    assert (first.changed, again.changed) == (True, False)
    assert again.snapshot == first.snapshot
    assert len(lake.catalog.load_table(SMALL.table).snapshots()) == 1


def test_the_run_of_a_row_is_the_one_that_wrote_it_as_it_is(lake: Lake, put: Callable[..., Any]) -> None:
    """Content that comes back after another is written again, so that what an older snapshot names never changes."""
    for content, run in (("a", "run-1"), ("b", "run-2"), ("a", "a-run-with-a-longer-name")):
        put(MORNING, content, run=run)
        put(MORNING, content, run="a-run-that-changes-nothing")
        [batch] = lake.scan(SMALL, columns=["run_id"])
        assert batch.to_pylist() == [{"run_id": run}]
    for snapshot in lake.catalog.load_table(SMALL.table).snapshots():
        table = lake.catalog.load_table(SMALL.table)
        for task in table.scan(snapshot_id=snapshot.snapshot_id).plan_files():
            path = Path(task.file.file_path.removeprefix("file://"))
            assert path.stat().st_size == task.file.file_size_in_bytes


def test_no_rows_remove_a_window(lake: Lake, put: Callable[..., Any]) -> None:
    put(MORNING, "a")
    put(NOON, "b")
    gone = put(MORNING)
    assert gone.changed
    assert set(lake.held(SMALL)) == {NOON}
    assert names(lake) == ["b"]


def test_no_rows_for_a_window_that_has_none_make_no_snapshot(lake: Lake, put: Callable[..., Any]) -> None:
    assert not put(MORNING).changed
    assert lake.exists(SMALL), "an empty table can be asked, an absent one cannot"
    assert lake.catalog.load_table(SMALL.table).snapshots() == []
    assert names(lake) == []


def test_a_table_that_was_never_written_holds_nothing(lake: Lake) -> None:
    assert (lake.exists(SMALL), lake.held(SMALL), names(lake)) == (False, {}, [])


def test_replacing_is_one_snapshot_so_that_no_instant_lacks_the_window(lake: Lake, put: Callable[..., Any]) -> None:
    put(MORNING, "a")
    put(MORNING, "b")
    assert len(lake.catalog.load_table(SMALL.table).snapshots()) == 2


def test_every_snapshot_says_which_run_wrote_which_window(lake: Lake, put: Callable[..., Any]) -> None:
    put(MORNING, "a", run="run-1")
    put(MORNING, "b", run="run-2")
    put(NOON, "c", run="run-3")
    put(MORNING, run="run-4")
    snapshots = lake.catalog.load_table(SMALL.table).snapshots()
    said = [s.summary.additional_properties for s in snapshots if s.summary]
    assert [(p["muniment.run"], p["muniment.window"]) for p in said] == [
        ("run-1", MORNING),
        ("run-2", MORNING),
        ("run-3", NOON),
        ("run-4", MORNING),
    ]


def test_a_table_is_read_as_of_an_instant(lake: Lake, put: Callable[..., Any]) -> None:
    put(MORNING, "a")
    between = _after_now()
    put(MORNING, "b")
    dataset = lake.dataset(SMALL, between)
    assert dataset.to_table(columns=["name"]).to_pylist() == [{"name": "a"}]
    assert lake.dataset(SMALL).to_table(columns=["name"]).to_pylist() == [{"name": "b"}]


def test_before_its_first_snapshot_a_table_is_empty(lake: Lake, put: Callable[..., Any]) -> None:
    put(MORNING, "a")
    long_ago = datetime(1, 1, 1, tzinfo=UTC)
    assert lake.held(SMALL, long_ago) == {}
    assert lake.dataset(SMALL, long_ago).to_table().num_rows == 0
    assert lake.held(SMALL, datetime.now(UTC) + timedelta(days=1)).keys() == {MORNING}


def _after_now() -> datetime:
    """An instant between what was committed and what will be: snapshots bear milliseconds."""
    time.sleep(0.01)
    now = datetime.now(UTC)
    time.sleep(0.01)
    return now


def test_rows_lie_below_the_day_of_their_window_in_utc(lake: Lake, put: Callable[..., Any], tmp_path: Path) -> None:
    evening = "2026-03-08-18:00"  # the 9th by UTC
    put(evening, "a")
    [held] = lake.held(SMALL).values()
    assert "/processed/lake.samples/year=2026/month=03/day=09/2026-03-08-1800." in held.path
    [partition] = lake.catalog.load_table(SMALL.table).inspect.partitions().to_pylist()
    assert str(partition["partition"]["window_day"]) == "2026-03-09"
    assert Path(held.path.removeprefix("file://")).is_relative_to(tmp_path / "state" / "lake")


def test_table_and_columns_carry_their_descriptions(lake: Lake, put: Callable[..., Any]) -> None:
    put(MORNING, "a")
    table = lake.catalog.load_table(SMALL.table)
    assert {field.name: field.doc for field in table.schema().fields} == {
        c.name: c.description for c in SMALL.all_columns
    }
    assert table.properties["comment"] == SMALL.description


def test_a_table_gains_the_optional_columns_of_its_contract(
    lake: Lake, put: Callable[..., Any], tmp_path: Path
) -> None:
    wider = contract_of(*COLUMNS[:2], Column("later", "bigint", "Came later"), version="1.1.0")
    put(MORNING, "a")
    lake.commit(stage(tmp_path, wider, NOON, [{"name": "b", "later": 5}]), "run-2")
    found = [row for batch in lake.scan(wider) for row in batch.to_pylist()]
    assert [(row["name"], row["later"]) for row in found] == [("a", None), ("b", 5)]
    assert names(lake) == ["a", "b"], "a reader of the older contract goes on"
    arrow = lake.catalog.load_table(wider.table).scan().to_arrow().sort_by("name")
    assert arrow.column("later").to_pylist() == [None, 5]


@pytest.mark.parametrize(
    "column",
    [Column("later", "bigint", "Came later", required=True), Column("note", "bigint", "Was text")],
    ids=["a required column", "another type"],
)
def test_a_contract_that_its_table_cannot_follow_is_refused(
    lake: Lake, put: Callable[..., Any], tmp_path: Path, column: Column
) -> None:
    put(MORNING, "a")
    other = contract_of(COLUMNS[0], column, version="2.0.0")
    with pytest.raises(LakeError, match=rf"lake\.samples.*{column.name}.*2\.0\.0"):
        lake.commit(stage(tmp_path, other, NOON, [{"name": "b", column.name: 5}]), "run-2")
    assert names(lake) == ["a"]


@pytest.mark.parametrize("folder", ["with space", "größe ☃", "50% off", "a+b&c=d", "%20", "it's", "a;b"])
def test_the_state_may_lie_in_a_folder_of_any_name(tmp_path: Path, folder: str) -> None:
    lake = lake_in(tmp_path / folder)
    lake.commit(stage(tmp_path, SMALL, MORNING, [{"name": "a"}]), "run-1")
    lake.commit(stage(tmp_path, SMALL, MORNING, [{"name": "b"}]), "run-2")
    assert names(lake_in(tmp_path / folder)) == ["b"]
    assert (tmp_path / folder / "catalog.db").is_file()


@pytest.mark.parametrize("folder", ["a#b", "what?"])
def test_a_folder_that_iceberg_cannot_name_is_refused_before_anything_is_written(tmp_path: Path, folder: str) -> None:
    with pytest.raises(LakeError, match=r"without . and # in its name"):
        lake_in(tmp_path / folder).commit(stage(tmp_path, SMALL, MORNING, [{"name": "a"}]), "run-1")
    assert not (tmp_path / folder).exists()


def test_a_table_of_many_windows_is_the_same_to_a_stranger_and_to_one_who_remembers_its_manifests(
    lake: Lake, put: Callable[..., Any], tmp_path: Path
) -> None:
    """Enough commits that manifests are merged, with windows replaced and removed in between."""
    many = [window.key for window in windows.between("2026-01-01-00:00", "2026-01-12-00:00")]
    for at, key in enumerate(many):
        put(key, f"first {key}")
        if at % 7 == 3:
            put(many[at // 2], f"again {at}")
        if at % 11 == 5:
            put(many[at // 3])
    stranger = lake_in(tmp_path / "state")
    assert lake.held(SMALL) == stranger.held(SMALL)
    assert names(lake) == [name for key in many for name in names(stranger, key)]
    table = lake.catalog.load_table(SMALL.table)
    assert len(table.current_snapshot().manifests(table.io)) < len(many) / 2  # type: ignore[union-attr]
    assert sorted(table.scan().to_arrow().column("name").to_pylist()) == sorted(names(lake))


def test_a_writer_reads_no_manifest_twice(lake: Lake, put: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """Else each commit would cost more than the one before it."""
    listing, read = tables._listing, list[str]()

    def listed(manifest: Any, table: Any) -> Any:
        read.append(manifest.manifest_path)
        return listing(manifest, table)

    monkeypatch.setattr(tables, "_listing", listed)
    for key in KEYS:
        put(key, key)
    assert len(read) == len(set(read)) == len(KEYS) - 1


# --- several writers ------------------------------------------------------------------------------------------------


def _writer(state: Path, scratch: Path, commits: list[tuple[str, list[str]]], run: str, start: Any) -> None:
    lake = lake_in(state)
    staged = [
        stage(scratch / str(at), SMALL, key, [{"name": n} for n in rows], run) for at, (key, rows) in enumerate(commits)
    ]
    start.wait()
    for batch in staged:
        lake.commit(batch, run)


def _at_once(state: Path, scratch: Path, *writers: list[tuple[str, list[str]]]) -> None:
    """Let processes commit at the same time; every one must get through."""
    context = multiprocessing.get_context("spawn")
    start = context.Barrier(len(writers))
    running = [
        context.Process(target=_writer, args=(state, scratch / str(at), commits, f"run-{at}", start))
        for at, commits in enumerate(writers)
    ]
    for process in running:
        process.start()
    for process in running:
        process.join(60)
    assert [process.exitcode for process in running] == [0] * len(writers)


MINE, THEIRS = [f"mine {at}" for at in range(5)], [f"theirs {at}" for at in range(7)]
CONTESTED = KEYS[:3]


@pytest.fixture(scope="module")
def contended(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """Two processes that commit windows of their own and the same windows, from an empty folder on: so the catalog, the
    namespace and the table are made by both at once too."""
    folder = tmp_path_factory.mktemp("contended")
    mine, theirs = ([(key, rows) for key in CONTESTED] for rows in (MINE, THEIRS))
    mine += [(key, [key]) for key in KEYS[3:5]]
    theirs += [(key, [key]) for key in KEYS[5:7]]
    _at_once(folder / "state", folder, mine, theirs)
    return lake_in(folder / "state")


def test_windows_committed_by_two_processes_at_once_both_survive(contended: Lake) -> None:
    assert [names(contended, key) for key in KEYS[3:7]] == [[key] for key in KEYS[3:7]]


def test_one_window_committed_by_two_processes_at_once_ends_as_one_of_the_two(contended: Lake) -> None:
    for key in CONTESTED:
        assert names(contended, key) in (MINE, THEIRS), key
    table = contended.catalog.load_table(SMALL.table)
    assert len(list(table.scan().plan_files())) == 7


@pytest.mark.parametrize("before", [[], ["old"]], ids=["a new window", "a replaced window"])
def test_a_writer_who_comes_second_replaces_the_whole_of_what_came_first(
    lake: Lake, put: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: list[str]
) -> None:
    """Another process, whose turn it was not, commits the window between our look at the table and our commit."""
    put(MORNING, *before)
    ours, theirs = ([{"name": name}] for name in ("ours", "theirs"))
    swap, raced = tables._swap, list[bool]()

    def race(*args: Any) -> None:
        if not raced:
            raced.append(True)
            other = lake_in(tmp_path / "state")
            other.commit(stage(tmp_path / "other", SMALL, MORNING, theirs, "run-2"), "run-2")
        swap(*args)

    monkeypatch.setattr(tables, "_TURN_SECONDS", 0.01)
    monkeypatch.setattr(tables, "_swap", race)
    lake.commit(stage(tmp_path, SMALL, MORNING, ours, "run-3"), "run-3")
    assert raced
    assert names(lake) == ["ours"]


def test_a_file_that_seems_to_be_missing_is_looked_for_again(
    lake: Lake, put: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """PyIceberg's planning of a replacement shares state between threads, and may overlook the file."""
    from pyiceberg.table.update.snapshot import _OverwriteFiles

    put(MORNING, "before")
    plan, overlooked = _OverwriteFiles._deleted_entries, list[bool]()

    def plan_once_without(self: Any) -> Any:
        if overlooked:
            return plan(self)
        overlooked.append(True)
        return self._validate_required_deletes([])

    monkeypatch.setattr(_OverwriteFiles, "_deleted_entries", plan_once_without)
    put(MORNING, "after")
    assert overlooked
    assert names(lake) == ["after"]


def test_a_writer_that_never_gets_its_turn_gives_up_and_says_so(
    lake: Lake, put: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The table is changed by another connection between each look and each commit."""
    put(MORNING, "a")
    monkeypatch.setattr("muniment.lake.tables._ATTEMPTS", 3)
    original, tries = SqlCatalog.commit_table, []

    def interfered(self: SqlCatalog, table: Any, requirements: Any, updates: Any) -> Any:
        tries.append(1)
        other = self.load_table(table.name())
        with other.transaction() as transaction:
            monkeypatch.setattr(SqlCatalog, "commit_table", original)
            transaction.update_snapshot().merge_append().commit()
        monkeypatch.setattr(SqlCatalog, "commit_table", interfered)
        return original(self, table, requirements, updates)

    monkeypatch.setattr(SqlCatalog, "commit_table", interfered)
    with pytest.raises(LakeError, match=r"lake\.samples, window .*3 attempts"):
        put(NOON, "b")
    assert len(tries) == 3


def test_many_windows_can_be_kept_where_a_process_may_open_few_files(lake: Lake) -> None:
    """A first run may take up years of them, 1,460 each; most systems give a process 1,024 files unless it asks."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    many = list(windows.between("2026-01-01-00:00", "2026-06-30-18:00"))
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, hard))
    try:
        with lake.claimed(many), pytest.raises(LakeError, match=many[-1].key), lake.claimed(many[-1:]):
            pass
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_runs_of_one_window_are_kept_apart_and_those_of_others_are_not(lake: Lake, tmp_path: Path) -> None:
    """Whatever state folder the other has: the lock lies beside the catalog."""
    other = Lake(load(state_dir=tmp_path / "elsewhere", catalog_uri=lake._settings.catalog), lake._store)
    early, middle, late = (windows.parse(key) for key in KEYS[:3])
    with lake.claimed([early, middle]):
        with other.claimed([late]):
            pass
        with (
            pytest.raises(LakeError, match=rf"Window {middle.key} is being run by another process"),
            other.claimed([late, middle]),
        ):
            pass
        with other.claimed([late]):  # what is refused keeps nothing
            pass
    with other.claimed([middle, late]):
        pass


# --- lost answers ---------------------------------------------------------------------------------------------------

LOST = [
    CommitStateUnknownException("504 Gateway Timeout"),
    OperationalError("COMMIT", {}, Exception("server closed the connection unexpectedly")),
    InterfaceError("COMMIT", {}, Exception("connection already closed")),
    requests.exceptions.ReadTimeout("the catalog said nothing for 30 s"),
]


def _lose(monkeypatch: pytest.MonkeyPatch, error: Exception, before: bool, meanwhile: Callable[[], Any]) -> list[str]:
    """Make the next commit's answer an error, before or after it takes effect; gives what was tried."""
    original, tried = SqlCatalog.commit_table, list[str]()

    def lossy(self: SqlCatalog, *args: Any) -> Any:
        tried.append("lost" if not tried else "came through")
        if tried == ["lost"]:
            if not before:
                original(self, *args)
            meanwhile()
            raise error
        return original(self, *args)

    monkeypatch.setattr(SqlCatalog, "commit_table", lossy)
    return tried


@pytest.mark.parametrize("error", LOST, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("before", [True, False], ids=["before it took place", "after it took place"])
def test_a_commit_whose_answer_is_lost_takes_place_once(
    lake: Lake, put: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, error: Exception, before: bool
) -> None:
    put(MORNING, "old")
    tried = _lose(monkeypatch, error, before, lambda: None)
    done = put(MORNING, "new", run="run-2")
    assert tried == (["lost", "came through"] if before else ["lost"])
    assert names(lake) == ["new"]
    table = lake.catalog.load_table(SMALL.table)
    assert len(table.snapshots()) == 2
    assert (done.changed, done.snapshot) == (True, table.metadata.current_snapshot_id)


def test_a_lost_commit_that_another_replaced_meanwhile_is_not_written_again(
    lake: Lake, put: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the content alone it would seem that ours never took place, and it would undo the later one."""
    put(MORNING, "old")
    monkeypatch.setattr(tables, "_TURN_SECONDS", 0.01)
    theirs = stage(tmp_path / "other", SMALL, MORNING, [{"name": "theirs"}], "run-3")
    other = lake_in(tmp_path / "state")
    _lose(monkeypatch, LOST[0], False, lambda: other.commit(theirs, "run-3"))
    done = put(MORNING, "ours", run="run-2")
    assert names(lake) == ["theirs"]
    _, ours, _ = lake.catalog.load_table(SMALL.table).snapshots()
    assert (done.changed, done.snapshot) == (True, ours.snapshot_id)


def test_a_catalog_that_stays_away_is_an_error_that_says_so_and_the_next_run_finds_what_took_place(
    lake: Lake, put: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    put(MORNING, "old")
    monkeypatch.setattr(tables, "_ATTEMPTS", 3)
    with monkeypatch.context() as away:
        original = SqlCatalog.commit_table

        def vanish(self: SqlCatalog, *args: Any) -> Any:
            original(self, *args)
            away.setattr(SqlCatalog, "load_table", lost)
            raise LOST[1]

        def lost(self: SqlCatalog, *args: Any) -> Any:
            raise LOST[1]

        away.setattr(SqlCatalog, "commit_table", vanish)
        with pytest.raises(LakeError, match=rf"lake\.samples, window {MORNING}.*server closed the connection"):
            put(MORNING, "new")
    assert names(lake) == ["new"]
    assert not put(MORNING, "new", run="run-3").changed


def test_a_catalog_whose_tables_another_makes_at_the_same_time_opens(
    lake: Lake, tmp_path: Path, put: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    original, lost = SqlCatalog.create_tables, list[bool]()

    def race(self: SqlCatalog) -> None:
        lost.append(True)
        if len(lost) == 3:
            monkeypatch.setattr(SqlCatalog, "create_tables", original)
            assert lake_in(tmp_path / "state").catalog
        raise OperationalError("CREATE TABLE", {}, Exception("table iceberg_tables already exists"))

    monkeypatch.setattr(SqlCatalog, "create_tables", race)
    put(MORNING, "a")
    assert names(lake) == ["a"]


# --- clocks ---------------------------------------------------------------------------------------------------------


def test_a_clock_that_was_set_back_does_not_turn_the_order_of_commits(
    lake: Lake, put: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Engines refuse a table whose history goes back in time, and what it was as of an instant would be ambiguous."""
    put(MORNING, "first")
    right = time.time()
    with monkeypatch.context() as wrong:
        wrong.setattr(time, "time", lambda: right - 7 * 86_400)
        put(MORNING, "second")
        put(NOON, "third")
    between = _after_now()
    put(MORNING, "fourth")
    assert (names(lake, MORNING), names(lake, NOON)) == (["fourth"], ["third"])
    times = [entry.timestamp_ms for entry in lake.catalog.load_table(SMALL.table).history()]
    assert times == sorted(set(times))
    then = lake.dataset(SMALL, between).to_table(columns=["name"]).sort_by("name").to_pylist()
    assert [row["name"] for row in then] == ["second", "third"]


# --- killed -----------------------------------------------------------------------------------------------------------

_KILLED = """
import os, signal, sys
from pathlib import Path
from pyiceberg.catalog.sql import SqlCatalog
from tests.unit.test_lake import NOON, MORNING, SMALL, lake_in
from tests.tables import stage

def die(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)

SqlCatalog.commit_table = die
folder = Path(sys.argv[1])
lake_in(folder / "state").commit(stage(folder / "child", SMALL, MORNING, [{"name": "new"}], "run-2"), "run-2")
"""


def test_a_writer_killed_between_its_file_and_its_commit_leaves_what_was(
    lake: Lake, put: Callable[..., Any], tmp_path: Path
) -> None:
    put(MORNING, "old")
    done = subprocess.run([sys.executable, "-c", _KILLED, str(tmp_path)], cwd=PROJECT, capture_output=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert len(list((tmp_path / "state" / "lake" / "processed").rglob("*.parquet"))) == 2, "its file was there"
    assert names(lake) == ["old"]
    put(MORNING, "new", run="run-3")
    assert names(lake) == ["new"]


# --- any history ------------------------------------------------------------------------------------------------------

CONTENTS: list[list[str]] = [[], ["a"], ["b", "c"], ["a", "d"]]
histories = st.lists(st.tuples(st.sampled_from(KEYS[2:5]), st.sampled_from(CONTENTS)), min_size=1, max_size=8)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=histories)
def test_after_any_history_of_commits_the_lake_is_what_a_dictionary_would_be(
    tmp_path_factory: pytest.TempPathFactory, history: list[tuple[str, list[str]]]
) -> None:
    folder = tmp_path_factory.mktemp("history")
    lake = lake_in(folder / "state")
    model: dict[str, list[str]] = {}
    seen: list[tuple[datetime, dict[str, list[str]]]] = []
    for at, (key, rows) in enumerate(history):
        run = f"run-{at}"
        done = lake.commit(stage(folder, SMALL, key, [{"name": name} for name in rows], run), run)
        assert done.changed == (model.get(key, []) != rows)
        model = {k: v for k, v in (model | {key: rows}).items() if v}
        assert {k: names(lake, k) for k in lake.held(SMALL)} == model
        seen.append((_after_now(), model))
    for instant, then in random.Random(0).sample(seen, min(3, len(seen))):
        found: dict[str, list[str]] = {}
        for row in lake.dataset(SMALL, instant).to_table().to_pylist():
            found.setdefault(row["window_key"], []).append(row["name"])
        assert found == then
