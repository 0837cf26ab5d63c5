"""A session or a page's key that runs out while somebody writes costs him nothing that he wrote."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from tests.engines.cases.conftest import County, county  # noqa: F401 - the fixture
from tests.web.staff.conftest import SignIn, at_stage, sign_in  # noqa: F401 - the fixture
from tongban.web.lost import above

WORDS = "12月1日起加开一班 <夜班>，由交通局负责。"
SHOWN = "12月1日起加开一班 &lt;夜班&gt;，由交通局负责。"


def test_whoever_was_signed_out_while_writing_gets_his_words_and_the_way_back(county: County) -> None:  # noqa: F811
    key = at_stage(county, "handling")
    answer = Client().post(
        f"/desk/cases/{key}/answer/", {"answer-text": WORDS, "view": "handle", "csrfmiddlewaretoken": "公文"},
        headers={"Referer": f"http://testserver/desk/cases/{key}/?view=work"},
    )  # fmt: skip
    assert answer.status_code == 403
    assert answer.headers["Cache-Control"] == "no-store"
    page = answer.content.decode()
    assert SHOWN in page
    assert "公文" not in page
    assert f'href="/sign-in/staff/?next=%2Fdesk%2Fcases%2F{key}%2F%3Fview%3Dwork"' in page


def test_a_press_without_words_leads_straight_to_the_sign_in(county: County) -> None:  # noqa: F811
    key = at_stage(county, "assigned")
    answer = Client().post(f"/desk/cases/{key}/sign_in/", headers={"Referer": f"http://testserver/desk/cases/{key}/"})
    assert answer.status_code == 302
    assert answer["Location"] == f"/sign-in/staff/?next=/desk/cases/{key}/"


def test_a_page_whose_key_is_gone_shows_the_words_and_promises_nothing_else(
    county: County,  # noqa: F811
    sign_in: SignIn,  # noqa: F811
) -> None:
    key = at_stage(county, "handling")
    away = Client(enforce_csrf_checks=True, headers={"Accept-Language": "en"})
    page = away.post(f"/desk/cases/{key}/answer/", {"answer-text": WORDS})
    assert page.status_code == 403
    assert SHOWN in page.content.decode()
    assert "/sign-in/staff/?next=" in page.content.decode()
    assert "You were signed out" in page.content.decode()
    worker = sign_in("俞经办")
    worker.handler.enforce_csrf_checks = True
    old = worker.post(f"/desk/cases/{key}/answer/", {"answer-text": WORDS})
    assert old.status_code == 403
    assert SHOWN in old.content.decode()
    assert "页面放得太久" in old.content.decode()
    assert f'href="/desk/cases/{key}/answer/"' in old.content.decode()


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null"])
def test_another_sites_words_are_never_shown_as_the_readers_own(county: County, origin: str) -> None:  # noqa: F811
    key = at_stage(county, "handling")
    for client in (Client(), Client(enforce_csrf_checks=True)):
        answer = client.post(f"/desk/cases/{key}/answer/", {"answer-text": WORDS}, headers={"Origin": origin})
        assert SHOWN not in answer.content.decode()


@pytest.mark.django_db
def test_what_is_typed_to_sign_in_is_never_shown_again() -> None:
    client = Client(enforce_csrf_checks=True)
    for address in (
        "/sign-in/staff/",
        "/sign-in/staff/code/",
        "/sign-in/staff/begin/",
        "/security/",
        "/ask/community/",
    ):
        page = client.post(address, {"username": "俞 经办", "password": "春 眠 不觉晓", "code": "备用 码"})
        assert page.status_code == 403
        assert "春 眠" not in page.content.decode()
        assert "备用 码" not in page.content.decode()


def test_the_page_above_an_address_is_the_nearest_that_there_is() -> None:
    assert above("/desk/cases/7/answer/") == "/desk/cases/7/"
    assert above("/manage/accounts/7/reset/") == "/manage/accounts/7/"
    assert above("/manage/routes/end/3/") == "/manage/routes/"
    assert above("/look/") == "/"


@pytest.mark.parametrize(
    ("name", "args", "page"),
    [
        ("move", [7, "answer"], "/desk/cases/7/"), ("reveal", [7], "/desk/cases/7/"), ("caller", [], "/desk/new/"),
        ("sign-out", [], "/"), ("look", [], "/"),
    ],
)  # fmt: skip
def test_a_steps_address_leads_to_its_page(
    county: County,  # noqa: F811
    sign_in: SignIn,  # noqa: F811
    name: str,
    args: list[object],
    page: str,
) -> None:
    client = sign_in("沈受理")
    for answer in (client.get(reverse(f"web:{name}", args=args)), client.head(reverse(f"web:{name}", args=args))):
        assert (answer.status_code, answer["Location"]) == (302, page)
    assert client.put(reverse(f"web:{name}", args=args)).status_code == 405
    switched = client.get(reverse(f"web:{name}", args=args), {"language": "en"})
    assert switched.cookies["language"].value == "en"


@pytest.mark.parametrize(
    "referer", ["http://testserver/", "http://testserver//elsewhere.example/x", "http://other/desk/"]
)
def test_the_way_back_from_a_secret_page_is_the_form_itself(referer: str) -> None:
    """Such a page sends no more of its address than where it stands."""
    browser = Client(enforce_csrf_checks=True)
    answer = browser.post("/track/330482-000001-AAAAA-AAAAA/", {"reply": WORDS}, headers={"Referer": referer})
    assert answer.status_code == 403
    assert 'href="/track/330482-000001-AAAAA-AAAAA/"' in answer.content.decode()


def test_a_part_that_renews_itself_opens_its_page_anew_when_the_session_is_over() -> None:
    answer = Client().get("/import/1/progress/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Refresh"]) == (204, "true")
