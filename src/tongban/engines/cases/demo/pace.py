"""How time passes in the life of a case: in working hours, in half-days, at home."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from tongban.core.calendar.logic import CountFrom, Unit
from tongban.core.calendar.queries import calendar_now
from tongban.engines.cases.limits import due_of, limit_on

OFFICE_DAY = 7.0  # working hours


class Pace:
    """A clock that somebody's work moves on."""

    def __init__(self, now: datetime, rng: Random, *, haste: float, tardy: float) -> None:
        self.now, self.rng, self.haste, self.tardy = now, rng, haste, tardy
        self.promised: datetime | None = None

    def wait(self, low: float, high: float) -> None:
        """Some working hours pass."""
        hours = self.rng.uniform(low, high) * self.haste
        self.now = calendar_now().due(self.now, hours, Unit.WORKING_HOURS, CountFrom.MOMENT).at

    def wait_for_sign_in(self) -> None:
        """A moment in the half-day that a unit has to take it on; now and then a later one."""
        end = due_of(limit_on("sign_in", self.now), self.now).at
        if self.rng.random() < self.tardy:
            self.now = end
            self.wait(0.2, 5)
            return
        self.now += (end - self.now) * self.rng.uniform(0.1, 0.9) * self.haste
        self.wait(0, 0.02)

    def left(self) -> float:
        """How many working hours are left of what was promised; a day where none are."""
        found = calendar_now().elapsed(self.now, self.promised, Unit.WORKING_HOURS) if self.promised else 0.0
        return found if found > 0 else OFFICE_DAY

    def wait_at_home(self, low: float, high: float) -> None:
        """Some hours pass, but none at night."""
        self.now += timedelta(hours=self.rng.uniform(low, high) * self.haste)
        local = calendar_now().local(self.now)
        if local.hour < 7:
            self.now += timedelta(hours=7 - local.hour + self.rng.random())

    def in_time(self) -> bool:
        """Whether what was promised has not passed."""
        return self.promised is not None and self.now < self.promised
