"""Cutting text into the words that the search index holds, and a reader's query into the words that it asks for."""

from __future__ import annotations

import re
import unicodedata

import rjieba

_RUN = re.compile(r"[^\W_]+")
# Marks that only the index itself may write (places, holders, age); taken out of everything that a person typed.
HOLDER_MARK, PLACE_MARK = "\u01c1", "\u01c0"
_MARKS = "\u01c0\u01c1\u01c2\u01c3"
_GONE = str.maketrans("", "", _MARKS)
_LONGEST = 64
_PUNCTUATION = tuple(zip("，！？：；（）", ",!?:;()", strict=True))


def cut(text: str) -> list[str]:
    """The distinct words of ``text``, normalised, in order of first appearance: what a search asks for.

    Chinese is segmented; letters are folded; punctuation and emoji divide words and are not indexed. Each Chinese word
    of three or more characters is given with its parts too, so that 平湖 finds 平湖市. Words are those of the dictionary
    and no guesses: a guess depends on what stands around it, and the same name would be cut now so, now otherwise.

    >>> cut("平湖市的路灯, ABC-12")
    ['平湖', '平湖市', '的', '路灯', 'abc', '12']
    """
    return _cut(_plain(text))


def words_in(text: str) -> list[str]:
    """The words of ``text`` by which it is found: those of :func:`cut`, and every other word that its signs can be read as.

    >>> "路灯" in cut("路灯不亮"), "路灯" in words_in("路灯不亮")
    (False, True)
    """
    plain = _plain(text)
    found = _cut(plain)
    others = set(rjieba.cut_all(plain)).difference(found)
    return found + sorted(w for w in others if 1 < len(w) <= _LONGEST and w.isalnum())


def _plain(text: str) -> str:
    for wide, narrow in _PUNCTUATION:
        text = text.replace(wide, narrow)  # as NFKC would, and most texts then need no more of it
    plain = (text if unicodedata.is_normalized("NFKC", text) else unicodedata.normalize("NFKC", text)).casefold()
    return plain.translate(_GONE) if any(mark in plain for mark in _MARKS) else plain


def _cut(plain: str) -> list[str]:
    pieces = rjieba.cut_for_search(plain, False)
    words = dict.fromkeys(filter(str.isalnum, pieces))
    if any(len(p) > 1 for p in set(pieces).difference(words)):
        # Some piece holds a word and something else. A line end divides words: one pass over all finds them in order.
        words = dict.fromkeys(_RUN.findall("\n".join(pieces)))
    return [w[:_LONGEST] for w in words] if max(map(len, words), default=0) > _LONGEST else list(words)


def holder_word(holder: int, programme: str) -> str:
    """The index's word for "this holder may see it, and it is of this programme"; no typed text can produce it."""
    return f"{HOLDER_MARK}{holder}{HOLDER_MARK}{programme.replace('_', '')}"


def place_word(area: int) -> str:
    """The index's word for "it lies in this area", whatever the area is called; no typed text can produce it."""
    return f"{PLACE_MARK}{area}"
