"""The account that PostgreSQL runs under, for it refuses to run as root. Nothing else changes identity."""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from muniment.postgres.failures import PostgresError


@dataclass(frozen=True)
class Account:
    """A system user; uid 0 never occurs."""

    name: str
    uid: int
    gid: int

    def process_options(self) -> dict[str, Any]:
        """Keyword arguments that make `subprocess` start a program as this account."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


def choose(wanted: str | None, data: Path) -> Account | None:
    """Who runs PostgreSQL: None for "whoever calls", an Account when the caller is root.

    The owner of existing data wins, then `wanted`, then `postgres` where that user exists, then `nobody`.
    """
    owner = data.stat().st_uid if data.exists() else None
    if os.geteuid() != 0:
        if owner not in (None, os.geteuid()):
            raise PostgresError(
                f"{data} belongs to user {_name(owner)}, but this command runs as {_name(os.geteuid())}. "
                "Run it as that user, or choose another state folder (MUNIMENT_STATE_DIR)."
            )
        return None
    if owner is not None:
        return _by_uid(owner, data)
    if wanted:
        return _by_name(wanted)
    return _by_name("postgres" if _exists("postgres") else "nobody")


def can_enter(account: Account, folder: Path) -> bool:
    """Whether the account can traverse every folder down to `folder`; tried for real, because ACLs exist."""
    trial = ["sh", "-c", 'test -x "$1"', "sh", str(folder)]
    return subprocess.run(trial, cwd="/", stderr=subprocess.DEVNULL, **account.process_options()).returncode == 0


def _by_name(name: str) -> Account:
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        raise PostgresError(
            f"MUNIMENT_POSTGRES_USER names {name!r}, and there is no such user. Create it or name another."
        ) from None
    if entry.pw_uid == 0:
        raise PostgresError("PostgreSQL does not run as root: let MUNIMENT_POSTGRES_USER name another user.")
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def _by_uid(uid: int, data: Path) -> Account:
    if uid == 0:
        raise PostgresError(
            f"{data} belongs to root, and PostgreSQL does not run as root. Give it to an unprivileged user: "
            f"chown -R postgres {data}"
        )
    try:
        return _by_name(pwd.getpwuid(uid).pw_name)
    except KeyError:
        return Account(str(uid), uid, data.stat().st_gid)


def _exists(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True


def _name(uid: int | None) -> str:
    try:
        return pwd.getpwuid(uid or 0).pw_name
    except KeyError:
        return str(uid)
