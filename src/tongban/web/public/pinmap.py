"""The county as a small picture on which a place can be pointed at: towns and villages at their known positions.

The positions are synthetic in this release and the picture says so. It only helps: the lists beside it say the same.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

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
    named: bool = True  # whether there is room for its name


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


# The part of the picture that is shown around a pin, and the room that a town's name needs in it.
CLOSE, NAME = (240, 176), (34, 22)


@dataclass(frozen=True, slots=True)
class Pin:
    """A place that was pointed at: as text, and on the part of the picture around it (None beyond the picture)."""

    longitude: str
    latitude: str
    map: PinMap | None = None
    x: float = 0.0
    y: float = 0.0
    near: Label | None = None


def pin(longitude: float | None, latitude: float | None) -> Pin | None:
    """The pin at these coordinates; None where nobody has set one."""
    if longitude is None or latitude is None:
        return None
    plain = Pin(f"{longitude:.5f}", f"{latitude:.5f}")  # five decimals are a metre
    whole = pinmap()
    if whole is None:
        return plain
    x, y = (longitude - whole.west) * whole.across, (whole.north - latitude) * whole.down
    if not (0 <= x <= whole.width and 0 <= y <= whole.height):
        return plain
    near = min(whole.villages or whole.towns, key=lambda d: math.hypot(d.x - x, d.y - y))
    left, top = _begin(x, CLOSE[0], whole.width), _begin(y, CLOSE[1], whole.height)
    return replace(plain, map=_part(whole, left, top), x=round(x - left, 1), y=round(y - top, 1), near=near.name)


def zoomed(whole: PinMap, town: int) -> PinMap:
    """A town with its villages, so large that they fill the picture; the whole where it has fewer than two places."""
    dots = [d for d in whole.dots if d.town == town]
    if len(dots) < 2:
        return whole
    left, right = min(d.x for d in dots), max(d.x for d in dots)
    top, bottom = min(d.y for d in dots), max(d.y for d in dots)
    room = 1.5 * MARGIN
    scale = min((WIDTH - 2 * room) / max(right - left, 1), (HEIGHT - 2 * room) / max(bottom - top, 1))
    across, down = (WIDTH - (right - left) * scale) / 2, (HEIGHT - (bottom - top) * scale) / 2
    placed = [
        replace(d, x=round((d.x - left) * scale + across, 1), y=round((d.y - top) * scale + down, 1)) for d in dots
    ]
    return replace(whole, dots=placed)


def _begin(at: float, shown: int, whole: int) -> float:
    return min(max(at - shown / 2, 0), whole - shown)


def _part(whole: PinMap, left: float, top: float) -> PinMap:
    """The picture around a pin; a town whose name would run over the edge is a dot without a name."""
    width, height = CLOSE
    dots = []
    for dot in whole.dots:
        x, y = dot.x - left, dot.y - top
        if 0 <= x <= width and 0 <= y <= height:
            room = NAME[0] <= x <= width - NAME[0] and y >= NAME[1]
            dots.append(replace(dot, x=round(x, 1), y=round(y, 1), named=room))
    return replace(whole, dots=dots, width=width, height=height)


def _dot(place: Place, x: float, y: float) -> Dot:
    # "Xindai Town" is too long for a small picture in which every name is a town's.
    short = Label(place.name.zh, place.name.en.rsplit(" ", 1)[0] if place.level == "town" else place.name.en)
    return Dot(place.id, place.town, short, round(x, 1), round(y, 1), place.level)
