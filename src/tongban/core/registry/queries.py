"""Reads of the registry: the directory of areas and bodies, firms by name or code, people by phone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from tongban.core.labels import Label
from tongban.core.registry.models import Area, Firm, Organisation, Person
from tongban.core.registry.reference import copy_of


@dataclass(frozen=True, slots=True)
class Place:
    """An area as the directory holds it. ``town`` is the town that it is or lies in; None for the county."""

    id: int
    code: str
    level: str
    name: Label
    parent: int | None
    town: int | None
    valid_from: date
    valid_until: date | None
    successor: int | None
    longitude: float | None
    latitude: float | None


@dataclass(frozen=True, slots=True)
class Body:
    """An organisation as the directory holds it."""

    id: int
    code: str
    kind: str
    name: Label
    parent: int | None
    area: int
    position: int
    valid_from: date
    valid_until: date | None
    successor: int | None

    def valid_on(self, day: date) -> bool:
        """Whether it exists on ``day``."""
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)


class Directory:
    """All areas and bodies of the county, past ones too, in memory."""

    def __init__(self) -> None:
        areas = list(Area.objects.all())
        parents = {a.pk: a.parent_id for a in areas}
        levels = {a.pk: a.level for a in areas}
        self.places = {a.pk: self._place(a, parents, levels) for a in areas}
        bodies = [self._body(o) for o in Organisation.objects.order_by("position", "sort")]
        self.bodies = {b.id: b for b in bodies}
        self.body_codes = {b.code: b for b in bodies}
        self.place_codes = {p.code: p for p in self.places.values()}
        self._below: dict[int, list[int]] = {}
        for body in bodies:
            if body.parent is not None:
                self._below.setdefault(body.parent, []).append(body.id)

    @staticmethod
    def _place(area: Area, parents: dict[int, int | None], levels: dict[int, str]) -> Place:
        town: int | None = area.pk
        while town is not None and levels[town] != Area.Level.TOWN:
            town = parents[town]
        return Place(
            area.pk, area.code, area.level, area.label, area.parent_id, town, area.valid_from, area.valid_until,
            area.successor_id, area.longitude, area.latitude,
        )  # fmt: skip

    @staticmethod
    def _body(body: Organisation) -> Body:
        return Body(
            body.pk, body.code, body.kind, body.label, body.parent_id, body.area_id, body.position, body.valid_from,
            body.valid_until, body.successor_id,
        )  # fmt: skip

    @property
    def county(self) -> Place:
        """The county itself."""
        return next(p for p in self.places.values() if p.level == Area.Level.COUNTY)

    def towns(self) -> list[Place]:
        """The towns that exist now, by code."""
        found = [p for p in self.places.values() if p.level == Area.Level.TOWN and p.valid_until is None]
        return sorted(found, key=lambda p: p.code)

    def villages(self, town: int) -> list[Place]:
        """The villages of a town, by code."""
        found = [p for p in self.places.values() if p.parent == town and p.valid_until is None]
        return sorted(found, key=lambda p: p.code)

    def below(self, body: int) -> Iterator[int]:
        """The bodies under ``body``, all levels, itself excluded."""
        for child in self._below.get(body, ()):
            yield child
            yield from self.below(child)

    def above(self, body: int) -> Iterator[int]:
        """The bodies over ``body``, nearest first, itself excluded."""
        parent = self.bodies[body].parent
        while parent is not None:
            yield parent
            parent = self.bodies[parent].parent

    def within(self, area: int) -> set[int]:
        """``area`` and every area inside it."""
        found = {area}
        grown = True
        while grown:
            inner = {p.id for p in self.places.values() if p.parent in found} - found
            found |= inner
            grown = bool(inner)
        return found


def directory() -> Directory:
    """The county's directory as it now is."""
    return copy_of("registry", Directory)


def firm_by_code(code: str) -> Firm | None:
    """The firm whose QR code (企业码) carries ``code``."""
    return Firm.objects.filter(code=code).first()


def some_subject_key() -> bytes | None:
    """The wrapped key of somebody who is registered: what the county's master key must open."""
    key = Person.objects.exclude(key=b"").order_by("pk").values_list("key", flat=True).first()
    return None if key is None else bytes(key)


def firms_like(words: str, limit: int = 8) -> list[Firm]:
    """Firms whose credit code is, or whose name begins with or holds, ``words``; nothing for fewer than two signs."""
    words = words.strip()
    if len(words) < 2:
        return []
    found = Firm.objects.filter(Q(name_zh__icontains=words) | Q(credit_code=words.upper()))
    return list(found.order_by("sort", "id")[:limit])
