"""What a liaison officer fills in, mostly on a phone."""

from __future__ import annotations

from typing import Any

from django import forms

from tongban.core.labels import Label
from tongban.engines.cases.declare import CaseType
from tongban.engines.visits.actions.visiting import HEARD, MET
from tongban.engines.visits.words import KINDS
from tongban.web.forms import Form, Words, day_field, moment_field
from tongban.web.staff.choices import places


def _kind() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=Words("怎么走访", "How"), choices=list(KINDS.items()), initial="on_site", widget=forms.RadioSelect
    )


class PlanForm(Form):
    """A visit to come."""

    day = day_field(Words("哪天去", "On which day"))
    kind = _kind()


class MoveForm(Form):
    """Another day for a planned visit."""

    day = day_field(Words("改到哪天", "To which day"))


class LogForm(Form):
    """A visit that was held: what was heard comes first. The key makes a second press harmless."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    heard = forms.CharField(
        label=Words("听到了什么", "What you heard"), strip=False, max_length=HEARD,
        help_text=Words("难处、打算、好消息，照原话记。", "Difficulties, plans, good news, in their words."),
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": Words("请记下听到了什么，一句话也行。", "Please write what you heard; one sentence will do.")},
    )  # fmt: skip
    met = forms.CharField(
        label=Words("见了谁", "Whom you met"), required=False, max_length=MET,
        help_text=Words("姓名、职务。只有受理岗和联络员看得到。", "Names and posts; only the desk and liaison officers see them."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    kind = _kind()
    held_at = moment_field(Words("什么时候", "When"))
    outcome = forms.CharField(
        label=Words("当场说定了什么", "What was settled there"), required=False, strip=False, max_length=HEARD,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    raising = forms.BooleanField(
        label=Words("有要办的事，接着登记成诉求", "Something must be done: enter a request next"), required=False
    )


class HeardForm(Form):
    """A request that was heard on a visit, in the firm's name."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    body = forms.CharField(
        label=Words("企业要办什么", "What the firm asks for"), strip=False, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=Words("一件事登记一次：谁、在哪、什么事、希望怎样。", "One matter at a time: who, where, what, and what is hoped for."),
    )  # fmt: skip
    category = forms.ChoiceField(label=Words("哪一类事", "Category"))
    area = forms.TypedChoiceField(label=Words("在哪里", "Where"), coerce=int)
    address = forms.CharField(label=Words("具体地点", "Exact place"), required=False, max_length=200)
    name = forms.CharField(
        label=Words("见的人叫什么", "Name of the person met"), required=False, max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    phone = forms.CharField(
        label=Words("他的手机号", "His mobile number"), required=False, max_length=30,
        help_text=Words("留了号码，他能收到进展、来评价；不留也能登记。", "With it he is told how it goes and can rate it; it may stay empty."),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )  # fmt: skip

    def __init__(self, *args: Any, kind: CaseType, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose = Label("请选择", "Please choose").text(self.language)
        said = [(c.code, c.label.text(self.language)) for c in kind.categories]
        self.fields["category"].choices = [("", choose), *said]  # type: ignore[attr-defined]
        self.fields["area"].choices = places(self.language, choose)  # type: ignore[attr-defined]


class GiveForm(Form):
    """Whose firm it is to be."""

    officer = forms.CharField(
        label=Words("交给谁", "To whom"), max_length=80,
        help_text=Words("登录名，或完整姓名。", "User name, or whole name."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "list": "officers"}),
    )  # fmt: skip


class HandOverForm(Form):
    """From whom to whom."""

    officer = forms.TypedChoiceField(label=Words("把谁的企业", "Whose firms"), coerce=int)
    to = forms.CharField(
        label=Words("交给谁", "To whom"), max_length=80,
        help_text=Words("登录名，或完整姓名。", "User name, or whole name."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip


class TableForm(Form):
    """A table of credit codes and officers."""

    file = forms.FileField(
        label=Words("表格", "Table"),
        help_text=Words("xlsx、xls、csv，最多 1,000 行。", "xlsx, xls or csv, at most 1,000 rows."),
    )  # fmt: skip
