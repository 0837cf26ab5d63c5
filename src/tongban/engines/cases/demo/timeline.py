"""Many lives, told in the order in which things happened."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import count

from django.db import transaction

from tongban.core.calendar.queries import calendar_now
from tongban.core.ledger.actor import WORKER
from tongban.core.ledger.seals import make_seal
from tongban.core.ledger.worker import appoint, run_pending, waiting
from tongban.core.registry import reference
from tongban.engines.cases.actions.escalating import escalate
from tongban.engines.cases.models import Case

_NIGHT = timedelta(hours=4)  # after midnight, when all daily duties have come
_RECENT = timedelta(days=9)

# A life does something, then says when it wants to go on.
Life = Iterator[datetime]


class Timeline:
    """Lives side by side. One that wants to go on after the end stays as it is then."""

    def __init__(self) -> None:
        self._waiting: list[tuple[datetime, int, Life]] = []
        self._number = count()

    def add(self, life: Life) -> None:
        """Let a life take its place."""
        moment = next(life, None)
        if moment is not None:
            heapq.heappush(self._waiting, (moment, next(self._number), life))

    def run(self, begin: datetime, end: datetime, progress: Callable[[float], None]) -> None:
        """Live from ``begin`` to ``end``; ``progress`` is told how much of the time has passed.

        A day is one transaction: a demo is whole or is built anew, so nothing is lost by fewer commits. Each night has
        its seal; notices and messages are made for the last days only, the older ones would have been read long ago.
        """
        calendar = calendar_now()
        night = begin
        while night < end:
            night = min(calendar.begins(calendar.day_of(night) + timedelta(days=1)) + _NIGHT, end)
            with transaction.atomic(), reference.hold():
                while self._waiting and self._waiting[0][0] <= night:
                    moment, _, life = heapq.heappop(self._waiting)
                    climb_until(moment)
                    self._go_on(moment, life)
            with transaction.atomic(), reference.hold():
                _night(night, recent=night > end - _RECENT)
            progress((night - begin) / (end - begin))

    def _go_on(self, moment: datetime, life: Life) -> None:
        again = next(life, None)
        if again is not None:
            heapq.heappush(self._waiting, (max(again, moment), next(self._number), life))


def climb_until(moment: datetime) -> None:
    """Let every rung act at the moment at which it was due."""
    due = Case.objects.filter(rises_at__lte=moment).order_by("rises_at", "pk").values_list("pk", "rises_at")
    while (found := due.first()) is not None:
        key, at = found
        assert at is not None  # filtered
        escalate(case=key, by=WORKER, at=at)


def _night(at: datetime, *, recent: bool) -> None:
    """What the worker has done by ``at``."""
    if recent:
        appoint(at)
        run_pending(at)
    else:
        waiting(at).update(done_at=at)
        make_seal(at=at)
