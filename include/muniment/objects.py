"""Object stores: a local folder or an S3 prefix behind one small protocol. What the objects mean belongs elsewhere.

A store offers what both can do safely: list, read, stat, replace, and *create once*, which is atomic and fails when
the name is taken (a hard link locally, `If-None-Match: *` on S3). Everything that must survive concurrent writers
and kills is built on create-once.
"""

import codecs
import errno
import io
import os
import re
import shutil
import stat
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from http import HTTPStatus
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING, Any, Protocol
from urllib.parse import unquote, urlsplit

from muniment import room
from muniment.errors import MunimentError
from muniment.settings import Settings

if TYPE_CHECKING:
    from pyarrow.fs import FileSystem

TEMPORARY = ".muniment-tmp-"
"""How the names of unfinished copies begin; nothing else in a folder may be named so."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LAST_SECOND = int((datetime(9999, 1, 1, tzinfo=UTC) - _EPOCH).total_seconds())
_PERCENT = "muniment-percent"
_ESCAPE = re.compile(rb"%(25|5C|[89A-F][0-9A-F])")
_CONFLICTS = 5
_BLOCK = 1 << 20
_DEEPEST = 200
_S3_KEY_BYTES = 1024


class StoreError(MunimentError):
    """A store that cannot be reached or used."""


class BadKey(StoreError):
    """A key that this store cannot hold; the others are not affected."""


@dataclass(frozen=True, order=True)
class ObjectInfo:
    """One stored object: `key` is relative to the store, `size` in bytes, `modified` in UTC.

    `version` changes with the content.
    """

    key: str
    size: int
    modified: datetime
    version: str


class Store(Protocol):
    """Objects under one root, named by `/`-separated keys."""

    uri: str

    @property
    def advice(self) -> str:
        """What to look at when it cannot be used."""

    def list(self, prefix: str = "") -> Iterator[ObjectInfo]:
        """Every object below `prefix` (a folder or empty). S3 lists by key, servers that are like it not always, so
        who needs the order sorts: infos compare by key."""

    def open(self, key: str) -> IO[bytes]:
        """A readable stream; FileNotFoundError when absent."""

    def exists(self, key: str) -> bool:
        """Whether the object is there."""

    def replace(self, key: str, source: Path) -> None:
        """Store the file under `key`, whatever was there."""

    def create(self, key: str, source: Path) -> bool:
        """Store the file under `key` unless the name is taken; False when it is. Atomic.

        A server whose answer was lost has stored the file or not; then the name is ours when it holds just this file.
        """

    def delete(self, key: str) -> None:
        """Remove the object; nothing happens when it is absent."""

    def sweep(self, before: datetime) -> int:
        """Remove the unfinished copies that writers who were killed left before an instant; how many there were."""

    def arrow(self) -> tuple["FileSystem", str]:
        """An Arrow file system and the path of the root on it."""

    def url(self, key: str) -> str:
        """The full URI of a key."""

    def location(self, key: str) -> str:
        """The place of a key as Iceberg names it: a URI without percent-encoding."""


class FolderStore:
    """Objects as files of a local folder. Links to files count as files; links to folders are not entered."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.uri = root.as_uri()

    @property
    def advice(self) -> str:
        return f"Check that {self.root} can be read and written, and has room."

    def list(self, prefix: str = "") -> Iterator[ObjectInfo]:
        base = self.path(prefix) if prefix else self.root
        keys = (
            key_of(Path(folder, name).relative_to(self.root))
            for folder, _, names in os.walk(base, onerror=_refuse_to_overlook)
            for name in names
            if not name.startswith(TEMPORARY)
        )
        for key in sorted(keys):
            info = self._info(key)
            if info is not None:
                yield info

    def _info(self, key: str) -> ObjectInfo | None:
        found = _stat(self.path(key))
        if found is None or stat.S_IFMT(found.st_mode) not in (stat.S_IFREG, stat.S_IFLNK):
            return None
        seconds = min(max(found.st_mtime_ns // 1_000_000_000, 0), _LAST_SECOND)  # a clock may stand anywhere
        modified = _EPOCH + timedelta(seconds=seconds, microseconds=found.st_mtime_ns // 1000 % 1_000_000)
        # A file that may not be read is another version from the same one that may: a changed permission is news.
        barred = "" if os.access(self.path(key), os.R_OK) else "-barred"
        return ObjectInfo(key, found.st_size, modified, f"{found.st_size}-{found.st_mtime_ns}{barred}")

    def open(self, key: str) -> IO[bytes]:
        try:
            return self.path(key).open("rb")
        except (IsADirectoryError, NotADirectoryError):
            raise FileNotFoundError(self.url(key)) from None

    def exists(self, key: str) -> bool:
        return self.path(key).is_file()

    def replace(self, key: str, source: Path) -> None:
        with self._staged(key, source) as (staged, target):
            try:
                staged.replace(target)
            except IsADirectoryError:
                raise BadKey(f"{key!r} is the name of a folder in {self.root}.") from None

    def create(self, key: str, source: Path) -> bool:
        with self._staged(key, source) as (staged, target):
            try:
                os.link(staged, target)
            except FileExistsError:
                return False
            except OSError as error:
                if error.errno not in (errno.EPERM, errno.ENOTSUP):
                    raise
                raise StoreError(f"{self.root} is on a file system without hard links: choose another.") from error
        return True

    def delete(self, key: str) -> None:
        with suppress(FileNotFoundError, NotADirectoryError):
            self.path(key).unlink()

    def arrow(self) -> tuple["FileSystem", str]:
        from pyarrow.fs import LocalFileSystem

        return LocalFileSystem(), str(self.root)

    def url(self, key: str) -> str:
        return f"{self.uri}/{key}"

    def location(self, key: str) -> str:
        return f"file://{self.root}/{key}"

    def path(self, key: str) -> Path:
        """The file of a key; BadKey when it points outside or is no name."""
        _check_key(key, self.uri)
        name = Path(os.fsdecode(_name_of(key)))
        if key_of(name) != PurePosixPath(key).as_posix():
            raise BadKey(f"{key!r} is not how a key is spelled: write {key_of(name)!r}.")
        return self.root / name

    @contextmanager
    def _staged(self, key: str, source: Path) -> Iterator[tuple[Path, Path]]:
        """A durable copy of `source` beside the target, so that the target appears whole or not at all."""
        target = self.path(key)
        staged = target.parent / f"{TEMPORARY}{uuid.uuid4().hex}"
        with room.needed(self.root):
            try:
                target.parent.mkdir(parents=True, exist_ok=True)
            except (FileExistsError, NotADirectoryError):
                raise BadKey(f"{key!r} lies below something in {self.root} that is no folder.") from None
            try:
                with source.open("rb") as reader, staged.open("xb") as writer:
                    shutil.copyfileobj(reader, writer, 1 << 20)
                    writer.flush()
                    os.fsync(writer.fileno())
                yield staged, target
            finally:
                staged.unlink(missing_ok=True)

    def sweep(self, before: datetime) -> int:
        found = [
            Path(folder, name)
            for folder, _, names in os.walk(self.root)
            for name in names
            if name.startswith(TEMPORARY)
        ]
        old = [path for path in found if (there := _stat(path)) and there.st_mtime < before.timestamp()]
        for path in old:
            path.unlink(missing_ok=True)
        return len(old)


def _stat(path: Path) -> os.stat_result | None:
    """What a name stands for; the link itself when what it leads to may not be seen; None when nothing is there."""
    try:
        return path.stat()
    except PermissionError:
        try:
            return path.lstat()
        except PermissionError as error:
            _refuse_to_overlook(error)
    except OSError:  # gone since it was listed, or a dangling link
        pass
    return None


def _check_key(key: str, uri: str) -> None:
    """BadKey for what is no name below a root, in any store."""
    parts = PurePosixPath(key).parts
    spelled = key.encode("utf-8", "replace").decode() == key
    if not parts or ".." in parts or key.startswith("/") or "\0" in key or not spelled:
        raise BadKey(f"{key!r} is not the name of anything in {uri}.")
    if len(parts) > _DEEPEST:
        raise BadKey(f"{key[:60]!r}… is more than {_DEEPEST} folders deep.")
    if parts[-1].startswith(TEMPORARY):
        raise BadKey(f"{key!r} is a name that is kept for unfinished copies.")


def key_of(relative: Path) -> str:
    """The key of a file: its path with `/`, where `%NN` stands for a byte that is not UTF-8 and for a backslash.

    Backslashes go because some S3 servers read them as `/`. A `%` that could be taken for the start of such a mark
    becomes `%25`, so every name has a key of its own.
    """
    name = _ESCAPE.sub(lambda found: b"%25" + found[0][1:], os.fsencode(relative.as_posix())).replace(b"\\", b"%5C")
    return name.decode("utf-8", _PERCENT)


def _name_of(key: str) -> bytes:
    """The bytes of a file name: the inverse of `key_of`."""
    return _ESCAPE.sub(lambda found: bytes.fromhex(found[1].decode()), key.encode())


def _percent(error: UnicodeError) -> tuple[str, int]:
    """Decodes bytes that are not UTF-8 as `%NN`."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "".join(f"%{byte:02X}" for byte in error.object[error.start : error.end]), error.end


codecs.register_error(_PERCENT, _percent)


def _refuse_to_overlook(error: OSError) -> None:
    """Stops a walk at a folder that cannot be read: what lies in it would be overlooked without a word."""
    if not isinstance(error, FileNotFoundError | NotADirectoryError):
        raise StoreError(f"{error.filename} cannot be listed ({error.strerror}): allow it or move it away.") from error


class S3Store:
    """Objects of an S3 bucket below a prefix."""

    def __init__(self, settings: Settings, bucket: str, prefix: str) -> None:
        self.bucket = bucket
        self.prefix = f"{prefix.strip('/')}/" if prefix.strip("/") else ""
        self.uri = f"s3://{bucket}/{self.prefix}".rstrip("/")
        self._settings = settings
        self._client = _s3_client(settings)

    @property
    def advice(self) -> str:
        settings = self._settings
        return (
            f"Check MUNIMENT_S3_ENDPOINT ({settings.s3_endpoint or 'empty: Amazon'}), the credentials and the bucket. "
            f"A server that is slow or overloaded is asked MUNIMENT_S3_ATTEMPTS={settings.s3_attempts} times, and may "
            f"be silent for MUNIMENT_S3_TIMEOUT_SECONDS={settings.s3_timeout_seconds:g} each time."
        )

    def list(self, prefix: str = "") -> Iterator[ObjectInfo]:
        below = f"{self.prefix}{prefix.strip('/')}/" if prefix.strip("/") else self.prefix
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=below)
        with self._explained():
            for page in pages:
                for item in page.get("Contents", ()):
                    if item["Key"].endswith("/") and not item["Size"]:  # how S3 tools mark a folder
                        continue
                    key = item["Key"][len(self.prefix) :]
                    modified = item["LastModified"].astimezone(UTC)
                    yield ObjectInfo(key, item["Size"], modified, item["ETag"].strip('"'))

    def open(self, key: str) -> IO[bytes]:
        return io.BufferedReader(_Body(self, key), _BLOCK)

    def _get(self, key: str, start: int = 0, version: str = "") -> Any:
        """The server's answer: the object from byte `start` on, in a version if one is named."""
        condition = {"Range": f"bytes={start}-"} if start else {}
        condition |= {"IfMatch": version} if version else {}
        with self._explained(absent=FileNotFoundError(self.url(key))):
            return self._client.get_object(Bucket=self.bucket, Key=self._name(key), **condition)

    def exists(self, key: str) -> bool:
        try:
            with self._explained(absent=FileNotFoundError(self.url(key))):
                self._client.head_object(Bucket=self.bucket, Key=self._name(key))
        except FileNotFoundError:
            return False
        return True

    def replace(self, key: str, source: Path) -> None:
        with self._explained():
            self._client.upload_file(str(source), self.bucket, self._name(key))

    def create(self, key: str, source: Path) -> bool:
        with self._explained():
            for _ in range(_CONFLICTS):
                status = self._put_new(key, source)
                if status != HTTPStatus.CONFLICT:  # two at once: S3 may refuse both, so neither has won yet
                    return status == HTTPStatus.OK
        raise StoreError(f"{self.url(key)} could not be created: others kept writing it at the same time. Try again.")

    def _put_new(self, key: str, source: Path) -> int:
        """The HTTP status of one conditional write: 200, 412 when the name is taken, 409 when writers collided.

        The SDK asks again when an answer was lost. What was written then stands in the way of writing it.
        """
        from botocore.exceptions import ClientError

        try:
            with source.open("rb") as body:
                self._client.put_object(Bucket=self.bucket, Key=self._name(key), Body=body, IfNoneMatch="*")
        except ClientError as error:
            status = _status(error)
            if status == HTTPStatus.PRECONDITION_FAILED and _retried(error) and self._holds(key, source):
                return HTTPStatus.OK
            if status in (HTTPStatus.CONFLICT, HTTPStatus.PRECONDITION_FAILED):
                return status
            raise
        return HTTPStatus.OK

    def _holds(self, key: str, source: Path) -> bool:
        """Whether the object is byte for byte this file."""
        with self.open(key) as stored, source.open("rb") as mine:
            while (block := mine.read(_BLOCK)) == stored.read(_BLOCK):
                if not block:
                    return True
        return False

    def delete(self, key: str) -> None:
        with self._explained():
            self._client.delete_object(Bucket=self.bucket, Key=self._name(key))

    def rules(self) -> Sequence[Any]:
        """The lifecycle rules of the bucket; StoreError when the server does not tell them."""
        try:
            with self._explained(absent=FileNotFoundError(self.bucket)):
                answer = self._client.get_bucket_lifecycle_configuration(Bucket=self.bucket)
        except FileNotFoundError:
            return []
        rules: Sequence[Any] = answer["Rules"]
        return rules

    def set_rules(self, rules: Sequence[Mapping[str, Any]]) -> None:
        """Replace the lifecycle rules of the bucket; StoreError when the server does not take them."""
        with self._explained():
            self._client.put_bucket_lifecycle_configuration(Bucket=self.bucket, LifecycleConfiguration={"Rules": rules})

    def sweep(self, before: datetime) -> int:
        return 0  # what was not uploaded whole is no object; its parts go by a lifecycle rule of the bucket

    def _name(self, key: str) -> str:
        """The S3 key; BadKey when the key is no name or longer than S3's 1024 bytes."""
        _check_key(key, self.uri)
        name = self.prefix + key
        if len(name.encode()) > _S3_KEY_BYTES:
            raise BadKey(f"{key[:60]!r}… is longer than the {_S3_KEY_BYTES} bytes that S3 allows.")
        return name

    @contextmanager
    def _explained(self, absent: FileNotFoundError | None = None) -> Iterator[None]:
        """Turns what boto3 raises into StoreError, or a 404 into `absent` where that is an answer."""
        from boto3.exceptions import Boto3Error
        from botocore.exceptions import BotoCoreError, ClientError
        from urllib3.exceptions import HTTPError

        try:
            yield
        except (Boto3Error, BotoCoreError, ClientError, HTTPError) as error:  # the last for a refusal that breaks off
            if absent and isinstance(error, ClientError) and _status(error) == HTTPStatus.NOT_FOUND:
                raise absent from None
            raise StoreError(f"{self.uri} cannot be used: {str(error).rstrip('.')}. {self.advice}") from error

    def arrow(self) -> tuple["FileSystem", str]:
        settings = self._settings
        files = s3_files(
            settings.s3_endpoint,
            settings.s3_region,
            settings.s3_access_key_id.get_secret_value(),
            settings.s3_secret_access_key.get_secret_value(),
            settings.s3_timeout_seconds,
            settings.s3_attempts,
        )
        return files, f"{self.bucket}/{self.prefix}".rstrip("/")

    def url(self, key: str) -> str:
        return f"{self.uri}/{key}"

    def location(self, key: str) -> str:
        return self.url(key)


@lru_cache
def s3_files(
    endpoint: str, region: str, access_key: str, secret_key: str, timeout_seconds: float, attempts: int
) -> "FileSystem":
    """Arrow's view of a server's buckets: one for the process, because each has connections of its own."""
    from pyarrow.fs import AwsStandardS3RetryStrategy, S3FileSystem

    options: dict[str, Any] = {"region": region, "connect_timeout": timeout_seconds, "request_timeout": timeout_seconds}
    if access_key:
        options |= {"access_key": access_key, "secret_key": secret_key}
    if endpoint:
        place = urlsplit(endpoint)
        options |= {"scheme": place.scheme, "endpoint_override": place.netloc}
    retries = AwsStandardS3RetryStrategy(max_attempts=attempts)
    # Opening late makes one request of what is small, where it would be an upload in parts: three.
    return S3FileSystem(**options, retry_strategy=retries, allow_delayed_open=True)


class _Body(io.RawIOBase):
    """The bytes of an S3 object. Where they break off they are asked for again from there, in the same version."""

    def __init__(self, store: S3Store, key: str) -> None:
        self._store, self._key, self._at = store, key, 0
        self._answer = store._get(key)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._read(len(buffer))
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)

    def _read(self, size: int) -> bytes:
        from botocore.exceptions import BotoCoreError

        broken = 0
        with self._store._explained():
            while True:
                try:
                    return bytes(self._answer["Body"].read(size))
                except BotoCoreError:
                    broken += 1
                    if broken == self._store._settings.s3_attempts:
                        raise
                self._answer = self._store._get(self._key, self._at, self._answer["ETag"])

    def close(self) -> None:
        self._answer["Body"].close()
        super().close()


def _retried(error: Any) -> bool:
    return bool(error.response.get("ResponseMetadata", {}).get("RetryAttempts"))


def _status(error: Any) -> int:
    return int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))


def _s3_client(settings: Settings) -> Any:
    import boto3
    from botocore.config import Config

    return boto3.client(
        "s3",
        endpoint_url=settings.s3_endpoint or None,
        region_name=settings.s3_region,
        aws_access_key_id=settings.s3_access_key_id.get_secret_value() or None,
        aws_secret_access_key=settings.s3_secret_access_key.get_secret_value() or None,
        config=Config(
            retries={"mode": "standard", "total_max_attempts": settings.s3_attempts},
            connect_timeout=settings.s3_timeout_seconds,
            read_timeout=settings.s3_timeout_seconds,
            s3={"addressing_style": "path"},
        ),
    )


def open_store(uri: str, settings: Settings) -> Store:
    """The store at `uri` (`file:///folder` or `s3://bucket/prefix`); StoreError for any other scheme."""
    parts = urlsplit(uri)
    if parts.scheme == "file" and parts.netloc in ("", "localhost"):
        return FolderStore(Path(unquote(parts.path)))
    if parts.scheme == "s3" and parts.netloc:
        return S3Store(settings, parts.netloc, parts.path)
    raise StoreError(f"{uri!r} is not a place Muniment can use: give file:///folder or s3://bucket/prefix.")
