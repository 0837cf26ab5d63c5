"""Meetings: what stands on their agenda leaves it with an outcome, and the outcome is put into force at once."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from tests.engines.cases.conftest import NOW, County
from tests.engines.cases.test_ladder import at, handled, told
from tests.ledgered import adopt
from tongban.core.access.models import Role
from tongban.core.access.viewer import viewer_of
from tongban.core.ledger.actor import Actor
from tongban.core.ledger.audit import Audit
from tongban.core.ledger.worker import run_pending
from tongban.core.refusals import Refused
from tongban.engines.cases import actions
from tongban.engines.cases.actions import Opening, meeting
from tongban.engines.cases.actions.meeting import Decision
from tongban.engines.cases.climbing import climb
from tongban.engines.cases.models import AgendaItem, Assignment, Case, Meeting, Stop, StoryItem
from tongban.engines.cases.outcome import DONE
from tongban.engines.cases.queries.meetings import agenda, waiting_for_meeting

TUESDAY = at(8, 14, month=12)


@pytest.fixture
def case(county: County) -> int:
    adopt()
    return handled(county)


def called(county: County, kind: str = "monthly", starts_at: datetime = TUESDAY) -> int:
    desk, by = county.units["民生受理"].pk, county.officers["卫秘书"]
    return meeting.call_meeting(
        kind=kind, desk=desk, starts_at=starts_at, place="县府 3 号会议室", by=by, at=at(3, month=12)
    ).pk


def decide(county: County, case: int, held: int, when: datetime = TUESDAY, **what: object) -> None:
    given = {"text": "由交通局牵头，会同人社局", **what}
    meeting.decide(
        case=case, meeting=held, decision=Decision(**given), by=county.officers["卫秘书"], at=when  # type: ignore[arg-type]
    )  # fmt: skip


def refused(code: str) -> object:
    return pytest.raises(Refused, check=lambda refusal: refusal.code == code)


def outcomes(case: int) -> list[tuple[str, str]]:
    return list(AgendaItem.objects.filter(case=case).order_by("pk").values_list("kind", "outcome"))


def test_a_decision_becomes_an_assignment_with_lead_and_day(county: County, case: int) -> None:
    climb(at(3, month=12))
    held = called(county)
    promised = Case.objects.get(pk=case).promised_at
    decide(
        county, case, held, outcome="assigned", lead=county.units["交通局"].pk, assisting=(county.units["人社局"].pk,),
        by_date=date(2026, 12, 18),
    )  # fmt: skip
    row = Case.objects.get(pk=case)
    assert (row.state, row.agenda, row.promised_at) == ("assigned", "", promised)  # the promise stays the measure
    lead, helper = Assignment.objects.filter(case=case, ended_at=None).order_by("pk")
    assert (lead.unit, helper.unit) == (county.units["交通局"], county.units["人社局"])
    assert lead.due_at == helper.due_at == at(18, 17, month=12)
    actions.sign_in(case=case, by=county.officers["俞经办"], at=at(8, 15, month=12))
    assert Case.objects.get(pk=case).due_at == at(18, 17, month=12)
    assert run_pending(at(8, 16, month=12)).errors == []
    assert told(county, "陈居民")["asker.decide_monthly"] == 1
    assert told(county, "孙协办")["officer.assisting"] == 1
    assert [f.sentence("en") for f in Audit().faults()] == []


def test_the_ladder_starts_again_below_the_day_that_was_set(county: County, case: int) -> None:
    climb(at(3, month=12))
    held = called(county)
    decide(county, case, held, outcome="assigned", lead=county.units["交通局"].pk, by_date=date(2026, 12, 18))
    actions.sign_in(case=case, by=county.officers["俞经办"], at=at(8, 15, month=12))
    climb(at(25, 17, month=12))
    assert Case.objects.get(pk=case).agenda == "monthly"
    assert outcomes(case) == [("monthly", "assigned"), ("monthly", "")]


def test_what_the_monthly_meeting_cannot_solve_goes_before_the_joint_one_which_puts_it_on_hold(
    county: County, case: int
) -> None:
    climb(at(3, month=12))
    monthly = called(county)
    with refused("meeting.hold"):
        decide(county, case, monthly, outcome="held", by_date=date(2027, 1, 29))
    decide(county, case, monthly, outcome="passed_on", text="要等上级规划，提交联席会议")
    assert Case.objects.get(pk=case).agenda == "joint"
    joint = called(county, "joint", at(10, 9, month=12))
    decide(county, case, joint, at(10, 10, month=12), outcome="held", by_date=date(2027, 1, 29), text="等规划批复")
    row, stop = Case.objects.get(pk=case), Stop.objects.get(case=case)
    assert (row.stopped, stop.kind, row.due_at) == ("hold", "hold", stop.until)
    with refused("case.hold.meeting"):
        actions.resume(case=case, by=county.officers["俞经办"], at=at(11, month=12))
    assert outcomes(case) == [("monthly", "passed_on"), ("joint", "held")]
    # When the time is over, the clock runs again and the meeting hears of it.
    assert run_pending(datetime(2027, 1, 29, 9, 1, tzinfo=NOW.tzinfo)).errors == []
    assert (Case.objects.get(pk=case).stopped, Case.objects.get(pk=case).agenda) == ("", "joint")
    assert AgendaItem.objects.filter(case=case).latest("pk").why == "hold_out"
    assert StoryItem.objects.filter(case=case, kind="hold_out").count() == 1


def test_kept_for_the_next_meeting_it_stands_there_again(county: County, case: int) -> None:
    climb(at(3, month=12))
    held = called(county)
    decide(county, case, held, outcome="kept", text="等检测报告")
    assert outcomes(case) == [("monthly", "kept"), ("monthly", "")]
    meeting.end_meeting(meeting=held, notes="", by=county.officers["卫秘书"], at=TUESDAY + timedelta(hours=2))
    assert Meeting.objects.get(pk=held).state == "held"


def test_a_meeting_does_not_end_before_every_case_has_an_outcome(county: County, case: int) -> None:
    climb(at(3, month=12))
    held, by = called(county), county.officers["卫秘书"]
    with refused("meeting.early"):
        meeting.end_meeting(meeting=held, notes="", by=by, at=at(8, 13, month=12))
    with refused("meeting.left"):
        meeting.end_meeting(meeting=held, notes="", by=by, at=TUESDAY)
    decide(county, case, held, outcome="kept")
    meeting.end_meeting(meeting=held, notes="到会 12 个单位。", by=by, at=TUESDAY + timedelta(hours=1))
    with refused("meeting.over"):
        decide(county, case, held, TUESDAY + timedelta(hours=2), outcome="kept")


def test_what_is_raised_while_a_meeting_sits_waits_for_the_next(county: County, case: int) -> None:
    held, by = called(county), county.officers["卫秘书"]
    climb(TUESDAY + timedelta(minutes=5))
    meeting.end_meeting(meeting=held, notes="", by=by, at=TUESDAY + timedelta(hours=1))
    assert outcomes(case) == [("monthly", "")]


def test_a_cancelled_meeting_leaves_its_agenda_to_the_next(county: County, case: int) -> None:
    climb(at(3, month=12))
    held, by = called(county), county.officers["卫秘书"]
    meeting.cancel_meeting(meeting=held, reason="台风", by=by, at=at(7, month=12))
    assert run_pending(at(7, 10, month=12)).errors == []
    assert told(county, "王受理")["officer.cancelled"] == 1
    with refused("meeting.over"):
        decide(county, case, held, outcome="kept")
    again = called(county, starts_at=at(15, 14, month=12))
    decide(county, case, again, at(15, 15, month=12), outcome="kept")
    assert outcomes(case) == [("monthly", "kept"), ("monthly", "")]


def test_a_hold_to_a_day_that_no_calendar_knows_is_refused(county: County, case: int) -> None:
    actions.raise_to_meeting(case=case, kind="joint", by=county.officers["王受理"], at=at(3, month=12))
    joint = called(county, "joint")
    for day in (date(2030, 12, 9), date.max):
        with refused("meeting.far"):
            decide(county, case, joint, outcome="held", by_date=day)
    assert Case.objects.get(pk=case).stopped == ""


def test_a_meeting_that_has_decided_something_took_place(county: County, case: int) -> None:
    climb(at(3, month=12))
    held, by, later = called(county), county.officers["卫秘书"], TUESDAY + timedelta(minutes=30)
    decide(county, case, held, outcome="kept")
    with refused("meeting.decided"):
        meeting.cancel_meeting(meeting=held, reason="台风", by=by, at=later)
    with refused("meeting.decided"):
        meeting.move_meeting(meeting=held, starts_at=at(15, 14, month=12), place="县府", by=by, at=later)
    assert Meeting.objects.get(pk=held).state == "planned"
    meeting.end_meeting(meeting=held, notes="", by=by, at=later)


def test_a_complaint_about_a_body_of_his_neither_counts_for_a_secretary_nor_keeps_his_meeting_from_ending(
    county: County,
) -> None:
    adopt()
    opening = Opening(
        programme="community", kind="request", body="窗口态度差", area=county.areas["village"].pk,
        requester=county.people["陈居民"], about=county.units["交通局"].pk,
    )  # fmt: skip
    key = actions.open_case(opening, by=Actor(county.accounts["陈居民"].pk), at=NOW).pk
    actions.accept(case=key, by=county.officers["王受理"], at=NOW)
    actions.raise_to_meeting(case=key, kind="monthly", by=county.officers["王受理"], at=at(3, month=12))
    held, by, account = called(county), county.officers["卫秘书"], county.accounts["卫秘书"]
    desk = county.units["民生受理"].pk
    assert waiting_for_meeting(viewer_of(account, TUESDAY), TUESDAY) == {(desk, "monthly"): 1}
    Role.objects.create(account=account, organisation=county.units["交通局"], code="reviewer", valid_from=NOW.date())
    mine = viewer_of(account, TUESDAY)
    assert waiting_for_meeting(mine, TUESDAY) == {}
    shown = agenda(mine, held, TUESDAY)
    assert shown is not None
    assert shown.waiting == []
    meeting.end_meeting(meeting=held, notes="", by=by, at=TUESDAY)
    assert outcomes(key) == [("monthly", "")], "it waits for the next, which another keeps"


def test_one_meeting_of_a_kind_is_planned_at_a_time_and_may_be_moved(county: County) -> None:
    held, by = called(county), county.officers["卫秘书"]
    with refused("meeting.planned"):
        called(county)
    later = at(9, 14, month=12)
    meeting.move_meeting(meeting=held, starts_at=later, place="县府 3 号会议室", by=by, at=at(4, month=12))
    with refused("meeting.same"):
        meeting.move_meeting(meeting=held, starts_at=later, place="县府 3 号会议室", by=by, at=at(4, month=12))
    assert Meeting.objects.get(pk=held).starts_at == later


@pytest.mark.parametrize(
    ("what", "code"),
    [
        ({"outcome": "assigned", "lead": None, "by_date": date(2026, 12, 18)}, "case.unit.none"),
        ({"outcome": "assigned", "lead": 1, "by_date": None}, "meeting.day"),
        ({"outcome": "assigned", "lead": 1, "by_date": date(2026, 12, 7)}, "meeting.day"),
        ({"outcome": "assigned", "lead": 1, "by_date": date(2030, 12, 9)}, "meeting.far"),
        ({"outcome": "assigned", "lead": 1, "by_date": date.max}, "meeting.far"),
        ({"outcome": "settled"}, "meeting.outcome"),
        ({"outcome": "kept", "text": "  "}, "meeting.text"),
    ],
)
def test_a_decision_that_cannot_be_is_refused_and_changes_nothing(
    county: County, case: int, what: dict[str, object], code: str
) -> None:
    climb(at(3, month=12))
    held = called(county)
    if what.get("lead"):
        what = {**what, "lead": county.units["交通局"].pk}
    before = Case.objects.get(pk=case).version
    with refused(code):
        decide(county, case, held, **what)
    assert Case.objects.get(pk=case).version == before
    assert outcomes(case) == [("monthly", "")]


@pytest.mark.parametrize("kind", ["assigned", "held"])
def test_an_evening_meeting_sets_no_day_that_is_over(county: County, case: int, kind: str) -> None:
    actions.raise_to_meeting(case=case, kind="joint", by=county.officers["王受理"], at=at(3, month=12))
    evening, lead = at(8, 18, month=12), county.units["交通局"].pk if kind == "assigned" else None
    joint, before = called(county, "joint"), Case.objects.get(pk=case)
    for when in (at(8, 17, month=12), evening):  # at the moment of closing nothing is left
        with refused("meeting.day.closed"):
            decide(county, case, joint, when, outcome=kind, lead=lead, by_date=date(2026, 12, 8))
    assert Case.objects.get(pk=case).version == before.version
    decide(county, case, joint, evening, outcome=kind, lead=lead, by_date=date(2026, 12, 9))


@pytest.mark.parametrize("who", ["秦秘书", "王受理", "县督办", "俞经办"])
def test_nobody_but_the_desks_secretary_decides(county: County, case: int, who: str) -> None:
    climb(at(3, month=12))
    held, by = called(county), county.officers[who]
    with refused("case.not_yours"):
        meeting.decide(case=case, meeting=held, decision=Decision("kept", "x"), by=by, at=TUESDAY)
    with refused("meeting.secretary"):
        meeting.cancel_meeting(meeting=held, reason="x", by=by, at=TUESDAY)
    with refused("meeting.secretary"):
        meeting.call_meeting(
            kind="joint", desk=county.units["民生受理"].pk, starts_at=TUESDAY, place="x", by=by, at=NOW
        )


def test_another_desks_meeting_and_a_meeting_of_another_kind_decide_nothing(county: County, case: int) -> None:
    climb(at(3, month=12))
    joint = called(county, "joint")
    with refused("case.agenda.none"):
        decide(county, case, joint, outcome="kept")
    other = meeting.call_meeting(
        kind="monthly", desk=county.units["企业受理"].pk, starts_at=TUESDAY, place="x", by=county.officers["秦秘书"],
        at=at(3, month=12),
    )  # fmt: skip
    with refused("case.agenda.none"):
        decide(county, case, other.pk, outcome="kept")


def test_the_desk_brings_a_case_up_by_hand(county: County, case: int) -> None:
    actions.raise_to_meeting(case=case, kind="monthly", by=county.officers["王受理"], at=at(19))
    with refused("case.agenda.already"):
        actions.raise_to_meeting(case=case, kind="monthly", by=county.officers["卫秘书"], at=at(19))
    actions.raise_to_meeting(case=case, kind="joint", by=county.officers["卫秘书"], at=at(20))
    assert outcomes(case) == [("monthly", "passed_on"), ("joint", "")]


def test_a_meeting_may_take_a_case_from_a_unit_that_works_on_it(county: County, case: int) -> None:
    actions.raise_to_meeting(case=case, kind="joint", by=county.officers["王受理"], at=at(19))
    joint = meeting.call_meeting(
        kind="joint",
        desk=county.units["民生受理"].pk,
        starts_at=at(20),
        place="x",
        by=county.officers["卫秘书"],
        at=at(19),
    ).pk
    actions.answer(outcome=DONE, case=case, text="周五前修好，俞负责。", by=county.officers["俞经办"], at=at(19, 15))
    decide(
        county,
        case,
        joint,
        at(20, 10),
        outcome="assigned",
        lead=county.units["新埭镇政府"].pk,
        by_date=date(2026, 11, 27),
    )
    row = Case.objects.get(pk=case)
    assert (row.state, row.lead_id, row.handler_id) == ("assigned", county.units["新埭镇政府"].pk, None)
    with refused("case.not_yours"):
        actions.sign_in(
            case=case, by=Actor(county.officers["俞经办"].account, county.officers["俞经办"].role), at=at(20, 11)
        )
