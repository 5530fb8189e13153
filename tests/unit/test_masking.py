"""Masking records: no personal value stays, and nothing else changes."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.contract import Column, Contract, tables
from muniment.masking import mask
from tests.tables import contract_of, good_row, texts

PERSONAL = [contract for contract in tables() if contract.personal]
CONTRACT = contract_of(
    Column("name", "text", "Key", required=True),
    Column("who", "text", "A person", pii="person"),
    Column("sin", "text", "A number", pii="sin", pattern=r"^\d{9}$"),
    Column("note", "text", "Not personal"),
)


def batch_of(contract: Contract, rows: list[dict[str, object]]) -> pa.RecordBatch:
    return pa.RecordBatch.from_pylist(rows, schema=contract.loose_schema)


def test_a_personal_value_becomes_its_class() -> None:
    batch = batch_of(CONTRACT, [{"name": "a", "who": "Kaya Okafor", "sin": "046454286", "note": "x"}])
    assert mask(batch, CONTRACT).to_pylist() == [{"name": "a", "who": "[PERSON]", "sin": "[SIN]", "note": "x"}]


def test_nothing_stays_nothing_so_that_completeness_can_be_told() -> None:
    batch = batch_of(CONTRACT, [{"name": "a"}, {"name": "b", "who": ""}])
    assert [row["who"] for row in mask(batch, CONTRACT).to_pylist()] == [None, "[PERSON]"]


@pytest.mark.parametrize("contract", PERSONAL, ids=lambda contract: contract.table)
def test_every_personal_column_of_every_contract_is_masked(contract: Contract) -> None:
    batch = batch_of(contract, [good_row(contract, at) for at in range(2)])
    masked = mask(batch, contract)
    assert masked.schema == batch.schema
    for column in contract.columns:
        kept = masked.column(column.name).equals(batch.column(column.name))
        assert kept is (column.pii is None), column.name


@given(
    st.lists(st.fixed_dictionaries({"name": texts, "who": st.none() | texts, "note": st.none() | texts}), max_size=6)
)
def test_masking_touches_personal_columns_only_and_leaves_no_trace(rows: list[dict[str, object]]) -> None:
    masked = mask(batch_of(CONTRACT, rows), CONTRACT)
    assert [{**row, "who": None} for row in masked.to_pylist()] == [{**row, "who": None, "sin": None} for row in rows]
    assert {row["who"] for row in masked.to_pylist()} <= {None, "[PERSON]"}
    assert mask(masked, CONTRACT).equals(masked)


def test_rows_of_a_slice_are_masked_as_such() -> None:
    batch = batch_of(CONTRACT, [{"name": f"{at}", "who": "x" if at % 2 else None} for at in range(6)]).slice(2, 3)
    assert [row["who"] for row in mask(batch, CONTRACT).to_pylist()] == [None, "[PERSON]", None]
