"""Some days, a month, quarter or year of the county, or all that has ever been: what a board counts in, and how it
divides it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from tongban.core.calendar.logic import day_words, month_words
from tongban.core.labels import Label

_MOST_DAYS = 31
_YEARS_BACK = 10
FIRST_YEAR, LAST_YEAR = 2000, 2098


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days from ``first`` up to, not including, ``end``; ``code`` names them as a period."""

    first: date
    end: date
    label: Label
    code: str


@dataclass(frozen=True, slots=True)
class Period:
    """``months`` months from ``first``, or ``days`` days; 0 of both: everything.

    >>> parse("2026-Q4", date(2026, 11, 18)).label.zh
    '2026年第4季度'
    >>> parse("2026-11-16.7", date(2026, 11, 18)).label.zh
    '2026年11月16日至22日'
    >>> parse("nonsense", date(2026, 11, 18)).code
    '2026'
    """

    first: date
    months: int
    days: int = 0

    @property
    def code(self) -> str:
        """As it stands in an address; :func:`parse` reads it back."""
        if self.days:
            return f"{self.first.isoformat()}.{self.days}"
        if self.months == 0:
            return "all"
        if self.months == 12:
            return str(self.first.year)
        if self.months == 3:
            return f"{self.first.year}-Q{(self.first.month + 2) // 3}"
        return f"{self.first:%Y-%m}"

    @property
    def end(self) -> date:
        """The day after the last."""
        if self.days:
            return self.first + timedelta(days=self.days)
        return _plus(self.first, self.months) if self.months else date(LAST_YEAR + 1, 1, 1)

    @property
    def label(self) -> Label:
        """Its name."""
        year = self.first.year
        if self.days:
            return _days_label(self.first, self.end - timedelta(days=1))
        if self.months == 0:
            return Label("全部年份", "All years")
        if self.months == 12:
            return Label(f"{year}年", str(year))
        if self.months == 3:
            quarter = (self.first.month + 2) // 3
            return Label(f"{year}年第{quarter}季度", f"Q{quarter} {year}")
        month = month_words(self.first.month)
        return Label(f"{year}年{month.zh}", f"{month.en} {year}")

    @property
    def before(self) -> Period | None:
        """The one of the same length before."""
        return self._moved(-self.months)

    @property
    def after(self) -> Period | None:
        """The one of the same length after."""
        return self._moved(self.months)

    def _moved(self, months: int) -> Period | None:
        if not self.months:
            return None
        moved = Period(_plus(self.first, months), self.months)
        return moved if FIRST_YEAR <= moved.first.year <= LAST_YEAR else None

    def stretches(self, since: date, today: date) -> list[Stretch]:
        """The parts that a trend shows: days of a week, weeks of a month or quarter, months of a year, years of all.

        Nothing lies after ``today``, and of everything nothing before ``since``; at most forty parts.
        """
        last = min(self.end, today + timedelta(days=1))
        if self.days:
            return _days(self.first, last)
        if self.months in (1, 3):
            return _weeks(self.first, last)
        step = 1 if self.months else 12
        first = self.first if self.months else date(max(since.year, today.year - 39), 1, 1)
        found = []
        while first < last:
            end = _plus(first, step)
            label = month_words(first.month) if step == 1 else Label(str(first.year), str(first.year))
            found.append(Stretch(first, end, label, Period(first, step).code))
            first = end
        return found


def parse(code: str, today: date) -> Period:
    """The period that ``code`` names; anything else is the present year.

    >>> parse("2026-11", date(2026, 1, 1)).end
    datetime.date(2026, 12, 1)
    """
    if code == "all":
        return Period(date(FIRST_YEAR, 1, 1), 0)
    if some_days := _parse_days(code):
        return some_days
    found = re.fullmatch(r"(\d{4})(?:-(?:Q([1-4])|(0[1-9]|1[0-2])))?", code)
    if not found or not FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
        return Period(date(today.year, 1, 1), 12)
    if found[2]:
        return Period(date(int(found[1]), int(found[2]) * 3 - 2, 1), 3)
    if found[3]:
        return Period(date(int(found[1]), int(found[3]), 1), 1)
    return Period(date(int(found[1]), 1, 1), 12)


def _parse_days(code: str) -> Period | None:
    found = re.fullmatch(r"(\d{4}-\d\d-\d\d)\.(\d{1,2})", code, re.ASCII)
    try:
        first = date.fromisoformat(found[1]) if found else None
    except ValueError:
        return None
    if not found or first is None or not FIRST_YEAR <= first.year <= LAST_YEAR or not 1 <= int(found[2]) <= _MOST_DAYS:
        return None
    return Period(first, 0, int(found[2]))


def around(today: date) -> list[Period]:
    """What a reader may choose without thinking: this month, quarter and year, and everything."""
    quarter = (today.month - 1) // 3 * 3 + 1
    month, year = date(today.year, today.month, 1), date(today.year, 1, 1)
    return [
        Period(month, 1),
        Period(date(today.year, quarter, 1), 3),
        Period(year, 12),
        Period(date(FIRST_YEAR, 1, 1), 0),
    ]


def further(chosen: Period, today: date) -> tuple[list[Period], list[Period]]:
    """What else a reader may choose: the quarters and months of the chosen period's year, and the ten years before this.

    Nothing that lies ahead.

    >>> inside, years = further(parse("2020-05", date(2026, 11, 18)), date(2026, 11, 18))
    >>> [p.code for p in inside][:5], [p.code for p in years][:6]
    (['2020-Q1', '2020-Q2', '2020-Q3', '2020-Q4', '2020-01'], ['2025', '2024', '2023', '2022', '2021', '2020'])
    """
    earliest = max(FIRST_YEAR, today.year - _YEARS_BACK)
    years = [Period(date(year, 1, 1), 12) for year in range(today.year - 1, earliest - 1, -1)]
    if chosen.code == "all":
        return [], years
    quarters = [Period(date(chosen.first.year, month, 1), 3) for month in (1, 4, 7, 10)]
    months = [Period(date(chosen.first.year, month, 1), 1) for month in range(1, 13)]
    return [period for period in (*quarters, *months) if period.first <= today], years


def _plus(day: date, months: int) -> date:
    index = day.year * 12 + day.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def _weeks(first: date, end: date) -> list[Stretch]:
    """Monday to Sunday, cut at both ends of the period."""
    found = []
    while first < end:
        monday = min(first + timedelta(days=7 - first.weekday()), end)
        found.append(_some_days(first, monday))
        first = monday
    return found


def _days(first: date, end: date) -> list[Stretch]:
    count = max(0, (end - first).days)
    return [_some_days(d, d + timedelta(days=1)) for d in (first + timedelta(days=n) for n in range(count))]


def _some_days(first: date, end: date) -> Stretch:
    label = Label(f"{first.month}/{first.day}", day_words(first, with_year=False).en)
    return Stretch(first, end, label, Period(first, 0, (end - first).days).code)


def _days_label(first: date, last: date) -> Label:
    begin = day_words(first)
    if first == last:
        return begin
    until = f"{last.day}日" if last.month == first.month else f"{last.month}月{last.day}日"
    return Label(f"{begin.zh}至{until}", f"{begin.en} to {day_words(last).en}")
