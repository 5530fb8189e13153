"""A practice of two small tables whose runs cut releases, with a dictionary for a warehouse: for tests of releases."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import psycopg

from muniment import windows
from muniment.contract import Contract
from muniment.lake import Lake
from muniment.objects import open_store
from muniment.releases import Cut, Release, alone, cut
from muniment.settings import load
from muniment.warehouse import Settlement
from tests.tables import COLUMNS, contract_of, stage

KEYS = [window.key for window in windows.between("2026-03-08-00:00", "2026-03-09-18:00")]
LETTERS, PEOPLE = (contract_of(*COLUMNS[:2], name=name) for name in ("letters", "people"))
TABLES = (LETTERS, PEOPLE)


@dataclass
class Practice:
    """A lake, what was registered, and what the warehouse would say of it."""

    folder: Path
    settled: dict[str, Settlement] = field(default_factory=dict)
    registered: set[str] = field(default_factory=set)
    retired: set[str] = field(default_factory=set)
    marts: dict[str, str] = field(default_factory=lambda: {"readiness": "0" * 16})
    candidates: dict[str, str] = field(default_factory=dict)  # marts that were built and are not published yet
    runs: int = 0
    in_step: bool = True
    place: dict[str, Any] = field(default_factory=dict)  # settings that say where the lake lies, if not in the folder

    def __post_init__(self) -> None:
        settings = load(state_dir=self.folder / "state", **self.place)
        self.store = open_store(settings.lake, settings)
        self.lake = Lake(settings, self.store)
        register = SimpleNamespace(live=self.live)
        self.platform: Any = SimpleNamespace(lake=self.lake, store=self.store, register=register)

    def live(self) -> list[Any]:
        """What the register holds and nobody retired; a window's manifest never changes."""
        keys = sorted(self.registered - self.retired)
        return [SimpleNamespace(window_key=key, digest=f"manifest of {key}") for key in keys]

    def begin(self, *keys: str) -> str:
        """A run takes windows up; its id."""
        self.runs += 1
        self.registered |= set(keys)
        for key in keys:
            self.settled.pop(key, None)
        return f"run-{self.runs}"

    def write(self, contract: Contract, key: str, *names: str, run: str = "run-1") -> None:
        """Replace the rows of a window."""
        self.lake.commit(stage(self.folder / "staged", contract, key, [{"name": name} for name in names], run), run)

    def finish(self, run: str, *keys: str) -> Cut:
        """The end of a run, as the asset has it."""
        with alone(self.lake):
            made = cut(self.platform, self, keys, run)  # type: ignore[arg-type]
            if not made.again:
                self.settle(run, *keys)
        return made

    def settle(self, run: str, *keys: str) -> None:
        for key in keys:
            self.settled[key] = Settlement(f"manifest of {key}", run, datetime.now(UTC))

    def deliver(self, key: str, *names: str) -> Cut:
        """A whole run that puts the same names into both tables."""
        run = self.begin(key)
        for contract in TABLES:
            self.write(contract, key, *names, run=run)
        return self.finish(run, key)

    def released(self, key: str, *names: str) -> Release:
        """The release that such a run cuts."""
        made = self.deliver(key, *names)
        assert made.release, made.reason
        return made.release

    def names(self, contract: Contract, release: Release | None = None) -> dict[str, list[str]]:
        """What a table holds by window, now or in a release."""
        found: dict[str, list[str]] = {}
        as_of = release.pinned(contract) if release else None
        for batch in self.lake.scan(contract, columns=["window_key", "name"], as_of=as_of):
            for row in batch.to_pylist():
                found.setdefault(row["window_key"], []).append(row["name"])
        return found

    def tags(self) -> set[str]:
        """All tags of both tables."""
        states = [state for contract in TABLES if (state := self.lake.state(contract))]
        return {tag for state in states for tag in state.tags}

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """What is published in the block is taken back where it is rolled back."""
        before = dict(self.marts), dict(self.candidates)
        try:
            yield
        except psycopg.Rollback:
            self.marts, self.candidates = before

    def execute(self, statement: str) -> None:
        """Settings of a transaction mean nothing here."""

    def publish(self) -> None:
        """Make the marts what was built."""
        self.marts |= self.candidates
        self.candidates = {}

    def ledger(self) -> dict[tuple[str, str], str]:
        """What a warehouse in step has loaded."""
        held = {contract: self.lake.held(contract) for contract in (TABLES if self.in_step else ())}
        return {(c.table, key): one.content_id for c, found in held.items() for key, one in found.items()}


@contextmanager
def small() -> Iterator[None]:
    """For the block the library knows these two tables alone, and asks a `Practice` where it would ask PostgreSQL."""
    with (
        patch("muniment.releases.tables", lambda: iter(TABLES)),
        patch("muniment.lake.query.tables", lambda: iter(TABLES)),
        patch("muniment.warehouse.loadable", lambda: list(TABLES)),
        patch("muniment.warehouse.settlements", lambda practice: dict(practice.settled)),
        patch("muniment.warehouse.ledger", lambda practice: practice.ledger()),
        patch("muniment.marts.publish", lambda practice: practice.publish()),
        patch("muniment.marts.digests", lambda practice: dict(practice.marts)),
    ):
        yield
