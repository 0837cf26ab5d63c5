"""What a typed search asks the index for: words, places by whatever name they have now, words with a space inside."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping

from tongban.core.database import AnyOf, Term
from tongban.core.registry.queries import Directory, directory
from tongban.core.words import cut, place_word

_MOST_WORDS, _MOST_PARTS, _MOST_PLACES = 12, 6, 3
_TOWNS = ("街道", "镇", "乡")
_GENERIC = frozenset({"town", "subdistrict", "village", "community"})
_HAN = re.compile(r"[\u3400-\u9fff]+")
Names = Mapping[str, list[int]]


def terms_of(typed: str) -> list[Term]:
    """What a case must hold to be found; empty where nothing can be asked.

    Each part between spaces must be found: as words, or as the place whose name it holds. Chinese parts may also be one
    word into which a space has slipped.
    """
    names = _names(directory())
    said = typed.casefold().split()
    parts = [p for n, p in enumerate(said) if not (n and p in _GENERIC and said[n - 1] in names)][:_MOST_PARTS]
    apart = [term for part in parts for term in _part(part, names, _MOST_PLACES)]
    if len(parts) > 1 and all(map(_HAN.fullmatch, parts)):
        together = _part("".join(parts), names, _MOST_PLACES)
        if set(together) != set(apart):
            return [AnyOf((tuple(apart), tuple(together)))]
    return apart


def _part(part: str, names: Names, most: int) -> list[Term]:
    """The words of one part; if a place's name stands in it, or: the place, and the words around it."""
    words = _longest(cut(part)[:_MOST_WORDS])
    name = _longest_in(part, names) if most else ""
    if not words or not name:
        return words
    before, _, after = part.partition(name)
    around = [*_part(before, names, most - 1), *_part(after, names, most - 1)]
    return [AnyOf((tuple(words), (_places(names[name]), *around)))]


def _longest(words: list[str]) -> list[Term]:
    """Without the parts of longer words: wherever a long word is indexed, so are its parts, and to look for them too
    only costs time (排水沟 says 排水 and 水沟)."""
    return [w for w in words if not any(w != other and w in other for other in words)]


def _places(areas: list[int]) -> Term:
    return AnyOf(tuple((place_word(area),) for area in areas))


def _longest_in(part: str, names: Names) -> str:
    return max((n for n in names if (n == part if n.isascii() else n in part)), key=len, default="")


def _names(known: Directory) -> Names:
    """Towns and villages by their names, and by what people call a town: 新埭镇 and 新埭; in English the first words.

    A village's name without its 村 is too often an ordinary word (先锋, 东方) to mean the village.
    """
    found: dict[str, list[int]] = defaultdict(list)
    for place in known.places.values():
        if place.level == "county":
            continue
        name, english = place.name.zh, place.name.en.casefold()
        words = {name, english.rsplit(" ", 1)[0] if " " in english else ""}
        if place.level == "town":
            words |= {name.removesuffix(kind) for kind in _TOWNS}
        for word in words:
            if len(word) > 1:
                found[word].append(place.id)
    return found
