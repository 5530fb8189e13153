"""What the lake remembers of itself: notes are added and never changed, by several writers, in an order."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pyarrow as pa
import pytest

from muniment.lake import snapshots
from muniment.lake.log import Log
from tests.unit.test_migration import lake_in

COLUMNS = pa.schema([pa.field("text", pa.string(), nullable=False), pa.field("count", pa.int64())])


def log_in(folder: Path) -> Log:
    return Log(lake_in(folder).catalog, "samples", COLUMNS)


def test_notes_are_kept_in_the_order_in_which_they_were_added(tmp_path: Path) -> None:
    log = log_in(tmp_path)
    assert log.notes() == []
    marks = [log.append(text=text, count=at) for at, text in enumerate("abc")]
    assert [(note["id"], note["text"], note["count"]) for note in log_in(tmp_path).notes()] == [
        (marks[0], "a", 0),
        (marks[1], "b", 1),
        (marks[2], "c", 2),
    ]
    assert all(note["at"].tzinfo for note in log.notes())


def test_a_note_whose_commit_was_repeated_is_one_note(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    same = SimpleNamespace(uuid4=lambda: SimpleNamespace(hex="a mark"))
    monkeypatch.setattr("muniment.lake.log.uuid", same)
    log = log_in(tmp_path)
    for _ in range(2):
        log.append(text="a")
    assert log.catalog.load_table("control.samples").scan().to_arrow().num_rows == 2
    assert [note["text"] for note in log.notes()] == ["a"]


def test_many_notes_are_put_together_and_none_is_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also one that is added while the others are put together."""
    monkeypatch.setattr("muniment.lake.log._MANY", 3)
    log = log_in(tmp_path)
    log.tidy()
    for at in range(5):
        log.append(text=f"note {at}", count=at)
    before, original = log.notes(), snapshots.rewrite

    def late(*given: Any) -> None:
        log_in(tmp_path).append(text="late")
        original(*given)

    monkeypatch.setattr(snapshots, "rewrite", late)
    log.tidy()
    assert [note["text"] for note in log.notes()] == [*(note["text"] for note in before), "late"]
    monkeypatch.setattr(snapshots, "rewrite", original)
    log.tidy()
    table = log.catalog.load_table("control.samples")
    assert len(table.snapshots()) == 1
    assert len(list(table.scan().plan_files())) <= 2
    assert log.notes()[:5] == before
    log.append(text="after")
    assert [note["text"] for note in log_in(tmp_path).notes()][-2:] == ["late", "after"]


def test_several_writers_at_once_lose_no_note(tmp_path: Path) -> None:
    def write(writer: int) -> list[Any]:
        log = log_in(tmp_path)
        return [log.append(text=f"{writer} {at}") for at in range(4)]

    with ThreadPoolExecutor(3) as pool:
        marks = {mark for found in pool.map(write, range(3)) for mark in found}
    assert {note["id"] for note in log_in(tmp_path).notes()} == marks
    assert len(marks) == 12
