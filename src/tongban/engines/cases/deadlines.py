"""What happens when the calendar changes: open deadlines are recomputed, and those concerned are told, once."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q

from tongban.core.calendar.queries import calendar_now
from tongban.core.calendar.writing import CHANGED
from tongban.core.ledger.actor import WORKER
from tongban.core.ledger.logic import canonical
from tongban.core.ledger.models import Outbox
from tongban.core.ledger.worker import Task, handles
from tongban.core.notices.writing import Line, add_lines
from tongban.engines.cases.actions.clock import RECOMPUTE
from tongban.engines.cases.actions.recomputing import recompute
from tongban.engines.cases.fanning import fan_out
from tongban.engines.cases.jobs import askers, at_work
from tongban.engines.cases.limits import PastLimits
from tongban.engines.cases.models import Assignment, Case

AGAIN = "cases.recompute_again"
_LATE = timedelta(minutes=2)


@handles(CHANGED, AGAIN)
def _fan_out(task: Task) -> None:
    """Find the open cases whose deadlines the changed dates touch, and have them recomputed a few at a time.

    Once more a little later: an action that was under way may have used the calendar as it was.
    """
    first, last = task.payload["first"], task.payload["last"]
    touched = open_cases_between(date.fromisoformat(first), date.fromisoformat(last) if last else None)
    fan_out(task, RECOMPUTE, touched)
    if task.topic == CHANGED:
        again = Outbox(
            topic=AGAIN, key=f"{AGAIN}:{task.row}", payload=canonical(dict(task.payload)), action=task.action,
            created_at=task.at, due_at=task.at + _LATE,
        )  # fmt: skip
        Outbox.objects.bulk_create([again], ignore_conflicts=True)


def open_cases_between(first: date, last: date | None) -> list[int]:
    """Open cases with a deadline that runs over these dates."""
    calendar = calendar_now()
    begin = calendar.begins(first)
    running = Assignment.objects.filter(case=OuterRef("pk"), ended_at=None, returned_at=None, due_at__gte=begin)
    found = Case.objects.filter(
        Q(due_at__gte=begin) | Q(promised_at__gte=begin, answered_at=None) | Exists(running), closed_at=None
    )
    if last is not None:
        found = found.filter(recorded_at__lt=calendar.begins(last + timedelta(days=1)))
    return list(found.order_by("pk").values_list("pk", flat=True))


@handles(RECOMPUTE)
def _recompute(task: Task) -> None:
    limits = PastLimits()
    for key in task.payload["cases"]:
        moved = recompute(case=key, by=WORKER, at=task.at, limits=limits)
        case = Case.objects.get(pk=key)
        if moved.promise is not None:
            gaps = {"due": moved.promise.isoformat()}
            asked = sorted(askers(case, task.at))
            add_lines((Line("asker.promise", person=p, case=key, gaps=gaps) for p in asked), cause=task.key, at=task.at)
        if moved.due is not None:
            gaps = {"due": moved.due.isoformat()}
            told = sorted(at_work(case, task.at))
            add_lines(
                (Line("officer.recomputed", account=a, case=key, gaps=gaps) for a in told), cause=task.key, at=task.at
            )
