"""Who may open a page. Every view carries one of these, and a house test finds the view that does not."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from tongban.core.labels import Label
from tongban.core.refusals import Refused, declare
from tongban.web import lost
from tongban.web.reading import Reading

View = Callable[..., HttpResponse]

declare(
    {
        "page.office": Label(
            "这一页是给{who}看的，您现在的岗位不包括它。如果应该能看，请联系管理员。",
            "This page is for {who}, which your office does not include. If it should, ask the administrator.",
        )
    }
)


def public(view: View) -> View:
    """Anybody."""
    return _marked(view, view, "public")


def signed_in(view: View) -> View:
    """Anybody with an account; others sign in first."""

    @wraps(view)
    def guarded(request: Reading, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.viewer.account is None:
            return _sign_in_first(request, "web:sign-in")
        return view(request, *args, **kwargs)

    return _marked(guarded, view, "signed_in")


def office(*codes: str, who: Label) -> Callable[[View], View]:
    """Holders of one of these offices. What they may see inside is decided by the query, never here alone."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: Reading, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.viewer.account is None:
                return _sign_in_first(request, "web:staff-sign-in")
            if not request.viewer.grants_for(*codes):
                return refused(request, Refused("page.office", who=who), status=403)
            return view(request, *args, **kwargs)

        return _marked(guarded, view, " ".join(codes))

    return guard


def _sign_in_first(request: Reading, door: str) -> HttpResponse:
    """To the sign-in and back; whoever was sending something he wrote sees it first, so that it is not lost."""
    if request.headers.get("HX-Request"):
        # A part that a page renews by itself: the page is opened anew, and that leads to the sign-in.
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    if words := lost.written(request):
        return lost.signed_out(request, words, door)
    return redirect_to_login(lost.page_of(request), reverse(door))


def refused(request: Reading, refusal: Refused, status: int = 409) -> HttpResponse:
    """A page that says why something was not done."""
    return render(request, "web/refused.html", {"refusal": refusal}, status=status)


def _marked(guarded: View, view: View, permission: str) -> View:
    guarded.permission = permission  # type: ignore[attr-defined]
    return guarded
