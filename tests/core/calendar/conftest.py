"""Calendars and moments that the tests of this folder share."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from tongban.core.calendar.logic import SAMPLE_HOURS, Calendar, SpecialDay, Timetable

CHINA = ZoneInfo("Asia/Shanghai")
REST, WORKED = SpecialDay(working=False), SpecialDay(working=True)


def local(text: str) -> datetime:
    """``2025-10-11 09:00`` on the county's clock."""
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


@pytest.fixture(scope="session")
def china() -> Calendar:
    """2025 and 2026 as the notices have them (the days used here), 2027 with its statutory days, the rest missing."""
    days = {date(2025, 10, day): REST for day in range(1, 9)}
    days |= {date(2025, 9, 28): WORKED, date(2025, 10, 11): WORKED}
    days |= {date(2026, 1, day): REST for day in (1, 2, 3)} | {date(2026, 1, 4): WORKED}
    days |= {date(2027, 1, 1): REST} | {date(2027, 2, day): REST for day in (5, 6, 7, 8)}
    return Calendar.of(
        zone=CHINA,
        days=days,
        timetables=[Timetable(date(2000, 1, 1), SAMPLE_HOURS)],
        years={2025: True, 2026: True, 2027: False},
    )
