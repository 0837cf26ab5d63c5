"""Django's way to a mail server, with one deadline for all that is said to it.

Its own time-out is for each read, so a server that says a sign a second would hold its thread for ever.
"""

from __future__ import annotations

import smtplib
import socket
import threading
import time
from contextlib import suppress

from django.core.mail.backends import smtp

SECONDS = 60.0


class _Watched(smtplib.SMTP):
    """A connection that is cut off when the time is over."""

    _watch: threading.Timer | None = None

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        begun = time.monotonic()
        link: socket.socket = super()._get_socket(host, port, timeout)  # type: ignore[misc]
        # A second handle on the same connection: it stays good when TLS takes the first one over.
        self._whole = link.dup()
        self._watch = threading.Timer(max(0.0, begun + SECONDS - time.monotonic()), _cut, (self._whole,))
        self._watch.daemon = True
        self._watch.start()
        return link

    def close(self) -> None:
        """Close the connection, and watch it no more."""
        if self._watch is not None:
            self._watch.cancel()
            self._whole.close()
        super().close()


class _WatchedTLS(smtplib.SMTP_SSL, _Watched):
    """The same under TLS from the first sign on: beneath it the connection is made by :class:`_Watched`."""


class EmailBackend(smtp.EmailBackend):
    """Letters by SMTP; each connection ends after :data:`SECONDS`."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        """The kind of connection."""
        return _WatchedTLS if self.use_ssl else _Watched


def _cut(whole: socket.socket) -> None:
    with suppress(OSError), whole:  # it is closed already
        whole.shutdown(socket.SHUT_RDWR)
