"""The county's calendar at one version: an immutable snapshot that answers in microseconds."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple, Self
from zoneinfo import ZoneInfo

from tongban.core.calendar.logic.counting import COUNT, before, ended, shifted, worked
from tongban.core.calendar.logic.days import Day, Rulebook, SpecialDay, Timetable, YearState
from tongban.core.calendar.logic.table import Table, build
from tongban.core.calendar.logic.units import HOUR, CountFrom, OutsideCalendar, Unit, instant, moment

FIRST_YEAR, LAST_YEAR = 2000, 2099


class Due(NamedTuple):
    """The moment (UTC) when a limit ends. ``provisional``: a year that it touches is not confirmed yet."""

    at: datetime
    provisional: bool


@dataclass(frozen=True, slots=True, eq=False)
class Calendar:
    """The working calendar of one county at one ``version``. Make it with :meth:`of`.

    Every datetime that goes in must be aware, of any zone; every one that comes out is UTC; dates are the county's.

    >>> from datetime import UTC
    >>> from tongban.core.calendar.logic import SAMPLE_HOURS
    >>> china = Calendar.of(
    ...     zone=ZoneInfo("Asia/Shanghai"),
    ...     days={date(2025, 10, 11): SpecialDay(working=True)},
    ...     timetables=[Timetable(date(2000, 1, 1), SAMPLE_HOURS)],
    ...     years={2025: True, 2026: True},
    ... )
    >>> friday = datetime(2025, 10, 10, 9, 30, tzinfo=UTC)  # 17:30 in the county, closed since 17:00
    >>> due = china.due(friday, 1, Unit.WORKING_DAYS, CountFrom.NEXT_DAY)  # the Saturday is a make-up day
    >>> due.at.isoformat(), due.provisional
    ('2025-10-11T09:00:00+00:00', False)
    >>> china.due(datetime(2025, 10, 10, 9, 30), 1, Unit.WORKING_DAYS, CountFrom.NEXT_DAY)
    Traceback (most recent call last):
    tongban.core.calendar.logic.units.NaiveDatetime: datetime.datetime(2025, 10, 10, 9, 30) has no time zone, so ...
    """

    zone: ZoneInfo
    version: int
    first_year: int
    last_year: int
    _rules: Rulebook
    _table: Table

    @classmethod
    def of(
        cls,
        *,
        zone: ZoneInfo,
        days: Mapping[date, SpecialDay],
        timetables: Iterable[Timetable],
        years: Mapping[int, bool],
        version: int = 0,
        first_year: int = FIRST_YEAR,
        last_year: int = LAST_YEAR,
    ) -> Self:
        """A calendar of the dates from ``first_year`` to ``last_year``, both included.

        ``days`` are the dates that differ from their weekday (or have a name), ``years`` says of each year entered
        whether it is confirmed; a year that is not in it is missing.
        """
        rules = Rulebook(days, timetables, years)
        return cls(zone, version, first_year, last_year, rules, build(rules, zone, first_year, last_year))

    # -- limits --------------------------------------------------------------------------------------------------

    def due(self, start: datetime, amount: float, unit: Unit, count_from: CountFrom) -> Due:
        """When a limit of ``amount`` units that begins at ``start`` ends; the docstrings of the enums say what counts.

        The answer is never before ``start`` and always inside working hours (the moment of closing included); days end
        at the closing of their last date. 0 means at once: ``start``, or the next opening if the office is closed.
        Only working hours may be fractions. Raises NaiveDatetime, BadAmount, OutsideCalendar. It costs the same
        however large ``amount`` is.
        """
        begin = self._instant(start)
        try:
            end = COUNT[unit](self._table, begin, amount, count_from is CountFrom.NEXT_DAY)
        except IndexError:
            raise self._outside(f"{amount} {unit} from {start.isoformat()}") from None
        return Due(moment(end), self._unsure(begin, end))

    def elapsed(self, start: datetime, end: datetime, unit: Unit) -> float:
        """How much of a limit has been used between two moments; negative if ``end`` is before ``start``.

        Working hours are exact to the microsecond, so ``elapsed(start, due(start, n, …).at)`` is ``n``. Half-days and
        working days count those that *ended* after ``start`` and not after ``end``; calendar days are the difference
        of the two dates. Half-days divided by two tell "2½ working days".
        """
        begin, finish = self._instant(start), self._instant(end)
        if unit is Unit.WORKING_HOURS:
            return (worked(self._table, finish) - worked(self._table, begin)) / HOUR
        return ended(self._table, finish, unit) - ended(self._table, begin, unit)

    def shifted(self, due: datetime, stopped: datetime, resumed: datetime, unit: Unit) -> datetime:
        """When a limit that would end at ``due`` ends if its clock stood still from ``stopped`` to ``resumed``.

        Working hours are exact: as much is left at ``resumed`` as was left at ``stopped``. Of days and half-days, as many
        are added as ended while it stood still, so a stop within one day wins nothing. A clock that stops at or after
        ``due``, or goes on before it stopped, leaves ``due`` as it is.
        """
        end, begin, again = self._instant(due), self._instant(stopped), self._instant(resumed)
        if begin >= end or again <= begin:
            return due
        try:
            return moment(shifted(self._table, end, begin, again, unit))
        except IndexError:
            raise self._outside(f"{due.isoformat()} after standing still until {resumed.isoformat()}") from None

    def before(self, due: datetime, amount: float, unit: Unit) -> datetime:
        """The moment from which ``amount`` units are left until ``due``: the last one of the day before those days.

        >>> from datetime import UTC
        >>> from tongban.core.calendar.logic import SAMPLE_HOURS
        >>> plain = Calendar.of(
        ...     zone=ZoneInfo("Asia/Shanghai"), days={}, timetables=[Timetable(date(2000, 1, 1), SAMPLE_HOURS)], years={}
        ... )
        >>> monday = datetime(2025, 10, 20, 9, 0, tzinfo=UTC)  # 17:00 in the county
        >>> plain.before(monday, 1, Unit.WORKING_DAYS).isoformat()
        '2025-10-17T09:00:00+00:00'
        """
        return moment(before(self._table, self._instant(due), amount, unit))

    def is_provisional(self, start: datetime, end: datetime) -> bool:
        """Whether any year from ``start`` to ``end`` is not confirmed."""
        return self._unsure(self._instant(start), self._instant(end))

    # -- dates ---------------------------------------------------------------------------------------------------

    def day_of(self, moment: datetime) -> date:
        """The county's date at ``moment``."""
        return date.fromordinal(self._table.first + self._index_at(moment))

    def month_of(self, moment: datetime) -> date:
        """The county's month at ``moment``, as its first date."""
        return self.day_of(moment).replace(day=1)

    def begins(self, on: date) -> datetime:
        """The first moment (UTC) of a date in the county; a month is ``begins(first)`` to ``begins(first of next)``."""
        return moment(self._table.midnight[self._index(on)])

    def local(self, moment: datetime) -> datetime:
        """``moment`` on the county's clock."""
        self._instant(moment)
        return moment.astimezone(self.zone)

    def day(self, on: date) -> Day:
        """What the county does on a date, and what the date is called."""
        return self._rules.day(on)

    def is_working(self, on: date) -> bool:
        """Whether the county works on a date, make-up days and half-days included."""
        index = self._index(on)
        return self._table.before[index + 1] > self._table.before[index]

    def closing(self, on: date) -> datetime | None:
        """When (UTC) the county closes on a date; None on a rest day."""
        number = self._table.before[self._index(on)]
        return moment(self._table.closing[number]) if self.is_working(on) else None

    def working_days_between(self, after: date, until: date) -> int:
        """How many working days lie after the one date, up to and including the other; negative if it is earlier."""
        return self._table.before[self._index(until) + 1] - self._table.before[self._index(after) + 1]

    def working_dates(self, first: date, last: date) -> list[date]:
        """The working days from ``first`` to ``last``, both included."""
        table = self._table
        numbers = range(table.before[self._index(first)], table.before[self._index(last) + 1])
        return [date.fromordinal(table.first + table.day[number]) for number in numbers]

    def is_open(self, at: datetime) -> bool:
        """Whether ``at`` is in working hours; the moment of closing is not."""
        begin = self._instant(at)
        half = bisect_right(self._table.closes, begin)
        return self._table.opens[half] <= begin

    # -- how sure ------------------------------------------------------------------------------------------------

    def year_state(self, year: int) -> YearState:
        """Whether a year is confirmed, provisional or missing."""
        return self._rules.year_state(year)

    def timetable(self, on: date) -> Timetable:
        """The ordinary working hours in force on a date, and whether the county has confirmed them."""
        return self._rules.timetable(on)

    # -- inside --------------------------------------------------------------------------------------------------

    def _instant(self, at: datetime) -> int:
        found = instant(at)
        if not self._table.midnight[0] <= found < self._table.midnight[-1]:
            raise self._outside(at.isoformat())
        return found

    def _index_at(self, at: datetime) -> int:
        return bisect_right(self._table.midnight, self._instant(at)) - 1

    def _index(self, on: date) -> int:
        if not self.first_year <= on.year <= self.last_year:
            raise self._outside(on.isoformat())
        return on.toordinal() - self._table.first

    def _unsure(self, begin: int, end: int) -> bool:
        table = self._table
        first, last = sorted((bisect_right(table.years, begin), bisect_right(table.years, end)))
        return table.unsure[last] > table.unsure[first - 1]

    def _outside(self, what: str) -> OutsideCalendar:
        return OutsideCalendar(f"{what} is outside this calendar, which covers {self.first_year} to {self.last_year}")
