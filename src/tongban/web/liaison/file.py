"""A firm's file: what the register, the desk and the programmes know of it, each part for those who may know it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from tongban.core.registry.actions import firm_dissolved
from tongban.core.registry.queries import directory
from tongban.engines.cases import queries
from tongban.engines.cases.queries.firms import firm_cases, firm_figures
from tongban.engines.visits.queries.files import visit_limit
from tongban.web.liaison.forms import GiveForm, MoveForm, PlanForm
from tongban.web.liaison.shared import known_file, officer, own_file, staff
from tongban.web.panels import panels
from tongban.web.promised import row_promised
from tongban.web.public.shown import shown
from tongban.web.reading import Reading
from tongban.web.staff.acting import WORKERS


@staff
@require_safe
def firm(request: Reading, key: int) -> HttpResponse:
    """The file."""
    return page(request, key)


def page(request: Reading, key: int, *, status: int = 200, **forms: Any) -> HttpResponse:
    """Draw the file, with a form that was refused in place of an empty one."""
    visits = request.GET.get("visits", "")
    file = known_file(request, key, visits)
    given = {"plan": PlanForm, "move": MoveForm, "give": GiveForm}
    rows = firm_cases(request.viewer, key, after=request.GET.get("after", ""), limit=20)
    context = {
        "file": file, "firm": file.firm, "visits_after": visits, "gone": firm_dissolved(file.firm, request.at),
        "town": directory().places[file.firm.area_id].name, "limit": visit_limit(request.at),
        "rows": [(row, row_promised(row)) for row in rows.rows], "after": rows.after,
        "total": firm_figures(request.viewer, key, request.at), "works": bool(request.viewer.grants_for(*WORKERS)),
        "panels": panels("firm", request.viewer, file.firm), "tried": next(iter(forms.values()), None),
        **{name: forms.get(name) or form(language=request.language) for name, form in given.items()},
    }  # fmt: skip
    return render(request, "web/liaison/file.html", context, status=status)


@officer
@require_safe
def request_of_firm(request: Reading, key: int, case: int) -> HttpResponse:
    """One of the firm's requests as its liaison officer follows it; whoever works on it goes to its own page."""
    detail = queries.case_detail(request.viewer, case, request.at)
    if detail is None or detail.firm is None or detail.firm.pk != key:
        raise Http404
    if detail.level >= 3:
        return HttpResponseRedirect(reverse("web:case", args=[case]))
    file = own_file(request, key)
    return render(request, "web/liaison/request.html", {**shown(detail, request.at), "file": file, "firm": file.firm})
