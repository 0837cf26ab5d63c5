"""What must hold of every limit in every county."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from tests.core.calendar.counties import calendar_of, random_county
from tongban.core.calendar.logic import Calendar, CountFrom, Unit


@cache
def county(number: int) -> Calendar:
    return calendar_of(random_county(Random(number)))


calendars = st.integers(0, 30).map(county)
starts = st.datetimes(datetime(2026, 1, 1), datetime(2028, 6, 1)).map(lambda naive: naive.replace(tzinfo=UTC))
amounts = st.integers(0, 60)
units = st.sampled_from(list(Unit))
counts = st.sampled_from(list(CountFrom))


@given(calendars, starts, st.timedeltas(timedelta(0), timedelta(days=60)), amounts, units, counts)
def test_who_comes_later_is_never_due_earlier(
    calendar: Calendar, start: datetime, later: timedelta, amount: int, unit: Unit, count_from: CountFrom
) -> None:
    assert calendar.due(start, amount, unit, count_from).at <= calendar.due(start + later, amount, unit, count_from).at


@given(calendars, starts, amounts, amounts, units, counts)
def test_a_longer_limit_never_ends_earlier(
    calendar: Calendar, start: datetime, one: int, other: int, unit: Unit, count_from: CountFrom
) -> None:
    short, long = sorted((one, other))
    assert calendar.due(start, short, unit, count_from).at <= calendar.due(start, long, unit, count_from).at


@given(calendars, starts, amounts, units, counts)
def test_a_due_date_is_in_working_time_and_not_before_the_start(
    calendar: Calendar, start: datetime, amount: int, unit: Unit, count_from: CountFrom
) -> None:
    due = calendar.due(start, amount, unit, count_from).at
    assert due >= start
    clock = calendar.local(due).time()
    spans = calendar.day(calendar.day_of(due)).spans
    assert any(span.opens <= clock <= span.closes for span in spans)
    if amount and unit is not Unit.WORKING_HOURS:
        assert clock in {span.closes for span in spans}
    if amount and unit in (Unit.WORKING_DAYS, Unit.CALENDAR_DAYS):
        assert clock == spans[-1].closes


@given(calendars, starts, st.floats(0, 300), units)
def test_what_has_elapsed_at_the_due_date_is_the_limit(
    calendar: Calendar, start: datetime, amount: float, unit: Unit
) -> None:
    whole = int(amount)
    if unit is not Unit.CALENDAR_DAYS:
        due = calendar.due(start, whole, unit, CountFrom.MOMENT).at
        assert calendar.elapsed(start, due, unit) == whole
    part = calendar.due(start, amount, Unit.WORKING_HOURS, CountFrom.MOMENT).at
    assert abs(calendar.elapsed(start, part, Unit.WORKING_HOURS) - amount) < 1e-9


@given(calendars, starts, st.lists(st.timedeltas(timedelta(0), timedelta(days=40)), min_size=2, max_size=2), units)
def test_time_elapsed_adds_up(calendar: Calendar, start: datetime, steps: list[timedelta], unit: Unit) -> None:
    middle, end = start + steps[0], start + steps[0] + steps[1]
    whole = calendar.elapsed(start, end, unit)
    assert abs(calendar.elapsed(start, middle, unit) + calendar.elapsed(middle, end, unit) - whole) < 1e-9


@given(calendars, starts, amounts, units)
def test_counting_from_the_next_day_never_ends_earlier(
    calendar: Calendar, start: datetime, amount: int, unit: Unit
) -> None:
    early, late = (calendar.due(start, amount, unit, count_from).at for count_from in CountFrom)
    assert early <= late


stops = st.timedeltas(timedelta(0), timedelta(days=40))


@given(calendars, starts, st.integers(1, 60), units, counts, st.floats(0, 0.999), stops)
def test_what_was_left_when_the_clock_stopped_is_left_when_it_goes_on(
    calendar: Calendar, start: datetime, amount: int, unit: Unit, count_from: CountFrom, part: float, length: timedelta
) -> None:
    due = calendar.due(start, amount, unit, count_from).at
    stopped = start + (due - start) * part
    resumed = stopped + length
    later = calendar.shifted(due, stopped, resumed, unit)
    assert later >= due
    if unit is Unit.WORKING_HOURS:
        assert calendar.elapsed(resumed, later, unit) == calendar.elapsed(stopped, due, unit)
    elif unit is not Unit.CALENDAR_DAYS:
        assert calendar.elapsed(due, later, unit) == calendar.elapsed(stopped, resumed, unit)
    else:
        assert calendar.elapsed(due, later, unit) >= calendar.elapsed(stopped, resumed, unit)
        assert later == due or calendar.is_working(calendar.day_of(later))


@given(calendars, starts, st.integers(1, 60), units, stops, stops)
def test_stopping_twice_in_a_row_is_stopping_once(
    calendar: Calendar, start: datetime, amount: int, unit: Unit, first: timedelta, second: timedelta
) -> None:
    due = calendar.due(start, amount, unit, CountFrom.NEXT_DAY).at
    between, end = start + first, start + first + second
    once = calendar.shifted(due, start, end, unit)
    twice = calendar.shifted(calendar.shifted(due, start, between, unit), between, end, unit)
    # A calendar day that falls on a rest day is moved on to a working day each time, so it alone may win by stopping twice.
    assert twice == once if unit is not Unit.CALENDAR_DAYS else twice >= once


@given(calendars, starts, st.integers(1, 60), units)
def test_a_clock_that_stops_when_the_limit_has_ended_wins_nothing(
    calendar: Calendar, start: datetime, amount: int, unit: Unit
) -> None:
    due = calendar.due(start, amount, unit, CountFrom.MOMENT).at
    assert calendar.shifted(due, due, due + timedelta(days=9), unit) == due
    assert calendar.shifted(due, start, start, unit) == due


@given(calendars, starts, st.integers(0, 60), units)
def test_so_much_is_left_before_a_due_time(calendar: Calendar, start: datetime, amount: int, unit: Unit) -> None:
    due = calendar.due(start + timedelta(days=200), 1, Unit.WORKING_DAYS, CountFrom.NEXT_DAY).at
    early = calendar.before(due, amount, unit)
    assert early <= due
    if unit is not Unit.CALENDAR_DAYS:
        assert calendar.elapsed(early, due, unit) == amount
    else:
        assert (calendar.day_of(due) - calendar.day_of(early)).days == amount
