"""The days off that the law names."""

from __future__ import annotations

from datetime import date

import chinese_calendar
import pytest

from tests.core.calendar.oracle import STATUTORY
from tongban.core.calendar.logic import statutory_days
from tongban.core.calendar.logic.statutory import _qingming


@pytest.mark.parametrize("year", [2027, 2028, 2029])
def test_the_days_are_those_of_the_almanac(year: int) -> None:
    assert set(statutory_days(year)) == {day for day in STATUTORY if day.year == year}


@pytest.mark.parametrize("year", range(2018, 2027))
def test_the_formula_for_qingming_agrees_with_the_notices(year: int) -> None:
    assert chinese_calendar.get_holiday_detail(_qingming(year)) == (True, "Tomb-sweeping Day")


@pytest.mark.parametrize("year", range(2027, 2051))
def test_the_lunar_festivals_keep_their_distance(year: int) -> None:
    # New year to the fifth of the fifth: four months and four days of a lunar year, one month more in some leap years.
    # The fifth of the fifth to the fifteenth of the eighth: three months and ten days, or four.
    days = statutory_days(year)
    new_year = [day for day, name in days.items() if name.en == "Spring Festival"][1]
    dragon_boat = next(day for day, name in days.items() if name.en == "Dragon Boat Festival")
    assert date(year, 1, 21) <= new_year <= date(year, 2, 20)
    assert (dragon_boat - new_year).days in {121, 122, 123, 151, 152, 153}
    mid_autumn = [day for day, name in days.items() if name.en == "Mid-Autumn Festival"]
    assert all((day - dragon_boat).days in {97, 98, 99, 127, 128, 129} for day in mid_autumn)


def test_a_year_beyond_the_table_has_the_days_with_a_fixed_date() -> None:
    assert len(statutory_days(2051)) == 6
    assert len(statutory_days(1999)) == 6
