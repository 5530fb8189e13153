"""The windows as Dagster's partitions, and the asset keys' naming. Time itself is `muniment.windows`."""

from collections.abc import Iterable, Mapping

import dagster as dg
from dagster._core.storage.tags import (
    ASSET_PARTITION_RANGE_END_TAG,
    ASSET_PARTITION_RANGE_START_TAG,
    PARTITION_NAME_TAG,
)

from muniment import windows
from muniment.contract import Contract
from muniment.settings import load
from muniment.windows import Window

WINDOWS = dg.TimeWindowPartitionsDefinition(
    start=load().first_window,
    fmt=windows.KEY_FORMAT,
    cron_schedule=windows.CRON,
    timezone=windows.TIMEZONE,
    end_offset=1,  # the window that is open now may be closed early by hand
)
ONE_RUN = dg.BackfillPolicy.single_run()


def of_run(context: dg.AssetExecutionContext) -> list[Window]:
    """The windows of the run, in time order."""
    return [windows.parse(key) for key in context.partition_keys]


def of_tags(tags: Mapping[str, str]) -> list[Window]:
    """The windows of a run that has not begun, by its tags: a range, one, or none."""
    first = tags.get(ASSET_PARTITION_RANGE_START_TAG, tags.get(PARTITION_NAME_TAG))
    last = tags.get(ASSET_PARTITION_RANGE_END_TAG, first)
    return windows.between(first, last) if first and last else []


def lake_key(contract: Contract) -> dg.AssetKey:
    """Asset of a lake table: `lake/<table>`, or `vault/<table>` for personal data in clear."""
    return dg.AssetKey([contract.namespace, contract.name])


def warehouse_key(contract: Contract) -> dg.AssetKey:
    """Asset of the warehouse's mirror of a lake table; dbt's sources carry the same key."""
    return dg.AssetKey(["warehouse", contract.name if contract.namespace == "lake" else f"vault_{contract.name}"])


def stretches(found: Iterable[Window]) -> list[tuple[Window, Window]]:
    """First and last of each unbroken row of windows: what one run can cover."""
    rows: list[tuple[Window, Window]] = []
    for window in sorted(found):
        if rows and rows[-1][1].end == window.start:
            rows[-1] = (rows[-1][0], window)
        else:
            rows.append((window, window))
    return rows
