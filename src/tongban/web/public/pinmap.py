"""The county as a small picture on which a place can be pointed at: towns and villages at their known positions.

The positions are synthetic in this release and the picture says so. It only helps: the lists beside it say the same.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from tongban.core.labels import Label
from tongban.core.registry.queries import Place, directory

WIDTH, HEIGHT, MARGIN = 440, 340, 30


@dataclass(frozen=True, slots=True)
class Dot:
    """A place on the picture."""

    id: int
    town: int | None
    name: Label
    x: float
    y: float
    level: str


@dataclass(frozen=True, slots=True)
class PinMap:
    """The picture and how to read a position from it: ``longitude = west + x / across``, ``latitude = north − y / down``."""

    dots: list[Dot]
    west: float
    north: float
    across: float
    down: float
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def towns(self) -> list[Dot]:
        """The towns' dots."""
        return [d for d in self.dots if d.level == "town"]

    @property
    def villages(self) -> list[Dot]:
        """The villages' dots."""
        return [d for d in self.dots if d.level == "village"]


def pinmap() -> PinMap | None:
    """The picture; None where positions are unknown."""
    known = directory()
    places = [(p, p.longitude, p.latitude) for p in known.places.values() if p.valid_until is None]
    placed = [(p, x, y) for p, x, y in places if x is not None and y is not None and p.level != "county"]
    if len(placed) < 2:
        return None
    west, east = min(x for _, x, _ in placed), max(x for _, x, _ in placed)
    south, north = min(y for _, _, y in placed), max(y for _, _, y in placed)
    squeeze = math.cos(math.radians((south + north) / 2))
    scale = min(
        (WIDTH - 2 * MARGIN) / max((east - west) * squeeze, 1e-6), (HEIGHT - 2 * MARGIN) / max(north - south, 1e-6)
    )
    across, down = scale * squeeze, scale
    left = west - (WIDTH / across - (east - west)) / 2
    top = north + (HEIGHT / down - (north - south)) / 2
    dots = [_dot(p, (x - left) * across, (top - y) * down) for p, x, y in placed]
    return PinMap(dots, round(left, 6), round(top, 6), round(across, 4), round(down, 4))


@dataclass(frozen=True, slots=True)
class Pin:
    """A place that was pointed at: where it lies on the picture (None beyond its edge), and as text."""

    x: float
    y: float
    shown: bool
    longitude: str
    latitude: str
    near: Label | None


def pin(longitude: float | None, latitude: float | None, drawn: PinMap | None) -> Pin | None:
    """The pin at these coordinates on the picture; None where nobody has set one."""
    if longitude is None or latitude is None:
        return None
    known = drawn or PinMap([], longitude, latitude, 1.0, 1.0)
    x, y = (longitude - known.west) * known.across, (known.north - latitude) * known.down
    near = min(known.villages or known.towns, key=lambda d: math.hypot(d.x - x, d.y - y), default=None)
    inside = drawn is not None and 0 <= x <= known.width and 0 <= y <= known.height
    # Five decimals are a metre.
    return Pin(
        round(x, 1), round(y, 1), inside, f"{longitude:.5f}", f"{latitude:.5f}", near.name if near and inside else None
    )


def _dot(place: Place, x: float, y: float) -> Dot:
    # "Xindai Town" is too long for a small picture in which every name is a town's.
    short = Label(place.name.zh, place.name.en.rsplit(" ", 1)[0] if place.level == "town" else place.name.en)
    return Dot(place.id, place.town, short, round(x, 1), round(y, 1), place.level)
