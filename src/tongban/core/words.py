"""Cutting text into the words that the search index holds, and a reader's query into the words that it asks for."""

from __future__ import annotations

import re
import unicodedata

import rjieba

_RUN = re.compile(r"[^\W_]+")
# Marks that only the index itself may write (holders, age); taken out of everything that a person typed.
HOLDER_MARK = "\u01c1"
_MARKS = "\u01c0\u01c1\u01c2\u01c3"
_GONE = str.maketrans("", "", _MARKS)
_LONGEST = 64
_PUNCTUATION = tuple(zip("，！？：；（）", ",!?:;()", strict=True))


def cut(text: str) -> list[str]:
    """The distinct words of ``text``, normalised, in order of first appearance.

    Chinese is segmented; letters are folded; punctuation and emoji divide words and are not indexed. Each Chinese word
    of three or more characters is given with its parts too, so that 平湖 finds 平湖市.

    >>> cut("平湖市的路灯, ABC-12")
    ['平湖', '平湖市', '的', '路灯', 'abc', '12']
    """
    for wide, narrow in _PUNCTUATION:
        text = text.replace(wide, narrow)  # as NFKC would, and most texts then need no more of it
    plain = (text if unicodedata.is_normalized("NFKC", text) else unicodedata.normalize("NFKC", text)).casefold()
    if any(mark in plain for mark in _MARKS):
        plain = plain.translate(_GONE)
    pieces = rjieba.cut_for_search(plain)
    words = dict.fromkeys(filter(str.isalnum, pieces))
    if any(len(p) > 1 for p in set(pieces).difference(words)):
        # Some piece holds a word and something else. A line end divides words: one pass over all finds them in order.
        words = dict.fromkeys(_RUN.findall("\n".join(pieces)))
    return [w[:_LONGEST] for w in words] if max(map(len, words), default=0) > _LONGEST else list(words)


def holder_word(holder: int, programme: str) -> str:
    """The index's word for "this holder may see it, and it is of this programme"; no typed text can produce it."""
    return f"{HOLDER_MARK}{holder}{HOLDER_MARK}{programme.replace('_', '')}"
