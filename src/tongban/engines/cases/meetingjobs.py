"""Who is told of a meeting: those who keep it, and the officers of the units whose cases stand on its agenda.

Whoever is barred from a case is not invited for its sake, and no line names a case that its reader may not see.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q

from tongban.core.access.models import Role
from tongban.core.access.viewer import AGENT, SECRETARY, SUPERVISOR
from tongban.core.ledger.worker import Task, handles
from tongban.core.notices.writing import Line, add_lines
from tongban.core.registry.queries import directory
from tongban.engines.cases.models import Case, Meeting
from tongban.engines.cases.recipients import at_desks
from tongban.engines.cases.telling import Event, listens


def attending(case: Case, at: datetime) -> set[int]:
    """The handlers and reviewers of the units at work on a case, none of a barred unit; of its last lead unit where it
    has been answered."""
    units = set(case.assignments.filter(ended_at=None, returned_at=None).values_list("unit_id", flat=True))
    units |= {case.lead_id} if case.lead_id is not None else set()
    return at_desks(case, units, at)


def next_meeting(case: Case, kind: str, at: datetime) -> Meeting | None:
    """The meeting of a kind that is called already and will look at the case."""
    planned = Meeting.objects.filter(kind=kind, desk=case.desk_id, state=Meeting.State.PLANNED, starts_at__gt=at)
    return planned.order_by("starts_at").first()


def gaps_of(meeting: Meeting) -> dict[str, Any]:
    """What a line says of a meeting."""
    return {"due": meeting.starts_at.isoformat(), "meeting": meeting.pk, "meeting_kind": meeting.kind}


@listens()
def tell_on_agenda(event: Event) -> None:
    """A case came onto the agenda of a meeting that is called already: its units are asked to come."""
    for kind in event.raised:
        meeting = next_meeting(event.case, kind, event.at)
        if meeting is None:
            continue  # they are told when it is called
        told = sorted(attending(event.case, event.at) - {event.by_account})
        lines = (Line("officer.on_agenda", account=a, case=event.case.pk, gaps=gaps_of(meeting)) for a in told)
        add_lines(lines, cause=event.key, at=event.at)


@handles("cases.meeting")
def _meeting(task: Task) -> None:
    """A meeting is called, moved or cancelled: whoever keeps it learns it, and the units that are to come to it."""
    meeting, what = Meeting.objects.get(pk=task.payload["meeting"]), task.payload["what"]
    keepers, gaps = _keepers(meeting), gaps_of(meeting)
    on_it = Case.objects.filter(agenda=meeting.kind, desk=meeting.desk_id).exclude(agenda="").order_by("pk")
    invited = set[int]().union(*(attending(case, task.at) for case in on_it)) - keepers - {meeting.called_by}
    lines = [
        *(Line(f"officer.{what}", account=a, gaps=gaps) for a in sorted(keepers)),
        *(Line(f"officer.invited_{what}", account=a, gaps=gaps) for a in sorted(invited)),
    ]
    add_lines(lines, cause=task.key, at=task.at)


def _keepers(meeting: Meeting) -> set[int]:
    """The desk's agents and secretary and the county's supervisors, but for the one who called it."""
    county = [b.id for b in directory().bodies.values() if directory().places[b.area].level == "county"]
    held = Q(organisation_id=meeting.desk_id, code__in=(AGENT, SECRETARY)) | Q(
        organisation_id__in=county, code=SUPERVISOR
    )
    roles = Role.objects.filter(held, ended_at=None, account__is_active=True).exclude(account=meeting.called_by)
    return set(roles.values_list("account_id", flat=True))
