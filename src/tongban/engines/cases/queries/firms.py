"""What a firm has asked openly, as far as a viewer may see it: at work, for the firm, or as its liaison officer.

A confidential request stands in no firm's file: it has no row under the firm in the scope table.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from tongban.core import cursors
from tongban.core.access import holders
from tongban.core.access.viewer import Viewer
from tongban.core.calendar.queries import calendar_now
from tongban.engines.cases.logic.periods import parse
from tongban.engines.cases.models import Case, CaseScope
from tongban.engines.cases.queries.cohorts import cohorts
from tongban.engines.cases.queries.figures import Figures
from tongban.engines.cases.queries.rows import PAGE, Page, rows_of
from tongban.engines.cases.queries.sight import Sight, as_liaison, at_work

_COUNTED = ("accepted", "answered", "closed", "rated", "satisfied", "due", "in_time")


def firm_cases(viewer: Viewer, firm: int, *, after: str = "", limit: int = PAGE) -> Page:
    """The firm's requests that the viewer may see, newest first; at most three queries."""
    before = cursors.key_of(after) or 2**62
    found = _rows(viewer, firm).filter(case_id__lt=before).order_by("-case_id")
    keys = list(found.values_list("case_id", flat=True)[: limit + 1])
    return Page(rows_of(keys[:limit]), str(keys[limit - 1]) if len(keys) > limit else "")


def firm_figures(viewer: Viewer, firm: int, at: datetime) -> Figures:
    """The counts of those, of the year in which ``at`` lies."""
    known = cohorts(parse(str(calendar_now().day_of(at).year), calendar_now().day_of(at)), at)
    cases = Case.objects.filter(firm=firm, pk__in=_rows(viewer, firm).values("case_id"))
    counts = {code: Count("pk", filter=known[code]) for code in _COUNTED}
    return Figures({code: n or 0 for code, n in cases.aggregate(**counts).items()})


def firm_matters(viewer: Viewer, firm: int, programme: str) -> list[tuple[str, int, int]]:
    """(category, how many, how many of them not closed yet) of those of one programme, most first; one query."""
    cases = Case.objects.filter(firm=firm, programme=programme, pk__in=_rows(viewer, firm).values("case_id"))
    found = cases.values("category").annotate(n=Count("pk"), unclosed=Count("pk", filter=Q(closed_at=None)))
    return [(row["category"], row["n"], row["unclosed"]) for row in found.order_by("-n", "category")]


def _rows(viewer: Viewer, firm: int) -> QuerySet[CaseScope]:
    """The firm's rows of the scope table whose cases the viewer may see."""
    holder = holders.firm(firm)
    rows = CaseScope.objects.filter(holder=holder)
    if firm in viewer.firms:
        return rows
    liaison = as_liaison(viewer)
    if holder in liaison.holders:
        return rows.filter(Sight(((holder, ""),), liaison.barred).rows())
    working = at_work(viewer)
    if not working:
        return rows.none()
    seen = CaseScope.objects.filter(working.rows(), case_id=OuterRef("case_id"))
    return rows.filter(Q(Exists(seen)))
