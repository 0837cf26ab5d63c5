"""What the board's rates are to reach: which target is in force on a day."""

from __future__ import annotations

from datetime import date

from tongban.core.dated.queries import Versions
from tongban.core.labels import Label
from tongban.engines.cases.models import Target

REFERENCE = "targets"
# The rates by which units are ranked, and which may have a target.
RATES: dict[str, Label] = {
    "on_time": Label("按时答复率", "Answered on time"),
    "closure": Label("办结率", "Closure rate"),
    "satisfaction": Label("满意率", "Satisfaction"),
}
TARGETS = Versions(Target, REFERENCE)


def target_on(code: str, day: date) -> Target | None:
    """The target of a rate in force on ``day`` (a day in the county's zone); None where there is none, or it is 0."""
    found = TARGETS.on(code, day)
    return found if found and found.percent else None
