"""What is kept grows old: it moves, it goes when it is old enough and not held, and until then it is had as it came."""

import json
import os
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from muniment import windows
from muniment.cli import app, flow
from muniment.cli import keeping as commands
from muniment.contract import contracts
from muniment.documents.catalogue import catalogue
from muniment.erasure.tombstones import Erased
from muniment.keeping.holds import HoldError
from muniment.keeping.lifecycle import Ages, LifecycleError, Policy, believed, last_round, note_round
from muniment.keeping.originals import ARCHIVE, RAW, OriginalError, Originals, archive_key, leaving_key, raw_key
from muniment.lake import LakeError
from muniment.outcomes import part_of
from muniment.pending import pending
from muniment.register import FirstSeen, Register, RegisterError
from muniment.rendering import write
from muniment.settings import SettingsError, load
from muniment.stages import age as ageing
from muniment.status import status
from tests.ageing import DAY, KEYS, Practice, after, before, sha256_of

FIRST, SECOND, THIRD = KEYS[:3]
DEED = b"%PDF-1.7 a deed " + b"of land " * 500


@pytest.fixture
def practice(tmp_path: Path) -> Practice:
    return Practice(tmp_path)


@pytest.fixture
def deed(practice: Practice) -> str:
    """A content that one window brought and published."""
    sha256 = practice.land(FIRST, "deeds/2026-0001/deed.pdf", DEED)
    practice.publish(FIRST)
    return sha256


# --- tiers ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "places", "tier"),
    [
        (1, {RAW}, "hot"),
        (29.9, {RAW}, "hot"),
        (31, {ARCHIVE}, "warm"),
        (366, {ARCHIVE}, "cold"),
        (2554, {ARCHIVE}, "cold"),
    ],
)
def test_an_original_lies_where_its_age_says_and_is_had_as_it_came(
    practice: Practice, deed: str, days: float, places: set[str], tier: str
) -> None:
    report = practice.round_after(FIRST, days)
    assert report.problems == ()
    assert practice.places(deed) == places
    assert practice.content(deed) == DEED
    assert {name for name, amount in after(report).items() if amount.files and name != "readings"} == {tier}
    assert practice.rows() == [FIRST]


def test_what_was_read_goes_when_the_original_is_cold_and_the_rows_stay(practice: Practice, deed: str) -> None:
    practice.round_after(FIRST, 364)
    assert len(practice.lying("parsed")) == len(practice.lying("processed/outcomes")) == 1
    report = practice.round_after(FIRST, 365)
    assert practice.lying("parsed") == practice.lying("processed/outcomes") == []
    assert (before(report)["readings"].files, after(report)["readings"].files) == (2, 0)
    assert practice.rows() == [FIRST]


def test_what_was_read_again_lately_stays_for_the_run_that_needs_it(practice: Practice, deed: str) -> None:
    practice.round_after(FIRST, 366)
    practice.publish(FIRST)
    [memo] = practice.lying("parsed")
    stamp = (windows.parse(FIRST).end + 400 * DAY).timestamp()
    os.utime(practice.settings.state / "lake" / memo, (stamp, stamp))
    practice.round_after(FIRST, 400.5)
    assert practice.lying("parsed") == [memo]
    practice.round_after(FIRST, 401)
    assert practice.lying("parsed") == []


def test_after_the_last_day_window_rows_and_original_are_gone_within_two_rounds(practice: Practice, deed: str) -> None:
    practice.land(SECOND, "young.pdf", b"%PDF young")
    practice.publish(SECOND)
    practice.round_after(FIRST, 2554)
    report = practice.round_after(FIRST, 2555)
    assert report.retired == (FIRST,)
    practice.round_after(FIRST, 2555.1)
    assert practice.rows() == [SECOND]
    assert practice.content(deed) is None
    assert practice.places(deed) == set()
    assert practice.lying("retired") == [f"retired/{windows.parse(FIRST).slug}.json"]
    assert practice.content(sha256_of(b"%PDF young")) == b"%PDF young"


def test_a_content_that_came_again_is_as_old_as_the_younger_window(practice: Practice, deed: str) -> None:
    practice.land(THIRD, "again.pdf", DEED)
    practice.round(windows.parse(FIRST).end + 30 * DAY)
    assert practice.places(deed) == {RAW}
    practice.round_after(THIRD, 30)
    assert practice.places(deed) == {ARCHIVE}
    assert practice.round(windows.parse(FIRST).end + 2555 * DAY).retired == ()
    assert practice.rows() == [FIRST], "the rows of a document stay where its content came first"
    assert practice.round_after(THIRD, 2555).retired == (FIRST, THIRD)


def test_a_content_that_comes_again_after_years_lies_at_hand_again(practice: Practice, deed: str) -> None:
    practice.round_after(FIRST, 40)
    practice.land(THIRD, "again.pdf", DEED)
    assert practice.places(deed) == {RAW, ARCHIVE}
    assert practice.content(deed) == DEED
    practice.round_after(THIRD, 30)
    assert practice.places(deed) == {ARCHIVE}
    assert practice.content(deed) == DEED


def test_a_round_says_what_lies_where_before_and_after_it(practice: Practice, deed: str) -> None:
    report = practice.round_after(FIRST, 31)
    assert (before(report)["hot"].bytes, after(report)["hot"].bytes) == (len(DEED), 0)
    assert 0 < after(report)["warm"].bytes < len(DEED), "the archive is compressed"
    assert practice.lying(ARCHIVE) == [archive_key(deed)]


def test_a_dry_round_changes_nothing_and_says_what_a_round_does(practice: Practice, deed: str) -> None:
    for days in (31, 366, 2556):
        left = practice.times()
        told = practice.round_after(FIRST, days, dry=True)
        assert practice.times() == left
        done = practice.round_after(FIRST, days)
        assert told.retired == done.retired
        assert {name: one.files for name, one in after(told).items()} == {
            name: one.files for name, one in after(done).items()
        }


def test_a_second_round_finds_nothing_to_do(practice: Practice, deed: str) -> None:
    for days in (31, 366, 2556, 2557):
        practice.round_after(FIRST, days)
    left = practice.lying()
    report = practice.round_after(FIRST, 2558)
    assert (before(report), report.retired) == (after(report), ())
    assert practice.lying() == left


def test_before_anything_was_registered_there_is_nothing_to_do(practice: Practice) -> None:
    report = practice.round_after(FIRST, 3000)
    assert (report.problems, report.retired) == ((), ())
    assert not (practice.settings.state / "catalog.db").exists()


def test_originals_age_also_while_no_table_was_written_yet(practice: Practice) -> None:
    deed = practice.land(FIRST, "deed.pdf", DEED)
    assert practice.round_after(FIRST, 31).problems == ()
    assert practice.places(deed) == {ARCHIVE}


def test_what_no_window_brought_is_left_alone(practice: Practice, deed: str) -> None:
    strange = {archive_key("1" * 64), "parsed/reader/00/strange", "processed/outcomes/strange.parquet"}
    for key in strange:
        practice.put(key)
    practice.round_after(FIRST, 3000)
    assert set(practice.lying()) >= strange


# --- what cannot go from the archive ----------------------------------------------------------------------------------


@pytest.fixture
def left(practice: Practice, deed: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """A content that a run stored and did not name before it was killed; another file took its place in landing."""

    def killed(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Register, "_append", killed)
        with pytest.raises(KeyboardInterrupt):
            practice.land(SECOND, "plan.pdf", b"%PDF the first plan")
    practice.land(SECOND, "plan.pdf", b"%PDF the plan")
    name = sha256_of(b"%PDF the first plan")
    _written(practice, raw_key(name), windows.parse(SECOND).end)
    return name


def _written(practice: Practice, key: str, at: datetime) -> None:
    os.utime(practice.settings.state / "lake" / key, (at.timestamp(), at.timestamp()))


def _kept(practice: Practice) -> set[str]:
    return {key.rpartition("/")[2] for key in practice.lying("raw")}


def test_what_no_window_brought_is_set_aside_like_what_is_archived_and_goes_a_day_later(
    practice: Practice, left: str
) -> None:
    practice.round_after(SECOND, 29.9)
    assert practice.lying(RAW).count(raw_key(left)) == 1
    practice.round_after(SECOND, 30)
    assert practice.lying("raw") == [leaving_key(left)]
    _written(practice, leaving_key(left), windows.parse(SECOND).end + 30 * DAY)
    practice.round_after(SECOND, 30.9)
    assert _kept(practice) == {left}
    report = practice.round_after(SECOND, 31)
    assert practice.lying("raw") == []
    assert (before(report)["hot"].files, after(report)["hot"].files) == (1, 0)
    assert practice.content(sha256_of(b"%PDF the plan")) == b"%PDF the plan"


def test_while_a_hold_stands_nothing_goes_of_which_nobody_knows_what_it_is(practice: Practice, left: str) -> None:
    hold = practice.holds.place("a claim", matters=["2026-0999"])
    for days in (40, 42):
        report = practice.round_after(SECOND, days)
        if days == 40:
            _written(practice, leaving_key(left), windows.parse(SECOND).end + 40 * DAY)
    assert practice.content(left) == b"%PDF the first plan"
    assert report.held.files == 1
    practice.holds.lift(hold.id, "settled")
    practice.round_after(SECOND, 43)
    assert practice.content(left) is None


def test_what_is_registered_while_it_is_set_aside_is_had_all_along_and_comes_back(
    practice: Practice, left: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever registered it saw it at hand, and stored nothing."""
    append = Register._append

    def meanwhile(*given: Any) -> None:
        monkeypatch.undo()
        practice.round_after(SECOND, 40)
        append(*given)

    monkeypatch.setattr(Register, "_append", meanwhile)
    practice.land(KEYS[-1], "found-again.pdf", b"%PDF the first plan")
    assert practice.lying("raw/leaving") == [leaving_key(left)]
    assert practice.content(left) == b"%PDF the first plan"
    _written(practice, leaving_key(left), windows.parse(SECOND).end)
    practice.round_after(SECOND, 42)
    assert practice.lying("raw") == [raw_key(left)]
    assert practice.content(left) == b"%PDF the first plan"


def test_what_is_set_aside_when_it_lands_again_is_stored_anew(practice: Practice, left: str) -> None:
    practice.round_after(SECOND, 40)
    practice.land(KEYS[-1], "found-again.pdf", b"%PDF the first plan")
    _written(practice, leaving_key(left), windows.parse(SECOND).end)
    practice.round_after(SECOND, 42)
    assert practice.places(left) == {ARCHIVE}
    assert practice.lying("raw") == []
    assert practice.content(left) == b"%PDF the first plan"


def test_a_record_file_that_lost_cells_goes_when_its_windows_are_retired_unless_it_is_held(
    practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is not what its name says any more, and was never archived."""
    file = practice.land(FIRST, "matters.csv", b"matter_number,client_name\n2026-0001,a name\n")
    practice.publish(FIRST)
    practice.put(raw_key(file), b"matter_number,client_name\n2026-0001,erased\n")
    monkeypatch.setattr(Erased, "cells", lambda self, sha256: {2: ("client_name",)} if sha256 == file else {})
    practice.round_after(FIRST, 40)
    assert practice.lying("raw") == [raw_key(file)]
    assert practice.round_after(FIRST, 2600).retired == (FIRST,)
    assert practice.lying("raw") == [leaving_key(file)]
    _written(practice, leaving_key(file), windows.parse(FIRST).end)
    hold = practice.holds.place("a claim", objects=[file])
    assert practice.round_after(FIRST, 2602).held.files == 1
    assert practice.content(file)
    practice.holds.lift(hold.id, "settled")
    practice.round_after(FIRST, 2603)
    assert practice.lying("raw") == []


# --- the longest promise counts ---------------------------------------------------------------------------------------


def test_nothing_goes_before_every_contract_and_type_of_document_lets_it_go() -> None:
    policy = Policy.of(load(raw_days=1, processed_days=2, archived_days=3))
    promised = [one.retention_days for one in contracts().values()]
    promised += [one.retention_days for one in catalogue().types.values()]
    assert policy.retention == timedelta(days=max(promised))
    assert Policy.of(load(archived_days=9999)).retention == timedelta(days=9999)


def test_the_settings_keep_what_the_contracts_promise_by_default() -> None:
    assert {one.retention_days for one in contracts().values()} == {load().archived_days} == {2555}


@pytest.mark.parametrize(
    ("given_days", "said"),
    [
        ({"raw_days": 366}, "MUNIMENT_PROCESSED_DAYS: 365 is less than MUNIMENT_RAW_DAYS=366"),
        ({"processed_days": 2556}, "MUNIMENT_ARCHIVED_DAYS: 2555 is less than MUNIMENT_PROCESSED_DAYS=2556"),
        ({"archived_days": 364}, "MUNIMENT_ARCHIVED_DAYS: 364 is less than MUNIMENT_PROCESSED_DAYS=365"),
        ({"raw_days": 0}, "MUNIMENT_RAW_DAYS: Input should be greater"),
        ({"archived_days": 10**9}, "MUNIMENT_ARCHIVED_DAYS: Input should be less"),
        ({"processed_days": "a year"}, "MUNIMENT_PROCESSED_DAYS: Input should be a valid integer"),
        ({"s3_archive_class": "GLACIER"}, "MUNIMENT_S3_ARCHIVE_CLASS"),
    ],
)
def test_spans_that_are_none_or_end_before_they_begin_are_refused(given_days: dict[str, Any], said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        load(**given_days)


# --- clocks -----------------------------------------------------------------------------------------------------------


def test_a_clock_that_jumps_years_ahead_deletes_nothing(practice: Practice, deed: str) -> None:
    practice.round_after(FIRST, 1)
    late = windows.parse(FIRST).end + 9000 * DAY
    report = ageing.age(practice.platform, late, "round", ageing_reporter())
    assert report.at == windows.parse(FIRST).end + 15 * DAY
    assert report.retired == ()
    assert practice.places(deed) == {RAW}


def test_before_the_first_round_time_goes_by_what_was_registered_last(practice: Practice, deed: str) -> None:
    report = ageing.age(practice.platform, windows.parse(FIRST).end + 9000 * DAY, "round", ageing_reporter())
    assert report.at == windows.parse(FIRST).end + 14 * DAY


def test_a_clock_that_was_put_back_is_believed_and_nothing_comes_back(practice: Practice, deed: str) -> None:
    practice.round_after(FIRST, 31)
    report = ageing.age(practice.platform, windows.parse(FIRST).end + DAY, "round", ageing_reporter())
    assert report.problems == ()
    assert practice.places(deed) == {ARCHIVE}
    assert practice.content(deed) == DEED


@given(st.integers(-4000, 4000), st.integers(-4000, 4000) | st.none())
def test_no_round_believes_more_than_a_fortnight_after_the_last(days: int, since: int | None) -> None:
    start = datetime(2026, 3, 8, tzinfo=UTC)
    last = None if since is None else start + since * DAY
    time = believed(start + days * DAY, last, [])
    assert time <= start + days * DAY
    assert last is None or time <= last + 14 * DAY


@pytest.mark.parametrize("text", ["", "{}", '{"at": 3}', '{"at": "yesterday"}', '{"at": "2026-03-08T00:00:00"}', "[]"])
def test_a_damaged_note_of_the_last_round_stops_the_next_one_with_a_reason(practice: Practice, text: str) -> None:
    practice.put("lifecycle/last-round.json", text.encode())
    with pytest.raises(LifecycleError, match="last-round.json"):
        last_round(practice.platform.store)


def ageing_reporter() -> Any:
    from muniment.progress import Silent

    return Silent()


# --- damage -----------------------------------------------------------------------------------------------------------


def test_a_damaged_original_is_told_and_not_moved_and_the_others_are(practice: Practice, deed: str) -> None:
    other = practice.land(SECOND, "other.pdf", b"%PDF other")
    practice.put(raw_key(deed), b"bit rot")
    report = practice.round_after(SECOND, 31)
    [problem] = report.problems
    assert deed in problem
    assert "damaged" in problem
    assert practice.places(deed) == {RAW}
    assert practice.places(other) == {ARCHIVE}


@pytest.mark.parametrize(
    "harm", [lambda b: b[:-3], lambda b: b[:9], lambda b: b"", lambda b: b"no frame", lambda b: b[:20] + b"x" + b[21:]]
)
def test_what_the_archive_cannot_give_back_is_refused(
    practice: Practice, deed: str, harm: Callable[[bytes], bytes]
) -> None:
    practice.round_after(FIRST, 31)
    with practice.platform.store.open(archive_key(deed)) as stream:
        practice.put(archive_key(deed), harm(stream.read()))
    with pytest.raises(OriginalError, match="damaged"), practice.platform.original(deed):
        pass


def test_an_original_that_is_nowhere_is_called_missing(practice: Practice) -> None:
    with pytest.raises(OriginalError, match="missing"), practice.platform.original("0" * 64):
        pass


def test_nothing_at_hand_goes_before_the_archive_gives_it_back(
    practice: Practice, deed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = practice.platform.store
    monkeypatch.setattr(type(store), "replace", lambda self, key, source: practice_put_truncated(self, key, source))
    report = practice.round_after(FIRST, 31)
    assert len(report.problems) == 1
    monkeypatch.undo()
    assert RAW in practice.places(deed)
    assert practice.content(deed) == DEED


def practice_put_truncated(store: Any, key: str, source: Path) -> None:
    """A disk that keeps half of what it is given."""
    path = store.root / key
    path.parent.mkdir(parents=True, exist_ok=True)
    text = source.read_bytes()
    path.write_bytes(text if key.endswith(".json") else text[: len(text) // 2])


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=5000))
def test_any_content_comes_back_from_the_archive(practice: Practice, content: bytes) -> None:
    originals, name = Originals(practice.platform.store), sha256_of(content)
    practice.put(raw_key(name), content)
    originals.archive(name, practice.folder / "move")
    assert not practice.platform.store.exists(raw_key(name))
    assert originals.fetch(name, practice.folder / "back").read_bytes() == content


def test_a_file_that_is_being_read_stays_while_it_is_moved(practice: Practice, deed: str) -> None:
    with practice.platform.original(deed) as path:
        practice.round_after(FIRST, 31)
        assert path.read_bytes() == DEED
    assert practice.places(deed) == {ARCHIVE}


def test_without_its_catalog_nobody_knows_what_is_held_and_nothing_goes(practice: Practice, deed: str) -> None:
    practice.holds.place("a claim", windows=[FIRST])
    (practice.settings.state / "catalog.db").unlink()
    report = practice.round_after(FIRST, 2600)
    assert "nothing was deleted" in report.problems[0]
    assert report.retired == ()
    assert practice.rows() == []  # asked for, an empty catalog is made
    assert practice.round_after(FIRST, 2601).problems == report.problems
    assert practice.content(deed) == DEED


# --- retired windows --------------------------------------------------------------------------------------------------


@pytest.fixture
def retired(practice: Practice, deed: str) -> Practice:
    """A practice whose first window is retired, with its file still in landing."""
    practice.land(SECOND, "young.pdf", b"%PDF young")
    practice.round_after(FIRST, 2555)
    return practice


def test_a_retired_window_is_not_run_again_and_that_is_said(retired: Practice) -> None:
    register, late = retired.platform.register, datetime(2033, 6, 1, tzinfo=UTC)
    for refused in (
        lambda: register.of([FIRST]),
        lambda: register.register([windows.parse(FIRST)], late),
        lambda: register.check([windows.parse(FIRST), windows.parse(SECOND)], late),
    ):
        with pytest.raises(RegisterError, match=f"Window {FIRST} is retired: .*MUNIMENT_ARCHIVED_DAYS"):
            refused()
    assert [manifest.window_key for manifest in register.live()] == [SECOND]


def test_a_file_of_a_retired_window_that_lies_in_landing_is_not_new(retired: Practice) -> None:
    register = retired.platform.register
    assert not register.arrivals(register.manifests(), datetime(2033, 6, 1, tzinfo=UTC))
    assert register.due(datetime(2033, 6, 1, tzinfo=UTC)) == []


def test_a_content_that_comes_again_after_its_window_was_retired_is_published_again(
    retired: Practice, deed: str
) -> None:
    retired.land(THIRD, "again.pdf", DEED)
    register = retired.platform.register
    [manifest] = register.of([THIRD])
    assert FirstSeen(register.live(), part_of).is_original(manifest.entries[0])
    retired.round_after(FIRST, 2556)
    assert retired.content(deed) == DEED


def test_a_content_that_is_registered_while_a_round_lets_it_go_stays(
    practice: Practice, deed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Registered after the round has read the register: the copy at hand is the new window's."""
    practice.round_after(FIRST, 2555)
    assert practice.places(deed) == {ARCHIVE}

    def meanwhile(store: Any) -> Any:
        monkeypatch.undo()
        found = last_round(store)
        practice.land(KEYS[-1], "again.pdf", DEED)
        return found

    monkeypatch.setattr(ageing, "last_round", meanwhile)
    practice.round_after(FIRST, 2556)
    assert practice.content(deed) == DEED
    practice.round_after(FIRST, 2557)
    assert practice.content(deed) == DEED


def test_what_was_moved_lately_is_not_deleted_yet(practice: Practice, deed: str) -> None:
    """Whoever registers the content may have seen it at hand just before."""
    practice.round_after(FIRST, 2556)
    assert practice.content(deed) == DEED
    stamp = (windows.parse(FIRST).end + 2555.9 * DAY).timestamp()
    os.utime(practice.settings.state / "lake" / archive_key(deed), (stamp, stamp))
    practice.round_after(FIRST, 2556.1)
    assert practice.content(deed) == DEED
    practice.round_after(FIRST, 2557)
    assert practice.content(deed) is None


def test_while_the_warehouse_has_a_retired_window_a_run_has_something_to_do(retired: Practice) -> None:
    platform, now = retired.platform, windows.parse(SECOND).end
    settled = {manifest.window_key: manifest.digest for manifest in platform.register.manifests()}
    assert pending(platform, settled, now) == [windows.parse(SECOND)]
    del settled[FIRST]
    assert pending(platform, settled, now) == []


def test_a_window_that_is_being_run_is_retired_another_night(practice: Practice, deed: str) -> None:
    with practice.platform.lake.claimed([windows.parse(FIRST)]):
        report = practice.round_after(FIRST, 2555)
    assert report.retired == ()
    assert "is being run" in report.problems[0]
    assert practice.rows() == [FIRST]
    assert practice.round_after(FIRST, 2555.5).retired == (FIRST,)


def test_a_window_whose_rows_were_left_by_a_killed_round_loses_them_in_the_next(practice: Practice, deed: str) -> None:
    [manifest] = practice.platform.register.manifests()
    practice.platform.register.retire(manifest, datetime.now(UTC), "killed")
    practice.round_after(FIRST, 2555)
    assert practice.rows() == []


# --- holds ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "named",
    [
        {"everything": True},
        {"windows": [FIRST]},
        {"objects": [sha256_of(DEED)]},
        {"matters": ["2026-0001"]},
    ],
)
def test_what_is_held_never_goes_until_the_hold_is_lifted(practice: Practice, deed: str, named: dict[str, Any]) -> None:
    hold = practice.holds.place("a claim", **named)
    for days in (31, 366, 2555, 2556, 9000):
        report = practice.round_after(FIRST, days)
        assert report.retired == ()
    assert report.held.files == 3, "the original, its outcome of reading, and the part of the window"
    assert practice.places(deed) == {ARCHIVE}, "moving is no deletion"
    assert practice.content(deed) == DEED
    assert practice.rows() == [FIRST]
    assert len(practice.lying("parsed")) == len(practice.lying("processed/outcomes")) == 1
    practice.holds.lift(hold.id[:8], "settled")
    practice.round_after(FIRST, 9001)
    practice.round_after(FIRST, 9002)
    assert practice.content(deed) is None
    assert practice.rows() == practice.lying("parsed") == []


def test_a_hold_on_one_thing_does_not_keep_another(practice: Practice, deed: str) -> None:
    practice.land(SECOND, "2026-00012/other.pdf", b"%PDF other")
    practice.publish(SECOND)
    practice.holds.place("a claim", matters=["2026-0001"])
    assert practice.round_after(SECOND, 2555).retired == (SECOND,)
    assert practice.rows() == [FIRST]


def test_a_hold_that_is_placed_after_a_window_was_retired_keeps_the_originals_that_are_left(
    practice: Practice, deed: str
) -> None:
    practice.round_after(FIRST, 2555)
    practice.holds.place("a claim", objects=[deed])
    practice.round_after(FIRST, 2556)
    assert practice.content(deed) == DEED


def test_holds_are_told_by_what_they_cover(practice: Practice, deed: str) -> None:
    matter = practice.holds.place("one", matters=["2026-0001"])
    window = practice.holds.place("two", windows=[FIRST])
    other = practice.holds.place("three", matters=["2026-0099"])
    on = practice.holds.on
    assert {hold.id for hold in on(objects=[deed])} == {matter.id, window.id}
    assert {hold.id for hold in on(windows=[FIRST])} == {matter.id, window.id}
    assert [hold.id for hold in on(matters=["2026-0099"])] == [other.id]
    assert on(matters=["2026-0002"], objects=["0" * 64], windows=[SECOND]) == []
    whole = practice.holds.place("four", everything=True)
    assert [hold.id for hold in on(matters=["2026-0002"])] == [whole.id]


def test_every_hold_and_its_end_stay_on_record(practice: Practice, deed: str) -> None:
    placed = practice.holds.place("a claim", windows=[FIRST])
    assert practice.holds.lift(placed.id, "settled").lifted_because == "settled"
    again = practice.holds.place("another claim", windows=[FIRST])
    assert [(hold.reason, hold.lifted_because) for hold in practice.holds.all()] == [
        ("a claim", "settled"),
        ("another claim", None),
    ]
    assert practice.holds.active() == [again]
    with pytest.raises(HoldError, match="was lifted"):
        practice.holds.lift(placed.id, "again")


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ({}, "what is held"),
        ({"matters": [" "]}, "an empty one"),
        ({"windows": [FIRST], "reason": " "}, "why it is held"),
    ],
)
def test_a_hold_without_a_reason_or_a_name_is_refused(practice: Practice, named: dict[str, Any], said: str) -> None:
    with pytest.raises(HoldError, match=said):
        practice.holds.place(**({"reason": "a claim"} | named))


def test_a_hold_waits_for_a_deletion_under_way_and_stops_the_next(practice: Practice, deed: str) -> None:
    held, order = practice.holds, []

    def place() -> None:
        practice.holds.place("a claim", everything=True)
        order.append("placed")

    with held.deleting() as covered:
        assert not covered.everything
        other = threading.Thread(target=place)
        other.start()
        other.join(0.5)
        order.append("deleted")
    other.join()
    assert order == ["deleted", "placed"]
    with practice.holds.deleting() as covered:
        assert covered.everything


def test_where_the_holds_cannot_be_read_nothing_goes(practice: Practice, deed: str) -> None:
    practice.holds.place("a claim", windows=[FIRST])
    for key in practice.lying("iceberg"):
        if "holds" in key and key.endswith(".avro"):
            practice.platform.store.delete(key)
    report = practice.round_after(FIRST, 2600)
    assert report.problems
    assert report.retired == ()
    assert practice.rows() == [FIRST]


# --- for people -------------------------------------------------------------------------------------------------------


def test_status_tells_what_lies_where_without_looking_into_the_store(practice: Practice, deed: str) -> None:
    practice.land(SECOND, "other.pdf", b"%PDF other")
    found = status(practice.platform).lifecycle
    assert found["hot"] == {"objects": 2, "bytes": len(DEED) + 10}
    assert found["last_round"] is None
    practice.holds.place("a claim", windows=[FIRST])
    at = windows.parse(SECOND).end + 366 * DAY
    practice.round(at)
    practice.land(THIRD, "third.pdf", b"%PDF third!")
    found = status(practice.platform).lifecycle
    assert found["hot"]["objects"] == found["warm"]["objects"] == 0
    assert found["cold"] == {"objects": 3, "bytes": len(DEED) + 21}
    assert found["held"] == {"objects": 1, "bytes": len(DEED)}
    assert found["last_round"] == at.isoformat(timespec="seconds")


def test_retired_windows_are_counted_and_no_longer_listed(retired: Practice) -> None:
    found = status(retired.platform)
    assert [window.window for window in found.windows] == [SECOND]
    assert found.lifecycle["windows_retired"] == 1
    assert sum(found.lifecycle[tier]["objects"] for tier in ("hot", "warm", "cold")) == 1


Told = Callable[..., tuple[int, str, str]]


@pytest.fixture
def told(practice: Practice, monkeypatch: pytest.MonkeyPatch) -> Told:
    """Gives exit code and output of a command."""
    # To the runner's output, not to that of before.
    monkeypatch.setattr(commands, "write", lambda names, rows, form: write(names, rows, form, sys.stdout))
    environment = {"MUNIMENT_STATE_DIR": str(practice.settings.state), "MUNIMENT_FIRST_WINDOW": KEYS[0]}

    def tell(*arguments: str) -> tuple[int, str, str]:
        done = CliRunner().invoke(app, list(arguments), env=environment)
        return done.exit_code, done.stdout, f"{done.stderr}{done.exception or ''}"

    return tell


def test_holds_are_placed_listed_and_lifted_by_command(told: Told, deed: str) -> None:
    code, out, _ = told("hold", "place", "--object", deed[:8], "--reason", "a claim", "--json")
    assert code == 0
    [placed] = json.loads(out)
    assert placed["objects"] == 1
    assert placed["id"][:8] in told("hold", "list")[1]
    assert told("hold", "lift", placed["id"][:8], "--reason", "settled")[0] == 0
    assert "Nothing is held" in told("hold", "list")[2]
    assert json.loads(told("hold", "list", "--all", "--json")[1])[0]["lifted_because"] == "settled"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["place", "--reason", "x"], "Say what is held"),
        (["place", "--object", "zz", "--reason", "x"], "is no SHA-256"),
        (["place", "--object", "00000000", "--reason", "x"], "start of 0 registered contents"),
        (["place", "--object", "../../etc/passwd", "--reason", "x"], "is no SHA-256"),
        (["place", "--window", "monday", "--reason", "x"], "not a window key"),
        (["place", "--window", "2026-03-09-06:00", "--reason", "x"], "not registered"),
        (["place", "--all", "--reason", ""], "why it is held"),
        (["place", "--matter", "", "--reason", "x"], "an empty one"),
        (["lift", "", "--reason", "x"], "means any number of holds"),
        (["lift", "0000", "--reason", "x"], "means 0 holds"),
        (["lift", "'; drop table holds", "--reason", "x"], "means 0 holds"),
    ],
)
def test_a_command_that_names_nothing_is_refused_with_a_reason(
    told: Told, deed: str, arguments: list[str], said: str
) -> None:
    code, _, error = told("hold", *arguments)
    assert code != 0
    assert said in error


def test_the_command_tells_tiers_and_exits_1_when_something_could_not_be_done(
    practice: Practice, told: Told, deed: str
) -> None:
    note_round(practice.platform.store, windows.parse(FIRST).end + 31 * DAY, practice.folder)
    code, out, error = told("lifecycle", "--dry-run")
    assert code == 0
    assert "warm" in out
    assert "0 windows would be retired" in error
    code, out, _ = told("lifecycle", "--json")
    assert json.loads(out)["tiers"][1]["after"]["files"] == 1
    assert practice.places(deed) == {ARCHIVE}
    assert "clock is ahead" in error
    (practice.settings.state / "catalog.db").unlink()
    assert told("lifecycle")[0] == 1


def test_status_for_people_shows_tiers_also_when_every_window_is_retired(
    practice: Practice, deed: str, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flow, "write", lambda names, rows, form: write(names, rows, form, sys.stdout))
    practice.round_after(FIRST, 2555)
    _, out, _ = told("status")
    assert "cold" in out
    assert "1 windows retired" in out
    assert "Nothing has been registered" not in out


def test_a_lake_error_of_one_step_does_not_keep_the_others_from_it(
    practice: Practice, deed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ageing._Round, "_retire", lambda self: (_ for _ in ()).throw(LakeError("out of order")))
    report = practice.round_after(FIRST, 400)
    assert report.problems == ("out of order",)
    assert practice.places(deed) == {ARCHIVE}
    assert practice.lying("parsed") == []


def test_ages_count_from_the_end_of_the_window(practice: Practice, deed: str) -> None:
    manifests = practice.platform.register.manifests()
    ages = Ages(manifests, set(), windows.parse(FIRST).end + 3 * DAY)
    assert ages.of(deed) == ages.of_window(manifests[0]) == 3 * DAY
    assert ages.of("0" * 64) is None
