"""Upkeep of the lake and of what it keeps: its steps as assets, the job that takes them, and its nightly schedule.

It belongs to no window, so it stands beside the job that takes windows through the stages. It is safe beside that, too.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import dagster as dg

from assets import alive
from assets.windows import lake_key
from muniment import windows
from muniment.contract import tables
from muniment.lake.maintenance import Report
from muniment.platform import Platform
from muniment.progress import Reporter
from muniment.stages.age import Report as Aged
from muniment.stages.age import age
from muniment.stages.maintain import let_go, maintain

GROUP = "upkeep"
JOB = "maintenance"
_RELEASES = "releases"
_STEPS = {
    "compaction": "Small data files of a day put together, for every lake table",
    "manifests": "Iceberg's lists of data files put together",
    "expiry": "Snapshots let go that nobody named and that were not current in the days kept",
    "orphans": "Files removed that no snapshot needs any more",
}


def _specs() -> Iterator[dg.AssetSpec]:
    deps = [lake_key(contract) for contract in tables()]
    first = {_RELEASES: "Releases dropped that need not stay; what only they need goes with the steps that follow"}
    for name, description in (first | _STEPS).items():
        key = dg.AssetKey([GROUP, name])
        yield dg.AssetSpec(key, deps=deps, description=description, kinds={"iceberg"}, group_name=GROUP)
        deps = [key]


@dg.multi_asset(specs=list(_specs()))
def upkeep(
    context: dg.AssetExecutionContext, platform: dg.ResourceParam[Platform], reporter: dg.ResourceParam[Reporter]
) -> Iterator[dg.MaterializeResult]:
    now = datetime.now(UTC)
    with alive.held(platform.settings, context.run_id):
        dropped = let_go(platform, now, context.run_id)
        yield dg.MaterializeResult(asset_key=dg.AssetKey([GROUP, _RELEASES]), metadata={"dropped": dropped})
        reports = maintain(platform, list(tables()), now, context.run_id, reporter)
    for name in _STEPS:
        yield dg.MaterializeResult(asset_key=dg.AssetKey([GROUP, name]), metadata=_metadata(name, reports))
    if failed := [report.error for report in reports if report.error]:
        raise dg.Failure("\n".join(failed), allow_retries=False)


@dg.asset(
    key=[GROUP, "lifecycle"],
    deps=[dg.AssetKey("register")],
    kinds={"file"},
    group_name=GROUP,
    description="Originals moved into the archive, and let go when they were kept long enough and nobody holds them",
)
def lifecycle(
    context: dg.AssetExecutionContext, platform: dg.ResourceParam[Platform], reporter: dg.ResourceParam[Reporter]
) -> dg.MaterializeResult:
    with alive.held(platform.settings, context.run_id):
        report = age(platform, datetime.now(UTC), context.run_id, reporter)
    if report.problems:
        raise dg.Failure("\n".join(report.problems), metadata=_tiers(report), allow_retries=False)
    return dg.MaterializeResult(metadata=_tiers(report))


def _tiers(report: Aged) -> dict[str, int | str | dg.MarkdownMetadataValue]:
    """Objects and bytes of each tier before and after, and what was retired or held."""
    lines = ["| tier | objects before | after | bytes before | after |", "|---|---|---|---|---|"]
    for step in report.tiers:
        lines.append(
            f"| {step.name} | {step.before.files} | {step.after.files} | {step.before.bytes} | {step.after.bytes} |"
        )
    return {
        "as_of": report.at.isoformat(timespec="seconds"),
        "windows_retired": len(report.retired),
        "objects_held": report.held.files,
        "bucket_rules": report.rules,
        "tiers": dg.MetadataValue.md("\n".join(lines)),
    }


def _metadata(name: str, reports: Sequence[Report]) -> dict[str, int | dg.MarkdownMetadataValue]:
    """Files and bytes before and after: of all tables together, and table by table."""
    found = [(report.table, step) for report in reports for step in report.steps if step.name == name]
    lines = ["| table | files before | after | bytes before | after |", "|---|---|---|---|---|"]
    for table, step in found:
        lines.append(
            f"| {table} | {step.before.files} | {step.after.files} | {step.before.bytes} | {step.after.bytes} |"
        )
    return {
        "files_before": sum(step.before.files for _, step in found),
        "files_after": sum(step.after.files for _, step in found),
        "bytes_before": sum(step.before.bytes for _, step in found),
        "bytes_after": sum(step.after.bytes for _, step in found),
        "tables": dg.MetadataValue.md("\n".join(lines)),
    }


maintenance_job = dg.define_asset_job(
    JOB,
    selection=dg.AssetSelection.groups(GROUP),
    executor_def=dg.in_process_executor,
    description="Keeps the lake's tables fast and small, and what was registered as long as it must be kept",
)

nightly = dg.ScheduleDefinition(
    name="nightly",
    job=maintenance_job,
    cron_schedule="30 3 * * *",  # between two windows
    execution_timezone=windows.TIMEZONE,
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Every night: upkeep of the lake's tables, and of how long things are kept",
)
