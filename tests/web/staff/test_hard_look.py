"""The list of calls and the board's hard cases in a real browser: for a keyboard, a screen reader and a narrow window."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engines.cases.conftest import County
from tests.journeys.test_desk import Enter
from tests.journeys.test_desk import enter as enter  # the fixture  # noqa: PLC0414
from tests.look.pages import examine
from tests.web.staff.conftest import at_stage
from tests.web.staff.test_board_page import hard_cases

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_everybody_can_use_the_board_s_hard_cases_and_the_list_of_calls(
    county: County, enter: Enter, live_server, axe_script: Path  # type: ignore[no-untyped-def]
) -> None:  # fmt: skip
    hard_cases(county)
    at_stage(county, "answered")
    page = enter("沈受理", "desk")
    for address in ("/desk/callbacks/", "/desk/board/", "/desk/board/cases/?figure=slips_due"):
        assert examine(page, axe_script, live_server.url + address) == [], address


def test_the_calls_that_wait_are_reached_on_a_phone(county: County, enter: Enter) -> None:
    at_stage(county, "answered")
    page = enter("沈受理", "phone", "en")
    page.goto("/desk/")
    page.get_by_role("link", name="To call back 1").click()
    page.wait_for_url("**/desk/callbacks/")
    assert page.locator("tr[data-row]").count() == 1
