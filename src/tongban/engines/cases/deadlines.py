"""What happens when the calendar changes: open deadlines are recomputed, and those concerned are told, once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Q

from tongban.core.calendar.queries import calendar_now
from tongban.core.calendar.writing import CHANGED
from tongban.core.ledger.actor import WORKER
from tongban.core.ledger.logic import canonical
from tongban.core.ledger.models import Outbox
from tongban.core.ledger.worker import Effect, Task, handles
from tongban.core.notices.writing import Line, add_lines, ask_message
from tongban.engines.cases.actions.clock import RECOMPUTE
from tongban.engines.cases.bulk import recompute_many
from tongban.engines.cases.fanning import fan_out
from tongban.engines.cases.heads import merged_with
from tongban.engines.cases.models import Assignment, Case
from tongban.engines.cases.recipients import askers, at_work

AGAIN, MOVED = "cases.recompute_again", "cases.recomputed"
_LATE = timedelta(minutes=2)
# So many that nobody who writes is kept waiting: about a twentieth of a second.
CHUNK = 500


@handles(CHANGED, AGAIN, outside=True)
def _fan_out(task: Task) -> Effect:
    """Find the open cases whose deadlines the changed dates touch, and have them recomputed a chunk at a time.

    Looked for before the transaction, for in a large county that takes a while. Once more a little later: an action that
    was under way may have used the calendar as it was.
    """
    first, last = task.payload["first"], task.payload["last"]
    touched = open_cases_between(date.fromisoformat(first), date.fromisoformat(last) if last else None)

    def effect() -> None:
        fan_out(task, RECOMPUTE, touched, each=CHUNK)
        if task.topic == CHANGED:
            again = Outbox(
                topic=AGAIN, key=f"{AGAIN}:{task.row}", payload=canonical(dict(task.payload)), action=task.action,
                created_at=task.at, due_at=task.at + _LATE,
            )  # fmt: skip
            Outbox.objects.bulk_create([again], ignore_conflicts=True)

    return effect


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
    """A chunk in one transaction. Telling takes longer, and comes afterwards, a few cases at a time."""
    moved = recompute_many(task.payload["cases"], by=WORKER, at=task.at)
    # Whose work it was when it moved: told later, or told again, it is still he who is told.
    hands = {key: (lead, handler) for key, lead, handler in _in_hands(moved)}
    told = [[key, _spelt(ends.promise), _spelt(ends.due), *hands[key]] for key, ends in moved.items()]
    fan_out(task, MOVED, told)


def _in_hands(cases: Iterable[int]) -> Iterable[tuple[int, int | None, int | None]]:
    return Case.objects.filter(pk__among=list(cases)).values_list("pk", "lead_id", "handler_id")


@handles(MOVED)
def _tell(task: Task) -> None:
    lines = []
    cases = Case.objects.in_bulk([told[0] for told in task.payload["cases"]])
    for key, promise, due, lead, handler in task.payload["cases"]:
        case = cases[key]
        case.lead_id, case.handler_id = lead, handler
        if promise is not None:
            asked = sorted(askers(case, task.at))
            told = _phoned(case)
            gaps = {"due": promise}
            lines += [Line("asker.promise", person=p, case=key, gaps=gaps, texted=p in told) for p in asked]
            for person, own in told.items():
                ask_message(
                    key=f"{task.key}:{own}", person=person, kind="case.promise", case=own, gaps=gaps, at=task.at
                )
        if due is not None:
            at_it = sorted(at_work(case, task.at))
            lines += [Line("officer.recomputed", account=a, case=key, gaps={"due": due}) for a in at_it]
    add_lines(lines, cause=task.key, at=task.at)


def _phoned(case: Case) -> dict[int, int]:
    """Who is told by a message to his phone, each under his own request: its requester, and those who asked the same."""
    found: dict[int, int] = {}
    for one in (case, *merged_with(case.pk)):
        if one.requester_id is not None:
            found.setdefault(one.requester_id, one.pk)
    return found


def _spelt(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment is not None else None
