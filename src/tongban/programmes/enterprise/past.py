"""The year 2020 of the enterprise desk, invented so that the figures which a newspaper printed of it result.

Printed were: 7,796 problems, 99.92% closed, 99.55% satisfied, five hard ones solved by joint meetings. 99.92% of 7,796 is
7,790 and no other number. Of how many the satisfied were counted is not said: here of 5,117 ratings.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from tongban.engines.cases.demo import Counts, Curve, DemoCounty, Drawing, Habits, Year, any_firm_asks, book, write_year

PRINTED = Counts(
    year=2020, accepted=7796, closed=7790, rated=5117, satisfied=5094, met=5, declined=96, referred=58, withdrawn=71
)
# The virus came with the Spring Festival: firms stayed closed until 9 February, then all wanted to begin again at once.
CURVE = Curve(
    months=(0.95, 1.05, 1.3, 1.15, 1.0, 0.97, 0.9, 0.93, 1.0, 0.95, 1.08, 1.05),
    day_off=0.09,
    stretches={
        (date(2020, 1, 20), date(2020, 1, 23)): 0.6,
        (date(2020, 1, 24), date(2020, 2, 2)): 0.5,
        (date(2020, 2, 3), date(2020, 2, 9)): 0.35,
        (date(2020, 12, 28), date(2020, 12, 30)): 0.45,
    },
    last=date(2020, 12, 30),
)
# When the joint meeting sat.
MEETINGS = (date(2020, 3, 27), date(2020, 5, 22), date(2020, 7, 24), date(2020, 9, 25), date(2020, 11, 20))
# Hour of the day → how many write then.
_HOURS = {7: 1, 8: 9, 9: 15, 10: 14, 11: 7, 12: 2, 13: 8, 14: 13, 15: 12, 16: 10, 17: 4, 18: 1, 19: 1, 20: 1, 21: 1}
_HABITS = Habits(
    passed_on=0,
    late=0.012,
    tardy=0.03,
    returned=0.02,
    misgiven=0.25,
    asked=0.35,
    rejected=0.05,
    handed_over=0.04,
    hard=0.012,
    titled=0.5,
)
_CASES_EACH = 9


def drawing(county: DemoCounty) -> Drawing:
    """Who asked, and what."""
    return Drawing(
        county=county, programme="enterprise", kind="request", desk="desk-enterprise",
        book=book("tongban.programmes.enterprise", "past.toml"), asks=any_firm_asks, hours=_HOURS, weekend=0.0,
        habits=_HABITS,
    )  # fmt: skip


def build(county: DemoCounty, progress: Callable[[float], None], counts: Counts = PRINTED) -> None:
    """Put the year into the county: its firms, and what they asked."""
    county.invite_firms(max(6, round(60 * county.size)))
    county.know_firms(counts.accepted // _CASES_EACH)
    year = Year(drawing(county), counts, CURVE)
    county.call_joint_meetings("desk-enterprise", MEETINGS)
    write_year(year.histories(), counts.accepted, progress)
    county.end_joint_meetings()
