"""Rows read, found and changed by the driver's own means are what Django's would be, on either database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tongban.core.database import update_rows
from tongban.core.ledger.models import Outbox
from tongban.core.ledger.rows import read_rows
from tongban.core.registry.models import Area

NOW = datetime(2026, 11, 18, 1, 0, tzinfo=UTC)


@pytest.fixture
def rows(db: None) -> list[int]:
    made = [
        Outbox(
            topic="t", key=f"k{n}", action="0b0e0000-0000-4000-8000-000000000001" if n % 2 else None, created_at=NOW,
            due_at=NOW + timedelta(microseconds=n), done_at=NOW if n % 3 else None, attempts=n,
        )
        for n in range(7)
    ]  # fmt: skip
    return [row.pk for row in Outbox.objects.bulk_create(made)]


def test_rows_are_read_as_django_reads_them(rows: list[int]) -> None:
    expected = list(Outbox.objects.order_by("pk"))
    found = read_rows(Outbox.objects.order_by("pk"))
    assert [vars(row) | {"_state": None} for row in found] == [vars(row) | {"_state": None} for row in expected]
    assert all(row.due_at.tzinfo is not None and not row._state.adding for row in found)


def test_reading_none_asks_nothing(db: None) -> None:
    assert read_rows(Outbox.objects.none()) == []


def test_a_row_that_was_read_so_is_saved_as_any_other(rows: list[int]) -> None:
    (row,) = read_rows(Outbox.objects.filter(pk=rows[0]))
    row.attempts = 40
    row.save()
    assert Outbox.objects.get(pk=rows[0]).attempts == 40
    assert Outbox.objects.count() == len(rows)


def test_among_finds_what_in_finds_by_keys_and_by_relations(rows: list[int], county_area: Area) -> None:
    some = [*rows[::2], 10**12]
    assert list(Outbox.objects.filter(pk__among=some).order_by("pk").values_list("pk", flat=True)) == rows[::2]
    assert not Outbox.objects.filter(pk__among=[]).exists()
    assert Outbox.objects.filter(pk__among=range(rows[-1] + 1)).count() == len(rows)
    Area.objects.create(code="330482001", level="town", name_zh="新埭镇", parent=county_area, valid_from="2020-01-01")
    assert Area.objects.filter(parent__among=[county_area.pk]).count() == 1


def test_rows_change_by_key_and_only_as_they_were_read(rows: list[int]) -> None:
    later = NOW + timedelta(days=1)
    changed = [(rows[0], 0, later, None), (rows[1], 1, later, later), (rows[2], 99, later, None)]
    assert update_rows(Outbox, ("id", "attempts"), ("due_at", "done_at"), changed) == 2
    found = Outbox.objects.in_bulk(rows[:4])
    assert [found[k].due_at == later for k in rows[:4]] == [True, True, False, False]
    assert [found[rows[0]].done_at, found[rows[1]].done_at] == [None, later]


def test_what_is_found_by_may_be_what_is_put(rows: list[int]) -> None:
    assert update_rows(Outbox, ("id", "attempts"), ("attempts",), [(rows[3], 3, 4)]) == 1
    assert Outbox.objects.get(pk=rows[3]).attempts == 4
