"""How long it takes until all deadlines stand anew when the calendar changes under very many open cases."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max, Min
from django.utils import timezone

from tongban.cli.bench import climbs
from tongban.cli.bench import county as place
from tongban.core.calendar.actions import set_day
from tongban.core.calendar.queries import calendar_now
from tongban.core.calendar.writing import CHANGED
from tongban.core.database import analyse
from tongban.core.ledger.actor import COMMAND
from tongban.core.ledger.models import Entry, Outbox
from tongban.core.ledger.worker import perform, run_pending
from tongban.engines.cases.actions.clock import RECOMPUTE
from tongban.engines.cases.models import Case

NAME = "cases.recompute"


def opened(cases: int, tell: Callable[[int, int], None]) -> None:
    """So many requests, each promised and in the hands of a unit since yesterday, in a county that waits for nothing."""
    run_pending(timezone.now() + timedelta(hours=1))  # what a new county's own calendar asks for
    climbs.handled(place.NOW - timedelta(days=1), cases, told=tell)
    analyse()


def recomputed(tell: Callable[[int, int], None]) -> dict[str, Any]:
    """The day after these promises were made becomes a day of rest: seconds until the last of them stands anew.

    Done are the rows of the outbox that the change asks for, by one process; not those that then tell people.
    """
    cases, first = Case.objects.count(), Case.objects.aggregate(first=Min("promised_at"))["first"]
    day = calendar_now().day_of(place.NOW)
    begun = time.perf_counter()
    set_day(day=day, working=False, name_zh="试", by=COMMAND, at=place.NOW)
    locked = _done(CHANGED, tell, cases) + _done(RECOMPUTE, tell, cases)
    seconds = time.perf_counter() - begun
    moved = Entry.objects.filter(name=NAME).count()
    latest = Case.objects.aggregate(latest=Min("promised_at"))["latest"]
    if moved != cases or latest <= first:
        raise RuntimeError(f"of {cases:,} deadlines {moved:,} have moved")
    return {"seconds": seconds, "cases": cases, "moved": moved, "longest": max(locked) * 1000}


def _done(topic: str, tell: Callable[[int, int], None], cases: int) -> list[float]:
    """Do every row of a topic, as a worker does them; gives how long each took (s)."""
    spent: list[float] = []
    at: datetime = place.NOW
    rows = Outbox.objects.filter(topic=topic, done_at=None).order_by("pk")
    last = rows.aggregate(last=Max("pk"))["last"] or 0
    number = rows.count()
    after = 0
    while after < last and (row := rows.filter(pk__gt=after, pk__lte=last).first()) is not None:
        after = row.pk
        until = at + timedelta(minutes=5)
        Outbox.objects.filter(pk=row.pk).update(taken_until=until, attempts=1)
        row.taken_until, row.attempts = until, 1
        begun = time.perf_counter()
        error = perform(row, at)
        if error is not None:
            raise error
        spent.append(time.perf_counter() - begun)
        tell(len(spent) * cases // number, cases)
    return spent
