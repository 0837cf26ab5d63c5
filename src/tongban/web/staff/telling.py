"""A case's detail in the shape in which its page shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile

from tongban.core.calendar.logic import Unit, limit_words
from tongban.core.calendar.queries import calendar_now
from tongban.core.labels import Label
from tongban.engines.cases.actions.clock import after_extension
from tongban.engines.cases.models import Assignment
from tongban.engines.cases.queries import Detail
from tongban.engines.cases.queries.lines import Line
from tongban.engines.cases.story import AUDIENCES, sentence


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the story in words."""

    words: Label
    text: str
    who: str
    audience: Label
    public: bool
    happened_at: datetime
    precision: str


def told(detail: Detail) -> list[Told]:
    """The story, newest first, each line with who may read it."""
    return [_line(x) for x in detail.story]


def _line(x: Line) -> Told:
    words, text = sentence(x.kind, x.unit, x.other), x.text
    if x.kind == "hand_over" and text:
        # The line is told to officers alone; its text is the colleague's name.
        words, text = Label(f"{words.zh}，交给{text}", f"{words.en}: {text}"), ""
    return Told(words, text, x.who, AUDIENCES[x.audience], x.audience < 3, x.happened_at, x.precision)


def sent_back(detail: Detail) -> dict[str, list[Told]]:
    """By move, why the case came back: beside the assigning all returns so far, beside the answer the last refusal;
    beside the undoing of a merge that its asker objects."""
    state = detail.case.state
    if state == "merged":
        since = takewhile(lambda x: x.kind != "merge", detail.story)
        return {"unmerge": [_line(x) for x in since if x.kind == "object"]}
    if state == "accepted":
        return {"assign": [_line(x) for x in detail.story if x.kind == "return"]}
    if state != "handling":
        return {}
    # What has come back since it was last passed down or answered; newest first.
    lately = list(takewhile(lambda x: x.kind not in ("assign", "answer"), detail.story))
    return {
        "assign": [_line(x) for x in lately if x.kind == "return"],
        "answer": [_line(x) for x in lately if x.kind == "reject"][:1],
    }


def awaited(detail: Detail) -> Label | None:
    """The assisting units that have not reported back, while the answer is on its way."""
    names = [detail.units[unit].name for unit in sorted(detail.awaited)]
    if not names or detail.case.state not in ("handling", "review", "approved"):
        return None
    return Label("、".join(n.zh for n in names), ", ".join(n.en for n in names))


@dataclass(frozen=True, slots=True)
class Duty:
    """One unit's assignment in words."""

    unit: Label
    lead: bool
    state: str
    label: Label
    begins_at: datetime
    due_at: datetime
    limit: Label


def assignments(detail: Detail, at: datetime) -> list[Duty]:
    """All assignments: those in force first, the lead before the assisting, then those that ended, newest first."""
    ordered = sorted(detail.assignments, key=lambda a: (a.ended_at is not None, not a.lead, -a.pk))
    return [
        Duty(
            detail.units[a.unit_id].name, a.lead, *_stands(a, detail.awaited), a.begins_at, a.due_at,
            limit_words(a.limit.amount, Unit(a.limit.unit)),
        )
        for a in ordered
    ]  # fmt: skip


def _stands(duty: Assignment, awaited: frozenset[int]) -> tuple[str, Label]:
    if duty.returned_at:
        return "ended", Label("已退回", "returned")
    if duty.ended_at:
        return "done", Label("已结束", "ended")
    if duty.signed_in_at:
        return "going", Label("已签收", "taken on")
    if duty.lead:
        return "new", Label("待签收", "to be taken on")
    return (
        ("new", Label("待回填", "to report back"))
        if duty.unit_id in awaited
        else ("done", Label("已回填", "reported back"))
    )


def waits_for(detail: Detail) -> Label | None:
    """Whose turn it is when it is not the reader's."""
    lead = detail.lead or detail.desk
    turns = {
        "new": Label("等{desk}受理", "Waiting for {desk} to accept it"),
        "accepted": Label("等{desk}交办", "Waiting for {desk} to assign it"),
        "assigned": Label("等{lead}签收", "Waiting for {lead} to take it on"),
        "handling": Label("{lead}办理中", "{lead} is working on it"),
        "review": Label("答复待审核", "The answer is being reviewed"),
        "approved": Label("等{desk}发出答复", "Waiting for {desk} to send the answer"),
        "answered": Label("等{desk}办结", "Waiting for {desk} to close it"),
    }
    turn = turns.get(detail.case.state)
    if turn is None:
        return None
    return Label(turn.zh.format(desk=detail.desk.zh, lead=lead.zh), turn.en.format(desk=detail.desk.en, lead=lead.en))


@dataclass(frozen=True, slots=True)
class Asked:
    """A request for more time as the desk reads it: how much, why, and until when it would be."""

    length: Label
    reason: str
    asked_at: datetime
    due: datetime | None


def extension(detail: Detail) -> Asked | None:
    """The request that waits for a decision."""
    asked, promise = detail.extension, detail.case.promised_at
    if asked is None:
        return None
    due = after_extension(promise, asked, calendar_now()) if promise is not None else None
    return Asked(limit_words(asked.amount, Unit(asked.measure)), asked.reason, asked.asked_at, due)
