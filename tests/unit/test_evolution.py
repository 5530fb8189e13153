"""Changes of a contract are classed by rule, and a version must rise as far as they ask."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.contract import Column, Contract, Thresholds, tables
from muniment.evolution import RULES, as_text, compare, digest, from_text, required, step_faults, version_fault, widens
from tests.tables import contract_of

KEY = Column("key", "text", "Key", required=True, critical=True)
X = Column("x", "integer", "A number")
BASE = contract_of(KEY, X)
OPEN = Column("x", "text", "Text")


def with_x(**changes: Any) -> Contract:
    return replace(BASE, columns=(KEY, replace(X, **changes)))


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        (BASE, replace(BASE, columns=(*BASE.columns, Column("y", "text", "New"))), "column added"),
        (
            BASE,
            replace(BASE, columns=(*BASE.columns, Column("y", "text", "N", required=True))),
            "required column added",
        ),
        (BASE, with_x(name="y", renamed_from="x"), "column renamed"),
        (BASE, replace(BASE, columns=(KEY,)), "column dropped"),
        (BASE, with_x(type="bigint"), "type widened"),
        (with_x(type="decimal(12,2)"), with_x(type="decimal(14,2)"), "type widened"),
        (with_x(type="decimal(12,2)"), with_x(type="decimal(14,4)"), "type changed"),
        (with_x(type="bigint"), BASE, "type changed"),
        (BASE, with_x(type="double"), "type changed"),
        (with_x(type="vector(3)"), with_x(type="vector(4)"), "type changed"),
        (with_x(required=True), BASE, "nulls allowed"),
        (BASE, with_x(required=True), "nulls forbidden"),
        (BASE, with_x(critical=True), "rule tightened"),
        (with_x(critical=True), BASE, "rule loosened"),
        (BASE, with_x(pattern="^a$"), "rule tightened"),
        (with_x(pattern="^a$"), BASE, "rule loosened"),
        (with_x(pattern="^a$"), with_x(pattern="^[ab]$"), "rule tightened"),
        (BASE, with_x(allowed=("a",)), "rule tightened"),
        (with_x(allowed=("a",)), with_x(allowed=("b", "a")), "rule loosened"),
        (with_x(allowed=("a", "b")), with_x(allowed=("a",)), "rule tightened"),
        (with_x(allowed=("a",)), BASE, "rule loosened"),
        (BASE, with_x(minimum=0), "rule tightened"),
        (with_x(minimum=0), with_x(minimum=-1), "rule loosened"),
        (with_x(maximum=5), with_x(maximum=6), "rule loosened"),
        (with_x(maximum=5), with_x(maximum=4), "rule tightened"),
        (with_x(valid={"minimum": 1, "maximum": 2}), with_x(valid={"minimum": 1, "maximum": 3}), "rule loosened"),
        (with_x(valid={"minimum": 1, "maximum": 3}), with_x(valid={"minimum": 2, "maximum": 4}), "rule tightened"),
        (BASE, with_x(pii="person"), "personal class changed"),
        (BASE, with_x(description="Another"), "description changed"),
        (BASE, replace(BASE, granularity="Another"), "description changed"),
        (BASE, replace(BASE, key=("key", "x")), "key changed"),
        (BASE, replace(BASE, retention_days=2), "kept longer"),
        (replace(BASE, retention_days=2), BASE, "kept shorter"),
        (BASE, replace(BASE, partition="month"), "partition changed"),
        (BASE, replace(BASE, format="csv"), "format changed"),
        (BASE, replace(BASE, origin="search"), "origin changed"),
        (BASE, replace(BASE, namespace="vault"), "moved to another namespace"),
        (BASE, replace(BASE, thresholds=Thresholds(0.9, 0.99, 0.98)), "rule loosened"),
        (BASE, replace(BASE, acceptance=0.5), "rule tightened"),
    ],
)
def test_a_change_is_what_the_rules_say(old: Contract, new: Contract, kind: str) -> None:
    assert [change.kind for change in compare(old, new)] == [kind]


def test_breaking_is_what_asks_for_a_new_major_version() -> None:
    changes = compare(BASE, with_x(type="bigint", pii="person", description="Another"))
    assert [(change.level, change.breaking) for change in changes] == [
        ("minor", False),
        ("major", True),
        ("patch", False),
    ]
    assert required(changes) == "major"
    assert required([]) is None


def test_renaming_a_column_of_the_key_is_one_change() -> None:
    renamed = replace(BASE, columns=(replace(KEY, name="id", renamed_from="key"), X), key=("id",))
    assert [str(change) for change in compare(BASE, renamed)] == ["id: column renamed (key → id)"]
    assert [str(change) for change in compare(renamed, BASE)] == ["key: column renamed (id → key)"], "and back"


def test_a_declared_renaming_counts_once_and_not_for_ever() -> None:
    """The contract goes on saying where the name came from; later versions have it already."""
    renamed = with_x(name="y", renamed_from="x")
    assert compare(renamed, renamed) == []


def test_the_order_of_columns_is_no_change() -> None:
    assert compare(BASE, replace(BASE, columns=(X, KEY))) == []


@pytest.mark.parametrize(
    ("old", "new", "change", "least"),
    [
        ("1.2.3", "1.2.3", {"description": "Another"}, "1.2.4"),
        ("1.2.3", "1.2.4", {"description": "Another"}, ""),
        ("1.2.3", "1.2.4", {"type": "bigint"}, "1.3.0"),
        ("1.2.3", "1.3.0", {"type": "bigint"}, ""),
        ("1.2.3", "1.10.0", {"type": "bigint"}, ""),
        ("1.10.0", "1.9.0", {"type": "bigint"}, "1.11.0"),
        ("1.2.3", "1.9.9", {"type": "text"}, "2.0.0"),
        ("1.2.3", "2.0.0", {"type": "text"}, ""),
        ("9.0.0", "10.0.0", {"type": "text"}, ""),
        ("2.0.0", "2.0.0", {}, ""),
        ("2.0.0", "2.0.1", {}, ""),
        ("2.0.0", "1.9.9", {}, "2.0.0"),
    ],
)
def test_a_version_must_rise_as_far_as_its_changes_ask(old: str, new: str, change: Any, least: str) -> None:
    before, after = replace(BASE, version=old), replace(with_x(**change), version=new)
    fault = version_fault(before, after, compare(before, after))
    assert (f"at least {least}," in fault) if least else not fault


Y = replace(X, name="y", renamed_from="x")


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (
            (X,),
            (replace(Y, renamed_from="nosuch"),),
            "y was not renamed from nosuch of version 1.0.0, which it",
        ),
        (
            (X,),
            (replace(X, renamed_from="nosuch"),),
            "x was not renamed from nosuch of version 1.0.0, which it",
        ),
        ((X, replace(X, name="y")), (Y,), "y was not renamed from x of version 1.0.0, which is there beside it"),
        ((Y,), (replace(Y, renamed_from="x2"),), "y was not renamed from x2 of version 1.0.0, which it does not have"),
    ],
    ids=["a new column", "one that is there", "from another that is there", "another origin than before"],
)
def test_a_column_is_renamed_from_one_that_was_there(
    old: tuple[Column, ...], new: tuple[Column, ...], fault: str
) -> None:
    before, after = replace(BASE, columns=(KEY, *old)), replace(BASE, columns=(KEY, *new), version="2.0.0")
    [found] = step_faults(before, after)
    assert fault in found
    assert found.startswith("samples 2.0.0: column ")


@pytest.mark.parametrize(
    ("old", "new"),
    [(X, Y), (Y, Y), (Y, X), (Y, replace(Y, renamed_from=None)), (replace(Y, name="z", renamed_from="y"), Y)],
    ids=["renamed", "renamed before", "and back", "no longer said", "back to what was renamed before"],
)
def test_a_renaming_that_holds_is_no_fault(old: Column, new: Column) -> None:
    before, after = replace(BASE, columns=(KEY, old)), replace(BASE, columns=(KEY, new), version="2.0.0")
    assert step_faults(before, after) == []


COLUMNS = st.builds(
    Column,
    name=st.sampled_from(["a", "b", "c", "d"]),
    type=st.sampled_from(["text", "integer", "bigint", "decimal(5,2)", "decimal(7,2)"]),
    description=st.sampled_from(["one", "two"]),
    required=st.booleans(),
    critical=st.booleans(),
    pii=st.sampled_from([None, "person"]),
    pattern=st.sampled_from([None, "^a", "^b"]),
    allowed=st.sampled_from([(), ("a",), ("a", "b")]),
    minimum=st.sampled_from([None, 0, 1]),
    valid=st.sampled_from([None, {"minimum": 0, "maximum": 1}]),
)
CONTRACTS = st.builds(
    lambda columns, **rest: contract_of(*columns, **rest),
    st.lists(COLUMNS, min_size=1, unique_by=lambda column: column.name),
    retention_days=st.sampled_from([1, 2]),
    partition=st.sampled_from(["day", "month"]),
)


@given(old=CONTRACTS, new=CONTRACTS)
def test_contracts_that_differ_in_anything_but_order_have_changes_and_equal_ones_none(
    old: Contract, new: Contract
) -> None:
    in_order = [replace(one, columns=tuple(sorted(one.columns, key=lambda c: c.name)), key=()) for one in (old, new)]
    assert bool(compare(*in_order)) == (in_order[0] != in_order[1])
    assert all(change.kind in RULES for change in compare(old, new))


@given(old=CONTRACTS, new=CONTRACTS)
def test_what_breaks_in_neither_direction_is_described_differently_at_most(old: Contract, new: Contract) -> None:
    """A change that is compatible both there and back changed no rule: nothing can be looser than itself."""
    there, back = (compare(*pair) for pair in ((old, new), (new, old)))
    if not any(change.breaking for change in (*there, *back)):
        assert {change.kind for change in there} <= {"description changed", "partition changed"}


def test_only_what_loses_no_value_widens() -> None:
    assert widens("integer", "bigint")
    assert widens("decimal(5,2)", "decimal(7,2)")
    assert not widens("decimal(7,2)", "decimal(5,2)")
    assert not widens("decimal(5,2)", "decimal(7,3)")
    assert not widens("integer", "double")
    assert not widens("text", "text")


@pytest.mark.parametrize("contract", list(tables()), ids=lambda one: one.table)
def test_a_contract_kept_as_text_is_the_same_contract(contract: Contract) -> None:
    assert from_text(as_text(contract)) == contract
    assert digest(from_text(as_text(contract))) == digest(contract)


def test_a_text_of_another_version_of_muniment_is_read_as_far_as_it_is_known() -> None:
    text = as_text(BASE).replace('"acceptance":0.0,', '"colour":"red",', 1).replace('"critical":false,', '"size":1,', 1)
    assert from_text(text) == BASE
