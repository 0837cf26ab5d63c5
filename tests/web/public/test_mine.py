"""What is one's own, signed in: requests and their pages, and where the pin is shown."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from tests.engines.cases.conftest import NOW, County
from tests.web.public.conftest import HOUR, PHONE, answered, asked, at_the_code, read, taken_up
from tongban.engines.cases import actions, secrets
from tongban.engines.cases.models import Rating

pytestmark = pytest.mark.django_db


def test_my_requests_are_mine_alone(county: County, as_person: Callable[[str], Client]) -> None:
    mine, other = asked(county, "我的路灯"), asked(county, "别人的事", name="陆文员")
    client = as_person("陈居民")
    html = read(client, "/my/")
    assert "我的路灯" in html
    assert "别人的事" not in html
    assert client.get(f"/my/{mine.pk}/").status_code == 200
    assert client.get(f"/my/{other.pk}/").status_code == 404
    assert client.get("/my/999999/").status_code == 404


def test_my_requests_go_back_page_by_page(county: County, as_person: Callable[[str], Client]) -> None:
    for n in range(25):
        asked(county, f"第{n:02}件事")
    client = as_person("陈居民")
    first = read(client, "/my/")
    assert "第24件事" in first
    assert "第00件事" not in first
    after = first.split("?after=")[1].split('"')[0]
    assert "第00件事" in read(client, f"/my/?after={after}")


def test_a_list_of_mine_takes_few_queries(
    county: County, as_person: Callable[[str], Client], django_assert_max_num_queries: Callable[[int], object]
) -> None:
    for n in range(20):
        asked(county, f"第{n}件事")
    client = as_person("陈居民")
    read(client, "/my/")
    # Session, account, roles, mandates and versions are asked on every page; the rest is this page's.
    with django_assert_max_num_queries(6):  # type: ignore[attr-defined]
        read(client, "/my/")


def test_the_asker_sees_his_answer_and_is_asked_to_rate(county: County, as_person: Callable[[str], Client]) -> None:
    case = answered(county, asked(county))
    Rating.objects.update(expires_at="2099-01-01T00:00Z")
    html = read(as_person("陈居民"), f"/my/{case.pk}/")
    assert "路灯明天修好" in html
    assert f"/rate/{secrets.rating_token(case.pk)}/" in html
    assert "俞经办" not in html


def test_the_asker_replies_and_withdraws(county: County, as_person: Callable[[str], Client]) -> None:
    case = taken_up(county, asked(county))
    actions.ask(case=case.pk, question="哪一盏灯？", by=county.officers["俞经办"], at=NOW + 2 * HOUR)
    client = as_person("陈居民")
    assert "哪一盏灯" in read(client, f"/my/{case.pk}/")
    client.post(f"/my/{case.pk}/", {"do": "reply", "reply": "南门第二盏"})
    assert case.inquiries.get().reply == "南门第二盏"
    client.post(f"/my/{case.pk}/", {"do": "withdraw", "reason": "好了"})
    case.refresh_from_db()
    assert case.state == "withdrawn"
    refused = client.post(f"/my/{case.pk}/", {"do": "withdraw", "reason": "再来一次"})
    assert refused.status_code == 422


@pytest.mark.parametrize(("language", "words"), [("zh", "要为他们接着办"), ("en", "the matter goes on for them")])
@pytest.mark.parametrize("way", ["account", "code"])
def test_while_others_have_asked_the_same_the_page_says_why_it_is_not_withdrawn(
    county: County, as_person: Callable[[str], Client], client: Client, language: str, words: str, way: str
) -> None:
    case, other = asked(county), asked(county, name="陆文员")
    path = at_the_code(case) if way == "code" else f"/my/{case.pk}/"
    if way == "account":
        as_person("陈居民")
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = language
    client.post(path, {"do": "prove", "phone": PHONE})
    assert 'value="withdraw"' in read(client, path)
    assert words not in read(client, path)
    actions.merge(case=other.pk, into=case.pk, by=county.officers["王受理"], at=NOW)
    assert 'value="withdraw"' not in read(client, path)
    assert words in read(client, path)
    assert words not in read(Client(headers={"Accept-Language": language}), at_the_code(case)), (
        "the code alone tells no such thing"
    )
    refused = client.post(path, {"do": "withdraw", "reason": "已经修好了"})
    assert refused.status_code == 422
    assert refused.content.decode().count(words) == 1
    assert "已经修好了" in refused.content.decode()
    case.refresh_from_db()
    assert case.state == "new"


def test_a_cosigner_follows_but_does_not_withdraw(county: County, as_person: Callable[[str], Client]) -> None:
    case = asked(county, cosigners=(county.people["陆文员"],))
    client = as_person("陆文员")
    html = read(client, f"/my/{case.pk}/")
    assert secrets.tracking_code(case.pk) not in html
    assert "撤回这一件" not in html
    answer = client.post(f"/my/{case.pk}/", {"do": "withdraw", "reason": "我说了算"})
    assert answer.status_code == 422
    assert "没有办成" in answer.content.decode()
    assert "我说了算" in answer.content.decode()
    case.refresh_from_db()
    assert case.state == "new"


def test_an_officer_sees_his_own_matters_as_any_asker_does(county: County, as_person: Callable[[str], Client]) -> None:
    case = taken_up(county, asked(county))
    assert as_person("俞经办").get(f"/my/{case.pk}/").status_code == 404


PIN = {"longitude": 121.052341, "latitude": 30.755678}
COORDINATES = "30.75568, 121.05234"


def test_the_pin_is_shown_to_the_asker_and_to_the_officers_and_not_by_the_code(
    placed: County, as_person: Callable[[str], Client]
) -> None:
    case = taken_up(placed, asked(placed, **PIN))
    for name, page in (
        ("陈居民", f"/my/{case.pk}/"),
        ("王受理", f"/desk/cases/{case.pk}/"),
        ("俞经办", f"/desk/cases/{case.pk}/"),
        ("钱审核", f"/desk/cases/{case.pk}/"),
    ):
        html = read(as_person(name), page)
        assert COORDINATES in html, name
        assert "标记在泖口村附近" in html, name
        assert 'class="chosen"' in html, name
    client = Client()
    assert "121.05" not in read(client, at_the_code(case))
    assert "泖口村" in read(client, at_the_code(case)), "the place in words"
    client.post(at_the_code(case), {"do": "prove", "phone": PHONE})
    assert COORDINATES in read(client, at_the_code(case))
    without = asked(placed)
    assert 'class="chosen"' not in read(as_person("陈居民"), f"/my/{without.pk}/")


def test_a_pin_beyond_the_picture_is_told_in_figures_alone(placed: County, as_person: Callable[[str], Client]) -> None:
    case = asked(placed, longitude=121.5, latitude=31.2)
    html = read(as_person("陈居民"), f"/my/{case.pk}/")
    assert "31.20000, 121.50000" in html
    assert 'class="chosen"' not in html


def test_a_pin_without_known_places_is_told_in_figures(county: County, as_person: Callable[[str], Client]) -> None:
    assert COORDINATES in read(as_person("陈居民"), f"/my/{asked(county, **PIN).pk}/")
