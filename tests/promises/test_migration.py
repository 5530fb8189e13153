"""Promise 3 for contracts: a migration or a rollback that is killed at any step is finished by giving it again.

Nothing is lost on the way: whatever the instant, the lake is readable by the contract before and by the one after.
"""

import multiprocessing
import random
import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from muniment import warehouse
from muniment.contract import Column, Contract
from muniment.migration import carry_out, history, in_force, plan, warehouse_if_any, way_back
from muniment.platform import Platform
from muniment.settings import load
from tests import deaths
from tests.conftest import SEED
from tests.tables import Row, contract_of, plain, stage
from tests.unit.test_migration import AMOUNT, MORNING, NAME, NOON, NOTE, SMALL, A, B, changed, row, rows

PHONE = Column("phone", "text", "Phone", pii="phone")
BEFORE = contract_of(NAME, NOTE, SMALL, replace(AMOUNT, required=True), PHONE, name="people")
AFTER = changed(
    replace(BEFORE, partition="month"),
    "2.0.0",
    note=replace(NOTE, name="remark", renamed_from="note", pii="person"),
    small=replace(SMALL, type="bigint"),
    amount=replace(AMOUNT, required=False),
    phone=replace(PHONE, name="telephone", renamed_from="phone"),
    later=Column("later", "text", "Came later"),
)
GIVEN: list[Row] = [row(A, phone="403"), row(B, phone=None)]
SEEN = {
    BEFORE: plain(GIVEN),
    AFTER: plain(
        {"name": r["name"], "remark": r["note"], "small": r["small"], "amount": r["amount"]}
        | {"telephone": r["phone"], "later": None}
        for r in GIVEN
    ),
}


class Firm:
    """One installation whose table goes to and fro between the two contracts, in processes that may be killed."""

    def __init__(self, folder: Path, url: str, **settings: Any) -> None:
        self._place = {"state_dir": folder / "state", "warehouse_url": url} | settings
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["tests.promises.test_migration", "tests.deaths"])
        platform = self.platform()
        with warehouse_if_any(platform) as connection, warehouse.opened(platform.settings) as dsn:
            assert connection
            warehouse.prepare(connection, dsn)
            for contract in (BEFORE, BEFORE.vault):
                assert contract
                for key, given in zip((MORNING, NOON), GIVEN, strict=True):
                    platform.lake.commit(stage(folder, contract, key, [_of(contract, given)]), "run-1")
                warehouse._prepare_table(connection, contract)
                warehouse.sync(connection, platform.lake, contract, "run-1")
            connection.execute("CREATE VIEW staging.stg_people AS SELECT name, amount, small FROM lake.people")

    def settle(self) -> None:
        """Note both windows as through every stage, as a run does."""
        with warehouse_if_any(self.platform()) as connection:
            assert connection
            warehouse.settle(connection, {MORNING: "m", NOON: "m"}, "run-1")

    def platform(self, **settings: Any) -> Platform:
        """The installation as a new process has it."""
        return Platform(load(**self._place | settings))

    def move(self, to: Contract, at: tuple[str, int] | None = None) -> dict[str, int] | None:
        """Migrate, or roll back; the steps that it took, or None when it died at the step given."""
        receiving, sending = self._context.Pipe(duplex=False)
        process = self._context.Process(target=_move, args=(sending, self._place, to is AFTER, at))
        process.start()
        sending.close()
        try:
            taken: dict[str, int] | str | None = receiving.recv()
        except EOFError:
            taken = None
        process.join()
        assert not isinstance(taken, str), taken
        assert taken or process.exitcode == -signal.SIGKILL
        return taken

    def check_readable(self) -> None:
        """By both contracts, each with all that it shows."""
        lake = self.platform().lake
        for contract, seen in SEEN.items():
            assert rows(lake, contract) == seen

    def check(self, contract: Contract) -> None:
        """Everything follows the contract: lake, warehouse, history. Both windows are to be run for its masks."""
        platform = self.platform()
        self.check_readable()
        assert in_force(platform.lake, contract) == contract
        with warehouse_if_any(platform) as connection:
            assert connection
            assert plan(platform.lake, connection, contract).empty  # type: ignore[union-attr]
            assert warehouse.settled(connection) == {}
            for one in (contract, contract.vault):
                assert one
                cursor = connection.execute(f"SELECT * FROM {one.table}")
                names = [column.name for column in cursor.description or ()]
                found = plain(dict(zip(names, values, strict=True)) for values in cursor.fetchall())
                assert found == rows(platform.lake, one)
            assert len(connection.execute("SELECT * FROM staging.stg_people").fetchall()) == len(GIVEN)
        told = [note["action"] for note in history(platform.lake)]
        assert told == ["migrate", "rollback"] * (len(told) // 2) + ["migrate"] * (len(told) % 2)


def _of(contract: Contract, given: Row) -> Row:
    return {column.name: given[column.name] for column in contract.columns}


def moved(platform: Platform, to: Contract) -> None:
    """Migrate to the later contract, or roll back to the earlier one, unless the tables are there already."""
    with warehouse_if_any(platform) as connection:
        if to is AFTER:
            if (found := plan(platform.lake, connection, AFTER)) and not found.empty:
                carry_out(platform.lake, connection, found, "a test")
        elif in_force(platform.lake, AFTER) != BEFORE:
            found = way_back(platform.lake, connection, AFTER)
            carry_out(platform.lake, connection, found, "a test", action="rollback")


def _move(sending: Any, place: dict[str, Any], forward: bool, at: tuple[str, int] | None) -> None:
    import traceback

    try:
        fate = deaths._Fate(at)
        for owner, attribute in deaths.STEPS:
            fate.watch(owner, attribute)
        moved(Platform(load(**place)), AFTER if forward else BEFORE)
        sending.send(fate.counts)
    except BaseException:
        sending.send(traceback.format_exc())


@pytest.fixture
def firm(tmp_path: Path, new_database: Callable[[], str]) -> Firm:
    return Firm(tmp_path, new_database())


def _attack(firm: Firm, rng: random.Random, most: int) -> None:
    for to in (AFTER, BEFORE):
        other = BEFORE if to is AFTER else AFTER
        firm.settle()
        steps = firm.move(to)
        assert steps
        firm.check(to)
        points = [(name, number) for name, taken in sorted(steps.items()) for number in range(1, taken + 1)]
        for point in rng.sample(points, min(most, len(points))):
            firm.move(other)
            firm.settle()
            firm.move(to, point)
            firm.check_readable()
            firm.move(to)
            try:
                firm.check(to)
            except AssertionError as error:
                raise AssertionError(f"MUNIMENT_SEED={SEED}: killed at {point} on the way to {to.version}") from error


def test_a_migration_or_rollback_killed_at_a_step_is_finished_by_the_next(firm: Firm, rng: random.Random) -> None:
    _attack(firm, rng, most=3)


@pytest.mark.attack
def test_migrations_and_rollbacks_killed_at_every_step_are_finished(firm: Firm, rng: random.Random) -> None:
    _attack(firm, rng, most=1_000)
