"""Opening a file: every time the query is asked anew whether this reader may, and nothing of it is kept on the way."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from tongban.engines.cases.queries.files import Content, Shelf, file_content, shelf
from tongban.engines.cases.secrets import tracking_code
from tongban.web.files.shown import said
from tongban.web.guard import public
from tongban.web.reading import Reading

_RANGE = re.compile(r"bytes=(\d{0,12})-(\d{0,12})")


@require_safe
@public
def content(request: Reading, key: int) -> HttpResponse:
    """A file as it was brought, or, of a picture, as it was made anew."""
    return sent(request, file_content(request.viewer, key, request.at, proved=_proved(request)))


@require_safe
@public
def small(request: Reading, key: int) -> HttpResponse:
    """A picture's small copy."""
    return sent(request, file_content(request.viewer, key, request.at, proved=_proved(request), small=True))


@require_safe
@public
def look(request: Reading, key: int) -> HttpResponse:
    """One picture large, with the way to the next one and back to its case."""
    found = shelf(request.viewer, key, request.at, proved=_proved(request))
    if found is None:
        raise Http404
    pictures = [file for file in found.files if file.picture and file.opens]
    place = next((n for n, file in enumerate(pictures) if file.key == key), None)
    if place is None:
        raise Http404
    context: dict[str, Any] = {
        "file": pictures[place], "said": said(pictures[place]), "number": place + 1, "count": len(pictures),
        "before": pictures[place - 1] if place else None,
        "after": pictures[place + 1] if place + 1 < len(pictures) else None,
        "title": found.title, "back": _back(found),
        "prepares": found.prepares, "takes_back": found.takes_back and pictures[place].confirmed, "case": found.case,
    }  # fmt: skip
    answer = render(request, "web/files/look.html", context)
    answer["Cache-Control"] = "private, no-store"
    answer["Referrer-Policy"] = "strict-origin"
    return answer


def sent(request: Reading, found: Content | None) -> HttpResponse:
    """The content, or the stretch of it that was asked for, so that a browser neither runs nor keeps it."""
    if found is None:
        raise Http404
    start, stop, partial = _stretch(request.headers.get("Range", ""), found.size)
    if start >= stop and found.size:
        answer: HttpResponse | StreamingHttpResponse = HttpResponse(status=416)
        answer["Content-Range"] = f"bytes */{found.size}"
        return answer  # type: ignore[return-value]
    answer = StreamingHttpResponse(
        found.pieces(start, stop), content_type=found.kind.mime, status=206 if partial else 200
    )
    answer["Content-Length"] = str(stop - start)
    if partial:
        answer["Content-Range"] = f"bytes {start}-{stop - 1}/{found.size}"
    answer["Accept-Ranges"] = "bytes"
    answer["Content-Disposition"] = _disposition(found)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    answer["Cache-Control"] = "private, no-store"
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer  # type: ignore[return-value]


def _stretch(asked: str, size: int) -> tuple[int, int, bool]:
    """Where to begin, where to stop, and whether that is a part; what is asked for in another way is sent whole.

    >>> _stretch("bytes=10-19", 100), _stretch("bytes=-5", 100), _stretch("bytes=90-", 100), _stretch("", 100)
    ((10, 20, True), (95, 100, True), (90, 100, True), (0, 100, False))
    """
    found = _RANGE.fullmatch(asked)
    if found is None or not any(found.groups()):
        return 0, size, False
    first, last = found.groups()
    if not first:
        return max(size - int(last), 0), size, True
    return int(first), min(int(last) + 1, size) if last else size, True


def _disposition(found: Content) -> str:
    """Pictures are shown, all else is kept; its own ending, whatever it was called."""
    stem = found.file.rpartition(".")[0] or found.file
    name = f"{stem}.{found.kind.ending}"
    plain = re.sub(r"[^A-Za-z0-9._-]", "_", name)
    return f"{'inline' if found.kind.picture else 'attachment'}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _proved(request: Reading) -> list[int]:
    found: list[int] = request.session.get("proved", [])
    return found


def _back(found: Shelf) -> str:
    if found.way == "desk":
        return reverse("web:case", args=[found.case])
    if found.way == "mine":
        return reverse("web:my-case", args=[found.case])
    if found.way == "firm":
        return reverse("web:firm-request", args=[found.firm, found.case])
    return reverse("web:tracked", args=[tracking_code(found.case)])
