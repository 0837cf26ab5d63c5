"""The ladder: each rung acts once for one due time, in order, whatever happens meanwhile."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.engines.cases.conftest import NOW, County
from tests.ledgered import adopt
from tongban.core.access.models import Role
from tongban.core.access.viewer import viewer_of
from tongban.core.calendar import actions as calendar
from tongban.core.ledger.actor import WORKER, Actor
from tongban.core.ledger.audit import Audit
from tongban.core.ledger.worker import run_pending
from tongban.core.notices import queries as notices
from tongban.core.refusals import Refused
from tongban.engines.cases import actions
from tongban.engines.cases.actions import Opening, rungs
from tongban.engines.cases.climbing import climb
from tongban.engines.cases.models import AgendaItem, Case, Escalation, Slip, StoryItem
from tongban.engines.cases.outcome import DONE


def at(day: int, hour: int = 9, minute: int = 0, month: int = 11) -> datetime:
    """A moment on the county's clock in 2026."""
    return datetime(2026, month, day, hour, minute, tzinfo=UTC) - timedelta(hours=8)


@pytest.fixture
def case(county: County) -> int:
    """Taken on by the transport bureau on Wednesday the 18th, 9:00; promised for Wednesday the 25th, 17:00."""
    adopt()
    return handled(county)


def handled(county: County, unit: str = "交通局", officer: str = "俞经办", *, upto: str = "sign_in") -> int:
    """A case that a unit has taken on (or, ``upto`` "assign", has only been given; "accept", that waits at the desk)."""
    opening = Opening(
        programme="community", kind="request", body="路灯坏了三天", area=county.areas["village"].pk,
        requester=county.people["陈居民"],
    )  # fmt: skip
    key = actions.open_case(opening, by=Actor(county.accounts["陈居民"].pk), at=NOW).pk
    desk = county.officers["王受理"]
    actions.accept(case=key, by=desk, at=NOW)
    if upto == "accept":
        return key
    actions.assign(case=key, unit=county.units[unit].pk, by=desk, at=NOW)
    if upto == "sign_in":
        actions.sign_in(case=key, by=county.officers[officer], at=NOW)
    return key


def acted(case: int) -> list[str]:
    return list(Escalation.objects.filter(case=case).order_by("pk").values_list("rung", flat=True))


def told(county: County, name: str, when: datetime = NOW) -> Counter[str]:
    return Counter(line.kind for line in notices.lines(viewer_of(county.accounts[name], when), language="zh"))


def work(when: datetime) -> None:
    assert run_pending(when).errors == []


@pytest.mark.parametrize(
    ("when", "rungs"),
    [
        (at(25, 11, 29), []),
        (at(25, 11, 30), ["remind"]),  # four working hours before 17:00, lunch not counted
        (at(26, 16, 59), ["remind"]),
        (at(26, 17), ["remind", "urge"]),
        (at(30, 17), ["remind", "urge", "supervise"]),
        (at(2, 17, month=12), ["remind", "urge", "supervise", "monthly"]),
        (at(16, 17, month=12), ["remind", "urge", "supervise", "monthly", "joint"]),
        (at(31, 17, month=12), ["remind", "urge", "supervise", "monthly", "joint"]),
    ],
)
def test_the_rungs_act_in_order_at_their_time(county: County, case: int, when: datetime, rungs: list[str]) -> None:
    climb(when)
    assert acted(case) == rungs


def test_each_rung_does_its_part(county: County, case: int) -> None:
    climb(at(17, month=12))
    work(at(17, 10, month=12))
    assert Slip.objects.get(case=case).unit == county.units["交通局"]
    items = list(AgendaItem.objects.filter(case=case).order_by("pk").values_list("kind", "why", "outcome"))
    assert items == [("monthly", "overdue", "passed_on"), ("joint", "overdue", "")]
    assert Case.objects.get(pk=case).agenda == "joint"
    assert told(county, "陈居民")["asker.raise_joint"] == 1
    # All of it was due at once, so only the highest is told to those who have it in hand.
    assert told(county, "俞经办")["officer.raise_joint"] == 1
    assert told(county, "俞经办")["officer.urge"] == 0
    assert [f.sentence("en") for f in Audit().faults()] == []


def test_told_step_by_step_where_the_worker_runs(county: County, case: int) -> None:
    for day in (25, 26, 27, 30):
        work(at(day, 17, 1))
    kinds = told(county, "俞经办")
    assert (kinds["officer.remind"], kinds["officer.urge"], kinds["officer.supervise"]) == (1, 1, 1)
    assert told(county, "县督办")["officer.supervised"] == 1
    assert told(county, "陆经办")["officer.urge"] == 0  # a colleague who does not have it in hand


def test_looking_again_does_nothing_more(county: County, case: int) -> None:
    for _ in range(10):
        climb(at(30, 18))
    assert acted(case) == ["remind", "urge", "supervise"]
    assert Slip.objects.count() == 1


def test_a_step_taken_in_time_starts_the_ladder_anew(county: County, case: int) -> None:
    climb(at(25, 16))
    actions.answer(outcome=DONE, case=case, text="周五前修好，俞负责。", by=county.officers["俞经办"], at=at(25, 16))
    row = Case.objects.get(pk=case)
    assert row.due_at == at(25, 17)  # the review has no longer than the promise
    actions.reject(case=case, reason="写清日期", by=county.officers["钱审核"], at=at(25, 16, 30))
    climb(at(26, 17))
    assert acted(case) == ["remind", "urge"]


def test_a_pause_keeps_the_case_from_climbing(county: County, case: int) -> None:
    actions.pause(case=case, reason="请补照片", by=county.officers["俞经办"], at=at(24))
    climb(at(27))
    assert acted(case) == []
    actions.resume(case=case, by=county.officers["俞经办"], at=at(30))  # 24 25 26 27 ended: due on the 1st
    climb(at(2, 17, month=12))
    assert acted(case) == ["remind", "urge"]


def test_what_is_given_late_in_the_day_is_not_reminded_of_at_once(county: County) -> None:
    opening = Opening(programme="community", kind="request", body="x", area=county.areas["village"].pk)
    key = actions.open_case(opening, by=county.officers["王受理"], at=NOW).pk  # two working hours to accept it
    row = Case.objects.get(pk=key)
    assert row.due_at is not None
    assert row.rises_at is not None
    assert row.rises_at > row.due_at
    climb(NOW + timedelta(minutes=5))
    assert acted(key) == []


def test_a_calendar_that_changes_there_and_back_lets_no_rung_act_twice(county: County, case: int) -> None:
    climb(at(25, 16))
    calendar.set_day(day=date(2026, 11, 25), working=False, name_zh="临时", by=Actor(system="test"), at=at(25, 16))
    work(at(25, 16, 5))
    work(at(25, 16, 30))
    calendar.clear_day(day=date(2026, 11, 25), by=Actor(system="test"), at=at(25, 16, 40))
    work(at(25, 16, 45))
    work(at(25, 16, 59))
    assert Escalation.objects.filter(case=case, due_at=at(25, 17)).count() == 1


def test_an_answered_case_is_urged_to_be_closed_and_goes_before_no_meeting(county: County, case: int) -> None:
    actions.answer(outcome=DONE, case=case, text="已修好，请看照片。", by=county.officers["俞经办"], at=at(19))
    actions.approve(case=case, by=county.officers["钱审核"], at=at(19, 10))
    actions.send(case=case, by=county.officers["王受理"], at=at(19, 11))
    climb(at(30, 17, month=12))
    assert acted(case) == ["remind", "urge"]


def test_an_answer_takes_the_case_off_the_agenda(county: County, case: int) -> None:
    climb(at(3, month=12))
    assert Case.objects.get(pk=case).agenda == "monthly"
    actions.answer(outcome=DONE, case=case, text="已修好，请看照片。", by=county.officers["俞经办"], at=at(3, month=12))
    actions.approve(case=case, by=county.officers["钱审核"], at=at(3, 10, month=12))
    assert Case.objects.get(pk=case).agenda == "monthly"
    actions.send(case=case, by=county.officers["王受理"], at=at(3, 11, month=12))
    assert AgendaItem.objects.get(case=case).outcome == "settled"
    assert Case.objects.get(pk=case).agenda == ""


def test_where_no_officer_is_left_the_desk_is_told(county: County, case: int) -> None:
    Role.objects.filter(organisation=county.units["交通局"]).update(ended_at=NOW)
    work(at(26, 17, 1))
    assert told(county, "王受理")["officer.urge"] == 1


def test_who_stands_in_for_an_officer_on_leave_is_told_too(county: County, case: int) -> None:
    principal = Role.objects.get(account=county.accounts["俞经办"])
    county.officer("代经办", "交通局", "handler")
    Role.objects.filter(account=county.accounts["代经办"]).update(substitute_for=principal)
    work(at(26, 17, 1))
    assert told(county, "代经办")["officer.urge"] == told(county, "俞经办")["officer.urge"] == 1


def test_an_assisting_unit_that_is_silent_is_urged_with_the_lead(county: County) -> None:
    opening = Opening(
        programme="community", kind="request", body="路灯", area=county.areas["village"].pk,
        requester=county.people["陈居民"],
    )  # fmt: skip
    key = actions.open_case(opening, by=Actor(county.accounts["陈居民"].pk), at=NOW).pk
    desk = county.officers["王受理"]
    actions.accept(case=key, by=desk, at=NOW)
    actions.assign(
        case=key, unit=county.units["交通局"].pk, assisting=(county.units["人社局"].pk,), by=desk, at=NOW
    )  # fmt: skip
    actions.sign_in(case=key, by=county.officers["俞经办"], at=NOW)
    work(at(26, 17, 1))
    assert told(county, "孙协办")["officer.urge"] == 1


# -- by hand -------------------------------------------------------------------------------------------------------------


def test_the_asker_may_urge_once_a_day(county: County, case: int) -> None:
    asker = Actor(county.accounts["陈居民"].pk)
    actions.urge(case=case, by=asker, at=at(19))
    with pytest.raises(Refused) as refused:
        actions.urge(case=case, by=asker, at=at(19, 16))
    assert refused.value.code == "case.urge.today"
    actions.urge(case=case, note="请今天回电", by=county.officers["王受理"], at=at(19, 16))
    actions.urge(case=case, by=asker, at=at(20))
    work(at(20, 10))
    assert told(county, "俞经办")["officer.urge"] == 3
    line = StoryItem.objects.get(case=case, kind="urge")
    assert (line.audience, line.text) == (StoryItem.Audience.UNIT, "请今天回电")


def test_a_slip_is_issued_and_reported_on(county: County, case: int) -> None:
    over = county.officers["县督办"]
    actions.supervise(case=case, demand="三日内修好并附照片", by=over, at=at(20))
    with pytest.raises(Refused) as twice:
        actions.supervise(case=case, demand="再催", by=over, at=at(20, 10))
    assert twice.value.code == "case.slip.open"
    slip = Slip.objects.get(case=case)
    assert slip.due_at == at(24, 17)
    actions.report_back(case=case, text="配件已到，明天装", by=county.officers["俞经办"], at=at(23))
    slip.refresh_from_db()
    assert (slip.feedback, Case.objects.get(pk=case).slip_due_at) == ("配件已到，明天装", None)
    work(at(23, 10))
    assert told(county, "县督办")["officer.reported_back"] == 1


def test_a_town_supervises_its_own_cases_alone(county: County, case: int) -> None:
    town = county.officer("镇督办", "新埭镇政府", "supervisor")
    actions.supervise(case=case, demand="请抓紧", by=town, at=at(20))
    other = county.units["人社局"]
    other.area = county.areas["village"]
    with pytest.raises(Refused) as refused:
        actions.supervise(case=case, demand="请抓紧", by=county.officers["孙协办"], at=at(20))
    assert refused.value.code == "case.not_yours"


def test_returned_twice_goes_before_the_monthly_meeting(county: County, case: int) -> None:
    desk, worker = county.officers["王受理"], county.officers["俞经办"]
    actions.give_back(case=case, reason="不归我们", by=worker, at=at(19))
    actions.assign(case=case, unit=county.units["人社局"].pk, by=desk, at=at(19))
    assert Case.objects.get(pk=case).agenda == ""
    actions.give_back(case=case, reason="也不归我们", by=county.officers["孙协办"], at=at(20))
    assert AgendaItem.objects.get(case=case).why == "returned"
    assert Case.objects.get(pk=case).agenda == "monthly"


def test_the_worker_is_the_only_one_who_lets_a_case_climb(county: County, case: int) -> None:
    before = Case.objects.get(pk=case).version
    actions.escalating.escalate(case=case, by=WORKER, at=at(20))
    assert Case.objects.get(pk=case).version == before


# -- the ladder as data --------------------------------------------------------------------------------------------------


def lay_down(
    code: str, amount: int, *, unit: str = "working_days", active: bool = True, day: date = date(2026, 11, 18)
) -> None:
    rungs.set_rung(
        code=code, amount=amount, unit=unit, before=code == "remind", active=active, valid_from=day, source="试",
        confirmed=True, by=Actor(system="test"), at=NOW,
    )  # fmt: skip


def test_a_new_version_moves_the_open_cases_that_have_not_come_to_it(county: County, case: int) -> None:
    lay_down("urge", 2)
    work(NOW)
    work(at(26, 18))
    assert acted(case) == ["remind"]
    work(at(27, 17))
    assert acted(case) == ["remind", "urge"]


def test_a_version_that_begins_later_holds_from_then_on(county: County, case: int) -> None:
    lay_down("urge", 0, day=date(2026, 11, 25))
    work(at(24, 18))
    work(at(25, 8))
    work(at(25, 17))
    assert acted(case) == ["remind", "urge"]


def test_a_rung_that_is_switched_off_is_left_out(county: County, case: int) -> None:
    lay_down("supervise", 3, active=False)
    work(at(2, 17, 1, month=12))
    assert acted(case) == ["remind", "urge", "monthly"]


@pytest.mark.parametrize(
    ("code", "amount", "said"), [("urge", 4, "rung.order"), ("monthly", 2, "rung.order"), ("urge", 401, "rung.amount")]
)
def test_no_rung_overtakes_another(county: County, code: str, amount: int, said: str) -> None:
    with pytest.raises(Refused) as refused:
        lay_down(code, amount)
    assert refused.value.code == said
