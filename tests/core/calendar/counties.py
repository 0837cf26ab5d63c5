"""Random counties, told twice: to the oracle in plain facts, to the calendar in its own words."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from tests.core.calendar.oracle import County, Hours, at
from tongban.core.calendar.logic import Calendar, Span, Spans, SpecialDay, Timetable

CHINA = ZoneInfo("Asia/Shanghai")
FIRST, LAST = 2026, 2029


def random_county(random: Random) -> County:
    """Years confirmed, provisional or missing; holidays, make-up days and half-days; one to five timetables."""
    years = {year: random.random() < 0.6 for year in range(FIRST, LAST + 1) if random.random() < 0.7}
    special: dict[date, Hours | str] = {}
    for _ in range(random.randrange(60)):
        first = date(FIRST, 1, 1) + timedelta(days=random.randrange(1400))
        what = random.random()
        for n in range(random.choice((1, 1, 2, 3, 8)) if what < 0.5 else 1):
            special[first + timedelta(days=n)] = [] if what < 0.5 else "usual" if what < 0.75 else random_hours(random)
    starts = {
        date(2000, 1, 1),
        *(date(FIRST, 1, 1) + timedelta(random.randrange(1400)) for _ in range(random.randrange(5))),
    }
    return County(special, [(day, random_timetable(random)) for day in sorted(starts)], years)


def random_timetable(random: Random) -> Hours:
    """Forenoon and afternoon as an office might have them; one in ten does not close at noon."""
    noon = random.randrange(11 * 60, 12 * 60 + 30)
    again = noon if random.random() < 0.1 else random.randrange(noon, 15 * 60)
    marks = (random.randrange(7 * 60, 9 * 60 + 30), noon, again, random.randrange(16 * 60, 20 * 60))
    return [(marks[0] * 60, marks[1] * 60), (marks[2] * 60, marks[3] * 60)]


def random_hours(random: Random) -> Hours:
    """Hours of one date, as odd as they may be: one or two spans on whole minutes, sometimes of one minute."""
    count = random.choice((1, 2))
    marks = sorted(random.sample(range(24 * 60), 2 * count))
    return [(marks[n] * 60, marks[n + 1] * 60) for n in range(0, 2 * count, 2)]


def calendar_of(county: County) -> Calendar:
    """The same county as the calendar knows it."""
    return Calendar.of(
        zone=CHINA,
        days={day: _special(hours) for day, hours in county.special.items()},
        timetables=[Timetable(day, _spans(hours)) for day, hours in county.timetables],
        years=county.years,
        first_year=FIRST,
        last_year=LAST,
    )


def random_start(random: Random, county: County) -> datetime:
    """Any second of two years and a half; one in four at an opening, a closing or midnight, or a microsecond off."""
    day = date(FIRST, 1, 2) + timedelta(days=random.randrange(900))
    edges = [edge for span in county.hours(day) for edge in span]
    if random.random() < 0.25:
        return at(day, random.choice([0, *edges])) + timedelta(microseconds=random.choice((-1, 0, 0, 1)))
    return at(day, random.randrange(86_400))


def _special(hours: Hours | str) -> SpecialDay:
    if isinstance(hours, str):
        return SpecialDay(working=True)
    return SpecialDay(working=True, spans=_spans(hours)) if hours else SpecialDay(working=False)


def _spans(hours: Hours) -> Spans:
    return tuple(Span(_time(opens), _time(closes)) for opens, closes in hours)


def _time(seconds: int) -> time:
    return time(seconds // 3600, seconds // 60 % 60)
