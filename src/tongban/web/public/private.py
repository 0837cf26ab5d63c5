"""Pages whose address carries a secret, and the counter that slows down whoever guesses one."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponse

from tongban.core.access import bounds, throttle
from tongban.core.access.throttle import TooMany
from tongban.core.labels import Label
from tongban.core.refusals import Refused, declare
from tongban.web.client import network
from tongban.web.reading import Reading

View = Callable[..., HttpResponse]
_KEPT = 20

declare(
    {
        "tries.spent": Label(
            "从您这个网络试错了太多次，请过 {wait}再试。照短信或回执一字不差地填，随时都能打开；登录着的话，您提过的事都在“我的”里。",
            "Too many wrong tries from your network: try again in {wait}. A code typed exactly as in the message or receipt"
            " opens at any time. Signed in, you find all your requests under “Mine”.",
        ),
        "tries.number": Label(
            "号码试错了太多次，请过 {wait}再试。用这个号码登录，也能在“我的”里看到。",
            "Too many wrong numbers. Please try again in {wait}. Signed in with that number, you find it under “Mine”.",
        ),
        "track.unknown": Label(
            "没有查到这个查询码。请对照短信或回执再核对一次，数字 0 和字母 O、数字 1 和字母 I 都可以混着写。",
            "No request has this tracking code. Please compare it with the message or receipt; 0 and O, 1 and I may be"
            " written either way.",
        ),
        "track.lapsed": Label(
            "这一步要先核对手机号。隔得久了，核对过的也要再核对一次。",
            "This needs your number to be checked first; a check of some hours ago counts no more.",
        ),
        "track.number": Label(
            "这不是提出时留的手机号。请填当时留的完整号码。",
            "That is not the number left with the request. Please give the whole number that was left then.",
        ),
    }
)


def secret_page(view: View) -> View:
    """Never stored, never indexed, and no link carries its address away."""

    @wraps(view)
    def guarded(request: Reading, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        response["X-Robots-Tag"] = "noindex, nofollow"
        # Not "no-referrer": browsers would then send "Origin: null" with a form, which the check against forged
        # requests refuses. Under "strict-origin" the address itself is sent nowhere, not even to this county.
        response["Referrer-Policy"] = "strict-origin"
        # Django writes the address of every answer from 400 on into its log.
        response._has_been_logged = True  # type: ignore[attr-defined]
        return response

    return guarded


def wrong(request: Reading, refusal: Refused) -> Refused:
    """Count a wrong code or link and say what to answer: ``refusal``, or that there were too many from one address.

    Only wrong ones are counted, and a right one is never asked for its count: it is too wide to be found by trying, and
    whoever shares an address with somebody who guesses shall not pay for it.
    """
    wait = throttle.take(bounds.WRONG_LINK, network(request), request.at)
    return TooMany("tries.spent", wait, field=refusal.field) if wait else refusal


def status_of(refusal: Refused, otherwise: int) -> int:
    """The status of the page that says why something was refused: too many requests, or ``otherwise``."""
    return 429 if isinstance(refusal, TooMany) else otherwise


def proved(request: Reading, case: int) -> bool:
    """Whether this session has shown the requester's number for this case."""
    return case in request.session.get("proved", [])


def keep_proof(request: Reading, case: int) -> None:
    """Remember it until the session ends."""
    known = [c for c in request.session.get("proved", []) if c != case]
    request.session["proved"] = [*known, case][-_KEPT:]
