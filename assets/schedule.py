"""The job that takes windows through every stage, and the schedule that starts it every six hours."""

from collections.abc import Iterator

import dagster as dg
from dagster._core.storage.tags import ASSET_PARTITION_RANGE_END_TAG, ASSET_PARTITION_RANGE_START_TAG

from assets import alive, maintenance
from assets.windows import stretches
from muniment import windows
from muniment.pending import pending, settled
from muniment.platform import Platform
from muniment.windows import Window

JOB = "windows"

# One process a run: the stages share what is dear to load, and use the cores themselves.
windows_job = dg.define_asset_job(
    JOB,
    selection=dg.AssetSelection.all() - dg.AssetSelection.groups(maintenance.GROUP),
    executor_def=dg.in_process_executor,
    description="Takes windows from landing to marts and search",
)


def range_tags(first: Window, last: Window) -> dict[str, str]:
    """Tags of a run that covers all windows from `first` to `last`."""
    return {ASSET_PARTITION_RANGE_START_TAG: first.key, ASSET_PARTITION_RANGE_END_TAG: last.key}


@dg.schedule(
    job_name=JOB,
    cron_schedule=windows.CRON,
    execution_timezone=windows.TIMEZONE,
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="At the end of each window: that window, and any other that has something to do",
)
def six_hourly(context: dg.ScheduleEvaluationContext, platform: dg.ResourceParam[Platform]) -> Iterator[dg.RunRequest]:
    alive.bury_killed(platform.settings, context.instance)
    tick = context.scheduled_execution_time
    ended = windows.containing(windows.containing(tick).start - windows.INSTANT)
    due = {window for window in pending(platform, settled(platform), tick) if window <= ended}
    for first, last in stretches(due | {ended}):
        yield dg.RunRequest(run_key=f"{tick.isoformat()} {first.key}", tags=range_tags(first, last))
