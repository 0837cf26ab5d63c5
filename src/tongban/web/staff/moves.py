"""The moves as a case's page offers them: which form and which action is behind each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tongban.core.labels import Label
from tongban.core.ledger.actor import Actor
from tongban.core.refusals import Refused, declare
from tongban.engines.cases.actions.moves import MOVES
from tongban.engines.cases.actions.questions import one_by_one, questions_of
from tongban.engines.cases.declare import MOVE_GROUPS
from tongban.engines.cases.queries import Detail
from tongban.engines.cases.queries.desk import receivers
from tongban.web.staff import moveforms, sameforms, unitforms
from tongban.web.staff.moveforms import MoveForm, Plain
from tongban.web.staff.outcomeform import outcome_before

declare(
    {
        "move.nobody_below": Label(
            "“{unit}”没有下级单位，不能再往下交办；要别的单位一起办，请加协办。",
            "“{unit}” has no unit below it to pass the case to; to work with others, add an assisting unit.",
        )
    }
)
FORMS: Mapping[str, type[MoveForm]] = {
    "accept": Plain, "decline": moveforms.Decline, "refer": moveforms.Refer, "correct": moveforms.Correct,
    "assign": unitforms.Assign, "assist": unitforms.Assist, "sign_in": Plain, "return": moveforms.GiveBack,
    "recall": moveforms.Recall,
    "hand_over": unitforms.HandOver, "feed_back": moveforms.FeedBack, "ask": moveforms.Ask, "pause": moveforms.Pause,
    "urge": moveforms.Urge, "supervise": moveforms.Supervise, "report_back": moveforms.ReportBack, "raise": moveforms.Raise,
    "callback": moveforms.Callback, "reopen": moveforms.Reopen,
    "number": sameforms.Number, "open_up": sameforms.OpenUp, "close_up": Plain,
    "merge": sameforms.Merge, "unmerge": Plain,
    "split": sameforms.Split, "unsplit": Plain, "put_under": sameforms.PutUnder, "take_out": Plain,
    "transfer": unitforms.Transfer, "resume": Plain, "extend": moveforms.Extend, "grant": Plain, "refuse": moveforms.Refuse, "answer": moveforms.Answer,
    "approve": Plain, "reject": moveforms.Reject, "send": Plain, "close": Plain, "attach": moveforms.Attach,
}  # fmt: skip
# The one filled button, by the state in which it is the obvious one; an assisting unit's is to report back.
FIRST = {
    "new": "accept", "accepted": "assign", "assigned": "sign_in", "handling": "answer", "review": "approve",
    "approved": "send", "answered": "close",
}  # fmt: skip
# What goes with the first move as its other half: pressed as often, so shown open beside it.
PAIRED = {
    "accept": ("decline",),
    "approve": ("reject",),
    "sign_in": ("return",),
    "grant": ("refuse",),
    "close": ("callback",),
}
_FEW = 4  # so many are found without headings


@dataclass(frozen=True, slots=True)
class Offered:
    """A move that the viewer may make now, with its form."""

    code: str
    label: Label
    role: int | None
    form: MoveForm
    group: str


def make(form: MoveForm, by: Actor) -> None:
    """Do what the form asks for."""
    given = form.given()
    if form.tray is not None:
        form.tray.take()
        given["files"] = form.tray.waiting()
    MOVES[form.move](case=form.case.pk, by=by, at=form.at, **given)


def form_for(code: str, detail: Detail, at: datetime, language: str, data: Any = None, initial: Any = None) -> MoveForm:
    """The form of a move on this case."""
    made = FORMS[code](data, case=detail.case, at=at, language=language, prefix=code, initial=initial)
    made.move = code
    return made


def offered(detail: Detail, at: datetime, language: str, tried: MoveForm | None = None) -> dict[str, Offered]:
    """The moves that can be made now. ``tried`` is a form that was just refused: it keeps what was typed."""
    found: dict[str, Offered] = {}
    for offer in detail.offers:
        code = offer.move.code
        if offer.refusal is not None or code not in FORMS or code in found or nobody_below(code, detail, at):
            continue
        form = (
            tried
            if tried is not None and tried.move == code
            else form_for(code, detail, at, language, initial=_before(code, detail))
        )
        found[code] = Offered(code, offer.move.label, offer.role, form, offer.move.group)
    return found


def grouped(offers: Sequence[Offered]) -> list[tuple[Label | None, list[Offered]]]:
    """Moves by what they are about, each group under its name; a few stand together without one."""
    if len(offers) <= _FEW:
        return [(None, list(offers))]
    groups = [(label, [o for o in offers if o.group == code]) for code, label in MOVE_GROUPS.items()]
    return [(label, group) for label, group in groups if group]


def nobody_below(code: str, detail: Detail, at: datetime) -> Refused | None:
    """Why a case that a unit has taken on cannot be passed down: nobody is below."""
    if code == "assign" and detail.case.state == "handling" and not receivers(detail.case, at):
        return Refused("move.nobody_below", unit=detail.lead or detail.desk)
    return None


def _before(code: str, detail: Detail) -> dict[str, Any] | None:
    """An answer that was sent back is written on, not written anew."""
    if code != "answer":
        return None
    last = next((a for a in reversed(detail.answers) if not a.receipt), None)
    if last is None or last.approved is not False:
        return None
    text = last.text.removeprefix(one_by_one(questions_of(detail.case))).strip()
    return {"text": text, **outcome_before(last.came_to)}
