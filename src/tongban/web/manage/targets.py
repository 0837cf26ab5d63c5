"""Targets: what the board's rates are to reach, since when, on what it rests."""

from __future__ import annotations

from tongban.core.labels import Label
from tongban.engines.cases.actions import targets as actions
from tongban.engines.cases.queries import administration as queries
from tongban.web.forms import Words, day_field, number_field
from tongban.web.manage.versions import Kind, Texts, VersionForm


class TargetForm(VersionForm):
    """A new version of a target."""

    own = ("percent",)

    percent = number_field(
        Words("目标（%）", "Target (%)"),
        help_text=Words("0 到 100 的整数；填 0 表示不设目标。", "A whole number from 0 to 100; 0 for none."),
    )
    valid_from = day_field(
        Words("从哪天起", "From which day"),
        help_text=Words(
            "看板按时段结束那天的目标画线；过去的时段不变。",
            "A board shows the target of its period's last day; past periods stay as they were.",
        ),
    )


TARGETS = Kind(
    "target",
    Texts(
        title=Label("目标", "Targets"),
        about=Label(
            "单位看板排名里的竖线。没有目标的指标不画线、不标颜色。",
            "The line in the rankings of the unit board. A rate without a target has no line and no colours.",
        ),
        column=Label("目标", "Target"),
        none=Label("没有设目标", "No target is set"),
        saved=Label("新目标已记下，到日子自动生效。", "Saved; the new target begins on its day."),
        confirming=Label(
            "现在看板上标着“示例”。确认后去掉这个标记，目标本身不变。",
            "Boards say “sample” now. Confirming takes that away and changes nothing else.",
        ),
        confirmed=Label("已确认，看板不再标“示例”。", "Confirmed; the board no longer says “sample”."),
    ),
    TargetForm,
    queries.targets,
    actions.set_target,
    actions.confirm_target,
)
