"""A case's number and its tracking code.

>>> number("330482", 347)
'330482-000347'
>>> parse("330482", "000347")
347
"""

from __future__ import annotations

import re

_WIDTH = 6


def number(county: str, key: int) -> str:
    """The public number: the county's code and the case's own."""
    return f"{county}-{key:0{_WIDTH}d}"


def parse(county: str, typed: str) -> int | None:
    """The case's key from a typed number, whole or without the county; None if it is not one of this county."""
    found = re.fullmatch(r"(?:(\d{6})-)?0*(\d{1,12})", typed.strip())
    if not found or (found[1] and found[1] != county):
        return None
    return int(found[2])


def spaced(secret: str) -> str:
    """A secret in groups of five, as people read and type it.

    >>> spaced("7K3MQ9TX2B")
    '7K3MQ-9TX2B'
    """
    return "-".join(secret[i : i + 5] for i in range(0, len(secret), 5))
