"""The county's present calendar, held in memory and renewed when another process has changed it."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from django.conf import settings

from tongban.core.calendar.logic import SAMPLE_HOURS, Calendar, SpecialDay, Timetable, parse_spans
from tongban.core.calendar.models import CalendarDay, CalendarYear, WorkingHours
from tongban.core.labels import Label
from tongban.core.registry import reference

# The name of the calendar among the registry's reference data.
REFERENCE = "calendar"


def calendar_now() -> Calendar:
    """The calendar in force; one small query to see that the copy in memory is still right (see `reference.hold`)."""
    return reference.copy_of(REFERENCE, _load_present)


def load(version: int, zone: ZoneInfo) -> Calendar:
    """Read the calendar from its tables (three queries) and call it ``version``. It is not cached."""
    return Calendar.of(
        zone=zone,
        days={row.date: special_day(row) for row in CalendarDay.objects.all()},
        timetables=_timetables(),
        years=dict(CalendarYear.objects.values_list("year", "confirmed")),
        version=version,
    )


def county_zone() -> ZoneInfo:
    """The zone of every "day" and "month": the settings' TIME_ZONE, never the reader's."""
    return ZoneInfo(settings.TIME_ZONE)


def special_day(row: CalendarDay) -> SpecialDay:
    """A row as the logic takes it."""
    return SpecialDay(
        working=row.kind == CalendarDay.Kind.WORKING,
        name=Label(row.name_zh, row.name_en or row.name_zh) if row.name_zh else None,
        spans=parse_spans(row.spans) if row.spans else None,
    )


def _load_present() -> Calendar:
    return load(reference.version(REFERENCE), county_zone())


def _timetables() -> list[Timetable]:
    rows = WorkingHours.objects.all()
    found = [Timetable(row.valid_from, parse_spans(row.spans), row.confirmed) for row in rows]
    # An empty table must not stop the county: the sample holds, unconfirmed, until somebody enters hours.
    return found or [Timetable(date(2000, 1, 1), SAMPLE_HOURS)]
