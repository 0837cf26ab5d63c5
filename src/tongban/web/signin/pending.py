"""What a session remembers between the steps of signing in: sealed, for ten minutes, and for one step at a time."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import NoReverseMatch, reverse
from django.utils.http import url_has_allowed_host_and_scheme

from tongban.core import vault
from tongban.core.access.viewer import ADMINISTRATOR, AGENT, HANDLER, REVIEWER, SECRETARY, SUPERVISOR, Viewer
from tongban.core.refusals import Refused
from tongban.web.reading import Reading

_KEY = "sign-in"
_LIFE = timedelta(minutes=10)
_PURPOSE = "sign-in-step"

SENT, PROVED, PASSWORD = "sent", "proved", "password"


def begin(request: Reading, step: str, value: str, *, more: str = "") -> None:
    """Remember that this browser has come to ``step`` with ``value`` (a phone, an account)."""
    request.session[_KEY] = {
        "step": step,
        "value": vault.encrypt(value, _PURPOSE).hex(),
        "more": vault.encrypt(more, _PURPOSE).hex(),
        "at": request.at.isoformat(),
    }


def value(request: Reading, step: str) -> str:
    """What was remembered for ``step``; refused when it is not there or too old."""
    return _part(request, step, "value")


def more(request: Reading, step: str) -> str:
    """What else was remembered for ``step``."""
    return _part(request, step, "more")


def _part(request: Reading, step: str, part: str) -> str:
    known = request.session.get(_KEY)
    if not known or known["step"] != step or datetime.fromisoformat(known["at"]) < request.at - _LIFE:
        raise Refused("sign_in.stale")
    return vault.decrypt(bytes.fromhex(known[part]), _PURPOSE)


def end(request: Reading) -> None:
    """Forget the step."""
    request.session.pop(_KEY, None)


def remember_next(request: Reading) -> None:
    """Keep where the reader wanted to go; only paths of our own."""
    wanted = request.GET.get("next", "")
    if wanted:
        request.session["next"] = wanted if _ours(wanted) else "/"


def onward(request: Reading, viewer: Viewer) -> str:
    """Where the reader goes now that he is signed in."""
    wanted = request.session.pop("next", "")
    return wanted if wanted and _ours(wanted) else home_of(viewer)


def home_of(viewer: Viewer) -> str:
    """The page on which a reader's work begins."""
    if viewer.grants_for(AGENT, HANDLER, REVIEWER):
        names = ["web:queue"]
    elif viewer.grants_for(ADMINISTRATOR):
        names = ["web:manage"]
    elif viewer.grants_for(SECRETARY) and not viewer.grants_for(SUPERVISOR):
        names = ["web:meetings"]
    elif viewer.staff:
        names = ["web:board"]
    else:
        names = ["web:mine"]
    for name in (*names, "web:home"):
        try:
            return reverse(name)
        except NoReverseMatch:
            continue
    return "/"


def _ours(address: str) -> bool:
    return address.startswith("/") and url_has_allowed_host_and_scheme(address, allowed_hosts=None)


def stored_nowhere(response: HttpResponse) -> HttpResponse:
    """A page with a secret on it is kept by no browser and no proxy."""
    response["Cache-Control"] = "no-store"
    return response


def to(name: str) -> HttpResponseRedirect:
    """Go on to another step."""
    return HttpResponseRedirect(reverse(f"web:{name}"))
