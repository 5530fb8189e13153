"""What must hold before rows become visible, in words of no engine: row rules, checks, figures, verdicts.

Row rules are judged here, cell by cell, because the quarantine needs every row at fault. Thresholds are judged by a
`Judge`, which `expectations/` implements with Great Expectations.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

import pyarrow as pa
import pyarrow.compute as pc

from muniment.contract import Column, Contract
from muniment.errors import MunimentError

Dimension = Literal["completeness", "uniqueness", "validity"]


class GateError(MunimentError):
    """A batch that may not be committed, or a check that could not be made."""


@dataclass(frozen=True)
class Figure:
    """The outcome of one check: `share` of the `elements` are as they should be, and `threshold` had to be reached."""

    check: str
    dimension: Dimension
    columns: tuple[str, ...]
    elements: int
    unexpected: int
    threshold: float

    @property
    def share(self) -> float:
        """Share of good elements, 0 to 1; 1 when there are none."""
        return 1 - self.unexpected / self.elements if self.elements else 1.0

    @property
    def passed(self) -> bool:
        """Whether the threshold was reached."""
        return self.share >= self.threshold

    def __str__(self) -> str:
        what = f"{self.dimension} of {', '.join(self.columns)}"
        # Rounded down, so that a share just below its threshold does not read as if it reached it.
        share = (self.elements - self.unexpected) * 1000 // self.elements / 1000 if self.elements else 1.0
        return f"{what} is {share:.3f}, below {self.threshold:.3f} ({self.check})"


@dataclass(frozen=True)
class Verdict:
    """All figures of one batch."""

    rows: int
    figures: tuple[Figure, ...]

    @property
    def failures(self) -> tuple[Figure, ...]:
        """The checks that failed."""
        return tuple(figure for figure in self.figures if not figure.passed)

    def __add__(self, other: "Verdict") -> "Verdict":
        """The verdict on both batches together, check by check."""
        merged = {figure.check: figure for figure in self.figures}
        for figure in other.figures:
            mine = merged.get(figure.check)
            if mine:
                elements, unexpected = mine.elements + figure.elements, mine.unexpected + figure.unexpected
                figure = Figure(mine.check, mine.dimension, mine.columns, elements, unexpected, mine.threshold)
            merged[figure.check] = figure
        return Verdict(self.rows + other.rows, tuple(merged.values()))


NOTHING = Verdict(0, ())

Judge = Callable[[Contract, Iterable[pa.RecordBatch]], Verdict]


@dataclass(frozen=True)
class RowFault:
    """A row that breaks a rule: its index in the batch, the column, and the reason as a code."""

    index: int
    column: str
    reason: str
    message: str


def row_faults(batch: pa.RecordBatch, contract: Contract) -> list[RowFault]:
    """The first fault of each row that breaks a rule of its contract, in row order."""
    first: dict[int, RowFault] = {}
    for column in contract.columns:
        for fault in _column_faults(batch.column(column.name), column):
            first.setdefault(fault.index, fault)
    return [first[index] for index in sorted(first)]


def _column_faults(values: pa.Array, column: Column) -> Iterator[RowFault]:
    for reason, message, broken in _rules(values, column):
        mask = pc.fill_null(broken, False)
        if pc.any(mask).as_py():
            for index in pc.indices_nonzero(mask).to_pylist():
                yield RowFault(index, column.name, reason, message)


def _rules(values: pa.Array, column: Column) -> Iterator[tuple[str, str, pa.Array]]:
    """Reason, message, and which values break the rule; NaN is no value and lies in no range."""
    if column.required:
        yield "missing_value", f"{column.name} must have a value", pc.is_null(values, nan_is_null=True)
    if column.pattern:
        matches = pc.match_substring_regex(values, column.pattern)
        yield "bad_value", f"{column.name} must match {column.pattern}", pc.invert(matches)
    if column.allowed:
        known = pc.is_in(values, pa.array(column.allowed, values.type))
        yield (
            "not_allowed",
            f"{column.name} must be one of {', '.join(column.allowed)}",
            pc.and_(pc.invert(known), pc.is_valid(values)),
        )
    if column.minimum is not None:
        yield (
            "bad_value",
            f"{column.name} must be at least {column.minimum}",
            pc.invert(pc.greater_equal(values, _bound(column.minimum, values))),
        )
    if column.maximum is not None:
        yield (
            "bad_value",
            f"{column.name} must be at most {column.maximum}",
            pc.invert(pc.less_equal(values, _bound(column.maximum, values))),
        )


def _bound(limit: float, values: pa.Array) -> pa.Scalar:
    return pa.scalar(float(limit) if pa.types.is_floating(values.type) else Decimal(str(limit)))


def without(batch: pa.RecordBatch, faults: Iterable[RowFault]) -> pa.RecordBatch:
    """The batch less the rows at fault."""
    bad = {fault.index for fault in faults}
    if not bad:
        return batch
    return batch.take(pa.array([i for i in range(batch.num_rows) if i not in bad], pa.int64()))
