"""In a real browser: half-written words survive, for whoever wrote them and for nobody else; units are found by name."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect

from tests.engines.cases.conftest import County
from tests.engines.cases.conftest import county as county  # the fixture  # noqa: PLC0414
from tests.journeys.test_desk import Enter, state
from tests.journeys.test_desk import enter as enter  # the fixture  # noqa: PLC0414
from tests.web.staff.conftest import at_stage
from tongban.engines.cases.models import Assignment

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WORDS = "12月1日起在 21:30 加一班车，\n由交通局俞负责。"
BOX = "答复（提出人会收到）"


def signed_in_again(page: Page, county: County, name: str) -> None:
    """A new session in the same tab, as after signing in anew."""
    client = Client()
    client.force_login(county.accounts[name], backend="tongban.web.signin.backend.AccountBackend")
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    site = "/".join(page.url.split("/", 3)[:3])
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site}])


def kept(page: Page) -> list[str]:
    """The names of what the tab keeps."""
    return [str(n) for n in page.evaluate("Object.keys(sessionStorage).filter(n => n.startsWith('draft:'))")]


@pytest.mark.parametrize("gone", ["session", "everything"])
def test_a_lost_session_costs_nothing_that_was_written(county: County, enter: Enter, gone: str) -> None:
    key = at_stage(county, "handling")
    page = enter("俞经办")
    page.goto(f"/desk/cases/{key}/?view=work")
    page.get_by_label(BOX).fill(WORDS)
    page.get_by_role("radio", name="已解决", exact=True).check()
    if gone == "session":
        page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    else:
        page.context.clear_cookies()
    page.get_by_role("button", name="送审核").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("登录已过期")
    expect(page.locator("main")).to_contain_text("由交通局俞负责。")
    expect(page.locator("[data-kept-still]")).to_be_visible()
    onward = page.locator("main a.main").get_attribute("href") or ""
    assert f"next=%2Fdesk%2Fcases%2F{key}%2F%3Fview%3Dwork" in onward
    signed_in_again(page, county, "俞经办")
    page.goto(f"/desk/cases/{key}/answer/")  # what the sign-in might lead to
    expect(page).to_have_url(f"{page.url.split('/desk')[0]}/desk/cases/{key}/")
    expect(page.get_by_label(BOX)).to_have_value(WORDS)
    page.get_by_role("radio", name="已解决", exact=True).check()
    page.get_by_role("button", name="送审核").click()
    expect(page.get_by_role("status").first).to_contain_text("已送审核")
    assert state(key) == "review"
    assert kept(page) == []


def test_another_step_another_page_and_a_refusal_cost_nothing(county: County, enter: Enter) -> None:
    key = at_stage(county, "handling")
    page = enter("俞经办")
    page.goto(f"/desk/cases/{key}/")
    page.get_by_label(BOX).fill("已收悉")
    page.get_by_role("radio", name="已解决", exact=True).check()
    page.get_by_role("button", name="送审核").click()
    expect(page.get_by_role("alert")).to_contain_text("只是回执")
    page.get_by_label(BOX).fill(WORDS)
    page.locator("#move-assist summary").click()
    page.locator("#id_assist-unit").select_option(str(county.units["人社局"].pk))
    page.locator("#move-assist").get_by_role("button", name="加协办").click()
    expect(page.get_by_role("status").first).to_contain_text("已加协办")
    expect(page.get_by_label(BOX)).to_have_value(WORDS)
    page.goto("/desk/")
    page.goto(f"/desk/cases/{key}/")
    expect(page.get_by_label(BOX)).to_have_value(WORDS)
    page.get_by_role("button", name="不要了").click()
    expect(page.get_by_label(BOX)).to_have_value("")
    expect(page.get_by_label(BOX)).to_be_focused()
    page.reload()
    expect(page.get_by_label(BOX)).to_have_value("")


def test_words_are_for_their_writer_alone_and_go_at_signing_out(county: County, enter: Enter) -> None:
    key = at_stage(county, "handling")
    page = enter("俞经办")
    page.goto(f"/desk/cases/{key}/")
    page.get_by_label(BOX).fill(WORDS)
    assert len(kept(page)) == 1
    signed_in_again(page, county, "陆经办")
    page.reload()
    expect(page.get_by_label(BOX)).to_have_value("")
    assert kept(page) == []
    page.get_by_label(BOX).fill("陆写的一稿")
    page.locator("details.menu summary").click()
    page.get_by_role("button", name="退出登录").click()
    expect(page.get_by_role("status")).to_contain_text("已退出")
    assert kept(page) == []
    # What lay there too long is dropped, whoever comes.
    page.evaluate(
        "sessionStorage.setItem('draft:1:case-1-answer:answer-text',"
        " JSON.stringify({text: 'x', base: '', at: Date.now() - 13 * 3600e3}))"
    )
    page.reload()
    assert kept(page) == []


def test_what_signs_somebody_in_is_never_kept(county: County, enter: Enter) -> None:
    page = enter("俞经办")
    page.context.clear_cookies()
    for address in ("/sign-in/staff/", "/sign-in/"):
        page.goto(address)
        for box in page.locator("main input:visible").all():
            box.fill("123456")
        assert (
            page.evaluate("JSON.stringify({...sessionStorage}) + JSON.stringify({...localStorage})").count("123456")
            == 0
        )


def test_assisting_units_are_found_by_typing_and_chosen_by_keys(county: County, enter: Enter) -> None:
    key = at_stage(county, "accepted")
    page = enter("沈受理")
    page.goto(f"/desk/cases/{key}/")
    page.locator("[data-chooser] summary").press("Enter")
    find = page.get_by_label("输几个字来找")
    find.fill("人社")
    expect(page.locator("[data-found]")).to_contain_text("找到 1 个")
    find.press("Enter")
    find.fill("交通")
    find.press("ArrowDown")
    page.keyboard.press("Space")
    find.fill("没有这个")
    expect(page.locator("[data-found]")).to_contain_text("没有这样的单位")
    expect(page.locator("[data-chosen] button")).to_have_count(2)
    page.get_by_role("button", name="去掉 交通局").click()
    page.locator("#id_assign-unit").select_option(str(county.units["新埭镇政府"].pk))
    page.get_by_role("button", name="交办", exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text("已交办")
    helping = Assignment.objects.filter(case=key, lead=False)
    assert [a.unit_id for a in helping] == [county.units["人社局"].pk]
