"""Branches of the lake: all of main's tables without a copy, and neither side ever sees or harms what the other has."""

import itertools
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from typer.testing import CliRunner

from muniment import windows
from muniment.cli import app
from muniment.doctor import examine
from muniment.documents.memo import Memo
from muniment.documents.model import Reason, Refusal
from muniment.errors import MunimentError
from muniment.lake import LakeError, branches
from muniment.lake.branches import Branch, State
from muniment.lake.log import Log
from muniment.migration import carry_out, in_force, plan
from muniment.objects import FolderStore
from muniment.platform import Platform
from muniment.register import RegisterError
from muniment.settings import load
from tests.tables import COLUMNS, contract_of, stage
from tests.unit.test_lake_maintenance import DAYS, NOTHING_KEPT, SMALL, House, _after_now

NAME = "lower-threshold"
KEYS = DAYS[1:5]


def make(main: House, name: str = NAME) -> House:
    """The branch of that name, made of what main is now."""
    branches.check_forkable(main.lake)
    tables = branches.fork(main.lake, main.store, name)
    branches.finish(main.store, Branch(name, datetime.now(UTC), tables))
    return on(main, name)


def on(main: House, name: str = NAME) -> House:
    """The same installation on a branch."""
    return House(main.folder, main.contract, branch=name)


def drop(main: House, name: str = NAME) -> None:
    branches.sever(main.lake, main.store, name)
    branches.erase(main.store, name)


def catalog_rows(main: House) -> set[tuple[Any, ...]]:
    with closing(sqlite3.connect(main.folder / "state" / "catalog.db")) as catalog:
        return {
            row
            for table in ("iceberg_tables", "iceberg_namespace_properties")
            for row in catalog.execute(f"SELECT * FROM {table}")
        }


def everything(main: House) -> tuple[Any, ...]:
    """All that a branch could leave a trace in: the store, its folders, the catalog."""
    root = main.folder / "state" / "lake"
    return main.on_disk(), sorted(root.rglob("*")), catalog_rows(main)


@pytest.fixture
def main(tmp_path: Path) -> House:
    house = House(tmp_path)
    house.fill(KEYS)
    Log(house.lake.catalog, "notes", _words()).append(word="before")
    return house


def _words() -> Any:
    import pyarrow as pa

    return pa.schema([pa.field("word", pa.string(), nullable=False)])


@pytest.fixture
def branch(main: House) -> House:
    return make(main)


# --- making one -------------------------------------------------------------------------------------------------------


def test_a_branch_has_what_main_has_and_copies_no_data(main: House) -> None:
    before = main.on_disk()
    branch = make(main)
    assert branch.contents() == main.contents()
    assert branch.names() == main.names()
    assert branch.by_iceberg() == main.by_iceberg()
    new = main.on_disk().keys() - before.keys()
    assert all(key.startswith(f"branches/{NAME}/") and key.endswith(".json") for key in new)
    assert len(new) == 2 + 1, "the metadata of each table, and a note"


def test_a_branch_knows_what_it_was_made_of(main: House) -> None:
    current = main.table.current_snapshot().snapshot_id
    make(main)
    made = branches.read(main.store, NAME)
    assert made is not None
    assert made.name == NAME
    assert made.tables["lake.samples"] == State(current, 2 * len(KEYS))
    assert made.tables.keys() == {"lake.samples", "control.notes"}
    assert branches.states(main.lake, NAME) == made.tables
    assert branches.known(main.lake, main.store) == {NAME}


def test_what_main_held_at_an_instant_is_held_by_its_branch_then(main: House) -> None:
    before = _after_now()
    then = main.contents()
    main.put(KEYS[0], "later")
    branch = make(main)
    assert branch.contents(before) == main.contents(before) == then


def test_a_lake_without_tables_has_no_branches(tmp_path: Path) -> None:
    empty = House(tmp_path)
    with pytest.raises(LakeError, match="no tables to make a branch of"):
        branches.check_forkable(empty.lake)
    assert not (tmp_path / "state").exists()


def test_a_rest_catalog_is_refused_with_the_reason(main: House) -> None:
    main.lake.__dict__["catalog"] = object()
    with pytest.raises(LakeError, match="need a catalog in SQLite or PostgreSQL"):
        branches.check_forkable(main.lake)


def test_a_catalog_that_an_older_library_made_has_branches_too(main: House) -> None:
    with closing(sqlite3.connect(main.folder / "state" / "catalog.db")) as catalog:
        catalog.execute("ALTER TABLE iceberg_tables DROP COLUMN iceberg_type")
        catalog.commit()
    assert make(House(main.folder)).names() == House(main.folder).names()


def test_a_view_of_another_engine_is_no_table_of_a_branch(main: House) -> None:
    with closing(sqlite3.connect(main.folder / "state" / "catalog.db")) as catalog:
        catalog.execute("INSERT INTO iceberg_tables VALUES ('muniment', 'lake', 'seen', 'nowhere', NULL, 'VIEW')")
        catalog.commit()
    assert make(main).names() == main.names()
    assert "lake.seen" not in branches.states(main.lake, NAME)


# --- apart ------------------------------------------------------------------------------------------------------------


def test_what_is_done_on_one_side_is_not_seen_on_the_other(main: House, branch: House) -> None:
    others = [name for key in KEYS[1:] for name in (f"{key} a", f"{key} b")]
    branch.put(KEYS[0], "of the branch")
    main.put(KEYS[0], "of main")
    assert (branch.names(), main.names()) == (["of the branch", *others], ["of main", *others])
    assert (branch.by_iceberg(), main.by_iceberg()) == (sorted(branch.names()), sorted(main.names()))
    assert (branch.names(KEYS[0]), main.names(KEYS[0])) == (["of the branch"], ["of main"])
    branch.put(KEYS[1])
    assert (branch.names(KEYS[1]), main.names(KEYS[1])) == ([], [f"{KEYS[1]} a", f"{KEYS[1]} b"])
    Log(branch.lake.catalog, "notes", _words()).append(word="on the branch")
    assert [note["word"] for note in Log(main.lake.catalog, "notes", _words()).notes()] == ["before"]


def test_all_that_a_branch_writes_lies_below_its_prefix(main: House) -> None:
    before = main.on_disk()
    branch = make(main)
    new = contract_of(*COLUMNS[:2], name="later")
    for version in "abc":
        branch.put(KEYS[0], version, run=f"run-{version}")
    branch.lake.commit(stage(main.folder, new, KEYS[0], [{"name": "new"}]), "run-1")
    Log(branch.lake.catalog, "notes", _words()).append(word="on the branch")
    Log(branch.lake.catalog, "others", _words()).append(word="on the branch")
    branch.keep_up(NOTHING_KEPT)
    ours = {key: size for key, size in main.on_disk().items() if not key.startswith(f"branches/{NAME}/")}
    assert ours == before
    assert not main.lake.exists(new)
    assert branch.lake.exists(new)


def test_the_oldest_metadata_of_one_side_is_never_what_the_other_stands_on(main: House) -> None:
    """A table deletes its oldest metadata as it is written; here it keeps one."""
    with main.table.transaction() as transaction:
        transaction.set_properties({"write.metadata.previous-versions-max": "1"})
    before = main.on_disk()
    branch, other = make(main), make(main, "other")
    for version in "xyz":
        branch.put(KEYS[0], version, run=f"branch-{version}")
    assert before.keys() <= main.on_disk().keys()
    for version in "abc":
        main.put(KEYS[0], version, run=f"main-{version}")
    assert (main.names(KEYS[0]), branch.names(KEYS[0])) == (["c"], ["z"])
    assert other.names(KEYS[0]) == [f"{KEYS[0]} a", f"{KEYS[0]} b"]


def test_a_contract_is_migrated_on_a_branch_alone(main: House, branch: House) -> None:
    wider = contract_of(COLUMNS[0], replace(COLUMNS[1], name="remark", renamed_from="note"), version="2.0.0")
    found = plan(branch.lake, None, wider)
    assert found is not None
    carry_out(branch.lake, None, found, "test")
    branch.lake.commit(stage(main.folder, wider, KEYS[0], [{"name": "a", "remark": "b"}]), "run-1")
    assert [in_force(one.lake, wider).version for one in (main, branch)] == ["1.0.0", "2.0.0"]  # type: ignore[union-attr]
    main.put(KEYS[0], "of main")
    assert main.names(KEYS[0]) == ["of main"]


def test_runs_of_main_and_of_a_branch_do_not_wait_for_one_another(main: House, branch: House) -> None:
    window = windows.parse(KEYS[0])
    with main.lake.claimed([window]), branch.lake.claimed([window]):
        with pytest.raises(LakeError, match=f"Window {KEYS[0]} is being run"):
            House(main.folder).lake.claimed([window]).__enter__()
        with pytest.raises(LakeError, match=f"Branch {NAME} is being run"):
            on(main).lake.claimed([windows.parse(KEYS[1])]).__enter__()
        with pytest.raises(LakeError, match=f"Branch {NAME} is being run"):
            main.lake.branch_claimed(NAME).__enter__()


def test_a_branch_that_is_not_there_or_not_whole_cannot_be_used(main: House) -> None:
    with pytest.raises(LakeError, match=f"no branch {NAME} .*muniment branch create {NAME}"):
        on(main).names()
    branches.fork(main.lake, main.store, NAME)
    with pytest.raises(LakeError, match=f"no branch {NAME}"):
        on(main).put(KEYS[0], "a")


# --- upkeep -----------------------------------------------------------------------------------------------------------


def test_files_that_only_a_branch_needs_stay_as_long_as_it_does(main: House, branch: House) -> None:
    names = branch.names()
    for key in KEYS:
        main.put(key, "new", run="run-2")
    main.keep_up(NOTHING_KEPT)
    assert branch.names() == names
    assert branch.by_iceberg() == sorted(names)
    kept = len(main.on_disk())
    drop(main)
    main.keep_up(NOTHING_KEPT)
    assert len(main.on_disk()) < kept - len(KEYS)
    assert main.names() == ["new"] * len(KEYS)
    assert not main.keep_up(NOTHING_KEPT).error


def test_a_branch_is_kept_up_without_a_look_at_the_files_of_main(main: House, branch: House) -> None:
    for version in "abc":
        branch.put(KEYS[0], version, run=f"run-{version}")
    before = {key: size for key, size in main.on_disk().items() if not key.startswith("branches/")}
    report = branch.keep_up(NOTHING_KEPT)
    assert not report.error
    assert len({held.path for held in branch.held().values()}) < len(KEYS), "it was joined"
    assert {key: size for key, size in main.on_disk().items() if not key.startswith("branches/")} == before
    assert main.by_iceberg() == sorted(main.names())
    own = {main.store.location(key) for key in main.on_disk() if key.startswith(f"branches/{NAME}/processed/")}
    assert own
    assert own <= {held.path for held in branch.held().values()}, "what it replaced of its own is gone"


def test_nothing_is_removed_while_what_a_branch_needs_cannot_be_told(main: House, branch: House) -> None:
    Path(branch.table.metadata_location.removeprefix("file://")).unlink()
    for key in KEYS:
        main.put(key, "new", run="run-2")
    before = main.on_disk()
    report = main.keep_up(NOTHING_KEPT)
    assert f"muniment/{NAME}" in report.error
    assert "Nothing was removed" in report.error
    assert main.on_disk().keys() >= before.keys()


# --- dropping one -----------------------------------------------------------------------------------------------------


def test_a_dropped_branch_leaves_no_trace(main: House) -> None:
    before = everything(main)
    branch = make(main)
    branch.put(KEYS[0], "a")
    branch.lake.commit(stage(main.folder, contract_of(*COLUMNS[:2], name="later"), KEYS[0], [{"name": "b"}]), "run-1")
    branch.keep_up(NOTHING_KEPT)
    assert everything(main) != before
    drop(main)
    folder = main.folder / "state" / "lake" / "branches"
    folder.rmdir()
    assert everything(main) == before


def test_branches_are_dropped_one_by_one(main: House) -> None:
    one, other = make(main, "a"), make(main, "a-b")
    other.put(KEYS[0], "other")
    one.put(KEYS[0], "one")
    drop(main, "a")
    assert branches.known(main.lake, main.store) == {"a-b"}
    assert (other.names(KEYS[0]), main.names(KEYS[0])) == (["other"], [f"{KEYS[0]} a", f"{KEYS[0]} b"])


class Killed(BaseException):
    """The end of a process."""


STEPS: dict[str, tuple[Any, str]] = {
    "copying the rows": (branches, "_copy_rows"),
    "writing metadata": (branches, "_own_metadata"),
    "noting that it is whole": (FolderStore, "replace"),
    "deleting a file": (FolderStore, "delete"),
    "deleting all files": (branches, "erase"),
}


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("step", STEPS)
def test_one_that_was_killed_is_finished_by_the_next(
    main: House, monkeypatch: pytest.MonkeyPatch, step: str, after: bool
) -> None:
    main.keep_up()
    before = everything(main)
    owner, attribute = STEPS[step]
    original: Callable[..., Any] = getattr(owner, attribute)

    def fatal(*args: Any, **kwargs: Any) -> Any:
        if after:
            original(*args, **kwargs)
        raise Killed

    def made_and_dropped() -> None:
        drop(main)
        make(main).put(KEYS[0], "of the branch")
        drop(main)

    monkeypatch.setattr(owner, attribute, fatal)
    with pytest.raises(Killed):
        made_and_dropped()
    monkeypatch.undo()
    assert not main.keep_up().error
    made_and_dropped()
    (main.folder / "state" / "lake" / "branches").rmdir()
    assert everything(main) == before


# --- what else a store holds ------------------------------------------------------------------------------------------

SHA = "ab" * 32


def test_what_was_read_on_main_is_known_on_a_branch_which_changes_nothing_of_it(tmp_path: Path) -> None:
    main, own = FolderStore(tmp_path / "main"), FolderStore(tmp_path / "own")
    Memo(main, "f00d").put(SHA, Refusal(Reason.damaged, "on main"))
    memo = Memo(own, "f00d", main)
    assert memo.get(SHA) == Refusal(Reason.damaged, "on main")
    memo.forget(SHA)
    assert memo.get(SHA) is None
    memo.put(SHA, Refusal(Reason.damaged, "on the branch"))
    assert memo.get(SHA) == Refusal(Reason.damaged, "on the branch")
    assert Memo(main, "f00d").get(SHA) == Refusal(Reason.damaged, "on main")


def test_a_branch_registers_no_window(tmp_path: Path) -> None:
    main, branch = (Platform(load(state_dir=tmp_path, branch=name)) for name in ("", NAME))
    path = tmp_path / "landing" / "a.pdf"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"%PDF-")
    now = datetime.now(UTC)
    [due] = main.register.due(now)
    assert branch.register.due(now) == []
    with pytest.raises(RegisterError, match="a branch registers none: run it on main first"):
        branch.register.register([due], now)
    registered = main.register.register([due], now)
    assert branch.register.register([due], now) == registered


def test_what_runs_leave_on_a_branch_lies_apart(tmp_path: Path) -> None:
    main, branch = (Platform(load(state_dir=tmp_path, branch=name)) for name in ("", NAME))
    assert branch.store.uri == main.store.uri == main.own_store.uri
    assert branch.own_store.uri == f"{main.store.uri}/branches/{NAME}"
    assert branch.settings.dagster_home == tmp_path / "branches" / NAME / "dagster"
    assert main.settings.dagster_home == tmp_path / "dagster"
    with branch.scratch() as folder:
        assert folder.is_relative_to(tmp_path / "branches" / NAME)


@pytest.mark.parametrize(
    "arguments", [["land", "README.md"], ["sample"], ["backup"], ["backup", "list"], ["branch", "create", "another"]]
)
def test_commands_that_are_of_main_say_so_on_a_branch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    monkeypatch.setenv("MUNIMENT_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setenv("MUNIMENT_BRANCH", NAME)
    done = CliRunner().invoke(app, arguments)
    assert isinstance(done.exception, MunimentError)
    assert f"unset MUNIMENT_BRANCH, which says {NAME}" in str(done.exception)
    assert not (tmp_path / "state").exists()


def test_a_command_on_a_branch_says_on_which_and_none_works_on_one_that_is_not_there(
    main: House, branch: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MUNIMENT_STATE_DIR", str(main.folder / "state"))
    monkeypatch.setenv("MUNIMENT_BRANCH", NAME)
    asked = ["quarantine", "list"]
    assert f"On branch {NAME}." in CliRunner().invoke(app, asked).stderr
    monkeypatch.setenv("MUNIMENT_BRANCH", "mistyped")
    assert "There is no branch mistyped" in str(CliRunner().invoke(app, asked).exception)
    monkeypatch.delenv("MUNIMENT_BRANCH")
    assert "branch" not in CliRunner().invoke(app, asked).stderr


def test_the_doctor_says_on_which_branch_one_is(main: House, branch: House) -> None:
    for name in ("", NAME):
        platform = Platform(load(state_dir=main.folder / "state", branch=name))
        [detail] = [found.detail for found in examine(platform) if found.part == "branch"]
        assert detail == (name or "main")


# --- any history ------------------------------------------------------------------------------------------------------

SIDES = ("", "one", "two")
Model = dict[str, list[str]]


class AnyHistory(RuleBasedStateMachine):
    """Writes and upkeep on main and on branches that come and go, in any order, against a dictionary for each."""

    folders: Iterator[Path]

    @initialize()
    def begin(self) -> None:
        self.folder = next(self.folders)
        self.houses = {"": House(self.folder)}
        self.models: dict[str, Model] = {"": {}}
        self.versions = itertools.count()
        for key in DAYS[1:4]:
            self._write("", key, 1)
        self.branch()

    def _write(self, side: str, key: str, size: int) -> None:
        version = next(self.versions)
        rows = [f"{side} {key} {version} {at}" for at in range(size)]
        self.houses[side].put(key, *rows, run=f"run-{version}")
        self.models[side] = {k: v for k, v in (self.models[side] | {key: rows}).items() if v}

    @rule(data=st.data(), key=st.sampled_from(DAYS[1:7]), size=st.integers(0, 2))
    def write(self, data: st.DataObject, key: str, size: int) -> None:
        self._write(data.draw(st.sampled_from(sorted(self.houses))), key, size)

    @rule(key=st.sampled_from(DAYS[1:7]))
    def write_the_same_on_all_sides(self, key: str) -> None:
        version = next(self.versions)
        for side, house in self.houses.items():
            house.put(key, f"{version}", run="one and the same")
            self.models[side] = {**self.models[side], key: [f"{version}"]}

    @rule()
    def replace_all_of_main_and_keep_nothing_else(self) -> None:
        for key in list(self.models[""]):
            self._write("", key, 1)
        assert not self.houses[""].keep_up(NOTHING_KEPT).error

    @precondition(lambda self: self.models[""] and len(self.houses) < len(SIDES))
    @rule()
    def branch(self) -> None:
        name = next(side for side in SIDES if side not in self.houses)
        self.houses[name], self.models[name] = make(self.houses[""], name), dict(self.models[""])

    @precondition(lambda self: len(self.houses) > 1)
    @rule(data=st.data())
    def drop(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(sorted(self.houses.keys() - {""})))
        drop(self.houses[""], name)
        del self.houses[name], self.models[name]

    @rule(data=st.data(), step=st.sampled_from(["compact", "merge_manifests", "expire", "remove_orphans", "keep_up"]))
    def take_a_step(self, data: st.DataObject, step: str) -> None:
        house = self.houses[data.draw(st.sampled_from(sorted(self.houses)))]
        if step == "keep_up":
            assert not house.keep_up(NOTHING_KEPT).error
        else:
            getattr(house.upkeep(NOTHING_KEPT), step)(SMALL)

    @invariant()
    def each_side_is_what_its_dictionary_is(self) -> None:
        for side, house in self.houses.items():
            assert {key: house.names(key) for key in house.held()} == self.models[side], side or "main"

    def teardown(self) -> None:
        """Main is whole when all branches are gone, and has no file that it does not need."""
        main = getattr(self, "houses", {}).get("")
        if main is None:
            return
        for name in self.houses.keys() - {""}:
            drop(main, name)
        assert not main.keep_up(NOTHING_KEPT).error
        assert {key: main.names(key) for key in main.held()} == self.models[""]
        assert len([key for key in main.on_disk() if key.endswith(".parquet")]) == len(
            {held.path for held in main.held().values()}
        )


def _any_history(tmp_path_factory: pytest.TempPathFactory, examples: int, steps: int) -> None:
    AnyHistory.folders = (tmp_path_factory.mktemp("branches") for _ in itertools.count())
    run_state_machine_as_test(
        AnyHistory,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_after_any_history_main_and_branches_are_each_what_a_dictionary_would_be(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    _any_history(tmp_path_factory, 6, 12)


@pytest.mark.attack
def test_after_hundreds_of_histories_main_and_branches_are_each_what_a_dictionary_would_be(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    _any_history(tmp_path_factory, 200, 40)
