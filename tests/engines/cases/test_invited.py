"""Whose cases stand on an agenda is told of the day, of another day, of the cancelling and of the decision; and of no
case that he may not see."""

from __future__ import annotations

from datetime import date

import pytest

from tests.engines.cases.conftest import BEGIN, NOW, County
from tests.engines.cases.test_ladder import at, handled, told
from tests.engines.cases.test_meeting import TUESDAY, called, decide
from tests.ledgered import adopt
from tongban.core.access.models import Account, Role
from tongban.core.access.viewer import Viewer, viewer_of
from tongban.core.ledger.actor import Actor
from tongban.core.ledger.worker import run_pending
from tongban.core.notices import queries as notices
from tongban.core.notices.models import Notice
from tongban.engines.cases import actions
from tongban.engines.cases.actions import Opening, meeting
from tongban.engines.cases.climbing import climb
from tongban.engines.cases.models import Case
from tongban.engines.cases.outcome import DONE
from tongban.engines.cases.queries.meetings import agenda, attended, meetings, next_meeting, readable

LATER = at(8, 15, month=12)


def viewer(county: County, name: str) -> Viewer:
    return viewer_of(county.accounts[name], LATER)


def kinds(county: County, name: str) -> list[str]:
    return sorted(k for k in told(county, name, LATER).elements() if k.startswith(("officer.inv", "officer.on_agenda")))


@pytest.fixture
def case(county: County) -> int:
    adopt()
    key = handled(county)
    climb(at(3, month=12))
    run_pending(at(3, month=12))
    return key


def test_the_units_are_told_of_the_day_of_another_day_and_of_the_cancelling(county: County, case: int) -> None:
    held, by = called(county), county.officers["卫秘书"]
    run_pending(LATER)
    for name in ("俞经办", "陆经办", "钱审核"):
        assert kinds(county, name) == ["officer.invited_called"]
    assert kinds(county, "孙协办") == kinds(county, "镇经办") == kinds(county, "卫秘书") == []
    assert told(county, "王受理", LATER)["officer.called"] == 1
    (line,) = [x for x in notices.lines(viewer(county, "钱审核"), language="zh") if x.kind == "officer.invited_called"]
    assert line.text == "月度例会定于 12月8日 14:00 开，议题里有您单位承办的诉求，请派人参加。议题和日历文件在会议页。"
    assert (line.case, line.meeting) == (None, held)
    meeting.move_meeting(meeting=held, starts_at=at(9, 9, month=12), place="县府 5 号会议室", by=by, at=LATER)
    meeting.cancel_meeting(meeting=held, reason="台风", by=by, at=LATER)
    run_pending(LATER)
    assert kinds(county, "钱审核") == [f"officer.invited_{what}" for what in ("called", "cancelled", "moved")]


def test_a_case_that_comes_later_brings_its_unit_to_the_meeting_that_is_called(county: County, case: int) -> None:
    called(county)
    run_pending(at(3, month=12))
    other = handled(county, "人社局", "孙协办")
    actions.raise_to_meeting(case=other, kind="monthly", by=county.officers["王受理"], at=at(4, month=12))
    run_pending(at(4, month=12))
    assert kinds(county, "孙协办") == ["officer.on_agenda"]
    (line,) = [x for x in notices.lines(viewer(county, "孙协办"), language="zh") if x.kind == "officer.on_agenda"]
    assert line.text.endswith("列入 12月8日 14:00 月度例会的议题，请派人参加。")
    assert line.case == other


def test_a_meeting_is_open_to_whom_it_concerns_with_his_cases_alone(county: County, case: int) -> None:
    other = handled(county, "人社局", "孙协办")
    actions.raise_to_meeting(case=other, kind="monthly", by=county.officers["王受理"], at=at(3, month=12))
    held = called(county)
    who = viewer(county, "钱审核")
    seen = agenda(who, held, LATER)
    assert seen is not None
    assert [i.row.id for i in seen.waiting] == [case]
    assert (seen.attends, seen.secretary) == (True, False)
    assert [m.pk for m in meetings(who, LATER)] == [held]
    row = next_meeting(who, Case.objects.get(pk=case), LATER)
    assert row is not None
    assert row.pk == held
    for name in ("镇经办", "村经办", "陈居民"):
        stranger = viewer(county, name)
        assert agenda(stranger, held, LATER) is None
        assert (readable(stranger, [held], LATER), meetings(stranger, LATER)) == (set(), [])
    keeper = agenda(viewer(county, "卫秘书"), held, LATER)
    assert keeper is not None
    assert {i.row.id for i in keeper.waiting} == {case, other}
    assert not keeper.attends


def test_a_cancelled_meeting_stays_open_for_those_who_were_invited(county: County, case: int) -> None:
    held = called(county)
    meeting.cancel_meeting(meeting=held, reason="台风", by=county.officers["卫秘书"], at=at(7, month=12))
    assert attended(viewer(county, "俞经办")) == {held}
    actions.answer(
        case=case, text="周五前修好，俞负责。", outcome=DONE, by=county.officers["俞经办"], at=at(7, 10, month=12)
    )
    assert attended(viewer(county, "俞经办")) == {held}
    assert attended(viewer(county, "孙协办")) == set()


def test_nobody_learns_of_a_complaint_about_his_own_unit(county: County) -> None:
    adopt()
    opening = Opening(
        programme="community", kind="request", body="交通局的人态度不好", area=county.areas["village"].pk,
        requester=county.people["陈居民"], about=county.units["交通局"].pk,
    )  # fmt: skip
    key = actions.open_case(opening, by=Actor(county.accounts["陈居民"].pk), at=NOW).pk
    desk = county.officers["王受理"]
    actions.accept(case=key, by=desk, at=NOW)
    actions.assign(case=key, unit=county.units["人社局"].pk, by=desk, at=NOW)
    actions.sign_in(case=key, by=county.officers["孙协办"], at=NOW)
    # One who works in both units is barred from it wherever he sits.
    county.officer("两处经办", "人社局", "handler")
    _also_at(county, county.accounts["两处经办"], "交通局")
    actions.raise_to_meeting(case=key, kind="monthly", by=desk, at=at(3, month=12))
    held = called(county)
    decide(county, key, held, outcome="kept", text="等核实")
    run_pending(LATER)
    about = {line.account for line in Notice.objects.filter(case=key)}
    barred = {county.accounts[name].pk for name in ("俞经办", "陆经办", "钱审核", "两处经办")}
    assert not about & barred
    for name in ("俞经办", "钱审核", "两处经办"):
        assert kinds(county, name) == []
        assert agenda(viewer(county, name), held, LATER) is None
    assert kinds(county, "孙协办") == ["officer.invited_called"]


def _also_at(county: County, account: Account, unit: str) -> None:
    Role.objects.create(account=account, code="handler", organisation=county.units[unit], valid_from=BEGIN)


def test_a_decision_is_told_to_every_unit_that_had_a_part(county: County, case: int) -> None:
    held = called(county)
    decide(county, case, held, outcome="assigned", lead=county.units["人社局"].pk, by_date=date(2026, 12, 18))
    run_pending(LATER)
    for name in ("俞经办", "钱审核", "孙协办"):
        assert told(county, name, LATER)["officer.decided"] == 1, name
    assert told(county, "镇经办", LATER)["officer.decided"] == 0
    assert TUESDAY < LATER
