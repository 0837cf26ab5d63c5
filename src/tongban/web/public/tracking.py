"""Following a request with its tracking code alone, and with the number that was left with it."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from tongban.core.access import bounds, throttle
from tongban.core.access.throttle import TooMany
from tongban.core.labels import Label
from tongban.core.ledger.actor import Actor
from tongban.core.refusals import Refused
from tongban.core.registry import codes
from tongban.engines.cases import actions, queries
from tongban.engines.cases.queries.proof import number_fits, question_waits
from tongban.engines.cases.secrets import case_of_tracking_code, rating_token, tracking_code
from tongban.web.files.tray import Tray
from tongban.web.files.weighing import weighed
from tongban.web.guard import public
from tongban.web.public.private import keep_proof, proved, secret_page, status_of, wrong
from tongban.web.public.shown import may, say_done, shown, undone
from tongban.web.reading import Reading

ASKER = Actor(system="asker")
_EMPTY = Label("请填查询码。", "Please give the tracking code.")


@public
@secret_page
def track(request: Reading) -> HttpResponse:
    """The box for a tracking code. It is sent by POST, so that what was mistyped stands in no address."""
    typed = request.POST.get("code", "").strip()[:80]
    error, status = "", 200
    if request.method == "POST":
        try:
            if not typed:
                error, status = _EMPTY.text(request.language), 422
            else:
                return HttpResponseRedirect(reverse("web:tracked", args=[tracking_code(_looked_up(request, typed))]))
        except Refused as refusal:
            error, status = refusal.sentence(request.language), status_of(refusal, 422)
    return render(request, "web/public/track.html", {"typed": typed, "error": error}, status=status)


@weighed
@public
@secret_page
def tracked(request: Reading, code: str) -> HttpResponse:
    """Where it stands. With the requester's number: the question that waits, the answer, reply and withdrawal."""
    try:
        key = _looked_up(request, code)
    except Refused as unknown:
        nothing = {"typed": code[:80], "error": unknown.sentence(request.language)}
        return render(request, "web/public/track.html", nothing, status=status_of(unknown, 404))
    code = tracking_code(key)
    refusal: Refused | None = None
    tray = Tray(request, f"reply:{key}:{request.session.session_key}" if proved(request, key) else "", mark="reply")
    if tray.asked:
        if alone := tray.change():
            return alone
    elif request.method == "POST":
        try:
            _do(request, code, key, tray)
        except Refused as happened:
            refusal = happened
        else:
            say_done(request)
            return HttpResponseRedirect(reverse("web:tracked", args=[code]))
    known = proved(request, key)
    detail = queries.tracked(code, proved=known)
    assert detail is not None
    context = {
        **shown(detail, request.at),
        "code": code,
        "proved": known,
        "provable": bool(detail.case.requester and detail.case.requester.phone_index),
        "asked": not known and may(detail, "reply") and question_waits(detail.case),
        "rating_token": rating_token(key) if known else "",
        "refusal": refusal,
        "did": request.POST.get("do", ""),
        "typed": request.POST,
        "tray": tray,
    }
    context["undone"] = undone(context)
    status = status_of(refusal, 422) if refusal else 200
    return render(request, "web/public/tracked.html", context, status=status)


def _looked_up(request: Reading, typed: str) -> int:
    key = case_of_tracking_code(typed)
    if key is None or queries.tracked(typed) is None:
        raise wrong(request, Refused("track.unknown", field="code"))
    return key


def _do(request: Reading, code: str, key: int, tray: Tray) -> None:
    did = request.POST.get("do", "")
    if did == "prove":
        _prove(request, code, key)
        return
    detail = queries.tracked(code)
    if detail is None or not proved(request, key):
        raise Refused("track.lapsed")
    by, at = ASKER, request.at
    if did == "reply":
        tray.take()
        files = tray.waiting()
        actions.reply(case=key, text=request.POST.get("reply", ""), by=by, at=at, proof=code, files=files)
    elif did == "urge":
        actions.urge(case=key, by=by, at=at, proof=code)
    elif did == "private":
        actions.keep_private(case=key, by=by, at=at, proof=code)
    elif did == "public":
        actions.allow_public(case=key, by=by, at=at, proof=code)
    elif did == "object":
        actions.object_to_merge(case=key, reason=request.POST.get("reason", ""), by=by, at=at, proof=code)
    elif did == "withdraw":
        actions.withdraw(case=key, reason=request.POST.get("reason", ""), by=by, at=at, proof=code)


def _prove(request: Reading, code: str, key: int) -> None:
    number = codes.phone(request.POST.get("phone", ""))
    # A number can be guessed, unlike a code: it is counted before it is judged, from wherever it comes.
    if wait := throttle.take(bounds.NUMBER, str(key), request.at):
        raise TooMany("tries.number", wait, field="phone")
    if not number_fits(code, number):
        raise Refused("track.number", field="phone")
    throttle.forget(bounds.NUMBER, str(key))
    keep_proof(request, key)
