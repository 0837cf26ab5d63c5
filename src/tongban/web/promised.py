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
from tongban.engines.cases.queries.extended import Extended, Still

ACCEPTING = Label("受理时限", "Limit for accepting")
STOOD = {
    Stop.Kind.PAUSE: (
        Label(
            "计时暂停 {n} 次，共 {time}，不计入期限。",
            "The clock was paused {n}, for {time} in all, which count for nothing.",
        ),
        Label(
            "计时暂停 {n} 次，没有跨天，期限照旧。",
            "The clock was paused {n}, within a day, which moves nothing.",
        ),
    ),
    Stop.Kind.HOLD: (
        Label("挂账 {n} 次，共 {time}。", "It was on hold {n}, for {time} in all."),
        Label("挂账 {n} 次，没有跨天。", "It was on hold {n}, within a day."),
    ),
}
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
    was: datetime | None = None  # what was promised before it was extended
    why: str = ""  # it was extended, if the reader may know
    stood: tuple[Label, ...] = ()  # how often and how long the clock stood still, in words
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
    return promise_of(detail.case, detail.assignments, detail.stops, at, detail.extended)


def promise_of(
    case: Any, assignments: Sequence[Assignment], stopped: Sequence[Still], at: datetime, more: Extended | None = None
) -> Promised | None:
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
        stops=tuple((s.began_at, s.ended_at) for s in stopped), was=more.before if more else None, why=more.reason if more else "",
        stood=_stood(stopped, at),
    )  # fmt: skip


def _stood(stops: Sequence[Still], at: datetime) -> tuple[Label, ...]:
    """How often and how long the clock stood still, pauses and holds apart: those units count that ended meanwhile."""
    return tuple(_stood_words(kind, found, at) for kind in Stop.Kind if (found := [s for s in stops if s.kind == kind]))


def _stood_words(kind: Stop.Kind, stops: Sequence[Still], at: datetime) -> Label:
    calendar, total = calendar_now(), dict[str, float]()
    for stop in stops:
        took = calendar.elapsed(stop.began_at, stop.ended_at or min(at, stop.until), Unit(stop.measure))
        total[stop.measure] = total.get(stop.measure, 0) + took
    lengths = [limit_words(round(n, 1), Unit(measure)) for measure, n in total.items() if n > 0]
    words = STOOD[kind][0 if lengths else 1]
    zh, en = "、".join(n.zh for n in lengths), ", ".join(n.en for n in lengths)
    often = "once" if len(stops) == 1 else f"{len(stops)} times"
    return Label(words.zh.format(n=len(stops), time=zh), words.en.format(n=often, time=en))


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
