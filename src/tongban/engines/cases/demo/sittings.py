"""The monthly meetings of a desk: called, held over what the ladder has brought up, ended; the next one called."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from tongban.core.calendar.logic import CountFrom, Unit
from tongban.core.calendar.queries import calendar_now
from tongban.engines.cases.actions import meeting as actions
from tongban.engines.cases.actions import raise_to_meeting
from tongban.engines.cases.actions.meeting import Decision
from tongban.engines.cases.demo.county import DemoCounty
from tongban.engines.cases.models import AgendaItem, Case, Meeting

_APART = timedelta(weeks=4)
_NOTICE = 3  # working days between calling and sitting
_MORE = 5  # working days that a meeting gives
_SAID = {
    "assigned": "请{unit}牵头，明确专人，{day}前办结并答复，逾期在下次例会说明。",
    "passed_on": "涉及多个部门职责，本会定不下来，提交联席会议。",
    "kept": "已在走程序，请责任单位下次例会前报进展，留下次会议再看。",
}


def sittings(county: DemoCounty, desk: str) -> Iterator[datetime]:
    """The meetings of a desk, four weeks apart; what they decide is put into force as it is said."""
    calendar, by, body = calendar_now(), county.secretary(desk), county.known.body_codes[desk]
    # Four weeks apart up to the day after tomorrow, so that the next one is always called already.
    day = calendar.day_of(county.at + timedelta(days=2) - 2 * _APART)
    while True:
        sits = calendar.due(calendar.begins(day), 1, Unit.WORKING_DAYS, CountFrom.MOMENT).at - timedelta(hours=3)
        called = calendar.before(sits, _NOTICE, Unit.WORKING_DAYS) - timedelta(hours=1)
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
        waiting = AgendaItem.objects.filter(kind=held.kind, outcome="", case__desk=body.id, raised_at__lt=sits)
        for item in waiting.select_related("case").order_by("pk"):
            now += timedelta(minutes=county.rng.randint(3, 12))
            decision = _decision(county, item.case, now)
            actions.decide(case=item.case_id, meeting=held.pk, decision=decision, by=by, at=now)
        actions.end_meeting(meeting=held.pk, notes="", by=by, at=now + timedelta(minutes=10))
        day += _APART


def _bring_up(county: DemoCounty, desk: str, at: datetime) -> None:
    """The desk brings up what it thinks will not come right by itself."""
    body, agent = county.known.body_codes[desk], county.rng.choice(county.desk(desk))
    slow = Case.objects.filter(desk=body.id, state="handling", agenda="", promised_at__gt=at).order_by(
        "promised_at", "pk"
    )
    for case in slow[: county.rng.randint(1, 3)]:
        raise_to_meeting(case=case.pk, kind=Meeting.Kind.MONTHLY.value, by=agent, at=at + timedelta(minutes=1))


def _decision(county: DemoCounty, case: Case, now: datetime) -> Decision:
    """Who works on it goes on, with a day; what waits for somebody else is looked at again, or passed on."""
    if case.state == "handling" and case.lead_id is not None:
        calendar = calendar_now()
        day = calendar.day_of(calendar.due(now, _MORE, Unit.WORKING_DAYS, CountFrom.NEXT_DAY).at)
        unit = county.known.bodies[case.lead_id].name.zh
        text = _SAID["assigned"].format(unit=unit, day=f"{day.month}月{day.day}日")
        return Decision("assigned", text, case.lead_id, (), day)
    outcome = "passed_on" if county.rng.random() < 0.4 else "kept"
    return Decision(outcome, _SAID[outcome])
