"""Rows taken out of a table are out of everything that a name leads to, and out of the store."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from fastavro import reader

from muniment.contract import Column
from muniment.lake import Lake, LakeError, tables
from muniment.lake.cleansing import Cleansing
from tests.tables import COLUMNS, contract_of, stage
from tests.unit.test_lake_maintenance import DAYS, SMALL, House

SECRET = "Philippa Quillfeather"


def without(rows: pa.Table) -> pa.Table:
    """The rows that do not name the person."""
    kept = rows.filter(pc.not_equal(rows["name"], SECRET))
    return kept if len(kept) < len(rows) else rows


def cleanse(house: House, *keys: str) -> Any:
    return Cleansing(house.lake, house.store, house.folder / "scratch", "erasure-1").cleanse(SMALL, keys, without)


def traces(house: House) -> list[str]:
    """Files that hold the name, or the beginning of it that Iceberg keeps as a least or greatest value."""
    found = []
    for info in house.store.list():
        path = house.store.path(info.key)  # type: ignore[attr-defined]
        text = path.read_bytes().decode("latin-1")
        if path.suffix == ".avro":
            with path.open("rb") as file:
                text = str(list(reader(file)))
        if path.suffix == ".parquet":
            text = str(pa.parquet.read_table(path).to_pylist())
        if SECRET[:16] in text:
            found.append(info.key)
    return found


@pytest.fixture
def house(tmp_path: Path) -> House:
    house = House(tmp_path)
    house.fill(DAYS[:6])
    house.put(DAYS[1], "before", SECRET)
    house.table.manage_snapshots().create_tag(house.table.current_snapshot().snapshot_id, "release-1").commit()
    house.put(DAYS[1], "after", SECRET)
    house.put(DAYS[2], SECRET)
    return house


def test_a_person_is_out_of_the_current_state_the_tags_and_the_store(house: House) -> None:
    assert traces(house)
    came = cleanse(house, DAYS[1], DAYS[2])
    assert set(came.refs) == {"main", "release-1"}
    assert traces(house) == []
    assert house.names(DAYS[1]) == ["after"]
    assert house.names(DAYS[2]) == []
    assert SECRET not in house.by_iceberg()
    tagged = house.table.metadata.refs["release-1"].snapshot_id
    assert "before" in house.by_iceberg(tagged)
    assert f"{DAYS[2]} a" in house.by_iceberg(tagged)
    assert {one.snapshot_id for one in house.table.metadata.snapshots} == {
        ref.snapshot_id for ref in house.table.metadata.refs.values()
    }


def test_what_another_writer_puts_beside_the_table_meanwhile_is_left_to_it(house: House, tmp_path: Path) -> None:
    """The catalog may be about to name it: a tag that is taken away, a window that was not known before."""
    spool = tmp_path / "spool"
    spool.touch()
    folder = f"iceberg/{SMALL.table.replace('.', '/')}/metadata"
    places = [f"{folder}/{name}" for name in ("00099-x.metadata.json", "x-m0.avro")]

    def beside(rows: pa.Table) -> pa.Table:
        for place in places:
            if not house.store.exists(place):
                house.store.create(place, spool)
        return without(rows)

    cleansing = Cleansing(house.lake, house.store, house.folder / "scratch", "erasure-1")
    assert cleansing.cleanse(SMALL, DAYS[1:3], beside).files
    assert all(map(house.store.exists, places))


def test_it_waits_for_who_writes_to_the_table_and_says_so_after_long(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "_TURN_SECONDS", 0.01)
    with House(house.folder).lake.turn(SMALL), pytest.raises(LakeError, match=f"writing to {SMALL.table} for long"):
        cleanse(house, DAYS[1])
    assert traces(house)


def test_names_are_given_and_taken_in_turn_with_other_writers(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[str] = []
    turn = Lake.turn
    monkeypatch.setattr(Lake, "turn", lambda lake, contract: waited.append(contract.table) or turn(lake, contract))
    house.lake.tag(SMALL, "release-2", house.table.current_snapshot().snapshot_id)
    house.lake.untag(SMALL, ["release-2"])
    assert waited == [SMALL.table, SMALL.table]


def test_all_other_rows_stay_as_they_were_also_in_shared_files(house: House) -> None:
    house.keep_up()
    before = {key: names for key in DAYS[:6] if (names := [one for one in house.names(key) if one != SECRET])}
    contents = house.contents()
    cleanse(house, DAYS[1], DAYS[2])
    assert {key: house.names(key) for key in house.held()} == before
    kept = set(DAYS[:6]) - {DAYS[1], DAYS[2]}
    assert {key: house.contents()[key] for key in kept} == {key: contents[key] for key in kept}
    assert traces(house) == []


def test_a_column_that_was_dropped_stays_in_the_other_windows_of_a_shared_file_alone(tmp_path: Path) -> None:
    """In the windows concerned nobody can tell whether it names the person."""
    house = House(tmp_path)
    for key, person in zip(DAYS[1:4], (SECRET, "another", "another"), strict=True):
        rows = [{"name": person, "note": SECRET}, {"name": "a", "note": "kept"}]
        house.lake.commit(stage(tmp_path, SMALL, key, rows), "run-1")
    house.keep_up()
    with house.table.update_schema(allow_incompatible_changes=True) as update:
        update.delete_column("note")
    contents = house.contents()
    erasing = Cleansing(house.lake, house.store, tmp_path / "scratch", "erasure-1")
    erasing.cleanse(contract_of(COLUMNS[0]), DAYS[1:3], without)
    came = {key for key in DAYS[1:4] if house.contents()[key] != contents[key]}
    assert came == set(DAYS[1:3]), "a run of them with the column would put its values back"
    rows = [row for batch in house.lake.scan(SMALL) for row in batch.to_pylist()]
    assert [row["note"] for row in rows if row["window_key"] in came] == [None, None, None]
    assert [row["note"] for row in rows if row["window_key"] not in came] == [SECRET, "kept"]


def test_a_window_has_the_content_that_a_run_of_it_would_give(house: House) -> None:
    cleanse(house, DAYS[1], DAYS[2])
    before = house.table.current_snapshot().snapshot_id
    house.put(DAYS[1], "after", run="run-2")
    assert house.table.current_snapshot().snapshot_id == before


def test_a_table_that_lacks_a_new_column_of_its_contract_is_cleansed_all_the_same(house: House) -> None:
    newer = contract_of(*COLUMNS[:2], Column("added", "text", "A later column"))
    Cleansing(house.lake, house.store, house.folder / "scratch", "erasure-1").cleanse(newer, DAYS[1:3], without)
    assert traces(house) == []
    assert house.names(DAYS[1]) == ["after"]


def test_doing_it_again_changes_nothing(house: House) -> None:
    cleanse(house, DAYS[1], DAYS[2])
    before = house.on_disk()
    assert cleanse(house, DAYS[1], DAYS[2]).refs == ()
    assert house.on_disk() == before


def test_what_was_left_by_one_that_was_killed_goes_as_well(house: House) -> None:
    held = house.held()[DAYS[1]].path.removeprefix("file://")
    cleanse(house, DAYS[2])
    left = Path(held)
    kept = left.read_bytes()
    cleanse(house, DAYS[1])
    left.write_bytes(kept)
    cleanse(house, DAYS[1])
    assert traces(house) == []


def test_upkeep_and_erasure_keep_apart(house: House) -> None:
    with house.lake.kept_up(), pytest.raises(LakeError, match="wait for it to end"), house.lake.kept_up():
        pass
