"""A believable past for the cases of a demo county: who is there, what was told, and how each case went.

Everything goes through the actions, at moments that lie in the past; a programme's ``demo.py`` brings the stories.
"""

from tongban.engines.cases.demo.asking import any_firm_asks, firm_asks, resident_asks
from tongban.engines.cases.demo.county import DemoCounty
from tongban.engines.cases.demo.life import live
from tongban.engines.cases.demo.plans import Drawing, Habits
from tongban.engines.cases.demo.staging import begin_desk, staged
from tongban.engines.cases.demo.stories import book
from tongban.engines.cases.demo.year import Counts, Curve, Year, write_year

__all__ = [
    "Counts", "Curve", "DemoCounty", "Drawing", "Habits", "Year", "any_firm_asks", "begin_desk", "book", "firm_asks",
    "live", "resident_asks", "staged", "write_year",
]  # fmt: skip
