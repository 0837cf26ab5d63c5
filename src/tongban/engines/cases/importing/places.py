"""Which area a foreign table means: by code, by name, or by the names inside a longer one."""

from __future__ import annotations

import unicodedata

from tongban.core.registry.queries import Directory, Place


def _plain(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


class Places:
    """The present areas of the county, made ready for looking up."""

    def __init__(self, known: Directory) -> None:
        present = [p for p in known.places.values() if p.valid_until is None]
        self.county = known.county
        self._by_code = {p.code: p for p in present}
        self._by_name: dict[str, list[Place]] = {}
        for place in present:
            for name in {_plain(place.name.zh), _plain(place.name.en)}:
                self._by_name.setdefault(name, []).append(place)
        self._villages = [(_plain(p.name.zh), p) for p in present if p.level == "village"]
        self._towns = [(_plain(p.name.zh), p) for p in present if p.level == "town"]

    def find(self, text: str) -> Place | None:
        """The area that ``text`` names without doubt; None if there is none, or several."""
        plain = _plain(text)
        if not plain:
            return None
        if plain.isdigit():
            return self._by_code.get(plain) or self._padded(plain)
        exact = self._by_name.get(plain, [])
        return exact[0] if len(exact) == 1 else self._inside(plain)

    def _padded(self, code: str) -> Place | None:
        """A code with or without the zeros that fill it up to twelve digits."""
        found = [p for c, p in self._by_code.items() if c.ljust(12, "0") == code.ljust(12, "0")]
        return min(found, key=lambda p: len(p.code)) if found else None

    def _inside(self, plain: str) -> Place | None:
        """平湖市新埭镇泖口村: the village, if its town fits or is not named; else the town."""
        towns = [p for name, p in self._towns if name in plain]
        villages = [p for name, p in self._villages if name in plain]
        if towns:
            villages = [v for v in villages if v.town in {t.id for t in towns}]
        if len(villages) == 1:
            return villages[0]
        if len(towns) == 1:
            return towns[0]
        return self.county if plain == _plain(self.county.name.zh) else None
