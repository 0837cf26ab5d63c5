"""Preparing a picture for everybody: boxes over faces and plates, a look at the result, and an officer's word."""

from __future__ import annotations

import base64
import json
from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_http_methods

from tongban.core.files.blurring import Region, blur, suggested
from tongban.core.labels import Label
from tongban.core.refusals import Refused, declare
from tongban.engines.cases import actions, queries
from tongban.engines.cases.models import OpenPicture
from tongban.engines.cases.queries import Detail
from tongban.engines.cases.queries.files import File, file_content, open_copy
from tongban.web.files.shown import said
from tongban.web.reading import Reading
from tongban.web.staff.acting import actor, worker

_SIGNER = signing.Signer(salt="picture for everybody")
_SPARE = 4  # empty rows, and three times as many for whoever asks for more
_CONFIRMED = Label(
    "已确认。这一件公开时，用的就是这张图。", "Confirmed: this is the picture shown when the case is published."
)
_TAKEN_BACK = Label("已收回，公开时不会用这张图。", "Taken back: the picture is not shown when the case is published.")

declare(
    {
        "file.looked": Label(
            "框和您看过的不一样了，没有确认。请先“看看遮住的效果”，看过再确认。",
            "These are not the boxes whose result you looked at, so nothing was confirmed. Look at the result first, then confirm.",
        ),
    }
)


@require_http_methods(["GET", "HEAD", "POST"])
@worker
def picture(request: Reading, case: int, file: int) -> HttpResponse:
    """One picture with its boxes: look at the result, confirm it, or take it back."""
    detail, one, role = _asked(request, case, file)
    content = file_content(request.viewer, file, request.at)
    if content is None:
        raise Http404
    whole = b"".join(content.pieces())
    refusal, preview, looked, rows = None, b"", "", _known(file, whole)
    if request.method == "POST":
        rows = _typed(request)
        try:
            if answer := _do(request, detail, one, role, rows):
                return answer
            if "more" not in request.POST:
                regions = _regions(rows)
                preview, looked = blur(whole, regions)[0], _signed(request, one, regions)
        except Refused as happened:
            refusal = happened
    context: dict[str, Any] = {
        "detail": detail, "case": detail.case, "file": one, "said": said(one), "refusal": refusal, "looked": looked,
        "preview": f"data:image/jpeg;base64,{base64.b64encode(preview).decode()}" if preview else "",
        "rows": [*rows, *([["", "", "", ""]] * (_SPARE * 3 if "more" in request.POST else _SPARE))], "confirmed": open_copy(request.viewer, file, request.at),
        "prepares": detail.may("open_picture") is not None,
    }  # fmt: skip
    answer = render(request, "web/staff/picture.html", context, status=422 if refusal else 200)
    answer["Cache-Control"] = "private, no-store"
    return answer


def _do(request: Reading, detail: Detail, one: File, role: int | None, rows: list[list[str]]) -> HttpResponse | None:
    """Confirm or take back; None where only the result is to be looked at."""
    by, at = actor(request, role), request.at
    if "confirm" in request.POST:
        regions, sure = _regions(rows), "sure" in request.POST
        if sure and not constant_time_compare(_signed(request, one, regions), request.POST.get("looked", "")):
            raise Refused("file.looked", field="regions")
        actions.open_picture(file=one.key, regions=regions, seen=sure, by=by, at=at)
        messages.success(request, _CONFIRMED.text(request.language))
    elif "take-back" in request.POST:
        actions.close_picture(file=one.key, by=by, at=at)
        messages.success(request, _TAKEN_BACK.text(request.language))
    else:
        return None
    return HttpResponseRedirect(reverse("web:picture", args=[detail.case.pk, one.key]))


def _asked(request: Reading, case: int, file: int) -> tuple[Detail, File, int | None]:
    """The case, the picture and the role in which the reader may prepare it or take it back; else there is no such page."""
    detail = queries.case_detail(request.viewer, case, request.at)
    offer = detail.may("open_picture") or detail.may("close_picture") if detail is not None else None
    if detail is None or offer is None:
        raise Http404
    one = next((f for f in detail.files if f.key == file and f.picture and f.opens), None)
    if one is None:
        raise Http404
    return detail, one, offer.role


def _known(file: int, whole: bytes) -> list[list[str]]:
    """The boxes to begin with: those that were confirmed, else what the county's finder suggests."""
    row = OpenPicture.objects.filter(attachment=file).first()
    numbers = json.loads(row.regions) if row is not None else [r.numbers() for r in suggested(whole)]
    return [[f"{n:g}" for n in region] for region in numbers]


def _typed(request: Reading) -> list[list[str]]:
    """The boxes as they were typed or drawn, without the empty rows."""
    columns = [request.POST.getlist(name) for name in ("left", "top", "width", "height")]
    return [row for row in (list(cells) for cells in zip(*columns, strict=False)) if any(c.strip() for c in row)]


def _regions(rows: list[list[str]]) -> list[Region]:
    return [Region.read(row, line) for line, row in enumerate(rows, 1)]


def _signed(request: Reading, one: File, regions: list[Region]) -> str:
    """That this officer was shown this picture with these boxes: no other result can be confirmed with it."""
    boxes = [[box.left, box.top, box.width, box.height] for box in regions]
    return _SIGNER.signature(json.dumps([request.viewer.account, one.key, boxes]))
