"""In a real browser: an administrator signs in with both factors and changes the calendar; every page is accessible."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.core.access.conftest import SETUP
from tests.web.manage.conftest import Desk
from tongban.core.access import phones, second_factor
from tongban.core.calendar.models import CalendarDay
from tongban.core.notices.ports import FilePort
from tongban.core.registry.actions import ask_mandate, register_firm
from tongban.core.registry.models import Firm

PAGES = (
    "/manage/", "/manage/limits/", "/manage/limits/ordinary/", "/manage/calendar/2026/", "/manage/calendar/2026-10-01/",
    "/manage/calendar/hours/", "/manage/routes/", "/manage/routes/enterprise/traffic/", "/manage/accounts/",
    "/manage/accounts/new/", "/manage/bodies/", "/manage/areas/", "/manage/firms/", "/manage/firms/new/",
    "/desk/mandates/", "/security/",
)  # fmt: skip


@pytest.fixture
def site(transactional_db: None, desk: Desk, years: None, live_server) -> str:  # type: ignore[no-untyped-def]
    now = timezone.now()
    firm = register_firm(
        name="平湖泖新精密机械（化名）", credit_code="91350100M000100Y43", area=desk.town, by=SETUP, at=now
    )
    clerk = phones.confirm_phone(phone="13800000001", name="陆文员", at=now).person
    assert clerk is not None
    ask_mandate(firm=firm, person=clerk, by=SETUP, at=now)
    return str(live_server.url)


def enter(page: Page, site: str, onward: str = "/manage/") -> None:
    """The first sign-in of the administrator, with the phone that the page sets up."""
    page.goto(f"{site}{onward}")
    expect(page).to_have_url(re.compile("/sign-in/staff/"))
    page.get_by_label("登录名").fill("admin.zhou")
    page.get_by_label("密码").fill("start-here-77")
    page.get_by_role("button", name="下一步").click()
    secret = "".join((page.locator(".code-card .code").text_content() or "").split())
    page.get_by_label("新密码", exact=True).fill("lake-water-on-paper")
    page.get_by_label("再填一次新密码").fill("lake-water-on-paper")
    page.get_by_label("动态码").fill(second_factor.code_at(secret, timezone.now()))
    page.get_by_role("button", name="绑定并登录").click()
    expect(page.locator(".big-code")).to_have_count(10)
    page.get_by_role("link", name="已存好，继续").click()
    expect(page).to_have_url(f"{site}{onward}")


def test_an_administrator_signs_in_and_makes_a_day_off(page: Page, site: str) -> None:
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    enter(page, site, "/manage/calendar/2026/")
    page.locator('a[href="/manage/calendar/2026-12-15/"]').first.click()
    page.get_by_label("放假").check()
    page.get_by_label("名称", exact=False).first.fill("停电检修")
    page.get_by_role("button", name="改这一天").click()
    expect(page.get_by_role("status")).to_contain_text("自动重算")
    expect(page.locator('a[href="/manage/calendar/2026-12-15/"]').first).to_have_attribute("data-day", "holiday")
    assert CalendarDay.objects.get(date="2026-12-15").name_zh == "停电检修"
    page.goto(f"{site}/manage/")
    page.get_by_text("周管理").click()
    page.get_by_role("button", name="退出登录").click()
    page.goto(f"{site}/manage/")
    expect(page).to_have_url(re.compile("/sign-in/staff/"))
    assert not errors, errors


def test_a_resident_signs_in_with_the_keyboard_alone(page: Page, site: str) -> None:
    page.goto(f"{site}/sign-in/")
    page.get_by_label("手机号").focus()
    page.keyboard.type("13800000077")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="填短信验证码")).to_be_visible()
    code = re.search(r"\d{6}", FilePort().delivered("13800000077")[0].text.split("】")[-1])
    assert code is not None
    page.get_by_label("6 位验证码").focus()
    page.keyboard.type(code.group())
    page.keyboard.press("Enter")
    page.get_by_label("您的姓名").fill("钱居民")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="退出")).to_be_visible()


def test_wrong_input_puts_the_focus_on_what_is_wrong(page: Page, site: str) -> None:
    page.goto(f"{site}/sign-in/")
    page.get_by_label("手机号").fill("12345")
    page.get_by_role("button", name="获取验证码").click()
    expect(page.get_by_role("alert")).to_be_focused()
    page.get_by_role("alert").get_by_role("link").click()
    expect(page.get_by_label("手机号")).to_be_focused()


def test_every_page_is_accessible_and_fits_a_phone(page: Page, site: str, desk: Desk, axe_script: Path) -> None:
    found: list[str] = []
    page.add_init_script(path=str(axe_script))

    def look(address: str) -> None:
        for width in (1440, 390):
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(f"{site}{address}")
            wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth + 1")
            if wide:
                found.append(f"{address} is wider than {width}")
        seen = page.evaluate(
            "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice']})"
        )
        found.extend(f"{address}: {v['id']} {v['nodes'][0]['html'][:120]}" for v in seen["violations"])

    for address in ("/sign-in/", "/sign-in/staff/"):
        look(address)
    enter(page, site)
    officer, body, firm = desk.office.officer.pk, desk.bureau.pk, Firm.objects.get().pk
    for address in (
        *PAGES, f"/manage/accounts/{officer}/", f"/manage/bodies/{body}/", f"/manage/areas/{desk.town.pk}/",
        f"/manage/firms/{firm}/",
    ):  # fmt: skip
        look(address)
    assert not found, "\n".join(found)
