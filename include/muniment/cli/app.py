"""The application and what its commands share: options, the platform, the way to speak. No command stands here."""

import functools
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

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


_INTERRUPTED = 130
_GOES_ON = {
    "forget": "What it has begun to erase is gone on with by: muniment forget --resume",
    "run": "What is through stays, and the same command goes on.",
}


def guard(commands: typer.Typer) -> None:
    """Have every command refuse text that is no UTF-8, say in a sentence what is wrong with the catalog, and say that
    it was interrupted and what goes on with it."""
    for command in commands.registered_commands:
        if command.callback:
            command.callback = _guarded(command.callback)
    for group in commands.registered_groups:
        if group.typer_instance:
            guard(group.typer_instance)


def _guarded(command: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(command)
    def guarded(**given: Any) -> Any:
        for value in given.values():
            for text in value if isinstance(value, list) else [value]:
                _check_text(text)
        with _interruptible(command.__name__), _catalog_explained():
            return command(**given)

    return guarded


def _check_text(text: object) -> None:
    """Paths are no text: a file may be named by any bytes."""
    if isinstance(text, str) and not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            shown = os.fsencode(text)[:60]
            raise MunimentError(f"An argument is not text in UTF-8: {shown!r}. Write it again in UTF-8.") from None


@contextmanager
def _interruptible(command: str) -> Iterator[None]:
    """Ends a command that is interrupted as a shell expects it, and says what goes on with it."""
    try:
        yield
    except KeyboardInterrupt:
        say(f"\nInterrupted. {_GOES_ON.get(command, 'The same command goes on.')}")
        raise typer.Exit(_INTERRUPTED) from None


@contextmanager
def _catalog_explained() -> Iterator[None]:
    """Turns into a sentence what the catalog's database says to those who asked for no more than a note of it."""
    try:
        yield
    except Exception as error:
        library = sys.modules.get("sqlalchemy.exc")  # not loaded for the sake of an error of something else
        if library is None or not isinstance(error, library.DBAPIError):
            raise
        from muniment.lake.presence import named

        raise MunimentError(
            f"The catalog of the lake, {named(settings_module.load())}, cannot be used: {error.orig}. Where it may "
            "only be read, whoever gives this command needs to write it and its folder. See: muniment doctor"
        ) from error
