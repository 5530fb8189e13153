"""Commands of an installation that serve until they are stopped: started as a user would, ended as a process group."""

import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from muniment.settings import PROJECT
from tests.installation import Installation

_START_SECONDS = 240
_END_SECONDS = 30


@dataclass(frozen=True)
class Served:
    """A command that serves on `url`; `log` holds what it wrote.

    After the end `left` names the processes that Ctrl-C did not end.
    """

    url: str
    process: subprocess.Popen[bytes]
    log: Path
    left: list[int] = field(default_factory=list)

    def ask(self, question: str, **variables: object) -> Any:
        """The data that Dagster's GraphQL API answers; AssertionError when it answers with errors."""
        body = json.dumps({"query": question, "variables": variables}).encode()
        request = urllib.request.Request(f"{self.url}/graphql", body, {"content-type": "application/json"})
        with urllib.request.urlopen(request, timeout=120) as reply:
            answer = json.load(reply)
        assert "errors" not in answer, answer["errors"]
        return answer["data"]


@contextmanager
def serving(installation: Installation, log: Path, *command: str, ready: str = "/") -> Iterator[Served]:
    """Run a command with `--port` until the block ends; the block begins when `ready` answers."""
    port = free_port()
    with log.open("wb") as out:
        process = subprocess.Popen(
            [*installation.command, *command, "--port", str(port)],
            env=installation.variables,
            cwd=PROJECT,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    served = Served(f"http://127.0.0.1:{port}", process, log)
    try:
        _await(served, ready)
        yield served
    finally:
        served.left.extend(_end(process))


def free_port() -> int:
    """A port on the loopback that nobody listens to now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _await(served: Served, ready: str) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        assert served.process.poll() is None, served.log.read_text()
        with suppress(urllib.error.URLError, OSError), urllib.request.urlopen(served.url + ready, timeout=10):
            return
        time.sleep(0.5)
    raise AssertionError(f"{served.url} did not answer in {_START_SECONDS} s:\n{served.log.read_text()}")


def _end(process: subprocess.Popen[bytes]) -> list[int]:
    """End a command and all that it started, as Ctrl-C does; those that this does not end are killed and named."""
    os.killpg(process.pid, signal.SIGINT)
    deadline = time.monotonic() + _END_SECONDS
    while (process.poll() is None or _members(process.pid)) and time.monotonic() < deadline:
        time.sleep(0.1)
    left = _members(process.pid)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(_END_SECONDS)
    return left


def _members(group: int) -> list[int]:
    """Living processes of a process group."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            state, _, its_group = (folder / "stat").read_text().rpartition(")")[2].split()[:3]
            if int(its_group) == group and state != "Z":
                found.append(int(folder.name))
    return found
