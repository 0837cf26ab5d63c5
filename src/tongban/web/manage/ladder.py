"""The ladder: when a late case is reminded of, urged, supervised and brought before a meeting."""

from __future__ import annotations

from django import forms

from tongban.core.labels import Label
from tongban.engines.cases.actions import rungs as actions
from tongban.engines.cases.queries import administration as queries
from tongban.web.forms import Words, day_field, number_field
from tongban.web.manage.limits import UNITS
from tongban.web.manage.versions import Kind, Texts, VersionForm


class RungForm(VersionForm):
    """A new version of a rung."""

    own = ("amount", "unit", "before", "active")

    amount = number_field(
        Words("多久", "How long"),
        help_text=Words("0 表示到期那一刻。", "0 is the very moment at which it is due."),
        min_value=0,
    )
    unit = forms.ChoiceField(label=Words("按什么计", "Counted in"), choices=list(UNITS.items()))
    before = forms.BooleanField(required=False, label=Words("在到期以前", "Before it is due"))
    active = forms.BooleanField(required=False, label=Words("启用这一级", "This rung is in use"))
    valid_from = day_field(
        Words("从哪天起", "From which day"),
        help_text=Words(
            "从那天起，还没到这一级的在办件都按新的算。",
            "From that day on, open cases below this rung climb by the new rule.",
        ),
    )


LADDER = Kind(
    "rung",
    Texts(
        title=Label("兜底阶梯", "Ladder"),
        about=Label(
            "快到期提醒，超期后依次催办、督办、提交月度例会、提交联席会议。每一级对同一个到期时间只做一次。",
            "What is due soon is reminded of; what is late is urged, supervised and brought before the monthly and the joint"
            " meeting. Each rung acts once for one due time.",
        ),
        column=Label("何时", "When"),
        none=Label("没有启用", "Not in use"),
        saved=Label("新规则已记下，到日子自动生效。", "Saved; the new rule begins on its day."),
        confirming=Label(
            "现在标着“示例”。确认后去掉这个标记，规则本身不变。",
            "It says “sample” now. Confirming takes that away and changes nothing else.",
        ),
        confirmed=Label("已确认，不再标“示例”。", "Confirmed; no longer a sample."),
    ),
    RungForm,
    queries.rungs,
    actions.set_rung,
    actions.confirm_rung,
)
