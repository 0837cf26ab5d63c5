"""Who reads, in which language, at what moment: found once for each request. And where a step's address leads."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone, translation
from django.utils.functional import SimpleLazyObject

from tongban.core.access.viewer import NOBODY, Viewer, viewer_of
from tongban.core.registry import reference
from tongban.web.lost import above
from tongban.web.reading import Reading


class PlainMiddleware:
    """Comes first: an address is read as UTF-8, whatever it claims, and holds no NUL, which PostgreSQL cannot be asked for.

    ``config.wsgi`` sees to the first already; behind another door there is a codec that lets through what cannot be
    stored. Forms are rid of NUL where they are read (web/forms.py).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request._encoding = "utf-8"  # type: ignore[attr-defined]  # the public setter first reads by the old one
        request.META["QUERY_STRING"] = request.META.get("QUERY_STRING", "").replace("%00", _UNREADABLE)
        request.path_info = request.path_info.replace("\x00", "\ufffd")
        return self.get_response(request)


_UNREADABLE = "%EF%BF%BD"  # U+FFFD, as for anything else that is no text


class ReaderMiddleware:
    """Gives each request ``at``, ``language`` ("zh" or "en") and ``viewer``.

    The language is the one chosen (``?language=``, kept in a cookie), else the browser's, else Chinese.
    """

    def __init__(self, get_response: Callable[[Reading], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Reading) -> HttpResponse:
        request.at = timezone.now()
        chosen = request.GET.get("language")
        request.language = language_of(request, chosen)
        request.viewer = SimpleLazyObject(lambda: _viewer(request))  # type: ignore[assignment]
        with translation.override("zh-hans" if request.language == "zh" else "en"), reference.hold():
            response = self.get_response(request)
        if chosen in ("zh", "en"):
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME, chosen, max_age=31_536_000, httponly=True, samesite="Lax",
                secure=settings.SESSION_COOKIE_SECURE,
            )  # fmt: skip
        response.setdefault("Content-Language", "zh-CN" if request.language == "zh" else "en")
        response.setdefault("Cache-Control", "no-store" if request.user.is_authenticated else "no-cache")
        return response


class StepMiddleware:
    """The address of a step, opened as a page, leads to the page on which the step stands.

    So it is opened by Enter in the address bar, by the other language's link on the page of a refused step, or after
    signing in anew. A browser would show its own empty page for "method not allowed".
    """

    def __init__(self, get_response: Callable[[Reading], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Reading) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 405 and request.method in ("GET", "HEAD") and request.path != "/":
            return HttpResponseRedirect(above(request.path))
        return response


def language_of(request: HttpRequest, chosen: str | None = None) -> str:
    """The reader's language; reads headers alone, so that it can be asked of any request."""
    chosen = chosen or request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
    if chosen in ("zh", "en"):
        return chosen
    wished = request.headers.get("Accept-Language", "").lower()
    for part in wished.split(","):
        tag = part.split(";")[0].strip()
        if tag.startswith("zh"):
            return "zh"
        if tag.startswith("en"):
            return "en"
    return "zh"


def _viewer(request: Reading) -> Viewer:
    user = request.user
    return viewer_of(user, request.at) if user.is_authenticated else NOBODY
