"""Upkeep of the lake: releases let go, then the tables kept up one after the other. What is done to a table belongs to
`lake.maintenance`."""

from collections.abc import Sequence
from contextlib import nullcontext
from datetime import datetime, timedelta

from muniment import releases
from muniment.contract import Contract, tables
from muniment.lake.maintenance import DAY, Policy, Report, Upkeep, believed
from muniment.platform import Platform
from muniment.progress import Reporter


def let_go(platform: Platform, now: datetime, by: str, *, dry: bool = False) -> list[str]:
    """Drop the releases that need not stay; with `dry`, only tell which. Comes first: a release keeps snapshots."""
    if not platform.lake.present():
        return []
    settings = platform.settings
    policy = releases.Policy(timedelta(days=settings.snapshot_days), timedelta(days=settings.release_days))
    time = believed(platform.lake, tables(), now)
    return [release.id for release in releases.retire(platform.lake, policy, time, by, dry=dry)]


def maintain(
    platform: Platform, wanted: Sequence[Contract], now: datetime, run_id: str, reporter: Reporter, *, dry: bool = False
) -> list[Report]:
    """Go through the tables that were ever written; with `dry`, say only what would be done. `now` is aware.

    A table that cannot be kept up does not keep the others from it. LakeError while another upkeep is at work.
    """
    if not platform.lake.present():
        return []
    policy = Policy(timedelta(days=platform.settings.snapshot_days))
    reports = []
    alone = nullcontext() if dry else platform.lake.kept_up()
    with alone, platform.scratch() as folder, reporter.stage("maintain") as stage:
        time = believed(platform.lake, tables(), now)
        if not dry:
            stage.count(
                unfinished_copies_removed=sum(one.sweep(time - DAY) for one in (platform.store, platform.landing))
            )
        upkeep = Upkeep(platform.lake, platform.store, folder, run_id, time, policy, dry)
        for done, contract in enumerate(wanted, start=1):
            if report := upkeep.keep_up(contract):
                reports.append(report)
                stage.count(tables=1, failed=bool(report.error))
            reporter.advance(done, len(wanted))
    return reports
