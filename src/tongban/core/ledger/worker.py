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

import json
import logging
import threading
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from pathlib import PurePath
from typing import Any, TypeVar
from uuid import UUID

from django.db import close_old_connections, connection, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from tongban.core.ledger.models import Outbox
from tongban.core.refusals import Refused

THREADS = 4
LEASE = timedelta(minutes=5)
KEPT = timedelta(days=7)
TIDY = "ledger.tidy"
# How long to wait after the first, second, … failure; after the last the row counts as failed and somebody looks.
PATIENCE = tuple(timedelta(seconds=s) for s in (10, 60, 300, 900, 3600, 3 * 3600, 8 * 3600))
MOST = len(PATIENCE) + 1
_TAKEN_AT_ONCE = 8
_IDLE, _TROUBLE = 0.5, 2.0  # seconds
_log = logging.getLogger("tongban.worker")


@dataclass(frozen=True, slots=True)
class Task:
    """One row as its handler sees it.

    ``at`` is the worker's clock, ``key`` the stable id of the effect, ``action`` the action that asked for it.
    """

    row: int
    topic: str
    key: str
    payload: Mapping[str, Any]
    at: datetime
    attempt: int
    action: UUID | None = None


Effect = Callable[[], None]
Handler = Callable[[Task], Effect | None]
H = TypeVar("H", bound=Callable[[Task], Any])


class NoHandler(LookupError):
    """Nobody handles this topic: perhaps a newer release put the row there, so it is tried again later."""


class Overtaken(Exception):
    """The lease ran out while this worker was busy, and another one has the row."""


_HANDLERS: dict[str, tuple[Handler, bool]] = {}
_DAILY: dict[str, time] = {}


def handles(*topics: str, outside: bool = False) -> Callable[[H], H]:
    """Register the handler of these topics; a topic has one."""

    def register(handler: H) -> H:
        for topic in topics:
            if topic in _HANDLERS:
                raise ValueError(f"the topic {topic!r} has a handler already")
            _HANDLERS[topic] = (handler, outside)
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


def take(at: datetime, most: int = _TAKEN_AT_ONCE) -> list[Outbox]:
    """Claim up to ``most`` due rows under a lease; of several workers each gets others."""
    if not waiting(at).exists():  # so that an idle worker never asks for the write lock
        return []
    until = at + LEASE
    with transaction.atomic():
        # PostgreSQL skips rows that another worker is just claiming; on SQLite the transaction is alone anyway.
        rows = list(waiting(at).order_by("due_at", "id").select_for_update(skip_locked=True)[:most])
        Outbox.objects.filter(pk__in=[r.pk for r in rows]).update(taken_until=until, attempts=F("attempts") + 1)
    for row in rows:
        row.taken_until, row.attempts = until, row.attempts + 1
    return rows


def perform(row: Outbox, at: datetime) -> BaseException | None:
    """Do one claimed row; gives the error if it failed (it is noted, and tried again later)."""
    try:
        if row.attempts > MOST:  # it has taken its workers down with it before they could note anything
            raise RuntimeError
        _do(row, at)
    except Overtaken:
        return None
    except Exception as error:
        _put_off(row, at, error)
        return error
    return None


def _do(row: Outbox, at: datetime) -> None:
    if row.topic not in _HANDLERS:
        raise NoHandler(row.topic)
    handler, outside = _HANDLERS[row.topic]
    task = Task(row.pk, row.topic, row.key, json.loads(row.payload), at, row.attempts, row.action)
    effect = handler(task) if outside else None
    with transaction.atomic():
        # First of all the row is marked, which locks it: whoever has lost his lease does nothing at all.
        if not _mine(row).update(done_at=at, taken_until=None, error=""):
            raise Overtaken
        if not outside:
            effect = handler(task)
        if effect is not None:
            effect()


def _put_off(row: Outbox, at: datetime, error: Exception) -> None:
    code = code_of(error)
    _log.warning("%s, row %s, attempt %s: %s", row.topic, row.pk, row.attempts, code)
    if row.attempts >= MOST:
        _mine(row).update(failed_at=at, taken_until=None, error=code)
    else:
        _mine(row).update(due_at=at + PATIENCE[row.attempts - 1], taken_until=None, error=code)


def _mine(row: Outbox) -> QuerySet[Outbox]:
    return Outbox.objects.filter(pk=row.pk, done_at=None, failed_at=None, taken_until=row.taken_until)


def code_of(error: BaseException) -> str:
    """What went wrong and where, without its words: they may hold somebody's data."""
    if isinstance(error, Refused):
        return error.code
    frames = traceback.extract_tb(error.__traceback__)
    place = f" at {PurePath(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{place}"[:200]


# -- all rows ----------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Done:
    """What :func:`run_pending` has done."""

    rows: int = 0
    errors: list[BaseException] = field(default_factory=list)


def run_pending(at: datetime, *, most: int | None = None) -> Done:
    """Do everything that is due at ``at``, and what follows from it, in this thread: for tests and the demo."""
    done = Done()
    while (most is None or done.rows < most) and (rows := take(at)):
        for row in rows:
            error = perform(row, at)
            done.rows += 1
            if error is not None:
                done.errors.append(error)
    return done


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


class Worker:
    """Several threads that do rows until :meth:`stop`; what they hold then, they finish or give back."""

    def __init__(
        self,
        *,
        threads: int = THREADS,
        clock: Callable[[], datetime] = timezone.now,
        stopping: threading.Event | None = None,
    ) -> None:
        self._clock = clock
        self._stopping = stopping or threading.Event()
        self._threads = [threading.Thread(target=self._work, name=f"worker-{n}") for n in range(threads)]
        self._threads.append(threading.Thread(target=self._appoint, name="worker-duties"))

    def start(self) -> None:
        """Begin, and return at once."""
        for thread in self._threads:
            thread.start()

    def stop(self, timeout: float = 30.0) -> bool:
        """Finish the rows under way and end; whether all threads have ended within ``timeout``."""
        self._stopping.set()
        for thread in self._threads:
            if thread.ident is not None:
                thread.join(timeout)
        return not any(thread.is_alive() for thread in self._threads)

    def run(self) -> None:
        """Begin, and return when somebody has called :meth:`stop` (a signal handler, say)."""
        self.start()
        try:
            self._stopping.wait()
        finally:
            self.stop()

    def ask_to_stop(self) -> None:
        """Let :meth:`run` return; safe inside a signal handler."""
        self._stopping.set()

    def _work(self) -> None:
        self._loop(self._work_once)

    def _appoint(self) -> None:
        self._loop(self._appoint_once)

    def _loop(self, once: Callable[[], float]) -> None:
        while not self._stopping.is_set():
            try:
                close_old_connections()
                pause = once()
            except Exception as error:  # the database is away or busy: the rows wait for it
                _log.warning("the worker pauses: %s", code_of(error))
                pause = _TROUBLE
            if pause:
                self._stopping.wait(pause)
        connection.close()

    def _work_once(self) -> float:
        rows = take(self._clock())
        for number, row in enumerate(rows):
            if self._stopping.is_set():
                _give_back(rows[number:])
                return 0
            perform(row, self._clock())
        return 0 if rows else _IDLE

    def _appoint_once(self) -> float:
        appoint(self._clock())
        return 60


def run(*, threads: int, stop: threading.Event) -> None:
    """Work until ``stop`` is set."""
    Worker(threads=threads, stopping=stop).run()


def _give_back(rows: list[Outbox]) -> None:
    for row in rows:
        _mine(row).update(taken_until=None, attempts=F("attempts") - 1)
