"""Published matters on the sketch of the county: one circle for each town, or for each village of a chosen town.

Only areas are drawn, never a matter by itself, and the table below the picture says the same in words.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from tongban.core.labels import Label
from tongban.core.registry.queries import Place, directory
from tongban.engines.cases.queries.published import Wanted, published_places
from tongban.web.guard import public
from tongban.web.public.matters import narrowing, shared
from tongban.web.public.pinmap import Dot, PinMap, pinmap, zoomed
from tongban.web.reading import Reading
from tongban.web.seeking import moved, numberlike

_LEAST, _LARGEST = 9.0, 26.0
_HALF = 28  # half of a name's length


@dataclass(frozen=True, slots=True)
class Spot:
    """A place with its matters; ``x``, ``y`` and ``radius`` in the picture's units, None where it has no position."""

    code: str
    name: Label
    count: int
    late: int
    x: float | None
    y: float | None
    radius: float
    label_y: float


@require_http_methods(["GET", "HEAD", "POST"])
@public
def matters_map(request: Reading) -> HttpResponse:
    """The map with its table."""
    if answer := moved(request, numberlike):
        return answer
    asked = narrowing(request)
    town = _town(asked.place)
    wanted = asked.wanted
    if town is not None:
        wanted = Wanted(wanted.standing, wanted.programme, wanted.category, town.id, wanted.words)
    counts = published_places(wanted, request.at)
    whole = pinmap()
    drawn = zoomed(whole, town.id) if whole is not None and town is not None else whole
    spots = _spots(counts, town, drawn)
    context = {
        **shared(request, asked), "map": drawn, "spots": spots, "town": town,
        "others": _elsewhere(counts, town),
    }  # fmt: skip
    return render(request, "web/public/matters_map.html", context)


def _town(place: Place | None) -> Place | None:
    return directory().places[place.town] if place is not None and place.town is not None else None


def _spots(counts: Mapping[int, tuple[int, int]], town: Place | None, drawn: PinMap | None) -> list[Spot]:
    """The places in which something is published, the fullest first."""
    known, found, late = directory(), Counter[int](), Counter[int]()
    for area, (count, overdue) in counts.items():
        place = known.places[area]
        shown = place.town if town is None else area
        if shown is not None:
            found[shown] += count
            late[shown] += overdue
    dots = {d.id: d for d in drawn.dots} if drawn is not None else {}
    if town is not None:
        # What is told of the town alone lies in no village: it stands in the table, and in nobody's place on the picture.
        dots.pop(town.id, None)
    most = max(found.values(), default=1)
    order = sorted(found, key=lambda area: (-found[area], known.places[area].code))
    return _labelled([_spot(known.places[area], found[area], late[area], dots.get(area), most) for area in order])


def _spot(place: Place, count: int, late: int, dot: Dot | None, most: int) -> Spot:
    # The area of a circle, not its radius, stands for the number.
    radius = round(max(_LEAST, _LARGEST * math.sqrt(count / most)), 1)
    if dot is None:
        return Spot(place.code, place.name, count, late, None, None, radius, 0)
    return Spot(place.code, dot.name, count, late, dot.x, dot.y, radius, round(dot.y - radius - 4, 1))


def _labelled(spots: list[Spot]) -> list[Spot]:
    """A name stands above its circle; below it where another circle would lie under the name."""

    def covered(one: Spot, other: Spot) -> bool:
        if one is other or other.x is None or other.y is None or one.x is None:
            return False
        return abs(one.x - other.x) < other.radius + _HALF and abs(one.label_y - _HALF / 8 - other.y) < other.radius + 8

    return [
        replace(s, label_y=round((s.y or 0) + s.radius + 14, 1)) if any(covered(s, o) for o in spots) else s
        for s in spots
    ]


def _elsewhere(counts: Mapping[int, tuple[int, int]], town: Place | None) -> tuple[int, int] | None:
    """Matters of the county as a whole, which no circle stands for: how many, and how many overdue."""
    return counts.get(directory().county.id) if town is None else None
