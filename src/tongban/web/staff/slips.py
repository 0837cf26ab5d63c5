"""A supervision slip as it is printed."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tongban.core.calendar.queries import calendar_now
from tongban.core.labels import Label
from tongban.core.registry.queries import directory
from tongban.engines.cases import queries
from tongban.engines.cases.models import Slip
from tongban.engines.cases.queries.meetings import slips
from tongban.web.reading import Reading
from tongban.web.staff.acting import worker


@require_safe
@worker
def slip(request: Reading, key: int, slip: int) -> HttpResponse:
    """One slip of a case, for paper."""
    found = next((s for s in slips(request.viewer, key) if s.pk == slip), None)
    detail = queries.case_detail(request.viewer, key, request.at)
    if found is None or detail is None:
        raise Http404
    context = {
        "slip": found, "detail": detail, "case": detail.case, "number": slip_number(found),
        "unit": directory().bodies[found.unit_id].name, "ended": slip_ended(found),
    }  # fmt: skip
    return render(request, "web/staff/slip.html", context)


_ENDED = {
    Slip.Ending.ANSWERED: Label("没有反馈；已答复，不用再反馈", "not reported on; the case was answered"),
    Slip.Ending.OVER: Label("没有反馈；这一件已了结", "not reported on; the case has ended"),
    Slip.Ending.MOVED: Label(
        "没有反馈；这一件已不由它负责", "not reported on; the unit no longer answers for the case"
    ),
    Slip.Ending.RENEWED: Label("到期没有反馈，已另发一张", "not reported on in time; another was issued"),
}


def slip_ended(slip: Slip) -> Label | None:
    """What has ended a slip on which nobody reported."""
    return _ENDED[Slip.Ending(slip.ended_how)] if slip.ended_how else None


def slip_number(slip: Slip) -> str:
    """The number that stands on paper: the year it was issued, and its own."""
    return f"{calendar_now().day_of(slip.issued_at).year}-{slip.pk:04d}"
