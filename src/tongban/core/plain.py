"""Text as people typed it, without what cannot be stored or what would show other words than were written."""

from __future__ import annotations

import re

# NUL, which PostgreSQL does not store; halves of surrogate pairs, which nobody does (a browser never sends either); and
# the signs that turn the order of what follows (U+202A-E, U+2066-9): with them a line reads otherwise than it was typed.
_NEVER = re.compile("[\x00\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def clean(text: str) -> str:
    """``text`` without those.

    >>> clean("路灯\\u202e坏了\\x00")
    '路灯坏了'
    """
    return _NEVER.sub("", text)


def one_line(text: str, most: int) -> str:
    """A name or an address as it is stored: in one line, at most so many signs.

    >>> one_line("  陈\\u2066 居民 \\n", 80)
    '陈 居民'
    """
    return " ".join(clean(text).split())[:most].strip()
