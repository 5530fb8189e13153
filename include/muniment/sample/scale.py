"""The size of a practice, and which of its matters are opened in which window."""

from dataclasses import dataclass
from typing import Literal

from muniment import windows
from muniment.errors import MunimentError
from muniment.sample import facts
from muniment.windows import Window

Layouts = Literal["usual", "held-out"]

FIRST_WINDOW = "2026-03-07-12:00"
"""The second window after it, at midnight of 8 March 2026, has five hours."""


class SampleError(MunimentError):
    """A practice that cannot be made or changed as asked."""


@dataclass(frozen=True)
class Scale:
    """The arguments that a practice is made with. SampleError where no practice has them.

    `layouts` are the usual ones, or those held out: of forms that no reader was written with, for measuring.
    """

    matters: int
    windows: int
    seed: int
    scans: bool
    layouts: Layouts = "usual"

    def __post_init__(self) -> None:
        if self.matters < 1 or self.windows < 1:
            raise SampleError("A practice needs at least one matter and one window.")
        if self.matters > facts.MOST_MATTERS:
            raise SampleError(f"A practice has at most {facts.MOST_MATTERS} matters, not {self.matters}.")

    def spans(self) -> list[Window]:
        """The windows in order."""
        spans = [windows.parse(FIRST_WINDOW)]
        while len(spans) < self.windows:
            spans.append(spans[-1].next())
        return spans

    def opening(self, index: int) -> int:
        """The number of the window in which a matter is opened."""
        return index * self.windows // self.matters

    def opened(self, first: int, last: int) -> range:
        """The matters that are opened in the windows numbered `first` to `last`, as far as there are such."""
        start, stop = (-(-self.matters * number // self.windows) for number in (first, last + 1))
        return range(max(0, start), min(self.matters, stop))
