"""One PostgreSQL cluster: create, start, look at, stop. Who may do so when (leases) does not belong here."""

import os
import re
import shlex
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from muniment.postgres import locks
from muniment.postgres.account import Account
from muniment.postgres.failures import PostgresError, failure
from muniment.postgres.files import Home, give, sync_folder, write_private
from muniment.postgres.programs import Programs

SUPERUSER = "muniment"
DATABASE = "muniment"
HOST = "127.0.0.1"

START_SECONDS = 300.0  # crash recovery replays at most max_wal_size of log, some minutes on a slow disk
STOP_SECONDS = 120.0  # a fast shutdown writes a checkpoint
ORPHAN_SECONDS = 1.5
QUIT_SECONDS = 5.0
ANSWER_SECONDS = 5.0
PORT_ATTEMPTS = 3
LOG_BYTES_KEPT = 8 * 1024**2
SHARED_MEMORY_NEEDED = 1024**3
POLL_SECONDS = 0.02

# Written to postgresql.conf once; whoever knows better may edit them there.
TUNING = {
    "shared_buffers": "256MB",
    "maintenance_work_mem": "512MB",
    "max_wal_size": "2GB",
    "random_page_cost": "1.1",
    "jit": "off",
    "log_checkpoints": "off",
}

# Given at each start, so that no edit can take them back: what is promised about safety, privacy and time.
PROMISED = {
    "listen_addresses": HOST,
    "unix_socket_directories": "",
    "password_encryption": "scram-sha-256",
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "wal_recycle": "off",  # a segment kept for later use would keep what was erased
    "timezone": "UTC",
    "log_timezone": "UTC",
}


@dataclass(frozen=True)
class Postmaster:
    """A running server's main process, as `postmaster.pid` describes it."""

    pid: int
    port: int
    status: Literal["starting", "ready", "stopping"]


def create(home: Home, programs: Programs, account: Account | None, password: str, start_lock: int) -> None:
    """Make a cluster with the superuser `muniment` and an empty database of that name.

    It is built in a scratch folder and renamed when complete, so a killed creation leaves only scratch. The
    child processes hold the caller's start lock: nobody else begins while one of them outlives its parent.
    """
    for left_over in home.cluster.glob("initdb-*"):
        shutil.rmtree(left_over, ignore_errors=True)
    scratch = Path(tempfile.mkdtemp(dir=home.cluster, prefix="initdb-"))
    try:
        password_file = scratch / "password"
        password_file.write_text(password, encoding="ascii")
        if account:
            os.chown(password_file, account.uid, account.gid)
        give(scratch, account)
        data = scratch / "data"
        initdb = [
            str(programs.bin / "initdb"),
            f"--pgdata={data}",
            f"--username={SUPERUSER}",
            f"--pwfile={password_file}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale-provider=builtin",
            "--locale=C.UTF-8",
            "--lc-messages=C",
            "--data-checksums",
            *(f"--set={name}={value}" for name, value in TUNING.items()),
        ]
        _run(initdb, account, start_lock, "PostgreSQL could not create its data directory (initdb).")
        single_user(data, programs, account, start_lock, f"CREATE DATABASE {DATABASE}")
        data.rename(home.data)
        sync_folder(home.cluster)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def single_user(data: Path, programs: Programs, account: Account | None, start_lock: int, statement: str) -> None:
    """Run one statement on a stopped cluster, without any network or password."""
    command = [
        str(programs.bin / "postgres"), "--single", "-D", str(data), "-c", "exit_on_error=on", "postgres",
    ]  # fmt: skip
    _run(command, account, start_lock, "PostgreSQL could not prepare its database.", statement + "\n")


def check_version(home: Home, programs: Programs) -> None:
    """Raise PostgresError unless the data were made by the programs' major version."""
    try:
        major = (home.data / "PG_VERSION").read_text(encoding="ascii").strip()
    except FileNotFoundError:
        raise PostgresError(
            f"{home.data} is not a PostgreSQL data directory (PG_VERSION is missing). Nothing was changed. "
            "Bring back a good copy, or move the folder away to begin with an empty database."
        ) from None
    if major != programs.major:
        raise PostgresError(
            f"The data in {home.data} are of PostgreSQL {major}, the programs are of {programs.version}. "
            f"Nothing was changed. Use programs of version {major} and move the data with pg_dump and "
            "pg_restore or pg_upgrade, or move the folder away and build the warehouse again from the lake."
        )


def start(home: Home, programs: Programs, account: Account | None) -> Postmaster:
    """Start the server and wait until it accepts connections; the caller holds the start lock."""
    _end_orphans(home)
    _drop_misleading_pid_file(home)
    for attempt in range(1, PORT_ATTEMPTS + 1):
        _bound_log(home)
        try:
            return _start_once(home, programs, account, choose_port(home))
        except _PortTakenError:
            if attempt == PORT_ATTEMPTS:
                raise
    raise AssertionError("unreachable")


def postmaster(home: Home) -> Postmaster | None:
    """The running server, or None. A stale `postmaster.pid` counts as none."""
    with suppress(FileNotFoundError, NotADirectoryError):
        lines = (home.data / "postmaster.pid").read_text(encoding="utf-8", errors="replace").splitlines()
        return _parse_pid_file(lines, home.data)
    return None


def ready(home: Home) -> Postmaster | None:
    """The server if it answers now: its pid file may still speak of one that is just being killed."""
    server = postmaster(home)
    return server if server and server.status == "ready" and _answers(server.port) else None


def wait_while_changing(home: Home) -> Postmaster | None:
    """The server when it answers, or None when there is none; waits while one is starting or stopping."""

    def known() -> bool:
        return postmaster(home) is not None or not locks.is_locked(home.server_lock)

    def settled() -> bool:
        return postmaster(home) is None or ready(home) is not None

    wait(known, ORPHAN_SECONDS)  # one that was started this moment has no pid file yet
    if not wait(settled, START_SECONDS):
        raise PostgresError(f"PostgreSQL has not answered for {START_SECONDS:.0f} s. Log: {home.log}")
    return ready(home)


def stop(home: Home, server: Postmaster) -> None:
    """Fast shutdown: running statements are rolled back, a checkpoint is written. Waits until all is gone."""
    _signal(server.pid, signal.SIGINT)

    def gone() -> bool:
        return not is_postmaster(server.pid, home.data) and not locks.is_locked(home.server_lock)

    if wait(gone, STOP_SECONDS):
        return
    _signal(server.pid, signal.SIGQUIT)
    if not wait(gone, QUIT_SECONDS):
        raise PostgresError(f"PostgreSQL (process {server.pid}) does not stop. Log: {home.log}")


def is_postmaster(pid: int, data: Path) -> bool:
    """Whether process `pid` lives and works in `data`: its number may belong to another process by now."""
    if Path("/proc/self").exists():
        try:
            return str(Path(f"/proc/{pid}/cwd").readlink()).removesuffix(" (deleted)") == str(data)
        except OSError:
            return False
    return _lives(pid)


def choose_port(home: Home) -> int:
    """The port of last time, or a free one where that is taken; written to `home.port`."""
    with suppress(FileNotFoundError, ValueError):
        last = int(home.port.read_text(encoding="ascii"))
        if 1024 <= last <= 65535 and _is_free(last):
            return last
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port = int(probe.getsockname()[1])
    write_private(home.port, f"{port}\n")
    return port


def wait(condition: Callable[[], bool], seconds: float) -> bool:
    """Whether `condition` came true within so many seconds."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL_SECONDS)
    return True


class _PortTakenError(PostgresError):
    pass


def _start_once(home: Home, programs: Programs, account: Account | None, port: int) -> Postmaster:
    log_begin = home.log.stat().st_size if home.log.exists() else 0
    options = {**PROMISED, "port": str(port), "dynamic_shared_memory_type": _shared_memory()}
    pg_ctl = [
        str(programs.bin / "pg_ctl"),
        "start",
        "--no-wait",
        "--silent",
        f"--pgdata={home.data}",
        f"--log={home.log}",
        "--options=" + " ".join(f"-c {shlex.quote(f'{name}={value}')}" for name, value in options.items()),
    ]
    with locks.locked(home.server_lock, timeout=QUIT_SECONDS) as descriptor:
        _run(pg_ctl, account, descriptor, "PostgreSQL could not be started (pg_ctl).")

    def settled() -> bool:
        return ready(home) is not None or not locks.is_locked(home.server_lock)

    timely = wait(settled, START_SECONDS)
    if server := ready(home):
        return server
    log = _log_since(home, log_begin)
    if not timely:
        raise failure(f"PostgreSQL is not ready {START_SECONDS:.0f} s after its start.", log, home.log)
    if re.search(r"could not bind .* address|Address already in use", log):
        raise _PortTakenError(str(failure(f"PostgreSQL could not listen on {HOST}:{port}.", log, home.log)))
    raise failure(f"PostgreSQL did not start in {home.data}.", log, home.log)


def _parse_pid_file(lines: Sequence[str], data: Path) -> Postmaster | None:
    """Lines as in PostgreSQL's `pidfile.h`: 1 pid, 2 data, 3 start, 4 port, …, 8 status. It grows."""
    if not lines or not lines[0].strip().lstrip("-").isdigit():
        return None
    pid = abs(int(lines[0]))
    if not is_postmaster(pid, data):
        return None
    port = int(lines[3]) if len(lines) > 3 and lines[3].strip().isdigit() else 0
    word = lines[7].strip() if len(lines) > 7 else "starting"
    status: Literal["starting", "ready", "stopping"] = (
        "ready" if word == "ready" else "stopping" if word == "stopping" else "starting"
    )
    return Postmaster(pid, port, status)


def _end_orphans(home: Home) -> None:
    """Backends outlive a killed postmaster while they compute; the data must not be opened twice."""
    for word in (signal.SIGQUIT, signal.SIGKILL):
        if not locks.is_locked(home.server_lock):
            return
        for pid in _processes_in(home.data):
            _signal(pid, word)
        wait(lambda: not locks.is_locked(home.server_lock), QUIT_SECONDS)
    if not locks.is_locked(home.server_lock):
        return
    raise PostgresError(
        f"Processes of an earlier PostgreSQL still use {home.data}. "
        f"See which with `lsof {home.server_lock}`, end them, and run the command again."
    )


def _drop_misleading_pid_file(home: Home) -> None:
    """After a crash `postmaster.pid` may name a process that is another by now, and PostgreSQL would refuse.

    Nothing holds the server lock, so no server of ours uses the data. A number that nobody has is left for
    PostgreSQL itself, which then also looks for shared memory still in use.
    """
    pid_file = home.data / "postmaster.pid"
    with suppress(FileNotFoundError, ValueError, IndexError):
        pid = abs(int(pid_file.read_text(encoding="utf-8", errors="replace").split()[0]))
        if not is_postmaster(pid, home.data) and _lives(pid):
            pid_file.unlink()


def _processes_in(folder: Path) -> list[int]:
    numbers = (int(entry.name) for entry in Path("/proc").glob("[0-9]*"))
    return [pid for pid in numbers if is_postmaster(pid, folder)]


def _run(
    command: Sequence[str], account: Account | None, inherited: int, problem: str, text: str | None = None
) -> None:
    """Run a PostgreSQL program to its end; it and its children inherit the descriptor of a lock."""
    with tempfile.TemporaryFile() as output:
        # Output goes to a file, not a pipe: pg_ctl's server would keep a pipe open for ever.
        try:
            result = subprocess.run(
                command,
                input=text.encode() if text else None,
                stdin=None if text else subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                pass_fds=(inherited,),
                start_new_session=True,
                umask=0o077,
                cwd="/",
                env={"PATH": os.defpath, "LC_ALL": "C.UTF-8"},
                **(account.process_options() if account else {}),
            )
        except OSError as error:
            raise failure(problem, f"{command[0]}: {error}") from error
        if result.returncode:
            output.seek(0)
            said = output.read().decode(errors="replace") or f"no output, status {result.returncode}"
            raise failure(problem, said)


def _bound_log(home: Home) -> None:
    if home.log.exists() and home.log.stat().st_size > LOG_BYTES_KEPT:
        home.log.replace(home.log.with_suffix(".log.1"))


def _log_since(home: Home, begin: int) -> str:
    try:
        with home.log.open("rb") as stream:
            stream.seek(begin)
            return stream.read().decode(errors="replace")
    except FileNotFoundError:
        return ""


def _shared_memory() -> str:
    """Parallel index builds share maintenance_work_mem; a container's /dev/shm is often too small for it."""
    try:
        status = os.statvfs("/dev/shm")
    except OSError:
        return "posix"
    return "posix" if status.f_bavail * status.f_frsize >= SHARED_MEMORY_NEEDED else "mmap"


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as PostgreSQL does
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def _answers(port: int) -> bool:
    """Whether the server answers an SSLRequest, which needs no login (manual, "Message Formats")."""
    with suppress(OSError), socket.create_connection((HOST, port), timeout=ANSWER_SECONDS) as connection:
        connection.sendall(struct.pack("!II", 8, 80877103))
        return connection.recv(1) in (b"N", b"S")
    return False


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _signal(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)
