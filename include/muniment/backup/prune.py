"""Letting old backups go: which of them are kept, and the contents that none of those needs.

A manifest goes before its contents, so a backup that is listed is whole at every instant, also when this is killed: the
next time finds the contents that nothing needs. What is taken and when belongs to `take`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from muniment.backup.repository import BackupError, Repository

GRACE = timedelta(days=1)
"""A younger content may belong to a backup that is still being taken."""


@dataclass(frozen=True)
class Pruned:
    """How many backups and contents went, and the bytes of the latter as they were stored."""

    backups: int
    contents: int
    bytes: int


def prune(repository: Repository, keep: int, now: datetime, folder: Path) -> Pruned:
    """Keep the newest `keep` backups, at least one, and the newest that was verified; let the others go.

    BackupError, with nothing let go, when a backup that is kept cannot be read or the newest lacks a content.
    """
    keys, verified = list(repository.instants().values()), repository.verified()
    wanted = {*keys[-max(keep, 1) :], *[key for key in keys if key in verified][-1:]}
    kept, gone = [key for key in keys if key in wanted], [key for key in keys if key not in wanted]
    needs = [{file.sha256 for file in repository.read(key, folder).files} for key in kept]
    stored = repository.stored()
    if needs and (missing := needs[-1] - stored.keys()):
        raise BackupError(
            f"The newest backup in {repository.uri} lacks {len(missing)} contents, so no other was let go. "
            "Make a full backup: muniment backup"
        )
    for key in gone:
        repository.remove(key)
    needed, horizon = set[str]().union(*needs), now - GRACE
    orphans = [info for sha256, info in stored.items() if sha256 not in needed and info.modified <= horizon]
    for info in orphans:
        repository.remove(info.key)
    repository.sweep(horizon)
    return Pruned(len(gone), len(orphans), sum(info.size for info in orphans))
