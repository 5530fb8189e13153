"""Locks that all writers of one lake share, because they lie where its catalog does.

Beside a SQLite catalog they are locked files, in PostgreSQL advisory locks of a session. Either ends with the process
that holds it, however that ends, and none needs a clock. A REST catalog has no room for them: there writers are kept
apart by its commits alone. What is locked, and what to do where a lock is taken, is decided by the users.
"""

import hashlib
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from pyiceberg.catalog import Catalog
    from sqlalchemy import Connection, Engine

_POLL_SECONDS = 0.01
_OTHER_FILES = 1_024  # what a process has open besides
_LOCK_NOT_AVAILABLE = "55P03"


class Locks(Protocol):
    """Locks by name."""

    def held(self, names: Sequence[str], seconds: float) -> "AbstractContextManager[str | None]":
        """Holds all of `names` for the block, waiting for each at most so many `seconds`.

        Gives None; or, when another still holds one of them after that, its name, and then holds none.
        """


class NoLocks:
    """For a catalog that has no room for locks: all are granted."""

    def held(self, names: Sequence[str], seconds: float) -> "AbstractContextManager[str | None]":
        return nullcontext()


class FileLocks:
    """Locked files of one folder, for writers on one machine."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def held(self, names: Sequence[str], seconds: float) -> Iterator[str | None]:
        self._folder.mkdir(parents=True, exist_ok=True)
        _allow_open(len(names))
        with ExitStack() as holding:
            yield next((name for name in names if not self._take(name, seconds, holding)), None)

    def _take(self, name: str, seconds: float, holding: ExitStack) -> bool:
        """Whether the lock was taken; `holding` will let it go."""
        from filelock import FileLock, Timeout

        lock = FileLock(self._folder / re.sub(r"[^\w.-]", "-", name), timeout=seconds)
        try:
            lock.acquire(poll_interval=_POLL_SECONDS)
        except Timeout:
            holding.close()
            return False
        holding.callback(lock.release)
        holding.callback(Path(lock.lock_file).unlink, missing_ok=True)  # first: whoever waits looks whether it is gone
        return True


def _allow_open(files: int) -> None:
    """Let this process open so many files more, as far as the system allows: a year has 1,460 windows, and many systems
    give a process 1,024 files, or 256, where nobody asks for more."""
    if sys.platform == "win32":
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = files + _OTHER_FILES
    if soft != resource.RLIM_INFINITY and soft < wanted:
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        with suppress(ValueError, OSError):  # the system has a limit of its own, which opening tells
            resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, most), hard))


class SessionLocks:
    """Advisory locks of a PostgreSQL session; the server lets them go when it loses the session."""

    def __init__(self, engine: "Engine") -> None:
        self._engine = engine

    @contextmanager
    def held(self, names: Sequence[str], seconds: float) -> Iterator[str | None]:
        from sqlalchemy import text
        from sqlalchemy.exc import DBAPIError

        with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as session:
            # 0 would mean to wait for ever.
            session.execute(
                text("SELECT set_config('lock_timeout', :ms, false)"), {"ms": str(int(seconds * 1000) or 1)}
            )
            try:
                taken = next((name for name in names if not _lock(session, name)), None)
                if taken:
                    session.execute(text("SELECT pg_advisory_unlock_all()"))
                yield taken
            finally:
                with suppress(DBAPIError):  # a session that was lost holds nothing
                    session.execute(text("SELECT pg_advisory_unlock_all()"))
                    session.execute(text("RESET lock_timeout"))


def _lock(session: "Connection", name: str) -> bool:
    from sqlalchemy import text
    from sqlalchemy.exc import OperationalError

    key = int.from_bytes(hashlib.sha256(f"muniment {name}".encode()).digest()[:8], signed=True)
    try:
        session.execute(text("SELECT pg_advisory_lock(:key)"), {"key": key})
    except OperationalError as error:
        if _sqlstate(error.orig) == _LOCK_NOT_AVAILABLE:
            return False
        raise
    return True


def _sqlstate(error: BaseException | None) -> str | None:
    """What PostgreSQL calls an error; psycopg 3 and psycopg2 keep it in different places."""
    return getattr(error, "sqlstate", None) or getattr(error, "pgcode", None)


def locks_of(catalog: "Catalog") -> Locks:
    """The locks beside a catalog."""
    engine: Engine | None = getattr(catalog, "engine", None)
    if engine is None:
        return NoLocks()
    if engine.dialect.name == "sqlite":
        return FileLocks(Path(f"{engine.url.database}.locks"))
    return SessionLocks(engine) if engine.dialect.name == "postgresql" else NoLocks()
