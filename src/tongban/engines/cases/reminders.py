"""Each working morning: who is reminded, once, of what waits for nobody in particular and would go on waiting.

Agendas for which no meeting is called, meetings that nobody ends, public texts that nobody approves. A line's key is made of
what waits, so the same is never told twice, however often a row is done again or a morning looks.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time

from tongban.core.access.offices import in_office
from tongban.core.access.viewer import AGENT, REVIEWER, SECRETARY
from tongban.core.calendar.queries import calendar_now
from tongban.core.ledger.worker import Task, daily, handles
from tongban.core.notices.writing import Line, add_lines
from tongban.engines.cases.actions.raising import waiting_items
from tongban.engines.cases.limits import AGENDA, LIMITS, MINUTES, due_of, limit_on
from tongban.engines.cases.meetingjobs import gaps_of
from tongban.engines.cases.models import Case, Limit, Meeting, Publication
from tongban.engines.cases.recipients import officers, unbarred

REMIND = "cases.remind"
_MOST = 1000


@handles(REMIND)
def remind(task: Task) -> None:
    """Remind of what has waited too long. On a day of rest nobody is reminded; the next working day is early enough."""
    if not calendar_now().is_working(calendar_now().day_of(task.at)):
        return
    for found in (_agendas(task.at), _meetings(task.at), _texts(task.at)):
        for cause, lines in found:
            add_lines(lines, cause=cause, at=task.at)


daily(REMIND, time(8, 30))


def _agendas(at: datetime) -> Iterator[tuple[str, list[Line]]]:
    """A desk's secretaries learn of the longest waiting case that they may know of; one line, however many wait."""
    limit = _limit(AGENDA, at)
    if limit is None:
        return
    # Whoever does not end a meeting is told so first; in the end what waits for it waits for a meeting again.
    called = Meeting.objects.filter(state=Meeting.State.PLANNED).values_list("desk_id", "kind", "starts_at")
    planned = {(desk, kind) for desk, kind, starts_at in called if due_of(limit, starts_at).at > at}
    told: set[tuple[int, int, str]] = set()
    items = waiting_items().filter(kind__in=Meeting.Kind.values).select_related("case")
    for item in items.order_by("raised_at", "pk")[:_MOST]:
        desk = item.case.desk_id
        if (desk, item.kind) in planned or due_of(limit, item.raised_at).at > at:
            continue
        fresh = {a for a in unbarred(item.case, _secretaries(desk, at)) if (a, desk, item.kind) not in told}
        told |= {(account, desk, item.kind) for account in fresh}
        gaps = {"meeting_kind": item.kind}
        yield (
            f"cases.agenda_waits:{item.pk}",
            [Line("officer.agenda_waits", account=a, gaps=gaps) for a in sorted(fresh)],
        )


def _meetings(at: datetime) -> Iterator[tuple[str, list[Line]]]:
    """Whoever keeps a meeting that should have been ended is told; of another day that was set for it, anew."""
    limit = _limit(MINUTES, at)
    if limit is None:
        return
    for meeting in Meeting.objects.filter(state=Meeting.State.PLANNED, starts_at__lt=at).order_by("pk")[:_MOST]:
        if due_of(limit, meeting.starts_at).at > at:
            continue
        told, gaps = sorted(_secretaries(meeting.desk_id, at)), gaps_of(meeting)
        cause = f"cases.meeting_unended:{meeting.pk}:{meeting.starts_at.isoformat()}"
        yield cause, [Line("officer.meeting_unended", account=a, gaps=gaps) for a in told]


def _texts(at: datetime) -> Iterator[tuple[str, list[Line]]]:
    """Whoever may approve a text learns that it is overdue; never its writer, who may not."""
    waiting = Publication.objects.filter(state=Publication.State.PREPARED, prepared_at__lt=at).select_related("case")
    for text in waiting.exclude(case__state="undone").order_by("prepared_at", "pk")[:_MOST]:
        if due_of(limit_on("review", text.prepared_at), text.prepared_at).at > at:
            continue
        told = _approvers(text.case, at, text.prepared_by)
        yield f"cases.text_waits:{text.pk}", [Line("officer.text_waits", account=a, case=text.case_id) for a in told]


def _approvers(case: Case, at: datetime, writer: int | None) -> list[int]:
    """The desk's reviewers; where none but the writer is there, its agents."""
    offices = (officers(case, case.desk_id, office, at) - {writer or 0} for office in (REVIEWER, AGENT))
    return sorted(next((found for found in offices if found), set()))


def _secretaries(desk: int, at: datetime) -> set[int]:
    return in_office(desk, SECRETARY, at)


def _limit(code: str, at: datetime) -> Limit | None:
    """The limit in force; where the county has none, nobody is reminded."""
    return LIMITS.on(code, calendar_now().day_of(at))
