"""Promises 1 and 3 for what ages: until its window is retired every original is had as it came, held ones for ever,
wherever ageing is killed and in whatever order files land, age, are held and are let go."""

import multiprocessing
import random
import shutil
import signal
import tempfile
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from muniment import windows
from muniment.contract import tables
from muniment.keeping.originals import RAW
from muniment.lake.tables import Held
from muniment.objects import FolderStore
from muniment.register import RegisterError
from tests import deaths
from tests.ageing import KEYS, Practice, sha256_of
from tests.conftest import SEED
from tests.installation import ASSESSMENTS
from tests.papers import lines, typed
from tests.stages import to_the_lake

CONTENTS = [f"%PDF-1.7 deed {number} ".encode() + b"of land " * 60 * number for number in range(4)]
OLD, HELD, YOUNG = KEYS[0], KEYS[1], KEYS[-1]


class Scene:
    """Three windows, one of them held, of which everything is due at one round; it can be put back to before that."""

    def __init__(self, folder: Path, days: float) -> None:
        self.folder = folder
        practice = Practice(folder)
        for key, content in zip((OLD, HELD, YOUNG), CONTENTS[1:], strict=True):
            practice.land(key, f"{windows.parse(key).slug}.pdf", content)
            practice.publish(key)
        practice.holds.place("a claim", windows=[HELD])
        if days > 2000:
            practice.round_after(YOUNG, 40)
        self.at = windows.parse(OLD).end + timedelta(days=days)
        shutil.copytree(folder / "state", folder / "kept")

    def restore(self) -> None:
        """As it was at first, under the same name."""
        shutil.rmtree(self.folder / "state")
        shutil.copytree(self.folder / "kept", self.folder / "state")

    def unharmed(self) -> None:
        """Whatever is not retired is there, and the held window with all that belongs to it."""
        practice = Practice(self.folder)
        gone = practice.platform.register.retired()
        assert HELD not in gone
        assert YOUNG not in gone
        for key, content in zip((OLD, HELD, YOUNG), CONTENTS[1:], strict=True):
            if key not in gone:
                assert practice.content(sha256_of(content)) == content
                assert key in practice.rows()


def grow_old(sending: Any, folder: Path, at: datetime, death: tuple[str, int] | None) -> None:
    """A life: one round, which ends at a step; it tells the steps that it took."""
    practice = Practice(folder)
    taken = deaths.dying(death)
    report = practice.round(at)
    sending.send((report.problems, taken))


def live(scene: Scene, death: tuple[str, int] | None = None) -> dict[str, int] | None:
    """The steps that one life took; None when it ended at the step given."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.promises.test_lifecycle"])
    receiving, sending = context.Pipe(duplex=False)
    process = context.Process(target=grow_old, args=(sending, scene.folder, scene.at, death))
    process.start()
    sending.close()
    try:
        problems, taken = receiving.recv()
    except EOFError:
        process.join()
        assert process.exitcode == -signal.SIGKILL
        return None
    process.join()
    assert not problems
    return dict(taken)


def left(scene: Scene) -> list[str]:
    """What lies there, less what each round names anew."""
    return [key for key in Practice(scene.folder).lying() if not key.startswith(("iceberg/", "processed/lake"))]


def killed_everywhere(scene: Scene, rng: random.Random, each: int) -> None:
    """Kill a round at up to `each` steps of every kind, and finish it each time."""
    steps = live(scene) or {}
    scene.unharmed()
    expected = left(scene)
    for name, taken in sorted(steps.items()):
        for number in rng.sample(range(1, taken + 1), min(each, taken)):
            scene.restore()
            assert live(scene, (name, number)) is None, f"{name} {number} was not reached"
            scene.unharmed()
            assert live(scene) is not None
            scene.unharmed()
            assert left(scene) == expected, f"MUNIMENT_SEED={SEED}: killed at {name} {number}"


def test_a_round_killed_while_it_moves_originals_loses_none(tmp_path: Path, rng: random.Random) -> None:
    scene = Scene(tmp_path, 34)
    killed_everywhere(scene, rng, each=1)
    assert [key for key in left(scene) if key.startswith(RAW)] == []


def test_a_round_killed_while_it_retires_a_window_is_finished_by_the_next(tmp_path: Path, rng: random.Random) -> None:
    scene = Scene(tmp_path, 2555)
    killed_everywhere(scene, rng, each=1)
    assert OLD not in Practice(tmp_path).rows()


@pytest.mark.attack
@pytest.mark.parametrize("days", [34, 366, 2555])
def test_rounds_killed_at_hundreds_of_steps_lose_nothing(tmp_path: Path, rng: random.Random, days: int) -> None:
    killed_everywhere(Scene(tmp_path, days), rng, each=40)


# --- windows run again ------------------------------------------------------------------------------------------------


def held(practice: Practice) -> dict[str, dict[str, Held]]:
    """What each table holds by window."""
    found = {contract.table: dict(practice.platform.lake.held(contract)) for contract in tables()}
    return {table: windows for table, windows in found.items() if windows}


def test_a_window_whose_originals_are_archived_and_readings_gone_is_run_again_to_the_same_rows(tmp_path: Path) -> None:
    practice = Practice(tmp_path)
    window = windows.parse(OLD)
    practice.drop(OLD, "deed.pdf", typed([lines("TRANSFER OF LAND", "LINC 0012 345 678", "Owner: Philippa Quill")]))
    practice.drop(
        OLD, "assessments/2026.csv", f"{ASSESSMENTS}R-1,2026,Foxhollow,residential,400000.00,3000.00\n".encode()
    )
    to_the_lake(practice.platform, [window], window.end, "first")
    before = held(practice)
    assert len(before) > 5
    assert practice.round_after(OLD, 366).problems == ()
    assert practice.lying("parsed") == practice.lying(RAW) == []
    to_the_lake(practice.platform, [window], window.end, "again")
    assert held(practice) == before
    assert practice.round_after(OLD, 2555).retired == (OLD,)
    assert held(practice) == {}
    with pytest.raises(RegisterError, match="is retired"):
        to_the_lake(practice.platform, [window], window.end, "too late")


# --- any order of things ----------------------------------------------------------------------------------------------


class Killed(BaseException):
    """The process ends here."""


class Years(RuleBasedStateMachine):
    """Files land, years go by, things are held and let go, rounds are killed in the middle of a change to the store."""

    @initialize()
    def found(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="muniment-years-"))
        self.practice = Practice(self.folder)
        self.now = windows.parse(KEYS[0]).end
        self.brought: dict[str, dict[str, bytes]] = {}  # contents by window
        self.holds: dict[str, set[str]] = {}  # by hold the windows that it keeps

    def teardown(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    @rule(contents=st.lists(st.sampled_from(CONTENTS), min_size=1, max_size=3, unique=True))
    def a_window_brings(self, contents: list[bytes]) -> None:
        window = windows.containing(self.now)
        if window.key in self.brought:
            self.now = window.end
            window = windows.containing(self.now)
        for number, content in enumerate(contents[:-1]):
            self.practice.drop(window.key, f"{window.slug}/{number}.pdf", content)
        self.practice.land(window.key, f"{window.slug}/last.pdf", contents[-1])
        self.practice.publish(window.key)
        self.brought[window.key] = {sha256_of(content): content for content in contents}
        self.now = window.end

    @rule(days=st.sampled_from([0.3, 13, 31, 366, 2000, 2556]))
    def time_goes_by(self, days: float) -> None:
        self.now += timedelta(days=days)

    @precondition(lambda self: self.brought)
    @rule(data=st.data())
    def something_is_held(self, data: st.DataObject) -> None:
        key = data.draw(st.sampled_from(sorted(self.brought)))
        if data.draw(st.booleans()):
            contents = {data.draw(st.sampled_from(sorted(self.brought[key])))}
            hold = self.practice.holds.place("a claim", objects=contents)
        else:
            contents = set(self.brought[key])
            hold = self.practice.holds.place("a claim", windows=[key])
        live = self.brought.keys() - self.practice.platform.register.retired()
        self.holds[hold.id] = {one for one in live if contents & self.brought[one].keys()}

    @precondition(lambda self: self.holds)
    @rule(data=st.data())
    def a_hold_is_lifted(self, data: st.DataObject) -> None:
        mark = data.draw(st.sampled_from(sorted(self.holds)))
        self.practice.holds.lift(mark, "settled")
        del self.holds[mark]

    @rule()
    def a_round(self) -> None:
        assert self.practice.round(self.now).problems == ()

    @rule(step=st.integers(2, 9))
    def a_round_is_killed(self, step: int) -> None:
        """Before or after the store changed for the `step`th time."""
        taken = 0
        originals = {name: getattr(FolderStore, name) for name in ("delete", "replace", "create")}

        def dying(name: str) -> Callable[..., Any]:
            def call(store: FolderStore, *args: Any) -> Any:
                nonlocal taken
                taken += 1
                if taken >= step:
                    raise Killed
                return originals[name](store, *args)

            return call

        with pytest.MonkeyPatch.context() as patch:
            for name in originals:
                patch.setattr(FolderStore, name, dying(name))
            with suppress(Killed):
                self.practice.round(self.now)

    @invariant()
    def whatever_is_not_retired_is_had_as_it_came(self) -> None:
        gone = self.practice.platform.register.retired()
        for key in self.brought.keys() - gone:
            for sha256, content in self.brought[key].items():
                assert self.practice.content(sha256) == content, (key, sha256)

    @invariant()
    def windows_are_retired_only_when_they_are_old_and_not_held(self) -> None:
        gone = self.practice.platform.register.retired()
        assert gone.isdisjoint(set().union(*self.holds.values()))
        for key in gone:
            assert self.now - windows.parse(key).end >= timedelta(days=2555)


def live_through(histories: int) -> None:
    """Try so many histories."""
    run_state_machine_as_test(Years, settings=settings(max_examples=histories, stateful_step_count=14, deadline=None))


def test_no_order_of_things_loses_an_original_before_its_time() -> None:
    live_through(12)


@pytest.mark.attack
def test_none_of_hundreds_of_orders_loses_an_original_before_its_time() -> None:
    live_through(300)
