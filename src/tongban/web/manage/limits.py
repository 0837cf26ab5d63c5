"""Limits: what is promised, since when, on what it rests."""

from __future__ import annotations

from django import forms

from tongban.core.calendar.logic import COUNT_FROM_WORDS, Unit
from tongban.core.labels import Label
from tongban.engines.cases.actions import administration as actions
from tongban.engines.cases.queries import administration as queries
from tongban.web.forms import Words, day_field, number_field
from tongban.web.manage.versions import Kind, Texts, VersionForm

UNITS = {
    Unit.WORKING_HOURS: Label("工作小时", "working hours"),
    Unit.HALF_DAYS: Label("半天（上午或下午）", "half-days"),
    Unit.WORKING_DAYS: Label("工作日", "working days"),
    Unit.CALENDAR_DAYS: Label("自然日", "calendar days"),
}


class LimitForm(VersionForm):
    """A new version of a limit."""

    own = ("amount", "unit", "start")

    amount = number_field(Words("多久", "How long"))
    unit = forms.ChoiceField(label=Words("按什么计", "Counted in"), choices=list(UNITS.items()))
    start = forms.ChoiceField(label=Words("从何时起算", "From when"), choices=list(COUNT_FROM_WORDS.items()))
    valid_from = day_field(
        Words("从哪天起", "From which day"),
        help_text=Words(
            "只用于那天起新交办的件，已经承诺的不变。", "For cases assigned from that day on; promises made stand."
        ),
    )


LIMITS = Kind(
    "limit",
    Texts(
        title=Label("时限", "Limits"),
        about=Label(
            "交办时按当天生效的时限定下到期日，以后改时限不影响已交办的件。",
            "A case's due date is fixed by the limit in force when it is assigned; later versions do not touch it.",
        ),
        column=Label("时限", "Limit"),
        none=Label("还没有生效的版本", "No version is in force yet"),
        saved=Label("新时限已记下，到日子自动生效。", "Saved; the new version begins on its day."),
        confirming=Label(
            "现在页面上都标着“示例”。确认后去掉这个标记，时限本身不变。",
            "Pages say “sample” now. Confirming takes that away and changes nothing else.",
        ),
        confirmed=Label("已确认，页面不再标“示例”。", "Confirmed; pages no longer say “sample”."),
    ),
    LimitForm,
    queries.limits,
    actions.set_limit,
    actions.confirm_limit,
)
