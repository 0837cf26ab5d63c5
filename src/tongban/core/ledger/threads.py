"""The worker's threads: some for what waits for nobody, and a few for each lane (see :mod:`~tongban.core.ledger.worker`).

One of them looks for rows and wakes the others: a worker that has nothing to do asks the database once in a while and not
once for each thread.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime

from django.db import close_old_connections, connection
from django.utils import timezone

from tongban.core.ledger import watches
from tongban.core.ledger.worker import AT_ONCE, appoint, code_of, give_back, is_due, lanes, perform, take

THREADS, LANE_THREADS = 4, 2
# Seconds: between two looks for rows; after trouble; the most that a thread sleeps whoever may wake it.
_IDLE, _TROUBLE, _LONGEST = 0.5, 2.0, 10.0
_log = logging.getLogger("tongban.worker")


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
        counts = {"": threads, **dict.fromkeys(lanes(), LANE_THREADS)}
        self._due = {lane: threading.Event() for lane in counts}
        self._threads = [
            threading.Thread(target=self._work, args=(lane,), name=f"worker-{lane}-{n}")
            for lane, count in counts.items()
            for n in range(count)
        ]
        for name, once in {"scout": self._scout_once, "duties": self._appoint_once, "watch": self._watch_once}.items():
            self._threads.append(threading.Thread(target=self._loop, args=(once,), name=f"worker-{name}"))

    def start(self) -> None:
        """Begin, and return at once."""
        for thread in self._threads:
            thread.start()

    def stop(self, timeout: float = 30.0) -> bool:
        """Finish the rows under way and end; whether all threads have ended within ``timeout``."""
        self._stopping.set()
        self._wake(self._due)
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

    def _work(self, lane: str) -> None:
        self._loop(lambda: self._work_once(lane))

    def _scout_once(self) -> float:
        at = self._clock()
        self._wake(lane for lane in self._due if is_due(at, lane))
        return _IDLE

    def _wake(self, lanes: Iterable[str]) -> None:
        for lane in lanes:
            self._due[lane].set()

    def _watch_once(self) -> float:
        watches.look(self._clock())
        return watches.EVERY

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

    def _work_once(self, lane: str) -> float:
        due = self._due[lane]
        due.clear()  # before looking: what comes from now on is heard
        # Of a lane one at a time: what a hanging machine holds up is then held by nobody else.
        rows = take(self._clock(), 1 if lane else AT_ONCE, lane)
        for number, row in enumerate(rows):
            if self._stopping.is_set():
                give_back(rows[number:])
                return 0
            try:
                perform(row, self._clock())
            except Exception:  # not even its failure could be noted: the others need not wait for the lease too
                with suppress(Exception):
                    give_back(rows[number + 1 :])
                raise
        if not rows and not self._stopping.is_set():
            due.wait(_LONGEST)
        return 0

    def _appoint_once(self) -> float:
        appoint(self._clock())
        return 60


def run(*, threads: int, stop: threading.Event) -> None:
    """Work until ``stop`` is set."""
    Worker(threads=threads, stopping=stop).run()
