"""Moments as people read them: in the county's zone, no more exactly than they are known."""

from __future__ import annotations

from datetime import datetime

from tongban.core.calendar.logic import day_words
from tongban.core.calendar.queries import county_zone
from tongban.core.labels import Label
from tongban.core.ledger.actor import Precision

UNKNOWN = Label("—", "—")


def moment_words(moment: datetime | None, precision: str = "second", *, now: datetime | None = None) -> Label:
    """The moment as a label; the year is left out when it is the present one."""
    if moment is None or precision == Precision.UNKNOWN:
        return UNKNOWN
    local = moment.astimezone(county_zone())
    this_year = now is not None and now.astimezone(county_zone()).year == local.year
    day = day_words(local.date(), with_year=not this_year)
    if precision == Precision.DAY:
        return day
    return Label(f"{day.zh} {local:%H:%M}", f"{day.en}, {local:%H:%M}")
