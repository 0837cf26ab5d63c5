"""The one queue: each row once, whatever fails and whoever dies."""

from __future__ import annotations

import os
from datetime import UTC, datetime, time, timedelta

import pytest
from django.db import connection

from tongban.core.ledger import worker
from tongban.core.ledger.models import Outbox
from tongban.core.ledger.worker import Task, handles, perform, run_pending, take
from tongban.core.registry.models import Reference

NOW = datetime(2026, 11, 18, 1, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
REAL = worker.LEASE


@pytest.fixture(autouse=True)
def own_handlers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Handlers of a test are forgotten with it, and nothing else is due."""
    monkeypatch.setattr(worker, "_HANDLERS", dict(worker._HANDLERS))
    monkeypatch.setattr(worker, "_DAILY", {})


def asked(topic: str, key: str = "k", at: datetime = NOW, **more: object) -> Outbox:
    return Outbox.objects.create(topic=topic, key=key, created_at=at, due_at=at, **more)


def written() -> int:
    return Reference.objects.filter(name__startswith="t-").count()


def write(task: Task) -> None:
    Reference.objects.create(name=f"t-{task.key}")


@pytest.mark.django_db
def test_a_row_is_done_once() -> None:
    handles("test.write")(write)
    row = asked("test.write")
    assert run_pending(NOW).rows == 1
    assert run_pending(NOW + MINUTE).rows == 0
    row.refresh_from_db()
    assert (written(), row.done_at, row.taken_until) == (1, NOW, None)


@pytest.mark.django_db
def test_a_row_waits_until_it_is_due() -> None:
    handles("test.write")(write)
    asked("test.write", at=NOW + MINUTE)
    assert run_pending(NOW).rows == 0
    assert run_pending(NOW + MINUTE).rows == 1


@pytest.mark.django_db
def test_what_a_failed_handler_wrote_is_taken_back_and_it_is_tried_again() -> None:
    attempts = []

    @handles("test.shaky")
    def shaky(task: Task) -> None:
        write(task)
        attempts.append(task.attempt)
        if task.attempt < 3:
            raise ValueError("陈居民 13800000001")

    row = asked("test.shaky")
    run_pending(NOW)
    row.refresh_from_db()
    assert written() == 0
    assert row.due_at == NOW + worker.PATIENCE[0]
    assert row.error.startswith("ValueError at test_worker.py:")
    assert "138" not in row.error
    run_pending(NOW + worker.PATIENCE[0])
    run_pending(NOW + timedelta(hours=1))
    row.refresh_from_db()
    assert (attempts, written(), row.done_at, row.error) == ([1, 2, 3], 1, NOW + timedelta(hours=1), "")


@pytest.mark.django_db
def test_a_poisonous_row_fails_in_the_end_and_holds_nobody_up() -> None:
    handles("test.write")(write)
    row = asked("nobody.handles", "poison", at=NOW - MINUTE)
    asked("test.write")
    at = NOW
    for _ in range(worker.MOST):
        run_pending(at)
        at += timedelta(days=1)
    row.refresh_from_db()
    assert written() == 1
    assert row.attempts == worker.MOST
    assert row.failed_at is not None
    assert row.error.startswith("NoHandler")
    assert run_pending(at + timedelta(days=30)).rows == 0


@pytest.mark.django_db
def test_a_row_that_kills_its_workers_fails_in_the_end() -> None:
    handles("test.write")(write)
    row = asked("test.write")
    at = NOW
    for _ in range(worker.MOST):  # taken, and never heard of again
        assert [r.pk for r in take(at)] == [row.pk]
        at += REAL + MINUTE
    run_pending(at)
    row.refresh_from_db()
    assert row.failed_at == at
    assert written() == 0


@pytest.mark.django_db
def test_a_worker_that_has_lost_its_lease_does_nothing() -> None:
    handles("test.write")(write)
    asked("test.write")
    (slow,) = take(NOW)
    assert take(NOW + MINUTE) == []
    (quick,) = take(NOW + REAL + MINUTE)
    assert perform(slow, NOW + REAL + MINUTE) is None
    assert written() == 0
    assert perform(quick, NOW + REAL + MINUTE) is None
    assert perform(slow, NOW + REAL + MINUTE) is None
    assert written() == 1


@pytest.mark.django_db
def test_what_goes_outside_is_sent_before_the_transaction_and_noted_in_it() -> None:
    open_transactions = []

    @handles("test.out", outside=True)
    def out(task: Task) -> worker.Effect:
        open_transactions.append(len(connection.savepoint_ids))
        return lambda: write(task)

    asked("test.out")
    before = len(connection.savepoint_ids)
    run_pending(NOW)
    assert open_transactions == [before]
    assert written() == 1


@pytest.mark.django_db
def test_a_topic_has_one_handler() -> None:
    handles("test.write")(write)
    with pytest.raises(ValueError, match="already"):
        handles("test.write")(write)


@pytest.mark.django_db
def test_a_daily_duty_is_appointed_once_a_day_when_its_hour_has_come(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "_DAILY", {"test.daily": time(1, 30)})
    midnight = datetime(2026, 11, 18, 16, 0, tzinfo=UTC)  # in the county
    for minutes in (0, 60, 100, 600, 24 * 60 - 1):
        worker.appoint(midnight + minutes * MINUTE)
        worker.appoint(midnight + minutes * MINUTE)
    assert list(Outbox.objects.values_list("key", flat=True)) == ["test.daily:2026-11-19"]
    worker.appoint(midnight + timedelta(days=1, hours=2))
    assert Outbox.objects.filter(topic="test.daily").count() == 2


@pytest.mark.django_db
def test_done_rows_are_removed_after_a_week_and_others_stay() -> None:
    old, week = NOW - timedelta(days=8), NOW - timedelta(days=6)
    asked("x", "old", done_at=old)
    asked("x", "young", done_at=week)
    asked("x", "failed", at=old, failed_at=old)
    asked(worker.TIDY, "tidy")
    run_pending(NOW)
    assert set(Outbox.objects.values_list("key", flat=True)) == {"young", "failed", "tidy"}


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_the_midst_leaves_the_row_to_the_next() -> None:
    @handles("test.deadly")
    def deadly(task: Task) -> None:
        write(task)
        if task.attempt == 1:
            os.kill(os.getpid(), 9)

    asked("test.deadly")
    connection.close()
    child = os.fork()
    if not child:
        run_pending(NOW)
        os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -9
    assert written() == 0
    assert run_pending(NOW).rows == 0
    assert run_pending(NOW + REAL + MINUTE).rows == 1
    assert written() == 1


@pytest.mark.django_db
def test_a_row_for_which_it_is_not_yet_the_time_waits_and_has_not_failed() -> None:
    @handles("test.early", outside=True)
    def early(task: Task) -> None:
        if task.at < NOW + 10 * MINUTE:
            raise worker.Later(NOW + 10 * MINUTE)

    row = asked("test.early")
    for minutes in range(9):
        assert run_pending(NOW + minutes * MINUTE).errors == []
    row.refresh_from_db()
    assert (row.attempts, row.done_at, row.due_at) == (0, None, NOW + 10 * MINUTE)
    run_pending(NOW + 10 * MINUTE)
    row.refresh_from_db()
    assert (row.attempts, row.done_at) == (1, NOW + 10 * MINUTE)


@pytest.mark.django_db
def test_a_topic_has_its_own_patience_and_giving_up_is_part_of_failing() -> None:
    def fail(task: Task) -> None:
        raise ValueError

    def hopeless(task: Task) -> None:
        raise worker.Hopeless

    handles("test.patient", patience=(MINUTE, MINUTE), given_up=write)(fail)
    handles("test.hopeless", given_up=write)(hopeless)
    asked("test.patient", "patient")
    asked("test.hopeless", "hopeless")
    run_pending(NOW)
    assert list(Reference.objects.filter(name__startswith="t-").values_list("name", flat=True)) == ["t-hopeless"]
    for minutes in range(1, 60):
        run_pending(NOW + minutes * MINUTE)
    assert written() == 2
    assert set(Outbox.objects.values_list("key", "attempts")) == {("patient", 3), ("hopeless", 1)}
    assert not Outbox.objects.filter(failed_at=None).exists()


@pytest.mark.django_db
def test_what_giving_up_could_not_write_is_tried_again_whole() -> None:
    def broken(task: Task) -> None:
        write(task)
        raise ValueError

    handles("test.hopeless", patience=(), given_up=broken)(broken)
    row = asked("test.hopeless")
    assert len(run_pending(NOW).errors) == 1
    row.refresh_from_db()
    assert (row.failed_at, written()) == (None, 0)
    assert row.taken_until is not None, "its lease runs out, and it is done anew"
