"""Windows of Alberta's local time: they tile all time, keys and instants go both ways, Dagster sees the same ones."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment import windows
from muniment.windows import WindowKeyError

WEEKS = [
    ("2025-03-08-00:00", "2025-03-11-00:00"),
    ("2025-10-31-00:00", "2025-11-04-00:00"),
    ("2026-03-06-00:00", "2026-03-11-00:00"),
    ("2026-10-30-00:00", "2026-11-03-00:00"),
]
INSTANTS = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))


@given(INSTANTS)
def test_every_instant_lies_in_its_window_and_windows_touch(instant: datetime) -> None:
    window = windows.containing(instant)
    assert window.contains(instant)
    assert window.next().start == window.end
    assert windows.containing(window.start - windows.INSTANT).end == window.start


@given(INSTANTS)
def test_a_key_names_the_window_it_came_from(instant: datetime) -> None:
    window = windows.containing(instant)
    assert windows.parse(window.key) == window


@given(INSTANTS)
def test_windows_start_at_local_ticks(instant: datetime) -> None:
    local = windows.containing(instant).start.astimezone(ZoneInfo(windows.TIMEZONE))
    assert local.hour % 6 == 0
    assert (local.minute, local.second) == (0, 0)


@pytest.mark.parametrize("day", [(2025, 3, 9), (2025, 11, 2), (2026, 3, 8), (2026, 11, 1)])
def test_a_change_of_clocks_shortens_or_lengthens_one_window_as_the_pinned_database_says(
    day: tuple[int, int, int],
) -> None:
    zone = ZoneInfo(windows.TIMEZONE)
    midnight, six = (datetime(*day, hour, tzinfo=zone) for hour in (0, 6))
    change = (six.utcoffset() or timedelta()) - (midnight.utcoffset() or timedelta())
    window = windows.containing(midnight)
    assert window.end - window.start == timedelta(hours=6) - change


def test_the_window_of_8_march_2026_has_five_hours() -> None:
    window = windows.parse("2026-03-08-00:00")
    assert window.end - window.start == timedelta(hours=5)


@pytest.mark.parametrize(("first", "last"), WEEKS)
def test_dagster_has_the_same_windows(first: str, last: str) -> None:
    import dagster as dg

    theirs = dg.TimeWindowPartitionsDefinition(
        start="2025-01-01-00:00", fmt=windows.KEY_FORMAT, cron_schedule=windows.CRON, timezone=windows.TIMEZONE
    )
    for window in windows.between(first, last):
        same = theirs.time_window_for_partition_key(window.key)
        assert (same.start, same.end) == (window.start, window.end)
    keys = theirs.get_partition_keys_in_range(dg.PartitionKeyRange(first, last))
    assert keys == [window.key for window in windows.between(first, last)]


@pytest.mark.parametrize(
    "text", ["", "yesterday", "2026-03-08", "2026-03-08-05:00", "2026-02-30-06:00", "2026-03-08-06:00 ", "2026-3-8-6:0"]
)
def test_what_is_no_key_is_refused_with_advice(text: str) -> None:
    with pytest.raises(WindowKeyError, match="window"):
        windows.parse(text)


def test_a_backward_range_is_refused() -> None:
    with pytest.raises(WindowKeyError, match="backwards"):
        windows.between("2026-03-08-06:00", "2026-03-08-00:00")


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        windows.containing(datetime(2026, 3, 8))
