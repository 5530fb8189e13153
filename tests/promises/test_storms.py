"""Promises 3, 4 and 8 for what is done to a lake as a whole, on a network that fails: upkeep, migrations and the way
back, backups and what is restored from them, branches.

A proxy stands before a real S3 server. Each work is begun through it again and again, and after each time looked at by
the way round: it was done, or failed and said so, and either way nothing is lost and nothing is half there. Then it is
given once more on a network that is well, and is finished by that.
"""

import random
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from muniment import branches, windows
from muniment.backup.restore import restore
from muniment.branches import BranchError
from muniment.contract import Contract, contracts
from muniment.errors import MunimentError
from muniment.lake import Lake, LakeError
from muniment.lake import branches as lake_branches
from muniment.lake.maintenance import Report, Upkeep
from muniment.migration import history
from muniment.objects import Store
from muniment.platform import Platform
from muniment.progress import silent
from muniment.releases import Release, releases
from muniment.settings import Settings, load
from tests import backups, faults
from tests.backups import KEYS, SMALL, backed_up, check_whole, fill, put, repository_of, rows
from tests.conftest import SEED
from tests.faults import Fault, Proxy
from tests.promises.test_migration import AFTER, BEFORE, Firm, moved
from tests.releases import TABLES, Practice, small
from tests.s3 import S3Server
from tests.tables import good_row, stage
from tests.unit.test_lake_maintenance import NOTHING_KEPT

Place = dict[str, Any]
"""Settings that say where a lake lies, and the way to it."""

# How often a request is made in each attempt of a storm. Where none is made twice, work breaks off at whatever request
# met a fault; where one is, work goes on over what was done unheard of, and meets twice as many.
STORM = (1, 1, 2)
DONE = re.compile("There is (a|no) branch")
MISLEADING = re.compile("[Rr]estore|[Dd]rop the")  # nothing is lost


class Network:
    """The way to a new prefix of a server, and one that fails while something is tried."""

    def __init__(self, server: S3Server, proxy: Proxy, rng: random.Random) -> None:
        self.proxy, self._server, self._rng = proxy, server, rng
        self.well: Place = {"lake_uri": server.new_prefix(), **server.settings()}

    def new_prefix(self) -> str:
        """A place that nobody has used."""
        return self._server.new_prefix()

    def through(self, attempts: int) -> Place:
        """The way through the proxy, with so much patience."""
        patience = {"s3_timeout_seconds": 1, "s3_attempts": attempts}
        return self.well | {"s3_endpoint": self.proxy.endpoint} | patience

    def storm(self, share: float, do: Callable[[Place], object], look: Callable[[], None]) -> None:
        """Try it some times with faults for that share of the requests, and look after each time. What it raises says
        which server failed, or that a former attempt did all there was to do."""
        self.proxy.met = []
        errors = list[str]()
        for attempts in STORM:
            self.proxy.choose = faults.weather(self._rng, share * attempts)
            try:
                do(self.through(attempts))
            except MunimentError as error:
                errors.append(str(error))
                assert self.proxy.endpoint in errors[-1] or DONE.match(errors[-1]), errors[-1]
                assert not MISLEADING.search(errors[-1]), errors[-1]
            finally:
                self.proxy.choose = faults.once()
            try:
                look()
            except (AssertionError, MunimentError) as error:
                raise AssertionError(f"MUNIMENT_SEED={SEED}: after {errors}: {error}") from error
        met = [fate for _, _, fate in self.proxy.met if fate is not Fault.none]
        print(f"MUNIMENT_SEED={SEED}: {len(met)} faults in {len(self.proxy.met)} requests, {len(errors)} errors")


@pytest.fixture(scope="module")
def proxy(s3_server: S3Server) -> Iterator[Proxy]:
    with faults.before(s3_server.endpoint) as proxy:
        yield proxy


@pytest.fixture
def network(s3_server: S3Server, proxy: Proxy, rng: random.Random) -> Network:
    return Network(s3_server, proxy, rng)


# --- upkeep -----------------------------------------------------------------------------------------------------------


def kept_up(lake: Lake, store: Store, folder: Path, run: str, wanted: Sequence[Contract] = TABLES) -> list[Report]:
    """A round of upkeep that lets go all that it may; LakeError with what it could not do."""
    soon = datetime.now(UTC) + timedelta(hours=1)
    upkeep = Upkeep(lake, store, folder / "scratch", run, soon, NOTHING_KEPT)
    reports = [report for contract in wanted if (report := upkeep.keep_up(contract))]
    if errors := [report.error for report in reports if report.error]:
        raise LakeError("\n".join(errors))
    return reports


def test_upkeep_in_a_storm_changes_no_row_and_no_release(network: Network, tmp_path: Path) -> None:
    with small():
        well, made = Practice(tmp_path, place=network.well), dict[str, Any]()

        def contents(release: Release | None = None) -> list[dict[str, list[str]]]:
            return [well.names(contract, release) for contract in TABLES]

        def deliver() -> None:
            release = well.released(KEYS[len(made)], "a", "b")
            made[release.id] = contents()

        def keep_up(place: Place) -> None:
            deliver()
            shaken = Practice(tmp_path, place=place)
            kept_up(shaken.lake, shaken.store, tmp_path, f"round {len(made)}")

        def look() -> None:
            assert {one.id: contents(one) for one in releases(well.lake)} == made
            assert contents() == made[max(made)]

        deliver()
        network.storm(0.02, keep_up, look)
        kept_up(well.lake, well.store, tmp_path, "when it is well")
        look()
        again = kept_up(well.lake, well.store, tmp_path, "again")
    assert all(step.before == step.after for report in again for step in report.steps)
    for contract in TABLES:
        held = well.lake.held(contract)
        assert len({one.path for one in held.values()}) == len({windows.parse(key).path for key in held})


# --- migrations -------------------------------------------------------------------------------------------------------


def test_a_migration_and_its_way_back_in_a_storm_leave_every_row_readable_by_both_contracts(
    network: Network, tmp_path: Path, new_database: Callable[[], str]
) -> None:
    firm = Firm(tmp_path, new_database(), **network.well)
    for to, told in ((AFTER, ["migrate"]), (BEFORE, ["migrate", "rollback"])):

        def move(place: Place, to: Contract = to) -> None:
            moved(firm.platform(**place), to)

        network.storm(0.04, move, firm.check_readable)
        moved(firm.platform(), to)
        firm.check(to)
        assert [note["action"] for note in history(firm.platform().lake)] == told


# --- backups ----------------------------------------------------------------------------------------------------------


def test_backups_that_a_storm_let_through_are_whole_and_restored_in_another(network: Network, tmp_path: Path) -> None:
    place = {"backup_uri": network.new_prefix()}
    here = backups.installation(tmp_path, "here", **network.well | place)
    fill(here, tmp_path)
    acknowledged = list[str]()

    def back_up(way: Place) -> None:
        put(here, tmp_path, KEYS[3], f"row {len(acknowledged)}")
        shaken = backups.installation(tmp_path, "here", **way | place)
        acknowledged.append(backed_up(shaken, incremental=True).key)

    def look() -> None:
        assert set(acknowledged) <= set(repository_of(here).instants().values())
        check_whole(here)

    network.storm(0.04, back_up, look)
    last = backed_up(here, incremental=True).key
    look()

    elsewhere = place | {"lake_uri": network.new_prefix()}
    there = backups.installation(tmp_path, "there", **network.well | elsewhere)
    done = list[str]()

    def come_back(way: Place) -> None:
        if not done:
            shaken = backups.installation(tmp_path, "there", **way | elsewhere)
            restore(shaken, repository_of(shaken), last, silent)
            done.append(last)

    def nothing_of_it_is_half_there() -> None:
        if there.lake.present() and there.lake.exists(SMALL):
            assert rows(there.lake) == rows(here.lake)
        check_whole(here)

    network.storm(0.05, come_back, nothing_of_it_is_half_there)
    if not done:
        restore(there, repository_of(there), last, silent)
    assert rows(there.lake) == rows(here.lake)


# --- branches ---------------------------------------------------------------------------------------------------------

NAME, PAYMENTS = "lower-threshold", contracts()["payments"]


def test_a_branch_made_and_dropped_in_a_storm_is_whole_or_not_there_and_main_is_what_it_was(
    network: Network, tmp_path: Path, new_settings: Callable[..., Settings]
) -> None:
    settings = new_settings(**network.well)
    main = Platform(settings)

    def through(way: Place) -> Platform:
        """The same installation by another way."""
        own = {"state_dir": settings.state, "warehouse_url": settings.warehouse_url.get_secret_value()}
        return Platform(load(**own | way))

    for at, key in enumerate(KEYS[:2]):
        main.lake.commit(stage(tmp_path, PAYMENTS, key, [good_row(PAYMENTS, at)]), "run-1")
    objects, held = {info.key: info.version for info in main.store.list()}, main.lake.held(PAYMENTS)

    def look() -> None:
        assert main.lake.held(PAYMENTS) == held
        branch = Platform(settings.on(NAME))
        if lake_branches.read(main.store, NAME):
            assert branch.lake.held(PAYMENTS) == held
            assert [one.changes for one in branches.listed(main)] == [()]
        else:
            with pytest.raises(LakeError, match="There is no branch"):
                branch.lake.held(PAYMENTS)

    for _ in range(3):
        network.storm(0.15, lambda way: branches.create(through(way), NAME), look)
        if not lake_branches.read(main.store, NAME):
            branches.create(main, NAME)
        look()
        network.storm(0.2, lambda way: branches.drop(through(way), NAME), look)
        if branches.listed(main):
            branches.drop(main, NAME)
        assert {info.key: info.version for info in main.store.list()} == objects
    with pytest.raises(BranchError, match="There is no branch"):
        branches.drop(main, NAME)


# --- what is said -----------------------------------------------------------------------------------------------------


def test_a_server_that_is_busy_is_named_and_nobody_is_told_to_restore_or_to_drop_anything(
    network: Network, tmp_path: Path
) -> None:
    settings = {"state_dir": tmp_path / "state"}
    well, busy = (Platform(load(**way | settings)) for way in (network.well, network.through(attempts=1)))
    well.lake.commit(stage(tmp_path, BEFORE, KEYS[0], []), "run-1")
    well.lake.commit(stage(tmp_path, BEFORE, KEYS[0], [good_row(BEFORE)]), "run-1")
    moved(well, AFTER)
    lake_branches.fork(well.lake, well.store, NAME)
    lake, store, of_branch = busy.lake, busy.store, f"/branches/{NAME}/"
    works: list[tuple[str, Callable[[], object]]] = [
        (".avro", lambda: kept_up(lake, store, tmp_path, "a round", [BEFORE])),
        (of_branch, lambda: kept_up(lake, store, tmp_path, "a round", [BEFORE])),
        (".avro", lambda: history(lake)),
        (of_branch, lambda: lake_branches.states(lake, NAME)),
        (of_branch, lambda: lake_branches.fork(lake, store, NAME)),
    ]
    for asked, work in works:
        network.proxy.choose = lambda _, path, asked=asked: Fault.busy if asked in path else Fault.none
        with pytest.raises(LakeError, match=network.proxy.endpoint) as said:
            work()
        assert not MISLEADING.search(str(said.value))
    network.proxy.choose = faults.once()
