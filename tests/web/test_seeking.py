"""What is typed into a search box stands in no address if it is somebody's number, nor in a log."""

from __future__ import annotations

import logging

import pytest
from django.test import Client

from tests.core.access.conftest import office as office  # the fixture  # noqa: PLC0414
from tests.engines.cases.conftest import County
from tests.engines.cases.conftest import county as county  # the fixture  # noqa: PLC0414
from tests.web.manage.conftest import Desk
from tests.web.manage.conftest import desk as desk  # the fixture  # noqa: PLC0414

pytestmark = pytest.mark.django_db
NUMBERS = [
    "13912347710",
    "139-1234 7710",
    "１３９１２３４７７１０",
    "330482199001011234",
    "0573-85012345",
    "330482 000347",
]
REFUSED = "不写进网址"


@pytest.mark.parametrize("page", ["/matters/", "/matters/map/"])
@pytest.mark.parametrize("typed", NUMBERS)
def test_the_public_search_takes_no_number_into_an_address(county: County, page: str, typed: str) -> None:
    town = county.areas["town"].code
    for send in ("post", "get"):
        client = Client()
        moved = getattr(client, send)(page, {"q": typed, "area": town, "state": "open", "after": "3"})
        assert (moved.status_code, moved["Location"]) == (302, f"{page}?area={town}&state=open")
        shown = client.get(moved["Location"])
        assert REFUSED in shown.content.decode()
        assert shown.context["given"]["q"] == ""
        assert REFUSED not in client.get(moved["Location"]).content.decode(), "once"


@pytest.mark.parametrize("page", ["/matters/", "/matters/map/"])
def test_words_go_into_an_address_that_can_be_handed_on(county: County, page: str) -> None:
    client = Client()
    assert 'method="post"' in client.get(page).content.decode()
    moved = client.post(page, {"q": "12路 2026-11-22", "area": "", "kind": "community"})
    assert moved["Location"] == f"{page}?kind=community&q=12%E8%B7%AF+2026-11-22"
    assert client.get(moved["Location"]).context["given"]["q"] == "12路 2026-11-22"
    assert client.post(page, {"q": " "})["Location"] == page


def test_an_officers_search_keeps_numbers_within_words_out_of_addresses_too(county: County) -> None:
    client = Client()
    client.force_login(county.accounts["沈受理"], backend="tongban.web.signin.backend.AccountBackend")
    for typed in ("陈居民 139 1234 7710", "330482199001011234"):
        answer = client.post("/desk/search/", {"q": typed})
        assert answer.status_code == 200
        assert "?q=" not in answer.content.decode()
        assert f"<title>搜索 {typed}" not in answer.content.decode()
        assert "不能写在网址里" in client.get("/desk/search/", {"q": typed}).content.decode()


@pytest.mark.parametrize("page", ["/manage/accounts/", "/manage/firms/"])
def test_the_searches_of_administration_take_no_number_either(desk: Desk, page: str) -> None:
    assert f'method="post" action="{page}" role="search"' in desk.client.get(page).content.decode()
    for send in (desk.client.post, desk.client.get):
        moved = send(page, {"q": "13912347710"})
        assert (moved.status_code, moved["Location"]) == (302, page)
        assert REFUSED in desk.client.get(page).content.decode()
    assert desk.client.post(page, {"q": "yu"})["Location"] == f"{page}?q=yu"


def test_an_officers_name_is_looked_up_without_an_address(desk: Desk) -> None:
    name = desk.office.officer.person.name  # type: ignore[union-attr]
    found = desk.client.post("/manage/accounts/", {"q": name, "unit": str(desk.bureau.pk)})
    assert found.status_code == 200
    assert [row.name for row in found.context["accounts"]] == [name]


def test_a_number_in_an_address_is_masked_in_every_log(caplog: pytest.LogCaptureFixture) -> None:
    for query in ("q=%E9%99%8813912347710", "q=139+1234+7710", "q=139-1234-7710&x=1", "q=139%201234%207710",
                  "q=330482199001011234", "q=%E9%99%8833048219900101123X"):  # fmt: skip
        logging.getLogger("granian.access").error("GET /matters/?%s", query)
        logging.getLogger("django.request").error("Not Found: /x/", exc_info=ValueError(f"/matters/?{query}"))
    for told in ("1234", "19900101"):
        assert told not in caplog.text
    assert caplog.text.count("139****7710") == 8
