"""The application and what its commands share: options, the platform, the way to speak. No command stands here."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from muniment import settings as settings_module
from muniment.errors import MunimentError
from muniment.platform import Platform
from muniment.rendering import Format, spelled_out

if TYPE_CHECKING:
    from muniment.postgres import Dsn


def examples(*lines: str) -> str:
    """What to type, for the end of a command's help."""
    return "For example:\n\n" + "\n\n".join(f"`{line}`" for line in lines)


app = typer.Typer(
    help="Muniment: conveyancing documents and records become checked tables, marts and search.\n\n"
    "First `muniment land PATH…`, then `muniment run`, then ask. `muniment COMMAND --help` shows examples. "
    "Settings are MUNIMENT_* variables or muniment.toml; `muniment doctor` shows them.",
    epilog=examples(
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

JsonFlag = Annotated[bool, typer.Option("--json", help="Write JSON for programs.")]
FormatOption = Annotated[Format, typer.Option("--format", help="How rows are written.")]


def open_platform(*, half_restored: bool = False) -> Platform:
    """The installation that the environment names, on the branch that it names; says so, where it is one.

    MunimentError for one whose restore is not done, unless one that is `half_restored` will do.
    """
    from muniment.backup import restoring
    from muniment.lake.branches import require

    settings = settings_module.load()
    if settings.state.exists() and not settings.state.is_dir():
        raise MunimentError(f"MUNIMENT_STATE_DIR={settings.state} is a file: name a folder.")
    if not half_restored:
        restoring.refuse(settings)
    platform = Platform(settings)
    if settings.branch:
        require(platform.store, settings.branch)
        say(f"On branch {settings.branch}.")
    return platform


def open_main(why: str, *, half_restored: bool = False) -> Platform:
    """The installation for a command that a branch has no use for; MunimentError says why, where one is named, or that
    it is half restored, as above."""
    settings = settings_module.load()
    if settings.branch:
        raise MunimentError(f"{why}: unset MUNIMENT_BRANCH, which says {settings.branch}.")
    return open_platform(half_restored=half_restored)


def say(text: str = "") -> None:
    """Tell the person; what a program reads goes to standard output instead."""
    typer.echo(spelled_out(text), err=True)  # a message may quote a file


@contextmanager
def alone(platform: Platform, what: str = "run") -> Iterator[None]:
    """One run at a time on a state folder or on a branch, or one of what else is named; a second one waits for
    nothing and says so."""
    from filelock import FileLock, Timeout

    folder = platform.settings.own_state
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(folder / f"{what}.lock", timeout=0):
            yield
    except Timeout:
        raise MunimentError(f"Another {what} is at work on {folder}: wait for it to end.") from None


@contextmanager
def open_warehouse(platform: Platform) -> "Iterator[Dsn]":
    """The warehouse for a question to it; none is made for the sake of a question."""
    from muniment import warehouse

    settings = platform.settings
    if not settings.warehouse_url.get_secret_value() and warehouse.embedded(settings).status().state == "absent":
        raise MunimentError("There is no warehouse yet, because nothing has been run. Start with: muniment run")
    with warehouse.opened(settings) as dsn:
        yield dsn
