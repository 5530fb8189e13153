"""What there is to do: windows with new objects, and windows that were registered but did not get through.

This is asked before anything heavy is loaded, so it must stay cheap: a listing, the register, one query.
"""

from datetime import datetime

from muniment import marts, warehouse, windows
from muniment.platform import Platform
from muniment.postgres import Dsn
from muniment.windows import Window


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
    settings = platform.settings
    if not settings.warehouse_url.get_secret_value() and warehouse.embedded(settings).status().state == "absent":
        return {}
    if not platform.lake.present():
        return {}
    with warehouse.opened(settings) as dsn:
        return settled_in(dsn)


def settled_in(dsn: Dsn) -> dict[str, str]:
    """Manifest digests of the windows that a warehouse knows to be settled, without the last one while marts are
    behind."""
    with warehouse.connected(dsn, autocommit=True) as connection:
        found = dict(warehouse.settled(connection))
        if found and marts.behind(connection):
            del found[max(found)]  # a run of any window builds and publishes them
        return found
