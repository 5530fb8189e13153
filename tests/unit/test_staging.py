"""Staging: rows in bounded batches in a local file, named by what they hold and by nothing else."""

import math
import struct
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from muniment import staging, windows
from muniment.contract import Column, tables
from muniment.staging import Writer
from tests.tables import COLUMNS, EVERY_TYPE, VECTORS, Row, contract_of, plain, rows_of_every_type, stage

KEY = "2026-03-08-06:00"
FULL: Row = {
    "name": "a",
    "note": "é\n\t☃",
    "small": -(2**31),
    "large": 2**63 - 1,
    "share": -0.1,
    "amount": Decimal("-999999999999.99"),
    "area": Decimal("0.0001"),
    "day": date(1, 1, 1),
    "instant": datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
    "flag": False,
}
EMPTY: Row = {"name": "b"}


def test_values_of_every_type_and_nulls_come_back_as_they_went_in(tmp_path: Path) -> None:
    staged = stage(tmp_path, EVERY_TYPE, KEY, [FULL, EMPTY])
    [batch] = staged.batches()
    assert plain(batch.to_pylist()) == [FULL, dict.fromkeys(FULL) | EMPTY]
    assert staged.rows == 2


def test_vectors_come_back_as_they_went_in(tmp_path: Path) -> None:
    rows: list[Row] = [
        {"name": "a", "note": None, "vector": [1.0, -0.5, 0.0]},
        {"name": "b", "note": None, "vector": None},
        {"name": "c", "note": None, "vector": []},
    ]
    [batch] = stage(tmp_path, VECTORS, KEY, rows).batches()
    assert plain(batch.to_pylist()) == rows


def test_every_row_bears_its_window_and_run(tmp_path: Path) -> None:
    [batch] = stage(tmp_path, EVERY_TYPE, KEY, [FULL, EMPTY], "run-7").batches(["window_start", "window_key", "run_id"])
    window = windows.parse(KEY)
    assert batch.to_pylist() == [{"window_start": window.start, "window_key": KEY, "run_id": "run-7"}] * 2


def test_the_file_has_the_schema_of_its_contract(tmp_path: Path) -> None:
    for contract in tables():
        staged = stage(tmp_path, contract, KEY, [])
        assert pq.read_schema(staged.path).equals(contract.arrow_schema), contract.table


def test_a_batch_without_rows_is_a_file_without_rows(tmp_path: Path) -> None:
    staged = stage(tmp_path, EVERY_TYPE, KEY, [])
    assert (staged.rows, sum(batch.num_rows for batch in staged.batches())) == (0, 0)
    assert staged.path.is_file()


def test_rows_are_written_and_read_in_bounded_batches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staging, "ROWS", 10)
    staged = stage(tmp_path, EVERY_TYPE, KEY, ({"name": str(at)} for at in range(95)))
    assert [batch.num_rows for batch in staged.batches()] == [10] * 9 + [5]
    with pq.ParquetFile(staged.path) as file:
        assert max(file.metadata.row_group(at).num_rows for at in range(file.num_row_groups)) == 10


def test_the_name_of_a_content_does_not_depend_on_the_run_or_the_folder(tmp_path: Path) -> None:
    one = stage(tmp_path / "one", EVERY_TYPE, KEY, [FULL, EMPTY], "run-1")
    two = stage(tmp_path / "two", EVERY_TYPE, KEY, [FULL, EMPTY], "another run of another length")
    assert one.content_id == two.content_id


@pytest.mark.parametrize("changed", [name for name in FULL if name != "name"])
def test_the_name_of_a_content_depends_on_every_column(tmp_path: Path, changed: str) -> None:
    before = stage(tmp_path, EVERY_TYPE, KEY, [FULL]).content_id
    assert stage(tmp_path, EVERY_TYPE, KEY, [FULL | {changed: None}]).content_id != before


def test_the_name_of_a_content_tells_nothing_from_zero_and_from_empty(tmp_path: Path) -> None:
    def name(**values: Any) -> str:
        return stage(tmp_path, VECTORS, KEY, [{"name": "a"} | values]).content_id

    names = [name(), name(note=""), name(vector=[]), name(vector=[0.0]), name(vector=[0.0, 0.0])]
    assert len(set(names)) == len(names)


def test_where_one_text_ends_and_the_next_begins_is_part_of_the_content(tmp_path: Path) -> None:
    def name(*notes: str | None) -> str:
        return stage(tmp_path, VECTORS, KEY, [{"name": "a", "note": note} for note in notes]).content_id

    names = [name("ab", "c"), name("a", "bc"), name("abc", None), name(None, "abc"), name("abc", "")]
    assert len(set(names)) == len(names)


def test_what_a_buffer_holds_below_a_null_is_no_part_of_the_content(tmp_path: Path) -> None:
    """Arrow leaves there whatever was there before; a run again may leave something else."""

    def name(below: int) -> str:
        buffers = [pa.py_buffer(bytes([0b01])), pa.py_buffer(struct.pack("<2q", 7, below))]
        values = pa.Array.from_buffers(pa.int64(), 2, buffers)
        assert values.to_pylist() == [7, None]
        batch = pa.RecordBatch.from_arrays([pa.array(["a", "b"]), values], names=["name", "large"])
        with Writer(contract_of(COLUMNS[0], COLUMNS[3]), windows.parse(KEY), "run", tmp_path) as writer:
            writer.add_batch(batch)
        return writer.staged.content_id

    assert name(0) == name(99)


def test_a_better_description_of_a_column_makes_no_other_content(tmp_path: Path) -> None:
    other = contract_of(Column("name", "text", "Said better", required=True), *COLUMNS[1:])
    assert stage(tmp_path, other, KEY, [FULL]).content_id == stage(tmp_path, EVERY_TYPE, KEY, [FULL]).content_id


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=rows_of_every_type, cut=st.integers(1, 4))
def test_how_rows_are_cut_into_batches_makes_no_other_content(
    tmp_path_factory: pytest.TempPathFactory, rows: list[Row], cut: int
) -> None:
    folder = tmp_path_factory.mktemp("staging")
    whole, pieces = stage(folder, EVERY_TYPE, KEY, rows), stage(folder, EVERY_TYPE, KEY, rows, cut=cut)
    assert whole.content_id == pieces.content_id
    assert plain(row for batch in pieces.batches() for row in batch.to_pylist()) == plain(_complete(rows))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(one=rows_of_every_type, two=rows_of_every_type)
def test_different_rows_are_different_contents(
    tmp_path_factory: pytest.TempPathFactory, one: list[Row], two: list[Row]
) -> None:
    folder = tmp_path_factory.mktemp("staging")
    same = stage(folder, EVERY_TYPE, KEY, one).content_id == stage(folder, EVERY_TYPE, KEY, two).content_id
    assert same == (_spelled(one) == _spelled(two))


def _complete(rows: list[Row]) -> list[Row]:
    return [dict.fromkeys(FULL) | row for row in rows]


def _spelled(rows: list[Row]) -> list[Row]:
    """As bytes tell values apart: -0.0 is not 0.0."""
    return [row | {"sign": row["share"] is not None and math.copysign(1, row["share"])} for row in rows]


def test_a_missing_value_where_one_is_required_is_never_written(tmp_path: Path) -> None:
    with pytest.raises((pa.ArrowInvalid, ValueError)):
        stage(tmp_path, EVERY_TYPE, KEY, [{"name": None}])


def test_a_writer_that_fails_leaves_its_file_closed(tmp_path: Path) -> None:
    with pytest.raises(pa.ArrowInvalid), Writer(EVERY_TYPE, windows.parse(KEY), "run", tmp_path) as writer:
        writer.add([{"name": "a", "small": 2**40}])
    assert not writer._file.is_open
