"""Advisory file locks (flock). Which lock means what is decided by `files.py` and its users.

A lock belongs to an open file description: it ends when the last process that holds the descriptor ends,
SIGKILL included, and a descriptor passed to a child keeps it. Lock files are never removed, or there could be
two holders.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from muniment.postgres.failures import PostgresError

RETRY_SECONDS = 0.01


def try_lock(path: Path, *, shared: bool = False, create: bool = True) -> int | None:
    """The descriptor of a lock just taken on `path`, or None when someone holds it against us."""
    descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC | (os.O_CREAT if create else 0), 0o600)
    try:
        fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def lock(path: Path, *, shared: bool = False, timeout: float) -> int:
    """Like `try_lock`, but waits up to `timeout` seconds, then raises PostgresError."""
    deadline = time.monotonic() + timeout
    while (descriptor := try_lock(path, shared=shared)) is None:
        if time.monotonic() > deadline:
            raise PostgresError(
                f"Waited {timeout:.0f} s for {path}, which another Muniment process holds. "
                f"See who it is with `lsof {path}`, end it, and run the command again."
            )
        time.sleep(RETRY_SECONDS)
    return descriptor


@contextmanager
def locked(path: Path, *, shared: bool = False, timeout: float) -> Iterator[int]:
    """Hold a lock for the block; yields its descriptor. A forked child that lives on keeps holding it."""
    descriptor = lock(path, shared=shared, timeout=timeout)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def is_locked(path: Path) -> bool:
    """Whether anyone holds a lock on `path`; never creates the file."""
    with suppress(FileNotFoundError):
        descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(descriptor)
    return False
