"""When is it due? Examples that can be checked against a wall calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from tests.core.calendar.conftest import CHINA, local
from tongban.core.calendar.logic import (
    SAMPLE_HOURS,
    BadAmount,
    Calendar,
    CountFrom,
    NaiveDatetime,
    OutsideCalendar,
    SpecialDay,
    Timetable,
    Unit,
    YearState,
    parse_spans,
)

HOURS, HALVES, DAYS, DATES = Unit.WORKING_HOURS, Unit.HALF_DAYS, Unit.WORKING_DAYS, Unit.CALENDAR_DAYS
MOMENT, NEXT = CountFrom.MOMENT, CountFrom.NEXT_DAY


@pytest.mark.parametrize(
    ("start", "amount", "unit", "count_from", "due"),
    [
        # An ordinary week: Monday 13 October 2025, 10:00.
        ("2025-10-13 10:00", 1, HOURS, MOMENT, "2025-10-13 11:00"),
        ("2025-10-13 10:00", 2, HOURS, MOMENT, "2025-10-13 12:00"),
        ("2025-10-13 10:00", 3, HOURS, MOMENT, "2025-10-13 14:30"),
        ("2025-10-13 10:00", 0.5, HOURS, MOMENT, "2025-10-13 10:30"),
        ("2025-10-13 10:00", 1, HOURS, NEXT, "2025-10-14 09:30"),
        ("2025-10-13 10:00", 1, HALVES, MOMENT, "2025-10-13 12:00"),
        ("2025-10-13 10:00", 2, HALVES, MOMENT, "2025-10-13 17:00"),
        ("2025-10-13 10:00", 1, HALVES, NEXT, "2025-10-14 12:00"),
        ("2025-10-13 10:00", 1, DAYS, MOMENT, "2025-10-13 17:00"),
        ("2025-10-13 10:00", 5, DAYS, MOMENT, "2025-10-17 17:00"),
        ("2025-10-13 10:00", 5, DAYS, NEXT, "2025-10-20 17:00"),
        ("2025-10-13 10:00", 3, DATES, NEXT, "2025-10-16 17:00"),
        # The last date is a Saturday: the limit ends on the Monday.
        ("2025-10-13 10:00", 5, DATES, NEXT, "2025-10-20 17:00"),
        # Lunch.
        ("2025-10-13 12:30", 1, HOURS, MOMENT, "2025-10-13 14:30"),
        ("2025-10-13 12:30", 1, HALVES, MOMENT, "2025-10-13 17:00"),
        ("2025-10-13 12:30", 1, DAYS, MOMENT, "2025-10-13 17:00"),
        ("2025-10-13 12:30", 0, HOURS, MOMENT, "2025-10-13 13:30"),
        # At the very moment of closing nothing of the day is left.
        ("2025-10-13 12:00", 1, HALVES, MOMENT, "2025-10-13 17:00"),
        ("2025-10-13 17:00", 1, DAYS, MOMENT, "2025-10-14 17:00"),
        ("2025-10-13 17:00", 1, HOURS, MOMENT, "2025-10-14 09:30"),
        ("2025-10-13 17:00", 1, DATES, MOMENT, "2025-10-14 17:00"),
        ("2025-10-13 17:00", 0, DAYS, MOMENT, "2025-10-13 17:00"),
        # Friday 17:30.
        ("2025-10-17 17:30", 1, HOURS, MOMENT, "2025-10-20 09:30"),
        ("2025-10-17 17:30", 1, HALVES, MOMENT, "2025-10-20 12:00"),
        ("2025-10-17 17:30", 1, DAYS, MOMENT, "2025-10-20 17:00"),
        ("2025-10-17 17:30", 1, DAYS, NEXT, "2025-10-20 17:00"),
        ("2025-10-17 17:30", 0, DAYS, NEXT, "2025-10-20 08:30"),
        ("2025-10-17 17:30", 1, DATES, NEXT, "2025-10-20 17:00"),
        # Before opening, and on a Sunday.
        ("2025-10-13 06:00", 1, HOURS, MOMENT, "2025-10-13 09:30"),
        ("2025-10-12 15:00", 1, DAYS, MOMENT, "2025-10-13 17:00"),
        ("2025-10-12 15:00", 1, DAYS, NEXT, "2025-10-13 17:00"),
        # A deadline on the make-up Saturday 11 October 2025, and one across it.
        ("2025-10-10 10:00", 1, DAYS, NEXT, "2025-10-11 17:00"),
        ("2025-10-10 16:00", 2, HOURS, MOMENT, "2025-10-11 09:30"),
        ("2025-10-10 10:00", 2, DAYS, NEXT, "2025-10-13 17:00"),
        ("2025-10-11 10:00", 1, DAYS, MOMENT, "2025-10-11 17:00"),
        # National Day 2025: off from the 1st to the 8th, Sunday 28 September worked.
        ("2025-09-30 16:00", 1, DAYS, NEXT, "2025-10-09 17:00"),
        ("2025-09-30 16:30", 1, HOURS, MOMENT, "2025-10-09 09:00"),
        ("2025-09-26 10:00", 3, DAYS, NEXT, "2025-09-30 17:00"),
        ("2025-09-30 16:00", 5, DATES, NEXT, "2025-10-09 17:00"),
        # Into 2026, whose first Sunday is worked.
        ("2025-12-31 10:00", 1, DAYS, NEXT, "2026-01-04 17:00"),
    ],
)
def test_due(china: Calendar, start: str, amount: float, unit: Unit, count_from: CountFrom, due: str) -> None:
    found = china.due(local(start), amount, unit, count_from)
    assert found.at == local(due)
    assert found.at.tzinfo is UTC
    assert not found.provisional


def test_a_deadline_across_spring_festival_2027_is_provisional(china: Calendar) -> None:
    # Friday 5 (the eve), Saturday 6, Sunday 7 and Monday 8 February are off; more will be, once the notice is out.
    due = china.due(local("2027-02-03 10:00"), 3, DAYS, NEXT)
    assert due == (local("2027-02-10 17:00"), True)


def test_thirty_working_days_from_december_cross_into_an_unconfirmed_year(china: Calendar) -> None:
    due = china.due(local("2026-12-15 10:00"), 30, DAYS, NEXT)
    assert due == (local("2027-01-27 17:00"), True)
    assert not china.due(local("2026-12-15 10:00"), 5, DAYS, NEXT).provisional


def test_entering_the_notice_moves_the_deadline_and_confirms_it(china: Calendar) -> None:
    days = {date(2027, 2, day): SpecialDay(working=False) for day in range(5, 13)}
    days |= {date(2027, 2, 20): SpecialDay(working=True)}
    entered = Calendar.of(
        zone=CHINA, days=days, timetables=[Timetable(date(2000, 1, 1), SAMPLE_HOURS)], years={2027: True}
    )
    assert entered.due(local("2027-02-03 10:00"), 3, DAYS, NEXT) == (local("2027-02-16 17:00"), False)
    assert entered.due(local("2027-02-19 10:00"), 1, DAYS, NEXT) == (local("2027-02-20 17:00"), False)


def test_a_half_day_is_one_working_day_and_one_half_day(china: Calendar) -> None:
    eve = {date(2026, 2, 16): SpecialDay(working=True, spans=parse_spans("08:30-12:00"))}
    calendar = Calendar.of(
        zone=CHINA, days=eve, timetables=[Timetable(date(2000, 1, 1), SAMPLE_HOURS)], years={2026: True}
    )
    start = local("2026-02-16 09:00")
    assert calendar.due(start, 1, DAYS, MOMENT).at == local("2026-02-16 12:00")
    assert calendar.due(start, 2, HALVES, MOMENT).at == local("2026-02-17 12:00")
    assert calendar.due(start, 4, HOURS, MOMENT).at == local("2026-02-17 09:30")


def test_summer_hours_hold_from_their_date_on() -> None:
    summer = [
        Timetable(date(2000, 1, 1), SAMPLE_HOURS),
        Timetable(date(2026, 7, 1), parse_spans("08:00-11:30 14:30-17:30")),
        Timetable(date(2026, 10, 1), SAMPLE_HOURS),
    ]
    calendar = Calendar.of(zone=CHINA, days={}, timetables=summer, years={2026: True})
    assert calendar.due(local("2026-06-30 10:00"), 1, DAYS, MOMENT).at == local("2026-06-30 17:00")
    assert calendar.due(local("2026-06-30 10:00"), 1, DAYS, NEXT).at == local("2026-07-01 17:30")
    assert calendar.due(local("2026-06-30 16:30"), 1, HOURS, MOMENT).at == local("2026-07-01 08:30")


def test_a_limit_of_a_thousand_days_is_counted_like_any_other(china: Calendar) -> None:
    start = local("2025-10-13 10:00")
    due = china.due(start, 1000, DAYS, NEXT).at
    assert china.elapsed(start, due, DAYS) == 1001  # the day of receipt ended too
    assert china.working_days_between(china.day_of(start), china.day_of(due)) == 1000


def test_a_missing_year_is_monday_to_friday_less_the_statutory_days(china: Calendar) -> None:
    assert china.year_state(2028) is YearState.MISSING
    assert not china.is_working(date(2028, 1, 25))  # the eve of Spring Festival, a Tuesday
    assert china.is_working(date(2028, 1, 31))
    assert china.day(date(2028, 1, 26)).name is not None


@pytest.mark.parametrize("year", [2001, 2024, 2038, 2070, 2099])
def test_years_far_from_the_table_are_provisional_and_do_not_stop_the_county(china: Calendar, year: int) -> None:
    due = china.due(local(f"{year}-03-15 10:00"), 5, DAYS, NEXT)
    assert due.provisional
    assert china.day_of(due.at).year == year


def test_outside_its_years_the_calendar_says_so(china: Calendar) -> None:
    with pytest.raises(OutsideCalendar, match="covers 2000 to 2099"):
        china.due(local("1999-12-31 23:59"), 1, DAYS, NEXT)
    with pytest.raises(OutsideCalendar, match="covers 2000 to 2099"):
        china.due(local("2099-12-31 10:00"), 1, DAYS, NEXT)
    with pytest.raises(OutsideCalendar):
        china.due(local("2026-01-05 10:00"), 100_000, DAYS, NEXT)
    with pytest.raises(OutsideCalendar):
        china.is_working(date(2100, 1, 1))


@pytest.mark.parametrize("unit", list(Unit))
@pytest.mark.parametrize("count_from", list(CountFrom))
def test_every_unit_ends_with_a_sentence_at_the_end_of_the_table(
    china: Calendar, unit: Unit, count_from: CountFrom
) -> None:
    for start in ("2099-12-31 16:59", "2099-12-31 17:01", "2099-12-31 23:59"):
        for amount in (2, 3):
            with pytest.raises(OutsideCalendar):
                china.due(local(start), amount * 10, unit, count_from)
    with pytest.raises(OutsideCalendar):
        china.due(local("2099-12-31 17:01"), 0, unit, count_from)


def test_a_naive_datetime_is_refused_with_what_would_put_it_right(china: Calendar) -> None:
    naive = datetime(2025, 10, 13, 10)
    with pytest.raises(NaiveDatetime, match="pass an aware datetime"):
        china.due(naive, 1, DAYS, NEXT)
    with pytest.raises(NaiveDatetime):
        china.day_of(naive)
    with pytest.raises(NaiveDatetime):
        china.local(naive)


@pytest.mark.parametrize("unit", list(Unit))
@pytest.mark.parametrize("amount", [-1, float("nan"), float("inf")])
def test_an_amount_that_cannot_be_counted_is_refused(china: Calendar, amount: float, unit: Unit) -> None:
    with pytest.raises(BadAmount):
        china.due(local("2025-10-13 10:00"), amount, unit, NEXT)


def test_half_a_working_day_is_refused_because_there_is_a_unit_for_it(china: Calendar) -> None:
    with pytest.raises(BadAmount, match=r"0\.5 working_days"):
        china.due(local("2025-10-13 10:00"), 0.5, DAYS, NEXT)


def test_daylight_time_of_a_foreign_zone_has_no_influence(china: Calendar) -> None:
    # Berlin put its clocks back on 26 October 2025 at 03:00: 02:30 came twice.
    berlin = ZoneInfo("Europe/Berlin")
    for fold, utc in ((0, 0), (1, 1)):
        foreign = datetime(2025, 10, 26, 2, 30, tzinfo=berlin, fold=fold)
        same = datetime(2025, 10, 26, utc, 30, tzinfo=UTC)
        for unit in Unit:
            assert china.due(foreign, 3, unit, MOMENT) == china.due(same, 3, unit, MOMENT)
        assert china.elapsed(foreign, same, HOURS) == 0
    before, after = datetime(2025, 10, 24, 9, tzinfo=berlin), datetime(2025, 10, 27, 9, tzinfo=berlin)
    assert china.elapsed(before, after, HOURS) == china.elapsed(before.astimezone(UTC), after.astimezone(UTC), HOURS)


def test_a_county_whose_own_clock_changes_counts_by_the_clock_on_its_wall() -> None:
    # Clocks in New York went forward on Sunday 8 March 2026.
    zone = ZoneInfo("America/New_York")
    days = {date(2026, 3, 8): SpecialDay(working=True)}
    calendar = Calendar.of(
        zone=zone, days=days, timetables=[Timetable(date(2000, 1, 1), SAMPLE_HOURS)], years={2026: True}
    )
    start = datetime(2026, 3, 6, 16, 30, tzinfo=zone)
    assert calendar.due(start, 1, HOURS, MOMENT).at == datetime(2026, 3, 8, 9, 0, tzinfo=zone)
    assert calendar.due(start, 2, DAYS, MOMENT).at == datetime(2026, 3, 8, 17, 0, tzinfo=zone)
    assert calendar.due(start, 3, DAYS, MOMENT).at == datetime(2026, 3, 9, 17, 0, tzinfo=zone)


def test_days_and_months_are_the_countys(china: Calendar) -> None:
    late = datetime(2025, 12, 31, 16, 0, tzinfo=UTC)  # midnight in the county
    assert china.day_of(late) == date(2026, 1, 1)
    assert china.day_of(late - timedelta(microseconds=1)) == date(2025, 12, 31)
    assert china.month_of(late) == date(2026, 1, 1)
    assert china.month_of(late.astimezone(timezone(timedelta(hours=-11)))) == date(2026, 1, 1)
    assert china.begins(date(2026, 1, 1)) == late


def test_open_and_closed(china: Calendar) -> None:
    opens = {"08:29": False, "08:30": True, "11:59": True, "12:00": False, "13:30": True, "17:00": False}
    assert {time: china.is_open(local(f"2025-10-13 {time}")) for time in opens} == opens
    assert not china.is_open(local("2099-12-31 18:00"))


def test_make_up_days_are_known_as_such(china: Calendar) -> None:
    assert china.day(date(2025, 10, 11)).make_up
    assert not china.day(date(2025, 10, 13)).make_up
    assert china.working_dates(date(2025, 10, 1), date(2025, 10, 13)) == [
        date(2025, 10, 9), date(2025, 10, 10), date(2025, 10, 11), date(2025, 10, 13)
    ]  # fmt: skip
    assert china.working_days_between(date(2025, 10, 13), date(2025, 10, 9)) == -3


def test_a_calendar_that_makes_no_sense_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one timetable"):
        Calendar.of(zone=CHINA, days={}, timetables=[], years={})
    with pytest.raises(ValueError, match="same date"):
        Calendar.of(zone=CHINA, days={}, timetables=[Timetable(date(2000, 1, 1), SAMPLE_HOURS)] * 2, years={})
    with pytest.raises(ValueError, match="no working hours"):
        SpecialDay(working=False, spans=SAMPLE_HOURS)


@pytest.mark.parametrize("text", ["", "8:30-12:00", "08:30-08:30", "12:00-08:30", "24:00-25:00", "08:30-12:00 11:00-17:00",
                                  "08:00-09:00 10:00-11:00 12:00-13:00", "08:30—12:00"])  # fmt: skip
def test_hours_that_make_no_day_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse_spans(text)
