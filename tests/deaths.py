"""A process that takes every window through the stages and kills itself at a step of its choice.

A step is a call by which state outside the process changes, or is about to: a file made whole, a table's commit, a
statement, a row of a COPY. To die before a step is to die after the one before it, so every commit point has both.
"""

import os
import shutil
import signal
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pyiceberg.io.pyarrow
from pyiceberg.catalog.sql import SqlCatalog

from muniment import windows
from muniment.platform import Platform
from muniment.settings import load
from muniment.warehouse import opened
from tests.stages import WordEncoder, to_the_index, to_the_lake

NOW = datetime(2026, 3, 12, tzinfo=UTC)
STEPS: tuple[tuple[Any, str], ...] = (
    (os, "fsync"),
    (os, "link"),
    (Path, "replace"),
    (Path, "unlink"),
    (shutil, "rmtree"),
    (pyiceberg.io.pyarrow.PyArrowFile, "create"),
    (SqlCatalog, "create_table"),
    (SqlCatalog, "commit_table"),
    (psycopg.Connection, "execute"),
    (psycopg.Cursor, "execute"),
    (psycopg.Copy, "write_row"),
    (psycopg.Transaction, "__exit__"),
)


@dataclass
class _Fate:
    """Counts steps by name, and ends the process at the step `(name, number)`, from 1."""

    at: tuple[str, int] | None
    counts: dict[str, int] = field(default_factory=dict)

    def watch(self, owner: Any, attribute: str) -> None:
        """Make each call of the attribute a step."""
        name = f"{owner.__name__}.{attribute}"
        original: Callable[..., Any] = getattr(owner, attribute)

        def step(*args: Any, **kwargs: Any) -> Any:
            self.counts[name] = self.counts.get(name, 0) + 1
            if self.at == (name, self.counts[name]):
                os.kill(os.getpid(), signal.SIGKILL)
            return original(*args, **kwargs)

        setattr(owner, attribute, step)


def dying(at: tuple[str, int] | None) -> dict[str, int]:
    """From now on this process dies at a step if one is named; gives the steps by name, counted as they are taken."""
    fate = _Fate(at)
    for owner, attribute in STEPS:
        fate.watch(owner, attribute)
    return fate.counts


def go_through(state: Path, url: str, at: tuple[str, int] | None = None) -> dict[str, int]:
    """Take all windows with objects through every stage, dying at a step if one is named; gives the steps by name."""
    platform = Platform(load(state_dir=state, warehouse_url=url))
    taken = dying(at)
    platform.sweep()
    run_id = f"run-{os.getpid()}"
    registered = {m.window for m in platform.register.manifests()}
    wanted = sorted(registered | set(platform.register.due(NOW)), key=lambda window: windows.parse(window.key))
    to_the_lake(platform, wanted, NOW, run_id)
    with opened(platform.settings) as dsn:
        to_the_index(platform, dsn, wanted, run_id, WordEncoder())
    return taken
