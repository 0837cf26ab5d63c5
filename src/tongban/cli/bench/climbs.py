"""How surely and how soon late cases climb: rungs while workers are killed, and rungs that all fall due at one moment."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from random import Random

from django.db import connection
from django.utils import timezone

from tongban.cli.bench import county as place
from tongban.core.calendar.actions import set_day
from tongban.core.calendar.queries import calendar_now
from tongban.core.ledger.actor import COMMAND
from tongban.core.ledger.threads import Worker
from tongban.engines.cases.actions.rungs import set_rung
from tongban.engines.cases.bulk import History, Result, Step, write_histories
from tongban.engines.cases.climbing import climb
from tongban.engines.cases.ladder import ORDER
from tongban.engines.cases.models import AgendaItem, Case, Escalation, Slip

_STEPS = 40  # moments between the first rung and the last at which workers look
_LONGEST = 0.06  # seconds that a worker lives
_PATIENCE = 300.0
_IDLE = 5.0  # seconds after the closing that no worker runs


def wrong_after_kills(kills: int, cases: int, tell: Callable[[int, int], None]) -> int:
    """Let workers climb while ``kills`` of them are killed at any moment; gives how many rungs, slips and items on an agenda
    are there more or less often than once for each of ``cases`` late cases."""
    handled(place.NOW - timedelta(days=60), cases)
    begin, end = place.NOW - timedelta(days=56), place.NOW
    rng = Random(7)  # noqa: S311 - when to kill, guards nothing
    for kill in range(kills):
        at = begin + (end - begin) * (kill * _STEPS // kills / _STEPS)
        _killed(lambda at=at: climb(at), rng.uniform(0.002, _LONGEST))  # type: ignore[misc]
        if kill % 10 == 0:
            tell(kill, kills)
    climb(end)
    wrong = 0
    for rung in ORDER:
        wrong += abs(Escalation.objects.filter(rung=rung).count() - cases)
    wrong += Escalation.objects.count() - Escalation.objects.values("case", "rung").distinct().count()
    return wrong + abs(Slip.objects.count() - cases) + abs(AgendaItem.objects.count() - 2 * cases)


def seconds_late(cases: int, ahead: int, *, idle: bool = False) -> float:
    """A real worker and ``cases`` promises that all end at one closing, at least ``ahead`` seconds from now: seconds
    from that moment to the last rung; or, if until then the county is ``idle``, from the moment its worker starts."""
    now = timezone.now()
    local = calendar_now().local(now)
    closes = (local + timedelta(seconds=ahead)).replace(second=0, microsecond=0) + timedelta(minutes=1)
    if closes.date() != local.date():
        raise RuntimeError("it is too close to midnight to measure what falls due today")
    day = local.date()
    set_day(day=day, working=True, spans=f"00:00-{closes:%H:%M}", name_zh="试", by=COMMAND, at=now)
    for code, before in (("remind", True), ("urge", False)):
        set_rung(
            code=code, amount=0, unit="working_days", before=before, active=not before, valid_from=day, source="bench",
            confirmed=False, by=COMMAND, at=now,
        )  # fmt: skip
    handled(now - timedelta(minutes=1), cases, limit="today")
    if idle:
        time.sleep(max(0.0, (closes - timezone.now()).total_seconds()) + _IDLE)
    worker, begun = Worker(), timezone.now()
    worker.start()
    try:
        return _wait_for(cases, max(closes, begun))
    finally:
        worker.stop()


def handled(
    at: datetime, cases: int, limit: str = "", told: Callable[[int, int], None] = lambda done, whole: None
) -> None:
    """Requests that a unit has taken on at ``at`` and does nothing about."""
    county = place.build(cases)
    if limit:
        _due_today(limit, at)
    for done, outcome in enumerate(write_histories(_taken_on(county, at, cases, limit), quiet=True), 1):
        if outcome.result is not Result.OPENED:
            raise RuntimeError(f"the bench's histories do not fit the house: {outcome.refusal}")
        if done % 1000 == 0:
            told(done, cases)


def _taken_on(county: place.County, at: datetime, cases: int, limit: str) -> Iterator[History]:
    past, office = place.Past(county), county.offices[0]
    for _ in range(cases):
        opening = past.opening()
        agent = county.desks[opening.programme][0]
        steps = (
            Step("accept", agent, at), Step("assign", agent, at, {"unit": office.body.id, "limit": limit}),
            Step("sign_in", office.handlers[0], at),
        )  # fmt: skip
        yield History(opening, COMMAND, at, steps)


def _due_today(code: str, at: datetime) -> None:
    """A limit that ends when today closes."""
    from tongban.core.ledger.journal import Journal
    from tongban.core.registry import reference
    from tongban.engines.cases.limits import REFERENCE
    from tongban.engines.cases.models import Limit

    with Journal("bench.limit", by=COMMAND, at=at) as journal:
        journal.add(
            Limit(
                code=code, name_zh=code, name_en=code, amount=1, unit="working_days", start="moment",
                valid_from=calendar_now().day_of(at),
            )
        )  # fmt: skip
        reference.changed(REFERENCE)


def _killed(what: Callable[[], object], after: float) -> None:
    """Do it in a process that is killed ``after`` so many seconds, wherever it is then."""
    connection.close()
    child = os.fork()
    if not child:
        try:
            what()
        finally:
            os._exit(0)
    time.sleep(after)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def _wait_for(cases: int, due: datetime) -> float:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        if Escalation.objects.filter(rung="urge").count() >= cases:
            return max(0.0, (timezone.now() - due).total_seconds())
        time.sleep(0.2)
    left = Case.objects.filter(rises_at__isnull=False).count()
    raise RuntimeError(f"after {_PATIENCE:.0f} s rungs of {left} cases had not acted")
