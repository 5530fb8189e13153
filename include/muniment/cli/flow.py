"""Commands that work: files come in, windows go through the stages, refusals are tried again."""

import os
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from muniment import room, windows
from muniment.cli.app import JsonFlag, alone, app, examples, open_main, open_platform, say
from muniment.cli.erasure import finish_interrupted
from muniment.errors import MunimentError
from muniment.platform import Platform
from muniment.progress import Silent, Terminal
from muniment.rendering import Format, json_text, write
from muniment.windows import Window

if TYPE_CHECKING:
    from assets.launch import Launched
    from muniment.releases import Release
    from muniment.status import Status

quarantine_app = typer.Typer(
    help="What was refused and why; try again after a fix.",
    epilog=examples("muniment quarantine list", "muniment quarantine replay"),
    no_args_is_help=True,
)
app.add_typer(quarantine_app, name="quarantine")


@app.command(
    epilog=examples(
        "muniment land ~/Scans ~/Exports/matters.csv",
        "muniment land contracts/ --under 2026-03",
    )
)
def land(
    paths: Annotated[list[Path], typer.Argument(help="Files and folders; folders are taken whole.", metavar="PATH…")],
    under: Annotated[str, typer.Option(help="Folder in landing to put them under.")] = "",
) -> None:
    """Copy files into landing. What cannot be copied is listed, and the exit code is 1 then."""
    from muniment.landing import land as copy

    platform = open_main("Files are landed for main")
    terminal = Terminal()
    with terminal.stage("land") as stage:
        report = copy(paths, platform.landing, under, terminal.advance)
        stage.count(landed=len(report.landed), unchanged=len(report.unchanged), skipped=len(report.skipped))
        stage.count(failed=len(report.failed))
    for what, items in (("skipped", report.skipped), ("not landed", report.failed)):
        for path, why in items:
            say(f"  {what}: {path}: {why}")
    if report.landed:
        say("Next: muniment run")
    raise typer.Exit(1 if report.failed else 0)


@app.command(epilog=examples("muniment run", "muniment run --from 2026-03-08-00:00 --to 2026-03-08-18:00"))
def run(
    first: Annotated[
        str | None, typer.Option("--from", metavar="KEY", help="First window, such as 2026-03-08-06:00.")
    ] = None,
    last: Annotated[
        str | None, typer.Option("--to", metavar="KEY", help="Last window; the same as --from when left out.")
    ] = None,
    as_json: JsonFlag = False,
) -> None:
    """Take the pending windows (or the named ones) through every stage, as Dagster runs.

    Exit code 0 means that every window reconciles: each registered object was published, is a duplicate, or is in
    quarantine with a reason.
    """
    platform = open_platform()
    with alone(platform):
        finish_interrupted(platform)
        wanted = _wanted(platform, first, last)
        if not wanted:
            say(_nothing_to_do(platform))
            if as_json:
                typer.echo(json_text({"windows": [], "runs": [], "stages": []}))
            return
        _run(platform, wanted, as_json)


def _nothing_to_do(platform: Platform) -> str:
    if platform.settings.branch:
        return (
            "Nothing to do: every registered window has been through on this branch, and a branch registers none. "
            "Run some again with: muniment run --from FIRST --to LAST"
        )
    return "Nothing to do: every landed object has been through. Land more with: muniment land PATH…"


def _wanted(platform: Platform, first: str | None, last: str | None) -> list[Window]:
    from muniment import pending

    named = windows.between(first or last or "", last or first or "") if first or last else []
    if named:
        platform.register.check(named, datetime.now(UTC))
    noted = pending.notes(platform)
    pending.check_lake(platform, noted, named)
    return named or pending.pending(platform, noted.settled, datetime.now(UTC))


def _run(platform: Platform, wanted: list[Window], as_json: bool = False) -> None:
    from muniment.releases import newest
    from muniment.status import status

    say(f"{len(wanted)} windows to run, {wanted[0].key} to {wanted[-1].key}. Starting Dagster …")
    terminal = Terminal()
    launched = _launch(platform, wanted, terminal)
    found = status(platform)
    mine = {window.key for window in wanted}
    _summary(found.to_json()["windows"], mine, terminal)
    for one in launched:
        for failure in one.failures:
            say(f"\nRun {one.run_id} ({one.first.key} to {one.last.key}) failed:\n  {failure}")
    ok = all(one.success for one in launched) and all(w.reconciled for w in found.windows if w.window in mine)
    if ok:
        say("\nEvery window reconciles.")
        say(_what_readers_see(found, newest(platform.lake)))
        say(
            'Next: muniment ui (the graph and this run) · muniment search "tax arrears" · '
            'muniment sql "select * from marts.matter_readiness" · muniment quarantine list'
        )
    else:
        say("\nNot every window reconciles: mend what is said above, then run again. See also: muniment doctor")
    if as_json:
        came = {
            "windows": [window for window in found.to_json()["windows"] if window["window"] in mine],
            "runs": [{"run_id": one.run_id, "success": one.success, "failures": one.failures} for one in launched],
            "stages": [asdict(stage) for stage in terminal.stages],
        }
        typer.echo(json_text(came))
    raise typer.Exit(0 if ok else 1)


def _what_readers_see(found: "Status", release: "Release | None") -> str:
    seen = f"release {release.id}: muniment release show {release.id}" if release else "no release yet."
    behind = [window.window for window in found.windows if not window.settled]
    if not behind:
        return f"Readers of lake and marts see {seen}"
    more = f" and {len(behind) - 3} more" if len(behind) > 3 else ""
    return (
        f"Until these windows are through too, readers of lake and marts go on seeing {seen}\n"
        f"  {', '.join(behind[:3])}{more}: muniment run"
    )


def _launch(platform: Platform, wanted: list[Window], reporter: Silent) -> "list[Launched]":
    os.environ.setdefault("DAGSTER_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("DO_NOT_TRACK", "1")
    from assets.launch import run_windows

    with room.needed(platform.settings.state):
        launched: list[Launched] = run_windows(platform.settings, wanted, reporter)
    return launched


def _summary(found: list[dict[str, Any]], mine: set[str], reporter: Silent) -> None:
    names = ["window", "registered", "published", "duplicate", "quarantined", "reconciled"]
    rows = [[window[name] for name in names] for window in found if window["window"] in mine]
    if rows:
        total = [sum(row[i] for row in rows) for i in range(1, 5)]
        say()
        write(names, [*rows, ["total", *total, all(row[5] for row in rows)]], Format.table, sys.stderr)
    say(f"\n{sum(stage.seconds for stage in reporter.stages):.1f} s in {len(reporter.stages)} stages")


@app.command(epilog=examples("muniment status", "muniment status --json | jq .total"))
def status(as_json: JsonFlag = False) -> None:
    """What was registered, how it ended, and whether lake, warehouse and index agree. Exit code 1 when they do not."""
    from muniment.status import status as picture

    found = picture(open_platform())
    if as_json:
        typer.echo(json_text(found.to_json()))
    else:
        _print_status(found.to_json())
    raise typer.Exit(0 if found.reconciled else 1)


def _print_status(found: dict[str, Any]) -> None:
    if found["lifecycle"]:
        names = ["window", "registered", "published", "duplicate", "quarantined", "reconciled"]
        rows = [[window[name] for name in names] for window in found["windows"]]
        write(names, [*rows, ["total", *found["total"].values(), found["reconciled"]]], Format.table)
        marts = found["warehouse"].pop("marts", {})
        for title, counts in (("table", found["tables"]), ("mart", {f"marts.{name}": n for name, n in marts.items()})):
            typer.echo()
            write([title, "rows"], list(counts.items()), Format.table)
        for part in ("warehouse", "index"):
            typer.echo()
            write([part, ""], list(found[part].items()), Format.table)
        typer.echo()
        _print_lifecycle(found["lifecycle"])
    else:
        typer.echo("Nothing has been registered yet. Start with: muniment land PATH…, then muniment run")
    if found["waiting"]:
        typer.echo(f"\n{found['waiting']} landed objects wait to be registered: muniment run")


def _print_lifecycle(found: dict[str, Any]) -> None:
    rows = [[name, found[name]["objects"], found[name]["bytes"]] for name in ("hot", "warm", "cold", "held")]
    write(["originals", "objects", "bytes"], rows, Format.table)
    last, retired = found["last_round"], found["windows_retired"]
    typer.echo(
        f"\n{f'As of {last}' if last else 'Nothing was archived yet'}; {retired} windows retired: muniment lifecycle"
    )


@quarantine_app.command(
    "list",
    epilog=examples(
        "muniment quarantine list",
        "muniment quarantine list --json | jq -r '.[].reason' | sort | uniq -c",
    ),
)
def quarantine_list(as_json: JsonFlag = False) -> None:
    """Every refusal: key, stage, reason, message and window; rows with their line."""
    from muniment.quarantine import refused

    found = refused(open_platform())
    if as_json:
        typer.echo(json_text([asdict(one) for one in found]))
        return
    if not found:
        say("The quarantine is empty.")
        return
    rows = [[r.window, r.key, r.line, r.stage, r.reason, r.message] for r in found]
    write(["window", "key", "line", "stage", "reason", "message"], rows, Format.table)


@quarantine_app.command("replay", epilog=examples("muniment quarantine replay"))
def quarantine_replay() -> None:
    """Try every refused object and row again, from the originals in the raw store."""
    from muniment.quarantine import refused, reopen

    platform = open_platform()
    with alone(platform):
        before = len(refused(platform))
        wanted = reopen(platform)
        if not wanted:
            say("The quarantine is empty.")
            return
        say(f"Refusals to try again: {before}.")
        _run(platform, wanted)


@app.command(
    epilog=examples(
        "muniment sample", "muniment sample --matters 4 --windows 2 --no-scans", "muniment sample --layouts held-out"
    )
)
def sample(
    matters: Annotated[int, typer.Option(min=1, help="How many matters.")] = 60,
    count: Annotated[int, typer.Option("--windows", min=1, help="Over how many windows.")] = 8,
    seed: Annotated[int, typer.Option(help="Another seed gives another practice.")] = 20260308,
    scans: Annotated[bool, typer.Option(help="Include image-only scans.")] = True,
    layouts: Annotated[
        Literal["usual", "held-out"],
        typer.Option(help="The usual layouts of documents, or those held out: no reader was written with them."),
    ] = "usual",
) -> None:
    """Write the sample practice into landing, with its truth file beside the state."""
    from muniment.objects import FolderStore
    from muniment.sample import Scale, find_practice, write_practice

    platform = open_main("The sample is landed for main")
    if not isinstance(platform.landing, FolderStore):
        raise MunimentError("The sample practice needs modification times of its own: use a landing folder (file://…).")
    path = platform.settings.state / "sample" / "truth.json"
    root = platform.landing.root
    if there := find_practice(root, path, Scale(matters, count, seed, scans, layouts)):
        say(f"The sample practice is there already: {len(there.objects)} objects in {root}")
        return
    terminal = Terminal()
    with terminal.stage("write sample") as stage:
        truth = write_practice(
            root,
            matters=matters,
            windows=count,
            seed=seed,
            scans=scans,
            layouts=layouts,
            progress=terminal.advance,
        )
        stage.count(objects=len(truth.objects))
    path.parent.mkdir(parents=True, exist_ok=True)
    truth.write(path)
    say(f"  landing {root}, truth {path}")
