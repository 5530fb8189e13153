"""The judge: a threshold is missed just below and met just at it, and what cannot be judged never passes."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from expectations import judge as judging
from expectations import suites
from expectations.domain import RULES
from expectations.judge import judge
from expectations.suites import Check
from muniment.contract import Column, Contract, contracts, tables
from muniment.gate import Figure, GateError, Verdict, row_faults
from muniment.settings import PROJECT
from tests.tables import Row, contract_of, good_row

ALL = list(tables())
JUDGED = list(contracts().values())


def batch_of(contract: Contract, rows: list[Row]) -> pa.RecordBatch:
    return pa.RecordBatch.from_pylist(rows, schema=contract.loose_schema)


def judged(contract: Contract, rows: list[Row], *cuts: int) -> Verdict:
    """The verdict on rows given in parts that end at `cuts`."""
    batch = batch_of(contract, rows)
    return judge(contract, [batch.slice(a, b - a) for a, b in pairwise([0, *cuts, len(rows)])])


def figure(verdict: Verdict, check: str) -> Figure:
    [found] = [one for one in verdict.figures if one.check == check]
    return found


@pytest.mark.parametrize("contract", ALL, ids=lambda contract: contract.table)
def test_good_rows_of_every_contract_pass_every_check(contract: Contract) -> None:
    verdict = judged(contract, [good_row(contract, at) for at in range(3)])
    assert verdict.rows == 3
    assert verdict.failures == ()
    assert {figure.dimension for figure in verdict.figures} >= {"completeness", "uniqueness"}
    assert len({figure.check for figure in verdict.figures}) == len(verdict.figures)


@pytest.mark.parametrize("contract", ALL, ids=lambda contract: contract.table)
def test_a_batch_without_rows_has_nothing_wrong(contract: Contract) -> None:
    for batches in ([], [batch_of(contract, [])]):
        verdict = judge(contract, batches)
        assert (verdict.rows, verdict.failures) == (0, ())
        assert all(one.elements == 0 for one in verdict.figures)


@pytest.mark.parametrize("contract", ALL, ids=lambda contract: contract.table)
def test_columns_without_any_value_fail_where_values_are_critical_and_nowhere_else(contract: Contract) -> None:
    """All optional columns null: pandas then sees columns of no type."""
    empty = {c.name: None for c in contract.columns if c.name not in contract.row_key}
    verdict = judged(contract, [good_row(contract, at) | empty for at in range(3)])
    critical = {c.name for c in contract.columns if c.critical and c.name in empty}
    assert {one.columns[0] for one in verdict.failures} == critical
    assert {one.dimension for one in verdict.failures} <= {"completeness"}


# --- thresholds -------------------------------------------------------------------------------------------------------


ROWS = 1000
MOST = {0.95: 50, 0.98: 20, 0.99: 10}  # rows of so many that may be bad at a threshold


def spoiled(check: Check, contract: Contract, row: Row) -> Row:
    """The row made to break just one check, and no hard rule where there is a soft one."""
    by_name = {c.name: c for c in contract.columns}
    column = by_name[check.columns[0]]
    if check.dimension == "completeness":
        return row | {column.name: None}
    if len(check.columns) == 2:
        lesser = by_name[check.columns[1]]
        return row | {lesser.name: _more(lesser, row[column.name])}
    if "pattern" in check.name or "allowed" in check.name:
        return row | {column.name: "?"}
    bounds = check.expectation.configuration.kwargs
    beyond = bounds["min_value"] - 1 if "min_value" in bounds else bounds["max_value"] + 1
    return row | {column.name: Decimal(str(beyond)) if column.type.startswith("decimal") else beyond}


def _unordered(check: Check, row: Row) -> bool:
    """Whether the row breaks the order of two columns already, by a value that is out of its own range."""
    return len(check.columns) == 2 and row[check.columns[0]] < row[check.columns[1]]


def _more(column: Column, value: Any) -> Any:
    if column.type == "date":
        return value + timedelta(days=1)
    return value + (Decimal("0.01") if column.type.startswith("decimal") else 0.5 if column.type == "double" else 1)


@pytest.mark.parametrize("over", [0, 1], ids=["just at its threshold", "just below it"])
@pytest.mark.parametrize("dimension", ["completeness", "validity"])
@pytest.mark.parametrize("contract", JUDGED, ids=lambda contract: contract.table)
def test_every_check_is_met_at_its_threshold_and_missed_below(contract: Contract, dimension: str, over: int) -> None:
    """All checks of a dimension at once, each with bad rows of its own, in two parts."""
    checks = [check for check in suites.row_checks(contract) if check.dimension == dimension]
    rows = [good_row(contract) for _ in range(ROWS)]
    start = 0
    for check in checks:
        end = start + MOST[check.threshold] + over - sum(_unordered(check, row) for row in rows)
        rows[start:end] = [spoiled(check, contract, row) for row in rows[start:end]]
        start = end
    assert start <= ROWS
    verdict = judged(contract, rows, ROWS // 2)
    for check in checks:
        found = figure(verdict, check.name)
        assert (found.elements, found.unexpected) == (ROWS, MOST[check.threshold] + over), check.name
        assert found.passed is not bool(over), check.name
    assert {one.check for one in verdict.failures if one.dimension != "uniqueness"} == {c.name for c in checks if over}


@pytest.mark.parametrize("contract", JUDGED, ids=lambda contract: contract.table)
def test_keys_must_differ_up_to_the_threshold_also_between_parts(contract: Contract) -> None:
    least = contract.thresholds.uniqueness
    rows = [good_row(contract, at) for at in range(400)]
    assert least == 0.99
    name = f"{contract.name}_uniqueness"
    for pairs, passes in ((2, True), (3, False)):  # each pair is two rows whose key is not their own
        found = figure(judged(contract, rows[: 400 - pairs] + rows[:pairs], 200), name)
        assert (found.elements, found.unexpected, found.threshold) == (400, 2 * pairs, least)
        assert found.passed is passes


def test_keys_of_several_columns_differ_when_one_of_them_does() -> None:
    contract = contracts()["assessments"]
    rows = [good_row(contract) | {"assessment_year": year, "roll_number": "1"} for year in (2025, 2026)]
    assert figure(judged(contract, rows), "assessments_uniqueness").unexpected == 0


def test_keys_are_not_confused_where_their_texts_run_together() -> None:
    contract = replace(contract_of(Column("a", "text", "A"), Column("b", "text", "B")), key=("a", "b"))
    rows: list[Row] = [{"a": "x'", "b": "y"}, {"a": "x", "b": "'y"}, {"a": "x, y", "b": ""}, {"a": "x", "b": ", y"}]
    assert figure(judged(contract, rows), "samples_uniqueness").unexpected == 0


# --- the domain -------------------------------------------------------------------------------------------------------


def test_domain_rules_are_about_columns_that_can_be_compared() -> None:
    for table, rules in RULES.items():
        types = {c.name: c.type for c in contracts()[table].columns}
        for rule in rules:
            kinds = {types[rule.greater].split("(")[0], types[rule.lesser].split("(")[0]}
            assert len(kinds) == 1, (table, rule)


@pytest.mark.parametrize(
    ("closing", "opened", "wrong"),
    [
        (date(2026, 3, 8), date(2026, 3, 8), 0),
        (date(2026, 3, 7), date(2026, 3, 8), 1),
        (date(1000, 1, 1), date(9999, 12, 31), 1),
        (date(9999, 12, 31), date(1000, 1, 1), 0),
        (None, date(2026, 3, 8), 0),
    ],
)
def test_a_matter_does_not_close_before_it_opens(closing: date | None, opened: date, wrong: int) -> None:
    contract = contracts()["matters"]
    verdict = judged(contract, [good_row(contract, closing_on=closing, opened_on=opened)])
    found = figure(verdict, "closing_on is not below opened_on")
    assert (found.elements, found.unexpected) == (0 if closing is None else 1, wrong)


def test_money_is_compared_to_the_cent() -> None:
    contract = contracts()["matters"]
    rows = [
        good_row(contract, 1, purchase_price=Decimal("99999999.98"), deposit=Decimal("99999999.99")),
        good_row(contract, 2, purchase_price=Decimal("99999999.99"), deposit=Decimal("99999999.99")),
    ]
    assert figure(judged(contract, rows), "purchase_price is not below deposit").unexpected == 1


# --- parts ------------------------------------------------------------------------------------------------------------

MIXED = contract_of(
    Column("name", "text", "Key", required=True, critical=True),
    Column("linc", "text", "A pattern", critical=True, pattern=r"^\d{2}$"),
    Column("kind", "text", "A kind", allowed=("x", "y")),
    Column("amount", "decimal(14,2)", "A range", valid={"minimum": 0.5, "maximum": 10}),
    Column("number", "bigint", "A range of whole numbers", minimum=0),
    Column("share", "double", "A range of numbers", minimum=0, maximum=1),
)
mixed_rows = st.lists(
    st.fixed_dictionaries(
        {
            "name": st.text("abcd", min_size=1, max_size=2),
            "linc": st.sampled_from([None, "12", "1", "123", "12\n"]),
            "kind": st.sampled_from([None, "x", "z"]),
            "amount": st.sampled_from([None, Decimal("0.49"), Decimal("0.50"), Decimal("10.01")]),
            "number": st.sampled_from([None, 0, -1, 2**53 + 1]),
            "share": st.sampled_from([None, 0.0, 1.5, float("nan")]),
        }
    ),
    min_size=1,
    max_size=12,
)


def expected(rows: list[Row]) -> dict[str, tuple[int, int]]:
    """Elements and unexpected ones of each check, counted by hand."""

    def column(name: str, bad: Any) -> tuple[int, int]:
        values = [row[name] for row in rows if row[name] is not None and row[name] == row[name]]
        return len(values), sum(map(bad, values))

    names = [row["name"] for row in rows]
    return {
        "name has a value": (len(rows), 0),
        "linc has a value": (len(rows), sum(row["linc"] is None for row in rows)),
        "linc matches its pattern": column("linc", lambda value: value != "12"),
        "kind is an allowed value": column("kind", lambda value: value == "z"),
        "amount is in its range": column("amount", lambda value: not Decimal("0.5") <= value <= 10),
        "number is in its range": column("number", lambda value: value < 0),
        "share is in its range": column("share", lambda value: value > 1),
        "samples_uniqueness": (len(rows), sum(names.count(name) > 1 for name in names)),
    }


@settings(max_examples=12, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(rows=mixed_rows, cuts=st.lists(st.integers(0, 12), max_size=2))
def test_figures_are_right_and_the_same_in_parts_as_in_one(rows: list[Row], cuts: list[int]) -> None:
    parts = judged(MIXED, rows, *sorted(min(cut, len(rows)) for cut in cuts))
    assert {f.check: (f.elements, f.unexpected) for f in parts.figures} == expected(rows)
    assert parts == judged(MIXED, rows)


def test_what_breaks_a_hard_rule_is_what_the_judge_would_count() -> None:
    """Both read the same contract with different engines: a row that the one refuses the other must not let pass."""
    contract = contracts()["parcels"]
    lincs = ["0012345678", "001234567", "00123456789", "0012345678\n", " 0012345678", "٠٠١٢٣٤٥٦٧٨", "001234567a", ""]
    rows = [good_row(contract, at, linc=linc) for at, linc in enumerate(lincs)]
    refused = {fault.index for fault in row_faults(batch_of(contract, rows), contract)}
    for at, row in enumerate(rows):
        found = figure(judged(contract, [row]), "linc matches its pattern")
        assert (found.unexpected == 1) == (at in refused), ascii(row["linc"])


def test_parts_are_taken_one_after_the_other() -> None:
    """A batch larger than memory is never held whole."""
    taken: list[int] = []

    def parts() -> Iterator[pa.RecordBatch]:
        for at in range(3):
            taken.append(at)
            yield batch_of(MIXED, [{"name": f"{at}", "linc": "12"}])

    assert judge(MIXED, parts()).rows == 3
    assert taken == [0, 1, 2]


def test_types_that_pandas_knows_badly_are_judged_too() -> None:
    contract = contract_of(
        Column("name", "text", "Key", required=True, critical=True),
        Column("instant", "timestamptz", "Beyond what nanoseconds can say", critical=True),
        Column("day", "date", "The last day", critical=True),
        Column("flag", "boolean", "Yes, no or nothing", critical=True),
        Column("vector", "vector(2)", "Numbers", critical=True),
    )
    far = {"instant": datetime(9999, 12, 31, tzinfo=UTC), "day": date(1, 1, 1), "flag": False, "vector": [0.0, 1.0]}
    verdict = judged(contract, [{"name": "a"} | far, {"name": "b"}])
    assert {f.columns[0]: f.unexpected for f in verdict.figures if f.dimension == "completeness"} == {
        "name": 0,
        "instant": 1,
        "day": 1,
        "flag": 1,
        "vector": 1,
    }


# --- what cannot be judged --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "kwargs",
    [{"column": "nowhere"}, {"column": "name", "min_value": 5, "max_value": 6}],
    ids=["a column that is not there", "text compared with numbers"],
)
def test_a_check_that_raises_is_an_error_and_never_a_pass(
    monkeypatch: pytest.MonkeyPatch, kwargs: dict[str, Any]
) -> None:
    import great_expectations.expectations as gxe

    raising = Check(
        "broken", "validity", ("name",), 0.0, gxe.ExpectColumnValuesToBeBetween(**{"min_value": 0} | kwargs)
    )
    monkeypatch.setattr(judging.suites, "row_checks", lambda contract: [raising])
    with pytest.raises(GateError, match=r"'broken' could not be made: .+"):
        judged(contract_of(Column("name", "text", "Key")), [{"name": "a"}])


def test_the_names_of_checks_are_known_without_great_expectations() -> None:
    for contract in ALL:
        named = {dimension for _, dimension in suites.check_names(contract)}
        assert {check.dimension for check in suites.row_checks(contract)} | {"uniqueness"} <= named


_WATCHED = """
import sys
from tests.tables import contract_of, good_row
from muniment.contract import contracts
import pyarrow as pa

def watch(event, given):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.sendto"):
        print("reached for", given, file=sys.stderr)

sys.addaudithook(watch)

from expectations.judge import judge
contract = contracts()["parcels"]
batch = pa.RecordBatch.from_pylist([good_row(contract, at) for at in range(3)], schema=contract.loose_schema)
assert judge(contract, [batch]).failures == ()
"""


def test_judging_calls_nobody_and_writes_nothing(tmp_path: Any) -> None:
    """No telemetry, whatever the environment says; no progress bars either."""
    environment = os.environ | {"PYTHONPATH": str(PROJECT), "HOME": str(tmp_path)}
    environment.pop("DO_NOT_TRACK")
    done = subprocess.run(
        [sys.executable, "-c", _WATCHED], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout + done.stderr == ""
    assert [path.name for path in tmp_path.iterdir()] == []
