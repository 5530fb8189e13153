"""A clock that jumps by years: no row is lost, history keeps its order, and it is said that a clock is wrong."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyiceberg.table.update
import pytest

from muniment import doctor
from muniment.backup.prune import prune
from muniment.doctor import examine
from muniment.lake import LakeError
from muniment.platform import Platform
from tests.backups import KEYS, SMALL, backed_up, installation, put, repository_of, restored, rows

YEARS = timedelta(days=365 * 30)
JUMPS = [YEARS, -YEARS]
Set = Callable[[timedelta], None]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Set:
    """Sets the clock by which tables are stamped, so much ahead of the right one."""
    right, ahead = time.time, [timedelta(0)]

    class Jumped(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            return datetime.now(UTC) + ahead[0]

    monkeypatch.setattr(time, "time", lambda: right() + ahead[0].total_seconds())
    monkeypatch.setattr(pyiceberg.table.update, "datetime", Jumped)

    def to(offset: timedelta) -> None:
        ahead[0] = offset

    return to


@pytest.fixture
def here(tmp_path: Path) -> Platform:
    return installation(tmp_path, "here")


def _now() -> datetime:
    """An instant after all that was done and before all that is done next."""
    time.sleep(0.002)
    return datetime.now(UTC)


@pytest.mark.parametrize("jump", JUMPS, ids=["ahead", "back"])
def test_commits_keep_their_order_through_a_jump_and_back(
    here: Platform, tmp_path: Path, clock: Set, jump: timedelta
) -> None:
    put(here, tmp_path, KEYS[0], "before")
    between = _now()
    clock(jump)
    put(here, tmp_path, KEYS[0], "during")
    clock(timedelta(0))
    table = here.lake.catalog.load_table(SMALL.table)
    table.manage_snapshots().create_tag(table.current_snapshot().snapshot_id, "release").commit()  # type: ignore[union-attr]
    put(here, tmp_path, KEYS[0], "after")
    assert rows(here.lake) == [(KEYS[0], "after")]
    if jump > timedelta(0):  # else what came during the jump counts as of just after what was before
        assert rows(here.lake, between) == [(KEYS[0], "before")]
    assert rows(here.lake, datetime(9999, 1, 1, tzinfo=UTC)) == [(KEYS[0], "after")]
    times = [entry.timestamp_ms for entry in here.lake.catalog.load_table(SMALL.table).history()]
    assert len(times) == 3
    assert times == sorted(set(times))


def test_the_doctor_says_which_tables_were_changed_in_the_future(here: Platform, tmp_path: Path, clock: Set) -> None:
    def found() -> doctor.Finding:
        return next(one for one in examine(here) if one.part == "clock")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(doctor, "tables", lambda: iter([SMALL]))
        assert found().ok
        put(here, tmp_path, KEYS[0], "right")
        assert found().ok
        clock(YEARS)
        put(here, tmp_path, KEYS[0], "ahead")
        clock(timedelta(0))
        assert not found().ok
        assert f"{SMALL.table} changed in the future" in found().detail
        assert "Set the clock" in found().fix


def test_the_newest_backup_is_the_one_that_was_taken_last(here: Platform, tmp_path: Path) -> None:
    """Else a restore, an incremental backup and what is kept would go by one of a wrong future."""
    put(here, tmp_path, KEYS[0], "ahead")
    backed_up(here, now=datetime.now(UTC) + YEARS)
    put(here, tmp_path, KEYS[0], "after")
    last = backed_up(here, incremental=True)
    assert repository_of(here).latest() == last.key
    assert rows(restored(here, tmp_path).lake) == [(KEYS[0], "after")]


def test_a_clock_that_runs_ahead_lets_no_more_backups_go_than_a_right_one(here: Platform, tmp_path: Path) -> None:
    for version in "abc":
        put(here, tmp_path, KEYS[0], version)
        backed_up(here)
    keys = list(repository_of(here).instants().values())
    prune(repository_of(here), 2, datetime.now(UTC) + YEARS, tmp_path)
    assert list(repository_of(here).instants().values()) == keys[1:]


# --- snapshots that are gone ------------------------------------------------------------------------------------------


def _versions(here: Platform, tmp_path: Path) -> list[datetime]:
    """Four versions of a window; the instants after each."""
    instants = []
    for version in "abcd":
        put(here, tmp_path, KEYS[0], version)
        instants.append(_now())
    return instants


@pytest.mark.parametrize("gone", [[0], [1], [2], [0, 1], [1, 2]], ids=str)
def test_what_another_program_let_go_is_refused_and_all_else_answered(
    here: Platform, tmp_path: Path, gone: list[int]
) -> None:
    """Iceberg itself would answer with the snapshot before, or with nothing."""
    instants = _versions(here, tmp_path)
    table = here.lake.catalog.load_table(SMALL.table)
    ids = [snapshot.snapshot_id for snapshot in table.snapshots()]
    table.maintenance.expire_snapshots().by_ids([ids[at] for at in gone]).commit()
    for at, instant in enumerate(instants):
        if at in gone:
            with pytest.raises(LakeError, match=r"another program removed snapshots of that time"):
                rows(here.lake, instant)
        elif at + 1 not in gone:
            assert rows(here.lake, instant) == [(KEYS[0], "abcd"[at])]
    assert rows(here.lake) == [(KEYS[0], "d")]
    put(here, tmp_path, KEYS[0], "e")
    assert rows(here.lake) == [(KEYS[0], "e")]


def test_a_snapshot_whose_list_of_files_is_gone_harms_no_other(here: Platform, tmp_path: Path) -> None:
    instants = _versions(here, tmp_path)
    table = here.lake.catalog.load_table(SMALL.table)
    Path(table.snapshots()[1].manifest_list.removeprefix("file://")).unlink()
    with pytest.raises(LakeError, match=r"(?s)lake\.samples cannot be used.*put it back from a backup"):
        rows(here.lake, instants[1])
    assert [rows(here.lake, instants[at]) for at in (0, 2, 3)] == [[(KEYS[0], name)] for name in "acd"]
    put(here, tmp_path, KEYS[0], "e")
    assert rows(here.lake) == [(KEYS[0], "e")]
