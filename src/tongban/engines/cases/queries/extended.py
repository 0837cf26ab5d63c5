"""The time that was added to what a case promises, as much of it as its reader may know."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tongban.core.calendar.logic import Unit
from tongban.core.calendar.queries import calendar_now
from tongban.engines.cases.models import Case, Extension, StoryItem


@dataclass(frozen=True, slots=True)
class Still:
    """A stretch in which the clock stood still, or stands still (``ended_at`` None) until ``until`` at the latest."""

    kind: str
    began_at: datetime
    until: datetime
    ended_at: datetime | None
    measure: str


@dataclass(frozen=True, slots=True)
class Extended:
    """An extension that was granted: what was promised ``before`` it, and why it was asked for ("": not for the reader)."""

    before: datetime
    reason: str


def extended(case: Case, stops: list[Still], *, reason: bool) -> Extended | None:
    """The extension of what is promised now; nothing is asked where none was granted.

    Done again, a case has a promise of its own, which nobody has extended.
    """
    if case.extension != Extension.State.GRANTED or case.promised_at is None:
        return None
    granted = case.extensions.filter(state=Extension.State.GRANTED).order_by("-pk").first()
    if granted is None or granted.decided_at is None:
        return None
    again = StoryItem.objects.filter(case=case, kind="reopen", happened_at__gte=granted.decided_at)
    if case.reopened and again.exists():
        return None
    then = _before_stops(case.promised_at, [s for s in stops if s.ended_at and s.ended_at > granted.decided_at])
    before = calendar_now().before(then, granted.amount, Unit(granted.measure))
    return Extended(before, granted.reason if reason else "")


def _before_stops(promise: datetime, later: list[Still]) -> datetime:
    """What was promised before the clock stood still: what each stop has added is taken off again, the last one first."""
    calendar = calendar_now()
    for stop in reversed(later):
        # What began when the promise had ended has moved nothing.
        if stop.ended_at is not None and stop.began_at < promise:
            unit = Unit(stop.measure)
            promise = calendar.before(promise, calendar.elapsed(stop.began_at, stop.ended_at, unit), unit)
    return promise
