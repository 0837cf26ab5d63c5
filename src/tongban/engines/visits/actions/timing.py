"""When a planned visit is recalled to its officer, and when it counts as missed."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from tongban.core.calendar.queries import calendar_now
from tongban.core.ledger.actor import Actor
from tongban.core.ledger.journal import Journal
from tongban.engines.visits.models import Visit

GIVEN, REMIND, MISS = "visits.given", "visits.remind", "visits.miss"
_MORNING = timedelta(hours=8)


def appoint(journal: Journal, visit: Visit, day: date, at: datetime) -> None:
    """Ask the worker to recall the visit on the working day before, and to look the next morning whether it was held."""
    key = f"{visit.pk}:{journal.action}"
    if (early := reminded_at(day)) > at:
        journal.send(REMIND, key=f"{REMIND}:{key}", due_at=early, visit=visit.pk, day=day.isoformat())
    journal.send(MISS, key=f"{MISS}:{key}", due_at=missed_at(day), visit=visit.pk, day=day.isoformat())


def reminded_at(day: date) -> datetime:
    """The morning of the last working day before ``day``."""
    calendar = calendar_now()
    before = calendar.working_dates(day - timedelta(days=15), day - timedelta(days=1))
    return calendar.begins(before[-1] if before else day - timedelta(days=1)) + _MORNING


def missed_at(day: date) -> datetime:
    """The morning after ``day``."""
    return calendar_now().begins(day + timedelta(days=1)) + _MORNING


def miss_visit(*, visit: int, day: date, by: Actor, at: datetime) -> Visit | None:
    """A visit that was neither held nor moved by its ``day`` is missed; None if there is nothing to do."""
    row = Visit.objects.select_related("firm").filter(pk=visit, state=Visit.State.PLANNED, planned_for=day).first()
    if row is None or at < missed_at(day):
        return None
    with Journal("visits.miss_visit", by=by, at=at, area=row.firm.area_id) as journal:
        journal.change(row, state=Visit.State.MISSED.value)
    return row
