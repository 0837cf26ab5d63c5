"""Messages to phones: a gateway over HTTP that hangs, lies, or is down for a day; and hours in which none is sent."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from tests.core.notices.conftest import NOW
from tests.core.notices.servers import Machine, accepts, hangs, machine, says
from tests.core.notices.wishing import tell, wish
from tongban.core.ledger.models import Outbox
from tongban.core.ledger.worker import run_pending
from tongban.core.notices import delivery, quiet, sms
from tongban.core.notices.delivery import State, state
from tongban.core.notices.models import Message, Route
from tongban.core.notices.outward import CallFailed
from tongban.core.notices.ports import FilePort, NeverReached, send_code
from tongban.core.notices.writing import ask_message
from tongban.core.registry.models import Person

People = Callable[..., Person]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("words")]
CHINA = ZoneInfo("Asia/Shanghai")
HOUR = timedelta(hours=1)


def use(settings: Any, gateway: Machine | None) -> None:
    settings.TONGBAN_MESSAGE_PORT = "tongban.core.notices.sms.HttpPort"
    settings.TONGBAN_SMS_URL = gateway.url if gateway else "http://127.0.0.1:9/"
    settings.TONGBAN_SMS_SECRET = "gateway-secret"


def ask(person: Person, key: str, at: datetime = NOW, kind: str = "test.must") -> None:
    ask_message(key=key, person=person.pk, kind=kind, case=None, at=at)


def states() -> dict[str, State]:
    return {message.key: state(message) for message in Message.objects.all()}


def test_a_message_is_posted_with_its_stable_id_and_the_secret(person: People, settings: Any) -> None:
    with machine(accepts) as gateway:
        use(settings, gateway)
        ask(person(), "k1")
        assert run_pending(NOW).errors == []
        (got,) = gateway.received
    assert got.said == {"id": sms.stable_id("k1"), "to": "13800000001", "text": "测试 0"}
    assert got.headers["idempotency-key"] == sms.stable_id("k1")
    assert got.headers["authorization"] == "Bearer gateway-secret"
    assert states() == {"k1": State.SENT}


@pytest.mark.parametrize(
    "answer",
    [
        says(500), says(429), says(404), says(302, Location="http://127.0.0.1:9/"), says(200), says(200, b"ok"),
        says(200, b"[]"), says(200, b"{}"), says(200, b'{"id": "another", "status": "accepted"}'), says(204),
        says(200, b"\xff\xfe"), says(200, b'{"status": "accepted"}'),
    ],
)  # fmt: skip
def test_what_does_not_say_that_it_has_the_message_does_not_have_it(
    person: People, settings: Any, answer: Callable[..., None]
) -> None:
    with machine(answer) as gateway:
        use(settings, gateway)
        ask(person(), "k1")
        (error,) = run_pending(NOW).errors
        assert len(gateway.received) == 1, "and no redirect was followed"
    assert isinstance(error, CallFailed)
    message = Message.objects.get()
    assert (state(message), message.attempts) == (State.WAITING, 1)
    assert "13800000001" not in message.error + Outbox.objects.get().error


def test_a_gateway_that_has_the_message_already_has_it(person: People, settings: Any) -> None:
    def duplicate(handler: Any, got: Any) -> None:
        says(200, json.dumps({"id": got.said["id"], "status": "duplicate"}).encode())(handler, got)

    with machine(duplicate) as gateway:
        use(settings, gateway)
        ask(person(), "k1")
        run_pending(NOW)
    assert states() == {"k1": State.SENT}


def test_a_number_that_can_never_be_reached_is_given_up_at_once(person: People, settings: Any) -> None:
    def rejects(handler: Any, got: Any) -> None:
        says(200, json.dumps({"id": got.said["id"], "status": "rejected"}).encode())(handler, got)

    with machine(rejects) as gateway:
        use(settings, gateway)
        with pytest.raises(NeverReached):
            sms.HttpPort().deliver("x", "13800000001", "x")
        ask(person(), "k1")
        run_pending(NOW)
        run_pending(NOW + 24 * HOUR)
        assert len(gateway.received) == 2
    assert states() == {"k1": State.FAILED}
    assert Route.objects.get().failures == 0, "the gateway itself works"


def test_a_gateway_that_hangs_is_cut_off(person: People, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sms, "_SECONDS", 0.5)
    ends = threading.Event()
    with machine(hangs(ends)) as gateway:
        use(settings, gateway)
        ask(person(), "k1")
        (error,) = run_pending(NOW).errors
        ends.set()
    assert isinstance(error, CallFailed)
    assert error.code == "slow"


def test_a_gateway_that_is_down_for_a_day_loses_nothing_and_gets_nothing_twice(person: People, settings: Any) -> None:
    someone = person()
    up = False

    def by_turns(handler: Any, got: Any) -> None:
        (accepts if up else says(503))(handler, got)

    with machine(by_turns) as gateway:
        use(settings, gateway)
        for n in range(40):
            ask(someone, f"k{n}", at=NOW + n * HOUR / 4)
        at = NOW
        while at < NOW + 24 * HOUR:
            run_pending(at)
            at += timedelta(minutes=10)
        assert set(states().values()) == {State.WAITING}
        tried = len(gateway.received)
        # The breaker spares the gateway: 40 messages and 144 rounds, and hardly more tries than it takes to see it is back.
        assert tried < 400
        up = True
        while at < NOW + 30 * HOUR:
            run_pending(at)
            at += timedelta(minutes=10)
        taken = [got.said["id"] for got in gateway.received[tried:]]
    assert set(states().values()) == {State.SENT}
    assert sorted(taken) == sorted(sms.stable_id(f"k{n}") for n in range(40)), "each once, under its own id"
    assert Route.objects.get().failures == 0


def test_after_three_days_a_message_is_given_up_and_whoever_must_know_is_told_once(
    person: People, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(delivery, "_UNREACHED", {"test.": lambda message, at: told.append(message.key)})
    with machine(says(500)) as gateway:
        use(settings, gateway)
        ask(person(), "k1")
        at = NOW
        while at < NOW + timedelta(days=5):
            run_pending(at)
            if at < NOW + timedelta(days=2, hours=23):
                assert states() == {"k1": State.WAITING}
            at += HOUR
    assert states() == {"k1": State.FAILED}
    assert told == ["k1"]


def test_what_waited_for_a_worker_that_was_off_for_days_is_sent_all_the_same(person: People) -> None:
    ask(person(), "k1")
    run_pending(NOW + timedelta(days=6))
    assert states() == {"k1": State.SENT}


# -- quiet hours -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("begin", "end", "moment", "until"),
    [
        ("21:00", "08:00", "2026-11-18T20:59:59", None),
        ("21:00", "08:00", "2026-11-18T21:00:00", "2026-11-19T08:00:00"),
        ("21:00", "08:00", "2026-11-18T23:59:59", "2026-11-19T08:00:00"),
        ("21:00", "08:00", "2026-11-19T00:00:00", "2026-11-19T08:00:00"),
        ("21:00", "08:00", "2026-11-19T07:59:59", "2026-11-19T08:00:00"),
        ("21:00", "08:00", "2026-11-19T08:00:00", None),
        ("21:00", "08:00", "2026-12-31T22:00:00", "2027-01-01T08:00:00"),
        ("12:00", "14:00", "2026-11-18T13:00:00", "2026-11-18T14:00:00"),
        ("12:00", "14:00", "2026-11-18T11:59:00", None),
        ("00:00", "06:00", "2026-11-18T00:00:00", "2026-11-18T06:00:00"),
    ],
)  # fmt: skip
def test_quiet_hours_end_when_they_end(begin: str, end: str, moment: str, until: str | None) -> None:
    at = datetime.fromisoformat(moment).replace(tzinfo=CHINA)
    found = quiet.until(at.astimezone(ZoneInfo("America/New_York")), (time.fromisoformat(begin), time.fromisoformat(end)), CHINA)  # fmt: skip
    assert found == (datetime.fromisoformat(until).replace(tzinfo=CHINA) if until else None)


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/New_York", "UTC"])
def test_a_message_waits_for_the_morning_of_the_county_wherever_the_process_thinks_it_is(
    person: People, settings: Any, zone: str
) -> None:
    settings.TONGBAN_QUIET_HOURS = (time(21), time(8))
    night = datetime(2026, 11, 18, 23, 0, tzinfo=CHINA)
    morning = datetime(2026, 11, 19, 8, 0, tzinfo=CHINA)
    with timezone.override(zone):
        someone = person()
        ask(someone, "night", at=night)
        ask(someone, "asked", at=night, kind="test.now")
        run_pending(night)
        assert states() == {"night": State.WAITING, "asked": State.SENT}, "what he has just asked for comes at once"
        run_pending(morning - timedelta(seconds=1))
        assert states()["night"] is State.WAITING
        run_pending(morning)
    assert states()["night"] is State.SENT


def test_what_is_switched_off_before_the_morning_comes_does_not_make_the_phone_ring(
    person: People, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(delivery, "_UNREACHED", {"test.": lambda message, at: told.append(message.key)})
    settings.TONGBAN_QUIET_HOURS = (time(21), time(8))
    night = datetime(2026, 11, 18, 22, 0, tzinfo=CHINA)
    someone, later = person(), person("改汇总", "13800000002")
    for one in (someone, later):
        wish(one, at=night, steps_sms="now")
        tell(one, at=night)
        ask(one, f"free{one.pk}", at=night, kind="test.free")
        ask(one, f"must{one.pk}", at=night)
    run_pending(night)
    wish(someone, at=night + HOUR, steps_sms="off")
    wish(later, at=night + HOUR, steps_sms="daily")
    assert run_pending(night + 10 * HOUR).errors == []
    assert [m.key for m in FilePort().delivered("13800000001")] == [f"must{someone.pk}"], "what must be told is told"
    assert len(FilePort().delivered("13800000002")) == 3, "no digest would tell of these"
    ended = Message.objects.filter(failed_at__isnull=False)
    assert {(m.person, m.error, m.attempts, state(m)) for m in ended} == {(someone.pk, "unwished", 0, State.UNWISHED)}
    assert (len(ended), told) == (2, []), "and nobody has to call"


def test_a_retry_that_falls_into_the_night_waits_too_and_counts_as_no_attempt(person: People, settings: Any) -> None:
    settings.TONGBAN_QUIET_HOURS = (time(21), time(8))
    evening = datetime(2026, 11, 18, 20, 59, 55, tzinfo=CHINA)
    with machine(says(500)) as gateway:
        use(settings, gateway)
        ask(person(), "k1", at=evening)
        run_pending(evening)
        assert run_pending(evening + timedelta(minutes=1)).errors == []
        assert len(gateway.received) == 1
        row = Outbox.objects.get()
        assert (row.attempts, row.due_at) == (1, datetime(2026, 11, 19, 8, 0, tzinfo=CHINA))


def test_a_sign_in_code_comes_at_any_hour(settings: Any) -> None:
    settings.TONGBAN_QUIET_HOURS = (time(0), time(23, 59))
    send_code("13800000001", "123456", "zh", NOW)
    assert "123456" in FilePort().delivered("13800000001")[0].text
