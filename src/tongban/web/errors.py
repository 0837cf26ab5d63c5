"""The page for what could not be read at all: in the reader's language, and without a riddle."""

from __future__ import annotations

from django.core.exceptions import (
    DisallowedHost,
    RequestDataTooBig,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render

from tongban.core.labels import Label
from tongban.web.middleware import language_of

_WHY: tuple[tuple[tuple[type[Exception], ...], int, Label], ...] = (
    (
        (DisallowedHost,),
        400,
        Label(
            "网址里的名字不是本站的。请从收藏夹或短信里重新打开。",
            "The name in the address is not this site's. Open it anew from your bookmark or message.",
        ),
    ),
    (
        (RequestDataTooBig,),
        413,
        Label(
            "一次送来的内容太多，没有收下。请把文字写短一些，或分几次送。",
            "Too much was sent at once, so it was not taken. Please shorten the text, or send it in parts.",
        ),
    ),
    (
        (TooManyFieldsSent, TooManyFilesSent),
        413,
        Label(
            "一次送来的项目太多，没有收下。请少选一些，分几次送。",
            "Too many items were sent at once, so they were not taken. Please choose fewer and send them in parts.",
        ),
    ),
    (
        (MultiPartParserError,),
        400,
        Label(
            "送来的内容不完整，可能中途断了。请回上一页再送一次。",
            "What arrived is not complete; the connection may have broken. Go back and send it again.",
        ),
    ),
)
_RIDDLE = Label(
    "这个请求没法读懂。请回上一页刷新后再试。", "This request cannot be read. Go back, reload the page and try again."
)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's ``handler400``: it comes here from anywhere, perhaps before anything is known of the reader."""
    status, why = next(((s, w) for kinds, s, w in _WHY if isinstance(exception, kinds)), (400, _RIDDLE))
    request.GET = QueryDict()  # perhaps the very thing that cannot be read
    if not hasattr(request, "language"):
        request.language = language_of(request)  # type: ignore[attr-defined]
    answer = render(request, "400.html", {"why": why}, status=status)
    answer["Cache-Control"] = "no-store"
    return answer
