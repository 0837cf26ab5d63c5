"""Before a request is sent: the asker's own open ones first, then published ones; never another's."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client

from tests.engines.cases.conftest import NOW, County
from tests.web.public.conftest import HOUR, asked
from tests.web.public.test_asking import COMMUNITY, form
from tests.web.public.test_matters import given_out, publish, second  # noqa: F401 - a fixture
from tongban.core.ledger.actor import Actor
from tongban.engines.cases import actions, secrets
from tongban.engines.cases.models import Case

pytestmark = pytest.mark.django_db
LAMP = "小区南门外的路灯三天没亮了，晚上老人看不见路。"


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW + 2 * HOUR)


def links(page: str) -> list[str]:
    part = re.search(r'<section[^>]* id="before".*?</section>', page, re.S)
    return re.findall(r'href="([^"]+)"', unescape(part[0])) if part else []


def look(client: Client, county: County, body: str = LAMP) -> str:
    answer = client.post(COMMUNITY, {**form(county, client), "body": body, "do": "look"})
    assert answer.status_code == 200
    page = answer.content.decode()
    assert body in page, "what was written stays"
    assert "has-errors" not in page
    return page


def test_his_own_come_first_and_then_what_is_published(
    placed: County, second: Actor, as_person: Callable[[str], Client]  # noqa: F811
) -> None:  # fmt: skip
    number = publish(placed, given_out(placed, asked(placed, LAMP, name="陆文员")), second, question=LAMP)
    mine, _other = asked(placed, LAMP), asked(placed, "食堂的水压太小")
    asked(placed, LAMP, name="陆文员")
    page = look(as_person("陈居民"), placed)
    assert links(page) == [f"/my/{mine.pk}/", f"/matters/{number}/"]
    assert "不用再提" in page
    assert links(look(Client(), placed)) == [f"/matters/{number}/"], "who has not signed in is shown nobody's own"
    assert "没有找到相近的" in look(Client(), placed, "养老金什么时候到账？")
    assert Case.objects.count() == 4, "nothing was sent"


def test_asking_again_is_asked_back_once_and_then_taken(county: County, as_person: Callable[[str], Client]) -> None:
    mine, client = asked(county, LAMP), as_person("陈居民")
    given = {**form(county, client), "body": LAMP}
    stopped = client.post(COMMUNITY, given)
    assert stopped.status_code == 409
    page = stopped.content.decode()
    assert links(page) == [f"/my/{mine.pk}/"]
    assert 'name="again" value="1"' in page
    assert Case.objects.count() == 1
    sent = client.post(COMMUNITY, {**given, "again": "1"})
    assert sent.status_code == 302
    assert Case.objects.count() == 2
    assert client.post(COMMUNITY, given)["Location"] == sent["Location"], "pressed twice is no third request"
    assert Case.objects.count() == 2


def test_sending_twice_still_gives_the_first_answer(county: County, as_person: Callable[[str], Client]) -> None:
    client = as_person("陈居民")
    given = {**form(county, client), "body": LAMP}
    first = client.post(COMMUNITY, given)
    assert client.post(COMMUNITY, given)["Location"] == first["Location"]
    assert Case.objects.count() == 1


def test_what_has_ended_or_is_only_followed_is_not_his_own_open_one(
    county: County, as_person: Callable[[str], Client]
) -> None:
    ended = asked(county, LAMP)
    actions.decline(case=ended.pk, reason="已移交供电公司", by=county.officers["王受理"], at=NOW)
    followed = asked(county, LAMP, name="陆文员")
    actions.accept(case=followed.pk, by=county.officers["王受理"], at=NOW)
    actions.open_up(case=followed.pk, title="南门路灯不亮", by=county.officers["王受理"], at=NOW)
    actions.join(case=followed.pk, by=Actor(county.accounts["陈居民"].pk), at=NOW)
    assert links(look(as_person("陈居民"), county)) == []


def test_without_an_account_a_proof_shows_that_case_alone(county: County) -> None:
    mine, other = asked(county, LAMP), asked(county, LAMP)
    client, code = Client(), secrets.tracking_code(mine.pk)
    assert links(look(client, county)) == []
    client.post(f"/track/{code}/", {"do": "prove", "phone": "13800000001"})
    assert links(look(client, county)) == [f"/track/{code}/"]
    assert secrets.tracking_code(other.pk) not in look(client, county)
