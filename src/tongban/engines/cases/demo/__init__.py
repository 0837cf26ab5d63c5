"""A believable past for the cases of a demo county: who is there, what was told, and how each case went.

Everything goes through the actions, at moments that lie in the past; a programme's ``demo.py`` brings the stories.
"""

from tongban.engines.cases.demo.asking import firm_asks, resident_asks
from tongban.engines.cases.demo.county import DemoCounty
from tongban.engines.cases.demo.life import live
from tongban.engines.cases.demo.plans import Drawing
from tongban.engines.cases.demo.stories import stories

__all__ = ["DemoCounty", "Drawing", "firm_asks", "live", "resident_asks", "stories"]
