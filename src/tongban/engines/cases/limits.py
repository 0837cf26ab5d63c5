"""Promises of time: which limit is in force, and when it ends."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from functools import lru_cache, partial
from typing import Any

from tongban.core.calendar.logic import Calendar, CountFrom, Due, Unit
from tongban.core.calendar.queries import calendar_now
from tongban.core.dated.queries import Versions
from tongban.core.ledger.logic import replay
from tongban.core.ledger.models import Entry
from tongban.core.refusals import Refused
from tongban.engines.cases.models import Limit

REFERENCE = "limits"
LIMITS = Versions(Limit, REFERENCE)
# How long it is remembered that something went out: it counts calendar days.
RETENTION = "messages"
# How long an item may stand on an agenda while no meeting is called, and a meeting whose hour has come need not be ended.
AGENDA, MINUTES = "agenda", "minutes"
# Limits of one step, of stops and extensions: never promised to anybody, so no assignment may choose them.
STEPS = frozenset({
    "accept", "sign_in", "review", "send", "close", "slip", "redo", "pause", "hold", "extension", "visit", AGENDA, MINUTES,
    RETENTION,
})  # fmt: skip


def limit_on(code: str, at: datetime) -> Limit:
    """The limit called ``code`` that is in force at ``at``."""
    found = LIMITS.on(code, calendar_now().day_of(at))
    if found is None:
        raise Refused("case.limit", field="limit", code=code)
    return found


def assignable(code: str) -> str:
    """``code``, refused where it is the limit of a step, a stop or anything else under which no unit is given a case."""
    if code in STEPS:
        raise Refused("case.limit.step", field="limit", code=code)
    return code


def due_of(limit: Limit, start: datetime, calendar: Calendar | None = None) -> Due:
    """When a promise that begins at ``start`` ends."""
    return _due(calendar or calendar_now(), start, limit.amount, limit.unit, limit.start)


def _due(calendar: Calendar, start: datetime, amount: int, unit: str, count_from: str) -> Due:
    # An import asks the same of every row. Of one calendar at a time the answers are kept, so that none which was changed
    # lives on in them; a calendar is equal only to itself.
    known = _LATEST[0] if _LATEST else None
    if known is None or known[0] is not calendar:
        known = calendar, lru_cache(maxsize=64)(partial(_counted, calendar))
        _LATEST[:] = [known]
    return known[1](start, amount, unit, count_from)


_LATEST: list[tuple[Calendar, Callable[[datetime, int, str, str], Due]]] = []


def _counted(calendar: Calendar, start: datetime, amount: int, unit: str, count_from: str) -> Due:
    return calendar.due(start, amount, Unit(unit), CountFrom(count_from))


class PastLimits:
    """Limits as they once were, from their entries: a limit that was edited since does not move what it had fixed."""

    def __init__(self) -> None:
        self._rows = list(Limit.objects.order_by("code", "valid_from"))
        self._steps: dict[int, list[tuple[int, datetime, Limit]]] = {}
        now = {row.pk: row for row in self._rows}
        entries = Entry.objects.filter(kind=Limit._meta.label_lower).order_by("object_id", "number")
        replayed: dict[tuple[str, int], dict[str, Any]] = {}
        for entry in entries:
            replay([tuple(image) for image in json.loads(entry.images)], replayed)
            row = _as_it_was(now[entry.object_id], replayed[entry.kind, entry.object_id])
            self._steps.setdefault(entry.object_id, []).append((entry.number, entry.recorded_at, row))

    def fixed(self, key: int, version: int) -> Limit:
        """The limit ``key`` in the version that an assignment was given."""
        for number, _at, row in self._steps.get(key, ()):
            if number == version:
                return row
        return next(row for row in self._rows if row.pk == key)

    def on(self, code: str, at: datetime, day: date) -> Limit:
        """The limit called ``code`` that was in force on ``day``, as it then stood (``at`` is a moment of that day)."""
        found = []
        for row in self._rows:
            steps = self._steps.get(row.pk)
            then = row if steps is None else next((r for _n, made, r in reversed(steps) if made <= at), None)
            if then is not None and then.code == code and then.valid_from <= day:
                found.append(then)
        if not found:  # it was entered with a date in the past, afterwards
            return limit_on(code, at)
        return max(found, key=lambda limit: limit.valid_from)


def _as_it_was(row: Limit, columns: dict[str, Any]) -> Limit:
    fields = {f.attname: f.to_python(columns[f.attname]) for f in Limit._meta.concrete_fields if f.attname in columns}
    return Limit(pk=row.pk, **fields)
