"""Rating: one link, five grades, once."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render

from tongban.core.ledger.actor import Actor
from tongban.core.refusals import Refused, declared
from tongban.engines.cases import actions
from tongban.engines.cases.declare import GRADES
from tongban.engines.cases.models import Answer
from tongban.engines.cases.queries import case_detail, tracked
from tongban.engines.cases.queries.proof import rated
from tongban.engines.cases.secrets import tracking_code
from tongban.web.forms import Form, Words
from tongban.web.guard import public
from tongban.web.guard import refused as refused_page
from tongban.web.public.mine import as_asker
from tongban.web.public.private import proved, secret_page, status_of, wrong
from tongban.web.reading import Reading

ASKER = Actor(system="asker")


_CHOOSE: Any = {code: declared()["rating.grade"] for code in ("required", "invalid_choice")}


class RateForm(Form):
    """Five grades and a word."""

    grade = forms.TypedChoiceField(
        label=Words("这件事办得怎么样？", "How well was it done?"),
        choices=[(str(grade), label) for grade, label in GRADES.items()],
        coerce=int,
        widget=forms.RadioSelect,
        error_messages=_CHOOSE,
    )
    comment = forms.CharField(
        label=Words("想说的话", "Anything to add"),
        help_text=Words("承办单位和受理岗能看到，不公开。", "The unit and the desk read it; it is not published."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


def _answers(request: Reading, key: int) -> list[Answer]:
    """The answer that is rated, for whoever has shown elsewhere that he may read it; the link alone proves nothing more
    than that he may rate."""
    if proved(request, key):
        seen = tracked(tracking_code(key), proved=True)
    elif request.viewer.account is not None:
        seen = case_detail(as_asker(request.viewer), key, request.at)
    else:
        return []
    return [a for a in seen.answers if a.sent_at is not None and not a.receipt] if seen is not None else []


def _thanks(request: Reading, key: int, grade: int) -> HttpResponse:
    """That it is noted, and what comes of it: a bad grade has the matter done again."""
    code = tracking_code(key)
    now = tracked(code)
    assert now is not None
    again = now.case.answered_at is None and now.case.closed_at is None
    context = {"grade": GRADES[grade], "detail": now, "again": again, "code": code}
    return render(request, "web/public/rated.html", context)


@public
@secret_page
def rate(request: Reading, token: str) -> HttpResponse:
    """The form behind a rating link, or the sentence why it cannot be used."""
    found = rated(token, request.at)
    if found is None:
        refusal = wrong(request, Refused("rating.link"))
        return refused_page(request, refusal, status=status_of(refusal, 404))
    if found.refusal is not None:
        return refused_page(request, found.refusal, status=410)
    form = RateForm(request.POST if request.method == "POST" else None, language=request.language)
    if request.method == "POST" and form.is_valid():
        by = request.viewer.actor() if request.viewer.account is not None else ASKER
        grade, comment = form.cleaned_data["grade"], form.cleaned_data["comment"]
        try:
            actions.rate(token=token, grade=grade, comment=comment, by=by, at=request.at)
        except Refused as happened:
            form.refuse(happened)
        else:
            return _thanks(request, found.detail.case.pk, grade)
    key = found.detail.case.pk
    context = {
        "form": form, "detail": found.detail, "case": found.detail.case, "until": found.expires_at,
        "answers": _answers(request, key), "code": tracking_code(key),
    }  # fmt: skip
    return render(request, "web/public/rate.html", context, status=422 if form.is_bound else 200)
