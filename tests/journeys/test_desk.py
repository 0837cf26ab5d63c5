"""The desk's story in a real browser: firm → desk → bureau → reviewer → rating, at a desk and on a phone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.engines.cases.conftest import County
from tests.engines.cases.conftest import county as county  # the fixture  # noqa: PLC0414
from tests.web.staff.conftest import at_stage, opened
from tongban.core.ledger.actor import Actor
from tongban.engines.cases import actions, secrets
from tongban.engines.cases.models import Case

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WIDTHS = {"desk": (1440, 900), "phone": (390, 844)}
Enter = Callable[..., Page]


@pytest.fixture
def enter(county: County, live_server, browser: Browser):  # type: ignore[no-untyped-def]
    """`enter("沈受理")` gives that officer's page in a browser of his own; what the page complains of fails the test."""
    contexts: list[BrowserContext] = []
    wrong: list[str] = []

    def entered(
        name: str, width: str = "desk", language: str = "zh", script: bool = True, zone: str = "Asia/Shanghai"
    ) -> Page:
        client = Client()
        client.force_login(county.accounts[name], backend="tongban.web.signin.backend.AccountBackend")
        wide, high = WIDTHS[width]
        context = browser.new_context(
            base_url=live_server.url, viewport={"width": wide, "height": high}, timezone_id=zone,
            locale="zh-CN" if language == "zh" else "en-GB", java_script_enabled=script,
        )  # fmt: skip
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on(
            "console", lambda m: wrong.append(m.text) if m.type == "error" and "status of 4" not in m.text else None
        )
        return page

    yield entered
    for context in contexts:
        context.close()
    assert not wrong


def state(key: int) -> str:
    return Case.objects.get(pk=key).state


@pytest.mark.parametrize("width", WIDTHS)
def test_a_call_is_walked_from_the_desk_to_the_rating(county: County, enter: Enter, width: str) -> None:
    assert county.firm is not None
    desk = enter("沈受理", width)
    desk.goto("/desk/new/")
    desk.get_by_label("来电手机号").fill("13800000002")
    expect(desk.locator("#caller")).to_contain_text("陆文员")
    desk.get_by_role("button", name="填入").click()
    expect(desk.get_by_label("企业名称或信用代码")).to_have_value(county.firm.credit_code)
    desk.get_by_label("对方怎么说").fill("夜班公交停了，工人回不了宿舍。能不能恢复班车？")
    desk.get_by_label("哪一类事").select_option("traffic")
    desk.get_by_label("在哪里").select_option(str(county.areas["town"].pk))
    desk.get_by_role("button", name="登记", exact=True).click()
    key = Case.objects.get().pk
    expect(desk.locator(".big-code")).to_have_text(secrets.tracking_code(key))
    desk.get_by_role("link", name="去受理").click()
    desk.get_by_role("button", name="受理", exact=True).click()
    expect(desk.get_by_role("status")).to_contain_text("已受理")
    desk.locator("#id_assign-unit").select_option(str(county.units["交通局"].pk))
    desk.get_by_role("button", name="交办", exact=True).click()
    expect(desk.get_by_role("status")).to_contain_text("已交办")

    bureau = enter("俞经办", width)
    bureau.goto("/desk/?view=sign_in")
    bureau.get_by_role("link", name="夜班公交停了").click()
    bureau.get_by_role("button", name="签收").click()
    bureau.get_by_label("答复（提出人会收到）").fill("您好，留言已收悉")
    bureau.get_by_role("radio", name="已解决", exact=True).check()
    bureau.get_by_role("button", name="送审核").click()
    expect(bureau.get_by_role("alert")).to_contain_text("只是回执")
    expect(bureau.get_by_label("答复（提出人会收到）")).to_have_value("您好，留言已收悉")
    bureau.get_by_label("答复（提出人会收到）").fill("12月1日起在 21:30 加一班车，交通局俞负责。")
    bureau.get_by_role("button", name="送审核").click()
    expect(bureau.get_by_role("status")).to_contain_text("已送审核")

    reviewer = enter("钱审核", width)
    reviewer.goto("/desk/")
    reviewer.get_by_role("link", name="夜班公交停了").click()
    expect(reviewer.locator("#next")).to_contain_text("加一班车")
    reviewer.get_by_role("button", name="审核通过").click()
    reviewer.get_by_role("button", name="发出答复").click()
    expect(reviewer.get_by_role("status")).to_contain_text("答复已发出")
    assert state(key) == "answered"

    asker = Actor(system="asker")
    actions.rate(
        token=secrets.rating_token(key),
        grade=5,
        comment="班车恢复了",
        by=asker,
        at=Case.objects.get(pk=key).answered_at,
    )
    desk.goto(f"/desk/cases/{key}/")
    expect(desk.locator("main")).to_contain_text("非常满意")
    desk.get_by_role("button", name="办结", exact=True).click()
    expect(desk.get_by_role("status")).to_contain_text("已办结")
    desk.goto("/desk/board/?rank=satisfaction")
    expect(desk.locator(".kpi")).to_contain_text("1 / 1")
    assert state(key) == "closed"


def test_without_script_everything_essential_works(county: County, enter: Enter) -> None:
    key = opened(county)
    desk = enter("沈受理", script=False)
    desk.goto("/desk/")
    desk.get_by_role("link", name="受理 330482").click()
    desk.get_by_role("button", name="受理", exact=True).click()
    desk.locator("#id_assign-unit").select_option(str(county.units["交通局"].pk))
    desk.get_by_role("button", name="交办", exact=True).click()
    assert state(key) == "assigned"
    desk.goto("/desk/new/")
    desk.get_by_label("来电手机号").fill("13800000002")
    desk.get_by_role("button", name="查来电人").click()
    expect(desk.locator("#caller")).to_contain_text("夜班公交停了")


def test_the_queue_is_worked_by_keyboard_alone(county: County, enter: Enter) -> None:
    keys = [opened(county, body=f"第{n}件，厂门口的路灯坏了") for n in range(3)]
    page = enter("沈受理")
    page.goto("/desk/")
    page.keyboard.press("?")
    expect(page.locator("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    for _ in range(3):
        page.keyboard.press("j")
    page.keyboard.press("k")
    expect(page.locator("tr[data-row][aria-current]")).to_have_count(1)
    expect(page.locator("tr[data-row]").nth(1)).to_have_attribute("aria-current", "true")
    page.keyboard.press("x")
    expect(page.locator("[data-bulk]")).to_contain_text("已选 1 件")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/desk/cases/{keys[1]}/**")
    page.keyboard.press("/")
    expect(page.locator("#seek")).to_be_focused()
    # On from the search box to the filled button, and press it.
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('#next .button.main')"):
            break
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("已受理")
    assert state(keys[1]) == "accepted"


@pytest.mark.parametrize(("width", "language"), [("desk", "zh"), ("phone", "en")])
def test_no_page_is_wider_than_its_window_or_closed_to_a_screen_reader(
    county: County, enter: Enter, axe_script: Path, width: str, language: str
) -> None:
    # A long name, and a title without a place to break.
    county.units["交通局"].name_zh = "平湖市交通运输与港航事业发展综合服务管理中心（筹）"
    county.units["交通局"].save()
    keys = {
        s: at_stage(county, s, body="长" * 300, title="A" * 100) for s in ("new", "accepted", "assigned", "answered")
    }
    addresses = [
        "/desk/", "/desk/?due=late", "/desk/cases/", "/desk/search/?q=长", "/desk/new/", "/desk/board/?open=3",
        "/desk/board/?wall=1", "/desk/board/cases/?figure=accepted", *(f"/desk/cases/{k}/?view=work" for k in keys.values()),
    ]  # fmt: skip
    page = enter("沈受理", width, language)
    found = []
    for address in addresses:
        page.goto(address)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append((address, "wider than its window"))
        page.evaluate("for (const one of document.querySelectorAll('details.more')) one.open = true")
        page.evaluate(axe_script.read_text(encoding="utf-8"))
        tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
        for v in page.evaluate("tags => axe.run({runOnly: tags})", tags)["violations"]:
            found.append((address, v["id"], v["nodes"][0]["html"][:160]))
    assert not found
