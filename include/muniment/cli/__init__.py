"""The command line: reads arguments, calls one function, writes what came of it; a module for each kind of command.

This is the outermost room of the library and the only one in it that may start the orchestrator, which it imports
when a run is really needed: `muniment run` with nothing to do must answer at once.
"""

import atexit
import gc
import os
import sys

# A module's commands join the application as it is imported.
from muniment.cli import (  # noqa: F401
    backups,
    branches,
    contracts,
    erasure,
    flow,
    keeping,
    questions,
    releases,
    serving,
    upkeep,
)
from muniment.cli.app import app, guard, say
from muniment.errors import MunimentError

__all__ = ["app", "main"]

guard(app)


def main() -> None:
    """Entry point: errors meant for a person are printed without a traceback."""
    _spare_what_stays()
    try:
        app()
    except MunimentError as error:
        say(f"muniment: {error}")
        sys.exit(2)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except OSError as error:  # a full disk, a folder that may not be written: the system says what and where
        say(f"muniment: {error}")
        sys.exit(2)


def _spare_what_stays() -> None:
    """Have the garbage collector look less often through the million objects that libraries make as they load, and not
    once more at the end: that took a sixth of a small run."""
    gc.set_threshold(100_000, 20, 100)
    atexit.register(_leave)


def _leave() -> None:
    # These count what is left of them at the end, and tell the user of leaks.
    if not {"_duckdb", "pikepdf._core"} & sys.modules.keys():
        gc.freeze()
