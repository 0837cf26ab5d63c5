"""What was heard on a visit becomes a request, in the firm's name; several may come of one visit."""

from __future__ import annotations

from uuid import uuid4

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from tongban.core.labels import Label
from tongban.core.refusals import Refused
from tongban.engines.cases.declare import CaseType
from tongban.engines.cases.secrets import case_number
from tongban.engines.programme.declare import Programme
from tongban.engines.programme.scan import programmes
from tongban.engines.visits import actions
from tongban.web.liaison.forms import HeardForm
from tongban.web.liaison.shared import as_officer, done, known_visit, officer
from tongban.web.lost import words_kept
from tongban.web.reading import Reading


@sensitive_post_parameters("name", "phone", "body")
@officer
@words_kept
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: Reading, key: int) -> HttpResponse:
    """The form; sent, the visit with its new request."""
    file, visit = known_visit(request, key)
    offered = for_firms()
    if not file.mine or visit.state != "held" or not offered:
        raise Http404
    asked = request.GET.get("programme", "")
    programme, kind = next(((p, k) for p, k in offered if p.code == asked), offered[0])
    first = {
        "key": uuid4(), "area": file.firm.area_id, "address": file.firm.address,
        "body": "" if visit.cases else visit.heard,
    }  # fmt: skip
    form = HeardForm(request.POST or None, language=request.language, initial=first, kind=kind)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        idempotency = str(given.pop("key"))
        try:
            case = actions.open_heard(
                visit=key, programme=programme.code, kind=kind.code, **given, by=as_officer(request), at=request.at,
                idempotency=idempotency,
            )  # fmt: skip
            number = case_number(case.pk)
            said = Label(f"已登记为诉求 {number}，可在这里看进展。", f"Entered as request {number}; follow it here.")
            return done(request, said, "visit", key, sent=f"heard-{key}")
        except Refused as refusal:
            form.refuse(refusal)
    context = {
        "form": form, "file": file, "firm": file.firm, "visit": visit, "programme": programme,
        "programmes": [p for p, _ in offered],
    }  # fmt: skip
    return render(request, "web/liaison/hear.html", context, status=422 if form.is_bound else 200)


def for_firms() -> list[tuple[Programme, CaseType]]:
    """What a firm may ask for."""
    return [(p, k) for p in programmes().values() for k in p.cases if "firm" in k.askers]
