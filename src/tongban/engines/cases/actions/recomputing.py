"""The calendar has changed: deadlines that are still open are derived anew.

What was promised (the limit, its version, when it began) stays as it was fixed; only the day that it comes to is
derived again, exactly as the actions derived it. A case that is answered or over keeps its verdict for ever.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tongban.core.calendar.logic import Calendar
from tongban.core.calendar.queries import calendar_now
from tongban.core.ledger.actor import Actor
from tongban.core.ledger.journal import Journal
from tongban.core.registry import reference
from tongban.engines.cases.actions.authority import duties, lead_duty, open_duties, type_of
from tongban.engines.cases.actions.writing import Audience, load, refresh_sight
from tongban.engines.cases.limits import PastLimits, due_of
from tongban.engines.cases.models import Assignment, Case, StoryItem


@dataclass(frozen=True, slots=True)
class Recomputed:
    """What has moved for whom: None where nothing has."""

    promise: datetime | None = None
    due: datetime | None = None


@dataclass(frozen=True, slots=True)
class End:
    """When one assignment ends, as the calendar now has it."""

    due: datetime
    provisional: bool
    sign_in: datetime | None


def recompute(*, case: int, by: Actor, at: datetime, limits: PastLimits | None = None) -> Recomputed:
    """Derive one case's open deadlines again. Where nothing moves, nothing is written."""
    with reference.hold(), Journal("cases.recompute", by=by, at=at) as journal:
        row = load(case)
        if row.answered_at is not None or row.closed_at is not None:
            return Recomputed()
        journal.programme, journal.area, journal.unit = row.programme, row.area_id, row.lead_id
        calendar, limits = calendar_now(), limits or PastLimits()
        ends, promise = _ends(row, duties(row), calendar, limits)
        moved = [duty for duty in open_duties(row) if _moved(duty, ends[duty.pk])]
        due = _case_due(row, ends, promise, calendar, limits)
        told = Recomputed(
            promise=promise if promise != row.promised_at else None, due=due if due != row.due_at else None
        )
        if not moved and told == Recomputed():
            return told
        for duty in moved:
            end = ends[duty.pk]
            journal.change(
                duty, of=row, due_at=end.due, provisional=end.provisional, sign_in_due_at=end.sign_in,
                calendar_version=calendar.version,
            )  # fmt: skip
        journal.change(row, due_at=due, promised_at=promise)
        if told != Recomputed():
            journal.add(_line(row, told, at), of=row)
        refresh_sight(row)
    return told


def _ends(
    case: Case, given: Sequence[Assignment], calendar: Calendar, limits: PastLimits
) -> tuple[dict[int, End], datetime | None]:
    """The end of every assignment and the promise to the asker, derived in the order in which they were made."""
    found: dict[int, End] = {}
    promise: datetime | None = None
    first_act = True
    for duty in given:
        first_act = first_act and (promise is None or not (duty.lead or duty.parent_id))
        due, provisional = due_of(limits.fixed(duty.limit_id, duty.limit_version), duty.begins_at, calendar)
        parent = found.get(duty.parent_id) if duty.parent_id else None
        # As when it was assigned: no longer than the unit above, or than the promise, while those still had time.
        if parent is not None and parent.due > duty.begins_at:
            due = min(due, parent.due)
        elif not first_act and promise is not None and promise > duty.begins_at:
            due = min(due, promise)
        found[duty.pk] = End(due, provisional, _sign_in(case, duty, calendar, limits))
        if duty.lead and promise is None:
            promise = due
    return found, promise


def _sign_in(case: Case, duty: Assignment, calendar: Calendar, limits: PastLimits) -> datetime | None:
    if duty.sign_in_due_at is None or duty.signed_in_at is not None:
        return duty.sign_in_due_at
    limit = limits.on(type_of(case).sign_in_limit, duty.begins_at, calendar.day_of(duty.begins_at))
    return due_of(limit, duty.begins_at, calendar).at


def _case_due(
    case: Case, ends: dict[int, End], promise: datetime | None, calendar: Calendar, limits: PastLimits
) -> datetime | None:
    """What the case's next step is due by."""
    if case.state == "new" or (case.state == "accepted" and promise is None):
        limit = limits.on(type_of(case).accept_limit, case.recorded_at, calendar.day_of(case.recorded_at))
        return due_of(limit, case.recorded_at, calendar).at
    duty = lead_duty(case)
    if duty is None:
        return promise
    end = ends[duty.pk]
    return min(end.sign_in or end.due, end.due) if case.state == "assigned" else end.due


def _moved(duty: Assignment, end: End) -> bool:
    return (duty.due_at, duty.provisional, duty.sign_in_due_at) != (end.due, end.provisional, end.sign_in)


def _line(case: Case, told: Recomputed, at: datetime) -> StoryItem:
    """A line in the story; those who asked see it only when what they were promised has moved."""
    return StoryItem(
        case=case, kind="recompute", audience=Audience.PARTY if told.promise else Audience.UNIT, happened_at=at,
        precision="second", by_account=None,
    )  # fmt: skip
