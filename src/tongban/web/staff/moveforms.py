"""The forms of the moves: what each asks for, and what may be chosen on this case."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django import forms

from tongban.core.access.queries import officers_of
from tongban.core.access.viewer import HANDLER
from tongban.core.calendar.logic import Unit, limit_words
from tongban.core.labels import Label
from tongban.core.registry.queries import Body
from tongban.engines.cases.actions.subject import ADDRESS
from tongban.engines.cases.models import Case, Limit
from tongban.engines.cases.queries.desk import Suggestion, assistants, limits, receivers, returners, suggestion
from tongban.engines.cases.types import case_type
from tongban.web.forms import Form
from tongban.web.staff.choices import places

KINDS = {
    "bureau": Label("县级部门", "County bureaux"),
    "town": Label("镇街道", "Towns"),
    "village": Label("村社区", "Villages and communities"),
    "station": Label("站所", "Stations"),
}
_NONE = Label("请选择单位", "Choose a unit")


class MoveForm(Form):
    """What one move asks for. Its prefix keeps the ids of several forms on one page apart."""

    move = ""

    def __init__(self, *args: Any, case: Case, at: datetime, **kwargs: Any) -> None:
        self.case, self.at = case, at
        super().__init__(*args, **kwargs)
        self.prepare()

    def prepare(self) -> None:
        """Fill choices that depend on the case."""

    def given(self) -> dict[str, Any]:
        """The action's own parameters."""
        return dict(self.cleaned_data)


def _text(label: Label, rows: int = 4, hint: Label | None = None) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, widget=widget, help_text=hint or "", strip=False)  # type: ignore[arg-type]


class Plain(MoveForm):
    """A move that needs nothing but the press."""


class Decline(MoveForm):
    """Not accepted: the asker is told why."""

    reason = _text(Label("理由（提出人会看到）", "Reason (the requester reads it)"), 3)


class GiveBack(MoveForm):
    """Returned: the desk or the unit above is told why."""

    reason = _text(
        Label("理由", "Reason"), 3,
        Label("受理岗和承办单位会看到，提出人看不到。", "The desk and the units read it; the requester does not."),
    )  # fmt: skip


class Reject(MoveForm):
    """Sent back to the writer."""

    reason = _text(
        Label("理由", "Reason"), 3,
        Label("写答复的人会看到，提出人看不到。", "The writer of the answer reads it; the requester does not."),
    )  # fmt: skip


class Refer(MoveForm):
    outside = forms.CharField(label=Label("转到哪个外部单位", "To which outside body"), max_length=120)  # type: ignore[arg-type]
    reason = _text(Label("理由（提出人会看到）", "Reason (the requester reads it)"), 3)


class Correct(MoveForm):
    """What the case is about and where, as it stands now, to be put right."""

    category = forms.ChoiceField(label=Label("类别", "Category"), required=False)  # type: ignore[arg-type]
    area = forms.TypedChoiceField(label=Label("镇街、村社区", "Town or village"), coerce=int, empty_value=0)  # type: ignore[arg-type]
    address = forms.CharField(label=Label("具体位置", "Address"), required=False, max_length=ADDRESS)  # type: ignore[arg-type]

    def prepare(self) -> None:
        case, none = self.case, Label("没有分类", "No category").text(self.language)
        said = [(c.code, c.label.text(self.language)) for c in case_type(case.programme, case.kind).categories]
        self.fields["category"].choices = [("", none), *said]  # type: ignore[attr-defined]
        self.fields["area"].choices = places(self.language, "")[1:]  # type: ignore[attr-defined]
        self.initial = {"category": case.category, "area": case.area_id, "address": case.address, **self.initial}


class FeedBack(MoveForm):
    text = _text(Label("协办意见", "What your unit contributes"), 5)


class Answer(MoveForm):
    text = _text(Label("答复（提出人会收到）", "Answer (goes to the requester)"), 8)


class Ask(MoveForm):
    question = _text(
        Label("要问什么", "What to ask"), 3,
        Label("提出人会收到；办理时限照常计算。", "The requester receives it; the clock runs on."),
    )  # fmt: skip


class Receiving(MoveForm):
    """A move that names a unit."""

    unit = forms.TypedChoiceField(label=Label("单位", "Unit"), coerce=int, empty_value=0)  # type: ignore[arg-type]

    def bodies(self) -> list[Body]:
        """Which may be chosen."""
        return receivers(self.case, self.at)

    def prepare(self) -> None:
        self.may = self.bodies()
        self.fields["unit"].choices = grouped(self.may, self.language, returned=returners(self.case))  # type: ignore[attr-defined]


class Assign(Receiving):
    limit = forms.ChoiceField(label=Label("办理时限", "Limit"))  # type: ignore[arg-type]
    assisting = forms.TypedMultipleChoiceField(
        label=Label("协办单位", "Assisting units"), required=False, coerce=int,  # type: ignore[arg-type]
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    note = forms.CharField(
        label=Label("交办意见（仅承办单位可见）", "Note (handling units only)"), required=False, strip=False,  # type: ignore[arg-type]
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    advised: Suggestion | None = None

    def prepare(self) -> None:
        super().prepare()
        if self.may:
            self.fields["assisting"].choices = grouped(self.may, self.language, empty=False)  # type: ignore[attr-defined]
        self.fields["limit"].choices = [(x.code, limit_name(x).text(self.language)) for x in limits(self.at)]  # type: ignore[attr-defined]
        self.advised = suggestion(self.case, self.at)
        category = case_type(self.case.programme, self.case.kind).category(self.case.category)
        self.fields["limit"].initial = (
            self.advised.limit if self.advised else category.limit if category else "ordinary"
        )
        if self.advised:
            self.fields["unit"].initial = self.advised.unit.id

    def given(self) -> dict[str, Any]:
        found = dict(self.cleaned_data)
        found["assisting"] = tuple(found["assisting"])
        return found


class Assist(Receiving):
    def bodies(self) -> list[Body]:
        return assistants(self.case, self.at)


class HandOver(MoveForm):
    account = forms.TypedChoiceField(label=Label("移交给", "To"), coerce=int, empty_value=0)  # type: ignore[arg-type]

    def prepare(self) -> None:
        officers = officers_of(self.case.lead_id or 0, HANDLER, at=self.at)
        choose = Label("请选择经办人", "Choose an officer").text(self.language)
        others = [(key, name) for key, name in officers if key != self.case.handler_id]
        self.fields["account"].choices = [("", choose), *others]  # type: ignore[attr-defined]


def grouped(
    bodies: list[Body], language: str, *, empty: bool = True, returned: Collection[int] = ()
) -> list[tuple[Any, Any]]:  # fmt: skip
    """Bodies as the choices of a select, by kind; those that have returned the case say so."""
    mark = Label("（退回过）", " (returned it)").text(language)
    found: list[tuple[Any, Any]] = [("", _NONE.text(language))] if empty else []
    for kind, label in KINDS.items():
        rows = [(b.id, b.name.text(language) + (mark if b.id in returned else "")) for b in bodies if b.kind == kind]
        if rows:
            found.append((label.text(language), rows))
    return found


def limit_name(limit: Limit) -> Label:
    """A limit's name with its length, and that it is a sample where nobody has confirmed it."""
    length = limit_words(limit.amount, Unit(limit.unit))
    sample = ("", "") if limit.confirmed else ("，示例", ", sample")
    return Label(f"{limit.name_zh}（{length.zh}{sample[0]}）", f"{limit.name_en} ({length.en}{sample[1]})")
