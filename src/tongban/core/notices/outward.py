"""Calls to somebody else's machine: one address that was checked, one deadline for all of it, no redirects, little read.

A name is resolved once; what was checked is what is called, so a name that answers differently a moment later changes
nothing. Only public addresses may be called, and those in ``networks``, which the county's own people have named.
"""

from __future__ import annotations

import http.client
import ipaddress
import re
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from urllib.parse import urlsplit

Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address
PORTS = {443, 8443}
EVERYWHERE: tuple[Network, ...] = (ipaddress.ip_network("0.0.0.0/0"), ipaddress.ip_network("::/0"))
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9.\-]{0,251}[a-z0-9])?\.?|\[[0-9a-f:.]+\]", re.I)
# Ways of writing an IPv4 address inside an IPv6 one, behind each of which may stand a private machine; and networks for
# special use that older releases of Python take for public ones.
_HIDDEN = tuple(
    ipaddress.ip_network(network)
    for network in (
        "::/96", "64:ff9b::/96", "64:ff9b:1::/48", "2001::/23", "2002::/16", "fec0::/10", "192.0.0.0/24",
        "192.88.99.0/24",
    )
)  # fmt: skip


class CallFailed(Exception):
    """Nothing came of the call. ``code`` says why, in one word: it holds nobody's data."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class UnsafeAddress(CallFailed):
    """The address is not one that may be called."""


@dataclass(frozen=True, slots=True)
class Target:
    """An address taken apart and, at this moment, checked."""

    secure: bool
    host: str
    port: int
    path: str
    where: tuple[str, int]  # the numeric address to call, and its port
    family: int

    @property
    def header(self) -> str:
        """The Host header."""
        return self.host if self.port == (443 if self.secure else 80) else f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the other side said: the status and the beginning of the body."""

    status: int
    body: bytes


def post(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    seconds: float,
    networks: Sequence[Network] = (),
    read: int = 0,
) -> Answer:
    """POST ``body`` within ``seconds`` in all, and read at most ``read`` bytes of what is answered.

    :class:`CallFailed` whenever there is no such answer.
    """
    end = time.monotonic() + seconds
    target = checked(url, networks=networks, seconds=seconds)
    try:
        with _connected(target, end) as link:
            connection = http.client.HTTPConnection(target.host, target.port)
            connection.sock = link
            connection.request("POST", target.path, body, {"Host": target.header, "Connection": "close", **headers})
            response = connection.getresponse()
            return Answer(response.status, response.read(read) if read else b"")
    except CallFailed:
        raise
    except ssl.SSLError:
        raise CallFailed("slow" if time.monotonic() >= end else "certificate") from None
    except (OSError, http.client.HTTPException, ValueError) as error:
        slow = isinstance(error, TimeoutError) or time.monotonic() >= end
        raise CallFailed("slow" if slow else "connection") from None


def checked(url: str, *, networks: Sequence[Network] = (), seconds: float = 5) -> Target:
    """``url`` taken apart and its host looked up; :class:`UnsafeAddress` if it may not be called."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise UnsafeAddress("shape") from None
    host = parts.hostname or ""
    bare = f"[{host}]" if ":" in host else host
    if parts.scheme not in ("http", "https") or not _HOST.fullmatch(bare) or re.search(r"[^!-~]", url):
        raise UnsafeAddress("shape")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise UnsafeAddress("shape")
    secure = parts.scheme == "https"
    port = port or (443 if secure else 80)
    family, address = _looked_up(host, port, seconds)
    if not may_call(address, networks):
        raise UnsafeAddress("private")
    own = any(address in network for network in networks)
    if not own and not secure:
        raise UnsafeAddress("scheme")
    if not own and port not in PORTS:
        raise UnsafeAddress("port")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(secure, bare, port, path, (str(address), port), family)


def may_call(address: Address, networks: Sequence[Network] = ()) -> bool:
    """Whether a machine at this address may be called.

    >>> [may_call(ipaddress.ip_address(a)) for a in ("93.184.215.14", "10.0.0.1", "::ffff:127.0.0.1")]
    [True, False, False]
    """
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    if any(address in network for network in networks):
        return True
    hidden = address.is_multicast or address.is_reserved or any(address in network for network in _HIDDEN)
    return address.is_global and not hidden


def _looked_up(host: str, port: int, seconds: float) -> tuple[int, Address]:
    """The first address of a name; if one of them may not be called, :func:`may_call` sees that one."""
    found: list[tuple[int, Address]] = []

    def ask() -> None:
        # In a thread of its own, for a name server may take longer than anybody here has.
        try:
            for family, _kind, _protocol, _name, where in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
                found.append((family, ipaddress.ip_address(str(where[0]).partition("%")[0])))
        except (OSError, UnicodeError, ValueError):
            return

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(seconds)
    if asking.is_alive() or not found:
        raise CallFailed("name")
    # A name with a private address among its public ones is refused: the next look-up might put that one first.
    return next(((f, a) for f, a in found if not may_call(a)), found[0])


@contextmanager
def _connected(target: Target, end: float) -> Iterator[socket.socket]:
    """A socket to the checked address that is cut off when the time is over, however slowly the other side trickles."""
    link = socket.socket(target.family, socket.SOCK_STREAM)
    link.settimeout(max(0.1, end - time.monotonic()))
    over = threading.Event()
    try:
        link.connect(target.where)
        if target.secure:
            context = ssl.create_default_context()
            link = context.wrap_socket(link, server_hostname=target.host.strip("[]"), do_handshake_on_connect=False)
        watch = threading.Timer(max(0.0, end - time.monotonic()), _cut, (link, over))
        watch.daemon = True
        watch.start()
        try:
            if isinstance(link, ssl.SSLSocket):
                link.do_handshake()
            yield link
        finally:
            watch.cancel()
        if over.is_set():
            raise CallFailed("slow")
    finally:
        link.close()


def _cut(link: socket.socket, over: threading.Event) -> None:
    over.set()
    try:
        socket.socket.shutdown(link, socket.SHUT_RDWR)  # beneath any TLS, whose own state another thread is using
    except OSError:
        return  # it is closed already
