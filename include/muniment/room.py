"""A full disk, said in words: which place has no room left. What was under way there, and whether it may be given
again, is known to who writes; nothing here makes room.
"""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from muniment.errors import MunimentError

_FULL_DATABASE = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_SHMSIZE})
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})  # the disk, the account's quota, the process's `ulimit -f`


class NoRoom(MunimentError):
    """A place that takes no more."""


@contextmanager
def needed(place: Path | str) -> Iterator[None]:
    """Turns what is raised in the block because a disk is full into NoRoom, which names the place on it."""
    try:
        yield
    except MunimentError:  # says enough
        raise
    except Exception as error:
        if is_full(error):
            raise no_room(place, error) from error
        raise


def no_room(place: Path | str, error: Exception) -> NoRoom:
    """The error for a place that is full."""
    reason = _reason(error)
    return NoRoom(
        f"There is no room left in {place} ({getattr(reason, 'strerror', None) or reason}): make room there and give "
        "the command again. What was there before is unharmed."
    )


def is_full(error: Exception) -> bool:
    """Whether an error, or what caused it, is the system's or SQLite's word for a full disk."""
    return _reason(error) is not None


def _reason(error: BaseException | None) -> BaseException | None:
    while error is not None:
        if getattr(error, "errno", None) in _FULL or getattr(error, "sqlite_errorcode", None) in _FULL_DATABASE:
            return error
        error = error.__cause__
    return None
