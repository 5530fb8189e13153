"""Six-hour windows of Alberta's local time. Everything about time that is not a window belongs elsewhere.

A window runs from one tick of `0 */6 * * *` in America/Edmonton to the next, so it has six hours except where
the clocks change inside it. Keys are local, instants are UTC. Dagster derives the same windows from
`CRON`, `TIMEZONE` and `KEY_FORMAT`; a test holds the two together.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from muniment.errors import MunimentError

CRON = "0 */6 * * *"
TIMEZONE = "America/Edmonton"
KEY_FORMAT = "%Y-%m-%d-%H:%M"
INSTANT = timedelta(microseconds=1)
_HOURS = 6
_ZONE = ZoneInfo(TIMEZONE)


class WindowKeyError(MunimentError):
    """A text that names no window."""


@dataclass(frozen=True, order=True)
class Window:
    """Half-open interval `[start, end)` of aware UTC instants; `key` is its local start."""

    start: datetime
    end: datetime
    key: str

    def next(self) -> "Window":
        """The window that begins where this one ends."""
        return containing(self.end)

    def contains(self, instant: datetime) -> bool:
        """Whether the aware `instant` lies in the window."""
        return self.start <= instant < self.end

    @property
    def path(self) -> str:
        """`year=YYYY/month=MM/day=DD` of the UTC start, as the Parquet folders are named."""
        return self.start.strftime("year=%Y/month=%m/day=%d")

    @property
    def slug(self) -> str:
        """The key without characters that file systems or URLs dislike."""
        return self.key.replace(":", "")


def _tick(local: datetime, steps: int) -> datetime:
    """The UTC instant of the tick `steps` after the one at or before naive `local`."""
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    ticks = local.hour // _HOURS + steps
    days, slot = divmod(ticks, 24 // _HOURS)
    wall = midnight + timedelta(days=days, hours=slot * _HOURS)
    return wall.replace(tzinfo=_ZONE).astimezone(UTC)


def containing(instant: datetime) -> Window:
    """The window in which an aware `instant` lies."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone: pass an aware datetime")
    local = instant.astimezone(_ZONE).replace(tzinfo=None)
    start = _tick(local, 0)
    key = start.astimezone(_ZONE).strftime(KEY_FORMAT)
    return Window(start, _tick(local, 1), key)


def parse(key: str) -> Window:
    """The window named by `key`; WindowKeyError when there is none."""
    try:
        wall = datetime.strptime(key, KEY_FORMAT)
    except ValueError:
        raise WindowKeyError(
            f"{key!r} is not a window key. A key is the window's local start, such as 2026-03-08-06:00."
        ) from None
    window = containing(wall.replace(tzinfo=_ZONE))
    if window.key != key:
        raise WindowKeyError(
            f"No window starts at {key}: windows start at 00:00, 06:00, 12:00 and 18:00. Nearest: {window.key}."
        )
    return window


def between(first: str, last: str) -> list[Window]:
    """All windows from key `first` to key `last`, both included."""
    window, end = parse(first), parse(last)
    if end < window:
        raise WindowKeyError(f"The range is backwards: {first} comes after {last}. Swap --from and --to.")
    return list(_walk(window, end))


def _walk(window: Window, last: Window) -> Iterator[Window]:
    while window <= last:
        yield window
        window = window.next()
