"""In a real browser: a case is passed on, urged by its asker, given more time by another, and supervised by hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.engines.cases.conftest import County
from tests.engines.cases.conftest import county as county  # the fixture  # noqa: PLC0414
from tests.engines.cases.test_ladder import handled
from tests.journeys.test_desk import Enter
from tests.journeys.test_desk import enter as enter  # the fixture  # noqa: PLC0414
from tests.journeys.test_hard_way import Clock, press
from tests.journeys.test_hard_way import clock as clock  # the fixture  # noqa: PLC0414
from tests.ledgered import adopt, empty_indexes
from tests.look.pages import axe
from tongban.engines.cases.models import Case, Slip

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WHY = "灯杆要等厂家送货"
COUNT_PRINTS = "window.printed = 0; window.print = () => { window.printed += 1; };"


def test_passed_on_urged_given_more_time_and_supervised(
    county: County, enter: Enter, clock: Clock, axe_script: Path
) -> None:
    empty_indexes()
    adopt()
    key = handled(county)
    case = f"/desk/cases/{key}/"

    # Passed on: until the town has taken it on, the bureau answers for it.
    bureau = enter("俞经办")
    bureau.goto(case)
    press(bureau, "transfer", "已转办", unit=str(county.units["新埭镇政府"].pk), reason="路灯归镇里管")
    clock.go_to(11, 18, 11)
    town = enter("镇经办")
    town.goto("/desk/")
    town.get_by_role("link", name="路灯坏了三天").click()
    expect(town.locator("main")).to_contain_text("路灯归镇里管")
    press(town, "sign_in", "已签收")

    # The asker urges on his phone, once a day; whoever has it now is told.
    asker = enter("陈居民", "phone")
    asker.goto(f"/my/{key}/")
    expect(asker.locator(".story")).to_contain_text("交通局转给新埭镇政府办理")
    asker.get_by_role("button", name="催一催").click()
    expect(asker.get_by_role("status")).to_contain_text("已经催了")
    asker.get_by_role("button", name="催一催").click()
    expect(asker.locator(".late").first).to_contain_text("今天")
    clock.go_to(11, 19)
    town.goto("/notices/")
    expect(town.locator("main")).to_contain_text("请抓紧办理")

    # More time is asked for by who handles it and given by the desk; the asker reads from which day to which.
    town.goto(case)
    press(town, "extend", "已申请延期", amount="3", reason=WHY)
    expect(town.locator("form[action*='/grant/']")).to_have_count(0)
    asker.goto(f"/my/{key}/")
    expect(asker.locator("main")).not_to_contain_text("延期一次")
    desk = enter("王受理")
    desk.goto("/desk/?view=extension")
    desk.get_by_role("link", name="路灯坏了三天").click()
    expect(desk.locator("#next")).to_contain_text(WHY)
    press(desk, "grant", "已同意延期")
    asker.reload()
    expect(asker.locator("main")).to_contain_text("延期一次：原定11月25日，现为11月30日。")
    expect(asker.locator("main")).not_to_contain_text(WHY)
    dashed = "e => getComputedStyle(e, '::before').borderInlineEndStyle"
    assert [asker.locator(f"li[data-{mark}]").evaluate(dashed) for mark in ("was", "due")] == ["dashed", "solid"]
    assert asker.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert axe(asker, axe_script) == []

    # Supervised by hand: the slip is printed once for each press, and reported on.
    over = enter("县督办")
    over.add_init_script(COUNT_PRINTS)
    over.goto(case)
    press(over, "supervise", "督办单已发", demand="请说明灯杆几时到货")
    over.get_by_role("link", name="督办单").click()
    over.get_by_role("button", name="打印").click()
    assert over.evaluate("window.printed") == 1
    over.emulate_media(media="print")
    expect(over.locator("article.slip")).to_contain_text("请说明灯杆几时到货")
    expect(over.get_by_role("button", name="打印")).to_be_hidden()
    town.goto(case)
    press(town, "report_back", "督办情况已反馈", text="11 月 27 日到货，当天装好")
    over.reload()
    expect(over.locator("article.slip")).to_contain_text("11 月 27 日到货，当天装好")
    assert Slip.objects.get(case=key).fed_back_at is not None
    row = Case.objects.get(pk=key)
    assert (row.state, row.lead, row.extension) == ("handling", county.units["新埭镇政府"], "granted")
