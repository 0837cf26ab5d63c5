"""The working calendar: a year at a sight, confirmation by a notice, working hours by date."""

from __future__ import annotations

from calendar import Calendar as Weeks
from dataclasses import dataclass
from datetime import date

from django import forms
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongban.core.access.queries import changes
from tongban.core.calendar import actions
from tongban.core.calendar.logic import YEAR_STATE_WORDS, Calendar, Day, YearState, day_words, month_words, weekday_word
from tongban.core.calendar.logic.calendar import FIRST_YEAR, LAST_YEAR
from tongban.core.calendar.models import CalendarYear, WorkingHours
from tongban.core.calendar.queries import calendar_now
from tongban.core.labels import Label
from tongban.engines.cases.queries import administration as queries
from tongban.web.forms import Form, Words, day_field
from tongban.web.manage.days import KINDS, OTHER_HOURS
from tongban.web.manage.shared import actor, administrator, done_or_told, page, to, tried
from tongban.web.reading import Reading

_SATURDAY = 5


class SourceForm(Form):
    """On what a year rests."""

    source = forms.CharField(
        label=Words("依据", "Source"), max_length=400,
        help_text=Words("放假通知的名称和文号。", "Title and number of the notice."),
    )  # fmt: skip


class HoursForm(Form):
    """A timetable from a date on."""

    valid_from = day_field(Words("从哪天起", "From which day"))
    spans = forms.CharField(
        label=Words("办公时间", "Working hours"), max_length=40,
        help_text=Words("一段或两段，如 08:30-12:00 13:30-17:00。", "One or two spans, such as 08:30-12:00 13:30-17:00."),
    )  # fmt: skip
    source = forms.CharField(label=Words("依据", "Source"), max_length=400)
    confirmed = forms.BooleanField(
        required=False, label=Words("本县已确认，不再标“示例”", "Confirmed by the county; no longer marked “sample”")
    )


@dataclass(frozen=True, slots=True)
class Cell:
    """One date of a month's grid; ``kind`` is work, rest, holiday or makeup."""

    day: Day
    kind: str
    name: str
    today: bool


@administrator
@require_safe
def calendar(request: Reading, year: int | None = None) -> HttpResponse:
    """A year as twelve grids, drawn by the server."""
    return _year_page(request, year)


@administrator
@require_POST
def begin(request: Reading, year: int) -> HttpResponse:
    """Enter a missing year, provisional, with the days off that the law names."""
    done_or_told(
        request, lambda: actions.open_year(year=year, by=actor(request), at=request.at),
        Label("已录入法定节日；等放假通知出来，再逐日改好并确认。", "The statutory days are in. When the notice is out, correct the days and confirm."),
    )  # fmt: skip
    return to("manage-calendar-year", year)


@administrator
@require_POST
def confirm(request: Reading, year: int) -> HttpResponse:
    """Say that a year is complete."""
    form = SourceForm(request.POST, language=request.language)
    done = Label("已确认，到期日不再标“可能变动”。", "Confirmed; its due dates are no longer provisional.")
    if tried(request, form, actions.confirm_year, done, year=year):
        return to("manage-calendar-year", year)
    return _year_page(request, year, confirm=form)


@administrator
@require_http_methods(["GET", "HEAD", "POST"])
def hours(request: Reading) -> HttpResponse:
    """Working hours by date."""
    form = HoursForm(
        request.POST or None, language=request.language, initial={"valid_from": timezone.localdate(request.at)}
    )
    if request.method == "POST" and form.is_valid():
        done = Label("办公时间已记下，到期日会自动重算。", "The working hours are saved; due dates are recomputed.")
        if tried(request, form, actions.set_working_hours, done):
            return to("manage-hours")
    rows = list(WorkingHours.objects.order_by("-valid_from"))
    return page(
        request, "hours", place="manage-calendar", rows=rows, form=form, status=422 if form.is_bound else 200,
        changes=changes(rows, viewer=request.viewer),
        waiting=queries.waiting_from(calendar_now().day_of(request.at), viewer=request.viewer), many=queries.MANY,
    )  # fmt: skip


def _year_page(request: Reading, year: int | None, confirm: Form | None = None) -> HttpResponse:
    known = calendar_now()
    today = known.day_of(request.at)
    shown = today.year if year is None else year
    if not FIRST_YEAR <= shown <= LAST_YEAR:
        raise Http404
    row = CalendarYear.objects.filter(pk=shown).first()
    return page(
        request, "calendar", place="manage-calendar", year=shown, years=(shown - 1, shown + 1), row=row,
        state=_state(shown), confirmed=known.year_state(shown) is YearState.CONFIRMED,
        missing=known.year_state(shown) is YearState.MISSING,
        weekdays=[weekday_word(date(2024, 1, n)) for n in range(1, 8)],  # 1 January 2024 was a Monday
        months=[(month_words(m), _grid(known, shown, m, today, request.language)) for m in range(1, 13)],
        special=_special(known, shown), confirm=confirm or SourceForm(language=request.language),
        status=422 if confirm else 200, changes=changes(row, viewer=request.viewer) if row else [],
    )  # fmt: skip


def _state(year: int) -> tuple[YearState, Label]:
    state = calendar_now().year_state(year)
    return state, YEAR_STATE_WORDS[state]


def _grid(known: Calendar, year: int, month: int, today: date, language: str) -> list[list[Cell | None]]:
    weeks = Weeks().monthdatescalendar(year, month)
    return [[_cell(known.day(d), today, language) if d.month == month else None for d in week] for week in weeks]


def _cell(day: Day, today: date, language: str) -> Cell:
    kind = (
        "makeup" if day.make_up else "half" if day.special and day.working else "work" if day.working
        else "holiday" if day.name or day.special else "rest"
    )  # fmt: skip
    return Cell(day, kind, day.name.text(language) if day.name else "", day.date == today)


def _special(known: Calendar, year: int) -> list[tuple[Label, Day, Label]]:
    """The days unlike their weekday, neighbours of one kind together: the list says everything that the grids say."""
    runs: list[list[Day]] = []
    each = date(year, 1, 1)
    while each.year == year:
        day = known.day(each)
        if day.name or day.make_up or day.special or (not day.working and each.weekday() < _SATURDAY):
            last = runs[-1][-1] if runs else None
            joined = last and last.date.toordinal() + 1 == each.toordinal()
            if joined and last and (last.working, last.name) == (day.working, day.name):
                runs[-1].append(day)
            else:
                runs.append([day])
        each = date.fromordinal(each.toordinal() + 1)
    return [(_run_words(run), run[0], _kind_words(run[0])) for run in runs]


def _kind_words(day: Day) -> Label:
    if day.special and day.working and not day.make_up:
        return OTHER_HOURS
    return KINDS["working" if day.working else "rest"]


def _run_words(run: list[Day]) -> Label:
    first, last = (day_words(d.date, with_year=False, weekday=True) for d in (run[0], run[-1]))
    if len(run) == 1:
        return first
    return Label(f"{first.zh}至{last.zh}，{len(run)} 天", f"{first.en} to {last.en}, {len(run)} days")
