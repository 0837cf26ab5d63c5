"""What the worker does about visits: tells officers of their firms, recalls what is planned, counts what was missed."""

from __future__ import annotations

from datetime import date
from typing import Any

from tongban.core.access.models import Liaison
from tongban.core.access.viewer import viewer_of
from tongban.core.calendar.logic import day_words
from tongban.core.calendar.queries import calendar_now
from tongban.core.labels import Label
from tongban.core.ledger.actor import WORKER
from tongban.core.ledger.worker import Task, handles
from tongban.core.notices import wording
from tongban.core.notices.writing import Line, add_lines
from tongban.core.registry.askers import firm_named
from tongban.engines.cases.queries.sight import as_liaison
from tongban.engines.cases.secrets import case_number
from tongban.engines.cases.telling import Event, listens
from tongban.engines.visits.actions.timing import GIVEN, MISS, REMIND, miss_visit
from tongban.engines.visits.models import Heard, Visit

_UNKNOWN = Label("（企业不在名录）", "(firm not in the register)")


@handles(GIVEN)
def give(task: Task) -> None:
    """Tell an officer on which firm he now calls."""
    gaps = {"firm": task.payload["firm"]}
    add_lines([Line("officer.firm_given", account=task.payload["officer"], gaps=gaps)], cause=task.key, at=task.at)


@handles(REMIND)
def remind(task: Task) -> None:
    """Tell the officer of a visit that is still planned for that day."""
    visit = Visit.objects.filter(
        pk=task.payload["visit"], planned_for=task.payload["day"], state=Visit.State.PLANNED
    ).first()
    if visit is not None and calendar_now().day_of(task.at) <= date.fromisoformat(task.payload["day"]):
        _tell("officer.visit_ahead", visit, task)


@handles(MISS)
def miss(task: Task) -> None:
    """Count a visit that was not held as missed, and tell its officer."""
    day = date.fromisoformat(task.payload["day"])
    visit = miss_visit(visit=task.payload["visit"], day=day, by=WORKER, at=task.at)
    if visit is not None:
        _tell("officer.visit_missed", visit, task)


@listens("cases.send")
def answered(event: Event) -> None:
    """What was heard on a visit is answered."""
    _tell_caller("officer.heard_answered", event)


@listens("cases.reopen")
def done_again(event: Event) -> None:
    """What was heard on a visit is done again."""
    _tell_caller("officer.heard_again", event)


def _tell_caller(kind: str, event: Event) -> None:
    """Tell whoever calls on the firm now, if he may see the case and has not acted himself."""
    case = event.case
    if case.firm_id is None or not Heard.objects.filter(case=case).exists():
        return
    charge = Liaison.objects.filter(firm=case.firm_id, until=None).select_related("account").first()
    if charge is None or charge.account_id == event.by_account:
        return
    if case.pk not in as_liaison(viewer_of(charge.account, event.at)).of([case.pk]):
        return
    gaps = {"firm": case.firm_id, "number": case_number(case.pk)}
    add_lines([Line(kind, account=charge.account_id, gaps=gaps)], cause=event.key, at=event.at)


def _tell(kind: str, visit: Visit, task: Task) -> None:
    gaps = {"firm": visit.firm_id, "day": task.payload["day"]}
    add_lines([Line(kind, account=visit.officer_id, gaps=gaps)], cause=task.key, at=task.at)


def _fill(_case: int | None, gaps: wording.Gaps) -> dict[str, Any]:
    firm = firm_named(gaps.get("firm", 0))
    name = firm.label if firm else _UNKNOWN
    return {
        "firm": name,
        "day": day_words(date.fromisoformat(gaps["day"])) if "day" in gaps else "",
        "number": gaps.get("number", ""),
    }


wording.declare(
    {
        "officer.firm_given": Label("{firm}由您联系，请约时间走访。", "You now call on {firm}; please plan a visit."),
        "officer.heard_answered": Label(
            "您走访{firm}时听到的诉求 {number} 已答复，在企业档案里看。",
            "Request {number}, heard on a visit to {firm}, is answered; see the firm's file.",
        ),
        "officer.heard_again": Label(
            "您走访{firm}时听到的诉求 {number} 重新办理，在企业档案里看。",
            "Request {number}, heard on a visit to {firm}, is being done again; see the firm's file.",
        ),
        "officer.visit_ahead": Label("计划{day}走访{firm}。", "A visit to {firm} is planned for {day}."),
        "officer.visit_missed": Label(
            "计划{day}走访{firm}，没有记下走访。请另约时间，或补记。",
            "The visit to {firm} planned for {day} was not logged. Please plan another, or log it now.",
        ),
    },
    {},
    _fill,
    groups={
        "officer.firm_given": wording.WORK,
        "officer.heard_answered": wording.WORK,
        "officer.heard_again": wording.WORK,
        "officer.visit_ahead": wording.REMINDERS,
        "officer.visit_missed": wording.REMINDERS,
    },
)
