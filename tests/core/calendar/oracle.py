"""The working calendar once more: naive, slow and plainly right. Imports nothing from tongban.

It walks from date to date and, where asked, from minute to minute, on the county's own clock (UTC+8, no daylight time),
in whole seconds since midnight. It knows no arrays and no searches.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone

CHINA = timezone(timedelta(hours=8))
ONE_DAY = timedelta(days=1)

# The statutory days of the years that the tests leave out of the table, from the law and an almanac.
_STATUTORY = """
    2026-01-01 2026-05-01 2026-05-02 2026-10-01 2026-10-02 2026-10-03
    2027-01-01 2027-02-05 2027-02-06 2027-02-07 2027-02-08 2027-04-05 2027-05-01 2027-05-02
    2027-06-09 2027-09-15 2027-10-01 2027-10-02 2027-10-03
    2028-01-01 2028-01-25 2028-01-26 2028-01-27 2028-01-28 2028-04-04 2028-05-01 2028-05-02
    2028-05-28 2028-10-01 2028-10-02 2028-10-03
    2029-01-01 2029-02-12 2029-02-13 2029-02-14 2029-02-15 2029-04-04 2029-05-01 2029-05-02
    2029-06-16 2029-09-22 2029-10-01 2029-10-02 2029-10-03
"""
STATUTORY = {date.fromisoformat(day) for day in _STATUTORY.split()}

Hours = list[tuple[int, int]]  # seconds after midnight


@dataclass
class County:
    """Plain facts. ``special``: date → its own hours ([] = rest) or "usual"; ``timetables``: (from, hours), sorted."""

    special: dict[date, Hours | str]
    timetables: list[tuple[date, Hours]]
    years: dict[int, bool]

    def usual(self, day: date) -> Hours:
        hours = self.timetables[0][1]
        for valid_from, those in self.timetables:
            if valid_from <= day:
                hours = those
        return hours

    def hours(self, day: date) -> Hours:
        if day in self.special:
            found = self.special[day]
            return self.usual(day) if isinstance(found, str) else found
        if day.weekday() in (5, 6):
            return []
        if day.year not in self.years and day in STATUTORY:
            return []
        return self.usual(day)

    def unsure(self, first: date, last: date) -> bool:
        return any(not self.years.get(year, False) for year in range(first.year, last.year + 1))


def here(moment: datetime) -> tuple[date, float]:
    """The county's date and the seconds since its midnight."""
    local = moment.astimezone(CHINA)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    return local.date(), (local - midnight).total_seconds()


def at(day: date, seconds: float) -> datetime:
    midnight = datetime(day.year, day.month, day.day, tzinfo=CHINA)
    return (midnight + timedelta(seconds=seconds)).astimezone(UTC)


def due(county: County, start: datetime, amount: int, unit: str, count_from: str) -> tuple[datetime, bool]:
    """The end of the limit, and whether an unconfirmed year is touched."""
    end = _end(county, start, amount, unit, count_from)
    return end, county.unsure(here(start)[0], here(end)[0])


def _end(county: County, start: datetime, amount: int, unit: str, count_from: str) -> datetime:
    day, second = here(start)
    if amount == 0:
        return _at_once(county, start)
    if count_from == "next_day":
        # The date of receipt does not count: begin at the first second of the next date that counts.
        day, second = day + ONE_DAY, 0.0
        while unit != "calendar_days" and not county.hours(day):
            day += ONE_DAY
    if unit == "calendar_days":
        return _calendar_days(county, day, second, amount)
    left: float = amount * 3600 if unit == "working_hours" else amount
    while True:
        hours = county.hours(day)
        for number, (opens, closes) in enumerate(hours):
            if second >= closes:
                continue  # this part of the day is over
            if unit == "working_hours":
                available = closes - max(second, opens)
                if left <= available:
                    return at(day, max(second, opens) + left)
                left -= available
            elif unit == "half_days" or number == len(hours) - 1:
                left -= 1
                if left == 0:
                    return at(day, closes)
        day, second = day + ONE_DAY, 0.0


def _at_once(county: County, start: datetime) -> datetime:
    day = here(start)[0]
    while True:
        for opens, closes in county.hours(day):
            if start <= at(day, opens):
                return at(day, opens)
            if start <= at(day, closes):
                return start
        day += ONE_DAY


def _calendar_days(county: County, day: date, second: float, amount: int) -> datetime:
    hours = county.hours(day)
    if hours and second >= hours[-1][1]:
        day += ONE_DAY  # received after closing: that date is over
    for _ in range(amount - 1):
        day += ONE_DAY
    while not county.hours(day):
        day += ONE_DAY
    return at(day, county.hours(day)[-1][1])


def due_by_minutes(county: County, start: datetime, minutes: int) -> datetime:
    """Working time in minutes from a start on a whole minute, counted one minute at a time."""
    moment, left = start, minutes
    while left:
        if _is_open(county, moment):
            left -= 1
        moment += timedelta(minutes=1)
    return moment


def minutes_between(county: County, start: datetime, end: datetime) -> int:
    """Working minutes from one whole minute to another, counted one at a time."""
    count, moment = 0, start
    while moment < end:
        count += _is_open(county, moment)
        moment += timedelta(minutes=1)
    return count


def _is_open(county: County, moment: datetime) -> bool:
    day, second = here(moment)
    return any(opens <= second < closes for opens, closes in county.hours(day))


def seconds_worked(county: County, start: datetime, end: datetime) -> float:
    """Working time between two moments, date by date."""
    day, last = here(start)[0], here(end)[0]
    total = 0.0
    while day <= last:
        for opens, closes in county.hours(day):
            begin, finish = max(at(day, opens), start), min(at(day, closes), end)
            total += max(0.0, (finish - begin).total_seconds())
        day += ONE_DAY
    return total


def days_ended(county: County, start: datetime, end: datetime) -> int:
    """Closings after ``start`` and not after ``end``."""
    day, last, count = here(start)[0], here(end)[0], 0
    while day <= last:
        hours = county.hours(day)
        count += bool(hours) and start < at(day, hours[-1][1]) <= end
        day += ONE_DAY
    return count


def working_days_after(county: County, after: date, until: date) -> int:
    day, count = after, 0
    while day < until:
        day += ONE_DAY
        count += bool(county.hours(day))
    return count
