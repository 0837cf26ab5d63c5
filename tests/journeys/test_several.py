"""In a real browser: several cases at once, each with its own outcome; a meeting is moved, cancelled, and held; a unit
that it concerns chooses how it is told, and prints an extract of the minutes."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.engines.cases.conftest import NOW, County
from tests.engines.cases.conftest import county as county  # the fixture  # noqa: PLC0414
from tests.engines.cases.test_ladder import handled
from tests.journeys.test_desk import Enter, state
from tests.journeys.test_desk import enter as enter  # the fixture  # noqa: PLC0414
from tests.journeys.test_hard_way import Clock
from tests.journeys.test_hard_way import clock as clock  # the fixture  # noqa: PLC0414
from tests.ledgered import adopt, empty_indexes
from tests.look.pages import axe
from tests.web.public.conftest import asked
from tongban.engines.cases import actions
from tongban.engines.cases.actions import meeting
from tongban.engines.cases.models import AgendaItem, Meeting

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def called(secretary: Page, starts_at: str) -> None:
    secretary.goto("/desk/meetings/")
    secretary.select_option("#id_kind", "monthly")
    secretary.fill("#id_starts_at", starts_at)
    secretary.fill("#id_place", "县府 3 号会议室")
    secretary.get_by_role("button", name="定下来").click()
    expect(secretary.get_by_role("status").first).to_contain_text("会议已定")


def test_several_are_accepted_at_once_and_each_says_what_became_of_it(
    county: County, enter: Enter, clock: Clock
) -> None:
    empty_indexes()
    keys = [asked(county, body).pk for body in ("东街路灯不亮", "西街路灯不亮", "南街路灯不亮")]
    desk = enter("王受理")
    desk.goto("/desk/")
    for key in keys:
        desk.locator(f"input[name=key][value='{key}']").check()
    expect(desk.locator("[data-bulk]")).to_contain_text("已选 3 件")
    desk.get_by_role("button", name="一起办理").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("选中 3 件")
    # Meanwhile a colleague has been quicker with one of them.
    actions.accept(case=keys[1], by=county.officers["王受理"], at=clock.now())
    desk.locator("details.offer > summary", has_text="受理 能办 3 件").click()
    desk.get_by_role("button", name="受理", exact=True).click()
    expect(desk.get_by_role("heading", level=1)).to_contain_text("2 件办成，共 3 件")
    rows = {body: desk.get_by_role("row").filter(has_text=body) for body in ("东街", "西街", "南街")}
    expect(rows["东街"]).to_contain_text("已办")
    expect(rows["西街"]).to_contain_text("现在是“待交办”")
    expect(rows["南街"]).to_contain_text("已办")
    assert [state(key) for key in keys] == ["accepted"] * 3


def test_a_meeting_is_moved_cancelled_and_held_and_its_units_print_an_extract(
    county: County, enter: Enter, clock: Clock, axe_script: Path
) -> None:
    empty_indexes()
    adopt()
    mine, other = handled(county), handled(county, "人社局", "孙协办")
    for key in (mine, other):
        actions.raise_to_meeting(case=key, kind="monthly", by=county.officers["王受理"], at=NOW)
    unit, secretary = enter("钱审核", "phone"), enter("卫秘书")

    # The unit's officer chooses to have no reminders on his phone; the page of notices tells him still.
    unit.goto("/notices/preferences/")
    choice = unit.locator("#id_reminders_sms")
    choice.select_option("off")
    unit.get_by_role("button", name="记下").click()
    expect(unit.get_by_role("status")).to_contain_text("通知方式记下了")
    expect(choice).to_have_value("off")

    called(secretary, "2026-11-20T14:00")
    secretary.get_by_text("改时间地点").click()
    secretary.fill("#id_move-starts_at", "2026-11-23T09:30")
    secretary.fill("#id_move-place", "县府 5 号会议室")
    secretary.get_by_role("button", name="改", exact=True).click()
    expect(secretary.get_by_role("status").first).to_contain_text("会议时间地点已改")
    clock.go_to(11, 19)
    unit.goto("/notices/")
    unit.get_by_role("link", name="月度例会改到 11月23日 09:30").click()
    expect(unit.locator(".case-head")).to_contain_text("县府 5 号会议室")
    secretary.get_by_text("取消会议").first.click()
    secretary.fill("#id_cancel-reason", "台风，另行通知")
    secretary.get_by_role("button", name="取消会议", exact=True).click()
    expect(secretary.get_by_role("status").first).to_contain_text("会议已取消")
    unit.reload()
    expect(unit.locator(".case-head")).to_contain_text("已取消")

    # The next one decides on both; what the unit prints is its own alone, and says that it is an extract.
    called(secretary, "2026-11-20T14:00")
    held, by = Meeting.objects.get(state="planned").pk, county.officers["卫秘书"]
    clock.go_to(11, 20, 15)
    for key in (mine, other):
        said = meeting.Decision("kept", "下次再议" if key == mine else "等人社局核实")
        meeting.decide(case=key, meeting=held, decision=said, by=by, at=clock.now())
    secretary.goto(f"/desk/meetings/{held}/")
    secretary.get_by_role("button", name="结束，出纪要").click()
    expect(secretary.get_by_role("heading", level=1)).to_have_text("月度例会纪要")
    expect(secretary.locator(".minutes > li")).to_have_count(2)
    unit.goto(f"/desk/meetings/{held}/")
    assert axe(unit, axe_script) == []
    unit.emulate_media(media="print")
    expect(unit.get_by_role("heading", level=1)).to_have_text("月度例会 · 会议纪要（摘录）")
    expect(unit.get_by_text("这是摘录，只列您单位承办、您能看的件")).to_be_visible()
    expect(unit.locator(".minutes > li")).to_have_count(1)
    expect(unit.get_by_text("打印摘录")).to_be_hidden()
    assert AgendaItem.objects.filter(meeting=held, outcome="kept").count() == 2
