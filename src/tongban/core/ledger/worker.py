"""The worker: takes due rows of the outbox, does each once, and tries again later what failed.

A handler's effect in our database and the row's ``done_at`` are one transaction, so the effect happens once however
often the worker dies. What a handler does outside the database happens at least once, under the row's stable key::

    @handles("cases.opened")
    def tell_everybody(task: Task) -> None:          # inside the transaction
        ...

    @handles("notices.deliver", outside=True)
    def deliver(task: Task) -> Effect | None:        # no transaction is open: may wait for somebody else's machine
        port().deliver(...)
        return lambda: mark_as_sent(...)             # inside the transaction, with done_at
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from tongban.core.ledger import watches
from tongban.core.ledger.models import Outbox
from tongban.core.ledger.tasks import Effect, H, Hopeless, Later, NoHandler, Overtaken, Task, Way, code_of

LEASE = timedelta(minutes=5)
KEPT = timedelta(days=7)
TIDY = "ledger.tidy"
# How long to wait after the first, second, … failure; after the last the row counts as failed and somebody looks.
PATIENCE = tuple(timedelta(seconds=s) for s in (10, 60, 300, 900, 3600, 3 * 3600, 8 * 3600))
MOST = len(PATIENCE) + 1
AT_ONCE = 8
_log = logging.getLogger("tongban.worker")
__all__ = [
    "Done", "Effect", "Hopeless", "Later", "NoHandler", "Overtaken", "Task", "appoint", "code_of", "daily",
    "handles", "is_due", "perform", "run_pending", "take", "topics", "waiting",
]  # fmt: skip


_HANDLERS: dict[str, Way] = {}
_DAILY: dict[str, time] = {}


def handles(
    *topics: str, outside: bool = False, lane: str = "", patience: Sequence[timedelta] = PATIENCE,
    given_up: Callable[[Task], None] | None = None,
) -> Callable[[H], H]:  # fmt: skip
    """Register the handler of these topics; a topic has one.

    Topics that wait for one machine of somebody else's share a ``lane``, whose threads do nothing else: while that
    machine hangs, everything beside the lane goes on. ``patience`` is how long to wait after each failure; after the
    last, ``given_up`` is called in the transaction in which the row is marked as failed.
    """

    def register(handler: H) -> H:
        for topic in topics:
            if topic in _HANDLERS:
                raise ValueError(f"the topic {topic!r} has a handler already")
            _HANDLERS[topic] = Way(handler, outside, lane, tuple(patience), given_up)
        return handler

    return register


def daily(topic: str, at: time) -> None:
    """Have ``topic`` done once each day from ``at`` (the county's time) on, however many workers run."""
    _DAILY[topic] = at


def topics() -> frozenset[str]:
    """All topics that somebody handles."""
    return frozenset(_HANDLERS)


# -- one row -----------------------------------------------------------------------------------------------------------


def waiting(at: datetime) -> QuerySet[Outbox]:
    """The rows that are due and that nobody holds."""
    free = Q(taken_until=None) | Q(taken_until__lt=at)
    return Outbox.objects.filter(free, done_at=None, failed_at=None, due_at__lte=at)


def in_lane(rows: QuerySet[Outbox], lane: str | None) -> QuerySet[Outbox]:
    """Those of ``rows`` that belong to one lane ("": what has none); None: all of them."""
    if lane is None:
        return rows
    topics = sorted(topic for topic, way in _HANDLERS.items() if (way.lane == lane if lane else way.lane))
    return rows.filter(topic__in=topics) if lane else rows.exclude(topic__in=topics)


def lanes() -> list[str]:
    """The lanes that topics have named."""
    return sorted({way.lane for way in _HANDLERS.values() if way.lane})


def is_due(at: datetime, lane: str | None = None) -> bool:
    """Whether a row (of one lane, if given) waits to be done."""
    return in_lane(waiting(at), lane).exists()


def take(at: datetime, most: int = AT_ONCE, lane: str | None = None) -> list[Outbox]:
    """Claim up to ``most`` due rows (of one lane, if given) under a lease; of several workers each gets others."""
    if not is_due(at, lane):  # so that an idle worker never asks for the write lock
        return []
    until = at + LEASE
    with transaction.atomic():
        # PostgreSQL skips rows that another worker is just claiming; on SQLite the transaction is alone anyway.
        rows = list(in_lane(waiting(at), lane).order_by("due_at", "id").select_for_update(skip_locked=True)[:most])
        Outbox.objects.filter(pk__in=[r.pk for r in rows]).update(taken_until=until, attempts=F("attempts") + 1)
    for row in rows:
        row.taken_until, row.attempts = until, row.attempts + 1
    return rows


def perform(row: Outbox, at: datetime) -> BaseException | None:
    """Do one claimed row; gives the error if it failed (it is noted, and tried again later)."""
    try:
        if row.attempts > _most(row.topic):  # it has taken its workers down with it before they could note anything
            raise RuntimeError
        _do(row, at)
    except Overtaken:
        return None
    except Later as later:
        _mine(row).update(due_at=later.until, taken_until=None, attempts=F("attempts") - 1)
        return None
    except Exception as error:
        _put_off(row, at, error)
        return error
    return None


def _do(row: Outbox, at: datetime) -> None:
    if row.topic not in _HANDLERS:
        raise NoHandler(row.topic)
    way, task = _HANDLERS[row.topic], Task.of(row, at)
    effect = way.handler(task) if way.outside else None
    with transaction.atomic():
        # First of all the row is marked, which locks it: whoever has lost his lease does nothing at all.
        if not _mine(row).update(done_at=at, taken_until=None, error=""):
            raise Overtaken
        if not way.outside:
            effect = way.handler(task)
        if effect is not None:
            effect()


def _put_off(row: Outbox, at: datetime, error: Exception) -> None:
    code = code_of(error)
    _log.warning("%s, row %s, attempt %s: %s", row.topic, row.pk, row.attempts, code)
    if row.attempts < _most(row.topic) and not isinstance(error, Hopeless):
        _mine(row).update(due_at=at + _patience(row.topic)[row.attempts - 1], taken_until=None, error=code)
        return
    try:
        _give_up(row, at, code)
    except Exception as failure:  # it stays taken until its lease runs out, and is given up anew
        _log.warning("%s, row %s cannot be given up: %s", row.topic, row.pk, code_of(failure))


def _give_up(row: Outbox, at: datetime, code: str) -> None:
    way = _HANDLERS.get(row.topic)
    with transaction.atomic():
        if _mine(row).update(failed_at=at, taken_until=None, error=code) and way is not None and way.given_up:
            way.given_up(Task.of(row, at))


def _patience(topic: str) -> tuple[timedelta, ...]:
    return _HANDLERS[topic].patience if topic in _HANDLERS else PATIENCE


def _most(topic: str) -> int:
    return len(_patience(topic)) + 1


def give_back(rows: list[Outbox]) -> None:
    """Let somebody else have rows that were taken and not begun."""
    for row in rows:
        _mine(row).update(taken_until=None, attempts=F("attempts") - 1)


def _mine(row: Outbox) -> QuerySet[Outbox]:
    return Outbox.objects.filter(pk=row.pk, done_at=None, failed_at=None, taken_until=row.taken_until)


# -- all rows ----------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Done:
    """What :func:`run_pending` has done."""

    rows: int = 0
    errors: list[BaseException] = field(default_factory=list)


def run_pending(at: datetime, *, most: int | None = None) -> Done:
    """Do everything that is due at ``at``, and what follows from it, in this thread: for tests and the demo."""
    done = Done()
    _do_rows(done, at, most)
    watches.look(at)
    _do_rows(done, at, most)
    return done


def _do_rows(done: Done, at: datetime, most: int | None) -> None:
    while (most is None or done.rows < most) and (rows := take(at)):
        for row in rows:
            error = perform(row, at)
            done.rows += 1
            if error is not None:
                done.errors.append(error)


def appoint(at: datetime) -> None:
    """Put today's daily duties into the outbox once their hour has come; the key makes each happen once."""
    here = timezone.localtime(at, timezone.get_default_timezone())
    due = {f"{topic}:{here.date()}": topic for topic, hour in _DAILY.items() if here.time() >= hour}
    known = set(Outbox.objects.filter(key__in=due).values_list("key", flat=True))
    rows = [Outbox(topic=t, key=key, created_at=at, due_at=at) for key, t in due.items() if key not in known]
    if rows:
        Outbox.objects.bulk_create(rows, ignore_conflicts=True)


@handles(TIDY, outside=True)
def tidy(task: Task) -> None:
    """Remove what was done more than a week ago, a little at a time."""
    old = Outbox.objects.filter(done_at__lt=task.at - KEPT)
    while keys := list(old.values_list("pk", flat=True)[:1000]):
        Outbox.objects.filter(pk__in=keys).delete()


daily(TIDY, time(2, 30))
