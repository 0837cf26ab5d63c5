"""The same matter in a real browser: found alike, merged with one press, taken apart, split and made whole again."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.engines.cases.conftest import NOW, County
from tests.engines.cases.conftest import county as county  # the fixture  # noqa: PLC0414
from tests.journeys.test_desk import WIDTHS, Enter
from tests.journeys.test_desk import enter as enter  # the fixture  # noqa: PLC0414
from tongban.core.ledger.actor import Actor
from tongban.engines.cases import actions
from tongban.engines.cases.actions import Opening
from tongban.engines.cases.models import Case
from tongban.engines.cases.secrets import case_number

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def asked(county: County, body: str) -> int:
    opening = Opening(programme="community", kind="request", body=body, area=county.areas["village"].pk,
                      requester=county.people["陈居民"], category="traffic")  # fmt: skip
    return actions.open_case(opening, by=Actor(county.accounts["陈居民"].pk), at=NOW).pk


@pytest.mark.parametrize("width", WIDTHS)
def test_two_alike_are_merged_and_taken_apart_and_one_is_split(county: County, enter: Enter, width: str) -> None:
    first = asked(county, "泖口村东头的路灯坏了三天，晚上老人出门看不见路，希望尽快修好。")
    second = asked(county, "路灯坏了好几天没人修，泖口村东头晚上一片黑，老人看不见路。还有，公交站牌倒了。")
    desk = enter("王受理", width)
    desk.goto(f"/desk/cases/{second}/")
    alike = desk.get_by_role("region", name="可能相同或类似的")
    expect(alike).to_contain_text(case_number(first))
    assert desk.evaluate("document.documentElement.scrollWidth <= innerWidth")
    alike.get_by_role("button", name="并入这一件").click()
    expect(desk.get_by_role("status")).to_contain_text("已合并")
    expect(desk.get_by_role("region", name="相关的件")).to_contain_text("并入这一件办理")
    desk.get_by_text("撤销合并", exact=True).first.click()
    desk.get_by_role("button", name="撤销合并", exact=True).click()
    expect(desk.get_by_role("status")).to_contain_text("合并已撤销")
    assert Case.objects.get(pk=second).state == "new"
    desk.get_by_text("拆成几件", exact=True).first.click()
    desk.get_by_label("拆出的第 1 件").fill("公交站牌倒了")
    desk.get_by_label("第 1 件的类别").select_option("traffic")
    desk.get_by_role("button", name="拆成几件", exact=True).click()
    expect(desk.get_by_role("status")).to_contain_text("已拆开")
    expect(desk.get_by_role("region", name="相关的件")).to_contain_text("公交站牌倒了")
    assert desk.evaluate("document.documentElement.scrollWidth <= innerWidth")
