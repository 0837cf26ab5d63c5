"""Looking for viruses: a port, and clamd behind it.

``TONGBAN_SCANNER`` names it: empty for none (the pages of administration say so), ``clamd:/run/clamav/clamd.ctl`` for a
socket on this machine, ``clamd:HOST:PORT`` for one elsewhere. While a scanner is named, no file is opened to anybody
before it has given its verdict; one that does not answer keeps files waiting and loses none. Each look has one end for
all of it, well before the worker's lease runs out.
"""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from django.conf import settings

# For connecting, sending and the answer together. clamd itself gives a file two minutes unless it is told otherwise.
_SECONDS = 120.0
_MOST = 4096


class ScannerDown(Exception):
    """The scanner did not answer, or answered that it cannot look; the file is to be shown to it again later."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a scanner says of a file: clean, or what was found in it."""

    found: str = ""

    @property
    def clean(self) -> bool:
        """Whether nothing was found."""
        return not self.found


class Scanner(Protocol):
    """Whoever looks through a file."""

    def scan(self, pieces: Iterable[bytes]) -> Verdict:
        """Look through the content, given piece by piece. Raises :class:`ScannerDown`."""


@dataclass(frozen=True, slots=True)
class Clamd:
    """ClamAV's daemon, by its command INSTREAM."""

    address: str | tuple[str, int]
    seconds: float = _SECONDS

    def scan(self, pieces: Iterable[bytes]) -> Verdict:
        """Send the content and read the verdict. What goes wrong in reading ``pieces`` is not the scanner's fault."""
        end = time.monotonic() + self.seconds
        with self._connected(end) as line:
            _send(line, b"zINSTREAM\0", end)
            for piece in pieces:
                if piece:
                    _send(line, len(piece).to_bytes(4, "big") + piece, end)
            _send(line, bytes(4), end)
            return _verdict(_answer(line, end))

    def _connected(self, end: float) -> socket.socket:
        failed = ScannerDown("no address")
        for family, where in self._ways():
            line = socket.socket(family)
            try:
                with _until(end, line):
                    line.connect(where)
            except ScannerDown as error:
                line.close()
                failed = error
            else:
                return line
        raise failed

    def _ways(self) -> list[tuple[int, Any]]:
        if isinstance(self.address, str):
            return [(socket.AF_UNIX, self.address)]
        try:
            found = socket.getaddrinfo(*self.address, type=socket.SOCK_STREAM)
        except OSError as error:
            raise ScannerDown(type(error).__name__) from None
        return [(family, where) for family, _kind, _protocol, _name, where in found]


def scanner() -> Scanner | None:
    """The scanner that the settings name, if any."""
    return named(settings.TONGBAN_SCANNER)


def named(text: str) -> Scanner | None:
    """The scanner that ``text`` names; ValueError if it names none that there is."""
    if not text:
        return None
    sort, _, where = text.partition(":")
    host, _, port = where.rpartition(":")
    if sort != "clamd" or not (where.startswith("/") or (host and port.isdigit())):
        raise ValueError("TONGBAN_SCANNER must be empty, clamd:/path/of/socket or clamd:HOST:PORT")
    return Clamd(where if where.startswith("/") else (host, int(port)))


@contextmanager
def _until(end: float, line: socket.socket) -> Iterator[None]:
    """One step, for which there is as much time as is left of the whole: a slow other side gains none by small steps."""
    try:
        left = end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        line.settimeout(left)
        yield
    except OSError as error:
        raise ScannerDown(type(error).__name__) from None


def _send(line: socket.socket, said: bytes, end: float) -> None:
    with _until(end, line):
        line.sendall(said)  # its time-out is for all of ``said``


def _answer(line: socket.socket, end: float) -> str:
    said = b""
    while not said.endswith(b"\0") and len(said) < _MOST:
        with _until(end, line):
            piece = line.recv(_MOST)
        if not piece:
            break
        said += piece
    return said.rstrip(b"\0\n").decode("utf-8", "replace")


def _verdict(said: str) -> Verdict:
    """The verdict in an answer of clamd.

    >>> _verdict("stream: OK").clean, _verdict("stream: Eicar-Test-Signature FOUND").found
    (True, 'Eicar-Test-Signature')
    """
    if said == "stream: OK":
        return Verdict()
    if found := re.fullmatch(r"stream: (.+) FOUND", said):
        return Verdict(found[1][:80])
    raise ScannerDown(said[:80] or "no answer")
