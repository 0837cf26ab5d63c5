"""The promise of a case as pages draw it: ``{% clock … %}`` in a line, ``{% promise … %}`` as a strip of days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from tongban.core.calendar.logic import Stretch, Unit, limit_words
from tongban.core.calendar.queries import calendar_now
from tongban.core.labels import Label
from tongban.engines.cases.models import Assignment, Stop
from tongban.engines.cases.queries import Detail
from tongban.engines.cases.queries.detail import Still

ACCEPTING = Label("受理时限", "Limit for accepting")
STOPPED = {Stop.Kind.PAUSE: Label("暂停计时", "paused"), Stop.Kind.HOLD: Label("挂账", "on hold")}


@dataclass(frozen=True, slots=True)
class Promised:
    """A clock from ``start`` to ``due``; ``done`` is when it was kept or broken.

    While it stands still (``stopped``), ``due`` is when it would end if it went on now.
    """

    start: datetime
    due: datetime
    done: datetime | None = None
    unit: str = Unit.WORKING_DAYS.value
    count_from: str = "moment"
    title: Label = ACCEPTING
    provisional: bool = False  # the calendar of a year that it touches is not confirmed yet
    kept: bool | None = None
    stopped: str = ""
    until: datetime | None = None
    stops: tuple[Stretch, ...] = ()
    late: bool = False  # its end passed before anything was done


class Lined(Protocol):
    """A line of a list as far as its clock is concerned."""

    @property
    def begins_at(self) -> datetime: ...
    @property
    def due_at(self) -> datetime | None: ...
    @property
    def promised_at(self) -> datetime | None: ...
    @property
    def answered_at(self) -> datetime | None: ...
    @property
    def closed_at(self) -> datetime | None: ...
    @property
    def stopped(self) -> str: ...


def promised(detail: Detail, at: datetime) -> Promised | None:
    """What the asker waits for: the promise of the first lead assignment; until then, to be accepted."""
    return promise_of(detail.case, detail.assignments, detail.stops, at)


def promise_of(case: Any, assignments: Sequence[Assignment], stopped: Sequence[Still], at: datetime) -> Promised | None:
    """The same for a case of which no more is known than its clock; ``case`` has the columns of a clock."""
    leads = [d for d in assignments if d.lead]
    # Done again, a case has a promise of its own; else the first is the one that was made to the asker.
    lead = next((d for d in leads if d.due_at == case.promised_at), leads[0] if leads else None)
    if lead is None or case.promised_at is None:
        accepting = case.due_at is not None and case.closed_at is None
        return Promised(case.opened_at, case.due_at, late=case.due_at < at) if accepting and case.due_at else None
    length = limit_words(lead.limit.amount, Unit(lead.limit.unit))
    standing = stopped[-1] if case.stopped and stopped else None
    due, done = _due(case.promised_at, standing, at), case.answered_at or case.closed_at
    return Promised(
        lead.begins_at, due, done, lead.limit.unit, lead.limit.start,
        title=Label(f"承诺 {length.zh}", f"Promise of {length.en}"),
        provisional=lead.provisional and case.answered_at is None,
        kept=case.in_time if done else None, late=due < (done or at), stopped=case.stopped, until=standing.until if standing else None,
        stops=tuple((s.began_at, s.ended_at) for s in stopped),
    )  # fmt: skip


def _due(promise: datetime, standing: Still | None, at: datetime) -> datetime:
    if standing is None:
        return promise
    return calendar_now().shifted(promise, standing.began_at, min(at, standing.until), Unit(standing.measure))


def row_promised(row: Lined) -> Promised | None:
    """The same for a line of a list, which does not know the limit behind a promise."""
    due = row.promised_at or row.due_at
    if due is None or (row.closed_at is not None and row.answered_at is None):
        return None
    # Promises to answer are counted from the next day.
    count_from = "next_day" if row.promised_at else "moment"
    return Promised(row.begins_at, due, row.answered_at, count_from=count_from, stopped=row.stopped)
