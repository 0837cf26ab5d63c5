"""The desk's page of answers that wait to be called back (回访): the latest first, while people still remember them."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tongban.core.labels import Label
from tongban.core.registry.queries import directory
from tongban.engines.cases.outcome import OUTCOMES, UNSTATED_LABEL
from tongban.engines.cases.queries.callbacks import FRESH, MOST, TRIED, Wanted, calls, calls_page
from tongban.engines.cases.queries.cohorts import ORDERS
from tongban.engines.cases.queries.desk import waiting
from tongban.engines.programme.scan import programmes
from tongban.web.reading import Reading
from tongban.web.staff.acting import agent, town_of
from tongban.web.staff.export import LARGE, stream
from tongban.web.staff.lines import lines


@require_safe
@agent
def callbacks(request: Reading) -> HttpResponse:
    """The list; each call is made, and what it found written down, on the case's own page."""
    given = request.GET
    wanted = Wanted(
        given.get("tried", ""), given.get("programme", ""), town_of(request), given.get("outcome", ""), given.get("since") == "all"
    )  # fmt: skip
    if given.get("format") == "csv":
        return stream(request, lambda cursor: calls_page(request.viewer, request.at, wanted=wanted, after=cursor, limit=LARGE), "callbacks")  # fmt: skip
    found = calls(request.viewer, request.at, wanted=wanted, after=given.get("after", ""))
    known = directory()
    context = {
        "page": found.page, "rows": found.page.rows, "lines": lines(found.page.rows), "first": not given.get("after"),
        "count": found.count, "many": found.count >= MOST, "wanted": wanted, "narrowed": wanted != Wanted(),
        "days": FRESH.days, "tried": TRIED, "order": ORDERS["answered_at"], "towns": known.towns(),
        "programmes": list(programmes().values()), "outcomes": {**OUTCOMES, "unstated": UNSTATED_LABEL},
        "town": known.places[wanted.town].name if wanted.town else None, "area": given.get("area", ""), "agent": True,
        "waiting": waiting(request.viewer, request.at, "", town=wanted.town), "told_when": Label("答复", "Answered"),
    }  # fmt: skip
    return render(request, "web/staff/callbacks.html", context)
