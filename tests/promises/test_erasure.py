"""A person who is forgotten is nowhere, and nothing brings them back: not a run, a landing, a restore, or a kill."""

import os
import random
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from muniment import branches, warehouse, windows
from muniment.backup.repository import BackupError, new_key, open_repository
from muniment.backup.restore import restore
from muniment.backup.take import take
from muniment.branches import BranchError
from muniment.cli import app
from muniment.cli.erasure import finish_interrupted
from muniment.contract import contracts
from muniment.erasure.forgetting import (
    ForgettingError,
    Plan,
    begin,
    end,
    forget_again,
    plan,
    records,
    scour,
    verify,
)
from muniment.erasure.proof import Proof, prove
from muniment.erasure.tombstones import Tombstone, unfinished
from muniment.erasure.traces import SubjectError, Traces, parse
from muniment.erasure.work import Done, alone_on, carry_out, windows_of
from muniment.errors import MunimentError
from muniment.keeping.holds import Holds
from muniment.keeping.lifecycle import note_round
from muniment.keeping.originals import RAW
from muniment.lake import LakeError, Pinned, tables
from muniment.objects import FolderStore
from muniment.platform import Platform
from muniment.progress import Silent, silent
from muniment.sample import write_practice
from muniment.settings import load
from muniment.stages.age import age
from tests import faults
from tests.faults import HARMFUL, Fault
from tests.s3 import S3Server
from tests.stages import WordEncoder, to_the_index, to_the_lake

TODAY = date(2026, 3, 12)
NOW = datetime(2026, 3, 12, tzinfo=UTC)
WHY = "a request"
QUICK = [fault for fault in HARMFUL if fault is not Fault.silent]


@pytest.fixture(scope="module")
def practice(tmp_path_factory: pytest.TempPathFactory) -> Platform:
    """A practice that went to the lake, whose backups go beside it. It stays as it is."""
    folder = tmp_path_factory.mktemp("practice")
    write_practice(folder / "state" / "landing", matters=2, windows=2, scans=False)
    platform = Platform(load(state_dir=folder / "state", backup_uri=(folder / "backups").as_uri()))
    to_the_lake(platform, platform.register.due(NOW), NOW, "run-0")
    take(platform, open_repository(platform.settings), silent)
    return platform


@pytest.fixture
def taken(practice: Platform) -> Path:
    """Where the practice's backup lies."""
    return Path(practice.settings.backup_uri.removeprefix("file://"))


@pytest.fixture
def copy(taken: Path, tmp_path: Path) -> Callable[..., Platform]:
    """Makes an installation of its own from the backup, under rules that keep nothing; the backups are the test's."""
    shutil.copytree(taken, tmp_path / "backups", copy_function=os.link)
    rules = tmp_path / "rules.yaml"
    rules.write_text("rules: []\n")

    def make(name: str = "copy", **settings: Any) -> Platform:
        chosen = {"backup_uri": (tmp_path / "backups").as_uri(), "retention_file": rules} | settings
        made = Platform(load(state_dir=tmp_path / name, **chosen))
        repository = open_repository(made.settings)
        restore(made, repository, next(iter(repository.instants().values())), silent)
        return made

    return make


def _clear(platform: Platform) -> dict[str, Any]:
    """The client of a matter whose record says most of him or her."""
    vault = contracts()["matters"].vault
    assert vault
    rows = [row for batch in platform.lake.scan(vault) for row in batch.to_pylist()]
    [client, *_] = [row for row in rows if row["client_sin"] and " and " not in row["client_name"]]
    return dict(client)


def go_on(platform: Platform, tombstones: Sequence[Tombstone], **options: Any) -> Done:
    with alone_on(platform):
        return carry_out(platform, tombstones, **options)


def _forget(platform: Platform, subject: str, **options: Any) -> tuple[Plan, Done, Proof]:
    found = plan(platform, subject, (), (), WHY, TODAY)
    tombstone = begin(platform, found, WHY, NOW)
    done = go_on(platform, [tombstone], **options)
    proof = prove(platform, found.sought, None)
    end(platform, tombstone, done, proof)
    return found, done, proof


def _again(platform: Platform, done: Done) -> None:
    to_the_lake(platform, [windows.parse(key) for key in done.windows], NOW, "run-again")


def _by_command_line(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have commands work on the installation."""
    for name, value in (("STATE_DIR", platform.settings.state), ("RETENTION_FILE", platform.settings.retention_file)):
        monkeypatch.setenv(f"MUNIMENT_{name}", str(value))


def _states(platform: Platform) -> dict[str, str]:
    rows = (row for batch in platform.lake.scan(contracts()["objects"]) for row in batch.to_pylist())
    return {row["object_id"]: f"{row['state']} {row['reason']}" for row in rows}


def _documents(platform: Platform) -> dict[str, list[str]]:
    """What is read in each document, by its digest."""
    rows = (row for batch in platform.lake.scan(contracts()["pages"]) for row in batch.to_pylist())
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(row["document_id"], []).append(row["text"])
    return found


def test_a_person_is_nowhere_and_everything_else_stays(
    copy: Callable[..., Platform], new_database: Callable[[], str]
) -> None:
    platform = copy(warehouse_url=new_database())
    client = _clear(platform)
    keys = [manifest.window for manifest in platform.register.manifests()]
    encoder = WordEncoder()
    states, documents = _states(platform), _documents(platform)
    vault = contracts()["matters"].vault
    assert vault
    tagged = [contracts()["pii_findings"], contracts()["documents"], vault]
    pinned: dict[str, Pinned] = {}
    for contract in tagged:
        table = platform.lake.catalog.load_table(contract.table)
        snapshot = table.current_snapshot()
        assert snapshot
        table.manage_snapshots().create_tag(snapshot.snapshot_id, "release-1").commit()
        pinned[contract.table] = Pinned(snapshot.snapshot_id, "release-1")
    with warehouse.opened(platform.settings) as dsn, warehouse.connected(dsn, autocommit=True) as connection:
        to_the_index(platform, dsn, keys, "run-1", encoder)
        found = plan(platform, client["client_name"], (), (), WHY, TODAY)
        before = prove(platform, found.sought, connection)
        assert {hit.partition(":")[0] for hit in before.hits} >= {"lake", "warehouse"}
        assert "vault.pii_findings" in str(before.hits)

        tombstone = begin(platform, found, WHY, NOW)
        done = go_on(platform, [tombstone])
        _again(platform, done)
        to_the_index(platform, dsn, keys, "run-2", encoder)
        scour(connection)
        after = prove(platform, found.sought, connection)
    assert after.hits == ()
    assert set(after.looked) >= {"lake", "catalog", "warehouse", "state"}
    for contract in tagged:
        then, now_held = (platform.lake.held(contract, moment) for moment in (pinned[contract.table], None))
        assert {key: one.content_id for key, one in then.items()} == {k: one.content_id for k, one in now_held.items()}
        with pytest.raises(LakeError, match="is gone"):
            platform.lake.held(contract, Pinned(pinned[contract.table].snapshot))

    now = _states(platform)
    erased = {name for name, state in now.items() if state == "quarantined erased"}
    assert now.keys() == states.keys(), "every object still ends in one state"
    assert erased
    assert {name: now[name] for name in states.keys() - erased} == {n: states[n] for n in states.keys() - erased}
    gone = documents.keys() - _documents(platform).keys()
    assert len(gone) == len(found.scope.objects)
    assert _documents(platform) == {name: text for name, text in documents.items() if name not in gone}
    names = {row["client_name"] for batch in platform.lake.scan(vault) for row in batch.to_pylist()}
    assert "erased" in names
    assert len(names) > 1

    end(platform, tombstone, done, after)
    assert verify(platform) == []
    assert [one["finished"] for one in records(platform)] == [True]


def test_running_again_changes_nothing_more(copy: Callable[..., Platform]) -> None:
    platform = copy()
    found, done, proof = _forget(platform, _clear(platform)["client_sin"])
    assert proof.clean
    _again(platform, done)
    held = {one.name: one.files for one in platform.lake.inventory()}
    _again(platform, done)
    assert {one.name: one.files for one in platform.lake.inventory()} == held
    assert prove(platform, found.sought, None).clean
    assert verify(platform) == []


def test_records_are_forgotten_also_when_their_files_are_gone(copy: Callable[..., Platform]) -> None:
    platform = copy()
    for info in list(platform.store.list("raw/objects")):
        platform.store.delete(info.key)
    _, done, proof = _forget(platform, _clear(platform)["client_name"], landing=True)
    assert proof.clean
    assert done.rewritten == 0


def test_a_person_is_nowhere_on_s3_either(copy: Callable[..., Platform], s3_server: S3Server) -> None:
    platform = copy(lake_uri=s3_server.new_prefix(), **s3_server.settings())
    found, done, proof = _forget(platform, _clear(platform)["client_name"], landing=True)
    assert proof.clean
    assert done.deleted >= len(found.scope.objects) > 0
    assert done.rewritten == len(found.scope.cells) > 0
    assert verify(platform) == []


def test_an_erasure_on_a_network_that_fails_is_finished_by_going_on(
    copy: Callable[..., Platform], s3_server: S3Server, rng: random.Random
) -> None:
    place = {"lake_uri": s3_server.new_prefix(), **s3_server.settings()}
    platform = copy(**place)
    found = plan(platform, _clear(platform)["client_name"], (), (), WHY, TODAY)
    tombstone = begin(platform, found, WHY, NOW)
    with faults.before(s3_server.endpoint) as proxy:
        through = {"s3_endpoint": proxy.endpoint, "s3_timeout_seconds": 1, "s3_attempts": 2}
        for share in (0.2, 0.05):
            proxy.choose = faults.at_random(rng, share, QUICK)
            struck = Platform(load(**platform.settings.model_dump() | through))
            with suppress(MunimentError, OSError):
                go_on(struck, [tombstone])
    done = go_on(platform, [tombstone])
    proof = prove(platform, found.sought, None)
    assert {hit.partition(":")[0] for hit in proof.hits} <= {"landing"}
    end(platform, tombstone, done, proof)
    assert verify(platform) == []


def test_what_lands_again_is_refused_and_not_kept(copy: Callable[..., Platform], practice: Platform) -> None:
    platform = copy()
    found, _, _ = _forget(platform, _clear(platform)["client_name"])
    again = sorted(found.scope.objects)[0]
    entries = {entry.sha256: entry for m in practice.register.manifests() for entry in m.entries}
    for sha in (again, *found.scope.cells):
        with practice.original(sha) as path:
            platform.landing.create(f"again/{entries[sha].key}", path)
    due = platform.register.due(datetime.now(UTC))
    assert due
    to_the_lake(platform, due, datetime.now(UTC), "run-3")
    assert not platform.store.exists(f"raw/objects/{again}")
    rows = [row for batch in platform.lake.scan(contracts()["objects"]) for row in batch.to_pylist()]
    ends = {row["sha256"]: (row["state"], row["reason"]) for row in rows if row["key"].startswith("again/")}
    assert ends[again] == ("quarantined", "erased")
    assert all(ends[sha][0] == "duplicate" for sha in found.scope.cells)
    left = prove(platform, found.sought, None).hits
    assert {hit.partition(":")[0] for hit in left} == {"landing"}, "which belongs to whoever put it there"


def test_what_an_erasure_left_in_landing_is_told_until_it_is_deleted_there(
    copy: Callable[..., Platform], practice: Platform, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    platform = copy()
    found, _, _ = _forget(platform, _clear(platform)["client_name"])
    [sha, *_], other = found.scope.objects, tmp_path / "other.csv"
    other.write_text("somebody else's")
    platform.landing.create("others.csv", other)
    with practice.original(sha) as path:
        platform.landing.create("again/deed.pdf", path)
    to_the_lake(platform, platform.register.due(datetime.now(UTC)), datetime.now(UTC), "run-3")
    assert verify(platform) == ["Still there: landing: again/deed.pdf"]
    _by_command_line(platform, monkeypatch)
    assert CliRunner().invoke(app, ["forget", "--resume"]).exit_code == 0
    assert verify(platform) == ["Still there: landing: again/deed.pdf"]
    assert CliRunner().invoke(app, ["forget", "--resume", "--landing"]).exit_code == 0
    assert [info.key for info in platform.landing.list()] == ["others.csv"]
    assert verify(platform) == []


def test_a_matter_in_which_the_person_is_not_is_refused_with_those_where_they_are(
    copy: Callable[..., Platform],
) -> None:
    """Else a number that was mistyped would be answered with a proof that nothing is left."""
    platform = copy()
    client = _clear(platform)
    for wrong in (["2026-002"], [client["matter_number"], "1999-0001"]):
        with pytest.raises(SubjectError, match=rf"matter {wrong[-1]}\. It is in: .*{client['matter_number']}"):
            plan(platform, client["client_name"], (), wrong, WHY, TODAY)
    assert plan(platform, client["client_name"], (), [client["matter_number"]], WHY, TODAY).scope


def test_a_restore_of_an_older_backup_brings_nobody_back(copy: Callable[..., Platform]) -> None:
    platform = copy()
    found, _, _ = _forget(platform, _clear(platform)["client_name"])
    there = copy("elsewhere")
    assert prove(there, found.sought, None).clean
    assert verify(there) == []
    assert {one["id"] for one in records(there)} >= {one["id"] for one in records(platform)}
    assert forget_again(there, open_repository(there.settings)) >= 1
    assert prove(there, found.sought, None).clean


class Killed(BaseException):
    """What a test kills an erasure with."""


@pytest.fixture
def dying(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int], None]]:
    """Kills this process's work at the n-th change of a store from now on, before or after it."""
    left = [10**9]

    def fatal(name: str) -> None:
        real = getattr(FolderStore, name)

        def change(self: FolderStore, *arguments: Any) -> Any:
            left[0] -= 1
            if left[0] == 0:
                raise Killed
            came = real(self, *arguments)
            if left[0] == 1:
                left[0] = 0
                raise Killed
            return came

        monkeypatch.setattr(FolderStore, name, change)

    for name in ("create", "replace", "delete"):
        fatal(name)

    def at(count: int) -> None:
        left[0] = count

    yield at
    left[0] = 10**9


def test_one_that_was_killed_is_finished_by_going_on(
    copy: Callable[..., Platform], dying: Callable[[int], None], rng: random.Random
) -> None:
    platform = copy()
    found = plan(platform, _clear(platform)["client_name"], (), (), WHY, TODAY)
    tombstone = begin(platform, found, WHY, NOW)
    kills = 0
    for _ in range(6):
        dying(rng.randrange(1, 25))
        try:
            go_on(Platform(platform.settings), [tombstone])
        except Killed:
            kills += 1
    dying(10**9)
    assert kills
    fresh = Platform(platform.settings)
    left = unfinished(fresh.store, lambda: fresh.tokens)
    assert [one.id for one in left] == [tombstone.id]
    done = go_on(fresh, left)
    end(fresh, tombstone, done, None)
    assert unfinished(fresh.store, lambda: fresh.tokens) == ()
    assert prove(fresh, found.sought, None).clean
    _again(fresh, done)
    assert prove(fresh, found.sought, None).clean
    assert verify(fresh) == []


def test_what_the_planner_remembers_of_a_table_that_was_emptied_is_found_and_goes(
    platform: Platform, new_database: Callable[[], str]
) -> None:
    sought = Traces([parse("Kaya J. Okafor")], platform.tokens)
    settings = load(state_dir=platform.settings.state, warehouse_url=new_database())
    with warehouse.opened(settings) as dsn, warehouse.connected(dsn, autocommit=True) as connection:
        connection.execute("CREATE SCHEMA marts")
        connection.execute("CREATE TABLE marts.parties AS SELECT 'OKAFOR, Kaya J.' AS name FROM generate_series(1, 9)")
        connection.execute("CREATE VIEW marts.names AS SELECT name FROM marts.parties")
        connection.execute("ANALYZE marts.parties")
        connection.execute("DELETE FROM marts.parties")
        assert prove(platform, sought, connection).hits == ("warehouse: marts.parties, statistics of the planner",)
        scour(connection)
        assert prove(platform, sought, connection).clean
        assert connection.execute("SELECT * FROM marts.names").fetchall() == []


def test_nobody_is_forgotten_while_a_run_is_at_work(copy: Callable[..., Platform]) -> None:
    platform = copy()
    [manifest, *_] = platform.register.manifests()
    with (
        platform.lake.claimed([manifest.window]),
        pytest.raises(LakeError, match=manifest.window_key),
        alone_on(Platform(platform.settings)),
    ):
        pass


def test_nobody_is_forgotten_while_a_branch_shares_the_files(copy: Callable[..., Platform]) -> None:
    platform = copy()
    with platform.lake.catalog.engine.begin() as connection:  # type: ignore[attr-defined]
        connection.execute(
            text(
                "INSERT INTO iceberg_tables SELECT 'muniment/a-branch', table_namespace, table_name, "
                "metadata_location, previous_metadata_location, iceberg_type FROM iceberg_tables LIMIT 1"
            )
        )
    with pytest.raises(LakeError, match="muniment branch drop a-branch"):
        plan(platform, "Kaya J. Okafor", (), (), WHY, TODAY)
    with pytest.raises(LakeError, match="muniment branch drop a-branch"), alone_on(platform):
        pass


def test_while_an_erasure_is_unfinished_nobody_makes_a_branch_or_places_a_hold(
    copy: Callable[..., Platform], new_database: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both would be of what is about to go; a hold would be told to stand on what is gone."""
    platform = copy(warehouse_url=new_database())
    found = plan(platform, _clear(platform)["client_name"], (), (), WHY, TODAY)
    tombstone = begin(platform, found, WHY, NOW)
    with pytest.raises(BranchError, match="muniment forget --resume"):
        branches.create(platform, "trial")
    _by_command_line(platform, monkeypatch)
    place = ["hold", "place", "--all", "--reason", "an order"]
    refused = CliRunner().invoke(app, place)
    assert "muniment forget --resume" in str(refused.exception)
    assert Holds(platform.lake).active() == []
    end(platform, tombstone, go_on(platform, [tombstone]), None)
    assert CliRunner().invoke(app, place).exit_code == 0
    monkeypatch.setattr(tables, "_TURN_SECONDS", 0.01)
    with alone_on(platform), pytest.raises(LakeError, match="making of branches for long"):
        branches.create(Platform(platform.settings), "trial")


def test_an_erasure_whose_record_could_not_be_kept_beside_the_backups_is_not_begun(
    copy: Callable[..., Platform],
) -> None:
    platform = copy()
    found = plan(platform, _clear(platform)["client_name"], (), (), WHY, TODAY)
    other = Platform(load(**platform.settings.model_dump() | {"backup_key": new_key()}))
    with pytest.raises(BackupError, match="another place"):
        begin(other, found, WHY, NOW)
    assert unfinished(platform.store, lambda: platform.tokens) == ()


def test_an_erasure_in_a_retired_window_is_finished_with_the_run_of_another(
    copy: Callable[..., Platform], new_database: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What such a window held is gone, but a file in it may have been named after the person."""
    platform = copy(warehouse_url=new_database())
    with warehouse.opened(platform.settings) as dsn, warehouse.connected(dsn, autocommit=True) as connection:
        warehouse.prepare(connection, dsn)
    tombstone = begin(platform, plan(platform, _clear(platform)["client_name"], (), (), WHY, TODAY), WHY, NOW)
    ran: list[str] = []

    def run_windows(_: Any, wanted: Sequence[windows.Window], __: Any) -> list[Any]:
        ran.extend(window.key for window in wanted)
        return []

    monkeypatch.setattr("assets.launch.run_windows", run_windows)
    for manifest in platform.register.of(windows_of(platform, [tombstone])):
        platform.register.retire(manifest, NOW, "night")
    [other] = [manifest.window_key for manifest in platform.register.live()]
    finish_interrupted(Platform(platform.settings))
    assert ran == [other]
    assert unfinished(platform.store, lambda: platform.tokens) == ()


def test_what_the_law_wants_kept_is_refused_with_its_rule(copy: Callable[..., Platform]) -> None:
    platform = copy(retention_file=load().retention_file)
    client = _clear(platform)
    found = plan(platform, client["client_name"], (), (), WHY, TODAY)
    assert {one.matter for one in found.refusals} == {client["matter_number"]}
    assert {one.rule.id for one in found.refusals} >= {"closed-files", "client-identification"}
    assert "Law Society" in str(found.refusals[0])


def test_what_a_legal_hold_covers_is_not_forgotten(copy: Callable[..., Platform]) -> None:
    platform = copy()
    client = _clear(platform)
    free = plan(platform, client["client_name"], (), (), WHY, TODAY)
    assert free.held == ()
    hold = Holds(platform.lake).place("a claim", matters=[client["matter_number"]])
    assert plan(platform, client["client_name"], (), (), WHY, TODAY).held == (hold,)
    with pytest.raises(ForgettingError, match="legal hold"):
        begin(platform, free, WHY, datetime.now(UTC))
    Holds(platform.lake).place("an inquiry", everything=True)
    assert plan(platform, "Nobody Atall", (), (), WHY, TODAY).held == (), "nothing is held of somebody who is nowhere"


def test_what_was_archived_is_forgotten_and_what_was_redacted_ages_no_more(
    copy: Callable[..., Platform], tmp_path: Path
) -> None:
    platform = copy()
    for info in list(platform.store.list(RAW)):
        platform.originals.archive(PurePosixPath(info.key).name, tmp_path / "spool")
    found, done, proof = _forget(platform, _clear(platform)["client_name"], landing=True)
    assert proof.clean
    assert done.rewritten == len(found.scope.cells) > 0
    assert not any(map(platform.originals.present, found.scope.objects))
    later = datetime.now(UTC) + timedelta(days=60)
    note_round(platform.store, later - timedelta(days=1), tmp_path)
    assert age(platform, later, "night", Silent()).problems == ()
    assert verify(platform) == []


def test_a_record_that_was_changed_is_noticed(copy: Callable[..., Platform], tmp_path: Path) -> None:
    platform = copy()
    _forget(platform, _clear(platform)["client_email"])
    [info] = [info for info in platform.store.list("erasures") if info.key.endswith(".json")]
    with platform.store.open(info.key) as stream:
        plain = stream.read().decode()
    changed = tmp_path / "changed"
    changed.write_text(plain.replace(WHY, "another"))
    platform.store.replace(info.key, changed)
    assert "was changed" in verify(Platform(platform.settings))[0]
