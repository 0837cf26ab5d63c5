"""Scenarios of calendar."""

from __future__ import annotations

from datetime import date, timedelta

from tests.engines.cases.conftest import NOW, County
from tests.faults.scenarios.shared import SYSTEM, Call, numbers, scenario
from tongban.core.calendar import actions as calendar


@scenario(calendar.open_year)
def _open_year(county: County) -> Call:
    year = 2030 + next(numbers) % 60
    return lambda: calendar.open_year(year=year, by=SYSTEM, at=NOW)


@scenario(calendar.set_day)
def _set_day(county: County) -> Call:
    day = date(2027, 1, 1) + timedelta(days=next(numbers))
    return lambda: calendar.set_day(day=day, working=False, name_zh="临时", by=SYSTEM, at=NOW)


@scenario(calendar.clear_day)
def _clear_day(county: County) -> Call:
    day = date(2027, 1, 1) + timedelta(days=next(numbers))
    calendar.set_day(day=day, working=False, name_zh="临时", by=SYSTEM, at=NOW)
    return lambda: calendar.clear_day(day=day, by=SYSTEM, at=NOW)


@scenario(calendar.confirm_year)
def _confirm_year(county: County) -> Call:
    year = 2030 + next(numbers) % 60
    calendar.open_year(year=year, by=SYSTEM, at=NOW)
    return lambda: calendar.confirm_year(year=year, source="通知", by=SYSTEM, at=NOW)


@scenario(calendar.set_working_hours)
def _set_hours(county: County) -> Call:
    day = date(2027, 1, 1) + timedelta(days=next(numbers))
    return lambda: calendar.set_working_hours(
        valid_from=day, spans="08:30-12:00 13:30-17:30", source="通知", confirmed=True, by=SYSTEM, at=NOW
    )
