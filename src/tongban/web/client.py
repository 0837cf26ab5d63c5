"""From which network address a request comes, behind as many proxies as the county says that it has.

Each proxy adds the address that it sees at the end of ``X-Forwarded-For``; what stands before those was written by
whoever asks and proves nothing. So with one proxy the last address counts, with two the last but one.
"""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def address(request: HttpRequest) -> str:
    """The client's address as the outermost of our own proxies saw it."""
    seen = str(request.META.get("REMOTE_ADDR", ""))
    hops: int = settings.TONGBAN_PROXIES
    passed = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hops else []
    # Fewer addresses than proxies: one of them adds none, and then nothing in the header is known to be true.
    found = _plain(passed[-hops]) if hops and len(passed) >= hops else ""
    return found or seen


def network(request: HttpRequest) -> str:
    """What counts as one sender: an address, or of IPv6 the 64 bits that one household or phone is given whole."""
    found = _plain(address(request))
    if not found:
        return "unknown"
    known = ipaddress.ip_address(found)
    if isinstance(known, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((known, 64), strict=False))
    return found


def _plain(text: str) -> str:
    """An address without port or brackets, in one spelling; empty for what is none."""
    text = text.strip().strip('"')
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        known = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return ""
    inside = known.ipv4_mapped if isinstance(known, ipaddress.IPv6Address) else None
    return str(inside or known)
