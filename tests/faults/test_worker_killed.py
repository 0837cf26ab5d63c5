"""The worker killed at every boundary of a row: inside our database each effect once, outside at least once, one file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from tests.engines.cases.conftest import NOW, County
from tests.engines.cases.conftest import county as county  # noqa: PLC0414 - a fixture
from tests.faults.killpoints import boundaries, dies_at
from tests.faults.scenarios.cases import case_in
from tests.faults.scenarios.shared import SYSTEM
from tests.ledgered import adopt, empty_indexes
from tongban.core import vault
from tongban.core.calendar import actions as calendar
from tongban.core.ledger import seals
from tongban.core.ledger.audit import Audit
from tongban.core.ledger.models import Entry, Outbox, Seal
from tongban.core.ledger.worker import LEASE, appoint, run_pending
from tongban.core.notices.models import Message, Notice
from tongban.core.notices.ports import FilePort

pytestmark = pytest.mark.django_db(transaction=True)
LATER = NOW + LEASE + timedelta(minutes=1)
Act = Callable[[], Any]


@pytest.fixture(autouse=True)
def recorded(county: County, tmp_path: Path, settings) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "keys").mkdir()
    for file in vault.key_folder().iterdir():
        (tmp_path / "keys" / file.name).write_bytes(file.read_bytes())
    settings.TONGBAN_DATA = tmp_path
    empty_indexes()
    adopt()


def faults() -> list[str]:
    return [fault.sentence("en") for fault in Audit().faults()]


def again(row: Outbox) -> Outbox:
    """The same request to the worker, as if it had just been made."""
    return Outbox.objects.create(
        topic=row.topic,
        key=f"{row.topic}:{uuid4()}",
        payload=row.payload,
        action=row.action,
        created_at=NOW,
        due_at=NOW,
    )


@pytest.fixture(params=[5, pytest.param(1, marks=pytest.mark.long)], ids=["some", "all"])
def step(request: pytest.FixtureRequest) -> int:
    """Every how many boundaries a worker is killed; those of the last commit always."""
    return int(request.param)


def killed_everywhere(
    begin: Callable[[], Any], check: Callable[[Any, bool], None], run: Act, finish: Act, step: int
) -> int:
    """Kill ``run`` at boundaries; ``check`` what is left, then again when another worker has finished it."""
    begin()
    total = boundaries(run)
    finish()
    died, points = 0, sorted({*range(1, total + 1, step), *range(total - 3, total + 1)})
    for point in points:
        started = begin()
        died += dies_at(point, run)
        check(started, False)
        finish()
        check(started, True)
    assert died > len(points) - 5
    return died


def work() -> None:
    run_pending(NOW)


def work_later() -> None:
    assert run_pending(LATER).errors == []


def test_lines_are_written_once_wherever_the_worker_dies(county: County, step: int) -> None:
    case = case_in(county, "assigned")
    run_pending(NOW)
    asked = Outbox.objects.get(topic="cases.assign")
    seen = Notice.objects.count()

    def begin() -> tuple[Outbox, int]:
        return again(asked), Notice.objects.count()

    def check(started: tuple[Outbox, int], finished: bool) -> None:
        row, before = started
        row.refresh_from_db()
        told = Notice.objects.filter(case=case).count() - before
        # Two officers of the lead unit and one of the assisting unit. The asker and her co-signer are told of an action
        # once, however often the worker is asked to.
        assert told == (3 if row.done_at else 0)
        assert row.done_at or not finished

    assert killed_everywhere(begin, check, work, work_later, step) > 5
    assert seen >= 5


def test_a_message_is_one_file_wherever_the_worker_dies(county: County, step: int) -> None:
    case_in(county, "new")
    asked = Outbox.objects.get(topic="cases.opened")
    run_pending(NOW)
    Message.objects.all().delete()

    def begin() -> Outbox:
        return again(asked)

    def check(row: Outbox, finished: bool) -> None:
        row.refresh_from_db()
        assert Message.objects.filter(key=row.key).count() == (1 if row.done_at else 0)
        files = [m for m in FilePort().delivered() if m.key == row.key]
        assert len(files) <= 1
        if finished:
            assert len(files) == 1
            assert Message.objects.get(key=row.key).sent_at is not None

    assert killed_everywhere(begin, check, work, work_later, step) > 5
    assert not list(FilePort().folder.glob("*.json.*"))


def test_a_recomputation_is_one_entry_and_told_once_wherever_the_worker_dies(county: County, step: int) -> None:
    case = case_in(county, "handling")
    run_pending(NOW)
    turns = count()

    def begin() -> tuple[int, int]:
        # One day, by turns a rest day and a working day: each time the deadline moves.
        calendar.set_day(day=date(2026, 11, 20), working=bool(next(turns) % 2), name_zh="调", by=SYSTEM, at=NOW)
        return recomputations(), Notice.objects.filter(kind="asker.promise").count()

    def recomputations() -> int:
        return Entry.objects.filter(kind="cases.case", object_id=case, name="cases.recompute").count()

    def check(started: tuple[int, int], finished: bool) -> None:
        entries, told = recomputations() - started[0], Notice.objects.filter(kind="asker.promise").count() - started[1]
        # Whom it concerns is told in a row of its own, after the deadline has moved.
        assert (entries, told) in ([(1, 2)] if finished else [(0, 0), (1, 0), (1, 2)])

    assert killed_everywhere(begin, check, work, work_later, step) > 5
    assert faults() == []


def test_a_day_gets_one_seal_and_one_file_wherever_the_worker_dies(county: County, step: int) -> None:
    days = iter(NOW + timedelta(days=n) for n in range(1, 500))
    now = [NOW]

    def begin() -> date:
        now[0] = next(days)
        calendar.set_day(day=(now[0] + timedelta(days=400)).date(), working=False, name_zh="休", by=SYSTEM, at=now[0] - timedelta(hours=1))  # fmt: skip
        Outbox.objects.exclude(topic__startswith="ledger.seal").update(done_at=NOW)
        return seals.county_day(now[0])

    def run() -> None:
        appoint(now[0])
        run_pending(now[0])

    def finish() -> None:
        appoint(now[0] + LEASE + timedelta(minutes=1))
        run_pending(now[0] + LEASE + timedelta(minutes=1))

    def check(day: date, finished: bool) -> None:
        made = Seal.objects.filter(day=day).count()
        assert made == 1 if finished else made <= 1
        path = seals.folder() / f"{day}.json"
        if finished:
            assert seals.read(path).root == bytes(Seal.objects.get(day=day).root).hex()

    assert killed_everywhere(begin, check, run, finish, step) > 5
    assert faults() == []
