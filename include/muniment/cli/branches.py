"""Commands for branches: the whole lake for a developer, without a copy of it."""

from dataclasses import asdict
from typing import Annotated

import typer

from muniment import settings as settings_module
from muniment.cli.app import JsonFlag, app, examples, open_main, say
from muniment.platform import Platform
from muniment.rendering import Format, json_text, write

branch_app = typer.Typer(
    help="Give a developer the whole lake without copying it, with a warehouse of its own; drop it without a trace.\n\n"
    "With MUNIMENT_BRANCH=NAME every command works on the branch.",
    epilog=examples(
        "muniment branch create lower-threshold",
        "MUNIMENT_BRANCH=lower-threshold muniment run",
        "muniment branch list",
        "muniment branch drop lower-threshold",
    ),
    no_args_is_help=True,
)
app.add_typer(branch_app, name="branch")

NameArgument = Annotated[str, typer.Argument(help="Small letters, digits and hyphens.", metavar="NAME")]


@branch_app.command("create", epilog=examples("muniment branch create lower-threshold"))
def branch_create(name: NameArgument) -> None:
    """Make a branch of what main is now. No data is copied, and main never sees what is done on it."""
    from muniment.branches import create

    made = create(open_main("A branch is made of main"), name)
    say(f"Branch {name} has {len(made.tables)} tables as main has them now.")
    say(f"Next: MUNIMENT_BRANCH={name} muniment run (it fills the branch's warehouse and index)")


@branch_app.command("list", epilog=examples("muniment branch list", "muniment branch list --json"))
def branch_list(as_json: JsonFlag = False) -> None:
    """Every branch: when it was made of main, and which tables have changed on it since."""
    from muniment.branches import listed

    found = listed(_main())
    if as_json:
        whole = [asdict(one) | {"made_at": one.made_at and one.made_at.isoformat()} for one in found]
        typer.echo(json_text(whole))
    elif not found:
        say("There is no branch: muniment branch create NAME")
    for one in () if as_json else found:
        if one.made_at is None:
            typer.echo(f"{one.name}, not whole: muniment branch drop {one.name}")
            continue
        typer.echo(f"{one.name}, made of main at {one.made_at:%Y-%m-%d %H:%M:%S} UTC, {one.tables} tables")
        rows = [
            [change.table, *(state.rows if state else None for state in (change.before, change.now))]
            for change in one.changes
        ]
        if rows:
            write(["changed since", "rows then", "rows now"], rows, Format.table)


@branch_app.command("drop", epilog=examples("muniment branch drop lower-threshold"))
def branch_drop(name: NameArgument) -> None:
    """Remove a branch with all that is its own: tables, files, database, runs. Main is not touched."""
    from muniment.branches import drop

    drop(_main(), name)
    say(f"Branch {name} is gone.")


def _main() -> Platform:
    """The installation on main, whichever branch the environment names."""
    return Platform(settings_module.load().on(""))
