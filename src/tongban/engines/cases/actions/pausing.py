"""Time that stops and moves: pausing until the asker has given what is missing, and asking for more time."""

from __future__ import annotations

from datetime import datetime

from tongban.core.calendar.logic import Unit
from tongban.core.calendar.queries import calendar_now
from tongban.core.ledger.actor import Actor
from tongban.core.ledger.rows import new_row
from tongban.core.refusals import Refused
from tongban.engines.cases.actions.clock import (
    EXTENSION_OUT,
    STOP_OUT,
    asked_extension,
    decide,
    earlier_pauses,
    end_stop,
    open_stop,
    stop_until,
    time_out,
)
from tongban.engines.cases.actions.desk import required
from tongban.engines.cases.actions.keeping import keeper
from tongban.engines.cases.actions.writing import Act, Audience, acting, by_itself
from tongban.engines.cases.limits import limit_on
from tongban.engines.cases.models import Extension, Inquiry, Stop

_REASON = 500


def pause(*, case: int, reason: str, by: Actor, at: datetime) -> None:
    """Stop the clock until the asker has given what is missing, which he is told; at most for the limit ``pause``.

    Refused once the answer is overdue, and when all pauses of the case together have used that time up.
    """
    reason = required(reason, "case.text.empty", "reason", _REASON)
    with acting(case, "pause", by=by, at=at) as act:
        row = act.case
        rule = limit_on("pause", at)
        until = stop_until(
            rule, Unit(rule.unit), at, earlier_pauses(keeper().parts(row, Stop)) if row.pauses else (), calendar_now()
        )
        if until is None:
            raise Refused("case.pause.used", field="reason")
        stop = new_row(
            Stop, case=row, kind=Stop.Kind.PAUSE.value, unit_id=act.right.unit, limit=rule, limit_version=rule.version,
            measure=rule.unit, reason=reason, began_at=at, began_by=by.account, until=until,
        )  # fmt: skip
        act.journal.add(stop, of=row)
        if all(i.replied_at is not None for i in keeper().parts(row, Inquiry)):
            asked = Inquiry(case=row, unit_id=act.right.unit, asked_by=by.account, asked_at=at, question=reason)
            act.journal.add(asked, of=row)
        act.journal.change(row, stopped=Stop.Kind.PAUSE.value, pauses=row.pauses + 1, due_at=until)
        act.tell("pause", text=reason)
        act.notify("pause")
        time_out(act.journal, row, STOP_OUT, stop.pk, until)


def resume(*, case: int, by: Actor, at: datetime) -> None:
    """The handler goes on without waiting any longer."""
    with acting(case, "resume", by=by, at=at) as act:
        stop = open_stop(act.case)
        if stop is None:  # it has just ended by itself
            raise Refused("case.pause.none")
        end_stop(act.journal, act.case, stop, Stop.Ending.RESUMED, at)
        act.tell("resume")
        act.notify("resume")


def extend(*, case: int, amount: int, reason: str, by: Actor, at: datetime) -> None:
    """Ask for more time: before the promise ends, once, at most the limit ``extension``; another decides."""
    reason = required(reason, "case.reason", "reason", _REASON)
    with acting(case, "extend", by=by, at=at) as act:
        row = act.case
        due = row.promised_at
        assert due is not None  # else it is hindered
        rule = limit_on("extension", at)
        if not 1 <= amount <= rule.amount:
            raise Refused("case.extension.amount", field="amount", most=rule.amount)
        asked = new_row(
            Extension, case=row, unit_id=act.right.unit, limit=rule, limit_version=rule.version, amount=amount,
            measure=rule.unit, reason=reason, state=Extension.State.ASKED.value, asked_by=by.account, asked_at=at,
        )  # fmt: skip
        act.journal.add(asked, of=row)
        act.journal.change(row, extension=Extension.State.ASKED.value)
        act.tell("extend", audience=Audience.UNIT, text=reason)
        act.notify("extend")
        time_out(act.journal, row, EXTENSION_OUT, asked.pk, due)


def grant_extension(*, case: int, by: Actor, at: datetime) -> None:
    """Give the time that was asked for; the asker is told until when."""
    with acting(case, "grant", by=by, at=at) as act:
        decide(act.journal, act.case, _asked(act), Extension.State.GRANTED.value, at, by.account)
        act.tell("grant")
        act.notify("grant")


def refuse_extension(*, case: int, reason: str, by: Actor, at: datetime) -> None:
    """Leave the promise as it stands, and say why."""
    reason = required(reason, "case.reason", "reason", _REASON)
    with acting(case, "refuse", by=by, at=at) as act:
        decide(act.journal, act.case, _asked(act), Extension.State.REFUSED.value, at, by.account)
        act.tell("refuse", audience=Audience.UNIT, text=reason)
        act.notify("refuse")


def time_out_stop(*, case: int, by: Actor, at: datetime) -> datetime | None:
    """End a stop whose longest time has passed. Gives when to look again if it has been moved, else None."""
    with by_itself("cases.stop_out", case, by=by, at=at) as act:
        return act.case.due_at if act.case.stopped else None


def time_out_extension(*, case: int, by: Actor, at: datetime) -> datetime | None:
    """Let a request for more time lapse that nobody decided before the promise ended. Gives when to look again."""
    with by_itself("cases.extension_out", case, by=by, at=at) as act:
        asked, due = asked_extension(act.case), act.case.promised_at
        if asked is None or due is None:
            return None
        if act.case.stopped:
            return act.case.due_at
        if at < due:
            return due
        decide(act.journal, act.case, asked, Extension.State.LAPSED.value, at, None)
        act.tell("extension_lapsed", audience=Audience.UNIT)
        act.notify("extension_lapsed")
    return None


def _asked(act: Act) -> Extension:
    asked = asked_extension(act.case)
    if asked is None:
        raise Refused("case.extension.none")
    return asked
