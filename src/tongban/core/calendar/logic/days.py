"""What the county has laid down: which dates are worked, in which hours, and how sure each year is."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tongban.core.calendar.logic.spans import Spans, checked
from tongban.core.calendar.logic.statutory import statutory_days
from tongban.core.labels import Label


class YearState(StrEnum):
    """How sure a year is.

    ``provisional``: somebody has begun it, the notice is not entered. ``missing``: nobody has; Monday to Friday less
    the days off that the law names.
    """

    CONFIRMED = "confirmed"
    PROVISIONAL = "provisional"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """One date that the table names: a rest day, a make-up day, or a day with working hours of its own."""

    working: bool
    name: Label | None = None
    spans: Spans | None = None

    def __post_init__(self) -> None:
        if self.spans is not None:
            if not self.working:
                raise ValueError("a rest day has no working hours: leave the spans out, or make it a working day")
            checked(self.spans)


@dataclass(frozen=True, slots=True)
class Timetable:
    """Working hours from ``valid_from`` until the next timetable begins. Before the first, the first holds."""

    valid_from: date
    spans: Spans
    confirmed: bool = False

    def __post_init__(self) -> None:
        checked(self.spans)


@dataclass(frozen=True, slots=True)
class Day:
    """One date as the calendar sees it. ``spans`` is empty on a rest day; ``special`` says that the table names it."""

    date: date
    spans: Spans
    name: Label | None
    special: bool

    @property
    def working(self) -> bool:
        """Whether the county works on this date at all."""
        return bool(self.spans)

    @property
    def make_up(self) -> bool:
        """Whether this is a Saturday or Sunday that is worked."""
        return self.working and self.date.weekday() >= 5


class Rulebook:
    """Answers for one date at a time; everything fast is computed from it once."""

    def __init__(
        self, days: Mapping[date, SpecialDay], timetables: Iterable[Timetable], years: Mapping[int, bool]
    ) -> None:
        self.timetables = tuple(sorted(timetables, key=lambda one: one.valid_from))
        if not self.timetables:
            raise ValueError("a calendar needs working hours: give at least one timetable")
        self._valid_from = [one.valid_from for one in self.timetables]
        if len(set(self._valid_from)) < len(self._valid_from):
            raise ValueError("two timetables begin on the same date: keep one of them")
        self._days = dict(days)
        self._years = dict(years)

    def year_state(self, year: int) -> YearState:
        """How sure ``year`` is."""
        confirmed = self._years.get(year)
        if confirmed is None:
            return YearState.MISSING
        return YearState.CONFIRMED if confirmed else YearState.PROVISIONAL

    def timetable(self, on: date) -> Timetable:
        """The working hours in force ``on`` a date."""
        return self.timetables[max(0, bisect_right(self._valid_from, on) - 1)]

    def day(self, on: date) -> Day:
        """What the county does ``on`` a date: what the table says, else the statutory days, else the weekday."""
        special = self._days.get(on)
        name = special.name if special is not None else self._statutory(on.year).get(on)
        return Day(on, self.spans(on), name, special=special is not None)

    def spans(self, on: date) -> Spans:
        """The working hours of a date, none on a rest day; the same as :meth:`day`, without its words."""
        special = self._days.get(on)
        if special is not None:
            return (special.spans or self.timetable(on).spans) if special.working else ()
        rest = on.weekday() >= 5 or on in self._statutory(on.year)
        return () if rest else self.timetable(on).spans

    def _statutory(self, year: int) -> Mapping[date, Label]:
        """A year that somebody has entered says all itself, the statutory days included."""
        return statutory_days(year) if year not in self._years else {}


YEAR_STATE_WORDS = {
    YearState.CONFIRMED: Label("已确认", "Confirmed"),
    YearState.PROVISIONAL: Label("暂定", "Provisional"),
    YearState.MISSING: Label("未录入，暂按法定节日", "Not entered; statutory days only"),
}
PROVISIONAL_WORDS = Label("日历未确认，到期日可能变动", "Calendar not confirmed; the due date may change")
