"""What the desk does: accept, decline, refer outside, give to a unit, close."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from tongban.core.calendar.queries import calendar_now
from tongban.core.ledger.actor import Actor
from tongban.core.ledger.rows import new_row
from tongban.core.plain import clean
from tongban.core.refusals import Refused
from tongban.core.registry.queries import Body, directory
from tongban.engines.cases.actions.authority import duties, lead_duty, open_duties, type_of
from tongban.engines.cases.actions.clock import end_of_day
from tongban.engines.cases.actions.subject import check_category, check_place, tidy_address
from tongban.engines.cases.actions.writing import Act, Audience, acting, barred_units
from tongban.engines.cases.limits import assignable, due_of, limit_on
from tongban.engines.cases.models import Assignment


def required(text: str, code: str, field: str, most: int = 2000) -> str:
    """A text that must say something; longer than ``most`` is refused, not cut."""
    tidy = clean(text).strip()
    if not tidy:
        raise Refused(code, field=field)
    if len(tidy) > most:
        raise Refused("case.body.long", field=field, most=most, length=len(tidy))
    return tidy


def accept(*, case: int, by: Actor, at: datetime) -> None:
    """The desk accepts the request."""
    with acting(case, "accept", by=by, at=at) as act:
        act.journal.change(act.case, accepted_at=at)
        act.tell("accept", audience=Audience.PUBLIC)
        act.notify("accept")


def decline(*, case: int, reason: str, by: Actor, at: datetime) -> None:
    """The desk does not take the request on, and says why."""
    reason = required(reason, "case.reason", "reason")
    with acting(case, "decline", by=by, at=at) as act:
        act.journal.change(act.case, closed_at=at, due_at=None)
        act.tell("decline", audience=Audience.PUBLIC, text=reason)
        act.notify("decline")


def refer(*, case: int, outside: str, reason: str, by: Actor, at: datetime) -> None:
    """The request belongs to a body outside the county, which is named, with the reason."""
    outside = required(outside, "case.outside", "outside", 120)
    reason = required(reason, "case.reason", "reason")
    with acting(case, "refer", by=by, at=at) as act:
        act.journal.change(act.case, closed_at=at, due_at=None)
        act.tell("refer", audience=Audience.PUBLIC, text=f"{outside}\n{reason}")
        act.notify("refer")


def correct(*, case: int, category: str, area: int, address: str, by: Actor, at: datetime) -> None:
    """The desk puts category and place right, which decide who is asked next and who oversees it.

    What has been promised stays; the next assignment takes the category's limit.
    """
    with acting(case, "correct", by=by, at=at) as act:
        row, kind = act.case, type_of(act.case)
        check_category(kind, category)
        check_place(area)
        wanted: dict[str, Any] = {"category": category, "area_id": area, "address": tidy_address(address)}
        if all(getattr(row, name) == value for name, value in wanted.items()):
            raise Refused("case.same", field="category")
        act.journal.change(row, **wanted)
        act.journal.area, act.reworded = area, True
        act.tell("correct")


def assign(*, case: int, unit: int, limit: str = "", assisting: tuple[int, ...] = (), note: str = "", by: Actor,
           at: datetime) -> None:  # fmt: skip
    """Give the case to a lead unit (and assisting ones) under a limit, whose version and end are fixed now.

    The first assignment makes the promise to the asker; passing the case on or down never moves it.
    """
    with acting(case, "assign", by=by, at=at) as act:
        row = act.case
        parent = lead_duty(row) if row.state == "handling" else None
        body = receiver(act, unit)
        if parent is not None and unit not in set(directory().below(parent.unit_id)):
            raise Refused("case.unit.below", field="unit", unit=body.name)
        under = assignable(limit or usual_limit(act))
        duty = begin_duty(act, unit, lead=True, limit=under, parent=parent)
        for other in assisting:
            if other != unit:
                receiver(act, other)
                begin_duty(act, other, lead=False, limit=under, parent=parent)
        act.journal.change(
            row, lead_id=unit, handler_id=None, due_at=min(duty.sign_in_due_at or duty.due_at, duty.due_at),
            promised_at=row.promised_at or duty.due_at,
        )  # fmt: skip
        act.tell("assign", other=unit, audience=Audience.PUBLIC)
        if note.strip():
            act.tell("note", other=unit, audience=Audience.UNIT, text=required(note, "case.text.empty", "note"))
        act.notify("assign")


def recall(*, case: int, reason: str, by: Actor, at: datetime) -> None:
    """收回: the desk takes a case back to give it out anew. What was promised to the asker runs on."""
    reason = required(reason, "case.reason", "reason")
    with acting(case, "recall", by=by, at=at) as act:
        left = act.case.lead_id
        for duty in open_duties(act.case):
            act.journal.change(duty, of=act.case, ended_at=at)
        act.journal.change(act.case, lead_id=None, handler_id=None, due_at=act.case.promised_at)
        act.tell("recall", other=left, audience=Audience.PUBLIC)
        act.tell("note", other=left, audience=Audience.UNIT, text=reason)
        act.notify("recall")


def assist(*, case: int, unit: int, by: Actor, at: datetime) -> None:
    """Ask one more unit to help; it has until the lead unit's own end."""
    with acting(case, "assist", by=by, at=at) as act:
        lead = lead_duty(act.case)
        receiver(act, unit)
        begin_duty(act, unit, lead=False, limit=lead.limit.code if lead else usual_limit(act), parent=lead)
        act.tell("assist", other=unit)
        act.notify("assist")


def close(*, case: int, by: Actor, at: datetime) -> None:
    """Close an answered case. Whoever worked on it may not."""
    with acting(case, "close", by=by, at=at) as act:
        for duty in open_duties(act.case):
            act.journal.change(duty, of=act.case, ended_at=at)
        act.journal.change(act.case, closed_at=at, due_at=None)
        act.tell("close", audience=Audience.PUBLIC)
        act.notify("close")


def usual_limit(act: Act) -> str:
    """The limit that matters of this kind get."""
    category = type_of(act.case).category(act.case.category)
    return category.limit if category else "ordinary"


def receiver(act: Act, unit: int) -> Body:
    """The unit that is to get the case, if it may."""
    known = directory()
    body = known.bodies.get(unit)
    if body is None or body.kind == "desk":
        raise Refused("case.unit.none", field="unit")
    if not body.valid_on(calendar_now().day_of(act.at)):
        if body.successor and body.successor in known.bodies:
            raise Refused("case.unit.gone", field="unit", unit=body.name, successor=known.bodies[body.successor].name)
        raise Refused("case.unit.closed", field="unit", unit=body.name)
    if unit in barred_units(act.case):
        raise Refused("case.about_itself", field="unit", unit=known.bodies[act.case.about_id].name)  # type: ignore[index]
    if any(d.unit_id == unit for d in open_duties(act.case)):
        raise Refused("case.unit.already", field="unit", unit=body.name)
    return body


def begin_duty(
    act: Act,
    unit: int,
    *,
    lead: bool,
    limit: str,
    parent: Assignment | None,
    by_date: date | None = None,
    transferred: bool = False,
) -> Assignment:
    """Write a unit's duty: under a limit, or until the day that a meeting has set."""
    calendar = calendar_now()
    rule = limit_on(limit, act.at)
    end = due_of(rule, act.at, calendar)
    sign_in = due_of(limit_on(type_of(act.case).clock("assigned"), act.at), act.at, calendar).at if lead else None
    due_at = end.at if by_date is None else end_of_day(by_date, calendar)
    # A unit below has no longer than the unit that passed the case down, while that one has it still and has time. What is
    # done again has a limit of its own: the duty of whoever passed the first round down ended with the answer.
    if by_date is not None:
        pass
    elif parent is not None and parent.ended_at is None and parent.due_at > act.at:
        due_at = min(due_at, parent.due_at)
    elif act.case.promised_at and act.case.promised_at > act.at:
        due_at = min(due_at, act.case.promised_at)
    duty = new_row(
        Assignment,
        case=act.case,
        unit_id=unit,
        lead=lead,
        parent=parent,
        limit=rule,
        limit_version=rule.version,
        calendar_version=calendar.version,
        begins_at=act.at,
        due_at=due_at,
        provisional=end.provisional,
        sign_in_due_at=sign_in,
        by_date=by_date,
        transferred=transferred,
    )
    known = duties(act.case)  # read before the new one is written
    act.journal.add(duty, of=act.case)
    known.append(duty)
    return duty
