"""Taking on and returning: figures that count assignments, each for the unit whose duty it was.

A case that was returned and given again has been assigned twice: it counts twice, and stands twice in the list behind.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from tongban.core.access.viewer import Viewer
from tongban.core.calendar.queries import calendar_now
from tongban.core.labels import Label
from tongban.engines.cases.logic.periods import Period
from tongban.engines.cases.models import Assignment
from tongban.engines.cases.queries.cohorts import Slice, sliced, within

MOMENT = "begins_at"
# Those that the board shows, in the order of `counts`; a list is there for each of NAMES.
COUNTED = ("sign_in_due", "signed_in_time", "assigned", "returned", "transferred")
NAMES = {
    "assigned": Label("交办", "assigned"),
    "returned": Label("交办后被退回", "assigned and returned"),
    "transferred": Label("单位之间转办", "passed from one unit to another"),
    "sign_in_due": Label("交办、签收时限已到", "assigned, to be taken on by now"),
    "signed_in_time": Label("按时签收", "taken on in time"),
    "not_signed_in_time": Label("没有按时签收", "not taken on in time"),
}


def conditions(period: Period, at: datetime) -> dict[str, Q]:
    """Code → the lead assignments that this figure counts: made in the period."""
    begun = begun_in(period) & Q(lead=True)
    # Returned before it had to be taken on: the unit did react, and there was nothing left to take on.
    reacted = Q(signed_in_at=None, returned_at__isnull=False, returned_at__lte=F("sign_in_due_at"))
    due = begun & Q(sign_in_due_at__lte=at) & ~reacted
    in_time = Q(signed_in_at__isnull=False, signed_in_at__lte=F("sign_in_due_at"))
    return {
        "assigned": begun,
        "returned": begun & Q(returned_at__isnull=False),
        "transferred": begun & Q(transferred=True),
        "sign_in_due": due,
        "signed_in_time": due & in_time,
        "not_signed_in_time": due & ~in_time,
    }


def begun_in(period: Period) -> Q:
    """Assignments of the period, by the index of their beginning alone."""
    calendar = calendar_now()
    return within(MOMENT, calendar.begins(period.first), calendar.begins(period.end))


def given(viewer: Viewer, cut: Slice) -> QuerySet[Assignment]:
    """The assignments of a slice that ``viewer`` may see, not yet of a period: a unit's own, whoever leads now."""
    wide = Slice(cut.period, cut.programme, None, cut.town)
    found = Assignment.objects.filter(Exists(sliced(viewer, wide).filter(pk=OuterRef("case_id"))))
    return found.filter(unit=cut.unit) if cut.unit is not None else found


def counts(viewer: Viewer, at: datetime, cut: Slice, column: str) -> list[tuple[Any, ...]]:
    """(programme, unit or area, then COUNTED): one query. ``column`` divides."""
    known = conditions(cut.period, at)
    named = {f"n_{code}": Count("pk", filter=known[code]) for code in COUNTED}
    grouped = (
        given(viewer, cut).filter(known["assigned"]).order_by().values("case__programme", column).annotate(**named)
    )
    return list(grouped.values_list("case__programme", column, *named))
