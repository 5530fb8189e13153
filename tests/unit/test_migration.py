"""Tables follow their contracts: old rows stay readable whatever came after, and what was done can be undone."""

import signal
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from muniment import windows
from muniment.contract import Column, Contract, contracts, tables
from muniment.lake import Lake, LakeError
from muniment.lake import query as lake_query
from muniment.lake.maintenance import Policy, Upkeep
from muniment.lake.schema import APPLIED, steps
from muniment.migration import MigrationError, Plan, carry_out, history, in_force, plan, way_back
from muniment.objects import FolderStore
from muniment.settings import PROJECT, load
from tests.ageing import Practice
from tests.stages import to_the_lake
from tests.tables import COLUMNS, VALUES, Row, contract_of, good_row, plain, stage

KEYS = [window.key for window in windows.between("2026-03-07-12:00", "2026-03-10-12:00")]
MORNING, NOON, EVENING = KEYS[3:6]
NAME, NOTE, SMALL, _, _, AMOUNT, *_ = COLUMNS
FIRST = contract_of(NAME, NOTE, SMALL, replace(AMOUNT, required=True))


def lake_in(folder: Path) -> Lake:
    return Lake(load(state_dir=folder), FolderStore(folder / "lake"))


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return lake_in(tmp_path / "state")


@pytest.fixture
def put(lake: Lake, tmp_path: Path) -> Callable[..., Any]:
    def commit(contract: Contract, key: str, *rows: Row) -> Any:
        return lake.commit(stage(tmp_path, contract, key, rows), "run-1")

    return commit


def changed(contract: Contract, version: str, /, **columns: Column | None) -> Contract:
    """The contract with columns in the place of others, without those that are None, with new ones at the end."""
    there = {column.name: column for column in contract.columns} | columns
    return replace(contract, version=version, columns=tuple(column for column in there.values() if column))


RENAMED = changed(FIRST, "2.0.0", note=replace(NOTE, name="remark", renamed_from="note"))
WIDER = changed(
    FIRST, "1.1.0", small=replace(SMALL, type="bigint"), amount=replace(AMOUNT, required=True, type="decimal(18,2)")
)
LOOSER = changed(FIRST, "1.1.0", amount=replace(AMOUNT, required=False))
DROPPED = changed(FIRST, "2.0.0", amount=None)
GAINED = changed(FIRST, "1.1.0", later=Column("later", "bigint", "Came later"))
MONTHLY = replace(FIRST, version="1.1.0", partition="month")

A: Row = {"name": "a", "note": "x", "small": 1, "amount": "1.50"}
B: Row = {"name": "b", "note": None, "small": -(2**31), "amount": "-2.25"}


def row(values: Row, **others: Any) -> Row:
    from decimal import Decimal

    found = values | others
    return found | ({"amount": Decimal(found["amount"])} if found.get("amount") else {})


def migrate(lake: Lake, contract: Contract) -> Plan:
    found = plan(lake, None, contract)
    assert found
    carry_out(lake, None, found, "a test")
    return found


def roll_back(lake: Lake, contract: Contract) -> None:
    carry_out(lake, None, way_back(lake, None, contract), "a test", action="rollback")


def rows(lake: Lake, contract: Contract) -> list[Row]:
    return plain(row for batch in lake.scan(contract) for row in batch.to_pylist())


def rows_by_iceberg(lake: Lake, contract: Contract) -> list[Row]:
    """What any other reader of Iceberg sees."""
    names = [column.name for column in contract.columns]
    return plain(lake.catalog.load_table(contract.table).scan().to_arrow().select(names).to_pylist())


def rows_by_sql(lake: Lake, contract: Contract, as_of: datetime | None = None) -> list[Row]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lake_query, "tables", lambda: iter([contract]))
        names, found = lake_query.query(lake, f"SELECT * FROM {contract.name}", lambda _: as_of)
    return plain(dict(zip(names, row, strict=True)) for row in found)


# --- old windows ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("after", "of_old", "new"),
    [
        (RENAMED, {"remark": "x"}, {"remark": "y"}),
        (WIDER, {"small": 1}, {"small": 2**40}),
        (LOOSER, {"amount": "1.50"}, {"amount": None}),
        (GAINED, {"later": None}, {"later": 7}),
        (MONTHLY, {}, {}),
    ],
    ids=["renamed", "widened", "relaxed", "added", "partitioned otherwise"],
)
def test_old_windows_are_read_beside_new_ones(
    lake: Lake, put: Callable[..., Any], after: Contract, of_old: Row, new: Row
) -> None:
    put(FIRST, MORNING, row(A))
    before = datetime.now(UTC)
    migrate(lake, after)
    wanted = {column.name for column in after.columns}
    old_row = {name: value for name, value in row(A, **of_old).items() if name in wanted}
    new_row = {name: value for name, value in row(B, **new).items() if name in wanted}
    put(after, EVENING, new_row)
    both = plain([old_row, new_row])
    assert rows(lake, after) == rows_by_iceberg(lake, after) == rows_by_sql(lake, after) == both
    assert rows_by_sql(lake, after, before) == [old_row], "as of an instant before the migration"
    put(after, MORNING, new_row | {"name": "a"})
    assert [one["name"] for one in rows(lake, after)] == ["a", "b"], "an old window is replaced under the new contract"
    assert rows(lake, after)[0] == new_row | {"name": "a"}


def test_a_question_finds_a_renamed_column_by_its_new_name_in_every_window(lake: Lake, put: Callable[..., Any]) -> None:
    put(FIRST, MORNING, row(A))
    migrate(lake, RENAMED)
    put(RENAMED, NOON, row({"name": "b", "remark": "x", "small": 2, "amount": "1.00"}))
    found = lake.find(RENAMED, lambda column: column["remark"] == "x")
    assert sorted(found.column("name").to_pylist()) == ["a", "b"]
    assert found.schema.names == RENAMED.arrow_schema.names


def test_a_renaming_is_read_before_the_table_follows_it_and_by_code_that_is_older(
    lake: Lake, put: Callable[..., Any]
) -> None:
    put(FIRST, MORNING, row(A))
    assert rows(lake, RENAMED)[0]["remark"] == "x"
    migrate(lake, RENAMED)
    put(RENAMED, NOON, row({"name": "b", "remark": "y", "small": 2, "amount": "1.00"}))
    assert [one["note"] for one in rows(lake, FIRST)] == ["x", "y"]


def test_a_table_that_was_never_renamed_is_read_as_it_lies(lake: Lake, put: Callable[..., Any]) -> None:
    put(FIRST, MORNING, row(A))
    migrate(lake, WIDER)
    dataset, former = lake.files(WIDER)
    assert (dataset.schema.names, former) == (WIDER.arrow_schema.names, {})


# --- what may be done -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("after", [RENAMED, WIDER, LOOSER, DROPPED], ids=["renamed", "widened", "relaxed", "dropped"])
def test_until_it_is_migrated_a_table_takes_no_rows_of_another_shape(
    lake: Lake, put: Callable[..., Any], after: Contract
) -> None:
    put(FIRST, MORNING, row(A))
    names = {column.name for column in after.columns}
    new = {name: value for name, value in row(B, remark="y").items() if name in names}
    with pytest.raises(LakeError, match=r"lake\.samples.*muniment contract migrate samples"):
        put(after, NOON, new)
    migrate(lake, after)
    put(after, NOON, new)
    assert len(rows(lake, after)) == 2


def test_rows_of_an_older_contract_do_not_undo_a_renaming(lake: Lake, put: Callable[..., Any]) -> None:
    put(FIRST, MORNING, row(A))
    migrate(lake, RENAMED)
    with pytest.raises(LakeError, match="rename remark to note"):
        put(FIRST, NOON, row(B))


@pytest.mark.parametrize(
    ("after", "reason"),
    [
        (replace(RENAMED, version="1.9.9"), r"needs a new major version, at least 2\.0\.0"),
        (replace(WIDER, version="1.0.1"), r"needs a new minor version, at least 1\.1\.0"),
        (changed(FIRST, "2.0.0", small=replace(SMALL, type="text")), "int cannot become string"),
        (changed(FIRST, "2.0.0", later=replace(NOTE, name="later", required=True)), "1 rows have no value"),
        (changed(FIRST, "2.0.0", note=replace(NOTE, required=True)), "1 rows have no value"),
        (replace(FIRST, version="2.0.0", namespace="vault"), r"lake\.samples cannot become vault\.samples"),
    ],
    ids=["breaking", "minor", "another type", "required", "no longer null", "namespace"],
)
def test_what_cannot_be_is_refused_with_the_reason_and_nothing_changes(
    lake: Lake, put: Callable[..., Any], after: Contract, reason: str
) -> None:
    put(FIRST, MORNING, row(B))
    table = lake.catalog.load_table(FIRST.table).metadata_location
    with pytest.raises(MigrationError, match=reason):
        migrate(lake, after)
    assert lake.catalog.load_table(FIRST.table).metadata_location == table
    assert history(lake) == []


def test_a_name_never_comes_to_mean_another_column(lake: Lake, put: Callable[..., Any]) -> None:
    """Files know columns by name: old values would turn up under the wrong one."""
    put(FIRST, MORNING, row(A))
    migrate(lake, RENAMED)
    again = changed(RENAMED, "3.0.0", note=NOTE, remark=replace(NOTE, name="remark"))
    with pytest.raises(MigrationError, match="note is what remark was called before"):
        migrate(lake, again)
    with pytest.raises(LakeError, match="add note"):
        put(again, NOON, row(B, remark="y"))


def test_a_column_that_was_dropped_comes_back_with_its_values_but_not_as_another_type(
    lake: Lake, put: Callable[..., Any]
) -> None:
    put(FIRST, MORNING, row(A))
    migrate(lake, changed(FIRST, "2.0.0", small=None))
    with pytest.raises(MigrationError, match="small was another column"):
        migrate(lake, changed(FIRST, "3.0.0", small=replace(SMALL, type="text")))
    back = changed(FIRST, "3.0.0", small=replace(SMALL, type="bigint"))
    migrate(lake, back)
    assert rows(lake, back) == rows_by_iceberg(lake, back) == [row(A)]


def test_a_column_that_comes_back_is_found_under_every_name_that_it_ever_had(
    lake: Lake, put: Callable[..., Any]
) -> None:
    """For other readers of Iceberg too, and when its files are joined; and it may go back to its first name."""
    put(FIRST, MORNING, row(A))
    migrate(lake, RENAMED)
    migrate(lake, changed(RENAMED, "3.0.0", remark=None))
    roll_back(lake, RENAMED)
    expected = [{name: row(A, remark="x")[name] for name in ("name", "remark", "small", "amount")}]
    assert rows(lake, RENAMED) == rows_by_iceberg(lake, RENAMED) == expected
    roll_back(lake, FIRST)
    assert rows(lake, FIRST) == rows_by_iceberg(lake, FIRST) == [row(A)]
    after = FIRST
    for number, name in enumerate(("memo", "comment", "words"), start=4):
        [old] = [column for column in after.columns if column.name in ("note", "memo", "comment")]
        after = changed(after, f"{number}.0.0", **{old.name: replace(old, name=name, renamed_from=old.name)})
        migrate(lake, after)
        assert [one[name] for one in rows(lake, after)] == [one[name] for one in rows_by_iceberg(lake, after)] == ["x"]


@pytest.mark.parametrize("first", [FIRST, RENAMED], ids=["by its name", "by a former name"])
def test_a_column_comes_back_with_its_values_after_another_window_of_a_shared_file_was_run_again(
    lake: Lake, put: Callable[..., Any], tmp_path: Path, first: Contract
) -> None:
    """Nobody touched the others. Other readers of Iceberg find the values, too, also when they look for them."""
    for at, key in enumerate(KEYS[2:5]):
        put(FIRST, key, row(A, name=f"row {at}", note=f"note {at}"))
    join(lake, tmp_path, FIRST)
    migrate(lake, first)
    name = first.columns[1].name
    without = changed(first, "3.0.0", **{name: None})
    migrate(lake, without)
    again = {column: value for column, value in row(A, name="row 1").items() if column != "note"}
    put(without, MORNING, again | {"small": 7})
    assert [one["small"] for one in _by_name(rows_by_iceberg(lake, without))] == [1, 7, 1]
    roll_back(lake, first)
    assert [one[name] for one in rows(lake, first)] == ["note 0", None, "note 2"]
    assert _by_name(rows_by_iceberg(lake, first)) == rows(lake, first)
    table = lake.catalog.load_table(FIRST.table)
    assert table.scan(row_filter=f"{name} == 'note 2'").to_arrow()["name"].to_pylist() == ["row 2"]


def test_a_rule_may_be_required_once_every_row_keeps_it(lake: Lake, put: Callable[..., Any]) -> None:
    put(FIRST, MORNING, row(A))
    strict = changed(FIRST, "2.0.0", note=replace(NOTE, required=True))
    migrate(lake, strict)
    assert lake.catalog.load_table(FIRST.table).schema().find_field("note").required


@pytest.mark.parametrize("said", [None, "", "torn", "[]", "{}"])
def test_a_table_that_does_not_say_which_contract_it_follows_is_taken_as_it_looks(
    lake: Lake, put: Callable[..., Any], said: str | None
) -> None:
    """Such as one made before contracts were kept with their tables."""
    put(FIRST, MORNING, row(A))
    with lake.catalog.load_table(FIRST.table).transaction() as transaction:
        transaction.remove_properties(APPLIED) if said is None else transaction.set_properties({APPLIED: said})
    assert in_force(lake, RENAMED) == FIRST
    migrate(lake, RENAMED)
    assert rows(lake, RENAMED)[0]["remark"] == "x"


def test_without_a_table_there_is_nothing_to_migrate(lake: Lake) -> None:
    assert plan(lake, None, FIRST) is None
    with pytest.raises(MigrationError, match="no migration of samples"):
        way_back(lake, None, FIRST)


# --- history and the way back ---------------------------------------------------------------------------------------


def test_history_says_what_was_done(lake: Lake, put: Callable[..., Any]) -> None:
    put(FIRST, MORNING, row(A))
    migrate(lake, RENAMED)
    roll_back(lake, RENAMED)
    told = [(note["action"], note["from_version"], note["to_version"]) for note in history(lake)]
    assert told == [("migrate", "1.0.0", "2.0.0"), ("rollback", "2.0.0", "1.0.0")]
    assert '"remark: column renamed (note → remark)"' in history(lake)[0]["changes"]


@pytest.mark.parametrize(
    "after",
    [RENAMED, WIDER, LOOSER, GAINED, DROPPED, MONTHLY],
    ids=["renamed", "widened", "relaxed", "added", "dropped", "partitioned otherwise"],
)
def test_what_nobody_wrote_to_since_is_rolled_back_to_what_it_was(
    lake: Lake, put: Callable[..., Any], after: Contract
) -> None:
    put(FIRST, MORNING, row(A), row(B))
    migrate(lake, after)
    roll_back(lake, after)
    assert in_force(lake, FIRST) == FIRST
    table = lake.catalog.load_table(FIRST.table)
    assert steps(table, FIRST) == []
    assert rows(lake, FIRST) == rows_by_iceberg(lake, FIRST) == plain([row(A), row(B)])
    with pytest.raises(MigrationError, match="no migration of samples to undo"):
        way_back(lake, None, FIRST)
    migrate(lake, after)
    assert in_force(lake, FIRST) == after


@pytest.mark.parametrize(
    ("after", "new", "reason"),
    [
        (WIDER, {}, "1 windows were written with the type that it has now"),
        (LOOSER, {"amount": None}, "1 rows have no value"),
    ],
    ids=["widened", "relaxed"],
)
def test_what_rows_written_since_rely_on_is_not_rolled_back(
    lake: Lake, put: Callable[..., Any], after: Contract, new: Row, reason: str
) -> None:
    put(FIRST, MORNING, row(A))
    migrate(lake, after)
    put(after, NOON, row(B, **new))
    with pytest.raises(MigrationError, match=reason):
        roll_back(lake, after)
    assert in_force(lake, FIRST) == after
    assert len(rows(lake, after)) == 2


_KILLED = """
import os, signal, sys
from pathlib import Path
from muniment.lake.log import Log
from tests.unit.test_migration import RENAMED, lake_in, migrate

def die(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)

if sys.argv[2] == "before the history":
    Log.append = die
else:
    from pyiceberg.table import Transaction
    Transaction.set_properties = die
migrate(lake_in(Path(sys.argv[1])), RENAMED)
"""


@pytest.mark.parametrize("when", ["before the history", "after the history"])
def test_a_migration_that_was_killed_is_finished_by_the_next(
    lake: Lake, put: Callable[..., Any], tmp_path: Path, when: str
) -> None:
    put(FIRST, MORNING, row(A))
    command = [sys.executable, "-c", _KILLED, str(tmp_path / "state"), when]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert rows(lake, RENAMED)[0]["remark"] == "x"
    assert in_force(lake, RENAMED) == FIRST, "it counts when all of it is done"
    migrate(lake, RENAMED)
    assert in_force(lake, RENAMED) == RENAMED
    assert [note["action"] for note in history(lake)] == ["migrate"]
    roll_back(lake, RENAMED)
    assert rows(lake, FIRST) == [row(A)]


def test_a_rollback_that_ended_after_its_note_is_finished_by_the_next(
    lake: Lake, put: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    put(FIRST, MORNING, row(A))
    migrate(lake, changed(FIRST, "1.1.0", later=Column("later", "text", "Came later")))
    second = changed(in_force(lake, FIRST) or FIRST, "2.0.0", note=RENAMED.columns[1])
    migrate(lake, second)
    with monkeypatch.context() as patch:
        patch.setattr("muniment.migration.applied_properties", lambda _: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            roll_back(lake, second)
    assert in_force(lake, FIRST) == second
    roll_back(lake, second)
    assert [note["action"] for note in history(lake)] == ["migrate", "migrate", "rollback"]
    roll_back(lake, second)
    assert in_force(lake, FIRST) == FIRST


def test_the_history_keeps_its_order_when_the_clock_is_put_back(
    lake: Lake, put: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Late(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:  # type: ignore[override]
            return datetime(2000, 1, 1, tzinfo=tz)

    put(FIRST, MORNING, row(A))
    migrate(lake, RENAMED)
    monkeypatch.setattr("muniment.lake.log.datetime", Late)
    roll_back(lake, RENAMED)
    assert [note["action"] for note in history(lake)] == ["migrate", "rollback"]


# --- what is personal -----------------------------------------------------------------------------------------------

PRIVATE = changed(FIRST, "2.0.0", note=replace(NOTE, pii="person"))
OTHERWISE = changed(FIRST, "3.0.0", note=replace(NOTE, pii="email"))
UNDER_ANOTHER_NAME = changed(FIRST, "2.0.0", note=replace(NOTE, name="remark", renamed_from="note", pii="person"))


@pytest.mark.parametrize(
    ("before", "after"),
    [(FIRST, PRIVATE), (FIRST, UNDER_ANOTHER_NAME), (PRIVATE, OTHERWISE), (PRIVATE, replace(FIRST, version="3.0.0"))],
    ids=["personal", "renamed and personal", "another class", "no longer personal"],
)
def test_where_values_are_to_be_masked_otherwise_every_window_is_run_again_and_so_on_the_way_back(
    lake: Lake, put: Callable[..., Any], before: Contract, after: Contract
) -> None:
    for key in (NOON, MORNING):
        put(before, key, row(A))
    assert migrate(lake, after).again == (MORNING, NOON)
    assert way_back(lake, None, after).again == (MORNING, NOON)


def test_a_column_that_comes_back_as_personal_may_have_been_public_in_windows_that_are_there(
    lake: Lake, put: Callable[..., Any]
) -> None:
    put(FIRST, MORNING, row(A))
    assert migrate(lake, changed(FIRST, "2.0.0", note=None)).again == ()
    assert migrate(lake, replace(PRIVATE, version="3.0.0")).again == (MORNING,)


@pytest.mark.parametrize(
    "after",
    [RENAMED, WIDER, DROPPED, changed(FIRST, "1.1.0", later=Column("later", "text", "Came later", pii="person"))],
    ids=["renamed", "widened", "dropped", "a new personal column"],
)
def test_where_masks_stay_as_they_are_no_window_is_run_again(
    lake: Lake, put: Callable[..., Any], after: Contract
) -> None:
    put(FIRST, MORNING, row(A))
    assert migrate(lake, after).again == ()


MATTERS = contracts()["matters"]
CARELESS = changed(MATTERS, "0.9.0", client_sin=replace(MATTERS.columns[5], pii=None))
SIN, WRONG = "046454286", "04645428A"


def run(practice: Practice, keys: Iterable[str], contract: Contract) -> None:
    """Take windows to the lake under a contract of matters."""
    known = {**contracts(), "matters": contract}
    wanted = [windows.parse(key) for key in keys]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("muniment.stages.publish_records.contracts", lambda: known)
        patch.setattr("tests.stages.of_origin", lambda origin: [c for c in known.values() if c.origin == origin])
        to_the_lake(practice.platform, wanted, wanted[-1].end, f"run under {contract.version}")


def in_clear(lake: Lake) -> dict[str, set[str]]:
    """Which of the two numbers stand where in the lake, now."""
    found = {table.table: " ".join(str(batch.to_pylist()) for batch in lake.scan(table)) for table in tables()}
    seen = {table: {number for number in (SIN, WRONG) if number in text} for table, text in found.items()}
    return {table: numbers for table, numbers in seen.items() if numbers}


def test_once_the_windows_of_a_column_that_became_personal_were_run_again_no_value_of_it_is_in_clear(
    tmp_path: Path,
) -> None:
    practice = Practice(tmp_path)
    lake = practice.platform.lake
    names = [column.name for column in MATTERS.input_columns]
    for key, number in zip((MORNING, NOON), (SIN, WRONG), strict=True):
        given = good_row(MATTERS, client_sin=number)
        lines = (",".join(names), ",".join(str(given[name]) for name in names))
        practice.drop(key, f"{key}/matters.csv", "\n".join(lines).encode())
    run(practice, (MORNING, NOON), CARELESS)
    assert in_clear(lake) == {"lake.matters": {SIN}, "lake.quarantine": {WRONG}}

    found = migrate(lake, MATTERS)
    assert found.again == (MORNING, NOON), "also the window of which no row was published: its refusal shows the value"
    run(practice, found.again, MATTERS)
    assert in_clear(lake) == {"vault.matters": {SIN}}
    assert [one["client_sin"] for batch in lake.scan(MATTERS) for one in batch.to_pylist()] == ["[SIN]"]

    found = way_back(lake, None, MATTERS)
    roll_back(lake, MATTERS)
    run(practice, found.again, CARELESS)
    assert in_clear(lake) == {"lake.matters": {SIN}, "lake.quarantine": {WRONG}}


# --- any sequence of changes ----------------------------------------------------------------------------------------

CHANGES = ("add", "rename", "widen", "relax", "drop", "partition")
SOON = datetime(2026, 4, 1, tzinfo=UTC)


def join(lake: Lake, folder: Path, contract: Contract) -> None:
    """Put the windows of each day into one file."""
    upkeep = Upkeep(lake, FolderStore(folder / "state" / "lake"), folder, "upkeep", SOON, Policy(timedelta(days=30)))
    upkeep.compact(contract)


@dataclass
class Model:
    """What the table should be: its contract, and its rows by what their columns are, whatever they are called."""

    contract: Contract = FIRST
    meaning: dict[str, str] = field(default_factory=lambda: {column.name: column.name for column in FIRST.columns})
    rows: list[Row] = field(default_factory=list)
    count: int = 0

    def change(self, kind: str, which: int) -> "Model":
        """The model after one change of the contract, to the column that the number picks among those that can."""
        self.count += 1
        fresh, version = f"column_{self.count}", f"{self.count + 1}.0.0"
        columns = list(self.contract.columns)
        able = [
            at
            for at, column in enumerate(columns)
            if {"widen": column.type in _WIDER, "relax": column.required}.get(kind, True) and column.name != "name"
        ]
        contract, meaning = replace(self.contract, version=version), dict(self.meaning)
        if kind == "partition":
            contract = replace(contract, partition="day" if contract.partition == "month" else "month")
        elif kind == "add":
            columns.append(replace(COLUMNS[1 + which % len(VALUES)], name=fresh))
            meaning[fresh] = fresh
        elif able:
            at = able[which % len(able)]
            old = columns[at]
            if kind == "rename":
                columns[at] = replace(old, name=fresh, renamed_from=old.name)
                meaning[fresh] = meaning.pop(old.name)
            elif kind == "drop":
                del columns[at], meaning[old.name]
            else:
                columns[at] = replace(old, required=False) if kind == "relax" else replace(old, type=_WIDER[old.type])
        return Model(replace(contract, columns=tuple(columns)), meaning, self.rows, self.count)

    def seen(self) -> list[Row]:
        """The rows as the contract shows them."""
        return plain({name: row.get(what) for name, what in self.meaning.items()} for row in self.rows)


_WIDER = {"integer": "bigint", "decimal(14,2)": "decimal(20,2)", "decimal(12,4)": "decimal(15,4)"}
_OF_TYPE = {column.type: VALUES[column.name] for column in COLUMNS[1:]} | {
    new: VALUES[next(c.name for c in COLUMNS if c.type == old)] for old, new in _WIDER.items()
}


def _write(lake: Lake, folder: Path, model: Model, at: int, data: st.DataObject) -> None:
    """One row of random values, in a window of its own, which may have had another."""
    values = {
        c.name: data.draw(_OF_TYPE[c.type] if c.required else st.none() | _OF_TYPE[c.type])
        for c in model.contract.columns
        if c.name != "name"
    }
    new = {"name": f"row {at}", **values}
    lake.commit(stage(folder, model.contract, KEYS[at], [new]), f"run-{uuid.uuid4()}")
    model.rows[at : at + 1] = [{model.meaning[name]: value for name, value in new.items()}]


def _by_name(found: Iterable[Row]) -> list[Row]:
    """Rows in the order of their windows; other readers of Iceberg keep none."""
    return sorted(found, key=lambda row: int(row["name"].removeprefix("row ")))


@examples(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(changes=st.lists(st.tuples(st.sampled_from(CHANGES), st.integers(0, 8)), min_size=1, max_size=4), data=st.data())
def test_after_any_changes_every_row_is_read_as_it_was_written_and_the_way_back_restores(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[str, int]], data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("any")
    lake = lake_in(folder / "state")
    model, past = Model(), list[Model]()
    for at in range(4):
        _write(lake, folder, model, at, data)
    join(lake, folder, model.contract)
    for kind, which in changes:
        past.append(model)
        model = model.change(kind, which)
        found = migrate(lake, model.contract)
        assert any(change.breaking for change in found.changes) == (kind in ("rename", "drop") and bool(found.lake))
        if data.draw(st.booleans()):
            join(lake, folder, model.contract)
        if data.draw(st.booleans()):
            _write(lake, folder, model, data.draw(st.integers(0, len(model.rows))), data)
        assert rows(lake, model.contract) == model.seen()
        assert _by_name(rows_by_sql(lake, model.contract)) == model.seen()
        assert _by_name(rows_by_iceberg(lake, model.contract)) == model.seen()
    while past:
        back = past.pop()
        try:
            roll_back(lake, model.contract)
        except MigrationError as refused:
            assert "were written" in str(refused) or "have no value" in str(refused)
            assert rows(lake, model.contract) == model.seen()
            break
        model = back
        assert rows(lake, model.contract) == model.seen()
        assert _by_name(rows_by_iceberg(lake, model.contract)) == model.seen()
