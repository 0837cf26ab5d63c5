"""A firm's own pages: who gets in, what its code draws, who may act for it; and the home page."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client

from tests.engines.cases.conftest import NOW, County
from tests.web.public.conftest import HOUR, answered, asked
from tongban.core.ledger.actor import Actor
from tongban.core.registry.models import Mandate
from tongban.engines.cases import actions
from tongban.engines.cases.actions import Opening

pytestmark = pytest.mark.django_db


def firms_request(county: County, body: str = "夜班公交停了", **more: object) -> int:
    opening = Opening(
        programme="enterprise", kind="request", body=body, area=county.areas["town"].pk,
        requester=county.people["陈居民"], firm=county.firm, **more,  # type: ignore[arg-type]
    )  # fmt: skip
    return actions.open_case(opening, by=Actor(county.accounts["陈居民"].pk), at=NOW).pk


def home(county: County) -> str:
    return f"/my/firm/{county.firm.pk}/"  # type: ignore[union-attr]


def test_a_clerk_sees_the_firms_requests_but_no_confidential_one(
    county: County, as_person: Callable[[str], Client]
) -> None:
    firms_request(county)
    firms_request(county, "老板拖欠工资", confidential=True)
    asked(county, "文员自己的事", name="陆文员")
    html = as_person("陆文员").get(home(county)).content.decode()
    assert "夜班公交停了" in html
    assert "老板拖欠工资" not in html
    assert "文员自己的事" not in html
    assert "陆文员" in html
    assert "138****0002" in html


def test_nobody_else_gets_into_a_firm(county: County, as_person: Callable[[str], Client], client: Client) -> None:
    assert Client().get(home(county)).status_code == 302
    stranger = as_person("陈居民")
    assert stranger.get(home(county)).status_code == 404
    assert stranger.get(home(county) + "code.svg").status_code == 404


def test_an_ended_mandate_opens_nothing(county: County, as_person: Callable[[str], Client]) -> None:
    Mandate.objects.update(ended_at=NOW)
    assert as_person("陆文员").get(home(county)).status_code == 404


def test_the_code_is_a_drawing_without_style_or_script(county: County, as_person: Callable[[str], Client]) -> None:
    answer = as_person("陆文员").get(home(county) + "code.svg")
    drawing = answer.content.decode()
    assert answer["Content-Type"] == "image/svg+xml"
    assert drawing.startswith("<svg")
    assert "style" not in drawing
    assert "script" not in drawing


def test_the_code_carries_the_firms_address(county: County) -> None:
    from tongban.web.public.firms import code_address

    assert county.firm is not None
    assert code_address(county.firm) == f"{settings.TONGBAN_SHARED_ADDRESS}/f/{county.firm.code}/"


def test_somebody_asks_to_act_for_a_firm_once(county: County, as_person: Callable[[str], Client]) -> None:
    assert county.firm is not None
    client = as_person("陈居民")
    given = {"credit_code": county.firm.credit_code}
    assert "等待确认" in client.post("/my/", given, follow=True).content.decode()
    assert "已在等确认" in client.post("/my/", given).content.decode()
    assert Mandate.objects.filter(person=county.people["陈居民"], confirmed_at=None).count() == 1
    assert client.get(home(county)).status_code == 404, "asking is not being confirmed"


def test_a_clerk_is_told_that_he_may_act_already_and_staff_that_they_may_not(
    county: County, as_person: Callable[[str], Client]
) -> None:
    given = {"credit_code": county.firm.credit_code}  # type: ignore[union-attr]
    assert "您已经可以代表" in as_person("陆文员").post("/my/", given).content.decode()
    assert "请用手机号登录" in as_person("俞经办").post("/my/", given).content.decode()


def test_the_home_page_offers_every_programme_and_my_open_matters(
    county: County, as_person: Callable[[str], Client]
) -> None:
    html = Client().get("/").content.decode()
    assert 'href="/ask/enterprise/"' in html
    assert 'href="/ask/community/"' in html
    assert "登录不是必须的" in html
    asked(county, "我的路灯")
    mine = as_person("陈居民").get("/").content.decode()
    assert "我的路灯" in mine
    english = client_in_english().get("/").content.decode()
    assert "What can we do for you?" in english


def test_the_home_page_says_how_well_it_goes_with_denominators_and_not_of_fewer_than_five(
    county: County, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.utils import timezone

    monkeypatch.setattr(timezone, "now", lambda: NOW + 200 * HOUR)
    for n in range(4):
        answered(county, asked(county, f"第{n}件"))
    assert "办得怎么样" not in client.get("/").content.decode()
    cache.clear()
    last = answered(county, asked(county, "第五件"))
    html = client.get("/").content.decode()
    assert "受理 5 件" in html
    assert "0 / 5" in html, "nobody has rated: 0 of 5 answered"
    assert "满意率" not in html, "of no rating at all there is no rate"
    assert last.title not in html


def client_in_english() -> Client:
    return Client(headers={"accept-language": "en"})
