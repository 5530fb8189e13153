"""What a person is told when the embedded PostgreSQL fails. Detecting a failure does not belong here."""

import re
from pathlib import Path

from muniment.errors import MunimentError

LOG_LINES_SHOWN = 12

ADVICE = (
    (
        r"No space left on device.*shared memory|could not resize shared memory",
        "Give /dev/shm more room (Docker: shm_size).",
    ),
    (
        r"No space left on device|Disk quota exceeded",
        "The disk is full: free some space, then run the command again.",
    ),
    (
        r"could not bind|Address already in use",
        "The port was taken by another program; run the command again.",
    ),
    (
        r"Permission denied|Operation not permitted",
        "The account that runs PostgreSQL may not use these files; see the paths above.",
    ),
    (
        r"database files are incompatible|not compatible with this version",
        "The data belong to another PostgreSQL version.",
    ),
    (
        r"pre-existing shared memory|lock file .* already exists",
        "Another PostgreSQL still uses these data; stop it first.",
    ),
    (
        r"Cannot allocate memory|out of memory|could not map anonymous",
        "There is too little free memory; close other programs.",
    ),
    (
        r"Read-only file system",
        "The file system is read-only; put the state folder (MUNIMENT_STATE_DIR) elsewhere.",
    ),
    (r"could not look up effective user ID", "This user id has no name; add it to the users of this system."),
    (r"invalid locale|locale .* not", "The system lacks the locale C.UTF-8; install it (Debian: libc-bin)."),
)


class PostgresError(MunimentError):
    """The embedded PostgreSQL cannot start, stop or be used; the text says why and what to do."""


def advice(text: str) -> str:
    """What to do about the first known cause found in `text` (a log, an error); empty when unknown."""
    return next((hint for pattern, hint in ADVICE if re.search(pattern, text, re.IGNORECASE)), "")


def failure(problem: str, log: str, log_file: Path | None = None) -> PostgresError:
    """An error with the problem, the last lines of `log`, what to do, and where the whole log lies."""
    lines = [line for line in log.splitlines() if line.strip()][-LOG_LINES_SHOWN:]
    parts = [problem, *(f"  | {line}" for line in lines), advice(log), f"Log: {log_file}" if log_file else ""]
    return PostgresError("\n".join(part for part in parts if part))
