"""The day's digest: what it counts, what it lists, and that nothing falls between two."""

from __future__ import annotations

import os
import random
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.db import connection

from tests.core.notices.conftest import NOW
from tests.core.notices.wishing import People, confirmed, tell, wish
from tongban.core.ledger import worker
from tongban.core.ledger.models import Outbox
from tongban.core.ledger.worker import LEASE, appoint, run_pending
from tongban.core.notices import digest, preferences
from tongban.core.notices.models import Message, Notice
from tongban.core.notices.ports import FilePort

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("words")]
CHINA = ZoneInfo("Asia/Shanghai")
HOUR = timedelta(hours=1)


DAY = date(2026, 11, 19)
HALF_PAST_EIGHT = datetime.combine(DAY, digest.HOUR, tzinfo=CHINA)
REGISTERED = worker._DAILY[digest.DIGEST]  # before the tests forget all duties
DUE = datetime.combine(DAY, REGISTERED, tzinfo=CHINA)


@pytest.fixture
def duty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the digest is due each day."""
    monkeypatch.setattr(worker, "_DAILY", {digest.DIGEST: REGISTERED})


def night(at: datetime) -> None:
    appoint(at)
    assert run_pending(at).errors == []


def digests() -> list[str]:
    return sorted(Message.objects.filter(kind=digest.KIND).values_list("key", flat=True))


@pytest.mark.usefixtures("duty")
def test_once_a_day_one_message_tells_what_is_new_and_none_if_nothing_is(person: People) -> None:
    someone, quiet = person(), person("没事", "13800000002")
    confirmed(someone)
    for one in (someone, quiet):
        wish(one, steps_sms="daily")
    wish(someone, steps_email="daily")
    mail.outbox.clear()
    for _ in range(3):
        tell(someone, at=NOW + HOUR)
    night(DUE - timedelta(seconds=1))
    assert digests() == []
    night(DUE)
    night(DUE + HOUR)
    assert digests() == [f"digest:2026-11-19:{someone.pk}:{channel}" for channel in ("email", "sms")]
    (text,) = [m.text for m in FilePort().delivered("13800000001")]
    assert "3 条新消息" in text
    (letter,) = [m for m in mail.outbox if "确认码" not in m.body]
    assert letter.body.count("- 测试 0") == 3
    night(DUE + 24 * HOUR)
    assert len(digests()) == 2, "on the next day nothing was new"
    tell(someone, at=DUE + 25 * HOUR)
    night(DUE + 48 * HOUR)
    assert len(digests()) == 4


@pytest.mark.usefixtures("duty")
def test_what_was_read_what_came_at_once_and_what_came_before_is_in_no_digest(person: People) -> None:
    someone = person()
    tell(someone, at=NOW - HOUR)
    wish(someone, steps_sms="daily", answers_sms="now")
    tell(someone, at=NOW + HOUR)
    Notice.objects.filter(made_at=NOW + HOUR).update(read_at=NOW + 2 * HOUR)
    tell(someone, "asker.done", at=NOW + HOUR)
    night(DUE)
    assert digests() == []


@pytest.mark.usefixtures("duty")
def test_a_letter_lists_the_lines_that_it_counts_and_no_others(person: People) -> None:
    someone = person()
    confirmed(someone)
    wish(someone, steps_email="daily", answers_email="off", steps_sms="daily")
    for n in range(3):
        tell(someone, at=NOW + HOUR, gaps={"n": n})
    read = Notice.objects.filter(pk=min(Notice.objects.values_list("pk", flat=True)))
    for _ in range(digest._LISTED + 5):
        tell(someone, "asker.done", at=NOW + 2 * HOUR, gaps={"n": 99})
    read.update(read_at=NOW + 3 * HOUR)
    Outbox.objects.filter(topic=preferences.CONFIRM).delete()
    appoint(DUE)
    while rows := worker.take(DUE, lane=""):  # all is worked out, and the letter is not sent yet
        for row in rows:
            worker.perform(row, DUE)
    assert len(digests()) == 2
    Notice.objects.filter(read_at=None).update(read_at=DUE + HOUR)
    mail.outbox.clear()
    night(DUE + HOUR)
    (letter,) = mail.outbox
    assert "2 条新消息" in letter.body
    assert [line for line in letter.body.splitlines() if line.startswith("- ")] == ["- 测试 2", "- 测试 1"]
    assert "2 条新消息" in FilePort().delivered("13800000001")[0].text


@pytest.mark.usefixtures("duty")
def test_a_digest_that_is_switched_off_before_it_is_sent_is_not_sent(person: People, settings: Any) -> None:
    settings.TONGBAN_QUIET_HOURS = (time(8), time(10))
    someone = person()
    wish(someone, steps_sms="daily")
    tell(someone, at=NOW + HOUR)
    night(DUE)
    wish(someone, steps_sms="off", at=DUE + HOUR)
    assert run_pending(DUE + 2 * HOUR).errors == []
    assert FilePort().delivered("13800000001") == []
    assert Message.objects.get().error == "unwished"


@pytest.mark.usefixtures("duty")
def test_a_letter_says_how_many_there_are_and_lists_the_newest(person: People) -> None:
    someone = person()
    confirmed(someone)
    wish(someone, steps_email="daily")
    for n in range(digest._LISTED + 3):
        tell(someone, at=NOW + HOUR, gaps={"n": n})
    mail.outbox.clear()
    night(DUE)
    (letter,) = [m for m in mail.outbox if "确认码" not in m.body]
    assert f"{digest._LISTED + 3} 条新消息" in letter.body
    listed = [line for line in letter.body.splitlines() if line.startswith("- ")]
    assert (len(listed), listed[0]) == (digest._LISTED, f"- 测试 {digest._LISTED + 2}")


@pytest.mark.usefixtures("duty")
def test_a_line_whose_row_is_committed_after_its_moment_falls_between_no_two_digests(person: People) -> None:
    someone = person()
    wish(someone, steps_sms="daily")
    begun = HALF_PAST_EIGHT - timedelta(seconds=4)
    night(HALF_PAST_EIGHT + timedelta(seconds=1))
    tell(someone, at=begun)  # the row of which it comes was held up, for as long as a row may be
    night(begun + LEASE)
    assert digests() == []
    night(DUE)
    assert "1 条" in FilePort().delivered("13800000001")[0].text
    tell(someone, at=HALF_PAST_EIGHT + timedelta(seconds=4))
    night(DUE + 24 * HOUR)
    assert len(digests()) == 2
    assert "1 条" in FilePort().delivered("13800000001")[0].text


@pytest.mark.usefixtures("duty")
def test_a_day_on_which_no_worker_ran_is_told_on_the_next(person: People) -> None:
    someone = person()
    wish(someone, steps_sms="daily")
    tell(someone, at=NOW + HOUR)
    night(DUE + 72 * HOUR)
    assert len(digests()) == 1
    assert "1 条" in FilePort().delivered("13800000001")[0].text


@pytest.mark.usefixtures("duty")
def test_a_day_done_late_and_again_tells_nothing_of_what_came_meanwhile(person: People) -> None:
    someone = person()
    wish(someone, steps_sms="daily")
    tell(someone, at=NOW + HOUR)
    late = HALF_PAST_EIGHT + 5 * HOUR
    tell(someone, at=late - HOUR)
    night(late)
    assert "1 条" in FilePort().delivered("13800000001")[0].text
    for seed in range(10):
        rows = list(Outbox.objects.filter(topic__in=(digest.DIGEST, digest.BLOCK)))
        random.Random(seed).shuffle(rows)
        for row in rows:
            Outbox.objects.filter(pk=row.pk).update(done_at=None, attempts=0)
            run_pending(late)
    assert len(digests()) == 1
    night(DUE + 24 * HOUR)
    assert len(digests()) == 2


def test_many_people_are_told_in_blocks_that_are_always_the_same(person: People) -> None:
    found = [person(f"人{n}", f"139000{n:05}") for n in range(digest._AT_ONCE + 5)]
    for one in found:
        wish(one, steps_sms="daily")
        tell(one, at=NOW + HOUR)
    Outbox.objects.create(topic=digest.DIGEST, key=f"{digest.DIGEST}:{DAY}", created_at=HALF_PAST_EIGHT, due_at=HALF_PAST_EIGHT)  # fmt: skip
    assert run_pending(DUE).errors == []
    assert len(digests()) == len(found)
    assert Outbox.objects.filter(topic=digest.BLOCK).count() in (2, 3)


@pytest.mark.usefixtures("duty")
@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_the_midst_of_a_digest_leaves_one_for_each(
    person: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = [person(f"人{n}", f"139000{n:05}") for n in range(4)]
    for one in found:
        wish(one, steps_sms="daily")
        tell(one, at=NOW + HOUR)
    told = digest._of_person
    for dies_at in (1, 3):
        connection.close()
        if not (child := os.fork()):
            count = iter(range(1, 100))

            def of_person(*given: Any, dies_at: int = dies_at, count: Any = count) -> None:
                told(*given)
                if next(count) == dies_at:
                    os.kill(os.getpid(), 9)

            monkeypatch.setattr(digest, "_of_person", of_person)
            appoint(DUE + dies_at * LEASE * 2)
            run_pending(DUE + dies_at * LEASE * 2)
            os._exit(0)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -9
        assert digests() == []
    night(DUE + 10 * LEASE)
    assert digests() == [f"digest:2026-11-19:{one.pk}:sms" for one in sorted(found, key=lambda p: p.pk)]
