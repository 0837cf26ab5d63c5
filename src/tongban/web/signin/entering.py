"""The one place where a session becomes somebody's: after both factors, or after a code sent to a phone."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import login, logout
from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from tongban.core.access.models import Account
from tongban.core.access.viewer import NOBODY, viewer_of
from tongban.core.labels import Label
from tongban.web.guard import public
from tongban.web.reading import Reading
from tongban.web.signin import pending

_BACKEND = "tongban.web.signin.backend.AccountBackend"


def enter(request: Reading, account: Account) -> str:
    """Sign ``account`` in under a new session key; gives the address to go on to."""
    pending.end(request)
    wanted = request.session.get("next")
    login(request, account, backend=_BACKEND)  # a new session key, so that a planted one is worth nothing
    if wanted:
        request.session["next"] = wanted
    request.viewer = viewer_of(account, request.at)
    return pending.onward(request, request.viewer)


@public
@require_POST
def sign_out(request: Reading) -> HttpResponse:
    """End the session and whatever it remembered."""
    logout(request)
    messages.success(request, Label("已退出登录。", "You are signed out.").text(request.language))
    return HttpResponseRedirect(pending.home_of(NOBODY))
