"""Branches of an installation: a lake of its own without a copy, a warehouse of its own, runs of its own.

What a branch has of its own can be told by its name: tables in the catalog (`lake.branches`), files below one prefix of
the store, a database beside the warehouse, a folder of the state. Creating and dropping may be killed anywhere and are
finished by giving the command again.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from muniment import warehouse, windows
from muniment.erasure import tombstones
from muniment.errors import MunimentError
from muniment.lake import branches as lake_branches
from muniment.lake.branches import Branch, State
from muniment.pending import settled_in
from muniment.platform import Platform
from muniment.postgres import Dsn
from muniment.settings import branch_name


class BranchError(MunimentError):
    """A branch that cannot be made, looked at or dropped."""


@dataclass(frozen=True)
class Change:
    """A table that is not what it was when its branch was made; None where there was or is no such table."""

    table: str
    before: State | None
    now: State | None


@dataclass(frozen=True)
class Found:
    """A branch as it is listed. One that is not whole has no instant and no tables: it was not finished, or not
    dropped to the end."""

    name: str
    made_at: datetime | None
    tables: int
    changes: tuple[Change, ...]


def create(platform: Platform, name: str) -> Branch:
    """Make a branch of what main is now. BranchError when there is one of that name, or while an erasure is unfinished:
    the branch would keep what is to go. LakeError while an erasure is at work for long."""
    _check(name)
    lake_branches.check_forkable(platform.lake)
    making = platform.lake.alone(lake_branches.MAKING)
    with making, platform.lake.branch_claimed(name), warehouse.opened(platform.settings) as dsn:
        if tombstones.unfinished(platform.store, lambda: platform.tokens):
            raise BranchError(
                "An erasure was interrupted, and a branch would keep what it is to delete. Finish it "
                "first: muniment forget --resume"
            )
        if there := lake_branches.read(platform.store, name):
            raise BranchError(
                f"There is a branch {name}, made {there.made_at:%Y-%m-%d %H:%M} UTC. To begin anew: muniment branch "
                f"drop {name}"
            )
        lake_branches.sever(platform.lake, platform.store, name)  # what an attempt left that was killed
        lake_branches.erase(platform.store, name)
        before = settled_in(dsn)
        made_at = datetime.now(UTC)
        tables = lake_branches.fork(platform.lake, platform.store, name)
        own = warehouse.created(dsn, warehouse.of_branch(dsn, name).dbname)
        _settle(own, dict(before.items() & settled_in(dsn).items()), name)
        branch = Branch(name, made_at, tables)
        lake_branches.finish(platform.store, branch)
    return branch


def _check(name: str) -> None:
    try:
        wrong = "" if branch_name(name) else "give the branch a name"
    except ValueError as error:
        wrong = str(error)
    if wrong:
        raise BranchError(f"{wrong[0].upper()}{wrong[1:]}.")


def _settle(own: Dsn, through: dict[str, str], name: str) -> None:
    """Note the windows that are through every stage in the lake that the branch has; all but the last, so that its
    first run has one, and with that loads its warehouse and index and builds its marts."""
    last = max(through, key=lambda key: windows.parse(key).start, default="")
    with warehouse.connected(own, autocommit=True) as connection:
        warehouse.settle(connection, {key: through[key] for key in through if key != last}, f"branch {name}")


def drop(platform: Platform, name: str) -> None:
    """Remove a branch, whole or not, with all that it has of its own. BranchError when there is nothing of it.

    BranchError or LakeError, with nothing removed, when a run is at work on it.
    """
    _check(name)
    state = platform.settings.on(name).own_state
    if name not in _names(platform) and not state.exists():
        raise BranchError(f"There is no branch {name}. See: muniment branch list")
    with _idle(state), platform.lake.branch_claimed(name), warehouse.opened(platform.settings) as dsn:
        lake_branches.sever(platform.lake, platform.store, name)
        warehouse.dropped(dsn, warehouse.of_branch(dsn, name).dbname)
        shutil.rmtree(state, ignore_errors=True)
        with suppress(OSError):  # another branch is there
            state.parent.rmdir()
        lake_branches.erase(platform.store, name)


@contextmanager
def _idle(state: Path) -> Iterator[None]:
    """Keep commands that run something on this machine from a branch's folder, if it has one here."""
    from filelock import FileLock, Timeout

    try:
        with FileLock(state / "run.lock", timeout=0) if state.exists() else nullcontext():
            yield
    except Timeout:
        raise BranchError(f"A run is at work on {state}: wait for it to end.") from None


def listed(platform: Platform) -> list[Found]:
    """Every branch, by name, and what has changed on it since it was made."""
    names = sorted(_names(platform))
    return [_found(platform, name, lake_branches.read(platform.store, name)) for name in names]


def _names(platform: Platform) -> set[str]:
    return lake_branches.known(platform.lake, platform.store) if platform.lake.present() else set()


def _found(platform: Platform, name: str, branch: Branch | None) -> Found:
    if branch is None:
        return Found(name, None, 0, ())
    now = lake_branches.states(platform.lake, name)
    changed = (Change(table, branch.tables.get(table), now.get(table)) for table in sorted({*branch.tables, *now}))
    return Found(name, branch.made_at, len(now), tuple(one for one in changed if one.before != one.now))
