"""The calendar on its pages: days, years and hours are changed, and what changes nothing is refused."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from tests.engines.cases.conftest import county as county  # the fixture  # noqa: PLC0414
from tests.web.manage.conftest import Desk, said
from tongban.core.calendar.models import CalendarDay, CalendarYear, WorkingHours
from tongban.core.calendar.queries import calendar_now

SOON = date.today() + timedelta(days=10)


@pytest.mark.usefixtures("years")
def test_a_day_becomes_a_day_off_and_follows_its_weekday_again(desk: Desk) -> None:
    assert calendar_now().day(date(2026, 12, 15)).working
    page = said(desk.client.get("/manage/calendar/2026-12-15/"))
    assert "改动不影响任何件" in page
    form = {"kind": "rest", "name_zh": "停电检修", "name_en": "", "spans": ""}
    assert "自动重算" in said(desk.client.post("/manage/calendar/2026-12-15/", form, follow=True))
    assert not calendar_now().day(date(2026, 12, 15)).working
    assert desk.entries("calendar.set_day") == 1
    desk.client.post("/manage/calendar/2026-12-15/clear/")
    assert calendar_now().day(date(2026, 12, 15)).working
    assert desk.entries("calendar.clear_day") == 1


def test_a_refused_day_says_why(desk: Desk) -> None:
    form = {"kind": "rest", "name_zh": "", "name_en": "", "spans": "08:30-12:00"}
    answer = desk.client.post("/manage/calendar/2026-12-15/", form)
    assert answer.status_code == 422
    assert "不能有办公时间" in said(answer)
    assert not CalendarDay.objects.filter(date=date(2026, 12, 15)).exists()


SATURDAY, TUESDAY = "/manage/calendar/2026-12-12/", "/manage/calendar/2026-12-15/"


@pytest.mark.usefixtures("years")
@pytest.mark.parametrize(
    ("address", "change"),
    [
        (SATURDAY, {"kind": "usual"}),
        (SATURDAY, {"kind": "rest"}),
        (TUESDAY, {"kind": "usual"}),
        (TUESDAY, {"kind": "working"}),
        ("/manage/calendar/2026-10-01/", {"kind": "rest", "name_zh": "国庆节", "name_en": "National Day"}),
    ],
)
def test_a_change_that_changes_nothing_is_refused_with_a_sentence(
    desk: Desk, address: str, change: dict[str, str]
) -> None:
    before = CalendarDay.objects.count()
    answer = desk.client.post(address, {"name_zh": "", "name_en": "", "spans": ""} | change)
    assert answer.status_code == 422
    assert "没有要改的" in said(answer)
    assert CalendarDay.objects.count() == before
    assert not desk.entries("calendar.set_day")


@pytest.mark.usefixtures("years")
def test_the_form_begins_with_what_the_day_is(desk: Desk) -> None:
    def chosen(address: str) -> str:
        page = desk.client.get(address).text
        return re.search(r'name="kind" value="(\w+)"[^>]*checked', page).group(1)  # type: ignore[union-attr]

    assert (chosen(SATURDAY), chosen(TUESDAY)) == ("usual", "usual")
    assert "照常（周末，休息）" in said(desk.client.get(SATURDAY))
    assert chosen("/manage/calendar/2026-10-01/") == "rest"
    half = {"kind": "working", "name_zh": "", "name_en": "", "spans": "08:30-12:00"}
    desk.client.post(TUESDAY, half)
    assert chosen(TUESDAY) == "working"
    assert 'value="08:30-12:00"' in desk.client.get(TUESDAY).text
    desk.client.post(TUESDAY, half | {"kind": "usual"})
    assert not CalendarDay.objects.filter(date=date(2026, 12, 15)).exists()
    # A holiday that falls on a Saturday may have its name; a make-up day may not be there already.
    desk.client.post(SATURDAY, {"kind": "rest", "name_zh": "县庆", "name_en": "", "spans": ""})
    assert CalendarDay.objects.get(date=date(2026, 12, 12)).name_zh == "县庆"
    desk.client.post("/manage/calendar/2026-12-13/", {"kind": "working", "name_zh": "", "name_en": "", "spans": ""})
    assert calendar_now().day(date(2026, 12, 13)).make_up


@pytest.mark.usefixtures("years")
def test_the_year_shows_holidays_make_up_days_and_how_sure_it_is(desk: Desk) -> None:
    year = said(desk.client.get("/manage/calendar/2026/"))
    assert len(re.findall('<table class="month card">', year)) == 12
    assert len(re.findall('data-day="', year)) == 365 + 3  # and the three of the key
    make_ups = CalendarDay.objects.filter(year=2026, kind="working").count()
    assert len(re.findall('data-day="makeup"', year)) == make_ups + 1
    assert "已确认" in year
    assert "放假通知还没有录入" in said(desk.client.get("/manage/calendar/2027/"))
    assert "没有录入的年份" in said(desk.client.get("/manage/calendar/2028/"))


def test_a_missing_year_is_entered_then_confirmed_by_a_notice(desk: Desk) -> None:
    desk.client.post("/manage/calendar/2028/begin/")
    assert desk.entries("calendar.open_year") == 1
    assert not CalendarYear.objects.get(pk=2028).confirmed
    assert desk.client.post("/manage/calendar/2028/confirm/", {"source": " "}).status_code == 422
    desk.client.post("/manage/calendar/2028/confirm/", {"source": "国办发明电〔2027〕9号"})
    assert CalendarYear.objects.get(pk=2028).confirmed
    assert desk.entries("calendar.confirm_year") == 1


@pytest.mark.usefixtures("years")
def test_working_hours_begin_on_a_day(desk: Desk) -> None:
    form = {
        "valid_from": SOON.isoformat(),
        "spans": "09:00-12:00 13:00-17:30",
        "source": "办公室通知",
        "confirmed": "on",
    }
    assert "已记下" in said(desk.client.post("/manage/calendar/hours/", form, follow=True))
    assert WorkingHours.objects.get(valid_from=SOON).confirmed
    assert desk.entries("calendar.set_working_hours") == 1
    assert "看不懂" in said(desk.client.post("/manage/calendar/hours/", form | {"spans": "九点到五点"}))
