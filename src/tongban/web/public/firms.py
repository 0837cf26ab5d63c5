"""A firm's own pages: its requests, who may act for it, its QR code (企业码), and where the code leads."""

from __future__ import annotations

import io

import segno
from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from tongban.core.access.viewer import Viewer
from tongban.core.registry.actions import firm_dissolved
from tongban.core.registry.askers import firm_named, mandates_of_firm
from tongban.core.registry.models import Firm
from tongban.core.registry.queries import firm_by_code
from tongban.engines.cases.queries import own_cases
from tongban.web.guard import public, signed_in
from tongban.web.panels import panels
from tongban.web.promised import row_promised
from tongban.web.public.entry import entries
from tongban.web.reading import Reading

_DARK, _LIGHT = "#0c2b2b", "#ffffff"  # dark on white, at night too: a scanner has to read it


@signed_in
def firm_home(request: Reading, key: int) -> HttpResponse:
    """A firm for which the viewer may act."""
    mandates = mandates_of_firm(key, request.at) if key in request.viewer.firms else []
    # Whoever may act for the firm stands among them, unless a hundred have asked since.
    firm = mandates[0].firm if mandates else _own_firm(request, key)
    viewer = Viewer(request.viewer.account, firms=frozenset({key}))
    page = own_cases(viewer, after=request.GET.get("after", ""), limit=20, at=request.at)
    context = {
        "firm": firm,
        "gone": firm_dissolved(firm, request.at),
        "rows": [(row, row_promised(row)) for row in page.rows],
        "after": page.after,
        "mandates": mandates,
        "entries": [e for e in entries() if e.for_firms],
        "address": code_address(firm),
        "panels": panels("firm", request.viewer, firm),
    }
    return render(request, "web/public/firm.html", context)


@signed_in
def firm_qr(request: Reading, key: int) -> HttpResponse:
    """The firm's code as a drawing, for screen and print."""
    firm = _own_firm(request, key)
    drawing = io.BytesIO()
    segno.make(code_address(firm), error="m", micro=False).save(
        drawing, kind="svg", dark=_DARK, light=_LIGHT, border=3, xmldecl=False, svgclass=None, lineclass=None
    )
    return HttpResponse(drawing.getvalue(), content_type="image/svg+xml")


@public
def firm_code(request: Reading, code: str) -> HttpResponse:
    """Where a firm's code leads: the firm is filled in, nobody is signed in."""
    firm = firm_by_code(code)
    if firm is None:
        raise Http404
    context = {"firm": firm, "gone": firm_dissolved(firm, request.at), "entries": [e for e in entries() if e.for_firms]}
    return render(request, "web/public/firm_code.html", context)


def code_address(firm: Firm) -> str:
    """The address that the firm's QR code carries."""
    return settings.TONGBAN_SHARED_ADDRESS + reverse("web:firm-code", args=[firm.code])


def _own_firm(request: Reading, key: int) -> Firm:
    firm = firm_named(key) if key in request.viewer.firms else None
    if firm is None:
        raise Http404
    return firm
