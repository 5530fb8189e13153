"""Whether an installation is being restored: the mark that stands until all is back and what was erased is gone again.

Whoever works on an installation asks here first; what a restore does belongs to `restore`.
"""

from pathlib import Path

from muniment.backup.repository import BackupError
from muniment.settings import Settings


def mark(settings: Settings) -> Path:
    """The file that stands while a restore is unfinished; it holds the key of the backup."""
    return settings.state / "restoring"


def unfinished(settings: Settings) -> str | None:
    """The key of the backup from which a restore was begun and not ended; None where there is none."""
    try:
        return mark(settings).read_text(encoding="utf-8")
    except FileNotFoundError:
        return None


def refuse(settings: Settings) -> None:
    """BackupError while a restore is unfinished: not all is back, and what was erased since may be there still."""
    if unfinished(settings) is not None:
        raise BackupError(
            f"{settings.state} is being restored and cannot be used until that is done; go on with it: "
            "muniment backup restore"
        )
