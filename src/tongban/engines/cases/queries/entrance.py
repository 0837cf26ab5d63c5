"""What the entrance to a desk shows before anything is asked: kinds of matter, who usually does them, how long it takes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tongban.core.calendar.logic import Unit, limit_words
from tongban.core.calendar.queries import calendar_now
from tongban.core.labels import Label
from tongban.core.registry.queries import directory
from tongban.engines.cases.declare import CaseType
from tongban.engines.cases.limits import LIMITS
from tongban.engines.cases.models import Limit, Route


@dataclass(frozen=True, slots=True)
class Promise:
    """A limit in words; ``sample`` until the county has confirmed it."""

    words: Label
    sample: bool


@dataclass(frozen=True, slots=True)
class Matter:
    """A kind of matter as the asker may choose it. ``unit`` is who usually gets it: advice, no assignment."""

    code: str
    label: Label
    unit: Label | None
    promise: Promise | None


@dataclass(frozen=True, slots=True)
class Entrance:
    """What the form of one case type tells beforehand."""

    acceptance: Promise | None
    matters: tuple[Matter, ...]


def entrance(programme: str, kind: CaseType, at: datetime) -> Entrance:
    """The kinds of matter of a case type with the limits in force at ``at``; open to anybody."""
    day = calendar_now().day_of(at)
    limits = LIMITS.all_on(day)
    routes = Route.objects.filter(programme=programme, valid_from__lte=day, ended_at=None).order_by("valid_from", "pk")
    usual = {r.category: r for r in routes}
    bodies = directory().bodies

    def matter(code: str, label: Label, limit: str) -> Matter:
        route = usual.get(code)
        body = bodies.get(route.unit_id) if route else None
        valid = body is not None and body.valid_on(day)
        return Matter(
            code,
            label,
            body.name if body is not None and valid else None,
            _promise(limits.get(route.limit if route and route.limit else limit)),
        )

    return Entrance(
        _promise(limits.get(kind.clock(kind.lifecycle.initial))),
        tuple(matter(c.code, c.label, c.limit) for c in kind.categories),
    )


def _promise(limit: Limit | None) -> Promise | None:
    return Promise(limit_words(limit.amount, Unit(limit.unit)), not limit.confirmed) if limit else None
