"""Looking for viruses: a port, and clamd behind it.

``TONGBAN_SCANNER`` names it: empty for none (the pages of administration say so), ``clamd:/run/clamav/clamd.ctl`` for a
socket on this machine, ``clamd:HOST:PORT`` for one elsewhere. While a scanner is named, no file is opened to anybody
before it has given its verdict; one that does not answer keeps files waiting and loses none.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from django.conf import settings

_TIMEOUT = 60.0  # seconds, for each answer
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

    def scan(self, pieces: Iterable[bytes]) -> Verdict:
        """Send the content and read the verdict."""
        try:
            with self._connected() as line:
                line.sendall(b"zINSTREAM\0")
                for piece in pieces:
                    if piece:
                        line.sendall(len(piece).to_bytes(4, "big") + piece)
                line.sendall(bytes(4))
                return _verdict(_answer(line))
        except OSError as error:
            raise ScannerDown(type(error).__name__) from None

    def _connected(self) -> socket.socket:
        if isinstance(self.address, tuple):
            return socket.create_connection(self.address, timeout=_TIMEOUT)
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(_TIMEOUT)
        try:
            line.connect(self.address)
        except OSError:
            line.close()
            raise
        return line


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


def _answer(line: socket.socket) -> str:
    said = b""
    while not said.endswith(b"\0") and len(said) < _MOST:
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
