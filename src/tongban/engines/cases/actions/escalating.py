"""The ladder acts: remind, urge, supervise, and bring before a meeting; and the same done by hand."""

from __future__ import annotations

from datetime import datetime

from tongban.core.calendar.queries import calendar_now
from tongban.core.ledger.actor import Actor
from tongban.core.ledger.rows import new_row
from tongban.core.refusals import Refused
from tongban.engines.cases.actions.authority import duties
from tongban.engines.cases.actions.desk import required
from tongban.engines.cases.actions.keeping import keeper
from tongban.engines.cases.actions.raising import (
    end_slip,
    is_over,
    open_slip,
    raise_case,
    rung_columns,
    settle_pressing,
)
from tongban.engines.cases.actions.writing import Act, Audience, acting, by_itself
from tongban.engines.cases.ladder import ORDER, next_rung
from tongban.engines.cases.limits import due_of, limit_on
from tongban.engines.cases.models import AgendaItem, Escalation, Meeting, Slip, StoryItem

_NOTE = 500
_RETURNED = 2


def escalate(*, case: int, by: Actor, at: datetime) -> tuple[str, ...]:
    """Let every rung act whose time has come, each once for one due time. Gives those that acted."""
    acted: list[str] = []
    with by_itself("cases.escalate", case, by=by, at=at) as act:
        row = act.case
        known = {(e.rung, e.due_at) for e in keeper().parts(row, Escalation)}
        while row.due_at is not None and row.rises_at is not None and row.rises_at <= at:
            rung = ORDER[row.risen]
            if (rung, row.due_at) not in known:
                done = new_row(Escalation, case=row, rung=rung, due_at=row.due_at, acted_at=at)
                act.journal.add(done, of=row)
                _let_act(act, rung)
                acted.append(rung)
            found = next_rung(row.due_at, row.state, row.risen + 1, at)
            act.journal.change(row, **rung_columns(row.due_at, found))
        if acted:
            act.notify(f"rung_{acted[-1]}")
    return tuple(acted)


def _let_act(act: Act, rung: str) -> None:
    if rung == "urge":
        act.tell("urge_ladder", audience=Audience.UNIT)
    elif rung == "supervise":
        if issue_slip(act, ""):
            act.tell("supervise_ladder")
        else:
            act.tell("slip_urged", audience=Audience.UNIT)
    elif rung in Meeting.Kind.values:
        bring_up(act, rung, AgendaItem.Why.OVERDUE)


def urge(*, case: int, note: str = "", by: Actor, at: datetime, proof: str = "") -> None:
    """Ask whoever has it in hand to hurry: the asker, the desk or whoever oversees it; by each side once a day."""
    if note.strip():
        note = required(note, "case.text.empty", "note", _NOTE)
    with acting(case, "urge", by=by, at=at, proof=proof) as act:
        kind = "urge" if act.right.grant else "urge_asker"
        today = calendar_now().day_of(at)
        for line in keeper().parts(act.case, StoryItem):
            if line.kind == kind and calendar_now().day_of(line.happened_at) == today:
                raise Refused("case.urge.today", field="note")
        act.tell(kind, audience=Audience.UNIT if act.right.grant else Audience.PARTY, text=note.strip())
        act.notify("urge")


def supervise(*, case: int, demand: str, by: Actor, at: datetime) -> None:
    """Issue a supervision slip (督办单): the lead unit is told in writing what to do, and reports back by a day."""
    demand = required(demand, "case.text.empty", "demand", _NOTE)
    with acting(case, "supervise", by=by, at=at) as act:
        issue_slip(act, demand)
        act.tell("supervise", other=act.case.lead_id)
        act.notify("supervise")


def report_back(*, case: int, text: str, by: Actor, at: datetime) -> None:
    """The unit says what it has done about its supervision slip."""
    text = required(text, "case.text.empty", "text", 2000)
    with acting(case, "report_back", by=by, at=at) as act:
        slip = open_slip(act.case)
        if slip is None:
            raise Refused("case.slip.none")
        act.journal.change(act.case, slip_due_at=None)
        act.journal.change(slip, of=act.case, feedback=text, fed_back_by=by.account, fed_back_at=at)
        act.tell("report_back", audience=Audience.UNIT, text=text)
        act.notify("report_back")


def raise_to_meeting(*, case: int, kind: str, by: Actor, at: datetime) -> None:
    """The desk or the secretary brings the case before the next meeting of a kind."""
    if kind not in Meeting.Kind.values:
        raise Refused("meeting.kind", field="kind")
    with acting(case, "raise", by=by, at=at) as act:
        if not bring_up(act, kind, AgendaItem.Why.ASKED):
            raise Refused("case.agenda.already", field="kind")
        act.notify(f"rung_{kind}")


def tell_slip_overdue(*, case: int, by: Actor, at: datetime) -> bool:
    """Say once that nobody has reported on a slip by its day. Gives whether there was something to say."""
    with by_itself("cases.slip_overdue", case, by=by, at=at) as act:
        slip = open_slip(act.case)
        if slip is None or slip.overdue_at is not None or at < slip.due_at:
            return False
        if is_over(act.case):  # it was answered while nothing ended slips yet
            settle_pressing(act.journal, act.case, at)
            return False
        act.journal.change(slip, of=act.case, overdue_at=at)
        act.tell("slip_overdue", audience=Audience.UNIT, other=slip.unit_id)
        topic = "cases.slip_overdue"
        act.journal.send(topic, key=f"{topic}:{slip.pk}", case=act.case.pk, slip=slip.pk)
    return True


def issue_slip(act: Act, demand: str) -> bool:
    """A slip for whoever leads, or the desk where nobody does. One whose day has passed makes way for it; while one that is
    open has time, there is no other: False."""
    if (before := open_slip(act.case)) is not None:
        if act.at < before.due_at:
            return False
        end_slip(act.journal, act.case, before, Slip.Ending.RENEWED, act.at)
    due = due_of(limit_on("slip", act.at), act.at).at
    unit = act.case.lead_id or act.case.desk_id
    slip = new_row(
        Slip, case=act.case, unit_id=unit, demand=demand, issued_by=act.by.account, issued_at=act.at, due_at=due
    )
    act.journal.add(slip, of=act.case)
    act.journal.change(act.case, slip_due_at=due)
    return True


def bring_up(act: Act, kind: str, why: AgendaItem.Why) -> bool:
    """Put the case on the agenda and say so; False if it stands there, or on a higher one, already."""
    if raise_case(act.journal, act.case, kind, why, act.at, act.by.account) is None:
        return False
    act.tell(f"raise_{kind}")
    return True


def bring_up_returned(act: Act) -> None:
    """A case that was returned twice goes before the monthly meeting."""
    if sum(d.returned_at is not None for d in duties(act.case)) >= _RETURNED:
        bring_up(act, Meeting.Kind.MONTHLY, AgendaItem.Why.RETURNED)
