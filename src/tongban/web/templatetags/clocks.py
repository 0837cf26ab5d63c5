"""Time in templates: the clock of a line, the strip of a promise, moments and days in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from tongban.core.calendar.logic import (
    Cell,
    CountFrom,
    Remaining,
    Standing,
    Stretch,
    Unit,
    cells,
    day_words,
    remaining,
    spoken,
    weekday_word,
    words,
)
from tongban.core.calendar.queries import calendar_now, county_zone
from tongban.core.labels import Label
from tongban.engines.cases.models import Stop
from tongban.web.moments import moment_words
from tongban.web.promised import STOPPED
from tongban.web.templatetags.words import language_of

register = template.Library()
_FINE = 9  # from so many cells on they are drawn narrow
_LONGEST = timedelta(days=45)


@register.simple_tag(takes_context=True)
def clock(
    context: template.Context, start: datetime | None, due: datetime | None, done: datetime | None = None,
    unit: str = "working_days", count_from: str = "moment", big: bool = False, step: Label | None = None,
    stopped: str = "", stops: Sequence[Stretch] = (),
) -> SafeString:  # fmt: skip
    """``{% clock start due %}``: one cell for each working day of a promise, and the words beside it.

    ``done`` is when it was kept or broken; without it the clock runs at the page's moment. ``step``: what is due then.
    ``stopped``: why it stands still now; ``stops``: when it did.
    """
    if start is None or due is None:
        return mark_safe('<span class="quiet">—</span>')
    now = done or context["at"]
    left = remaining(calendar_now(), due, now, unit=Unit(unit))
    row = cells(
        calendar_now(), _lately(start, due), due, now, unit=Unit(unit), count_from=CountFrom(count_from), stops=stops
    )
    state, said, told = _told(left, done, language_of(context), step, stopped)
    return format_html(
        '<span class="clock{}" data-state="{}"><span class="days{}" aria-hidden="true">{}</span>'
        '<b aria-hidden="true">{}</b><span class="only-read">{}</span></span>',
        " big" if big else "", state, " fine" if len(row) >= _FINE else "", _day_cells(row), said, told,
    )  # fmt: skip


def _lately(start: datetime, due: datetime) -> datetime:
    """The start, or some weeks before the end: what was asked years ago and taken over today has no row of years."""
    return max(start, due - _LONGEST)


def _day_cells(row: list[Cell]) -> SafeString:
    marks = ((f' data-d="{c.state}"' if c.state != "left" else "",) for c in row)
    return format_html_join("", "<i{}></i>", ((mark_safe(m),) for (m,) in marks))  # noqa: S308 - an enum's values


def _told(
    left: Remaining, done: datetime | None, language: str, step: Label | None = None, stopped: str = ""
) -> tuple[str, str, str]:
    """State, short words, whole sentence."""
    if stopped and done is None:
        still = STOPPED[Stop.Kind(stopped)].text(language)
        return "held", still, still
    if done is None:
        return left.standing.value, words(left).text(language), spoken(left, step).text(language)
    if left.standing is not Standing.LATE:
        kept = Label("按时", "in time").text(language)
        return "done", kept, kept
    late = words(left).text(language)
    return "late", late, late


@register.simple_tag(takes_context=True)
def promise(
    context: template.Context, start: datetime | None, due: datetime | None, done: datetime | None = None,
    unit: str = "working_days", count_from: str = "moment", title: Label | None = None,
    stopped: str = "", stops: Sequence[Stretch] = (), was: datetime | None = None,
) -> SafeString:  # fmt: skip
    """``{% promise start due %}``: the same cells grown to a strip with dates under them. ``title``: what is promised.

    ``was``: what was promised before it was extended; that day keeps a dashed edge.
    """
    if start is None or due is None:
        return SafeString("")
    language, now = language_of(context), done or context["at"]
    calendar = calendar_now()
    row = cells(
        calendar, _lately(start, due), due, now, unit=Unit(unit), count_from=CountFrom(count_from), stops=stops, was=was
    )
    left = remaining(calendar, due, now, unit=Unit(unit))
    state, _, told = _told(left, done, language, stopped=stopped)
    aim = day_words(left.day, weekday=True, with_year=left.day.year != now.year).text(language)
    # The length is the limit's own, in its own unit: the cells are days, and not all of them where it began long ago.
    begin = Label("{title}，", "{title}, ").text(language, title=title.text(language)) if title else ""
    summary = begin + Label("{aim}到期；{told}", "due {aim}; {told}").text(language, aim=aim, told=told)
    return format_html(
        '<p class="only-read">{}</p><ol class="promise{}" data-state="{}" aria-hidden="true">{}</ol>',
        summary, " fine" if len(row) >= _FINE else "", state,
        format_html_join("", "<li{}{}><span>{}<br>{}</span></li>", (_strip_cell(c, language) for c in row)),
    )  # fmt: skip


def _strip_cell(cell: Cell, language: str) -> tuple[Any, ...]:
    state = mark_safe(f' data-d="{cell.state}"') if cell.state != "left" else ""  # noqa: S308 - an enum's value
    due = mark_safe(" data-due") if cell.due else mark_safe(" data-was") if cell.was else ""
    return state, due, cell.date.day, weekday_word(cell.date).text(language)


@register.simple_tag(takes_context=True)
def when(
    context: template.Context,
    moment: datetime | date | None,
    precision: str = "second",
    year: bool = False,
    told: bool = False,
) -> SafeString | str:
    """``{% when row.opened_at row.opened_precision %}``: in the county's zone; "—" when unknown. On paper: ``year=True``.

    A date without a time is written in the same way. ``told=True``: the words alone, for a sentence.
    """
    now, language = None if year else context.get("at"), language_of(context)
    if moment is not None and not isinstance(moment, datetime):
        this_year = now is not None and now.astimezone(county_zone()).year == moment.year
        said = day_words(moment, with_year=not this_year).text(language)
        return said if told else format_html('<time datetime="{}">{}</time>', moment.isoformat(), said)
    said = moment_words(moment, precision, now=now).text(language)
    if moment is None or said == "—":
        return SafeString("—")
    if told:
        return said
    local = moment.astimezone(county_zone())
    exact = local.date().isoformat() if precision == "day" else local.isoformat(timespec="minutes")
    return format_html('<time datetime="{}">{}</time>', exact, said)
