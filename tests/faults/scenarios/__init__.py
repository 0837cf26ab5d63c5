"""One representative of each action of the house: what it needs, and the call itself.

``SCENARIOS`` maps an action's name to a function that prepares everything and gives the call. It may be asked several
times and must give a fresh call each time.
"""

from tests.faults.scenarios import (  # noqa: F401 - each registers its own
    access,
    administration,
    calendar,
    cases,
    files,
    notices,
    publication,
    registry,
    same,
    visits,
)
from tests.faults.scenarios.shared import SCENARIOS

__all__ = ["SCENARIOS"]
