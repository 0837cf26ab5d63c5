"""Pages whose address carries a secret, and the counter that slows down whoever guesses one."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.cache import cache
from django.http import HttpResponse

from tongban.core import vault
from tongban.core.labels import Label
from tongban.core.refusals import Refused, declare
from tongban.web.reading import Reading

View = Callable[..., HttpResponse]
TRIES, WINDOW = 20, 15 * 60
_KEPT = 20

declare(
    {
        "tries.spent": Label(
            "试了太多次，请过一刻钟再试。着急的话请打受理岗电话，报编号也能查。",
            "Too many tries. Please wait a quarter of an hour, or call the desk and give the number of the request.",
        ),
        "track.unknown": Label(
            "没有查到这个查询码。请对照短信或回执再核对一次，数字 0 和字母 O、数字 1 和字母 I 都可以混着写。",
            "No request has this tracking code. Please compare it with the message or receipt; 0 and O, 1 and I may be"
            " written either way.",
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


def refuse_guessers(request: Reading, what: str, subject: str = "", most: int = TRIES) -> None:
    """Refuse after too many wrong tries from one address within a quarter of an hour; each process counts its own."""
    if cache.get(_key(request, what, subject), 0) >= most:
        raise Refused("tries.spent")


def count_wrong(request: Reading, what: str, subject: str = "") -> None:
    """Count one wrong try."""
    key = _key(request, what, subject)
    cache.add(key, 0, WINDOW)
    try:
        cache.incr(key)
    except ValueError:  # it has just run out
        cache.set(key, 1, WINDOW)


def _key(request: Reading, what: str, subject: str) -> str:
    # The address is kept only as a keyed fingerprint; tries at one subject count from wherever they come.
    who = subject or str(request.META.get("REMOTE_ADDR", ""))
    return f"tries:{what}:{vault.blind_index('tries', who).hex()}"


def proved(request: Reading, case: int) -> bool:
    """Whether this session has shown the requester's number for this case."""
    return case in request.session.get("proved", [])


def keep_proof(request: Reading, case: int) -> None:
    """Remember it until the session ends."""
    known = [c for c in request.session.get("proved", []) if c != case]
    request.session["proved"] = [*known, case][-_KEPT:]
