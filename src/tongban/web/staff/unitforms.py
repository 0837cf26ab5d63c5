"""The forms of the moves that name a unit or an officer, and how units are offered for choice."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django import forms

from tongban.core.access.queries import officers_of
from tongban.core.access.viewer import HANDLER
from tongban.core.calendar.logic import Unit, limit_words
from tongban.core.labels import Label
from tongban.core.registry.queries import Body
from tongban.engines.cases.models import Limit
from tongban.engines.cases.queries.desk import Suggestion, assistants, limits, receivers, returners, suggestion
from tongban.engines.cases.types import case_type
from tongban.web.staff.moveforms import MoveForm, text_field

KINDS = {
    "bureau": Label("县级部门", "County bureaux"),
    "town": Label("镇街道", "Towns"),
    "village": Label("村社区", "Villages and communities"),
    "station": Label("站所", "Stations"),
}
_NONE = Label("请选择单位", "Choose a unit")


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


class Transfer(Receiving):
    reason = text_field(
        Label("为什么转", "Why"), 2,
        Label("承办单位会看到。对方签收前，仍由您单位负责；原来的时限不变。",
              "The units read it. Until it is taken on there, your unit answers for it; the time promised stays."),
    )  # fmt: skip

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
