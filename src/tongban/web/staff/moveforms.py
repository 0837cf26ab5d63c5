"""The forms of the moves: what each asks for, and what may be chosen on this case."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms

from tongban.core.calendar.logic import Unit, limit_words
from tongban.core.labels import Label
from tongban.core.refusals import Refused
from tongban.engines.cases.actions.questions import questions_of
from tongban.engines.cases.actions.subject import ADDRESS
from tongban.engines.cases.limits import limit_on
from tongban.engines.cases.models import Case, Meeting
from tongban.engines.cases.queries.files import files_before
from tongban.engines.cases.types import case_type
from tongban.web.files.tray import Tray
from tongban.web.forms import Form, number_field
from tongban.web.staff.choices import MEETINGS, places
from tongban.web.staff.outcomeform import outcome_fields, outcome_given

CALLBACKS = {
    "solved": Label("已解决", "solved"),
    "unsolved": Label("没有解决（自动重办）", "not solved (it is done again)"),
    "unreached": Label("没有联系上", "nobody reached"),
}


class MoveForm(Form):
    """What one move asks for. Its prefix keeps the ids of several forms on one page apart."""

    move = ""
    takes_files = False
    tray: Tray | None = None  # what waits beside it, if it takes files

    def __init__(self, *args: Any, case: Case, at: datetime, **kwargs: Any) -> None:
        self.case, self.at = case, at
        super().__init__(*args, **kwargs)
        self.prepare()

    def prepare(self) -> None:
        """Fill choices that depend on the case."""

    def given(self) -> dict[str, Any]:
        """The action's own parameters."""
        return dict(self.cleaned_data)


def text_field(label: Label, rows: int = 4, hint: Label | None = None) -> forms.CharField:
    """A field for what is said in sentences."""
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, widget=widget, help_text=hint or "", strip=False)  # type: ignore[arg-type]


class Plain(MoveForm):
    """A move that needs nothing but the press."""


class Decline(MoveForm):
    """Not accepted: the asker is told why."""

    reason = text_field(Label("理由（提出人会看到）", "Reason (the requester reads it)"), 3)


class GiveBack(MoveForm):
    """Returned: the desk or the unit above is told why."""

    reason = text_field(
        Label("理由", "Reason"), 3,
        Label("受理岗和承办单位会看到，提出人看不到。", "The desk and the units read it; the requester does not."),
    )  # fmt: skip


class Recall(MoveForm):
    """Taken back by the desk: the unit is told why."""

    reason = text_field(
        Label("理由", "Reason"), 3,
        Label("承办单位会看到，提出人看不到。收回后请马上重新交办。", "The unit reads it; the requester does not. Then assign it anew at once."),
    )  # fmt: skip


class Reject(MoveForm):
    """Sent back to the writer."""

    reason = text_field(
        Label("理由", "Reason"), 3,
        Label("写答复的人会看到，提出人看不到。", "The writer of the answer reads it; the requester does not."),
    )  # fmt: skip


class Refer(MoveForm):
    outside = forms.CharField(label=Label("转到哪个外部单位", "To which unit outside"), max_length=120)  # type: ignore[arg-type]
    reason = text_field(Label("理由（提出人会看到）", "Reason (the requester reads it)"), 3)


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
    takes_files = True
    text = text_field(Label("协办意见", "What your unit contributes"), 5)


class Attach(MoveForm):
    """Files for the desk and the units; nothing but them."""

    takes_files = True


class Answer(MoveForm):
    takes_files = True
    text = text_field(Label("答复（提出人会收到）", "Answer (goes to the requester)"), 8)
    keep = forms.TypedMultipleChoiceField(
        label=Label("上一稿的附件，留下哪些", "Files of the version before, to be kept"), required=False, coerce=int,  # type: ignore[arg-type]
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    def prepare(self) -> None:
        self._ask_for_each()
        if not self.questions:
            self.order_fields(["text", *outcome_fields(self)])
        before = files_before(self.case)
        self.fields["keep"].choices = before  # type: ignore[attr-defined]
        if not before:
            del self.fields["keep"]
        self.initial = {"keep": [key for key, _ in before], **self.initial}

    def _ask_for_each(self) -> None:
        """A field for the reply to each numbered question; what closes them need not be said then."""
        self.questions = questions_of(self.case)
        for question in self.questions:
            left = Refused("case.questions.left", number=question.number)
            field = forms.CharField(
                label=f"{question.number}. {question.text}", strip=False, initial=question.reply,
                widget=forms.Textarea(attrs={"rows": 4}),
                error_messages={"required": Label(left.sentence("zh"), left.sentence("en"))},  # type: ignore[dict-item]
            )  # fmt: skip
            self.add(f"reply{question.number}", field)
            outcome_fields(self, str(question.number), question.came_to)
        if self.questions:
            self.fields["text"].required = False
            self.fields["text"].label = _CLOSING.text(self.language)
            self.order_fields([name for name in self.fields if name[-1].isdigit()])

    def given(self) -> dict[str, Any]:
        found = dict(self.cleaned_data)
        found["replies"] = {q.number: found.pop(f"reply{q.number}") for q in self.questions}
        found["outcomes"] = {q.number: outcome_given(found, str(q.number)) for q in self.questions}
        if not self.questions:
            found["outcome"] = outcome_given(found)
        return found


_CLOSING = Label("还要说的（提出人会收到）", "Anything more (goes to the requester)")


class Ask(MoveForm):
    question = text_field(
        Label("要问什么", "What to ask"), 3,
        Label("提出人会收到；办理时限照常计算。", "The requester receives it; the clock runs on."),
    )  # fmt: skip


class Pause(MoveForm):
    """What is missing: told to the asker; nothing is counted until he has given it."""

    reason = text_field(Label("请提出人补什么", "What is missing"), 3)

    def prepare(self) -> None:
        longest = limit_on("pause", self.at)
        length = limit_words(longest.amount, Unit(longest.unit))
        self.fields["reason"].help_text = Label(
            "提出人会收到；补充之前不计时，这一件合计最多 {n}。", "The requester receives it; nothing is counted until then, {n} in all."
        ).text(self.language, n=length.text(self.language))  # fmt: skip


class Extend(MoveForm):
    """How much more time, and why."""

    amount = number_field(Label("延长多少", "How much more"))
    reason = text_field(
        Label("理由", "Reason"), 3,
        Label("受理岗批复；同意后提出人会收到新的期限。每件只能延一次。", "The desk decides; once granted, the requester is told. Once for each case."),
    )  # fmt: skip

    def prepare(self) -> None:
        longest = limit_on("extension", self.at)
        length = limit_words(longest.amount, Unit(longest.unit))
        self.fields["amount"].help_text = Label("整数，最多 {n}。", "A whole number, at most {n}.").text(
            self.language, n=length.text(self.language)
        )


class Refuse(MoveForm):
    """Why the time stands."""

    reason = text_field(
        Label("理由", "Reason"), 3,
        Label("承办单位会看到，提出人看不到。", "The handling unit reads it; the requester does not."),
    )  # fmt: skip


class Urge(MoveForm):
    """A word with it, if one is needed."""

    note = forms.CharField(
        label=Label("附言（仅承办单位可见）", "Note (handling units only)"), required=False, max_length=500,  # type: ignore[arg-type]
    )  # fmt: skip


class Supervise(MoveForm):
    """What the unit is told to do, in writing."""

    demand = text_field(
        Label("督办要求", "What is demanded"), 3,
        Label("写进督办单；主办单位要按时反馈。", "It stands on the slip; the lead unit reports back in time."),
    )  # fmt: skip


class ReportBack(MoveForm):
    """What the unit has done about the slip."""

    text = text_field(Label("办了什么、什么时候办结", "What was done, and by when it will be finished"), 3)


class Raise(MoveForm):
    """Before which meeting."""

    kind = forms.ChoiceField(label=Label("会议", "Meeting"))  # type: ignore[arg-type]

    def prepare(self) -> None:
        kinds = [k for k in Meeting.Kind if k != self.case.agenda]
        self.fields["kind"].choices = [(str(k), MEETINGS[k].text(self.language)) for k in kinds]  # type: ignore[attr-defined]


class Callback(MoveForm):
    """What the requester said on the phone."""

    result = forms.ChoiceField(label=Label("回访结果", "What was found"), widget=forms.RadioSelect)  # type: ignore[arg-type]
    note = forms.CharField(
        label=Label("说了什么（提出人会看到）", "What was said (the requester reads it)"), required=False, max_length=500,  # type: ignore[arg-type]
    )  # fmt: skip

    def prepare(self) -> None:
        self.fields["result"].choices = [(k, v.text(self.language)) for k, v in CALLBACKS.items()]  # type: ignore[attr-defined]


class Reopen(MoveForm):
    """Why it is done again."""

    reason = text_field(Label("为什么重办（提出人会看到）", "Why it is done again (the requester reads it)"), 3)
