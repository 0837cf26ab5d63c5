"""What the worker looks for every few seconds: rows whose time has come, found by a column instead of an outbox row each.

A watch is called with the worker's clock, does what is due in transactions of its own, and must be harmless when several
workers call it at once: whoever comes second finds nothing left to do.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

#: Seconds between two looks.
EVERY = 10.0
Watch = Callable[[datetime], object]
W = TypeVar("W", bound=Watch)
_WATCHES: list[Watch] = []


def watches(look: W) -> W:
    """Register a watch."""
    _WATCHES.append(look)
    return look


def look(at: datetime) -> None:
    """Let every watch look once."""
    for watch in _WATCHES:
        watch(at)
