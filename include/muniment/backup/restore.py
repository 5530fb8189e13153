"""Verifying backups and restoring them: an installation becomes what it was, here or somewhere else.

A restored lake has the tables, snapshots and contents of the backup, whose Iceberg metadata is moved to where the lake
lies now. What was erased since is erased again, and does not come back into landing either. The warehouse is not
restored: the next run makes it from the lake.
"""

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from muniment import room
from muniment.backup import restoring
from muniment.backup.repository import BackupError, Kept, Manifest, Repository
from muniment.backup.take import AT_ONCE, tables
from muniment.contract import contracts
from muniment.erasure.forgetting import forget_again
from muniment.erasure.redaction import admitted
from muniment.erasure.tombstones import Erased
from muniment.erasure.work import nameless
from muniment.lake.relocation import relocate
from muniment.platform import Platform
from muniment.progress import Progress
from muniment.records import contract_for
from muniment.records.rows import Unreadable

_WHOLE = "restored"  # beside the mark: all but landing is back, and what was erased since the backup may be there still
_PRIVATE = 0o600


@dataclass(frozen=True)
class Fault:
    """A content that cannot be given back, and a file that has it."""

    key: str
    problem: str


def verify(repository: Repository, manifest: Manifest, folder: Path, progress: Progress) -> list[Fault]:
    """Read every content of a backup as if to restore it; what cannot be given back."""

    def tried(at: int, file: Kept) -> Fault | None:
        try:
            _get(repository, file, folder / f"{at}")
        except BackupError as error:
            return Fault(file.key, str(error))
        finally:
            (folder / f"{at}").unlink(missing_ok=True)
        return None

    files = list({file.sha256: file for file in manifest.files}.values())
    faults = []
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for done, fault in enumerate(pool.map(tried, count(), files), start=1):
            progress(done, len(files))
            if fault:
                faults.append(fault)
    return faults


def restore(platform: Platform, repository: Repository, key: str, progress: Progress) -> Manifest:
    """Make an empty installation what it was in the backup `key`, but for what was erased since then; a restore that
    was killed is gone on with.

    BackupError when the installation is not empty, a content cannot be given back, or the restored tables do not hold
    what the backup says.
    """
    whole = platform.settings.state / _WHOLE
    with room.needed(platform.settings.state), platform.scratch() as folder:
        _begin(platform, key)
        manifest = repository.read(key, folder)
        if not whole.exists():
            metadata = [file for file in manifest.files if _is_metadata(file)]
            others = [file for file in manifest.files if not _is_metadata(file) and file.area != "landing"]
            _place(platform, repository, others, folder, progress)
            _place_metadata(platform, repository, manifest, metadata, folder)
            _register_tables(platform, manifest)
            _check(platform, manifest)
            whole.touch()
        forget_again(platform, repository)
        _place_landing(platform, repository, manifest, folder, progress)
        restoring.mark(platform.settings).unlink()
        whole.unlink()
    return manifest


def _begin(platform: Platform, key: str) -> None:
    """Mark the installation as one that is being restored from the backup; BackupError unless it is empty."""
    if begun := restoring.unfinished(platform.settings):
        if begun != key:
            raise BackupError(
                f"{platform.settings.state} is being restored from {begun}: go on with that, without --to."
            )
        return
    here = [platform.store.uri] if any(True for _ in platform.store.list()) else []
    here += [table.name for table in platform.lake.inventory()] if platform.lake.present() else []
    here += [str(path) for path in (platform.settings.state / "privacy.key",) if path.exists()]
    if here:
        raise BackupError(
            f"There is something here already ({here[0]}): restore into an empty installation, with another "
            "MUNIMENT_STATE_DIR, and MUNIMENT_LAKE_URI and MUNIMENT_CATALOG_URI where they are set."
        )
    mark = restoring.mark(platform.settings)
    mark.parent.mkdir(parents=True, exist_ok=True)
    (platform.settings.state / _WHOLE).unlink(missing_ok=True)  # of a restore that was killed at its very end
    draft = mark.with_name(f"{mark.name}.draft")
    draft.write_text(key, encoding="utf-8")
    draft.replace(mark)


def _is_metadata(file: Kept) -> bool:
    """Whether a file names places; the rows of tables that Iceberg writes itself lie beside their metadata."""
    return file.area == "lake" and file.key.startswith("iceberg/") and not file.key.endswith(".parquet")


def _get(repository: Repository, file: Kept, target: Path) -> None:
    sealed = target.with_name(f"{target.name}.sealed")
    try:
        repository.get(file.sha256, target, sealed)
    finally:
        sealed.unlink(missing_ok=True)


def _place(platform: Platform, repository: Repository, files: list[Kept], folder: Path, progress: Progress) -> None:
    """Put files of the lake and the state folder where they belong."""

    def placed(at: int, file: Kept) -> None:
        spool = folder / f"{at}"
        _get(repository, file, spool)
        if file.area == "state":
            _put_state(platform.settings.state / file.key, spool)
            return
        platform.store.replace(file.key, spool)
        spool.unlink()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        for done, _ in enumerate(pool.map(placed, count(), files), start=1):
            progress(done, len(files))


def _place_landing(
    platform: Platform, repository: Repository, manifest: Manifest, folder: Path, progress: Progress
) -> None:
    """Put files back into landing without what was erased since: where that is all of one, it stays away."""
    erased = platform.erased

    def placed(at: int, file: Kept) -> None:
        own = folder / f"landing-{at}"
        own.mkdir()
        _get(repository, file, own / "file")
        if _is_admitted(file, own / "file", erased):
            platform.landing.create(_landing_key(file, erased), own / "file")  # what has come there since goes first
        shutil.rmtree(own)

    files = [file for file in manifest.files if file.area == "landing"]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for done, _ in enumerate(pool.map(placed, count(), files), start=1):
            progress(done, len(files))


def _is_admitted(file: Kept, spool: Path, erased: Erased) -> bool:
    """Whether a file may be put back; it loses its erased cells. One that holds some nobody can find stays away."""
    if erased.cells(file.sha256) and not contract_for(file.key, contracts().values()):
        return False
    try:
        return admitted(file.key, file.sha256, spool, erased)
    except Unreadable:
        return False


def _landing_key(file: Kept, erased: Erased) -> str:
    """The name of a file; one that says who it is gives way to another by which it is read as before."""
    if not erased.renamed(file.sha256):
        return file.key
    contract = contract_for(file.key, contracts().values())
    return nameless(file.key, contract.name if contract else None, file.sha256[:16])


def _put_state(target: Path, spool: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    spool.chmod(_PRIVATE)
    spool.replace(target)


def _place_metadata(
    platform: Platform, repository: Repository, manifest: Manifest, files: list[Kept], folder: Path
) -> None:
    """Put Iceberg's metadata where it belongs, with the locations that the lake has now."""
    store = platform.store
    paths = {file.key: folder / f"{at}{Path(file.key).suffix}" for at, file in enumerate(files)}
    for file in files:
        _get(repository, file, paths[file.key])
    if store.location("") != manifest.location:
        located = {store.location(key): path for key, path in paths.items()}
        relocate(located, manifest.location, store.location(""))
    for key, path in paths.items():
        store.replace(key, path)


def _register_tables(platform: Platform, manifest: Manifest) -> None:
    catalog = platform.lake.catalog
    for table in manifest.tables:
        with platform.lake.explained(table.name):
            catalog.create_namespace_if_not_exists(table.name.partition(".")[0])
            if not catalog.table_exists(table.name):
                catalog.register_table(table.name, platform.store.location(table.metadata))


def _check(platform: Platform, manifest: Manifest) -> None:
    """BackupError unless every table holds the files and rows that the backup says."""
    for one in tables(platform):
        if one not in manifest.tables:
            raise BackupError(f"{one.name} does not hold what the backup says: run muniment backup verify.")


def differing(platform: Platform, manifest: Manifest) -> Iterator[tuple[str, str, str]]:
    """Settings that differ from those of the backup, with both values; secrets are hidden, so they never differ."""
    now = platform.settings.told()
    for name, was in manifest.settings.items():
        if now.get(name, "") != was:
            yield name, was, now.get(name, "")
