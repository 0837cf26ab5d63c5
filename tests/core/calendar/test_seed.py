"""The calendar that a new county begins with."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import chinese_calendar
import pytest

from tongban.core.calendar import queries
from tongban.core.calendar.logic import CountFrom, Unit, YearState
from tongban.core.calendar.models import CalendarDay, CalendarYear, WorkingHours
from tongban.core.calendar.seed import seed
from tongban.core.ledger.actor import COMMAND
from tongban.core.ledger.models import Entry
from tongban.core.registry import reference

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 21, 8, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _seeded() -> None:
    reference.forget()
    seed(by=COMMAND, at=AT)


def test_every_day_from_2018_to_2026_is_as_the_notices_say() -> None:
    calendar, day = queries.calendar_now(), date(2018, 1, 1)
    while day < date(2027, 1, 1):
        assert calendar.is_working(day) == chinese_calendar.is_workday(day), day
        day += timedelta(days=1)
    assert all(calendar.year_state(year) is YearState.CONFIRMED for year in range(2018, 2027))


def test_2027_is_provisional_and_holds_the_statutory_days() -> None:
    calendar = queries.calendar_now()
    assert calendar.year_state(2027) is YearState.PROVISIONAL
    assert calendar.year_state(2028) is YearState.MISSING
    assert [f"{day:%m%d}" for day in CalendarDay.objects.filter(year=2027).order_by("date").values_list("date", flat=True)] == [
        "0101", "0205", "0206", "0207", "0208", "0405", "0501", "0502", "0609", "0915", "1001", "1002", "1003"
    ]  # fmt: skip


def test_a_case_of_today_is_due_in_2027_and_says_that_it_may_move() -> None:
    due = queries.calendar_now().due(AT, 30, Unit.WORKING_DAYS, CountFrom.NEXT_DAY)
    assert due.at == datetime(2027, 1, 4, 9, tzinfo=UTC)
    assert due.provisional


def test_every_row_says_where_it_comes_from() -> None:
    assert all("chinesecalendar" in year.source for year in CalendarYear.objects.filter(confirmed=True))
    assert "放假办法" in CalendarYear.objects.get(confirmed=False).source
    assert not WorkingHours.objects.get().confirmed
    assert not CalendarDay.objects.filter(name_zh="").exists()
    assert CalendarDay.objects.get(date=date(2025, 10, 11)).name_en == "Make-up day for National Day"


def test_twice_adds_nothing_and_keeps_what_the_county_has_entered() -> None:
    WorkingHours.objects.update(spans="09:00-12:00 13:00-17:00")
    before = Entry.objects.count(), CalendarDay.objects.count(), reference.version("calendar")
    seed(by=COMMAND, at=AT)
    assert (Entry.objects.count(), CalendarDay.objects.count(), reference.version("calendar")) == before
    assert WorkingHours.objects.get().spans == "09:00-12:00 13:00-17:00"
