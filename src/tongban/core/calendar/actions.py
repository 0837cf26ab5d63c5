"""Every write to the calendar. Each leaves an entry, gives the calendar a new version and asks for recomputation."""

from __future__ import annotations

from datetime import date, datetime

from tongban.core.calendar.logic import BadSpans, format_spans, parse_spans, statutory_days
from tongban.core.calendar.logic.calendar import FIRST_YEAR, LAST_YEAR
from tongban.core.calendar.models import CalendarDay, CalendarYear, WorkingHours
from tongban.core.calendar.writing import announce, rest_day, writing
from tongban.core.labels import Label
from tongban.core.ledger.actor import Actor
from tongban.core.ledger.journal import Journal
from tongban.core.refusals import Refused, declare

declare(
    {
        "calendar.spans": Label(
            "看不懂办公时间“{text}”。请写一段或两段，例如 08:30-12:00 13:30-17:00。",
            "The working hours “{text}” cannot be read. Write one or two spans, such as 08:30-12:00 13:30-17:00.",
        ),
        "calendar.rest_hours": Label(
            "{day} 是休息日，不能有办公时间。请改为工作日，或删去时间。",
            "{day} is a rest day and has no working hours. Make it a working day, or leave the hours out.",
        ),
        "calendar.name": Label(
            "请用中文写这一天的名称；只有英文不够。",
            "Give the day its Chinese name too; an English one alone is not enough.",
        ),
        "calendar.too_long": Label(
            "名称太长：中文最多 60 字，英文最多 80 个字符。",
            "The name is too long: at most 60 characters in Chinese and 80 in English.",
        ),
        "calendar.range": Label(
            "日历只管 {first} 年到 {last} 年，{year} 年不在其中。",
            "The calendar covers {first} to {last}; {year} is not among these years.",
        ),
        "calendar.day_plain": Label(
            "{day} 没有特别安排，按星期几办公，不用恢复。",
            "Nothing special is entered for {day}; it already follows its weekday.",
        ),
        "calendar.year_missing": Label(
            "{year} 年还没有录入。请先录入放假通知里的日子，再确认。",
            "Nothing is entered for {year} yet. Enter the days of the notice first, then confirm.",
        ),
        "calendar.year_entered": Label("{year} 年已经录入。", "{year} has been entered already."),
        "calendar.year_confirmed": Label("{year} 年已经确认过了。", "{year} is confirmed already."),
        "calendar.source": Label(
            "请写明依据，例如通知的名称和文号。", "Say on what this rests, such as the title and number of the notice."
        ),
    }
)


def open_year(*, year: int, by: Actor, at: datetime) -> CalendarYear:
    """Enter a missing year, provisional, with the days off that the law names."""
    with writing("calendar.open_year", by=by, at=at) as journal:
        if CalendarYear.objects.filter(pk=year).exists():
            raise Refused("calendar.year_entered", year=year)
        row = _year(journal, year)
        announce(journal, date(year, 1, 1), date(year, 12, 31))
    return row


def set_day(
    *, day: date, working: bool, by: Actor, at: datetime, name_zh: str = "", name_en: str = "", spans: str = ""
) -> CalendarDay:
    """Make ``day`` a working or a rest day, with a name and, for a half-day, ``spans`` of its own.

    What was entered for that date before is replaced; a missing year is opened, provisional. Refuses
    calendar.spans, .rest_hours, .name, .too_long and .range. Entering the same again changes nothing.
    """
    columns = {
        "kind": (CalendarDay.Kind.WORKING if working else CalendarDay.Kind.REST).value,
        "name_zh": name_zh.strip(),
        "name_en": name_en.strip(),
        "spans": _spans(spans) if spans.strip() else "",
    }
    _check(day, columns)
    with writing("calendar.set_day", by=by, at=at) as journal:
        year = CalendarYear.objects.filter(pk=day.year).first() or _year(journal, day.year)
        row = CalendarDay.objects.filter(date=day).first()
        if row is None:
            row = CalendarDay(year=year, date=day, **columns)
            journal.add(row, of=year)
        elif any(getattr(row, name) != value for name, value in columns.items()):
            journal.change(row, of=year, **columns)
        else:
            return row
        announce(journal, day, day)
    return row


def clear_day(*, day: date, by: Actor, at: datetime) -> None:
    """Let ``day`` follow its weekday again. Refuses calendar.day_plain where nothing is entered."""
    with writing("calendar.clear_day", by=by, at=at) as journal:
        row = CalendarDay.objects.select_related("year").filter(date=day).first()
        if row is None:
            raise Refused("calendar.day_plain", field="day", day=day.isoformat())
        journal.remove(row, of=row.year)
        announce(journal, day, day)


def confirm_year(*, year: int, source: str, by: Actor, at: datetime) -> CalendarYear:
    """Say that ``year`` is complete according to ``source``: its due dates are no longer provisional.

    Refuses calendar.source, .year_missing and .year_confirmed.
    """
    text = _source(source)
    with writing("calendar.confirm_year", by=by, at=at) as journal:
        row = CalendarYear.objects.filter(pk=year).first()
        if row is None:
            raise Refused("calendar.year_missing", field="year", year=year)
        if row.confirmed:
            raise Refused("calendar.year_confirmed", field="year", year=year)
        journal.change(row, confirmed=True, source=text)
        announce(journal, date(year, 1, 1), date(year, 12, 31))
    return row


def set_working_hours(
    *, valid_from: date, spans: str, source: str, confirmed: bool, by: Actor, at: datetime
) -> WorkingHours:
    """Enter the working hours from a date on, or correct those that begin on it.

    ``confirmed`` False keeps the word "sample" on the screen. Refuses calendar.spans, .source and .range.
    """
    hours, basis = _spans(spans), _source(source)
    _in_range(valid_from.year)
    with writing("calendar.set_working_hours", by=by, at=at) as journal:
        row = WorkingHours.objects.filter(valid_from=valid_from).first()
        if row is None:
            row = WorkingHours(valid_from=valid_from, spans=hours, source=basis, confirmed=confirmed)
            journal.add(row)
        elif (row.spans, row.source, row.confirmed) == (hours, basis, confirmed):
            return row
        else:
            journal.change(row, spans=hours, source=basis, confirmed=confirmed)
        announce(journal, valid_from, None)
    return row


# -- inside ------------------------------------------------------------------------------------------------------


def _year(journal: Journal, year: int) -> CalendarYear:
    """A new provisional year with its statutory days, so that entering one day does not take the others away."""
    _in_range(year)
    row = CalendarYear(year=year, confirmed=False, source="《全国年节及纪念日放假办法》")
    journal.add(row)
    journal.add_many([rest_day(row, on, name) for on, name in statutory_days(year).items()], of=row)
    return row


def _check(day: date, columns: dict[str, str]) -> None:
    _in_range(day.year)
    if columns["spans"] and columns["kind"] == CalendarDay.Kind.REST:
        raise Refused("calendar.rest_hours", field="spans", day=day.isoformat())
    if columns["name_en"] and not columns["name_zh"]:
        raise Refused("calendar.name", field="name_zh")
    if len(columns["name_zh"]) > 60 or len(columns["name_en"]) > 80:
        raise Refused("calendar.too_long", field="name_zh")


def _in_range(year: int) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Refused("calendar.range", first=FIRST_YEAR, last=LAST_YEAR, year=year)


def _spans(text: str) -> str:
    try:
        return format_spans(parse_spans(text))
    except BadSpans:
        raise Refused("calendar.spans", field="spans", text=text[:40]) from None


def _source(text: str) -> str:
    if not text.strip():
        raise Refused("calendar.source", field="source")
    return text.strip()[:400]
