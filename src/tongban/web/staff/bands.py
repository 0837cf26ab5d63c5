"""The queue's rows in bands: overdue, today, the next three working days, later, no clock."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from tongban.core.calendar.logic import day_words
from tongban.core.calendar.queries import calendar_now
from tongban.core.labels import Label
from tongban.engines.cases.queries import CaseRow
from tongban.engines.cases.queries.desk import DueCount
from tongban.web.staff.lines import Line, line


@dataclass(slots=True)
class Band:
    """Rows under one heading. ``count`` None: where one day of the due bar is chosen, the bar itself says it."""

    code: str
    label: Label
    remark: Label | None = None
    count: int | None = None
    rows: list[Line] = field(default_factory=list)


def banded(rows: Iterable[CaseRow], at: datetime, due: Sequence[DueCount] = ()) -> list[Band]:
    """The bands that have rows, in order."""
    calendar = calendar_now()
    today = calendar.day_of(at)
    days = calendar.working_dates(today, calendar.day_of(calendar.begins(_after(today, 14))))
    soon = [d for d in days if d > today][:3]
    bands = [
        Band("late", Label("已超期", "Overdue"), Label("先办这些", "these first")),
        Band("today", Label("今天到期", "Due today"), day_words(today, with_year=False, weekday=True)),
        Band("soon", Label("三个工作日内", "Within three working days"), _skipped(today, soon)),
        Band("later", Label("更晚", "Later")),
        Band("none", Label("不计时", "No clock")),
    ]
    counts = {d.code: d.count for d in due}
    if counts:
        near = [counts.get(d.isoformat(), 0) for d in soon]
        for band, n in zip(bands, _sums(counts, near), strict=True):
            band.count = n
    last = soon[-1] if soon else today
    for row in rows:
        bands[_index(row, at, calendar.day_of(row.due_at) if row.due_at else None, today, last)].rows.append(line(row))
    return [b for b in bands if b.rows]


def _sums(counts: dict[str, int], near: list[int]) -> list[int]:
    total = sum(counts.values())
    late, today, none = (counts.get(c, 0) for c in ("late", "today", "none"))
    return [late, today, sum(near), total - late - today - none - sum(near), none]


def _index(row: CaseRow, at: datetime, day: date | None, today: date, last: date) -> int:
    if row.due_at is None or day is None:
        return 4
    if row.due_at < at:
        return 0
    if day <= today:
        return 1
    return 2 if day <= last else 3


def _after(day: date, days: int) -> date:
    return date.fromordinal(day.toordinal() + days)


def _skipped(today: date, soon: Sequence[date]) -> Label | None:
    """Which days in between do not count, if any."""
    if not soon:
        return None
    between = [date.fromordinal(n) for n in range(today.toordinal() + 1, soon[-1].toordinal())]
    off = [d for d in between if d not in soon]
    if not off:
        return None
    days = [day_words(d, with_year=False) for d in off]
    return Label("不含 " + "、".join(d.zh for d in days), "not counting " + ", ".join(d.en for d in days))
