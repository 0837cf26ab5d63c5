"""Scenarios of administration."""

from __future__ import annotations

from datetime import date, timedelta

from tests.engines.cases.conftest import NOW, County
from tests.faults.scenarios.cases import case_in, moved
from tests.faults.scenarios.shared import HOUR, SYSTEM, Call, numbers, scenario
from tongban.engines.cases import actions
from tongban.engines.cases.actions import administration, escalating, meeting, rungs, targets
from tongban.engines.cases.ladder import ORDER
from tongban.engines.cases.models import (
    AgendaItem,
    Case,
    Limit,
    Meeting,
    Route,
    Rung,
    Target,
)


@scenario(administration.set_limit)
def _set_limit(county: County) -> Call:
    day = date(2027, 1, 1) + timedelta(days=next(numbers))
    return lambda: administration.set_limit(
        code="ordinary", amount=4 + next(numbers), unit="working_days", start="next_day", valid_from=day,
        source="试", confirmed=False, by=SYSTEM, at=NOW,
    )  # fmt: skip


@scenario(administration.confirm_limit)
def _confirm_limit(county: County) -> Call:
    limit = Limit.objects.filter(confirmed=False).order_by("pk")[0].pk
    return lambda: administration.confirm_limit(limit=limit, source="发文", by=SYSTEM, at=NOW)


@scenario(targets.set_target)
def _set_target(county: County) -> Call:
    n = next(numbers)
    return lambda: targets.set_target(
        code="on_time", percent=n % 100, valid_from=date(2027, 1, 1) + timedelta(days=n), source="试", confirmed=False,
        by=SYSTEM, at=NOW,
    )  # fmt: skip


@scenario(targets.confirm_target)
def _confirm_target(county: County) -> Call:
    target = targets.set_target(
        code="closure", percent=90, valid_from=date(2027, 1, 1) + timedelta(days=next(numbers)), source="试",
        confirmed=False, by=SYSTEM, at=NOW,
    )  # fmt: skip
    assert isinstance(target, Target)
    return lambda: targets.confirm_target(target=target.pk, source="发文", by=SYSTEM, at=NOW)


@scenario(rungs.set_rung)
def _set_rung(county: County) -> Call:
    n = next(numbers)
    return lambda: rungs.set_rung(
        code="joint", amount=20 + n, unit="working_days", before=False, active=True,
        valid_from=date(2027, 1, 1) + timedelta(days=n), source="试", confirmed=False, by=SYSTEM, at=NOW,
    )  # fmt: skip


@scenario(rungs.confirm_rung)
def _confirm_rung(county: County) -> Call:
    rung = Rung.objects.filter(confirmed=False).order_by("pk")[0].pk
    return lambda: rungs.confirm_rung(rung=rung, source="发文", by=SYSTEM, at=NOW)


@scenario(rungs.climb_anew)
def _climb_anew(county: County) -> Call:
    case = case_in(county, "handling")
    # As far as the monthly meeting: the joint one is next.
    while (row := Case.objects.get(pk=case)).risen < ORDER.index("joint"):
        assert row.rises_at is not None
        escalating.escalate(case=case, by=SYSTEM, at=row.rises_at)
    n = next(numbers)
    rungs.set_rung(
        code="joint", amount=20 + n, unit="working_days", before=False, active=True,
        valid_from=date(2026, 11, 18) + timedelta(days=n), source="试", confirmed=False, by=SYSTEM, at=NOW,
    )  # fmt: skip
    return lambda: rungs.climb_anew(case=case, by=SYSTEM, at=NOW + 200 * 24 * HOUR)


@scenario(escalating.escalate)
def _escalate(county: County) -> Call:
    case = case_in(county, "handling")
    return lambda: escalating.escalate(case=case, by=SYSTEM, at=NOW + 40 * 24 * HOUR)


moved("handling", "沈受理", actions.urge, note="请今天回电")
moved("handling", "县督办", actions.supervise, demand="三日内恢复")
moved("handling", "沈受理", actions.raise_to_meeting, kind="monthly")


@scenario(actions.report_back)
def _report_back(county: County) -> Call:
    case = case_in(county, "handling")
    actions.supervise(case=case, demand="三日内恢复", by=county.officers["县督办"], at=NOW)
    return lambda: actions.report_back(case=case, text="已排班", by=county.officers["俞经办"], at=NOW + HOUR)


def free(county: County, kind: str) -> None:
    """No meeting of this kind is planned."""
    by, later = county.officers["秦秘书"], NOW + 25 * HOUR
    for row in Meeting.objects.filter(kind=kind, state="planned"):
        if not AgendaItem.objects.filter(meeting=row).exists():
            meeting.cancel_meeting(meeting=row.pk, reason="另定", by=by, at=NOW)
            continue
        kept = meeting.Decision("kept", "再议")
        for item in AgendaItem.objects.filter(kind=kind, outcome="", case__desk=row.desk_id):
            meeting.decide(case=item.case_id, meeting=row.pk, decision=kept, by=by, at=later)
        meeting.end_meeting(meeting=row.pk, notes="", by=by, at=later)


def called(county: County, kind: str) -> Meeting:
    """A meeting of the firms' desk, a day from now."""
    by, desk = county.officers["秦秘书"], county.units["企业受理"].pk
    return meeting.call_meeting(kind=kind, desk=desk, starts_at=NOW + 24 * HOUR, place="县府", by=by, at=NOW)


def planned(county: County) -> int:
    free(county, "monthly")
    return called(county, "monthly").pk


@scenario(meeting.call_meeting)
def _call_meeting(county: County) -> Call:
    free(county, "joint")
    return lambda: called(county, "joint")


@scenario(meeting.move_meeting)
def _move_meeting(county: County) -> Call:
    held = planned(county)
    return lambda: meeting.move_meeting(
        meeting=held, starts_at=NOW + 48 * HOUR, place="县府", by=county.officers["秦秘书"], at=NOW
    )


@scenario(meeting.cancel_meeting)
def _cancel_meeting(county: County) -> Call:
    held = planned(county)
    return lambda: meeting.cancel_meeting(meeting=held, reason="台风", by=county.officers["秦秘书"], at=NOW)


@scenario(meeting.end_meeting)
def _end_meeting(county: County) -> Call:
    # Of the other desk, on whose agenda nothing stands.
    by, desk = county.officers["卫秘书"], county.units["民生受理"].pk
    held = Meeting.objects.filter(desk=desk, state="planned").first() or meeting.call_meeting(
        kind="monthly", desk=desk, starts_at=NOW + 24 * HOUR, place="县府", by=by, at=NOW
    )
    return lambda: meeting.end_meeting(meeting=held.pk, notes="", by=by, at=NOW + 25 * HOUR)


@scenario(meeting.decide)
def _decide(county: County) -> Call:
    case, held = case_in(county, "handling"), planned(county)
    actions.raise_to_meeting(case=case, kind="monthly", by=county.officers["沈受理"], at=NOW)
    decision = meeting.Decision("assigned", "由交通局牵头", county.units["交通局"].pk, (), date(2026, 12, 18))
    return lambda: meeting.decide(
        case=case, meeting=held, decision=decision, by=county.officers["秦秘书"], at=NOW + 25 * HOUR
    )


@scenario(administration.set_route)
def _set_route(county: County) -> Call:
    day = date(2026, 12, 1) + timedelta(days=next(numbers))
    unit = county.units[("交通局", "人社局")[Route.objects.count() % 2]].pk
    return lambda: administration.set_route(
        programme="enterprise", category="traffic", unit=unit, limit="joint", valid_from=day, by=SYSTEM, at=NOW
    )


@scenario(administration.end_route)
def _end_route(county: County) -> Call:
    for limit in ("joint", "consult"):
        administration.set_route(
            programme="enterprise", category="tax", unit=county.units["交通局"].pk, limit=limit,
            valid_from=date(2026, 12, 1) + timedelta(days=next(numbers)), by=SYSTEM, at=NOW,
        )  # fmt: skip
    route = Route.objects.filter(category="tax", ended_at=None).latest("valid_from").pk
    return lambda: administration.end_route(route=route, by=SYSTEM, at=NOW)
