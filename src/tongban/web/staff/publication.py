"""Publishing a case: the public text beside the original, prepared by one, approved by another, taken back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from tongban.core.cursors import key_of
from tongban.core.labels import Label
from tongban.core.refusals import Refused
from tongban.engines.cases import actions, queries
from tongban.engines.cases.logic.redacting import MARKS, Kind
from tongban.engines.cases.models import Publication
from tongban.engines.cases.queries import Detail
from tongban.engines.cases.queries.publication import Sheet, chosen_copy, publication_states, sheet
from tongban.web import lost
from tongban.web.files.serving import sent
from tongban.web.forms import Form, Words
from tongban.web.reading import Reading
from tongban.web.staff.acting import actor, worker

Place = Publication.Place
PLACES = {
    Place.VILLAGE: Label("村、社区", "The village or community"),
    Place.TOWN: Label("只到镇、街道", "The town alone"),
    Place.GRID: Label("200 米见方的格子", "A square of 200 m"),
}
DONE = {
    "prepare": Label("公开稿已准备好，等另一人批准。", "Prepared; another has to approve it."),
    "approve": Label("已经公开。", "It is public now."),
    "withdraw": Label("已撤下，公开页面上马上看不到了。", "Taken off: nobody sees it any more."),
}
# Why a case is never offered for publication.
_NEVER = frozenset({"publish.private", "publish.confidential", "publish.about"})
MOVES = {"prepare": "publish_prepare", "approve": "publish_approve", "withdraw": "publish_withdraw"}


class TextForm(Form):
    """What everybody will read."""

    title = forms.CharField(label=Words("公开的标题", "Public title"), max_length=400)
    question = forms.CharField(
        label=Words("公开的诉求", "Public text of the request"), strip=False,
        widget=forms.Textarea(attrs={"rows": 8}),
    )  # fmt: skip
    answer = forms.CharField(
        label=Words("公开的答复", "Public answer"), required=False, strip=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=Words("空着就先只公开诉求和进度。", "Left empty, only the request and its progress are public."),
    )  # fmt: skip
    place = forms.ChoiceField(
        label=Words("公开到哪一级的位置", "How exactly the place is told"), widget=forms.RadioSelect
    )  # fmt: skip
    firm_agreed = forms.BooleanField(
        label=Words("企业同意公开名称", "The firm agrees to be named"), required=False,
        help_text=Words("没有问过企业，就不要勾。", "Do not tick it unless the firm was asked."),
    )  # fmt: skip
    pictures = forms.TypedMultipleChoiceField(
        label=Words("公开哪些图片", "Which pictures"), required=False, coerce=int, widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": Words("请从确认过的图片里选。", "Please choose confirmed pictures.")},
    )  # fmt: skip

    def __init__(self, *args: Any, sheet: Sheet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        pinned = sheet.case.longitude is not None
        self.fields["place"].choices = [  # type: ignore[attr-defined]
            (p.value, label.text(self.language)) for p, label in PLACES.items() if pinned or p is not Place.GRID
        ]
        picture = Label("图片 {n}", "Picture {n}")
        self.fields["pictures"].choices = [  # type: ignore[attr-defined]
            (key, picture.text(self.language, n=n)) for n, key in enumerate(sheet.copies, 1)
        ]
        for name, wanted in (
            ("answer", sheet.answered), ("firm_agreed", sheet.case.firm_id), ("pictures", sheet.copies),
        ):  # fmt: skip
            if not wanted:
                del self.fields[name]


@dataclass(frozen=True, slots=True)
class Card:
    """What a case's page says of its publication, with the way to it."""

    shape: str
    word: Label
    link: Label


def card(detail: Detail) -> Card | None:
    """For those whose office prepares, approves or takes back; nothing where it can never be public."""
    offers = [o for o in detail.offers if o.move.code in MOVES.values()]
    if not offers or ((why := offers[0].refusal) is not None and why.code in _NEVER):
        return None
    states = set(publication_states(detail.case.pk))
    if "prepared" in states:
        return Card("new", Label("等批准", "to be approved"), Label("看公开稿", "See the public text"))
    if "published" in states:
        return Card("done", Label("已公开", "public"), Label("看公开稿", "See the public text"))
    if not any(o.refusal is None and o.move.code == MOVES["prepare"] for o in offers):
        return None
    taken = "withdrawn" in states
    word = Label("已撤下", "taken off") if taken else Label("没有公开", "not public")
    return Card("ended", word, Label("准备公开稿", "Prepare it for publication"))


@require_http_methods(["GET", "HEAD", "POST"])
@worker
@lost.words_kept
def publication(request: Reading, key: int) -> HttpResponse:
    """The page, and its three steps."""
    detail, found = _seen(request, key)
    did = request.POST.get("do", "") if request.method == "POST" else ""
    if request.method == "POST" and did not in MOVES:
        raise Http404
    form = TextForm(
        request.POST if did == "prepare" else None, sheet=found, language=request.language, initial=_begin(found)
    )
    refusal = None
    if did and (did != "prepare" or form.is_valid()):
        try:
            _do(request, detail, did, form)
        except Refused as happened:
            refusal = happened
            if did == "prepare":
                form.refuse(happened)
        else:
            messages.success(request, DONE[did].text(request.language))
            return HttpResponseRedirect(
                reverse("web:approvals")
                if _back(request) and did != "prepare"
                else reverse("web:publication", args=[key])
            )
        detail, found = _seen(request, key)
    context = {
        "detail": detail, "case": detail.case, "sheet": found, "form": form, "refusal": refusal, "did": did,
        "typed": request.POST, "moves": {short: _refusal(detail, code) for short, code in MOVES.items()},
        "may": {short: detail.may(code) is not None for short, code in MOVES.items()},
        "left": [(MARKS[kind], words) for kind, words in found.compared.left] if found.compared else [],
        "place": PLACES[Place(found.last.place)] if found.last else None,
        "kinds": [MARKS[kind] for kind in Kind], "back": _back(request),
        "kept": lost.written(request) if did == "prepare" and detail.may(MOVES["prepare"]) is None else None,
    }  # fmt: skip
    failed = refusal is not None or (form.is_bound and not form.is_valid())
    answer = render(request, "web/staff/publication.html", context, status=422 if failed else 200)
    answer["Cache-Control"] = "private, no-store"
    return answer


@require_safe
@worker
def picture(request: Reading, key: int, copy: int) -> HttpResponse:
    """A confirmed copy, for those who choose and approve."""
    return sent(request, chosen_copy(request.viewer, key, copy))


def _back(request: Reading) -> bool:
    """Whether he came from the list of what waits for approval, to which he then goes back."""
    return request.GET.get("back") == "approvals"


def _seen(request: Reading, key: int) -> tuple[Detail, Sheet]:
    detail, found = queries.case_detail(request.viewer, key, request.at), sheet(request.viewer, key, request.at)
    if detail is None or found is None:
        raise Http404
    return detail, found


def _begin(found: Sheet) -> dict[str, Any]:
    """What waits or is public already is written on; else the proposal. An answer that came since is proposed too."""
    last = found.last
    if last is None:
        texts, place, agreed = found.proposal, Place.VILLAGE.value, False
        return {"title": texts.title, "question": texts.question, "answer": texts.answer, "place": place,
                "firm_agreed": agreed, "pictures": found.proposed}  # fmt: skip
    told = last.answer if last.answer and not found.behind else found.proposal.answer
    return {"title": last.title, "question": last.question, "answer": told, "place": last.place,
            "firm_agreed": last.firm_agreed, "pictures": found.proposed}  # fmt: skip


def _do(request: Reading, detail: Detail, did: str, form: TextForm) -> None:
    offer = next((o for o in detail.offers if o.move.code == MOVES[did]), None)
    by, at, case, given = actor(request, offer.role if offer else None), request.at, detail.case.pk, request.POST
    if did == "prepare":
        actions.publish_prepare(case=case, by=by, at=at, **form.cleaned_data)
    elif did == "approve":
        version = key_of(given.get("version")) or 0
        actions.publish_approve(case=case, version=version, read="read" in given, sure="sure" in given, by=by, at=at)
    else:
        actions.publish_withdraw(case=case, reason=given.get("reason", ""), by=by, at=at)


def _refusal(detail: Detail, code: str) -> Refused | None:
    """Why a step that belongs to the reader's office cannot be made now."""
    offer = next((o for o in detail.offers if o.move.code == code), None)
    return offer.refusal if offer is not None else None
