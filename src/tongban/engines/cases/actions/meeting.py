"""Meetings: called, moved, cancelled, ended; and what they decide on each case that stands on their agenda."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from tongban.core.access.viewer import SECRETARY, Viewer
from tongban.core.calendar.queries import calendar_now
from tongban.core.ledger.actor import Actor
from tongban.core.ledger.journal import Journal
from tongban.core.ledger.rows import new_row
from tongban.core.plain import one_line
from tongban.core.refusals import Refused
from tongban.core.registry import reference
from tongban.core.registry.models import Organisation
from tongban.core.registry.queries import directory
from tongban.engines.cases.actions.authority import open_duties, type_of
from tongban.engines.cases.actions.clock import STOP_OUT, end_of_day, end_stop, open_stop, time_out
from tongban.engines.cases.actions.desk import begin_duty, receiver, required, usual_limit
from tongban.engines.cases.actions.escalating import bring_up
from tongban.engines.cases.actions.keeping import keeper
from tongban.engines.cases.actions.raising import open_item, waiting_items
from tongban.engines.cases.actions.redoing import take_up
from tongban.engines.cases.actions.writing import Act, acting, go_on
from tongban.engines.cases.limits import due_of, limit_on
from tongban.engines.cases.models import AgendaItem, Meeting, Stop

Outcome = AgendaItem.Outcome
_PLACE, _NOTES, _DECISION = 120, 5000, 2000
#: Where a hold makes sense: a unit has the matter and has not answered. Before that there is nobody whose work could wait;
#: an answer that is written waits for its review or its sending, which are done today.
HOLDABLE = frozenset({"assigned", "handling"})
_ANSWERED = frozenset({"answered", "closed"})
# How far ahead a decision may look: the hardest matters take years; a day beyond is a slip of the pen.
_AHEAD = timedelta(days=3 * 366)


def call_meeting(*, kind: str, desk: int, starts_at: datetime, place: str, by: Actor, at: datetime) -> Meeting:
    """Call the next monthly or joint meeting of a desk; while one of a kind is still to come, no other."""
    if kind not in Meeting.Kind.values:
        raise Refused("meeting.kind", field="kind")
    with reference.hold(), Journal("cases.call_meeting", by=by, at=at) as journal:
        _secretary(desk, by, at)
        where = _when_and_where(starts_at, place, at)
        # One at a time calls a desk's meetings: else two who look at once both see that none is planned.
        Organisation.objects.select_for_update(no_key=True).get(pk=desk)
        planned = Meeting.objects.filter(kind=kind, desk=desk, state=Meeting.State.PLANNED)
        if planned.filter(starts_at__gt=at).exists():
            raise Refused("meeting.planned", field="kind")
        row = Meeting(kind=kind, desk_id=desk, state=Meeting.State.PLANNED, called_by=by.account, called_at=at, **where)
        journal.unit = desk
        journal.add(row)
        _tell(journal, row, "called")
    return row


def move_meeting(*, meeting: int, starts_at: datetime, place: str, by: Actor, at: datetime) -> None:
    """Another time or another place."""
    with reference.hold(), Journal("cases.move_meeting", by=by, at=at) as journal:
        row = _planned(meeting, journal, by, at)
        _undecided(row)
        where = _when_and_where(starts_at, place, at)
        if all(getattr(row, name) == value for name, value in where.items()):
            raise Refused("meeting.same", field="starts_at")
        journal.change(row, **where)
        _tell(journal, row, "moved")


def cancel_meeting(*, meeting: int, reason: str, by: Actor, at: datetime) -> None:
    """The meeting does not take place: what it has not decided waits for the next one of its kind."""
    reason = required(reason, "case.reason", "reason", 500)
    with reference.hold(), Journal("cases.cancel_meeting", by=by, at=at) as journal:
        row = _planned(meeting, journal, by, at)
        _undecided(row)
        journal.change(row, state=Meeting.State.CANCELLED.value, notes=reason, ended_at=at)
        _tell(journal, row, "cancelled")


def end_meeting(*, meeting: int, notes: str, by: Actor, at: datetime) -> None:
    """The meeting is over: only once everything that stood on its agenda when it began has an outcome.

    A complaint about a body of the secretary's own is not his to decide, nor to know of: it waits for the next.
    """
    notes = required(notes, "case.text.empty", "notes", _NOTES) if notes.strip() else ""
    with reference.hold(), Journal("cases.end_meeting", by=by, at=at) as journal:
        row = _planned(meeting, journal, by, at)
        secretary = _secretary(row.desk_id, by, at)
        _begun(row, at)
        left = (
            waiting_items()
            .filter(kind=row.kind, case__desk=row.desk_id, raised_at__lt=row.starts_at)
            .exclude(case__about__in=secretary.barred_by())
        )
        if count := left.count():
            raise Refused("meeting.left", count=count)
        journal.change(row, state=Meeting.State.HELD.value, notes=notes, ended_at=at)


@dataclass(frozen=True, slots=True)
class Decision:
    """What a meeting says about one case: who leads until when (ASSIGNED), or until when it waits (HELD)."""

    outcome: str
    text: str
    lead: int | None = None
    assisting: tuple[int, ...] = ()
    by_date: date | None = None


def decide(*, case: int, meeting: int, decision: Decision, by: Actor, at: datetime) -> None:
    """Write down what the meeting decided on a case and put it into force at once."""
    text = required(decision.text, "meeting.text", "text", _DECISION)
    with acting(case, "decide", by=by, at=at) as act:
        row = _held(meeting)
        item = open_item(act.case)
        if row is None or item is None or row.kind != item.kind or row.desk_id != act.case.desk_id:
            raise Refused("case.agenda.none")
        if row.state != Meeting.State.PLANNED:
            raise Refused("meeting.over")
        _begun(row, at)
        do = _OUTCOMES.get(decision.outcome)
        if do is None:
            raise Refused("meeting.outcome", field="outcome")
        act.journal.change(
            item, of=act.case, meeting_id=row.pk, outcome=decision.outcome, decision=text, decided_at=at,
            decided_by=by.account, lead_id=decision.lead, by_date=decision.by_date,
        )  # fmt: skip
        act.journal.change(act.case, agenda="")
        act.tell(f"decide_{row.kind}", text=text)
        do(act, decision, row)
        act.notify("decide")


# -- outcomes ------------------------------------------------------------------------------------------------------------


def _assign(act: Act, decision: Decision, _: Meeting) -> None:
    """A lead unit and a day; whoever had it before has it no longer. The promise to the asker stays the measure."""
    if decision.lead is None:
        raise Refused("case.unit.none", field="lead")
    day = _day_ahead(decision.by_date, act.at)
    act.target = "assigned"
    go_on(act)
    if act.case.answered_at is not None:
        take_up(act)
    for duty in open_duties(act.case):
        act.journal.change(duty, of=act.case, ended_at=act.at)
    receiver(act, decision.lead)
    limit = usual_limit(act)
    duty = begin_duty(act, decision.lead, lead=True, limit=limit, parent=None, by_date=day)
    for other in decision.assisting:
        if other != decision.lead:
            receiver(act, other)
            begin_duty(act, other, lead=False, limit=limit, parent=None, by_date=day)
    act.journal.change(
        act.case, lead_id=decision.lead, handler_id=None, due_at=min(duty.sign_in_due_at or duty.due_at, duty.due_at),
        accepted_at=act.case.accepted_at or act.at, promised_at=act.case.promised_at or duty.due_at,
    )  # fmt: skip
    act.tell("assign", other=decision.lead)


def _hold(act: Act, decision: Decision, meeting: Meeting) -> None:
    """挂账: the clock stands still until a day, which only a joint meeting may decide."""
    if meeting.kind != Meeting.Kind.JOINT:
        raise Refused("meeting.hold", field="outcome")
    if act.case.state not in HOLDABLE:
        raise Refused("meeting.hold.state", field="outcome", state=type_of(act.case).lifecycle.states[act.case.state])
    day = _day_ahead(decision.by_date, act.at)
    rule = limit_on("hold", act.at)
    until = min(end_of_day(day, calendar_now()), due_of(rule, act.at).at)
    if (stop := open_stop(act.case)) is not None:
        end_stop(act.journal, act.case, stop, Stop.Ending.MOVED, act.at)
    held = new_row(
        Stop, case=act.case, kind=Stop.Kind.HOLD.value, unit_id=act.right.unit, limit=rule, limit_version=rule.version,
        measure=rule.unit, reason=decision.text.strip(), began_at=act.at, began_by=act.by.account, until=until,
    )  # fmt: skip
    act.journal.add(held, of=act.case)
    act.journal.change(act.case, stopped=Stop.Kind.HOLD.value, due_at=until)
    act.tell("hold")
    time_out(act.journal, act.case, STOP_OUT, held.pk, until)


def _pass_on(act: Act, _: Decision, meeting: Meeting) -> None:
    if meeting.kind != Meeting.Kind.MONTHLY:
        raise Refused("meeting.outcome", field="outcome")
    bring_up(act, Meeting.Kind.JOINT, AgendaItem.Why.PASSED_ON)


def _settle(act: Act, _: Decision, __: Meeting) -> None:
    """Nothing more is done, because …: only of what has been answered."""
    if act.case.state not in _ANSWERED:
        raise Refused("meeting.outcome", field="outcome")


def _keep(act: Act, _: Decision, meeting: Meeting) -> None:
    bring_up(act, meeting.kind, AgendaItem.Why.KEPT)


_OUTCOMES: dict[str, Any] = {
    Outcome.ASSIGNED: _assign, Outcome.PASSED_ON: _pass_on, Outcome.HELD: _hold, Outcome.SETTLED: _settle,
    Outcome.KEPT: _keep,
}  # fmt: skip


def outcomes(kind: str, state: str) -> list[str]:
    """What a meeting of a kind can decide of a case in this state, in the order in which it is offered."""
    joint = kind == Meeting.Kind.JOINT
    never = {Outcome.PASSED_ON} if joint else {Outcome.HELD}
    if state not in HOLDABLE:
        never.add(Outcome.HELD)
    if state not in _ANSWERED:
        never.add(Outcome.SETTLED)
    return [str(outcome) for outcome in _OUTCOMES if outcome not in never]


# -- checks --------------------------------------------------------------------------------------------------------------


def _secretary(desk: int, by: Actor, at: datetime) -> Viewer:
    viewer = keeper().viewer(by.account, at) if by.account is not None else None
    body = directory().bodies.get(desk)
    if viewer is None or body is None or desk not in viewer.units(SECRETARY):
        raise Refused("meeting.secretary")
    return viewer


def _planned(key: int, journal: Journal, by: Actor, at: datetime) -> Meeting:
    row = _held(key)
    if row is None:
        raise Refused("meeting.unknown")
    _secretary(row.desk_id, by, at)
    if row.state != Meeting.State.PLANNED:
        raise Refused("meeting.over")
    journal.unit = row.desk_id
    return row


def _held(key: int) -> Meeting | None:
    """The meeting, nobody else's until this is done: it does not decide while it is cancelled or ends."""
    return Meeting.objects.select_for_update(no_key=True).filter(pk=key).first()


def _begun(row: Meeting, at: datetime) -> None:
    if at < row.starts_at:
        raise Refused("meeting.early")


def _undecided(row: Meeting) -> None:
    """What it has decided is in force; a meeting that is said not to have taken place yet cannot have decided it."""
    if AgendaItem.objects.filter(meeting=row).exists():
        raise Refused("meeting.decided")


def _when_and_where(starts_at: datetime, place: str, at: datetime) -> dict[str, Any]:
    if starts_at <= at:
        raise Refused("meeting.past", field="starts_at")
    where = one_line(place, _PLACE)
    if not where:
        raise Refused("meeting.place", field="place")
    return {"starts_at": starts_at, "place": where}


def _day_ahead(day: date | None, at: datetime) -> date:
    today = calendar_now().day_of(at)
    if day is None or day < today:
        raise Refused("meeting.day", field="by_date")
    if day > today + _AHEAD:
        raise Refused("meeting.far", field="by_date", last=(today + _AHEAD).isoformat())
    if end_of_day(day, calendar_now()) <= at:  # "today", said in the evening: what it sets would be over as it begins
        raise Refused("meeting.day.closed", field="by_date", day=day.isoformat())
    return day


def _tell(journal: Journal, row: Meeting, what: str) -> None:
    topic = "cases.meeting"
    journal.send(topic, key=f"{topic}:{row.pk}:{what}:{row.version}", meeting=row.pk, what=what)
