"""A lake of any size, what is done to one as it ages, and the most memory that each step takes."""

import json
import resource
import sys
from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pyarrow as pa
import zstandard

from muniment import warehouse, windows
from muniment.backup.repository import open_repository
from muniment.backup.restore import restore
from muniment.backup.take import take
from muniment.contract import Column
from muniment.erasure.proof import prove
from muniment.erasure.traces import Traces, Value
from muniment.lake.cleansing import Cleansing
from muniment.lake.maintenance import Policy, Upkeep
from muniment.lake.tables import Pinned
from muniment.platform import Platform
from muniment.progress import silent
from muniment.settings import load
from muniment.staging import Writer
from tests.tables import contract_of

WIDE = contract_of(
    Column("name", "text", "What tells rows apart", required=True),
    *(Column(f"text_{at}", "text", "Any text") for at in range(8)),
    name="wide",
)
KEYS = ("2026-03-08-06:00", "2026-03-08-12:00")
LATER = datetime(2026, 3, 20, tzinfo=UTC)
_BATCH = 1_000  # rows, of 1.3 kB each


def _platform(folder: Path, name: str, url: str) -> Platform:
    backups = (folder / "backups").as_uri()
    return Platform(load(state_dir=folder / name, backup_uri=backups, warehouse_url=url))


def fill(folder: Path, rows: int, url: str) -> None:
    """Write two windows of a day that have so many rows together, which cannot be packed much, and as much packed
    text."""
    platform = _platform(folder, "state", url)
    for key in KEYS:
        with Writer(WIDE, windows.parse(key), "run", folder / "staged") as writer:
            for first in range(0, rows // 2, _BATCH):
                writer.add_batch(_batch(first))
        platform.lake.commit(writer.staged, "run")
    spool = folder / "packed"
    with zstandard.open(spool, "wt") as packed:
        for first in range(0, rows, _BATCH):
            packed.writelines(" ".join(row.values()) for row in _batch(first).to_pylist())
    platform.store.replace("parsed/reader/00/00.json.zst", spool)


def _batch(first: int) -> pa.RecordBatch:
    random = Random(first)
    names = pa.array([f"row {number}" for number in range(first, first + _BATCH)])
    texts = [[b64encode(random.randbytes(120)).decode() for _ in range(_BATCH)] for _ in range(8)]
    return pa.RecordBatch.from_arrays([names, *map(pa.array, texts)], schema=WIDE.loose_schema)


def compact(folder: Path, rows: int, url: str) -> None:
    """Put the windows into one file."""
    platform = _platform(folder, "state", url)
    policy = Policy(timedelta(days=30), target_bytes=2**40)
    step = Upkeep(platform.lake, platform.store, folder / "spool", "upkeep", LATER, policy).compact(WIDE)
    assert (step.before.files, step.after.files) == (2, 1)


def search(folder: Path, rows: int, url: str) -> None:
    """Look for a person who is nowhere in all that there is."""
    platform = _platform(folder, "state", url)
    assert prove(platform, Traces([Value("person", "wilhelmina ostrander")], platform.tokens), None).clean


def back_up_and_restore(folder: Path, rows: int, url: str) -> None:
    """Back everything up, and restore it elsewhere."""
    platform = _platform(folder, "state", url)
    taken = take(platform, open_repository(platform.settings), silent)
    elsewhere = _platform(folder, "elsewhere", url)
    restore(elsewhere, open_repository(elsewhere.settings), taken.key, silent)
    assert sum(held.rows for held in elsewhere.lake.held(WIDE).values()) == rows


def erase(folder: Path, rows: int, url: str) -> None:
    """Take a row out of the file, and with it out of every snapshot."""
    platform = _platform(folder, "state", url)
    cleansing = Cleansing(platform.lake, platform.store, folder / "spool", "erasure")
    assert cleansing.cleanse(WIDE, KEYS, lambda found: _without(found, "row 7")).files


def _without(rows: pa.Table, name: str) -> pa.Table:
    import pyarrow.compute as pc

    kept = pc.not_equal(rows["name"], name)
    return rows if pc.all(kept).as_py() is not False else rows.filter(kept)


def load_a_release(folder: Path, rows: int, url: str) -> None:
    """Bring a warehouse to what the table was at a snapshot that a release pinned."""
    platform = _platform(folder, "state", url)
    snapshot = platform.lake.catalog.load_table(WIDE.table).current_snapshot()
    assert snapshot
    with warehouse.opened(platform.settings) as dsn, warehouse.connected(dsn, autocommit=True) as connection:
        warehouse.prepare(connection, dsn)
        columns = ", ".join(f"{column.name} text" for column in WIDE.columns)
        connection.execute(
            f"CREATE TABLE {WIDE.table} ({columns}, window_start timestamptz, window_key text, run_id text)"
        )
        loaded = warehouse.sync(connection, platform.lake, WIDE, "run", Pinned(snapshot.snapshot_id, "release-1"))
    assert sum(one.rows for one in loaded) == rows


STEPS: dict[str, Callable[[Path, int, str], None]] = {
    step.__name__: step for step in (fill, compact, search, back_up_and_restore, load_a_release, erase)
}
"""In the order in which a lake lives through them."""


def peak_of(step: str, folder: str, rows: int, url: str) -> None:
    """Do one step to a lake of so many rows, and write the peak of this process."""
    Path(folder).mkdir(parents=True, exist_ok=True)
    STEPS[step](Path(folder), rows, url)
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(json.dumps({"rows": rows, "peak_mb": peak_mb}) + "\n")
