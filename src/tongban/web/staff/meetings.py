"""Meetings: the list, the agenda with its decisions, the minutes to print, the calendar file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from icalendar import Calendar, Event

from tongban.core.access.viewer import AGENT, HANDLER, REVIEWER, SECRETARY, SUPERVISOR
from tongban.core.labels import Label
from tongban.core.refusals import Refused
from tongban.core.registry.queries import directory
from tongban.engines.cases.actions import meeting as actions
from tongban.engines.cases.models import AgendaItem, Meeting
from tongban.engines.cases.queries import meetings as queries
from tongban.web import lost
from tongban.web.forms import Form
from tongban.web.guard import View, office
from tongban.web.reading import Reading
from tongban.web.staff.choices import MEETINGS
from tongban.web.staff.meetingforms import CallForm, DecideForm, EndForm, MoveForm, ReasonForm

STATES = {
    Meeting.State.PLANNED: Label("待开", "Planned"),
    Meeting.State.HELD: Label("已开", "Held"),
    Meeting.State.CANCELLED: Label("已取消", "Cancelled"),
}
WHYS = {
    AgendaItem.Why.OVERDUE: Label("超期", "overdue"),
    AgendaItem.Why.RETURNED: Label("退回两次", "returned twice"),
    AgendaItem.Why.UNHAPPY: Label("两次不满意", "unhappy twice"),
    AgendaItem.Why.PASSED_ON: Label("例会提交", "passed on"),
    AgendaItem.Why.KEPT: Label("上次留下", "kept from last time"),
    AgendaItem.Why.ASKED: Label("受理岗提出", "brought up by the desk"),
    AgendaItem.Why.HOLD_OUT: Label("挂账期满", "its hold is over"),
}
OUTCOMES = {
    AgendaItem.Outcome.ASSIGNED: Label("交办", "Assigned"),
    AgendaItem.Outcome.HELD: Label("挂账", "On hold"),
    AgendaItem.Outcome.PASSED_ON: Label("提交联席会议", "Passed on to the joint meeting"),
    AgendaItem.Outcome.KEPT: Label("留到下次", "Kept for the next meeting"),
    AgendaItem.Outcome.SETTLED: Label("已了结", "Settled"),
}
# Nobody says beforehand how long a meeting takes; a calendar shows what has no length as taking no time.
_LASTS = timedelta(hours=1)
_WHO = Label("受理岗、会议秘书、督办和参会单位", "the desk, the meetings' secretary, supervisors and units that attend")
_DONE = {
    "call": Label("会议已定，有关人员会收到消息。", "The meeting is called; those concerned are told."),
    "move": Label("会议时间地点已改。", "Time and place were changed."),
    "cancel": Label("会议已取消，议题留到下次。", "Cancelled; its agenda waits for the next."),
    "end": Label("会议已结束，纪要可以打印。", "The meeting is over; its minutes can be printed."),
    "decide": Label("决定已记下并生效。", "The decision is written down and in force."),
}
reader: Callable[[View], View] = office(AGENT, SECRETARY, SUPERVISOR, HANDLER, REVIEWER, who=_WHO)
keeper: Callable[[View], View] = office(SECRETARY, who=Label("会议秘书", "the meetings' secretary"))


@reader
@require_http_methods(["GET", "HEAD", "POST"])
def meetings(request: Reading) -> HttpResponse:
    """The meetings of one's desks; a secretary calls the next one here."""
    desks = queries.may_call(request.viewer)
    form = CallForm(request.POST or None, language=request.language, desks=desks, kinds=MEETINGS)
    if request.method == "POST":
        called = _try(request, form, actions.call_meeting, lambda: form.cleaned_data, lambda: form.cleaned_data["desk"])
        if isinstance(called, Meeting):
            return _to(request, called.pk, "call")
    bodies = directory().bodies
    waiting = queries.waiting_for_meeting(request.viewer, request.at)
    found = queries.meetings(request.viewer, request.at)
    decided = queries.decided(request.viewer, found)
    rows = [(m, MEETINGS[Meeting.Kind(m.kind)], STATES[Meeting.State(m.state)], bodies[m.desk_id].name,
             decided.get(m.pk) if m.ended_at else waiting.get((m.desk_id, m.kind))) for m in found]  # fmt: skip
    context = {
        "rows": rows, "form": form, "may_call": bool(desks),
        "waiting": [
            (bodies[desk].name, kind, MEETINGS[Meeting.Kind(kind)], n) for (desk, kind), n in sorted(waiting.items())
        ],
    }  # fmt: skip
    return render(request, "web/staff/meetings.html", context, status=422 if form.is_bound else 200)


@reader
@require_safe
def meeting(request: Reading, key: int) -> HttpResponse:
    """The agenda and what was decided; printed, it is the minutes."""
    return _page(request, _agenda(request, key))


@reader
@require_safe
def calendar_file(request: Reading, key: int) -> HttpResponse:
    """The meeting for one's own calendar (RFC 5545). No case stands in it."""
    agenda = _agenda(request, key)
    row, name = agenda.meeting, MEETINGS[Meeting.Kind(agenda.meeting.kind)]
    event = Event()
    # Every county has a desk of this code and a first meeting; its own code keeps them apart in one calendar.
    event.add("uid", f"{settings.TONGBAN_COUNTY}-meeting-{row.pk}-{agenda.desk.code}@tongban")
    event.add("sequence", row.version)
    event.add("dtstamp", request.at)
    event.add("dtstart", row.starts_at)
    event.add("duration", _LASTS)
    event.add("summary", f"{name.text(request.language)} · {agenda.desk.name.text(request.language)}")
    event.add("location", row.place)
    event.add("url", request.build_absolute_uri(reverse("web:meeting", args=[row.pk])))
    event.add("status", "CANCELLED" if row.state == Meeting.State.CANCELLED else "CONFIRMED")
    made = Calendar()
    made.add("prodid", "-//Tongban//Meetings//")
    made.add("version", "2.0")
    made.add_component(event)
    response = HttpResponse(made.to_ical(), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="meeting-{row.pk}.ics"'
    return response


@keeper
@require_POST
def change(request: Reading, key: int, do: str) -> HttpResponse:
    """Move, cancel or end the meeting."""
    agenda = _agenda(request, key)
    forms: dict[str, type[Form]] = {"move": MoveForm, "cancel": ReasonForm, "end": EndForm}
    verbs: dict[str, Any] = {"move": actions.move_meeting, "cancel": actions.cancel_meeting, "end": actions.end_meeting}
    if do not in verbs:
        raise Http404
    form = forms[do](request.POST, language=request.language, prefix=do)
    act = partial(verbs[do], meeting=key)
    made = _try(request, form, act, lambda: form.cleaned_data, lambda: agenda.desk.id)
    return _to(request, key, do) if made else _page(request, agenda, tried=form, status=422)


@keeper
@lost.words_kept
@require_POST
def decide(request: Reading, key: int, case: int) -> HttpResponse:
    """Write down what was decided on one case."""
    agenda = _agenda(request, key)
    item = next((i for i in agenda.waiting if i.row.id == case), None)
    if item is None:
        return _page(request, agenda, refusal=Refused("case.agenda.none"), kept=lost.written(request), status=409)
    form = DecideForm(
        request.POST, language=request.language, prefix=f"c{case}", kind=agenda.meeting.kind, state=item.row.state
    )
    act = partial(actions.decide, case=case, meeting=key)
    made = _try(request, form, act, lambda: {"decision": form.decision()}, lambda: agenda.desk.id, item.row.programme)
    return _to(request, key, "decide") if made else _page(request, _agenda(request, key), tried=form, status=422)


def _try(
    request: Reading,
    form: Form,
    do: Callable[..., Any],
    given: Callable[[], dict[str, Any]],
    desk: Callable[[], int],
    programme: str | None = None,
) -> Any:
    """Do it with what the form gives; None, with the reason in the form, if it is wrong or was refused.

    A secretary may keep the meetings of several desks: he acts in the role that he holds at this one.
    """
    if not form.is_valid():
        return None
    role = request.viewer.role_at(SECRETARY, desk(), programme)
    try:
        return do(**given(), by=request.viewer.actor(role), at=request.at) or True
    except Refused as refusal:
        form.refuse(refusal)
        return None


def _to(request: Reading, key: int, done: str) -> HttpResponse:
    messages.success(request, _DONE[done].text(request.language))
    return HttpResponseRedirect(reverse("web:meeting", args=[key]))


def _agenda(request: Reading, key: int) -> queries.Agenda:
    found = queries.agenda(request.viewer, key, request.at)
    if found is None:
        raise Http404
    return found


def _page(
    request: Reading,
    agenda: queries.Agenda,
    *,
    tried: Form | None = None,
    refusal: Refused | None = None,
    kept: Sequence[str] = (),
    status: int = 200,
) -> HttpResponse:
    row, language = agenda.meeting, request.language
    sitting = row.state == Meeting.State.PLANNED and agenda.secretary
    begun = request.at >= row.starts_at

    def form(shape: type[Form], prefix: str, **more: Any) -> Form:
        if tried is not None and tried.prefix == prefix:
            return tried
        return shape(language=language, prefix=prefix, **more)

    waiting = [
        (item, WHYS[AgendaItem.Why(item.item.why)],
         form(DecideForm, f"c{item.row.id}", kind=row.kind, state=item.row.state, helping=item.helping)
         if sitting and begun else None)
        for item in agenda.waiting
    ]  # fmt: skip
    bodies = directory().bodies
    decided = [
        (
            item,
            OUTCOMES[AgendaItem.Outcome(item.item.outcome)],
            bodies[item.item.lead_id].name if item.item.lead_id else None,
            [bodies[unit].name for unit in item.helping],
        )
        for item in agenda.decided
    ]
    context = {
        # Whoever attends reads, and prints, only what concerns him: that is no more than an extract, and says so.
        "extract": agenda.attends and row.state == Meeting.State.HELD,
        "agenda": agenda, "meeting": row, "kind": MEETINGS[Meeting.Kind(row.kind)], "state": STATES[Meeting.State(row.state)],
        "waiting": waiting, "decided": decided, "sitting": sitting, "begun": begun, "tried": tried, "refusal": refusal,
        "kept": kept,
        "move": form(MoveForm, "move", initial={"starts_at": row.starts_at, "place": row.place}) if sitting else None,
        "cancel": form(ReasonForm, "cancel") if sitting else None, "end": form(EndForm, "end") if sitting and begun else None,
    }  # fmt: skip
    return render(request, "web/staff/meeting.html", context, status=status)
