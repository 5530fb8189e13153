"""Record files: CSV, JSON lines and Parquet become typed Arrow rows that keep the contract of their table.

Every record of a file ends either as a good row or as a `BadRow` with its line, column and reason; a file
that cannot be read as a whole is `Unreadable`. The hard row rules are applied here; the soft rules
(`Column.valid`) and the thresholds of a batch belong to the gate.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from muniment.contract import Contract
from muniment.records.rows import BadRow, Batch, Unreadable

__all__ = ["BadRow", "Batch", "Unreadable", "contract_for", "read_records"]

_SUFFIXES = {"csv": (".csv",), "jsonl": (".jsonl", ".ndjson"), "parquet": (".parquet",)}


def contract_for(key: str, contracts: Iterable[Contract]) -> Contract | None:
    """The contract that an object belongs to by its key; None when no contract fits.

    It fits when the parent folder bears its name, or the file name starts with it, and the extension is that
    of its format. The folder goes before the file name, a longer name before a shorter one, in any case.
    """
    path = PurePosixPath(key.lower())
    fitting = [c for c in contracts if path.suffix in _SUFFIXES.get(c.format or "", ())]
    named = [c for c in fitting if c.name == path.parent.name] or [c for c in fitting if _starts(path.stem, c.name)]
    return max(named, key=lambda c: len(c.name), default=None)


def _starts(stem: str, name: str) -> bool:
    return stem.startswith(name) and not stem[len(name) :][:1].isalpha()


def read_records(path: Path, contract: Contract, batch_rows: int = 20_000) -> Iterator[Batch]:
    """The records of a file in batches of at most `batch_rows`; one empty batch when there are none.

    Memory is bounded by the batch, but for about 150 bytes a row that are kept to find repeated keys.
    Unreadable may be raised at any batch: publish nothing of a file before its last one.
    """
    from muniment.records import csv, jsonl, parquet
    from muniment.records.rules import Rules

    readers = {"csv": csv.read, "jsonl": jsonl.read, "parquet": parquet.read}
    if contract.format not in readers:
        raise Unreadable(
            "unknown_format", f"The contract {contract.name} names no format for files: {contract.format!r}."
        )
    rules = Rules(contract)
    for rows in readers[contract.format](path, contract, batch_rows):
        yield rules.check(rows)
