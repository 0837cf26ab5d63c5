"""The third step: how far it is, what there is to say about the rows, and taking it back."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from tongban.core.labels import Label
from tongban.core.refusals import Refused
from tongban.engines.cases.importing import reports
from tongban.engines.cases.importing.ordering import order_undo
from tongban.engines.cases.importing.queries import BatchDetail, batch_detail
from tongban.engines.cases.importing.reports import SORTS, Sort
from tongban.web.guard import refused
from tongban.web.imports.shared import SHAPES, STATES, actor, agent, page, programme_name, said
from tongban.web.reading import Reading

_SHOWN = 100
_FIRST = (Sort.FILE, Sort.REFUSED, Sort.DIFFERS, Sort.TWICE, Sort.REMARK)
_MOVING = ("running", "undoing")


def _context(request: Reading, found: BatchDetail) -> dict[str, Any]:
    report = found.report
    notes = sorted(report.notes, key=lambda n: (_FIRST.index(n.sort), n.row)) if report else []
    shown = [
        (n.row, SORTS[n.sort], c.text(request.language) if (c := n.column(report.headings, report.places)) else "",
         n.refusal.sentence(request.language))
        for n in notes[:_SHOWN]
    ] if report else []  # fmt: skip
    return {
        "row": found.row, "programme": programme_name(found.row.programme), "state": STATES[found.row.state],
        "shape": SHAPES[found.row.state], "moving": found.row.state in _MOVING, "notes": shown,
        "unshown": len(notes) - len(shown), "refused_rows": bool(report and report.of(Sort.REFUSED)),
        "left": found.left, "refusal": found.refusal,
        "gone": report is None and found.row.state in ("done", "undone") and found.row.refused > 0,
    }  # fmt: skip


@agent
@require_safe
def batch(request: Reading, key: int) -> HttpResponse:
    """One import."""
    try:
        found = batch_detail(request.viewer, request.at, key)
    except Refused as refusal:
        return refused(request, refusal, status=404)
    return page(request, "batch", _context(request, found))


@agent
@require_safe
def progress(request: Reading, key: int) -> HttpResponse:
    """How far it is, for the page that asks every two seconds; when it has ended, the page is loaded anew."""
    try:
        found = batch_detail(request.viewer, request.at, key)
    except Refused as refusal:
        return refused(request, refusal, status=404)
    answer = page(request, "progress", _context(request, found))
    if found.row.state not in _MOVING:
        answer["HX-Refresh"] = "true"
    return answer


@agent
@require_safe
def refused_rows(request: Reading, key: int) -> HttpResponse:
    """The rows that were left out, as a table to be mended."""
    try:
        found = batch_detail(request.viewer, request.at, key)
    except Refused as refusal:
        return refused(request, refusal, status=404)
    if found.report is None or not found.report.of(Sort.REFUSED):
        return redirect("web:import-batch", key=key)
    answer = HttpResponse(reports.table(found.report, request.language), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="refused-{key}.csv"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@agent
@require_http_methods(["GET", "HEAD", "POST"])
def undo(request: Reading, key: int) -> HttpResponse:
    """Ask before taking an import back (GET), then do it (POST)."""
    try:
        found = batch_detail(request.viewer, request.at, key)
        if request.method == "POST":
            order_undo(batch=key, by=actor(request), at=request.at)
            said(
                request,
                Label(
                    "开始撤销，完成后这一批的件就都看不到了。",
                    "Undoing has begun; its cases will be gone when it is done.",
                ),
            )
            return redirect("web:import-batch", key=key)
    except Refused as refusal:
        return refused(request, refusal, status=404 if refusal.code == "undo.unknown" else 409)
    return page(request, "undo", _context(request, found))
