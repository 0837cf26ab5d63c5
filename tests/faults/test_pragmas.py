"""What a live connection says of itself: an acknowledged commit must survive the power going off."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

pytestmark = pytest.mark.django_db(transaction=True)


def setting(name: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(f"SHOW {name}" if connection.vendor == "postgresql" else f"PRAGMA {name}")
        return cursor.fetchone()[0]


@pytest.mark.sqlite
def test_every_connection_to_sqlite_syncs_fully_and_writes_ahead() -> None:
    found = []

    def look() -> None:
        found.append((setting("synchronous"), setting("journal_mode"), setting("foreign_keys")))
        connection.close()

    threads = [threading.Thread(target=look) for _ in range(3)]
    for thread in threads:
        thread.start()
        thread.join()
    look()
    assert found == [(2, "wal", 1)] * 4  # 2 is FULL


@pytest.mark.postgresql
def test_postgresql_syncs_what_it_acknowledges() -> None:
    assert (setting("fsync"), setting("full_page_writes")) == ("on", "on")
    assert setting("synchronous_commit") in ("on", "remote_apply", "remote_write", "local")
