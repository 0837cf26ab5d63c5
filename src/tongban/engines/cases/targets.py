"""What the board's rates are to reach: which target is in force on a day."""

from __future__ import annotations

from datetime import date

from tongban.core.labels import Label
from tongban.core.registry.reference import copy_of
from tongban.engines.cases.models import Target

REFERENCE = "targets"
# The rates by which units are ranked, and which may have a target.
RATES: dict[str, Label] = {
    "on_time": Label("按时答复率", "Answered on time"),
    "closure": Label("办结率", "Closure rate"),
    "satisfaction": Label("满意率", "Satisfaction"),
}


def _load() -> dict[str, list[Target]]:
    found: dict[str, list[Target]] = {}
    for row in Target.objects.order_by("code", "valid_from"):
        found.setdefault(row.code, []).append(row)
    return found


def target_on(code: str, day: date) -> Target | None:
    """The target of a rate in force on ``day`` (a day in the county's zone); None where there is none, or it is 0."""
    found = [x for x in copy_of(REFERENCE, _load).get(code, ()) if x.valid_from <= day]
    return found[-1] if found and found[-1].percent else None
