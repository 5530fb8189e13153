"""What there is to do: windows with new objects, and windows that were registered but did not get through.

This is asked before anything heavy is loaded, so it must stay cheap: a listing, the register, a few queries, and the
metadata of each table.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from muniment import marts, warehouse, windows
from muniment.lake import LakeError
from muniment.lake.presence import known, named
from muniment.platform import Platform
from muniment.postgres import Dsn
from muniment.windows import Window

if TYPE_CHECKING:
    import psycopg


@dataclass(frozen=True)
class Notes:
    """What the warehouse notes: manifest digests of settled windows, and the tables and windows that it has loaded."""

    settled: dict[str, str] = field(default_factory=dict)
    loaded: Collection[tuple[str, str]] = ()


def pending(platform: Platform, settled: dict[str, str], now: datetime) -> list[Window]:
    """Windows that a run must go through, in time order, given the manifest digests of settled windows.

    While the warehouse has a retired window a run must go through any window: it makes the warehouse equal to the lake.
    """
    live = platform.register.live()
    unsettled = {m.window for m in live if settled.get(m.window_key) != m.digest}
    if settled.keys() & platform.register.retired():
        unsettled.add(max((m.window for m in live), default=windows.containing(now)))
    return sorted(unsettled | set(platform.register.due(now)))


def settled(platform: Platform) -> dict[str, str]:
    """Manifest digests of settled windows, without starting an embedded warehouse that does not exist yet."""
    return notes(platform).settled


def notes(platform: Platform) -> Notes:
    """What the warehouse notes, without starting an embedded one that does not exist yet."""
    settings = platform.settings
    if not settings.warehouse_url.get_secret_value() and warehouse.embedded(settings).status().state == "absent":
        return Notes()
    if not platform.lake.present() and not platform.register.manifests():
        return Notes()
    with warehouse.opened(settings) as dsn, warehouse.connected(dsn, autocommit=True) as connection:
        found = _settled_on(connection)
        return Notes(found, warehouse.ledger(connection).keys() if found else ())


def check_lake(platform: Platform, noted: Notes, again: Collection[Window] = ()) -> None:
    """LakeError unless the lake can be asked for what a run takes to be in it; `again` are windows that were named.

    Where tables are gone, a run that is told to take every window makes them again; no other may begin a new lake.
    """
    live = platform.register.live()
    through = {m.window_key for m in live if noted.settled.get(m.window_key) == m.digest}
    there = known(platform.lake, platform.settings, platform.store)
    gone = {table for table, key in noted.loaded if key in through} - there
    if not live or not (gone or (not there and _has_snapshots(platform))):
        return
    if not {m.window for m in live} <= set(again):
        raise LakeError(_lost(platform, there, gone, [m.window for m in live]))
    if noted.settled:  # what is interrupted must be gone on with to the last window
        with warehouse.opened(platform.settings) as dsn, warehouse.connected(dsn, autocommit=True) as connection:
            warehouse.unsettle(connection, noted.settled)


def _has_snapshots(platform: Platform) -> bool:
    """Whether the store has snapshots of tables, which some catalog must know."""
    files = platform.store.list(f"{platform.settings.own_prefix}iceberg")
    return any("/snap-" in info.key for info in files)


def _lost(platform: Platform, there: Collection[str], gone: Collection[str], live: Collection[Window]) -> str:
    """What is lost, and how it comes back."""
    some = ", ".join(sorted(gone)[:3]) + (f" and {len(gone) - 3} more" if len(gone) > 3 else "")
    what = f"does not know {some if there else 'a single table'}" if platform.lake.present() else "is gone"
    return (
        f"The catalog of the lake, {named(platform.settings)}, {what}, and windows have been through. Nothing was "
        "done: a run would begin a new lake.\n"
        "Restore the newest backup into another state folder: muniment backup restore. Where there is none, make the "
        "tables again from the originals; releases, legal holds and what tables held before stay lost: "
        f"muniment run --from {min(live).key} --to {max(live).key}"
    )


def settled_in(dsn: Dsn) -> dict[str, str]:
    """Manifest digests of the windows that a warehouse knows to be settled, without the last one while marts are
    behind."""
    with warehouse.connected(dsn, autocommit=True) as connection:
        return _settled_on(connection)


def _settled_on(connection: "psycopg.Connection[Any]") -> dict[str, str]:
    found = dict(warehouse.settled(connection))
    if found and marts.behind(connection):
        del found[max(found)]  # a run of any window builds and publishes them
    return found
