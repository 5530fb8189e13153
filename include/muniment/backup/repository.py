"""Where backups lie: contents by their SHA-256, and for each backup one manifest of what was where.

    objects/<first two digits>/<sha256>[.age]
    backups/<instant in UTC>-<start of the manifest's sha256>.json[.age]
    erasures/<id>.json[.age]     what was forgotten since, and is forgotten again by a restore
    verified/<the same>    empty: somebody has read that backup whole
    keys/<start of the sha256 of the key's public half, or `none`>    empty: under which key all this is

With a key everything is encrypted in the age format (https://age-encryption.org/v1), so that the tool `age` can read it
without Muniment. Names are the hashes of what was encrypted: whoever has a file can see that it is there. Nothing is
ever replaced. All is under one key, or none, because a backup refers to what earlier ones brought: a place under
another key is refused. What is kept, and what for, is known to `take`, `restore` and `prune`.
"""

import hashlib
import io
import json
import os
import re
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING, Any, Literal, cast

from muniment.errors import MunimentError
from muniment.objects import ObjectInfo, Store, open_store
from muniment.settings import Settings

if TYPE_CHECKING:
    from pyrage.x25519 import Identity

FORMAT = 1
_STAMP = "%Y-%m-%dT%H%M%S.%fZ"
_BLOCK = 1 << 20
_OPEN = "keys/none"
_KEY_MARK = re.compile("keys/([0-9a-f]{16}|none)")
_BACKUP = re.compile(r"\.json(\.age)?$")
_SHA256 = re.compile("[0-9a-f]{64}")

Area = Literal["landing", "lake", "state"]


class BackupError(MunimentError):
    """A backup that cannot be made, read or restored."""


@dataclass(frozen=True)
class Kept:
    """One file of an installation: its `area`, key within it, size in bytes, and what its place called this content."""

    area: Area
    key: str
    size: int
    version: str
    sha256: str


@dataclass(frozen=True)
class Table:
    """One Iceberg table: the key of its metadata file, its snapshot, and the rows of each data file by key."""

    name: str
    metadata: str
    snapshot: int | None
    files: Mapping[str, int]


@dataclass(frozen=True)
class Manifest:
    """One backup: what was where at the aware instant `taken_at`, in a lake whose root Iceberg called `location`."""

    taken_at: datetime
    location: str
    files: tuple[Kept, ...]
    tables: tuple[Table, ...]
    settings: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> str:
        """The manifest as it is stored."""
        value = asdict(self) | {"format": FORMAT, "taken_at": self.taken_at.isoformat()}
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> "Manifest":
        """The inverse of `to_json`; BackupError for a format of a later Muniment."""
        value = json.loads(text)
        if value.pop("format") != FORMAT:
            raise BackupError("The backup was written by a later Muniment: restore it with that.")
        return cls(
            datetime.fromisoformat(value["taken_at"]),
            value["location"],
            tuple(Kept(**one) for one in value["files"]),
            tuple(Table(**one) for one in value["tables"]),
            value["settings"],
        )


class _Hashed(io.BufferedIOBase):
    """A stream that hashes what is read of it."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream, self._digest = stream, hashlib.sha256()

    def read(self, size: int | None = -1, /) -> bytes:
        block = self._stream.read(-1 if size is None else size)
        self._digest.update(block)
        return block

    def hexdigest(self) -> str:
        return self._digest.hexdigest()


class Repository:
    """The backups below one place."""

    def __init__(self, store: Store, key: "Identity | None") -> None:
        self._store = store
        self._key = key
        self._ending = ".age" if key else ""
        self._mark = f"keys/{_fingerprint(key)}" if key else _OPEN
        self._marked = False

    @property
    def uri(self) -> str:
        """Where the backups lie."""
        return self._store.uri

    @property
    def encrypted(self) -> bool:
        """Whether there is a key."""
        return self._key is not None

    # -- the key

    def check_key(self) -> None:
        """BackupError unless all that lies there is under this key, or none; where there is no mark, what an earlier
        Muniment left is tried."""
        marks = {info.key for info in self._store.list("keys") if _KEY_MARK.fullmatch(info.key)}
        found = marks or self._unmarked()
        if not found <= {self._mark}:
            raise self._of_another(encrypted=found != {_OPEN})

    def _unmarked(self) -> set[str]:
        """The mark that would fit what lies there; none where nothing does."""
        sample = self._sample()
        if sample is None:
            return set()
        if not sample.endswith(".age"):
            return {_OPEN}
        return {self._mark if self._key and self._opens(sample, self._key) else "keys/another"}

    def _sample(self) -> str | None:
        """The newest backup; where there is none yet, something else that was kept."""
        backups = [info.key for info in self._store.list("backups") if _BACKUP.search(info.key)]
        if backups:
            return max(backups, key=_instant)
        others = [*self._store.list("erasures"), *self._store.list("objects")]
        return min(others, key=lambda info: info.size).key if others else None

    def _opens(self, name: str, key: "Identity") -> bool:
        import pyrage

        with self._store.open(name) as stream, Path(os.devnull).open("wb") as nowhere:
            try:
                pyrage.decrypt_io(cast("io.BufferedIOBase", stream), nowhere, [key])
            except pyrage.DecryptError:
                return False
            except OSError as error:
                if error.errno:  # the disk's word; a damaged stream has no number, and the key was right
                    raise
        return True

    def _of_another(self, *, encrypted: bool) -> BackupError:
        what = "encrypted" if encrypted else "not encrypted"
        what += ", with another key than MUNIMENT_BACKUP_KEY" if encrypted and self._key else ""
        do = "set MUNIMENT_BACKUP_KEY to their key" if encrypted else "unset MUNIMENT_BACKUP_KEY"
        new = "under this key" if self._key else "without a key"
        return BackupError(
            f"The backups in {self.uri} are {what}: {do} to work with them. For new ones {new} name another place "
            "(MUNIMENT_BACKUP_URI), and keep this one and its key as long as its backups are needed."
        )

    def _keep(self, name: str, sealed: Path) -> None:
        """Store what was sealed; before the first of all, under which key it is."""
        if not self._marked:
            mark = sealed.with_name(f"{sealed.name}.mark")
            mark.touch()
            self._store.create(self._mark, mark)
            self._marked = True
        self._store.create(name, sealed)

    # -- contents

    @cached_property
    def contents(self) -> frozenset[str]:
        """SHA-256 of every content that was there when this was first asked."""
        return frozenset(sha256 for sha256, info in self.stored().items() if info.size)

    def stored(self) -> dict[str, ObjectInfo]:
        """Every content that is there now, by its SHA-256; those under another key or none are not of these backups."""
        found = {PurePosixPath(info.key).name: info for info in self._store.list("objects")}
        ours = {name.removesuffix(self._ending): info for name, info in found.items() if name.endswith(self._ending)}
        return {sha256: info for sha256, info in ours.items() if _SHA256.fullmatch(sha256)}

    def put(self, source: Path, spool: Path) -> str:
        """Keep a file's content unless it is there, writing `spool` on the way; its SHA-256.

        Of a file that changes meanwhile, what was copied is kept, under the hash of that.
        """
        with source.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        if digest in self.contents:
            return digest
        digest = self._seal(source, spool)
        self._keep(self._name(digest), spool)
        return digest

    def get(self, sha256: str, target: Path, spool: Path) -> None:
        """Write a content to a file; BackupError when it is missing, damaged, or under another key."""
        try:
            found = self._opened(self._name(sha256), target, spool)
        except FileNotFoundError:
            raise BackupError(f"{self._store.url(self._name(sha256))} is missing.") from None
        if found != sha256:
            raise BackupError(f"{self._store.url(self._name(sha256))} is damaged: it holds another content.")

    def _name(self, sha256: str) -> str:
        return f"objects/{sha256[:2]}/{sha256}{self._ending}"

    # -- erasures

    def keep_erasure(self, name: str, source: Path, spool: Path) -> None:
        """Keep the record of an erasure for good; it is no part of any one backup."""
        self._seal(source, spool)
        self._keep(f"erasures/{name}.json{self._ending}", spool)

    def erasures(self, folder: Path) -> list[str]:
        """The records of erasures, as they were kept; BackupError when one cannot be read, for without it a restore
        would bring back what it names."""
        names = [info.key for info in self._store.list("erasures")]
        return [self._erasure(name, folder) for name in names if name.endswith((".json", ".json.age"))]

    def _erasure(self, name: str, folder: Path) -> str:
        if name.endswith(".json"):  # kept in clear before there was a key
            with self._store.open(name) as stream:
                return stream.read().decode("utf-8", "replace")
        if self._key is None:
            raise BackupError(f"{self._store.url(name)} is encrypted: set MUNIMENT_BACKUP_KEY to read it.")
        self._opened(name, folder / "erasure", folder / "erasure.sealed")
        return (folder / "erasure").read_text("utf-8")

    # -- manifests

    def instants(self) -> dict[datetime, str]:
        """The key of each backup by the instant when it was taken, in time order."""
        keys = [info.key for info in self._store.list("backups")]
        return {_instant(key): key for key in sorted(keys) if key.endswith(f".json{self._ending}")}

    def latest(self, until: datetime | None = None) -> str:
        """The key of the newest backup, or of the newest not after `until`; BackupError when there is none."""
        instants = self.instants()
        fitting = [instant for instant in instants if until is None or instant <= until]
        if not fitting:
            first = f": the first is of {min(instants).isoformat()}" if instants else ""
            raise BackupError(f"There is no backup {'so early ' if instants else ''}in {self.uri}{first}.")
        return instants[max(fitting)]

    def write(self, manifest: Manifest, folder: Path) -> str:
        """Store a manifest, by which the backup begins to exist; its key."""
        plain, sealed = folder / "manifest", folder / "manifest.sealed"
        plain.write_text(manifest.to_json(), encoding="utf-8")
        digest = self._seal(plain, sealed)[:16]
        stamp = manifest.taken_at.astimezone(UTC).strftime(_STAMP)
        key = f"backups/{stamp}-{digest}.json{self._ending}"
        self._keep(key, sealed)
        return key

    def read(self, key: str, folder: Path) -> Manifest:
        """A manifest; BackupError when it is damaged or under another key."""
        plain = folder / "manifest"
        digest = self._opened(key, plain, folder / "manifest.sealed")
        if not PurePosixPath(key).name.removesuffix(f".json{self._ending}").endswith(f"-{digest[:16]}"):
            raise BackupError(f"{self._store.url(key)} is damaged: it holds another content.")
        return Manifest.from_json(plain.read_text(encoding="utf-8"))

    def mark_verified(self, key: str, folder: Path, *, whole: bool = True) -> None:
        """Note that a backup was read from end to end and was `whole`, or that it is no more."""
        if not whole:
            self._store.delete(_verified_mark(key))
            return
        empty = folder / "verified"
        empty.touch()
        self._store.create(_verified_mark(key), empty)

    def verified(self) -> frozenset[str]:
        """The keys of which that was noted."""
        return frozenset(_of_mark(info.key) for info in self._store.list("verified"))

    # -- letting go

    def remove(self, key: str) -> None:
        """Remove a manifest, after which the backup does not exist, or a content."""
        self._store.delete(key)
        if key.startswith("backups/"):
            self._store.delete(_verified_mark(key))

    def sweep(self, before: datetime) -> None:
        """Remove what writers who were killed before an instant left unfinished."""
        self._store.sweep(before)

    # -- sealing

    def _seal(self, source: Path, spool: Path) -> str:
        """Write to `spool` what is stored of a file; the SHA-256 of what was read of it."""
        with source.open("rb") as stream, spool.open("wb") as sealed:
            plain = _Hashed(stream)
            if self._key is None:
                shutil.copyfileobj(plain, sealed, _BLOCK)
            else:
                import pyrage

                pyrage.encrypt_io(plain, sealed, [self._key.to_public()])
        return plain.hexdigest()

    def _opened(self, name: str, target: Path, spool: Path) -> str:
        """Write what was stored under a name to `target`; its SHA-256."""
        received = target if self._key is None else spool
        with self._store.open(name) as stream, received.open("wb") as copy:
            shutil.copyfileobj(stream, copy, _BLOCK)
        if self._key is not None:
            self._decrypt(self._key, name, spool, target)
        with target.open("rb") as plain:
            return hashlib.file_digest(plain, "sha256").hexdigest()

    def _decrypt(self, key: "Identity", name: str, sealed: Path, target: Path) -> None:
        import pyrage

        try:
            with sealed.open("rb") as source, target.open("wb") as plain:
                pyrage.decrypt_io(source, plain, [key])
        except (pyrage.DecryptError, OSError) as error:
            if isinstance(error, OSError) and error.errno:  # the disk's word; a damaged stream has no number
                raise
            raise BackupError(f"{self._store.url(name)} is damaged or under another key: {error}.") from None


def _fingerprint(key: "Identity") -> str:
    return hashlib.sha256(str(key.to_public()).encode()).hexdigest()[:16]


def _verified_mark(key: str) -> str:
    return f"verified/{key.removeprefix('backups/')}"


def _of_mark(mark: str) -> str:
    return f"backups/{mark.removeprefix('verified/')}"


def _instant(key: str) -> datetime:
    try:
        return datetime.strptime(PurePosixPath(key).name.split("Z-")[0] + "Z", _STAMP).replace(tzinfo=UTC)
    except ValueError:
        raise BackupError(f"{key} is not the name of a backup: move it away.") from None


def open_repository(settings: Settings) -> Repository:
    """The repository that the settings name; BackupError when they name none, the key is no key, or what lies there is
    under another."""
    if not settings.backup_uri:
        raise BackupError(
            "Say where backups go: MUNIMENT_BACKUP_URI=file:///folder or s3://bucket/prefix, on other disks than these."
        )
    store = open_store(settings.backup_uri, settings)
    for what, place in (("lake", settings.lake), ("landing zone", settings.landing)):
        if _within(store.uri, open_store(place, settings).uri):
            raise BackupError(
                f"MUNIMENT_BACKUP_URI lies in the {what}, {place}: backups would be backed up and be lost with it. "
                "Name a place on other disks than these."
            )
    repository = Repository(store, _identity(settings))
    repository.check_key()
    return repository


def _within(uri: str, other: str) -> bool:
    return f"{uri.rstrip('/')}/".startswith(f"{other.rstrip('/')}/")


def _identity(settings: Settings) -> "Identity | None":
    text = settings.backup_key.get_secret_value()
    if not text:
        return None
    from pyrage import IdentityError
    from pyrage.x25519 import Identity

    try:
        return Identity.from_str(text.strip())
    except IdentityError as error:
        raise BackupError(
            f"MUNIMENT_BACKUP_KEY is not an age identity ({error}). Make one with: muniment backup key"
        ) from None


def new_key() -> str:
    """A fresh key for MUNIMENT_BACKUP_KEY."""
    from pyrage.x25519 import Identity

    return str(Identity.generate())


def shown(manifest: Manifest) -> dict[str, Any]:
    """What a person sees of a backup; `taken_at` is exact, so that `--to` finds this one by it."""
    return {
        "taken_at": manifest.taken_at.isoformat(),
        "files": len(manifest.files),
        "bytes": sum(file.size for file in manifest.files),
        "tables": len(manifest.tables),
        "rows": sum(rows for table in manifest.tables for rows in table.files.values()),
    }
