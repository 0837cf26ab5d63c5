"""In what a limit is counted, from when, and the exact moments that counting works with."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from enum import StrEnum

from tongban.core.labels import Label

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
HOUR = 3_600_000_000  # microseconds


class Unit(StrEnum):
    """What one unit of a limit is, and when it ends.

    - ``working_hours``: 60 minutes inside working hours. Nights, lunch and rest days do not count.
    - ``half_days``: the forenoon or the afternoon of a working day; ends when that half closes (noon or closing). A
      working date with one span only is one half-day.
    - ``working_days``: a working date, however short; ends at its closing.
    - ``calendar_days``: any date; a limit whose last date is a rest day ends at the closing of the next working day
      (Civil Code, article 203: where there are business hours, the period ends when they end).
    """

    WORKING_HOURS = "working_hours"
    HALF_DAYS = "half_days"
    WORKING_DAYS = "working_days"
    CALENDAR_DAYS = "calendar_days"


class CountFrom(StrEnum):
    """Which unit is the first.

    - ``moment``: the unit in which the start falls is the first, as long as any of it remains. Received at 16:59, one
      working day ends at 17:00 of the same day; received at lunch, the afternoon is the first half-day; received
      after closing or on a rest day, counting begins at the next opening (calendar days: on the next date after
      closing, at once on a rest day).
    - ``next_day``: the date of receipt does not count at all (Civil Code, article 201). The first unit is the first
      of the next working day (calendar days: the next date).
    """

    MOMENT = "moment"
    NEXT_DAY = "next_day"


class NaiveDatetime(ValueError):
    """A datetime without a time zone: nobody can say which moment it means."""


class OutsideCalendar(ValueError):
    """A moment before the first or after the last year that this calendar was built for."""


class BadAmount(ValueError):
    """An amount that cannot be counted: negative, not finite, or a fraction of a day."""


def instant(moment: datetime) -> int:
    """Microseconds from 1970 (UTC) to an aware ``moment`` of any zone; raises :class:`NaiveDatetime`.

    >>> from datetime import UTC
    >>> instant(datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC))
    1000000
    """
    try:
        since = moment - EPOCH
    except TypeError:
        raise NaiveDatetime(
            f"{moment!r} has no time zone, so it names no moment: pass an aware datetime, such as one in UTC"
        ) from None
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def moment(microseconds: int) -> datetime:
    """The moment, in UTC, so many microseconds after 1970: the inverse of :func:`instant`."""
    return EPOCH + timedelta(microseconds=microseconds)


def whole(amount: float, unit: Unit) -> int:
    """``amount`` as a whole number of ``unit``; raises :class:`BadAmount` for a fraction or less than nothing."""
    if amount < 0 or amount % 1 != 0:  # not a number and infinity fail here too
        raise BadAmount(f"a limit of {amount} {unit} cannot be counted: give 0 or a whole number")
    return int(amount)


def hours(amount: float) -> int:
    """Working hours as microseconds; fractions are welcome, less than nothing raises :class:`BadAmount`."""
    if not 0 <= amount < 10_000_000:
        raise BadAmount(f"a limit of {amount} working hours cannot be counted: give 0 or more")
    return round(amount * HOUR)


def limit_words(amount: float, unit: Unit) -> Label:
    """A limit in words.

    >>> limit_words(5, Unit.WORKING_DAYS)
    Label(zh='5 个工作日', en='5 working days')
    >>> limit_words(1, Unit.HALF_DAYS)
    Label(zh='1 个半天', en='1 half-day')
    """
    zh, one, many = _LIMIT_WORDS[unit]
    return Label(f"{amount:g} {zh}", f"{amount:g} {one if amount == 1 else many}")


_LIMIT_WORDS = {
    Unit.WORKING_HOURS: ("个工作小时", "working hour", "working hours"),
    Unit.HALF_DAYS: ("个半天", "half-day", "half-days"),
    Unit.WORKING_DAYS: ("个工作日", "working day", "working days"),
    Unit.CALENDAR_DAYS: ("天", "day", "days"),
}

COUNT_FROM_WORDS = {
    CountFrom.MOMENT: Label("从收到时起算", "counted from the moment of receipt"),
    CountFrom.NEXT_DAY: Label("从收到次日起算", "counted from the day after receipt"),
}
