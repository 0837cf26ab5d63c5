"""What was written is not lost when the session, or the page's own key, has run out before it was sent."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve, reverse
from django.utils.http import urlencode

from tongban.web.reading import Reading

# Never shown again, whatever form they come from; nor anything that was typed to sign in.
_NEVER = {"csrfmiddlewaretoken", "password", "again", "old", "code", "phone", "next", "view", "key"}
_SIGNING_IN = ("/sign-in/", "/security/")
# Words somebody wrote, rather than a choice's value or a number: a character beyond ASCII, or a space within.
_WORDS = re.compile(r"[^\x00-\x7f]|\S\s+\S")
_MOST = 20


def above(path: str) -> str:
    """The nearest page above an address: ``/desk/cases/7/answer/`` → ``/desk/cases/7/``."""
    while path.strip("/"):
        path = path.rstrip("/").rpartition("/")[0] + "/"
        try:
            resolve(path)
        except Resolver404:
            continue
        return path
    return "/"


def page_of(request: HttpRequest) -> str:
    """The page on which somebody pressed; what cannot be opened leads on to the page above it (see middleware)."""
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    came = urlsplit(request.headers.get("Referer", ""))
    # A page with a secret in its address tells no more than where it stands (web.secret_page): then the form's own.
    if came.netloc == request.get_host() and came.path.strip("/") and not came.path.startswith("//"):
        return f"{came.path}?{came.query}" if came.query else came.path
    return request.path


def written(request: HttpRequest) -> list[str]:
    """The words of a form that could not be taken, to be shown to whoever sent them and to nobody else."""
    if request.method != "POST" or request.path.startswith(_SIGNING_IN) or not _from_here(request):
        return []
    found = [
        value
        for name, values in request.POST.lists()
        if name.rpartition("-")[2] not in _NEVER
        for value in values
        if isinstance(value, str) and _WORDS.search(value)
    ]
    return found[:_MOST]


def _from_here(request: HttpRequest) -> bool:
    """Whether a page of ours sent it: another site's words are not to be shown as if they were the reader's own."""
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.get_host()


def signed_out(request: Reading, words: list[str], door: str) -> HttpResponse:
    """The page for somebody whose session ended while he wrote: his words, and the way back."""
    return _page(request, words, f"{reverse(door)}?{urlencode({'next': page_of(request)})}", "signed out")


def gone(request: Reading, words: list[str]) -> HttpResponse:
    """Not found, said to somebody who was sending words to it: he keeps them, and learns nothing more than that."""
    return _page(request, words, reverse("web:queue"), "gone", status=404)


def words_kept(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Whoever sends words to what has meanwhile left him (a colleague returned it, a firm was handed over) keeps them."""

    @wraps(view)
    def kept(request: Reading, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Http404:
            if words := written(request):
                return gone(request, words)
            raise

    return kept


def csrf_failure(request: Reading, reason: str = "") -> HttpResponse:
    """Django's check of the page's key has failed: the page is too old, or the browser has forgotten its cookies."""
    permission = getattr(request.resolver_match.func, "permission", "public") if request.resolver_match else "public"
    if permission == "public" or request.viewer.account is not None:
        return _page(request, written(request), page_of(request), "old")
    door = "web:sign-in" if permission == "signed_in" else "web:staff-sign-in"
    return signed_out(request, written(request), door)


def _page(request: Reading, words: list[str], onward: str, why: str, status: int = 403) -> HttpResponse:
    answer = render(request, "web/lost.html", {"words": words, "onward": onward, "why": why}, status=status)
    answer["Cache-Control"] = "no-store"
    return answer
