"""Whether the requester was reached: the messages to his phone about a case, and how far each has come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tongban.core.labels import Label
from tongban.core.notices.delivery import State
from tongban.core.notices.states import messages_about
from tongban.engines.cases.queries.detail import Detail

_MESSAGES: dict[str, Label] = {
    "case.opened": Label("收到告知", "Received"),
    "case.accept": Label("受理告知", "Accepted"),
    "case.decline": Label("不予受理告知", "Not accepted"),
    "case.refer": Label("转办告知", "Referred"),
    "case.ask": Label("请补充", "Question"),
    "case.pause": Label("请补件", "Waits for more"),
    "case.grant": Label("延期告知", "More time"),
    "case.promise": Label("期限变动", "Another day"),
    "case.hold": Label("挂账告知", "On hold"),
    "case.decide_monthly": Label("例会决定", "Monthly meeting"),
    "case.decide_joint": Label("联席会议决定", "Joint meeting"),
    "case.send": Label("答复", "Answer"),
}
_STATES: dict[State, Label] = {
    State.SENT: Label("已发", "sent"),
    State.WAITING: Label("待发", "waiting"),
    State.NO_NUMBER: Label("没有号码", "no number"),
    State.UNWISHED: Label("本人已关掉", "switched off by the reader"),
    State.FAILED: Label("没送到", "not delivered"),
}


@dataclass(frozen=True, slots=True)
class Reached:
    """One message: what it told, how far it has come, since when."""

    told: Label
    state: State
    words: Label
    at: datetime


def reached(detail: Detail) -> list[Reached]:
    """The messages about a case, for whoever may know who asked; one query."""
    if detail.author is None:
        return []
    known = [one for one in messages_about(detail.case.pk) if one.kind in _MESSAGES]
    return [Reached(_MESSAGES[one.kind], one.state, _STATES[one.state], one.at) for one in known]
