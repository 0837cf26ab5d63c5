"""What a handling unit does: take on (``sign_in``), return, hand over, report back, ask, answer."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from tongban.core.access.viewer import HANDLER
from tongban.core.files.waiting import Waiting
from tongban.core.ledger.actor import Actor
from tongban.core.ledger.rows import new_row
from tongban.core.refusals import Refused
from tongban.engines.cases.actions.authority import duties, last_handler, lead_duty, open_duties
from tongban.engines.cases.actions.clock import step_due
from tongban.engines.cases.actions.desk import begin_duty, receiver, required, usual_limit
from tongban.engines.cases.actions.escalating import bring_up_returned
from tongban.engines.cases.actions.filing import file_with
from tongban.engines.cases.actions.keeping import keeper
from tongban.engines.cases.actions.outcomes import columns, stated
from tongban.engines.cases.actions.questions import answer_each, one_by_one
from tongban.engines.cases.actions.writing import Act, Audience, acting
from tongban.engines.cases.logic.texts import is_receipt
from tongban.engines.cases.models import Answer, Assignment, Attachment, Inquiry
from tongban.engines.cases.outcome import UNSTATED, Outcome, whole

ANSWER = 10_000


def sign_in(*, case: int, by: Actor, at: datetime) -> None:
    """An officer of the lead unit takes the case as his own. Of several at once, one does."""
    with acting(case, "sign_in", by=by, at=at) as act:
        duty = _lead(act)
        act.journal.change(duty, of=act.case, signed_in_at=at, signed_in_by=by.account)
        first = next((d for d in open_duties(act.case) if duty.transferred and d.pk == duty.parent_id), None)
        if first is not None:  # until now the unit that passed it on has answered for it
            act.journal.change(first, of=act.case, ended_at=at)
        due = act.case.due_at if act.case.stopped else duty.due_at
        act.journal.change(act.case, handler_id=by.account, due_at=due)
        act.tell("sign_in", audience=Audience.PUBLIC)


def give_back(*, case: int, reason: str, by: Actor, at: datetime) -> None:
    """The unit returns the case with a reason: to the unit that passed it down, else to the desk."""
    reason = required(reason, "case.reason", "reason")
    with acting(case, "return", by=by, at=at) as act:
        duty = _lead(act)
        act.journal.change(duty, of=act.case, returned_at=at, ended_at=at)
        parent = next((d for d in duties(act.case) if d.pk == duty.parent_id), None)
        if parent is not None and parent.ended_at is None:
            # Back in the hands of the unit above, whose own clock has run on.
            act.target = "handling"
            handler = last_handler(act.case, parent)
            act.journal.change(act.case, lead_id=parent.unit_id, handler_id=handler, due_at=parent.due_at)
        else:
            act.journal.change(act.case, lead_id=None, handler_id=None, due_at=act.case.promised_at)
            for other in open_duties(act.case):
                act.journal.change(other, of=act.case, ended_at=at)
        act.tell("return", audience=Audience.UNIT, text=reason, unit=duty.unit_id)
        if (
            act.case.lead_id is None
        ):  # whoever asked is not left with a unit that has it no more; why is the officers' own
            act.tell("back_at_desk", audience=Audience.PUBLIC, unit=duty.unit_id)
        bring_up_returned(act)
        act.notify("return")


def transfer(*, case: int, unit: int, reason: str, by: Actor, at: datetime) -> None:
    """转办: the lead unit passes the case to the unit whose matter it is, and answers for it until that takes it on.

    The first unit does not send people away (首接负责制): what was promised runs on, and a case that is returned before it
    was taken on comes back to it.
    """
    reason = required(reason, "case.reason", "reason")
    with acting(case, "transfer", by=by, at=at) as act:
        first = _lead(act)
        receiver(act, unit)
        duty = begin_duty(act, unit, lead=True, limit=usual_limit(act), parent=first, transferred=True)
        due = min(duty.sign_in_due_at or duty.due_at, duty.due_at)
        act.journal.change(act.case, lead_id=unit, handler_id=None, due_at=due)
        act.tell("transfer", other=unit, audience=Audience.PUBLIC)
        act.tell("note", other=unit, audience=Audience.UNIT, text=reason)
        act.notify("assign")


def hand_over(*, case: int, account: int, by: Actor, at: datetime) -> None:
    """The case goes to another officer of the same unit."""
    with acting(case, "hand_over", by=by, at=at) as act:
        other = keeper().viewer(account, at)
        if other is None or act.case.lead_id not in other.units(HANDLER, programme=act.case.programme):
            raise Refused("case.account", field="account")
        act.journal.change(act.case, handler_id=account)
        act.tell(
            "hand_over", audience=Audience.UNIT, text=other.name, account=account
        )  # an officer's name, told to officers alone
        act.notify("hand_over")


def feed_back(*, case: int, text: str, by: Actor, at: datetime, files: Sequence[Waiting] = ()) -> None:
    """An assisting unit says what it can contribute; the lead unit answers."""
    text = required(text, "case.text.empty", "text", ANSWER)
    with acting(case, "feed_back", by=by, at=at) as act:
        file_with(
            act.journal,
            act.case,
            files,
            came_with="feed_back",
            audience=Audience.UNIT,
            unit=act.right.unit,
            by=by,
            at=at,
        )
        act.tell("feed_back", audience=Audience.UNIT, text=text)
        act.notify("feed_back")


def ask(*, case: int, question: str, by: Actor, at: datetime) -> None:
    """Ask the requester for more. The clock runs on."""
    question = required(question, "case.text.empty", "question")
    with acting(case, "ask", by=by, at=at) as act:
        if any(i.replied_at is None for i in keeper().parts(act.case, Inquiry)):
            raise Refused("case.inquiry.open", field="question")
        inquiry = Inquiry(case=act.case, unit_id=act.right.unit, asked_by=by.account, asked_at=at, question=question)
        act.journal.add(inquiry, of=act.case)
        act.tell("ask", text=question)
        act.notify("ask")


def answer(
    *, case: int, text: str, outcome: Outcome = UNSTATED, by: Actor, at: datetime, files: Sequence[Waiting] = (),
    keep: Collection[int] = (), replies: Mapping[int, str] = MappingProxyType({}),
    outcomes: Mapping[int, Outcome] = MappingProxyType({}),
) -> None:  # fmt: skip
    """Write the answer, say what came of it, and send it for review by somebody else. A mere receipt is not an answer.

    Where the request holds several numbered questions, each has its own of the ``replies`` and ``outcomes``; then
    ``text`` may close them, and what came of the whole follows from the parts.

    ``files`` go out with it; ``keep`` are files of the version that was sent back, which now belong to this one.
    """
    with acting(case, "answer", by=by, at=at) as act:
        each = answer_each(act, replies, outcomes)
        text = required(f"{one_by_one(each)}\n\n{text}", "case.text.empty", "text", ANSWER)
        if is_receipt(text):
            raise Refused("case.answer.receipt", field="text")
        came_to = whole(q.came_to for q in each) if each else stated(outcome, at)
        row = new_row(
            Answer,
            case=act.case,
            unit_id=act.right.unit,
            text=text,
            written_by=by.account,
            written_at=at,
            precision="second",
            **columns(came_to),
        )
        act.journal.add(row, of=act.case)
        act.journal.change(act.case, due_at=step_due(act.case, "review", at))
        file_with(
            act.journal, act.case, files, came_with="answer", audience=Audience.PARTY, unit=act.right.unit, answer=row,
            by=by, at=at,
        )  # fmt: skip
        for kept in Attachment.objects.filter(case=act.case, pk__in=keep, answer__approved=False) if keep else ():
            act.journal.change(kept, of=act.case, answer_id=row.pk)
        act.tell("answer", audience=Audience.UNIT)
        act.notify("answer")


def _lead(act: Act) -> Assignment:
    duty = lead_duty(act.case)
    if duty is None:
        raise Refused("ledger.overtaken")
    return duty
