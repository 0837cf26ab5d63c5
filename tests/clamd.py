"""A server that speaks as much of clamd's protocol as is needed to be asked for a verdict."""

from __future__ import annotations

import socketserver
import threading
from pathlib import Path
from typing import Any

# Every scanner knows this harmless text. Written in two, so that none takes this very file away.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR" + b"-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class Daemon:
    """Runs in a thread; ``seen`` are the files that it was shown. ``answer`` overrides its verdict.

    One that ``hangs`` is not heard of again; one that ``trickles`` says a sign now and then, and never a whole answer.
    """

    def __init__(self, path: Path | None = None) -> None:
        daemon = self
        self.seen: list[bytes] = []
        self.answer: bytes | None = None
        self.hangs_up = self.hangs = self.trickles = False
        self._ends = threading.Event()

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                if self.rfile.read(10) != b"zINSTREAM\0":
                    self.wfile.write(b"UNKNOWN COMMAND\0")
                    return
                content = b""
                while size := int.from_bytes(self.rfile.read(4), "big"):
                    if daemon.hangs_up:
                        return
                    content += self.rfile.read(size)
                daemon.seen.append(content)
                while daemon.trickles and not daemon._ends.wait(0.05):
                    self.wfile.write(b"x")
                if daemon.hangs:
                    daemon._ends.wait(60)
                found = b"stream: Eicar-Test-Signature FOUND\0" if EICAR in content else b"stream: OK\0"
                self.wfile.write(found if daemon.answer is None else daemon.answer)

        sort: Any = socketserver.ThreadingUnixStreamServer if path else socketserver.ThreadingTCPServer
        self._server = sort(str(path) if path else ("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self._server.handle_error = lambda *_: None  # whoever asked has gone

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def __enter__(self) -> Daemon:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        self._ends.set()
        self._server.shutdown()
        self._server.server_close()
