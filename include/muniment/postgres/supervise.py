"""The process that stops a PostgreSQL nobody uses: `python -m muniment.postgres.supervise HOME SECONDS`.

Watching and stopping belong here; starting does not. It may be killed at any moment: the next client starts
another, which takes over the running server. It imports the standard library only, to stay small.
"""

import os
import sys
import time
from contextlib import suppress
from pathlib import Path
from signal import SIGINT, SIGQUIT

from muniment.postgres import cluster, locks
from muniment.postgres.failures import PostgresError
from muniment.postgres.files import Home

POLL_SECONDS = 0.5
TAKE_OVER_SECONDS = 3.0
LOG_BYTES = 64 * 1024**2


def main() -> None:
    """Watch until nobody has held a lease for the given time, then stop the server and end."""
    home = Home(Path(sys.argv[1]))
    try:
        supervisor_lock = locks.lock(home.supervisor_lock, timeout=TAKE_OVER_SECONDS)
    except PostgresError:
        return  # another supervisor is at work
    lease = watch(home, float(sys.argv[2]), supervisor_lock)
    # In this order, so that a client that waited for its lease sees that there is no supervisor any more.
    os.close(supervisor_lock)
    if lease is not None:
        os.close(lease)


def watch(home: Home, idle_seconds: float, supervisor_lock: int) -> int | None:
    """Poll the lease lock until there is nothing left to watch.

    Returns the lease lock's descriptor when the server was stopped for want of users: a client that comes
    meanwhile waits for it, then finds nothing and starts anew. Returns None when the home was deleted.
    """
    pause = max(0.02, min(POLL_SECONDS, idle_seconds / 4))
    data, server = home.data, cluster.postmaster(home)
    last_used = time.monotonic()
    while True:
        time.sleep(pause)
        try:
            lease = locks.try_lock(home.lease_lock, create=False)
        except FileNotFoundError:
            lease = None
        if not _same_file(home.supervisor_lock, supervisor_lock):
            _end_without_home(data, server)
            return None
        if found := cluster.postmaster(home):
            data, server = home.data, found
        _bound_log(home)
        if lease is None:
            last_used = time.monotonic()
        elif time.monotonic() - last_used < idle_seconds:
            os.close(lease)
        else:
            if found := cluster.postmaster(home):
                cluster.stop(home, found)
            return lease


def _end_without_home(data: Path, server: cluster.Postmaster | None) -> None:
    """The state folder was deleted: end the server that was known last, if it still is that."""
    for word, seconds in ((SIGINT, 5.0), (SIGQUIT, 0.0)):
        if server and cluster.is_postmaster(server.pid, data):
            os.kill(server.pid, word)
            deadline = time.monotonic() + seconds
            while time.monotonic() < deadline and cluster.is_postmaster(server.pid, data):
                time.sleep(0.1)


def _bound_log(home: Home) -> None:
    """Empty a log that grew without measure; the server appends, so it goes on at the beginning."""
    with suppress(OSError):
        descriptor = os.open(home.log, os.O_WRONLY | os.O_NOFOLLOW)
        try:
            if os.fstat(descriptor).st_size > LOG_BYTES:
                os.ftruncate(descriptor, 0)
        finally:
            os.close(descriptor)


def _same_file(path: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except OSError:
        return False


if __name__ == "__main__":
    main()
