"""Promise 4 for readers of the lake: they see whole runs, however runs of different windows come between, are killed,
and are run again."""

import itertools
from collections.abc import Iterator
from pathlib import Path

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

from muniment.lake.query import query
from muniment.releases import newest
from tests.releases import KEYS, LETTERS, PEOPLE, TABLES, Practice, small

WINDOWS = KEYS[:3]


class Runs(RuleBasedStateMachine):
    """Runs that are at work side by side, each on a window of its own. A run puts its own name into both tables: rows
    of a window that bear two names are half a run."""

    folders: Iterator[Path]

    @initialize()
    def begin(self) -> None:
        self.practice = Practice(next(self.folders))
        self.at_work: dict[str, tuple[str, int]] = {}
        self.through: dict[str, str] = {}

    @rule(key=st.sampled_from(WINDOWS))
    def take_a_window_up(self, key: str) -> None:
        """A run that has the window already is killed: only then may another have it."""
        self.at_work[key] = (self.practice.begin(key), 0)

    @precondition(lambda self: self.at_work)
    @rule(data=st.data())
    def go_on(self, data: st.DataObject) -> None:
        key = data.draw(st.sampled_from(sorted(self.at_work)))
        run, done = self.at_work[key]
        if done < len(TABLES):
            self.practice.write(TABLES[done], key, run, run=run)
            self.at_work[key] = (run, done + 1)
            return
        del self.at_work[key]
        self.through[key] = run
        cut = self.practice.finish(run, key).release
        if not self.at_work and self.practice.settled.keys() == self.through.keys():
            assert cut, "the last run cuts"

    @invariant()
    def readers_see_whole_runs(self) -> None:
        release = newest(self.practice.lake)
        if release is None:
            return
        letters, people = (
            dict(query(self.practice.lake, f"SELECT window_key, name FROM {c.name}", release.pinned)[1])
            for c in (LETTERS, PEOPLE)
        )
        assert letters == people
        if not self.at_work:
            assert letters == self.through


def _any_runs(tmp_path_factory: pytest.TempPathFactory, count: int, steps: int) -> None:
    Runs.folders = (tmp_path_factory.mktemp("runs") for _ in itertools.count())
    checked = settings(
        max_examples=count, stateful_step_count=steps, deadline=None, suppress_health_check=list(HealthCheck)
    )
    with small():
        run_state_machine_as_test(Runs, settings=checked)


def test_readers_never_see_half_a_run(tmp_path_factory: pytest.TempPathFactory) -> None:
    _any_runs(tmp_path_factory, 4, 16)


@pytest.mark.attack
def test_readers_never_see_half_a_run_in_hundreds_of_histories(tmp_path_factory: pytest.TempPathFactory) -> None:
    _any_runs(tmp_path_factory, 200, 50)
