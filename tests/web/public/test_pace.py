"""Without an account nobody floods the desk, or somebody's phone; with one, and from elsewhere, one goes on."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from tests.engines.cases.conftest import County
from tests.web.public.test_asking import COMMUNITY, ENTERPRISE, form
from tongban.core.access.models import Throttle
from tongban.engines.cases.models import Case

pytestmark = pytest.mark.django_db


def test_one_number_asks_five_times_a_day_without_signing_in(county: County) -> None:
    answers = [
        Client(REMOTE_ADDR=f"10.0.0.{n}").post(COMMUNITY, form(county, Client(), body=f"第 {n} 件"))
        for n in range(8)
    ]  # fmt: skip
    assert [a.status_code for a in answers] == [302] * 5 + [429] * 3
    assert "一天最多提 5 件，请过 24 小时再提" in answers[-1].content.decode()
    assert "第 7 件" in answers[-1].content.decode(), "what was written stays in the form"
    assert Case.objects.count() == 5


def test_one_address_pauses_and_the_next_does_not(county: County, client: Client) -> None:
    answers = [
        client.post(COMMUNITY, form(county, client, body=f"第 {n} 件", phone=f"139123477{n:02}"))
        for n in range(12)
    ]  # fmt: skip
    assert [a.status_code for a in answers] == [302] * 10 + [429] * 2
    assert "请过 10 分钟再提" in answers[-1].content.decode()
    elsewhere = Client(REMOTE_ADDR="10.0.0.9")
    assert elsewhere.post(COMMUNITY, form(county, elsewhere, phone="13912347799")).status_code == 302


def test_who_has_signed_in_goes_on(county: County, client: Client, as_person: Callable[[str], Client]) -> None:
    for n in range(10):
        client.post(COMMUNITY, form(county, client, body=f"第 {n} 件", phone=f"139123477{n:02}"))
    signed_in = as_person("陈居民")
    given = form(county, signed_in)
    del given["name"], given["phone"]
    assert signed_in.post(COMMUNITY, given).status_code == 302


def test_pressing_twice_counts_once(county: County, client: Client) -> None:
    for n in range(5):
        given = form(county, client, body=f"第 {n} 件")
        first = client.post(COMMUNITY, given)
        assert first.status_code == 302
        if n < 4:  # the fifth leaves no room even for itself
            assert client.post(COMMUNITY, given)["Location"] == first["Location"]
    assert Case.objects.count() == 5


def test_what_has_to_be_put_right_does_not_count(county: County, client: Client) -> None:
    for n in range(7):
        wrong = form(county, client, body=f"第 {n} 件", longitude="1.0", latitude="1.0")
        assert client.post(COMMUNITY, wrong).status_code == 422
    assert client.post(COMMUNITY, form(county, client)).status_code == 302
    assert client.post(ENTERPRISE, form(county, client, ENTERPRISE)).status_code == 422, "a credit code is wanted"
    assert set(Throttle.objects.values_list("count", flat=True)) == {1}
