"""Releases: a run that is through names what all tables hold together, and readers see that and nothing between."""

import json
import re
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from muniment import marts, releases, warehouse
from muniment.cli import app, flow
from muniment.cli import releases as commands
from muniment.lake import LakeError
from muniment.lake.log import Log
from muniment.lake.maintenance import Policy as Kept
from muniment.lake.maintenance import Upkeep
from muniment.lake.query import query
from muniment.postgres import Dsn
from muniment.releases import Policy, Release, ReleaseError, diff, drop, find, newest, retire
from muniment.rendering import write
from muniment.stages import rebuild
from muniment.status import Status, WindowStatus
from tests.backups import backed_up, installation, restored
from tests.releases import KEYS, LETTERS, PEOPLE, TABLES, Practice, small

FIRST, SECOND, THIRD = KEYS[:3]
NOTHING_KEPT = Kept(keep=timedelta(0), grace=timedelta(0))


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[Practice]:
    with small():
        yield Practice(tmp_path)


def stranger(practice: Practice) -> Practice:
    """The same practice as another process sees it."""
    return replace(practice)


# --- cutting one ------------------------------------------------------------------------------------------------------


def test_a_run_that_is_through_names_every_tables_snapshot_and_what_made_it(practice: Practice) -> None:
    release = practice.released(FIRST, "a", "b")
    assert newest(stranger(practice).lake) == release
    assert release.tables.keys() == {"lake.letters", "lake.people"}
    for contract in TABLES:
        state = practice.lake.state(contract)
        assert state
        assert state.tags == {release.tag: state.snapshot}
        named = release.tables[contract.table]
        assert (named.snapshot, named.rows, named.windows, named.contract) == (state.snapshot, 2, 1, "1.0.0")
    assert (release.windows, release.changed) == ((FIRST,), ("lake.letters", "lake.people"))
    assert (release.run_id, release.marts, release.models) == ("run-1", practice.marts, marts.fingerprint())
    assert release.code.startswith("0.")


def test_a_retired_window_holds_no_release_back(practice: Practice) -> None:
    practice.released(FIRST, "a")
    practice.settled.pop(FIRST)
    assert practice.deliver(KEYS[2], "b").release is None
    practice.retired.add(FIRST)
    assert practice.deliver(KEYS[2], "c").release


def test_what_a_run_writes_is_not_seen_before_it_is_through(practice: Practice) -> None:
    first = practice.released(FIRST, "a")
    run = practice.begin(FIRST)
    practice.write(LETTERS, FIRST, "b", run=run)
    seen = newest(practice.lake)
    assert seen == first
    assert practice.names(LETTERS, seen) == practice.names(PEOPLE, seen) == {FIRST: ["a"]}
    assert practice.names(LETTERS) == {FIRST: ["b"]}
    practice.write(PEOPLE, FIRST, "b", run=run)
    practice.finish(run, FIRST)
    assert practice.names(PEOPLE, newest(practice.lake)) == {FIRST: ["b"]}
    assert practice.names(LETTERS, first) == practice.names(PEOPLE, first) == {FIRST: ["a"]}


def test_where_nothing_changed_no_release_is_cut_and_nothing_is_written(practice: Practice) -> None:
    practice.released(FIRST, "a")
    before = [one.metadata for one in practice.lake.inventory()]
    made = practice.deliver(FIRST, "a")
    assert made.release is None
    assert made.reason.startswith("nothing changed since r")
    assert [one.metadata for one in practice.lake.inventory()] == before


def test_upkeep_that_puts_files_together_is_no_reason_for_a_release(practice: Practice, tmp_path: Path) -> None:
    for key in KEYS:
        practice.deliver(key, key)
    upkeep = Upkeep(
        practice.lake, practice.store, tmp_path / "s", "u", datetime.now(UTC) + timedelta(hours=1), NOTHING_KEPT
    )
    state = practice.lake.state(LETTERS)
    upkeep.compact(LETTERS)
    assert practice.lake.state(LETTERS) != state
    assert practice.deliver(FIRST, FIRST).release is None


def test_a_lost_file_that_its_window_brought_back_is_a_reason_for_a_release(practice: Practice) -> None:
    """Else readers would stay on the release that names the lost one, though all tables hold what they held."""
    practice.deliver(SECOND, "b")
    first = practice.released(FIRST, "a")
    lost = Path(practice.lake.held(LETTERS)[FIRST].path.removeprefix("file://"))
    lost.unlink()
    with pytest.raises(LakeError, match=lost.name):
        practice.names(LETTERS, first)
    second = practice.released(FIRST, "a")
    assert practice.names(LETTERS, newest(stranger(practice).lake)) == {FIRST: ["a"], SECOND: ["b"]}
    assert (second.windows, second.changed) == ((), ())
    assert practice.deliver(FIRST, "a").release is None, "once is enough"


@pytest.mark.parametrize("what", ["models", "schema", "contract"])
def test_other_models_columns_or_contracts_make_another_release(
    practice: Practice, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    before = practice.released(FIRST, "a")
    if what == "models":
        monkeypatch.setattr(marts, "fingerprint", lambda: "other models")
    elif what == "schema":
        with practice.lake.catalog.load_table(LETTERS.table).update_schema() as update:
            update.update_column("note", doc="Any text at all")
    else:
        contracts = (replace(LETTERS, version="1.0.1"), PEOPLE)
        monkeypatch.setattr(releases, "tables", lambda: iter(contracts))
    release = practice.deliver(FIRST, "a").release
    assert release
    assert (release.windows, release.changed) == ((), ())
    assert release.substance != before.substance
    assert [one.schema for one in diff(practice.lake, before, release)] == (
        [("describe note",)] if what == "schema" else []
    )


def test_while_another_window_is_on_its_way_the_run_that_ends_last_cuts(practice: Practice) -> None:
    one, other = practice.begin(FIRST), practice.begin(SECOND)
    for contract in TABLES:
        practice.write(contract, FIRST, "a", run=one)
        practice.write(contract, SECOND, "b", run=other)
    made = practice.finish(one, FIRST)
    assert (made.release, made.reason.split()[:4]) == (None, ["window", SECOND, "is", "not"])
    assert newest(practice.lake) is None
    release = practice.finish(other, SECOND).release
    assert release
    assert release.windows == (FIRST, SECOND)


def test_a_run_that_was_killed_keeps_releases_back_until_its_windows_are_through(practice: Practice) -> None:
    practice.released(FIRST, "a")
    practice.begin(SECOND)
    practice.write(LETTERS, SECOND, "half")
    assert practice.deliver(THIRD, "c").release is None
    assert practice.released(SECOND, "b").windows == (SECOND, THIRD)


def test_a_run_that_begins_while_a_release_is_being_cut_voids_it(
    practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    practice.deliver(FIRST, "a")
    run = practice.begin(SECOND)
    practice.write(LETTERS, SECOND, "b", run=run)
    tag = practice.lake.tag

    def begun(*given: Any) -> None:
        tag(*given)
        other = practice.begin(FIRST)
        practice.settle(other, FIRST)  # even where it is through again before anybody looks

    monkeypatch.setattr(practice.lake, "tag", begun)
    made = practice.finish(run, SECOND)
    assert (made.release, made.reason.split()[:4]) == (None, ["another", "run", "has", "begun"])
    assert made.again, "no other run is on its way that would cut it"
    monkeypatch.undo()
    with small():
        release = practice.finish(practice.begin(SECOND), SECOND).release
        assert release
        assert practice.tags() == {one.tag for one in releases.releases(practice.lake)}


def test_where_the_warehouse_does_not_mirror_the_lake_the_marts_are_of_something_else(practice: Practice) -> None:
    practice.in_step = False
    made = practice.deliver(FIRST, "a")
    assert (made.release, made.reason.split()[:3]) == (None, ["the", "warehouse", "does"])
    assert made.again
    assert FIRST not in practice.settled
    practice.in_step = True
    assert practice.deliver(FIRST, "a").release


def test_marts_are_published_with_the_release_and_not_before(practice: Practice) -> None:
    """While another window is on its way, what dbt built may hold half of it."""
    practice.released(FIRST, "a")
    one, other = practice.begin(SECOND), practice.begin(THIRD)
    practice.candidates = {"readiness": "half"}
    assert practice.finish(one, SECOND).release is None
    assert practice.marts == {"readiness": "0" * 16}
    practice.candidates = {"readiness": "whole"}
    practice.write(LETTERS, THIRD, "c", run=other)
    release = practice.finish(other, THIRD).release
    assert release
    assert release.marts == practice.marts == {"readiness": "whole"}


def test_marts_are_not_published_where_a_run_begins_meanwhile_or_the_warehouse_is_behind(
    practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    practice.released(FIRST, "a")
    practice.candidates, practice.in_step = {"readiness": "other"}, False
    assert practice.deliver(SECOND, "b").release is None
    practice.in_step = True

    def begun(practice: Practice) -> None:
        practice.publish()
        practice.begin(FIRST)

    monkeypatch.setattr(marts, "publish", begun)
    made = practice.deliver(SECOND, "b")
    assert (made.release, made.reason.split()[:4]) == (None, ["another", "run", "has", "begun"])
    assert practice.marts == {"readiness": "0" * 16}
    assert practice.candidates == {"readiness": "other"}


def test_a_window_that_is_retired_meanwhile_is_no_run(practice: Practice, monkeypatch: pytest.MonkeyPatch) -> None:
    practice.released(FIRST, "a")
    practice.candidates = {"readiness": "other"}

    def retired(practice: Practice) -> None:
        practice.publish()
        practice.retired.add(FIRST)

    monkeypatch.setattr(marts, "publish", retired)
    assert practice.deliver(SECOND, "b").release
    assert practice.marts == {"readiness": "other"}


def test_other_models_on_the_same_tables_are_published_though_no_release_follows(practice: Practice) -> None:
    practice.released(FIRST, "a")
    practice.candidates = {"readiness": "other"}
    assert practice.deliver(FIRST, "a").release is None
    assert practice.marts == {"readiness": "other"}


def published(practice: Practice, *, whole: bool = True) -> releases.Cut:
    """What becomes of marts that are built by themselves, outside a run of windows."""
    return releases.publish(practice.platform, practice, "by hand", whole=whole)  # type: ignore[arg-type]


def test_marts_that_are_built_by_themselves_are_published_at_once_unless_a_window_is_on_its_way(
    practice: Practice,
) -> None:
    first = practice.released(FIRST, "a")
    run = practice.begin(SECOND)
    practice.candidates = {"readiness": "half"}
    assert published(practice).reason == f"window {SECOND} is not through"
    assert practice.marts == {"readiness": "0" * 16}
    practice.settle(run, SECOND)
    practice.in_step = False
    assert "does not hold what lake.letters does" in published(practice).reason
    assert practice.marts == {"readiness": "0" * 16}
    practice.in_step = True
    made = published(practice, whole=False)
    assert (made.release, made.published) == (None, True)
    assert practice.marts == {"readiness": "half"}
    assert newest(practice.lake) == first


def test_marts_that_are_built_by_themselves_of_what_no_release_names_are_published_with_one(practice: Practice) -> None:
    """Somebody materialised a table in the web UI, then the marts; nobody saw the window begin."""
    practice.released(FIRST, "a")
    practice.write(LETTERS, FIRST, "b", run="by hand")
    practice.candidates = {"readiness": "of b"}
    made = published(practice, whole=False)
    assert (made.release, made.published) == (None, False), "the others are of the release before"
    assert practice.marts == {"readiness": "0" * 16}
    made = published(practice)
    assert made.release
    assert made.release == newest(practice.lake)
    assert (made.release.run_id, made.release.changed, made.release.windows) == ("by hand", (LETTERS.table,), (FIRST,))
    assert made.release.marts == practice.marts == {"readiness": "of b"}
    assert practice.names(LETTERS, made.release) == {FIRST: ["b"]}
    assert not published(practice).release, "nothing changed since"


def test_marts_of_an_empty_lake_are_published_without_a_release(practice: Practice) -> None:
    practice.candidates = {"readiness": "empty"}
    assert published(practice).published
    assert practice.marts == {"readiness": "empty"}
    assert newest(practice.lake) is None


@pytest.mark.parametrize("at", [1, 2, 3])
def test_a_run_killed_while_it_cuts_leaves_no_release_and_the_next_one_cleans_up_and_cuts(
    practice: Practice, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    """Before the first tag, between two, and between the last and the record."""
    steps = 0

    def dying(original: Any) -> Any:
        def step(*given: Any, **named: Any) -> Any:
            nonlocal steps
            steps += 1
            if steps == at:
                raise KeyboardInterrupt
            return original(*given, **named)

        return step

    first = practice.released(FIRST, "a")
    with monkeypatch.context() as patch:
        patch.setattr(practice.lake, "tag", dying(practice.lake.tag))
        patch.setattr(Log, "append", dying(Log.append))
        with pytest.raises(KeyboardInterrupt):
            practice.deliver(SECOND, "b")
    assert steps == at
    assert newest(stranger(practice).lake) == first
    release = practice.released(SECOND, "b")
    assert practice.tags() == {first.tag, release.tag}
    assert practice.names(PEOPLE, release) == {FIRST: ["a"], SECOND: ["b"]}


def test_two_runs_that_end_at_once_cut_one_release(practice: Practice) -> None:
    run = practice.begin(FIRST)
    for contract in TABLES:
        practice.write(contract, FIRST, "a", run=run)
    both = [practice, stranger(practice)]
    with ThreadPoolExecutor(2) as pool:
        made = list(pool.map(lambda one: one.finish(run, FIRST), both))
    assert sorted(one.release is None for one in made) == [False, True]
    assert len(releases.releases(practice.lake)) == 1


def test_ids_sort_in_time_though_the_clock_was_put_back(practice: Practice, monkeypatch: pytest.MonkeyPatch) -> None:
    class Clock(datetime):
        at = datetime(2026, 3, 8, 18, 5, 12, tzinfo=UTC)

        @classmethod
        def now(cls, tz: Any = None) -> datetime:
            return cls.at

    monkeypatch.setattr(releases, "datetime", Clock)
    found = [practice.released(FIRST, "a")]
    for at, back in enumerate((timedelta(0), timedelta(days=400), timedelta(hours=-1))):
        Clock.at = datetime(2026, 3, 8, 18, 5, 12, tzinfo=UTC) - back
        found.append(practice.released(FIRST, f"b{at}"))
    assert [one.id for one in found] == [
        "r20260308-180512",
        "r20260308-180513",
        "r20260308-180514",
        "r20260308-190512",
    ]
    assert releases.releases(practice.lake) == found


@pytest.mark.parametrize(
    ("behind", "said"),
    [
        ((), "^Readers of lake and marts see release r[0-9-]+: muniment release show r[0-9-]+$"),
        (KEYS[:1], f"^Until these windows.* go on seeing release r[0-9-]+: .*\n  {KEYS[0]}: muniment run$"),
        (KEYS[:5], f"\n  {KEYS[0]}, {KEYS[1]}, {KEYS[2]} and 2 more: muniment run$"),
    ],
)
def test_a_run_says_which_release_readers_see_and_what_holds_the_next_one_back(
    practice: Practice, behind: tuple[str, ...], said: str
) -> None:
    found = Status([WindowStatus(key, 1, 1, 0, 0, settled=key not in behind) for key in KEYS])
    assert re.search(said, flow._what_readers_see(found, practice.released(FIRST, "a")))
    assert "no release yet" in flow._what_readers_see(found, None)


# --- reading one ------------------------------------------------------------------------------------------------------


def test_a_table_that_came_later_is_empty_in_an_earlier_release(practice: Practice) -> None:
    run = practice.begin(FIRST)
    practice.write(LETTERS, FIRST, "a", run=run)
    release = practice.finish(run, FIRST).release
    assert release
    practice.deliver(SECOND, "b")
    assert practice.names(PEOPLE, release) == {}
    assert [list(query(practice.lake, f"SELECT name FROM {c.name}", release.pinned)[1]) for c in TABLES] == [
        [("a",)],
        [],
    ]


def test_a_snapshot_that_was_removed_behind_our_back_is_said_to_be_gone_and_the_next_release_is_cut(
    practice: Practice,
) -> None:
    release = practice.released(FIRST, "a")
    practice.lake.untag(LETTERS, [release.tag])
    lost = replace(release, tables={LETTERS.table: replace(release.tables[LETTERS.table], snapshot=7)})
    with pytest.raises(LakeError, match="Snapshot 7 of lake.letters is gone"):
        practice.names(LETTERS, lost)
    with pytest.raises(LakeError, match="cannot be named release-x: it is gone"):
        practice.lake.tag(LETTERS, "release-x", 7)
    practice.lake.catalog.drop_table(PEOPLE.table)
    practice.write(PEOPLE, FIRST, "a")
    with pytest.raises(LakeError, match=r"of lake\.people is gone"):
        practice.names(PEOPLE, release)
    again = practice.released(SECOND, "b")
    assert practice.names(PEOPLE, again) == {FIRST: ["a"], SECOND: ["b"]}


# --- comparing two ----------------------------------------------------------------------------------------------------


def test_two_releases_differ_in_windows_and_their_rows(practice: Practice) -> None:
    practice.deliver(FIRST, "a", "b")
    before = practice.released(SECOND, "c")
    practice.deliver(FIRST, "a", "x", "y")
    practice.deliver(SECOND)
    after = practice.released(THIRD, "d")
    for found in diff(practice.lake, before, after):
        assert (found.schema, found.rows_before, found.rows_after) == ((), 3, 4)
        assert [(w.window, w.change, w.rows_before, w.rows_after) for w in found.windows] == [
            (FIRST, "replaced", 2, 3),
            (SECOND, "removed", 1, 0),
            (THIRD, "added", 0, 1),
        ]
    assert len(diff(practice.lake, before, after)) == 2
    assert diff(practice.lake, after, after) == []
    assert [one.windows[1].change for one in diff(practice.lake, after, before)] == ["added", "added"]


def test_a_window_replaced_and_put_back_is_no_difference(practice: Practice) -> None:
    before = practice.released(FIRST, "a")
    practice.deliver(FIRST, "b")
    assert diff(practice.lake, before, practice.released(FIRST, "a")) == []


# --- letting them go --------------------------------------------------------------------------------------------------


def test_a_release_that_is_dropped_is_gone_with_its_tags_and_the_newest_cannot_be(practice: Practice) -> None:
    first, second = practice.released(FIRST, "a"), practice.released(FIRST, "b")
    with pytest.raises(ReleaseError, match="newest"):
        drop(practice.lake, second.id, "a test")
    assert drop(practice.lake, first.id, "a test") == first
    assert releases.releases(practice.lake) == [second]
    assert practice.tags() == {second.tag}
    with pytest.raises(ReleaseError, match="dropped"):
        find(practice.lake, first.id)


def test_a_drop_that_is_killed_leaves_no_release_without_its_snapshots(
    practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = practice.released(FIRST, "a"), practice.released(FIRST, "b")
    with monkeypatch.context() as patch:
        patch.setattr(practice.lake, "untag", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            drop(practice.lake, first.id, "a test")
    assert releases.releases(practice.lake) == [second]
    assert practice.tags() == {first.tag, second.tag}
    third = practice.released(FIRST, "c")
    assert practice.tags() == {second.tag, third.tag}


DAYS = st.lists(st.integers(0, 900 * 24), max_size=60, unique=True)


@given(hours=DAYS, every=st.integers(1, 60), weekly=st.integers(1, 800))
def test_the_newest_stays_all_recent_ones_stay_and_of_others_one_a_week(
    hours: list[int], every: int, weekly: int
) -> None:
    now = datetime(2026, 3, 8, tzinfo=UTC)
    found = [_release_of(now - timedelta(hours=ago)) for ago in sorted(hours, reverse=True)]
    gone = Policy(timedelta(days=every), timedelta(days=weekly)).gone(found, now)
    kept = [release for release in found if release not in gone]
    assert kept[-1:] == found[-1:]
    for release in found:
        age = now - release.at
        if age <= timedelta(days=every):
            assert release in kept
        elif age > timedelta(days=weekly) and release != found[-1]:
            assert release in gone
        else:
            week = [one for one in found if one.at.isocalendar()[:2] == release.at.isocalendar()[:2]]
            assert (release in kept) == (release == week[-1])


def _release_of(at: datetime) -> Release:
    return Release(f"{at:r%Y%m%d-%H%M%S}", "run", (), (), "c", "c", "m", {}, {})


def test_releases_that_need_not_stay_are_dropped_and_their_snapshots_go_with_the_next_upkeep(
    practice: Practice, tmp_path: Path
) -> None:
    found = [practice.released(FIRST, name) for name in "abc"]
    later = datetime.now(UTC) + timedelta(days=500)
    policy = Policy(timedelta(days=30), timedelta(days=365))
    assert retire(practice.lake, policy, later, "a test", dry=True) == found[:2]
    assert releases.releases(practice.lake) == found
    assert retire(practice.lake, policy, later, "a test") == found[:2]
    assert releases.releases(practice.lake) == found[2:]
    upkeep = Upkeep(practice.lake, practice.store, tmp_path / "s", "u", later, NOTHING_KEPT)
    upkeep.expire(LETTERS)
    assert len(practice.lake.catalog.load_table(LETTERS.table).snapshots()) == 1
    assert practice.names(LETTERS, found[2]) == {FIRST: ["c"]}


def test_releases_come_back_with_a_backup(tmp_path: Path) -> None:
    with small():
        here = installation(tmp_path, "here")
        practice = Practice(tmp_path)
        practice.lake = practice.platform.lake = here.lake
        before = practice.released(FIRST, "a")
        after = practice.released(FIRST, "b")
        backed_up(here)
        there = restored(here, tmp_path)
        practice.lake = practice.platform.lake = there.lake
        assert releases.releases(there.lake) == [before, after]
        assert practice.names(LETTERS, before) == {FIRST: ["a"]}
        assert practice.tags() == {before.tag, after.tag}
        assert practice.deliver(FIRST, "b").release is None


# --- the commands -----------------------------------------------------------------------------------------------------


@pytest.fixture
def muniment(practice: Practice, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Runs a command on the practice's lake."""
    monkeypatch.setenv("MUNIMENT_STATE_DIR", str(practice.folder / "state"))

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(app, arguments)

    return run


def test_the_commands_tell_what_there_is_and_what_changed(practice: Practice, muniment: Any) -> None:
    first, second = practice.released(FIRST, "a"), practice.released(SECOND, "b")
    listed = json.loads(muniment("release", "list", "--json").stdout)
    assert [(one["id"], one["run_id"], one["windows"]) for one in listed] == [
        (first.id, "run-1", [FIRST]),
        (second.id, "run-2", [SECOND]),
    ]
    shown = json.loads(muniment("release", "show", second.id, "--json").stdout)
    assert shown["tables"][LETTERS.table]["rows"] == 2
    assert shown["tables"][LETTERS.table]["snapshot"] == str(second.tables[LETTERS.table].snapshot)
    changes = json.loads(muniment("release", "diff", first.id, second.id, "--json").stdout)
    assert [(one["table"], [w["window"] for w in one["windows"]]) for one in changes] == [
        (contract.table, [SECOND]) for contract in TABLES
    ]
    assert json.loads(muniment("release", "drop", first.id, "--json").stdout) == {"dropped": first.id}
    assert isinstance(muniment("release", "drop", second.id).exception, ReleaseError)


HOSTILE = [
    "",
    "newest",
    "r20260308",
    "r20260308-180512 ",
    "R20260308-180512",
    "../r20260308-180512",
    "r99999999-999999",
]
HOSTILE += [
    "r20260308-180512\n",
    "r20260308-180512'; DROP TABLE x; --",
    "r\u0662\u0660260308-180512",
    "\x1b[2J",
    "x" * 9999,
]


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize(
    "command", [["release", "show"], ["release", "drop"], ["rebuild", "--release"], ["lake", "SELECT 1", "--release"]]
)
def test_an_id_that_names_no_release_is_refused_and_said_how_to_find_one(
    muniment: Any, command: list[str], name: str
) -> None:
    refused = muniment(*command, name).exception
    assert isinstance(refused, ReleaseError)
    assert "muniment release list" in str(refused)


def test_the_lake_is_asked_at_the_newest_release_unless_another_moment_is_named(
    practice: Practice, muniment: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def names(*arguments: str) -> list[str]:
        seen = query(practice.lake, "SELECT name FROM letters", _moment(*arguments))[1]
        return [name for (name,) in seen]

    def _moment(release: str | None = None, as_of: str | None = None, *, now: bool = False) -> Any:
        from muniment.cli.questions import _moment

        return _moment(practice.lake, release, as_of, now=now)

    practice.write(LETTERS, FIRST, "before any release")
    assert names() == ["before any release"]
    first, second = practice.released(FIRST, "a"), practice.released(FIRST, "b")
    practice.write(LETTERS, FIRST, "half")
    assert names() == names(second.id) == ["b"]
    assert names(first.id) == ["a"]
    assert list(query(practice.lake, "SELECT name FROM letters", _moment(now=True))[1]) == [("half",)]
    for two in (["--now", "--release", first.id], ["--as-of", "2026-03-08", "--now"]):
        refused = muniment("lake", "SELECT 1", *two).exception
        assert "one of them" in str(refused)


# --- building the marts again -----------------------------------------------------------------------------------------


@pytest.fixture
def rebuilding(practice: Practice, muniment: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Rebuilds a release where PostgreSQL and dbt give these digests; gives what came of it and what was dropped."""
    release = practice.released(FIRST, "a")
    dropped = list[str]()
    dsn = Dsn("nowhere", 5432, "me", "", "warehouse")
    monkeypatch.setattr(commands, "open_warehouse", lambda _: nullcontext(dsn))
    monkeypatch.setattr(warehouse, "created", lambda dsn, name: replace(dsn, dbname=name))
    monkeypatch.setattr(warehouse, "dropped", lambda dsn, name: dropped.append(name))
    monkeypatch.setattr(commands, "write", lambda *given: write(*given, sys.stdout))

    def run(digests: dict[str, str] | Exception, *options: str) -> tuple[Result, list[str]]:
        def build(*_: object) -> dict[str, str]:
            if isinstance(digests, Exception):
                raise digests
            return digests

        monkeypatch.setattr(rebuild, "_build", build)
        dropped.clear()
        return muniment("rebuild", "--release", release.id, *options), dropped

    return run


@pytest.mark.parametrize(
    ("now", "verdicts"),
    [
        ({"readiness": "0" * 16}, {"readiness": "equal"}),
        ({"readiness": "1" * 16}, {"readiness": "different"}),
        ({}, {"readiness": "missing"}),
        ({"readiness": "0" * 16, "later": "2"}, {"later": "new", "readiness": "equal"}),
    ],
)
def test_a_rebuild_says_of_each_mart_whether_it_is_what_it_was(
    rebuilding: Any, now: dict[str, str], verdicts: dict[str, str]
) -> None:
    done, dropped = rebuilding(now, "--json")
    told = json.loads(done.stdout)
    assert told["marts"] == verdicts
    assert (done.exit_code, told["equal"]) == ((0, True) if set(verdicts.values()) == {"equal"} else (1, False))
    assert dropped == [f"muniment_{told['release'].replace('-', '_')}"]


def test_a_difference_is_put_down_to_models_that_changed_since(
    rebuilding: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "models" not in rebuilding({"readiness": "1"})[0].stderr
    monkeypatch.setattr(marts, "fingerprint", lambda: "other models")
    assert "The models (dbt/) are not those of the release" in rebuilding({"readiness": "1"})[0].stderr
    assert "models" not in rebuilding({"readiness": "0" * 16})[0].stderr


def test_the_scratch_warehouse_is_dropped_also_after_an_error_and_kept_only_when_asked(rebuilding: Any) -> None:
    done, dropped = rebuilding(marts.MartsError("dbt could not"))
    assert isinstance(done.exception, marts.MartsError)
    assert len(dropped) == 1
    done, dropped = rebuilding({"readiness": "0" * 16}, "--keep")
    assert dropped == []
    assert "The marts are in the database muniment_r2" in done.stderr
