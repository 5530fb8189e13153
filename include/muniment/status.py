"""Where the installation stands: what was registered and how it ended, and whether lake, warehouse and index agree.

Nothing here changes anything. Counts come from the tables themselves, not from what a run reported.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

from muniment import pending, search, warehouse
from muniment.contract import contracts, tables
from muniment.keeping.holds import Covered, Holds
from muniment.keeping.lifecycle import Ages, Policy, last_round
from muniment.lake.maintenance import Amount
from muniment.platform import Platform
from muniment.register import Manifest

_STATES = ("published", "duplicate", "quarantined")


@dataclass
class WindowStatus:
    """One window's objects by state. `reconciled`: every one has exactly one, and every stage is through."""

    window: str
    registered: int
    published: int
    duplicate: int
    quarantined: int
    settled: bool

    @property
    def reconciled(self) -> bool:
        """Whether nothing is missing."""
        return self.settled and self.registered == self.published + self.duplicate + self.quarantined


@dataclass
class Status:
    """The whole picture. `waiting` counts landed objects that no window has registered yet; a branch awaits none.
    `lifecycle` says how many contents of how many bytes are hot, warm, cold and held, as the last round of ageing left
    them."""

    windows: list[WindowStatus] = field(default_factory=list)
    waiting: int = 0
    lifecycle: dict[str, Any] = field(default_factory=dict)
    tables: dict[str, int] = field(default_factory=dict)
    warehouse: dict[str, Any] = field(default_factory=dict)
    index: dict[str, Any] = field(default_factory=dict)

    @property
    def reconciled(self) -> bool:
        """Whether every registered object ended in one state and warehouse and index equal the lake."""
        return (
            all(window.reconciled for window in self.windows)
            and bool(self.warehouse.get("in_step", not self.windows))
            and bool(self.index.get("in_step", not self.windows))
        )

    @property
    def total(self) -> dict[str, int]:
        """Objects of all windows by state."""
        return {name: sum(getattr(w, name) for w in self.windows) for name in ("registered", *_STATES)}

    def to_json(self) -> dict[str, Any]:
        """The form that `muniment status --json` prints."""
        return {
            "reconciled": self.reconciled,
            "total": self.total,
            "waiting": self.waiting,
            "windows": [asdict(window) | {"reconciled": window.reconciled} for window in self.windows],
            "tables": self.tables,
            "warehouse": self.warehouse,
            "index": self.index,
            "lifecycle": self.lifecycle,
        }


def status(platform: Platform) -> Status:
    """The picture now. The embedded warehouse is started for it, unless it was never made."""
    manifests = platform.register.manifests()
    arrivals = platform.register.arrivals(manifests, datetime.now(UTC))
    waiting = 0 if platform.settings.branch else sum(map(len, arrivals.by_window.values())) + len(arrivals.late)
    found = Status(waiting=waiting)
    settled: dict[str, str] = {}
    if manifests and platform.lake.present():
        settled = pending.settled(platform)
        found.tables = _table_rows(platform)
        if settled:
            _warehouse(platform, found)
    retired = platform.register.retired()
    found.windows = _windows(platform, [m for m in manifests if m.window_key not in retired], settled)
    found.lifecycle = _lifecycle(platform, manifests, retired) if manifests else {}
    return found


def _lifecycle(platform: Platform, manifests: Iterable[Manifest], retired: frozenset[str]) -> dict[str, Any]:
    """From the register alone: the store is not listed. Before the first round everything lies at hand."""
    last = last_round(platform.store)
    ages = Ages(manifests, retired, last or datetime.min.replace(tzinfo=UTC))
    tiers = ages.tiers(Policy.of(platform.settings))
    covered = Holds(platform.lake).covered_now() if platform.lake.present() else Covered()
    held = [one.size for sha256, one in ages.contents.items() if covered.has([sha256], one.windows)]
    amounts: dict[str, Amount] = {**tiers, "held": Amount.of(held)}
    told = {name: {"objects": amount.files, "bytes": amount.bytes} for name, amount in amounts.items()}
    when = last.isoformat(timespec="seconds") if last else None
    return {**told, "windows_retired": len(retired), "last_round": when}


def _table_rows(platform: Platform) -> dict[str, int]:
    return {c.table: sum(held.rows for held in platform.lake.held(c).values()) for c in tables()}


def _windows(platform: Platform, manifests: Iterable[Manifest], settled: dict[str, str]) -> list[WindowStatus]:
    counts: Counter[tuple[str, str]] = Counter()
    columns = ["window_key", "state"]
    for batch in platform.lake.scan(contracts()["objects"], columns=columns) if platform.lake.present() else ():
        counts.update(zip(batch.column(0).to_pylist(), batch.column(1).to_pylist(), strict=True))
    return [
        WindowStatus(
            m.window_key,
            len(m.entries),
            counts[m.window_key, "published"],
            counts[m.window_key, "duplicate"],
            counts[m.window_key, "quarantined"],
            settled.get(m.window_key) == m.digest,
        )
        for m in sorted(manifests, key=lambda m: m.window.start)
    ]


def _warehouse(platform: Platform, found: Status) -> None:
    with warehouse.opened(platform.settings) as dsn, warehouse.connected(dsn, autocommit=True) as connection:
        loaded = warehouse.ledger(connection)
        held = {(c.table, key): h.content_id for c in warehouse.loadable() for key, h in platform.lake.held(c).items()}
        marts = warehouse.mart_rows(connection)
        found.warehouse = {"in_step": loaded == held, "windows_loaded": len(loaded), "marts": marts}
        index = search.status(connection)
        chunks = platform.lake.held(contracts()["chunks"])
        passages = sum(h.rows for h in chunks.values())
        found.index = {
            "in_step": index.passages == passages and index.indexed,
            "passages": index.passages,
            "documents": index.documents,
            "model": index.model,
        }
