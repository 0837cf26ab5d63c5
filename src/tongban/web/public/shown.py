"""A case as askers' pages show it: its promise, its story in sentences, what its asker may do now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages

from tongban.core.calendar.logic import day_words
from tongban.core.calendar.queries import county_zone
from tongban.core.labels import Label
from tongban.engines.cases.actions.hindrances import hindrance
from tongban.engines.cases.actions.merging import has_objected
from tongban.engines.cases.models import Inquiry
from tongban.engines.cases.queries import Detail
from tongban.engines.cases.queries.lines import Line
from tongban.engines.cases.queries.publication import public_number
from tongban.engines.cases.story import rating_words, sentence
from tongban.web.promised import promised
from tongban.web.reading import Reading


@dataclass(frozen=True, slots=True)
class Told:
    """A line of the story as a sentence."""

    sentence: Label
    line: Line
    first: bool
    elsewhere: bool  # its text is an answer, which the page shows by itself


#: What an asker is told when something that he did here is done.
DONE = {
    "reply": Label("补充已经交上去，办理的人会看到。", "Your reply is handed in; whoever has it in hand reads it."),
    "urge": Label("已经催了，办理的人会收到。", "Whoever has it in hand has been told."),
    "private": Label("记下了：这一件不公开。", "Noted: it is kept private."),
    "public": Label("记下了：可以隐去个人信息后公开。", "Noted: it may be published without personal data."),
    "object": Label("记下了，受理岗会看。", "Noted; the desk will look at it."),
    "leave": Label("已经退出，这一件以后不再告诉您。", "You have left it; you are told of it no more."),
    "withdraw": Label("已经撤回。", "It is withdrawn."),
}


# What an asker pressed → what puts its form on the page.
_FORMS = {
    "reply": "question", "urge": "may_urge", "private": "may_choose", "public": "may_choose", "object": "may_object",
    "leave": "may_leave", "withdraw": "may_withdraw",
}  # fmt: skip


def undone(context: dict[str, Any]) -> bool:
    """Whether something was refused whose form, which would say why, is no longer on the page."""
    if context["refusal"] is None:
        return False
    if context["did"] == "prove":
        return context["proved"] or not context["provable"]
    return not (context["proved"] and context.get(_FORMS.get(context["did"], "")))


def say_done(request: Reading) -> None:
    """Put what was just done into words on the next page."""
    if words := DONE.get(request.POST.get("do", "")):
        messages.success(request, words.text(request.language))


def told(detail: Detail) -> list[Told]:
    """The story, newest first. A rating tells its grade."""
    sent = {a.text for a in detail.answers}
    return [Told(_said(x, detail), x, n == 0, x.text in sent) for n, x in enumerate(detail.story)]


def _said(line: Line, detail: Detail) -> Label:
    said = sentence(line.kind, line.unit, line.other)
    if line.kind != "rate" or detail.rating is None or detail.rating.grade is None:
        return said
    grade = rating_words(detail.rating.grade)
    return Label(f"{said.zh}：{grade.zh}", f"{said.en}: {grade.en}")


def may(detail: Detail, code: str) -> bool:
    """Whether the asker's move ``code`` can be made in this state."""
    return any(
        m.code == code and "asker" in m.by and detail.case.state in m.sources for m in detail.type.lifecycle.moves
    )


def question(detail: Detail) -> Inquiry | None:
    """The question that waits for the asker's reply."""
    if not detail.asker or not may(detail, "reply"):
        return None
    return next((i for i in reversed(detail.inquiries) if i.replied_at is None), None)


def rating_open(detail: Detail, at: datetime) -> bool:
    """Whether the asker may still rate."""
    rating = detail.rating
    return bool(detail.asker and rating and rating.grade is None and at <= rating.expires_at)


def _may_choose(detail: Detail) -> bool:
    """Whether the asker has a say in its publication: what is never published needs none."""
    case = detail.case
    return detail.asker and may(detail, "keep_private") and not case.confidential and case.about_id is None


def _objected(detail: Detail) -> bool:
    return has_objected(line.kind for line in reversed(detail.story))


def shown(detail: Detail, at: datetime) -> dict[str, object]:
    """What the template of one case needs."""
    rating = detail.rating
    may_withdraw = detail.asker and may(detail, "withdraw")
    goes_on = hindrance(detail.case, "withdraw", at) if may_withdraw else None
    return {
        "detail": detail,
        "case": detail.case,
        "promised": promised(detail, at),
        "told": told(detail),
        "question": question(detail),
        "may_urge": detail.asker and may(detail, "urge"),
        "may_withdraw": may_withdraw and goes_on is None,
        "goes_on": goes_on,  # why it cannot be withdrawn
        "may_object": detail.asker and may(detail, "object") and not _objected(detail),
        "objected": detail.asker and may(detail, "object") and _objected(detail),
        "may_choose": _may_choose(detail),
        "public_number": public_number(detail.case.pk) if _may_choose(detail) else None,
        "rating_open": rating_open(detail, at),
        "rating_until": day_words(rating.expires_at.astimezone(county_zone()).date()) if rating else None,
        "grade": rating_words(rating.grade) if rating and rating.grade is not None else None,
        "answers": [a for a in detail.answers if a.sent_at is not None],
    }
