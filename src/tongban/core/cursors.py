"""Keys and places of lists as they come back in an address: one parser for all pages.

What cannot be one is no error: a list then begins at its first page. A number beyond 63 bits is no key of any table, and
a moment beyond the calendar is none; a database would fail on either.
"""

from __future__ import annotations

from datetime import UTC, datetime

from tongban.core import vault

LARGEST = 2**63 - 1


def key_of(typed: str | None) -> int | None:
    """The key that was typed, or None.

    >>> key_of("250"), key_of("²"), key_of("9" * 20), key_of("-1"), key_of(None)
    (250, None, None, None, None)
    """
    if not typed or len(typed) > 19 or not (typed.isascii() and typed.isdigit()):
        return None
    key = int(typed)
    return key if key <= LARGEST else None


def place_of(typed: str | None) -> tuple[datetime, int] | None:
    """A moment (in UTC) and a key, as ``moment|key`` names the last row of a page.

    >>> place_of("2026-01-01T08:00:00+08:00|7")
    (datetime.datetime(2026, 1, 1, 0, 0, tzinfo=datetime.timezone.utc), 7)
    >>> place_of("0001-01-01T00:00:00+14:00|1"), place_of("2026-01-01|²"), place_of("7")
    (None, None, None)
    """
    moment, _, last = (typed or "").partition("|")
    key = key_of(last)
    try:
        found = datetime.fromisoformat(moment)
        when = found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
    return (when, key) if key is not None else None


def closed(place: str) -> str:
    """A place at which no row shown stands, closed: it lies at something that the viewer perhaps may not see."""
    return _CLOSED + vault.encrypt(place, "cursor").hex()


def opened(typed: str) -> str:
    """What :func:`closed` closed, and any other place as it is; "" for what nobody gave out."""
    if not typed.startswith(_CLOSED):
        return typed
    try:
        return vault.decrypt(bytes.fromhex(typed[1:]), "cursor")
    except (ValueError, vault.Forgotten):
        return ""


_CLOSED = "~"
