"""The calendar against the oracle, on histories that nobody thought of."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest

from tests.core.calendar import oracle
from tests.core.calendar.counties import calendar_of, random_county, random_start
from tongban.core.calendar.logic import CountFrom, Unit, cells

COUNTIES, HISTORIES = 200, 500
AMOUNTS = {
    Unit.WORKING_HOURS: (0, 1, 2, 4, 8, 40, 100),
    Unit.HALF_DAYS: (0, 1, 1, 2, 3, 10, 30),
    Unit.WORKING_DAYS: (0, 1, 2, 3, 5, 10, 15, 30),
    Unit.CALENDAR_DAYS: (0, 1, 2, 3, 7, 15, 30, 60),
}


@pytest.mark.parametrize("part", range(4))
def test_due_agrees_with_the_oracle_on_100_000_random_histories(part: int) -> None:
    random = Random(20270206 + part)
    for number in range(COUNTIES // 4):
        county = random_county(random)
        calendar = calendar_of(county)
        for _ in range(HISTORIES):
            start, unit, count_from = (
                random_start(random, county),
                random.choice(list(Unit)),
                random.choice(list(CountFrom)),
            )
            amount = random.choice(AMOUNTS[unit])
            expected = oracle.due(county, start, amount, unit.value, count_from.value)
            found = calendar.due(start, amount, unit, count_from)
            assert found == expected, (part, number, start, amount, unit, count_from)


def test_elapsed_agrees_with_the_oracle() -> None:
    random = Random(42)
    for _ in range(50):
        county = random_county(random)
        calendar = calendar_of(county)
        for _ in range(40):
            start = random_start(random, county)
            end = start + timedelta(seconds=random.randrange(90 * 86_400))
            hours = calendar.elapsed(start, end, Unit.WORKING_HOURS)
            assert hours == pytest.approx(oracle.seconds_worked(county, start, end) / 3600, abs=1e-9)
            assert calendar.elapsed(end, start, Unit.WORKING_HOURS) == -hours
            assert calendar.elapsed(start, end, Unit.WORKING_DAYS) == oracle.days_ended(county, start, end)
            first, last = calendar.day_of(start), calendar.day_of(end)
            assert calendar.elapsed(start, end, Unit.CALENDAR_DAYS) == (last - first).days
            assert calendar.working_days_between(first, last) == oracle.working_days_after(county, first, last)
            assert calendar.is_working(first) == bool(county.hours(first))
            assert calendar.is_provisional(start, end) == county.unsure(first, last)


def test_hours_agree_with_counting_minute_by_minute() -> None:
    random = Random(7)
    for _ in range(60):
        county = random_county(random)
        calendar = calendar_of(county)
        start = random_start(random, county).replace(second=0, microsecond=0)
        minutes = random.randrange(1, 1500)
        due = calendar.due(start, minutes / 60, Unit.WORKING_HOURS, CountFrom.MOMENT).at
        assert due == oracle.due_by_minutes(county, start, minutes)
        assert oracle.minutes_between(county, start, due) == minutes


def test_a_promise_has_as_many_cells_as_it_has_days() -> None:
    random = Random(11)
    for _ in range(100):
        county = random_county(random)
        calendar = calendar_of(county)
        for _ in range(20):
            start, amount, count_from = (
                random_start(random, county),
                random.randrange(1, 31),
                random.choice(list(CountFrom)),
            )
            due = calendar.due(start, amount, Unit.WORKING_DAYS, count_from).at
            shown = cells(calendar, start, due, start, count_from=count_from)
            assert len(shown) == amount
            assert [cell.due for cell in shown] == [False] * (amount - 1) + [True]
            assert all(county.hours(cell.date) for cell in shown)
