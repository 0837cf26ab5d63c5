"""Review by another, and sending."""

from __future__ import annotations

from datetime import datetime, timedelta

from tongban.core.ledger.actor import Actor
from tongban.core.ledger.rows import new_row
from tongban.core.refusals import Refused
from tongban.engines.cases.actions.authority import lead_duty, open_duties, type_of
from tongban.engines.cases.actions.clock import step_due
from tongban.engines.cases.actions.desk import required
from tongban.engines.cases.actions.keeping import keeper
from tongban.engines.cases.actions.writing import Act, Audience, acting
from tongban.engines.cases.models import Answer, Rating


def approve(*, case: int, by: Actor, at: datetime) -> None:
    """Another than the writer finds the answer fit to go out."""
    with acting(case, "approve", by=by, at=at) as act:
        act.journal.change(_latest(act), of=act.case, approved=True, reviewed_by=by.account, reviewed_at=at)
        act.journal.change(act.case, due_at=step_due(act.case, "approved", at))
        act.tell("approve", audience=Audience.UNIT)


def reject(*, case: int, reason: str, by: Actor, at: datetime) -> None:
    """The answer goes back to its writer with a reason."""
    reason = required(reason, "case.reason", "reason")
    with acting(case, "reject", by=by, at=at) as act:
        act.journal.change(_latest(act), of=act.case, approved=False, reviewed_by=by.account, reviewed_at=at)
        duty = lead_duty(act.case)
        act.journal.change(act.case, due_at=duty.due_at if duty else act.case.promised_at)
        act.tell("reject", audience=Audience.UNIT, text=reason)
        act.notify("reject")


def send(*, case: int, by: Actor, at: datetime) -> None:
    """The approved answer goes to the asker, the verdict on time is given, and the rating link goes out."""
    with acting(case, "send", by=by, at=at) as act:
        row = _latest(act)
        if not row.approved:
            raise Refused("case.answer.none")
        act.journal.change(row, of=act.case, sent_at=at)
        for duty in open_duties(act.case):
            act.journal.change(duty, of=act.case, ended_at=at)
        due = step_due(act.case, "answered", at)
        promised = act.case.promised_at
        act.journal.change(
            act.case, answered_at=at, answered_precision="second", due_at=due, outcome=row.outcome, why_not=row.why_not,
            in_time=None if promised is None else at <= promised and act.case.in_time is not False,
        )  # fmt: skip
        days = type_of(act.case).rating_days
        act.journal.add(new_row(Rating, case=act.case, asked_at=at, expires_at=at + timedelta(days=days)), of=act.case)
        act.tell("send", text=row.text)
        act.notify("send")


def _latest(act: Act) -> Answer:
    found = [a for a in keeper().parts(act.case, Answer) if not a.receipt]
    if not found:
        raise Refused("case.answer.none")
    return found[-1]
