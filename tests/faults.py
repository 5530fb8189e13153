"""A proxy before an HTTP server that does what networks and overloaded servers do, when a test says so.

What a request meets is chosen by `choose`, given its method and path; unless a test sets that, all goes through.
"""

import random
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from enum import Enum
from http.client import HTTPConnection, HTTPResponse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import chain, repeat
from typing import Any
from urllib.parse import urlsplit

SILENCE = 1.5  # seconds; the time-out of tests must be shorter
DELAY = 0.3
_RESET_ON_CLOSE = struct.pack("ii", 1, 0)
_SLOW_DOWN = b"<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>"


class Fault(Enum):
    """What happens to a request."""

    none = "it goes through"
    late = "it goes through, after a while"
    refused = "the connection is reset before anything is read"
    busy = "503 SlowDown, and the server never hears of it"
    cut_up = "the connection is reset in the middle of the upload"
    lost = "the server does it, and the connection is reset before the answer"
    silent = "the server does it, and the answer never comes"
    cut_down = "the connection is reset in the middle of the answer, if that has a body"


HARMFUL = [fault for fault in Fault if fault not in (Fault.none, Fault.late)]
QUICK = [fault for fault in HARMFUL if fault is not Fault.silent]
Choice = Callable[[str, str], Fault]


class Proxy(ThreadingHTTPServer):
    """The proxy, at `endpoint`; `met` lists method, path and fate of every request."""

    daemon_threads = True

    def __init__(self, target: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.target = urlsplit(target).netloc
        self.endpoint = f"http://127.0.0.1:{self.server_address[1]}"
        self.choose: Choice = lambda method, path: Fault.none
        self.met: list[tuple[str, str, Fault]] = []

    def shutdown_request(self, request: Any) -> None:
        """Closes at once: an orderly farewell would keep the reset from being one."""
        self.close_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no news here."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else each answer waits 40 ms between its head and its body
    server: Proxy

    def _pass(self) -> None:
        fault = self.server.choose(self.command, self.path)
        self.server.met.append((self.command, self.path, fault))
        if fault is Fault.refused:
            return self._reset()
        body = self._body()
        if fault is Fault.busy:
            return self._answer(503, [("Content-Type", "application/xml")], _SLOW_DOWN)
        if fault is Fault.late:
            time.sleep(DELAY)
        upstream = HTTPConnection(self.server.target, timeout=60)
        try:
            self._forward(upstream, body, cut=fault is Fault.cut_up)
            if fault is Fault.cut_up:
                return self._reset()
            answer = upstream.getresponse()
            content = answer.read()
            headers = _kept(answer, self.command)
        finally:
            upstream.close()
        if fault is Fault.silent:
            time.sleep(SILENCE)
        if fault in (Fault.silent, Fault.lost):
            return self._reset()
        return self._answer(answer.status, headers, content, cut=fault is Fault.cut_down and bool(content))

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = _pass  # noqa: N815

    def _body(self) -> bytes:
        """The body as it is framed: for one in chunks, with their sizes."""
        if "chunked" not in self.headers.get("Transfer-Encoding", ""):
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        chunks = bytearray()
        size = 1
        while size:
            line = self.rfile.readline()
            size = int(line.split(b";")[0], 16)
            chunks += line + self.rfile.read(size + 2)
        return bytes(chunks)

    def _forward(self, upstream: HTTPConnection, body: bytes, *, cut: bool) -> None:
        upstream.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
        for name, value in self.headers.items():
            if name.lower() not in ("connection", "expect"):
                upstream.putheader(name, value)
        upstream.endheaders(body[: len(body) // 2] if cut else body)

    def _answer(self, status: int, headers: list[tuple[str, str]], content: bytes, *, cut: bool = False) -> None:
        self.send_response_only(status)
        for name, value in headers:
            self.send_header(name, value)
        if self.command != "HEAD":
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content[: len(content) // 2] if cut else content)
        if cut:
            self.wfile.flush()
            time.sleep(0.05)  # else the reset overtakes what was sent
            self._reset()

    def _reset(self) -> None:
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)

    def log_message(self, format: str, *args: Any) -> None:
        """Silence: `met` is the log."""


def _kept(answer: HTTPResponse, method: str) -> list[tuple[str, str]]:
    """The headers of an answer that still hold after it was read whole."""
    framing = {"transfer-encoding", "connection"} | (set() if method == "HEAD" else {"content-length"})
    return [(name, value) for name, value in answer.getheaders() if name.lower() not in framing]


@contextmanager
def before(endpoint: str) -> Iterator[Proxy]:
    """A proxy before the server at `endpoint`."""
    with Proxy(endpoint) as proxy:
        threading.Thread(target=proxy.serve_forever, daemon=True).start()
        try:
            yield proxy
        finally:
            proxy.shutdown()


def once(*faults: Fault, method: str = "", path: str = "", after: Fault = Fault.none) -> Choice:
    """These faults for the next requests of a method whose path holds `path`, one each, then none, or that `after`."""
    coming, lock = chain(faults, repeat(after)), threading.Lock()

    def choose(asked: str, at: str) -> Fault:
        with lock:
            return next(coming) if method in ("", asked) and path in at else Fault.none

    return choose


def always(fault: Fault) -> Choice:
    """One fault for every request."""
    return lambda method, path: fault


def at_random(rng: random.Random, share: float, faults: Sequence[Fault] = HARMFUL) -> Choice:
    """A fault for that share of the requests."""
    lock = threading.Lock()

    def choose(method: str, path: str) -> Fault:
        with lock:
            return rng.choice(faults) if rng.random() < share else Fault.none

    return choose


def weather(rng: random.Random, share: float, silences: int = 1) -> Choice:
    """For that share of the requests a quick fault, a late answer, or silence, of which there is so much at most."""
    lock, left = threading.Lock(), silences

    def choose(method: str, path: str) -> Fault:
        nonlocal left
        with lock:
            if rng.random() >= share:
                return Fault.none
            fault = rng.choice([*QUICK, Fault.late, *[Fault.silent] * (left > 0)])
            left -= fault is Fault.silent
            return fault

    return choose
