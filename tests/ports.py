"""Ports for servers that a test starts, each given to one process only, however many test processes run."""

from __future__ import annotations

import fcntl
import socket
import tempfile
from pathlib import Path
from typing import IO

# Below 32768: above, the system gives ports away by itself.
PORTS = range(18101, 18300)
_HELD: list[IO[str]] = []


def free_port() -> int:
    """A port on which nobody listens and which no other test process has been given; it is ours until this one ends."""
    for port in PORTS:
        if not _ours(port):
            continue
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                return port
    raise RuntimeError("no free port")


def _ours(port: int) -> bool:
    """Whether the port's lock could be taken: between looking for a listener and listening, another would look too."""
    lock = Path(tempfile.gettempdir(), f"tongban-test-port-{port}.lock").open("w")  # noqa: SIM115 - held until the end
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        return False
    _HELD.append(lock)
    return True
