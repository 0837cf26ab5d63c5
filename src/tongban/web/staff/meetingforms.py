"""The forms of meetings: calling, moving, cancelling, ending, deciding."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django import forms

from tongban.core.labels import Label
from tongban.core.registry.queries import Body, directory
from tongban.engines.cases.actions.meeting import Decision, outcomes
from tongban.engines.cases.models import AgendaItem
from tongban.web.forms import Form, Words, day_field, moment_field
from tongban.web.staff.unitforms import grouped

_CHOICES = {
    AgendaItem.Outcome.ASSIGNED: Label("交办：定主办单位和日期", "Assign: a lead unit and a day"),
    AgendaItem.Outcome.PASSED_ON: Label("提交联席会议", "Pass on to the joint meeting"),
    AgendaItem.Outcome.HELD: Label("挂账到某日（暂停计时）", "Put on hold until a day (the clock stands still)"),
    AgendaItem.Outcome.SETTLED: Label(
        "不再重办，说明理由（只对已答复的）", "Not done again, because … (of what was answered)"
    ),
    AgendaItem.Outcome.KEPT: Label("留到下次", "Keep for the next meeting"),
}


class MoveForm(Form):
    """When and where."""

    starts_at = moment_field(Words("什么时候", "When"))
    place = forms.CharField(label=Words("地点", "Place"), max_length=120)


class CallForm(MoveForm):
    """The next meeting of a kind."""

    kind = forms.ChoiceField(label=Words("会议", "Meeting"))
    desk = forms.TypedChoiceField(label=Words("受理岗", "Desk"), coerce=int)

    def __init__(self, *args: Any, desks: Sequence[Body], kinds: Mapping[Any, Label], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(str(k), v.text(self.language)) for k, v in kinds.items()]  # type: ignore[attr-defined]
        self.fields["desk"].choices = [(b.id, b.name.text(self.language)) for b in desks]  # type: ignore[attr-defined]
        if len(desks) == 1:
            self.fields["desk"].initial = desks[0].id
            self.fields["desk"].widget = forms.HiddenInput()
        self.order_fields(["kind", "desk", "starts_at", "place"])


class ReasonForm(Form):
    """Why it does not take place."""

    reason = forms.CharField(label=Words("为什么取消", "Why"), max_length=500)


class EndForm(Form):
    """What else the minutes should say."""

    notes = forms.CharField(
        label=Words("纪要附言（可不填）", "Anything else for the minutes"), required=False, strip=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip


class DecideForm(Form):
    """What was decided on one case."""

    outcome = forms.ChoiceField(label=Words("结果", "Outcome"))
    lead = forms.TypedChoiceField(
        label=Words("主办单位（交办时）", "Lead unit (to assign)"), coerce=int, empty_value=None, required=False
    )
    by_date = day_field(Words("到哪一天（交办、挂账时）", "By which day (to assign or hold)"), required=False)
    assisting = forms.TypedMultipleChoiceField(
        label=Words("协办单位（交办时）", "Assisting units (to assign)"), required=False, coerce=int,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    text = forms.CharField(
        label=Words("决定（提出人会看到）", "Decision (the requester reads it)"), strip=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip

    def __init__(self, *args: Any, kind: str, state: str, helping: Collection[int] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        able = [(k, _CHOICES[AgendaItem.Outcome(k)].text(self.language)) for k in outcomes(kind, state)]
        self.fields["outcome"].choices = able  # type: ignore[attr-defined]
        bodies = [b for b in directory().bodies.values() if b.kind != "desk" and b.valid_until is None]
        self.fields["lead"].choices = grouped(bodies, self.language)  # type: ignore[attr-defined]
        self.fields["assisting"].choices = grouped(bodies, self.language, empty=False)  # type: ignore[attr-defined]
        self.fields["assisting"].initial = list(helping)

    def decision(self) -> Decision:
        """As the action takes it."""
        given = self.cleaned_data
        assisting = tuple(given["assisting"])
        return Decision(given["outcome"], given["text"], given["lead"], assisting, given["by_date"])
