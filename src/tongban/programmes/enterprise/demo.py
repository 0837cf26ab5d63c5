"""What firms asked in the last weeks, and how the county answered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from tongban.engines.cases.demo import DemoCounty, Drawing, begin_desk, book, firm_asks, live, staged
from tongban.engines.visits.demo import Calls
from tongban.programmes.enterprise.past import build as past

__all__ = ["build", "past"]

# Hour of the day → how many write then.
_HOURS = {8: 6, 9: 14, 10: 14, 11: 8, 13: 8, 14: 12, 15: 12, 16: 10, 17: 5, 19: 2, 20: 2, 21: 1}
_CASES = 150


def build(county: DemoCounty, seed: int, at: datetime, progress: Callable[[float], None]) -> None:
    """Put this programme's people into the county and its cases on the county's timeline.

    The lives begin when the county's timeline runs, side by side with those of the other programmes, until ``at``.
    """
    if not county.clerks:
        county.invite_firms(max(6, round(60 * county.size)))
    drawing = Drawing(
        county=county, programme="enterprise", kind="request", desk="desk-enterprise",
        book=book("tongban.programmes.enterprise"), asks=firm_asks, hours=_HOURS, weekend=0.12,
    )  # fmt: skip
    begin_desk(county, drawing.desk)
    calls = Calls(county)
    for number, plan in enumerate(staged(drawing, _CASES)):
        county.timeline.add(live(county, plan, calls.opens(plan)))
        progress(number / _CASES)
    calls.begin()
