"""Two texts side by side: what the second has left out of the first, and what it says instead."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

_UNIT = re.compile(r"[A-Za-z0-9]+|【[^】]{1,8}】|\s+|.", re.S)

Piece = tuple[str, str]


def pieces(original: str, public: str) -> list[Piece]:
    """The texts woven into one: ("same" | "gone" | "new", words).

    >>> pieces("请找陈居民", "请找【姓名】")
    [('same', '请找'), ('gone', '陈居民'), ('new', '【姓名】')]
    """
    one, other = _UNIT.findall(original), _UNIT.findall(public)
    found: list[Piece] = []
    for code, a, b, c, d in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if code == "equal":
            found.append(("same", "".join(one[a:b])))
            continue
        found += [(kind, "".join(said)) for kind, said in (("gone", one[a:b]), ("new", other[c:d])) if said]
    return found
