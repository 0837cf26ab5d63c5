"""How the clock of a case stands still, goes on and is given more time: what the actions and the recomputing share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from tongban.core.calendar.logic import Calendar, CountFrom, Unit
from tongban.core.calendar.queries import calendar_now
from tongban.core.ledger.journal import Journal
from tongban.engines.cases.actions.authority import lead_duty, open_duties, type_of
from tongban.engines.cases.actions.keeping import keeper
from tongban.engines.cases.limits import due_of, limit_on
from tongban.engines.cases.models import Case, Extension, Limit, Stop

STOP_OUT, EXTENSION_OUT, RECOMPUTE = "cases.stop_out", "cases.extension_out", "cases.recompute"
_NOTHING = 1e-9  # hours
# What an answer waits for, each under a limit of its own.
_STEPS = frozenset({"review", "approved", "answered"})


def step_due(case: Case, state: str, at: datetime) -> datetime:
    """By when the step that ``state`` waits for is to be made if it begins at ``at``: no later than the unit's own end."""
    due = due_of(limit_on(type_of(case).clock(state), at), at).at
    duty = lead_duty(case)
    return min(due, duty.due_at) if duty is not None else due


def open_stop(case: Case) -> Stop | None:
    """The stop that is going on; asks for nothing where the case says that its clock runs."""
    if not case.stopped:
        return None
    return next((s for s in reversed(keeper().parts(case, Stop)) if s.ended_at is None), None)


def asked_extension(case: Case) -> Extension | None:
    """The extension that waits for its decision."""
    if case.extension != Extension.State.ASKED:
        return None
    return next((e for e in reversed(keeper().parts(case, Extension)) if e.state == Extension.State.ASKED), None)


def stop_until(
    rule: Limit, measure: Unit, began: datetime, earlier: Iterable[Stop], calendar: Calendar
) -> datetime | None:
    """When a stop that begins at ``began`` ends at the latest: all pauses of a case together are no longer than ``rule``.

    None: nothing of that time is left.
    """
    used = sum(calendar.elapsed(s.began_at, s.ended_at, measure) for s in earlier if s.ended_at is not None)
    left = rule.amount - used
    if left < _NOTHING:
        return None
    return calendar.due(began, left, measure, CountFrom(rule.start)).at


def after_stop(due: datetime, begun: datetime, stop: Stop, calendar: Calendar) -> datetime:
    """When what began at ``begun`` and was due at ``due`` is due after a stop that has ended."""
    assert stop.ended_at is not None
    return calendar.shifted(due, max(stop.began_at, begun), stop.ended_at, Unit(stop.measure))


def after_extension(due: datetime, extension: Extension, calendar: Calendar) -> datetime:
    """When what was due at ``due`` is due once the extension is granted: so many units after that day."""
    return calendar.due(due, extension.amount, Unit(extension.measure), CountFrom.NEXT_DAY).at


def end_stop(journal: Journal, case: Case, stop: Stop, how: Stop.Ending, at: datetime) -> None:
    """Let the clock run again; what is open is due later by what it stood still.

    A stop ends at its ``until`` even if nobody came to say so before ``at``.
    """
    calendar = calendar_now()
    out = at >= stop.until
    ended = stop.until if out else at
    journal.change(stop, of=case, ended_at=ended, ended_how=Stop.Ending.OUT if out else how)
    for duty in open_duties(case):
        moved = {"due_at": after_stop(duty.due_at, duty.begins_at, stop, calendar)}
        if duty.sign_in_due_at is not None and duty.signed_in_at is None:
            moved["sign_in_due_at"] = after_stop(duty.sign_in_due_at, duty.begins_at, stop, calendar)
        journal.change(duty, of=case, **moved)
    promise = case.promised_at
    if promise is not None:
        promise = after_stop(promise, stop.began_at, stop, calendar)
    journal.change(case, stopped="", promised_at=promise, due_at=running_due(case, promise, ended))
    if promise is not None and (asked := asked_extension(case)) is not None:
        time_out(journal, case, EXTENSION_OUT, asked.pk, promise)


def grant(journal: Journal, case: Case, extension: Extension) -> None:
    """Move what is open, and the promise, by the extension."""
    calendar = calendar_now()
    for duty in open_duties(case):
        journal.change(duty, of=case, due_at=after_extension(duty.due_at, extension, calendar))
    promise = case.promised_at
    if promise is not None:
        promise = after_extension(promise, extension, calendar)
    journal.change(case, promised_at=promise, extension=Extension.State.GRANTED)
    if not case.stopped:
        journal.change(case, due_at=running_due(case, promise, extension.asked_at))


def decide(journal: Journal, case: Case, extension: Extension, state: str, at: datetime, by: int | None) -> None:
    """Write down what became of the request for more time."""
    journal.change(extension, of=case, state=state, decided_at=at, decided_by=by)
    if state == Extension.State.GRANTED:
        grant(journal, case, extension)
    else:
        journal.change(case, extension=state)


def time_out(journal: Journal, case: Case, topic: str, part: int, at: datetime) -> None:
    """Have the worker look at ``at`` whether this part of the case has waited long enough."""
    journal.send(topic, key=f"{topic}:{case.pk}:{part}:v{case.version}", due_at=at, case=case.pk, part=part)


def end_of_day(day: date, calendar: Calendar) -> datetime:
    """When what is to be done by a day ends: at its closing, or on a rest day at the next one."""
    return calendar.due(calendar.begins(day), 1, Unit.WORKING_DAYS, CountFrom.MOMENT).at


def running_due(case: Case, promise: datetime | None, at: datetime) -> datetime | None:
    """When the case's next step is due if its clock runs on from ``at``: each state by its own, what is over by none."""
    if case.state in type_of(case).lifecycle.ended:
        return None
    duty = lead_duty(case)
    if case.state in _STEPS:
        return step_due(case, case.state, at)
    if duty is None:
        return promise
    if case.state == "assigned" and duty.sign_in_due_at is not None:
        return min(duty.sign_in_due_at, duty.due_at)
    return duty.due_at


def earlier_pauses(stops: Sequence[Stop], stop: Stop | None = None) -> list[Stop]:
    """The pauses that count against the longest time: all that have ended, or those before ``stop``."""
    return [
        s for s in stops if s.kind == Stop.Kind.PAUSE and s.ended_at is not None and (stop is None or s.pk < stop.pk)
    ]
