"""How long it is remembered that something went out: a dated limit, like every other length of time."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from tongban.core.calendar.queries import calendar_now
from tongban.core.ledger.worker import Task, daily, handles
from tongban.core.notices.keeping import prune, prune_files
from tongban.engines.cases.limits import LIMITS, RETENTION
from tongban.engines.cases.models import Limit

PRUNE = "cases.messages.prune"
#: However short the limit is set, what may still be tried or told again keeps its key.
LEAST = timedelta(days=30)


@handles(PRUNE, outside=True)
def prune_messages(task: Task) -> None:
    """Each night: remove what has been kept for the time that is in force; where none is, everything stays."""
    limit = LIMITS.on(RETENTION, calendar_now().day_of(task.at))
    if limit is not None:
        before = kept_from(limit, task.at)
        prune(before)
        prune_files(before)


def kept_from(limit: Limit, at: datetime) -> datetime:
    """Made before this moment, it need not be kept at ``at``. The limit counts calendar days (:func:`set_limit` sees to it)."""
    return at - max(timedelta(days=limit.amount), LEAST)


daily(PRUNE, time(2, 50))
