"""The forms of what joins and parts cases: merge, split, put under another."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings

from tongban.core.labels import Label
from tongban.engines.cases.actions.questions import questions_of
from tongban.engines.cases.actions.splitting import Matter
from tongban.engines.cases.logic import numbers
from tongban.engines.cases.types import case_type
from tongban.web.staff.moveforms import MoveForm

_SPLIT = 3  # matters that the form has room for; a request with more is split twice


def _key(typed: str) -> int:
    """The key of a case from its typed number; 0, which is no case, for what is no number."""
    return numbers.parse(settings.TONGBAN_COUNTY, typed) or 0


class Merge(MoveForm):
    """As which other case it goes on: by its number."""

    into = forms.CharField(
        label=Label("并入哪一件（编号）", "Into which case (number)"), max_length=20,  # type: ignore[arg-type]
        help_text=Label(  # type: ignore[arg-type]
            "这一件就此结束，提出人跟着那一件收到进展和答复。没有再办之前可以撤销。",
            "This one ends; its requester follows the other one. It can be undone until more is done.",
        ),
    )  # fmt: skip

    def clean_into(self) -> int:
        """The case's key."""
        return _key(self.cleaned_data["into"])


class Number(MoveForm):
    """The questions in the request, one a line."""

    questions = forms.CharField(
        label=Label("每行一个问题", "One question a line"), strip=False, widget=forms.Textarea(attrs={"rows": 5}),  # type: ignore[arg-type]
        help_text=Label("答复时每个问题单独填写，缺一个就不能送审核。", "Each is answered by itself; none may be left out."),  # type: ignore[arg-type]
    )  # fmt: skip

    def prepare(self) -> None:
        self.initial = {"questions": "\n".join(q.text for q in questions_of(self.case)), **self.initial}

    def clean_questions(self) -> list[str]:
        """The lines."""
        return list(self.cleaned_data["questions"].splitlines())


class OpenUp(MoveForm):
    """The title under which neighbours find it."""

    title = forms.CharField(
        label=Label("公开的标题", "Public title"), max_length=120,  # type: ignore[arg-type]
        help_text=Label(  # type: ignore[arg-type]
            "谁都看得到：不要写姓名、电话、门牌号。邻里可以算我一个，不用再提。",
            "Everybody can read it: no names, numbers or addresses. Neighbours may join instead of asking again.",
        ),
    )  # fmt: skip

    def prepare(self) -> None:
        self.initial = {"title": self.case.open_title or self.case.title, **self.initial}


class PutUnder(MoveForm):
    """Under which other case: by its number."""

    parent = forms.CharField(
        label=Label("挂到哪一件下面（编号）", "Under which case (number)"), max_length=20,  # type: ignore[arg-type]
        help_text=Label(  # type: ignore[arg-type]
            "两件各自办理、各自答复，只是互相看得到。", "Both are handled and answered by themselves; each shows the other."
        ),
    )  # fmt: skip

    def clean_parent(self) -> int:
        """The case's key."""
        return _key(self.cleaned_data["parent"])


class Split(MoveForm):
    """The matters that are taken out, each in words and with its category; what is left stays in this case."""

    def prepare(self) -> None:
        said = [
            (c.code, c.label.text(self.language)) for c in case_type(self.case.programme, self.case.kind).categories
        ]
        none = Label("没有分类", "No category").text(self.language)
        for number in range(1, _SPLIT + 1):
            body = forms.CharField(
                label=Label("拆出的第 {n} 件", "Matter {n} to take out").text(self.language, n=number),
                required=number == 1, strip=False, widget=forms.Textarea(attrs={"rows": 3}),
                help_text=_WORDS.text(self.language) if number == 1 else "",
            )  # fmt: skip
            category = forms.ChoiceField(
                label=Label("第 {n} 件的类别", "Category of matter {n}").text(self.language, n=number),
                required=False, choices=[("", none), *said],
            )  # fmt: skip
            self.add(f"body{number}", body)
            self.add(f"category{number}", category)

    def given(self) -> dict[str, Any]:
        given = self.cleaned_data
        found = [(given[f"body{n}"], given[f"category{n}"]) for n in range(1, _SPLIT + 1)]
        return {"matters": tuple(Matter(body, category) for body, category in found if body.strip())}


_WORDS = Label(
    "用提出人的原话，可以删减。每件另有编号和时限，提出人会收到；留下的事还在这一件里办。",
    "In the requester's words, shortened if need be. Each has its own number and clock; the rest stays in this case.",
)
