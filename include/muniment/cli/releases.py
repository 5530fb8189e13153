"""Commands for releases: which there are, what they hold and differ in, and building the marts of one again."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from muniment.cli.app import JsonFlag, app, examples, open_platform, open_warehouse, say
from muniment.progress import Terminal
from muniment.rendering import Format, json_text, write

if TYPE_CHECKING:
    from muniment.releases import Difference, Release
    from muniment.stages.rebuild import Rebuilt

release_app = typer.Typer(
    help="Releases: what all tables held together when a run was through. Readers see the newest one.",
    epilog=examples(
        "muniment release list",
        "muniment release show r20260308-180512",
        "muniment release diff r20260308-120431 r20260308-180512",
        "muniment rebuild --release r20260308-120431",
    ),
    no_args_is_help=True,
)
app.add_typer(release_app, name="release")

Id = Annotated[str, typer.Argument(metavar="ID", help="A release, such as r20260308-180512.")]


@release_app.command(
    "list", epilog=examples("muniment release list", "muniment release list --json | jq -r '.[-1].id'")
)
def release_list(as_json: JsonFlag = False) -> None:
    """Every release, the oldest first. Its id is the second in UTC at which it was cut."""
    from muniment.releases import releases

    found = releases(open_platform().lake)
    if as_json:
        typer.echo(json_text([_head(one) for one in found]))
    elif not found:
        say("There is no release yet: one is cut when a run is through. Start with: muniment run")
    else:
        rows = [[one.id, one.at, one.run_id, _few(one.windows), _few(one.changed)] for one in found]
        write(["release", "cut at", "run", "windows changed", "tables changed"], rows, Format.table)


@release_app.command("show", epilog=examples("muniment release show r20260308-180512"))
def release_show(name: Id, as_json: JsonFlag = False) -> None:
    """What a release ties together: snapshot, rows and contract of each table, digests of its marts, and versions."""
    from muniment.releases import find

    release = find(open_platform().lake, name)
    if as_json:
        typer.echo(json_text(_told(release)))
        return
    head = _head(release)
    write(["release", head.pop("id")], [[name, _text(value)] for name, value in head.items()], Format.table)
    typer.echo()
    rows = [[name, one.rows, one.windows, one.snapshot, one.contract] for name, one in release.tables.items()]
    write(["table", "rows", "windows", "snapshot", "contract"], rows, Format.table)
    typer.echo()
    write(["mart", "digest"], list(release.marts.items()), Format.table)


@release_app.command("diff", epilog=examples("muniment release diff r20260308-120431 r20260308-180512"))
def release_diff(
    before: Annotated[str, typer.Argument(metavar="A", help="The earlier release.")],
    after: Annotated[str, typer.Argument(metavar="B", help="The later release.")],
    as_json: JsonFlag = False,
) -> None:
    """What B has otherwise than A, by table: steps of the schema, and windows with their rows before and after."""
    from muniment.releases import diff, find

    lake = open_platform().lake
    found = diff(lake, find(lake, before), find(lake, after))
    if as_json:
        typer.echo(json_text([asdict(one) for one in found]))
    elif not found:
        say("The tables are the same in both.")
    else:
        write(["table", "what", "", "rows before", "after"], _differences(found), Format.table)


def _differences(found: "Sequence[Difference]") -> list[list[Any]]:
    rows: list[list[Any]] = []
    for one in found:
        rows.append([one.table, "", "", one.rows_before, one.rows_after])
        rows += [["", "schema", step, "", ""] for step in one.schema]
        rows += [["", w.change, w.window, w.rows_before, w.rows_after] for w in one.windows]
    return rows


@release_app.command("drop", epilog=examples("muniment release drop r20260308-120431"))
def release_drop(name: Id, as_json: JsonFlag = False) -> None:
    """Forget a release, so that upkeep may remove what only it needs. The newest cannot be dropped: readers see it."""
    from muniment.releases import drop

    release = drop(open_platform().lake, name, "muniment release drop")
    if as_json:
        typer.echo(json_text({"dropped": release.id}))
    else:
        say(f"{release.id} is dropped. What only it needed goes with upkeep, once it is older than snapshots may be.")


@app.command(
    epilog=examples("muniment rebuild --release r20260308-180512", "muniment rebuild --release r20260308-180512 --keep")
)
def rebuild(
    release: Annotated[str, typer.Option("--release", metavar="ID", help="A release: muniment release list.")],
    keep: Annotated[bool, typer.Option("--keep", help="Leave the database with its marts there, to look at.")] = False,
    as_json: JsonFlag = False,
) -> None:
    """Build the marts of a release again, in a database of their own, and compare them with what they were.

    Nothing in use is touched. Exit code 1 when a mart is not what it was, row for row.
    """
    from muniment.releases import find
    from muniment.stages.rebuild import rebuild as build_again

    platform = open_platform()
    wanted = find(platform.lake, release)
    with open_warehouse(platform) as dsn:
        built = build_again(platform, dsn, wanted, Terminal(), keep=keep)
    if as_json:
        typer.echo(json_text({"release": wanted.id, "equal": built.equal, **asdict(built), "kept": keep}))
    else:
        write(["mart", "rebuilt"], list(built.marts.items()), Format.table)
    for line in _remarks(built, keep=keep):
        say(line)
    raise typer.Exit(0 if built.equal else 1)


def _remarks(built: "Rebuilt", *, keep: bool) -> list[str]:
    said = []
    if not built.equal and built.models_changed:
        said.append("The models (dbt/) are not those of the release: differences come from there.")
    elif not built.equal and built.code_changed:
        said.append("The code is not that of the release: differences may come from there.")
    if not built.equal and built.erased_since:
        said.append("Somebody was forgotten since the release was cut, and is missing from it now.")
    if keep:
        said.append(f"The marts are in the database {built.database}, schema marts, on the warehouse's server.")
    return said


def _head(release: "Release") -> dict[str, Any]:
    """A release without its tables and marts."""
    told = _told(release)
    return {name: value for name, value in told.items() if name not in ("tables", "marts")}


def _told(release: "Release") -> dict[str, Any]:
    """A release as JSON; snapshot ids as text, because they are longer than the numbers of many programs."""
    told = {"id": release.id, "at": release.at.isoformat(), **asdict(release)}
    told["tables"] = {name: one | {"snapshot": str(one["snapshot"])} for name, one in told["tables"].items()}
    return told


def _few(names: Sequence[str]) -> str:
    """Names in a cell of a table: the first and how many more."""
    return ", ".join(names) if len(names) < 3 else f"{names[0]} … {names[-1]} ({len(names)})"


def _text(value: Any) -> Any:
    return ", ".join(value) if isinstance(value, tuple) else value
