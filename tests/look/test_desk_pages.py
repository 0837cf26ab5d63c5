"""The desk's pages in a real browser: how much of a window they take, and whether everything in them fits."""

from __future__ import annotations

import pytest
from django.utils import timezone

from tests.engines.cases.conftest import County
from tests.engines.cases.conftest import county as county  # the fixture  # noqa: PLC0414
from tests.journeys.test_desk import Enter
from tests.journeys.test_desk import enter as enter  # the fixture  # noqa: PLC0414
from tests.web.staff.conftest import at_stage, opened
from tongban.engines.cases.actions.questions import number_questions

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LANGUAGES = ("zh", "en")
_HEIGHT = "document.documentElement.scrollHeight - innerHeight"
_WIDTH = "document.documentElement.scrollWidth - innerWidth"
_HEADER = "document.querySelector('.masthead').getBoundingClientRect().height"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("address", ["/desk/", "/desk/cases/"])
def test_a_long_list_scrolls_in_its_own_box_and_the_page_does_not(
    county: County, enter: Enter, language: str, address: str
) -> None:
    for _ in range(30):
        opened(county)
    page = enter("沈受理", "desk", language)
    page.goto(address)
    assert page.evaluate(_HEADER) < 60
    assert page.evaluate("document.querySelector('.queue-box').scrollHeight") > 900
    assert page.evaluate(_HEIGHT) <= 0


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", ["desk", "phone"])
def test_every_move_of_a_case_fits_the_page(county: County, enter: Enter, language: str, width: str) -> None:
    asked = at_stage(county, "handling")
    number_questions(case=asked, questions=["几点有车？", "多少钱？"], by=county.officers["俞经办"], at=timezone.now())
    for name, case in (("沈受理", at_stage(county, "accepted")), ("俞经办", asked)):
        page = enter(name, width, language)
        page.goto(f"/desk/cases/{case}/")
        page.evaluate("document.querySelectorAll('details.more').forEach(d => d.open = true)")
        assert page.locator("details.more[open] textarea").count() > 3
        assert page.evaluate(_WIDTH) <= 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_head_of_a_page_leaves_a_phone_to_the_work(county: County, enter: Enter, language: str) -> None:
    page = enter("沈受理", "phone", language)
    page.goto("/desk/")
    assert page.evaluate(_HEADER) <= 130
    page.locator(".masthead .menu > summary").click()
    assert ("企业受理 受理岗" if language == "zh" else "Desk agent") in page.locator(
        ".masthead .menu > div"
    ).inner_text()
