"""Every write of the visits engine."""

from tongban.engines.visits.actions.assigning import (
    assign_liaison,
    assign_many,
    end_liaison,
    hand_over_firm,
    hand_over_firms,
)
from tongban.engines.visits.actions.hearing import open_heard
from tongban.engines.visits.actions.timing import miss_visit
from tongban.engines.visits.actions.visiting import cancel_visit, log_visit, move_visit, plan_visit

__all__ = [
    "assign_liaison", "assign_many", "cancel_visit", "end_liaison", "hand_over_firm", "hand_over_firms", "log_visit",
    "miss_visit", "move_visit", "open_heard", "plan_visit",
]  # fmt: skip
