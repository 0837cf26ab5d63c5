"""The daily seal, its file outside the database, and what an audit says about both."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection

from tongban.core.calendar import actions
from tongban.core.ledger import seals
from tongban.core.ledger.actor import Actor
from tongban.core.ledger.audit import Audit
from tongban.core.ledger.models import Entry, Outbox, Seal
from tongban.core.ledger.worker import run_pending
from tongban.core.refusals import Refused
from tongban.core.registry import reference

BY = Actor(system="test")
NOW = datetime(2026, 11, 18, 1, 0, tzinfo=UTC)
DAY = timedelta(days=1)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, settings) -> Path:  # type: ignore[no-untyped-def]
    from tongban.core import vault

    vault.ensure_keys()
    settings.TONGBAN_DATA = tmp_path
    reference.forget()
    return tmp_path


def entered(day: date, at: datetime) -> None:
    actions.set_day(day=day, working=False, name_zh="休息", by=BY, at=at)


def told(exported: seals.Exported | None = None) -> tuple[list[str], Audit]:
    audit = Audit(exported=exported)
    return [fault.sentence("en") for fault in audit.faults()], audit


def test_a_seal_covers_what_is_older_than_a_minute_and_the_next_one_the_rest() -> None:
    entered(date(2027, 1, 4), NOW)
    entered(date(2027, 1, 5), NOW + timedelta(minutes=5))
    first = seals.make_seal(at=NOW + timedelta(minutes=5, seconds=30))
    assert (first.first_entry, first.day) == (1, date(2026, 11, 18))
    older = Entry.objects.filter(recorded_at=NOW)
    assert (first.entries, first.last_entry) == (older.count(), older.latest("pk").pk)
    second = seals.make_seal(at=NOW + DAY)
    assert (second.first_entry, second.last_entry) == (first.last_entry + 1, Entry.objects.latest("pk").pk)
    faults, audit = told()
    assert (faults, audit.seals) == ([], 2)


def test_a_day_has_one_seal_and_an_empty_day_has_one_too() -> None:
    entered(date(2027, 1, 4), NOW - DAY)
    first = seals.make_seal(at=NOW)
    entered(date(2027, 1, 5), NOW + timedelta(minutes=1))
    assert seals.make_seal(at=NOW + timedelta(hours=2)).pk == first.pk
    seals.make_seal(at=NOW + DAY)
    empty = seals.make_seal(at=NOW + 2 * DAY)
    assert (empty.entries, empty.last_entry) == (0, empty.first_entry - 1)
    assert told()[0] == []


def test_the_day_of_a_seal_is_the_countys() -> None:
    entered(date(2027, 1, 4), NOW - DAY)
    assert seals.make_seal(at=datetime(2026, 11, 18, 16, 30, tzinfo=UTC)).day == date(2026, 11, 19)


def test_the_worker_seals_each_day_once_and_writes_it_outside_the_database(own_folder: Path) -> None:
    from tongban.core.ledger import worker

    entered(date(2027, 1, 4), NOW)
    for hours in (24, 25, 26):
        worker.appoint(NOW + timedelta(hours=hours))
        run_pending(NOW + timedelta(hours=hours))
    assert Seal.objects.count() == 1
    path = own_folder / "seals" / "2026-11-19.json"
    assert seals.newest_file() == path
    assert seals.read(path).root == bytes(Seal.objects.get().root).hex()
    assert not Outbox.objects.filter(done_at=None, topic__startswith="ledger.").exists()


def test_what_is_newer_than_the_exported_seal_is_unprotected() -> None:
    entered(date(2027, 1, 4), NOW)
    exported = seals.read(seals.export(seals.make_seal(at=NOW + DAY)))
    entered(date(2027, 1, 5), NOW + DAY)
    entered(date(2027, 1, 6), NOW + DAY)
    faults, audit = told(exported)
    assert faults == []
    assert audit.unprotected == Entry.objects.filter(pk__gt=exported.last_entry).count() > 0
    assert told(None)[1].unprotected == Entry.objects.count()


def test_a_rewritten_database_with_rewritten_seals_is_found_by_the_exported_seal() -> None:
    entered(date(2027, 1, 4), NOW)
    exported = seals.read(seals.export(seals.make_seal(at=NOW + DAY)))
    entry = Entry.objects.order_by("pk").last()
    assert entry is not None
    # An insider changes the row, its entry, its hash and the seal: inside the database all fits.
    with connection.cursor() as cursor:
        cursor.execute("UPDATE calendar_calendarday SET name_zh = '假' WHERE date = '2027-01-04'")
    images = entry.images.replace("休息", "假")
    before = (
        Entry.objects.get(kind=entry.kind, object_id=entry.object_id, number=entry.number - 1)
        if entry.number > 1
        else None
    )
    Entry.objects.filter(pk=entry.pk).update(images=images, hash=_hash(entry, images, before))
    Seal.objects.all().delete()
    assert told(exported)[0] == ["The seal of 2026-11-19, kept outside, is not in the database."]
    Outbox.objects.all().delete()
    seals.make_seal(at=NOW + DAY)
    assert told(None)[0] == []
    assert told(exported)[0] == ["The seal of 2026-11-19 differs from the copy kept outside (root)."]


def _hash(entry: Entry, images: str, before: Entry | None) -> bytes:
    from tongban.core.ledger.logic import GENESIS, Fact

    values = {name: getattr(entry, name) for name in Fact.__slots__} | {"images": images, "action": str(entry.action)}
    return Fact(**values).hash(bytes(before.hash) if before else GENESIS)


@pytest.mark.parametrize(
    "spoiled",
    ["", "[]", "{", '{"format": 2}', '{"format": 1, "county": "330482"}'],
)
def test_a_file_that_is_no_seal_is_refused_with_a_sentence(tmp_path: Path, spoiled: str) -> None:
    path = tmp_path / "x.json"
    path.write_text(spoiled, encoding="utf-8")
    with pytest.raises(Refused, match="is not a seal"):
        seals.read(path)


def test_another_countys_seal_is_refused(tmp_path: Path) -> None:
    entered(date(2027, 1, 4), NOW)
    path = seals.export(seals.make_seal(at=NOW + DAY), tmp_path / "x.json")
    said = json.loads(path.read_text(encoding="utf-8")) | {"county": "330421"}
    path.write_text(json.dumps(said), encoding="utf-8")
    with pytest.raises(Refused, match="330421"):
        seals.read(path)
