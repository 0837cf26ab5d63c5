"""After the answer: calling back, and doing it again (重办) where it has not solved the matter."""

from __future__ import annotations

from datetime import datetime, timedelta

from tongban.core.calendar.queries import calendar_now
from tongban.core.ledger.actor import Actor
from tongban.core.ledger.rows import new_row
from tongban.core.plain import clean
from tongban.core.refusals import Refused
from tongban.core.registry.queries import directory
from tongban.engines.cases.actions.authority import duties
from tongban.engines.cases.actions.clock import step_due
from tongban.engines.cases.actions.desk import begin_duty, required
from tongban.engines.cases.actions.escalating import bring_up
from tongban.engines.cases.actions.keeping import keeper
from tongban.engines.cases.actions.writing import Act, Audience, acting, barred_units
from tongban.engines.cases.limits import due_of, limit_on
from tongban.engines.cases.models import AgendaItem, Assignment, Callback, Case, Meeting, Rating

RESULTS = ("unreached", "solved", "unsolved")
# How often a case is done again by itself; after that a meeting looks at it.
_AGAIN = 1
_NOTE = 500
# Within so long a second call that reached nobody is the first one's button pressed twice.
_PRESSED_TWICE = timedelta(minutes=5)


def call_back(*, case: int, result: str, note: str = "", by: Actor, at: datetime) -> None:
    """Another asks the requester whether the matter is solved; where it is not, it is done again."""
    if result not in RESULTS:
        raise Refused("callback.result", field="result")
    note = required(note, "case.text.empty", "note", _NOTE) if clean(note).strip() else ""
    with acting(case, "callback", by=by, at=at) as act:
        _refuse_again(act, result)
        solved = None if result == "unreached" else result == "solved"
        made = new_row(
            Callback,
            case=act.case,
            made_by=by.account,
            made_at=at,
            reached=solved is not None,
            solved=solved,
            note=note,
        )
        act.journal.add(made, of=act.case)
        act.journal.change(act.case, callback=result)
        act.tell(f"callback_{result}", audience=Audience.UNIT if solved is None else Audience.PARTY, text=note)
        if solved is False:
            unhappy(act)
        act.notify("callback")


def _refuse_again(act: Act, result: str) -> None:
    """What the last call found is told once; nobody being reached is written down for each try, not for each press."""
    if result != act.case.callback:
        return
    last = keeper().parts(act.case, Callback)[-1]
    if result != "unreached" or act.at - last.made_at < _PRESSED_TWICE:
        raise Refused("callback.again", field="result")


def reopen(*, case: int, reason: str, by: Actor, at: datetime) -> None:
    """The desk has an answered case done again, and says why."""
    reason = required(reason, "case.reason", "reason", _NOTE)
    with acting(case, "reopen", by=by, at=at) as act:
        do_again(act, reason)
        act.notify("reopen")


def unhappy(act: Act) -> None:
    """The asker is not content: it is done again once by itself; the second time a meeting looks at it."""
    if act.case.reopened < _AGAIN:
        do_again(act, "")
        act.notify("reopen")
    else:
        bring_up(act, Meeting.Kind.MONTHLY, AgendaItem.Why.UNHAPPY)


def _passed_down_by(case: Case, unit: int) -> Assignment | None:
    """Under which assignment ``unit`` led the case: who reviewed its first answer reviews the next, too."""
    led = next((d for d in reversed(duties(case)) if d.lead and d.unit_id == unit and d.returned_at is None), None)
    if led is None or led.transferred:
        return None
    return next((d for d in duties(case) if d.pk == led.parent_id), None)


def take_up(act: Act) -> None:
    """The answer that was given counts no more, and nobody is asked any longer how content he is with it."""
    row = act.case
    for rating in keeper().parts(row, Rating):
        if rating.grade is None and rating.expires_at > act.at:
            act.journal.change(rating, of=row, expires_at=act.at)
    act.journal.change(
        row,
        answered_at=None,
        answered_precision="",
        closed_at=None,
        outcome="",
        why_not="",
        handler_id=None,
        reopened=row.reopened + 1,
        callback="",
    )


def do_again(act: Act, reason: str) -> None:
    """Give the case back to the unit that led it, under the shorter limit ``redo``; to the desk if that unit is gone.

    The first verdict on time stays where it was "late": who answers badly wins no second chance at being in time.
    """
    row, at = act.case, act.at
    take_up(act)
    body = directory().bodies.get(row.lead_id or 0)
    if body is None or not body.valid_on(calendar_now().day_of(at)) or body.id in barred_units(row):
        promised = due_of(limit_on("redo", at), at).at
        act.target = "accepted"
        act.journal.change(row, lead_id=None, promised_at=promised)
        act.journal.change(row, due_at=step_due(row, "accepted", at))
    else:
        act.journal.change(row, promised_at=None)
        duty = begin_duty(act, body.id, lead=True, limit="redo", parent=_passed_down_by(row, body.id))
        act.target = "assigned"
        due = min(duty.sign_in_due_at or duty.due_at, duty.due_at)
        act.journal.change(row, promised_at=duty.due_at, due_at=due)
    act.tell("reopen", other=row.lead_id, text=reason)
