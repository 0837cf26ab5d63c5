"""Has it been asked? What is open to neighbours is found by anybody and joined by whoever has signed in."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client

from tests.engines.cases.conftest import NOW, County
from tests.engines.cases.test_merging import asked
from tests.web.public.conftest import asked as asked_in_words
from tests.web.public.test_asking import COMMUNITY, form
from tests.web.public.test_matters import given_out, publish, second  # noqa: F401 - a fixture
from tongban.core.ledger.actor import Actor
from tongban.core.registry import reference
from tongban.core.registry.models import Area
from tongban.engines.cases import actions
from tongban.engines.cases.models import Case

ADDRESS = "/asked/community/"
TITLE = "泖口村东头路灯不亮"


def entered(county: County, who: str) -> Client:
    client = Client()
    client.force_login(county.accounts[who], backend="tongban.web.signin.backend.AccountBackend")
    return client


def test_anybody_finds_the_approved_title_and_nothing_else(county: County) -> None:
    case = asked(county, state="accepted")
    assert "这里还没有" in Client().get(ADDRESS).content.decode()
    actions.open_up(case=case, title="泖口村东头路灯不亮", by=county.officers["王受理"], at=NOW)
    page = Client().get(ADDRESS, {"place": "330482100001", "category": ""}).content.decode()
    assert "泖口村东头路灯不亮" in page
    assert "0 人算我一个" in page
    assert "登录后算我一个" in page
    assert not any(private in page for private in ("陈居民", "1380000", "村口的路灯坏了三天"))
    assert "泖口村东头路灯不亮" not in Client().get(ADDRESS, {"category": "traffic"}).content.decode()
    assert "Count" in entered(county, "陆文员").get(ADDRESS, headers={"accept-language": "en"}).content.decode()
    assert ADDRESS in Client().get("/ask/community/").content.decode()


def test_a_neighbour_joins_once(county: County) -> None:
    case = asked(county, state="accepted")
    actions.open_up(case=case, title="泖口村东头路灯不亮", by=county.officers["王受理"], at=NOW)
    there = f"{ADDRESS}{case}/join/"
    stranger = Client().post(there)
    assert stranger.status_code == 302
    assert "/sign-in/" in stranger["Location"]
    clerk = entered(county, "陆文员")
    done = clerk.post(f"{there}?place=330482100", follow=True).content.decode()
    assert "已算上您" in done
    assert "您已在其中" in done
    again = clerk.post(there)
    assert again.status_code == 409
    assert "已经在关注这一件了" in again.content.decode()
    assert Case.objects.get(pk=case).neighbours == 1
    assert f"/my/{case}/" in clerk.get("/my/").content.decode()
    assert clerk.get(f"/my/{case}/").status_code == 200


def opened(county: County, body: str = "村口的灯坏了，我家在三号院。", title: str = TITLE) -> Case:
    case = given_out(county, asked_in_words(county, body))
    actions.open_up(case=case.pk, title=title, by=county.officers["王受理"], at=NOW)
    return case


def test_a_published_matter_is_joined_from_its_page_by_its_public_number(
    placed: County, second: Actor  # noqa: F811
) -> None:  # fmt: skip
    asked_in_words(placed)  # so that cases and publications are numbered apart
    case = opened(placed)
    number = publish(placed, case, second)
    there = f"/matters/{number}/"
    stranger = Client().get(there).content.decode()
    assert f"/sign-in/?next={there}" in unescape(stranger)
    assert str(Client().post(f"{there}join/")["Location"]).startswith("/sign-in/")
    clerk = entered(placed, "陆文员")
    before = clerk.get(there).content.decode()
    assert f'action="{there}join/"' in before
    assert f"/{case.pk}/join/" not in before
    done = clerk.post(f"{there}join/", follow=True)
    assert done.redirect_chain == [(there, 302)]
    assert "已算上您" in done.content.decode()
    assert "您已在其中" in done.content.decode()
    assert Case.objects.get(pk=case.pk).neighbours == 1
    assert "已经在关注这一件了" in clerk.post(f"{there}join/").content.decode()
    assert "您已在其中" in entered(placed, "陈居民").get(there).content.decode(), "who asked it takes part"
    actions.publish_withdraw(case=case.pk, reason="不宜公开", by=placed.officers["王受理"], at=NOW)
    assert clerk.post(f"{there}join/").status_code == 410


def test_what_is_not_open_to_neighbours_has_no_button(placed: County, second: Actor) -> None:  # noqa: F811
    case = opened(placed)
    there = f"/matters/{publish(placed, case, second)}/"
    clerk = entered(placed, "陆文员")
    actions.close_up(case=case.pk, by=placed.officers["王受理"], at=NOW)
    assert "join/" not in clerk.get(there).content.decode()
    assert "登录后算我一个" not in Client().get(there).content.decode()
    assert clerk.post(f"{there}join/").status_code == 409
    assert Case.objects.get(pk=case.pk).neighbours == 0


@pytest.mark.parametrize("path", [COMMUNITY, "/ask/enterprise/"])
def test_a_firm_is_led_to_what_was_asked_too(county: County, path: str) -> None:
    assert path.replace("/ask/", "/asked/") in Client().get(path).content.decode()


def looked(county: County, client: Client, body: str, **more: str) -> str:
    page = unescape(
        client.post(COMMUNITY, {**form(county, client), "body": body, "do": "look", **more}).content.decode()
    )
    assert body in page
    return page


def test_before_sending_he_is_shown_what_he_may_join(county: County) -> None:
    case, other = opened(county), opened(county, "公交车太少", "夜班公交车太少")
    clerk = entered(county, "陆文员")
    page = looked(county, clerk, "路灯不亮")
    assert TITLE in page
    assert "夜班公交车太少" not in page
    button = re.search(r'form="(join-\d+)"', page)
    assert button
    assert (form_of := re.search(rf'<form method="post" id="{button[1]}" action="([^"]+)"', page))
    assert form_of[1].startswith(f"{ADDRESS}{case.pk}/join/?place=")
    assert "已算上您" in clerk.post(form_of[1], follow=True).content.decode()
    assert Case.objects.get(pk=case.pk).neighbours == 1
    assert "您已在其中" in looked(county, clerk, "路灯不亮")
    assert f"next={ADDRESS}" in looked(county, Client(), "晚上没有公交车")
    assert TITLE not in looked(county, entered(county, "陈居民"), "路灯不亮"), "his own stands among his own"
    assert other.pk != case.pk


def test_words_of_the_request_itself_find_nothing(county: County) -> None:
    opened(county)
    page = looked(county, Client(), "我家在三号院")
    assert TITLE not in page
    assert "没有找到相近的" in page


def test_it_is_looked_for_in_the_town_that_was_chosen(county: County) -> None:
    opened(county)
    elsewhere = Area.objects.create(
        code="330482200", level="town", name_zh="别镇", name_en="Elsewhere", parent=county.areas["county"],
        valid_from=county.areas["town"].valid_from,
    )  # fmt: skip
    reference.forget()
    assert TITLE in looked(county, Client(), "路灯不亮", town=str(county.areas["county"].pk))
    assert TITLE not in looked(county, Client(), "路灯不亮", town=str(elsewhere.pk))


def test_a_neighbour_leaves_on_his_own_page(county: County) -> None:
    case = opened(county)
    clerk = entered(county, "陆文员")
    clerk.post(f"{ADDRESS}{case.pk}/join/")
    there = f"/my/{case.pk}/"
    assert 'value="leave"' in clerk.get(there).content.decode()
    assert 'value="leave"' not in entered(county, "陈居民").get(there).content.decode()
    left = clerk.post(there, {"do": "leave"}, follow=True)
    assert left.redirect_chain == [("/my/", 302)]
    assert "已经退出" in left.content.decode()
    assert there not in left.content.decode()
    assert clerk.get(there).status_code == 404
    assert clerk.post(there, {"do": "leave"}).status_code == 404
    assert "算我一个" in clerk.get(ADDRESS).content.decode()
    assert Case.objects.get(pk=case.pk).neighbours == 0
