"""Has it been asked? What is open to neighbours is found by anybody and joined by whoever has signed in."""

from __future__ import annotations

from django.test import Client

from tests.engines.cases.conftest import NOW, County
from tests.engines.cases.test_merging import asked
from tongban.engines.cases import actions
from tongban.engines.cases.models import Case

ADDRESS = "/asked/community/"


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
