"""The worker's threads: every row once, whichever of them does it, and nothing asked of the database for nothing."""

from __future__ import annotations

import threading
import time as clock
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

import pytest
from django.db import connection

from tests.core.ledger.test_worker import MINUTE, NOW, asked, own_handlers, write, written
from tongban.core.ledger import threads, worker
from tongban.core.ledger.models import Outbox
from tongban.core.ledger.threads import Worker
from tongban.core.ledger.worker import Task, handles

__all__ = ["own_handlers"]


def wait_until(holds: Callable[[], object], seconds: float = 30) -> None:
    end = clock.monotonic() + seconds
    while not holds():
        assert clock.monotonic() < end, "it took too long"
        clock.sleep(0.05)


@pytest.mark.django_db(transaction=True)
def test_of_a_worker_with_nothing_to_do_one_thread_asks_and_wakes_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[str] = []
    take = worker.take

    def counted(at: datetime, most: int = 1, lane: str | None = None) -> list[Outbox]:
        looks.append(threading.current_thread().name)
        return take(at, most, lane)

    monkeypatch.setattr(threads, "take", counted)
    handles("test.write")(write)
    one = Worker(clock=lambda: NOW)
    one.start()
    try:
        clock.sleep(2)
        assert len(looks) == len(set(looks)) >= threads.THREADS, "each looks when it begins, and then sleeps"
        asked("test.write")
        wait_until(lambda: written() == 1, 5)
    finally:
        assert one.stop()


@pytest.mark.django_db(transaction=True)
def test_two_workers_with_four_threads_each_do_every_row_exactly_once() -> None:
    handles("test.write")(write)
    Outbox.objects.bulk_create(Outbox(topic="test.write", key=str(n), created_at=NOW, due_at=NOW) for n in range(200))
    workers = [Worker(clock=lambda: NOW), Worker(clock=lambda: NOW)]
    for one in workers:
        one.start()
    try:
        wait_until(lambda: not Outbox.objects.filter(done_at=None).exists())
    finally:
        stopped = [one.stop() for one in workers]
    assert stopped == [True, True]
    assert written() == 200
    assert Outbox.objects.filter(attempts=1).count() == 200


@pytest.mark.django_db(transaction=True)
def test_a_stopping_worker_finishes_what_it_does_and_gives_the_rest_back() -> None:
    begun, may_end = threading.Event(), threading.Event()

    @handles("test.slow", outside=True)
    def slow(task: Task) -> worker.Effect:
        begun.set()
        may_end.wait(20)
        return lambda: write(task)

    for n in range(3):
        asked("test.slow", str(n))
    one = Worker(threads=1, clock=lambda: NOW)
    one.start()
    assert begun.wait(20)
    one.ask_to_stop()
    may_end.set()
    assert one.stop()
    assert written() == 1
    assert Outbox.objects.filter(done_at=None, taken_until=None, attempts=0).count() == 2


@contextmanager
def no_failure_can_be_noted() -> Iterator[None]:
    """The database refuses to write down what went wrong."""
    made, dropped = [
        "CREATE TRIGGER refuses BEFORE UPDATE ON ledger_outbox WHEN NEW.error <> '' BEGIN SELECT RAISE(ABORT, 'no'); END"
    ], ["DROP TRIGGER refuses"]  # fmt: skip
    if connection.vendor == "postgresql":
        made = [
            "CREATE FUNCTION refuses() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no'; END $$",
            "CREATE TRIGGER refuses BEFORE UPDATE ON ledger_outbox FOR EACH ROW WHEN (NEW.error <> '')"
            " EXECUTE FUNCTION refuses()",
        ]
        dropped = ["DROP TRIGGER refuses ON ledger_outbox", "DROP FUNCTION refuses()"]
    with connection.cursor() as cursor:
        for statement in made:
            cursor.execute(statement)
        try:
            yield
        finally:
            for statement in dropped:
                cursor.execute(statement)


@pytest.mark.django_db(transaction=True)
def test_a_row_whose_failure_cannot_be_noted_keeps_no_other_until_its_lease_is_over() -> None:
    @handles("test.fails")
    def fails(task: Task) -> None:
        raise ValueError

    handles("test.write")(write)
    asked("test.fails", "first", NOW - MINUTE)
    for n in range(3):
        asked("test.write", str(n))
    one = Worker(threads=1, clock=lambda: NOW)
    with no_failure_can_be_noted():
        one.start()
        try:
            wait_until(lambda: written() == 3)
        finally:
            assert one.stop()
    assert Outbox.objects.filter(done_at=NOW, attempts=1).count() == 3, "giving back counted no attempt"
    assert Outbox.objects.get(key="first").taken_until == NOW + worker.LEASE


@pytest.mark.django_db(transaction=True)
def test_a_lane_whose_machine_hangs_holds_up_nothing_beside_it() -> None:
    may_end = threading.Event()

    @handles("test.hangs", outside=True, lane="slow")
    def hangs(task: Task) -> worker.Effect:
        may_end.wait(30)
        return lambda: write(task)

    handles("test.other", outside=True, lane="other")(lambda task: lambda: write(task))
    handles("test.write")(write)
    Outbox.objects.bulk_create(
        Outbox(topic=topic, key=f"{topic}{n}", created_at=NOW, due_at=NOW - (10 - n) * MINUTE)
        for topic in ("test.hangs", "test.other", "test.write")
        for n in range(10)
    )
    one = Worker(threads=1, clock=lambda: NOW)
    one.start()
    try:
        wait_until(lambda: written() == 20)
        assert Outbox.objects.filter(topic="test.hangs", attempts=1).count() <= threads.LANE_THREADS
        assert not Outbox.objects.filter(topic="test.hangs", done_at__isnull=False).exists()
    finally:
        may_end.set()
        assert one.stop()
