"""The calendar that a new county begins with. Run once: what is in the tables already is left alone.

2018–2026 come from the package chinesecalendar (which knows nothing of later years and raises for them, so nothing
else may import it); 2027 holds the statutory days only. The county edits all of it afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from importlib.metadata import version

from chinese_calendar.constants import Holiday, holidays, workdays

from tongban.core.calendar.logic import SAMPLE_HOURS, format_spans, statutory_days
from tongban.core.calendar.logic import statutory as names
from tongban.core.calendar.models import CalendarDay, CalendarYear, WorkingHours
from tongban.core.calendar.writing import announce, rest_day, writing
from tongban.core.labels import Label
from tongban.core.ledger.actor import Actor
from tongban.core.ledger.journal import Journal

CONFIRMED_YEARS = range(2018, 2027)
PROVISIONAL_YEAR = 2027

_NAMES: dict[str, Label] = {
    Holiday.new_years_day.value: names.NEW_YEAR,
    Holiday.spring_festival.value: names.SPRING_FESTIVAL,
    Holiday.tomb_sweeping_day.value: names.QINGMING,
    Holiday.labour_day.value: names.LABOUR_DAY,
    Holiday.dragon_boat_festival.value: names.DRAGON_BOAT,
    Holiday.mid_autumn_festival.value: names.MID_AUTUMN,
    Holiday.national_day.value: names.NATIONAL_DAY,
}


def seed(*, by: Actor, at: datetime) -> None:
    """Write the years and timetables that are not there yet; one entry for each in the ledger."""
    with writing("calendar.seed", by=by, at=at) as journal:
        known = set(CalendarYear.objects.values_list("year", flat=True))
        added = [row for row in seed_years() if row.year not in known]
        for row in added:
            journal.add(row)
            journal.add_many(seed_days(row), of=row)
        if _add_hours(journal) or added:
            announce(journal, date(CONFIRMED_YEARS[0], 1, 1), None)


def seed_years() -> list[CalendarYear]:
    """The years to begin with, not saved yet."""
    package = f"chinesecalendar {version('chinesecalendar')}"
    confirmed = [
        CalendarYear(
            year=year, confirmed=True, source=f"国务院办公厅关于{year}年部分节假日安排的通知（取自 {package}）"
        )
        for year in CONFIRMED_YEARS
    ]
    law = "《全国年节及纪念日放假办法》（法定节日；调休以国务院办公厅通知为准，尚未录入）"
    return [*confirmed, CalendarYear(year=PROVISIONAL_YEAR, confirmed=False, source=law)]


def seed_days(year: CalendarYear) -> list[CalendarDay]:
    """The special days of a seeded year, not saved yet: all days off of the notice, and the make-up days."""
    if year.year not in CONFIRMED_YEARS:
        return [rest_day(year, on, name) for on, name in statutory_days(year.year).items()]
    rest = [rest_day(year, on, _NAMES[name]) for on, name in _of(year.year, holidays.items())]
    return rest + [_make_up_day(year, on, _NAMES[name]) for on, name in _of(year.year, workdays.items())]


def _make_up_day(year: CalendarYear, on: date, holiday: Label) -> CalendarDay:
    name = Label(f"{holiday.zh}调休上班", f"Make-up day for {holiday.en}")
    return CalendarDay(year=year, date=on, kind=CalendarDay.Kind.WORKING, name_zh=name.zh, name_en=name.en)


def _of(year: int, days: Iterable[tuple[date, str]]) -> list[tuple[date, str]]:
    return sorted(one for one in days if one[0].year == year)


def _add_hours(journal: Journal) -> bool:
    if WorkingHours.objects.exists():
        return False
    spans, source = format_spans(SAMPLE_HOURS), "示例，待本县确认 / sample, to be confirmed by the county"
    journal.add(WorkingHours(valid_from=date(2000, 1, 1), spans=spans, source=source, confirmed=False))
    return True
