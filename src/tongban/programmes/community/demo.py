"""What residents asked in the last weeks, and how the county answered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from tongban.engines.cases.demo import (
    DemoCounty,
    Drawing,
    begin_desk,
    book,
    live,
    resident_asks,
    staged,
)

# Hour of the day → how many write then.
_HOURS = {7: 4, 8: 8, 9: 9, 10: 8, 11: 6, 12: 5, 13: 4, 14: 6, 15: 6, 16: 6, 17: 6, 18: 7, 19: 11, 20: 12, 21: 9, 22: 4}
_CASES = 250


def build(county: DemoCounty, seed: int, at: datetime, progress: Callable[[float], None]) -> None:
    """Put this programme's people into the county and its cases on the county's timeline.

    The lives begin when the county's timeline runs, side by side with those of the other programmes, until ``at``.
    """
    county.invite_residents(max(8, round(70 * county.size)))
    county.invite_callers(max(6, round(50 * county.size)))
    drawing = Drawing(
        county=county, programme="community", kind="request", desk="desk-community",
        book=book("tongban.programmes.community"), asks=resident_asks, hours=_HOURS, weekend=0.4,
    )  # fmt: skip
    begin_desk(county, drawing.desk)
    for number, plan in enumerate(staged(drawing, _CASES)):
        county.timeline.add(live(county, plan))
        progress(number / _CASES)
