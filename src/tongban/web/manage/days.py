"""One date of the working calendar: what it is now, and another thing if the county says so."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.http import HttpResponse
from django.views.decorators.http import require_http_methods, require_POST

from tongban.core.calendar import actions
from tongban.core.calendar.logic import Day, day_words, format_spans
from tongban.core.calendar.models import CalendarDay
from tongban.core.calendar.queries import calendar_now
from tongban.core.labels import Label
from tongban.core.refusals import Refused, declare
from tongban.engines.cases.queries import administration as queries
from tongban.web.forms import Form, Words
from tongban.web.manage.shared import actor, administrator, done_or_told, page, to, tried
from tongban.web.reading import Reading

KINDS = {"rest": Label("放假", "Day off"), "working": Label("上班", "Working day")}
OTHER_HOURS = Label("上班，时间和平时不同", "Working day with other hours")
USUAL = "usual"
declare(
    {
        "calendar.day_same": Label(
            "这一天现在就是这样，没有要改的。",
            "This is what the day is already; nothing changes.",
        )
    }
)


class DayForm(Form):
    """What one date is."""

    kind = forms.ChoiceField(label=Words("这一天", "On this day"), widget=forms.RadioSelect)
    name_zh = forms.CharField(
        label=Words("名称", "Name (Chinese)"), max_length=60, required=False,
        help_text=Words("如“春节”“国庆节调休上班”。", "Such as 春节 or 国庆节调休上班."),
    )  # fmt: skip
    name_en = forms.CharField(label=Words("英文名称", "Name (English)"), max_length=80, required=False)
    spans = forms.CharField(
        label=Words("这一天自己的办公时间", "Working hours of its own"), max_length=40, required=False,
        help_text=Words("半天班才填，如 08:30-12:00。", "Only for half a day, such as 08:30-12:00."),
    )  # fmt: skip

    def __init__(self, *args: Any, usual: Label, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(code, label.text(self.language)) for code, label in {USUAL: usual, **KINDS}.items()]


@administrator
@require_http_methods(["GET", "HEAD", "POST"])
def day(request: Reading, day: date) -> HttpResponse:
    """One date: make it a day off or a working day, or let it follow its weekday again."""
    known, row = calendar_now().day(day), CalendarDay.objects.filter(date=day).first()
    form = DayForm(
        request.POST or None, language=request.language, initial=_as_it_is(row), usual=_usual(known, row)
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        done = Label(
            "已改，受影响的到期日会自动重算并通知。", "Changed; the due dates it touches are recomputed and told."
        )

        def set_day(kind: str, **given: Any) -> None:
            if kind == USUAL:
                if row is None:
                    raise Refused("calendar.day_same", field="kind")
                actions.clear_day(day=day, by=given["by"], at=given["at"])
                return
            if _changes_nothing(known, row, kind, given):
                raise Refused("calendar.day_same", field="kind")
            actions.set_day(day=day, working=kind == "working", **given)

        if tried(request, form, set_day, done):
            return to("manage-calendar-year", day.year)
    return page(
        request, "day", place="manage-calendar", day=known, words=day_words(day, weekday=True), form=form,
        hours=format_spans(known.spans) if known.spans else "", year=day.year,
        waiting=queries.waiting_from(day, viewer=request.viewer), many=queries.MANY,
        status=422 if form.is_bound else 200,
    )  # fmt: skip


@administrator
@require_POST
def clear(request: Reading, day: date) -> HttpResponse:
    """A date follows its weekday again."""
    done_or_told(
        request, lambda: actions.clear_day(day=day, by=actor(request), at=request.at),
        Label("已恢复，按星期几办公。", "Cleared; this day follows its weekday again."),
    )  # fmt: skip
    return to("manage-calendar-year", day.year)


def _as_it_is(row: CalendarDay | None) -> dict[str, str]:
    """What the form shows first: the day as it is now."""
    if row is None:
        return {"kind": USUAL}
    return {"kind": row.kind, "name_zh": row.name_zh, "name_en": row.name_en, "spans": row.spans}


def _usual(known: Day, row: CalendarDay | None) -> Label:
    """The choice of following the weekday; of a day without anything entered, with what that means."""
    if row is not None:
        return Label("照常，按星期几", "As usual, by its weekday")
    if known.working:
        return Label("照常（上班）", "As usual (a working day)")
    if known.name:
        return Label(f"照常（{known.name.zh}，休息）", f"As usual ({known.name.en}, a day of rest)")
    return Label("照常（周末，休息）", "As usual (weekend, a day of rest)")


def _changes_nothing(known: Day, row: CalendarDay | None, kind: str, given: dict[str, Any]) -> bool:
    """Whether the day would be just what it is: the same again, or a nameless exception that is none."""
    wanted = {name: str(given[name]).strip() for name in ("name_zh", "name_en", "spans")}
    if row is not None:
        return kind == row.kind and all(getattr(row, name) == value for name, value in wanted.items())
    return not any(wanted.values()) and (kind == "working") is known.working
