"""In a real browser, on a 390-pixel phone: an officer stands in a workshop, logs a visit and enters what he heard."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import BrowserContext, Page, expect

from tests.engines.cases.conftest import County
from tests.look.pages import axe, examine
from tests.web.staff.conftest import opened
from tongban.engines.cases.models import Case
from tongban.engines.visits.models import Visit

PHONE = {"width": 390, "height": 844}


@pytest.fixture
def site(transactional_db: None, charged: County, live_server, context: BrowserContext) -> str:  # type: ignore[no-untyped-def]
    client = Client()
    client.force_login(charged.accounts["孙协办"], backend="tongban.web.signin.backend.AccountBackend")
    context.add_cookies([{"name": "session", "value": client.cookies["session"].value, "url": live_server.url}])
    return str(live_server.url)


def unfitting(page: Page) -> int:
    """By how many pixels the page is wider than the screen."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def test_a_visit_is_logged_on_a_phone_and_becomes_a_request(page: Page, site: str, charged: County) -> None:
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.goto(f"{site}/desk/my-firms/")
    page.get_by_role("link", name="记走访").click()
    page.get_by_label("听到了什么").fill("招不到焊工，想和技校谈谈。")
    page.get_by_label("见了谁").fill("陆总经理")
    # The connection is lost and the page opened anew: what was typed is still there.
    page.context.set_offline(True)
    page.context.set_offline(False)
    page.goto(f"{site}/desk/my-firms/")
    page.get_by_role("link", name="记走访").click()
    expect(page.get_by_label("听到了什么")).to_have_value("招不到焊工，想和技校谈谈。")
    expect(page.get_by_label("见了谁")).to_have_value("陆总经理")
    assert unfitting(page) == 0
    page.get_by_label("有要办的事").check()
    page.get_by_role("button", name="记下").click()
    expect(page.get_by_label("企业要办什么")).to_have_value("招不到焊工，想和技校谈谈。")
    page.get_by_label("哪一类事").select_option("labour")
    page.get_by_label("他的手机号").fill("13800000009")
    page.get_by_label("见的人叫什么").fill("陆经理")
    assert unfitting(page) == 0
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("已登记为诉求")
    page.locator("ul.list a").first.click()
    expect(page).to_have_url(re.compile(r"/desk/firms/\d+/requests/\d+/"))
    assert (Visit.objects.get().state, Case.objects.get().channel) == ("held", "visit")
    page.goto(f"{site}/desk/firms/{charged.firm.pk}/visit/")
    expect(page.get_by_label("听到了什么")).to_have_value("")
    assert not errors, errors


@pytest.mark.parametrize("width", [390, 1280])
def test_the_pages_fit_and_are_accessible(page: Page, site: str, charged: County, axe_script: Path, width: int) -> None:
    opened(charged)
    page.set_viewport_size({"width": width, "height": 900})
    firm = f"/desk/firms/{charged.firm.pk}/"
    for address in ("/desk/my-firms/", "/desk/firms/", "/desk/firms/?by=due", firm):
        assert examine(page, axe_script, site + address) == [], address
    # The tab stops inside a native control for a moment show themselves, which the look at focus does not see.
    page.goto(f"{site}{firm}visit/")
    assert (axe(page, axe_script), unfitting(page)) == ([], 0)
