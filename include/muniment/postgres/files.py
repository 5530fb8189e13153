"""Where the files of one embedded PostgreSQL are. What is inside them belongs to the modules that write them.

home/               the caller's: four locks, password, port, supervisor.log
home/cluster/       a folder, or a link to /var/lib/muniment/<digest> where the account cannot enter home
  belongs-to        the home that this cluster was made for
  data/  log/       the account's own (0700)
  programs/<key>/   the server's programs with the pinned time zones
  initdb-*/         an unfinished cluster, removed by the next start
"""

import hashlib
import os
import shutil
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from muniment.postgres.account import Account, can_enter
from muniment.postgres.failures import PostgresError

ELSEWHERE = Path("/var/lib/muniment")


@dataclass(frozen=True)
class Home:
    """The folder that one `Server` was given, absolute."""

    path: Path

    @property
    def lease_lock(self) -> Path:
        """Shared by everyone who uses the server; exclusive while it is being stopped for want of users."""
        return self.path / "lease.lock"

    @property
    def start_lock(self) -> Path:
        """Exclusive while someone creates, starts or stops the cluster."""
        return self.path / "start.lock"

    @property
    def supervisor_lock(self) -> Path:
        """Exclusive for the life of the supervisor."""
        return self.path / "supervisor.lock"

    @property
    def server_lock(self) -> Path:
        """Inherited by the postmaster and its children: held as long as any of them lives."""
        return self.path / "server.lock"

    @property
    def password(self) -> Path:
        """The superuser's password, readable by the caller only."""
        return self.path / "password"

    @property
    def port(self) -> Path:
        """The port of the last start, tried first at the next."""
        return self.path / "port"

    @property
    def supervisor_log(self) -> Path:
        """What the supervisor had to say; normally empty."""
        return self.path / "supervisor.log"

    @property
    def link(self) -> Path:
        """The cluster's folder, or the link to it."""
        return self.path / "cluster"

    @property
    def cluster(self) -> Path:
        """The cluster's real folder."""
        return self.link.resolve()

    @property
    def data(self) -> Path:
        """PostgreSQL's data directory."""
        return self.cluster / "data"

    @property
    def log(self) -> Path:
        """The server's log."""
        return self.cluster / "log" / "postgres.log"

    @property
    def programs(self) -> Path:
        """Copies of the programs, one folder a version."""
        return self.cluster / "programs"


def settle(home: Home, account: Account | None) -> None:
    """Make sure that `home/cluster` exists where `account` can use it. The caller holds the start lock."""
    if os.path.lexists(home.link):
        _check_link(home)
    elif account is None or can_enter(account, home.path):
        home.link.mkdir()
    else:
        home.link.symlink_to(_make_elsewhere(home))
    (home.cluster / "belongs-to").write_text(f"{home.path}\n", encoding="utf-8")
    home.cluster.chmod(0o711 if account else 0o700)
    home.programs.mkdir(exist_ok=True)
    home.programs.chmod(0o755)
    home.log.parent.mkdir(exist_ok=True)
    give(home.log.parent, account)


def give(folder: Path, account: Account | None) -> None:
    """Make `folder` the account's own, closed to others."""
    folder.chmod(0o700)
    if account:
        os.chown(folder, account.uid, account.gid)


def write_private(path: Path, text: str) -> None:
    """Write a small file, mode 0600, so that a crash leaves the old one or the new one."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink()
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make renames inside `folder` survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def erase(home: Home) -> None:
    """Remove the cluster for good; the server is stopped and the caller holds the start lock."""
    if os.path.lexists(home.link):
        shutil.rmtree(home.cluster, ignore_errors=True)
    if home.link.is_symlink():
        home.link.unlink()
    home.password.unlink(missing_ok=True)


def _check_link(home: Home) -> None:
    if not home.link.is_dir():
        raise PostgresError(
            f"{home.link} points to {home.link.readlink()}, which is not there. "
            f"Bring that folder back, or delete the link to begin with an empty database."
        )
    owner = _owner(home.cluster)
    if home.link.is_symlink() and owner != home.path and (owner / "cluster").is_symlink():
        raise PostgresError(
            f"{home.path} is a copy of {owner}, and both point to the data in {home.cluster}. "
            f"Delete {home.link} to begin with an empty database here."
        )


def _make_elsewhere(home: Home) -> Path:
    """A folder outside `home`, for an account that must not be let into the folders above it."""
    ELSEWHERE.mkdir(mode=0o755, parents=True, exist_ok=True)
    _sweep_temporary()
    folder = ELSEWHERE / hashlib.sha256(str(home.path).encode()).hexdigest()[:16]
    if (folder / "data").exists():
        # A state folder at this path was deleted, but not its data: nothing of anyone's is thrown away.
        folder.rename(folder.with_name(f"{folder.name}.left-{datetime.now(UTC):%Y%m%dT%H%M%S}"))
    folder.mkdir(exist_ok=True)
    return folder


def _sweep_temporary() -> None:
    """Remove clusters whose home was a temporary folder that is gone, as test runs leave them."""
    temporary = Path(tempfile.gettempdir()).resolve()
    for folder in ELSEWHERE.iterdir():
        owner = _owner(folder)
        if temporary in owner.parents and not owner.exists() and not (folder / "data" / "postmaster.pid").exists():
            shutil.rmtree(folder, ignore_errors=True)


def _owner(cluster: Path) -> Path:
    try:
        return Path((cluster / "belongs-to").read_text(encoding="utf-8").strip())
    except FileNotFoundError:
        return cluster
