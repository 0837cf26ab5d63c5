"""The port ``similar`` filled by the full-text index: which cases hold the same telling words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import combinations

from tongban.core.database import AnyOf, TextIndex
from tongban.core.words import cut
from tongban.engines.cases.logic.likeness import likeness, telling, weights
from tongban.engines.cases.text import INDEX, PUBLIC_INDEX

_LETTERS = 600  # of the text: what it is about stands at the beginning
_ASKED = 6  # words of which a case must hold two to be looked at
_LOOKED_AT = 80  # the newest of these


def similar(text: str, *, seen_by: Sequence[str], limit: int) -> Sequence[tuple[int, float]]:
    """The likest cases by their words: a word that many of them hold tells less than one that few do."""
    return _likest(INDEX, text, seen_by, limit) if seen_by else []


def similar_published(text: str, *, limit: int) -> Sequence[tuple[int, float]]:
    """The same among published texts: keys of publications."""
    return _likest(PUBLIC_INDEX, text, (), limit)


def _likest(index: TextIndex, text: str, seen_by: Sequence[str], limit: int) -> Sequence[tuple[int, float]]:
    mine = telling(cut(text[:_LETTERS]))
    if not mine:
        return []
    asked = sorted(mine, key=len, reverse=True)[:_ASKED]
    ways = tuple(combinations(asked, 2)) or ((asked[0],),)
    keys = index.newest([AnyOf(ways)], any_of=seen_by, before=None, limit=_LOOKED_AT)
    words = {key: set(telling(sorted(held))) for key, held in index.read(keys).items()} if keys else {}
    weight = weights(Counter(w for held in words.values() for w in held), len(words))
    found = [(key, likeness(set(mine), held, weight)) for key, held in words.items()]
    return sorted(found, key=lambda one: (-one[1], -one[0]))[:limit]
