"""What passes between a file and the caller: rows as text, rows that were refused, and checked batches."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from muniment.errors import MunimentError

if TYPE_CHECKING:
    import pyarrow as pa

Refusal = Literal["empty", "bad_encoding", "missing_columns", "unknown_format", "unreadable"]

_SHOWN = 60


class Unreadable(MunimentError):
    """A whole file that is refused; `reason` is the code for the quarantine."""

    def __init__(self, reason: Refusal, message: str) -> None:
        super().__init__(reason, message)  # both, so that the error survives the way out of a worker process
        self.reason = reason
        self.message = message

    def __str__(self) -> str:
        return self.message


@dataclass(frozen=True)
class BadRow:
    """One refused record. `line` is the physical line where it starts (the row for Parquet), from 1.

    `reason` and `column` are those of the first fault in column order; `message` tells all faults, without
    the value of any personal column.
    """

    line: int
    column: str | None
    reason: str
    message: str


@dataclass(frozen=True)
class TextRows:
    """Records as a file spells them: a string array for each input column, null where absent."""

    lines: list[int]
    columns: "list[pa.Array]"
    malformed: list[BadRow]
    unknown: tuple[str, ...]


@dataclass(frozen=True)
class Batch:
    """Checked records: `rows` has the contract's input columns and `source_line`, typed as it says.

    `unknown` names the columns that were seen so far in the file and that the contract does not know.
    """

    rows: "pa.RecordBatch"
    bad: list[BadRow]
    unknown: tuple[str, ...] = ()


def malformed(line: int, message: str) -> BadRow:
    """A record whose cells could not be told apart."""
    return BadRow(line, None, "malformed_row", message)


def shown(value: str) -> str:
    """The value for a message: quoted, on one line, at most 60 characters."""
    text = repr(value)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 4]}...{text[-1]}"
