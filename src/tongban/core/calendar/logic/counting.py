"""When a limit ends: one small function for each unit, from microseconds to microseconds.

Nothing to count means *at once*: the start itself if the office is open (its last moment included), else the next
opening. Otherwise ``CountFrom`` chooses the first unit, and the end of the last one is the answer. A search beyond the
table raises IndexError, which the calendar turns into a sentence.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable

from tongban.core.calendar.logic.table import Table
from tongban.core.calendar.logic.units import Unit, hours, whole


def _at_once(table: Table, start: int) -> int:
    half = bisect_left(table.closes, start)
    return max(start, table.opens[half]) if half < len(table.closes) else table.closes[half]


def _next_working_day(table: Table, start: int) -> int:
    """The number of the first working day after the date of ``start``."""
    return table.before[bisect_right(table.midnight, start)]


def _working_hours(table: Table, start: int, amount: float, next_day: bool) -> int:
    length = hours(amount)
    if not length:
        return _at_once(table, start)
    if next_day:
        target = table.worked[table.first_half[_next_working_day(table, start)]] + length
    else:
        half = bisect_right(table.closes, start)
        target = table.worked[half] + max(0, start - table.opens[half]) + length
    return _reached(table, target)


def _half_days(table: Table, start: int, amount: float, next_day: bool) -> int:
    count = whole(amount, Unit.HALF_DAYS)
    if not count:
        return _at_once(table, start)
    first = table.first_half[_next_working_day(table, start)] if next_day else bisect_right(table.closes, start)
    return table.closes[first + count - 1]


def _working_days(table: Table, start: int, amount: float, next_day: bool) -> int:
    count = whole(amount, Unit.WORKING_DAYS)
    if not count:
        return _at_once(table, start)
    first = _next_working_day(table, start) if next_day else bisect_right(table.closing, start)
    return table.closing[first + count - 1]


def _calendar_days(table: Table, start: int, amount: float, next_day: bool) -> int:
    count = whole(amount, Unit.CALENDAR_DAYS)
    if not count:
        return _at_once(table, start)
    first = bisect_right(table.midnight, start) - 1
    if next_day or _has_closed(table, first, start):
        first += 1
    return table.closing[table.before[first + count - 1]]


def _has_closed(table: Table, index: int, start: int) -> bool:
    """Whether the date ``index`` is a working day that ``start`` finds already closed."""
    number = table.before[index]
    return table.before[index + 1] > number and table.closing[number] <= start


COUNT: dict[Unit, Callable[[Table, int, float, bool], int]] = {
    Unit.WORKING_HOURS: _working_hours,
    Unit.HALF_DAYS: _half_days,
    Unit.WORKING_DAYS: _working_days,
    Unit.CALENDAR_DAYS: _calendar_days,
}


def shifted(table: Table, due: int, stopped: int, resumed: int, unit: Unit) -> int:
    """When a limit that was to end at ``due`` ends after its clock stood still from ``stopped`` to ``resumed``.

    What had not been used when it stopped is still there when it goes on: working hours to the microsecond; of days and
    half-days as many as ended meanwhile are added.
    """
    if unit is Unit.WORKING_HOURS:
        left = worked(table, due) - worked(table, stopped)
        return _reached(table, worked(table, resumed) + left) if left else _at_once(table, resumed)
    missed = ended(table, resumed, unit) - ended(table, stopped, unit)
    if not missed:
        return due
    if unit is Unit.CALENDAR_DAYS:
        return table.closing[table.before[bisect_right(table.midnight, due) - 1 + missed]]
    ends = table.closes if unit is Unit.HALF_DAYS else table.closing
    return ends[bisect_left(ends, due) + missed]


def before(table: Table, due: int, amount: float, unit: Unit) -> int:
    """The moment from which ``amount`` units are left until ``due``; for days the closing of the day before them."""
    if unit is Unit.WORKING_HOURS:
        target = worked(table, due) - hours(amount)
        return _reached(table, target) if target > 0 else table.opens[0]
    count = whole(amount, unit)
    if unit is Unit.CALENDAR_DAYS:
        return table.midnight[max(0, bisect_right(table.midnight, due) - 1 - count)]
    ends = table.closes if unit is Unit.HALF_DAYS else table.closing
    return ends[max(0, bisect_left(ends, due) - count)]


def _reached(table: Table, target: int) -> int:
    """The first moment at which so much working time lies behind."""
    last = bisect_left(table.done, target)
    return table.closes[last] - (table.done[last] - target)


def worked(table: Table, until: int) -> int:
    """Working time from the beginning of the table ``until`` a moment, in microseconds."""
    half = bisect_right(table.closes, until)
    return table.worked[half] + max(0, until - table.opens[half])


def ended(table: Table, until: int, unit: Unit) -> int:
    """How many units have ended from the beginning of the table ``until`` a moment, that moment included."""
    if unit is Unit.HALF_DAYS:
        return bisect_right(table.closes, until)
    if unit is Unit.WORKING_DAYS:
        return bisect_right(table.closing, until)
    return bisect_right(table.midnight, until) - 1
