"""Telling a person how a run is going, and what each stage took. What the stages do belongs to them."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import Protocol, TextIO

Progress = Callable[[int, int], None]
"""Told how many items of how many are done."""


def silent(done: int, total: int) -> None:
    """Progress that nobody watches."""


@dataclass
class Stage:
    """One stage of a run: what it counted, what it took the mean of, and how many seconds it took."""

    name: str
    seconds: float = 0.0
    counts: dict[str, int] = field(default_factory=dict)
    means: dict[str, tuple[float, int]] = field(default_factory=dict)

    def count(self, **counts: int) -> None:
        """Add to the stage's counts."""
        for name, number in counts.items():
            self.counts[name] = self.counts.get(name, 0) + number

    def mean(self, name: str, total: float, number: int) -> None:
        """Add `number` values that come to `total` to one of the stage's means."""
        before, counted = self.means.get(name, (0.0, 0))
        self.means[name] = before + total, counted + number

    def summary(self) -> str:
        """The counts and means in one line, without those that are zero."""
        counts = [f"{number:,} {_words(name)}" for name, number in self.counts.items() if number]
        means = [f"{total / number:.2f} {_words(name)}" for name, (total, number) in self.means.items() if number]
        return ", ".join(counts + means)


def _words(name: str) -> str:
    return name.replace("_", " ")


class Reporter(Protocol):
    """Whoever watches a run."""

    def stage(self, name: str) -> AbstractContextManager[Stage]:
        """Enter a stage; the block's end is the stage's end."""

    def advance(self, done: int, total: int) -> None:
        """So many items of the current stage are done."""


class Silent:
    """Nobody watches; the stages are kept for whoever asks afterwards."""

    def __init__(self) -> None:
        self.stages: list[Stage] = []

    @contextmanager
    def stage(self, name: str) -> Iterator[Stage]:
        """Enter a stage."""
        stage = next((s for s in self.stages if s.name == name), None) or Stage(name)
        if stage not in self.stages:
            self.stages.append(stage)
        began = time.perf_counter()
        self._enter(stage)
        try:
            yield stage
        finally:
            stage.seconds += time.perf_counter() - began
            self._leave(stage)

    def advance(self, done: int, total: int) -> None:
        """Count silently."""

    def _enter(self, stage: Stage) -> None: ...

    def _leave(self, stage: Stage) -> None: ...


class Terminal(Silent):
    """A line a stage; on a terminal the line of the current stage moves, elsewhere only finished stages are written."""

    def __init__(self, out: TextIO = sys.stderr) -> None:
        super().__init__()
        self._out = out
        self._live = out.isatty()
        self._name = ""
        self._drawn = 0.0

    def _enter(self, stage: Stage) -> None:
        self._name = stage.name
        self._draw("")

    def _leave(self, stage: Stage) -> None:
        self._write(f"  {stage.name:<22} {stage.seconds:7.1f} s   {stage.summary()}\n")

    def advance(self, done: int, total: int) -> None:
        """Redraw the current line, at most ten times a second."""
        if time.monotonic() - self._drawn > 0.1 or done == total:
            self._draw(f"{done:,} of {total:,}")

    def _draw(self, text: str) -> None:
        if self._live:
            self._drawn = time.monotonic()
            self._write(f"  {self._name:<22} {text}")

    def _write(self, text: str) -> None:
        self._out.write(f"\r\x1b[K{text}" if self._live else text)
        self._out.flush()
