"""Who is told what after an action on a case: handlers of the outbox's topics ``cases.…``."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tongban.core.access.viewer import AGENT, HANDLER, REVIEWER, SECRETARY
from tongban.core.ledger.worker import Task
from tongban.core.notices.delivery import unreached
from tongban.core.notices.models import Message
from tongban.core.notices.writing import Line, add_lines
from tongban.engines.cases.actions.authority import review_unit
from tongban.engines.cases.models import Case, Extension, Slip, Stop
from tongban.engines.cases.recipients import (
    at_work,
    awaited,
    concerned,
    in_hand,
    officers,
    overseers,
    passing_on,
    unbarred,
)
from tongban.engines.cases.telling import (
    Event,
    came_to,
    message_askers,
    message_requester,
    message_the_others,
    on,
    promised_by,
    tell_officers,
)


@on("cases.infected")
def _infected(task: Task, event: Event) -> None:
    tell_officers(event, at_work(event.case, event.at), "infected")


@on("cases.close", "cases.callback", "cases.publish_approve", "cases.publish_withdraw", "cases.split", "cases.unsplit")
def _only_askers(task: Task, event: Event) -> None:
    """Nothing waits for an officer whom his queue does not tell."""


@on("cases.accept")
def _accepted(task: Task, event: Event) -> None:
    """Whether the request is taken on is promised to everybody, and most askers have no account in which to read it."""
    message_requester(task, event, "accept")
    # Whose own was accepted before it was merged has been told.
    message_the_others(task, event, "accept", {}, unless=lambda other: other.accepted_at is not None)


@on("cases.decline", "cases.refer")
def _declined(task: Task, event: Event) -> None:
    message_askers(task, event, task.topic.removeprefix("cases."))


@on("cases.opened")
def _opened(task: Task, event: Event) -> None:
    message_requester(task, event, "opened")


@on("cases.assign", "cases.assist")
def _assigned(task: Task, event: Event) -> None:
    for duty in event.duties:
        kind = "assigned" if duty["lead"] else "assisting"
        tell_officers(event, officers(event.case, duty["unit_id"], HANDLER, event.at), kind, duty["unit_id"])


@on("cases.return")
def _returned(task: Task, event: Event) -> None:
    if event.changed.get("lead_id") is None:
        tell_officers(event, officers(event.case, event.case.desk_id, AGENT, event.at), "returned", event.unit)
        return
    handler = event.changed.get("handler_id")
    there = officers(event.case, event.changed["lead_id"], HANDLER, event.at)
    tell_officers(event, {handler} if handler in there else there, "back", event.unit)


@on("cases.recall")
def _recalled(task: Task, event: Event) -> None:
    for unit in {line["other_id"] for line in event.story if line["kind"] == "recall" and line.get("other_id")}:
        tell_officers(event, officers(event.case, unit, HANDLER, event.at), "recalled", event.unit)


@on("cases.hand_over")
def _given(task: Task, event: Event) -> None:
    handler = event.changed.get("handler_id")
    if handler:
        tell_officers(event, unbarred(event.case, {handler}), "given")


@on("cases.feed_back")
def _reported(task: Task, event: Event) -> None:
    tell_officers(event, at_work(event.case, event.at), "reported", event.unit)


@on("cases.ask", "cases.pause")
def _asked(task: Task, event: Event) -> None:
    message_requester(task, event, task.topic.removeprefix("cases."))


@on("cases.resume", "cases.resume_out")
def _resumed(task: Task, event: Event) -> None:
    """That the clock runs again is told to whoever waits for the answer, unless he has started it himself by a reply."""
    ended = next((x["kind"] for x in event.story if x["kind"] in ("resume", "resume_out", "hold_out")), None)
    if ended is not None:
        message_askers(task, event, ended, promised_by(event))
    if task.topic == "cases.resume_out":
        tell_officers(event, at_work(event.case, event.at), "resumed")


@on("cases.extend")
def _to_extend(task: Task, event: Event) -> None:
    if event.case.extension == Extension.State.ASKED:
        tell_officers(event, officers(event.case, event.case.desk_id, AGENT, event.at), "to_extend", event.unit)


@on("cases.grant", "cases.refuse", "cases.extension_lapsed")
def _extension_decided(task: Task, event: Event) -> None:
    if task.topic == "cases.grant":
        message_askers(task, event, "grant", promised_by(event))
    told = {"cases.grant": "granted", "cases.refuse": "refused"}.get(task.topic, "lapsed")
    tell_officers(event, at_work(event.case, event.at), told)


@on("cases.reply")
def _replied(task: Task, event: Event) -> None:
    tell_officers(event, at_work(event.case, event.at), "replied")


@on("cases.rung_remind")
def _remind(task: Task, event: Event) -> None:
    tell_officers(event, in_hand(event.case, event.at) | passing_on(event.case, event.at), "remind")


@on("cases.rung_urge", "cases.urge")
def _urged(task: Task, event: Event) -> None:
    case, at = event.case, event.at
    tell_officers(event, in_hand(case, at) | passing_on(case, at) | awaited(case, at), "urge", event.unit)


@on("cases.rung_supervise", "cases.supervise")
def _supervised(task: Task, event: Event) -> None:
    case, at = event.case, event.at
    pressed = in_hand(case, at) | officers(case, case.lead_id, REVIEWER, at)
    if any(item["kind"] == "slip_urged" for item in event.story):  # no other slip was issued
        tell_officers(event, pressed, "slip_urged")
        return
    tell_officers(event, pressed, "supervise")
    tell_officers(event, overseers(case, at), "supervised", case.lead_id or case.desk_id)


@on("cases.slip_overdue")
def _slip_overdue(task: Task, event: Event) -> None:
    """The unit's officers, and whoever issued it; where that was the ladder, or he is gone, those who oversee."""
    case, at, slip = event.case, event.at, Slip.objects.get(pk=task.payload["slip"])
    here = slip.unit_id in (case.lead_id, case.desk_id)
    pressed = in_hand(case, at) if here else officers(case, slip.unit_id, HANDLER, at)
    tell_officers(event, pressed | officers(case, slip.unit_id, REVIEWER, at), "slip_overdue")
    overseeing = overseers(case, at)
    issuing = overseeing.union(*(officers(case, case.desk_id, office, at) for office in (AGENT, SECRETARY)))
    told = issuing & {slip.issued_by or 0} or overseeing
    tell_officers(event, told, "slip_unreported", slip.unit_id)


@on("cases.report_back")
def _reported_back(task: Task, event: Event) -> None:
    told = officers(event.case, event.case.desk_id, AGENT, event.at) | overseers(event.case, event.at)
    tell_officers(event, told, "reported_back", event.unit)


@on("cases.rung_monthly", "cases.rung_joint")
def _raised(task: Task, event: Event) -> None:
    case, at = event.case, event.at
    kind = task.topic.removeprefix("cases.rung_")
    told = in_hand(case, at) | officers(case, case.desk_id, SECRETARY, at) | overseers(case, at)
    tell_officers(event, told, f"raise_{kind}")


@on("cases.decide")
def _decided_in_meeting(task: Task, event: Event) -> None:
    message_askers(task, event, *_decision(event))
    tell_officers(event, in_hand(event.case, event.at) | concerned(event.case, event.at), "decided")
    for duty in event.duties:
        kind = "assigned" if duty["lead"] else "assisting"
        tell_officers(event, officers(event.case, duty["unit_id"], HANDLER, event.at), kind, duty["unit_id"])


def _decision(event: Event) -> tuple[str, dict[str, Any]]:
    """What a message says of a meeting's decision: until when it waits, while it does; else that there is one."""
    kinds, case = [line["kind"] for line in event.story], event.case
    if "hold" in kinds and case.stopped == Stop.Kind.HOLD and case.due_at is not None:
        return "hold", {"due": case.due_at.isoformat()}
    return next(kind for kind in kinds if kind.startswith("decide_")), {}


@on("cases.reopen")
def _reopened(task: Task, event: Event) -> None:
    message_askers(task, event, "reopen")
    tell_officers(event, in_hand(event.case, event.at), "reopened")


@on("cases.answer")
def _to_review(task: Task, event: Event) -> None:
    if event.case.state == "review":
        tell_officers(event, officers(event.case, review_unit(event.case), REVIEWER, event.at), "review")


@on("cases.reject")
def _rejected(task: Task, event: Event) -> None:
    tell_officers(event, at_work(event.case, event.at), "rejected", event.unit)


@on("cases.send")
def _sent(task: Task, event: Event) -> None:
    message_requester(task, event, "send", came_to(event))
    message_the_others(task, event, "answer", came_to(event))


@on("cases.publish_prepare")
def _to_publish(task: Task, event: Event) -> None:
    case, at = event.case, event.at
    told = officers(case, case.desk_id, REVIEWER, at) or officers(case, case.desk_id, AGENT, at)
    tell_officers(event, told, "to_publish")


@on("cases.keep_private")
def _kept_private(task: Task, event: Event) -> None:
    tell_officers(event, officers(event.case, event.case.desk_id, AGENT, event.at), "kept_private")


@on("cases.withdraw")
def _withdrawn(task: Task, event: Event) -> None:
    tell_officers(event, at_work(event.case, event.at), "withdrawn")


@on("cases.rate")
def _rated(task: Task, event: Event) -> None:
    if event.case.handler_id is not None:
        tell_officers(event, unbarred(event.case, {event.case.handler_id}), "rated")


@on("cases.merge", "cases.unmerge")
def _one_matter(task: Task, event: Event) -> None:
    """The units of both are told, and whoever asked the one that was merged, who may have no account to read it in."""
    message_requester(task, event, task.topic.removeprefix("cases."))
    if task.topic == "cases.unmerge":
        tell_officers(event, in_hand(event.case, event.at), "unmerged")
        return
    tell_officers(event, at_work(event.case, event.at), "merged")
    head = Case.objects.get(pk=event.changed["merged_into_id"])
    tell_officers(event, in_hand(head, event.at), "merged_in", about=head)


@on("cases.object")
def _objected(task: Task, event: Event) -> None:
    tell_officers(event, officers(event.case, event.case.desk_id, AGENT, event.at), "objected")


@unreached("case.")
def _not_reached(message: Message, at: datetime) -> None:
    """A message was given up: somebody at the desk has to call, or to look for another number."""
    case = Case.objects.filter(pk=message.case or 0).first()
    if case is not None:
        agents = sorted(officers(case, case.desk_id, AGENT, at))
        lines = (Line("officer.unreached", account=a, case=case.pk) for a in agents)
        add_lines(lines, cause=f"unreached:{message.key}", at=at)
