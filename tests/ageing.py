"""A practice whose files grow old: it lands contents, registers them, and lives through rounds of ageing.

Without Dagster, warehouse and documents: for tests of what ages, what goes, and what is held.
"""

import hashlib
import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from muniment import windows
from muniment.contract import contracts
from muniment.keeping.holds import Holds
from muniment.keeping.lifecycle import note_round
from muniment.keeping.originals import ARCHIVE, RAW, OriginalError
from muniment.lake.maintenance import Amount
from muniment.platform import Platform
from muniment.progress import Silent
from muniment.settings import load
from muniment.stages.age import Report, age
from tests.tables import good_row, stage

KEYS = [window.key for window in windows.between("2026-03-02-06:00", "2026-03-04-18:00")]
DAY = timedelta(days=1)


def sha256_of(content: bytes) -> str:
    """The name of a content."""
    return hashlib.sha256(content).hexdigest()


class Practice:
    """One installation in a folder; its landing is a folder, its lake may lie elsewhere."""

    def __init__(self, folder: Path, **settings: Any) -> None:
        self.folder = folder
        self.settings = load(state_dir=folder / "state", first_window=KEYS[0], **settings)

    @property
    def platform(self) -> Platform:
        """The installation as a new process has it."""
        return Platform(self.settings)

    @property
    def holds(self) -> Holds:
        """Its holds as a new process has them."""
        return Holds(self.platform.lake)

    def land(self, key: str, name: str, content: bytes) -> str:
        """Land a file in a window and register that; the name of the content."""
        self.drop(key, name, content)
        window = windows.parse(key)
        self.platform.register.register([window], window.end)
        return sha256_of(content)

    def drop(self, key: str, name: str, content: bytes) -> None:
        """Land a file in a window."""
        window = windows.parse(key)
        path = self.settings.state / "landing" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        stamp = window.start.timestamp() + 60
        os.utime(path, (stamp, stamp))

    def publish(self, key: str) -> None:
        """Commit the rows of `objects` for a registered window, with what was read beside the tables."""
        contract, platform = contracts()["objects"], self.platform
        [manifest] = platform.register.of([key])
        rows = [
            good_row(contract, at, object_id=entry.object_id, key=entry.key, sha256=entry.sha256, document_id=None)
            for at, entry in enumerate(manifest.entries)
        ]
        platform.lake.commit(stage(self.folder / "staged", contract, key, rows), f"run of {key}")
        window = windows.parse(key)
        self.put(f"processed/outcomes/{window.path}/{window.slug}.documents.objects.parquet")
        for entry in manifest.entries:
            self.put(f"parsed/reader/{entry.sha256[:2]}/{entry.sha256}.json.zst")

    def put(self, key: str, content: bytes = b"what was read") -> None:
        """Put something into the store."""
        spool = self.folder / "spool"
        spool.write_bytes(content)
        self.platform.store.replace(key, spool)

    def round(self, at: datetime, *, dry: bool = False) -> Report:
        """A round of ageing at an instant, after rounds in all nights before."""
        note_round(self.platform.store, at - DAY, self.folder)
        return age(self.platform, at, "round", Silent(), dry=dry)

    def round_after(self, key: str, days: float, *, dry: bool = False) -> Report:
        """A round so many days after the end of a window."""
        return self.round(windows.parse(key).end + timedelta(days=days), dry=dry)

    def content(self, sha256: str) -> bytes | None:
        """What is had of a content; None when it is nowhere."""
        try:
            with self.platform.original(sha256) as path:
                return path.read_bytes()
        except OriginalError:
            return None

    def places(self, sha256: str) -> set[str]:
        """The places in which a content lies."""
        return {place for place in (RAW, ARCHIVE) if any(sha256 in key for key in self.lying(place))}

    def lying(self, prefix: str = "") -> list[str]:
        """What lies in the store."""
        return [info.key for info in self.platform.store.list(prefix)]

    def times(self) -> dict[str, int]:
        """When each file of the store was written, but for the note of a round."""
        root = self.settings.state / "lake"
        return {key: (root / key).stat().st_mtime_ns for key in self.lying() if not key.startswith("lifecycle/")}

    def rows(self) -> list[str]:
        """The windows that the table `objects` has, one for each row."""
        found = [batch.to_pylist() for batch in self.platform.lake.scan(contracts()["objects"], columns=["window_key"])]
        return sorted(row["window_key"] for rows in found for row in rows)


def after(report: Report) -> dict[str, Amount]:
    """What a round left, by tier."""
    return {step.name: step.after for step in report.tiers}


def before(report: Report) -> dict[str, Amount]:
    """What a round found, by tier."""
    return {step.name: step.before for step in report.tiers}
