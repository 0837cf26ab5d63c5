"""Which answered requests still wait for the viewer's own rating."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection

from tongban.core.access.viewer import Viewer
from tongban.engines.cases.models import Case, Rating
from tongban.engines.cases.queries.workers import worked_on

_CASE, _RATING = Case._meta.db_table, Rating._meta.db_table


def waits_for_rating(viewer: Viewer, at: datetime) -> tuple[str, list[Any]]:
    """For raw SQL: nobody has rated the case ``c``, its link is still good, and the viewer is one who may rate it.

    It is told to those alone who may rate, so that a list tells no follower how a case was judged.
    """
    his, whose = _asked_by(viewer)
    if not his:
        return "1 = 0", []
    until = connection.ops.adapt_datetimefield_value(at)
    waits = f"SELECT 1 FROM {_RATING} r WHERE r.case_id = c.id AND r.grade IS NULL AND r.expires_at >= %s"
    condition, params = f"EXISTS ({waits}) AND ({his})", [until, *whose]
    if viewer.account is not None:  # whoever worked on it does not rate it
        worked, his_work = worked_on(viewer.account)
        condition += f" AND NOT {worked}"
        params += his_work
    return condition, params


def _asked_by(viewer: Viewer) -> tuple[str, list[Any]]:
    """The case is his own, or that of a firm for which he may act and which may know of it."""
    parts, params = [], []
    if viewer.person is not None:
        parts.append("c.requester_id = %s")
        params.append(viewer.person)
    if viewer.firms:
        parts.append(f"(c.firm_id IN ({', '.join(['%s'] * len(viewer.firms))}) AND NOT c.confidential)")
        params += sorted(viewer.firms)
    return " OR ".join(parts), params


def may_rate(viewer: Viewer, case: int, at: datetime) -> bool:
    """Whether this case waits for the viewer's rating; one query."""
    waits, params = waits_for_rating(viewer, at)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM {_CASE} c WHERE c.id = %s AND {waits}", [case, *params])
        return cursor.fetchone() is not None
