"""Published matters by distance: the areas nearest to a chosen one first, and within an area the newest first.

A matter lies where its text says that it lies: in a village, a town, or the county as a whole. Nobody's position is asked.
"""

from __future__ import annotations

import math
import re

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from tongban.core.cursors import key_of
from tongban.core.registry.queries import Place, directory
from tongban.engines.cases.models import Publication

#: Only so many of the newest are put in order, however many are public.
MOST = 10_000
_CURSOR = re.compile(r"(\d{1,6})\.(\d+)")


def areas_by_distance(near: Place) -> list[int]:
    """The areas of the county, nearest first; those without a position, like the county as a whole, are left out."""
    if near.longitude is None or near.latitude is None:
        return [near.id]
    across = math.cos(math.radians(near.latitude))
    found = [
        (math.hypot((p.longitude - near.longitude) * across, p.latitude - near.latitude), p.id != near.id, p.id)
        for p in directory().places.values()
        if p.level != "county" and p.longitude is not None and p.latitude is not None
    ]
    return [area for *_, area in sorted(found)]


def nearest_first(found: QuerySet[Publication], near: int, after: str) -> QuerySet[Publication]:
    """The newest :data:`MOST` of ``found`` in this order, from ``after`` on; each with its ``rank``."""
    order = areas_by_distance(directory().places[near])
    rank = Case(
        *(When(area=area, then=Value(n)) for n, area in enumerate(order)), default=Value(len(order)), output_field=IntegerField()
    )  # fmt: skip
    newest = found.order_by("-pk").values("pk")[:MOST]
    ranked = Publication.objects.filter(pk__in=newest).annotate(rank=rank)
    last = _CURSOR.fullmatch(after)
    if last and (key := key_of(last[2])) is not None:
        ranked = ranked.filter(Q(rank__gt=int(last[1])) | Q(rank=int(last[1]), pk__lt=key))
    return ranked.order_by("rank", "-pk")
