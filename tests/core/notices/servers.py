"""Machines of somebody else's: each says what it is told to, or nothing, and remembers what it was sent."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Received:
    """One request."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def said(self) -> Any:
        return json.loads(self.body)


@dataclass
class Machine:
    """A server in a thread. ``answer`` is called with each request and writes what it likes."""

    answer: Callable[[BaseHTTPRequestHandler, Received], None]
    host: str = "127.0.0.1"
    received: list[Received] = field(default_factory=list)
    ends: threading.Event = field(default_factory=threading.Event)
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}/hook"


@contextmanager
def machine(answer: Callable[..., None], host: str = "127.0.0.1", port: int = 0) -> Iterator[Machine]:
    made = Machine(answer, host)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            got = Received(self.path, {k.lower(): v for k, v in self.headers.items()}, body)
            made.received.append(got)
            with suppress(OSError):
                made.answer(self, got)

        def log_message(self, *args: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False

        def handle_error(self, *args: object) -> None:
            pass

    server = Server((host, port), Handler)
    made.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        made.ends.set()
        server.shutdown()
        server.server_close()


def says(status: int, body: bytes = b"", **headers: str) -> Callable[..., None]:
    def answer(handler: BaseHTTPRequestHandler, got: Received) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def accepts(handler: BaseHTTPRequestHandler, got: Received) -> None:
    """As a gateway for messages does."""
    says(200, json.dumps({"id": got.said["id"], "status": "accepted"}).encode())(handler, got)


def hangs(ends: threading.Event) -> Callable[..., None]:
    """Takes the request and says nothing until the test is over."""
    return lambda handler, got: (ends.wait(60), None)[1]


def trickles(ends: threading.Event) -> Callable[..., None]:
    """One sign every now and then, so that no single read ever takes long."""

    def answer(handler: BaseHTTPRequestHandler, got: Received) -> None:
        handler.wfile.write(b"HTTP/1.0 200 OK\r\nX-Slow: ")
        while not ends.wait(0.05):
            handler.wfile.write(b"x")
            handler.wfile.flush()

    return answer


def endless(handler: BaseHTTPRequestHandler, got: Received) -> None:
    """A body without an end."""
    handler.send_response(200)
    handler.end_headers()
    while True:
        handler.wfile.write(b"x" * 65536)
