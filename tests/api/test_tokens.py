"""Tokens: told once, good for their scopes until their day, ended at once, and never more than their account."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.api.conftest import Connect, System
from tests.engines.cases.conftest import County
from tongban.core.access import tokens
from tongban.core.access.models import Account, Token
from tongban.core.ledger.actor import Actor
from tongban.core.refusals import Refused

pytestmark = pytest.mark.django_db


def test_without_a_token_in_force_nothing_is_told(county: County, connect: Connect) -> None:
    bare = Client().get("/api/v1/cases")
    assert (bare.status_code, bare.json()["code"]) == (401, "api.unauthorised")
    assert bare.headers["WWW-Authenticate"] == "Bearer"
    system = connect("俞经办")
    assert system.get("/cases").status_code == 200
    for secret in ("", "x", system.secret[:-1], f"{system.secret}=", "tongban_" + "a" * 43):
        assert type(system)(secret).get("/cases").status_code == 401
    tokens.end_token(token=Token.objects.get().pk, by=Actor(county.accounts["俞经办"].pk), at=timezone.now())
    ended = system.get("/cases")
    assert (ended.status_code, ended.json()["code"]) == (401, "api.token")


def test_a_token_ends_on_its_day_and_with_its_account(county: County, connect: Connect) -> None:
    account = county.accounts["俞经办"]
    system, now = connect("俞经办", days=1), timezone.now()
    assert tokens.bearer(system.secret, now + timedelta(hours=23)) is not None
    assert tokens.bearer(system.secret, now + timedelta(hours=25)) is None
    Account.objects.filter(pk=account.pk).update(is_active=False)
    assert system.get("/cases").status_code == 401


def test_a_token_does_what_it_was_made_for(county: County, connect: Connect) -> None:
    reading = connect("王受理", "read")
    assert reading.get("/cases").status_code == 200
    refused = reading.post("/cases", {})
    assert (refused.status_code, refused.json()["code"]) == (403, "api.scope")
    assert connect("王受理", "ask").get("/queue").status_code == 403


def test_asking_and_reading_together_are_not_working(connect: Connect) -> None:
    lamp = {"programme": "community", "category": "city", "area": "330482100001", "body": "村口路灯三天没亮了。"}
    number = connect("陈居民").post("/cases", lamp).json()["number"]
    system = connect("王受理", "read", "ask")
    for path, body in (
        (f"/cases/{number}/moves/accept", {}),
        ("/cases", lamp | {"name": "某人", "phone": "13800000003"}),
    ):
        refused = system.post(path, body)
        assert (refused.status_code, refused.json()["code"]) == (403, "api.scope")
    assert connect("王受理", "work").post(f"/cases/{number}/moves/accept").status_code == 200
    assert connect("陈居民", "work").post(f"/cases/{number}/moves/urge").status_code == 403


def test_asking_and_administering_together_read_nothing_at_work(county: County, connect: Connect) -> None:
    connect("陈居民").post(
        "/cases", {"programme": "community", "category": "city", "area": "330482100001", "body": "路灯"}
    )
    assert len(connect("王受理").get("/cases").json()["cases"]) == 1
    assert connect("王受理", "ask", "manage").get("/cases").json()["cases"] == []


def test_an_unknown_programme_is_told(connect: Connect) -> None:
    for more in ({}, {"name": "钱先生"}):
        refused = connect("王受理").post(
            "/cases", {"programme": "x", "category": "", "area": "330482100001", "body": "x", **more}
        )
        assert (refused.status_code, refused.json()["code"]) == (422, "api.kind")


def test_a_desk_s_system_asks_for_a_caller(county: County, connect: Connect) -> None:
    lamp = {"programme": "community", "category": "city", "area": "330482100001", "body": "村口路灯三天没亮了。"}
    filed = connect("王受理").post("/cases", lamp | {"name": "钱先生", "phone": "13800000009"})
    assert filed.status_code == 201, filed.content
    seen = connect("王受理").get(f"/cases/{filed.json()['number']}").json()
    assert (seen["asker"], seen["phone"]) == ("钱先生", "138****0009")
    assert connect("俞经办").post("/cases", lamp | {"name": "钱先生"}).json()["code"] == "api.for_others"


def test_one_s_own_tokens_are_one_s_own(county: County) -> None:
    mine, other = county.accounts["俞经办"].pk, county.accounts["陆经办"].pk
    with pytest.raises(Refused, match="administrator"):
        tokens.make_token(account=other, name="x", scopes={"read"}, days=1, by=Actor(mine), at=timezone.now())
    made, secret = tokens.make_token(account=mine, name="x", scopes={"read"}, days=1, by=Actor(mine), at=timezone.now())
    assert secret not in str(vars(made))
    with pytest.raises(Refused, match="no such token"):
        tokens.end_token(token=made.pk, by=Actor(other), at=timezone.now())


def test_a_token_is_made_on_its_owner_s_page_shown_once_and_ended(county: County) -> None:
    browser = Client()
    browser.force_login(county.accounts["俞经办"], "tongban.web.signin.backend.AccountBackend")
    assert "管理：" not in browser.get("/tokens/").text, "who administers nothing is offered nothing of it"
    wrong = browser.post("/tokens/", {"name": " ", "days": "90"})
    assert wrong.status_code == 422
    page = browser.post("/tokens/", {"name": "热线系统", "scopes": ["read", "work"], "days": "90"})
    (secret,) = re.findall(r"tongban_[\w-]{43}", page.text)
    assert page.headers["Cache-Control"] == "no-store"
    assert System(secret).get("/cases").status_code == 200
    again = browser.get("/tokens/").text
    assert "热线系统" in again
    assert secret not in again
    browser.post(f"/tokens/{Token.objects.get().pk}/end/")
    assert System(secret).get("/cases").status_code == 401
