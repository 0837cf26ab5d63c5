"""A browser whose own clock is another: what is typed and what is shown is the county's time, in the nights in which hours
of the browser's zone are missing or come twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from tests.engines.cases.conftest import County
from tests.engines.cases.conftest import county as county  # the fixture  # noqa: PLC0414
from tests.engines.cases.test_ladder import handled
from tests.journeys.test_desk import enter as enter  # the fixture  # noqa: PLC0414
from tests.journeys.test_hard_way import Clock
from tests.journeys.test_hard_way import clock as clock  # the fixture  # noqa: PLC0414
from tests.ledgered import adopt, empty_indexes
from tongban.engines.cases.models import Meeting

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Enter = Callable[..., Page]


@pytest.mark.parametrize(
    ("zone", "typed", "shown"),
    [
        ("America/New_York", "2027-03-14T02:30", "2027年3月14日 02:30"),  # there this half hour is left out
        ("America/New_York", "2027-11-07T01:30", "2027年11月7日 01:30"),  # there it comes twice
        ("Europe/Berlin", "2027-03-28T02:30", "2027年3月28日 02:30"),
    ],
)
def test_a_time_that_is_typed_is_the_countys(
    county: County, enter: Enter, clock: Clock, zone: str, typed: str, shown: str
) -> None:
    empty_indexes()
    adopt()
    secretary = enter("卫秘书", zone=zone)
    secretary.goto("/desk/meetings/")
    secretary.select_option("#id_kind", "monthly")
    secretary.fill("#id_starts_at", typed)
    secretary.fill("#id_place", "县府 3 号会议室")
    secretary.get_by_role("button", name="定下来").click()
    expect(secretary.locator(".case-head")).to_contain_text(shown)
    local = datetime.fromisoformat(f"{typed}:00+08:00")
    assert Meeting.objects.get().starts_at == local.astimezone(UTC)


def test_a_promise_is_the_same_in_every_browser(county: County, enter: Enter, clock: Clock) -> None:
    empty_indexes()
    adopt()
    address = f"/desk/cases/{handled(county)}/"
    told = []
    for zone in ("Asia/Shanghai", "America/New_York", "Pacific/Kiritimati"):
        page = enter("俞经办", zone=zone)
        page.goto(address)
        told.append(page.locator("ol.promise").inner_text())
    assert told[0] == told[1] == told[2] != ""
