"""The lake beside bare Parquet: what a commit costs, whether reading stays flat with age, what writers gain together.

- `write`: a window's rows committed to an Iceberg table, beside the same Arrow written as one bare Parquet file that is
  synced to disk. Latency of small commits is told apart from rows a second of a large one.
- `age`: with 10, 100 and 1,000 windows in a table, a commit more, what the table holds as a new process asks, a scan of
  one window and of all, each before and after maintenance; the full scan beside reading the same files without a table.
  The rows of a window are few, so that the table's own cost is seen. Ratios are to the youngest age of the same kind,
  which is looked at in turn with the others.
- `writers`: eight processes that each commit windows of their own to one table, beside one that commits as many.

Machines differ and are noisy, so ratios are the result and seconds their illustration. Prints a table and writes
bench/out/lake.json. The catalog is SQLite unless MUNIMENT_CATALOG_URI names another, and so is the lake's place.

    python bench/lake.py [--ages 10,100,1000] [--rows 200000] [--writers 8] [--commits 16]
"""

import argparse
import gc
import itertools
import json
import multiprocessing
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import pyarrow as pa
import pyarrow.parquet as pq

from muniment import windows
from muniment.contract import Column, Contract, Thresholds
from muniment.lake import Lake, files
from muniment.lake.maintenance import Policy, Upkeep
from muniment.platform import Platform
from muniment.settings import load
from muniment.staging import Staged, Writer
from muniment.windows import Window

OUT = Path(__file__).parent / "out" / "lake.json"
FEW = 20  # rows of a small window
REPEATED = 9
LOOKS = ("commit", "held", "window")  # what must stay flat with age

Figures = dict[str, float]


def table_of(name: str) -> Contract:
    """A table of the bench: a key, a text, a number and a date."""
    columns = (
        Column("payment_id", "text", "Key", required=True, critical=True),
        Column("payer", "text", "Who paid"),
        Column("amount", "double", "Dollars"),
        Column("paid_on", "date", "When"),
    )
    return Contract(
        name, "1.0.0", "Rows of the bench", "One row a payment", "register", "lake", columns, ("payment_id",),
        Thresholds(0.95, 0.99, 0.98), 1,
    )  # fmt: skip


def rows_of(contract: Contract, window: Window, count: int) -> pa.RecordBatch:
    """So many rows that no other window has."""
    import numpy as np

    rng = np.random.default_rng(int(window.start.timestamp()))
    day = window.start.date()
    return pa.RecordBatch.from_pydict(
        {
            "payment_id": [f"{window.key} {at}" for at in range(count)],
            "payer": [f"payer {number}" for number in rng.integers(0, 10_000, count)],
            "amount": rng.random(count),
            "paid_on": [day] * count,
        },
        schema=pa.schema([contract.loose_schema.field(column.name) for column in contract.columns]),
    )


def staged(folder: Path, contract: Contract, window: Window, count: int) -> Staged:
    """The window's rows in a local file, which is what a commit is given."""
    with Writer(contract, window, "bench", folder) as writer:
        writer.add_batch(rows_of(contract, window, count))
    return writer.staged


def days(count: int) -> list[Window]:
    """So many windows in a row."""
    return list(itertools.islice(_from(windows.parse("2024-01-01-00:00")), count))


def _from(window: Window) -> Iterator[Window]:
    while True:
        yield window
        window = window.next()


def timed(do: Callable[[], object]) -> float:
    """Wall seconds of one call."""
    began = time.perf_counter()
    do()
    return time.perf_counter() - began


def median(do: Callable[[], object], times: int = REPEATED) -> float:
    """The middle of several calls."""
    return statistics.median(timed(do) for _ in range(times))


def bare(folder: Path, table: pa.Table) -> None:
    """The same Arrow as one Parquet file that survives a loss of power."""
    path = folder / "bare.parquet"
    pq.write_table(table, path, compression="zstd")
    with path.open("rb") as file:
        os.fsync(file.fileno())


def write(platform: Platform, folder: Path, rows: int) -> Figures:
    """Small and large windows committed, beside bare Parquet."""
    contract = table_of("written")
    platform.lake.commit(staged(folder, contract, windows.parse("2023-12-31-00:00"), 1), "bench")  # warm
    small = [staged(folder, contract, window, FEW) for window in days(REPEATED * 4)]
    commits = [timed(lambda batch=batch: platform.lake.commit(batch, "bench")) for batch in small]  # type: ignore[misc]
    large = windows.parse("2025-06-01-00:00")
    table = pa.Table.from_batches([rows_of(contract, large, rows)])
    writing = timed(lambda: platform.lake.commit(staged(folder, contract, large, rows), "bench"))
    tiny = table.slice(0, FEW)
    bare_small, bare_large = median(lambda: bare(folder, tiny)), median(lambda: bare(folder, table), 3)
    making = median(lambda: rows_of(contract, large, rows), 1)
    return {
        "commit_seconds": statistics.median(commits),
        "bare_commit_seconds": bare_small,
        "commit_ratio": statistics.median(commits) / bare_small,
        "rows": rows,
        "rows_per_second": rows / (writing - making),
        "bare_rows_per_second": rows / bare_large,
        "rows_ratio": (writing - making) / bare_large,
    }


class Aged:
    """A table with so many windows, and what is asked of it by one that has not looked at it before."""

    def __init__(self, platform: Platform, folder: Path, count: int) -> None:
        self.platform, self.folder, self.count = platform, folder, count
        self.contract = table_of(f"aged_{count}")
        coming = days(count + 2 * REPEATED)
        self.window = coming[count // 2]
        self.batches = (staged(folder, self.contract, window, FEW) for window in coming)
        for batch in itertools.islice(self.batches, count):
            platform.lake.commit(batch, "bench")

    def commits(self) -> dict[str, Callable[[], object]]:
        """A commit more, of rows that were staged before."""
        ready = list(itertools.islice(self.batches, REPEATED))
        return {"commit": lambda: self.platform.lake.commit(ready.pop(0), "bench")}

    def looks(self) -> dict[str, Callable[[], object]]:
        """Ways to read the table as it is now."""
        return {
            "held": lambda: self._stranger().held(self.contract),
            "window": lambda: list(self._stranger().scan(self.contract, self.window)),
            "full": lambda: sum(batch.num_rows for batch in self._stranger().scan(self.contract)),
            "bare_full": self._bare(),
        }

    def rows(self) -> int:
        """How many rows it holds."""
        return sum(one.rows for one in self.platform.lake.held(self.contract).values())

    def maintain(self) -> None:
        """Keep nothing but what is current."""
        policy = Policy(keep=timedelta(0), grace=timedelta(0))
        now = datetime.now(UTC) + timedelta(hours=1)
        Upkeep(self.platform.lake, self.platform.store, self.folder, "bench", now, policy).keep_up(self.contract)

    def _stranger(self) -> Lake:
        return Lake(self.platform.settings, self.platform.store)

    def _bare(self) -> Callable[[], object]:
        """The same files read without a table."""
        paths = list(dict.fromkeys(one.path for one in self.platform.lake.held(self.contract).values()))
        return lambda: files.opened(self.platform.store, paths, self.contract.arrow_schema).to_table()


def age(platform: Platform, folder: Path, ages: Iterable[int]) -> dict[str, Figures]:
    """Tables of several ages, before and after maintenance; each also as a multiple of the youngest, and of bare
    Parquet."""
    tables = [Aged(platform, folder, count) for count in sorted(ages)]
    before = _figures(tables)
    maintained = [{"maintenance_seconds": timed(table.maintain)} for table in tables]
    after = [figures | took for figures, took in zip(_figures(tables), maintained, strict=True)]
    found = dict[str, Figures]()
    for number, table in enumerate(tables):
        for when, of_all in (("before", before), ("after", after)):
            found[f"{table.count} {when}"] = of_all[number] | _ratios(of_all[number], of_all[0])
    return found


def _figures(tables: list[Aged]) -> list[Figures]:
    """Commits to each table, then looks at what they left."""
    commits = _in_turns([table.commits() for table in tables])
    looks = _in_turns([table.looks() for table in tables])
    return [
        committed | looked | {"full_rows_per_second": table.rows() / looked["full_seconds"]}
        for table, committed, looked in zip(tables, commits, looks, strict=True)
    ]


def _in_turns(calls: list[dict[str, Callable[[], object]]]) -> list[Figures]:
    """The middle of several times, table after table in turns: a slow minute of the machine is one for all."""
    took = [defaultdict[str, list[float]](list) for _ in calls]
    for _ in range(REPEATED):
        for of_table, times in zip(calls, took, strict=True):
            for name, do in of_table.items():
                times[f"{name}_seconds"].append(timed(do))
    return [{name: statistics.median(all_times) for name, all_times in times.items()} for times in took]


def _ratios(figures: Figures, youngest: Figures) -> Figures:
    of_youngest = {f"{name}_of_youngest": figures[f"{name}_seconds"] / youngest[f"{name}_seconds"] for name in LOOKS}
    return of_youngest | {"full_of_bare": figures["full_seconds"] / figures["bare_full_seconds"]}


def together(folder: Path, writers: int, commits: int) -> Figures:
    """Commits a second of several processes on one table, beside those of one process; each has the same number."""
    alone = _race(folder / "alone", 1, commits)
    shared = _race(folder / "shared", writers, commits)
    return {
        "writers": writers,
        "commits_each": commits,
        "one_commits_per_second": alone,
        "all_commits_per_second": shared,
        "ratio": shared / alone,
    }


def _race(folder: Path, writers: int, commits: int) -> float:
    context = multiprocessing.get_context("spawn")
    start = context.Barrier(writers + 1)
    mine = [days(writers * commits)[number::writers] for number in range(writers)]
    running = [context.Process(target=_write, args=(folder, number, mine[number], start)) for number in range(writers)]
    for process in running:
        process.start()
    start.wait()
    began = time.perf_counter()
    for process in running:
        process.join()
    seconds = time.perf_counter() - began
    if any(process.exitcode for process in running):
        raise SystemExit("A writer failed; see above.")
    return writers * commits / seconds


def _write(folder: Path, number: int, mine: list[Window], start: Any) -> None:
    contract = table_of("shared")
    platform = Platform(load(state_dir=folder))
    batches = [staged(folder / str(number), contract, window, FEW) for window in mine]
    warm = table_of(f"warm_{number}")  # imports and connections are not what is measured
    platform.lake.commit(staged(folder / str(number), warm, mine[0], 1), "bench")
    start.wait()
    for batch in batches:
        platform.lake.commit(batch, f"bench {number}")


def report(found: dict[str, Any]) -> str:
    """The figures as a table."""
    written, aged, raced = found["write"], found["age"], found["writers"]
    lines = [
        f"{'write':<22}{'lake':>12}{'bare':>12}{'ratio':>8}",
        f"{'commit, ms':<22}{1000 * written['commit_seconds']:>12.1f}{1000 * written['bare_commit_seconds']:>12.1f}"
        f"{written['commit_ratio']:>8.2f}",
        f"{'rows/s':<22}{written['rows_per_second']:>12,.0f}{written['bare_rows_per_second']:>12,.0f}"
        f"{written['rows_ratio']:>8.2f}",
        "",
        f"{'windows':<14}{'commit ms':>11}{'held ms':>10}{'one ms':>10}{'all ms':>10}{'all/bare':>10}   ×youngest",
    ]
    for count, age in aged.items():
        lines.append(
            f"{count:<14}{1000 * age['commit_seconds']:>11.1f}"
            + "".join(f"{1000 * age[f'{name}_seconds']:>10.1f}" for name in (*LOOKS[1:], "full"))
            + f"{age['full_of_bare']:>10.2f}   "
            + " ".join(f"{age[f'{name}_of_youngest']:.1f}" for name in LOOKS)
        )
    return "\n".join(
        [
            *lines,
            "",
            f"{raced['writers']} writers {raced['all_commits_per_second']:.1f} commits/s, "
            f"one {raced['one_commits_per_second']:.1f}: {raced['ratio']:.2f} times",
        ]
    )


@contextmanager
def _folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="muniment-bench-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ages", default="10,100,1000", help="numbers of windows to look at, with commas")
    parser.add_argument("--rows", type=int, default=200_000, help="rows of the large window")
    parser.add_argument("--writers", type=int, default=8, help="processes that write at once")
    parser.add_argument("--commits", type=int, default=16, help="commits of each of them")
    asked = parser.parse_args()
    gc.set_threshold(100_000, 20, 100)  # as the command line does
    with _folder() as folder:
        platform = Platform(load(state_dir=folder / "state"))
        found = {
            "write": write(platform, folder, asked.rows),
            "age": age(platform, folder, [int(count) for count in asked.ages.split(",")]),
            "writers": together(folder, asked.writers, asked.commits),
        }
    print(report(found))
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
