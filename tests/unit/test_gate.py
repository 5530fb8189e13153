"""Row rules in Muniment's own words: each row at fault is found once, and verdicts add up."""

import math
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.contract import Column, Contract, tables
from muniment.gate import NOTHING, Figure, Verdict, row_faults, without
from tests.tables import Row, contract_of, good_row


def batch_of(contract: Contract, rows: list[Row]) -> pa.RecordBatch:
    return pa.RecordBatch.from_pylist(rows, schema=contract.loose_schema)


def reasons(column: Column, *values: Any) -> list[str | None]:
    """The reason for which each value is refused, None for one that is not."""
    contract = contract_of(column)
    faults = row_faults(batch_of(contract, [{column.name: value} for value in values]), contract)
    assert all(fault.column == column.name for fault in faults)
    by_row = {fault.index: fault.reason for fault in faults}
    assert len(by_row) == len(faults)
    return [by_row.get(at) for at in range(len(values))]


def column(kind: str, **rules: Any) -> Column:
    return Column("v", kind, "A value", **rules)


BAD, MISSING, UNKNOWN = "bad_value", "missing_value", "not_allowed"
CASES: list[tuple[str, Column, list[Any], list[str | None]]] = [
    ("required text", column("text", required=True), ["a", None, ""], [None, MISSING, None]),
    ("required date", column("date", required=True), [date(2026, 3, 8), None], [None, MISSING]),
    ("required number", column("double", required=True), [0.0, None, math.nan], [None, MISSING, MISSING]),
    ("required flag", column("boolean", required=True), [False, None], [None, MISSING]),
    ("required vector", column("vector(2)", required=True), [[0.0, 1.0], None], [None, MISSING]),
    ("optional", column("text"), ["a", None], [None, None]),
    (
        "pattern",
        column("text", pattern=r"^\d{4}-\d{4}$"),
        ["2026-0001", "2026-001", " 2026-0001", "2026-0001\n", "2026-00011", "٢٠٢٦-٠٠٠١", "", None],
        [None, BAD, BAD, BAD, BAD, BAD, BAD, None],
    ),
    (
        "allowed",
        column("text", allowed=("in", "out")),
        ["in", "out", "In", "in ", "", None],
        [None, None, UNKNOWN, UNKNOWN, UNKNOWN, None],
    ),
    (
        "minimum of integers",
        column("integer", minimum=1),
        [0, 1, -(2**31), 2**31 - 1, None],
        [BAD, None, BAD, None, None],
    ),
    ("maximum of integers", column("bigint", maximum=10), [11, 10, 2**63 - 1, None], [BAD, None, BAD, None]),
    ("a broken bound of integers", column("bigint", minimum=1.5), [1, 2], [BAD, None]),
    (
        "minimum of decimals",
        column("decimal(14,2)", minimum=0.01),
        [Decimal("0.00"), Decimal("0.01"), Decimal("-999999999999.99"), None],
        [BAD, None, BAD, None],
    ),
    (
        "maximum of decimals",
        column("decimal(12,4)", maximum=100),
        [Decimal("100.0000"), Decimal("100.0001"), None],
        [None, BAD, None],
    ),
    (
        "range of numbers",
        column("double", minimum=0, maximum=1),
        [0.0, 1.0, -0.0, -1e-300, 1.0000000001, math.inf, -math.inf, math.nan, None],
        [None, None, None, BAD, BAD, BAD, BAD, BAD, None],
    ),
    ("a time without bounds", column("timestamptz"), [datetime(1, 1, 1, tzinfo=UTC), None], [None, None]),
]


@pytest.mark.parametrize(("rule", "values", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_a_value_is_refused_for_the_rule_that_it_breaks(
    rule: Column, values: list[Any], expected: list[str | None]
) -> None:
    assert reasons(rule, *values) == expected


def test_a_row_is_refused_once_for_its_first_broken_rule() -> None:
    contract = contract_of(
        Column("a", "text", "First", required=True), Column("b", "integer", "Second", minimum=1, maximum=2)
    )
    rows: list[Row] = [{"a": None, "b": 0}, {"a": "x", "b": 3}, {"a": "x", "b": 1}, {"a": None, "b": None}]
    faults = row_faults(batch_of(contract, rows), contract)
    assert [(fault.index, fault.column, fault.reason) for fault in faults] == [
        (0, "a", MISSING),
        (1, "b", BAD),
        (3, "a", MISSING),
    ]


def test_the_message_names_the_column_and_the_rule_but_not_the_value() -> None:
    contract = contract_of(column("text", allowed=("in", "out")))
    [fault] = row_faults(batch_of(contract, [{"v": "Kaya Okafor"}]), contract)
    assert fault.message == "v must be one of in, out"


@pytest.mark.parametrize("contract", list(tables()), ids=lambda contract: contract.table)
def test_a_good_row_of_every_contract_keeps_its_rules(contract: Contract) -> None:
    assert row_faults(batch_of(contract, [good_row(contract, at) for at in range(3)]), contract) == []


@pytest.mark.parametrize("contract", list(tables()), ids=lambda contract: contract.table)
def test_every_required_column_of_every_contract_is_required(contract: Contract) -> None:
    required = [c.name for c in contract.columns if c.required]
    rows = [good_row(contract) | {name: None} for name in required]
    faults = row_faults(batch_of(contract, rows), contract)
    assert [(fault.column, fault.reason) for fault in faults] == [(name, MISSING) for name in required]


def test_an_empty_batch_has_no_faults() -> None:
    contract = contract_of(column("integer", required=True, minimum=1))
    empty = batch_of(contract, [])
    assert row_faults(empty, contract) == []
    assert without(empty, []).num_rows == 0


def test_a_batch_without_faults_is_handed_on_as_it_is() -> None:
    contract = contract_of(column("text"))
    batch = batch_of(contract, [{"v": "a"}])
    assert without(batch, []) is batch


RULED = contract_of(
    Column("name", "text", "Key", required=True),
    Column("code", "text", "A code", pattern=r"^[ab]+$"),
    Column("kind", "text", "A kind", allowed=("x", "y")),
    Column("count", "integer", "A count", minimum=0, maximum=5),
)
ruled_rows = st.lists(
    st.fixed_dictionaries(
        {
            "name": st.none() | st.text("n", max_size=1),
            "code": st.none() | st.text("abc", max_size=2),
            "kind": st.none() | st.sampled_from("xyz"),
            "count": st.none() | st.integers(-2, 7),
        }
    ),
    max_size=20,
)


def keeps_its_rules(row: Row) -> bool:
    code, kind, count = row["code"], row["kind"], row["count"]
    return (
        row["name"] is not None
        and (code is None or (code != "" and set(code) <= set("ab")))
        and kind in (None, "x", "y")
        and (count is None or 0 <= count <= 5)
    )


@given(ruled_rows)
def test_good_rows_and_rows_at_fault_are_all_rows(rows: list[Row]) -> None:
    batch = batch_of(RULED, rows)
    faults = row_faults(batch, RULED)
    assert [fault.index for fault in faults] == [at for at, row in enumerate(rows) if not keeps_its_rules(row)]
    assert without(batch, faults).to_pylist() == [row for row in rows if keeps_its_rules(row)]
    assert row_faults(without(batch, faults), RULED) == []


@given(ruled_rows, st.integers(0, 20), st.randoms())
def test_without_takes_faults_in_any_order_and_of_slices(rows: list[Row], cut: int, order: Any) -> None:
    """A slice shares its buffers with the whole: an index counts from the slice's start."""
    part = batch_of(RULED, rows).slice(min(cut, len(rows)))
    faults = row_faults(part, RULED)
    order.shuffle(faults)
    assert without(part, [*faults, *faults]).to_pylist() == [row for row in rows[cut:] if keeps_its_rules(row)]


# --- verdicts ---------------------------------------------------------------------------------------------------------

figures = st.builds(
    lambda check, good, bad: Figure(check, "validity", ("v",), good + bad, bad, 0.98),
    st.sampled_from("abc"),
    st.integers(0, 1000),
    st.integers(0, 50),
)
verdicts = st.builds(
    lambda rows, found: Verdict(rows, tuple({figure.check: figure for figure in found}.values())),
    st.integers(0, 1000),
    st.lists(figures, max_size=3),
)


def as_sums(verdict: Verdict) -> Any:
    return verdict.rows, {f.check: (f.elements, f.unexpected) for f in verdict.figures}


@given(verdicts, verdicts, verdicts)
def test_verdicts_add_up_in_any_grouping_and_order(one: Verdict, two: Verdict, three: Verdict) -> None:
    assert (one + two) + three == one + (two + three)
    assert as_sums(one + two) == as_sums(two + one)
    assert one + NOTHING == one
    assert as_sums(NOTHING + one) == as_sums(one)


@given(st.lists(st.booleans(), min_size=1, max_size=300), st.data())
def test_the_sum_over_parts_is_the_verdict_on_the_whole(good: list[bool], data: st.DataObject) -> None:
    def verdict(part: list[bool]) -> Verdict:
        return Verdict(len(part), (Figure("c", "validity", ("v",), len(part), part.count(False), 0.95),))

    cuts = sorted(data.draw(st.lists(st.integers(0, len(good)), max_size=4)))
    parts = [good[a:b] for a, b in zip([0, *cuts], [*cuts, len(good)], strict=True)]
    total = sum((verdict(part) for part in parts), NOTHING)
    assert total == verdict(good)
    assert total.failures == verdict(good).failures


@pytest.mark.parametrize("threshold", [0.95, 0.98, 0.99, 1.0])
def test_a_threshold_is_met_at_its_very_share(threshold: float) -> None:
    """Thresholds are written as percents of bad ones, so the least number of bad ones that fails is known exactly."""
    for elements in (100, 1000, 12_300):
        most = round(elements * (1 - threshold))
        assert Figure("c", "validity", ("v",), elements, most, threshold).passed
        assert not Figure("c", "validity", ("v",), elements, most + 1, threshold).passed


def test_nothing_looked_at_is_nothing_wrong() -> None:
    assert Figure("c", "validity", ("v",), 0, 0, 1.0).passed


def test_a_failure_says_what_was_reached_and_what_was_asked() -> None:
    figure = Figure("linc matches its pattern", "validity", ("linc",), 1000, 100, 0.98)
    assert str(figure) == "validity of linc is 0.900, below 0.980 (linc matches its pattern)"


def test_a_failure_that_is_close_does_not_read_like_a_pass() -> None:
    figure = Figure("c", "validity", ("v",), 1_000_000, 20_001, 0.98)
    assert not figure.passed
    shown, asked = str(figure).split(" is ")[1].split(" (")[0].split(", below ")
    assert shown != asked, str(figure)
