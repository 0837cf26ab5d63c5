"""The meetings of a desk: called, held over what the ladder has brought up, ended; the next ones called."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from tongban.core.calendar.logic import CountFrom, Unit
from tongban.core.calendar.queries import calendar_now
from tongban.engines.cases.actions import meeting as actions
from tongban.engines.cases.actions import raise_to_meeting
from tongban.engines.cases.actions.authority import lead_duty, open_duties
from tongban.engines.cases.actions.clock import end_of_day
from tongban.engines.cases.actions.meeting import Decision
from tongban.engines.cases.actions.raising import waiting_items
from tongban.engines.cases.demo.county import DemoCounty
from tongban.engines.cases.models import AgendaItem, Case, Extension, Meeting

_APART = timedelta(weeks=4)
_NOTICE = 3  # working days between calling and sitting
_MORE = 5  # working days that a meeting gives
_AHEAD = 6  # working days from today to the joint meeting
_SINCE = 11  # working days from the last joint meeting to today
_ON_HOLD = 60  # working days for which it puts a case on hold
_DOORS = timedelta(minutes=10)  # what comes up while people sit down is decided too
_BROUGHT_UP = ("assigned", "handling", "review")
_SAID = {
    "assigned": "请{unit}牵头，明确专人，{day}前办结并答复，逾期在下次例会说明。",
    "passed_on": "涉及多个部门职责，本会定不下来，提交联席会议。",
    "kept": "已在走程序，请责任单位下次例会前报进展，留下次会议再看。",
    "held": "眼下条件还不具备，先挂账；请{unit}每月跟进，条件具备就恢复办理，并向提出人说明。",
}


def sittings(county: DemoCounty, desk: str) -> Iterator[datetime]:
    """The meetings of a desk, four weeks apart; what they decide is put into force as it is said."""
    calendar, by, body = calendar_now(), county.secretary(desk), county.known.body_codes[desk]
    # Four weeks apart up to the day after tomorrow, so that the next one is always called already.
    day = calendar.day_of(county.at + timedelta(days=2) - 2 * _APART)
    while True:
        sits = calendar.due(calendar.begins(day), 1, Unit.WORKING_DAYS, CountFrom.MOMENT).at - timedelta(hours=3)
        day += _APART
        called = calendar.before(sits, _NOTICE, Unit.WORKING_DAYS) - timedelta(hours=1)
        if called < county.begin:  # a long holiday lies between calling and sitting
            continue
        yield called
        held = actions.call_meeting(
            kind=Meeting.Kind.MONTHLY.value,
            desk=body.id,
            starts_at=sits,
            place="市行政中心 3 号会议室",
            by=by,
            at=called,
        )
        _bring_up(county, desk, called)
        yield sits + timedelta(minutes=5)
        now = sits + timedelta(minutes=5)
        for item in _agenda(held):
            now += timedelta(minutes=county.rng.randint(3, 12))
            decision = _decision(county, item.case, now)
            actions.decide(case=item.case_id, meeting=held.pk, decision=decision, by=by, at=now)
        actions.end_meeting(meeting=held.pk, notes="", by=by, at=now + timedelta(minutes=10))


def joint_sat(county: DemoCounty, desk: str) -> Iterator[datetime]:
    """The last joint meeting: for one case there is nothing to be done now, and it is put on hold; others wait on."""
    calendar, by, body = calendar_now(), county.secretary(desk), county.known.body_codes[desk]
    day = calendar.day_of(calendar.before(county.at, _SINCE, Unit.WORKING_DAYS))
    sits = end_of_day(day, calendar) - timedelta(hours=2)
    called = calendar.before(sits, _NOTICE, Unit.WORKING_DAYS)
    if called < county.begin:
        return
    yield called
    held = actions.call_meeting(
        kind=Meeting.Kind.JOINT.value, desk=body.id, starts_at=sits, place="市行政中心 2 号会议室", by=by, at=called
    )
    yield sits
    now = sits + timedelta(minutes=5)
    if (case := _stuck(county, body.id, now)) is not None:
        raise_to_meeting(case=case.pk, kind=Meeting.Kind.JOINT.value, by=by, at=now)
    for item in _agenda(held):
        now += timedelta(minutes=county.rng.randint(5, 15))
        decision = Decision("kept", _SAID["kept"])
        if case is not None and item.case_id == case.pk:
            decision = _hold(county, case, now)
            county.on_hold.add(case.pk)
        actions.decide(case=item.case_id, meeting=held.pk, decision=decision, by=by, at=now)
    actions.end_meeting(meeting=held.pk, notes="", by=by, at=now + timedelta(minutes=10))


def joint_sitting(county: DemoCounty, desk: str) -> Iterator[datetime]:
    """The next joint meeting, called a while ago for what no monthly meeting could settle."""
    calendar = calendar_now()
    called = calendar.before(county.at, _NOTICE, Unit.WORKING_DAYS)
    yield called
    sits = calendar.due(county.at, _AHEAD, Unit.WORKING_DAYS, CountFrom.NEXT_DAY).at - timedelta(hours=2)
    actions.call_meeting(
        kind=Meeting.Kind.JOINT.value, desk=county.known.body_codes[desk].id, starts_at=sits,
        place="市行政中心 2 号会议室", by=county.secretary(desk), at=called,
    )  # fmt: skip


def _agenda(meeting: Meeting) -> list[AgendaItem]:
    """What a meeting has to decide."""
    waiting = waiting_items().filter(kind=meeting.kind, case__desk=meeting.desk_id)
    return list(waiting.filter(raised_at__lt=meeting.starts_at + _DOORS).select_related("case").order_by("pk"))


def _stuck(county: DemoCounty, desk: int, at: datetime) -> Case | None:
    """A case that a unit has in hand and that nothing else is to happen to but its own life."""
    waiting = Case.objects.filter(
        desk=desk, state="handling", stopped="", agenda="", about=None, promised_at__gt=at, pk__in=county.plain
    ).exclude(extension=Extension.State.ASKED)
    of_unit = (case for case in waiting.order_by("pk") if (duty := lead_duty(case)) and duty.parent_id is None)
    return next(of_unit, None)


def _hold(county: DemoCounty, case: Case, now: datetime) -> Decision:
    calendar = calendar_now()
    day = calendar.day_of(calendar.due(now, _ON_HOLD, Unit.WORKING_DAYS, CountFrom.NEXT_DAY).at)
    unit = county.known.bodies[case.lead_id].name.zh if case.lead_id else ""
    return Decision("held", _SAID["held"].format(unit=unit), by_date=day)


def _bring_up(county: DemoCounty, desk: str, at: datetime) -> None:
    """The desk brings up what it thinks will not come right by itself."""
    body, agent = county.known.body_codes[desk], county.rng.choice(county.desk(desk))
    waiting = Case.objects.filter(desk=body.id, state__in=_BROUGHT_UP, agenda="", stopped="", promised_at__gt=at)
    slow = waiting.order_by("-promised_at", "pk")  # those promised soon are answered before the meeting sits
    for case in slow[: county.rng.randint(1, 3)]:
        raise_to_meeting(case=case.pk, kind=Meeting.Kind.MONTHLY.value, by=agent, at=at + timedelta(minutes=1))


def _decision(county: DemoCounty, case: Case, now: datetime) -> Decision:
    """Who works on it goes on, with a day; what waits for somebody else is looked at again, or passed on.

    What a town has passed down stays between the two: a village has nobody who could review its own answer.
    """
    duty = lead_duty(case)
    if case.state == "handling" and duty is not None and duty.parent_id is None:
        calendar = calendar_now()
        day = calendar.day_of(calendar.due(now, _MORE, Unit.WORKING_DAYS, CountFrom.NEXT_DAY).at)
        unit = county.known.bodies[duty.unit_id].name.zh
        text = _SAID["assigned"].format(unit=unit, day=f"{day.month}月{day.day}日")
        assisting = tuple(other.unit_id for other in open_duties(case) if not other.lead)
        return Decision("assigned", text, duty.unit_id, assisting, day)
    outcome = "passed_on" if county.rng.random() < 0.4 else "kept"
    return Decision(outcome, _SAID[outcome])
