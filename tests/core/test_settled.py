"""Below which id no row can appear any more: whoever may still insert is waited for, and nobody else (PostgreSQL)."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction

from tongban.core.database import settled
from tongban.core.ledger.models import Outbox
from tongban.core.registry.models import Area

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]
NOW = datetime(2026, 11, 18, 1, 0, tzinfo=UTC)


def asked(key: str) -> int:
    return Outbox.objects.create(topic="t", key=key, created_at=NOW, due_at=NOW).pk


def under_way(write: Callable[[], object]) -> tuple[threading.Thread, threading.Event]:
    """A transaction of somebody else's that has written and does not end until it is told to."""
    begun, ends = threading.Event(), threading.Event()

    def live() -> None:
        with transaction.atomic():
            write()
            begun.set()
            ends.wait(20)
        connection.close()

    thread = threading.Thread(target=live)
    thread.start()
    assert begun.wait(20)
    return thread, ends


def test_an_insert_that_is_under_way_is_waited_for() -> None:
    thread, ends = under_way(lambda: asked("first"))
    last = asked("second")
    with pytest.raises(TimeoutError):
        settled(Outbox, patience=0.3)
    ends.set()
    thread.join()
    assert settled(Outbox, patience=5) == last
    assert Outbox.objects.filter(pk__lt=last).count() == 1


def test_a_transaction_on_another_table_is_not() -> None:
    last = asked("first")
    thread, ends = under_way(lambda: Area.objects.create(code="330482", level="county", valid_from="2020-01-01"))
    try:
        assert settled(Outbox, patience=0.3) == last
    finally:
        ends.set()
        thread.join()


def test_one_s_own_transaction_is_not() -> None:
    with transaction.atomic():
        last = asked("own")
        assert settled(Outbox, patience=0.3) == last
