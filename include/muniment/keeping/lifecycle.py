"""How old what is kept is, and what follows: what lies at hand (hot), what in the archive (warm, cold), what goes.

The age of a window counts from its end. A content that several windows brought is as old as the youngest of them, and a
window as old as the youngest of its contents. Nothing is moved or deleted here; `stages.age` does that, and legal holds
stand against it (docs/decisions/0028-lifecycle.md).
"""

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Literal, get_args

from muniment.contract import contracts
from muniment.errors import MunimentError
from muniment.lake.maintenance import Amount
from muniment.objects import Store
from muniment.register import Manifest
from muniment.settings import Settings

Tier = Literal["hot", "warm", "cold"]
TIERS = get_args(Tier)

_LAST = "lifecycle/last-round.json"
_LONGEST_PAUSE = timedelta(days=14)


class LifecycleError(MunimentError):
    """What is due cannot be told."""


@dataclass(frozen=True)
class Policy:
    """How long originals lie at hand (`raw`), what was read from them lies beside the tables (`processed`), and
    originals and rows are there at least (`archived`)."""

    raw: timedelta
    processed: timedelta
    archived: timedelta

    @classmethod
    def of(cls, settings: Settings) -> "Policy":
        """The policy of the settings."""
        days = (settings.raw_days, settings.processed_days, settings.archived_days)
        return cls(*(timedelta(days=number) for number in days))

    @cached_property
    def retention(self) -> timedelta:
        """How long a window stays. It goes as a whole, so when the last contract or type of document that may have a
        part in it lets it go."""
        from muniment.documents.catalogue import catalogue

        promised = (one.retention_days for known in (contracts(), catalogue().types) for one in known.values())
        return max(self.archived, timedelta(days=max(promised)))

    def tier(self, age: timedelta) -> Tier:
        """Where an original of some age belongs."""
        if age < self.raw:
            return "hot"
        return "warm" if age < self.processed else "cold"


@dataclass(frozen=True)
class Content:
    """One content: its size in bytes, the keys of the windows that brought it, and when the youngest of them ended."""

    size: int
    windows: frozenset[str]
    ended: datetime


class Ages:
    """The contents of a register by their SHA-256, and how old they are at the aware instant `now`."""

    def __init__(self, manifests: Iterable[Manifest], retired: Collection[str], now: datetime) -> None:
        self._now = now
        self._retired = set(retired)
        self.contents: dict[str, Content] = {}
        self.windows: dict[str, Manifest] = {}
        for manifest in manifests:
            window = manifest.window
            self.windows[window.key] = manifest
            for sha256, size in _brought(manifest):
                before = self.contents.get(sha256, Content(size, frozenset(), window.end))
                keys = before.windows | {manifest.window_key}
                self.contents[sha256] = Content(size, keys, max(before.ended, window.end))

    @property
    def live(self) -> list[Manifest]:
        """Windows that are not retired, the oldest first."""
        return self._ordered(self.windows.keys() - self._retired)

    @property
    def retired(self) -> list[Manifest]:
        """Windows that are retired, the oldest first."""
        return self._ordered(self.windows.keys() & self._retired)

    def _ordered(self, keys: Iterable[str]) -> list[Manifest]:
        return sorted((self.windows[key] for key in keys), key=lambda manifest: manifest.window.start)

    def retire(self, manifest: Manifest) -> None:
        """Count a window among the retired from now on."""
        self._retired.add(manifest.window_key)

    def of(self, sha256: str) -> timedelta | None:
        """The age of a content; None for one that no window brought, which may be about to be registered."""
        found = self.contents.get(sha256)
        return self._now - found.ended if found else None

    def of_window(self, manifest: Manifest) -> timedelta:
        """The age of a window."""
        ends = [manifest.window.end, *(self.contents[sha256].ended for sha256, _ in _brought(manifest))]
        return self._now - max(ends)

    def is_over(self, sha256: str) -> bool:
        """Whether every window that brought the content is retired."""
        found = self.contents.get(sha256)
        return found is not None and found.windows <= self._retired

    def tiers(self, policy: Policy) -> dict[str, Amount]:
        """Contents of windows that are not retired, and their bytes as they came, by where they belong."""
        sizes: dict[str, list[int]] = {tier: [] for tier in TIERS}
        for sha256, content in self.contents.items():
            if not self.is_over(sha256):
                sizes[policy.tier(self._now - content.ended)].append(content.size)
        return {tier: Amount.of(found) for tier, found in sizes.items()}


def _brought(manifest: Manifest) -> Iterator[tuple[str, int]]:
    """The contents of a window with their sizes; what could not be read has none."""
    for entry in manifest.entries:
        if entry.kind != "unreadable":
            yield entry.sha256, entry.size


def last_round(store: Store) -> datetime | None:
    """What time the last round believed it was; None before the first."""
    try:
        with store.open(_LAST) as stream:
            at = datetime.fromisoformat(json.load(stream)["at"])
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError) as error:
        raise LifecycleError(f"{store.url(_LAST)} cannot be read ({error}): delete it, or restore it.") from error
    if at.tzinfo is None:
        raise LifecycleError(f"{store.url(_LAST)} says no time zone: delete it, or restore it.")
    return at


def note_round(store: Store, at: datetime, folder: Path) -> None:
    """Keep what time a round believed it was."""
    spool = folder / "round"
    spool.write_text(json.dumps({"at": at.astimezone(UTC).isoformat()}), encoding="utf-8")
    store.replace(_LAST, spool)


def believed(now: datetime, last: datetime | None, manifests: Iterable[Manifest]) -> datetime:
    """What time it is: `now`, but no more than a fortnight after the last round, or before the first one after what was
    registered last. A clock that jumps years ahead then takes as many nights as fortnights to do harm."""
    reference = last or max((datetime.fromisoformat(one.registered_at) for one in manifests), default=now)
    return min(now, reference + _LONGEST_PAUSE)
