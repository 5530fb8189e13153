"""The command line: reads arguments, calls one function, writes what came of it.

This is the outermost room of the library and the only module in it that may start the orchestrator, which it imports
when a run is really needed: `muniment run` with nothing to do must answer at once.
"""

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from muniment import settings as settings_module
from muniment import windows
from muniment.errors import MunimentError
from muniment.platform import Platform
from muniment.progress import Silent, Terminal
from muniment.rendering import Format, json_text, spelled_out, write
from muniment.windows import Window

if TYPE_CHECKING:
    from assets.launch import Launched
    from muniment.postgres import Dsn
    from muniment.trace import Origin, Place, Spot


def _examples(*lines: str) -> str:
    """What to type, for the end of a command's help."""
    return "For example:\n\n" + "\n\n".join(f"`{line}`" for line in lines)


app = typer.Typer(
    help="Muniment: conveyancing documents and records become checked tables, marts and search.\n\n"
    "First `muniment land PATH…`, then `muniment run`, then ask. `muniment COMMAND --help` shows examples. "
    "Settings are MUNIMENT_* variables or muniment.toml; `muniment doctor` shows them.",
    epilog=_examples(
        "muniment sample && muniment run",
        'muniment sql "select matter_number, missing_documents from marts.matter_readiness"',
        'muniment search "tax arrears"',
        "muniment quarantine list",
        "muniment ui",
    ),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)
quarantine_app = typer.Typer(
    help="What was refused and why; try again after a fix.",
    epilog=_examples("muniment quarantine list", "muniment quarantine replay"),
    no_args_is_help=True,
)
app.add_typer(quarantine_app, name="quarantine")

JsonFlag = Annotated[bool, typer.Option("--json", help="Write JSON for programs.")]
FormatOption = Annotated[Format, typer.Option("--format", help="How rows are written.")]


def _platform() -> Platform:
    settings = settings_module.load()
    if settings.state.exists() and not settings.state.is_dir():
        raise MunimentError(f"MUNIMENT_STATE_DIR={settings.state} is a file: name a folder.")
    return Platform(settings)


def _say(text: str = "") -> None:
    typer.echo(spelled_out(text), err=True)  # a message may quote a file


@app.command(
    epilog=_examples(
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

    platform = _platform()
    terminal = Terminal()
    with terminal.stage("land") as stage:
        report = copy(paths, platform.landing, under, terminal.advance)
        stage.count(landed=len(report.landed), unchanged=len(report.unchanged), skipped=len(report.skipped))
        stage.count(failed=len(report.failed))
    for what, items in (("skipped", report.skipped), ("not landed", report.failed)):
        for path, why in items:
            _say(f"  {what}: {path}: {why}")
    if report.landed:
        _say("Next: muniment run")
    raise typer.Exit(1 if report.failed else 0)


@app.command(epilog=_examples("muniment run", "muniment run --from 2026-03-08-00:00 --to 2026-03-08-18:00"))
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
    platform = _platform()
    with _alone(platform):
        wanted = _wanted(platform, first, last)
        if not wanted:
            _say("Nothing to do: every landed object has been through. Land more with: muniment land PATH…")
            if as_json:
                typer.echo(json_text({"windows": [], "runs": [], "stages": []}))
            return
        _run(platform, wanted, as_json)


@contextmanager
def _alone(platform: Platform) -> Iterator[None]:
    """One run at a time on a state folder; a second one waits for nothing and says so."""
    from filelock import FileLock, Timeout

    platform.settings.state.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(platform.settings.state / "run.lock", timeout=0):
            yield
    except Timeout:
        raise MunimentError(f"Another run is at work on {platform.settings.state}: wait for it to end.") from None


def _wanted(platform: Platform, first: str | None, last: str | None) -> list[Window]:
    from muniment import pending

    if first or last:
        wanted = windows.between(first or last or "", last or first or "")
        platform.register.check(wanted, datetime.now(UTC))
        return wanted
    return pending.pending(platform, pending.settled(platform), datetime.now(UTC))


def _run(platform: Platform, wanted: list[Window], as_json: bool = False) -> None:
    from muniment.status import status

    _say(f"{len(wanted)} windows to run, {wanted[0].key} to {wanted[-1].key}. Starting Dagster …")
    terminal = Terminal()
    launched = _launch(platform, wanted, terminal)
    found = status(platform)
    mine = {window.key for window in wanted}
    _summary(found.to_json()["windows"], mine, terminal)
    for one in launched:
        for failure in one.failures:
            _say(f"\nRun {one.run_id} ({one.first.key} to {one.last.key}) failed:\n  {failure}")
    ok = all(one.success for one in launched) and all(w.reconciled for w in found.windows if w.window in mine)
    if ok:
        _say("\nEvery window reconciles.")
        _say(
            'Next: muniment ui (the graph and this run) · muniment search "tax arrears" · '
            'muniment sql "select * from marts.matter_readiness" · muniment quarantine list'
        )
    else:
        _say("\nNot every window reconciles: mend what is said above, then run again. See also: muniment doctor")
    if as_json:
        came = {
            "windows": [window for window in found.to_json()["windows"] if window["window"] in mine],
            "runs": [{"run_id": one.run_id, "success": one.success, "failures": one.failures} for one in launched],
            "stages": [asdict(stage) for stage in terminal.stages],
        }
        typer.echo(json_text(came))
    raise typer.Exit(0 if ok else 1)


def _launch(platform: Platform, wanted: list[Window], reporter: Silent) -> "list[Launched]":
    os.environ.setdefault("DAGSTER_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("DO_NOT_TRACK", "1")
    from assets.launch import run_windows

    launched: list[Launched] = run_windows(platform.settings, wanted, reporter)
    return launched


def _summary(found: list[dict[str, Any]], mine: set[str], reporter: Silent) -> None:
    names = ["window", "registered", "published", "duplicate", "quarantined", "reconciled"]
    rows = [[window[name] for name in names] for window in found if window["window"] in mine]
    if rows:
        total = [sum(row[i] for row in rows) for i in range(1, 5)]
        _say()
        write(names, [*rows, ["total", *total, all(row[5] for row in rows)]], Format.table, sys.stderr)
    _say(f"\n{sum(stage.seconds for stage in reporter.stages):.1f} s in {len(reporter.stages)} stages")


@app.command(epilog=_examples("muniment status", "muniment status --json | jq .total"))
def status(as_json: JsonFlag = False) -> None:
    """What was registered, how it ended, and whether lake, warehouse and index agree. Exit code 1 when they do not."""
    from muniment.status import status as picture

    found = picture(_platform())
    if as_json:
        typer.echo(json_text(found.to_json()))
    else:
        _print_status(found.to_json())
    raise typer.Exit(0 if found.reconciled else 1)


def _print_status(found: dict[str, Any]) -> None:
    if found["windows"]:
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
    else:
        typer.echo("Nothing has been registered yet. Start with: muniment land PATH…, then muniment run")
    if found["waiting"]:
        typer.echo(f"\n{found['waiting']} landed objects wait to be registered: muniment run")


@quarantine_app.command(
    "list",
    epilog=_examples(
        "muniment quarantine list",
        "muniment quarantine list --json | jq -r '.[].reason' | sort | uniq -c",
    ),
)
def quarantine_list(as_json: JsonFlag = False) -> None:
    """Every refusal: key, stage, reason, message and window; rows with their line."""
    from muniment.quarantine import refused

    found = refused(_platform())
    if as_json:
        typer.echo(json_text([asdict(one) for one in found]))
        return
    if not found:
        _say("The quarantine is empty.")
        return
    rows = [[r.window, r.key, r.line, r.stage, r.reason, r.message] for r in found]
    write(["window", "key", "line", "stage", "reason", "message"], rows, Format.table)


@quarantine_app.command("replay", epilog=_examples("muniment quarantine replay"))
def quarantine_replay() -> None:
    """Try every refused object and row again, from the originals in the raw store."""
    from muniment.quarantine import refused, reopen

    platform = _platform()
    with _alone(platform):
        before = len(refused(platform))
        wanted = reopen(platform)
        if not wanted:
            _say("The quarantine is empty.")
            return
        _say(f"Refusals to try again: {before}.")
        _run(platform, wanted)


@app.command(
    epilog=_examples(
        'muniment sql "select * from marts.matter_readiness"',
        'muniment sql "select * from marts.price_reconciliation" --format csv > prices.csv',
        "muniment sql \"select table_name from information_schema.tables where table_schema = 'marts'\"",
    )
)
def sql(
    statement: Annotated[str, typer.Argument(help="One statement, such as: select * from marts.matter_readiness")],
    form: FormatOption = Format.table,
) -> None:
    """Ask the warehouse in PostgreSQL's SQL, as a role that only reads and cannot see the vault."""
    from muniment import warehouse

    with _warehouse(_platform()) as dsn:
        write(*warehouse.query(dsn, statement), form)


@contextmanager
def _warehouse(platform: Platform) -> "Iterator[Dsn]":
    """The warehouse for a question to it; none is made for the sake of a question."""
    from muniment import warehouse

    settings = platform.settings
    if not settings.warehouse_url.get_secret_value() and warehouse.embedded(settings).status().state == "absent":
        raise MunimentError("There is no warehouse yet, because nothing has been run. Start with: muniment run")
    with warehouse.opened(settings) as dsn:
        yield dsn


@app.command(
    epilog=_examples(
        'muniment lake "select document_type, count(*) from documents group by all"',
        'muniment lake "select count(*) from documents" --as-of 2026-03-08T18:00:00Z',
        'muniment lake "select * from vault.matters" --vault',
    )
)
def lake(
    statement: Annotated[str, typer.Argument(help="One statement, such as: select * from documents")],
    as_of: Annotated[
        str | None,
        typer.Option(
            "--as-of", metavar="TIMESTAMP", help="See the tables as they were then (ISO 8601; UTC without an offset)."
        ),
    ] = None,
    form: FormatOption = Format.table,
    vault: Annotated[
        bool, typer.Option("--vault", help="Open the vault's tables, with personal data in clear.")
    ] = False,
) -> None:
    """Ask the lake's Iceberg tables in DuckDB's SQL, now or as of an earlier instant."""
    from muniment import lake_query

    instant = lake_query.instant(as_of) if as_of else None
    write(*lake_query.query(_platform().lake, statement, instant, vault=vault), form)


@app.command(
    epilog=_examples(
        'muniment search "who pays the tax arrears" -k 3',
        "muniment search 0012345678",
        'muniment search "interest rate" --type mortgage --json',
    )
)
def search(
    query: Annotated[str, typer.Argument(help="Words, a question, or an identifier such as a LINC or title number.")],
    k: Annotated[int, typer.Option("-k", min=1, max=500, help="How many passages.")] = 10,
    document_type: Annotated[str | None, typer.Option("--type", help="Only this type of document.")] = None,
    as_json: JsonFlag = False,
) -> None:
    """Find passages by meaning, words and identifiers at once."""
    from muniment import warehouse
    from muniment.embedding import open_encoder
    from muniment.search import search as find

    platform = _platform()
    with _warehouse(platform) as dsn, warehouse.connected(warehouse.reader(dsn), autocommit=True) as connection:
        hits = find(connection, query, open_encoder(platform.settings.embedding_model), k, document_type)
    if as_json:
        typer.echo(json_text([asdict(hit) for hit in hits]))
        return
    rows = [
        [f"{h.score:.4f}", h.document, h.document_type, h.page, h.key, " ".join(h.text.split())[:160]] for h in hits
    ]
    write(["score", "document", "type", "page", "key", "text"], rows, Format.table)


@app.command(
    epilog=_examples(
        "muniment trace documents/2026-0001/tax-certificate.pdf",
        "muniment trace 3f2a9c tax_levy --image levy.png",
        'muniment trace 3f2a9c --text "arrears of taxes" --image arrears.png',
    )
)
def trace(
    document: Annotated[str, typer.Argument(help="Document id, start of its SHA-256, or landing key.")],
    field: Annotated[str | None, typer.Argument(help="Only this field.")] = None,
    text: Annotated[str | None, typer.Option(help="Where these words of the document stand.")] = None,
    passage: Annotated[
        int | None, typer.Option(help="Where this passage stands: the ordinal of a hit of `muniment search --json`.")
    ] = None,
    image: Annotated[Path | None, typer.Option(help="Write the page with the boxes drawn as PNG.")] = None,
    as_json: JsonFlag = False,
) -> None:
    """Where a value came from: object, hash, page, box, extractor, window, run, and what reviewers said of it.

    With --text or --passage: where that text stands, a box for each line. Text is as the tables have it, with a class
    such as [PERSON] in place of personal data; case, accents, spaces and hyphens do not count.
    """
    from muniment import trace as tracing

    platform = _platform()
    if sum(one is not None for one in (field, text, passage)) > 1:
        raise MunimentError("Give a field, --text or --passage: one of them.")
    origin = tracing.origin(platform, document)
    if text is not None or passage is not None:
        spots = (
            tracing.passage(platform, origin.document, passage)
            if passage is not None
            else tracing.quoted(platform, origin.document, text or "")
        )
        _show_spots(origin, spots, as_json)
        if image:
            _draw(platform, origin, spots, image)
        return
    places = tracing.places(platform, origin.document, field)
    corrections = tracing.corrections(platform, origin.document, field)
    if as_json:
        told = {"fields": [asdict(place) for place in places], "corrections": [asdict(one) for one in corrections]}
        typer.echo(json_text(asdict(origin) | told))
    else:
        write(["document", origin.document], list(asdict(origin).items())[1:], Format.table)
        rows = [[p.field, p.value, p.page, _box(p.box), f"{p.confidence:.2f}", p.extractor, p.run] for p in places]
        write(["field", "value", "page", "box", "confidence", "extractor", "run"], rows, Format.table)
        if corrections:
            typer.echo()
            said = [[c.field, c.value, c.reviewer, c.reviewed_at, f"{c.key}:{c.line}"] for c in corrections]
            write(["corrected", "to", "by", "at", "file and line"], said, Format.table)
    if image:
        _draw(platform, origin, places, image)


def _show_spots(origin: "Origin", spots: "Sequence[Spot]", as_json: bool) -> None:
    if as_json:
        typer.echo(json_text(asdict(origin) | {"places": [asdict(spot) for spot in spots]}))
        return
    write(["document", origin.document], list(asdict(origin).items())[1:], Format.table)
    rows = [[spot.occurrence, spot.page, _box(spot.box), spot.text] for spot in spots]
    write(["occurrence", "page", "box", "text"], rows, Format.table)


def _draw(platform: Platform, origin: "Origin", found: "Sequence[Place | Spot]", image: Path) -> None:
    from muniment.trace import draw

    page = draw(platform, origin.sha256, found, image)
    others = sorted({one.page for one in found if one.box} - {page})
    more = f"; there is more on page {', '.join(map(str, others))}" if others else ""
    _say(f"Wrote {image}: page {page}{more}")


@app.command(
    epilog=_examples(
        "muniment review",
        "muniment review --type mortgage -n 50 --form mortgages.csv",
        "muniment land mortgages.csv --under corrections && muniment run",
    )
)
def review(
    count: Annotated[int, typer.Option("-n", min=1, max=100_000, help="How many values.")] = 20,
    document_type: Annotated[str | None, typer.Option("--type", help="Only this type of document.")] = None,
    form: Annotated[
        Path | None, typer.Option("--form", help="Write them as a CSV file of corrections to fill in and land.")
    ] = None,
    as_json: JsonFlag = False,
) -> None:
    """The least sure values first, to be looked at by a person.

    Put `value` right in the file that --form writes, name yourself as `reviewer` with the instant in `reviewed_at`
    (2026-03-08T10:00:00-07:00), and land it below corrections/. A row without a change confirms what was read; an
    empty `value` says that the document has none; an unsigned row is refused by itself. What was read stays beside it.
    """
    from muniment.review import doubts, write_form

    with _warehouse(_platform()) as dsn:
        found = doubts(dsn, count, document_type)
    if form:
        write_form(found, form)
        _say(f"Wrote {len(found)} values to {form}. Fill it in, then: muniment land {form} --under corrections")
    elif as_json:
        typer.echo(json_text([asdict(one) for one in found]))
    else:
        rows = [[f"{d.confidence:.2f}", d.field, d.value, d.page, d.document_type, d.document_id, d.key] for d in found]
        write(["confidence", "field", "value", "page", "type", "document", "key"], rows, Format.table)


def _box(box: Any) -> str:
    return f"{box.x0:.0f},{box.y0:.0f} {box.x1:.0f},{box.y1:.0f}" if box else ""


@app.command(epilog=_examples("muniment ui", "muniment ui --port 3001"))
def ui(port: Annotated[int, typer.Option(help="Port to serve on.")] = 3000) -> None:
    """Dagster's web UI with the daemon, on the same instance: the graph, runs, backfills, the six-hourly schedule."""
    from assets import home

    folder = home.prepare(_platform().settings)
    _free(port)
    _say(f"Starting, for about half a minute … http://127.0.0.1:{port}  (Ctrl-C stops it)")
    command = ["-m", "dagster", "dev", "-w", str(folder / "workspace.yaml"), "-h", "127.0.0.1", "-p", str(port)]
    os.execv(sys.executable, [sys.executable, "-W", "ignore", *command, "--log-level", "warning"])


def _free(port: int) -> None:
    import socket

    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except (OSError, OverflowError) as error:
            raise MunimentError(f"Port {port} cannot be used ({error}): choose another with --port.") from None


@app.command(epilog=_examples("muniment docs", "muniment docs --no-serve"))
def docs(
    port: Annotated[int, typer.Option(help="Port to serve on.")] = 8080,
    serve: Annotated[bool, typer.Option(help="Serve the pages after building them.")] = True,
) -> None:
    """Build dbt's documentation of the warehouse and serve it: every mart and column, tests and lineage."""
    import subprocess

    from muniment import warehouse

    platform = _platform()
    target = platform.settings.state / "dbt" / "docs"
    project = settings_module.PROJECT / "dbt"
    dbt = [str(Path(sys.executable).parent / "dbt"), "--quiet", "docs"]
    with _warehouse(platform) as dsn:
        environment = os.environ | {
            **warehouse.dbt_environment(dsn),
            "DBT_TARGET_PATH": str(target),
            "DBT_LOG_PATH": str(target / "logs"),
            "DBT_PROFILES_DIR": str(project),
        }
        _say("Building …")
        built = subprocess.run([*dbt, "generate", "--static"], env=environment, cwd=project, check=False)
    if built.returncode:
        raise MunimentError(f"dbt could not build the documentation: its log is in {target / 'logs'}.")
    _say(f"  {target / 'static_index.html'}")
    if serve:
        _free(port)
        _say(f"http://127.0.0.1:{port}  (Ctrl-C stops it)")
        serving = [*dbt, "serve", "--host", "127.0.0.1", "--port", str(port), "--no-browser"]
        os.chdir(project)
        os.execve(serving[0], serving, environment)


@app.command(epilog=_examples("muniment doctor", "muniment doctor --json"))
def doctor(as_json: JsonFlag = False) -> None:
    """Examine every part: reachable or not, which version, how to mend it. Shows the settings with secrets hidden."""
    from muniment.doctor import examine

    platform = _platform()
    findings = list(examine(platform))
    settings = platform.settings
    values = {f"MUNIMENT_{name.upper()}": str(getattr(settings, name)) for name in type(settings).model_fields}
    if as_json:
        typer.echo(json_text({"parts": [asdict(f) for f in findings], "settings": values}))
    else:
        rows = [["ok" if f.ok else "FAULT", f.part, f.detail if f.ok else f"{f.detail} → {f.fix}"] for f in findings]
        write(["", "part", ""], rows, Format.table)
        typer.echo()
        write(["setting", "value"], list(values.items()), Format.table)
    raise typer.Exit(0 if all(f.ok for f in findings) else 1)


@app.command(
    epilog=_examples(
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

    platform = _platform()
    if not isinstance(platform.landing, FolderStore):
        raise MunimentError("The sample practice needs modification times of its own: use a landing folder (file://…).")
    path = platform.settings.state / "sample" / "truth.json"
    root = platform.landing.root
    if there := find_practice(root, path, Scale(matters, count, seed, scans, layouts)):
        _say(f"The sample practice is there already: {len(there.objects)} objects in {root}")
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
    _say(f"  landing {root}, truth {path}")


def main() -> None:
    """Entry point: errors meant for a person are printed without a traceback."""
    try:
        app()
    except MunimentError as error:
        _say(f"muniment: {error}")
        sys.exit(2)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except OSError as error:  # a full disk, a folder that may not be written: the system says what and where
        _say(f"muniment: {error}")
        sys.exit(2)
