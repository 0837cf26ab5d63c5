"""Signed webhooks: what is sent, to whom, how often, and what becomes of a machine that hangs."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import socket
import threading
import time
from datetime import timedelta
from ipaddress import ip_network
from typing import Any

import pytest

from tests.core.access.conftest import Office
from tests.core.access.conftest import office as office  # the fixture  # noqa: PLC0414
from tests.core.notices.conftest import NOW
from tests.core.notices.servers import Machine, Received, hangs, machine, says
from tests.ledgered import adopt
from tongban.core.labels import Label
from tongban.core.ledger import worker
from tongban.core.ledger.actor import Actor
from tongban.core.ledger.audit import Audit
from tongban.core.ledger.models import Entry, Outbox
from tongban.core.ledger.worker import run_pending
from tongban.core.notices import calling, signing, webhooks
from tongban.core.notices.models import Notice, Webhook, WebhookCall
from tongban.core.refusals import Refused

pytestmark = pytest.mark.django_db
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture(autouse=True)
def kinds(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    settings.TONGBAN_WEBHOOK_NETWORKS = (ip_network("127.0.0.0/8"),)
    monkeypatch.setattr(webhooks, "KINDS", {"test.a": Label("甲", "A"), "test.b": Label("乙", "B")})


def subscribe(office: Office, other: Machine, *kinds: str) -> tuple[Webhook, str]:
    return webhooks.add_webhook(name="市平台", address=other.url, kinds=kinds or ("test.a",), by=office.by, at=NOW)


def announce(cause: str = "c1", kind: str = "test.a", at: Any = NOW) -> None:
    webhooks.announce(kind=kind, cause=cause, data={"number": "330482-000001"}, at=at)


def genuine(got: Received, secret: str, now: float) -> bool:
    """Written from the specification's text alone, section "Verifying webhook authenticity"."""
    msg_id, timestamp = got.headers["webhook-id"], got.headers["webhook-timestamp"]
    if abs(now - int(timestamp)) > 5 * 60:
        return False
    to_sign = msg_id.encode() + b"." + timestamp.encode() + b"." + got.body
    assert secret.startswith("whsec_")
    digest = hmac.new(base64.b64decode(secret[6:]), to_sign, hashlib.sha256).digest()
    expected = base64.b64encode(digest).decode()
    versions = [one.split(",", 1) for one in got.headers["webhook-signature"].split(" ")]
    return any(v == "v1" and hmac.compare_digest(s, expected) for v, s in versions)


def test_an_event_is_signed_as_the_specification_says(office: Office) -> None:
    with machine(says(204)) as other:
        _, secret = subscribe(office, other)
        announce()
        assert run_pending(NOW).errors == []
        (got,) = other.received
    assert genuine(got, secret, NOW.timestamp())
    assert got.said == {"type": "test.a", "timestamp": "2026-11-18T01:00:00+00:00", "data": {"number": "330482-000001"}}
    assert not genuine(Received(got.path, got.headers, got.body + b" "), secret, NOW.timestamp())
    assert not genuine(got, signing.new_secret(), NOW.timestamp())
    assert not genuine(got, secret, NOW.timestamp() + 301), "an old one is recognised by its moment"
    assert len(base64.b64decode(secret[6:])) == 32


def test_only_kinds_that_were_subscribed_to_are_sent_and_only_while_it_is_on(office: Office) -> None:
    with machine(says(204)) as a, machine(says(204)) as b:
        first, _ = subscribe(office, a, "test.a")
        subscribe(office, b, "test.a", "test.b")
        announce("c1", "test.a")
        announce("c2", "test.b")
        webhooks.switch_webhook(webhook=first.pk, active=False, by=office.by, at=NOW)
        announce("c3", "test.a")
        run_pending(NOW)
        assert [got.said["type"] for got in a.received] == [], "what waited when it was switched off is not sent"
        assert sorted(got.said["type"] for got in b.received) == ["test.a", "test.a", "test.b"]
    assert WebhookCall.objects.get(webhook=first).error == calling.OFF


def test_a_retry_has_the_same_id_and_body_and_its_own_moment(office: Office) -> None:
    answers = [says(500), says(302, Location="http://127.0.0.1:9/"), says(200)]

    def in_turn(handler: Any, got: Received) -> None:
        answers.pop(0)(handler, got)

    with machine(in_turn) as other:
        _, secret = subscribe(office, other)
        announce()
        for at in (NOW, NOW + MINUTE, NOW + HOUR):
            run_pending(at)
        first, second, third = other.received
    assert len({got.headers["webhook-id"] for got in other.received}) == 1
    assert first.body == second.body == third.body
    assert third.headers["webhook-timestamp"] == str(int((NOW + HOUR).timestamp()))
    assert genuine(third, secret, (NOW + HOUR).timestamp())
    call = WebhookCall.objects.get()
    assert (call.sent_at, call.attempts, call.status) == (NOW + HOUR, 3, 200)


def test_the_same_cause_is_told_once(office: Office) -> None:
    with machine(says(204)) as other:
        subscribe(office, other)
        for _ in range(3):
            announce()
            run_pending(NOW)
        assert len(other.received) == 1


def test_a_machine_that_hangs_holds_up_nobody_else(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calling, "SECONDS", 0.3)
    ends = threading.Event()
    with machine(hangs(ends)) as slow, machine(says(204)) as quick:
        subscribe(office, slow)
        subscribe(office, quick)
        for n in range(30):
            announce(f"c{n}")
        errors = run_pending(NOW).errors
        ends.set()
        assert len(quick.received) == 30
        # After three failures it rests: the other 27 events were not even tried.
        assert len(slow.received) == len(errors) == 3
    assert Outbox.objects.filter(topic=webhooks.CALL, done_at=None, attempts=0).count() == 27


def test_calls_wait_in_a_lane_of_their_own() -> None:
    lanes = {topic: way.lane for topic, way in worker._HANDLERS.items()}
    assert lanes[webhooks.CALL] == "webhooks"
    assert (lanes["notices.deliver"], lanes["notices.mail"]) == ("sms", "email")
    assert lanes["cases.scan"] == "scanner"
    assert {"webhooks", "sms", "email", "scanner"} == set(worker.lanes())
    elsewhere = {topic for topic, lane in lanes.items() if lane and not topic.startswith("notices.")}
    assert elsewhere == {"cases.scan"}, "whatever else waits for nobody"


def test_one_that_fails_for_hours_is_switched_off_and_the_administrators_are_told_once(office: Office) -> None:
    with machine(says(500)) as broken:
        row, _ = subscribe(office, broken)
        at = NOW
        for n in range(60):
            announce(f"c{n}", at=at)
            run_pending(at)
            at += 10 * MINUTE
        assert len(broken.received) == calling.MOST_FAILURES
    row.refresh_from_db()
    assert not row.active
    (notice,) = Notice.objects.filter(kind=calling.SWITCHED_OFF)
    assert notice.account == office.admin.pk
    assert (
        Entry.objects.filter(kind="notices.webhook", name="notices.switch_webhook_off", by_system="worker").count() == 1
    )
    run_pending(at + timedelta(days=4))
    assert not WebhookCall.objects.filter(sent_at=None, failed_at=None).exists()
    assert len(broken.received) == calling.MOST_FAILURES


def test_one_that_says_it_is_gone_is_switched_off_at_once(office: Office) -> None:
    with machine(says(410)) as gone:
        row, _ = subscribe(office, gone)
        announce()
        run_pending(NOW)
    row.refresh_from_db()
    assert not row.active


def test_one_that_works_again_is_as_good_as_new(office: Office) -> None:
    answers = [says(500)] * 5

    def by_turns(handler: Any, got: Received) -> None:
        (answers.pop() if answers else says(204))(handler, got)

    with machine(by_turns) as other:
        row, _ = subscribe(office, other)
        for n in range(3):
            announce(f"c{n}")
        for hours in range(8):
            run_pending(NOW + hours * HOUR)
    row.refresh_from_db()
    assert (row.failures, row.rests_until, row.active) == (0, None, True)
    assert not WebhookCall.objects.filter(sent_at=None).exists()


def test_whoever_types_an_address_does_not_wait_for_a_name_server_that_hangs(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    ends = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **more: (ends.wait(60), [])[1])
    start = time.monotonic()
    with pytest.raises(Refused) as refusal:
        webhooks.add_webhook(name="x", address="https://slow.example/", kinds=("test.a",), by=office.by, at=NOW)
    ends.set()
    assert refusal.value.code == "webhook.name_unknown"
    assert time.monotonic() - start < 3


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("https://10.0.0.1/hook", "webhook.private"), ("https://[::1]/", "webhook.private"),
        ("https://0x0a000001/", "webhook.private"), ("https://user@example.org/", "webhook.shape"), ("x", "webhook.shape"),
        ("http://93.184.215.14/", "webhook.scheme"), ("https://93.184.215.14:6379/", "webhook.port"),
        ("https://no-such-name.invalid/", "webhook.name_unknown"), ("https://93.184.215.14/" + "x" * 400, "webhook.shape"),
    ],
)  # fmt: skip
def test_an_address_that_may_not_be_called_is_refused_with_the_reason(office: Office, address: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        webhooks.add_webhook(name="x", address=address, kinds=("test.a",), by=office.by, at=NOW)
    assert (refused.value.code, refused.value.field) == (code, "address")
    assert not Webhook.objects.exists()


def test_an_address_that_became_private_is_not_called(office: Office, settings: Any) -> None:
    with machine(says(204)) as other:
        subscribe(office, other)
        settings.TONGBAN_WEBHOOK_NETWORKS = ()
        announce()
        run_pending(NOW)
        assert not other.received
    assert WebhookCall.objects.get().error == "private"


@pytest.mark.parametrize(
    ("more", "code"),
    [({"name": " "}, "webhook.name"), ({"kinds": ()}, "webhook.kinds"), ({"kinds": ("x",)}, "webhook.kinds")],
)
def test_what_is_missing_is_refused(office: Office, more: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as refused:
        webhooks.add_webhook(**{"name": "x", "address": "https://93.184.215.14/", "kinds": ("test.a",), **more}, by=office.by, at=NOW)  # fmt: skip
    assert refused.value.code == code


def test_only_an_administrator_subscribes_and_the_secret_stands_nowhere_in_the_open(office: Office) -> None:
    other = Actor(office.officer.pk)
    with machine(says(204)) as there:
        row, secret = subscribe(office, there)
        key = row.pk
        for act in (
            lambda: webhooks.add_webhook(name="x", address=there.url, kinds=("test.a",), by=other, at=NOW),
            lambda: webhooks.change_webhook(
                webhook=key, name="x", address=there.url, kinds=("test.a",), by=other, at=NOW
            ),
            lambda: webhooks.switch_webhook(webhook=key, active=False, by=other, at=NOW),
            lambda: webhooks.renew_secret(webhook=key, by=other, at=NOW),
            lambda: webhooks.try_webhook(webhook=key, by=other, at=NOW),
        ):
            with pytest.raises(Refused, match="administrator"):
                act()
        assert secret.encode() not in bytes(row.secret)
        assert secret not in "".join(Entry.objects.values_list("images", flat=True))
        renewed = webhooks.renew_secret(webhook=key, by=office.by, at=NOW)
        webhooks.try_webhook(webhook=key, by=office.by, at=NOW)
        run_pending(NOW)
        (got,) = there.received
    assert json.loads(got.body)["type"] == "test"
    assert genuine(got, renewed, NOW.timestamp())
    assert not genuine(got, secret, NOW.timestamp())
    adopt()
    assert [fault.sentence("en") for fault in Audit().faults()] == []


def test_one_that_is_off_or_gone_cannot_be_tried(office: Office) -> None:
    with machine(says(204)) as there:
        row, _ = subscribe(office, there)
        webhooks.switch_webhook(webhook=row.pk, active=False, by=office.by, at=NOW)
        for key, code in ((row.pk, "webhook.off"), (987, "webhook.unknown")):
            with pytest.raises(Refused) as refused:
                webhooks.try_webhook(webhook=key, by=office.by, at=NOW)
            assert refused.value.code == code
