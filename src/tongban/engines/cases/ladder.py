"""The ladder (兜底) that a late case climbs: which rung acts when. The lengths are dated data; the order is fixed."""

from __future__ import annotations

from datetime import datetime

from tongban.core.calendar.logic import Calendar, CountFrom, Unit
from tongban.core.calendar.queries import calendar_now
from tongban.core.dated.queries import Versions
from tongban.core.labels import Label
from tongban.engines.cases.models import Rung
from tongban.engines.cases.request import REQUEST

REFERENCE = "rungs"
RUNGS = Versions(Rung, REFERENCE)
# In the order in which they act.
LADDER: dict[str, Label] = {
    "remind": Label("提醒", "Remind"),
    "urge": Label("催办", "Urge"),
    "supervise": Label("督办", "Supervise"),
    "monthly": Label("提交月度例会", "To the monthly meeting"),
    "joint": Label("提交联席会议", "To the joint meeting"),
}
ORDER = tuple(LADDER)
# What is answered and only waits to be closed is nobody's grief: it is urged, and goes before no meeting.
_LAST = {"answered": ORDER.index("urge")}


def next_rung(due: datetime | None, state: str, risen: int, at: datetime) -> tuple[int, datetime] | None:
    """The next rung (its place in ORDER) from the place ``risen`` on, and when it acts; None at the top, and of what is over."""
    if due is None or state in REQUEST.ended:
        return None
    calendar = calendar_now()
    rungs = RUNGS.all_on(calendar.day_of(at))
    for place in range(risen, _LAST.get(state, len(ORDER) - 1) + 1):
        rung = rungs.get(ORDER[place])
        if rung is not None and rung.active:
            return place, moment_of(calendar, due, rung.amount, rung.unit, rung.before)
    return None


def first_rung(due: datetime | None, state: str, at: datetime) -> tuple[int, datetime] | None:
    """The first rung for a due time that was set at ``at``: none reminds of what has just been given."""
    found = next_rung(due, state, 0, at)
    if found is not None and due is not None and found[1] <= at < due:
        return next_rung(due, state, found[0] + 1, at)
    return found


def moment_of(calendar: Calendar, due: datetime, amount: int, unit: str, before: bool) -> datetime:
    """When a rung acts for what is due at ``due``."""
    if before:
        return calendar.before(due, amount, Unit(unit))
    if not amount:
        return due
    # Whole days later is so many days after the day due; hours go on from the moment itself.
    count_from = CountFrom.MOMENT if unit == Unit.WORKING_HOURS else CountFrom.NEXT_DAY
    return calendar.due(due, amount, Unit(unit), count_from).at
