"""The promise as people see it: a row of day cells, and a few words beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from tongban.core.calendar.logic.calendar import Calendar
from tongban.core.calendar.logic.spelling import day_words
from tongban.core.calendar.logic.units import CountFrom, Unit
from tongban.core.labels import Label

# A long-overdue promise must not make a page of cells: the words carry the number.
OVER_AT_MOST = 10


class CellState(StrEnum):
    """What one day of a promise is; the values are those of ``data-d`` in the style sheet."""

    USED = "used"
    NOW = "now"
    LEFT = "left"
    HELD = "held"  # the clock stood still when it ended, or does so today
    OVER = "over"


#: From when to when; None: it has not ended yet.
Stretch = tuple[datetime, datetime | None]


@dataclass(frozen=True, slots=True)
class Cell:
    """One day of a promise. ``due`` marks the day on which it ends, ``was`` the one on which it was to end before it was
    extended; ``make_up`` a worked Saturday or Sunday."""

    date: date
    state: CellState
    due: bool
    make_up: bool
    was: bool = False


def cells(
    calendar: Calendar,
    start: datetime,
    due: datetime,
    now: datetime,
    *,
    count_from: CountFrom = CountFrom.MOMENT,
    unit: Unit = Unit.WORKING_DAYS,
    over_at_most: int = OVER_AT_MOST,
    stops: Sequence[Stretch] = (),
    was: datetime | None = None,
) -> list[Cell]:
    """The days of the promise from the first that counts to the day due, then the days over up to today.

    Weekends and rest days are absent, make-up days present; a promise in calendar days has a cell for every date. The
    day due is always present. After it at most ``over_at_most`` days over follow. During ``stops`` the clock stood still;
    ``was`` is what was promised before it was extended.
    """
    last, today = calendar.day_of(due), calendar.day_of(now)
    first_aim = calendar.day_of(was) if was is not None else None
    # The day due is shown even if the calendar has changed since and it is a rest day now.
    promised = sorted({*_dates(calendar, _first(calendar, start, count_from, unit), last, unit), last})
    over = _dates(calendar, last + timedelta(days=1), today, unit)[:over_at_most]
    held = {day for day in promised if any(_stood_still(calendar, day, today, stop, unit) for stop in stops)}
    return [
        Cell(
            day, CellState.HELD if day in held else _state(day, last, today), due=day == last,
            make_up=calendar.day(day).make_up, was=day == first_aim,
        )
        for day in (*promised, *over)
    ]  # fmt: skip


def _stood_still(calendar: Calendar, day: date, today: date, stop: Stretch, unit: Unit) -> bool:
    """Whether the clock stood still when ``day`` ended, or stands still today."""
    began, ended = stop
    if ended is None and day >= today:
        return day == today
    closing = calendar.closing(day) if unit is not Unit.CALENDAR_DAYS else None
    end = closing or calendar.begins(day + timedelta(days=1))
    return began < end and (ended is None or end <= ended)


def _first(calendar: Calendar, start: datetime, count_from: CountFrom, unit: Unit) -> date:
    """The first date that may count: that of the first unit's end cannot be later than the day due."""
    day = calendar.day_of(start)
    if count_from is CountFrom.NEXT_DAY:
        return day + timedelta(days=1)
    spans = calendar.day(day).spans
    closed = bool(spans) and calendar.local(start).time() >= spans[-1].closes
    return day + timedelta(days=1) if closed else day


def _dates(calendar: Calendar, first: date, last: date, unit: Unit) -> list[date]:
    if last < first:
        return []
    if unit is Unit.CALENDAR_DAYS:
        return [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return calendar.working_dates(first, last)


def _state(day: date, last: date, today: date) -> CellState:
    if day > last:
        return CellState.OVER
    if day == today:
        return CellState.NOW
    return CellState.USED if day < today else CellState.LEFT


class Standing(StrEnum):
    """Where a promise stands; the values are those of ``data-state`` in the style sheet."""

    GOING = "going"
    SOON = "soon"  # due today
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Remaining:
    """How long a promise still runs, or for how long it has been broken.

    ``days`` are working days (calendar days for a promise in those) after today up to the day due, or after the day
    due up to today. ``at`` is the moment due on the county's clock.
    """

    standing: Standing
    days: int
    day: date
    at: time


def remaining(calendar: Calendar, due: datetime, now: datetime, *, unit: Unit = Unit.WORKING_DAYS) -> Remaining:
    """What is left at ``now`` of a promise that ends at ``due``. At the very moment due it is not late yet."""
    last, today = calendar.day_of(due), calendar.day_of(now)
    if now > due:
        standing, days = Standing.LATE, _days(calendar, last, today, unit)
    elif last == today:
        standing, days = Standing.SOON, 0
    else:
        # A day due that has become a rest day since is still at least one day away.
        standing, days = Standing.GOING, max(1, _days(calendar, today, last, unit))
    return Remaining(standing, days, last, calendar.local(due).time())


def _days(calendar: Calendar, after: date, until: date, unit: Unit) -> int:
    if unit is Unit.CALENDAR_DAYS:
        return (until - after).days
    return calendar.working_days_between(after, until)


def words(left: Remaining) -> Label:
    """The few words beside the cells.

    >>> day, at = date(2025, 10, 20), time(17)
    >>> words(Remaining(Standing.GOING, 2, day, at))
    Label(zh='剩 2 天', en='2 d left')
    >>> words(Remaining(Standing.SOON, 0, day, at))
    Label(zh='今天 17:00', en='today 17:00')
    >>> words(Remaining(Standing.LATE, 1, day, at))
    Label(zh='超 1 天', en='1 d over')
    >>> words(Remaining(Standing.LATE, 0, day, at))
    Label(zh='已超时', en='overdue')
    """
    if left.standing is Standing.GOING:
        return Label(f"剩 {left.days} 天", f"{left.days} d left")
    if left.standing is Standing.SOON:
        return Label(f"今天 {left.at:%H:%M}", f"today {left.at:%H:%M}")
    if left.days:
        return Label(f"超 {left.days} 天", f"{left.days} d over")
    return Label("已超时", "overdue")


def spoken(left: Remaining, step: Label | None = None) -> Label:
    """The same as a whole sentence, for screen readers and messages. ``step``: what is to be done by then.

    >>> spoken(Remaining(Standing.GOING, 2, date(2025, 10, 20), time(17))).zh
    '还剩 2 天，10月20日（周一）17:00 到期'
    >>> spoken(Remaining(Standing.LATE, 1, date(2025, 10, 20), time(17)), Label("签收", "Take on")).zh
    '已超 1 天，应于 10月20日（周一）17:00 前签收'
    >>> spoken(Remaining(Standing.LATE, 1, date(2025, 10, 20), time(17))).en
    'Overdue by 1 day; it was due Mon 20 Oct, 17:00'
    """
    aim = day_words(left.day, with_year=False, weekday=True)
    zh_when, en_when = f"{aim.zh}{left.at:%H:%M}", f"{aim.en}, {left.at:%H:%M}"
    days = f"{left.days} day" if left.days == 1 else f"{left.days} days"
    zh_end, en_due = (f"前{step.zh}", f"“{step.en}” due") if step else ("到期", "due")
    if left.standing is Standing.GOING:
        return Label(f"还剩 {left.days} 天，{zh_when} {zh_end}", f"{days} left; {en_due} {en_when}")
    if left.standing is Standing.SOON:
        return Label(f"今天 {left.at:%H:%M} {zh_end}", f"{en_due[0].upper()}{en_due[1:]} today, {left.at:%H:%M}")
    zh_over, en_over = (f"已超 {left.days} 天", f"Overdue by {days}") if left.days else ("已超时", "Overdue")
    was = f"“{step.en}” was" if step else "it was"
    return Label(f"{zh_over}，{'应于' if step else '原定'} {zh_when} {zh_end}", f"{en_over}; {was} due {en_when}")
