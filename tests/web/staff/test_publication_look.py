"""The officers' publication page in a real browser: prepared, waiting for approval, refused, published."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import BrowserContext, Page

from tests.engines.cases.conftest import County
from tests.look.pages import axe, examine, too_wide
from tests.web.staff.conftest import at_stage
from tests.web.staff.test_publication import BODY, address, prepare, waiting
from tongban.engines.cases.models import Publication

pytestmark = pytest.mark.browser
Enter = Callable[[str], Client]


@pytest.fixture
def enter(transactional_db: None, county: County, live_server, context: BrowserContext) -> Enter:  # type: ignore[no-untyped-def]
    county.officer("程受理", "企业受理", "agent")

    def entered(name: str) -> Client:
        """An officer in the browser, and the same without one."""
        client = Client()
        client.force_login(county.accounts[name], backend="tongban.web.signin.backend.AccountBackend")
        context.add_cookies([{"name": "session", "value": client.cookies["session"].value, "url": live_server.url}])
        return client

    return entered


def test_the_page_is_open_to_everybody_at_every_stage(
    county: County, enter: Enter, live_server, page: Page, axe_script: Path  # type: ignore[no-untyped-def]
) -> None:  # fmt: skip
    key = at_stage(county, "answered", body=BODY + "很长的一句话没有标点" * 30)
    url = live_server.url + address(key)
    first = enter("沈受理")
    assert examine(page, axe_script, url) == [], "nothing is prepared yet"
    assert prepare(first, key) == 302
    assert examine(page, axe_script, url) == [], "his own text waits for another"
    other = enter("程受理")
    assert examine(page, axe_script, url) == [], "the text that he is to approve, beside the original"
    page.goto(url)
    page.locator("form:has(input[value=approve]) button.main, form:has(input[value=approve]) button").first.click()
    page.wait_for_load_state()
    assert page.locator("[role=alert], .summary").count() > 0, "not read: refused"
    assert axe(page, axe_script) == []
    assert too_wide(page, 320) <= 0
    assert other.post(address(key), {"do": "approve", "version": waiting(other, key), "read": "1"}).status_code == 302
    assert Publication.objects.get().state == "published"
    assert examine(page, axe_script, url) == [], "published"
