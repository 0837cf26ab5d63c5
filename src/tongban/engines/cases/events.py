"""What other systems are told about a case: its number, what happened, its state and moments, and nobody's data."""

from __future__ import annotations

from datetime import datetime

from tongban.core.labels import Label
from tongban.core.ledger.logic import written
from tongban.core.ledger.worker import Task
from tongban.core.notices import webhooks
from tongban.engines.cases.models import Case
from tongban.engines.cases.secrets import case_number

# The outbox's topic → the event's name, and what an administrator reads.
EVENTS: dict[str, tuple[str, Label]] = {
    "cases.opened": ("case.opened", Label("提出", "Asked")),
    "cases.accept": ("case.accepted", Label("受理", "Accepted")),
    "cases.decline": ("case.declined", Label("不予受理", "Not accepted")),
    "cases.refer": ("case.referred", Label("转外部单位", "Referred outside")),
    "cases.assign": ("case.assigned", Label("交办", "Assigned")),
    "cases.return": ("case.returned", Label("退回", "Returned")),
    "cases.recall": ("case.recalled", Label("收回", "Taken back")),
    "cases.ask": ("case.asked", Label("请提出人补充", "Requester asked")),
    "cases.pause": ("case.paused", Label("暂停计时", "Paused")),
    "cases.grant": ("case.extended", Label("延期", "Given more time")),
    "cases.rung_supervise": ("case.supervised", Label("督办", "Supervised")),
    "cases.rung_monthly": ("case.raised_monthly", Label("提交月度例会", "Brought before the monthly meeting")),
    "cases.rung_joint": ("case.raised_joint", Label("提交联席会议", "Brought before the joint meeting")),
    "cases.decide": ("case.decided", Label("会议决定", "Decided by a meeting")),
    "cases.reopen": ("case.reopened", Label("重办", "Done again")),
    "cases.reply": ("case.replied", Label("提出人补充", "Requester replied")),
    "cases.send": ("case.answered", Label("答复发出", "Answered")),
    "cases.rate": ("case.rated", Label("评价", "Rated")),
    "cases.close": ("case.closed", Label("办结", "Closed")),
    "cases.merge": ("case.merged", Label("合并", "Merged")),
    "cases.unmerge": ("case.unmerged", Label("撤销合并", "Merge undone")),
    "cases.withdraw": ("case.withdrawn", Label("撤回", "Withdrawn")),
}
_MOMENTS = ("opened_at", "accepted_at", "due_at", "answered_at", "closed_at")

webhooks.declare(dict(EVENTS.values()))


def announce_case(case: Case, task: Task, *, state: str, happened_at: datetime) -> None:
    """Tell the subscribers what ``task`` is about. ``state``: into which the action has brought the case, if any."""
    if task.topic not in EVENTS:
        return
    moments = {name: getattr(case, name) for name in _MOMENTS}
    webhooks.announce(
        kind=EVENTS[task.topic][0],
        cause=task.key,
        data={
            "number": case_number(case.pk),
            "state": state or case.state,
            "outcome": case.outcome,
            "why_not": case.why_not,
            "happened_at": written(happened_at),
            **{name: written(moment) if moment else None for name, moment in moments.items()},
        },
        at=task.at,
    )
