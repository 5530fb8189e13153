"""Commands that keep what is there in good order: upkeep of the lake's tables."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated
from uuid import uuid4

import typer

from muniment.cli.app import JsonFlag, app, examples, open_platform, say
from muniment.contract import Contract, tables
from muniment.errors import MunimentError
from muniment.progress import Silent, Terminal
from muniment.rendering import Format, json_text, write


@app.command(epilog=examples("muniment maintain --dry-run", "muniment maintain", "muniment maintain documents chunks"))
def maintain(
    names: Annotated[list[str] | None, typer.Argument(metavar="TABLE", help="Some tables; without any, all.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")] = False,
    as_json: JsonFlag = False,
) -> None:
    """Keep the lake's tables fast and small: join small files, let old snapshots go, remove files that nothing needs.

    Safe while runs are at work. Nothing changes that the lake holds, or held in the last MUNIMENT_SNAPSHOT_DAYS days,
    or that a release or another tag names. Of releases before that, the last of each week stays for
    MUNIMENT_RELEASE_DAYS and the others are dropped, unless only some tables are named. Exit code 1 when a table could
    not be kept up.
    """
    from muniment.stages.maintain import let_go
    from muniment.stages.maintain import maintain as keep_up

    platform = open_platform()
    wanted = _chosen(names or [])
    reporter = Silent() if as_json else Terminal()
    now, run_id = datetime.now(UTC), f"maintain-{uuid4().hex}"
    dropped = [] if names else let_go(platform, now, run_id, dry=dry_run)
    reports = keep_up(platform, wanted, now, run_id, reporter, dry=dry_run)
    if dropped:
        say(f"Releases that {'would be' if dry_run else 'were'} dropped: {', '.join(dropped)}")
    if as_json:
        typer.echo(json_text([asdict(report) for report in reports]))
    elif not reports:
        say("None of these tables was ever written. Start with: muniment run")
    else:
        columns = ["table", "step", "files before", "after", "bytes before", "after"]
        rows = [
            [report.table, step.name, step.before.files, step.after.files, step.before.bytes, step.after.bytes]
            for report in reports
            for step in report.steps
        ]
        write(columns, rows, Format.table)
    for report in reports:
        if report.error:
            say(f"muniment: {report.error}")
    raise typer.Exit(1 if any(report.error for report in reports) else 0)


def _chosen(names: list[str]) -> list[Contract]:
    """The tables of some names, qualified or not: a bare name is every table that has it. All where none is named."""
    known = list(tables())
    for name in names:
        if not any(name in (contract.name, contract.table) for contract in known):
            raise MunimentError(f"There is no table {name}. Tables: {', '.join(c.table for c in known)}.")
    return [contract for contract in known if not names or {contract.name, contract.table} & set(names)]
