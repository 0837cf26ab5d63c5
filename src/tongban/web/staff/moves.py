"""The forms of the moves, drawn from what each move needs, and the action behind each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms

from tongban.core.access.queries import officers_of
from tongban.core.access.viewer import HANDLER
from tongban.core.calendar.logic import Unit, limit_words
from tongban.core.labels import Label
from tongban.core.ledger.actor import Actor
from tongban.core.refusals import Refused, declare
from tongban.core.registry.queries import Body
from tongban.engines.cases import actions
from tongban.engines.cases.actions.subject import ADDRESS
from tongban.engines.cases.models import Case, Limit
from tongban.engines.cases.queries import Detail
from tongban.engines.cases.queries.desk import Suggestion, assistants, limits, receivers, suggestion
from tongban.engines.cases.types import case_type
from tongban.web.forms import Form
from tongban.web.staff.choices import places

declare(
    {
        "move.nobody_below": Label(
            "“{unit}”没有下级单位，不能再往下交办；要别的单位一起办，请加协办。",
            "“{unit}” has no body below it to pass the case to; to work with others, add an assisting unit.",
        )
    }
)
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

    def call(self, by: Actor) -> None:
        """Do it."""
        ACTIONS[self.move](case=self.case.pk, by=by, at=self.at, **self.given())

    def given(self) -> dict[str, Any]:
        """The action's own parameters."""
        return dict(self.cleaned_data)


def _text(label: Label, rows: int = 4, hint: Label | None = None) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, widget=widget, help_text=hint or "", strip=False)  # type: ignore[arg-type]


class Plain(MoveForm):
    """A move that needs nothing but the press."""


class Reason(MoveForm):
    """A move that needs a reason."""

    reason = _text(Label("理由", "Reason"), 3)


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
        self.fields["unit"].choices = grouped(self.bodies(), self.language)  # type: ignore[attr-defined]


class Assign(Receiving):
    limit = forms.ChoiceField(label=Label("办理时限", "Limit"))  # type: ignore[arg-type]
    assisting = forms.TypedMultipleChoiceField(
        label=Label("协办单位", "Assisting units"), required=False, coerce=int,  # type: ignore[arg-type]
        help_text=Label("可不选；按住 Ctrl 可选几个。", "May stay empty; hold Ctrl for several."),  # type: ignore[arg-type]
        widget=forms.SelectMultiple(attrs={"size": 5}),
    )  # fmt: skip
    note = forms.CharField(
        label=Label("交办意见（仅承办单位可见）", "Note (handling units only)"), required=False, strip=False,  # type: ignore[arg-type]
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    advised: Suggestion | None = None

    def prepare(self) -> None:
        super().prepare()
        if self.bodies():
            self.fields["assisting"].choices = grouped(self.bodies(), self.language, empty=False)  # type: ignore[attr-defined]
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


FORMS: Mapping[str, type[MoveForm]] = {
    "accept": Plain, "correct": Correct, "decline": Reason, "refer": Refer, "assign": Assign, "assist": Assist, "sign_in": Plain,
    "return": Reason, "hand_over": HandOver, "feed_back": FeedBack, "ask": Ask, "answer": Answer, "approve": Plain,
    "reject": Reason, "send": Plain, "close": Plain,
}  # fmt: skip
ACTIONS: Mapping[str, Callable[..., None]] = {
    "accept": actions.accept, "correct": actions.correct, "decline": actions.decline, "refer": actions.refer, "assign": actions.assign,
    "assist": actions.assist, "sign_in": actions.sign_in, "return": actions.give_back, "hand_over": actions.hand_over,
    "feed_back": actions.feed_back, "ask": actions.ask, "answer": actions.answer, "approve": actions.approve,
    "reject": actions.reject, "send": actions.send, "close": actions.close,
}  # fmt: skip
# The one filled button, by the state in which it is the obvious one; an assisting unit's is to report back.
FIRST = {
    "new": "accept", "accepted": "assign", "assigned": "sign_in", "handling": "answer", "review": "approve",
    "approved": "send", "answered": "close",
}  # fmt: skip
# What goes with the first move as its other half: pressed as often, so shown open beside it.
PAIRED = {"accept": ("decline",), "approve": ("reject",), "sign_in": ("return",)}


@dataclass(frozen=True, slots=True)
class Offered:
    """A move that the viewer may make now, with its form."""

    code: str
    label: Label
    role: int | None
    form: MoveForm


def form_for(code: str, detail: Detail, at: datetime, language: str, data: Any = None, initial: Any = None) -> MoveForm:
    """The form of a move on this case."""
    made = FORMS[code](data, case=detail.case, at=at, language=language, prefix=code, initial=initial)
    made.move = code
    return made


def offered(detail: Detail, at: datetime, language: str, tried: MoveForm | None = None) -> dict[str, Offered]:
    """The moves that can be made now. ``tried`` is a form that was just refused: it keeps what was typed."""
    found: dict[str, Offered] = {}
    for offer in detail.offers:
        code = offer.move.code
        if offer.refusal is not None or code not in FORMS or code in found or nobody_below(code, detail, at):
            continue
        form = (
            tried
            if tried is not None and tried.move == code
            else form_for(code, detail, at, language, initial=_before(code, detail))
        )
        found[code] = Offered(code, offer.move.label, offer.role, form)
    return found


def nobody_below(code: str, detail: Detail, at: datetime) -> Refused | None:
    """Why a case that a unit has signed in cannot be passed down: nobody is below."""
    if code == "assign" and detail.case.state == "handling" and not receivers(detail.case, at):
        return Refused("move.nobody_below", unit=detail.lead or detail.desk)
    return None


def _before(code: str, detail: Detail) -> dict[str, Any] | None:
    """An answer that was sent back is written on, not written anew."""
    if code != "answer":
        return None
    last = next((a for a in reversed(detail.answers) if not a.receipt), None)
    return {"text": last.text} if last is not None and last.approved is False else None


def grouped(bodies: list[Body], language: str, *, empty: bool = True) -> list[tuple[Any, Any]]:
    """Bodies as the choices of a select, by kind."""
    found: list[tuple[Any, Any]] = [("", _NONE.text(language))] if empty else []
    for kind, label in KINDS.items():
        rows = [(b.id, b.name.text(language)) for b in bodies if b.kind == kind]
        if rows:
            found.append((label.text(language), rows))
    return found


def limit_name(limit: Limit) -> Label:
    """A limit's name with its length, and that it is a sample where nobody has confirmed it."""
    length = limit_words(limit.amount, Unit(limit.unit))
    sample = ("", "") if limit.confirmed else ("，示例", ", sample")
    return Label(f"{limit.name_zh}（{length.zh}{sample[0]}）", f"{limit.name_en} ({length.en}{sample[1]})")
