"""Meetings, their agenda in the order of what each delay costs, and supervision slips."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from tongban.core.access import holders
from tongban.core.access.viewer import HANDLER, REVIEWER, SECRETARY, Viewer
from tongban.core.calendar.logic import Calendar, Unit
from tongban.core.calendar.queries import calendar_now
from tongban.core.registry.queries import Body, directory
from tongban.engines.cases.actions.raising import waiting_items
from tongban.engines.cases.models import AgendaItem, Assignment, Case, CaseScope, FactValue, Meeting, Participant, Slip
from tongban.engines.cases.queries.rows import CaseRow, rows_of
from tongban.engines.cases.queries.sight import at_work
from tongban.engines.cases.types import types

MOST = 200
#: So many items of an agenda are shown at once, and so many decisions. What waits beyond them comes up as others are decided.
SHOWN = 400


@dataclass(frozen=True, slots=True)
class Item:
    """One case on an agenda. ``over`` working days late × ``people`` whom it touches is the cost of its delay."""

    item: AgendaItem
    row: CaseRow
    over: int
    people: int
    returned: int
    helping: tuple[int, ...]  # units that assist now; of what is decided, those that the decision has asked to

    @property
    def cost(self) -> int:
        """Days of delay, each counted for each of those whom it touches."""
        return self.over * self.people


@dataclass(frozen=True, slots=True)
class Agenda:
    """A meeting with what it has to decide (the costliest first) and what it has decided, as far as the viewer sees it."""

    meeting: Meeting
    desk: Body
    waiting: list[Item]
    decided: list[Item]
    secretary: bool  # whether the viewer keeps this meeting
    attends: bool  # he reads it only because his unit's cases stand on it: what else it says is not for him
    more_waiting: int  # how many more of each there are than are shown
    more_decided: int

    @property
    def waits(self) -> int:
        """How many wait for a decision, shown or not."""
        return len(self.waiting) + self.more_waiting


def desks_of(viewer: Viewer, *offices: str) -> set[int]:
    """The desks whose meetings the viewer may read: all whose cases he sees; or at which he holds one of ``offices``."""
    if offices:
        return viewer.units(*offices)
    seen = at_work(viewer).holders
    return {b.id for b in directory().bodies.values() if b.kind == "desk" and holders.unit(b.id) in seen}


def meetings(viewer: Viewer, at: datetime) -> list[Meeting]:
    """The meetings of the viewer's desks, and those that look at cases of his units: planned first, then the latest."""
    del at
    theirs = Q(desk__in=desks_of(viewer)) | Q(pk__in=attended(viewer))
    found = Meeting.objects.filter(theirs).order_by("-starts_at", "-pk")[:MOST]
    return sorted(found, key=lambda m: m.state != Meeting.State.PLANNED)


def attended(viewer: Viewer) -> set[int]:
    """The meetings on whose agenda stand, or stood, cases of the viewer's units; of cases that he may see alone."""
    units = viewer.units(HANDLER, REVIEWER)
    if not units:
        return set()
    theirs = Q(case__assignments__unit__in=units, case__assignments__returned_at=None)
    items = list(AgendaItem.objects.filter(theirs).select_related("case").distinct().order_by("-pk")[:MOST])
    seen = at_work(viewer).of({item.case_id for item in items})
    items = [item for item in items if item.case_id in seen]
    found = {item.meeting_id for item in items if item.meeting_id is not None}
    desks = {item.case.desk_id for item in items}
    others = Meeting.objects.exclude(state=Meeting.State.HELD).filter(desk__in=desks).order_by("-pk")[:MOST]
    return found | {row.pk for row in others if any(_stood_on(item, row) for item in items)}


def _stood_on(item: AgendaItem, meeting: Meeting) -> bool:
    """Whether a meeting that is to come looks at the item, or one that was cancelled would have."""
    if (item.case.desk_id, item.kind) != (meeting.desk_id, meeting.kind):
        return False
    if meeting.ended_at is None:
        return not item.outcome
    return item.raised_at <= meeting.ended_at and (item.decided_at is None or item.decided_at >= meeting.ended_at)


def readable(viewer: Viewer, keys: Collection[int], at: datetime) -> set[int]:
    """Which of these meetings the viewer may open."""
    del at
    if not keys:
        return set()
    own = set(Meeting.objects.filter(pk__in=keys, desk__in=desks_of(viewer)).values_list("pk", flat=True))
    return own if own >= set(keys) else own | (attended(viewer) & set(keys))


def next_meeting(viewer: Viewer, case: Case, at: datetime) -> Meeting | None:
    """The meeting on whose agenda a case stands, once it is called and if the viewer may open it: the next to come, else
    the last whose hour has passed and which is not ended."""
    if not case.agenda:
        return None
    planned = Meeting.objects.filter(kind=case.agenda, desk=case.desk_id, state=Meeting.State.PLANNED)
    found = planned.filter(starts_at__gt=at).order_by("starts_at").first() or planned.order_by("-starts_at").first()
    return found if found is not None and readable(viewer, [found.pk], at) else None


def waiting_for_meeting(viewer: Viewer, at: datetime) -> dict[tuple[int, str], int]:
    """(desk, kind) → how many cases that the viewer may see wait for the next such meeting."""
    del at
    waiting = _at_desks(viewer, waiting_items()).values_list("case__desk", "kind")
    return {(desk, kind): n for desk, kind, n in waiting.annotate(n=Count("pk"))}


def decided(viewer: Viewer, meetings: Collection[Meeting]) -> dict[int, int]:
    """Meeting → how many cases that the viewer may see it has decided on; none of another desk's."""
    theirs = AgendaItem.objects.filter(meeting__in=[m.pk for m in meetings])
    return dict(_at_desks(viewer, theirs).values_list("meeting").annotate(n=Count("pk")))


def _at_desks(viewer: Viewer, items: QuerySet[AgendaItem]) -> QuerySet[AgendaItem]:
    """Those of ``items`` that stand or stood on the agendas of the viewer's desks, without what is about his own unit."""
    found = items.filter(case__desk__in=desks_of(viewer))
    barred = viewer.barred_by()
    return found.exclude(case__about__in=barred) if barred else found


def agenda(viewer: Viewer, key: int, at: datetime) -> Agenda | None:
    """A meeting; None if there is none or it is not the viewer's to see. Cases out of his sight are left out."""
    meeting = Meeting.objects.filter(pk=key).first()
    keeps = meeting is not None and meeting.desk_id in desks_of(viewer)
    if meeting is None or not (keeps or key in attended(viewer)):
        return None
    planned = meeting.state == Meeting.State.PLANNED
    wanted = (
        waiting_items().filter(kind=meeting.kind, case__desk=meeting.desk_id) if planned else AgendaItem.objects.none()
    )
    waits, more_waiting = _shown(viewer, wanted.order_by("raised_at", "pk"))
    done = AgendaItem.objects.filter(meeting=meeting).exclude(outcome="")
    over, more_decided = _shown(viewer, done.order_by("decided_at", "pk"))
    found = _items([*waits, *over], at)
    return Agenda(
        meeting,
        directory().bodies[meeting.desk_id],
        sorted(found[: len(waits)], key=lambda i: (-i.cost, i.item.raised_at)),
        found[len(waits) :],
        meeting.desk_id in viewer.units(SECRETARY),
        not keeps,
        more_waiting,
        more_decided,
    )


def _shown(viewer: Viewer, items: QuerySet[AgendaItem]) -> tuple[list[AgendaItem], int]:
    """The first items of cases in the viewer's sight, and how many more there are: what he does not see takes no place."""
    seen = items.filter(Exists(CaseScope.objects.filter(at_work(viewer).rows(), case=OuterRef("case"))))
    found = list(seen[: SHOWN + 1])
    return found[:SHOWN], seen.count() - SHOWN if len(found) > SHOWN else 0


def slips(viewer: Viewer, case: int) -> list[Slip]:
    """The supervision slips of a case that the viewer sees at work, newest first."""
    if not at_work(viewer).of([case]):
        return []
    return list(Slip.objects.filter(case=case).select_related("case").order_by("-pk"))


def may_call(viewer: Viewer) -> list[Body]:
    """The desks whose meetings the viewer may call."""
    return [directory().bodies[key] for key in sorted(desks_of(viewer, SECRETARY)) if key in directory().bodies]


def _items(items: list[AgendaItem], at: datetime) -> list[Item]:
    keys = [i.case_id for i in items]
    known = {row.id: row for row in rows_of(keys)}
    people, returned, helping, calendar = _people(keys), _returned(keys), _helping(items), calendar_now()
    return [
        Item(i, known[i.case_id], _over(known[i.case_id], i.decided_at or at, calendar), people.get(i.case_id, 1),
             returned.get(i.case_id, 0), helping[i.pk])
        for i in items
    ]  # fmt: skip


def _over(row: CaseRow, at: datetime, calendar: Calendar) -> int:
    due = row.promised_at or row.due_at
    return int(calendar.elapsed(due, at, Unit.WORKING_DAYS)) if due is not None and at > due else 0


def _people(cases: list[int]) -> dict[int, int]:
    """Case → how many people it touches: whoever asked, those who joined him, and what the case itself says."""
    facts = {fact.code for kind in types().values() for fact in kind.facts if fact.people}
    said = dict(FactValue.objects.filter(case__in=cases, code__in=facts).values_list("case", "number"))
    joined = Participant.objects.filter(case__in=cases).values_list("case").annotate(n=Count("pk"))
    others = dict(joined)
    return {case: max(said.get(case) or 0, 1 + others.get(case, 0)) for case in cases}


def _helping(items: Iterable[AgendaItem]) -> dict[int, tuple[int, ...]]:
    """Item → the units that assist, as :class:`Item` says."""
    found = Assignment.objects.filter(case__in={i.case_id for i in items}, lead=False, returned_at=None).order_by("pk")
    known: dict[int, list[Assignment]] = {}
    for duty in found:
        known.setdefault(duty.case_id, []).append(duty)

    def asked(item: AgendaItem, duty: Assignment) -> bool:
        return duty.begins_at == item.decided_at if item.outcome else duty.ended_at is None

    return {i.pk: tuple(d.unit_id for d in known.get(i.case_id, ()) if asked(i, d)) for i in items}


def _returned(cases: list[int]) -> dict[int, int]:
    found = Assignment.objects.filter(case__in=cases, returned_at__isnull=False).values_list("case")
    return dict(found.annotate(n=Count("pk")))
