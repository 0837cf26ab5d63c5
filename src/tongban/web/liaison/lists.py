"""Lists of firms: my own, those due first; and all, by name or by when the next visit is due."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tongban.core.registry.queries import directory
from tongban.engines.visits.authority import may_assign
from tongban.engines.visits.queries import lists
from tongban.engines.visits.queries.files import visit_limit
from tongban.web.liaison.shared import officer, staff
from tongban.web.reading import Reading
from tongban.web.staff.acting import number_of, town_of


@officer
@require_safe
def my_firms(request: Reading) -> HttpResponse:
    """The firms on which I call: visits due first."""
    found = lists.my_firms(request.viewer, request.at, after=request.GET.get("after", ""))
    late = [row for row in found.rows if row.charge and row.charge.late]
    context = {
        "rows": found.rows, "after": found.after, "count": lists.my_count(request.viewer, request.at),
        "first": not request.GET.get("after"), "late": len(late), "all_late": len(late) == len(found.rows), "limit": visit_limit(request.at), "assigns": may_assign(request.viewer),
    }  # fmt: skip
    return render(request, "web/liaison/mine.html", context)


@staff
@require_safe
def firms(request: Reading) -> HttpResponse:
    """All firms."""
    by = request.GET.get("by", "")
    wanted = {
        "by": by if by in ("due", "none") else "name",
        "town": town_of(request),
        "officer": number_of(request, "officer"),
    }
    found = lists.firms_page(request.viewer, request.at, **wanted, after=request.GET.get("after", ""))  # type: ignore[arg-type]
    context = {
        "rows": found.rows, "after": found.after, "wanted": wanted, "towns": directory().towns(),
        "area": request.GET.get("area", ""),
        "assigns": may_assign(request.viewer), "limit": visit_limit(request.at), "first": not request.GET.get("after"),
    }  # fmt: skip
    return render(request, "web/liaison/firms.html", context)
