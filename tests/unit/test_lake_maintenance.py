"""Upkeep of the lake: files and snapshots become fewer, and nothing that anyone may ask for changes."""

import itertools
import os
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from muniment import windows
from muniment.contract import Column, Contract
from muniment.lake import Lake, LakeError, files
from muniment.lake.maintenance import Policy, Report, Upkeep, believed
from muniment.lake.tables import HISTORY, Held
from muniment.objects import FolderStore, open_store
from muniment.settings import load
from tests.tables import COLUMNS, VECTORS, contract_of, plain, stage

DAYS = [window.key for window in windows.between("2024-03-06-18:00", "2024-03-10-12:00")]
SMALL = contract_of(*COLUMNS[:2])
NOTHING_KEPT = Policy(keep=timedelta(0), grace=timedelta(0))
ALL_KEPT = Policy(keep=timedelta(days=30))


class House:
    """A lake with a table, and what is done to it."""

    def __init__(self, folder: Path, contract: Contract = SMALL, **settings: str) -> None:
        self.folder, self.contract = folder, contract
        chosen = load(state_dir=folder / "state", **settings)
        self.store = open_store(chosen.lake, chosen)
        self.lake = Lake(chosen, self.store)
        self._upkeeps = itertools.count()

    def put(self, key: str, *names: str, run: str = "run-1") -> None:
        self.lake.commit(stage(self.folder, self.contract, key, [{"name": name} for name in names], run), run)

    def fill(self, keys: list[str] = DAYS) -> None:
        for key in keys:
            self.put(key, f"{key} a", f"{key} b")

    def upkeep(self, policy: Policy = ALL_KEPT, now: datetime | None = None, *, dry: bool = False) -> Upkeep:
        run_id, soon = f"upkeep-{next(self._upkeeps)}", datetime.now(UTC) + timedelta(hours=1)
        return Upkeep(self.lake, self.store, self.folder / "scratch", run_id, now or soon, policy, dry)

    def keep_up(self, policy: Policy = ALL_KEPT, now: datetime | None = None, *, dry: bool = False) -> Report:
        report = self.upkeep(policy, now, dry=dry).keep_up(self.contract)
        assert report is not None
        return report

    @property
    def table(self) -> Any:
        return self.lake.catalog.load_table(self.contract.table)

    def held(self, as_of: datetime | None = None) -> dict[str, Held]:
        return dict(self.lake.held(self.contract, as_of))

    def contents(self, as_of: datetime | None = None) -> dict[str, tuple[str, int]]:
        return {key: (held.content_id, held.rows) for key, held in self.held(as_of).items()}

    def names(self, key: str | None = None) -> list[str]:
        batches = self.lake.scan(self.contract, windows.parse(key) if key else None, ["name"])
        return [row["name"] for batch in batches for row in batch.to_pylist()]

    def by_iceberg(self, snapshot: int | None = None) -> list[str]:
        """The names as another reader of Iceberg finds them."""
        return sorted(self.table.scan(snapshot_id=snapshot).to_arrow().column("name").to_pylist())

    def on_disk(self) -> dict[str, int]:
        return {info.key: info.size for info in self.store.list()}


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


@pytest.fixture(scope="module")
def joined(tmp_path_factory: pytest.TempPathFactory) -> tuple[House, dict[str, Any]]:
    """A table after its first upkeep, and what was there before it; for tests that only look."""
    house = House(tmp_path_factory.mktemp("joined"))
    house.fill()
    before = {"contents": house.contents(), "names": house.names(), "report": house.keep_up()}
    return house, before


# --- compaction -------------------------------------------------------------------------------------------------------


def test_the_windows_of_a_day_come_to_share_a_file(joined: tuple[House, dict[str, Any]]) -> None:
    house, before = joined
    days = {windows.parse(key).path for key in DAYS}
    assert len({held.path for held in house.held().values()}) == len(days) < len(DAYS)
    compaction = before["report"].steps[0]
    assert (compaction.before.files, compaction.after.files) == (len(DAYS), len(days))
    assert 0 < compaction.after.bytes < compaction.before.bytes


def test_nothing_that_the_warehouse_or_a_reader_goes_by_is_changed(joined: tuple[House, dict[str, Any]]) -> None:
    house, before = joined
    assert house.contents() == before["contents"]
    assert house.names() == before["names"] == sorted(before["names"]), "in time order"
    assert [house.names(key) for key in DAYS] == [[f"{key} a", f"{key} b"] for key in DAYS]
    assert house.by_iceberg() == sorted(before["names"])
    assert sorted(house.lake.dataset(SMALL).to_table().column("name").to_pylist()) == sorted(before["names"])
    for key in DAYS:
        house.put(key, f"{key} a", f"{key} b", run="run-9")
    assert house.contents() == before["contents"]
    assert {row["run_id"] for batch in house.lake.scan(SMALL) for row in batch.to_pylist()} == {"run-1"}


def test_each_window_of_a_shared_file_lies_in_row_groups_of_its_own(joined: tuple[House, dict[str, Any]]) -> None:
    house, _ = joined
    for held in house.held().values():
        metadata = pq.ParquetFile(held.path.removeprefix("file://")).metadata
        column = metadata.schema.to_arrow_schema().get_field_index("window_key")
        for number in range(metadata.num_row_groups):
            statistics = metadata.row_group(number).column(column).statistics
            assert statistics.min == statistics.max


def test_reading_a_window_of_a_shared_file_reads_nothing_of_the_others(joined: tuple[House, dict[str, Any]]) -> None:
    house, _ = joined
    for key, held in house.held().items():
        [file] = files.opened(house.store, [held.path], SMALL.arrow_schema).get_fragments()
        groups = file.split_by_row_group(files.of_windows([key]))
        assert sum(part.num_rows for group in groups for part in group.row_groups) == held.rows


def test_upkeep_of_what_is_kept_up_does_nothing(house: House) -> None:
    house.fill(DAYS[:6])
    house.keep_up(NOTHING_KEPT)
    before, snapshot = house.on_disk(), house.table.current_snapshot().snapshot_id
    report = house.keep_up(NOTHING_KEPT)
    assert (house.on_disk(), house.table.current_snapshot().snapshot_id) == (before, snapshot)
    assert all(step.before == step.after for step in report.steps)


def test_a_day_that_is_not_over_since_a_day_is_left_alone(house: House) -> None:
    house.fill()
    first_day = windows.parse(DAYS[0]).start.replace(hour=0, minute=0)
    for now, shared in ((first_day + timedelta(hours=47), 0), (first_day + timedelta(hours=48), 1)):
        house.keep_up(now=now)
        locations = [held.path for held in house.held().values()]
        assert len(locations) - len(set(locations)) > 0 if shared else len(locations) == len(set(locations))


def test_files_that_are_large_enough_are_not_joined(house: House) -> None:
    house.fill(DAYS[:4])
    size = max(file.file_size_in_bytes for file in (task.file for task in house.table.scan().plan_files()))
    house.keep_up(replace(ALL_KEPT, target_bytes=size))
    assert len({held.path for held in house.held().values()}) == 4
    house.keep_up(replace(ALL_KEPT, target_bytes=2 * size))
    assert len({held.path for held in house.held().values()}) == 2


def test_replacing_one_window_of_a_shared_file_carries_the_others_in_the_same_snapshot(house: House) -> None:
    house.fill(DAYS[1:5])
    house.keep_up()
    before, snapshots = house.contents(), len(house.table.snapshots())
    house.put(DAYS[2], "new", run="run-2")
    assert len(house.table.snapshots()) == snapshots + 1
    others = {key: content for key, content in house.contents().items() if key != DAYS[2]}
    assert others == {key: content for key, content in before.items() if key != DAYS[2]}
    assert house.names() == [
        name for key in DAYS[1:5] for name in (["new"] if key == DAYS[2] else [f"{key} a", f"{key} b"])
    ]
    assert house.by_iceberg() == sorted(house.names())
    runs = {row["name"]: row["run_id"] for batch in house.lake.scan(SMALL) for row in batch.to_pylist()}
    assert {run for name, run in runs.items() if name != "new"} == {"run-1"}
    assert runs["new"] == "run-2"


def test_removing_the_windows_of_a_shared_file_one_by_one_leaves_the_rest_each_time(house: House) -> None:
    house.fill(DAYS[1:5])
    house.keep_up()
    for at in range(1, 5):
        house.put(DAYS[at])
        assert list(house.contents()) == DAYS[at + 1 : 5]
    assert (house.names(), house.by_iceberg()) == ([], [])


def test_vectors_and_rows_of_many_groups_are_carried_as_they_are(tmp_path: Path) -> None:
    house = House(tmp_path, VECTORS)
    rows = [{"name": f"{at:05}", "note": None, "vector": [at, 0.5, -1.0] if at % 7 else None} for at in range(4_500)]
    for key in DAYS[1:4]:
        house.lake.commit(stage(tmp_path, VECTORS, key, rows), "run-1")
    house.keep_up()
    for key in DAYS[1:4]:
        found = [row for batch in house.lake.scan(VECTORS, windows.parse(key)) for row in batch.to_pylist()]
        assert [row["name"] for row in found] == [row["name"] for row in rows], "in their order"
        assert plain(found) == plain(rows)


def test_columns_that_came_later_or_were_renamed_are_found_in_shared_files(house: House, tmp_path: Path) -> None:
    house.lake.commit(stage(tmp_path, SMALL, DAYS[1], [{"name": "a", "note": "kept"}]), "run-1")
    with house.table.update_schema() as update:
        update.rename_column("note", "remark")
    wider = contract_of(COLUMNS[0], replace(COLUMNS[1], name="remark"), Column("later", "bigint", "Came later"))
    house.lake.commit(stage(tmp_path, wider, DAYS[2], [{"name": "b", "remark": "x", "later": 5}]), "run-2")
    before = house.table.scan().to_arrow().sort_by("name").to_pylist()
    house.keep_up()
    assert len({held.path for held in house.held().values()}) == 1
    assert house.table.scan().to_arrow().sort_by("name").to_pylist() == before
    found = [row for batch in house.lake.scan(wider) for row in batch.to_pylist()]
    assert [(row["name"], row["remark"], row["later"]) for row in found] == [("a", "kept", None), ("b", "x", 5)]


def test_files_with_a_column_that_was_dropped_stay_as_they_are_because_it_may_come_back(house: House) -> None:
    house.fill(DAYS[1:5])
    with house.table.update_schema(allow_incompatible_changes=True) as update:
        update.delete_column("note")
    assert house.keep_up().steps[0].after.files == 4


# --- beside writers ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("same", [False, True], ids=["another window", "a window that was being joined"])
def test_a_writer_that_comes_between_keeps_its_rows(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, same: bool
) -> None:
    """It commits after upkeep has written the shared file and before that is swapped in."""
    house.fill(DAYS[:8])
    original = Upkeep._commit

    def late(self: Upkeep, contract: Contract, found: Any) -> None:
        House(tmp_path).put(DAYS[2] if same else DAYS[8], "theirs", run="run-2")
        original(self, contract, found)

    monkeypatch.setattr(Upkeep, "_commit", late)
    report = house.keep_up()
    assert house.names(DAYS[2] if same else DAYS[8]) == ["theirs"]
    assert house.names(DAYS[1]) == [f"{DAYS[1]} a", f"{DAYS[1]} b"]
    assert len(house.names()) == (15 if same else 17)
    assert report.steps[0].after.files == (5 if same else 3), "the day that changed waits for next time"
    monkeypatch.undo()
    house.keep_up()
    assert len(house.names()) == (15 if same else 17)
    assert len({held.path for held in house.held().values()}) == (2 if same else 3)


def test_a_tag_set_while_snapshots_are_let_go_keeps_its_snapshot(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pyiceberg.catalog.sql import SqlCatalog

    house.put(DAYS[1], "a")
    house.put(DAYS[1], "b")
    first = house.table.snapshots()[0].snapshot_id
    original = SqlCatalog.commit_table

    def tagged(self: SqlCatalog, table: Any, requirements: Any, updates: Any) -> Any:
        monkeypatch.setattr(SqlCatalog, "commit_table", original)
        House(tmp_path).table.manage_snapshots().create_tag(first, "just-now").commit()
        return original(self, table, requirements, updates)

    monkeypatch.setattr(SqlCatalog, "commit_table", tagged)
    house.upkeep(NOTHING_KEPT).expire(SMALL)
    assert house.table.refs()["just-now"].snapshot_id == first
    assert house.by_iceberg(first) == ["a"]


# --- manifests --------------------------------------------------------------------------------------------------------


def test_manifests_of_replaced_windows_do_not_pile_up(house: House) -> None:
    def manifests() -> int:
        return len(house.table.current_snapshot().manifests(house.table.io))

    for at in range(12):
        house.put(DAYS[at % 2], f"version {at}")
    assert manifests() > 8
    house.keep_up(now=windows.parse(DAYS[0]).start)  # when no day is over, so that nothing is joined
    assert manifests() == 1
    assert house.names() == ["version 10", "version 11"]
    assert house.by_iceberg() == ["version 10", "version 11"]


def test_manifests_forget_files_that_were_joined(house: House) -> None:
    """Else looking for one window would mean reading of all that lay there before."""
    keys = [window.key for window in windows.between("2026-02-01-00:00", "2026-02-05-18:00")]
    house.fill(keys)
    names, contents = house.names(), house.contents()
    house.keep_up()
    [manifest] = house.table.current_snapshot().manifests(house.table.io)
    files = {held.path for held in house.held().values()}
    assert len(files) * 3 < len(keys)
    assert (manifest.existing_files_count, manifest.deleted_files_count) == (len(files), 0)
    assert (house.names(), house.contents(), house.by_iceberg()) == (names, contents, sorted(names))
    before = house.table.metadata_location
    house.keep_up()
    assert house.table.metadata_location == before, "it is done once"


def test_a_table_whose_windows_are_all_gone_can_be_kept_up(house: House) -> None:
    house.put(DAYS[0])
    assert not house.keep_up(NOTHING_KEPT).error
    for at in range(5):
        house.put(DAYS[0], f"version {at}")
        house.put(DAYS[0])
    house.keep_up(NOTHING_KEPT)
    assert (house.names(), house.by_iceberg()) == ([], [])
    house.put(DAYS[0], "again")
    assert house.by_iceberg() == ["again"]


# --- expiry -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def told(house: House) -> list[datetime]:
    """Four versions of a window; the instants after each."""
    instants = []
    for version in "abcd":
        house.put(DAYS[1], version)
        instants.append(_after_now())
    return instants


def _after_now() -> datetime:
    from tests.unit.test_lake import _after_now

    return _after_now()


def _keep_since(house: House, since: datetime) -> Report:
    """Upkeep that keeps what was current from an instant on."""
    soon = datetime.now(UTC) + timedelta(hours=1)
    return house.keep_up(Policy(keep=soon - since, grace=timedelta(0)), soon)


def test_every_instant_in_the_time_kept_is_answered_as_before(house: House, told: list[datetime]) -> None:
    """Also by a snapshot that is older than that time, because it was still current in it."""
    _keep_since(house, told[1])
    rows = [house.lake.dataset(SMALL, instant).to_table().column("name").to_pylist() for instant in told[1:]]
    assert rows == [["b"], ["c"], ["d"]]
    assert len(house.table.snapshots()) == 3


def test_an_instant_before_the_time_kept_is_refused_and_not_answered_by_another(
    house: House, told: list[datetime]
) -> None:
    _keep_since(house, told[2])
    for instant in (told[0], told[1], datetime(1, 1, 1, tzinfo=UTC)):
        with pytest.raises(LakeError, match=r"lake\.samples can be asked back to .*MUNIMENT_SNAPSHOT_DAYS"):
            house.held(instant)


def test_what_was_let_go_stays_refused_when_more_is_kept_from_then_on(house: House, told: list[datetime]) -> None:
    """Else a snapshot that a tag has kept would answer for those that are gone."""
    first, second, *_ = (snapshot.snapshot_id for snapshot in house.table.snapshots())
    house.table.manage_snapshots().create_tag(first, "one").create_tag(second, "two").commit()
    _keep_since(house, told[3])
    house.put(DAYS[1], "e")
    house.table.manage_snapshots().remove_tag("one").remove_tag("two").commit()
    _keep_since(house, told[2])
    assert first not in {snapshot.snapshot_id for snapshot in house.table.snapshots()}
    for instant in told[:3]:
        with pytest.raises(LakeError, match="can be asked back to"):
            house.held(instant)


def test_upkeep_without_anything_to_let_go_makes_no_past_unaskable(house: House, told: list[datetime]) -> None:
    house.keep_up()
    assert house.lake.dataset(SMALL, told[0]).to_table().column("name").to_pylist() == ["a"]
    assert house.held(datetime(1, 1, 1, tzinfo=UTC)) == {}


def test_what_a_tag_or_a_branch_names_stays_with_its_files(house: House, told: list[datetime]) -> None:
    first, second, *_ = (snapshot.snapshot_id for snapshot in house.table.snapshots())
    house.table.manage_snapshots().create_tag(first, "release-1").create_branch(second, "of-a-developer").commit()
    house.keep_up(NOTHING_KEPT)
    assert len(house.table.snapshots()) == 3
    assert (house.by_iceberg(first), house.by_iceberg(second), house.by_iceberg()) == (["a"], ["b"], ["d"])


def test_a_clock_that_ran_ahead_of_every_change_is_not_believed(house: House, told: list[datetime]) -> None:
    ahead, soon = datetime(2199, 1, 1, tzinfo=UTC), datetime.now(UTC) + timedelta(days=10)
    empty = contract_of(*COLUMNS[:2], name="empty")
    changed = house.table.metadata.last_updated_ms / 1000
    assert believed(house.lake, [SMALL, empty], ahead) == datetime.fromtimestamp(changed, UTC)
    assert believed(house.lake, [SMALL, empty], soon) == soon
    assert believed(house.lake, [empty], ahead) == ahead, "nothing is there that could be too old"


# --- orphans ----------------------------------------------------------------------------------------------------------


def _unfinished(house: House) -> str:
    """The key of a file that a writer stored and did not commit."""
    staged = stage(house.folder / "unfinished", SMALL, DAYS[3], [{"name": "lost"}])
    [location] = house.lake._store_rows(staged, files.stamp_of("killed"))
    return location.removeprefix(house.store.location(""))


def _aged(house: House, hours: int) -> None:
    """Make everything in the store older."""
    for key in house.on_disk():
        path = house.folder / "state" / "lake" / key
        at = path.stat().st_mtime - hours * 3600
        os.utime(path, (at, at))


def test_files_go_when_no_snapshot_needs_them_any_more(house: House, told: list[datetime]) -> None:
    report = house.keep_up(NOTHING_KEPT)
    data = [key for key in house.on_disk() if key.startswith("processed/")]
    assert len(data) == 1
    expiry, orphans = report.steps[2:]
    assert (expiry.before.files, expiry.after.files) == (4, 1)
    assert orphans.before.files - orphans.after.files >= 3
    assert orphans.after.files == len(house.on_disk())
    assert orphans.after.bytes == sum(house.on_disk().values())
    assert house.names() == ["d"]


def test_what_a_killed_writer_left_goes_after_a_day_and_not_before(house: House) -> None:
    unfinished = _unfinished(house)
    house.put(DAYS[1], "a")
    _aged(house, 22)
    house.keep_up()
    assert unfinished in house.on_disk()
    _aged(house, 2)
    house.keep_up()
    assert unfinished not in house.on_disk()
    assert house.names() == ["a"]


def test_a_file_that_is_being_deleted_is_never_taken_up_by_a_writer_of_the_same_content(house: House) -> None:
    """Its name has the run in it: the writer stores another."""
    unfinished = _unfinished(house)
    house.put(DAYS[3], "lost", run="run-2")
    [held] = house.held().values()
    assert not held.path.endswith(unfinished)
    house.store.delete(unfinished)
    assert house.names() == ["lost"]


STRANGERS = [
    "raw/objects/0123",
    "register/00000001.json",
    "parsed/0123.parquet",
    "processed/outcomes/year=2024/month=03/day=07/2024-03-07-0000.documents.objects.parquet",
    "processed/lake.samples/README.txt",
    "processed/lake.samples/year=2024/month=03/day=07/export.parquet",
    "processed/lake.samples2/year=2024/month=03/day=07/2024-03-07-0000.0123456789abcdef.1.01234567.parquet",
    "iceberg/lake/samples/notes.avro",
    "iceberg/lake/samples/metadata/notes.txt",
    "iceberg/lake/other/metadata/00000-a.metadata.json",
]


def test_nothing_but_files_of_the_table_is_ever_removed(house: House, tmp_path: Path, told: list[datetime]) -> None:
    (tmp_path / "strange").write_text("{}")
    for key in STRANGERS:
        house.store.create(key, tmp_path / "strange")
    _aged(house, 1000)
    house.keep_up(NOTHING_KEPT)
    assert set(STRANGERS) <= house.on_disk().keys()


def _last_snapshot(house: House) -> str:
    return str(house.table.current_snapshot().manifest_list)


def _first_manifest(house: House) -> str:
    return str(house.table.snapshots()[0].manifests(house.table.io)[0].manifest_path)


@pytest.mark.parametrize("damage", [Path.unlink, lambda path: path.write_bytes(b"Obj\1nonsense")], ids=["gone", "torn"])
@pytest.mark.parametrize("part", [_last_snapshot, _first_manifest])
def test_nothing_is_removed_when_it_cannot_be_told_what_is_needed(
    house: House, told: list[datetime], part: Callable[[House], str], damage: Callable[[Path], Any]
) -> None:
    path = Path(part(house).removeprefix("file://"))
    damage(path)
    before = house.on_disk().keys()
    report = house.keep_up(NOTHING_KEPT)
    assert "lake.samples cannot be kept up" in report.error
    assert path.name in report.error
    assert house.on_disk().keys() == before


def test_a_data_file_that_is_gone_stops_the_upkeep_of_its_table_and_says_so(house: House) -> None:
    house.fill(DAYS[1:4])
    Path(house.held()[DAYS[2]].path.removeprefix("file://")).unlink()
    report = house.keep_up(NOTHING_KEPT)
    assert "cannot be read" in report.error
    assert "backup" in report.error
    assert len(house.held()) == 3
    assert house.names(DAYS[1]) == [f"{DAYS[1]} a", f"{DAYS[1]} b"]


def test_a_data_file_that_does_not_hold_what_its_name_says_is_not_joined(house: House) -> None:
    house.fill(DAYS[1:4])
    one, other = (Path(house.held()[key].path.removeprefix("file://")) for key in DAYS[1:3])
    one.write_bytes(other.read_bytes())
    assert "has 0 rows of window" in house.keep_up().error


def test_metadata_of_a_table_whose_catalog_was_lost_is_not_removed(house: House, told: list[datetime]) -> None:
    """A run after the loss made a new table of the same name; the old one can still be registered again."""
    Path(house.folder / "state" / "catalog.db").unlink()
    house = House(house.folder)
    house.put(DAYS[1], "new")
    before = house.on_disk()
    report = house.keep_up(NOTHING_KEPT)
    assert "belongs to a former table of this name" in report.error
    assert house.on_disk().keys() >= before.keys()


def test_what_the_loser_of_a_race_to_make_the_table_left_is_no_former_table(house: House) -> None:
    house.put(DAYS[1])
    first = Path(house.table.metadata_location.removeprefix("file://"))
    left = first.with_name("00000-11111111-2222-3333-4444-555555555555.metadata.json")
    left.write_text(first.read_text().replace(str(house.table.metadata.table_uuid), str(uuid.uuid4())))
    house.put(DAYS[1], "a")
    assert not house.keep_up(NOTHING_KEPT).error
    assert not left.exists()
    assert house.names() == ["a"]


def test_a_lake_that_was_moved_is_not_taken_for_orphans(house: House, tmp_path: Path, told: list[datetime]) -> None:
    """By its new name none of the files is one that the table names."""
    (tmp_path / "other").symlink_to(tmp_path / "state" / "lake")
    house.store = FolderStore(tmp_path / "other")
    before = house.on_disk()
    assert "Was the lake moved?" in house.keep_up(NOTHING_KEPT).error
    assert house.on_disk().keys() >= before.keys()


# --- reports ----------------------------------------------------------------------------------------------------------


def test_a_dry_run_changes_nothing_and_says_what_would_be(house: House, told: list[datetime]) -> None:
    house.fill(DAYS[4:8])
    before, snapshots = house.on_disk(), house.table.snapshots()
    foreseen = house.keep_up(NOTHING_KEPT, dry=True)
    assert (house.on_disk(), house.table.snapshots()) == (before, snapshots)
    done = house.keep_up(NOTHING_KEPT)
    assert foreseen.steps[0].after.files == done.steps[0].after.files == 2
    assert foreseen.steps[3].after.files < foreseen.steps[3].before.files


def test_a_table_that_was_never_written_has_no_report(house: House) -> None:
    house.put(DAYS[0], "a")
    assert house.upkeep().keep_up(contract_of(*COLUMNS[:2], name="absent")) is None


# --- names ------------------------------------------------------------------------------------------------------------

instants = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))
contents = st.text("0123456789abcdef", min_size=16, max_size=16)


@given(instant=instants, contents=st.lists(contents, min_size=1, max_size=5), rows=st.integers(1, 10**9))
def test_a_name_says_what_its_file_holds(instant: datetime, contents: list[str], rows: int) -> None:
    window, held = windows.containing(instant), []
    for content in contents:
        held.append(files.Part(window.key, content, rows))
        window = window.next()
    name = files.name_of(held, files.stamp_of("any run"))
    assert files.parts(f"s3://bucket/processed/lake.x/year=2026/{name}", 0) == held
    assert files.is_name(name)
    assert len(name) <= 255 or not files.fits(held)


@given(instant=instants)
def test_the_windows_of_any_day_fit_into_one_name(instant: datetime) -> None:
    first = windows.containing(instant.replace(hour=7))
    day = list(itertools.takewhile(lambda window: window.path == first.path, _from(first)))
    assert files.fits(files.Part(window.key, "0" * 16, 10**9) for window in day)


def _from(window: windows.Window) -> Iterator[windows.Window]:
    while True:
        yield window
        window = window.next()


def test_names_of_before_rows_stood_in_them_are_understood() -> None:
    [part] = files.parts("file:///lake/processed/lake.x/2026-03-08-0600.0123456789abcdef.parquet", 7)
    assert part == files.Part("2026-03-08-06:00", "0123456789abcdef", 7)


def test_a_file_that_another_program_put_into_a_table_is_refused(house: House) -> None:
    house.put(DAYS[0], "a")
    path = house.folder / "state" / "lake" / "stranger.parquet"
    pq.write_table(pq.read_table(house.held()[DAYS[0]].path.removeprefix("file://")), path)
    house.table.add_files([f"file://{path}"])
    with pytest.raises(LakeError, match=r"stranger\.parquet is in a table, but Muniment did not write it"):
        house.held()


# --- any history ------------------------------------------------------------------------------------------------------


class AnyHistory(RuleBasedStateMachine):
    """Writes, upkeep and tags in any order, against a dictionary of what each window holds."""

    folders: Iterator[Path]

    @initialize()
    def begin(self) -> None:
        self.house = House(next(self.folders))
        self.model: dict[str, list[str]] = {}
        self.seen: list[tuple[datetime, dict[str, list[str]]]] = []
        self.tagged: dict[str, dict[str, list[str]]] = {}
        self.version = 0

    @rule(key=st.sampled_from(DAYS[1:7]), size=st.integers(0, 2))
    def write(self, key: str, size: int) -> None:
        self.version += 1
        rows = [f"{key} {self.version} {at}" for at in range(size)]
        self.house.put(key, *rows, run=f"run-{self.version}")
        self.model = {k: v for k, v in (self.model | {key: rows}).items() if v}
        self.seen.append((_after_now(), self.model))

    @rule(key=st.sampled_from(DAYS[1:7]))
    def write_the_same_again(self, key: str) -> None:
        before = self.house.contents()
        self.house.put(key, *self.model.get(key, []), run="run-again")
        assert self.house.contents() == before

    @precondition(lambda self: self.house.lake.exists(SMALL) and self.house.table.current_snapshot())
    @rule(step=st.sampled_from(["compact", "merge_manifests", "remove_orphans"]))
    def take_a_step(self, step: str) -> None:
        getattr(self.house.upkeep(NOTHING_KEPT), step)(SMALL)

    @precondition(lambda self: self.seen and self.house.table.current_snapshot())
    @rule(data=st.data())
    def keep_up(self, data: st.DataObject) -> None:
        since, _ = data.draw(st.sampled_from(self.seen))
        assert not _keep_since(self.house, since).error
        reach = datetime.fromisoformat(self.house.table.properties.get(HISTORY, since.isoformat()))
        self.seen = [(instant, model) for instant, model in self.seen if instant >= reach]

    @precondition(lambda self: self.house.lake.exists(SMALL) and self.house.table.current_snapshot())
    @rule()
    def tag(self) -> None:
        table, name = self.house.table, f"release-{len(self.tagged)}"
        table.manage_snapshots().create_tag(table.current_snapshot().snapshot_id, name).commit()
        self.tagged[name] = self.model

    @rule()
    def look_back(self) -> None:
        for instant, model in self.seen[-3:]:
            assert _by_window(self.house.lake.dataset(SMALL, instant).to_table().to_pylist()) == model

    @invariant()
    def the_table_is_what_the_dictionary_is(self) -> None:
        assert {key: self.house.names(key) for key in self.house.held()} == self.model

    def teardown(self) -> None:
        for name, model in getattr(self, "tagged", {}).items():
            table = self.house.table
            scan = table.scan(snapshot_id=table.refs()[name].snapshot_id)
            found = _by_window(scan.to_arrow().to_pylist())
            assert found == model, f"{name} is not what it was"


def _by_window(rows: list[dict[str, Any]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(row["window_key"], []).append(row["name"])
    return found


def _any_history(tmp_path_factory: pytest.TempPathFactory, examples: int, steps: int) -> None:
    AnyHistory.folders = (tmp_path_factory.mktemp("history") for _ in itertools.count())
    run_state_machine_as_test(
        AnyHistory,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_after_any_history_of_writes_and_upkeep_the_lake_is_what_a_dictionary_would_be(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    _any_history(tmp_path_factory, 8, 20)


@pytest.mark.attack
def test_after_hundreds_of_histories_the_lake_is_what_a_dictionary_would_be(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    _any_history(tmp_path_factory, 200, 40)
