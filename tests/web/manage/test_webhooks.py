"""The administrators' pages about what goes out: webhooks with their secret shown once, and delivery in counts."""

from __future__ import annotations

import re
from datetime import timedelta
from ipaddress import ip_network
from typing import Any

import pytest
from django.utils import timezone

from tests.core.notices.servers import machine, says
from tests.web.manage.conftest import Desk
from tongban.core.ledger.worker import run_pending
from tongban.core.notices import webhooks
from tongban.core.notices.models import Message, Route, Webhook, WebhookCall

LIST = "/manage/webhooks/"
GIVEN = {"name": "市数据平台", "kinds": ["case.opened", "case.answered"]}


@pytest.fixture(autouse=True)
def own_network(settings: Any) -> None:
    settings.TONGBAN_WEBHOOK_NETWORKS = (ip_network("127.0.0.0/8"),)


def added(desk: Desk, address: str) -> tuple[Webhook, str]:
    answer = desk.client.post(f"{LIST}new/", {**GIVEN, "address": address})
    assert answer.status_code == 200
    (secret,) = re.findall(r"whsec_[A-Za-z0-9+/=]+", answer.text)
    assert "no-store" in answer.headers["Cache-Control"]
    return Webhook.objects.get(), secret


def test_a_secret_is_shown_once(desk: Desk) -> None:
    row, secret = added(desk, "http://127.0.0.1:9/")
    for address in (LIST, f"{LIST}{row.pk}/"):
        page = desk.client.get(address).text
        assert "市数据平台" in page
        assert "whsec_" not in page
    again = desk.client.post(f"{LIST}{row.pk}/secret/").text
    assert secret not in again
    assert "whsec_" in again
    assert desk.entries("notices.add_webhook") == desk.entries("notices.renew_secret") == 1


def test_a_test_delivery_is_sent_and_its_state_shown(desk: Desk) -> None:
    with machine(says(204)) as other:
        row, _ = added(desk, other.url)
        assert "等待发送" in desk.client.post(f"{LIST}{row.pk}/test/", follow=True).text
        run_pending(timezone.now())
        assert other.received[0].said["type"] == "test"
    page = desk.client.get(f"{LIST}{row.pk}/").text
    assert "已送达" in page
    assert WebhookCall.objects.get().key in page


def test_a_failure_is_shown_with_its_reason(desk: Desk) -> None:
    with machine(says(503)) as other:
        row, _ = added(desk, other.url)
        desk.client.post(f"{LIST}{row.pk}/test/")
        run_pending(timezone.now())
    assert "应答 503" in desk.client.get(f"{LIST}{row.pk}/").text
    run_pending(timezone.now() + timedelta(minutes=1))
    assert "连不上对方" in desk.client.get(f"{LIST}{row.pk}/").text
    assert "在重试" in desk.client.get(LIST).text


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"address": "https://10.1.2.3/"}, "指向内部网络"), ({"address": "x"}, "地址写得不对"), ({"kinds": []}, "请至少选一种"),
        ({"name": ""}, "请填"), ({"kinds": ["x"]}, 'role="alert"'),
    ],
)  # fmt: skip
def test_what_is_wrong_comes_back_where_it_was_typed(desk: Desk, given: dict[str, Any], words: str) -> None:
    answer = desk.client.post(f"{LIST}new/", {**GIVEN, "address": "http://127.0.0.1:9/", **given})
    assert answer.status_code == 422
    assert words in answer.text
    row, _ = added(desk, "http://127.0.0.1:9/")
    assert desk.client.post(f"{LIST}{row.pk}/", {**GIVEN, "address": "http://127.0.0.1:9/", **given}).status_code == 422


def test_it_is_changed_and_switched_off_and_on(desk: Desk) -> None:
    row, _ = added(desk, "http://127.0.0.1:9/")
    desk.client.post(f"{LIST}{row.pk}/", {"name": "省平台", "address": "http://127.0.0.2:9/", "kinds": ["case.rated"]})
    row.refresh_from_db()
    assert (row.name, row.address, row.wanted) == ("省平台", "http://127.0.0.2:9/", ["case.rated"])
    for active, words in (("0", "停用期间的事不补发"), ("1", "从现在起")):
        assert words in desk.client.post(f"{LIST}{row.pk}/switch/", {"active": active}, follow=True).text
    desk.client.post(f"{LIST}{row.pk}/switch/", {"active": "0"})
    assert "请先启用再试" in desk.client.post(f"{LIST}{row.pk}/test/", follow=True).text


def test_every_kind_of_event_can_be_chosen(desk: Desk) -> None:
    page = desk.client.get(f"{LIST}new/?language=en").text
    assert len(webhooks.KINDS) > 8
    assert all(f'value="{kind}"' in page for kind in webhooks.KINDS)


def test_delivery_is_told_in_counts_without_anybody_s_data(desk: Desk) -> None:
    now = timezone.now()
    person = desk.office.officer.person_id or 0

    def message(key: str, **more: Any) -> None:
        Message.objects.create(key=key, person=person, kind="case.send", case=4711, made_at=now, **more)

    message("a", sent_at=now)
    message("b")
    message("c", failed_at=now, error="nobody")
    message("off", failed_at=now, error="unwished")
    message("d", failed_at=now, attempts=30, error="status-502")
    message("e", channel="email", failed_at=now, attempts=1, error="never")
    Route.objects.create(channel="sms", failures=5, rests_until=now + timedelta(minutes=10))
    page = desk.client.get("/manage/sendings/").text
    sms = re.sub(r"<[^>]+>", " ", page.split("短信</td>")[1].split("</tr>")[0]).split()
    assert sms[:4] == ["1", "1", "2", "1"]
    assert "连续失败，稍后再试" in page
    assert "对方应答 502" in page
    assert "平台说这个号码或邮箱收不到" in page
    assert "4711" not in page
    assert "七天内 2 条没送到" in desk.client.get("/manage/").text


def test_a_scanner_that_rests_is_told_to_administrators(desk: Desk, settings: Any) -> None:
    Route.objects.create(channel="scanner", failures=3, rests_until=timezone.now() + timedelta(minutes=10))
    assert "没有接查毒程序" in desk.client.get("/manage/").text
    settings.TONGBAN_SCANNER = "clamd:127.0.0.1:9"
    page = desk.client.get("/manage/").text
    assert "查毒程序没有回应，稍后再试" in page
    assert "没有接查毒程序" not in page


def test_with_nothing_sent_the_pages_say_what_would_be_there(desk: Desk) -> None:
    assert "没有送不到的" in desk.client.get("/manage/sendings/").text
    assert "还没有推送" in desk.client.get(LIST).text


def test_delivery_costs_the_same_however_much_was_sent(desk: Desk, django_assert_max_num_queries: Any) -> None:
    now, person = timezone.now(), desk.office.officer.person_id or 0
    Message.objects.bulk_create(
        Message(key=str(n), person=person, kind="case.send", made_at=now, failed_at=now, error="never")
        for n in range(80)
    )
    desk.client.get("/manage/sendings/")
    # Session, account, roles, reference data; counts and failures of messages, counts of calls, and what rests of each.
    with django_assert_max_num_queries(9):
        desk.client.get("/manage/sendings/")
