"""The page of notices: whose they are, that they lead to the case, and that one press marks them as read."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import resolve

from tests.engines.cases.conftest import NOW, County, county  # noqa: F401 - the fixture
from tongban.core.ledger.actor import Actor
from tongban.core.ledger.worker import run_pending
from tongban.core.notices.models import Notice
from tongban.core.notices.writing import Line, add_lines
from tongban.engines.cases import actions, wording
from tongban.engines.cases.actions import Opening

Browse = Callable[[str], Client]


@pytest.fixture
def browse(county: County, client: Client) -> Browse:  # noqa: F811
    def signed_in(name: str) -> Client:
        client.force_login(county.accounts[name], backend="tongban.web.signin.backend.AccountBackend")
        return client

    return signed_in


@pytest.fixture
def case(county: County) -> int:  # noqa: F811
    """A resident's request, given to the transport bureau."""
    opening = Opening(programme="community", kind="request", body="路灯不亮", area=county.areas["village"].pk,
                      requester=county.people["陈居民"])  # fmt: skip
    key = actions.open_case(opening, by=Actor(county.accounts["陈居民"].pk), at=NOW).pk
    desk = county.officers["王受理"]
    actions.accept(case=key, by=desk, at=NOW)
    actions.assign(case=key, unit=county.units["交通局"].pk, by=desk, at=NOW)
    assert run_pending(NOW).errors == []
    return key


def test_an_officer_finds_what_waits_for_him_and_it_leads_to_the_case(browse: Browse, case: int) -> None:
    page = browse("俞经办").get("/notices/").content.decode()
    assert f"330482-{case:06d} 已交办给交通局，请签收。" in page
    assert f'href="/desk/cases/{case}/"' in page
    assert page.count("未读</span>") >= 1


def test_an_officer_reads_which_case_it_is_and_only_while_it_is_his(
    browse: Browse,
    case: int,
    county: County,  # noqa: F811
    django_assert_max_num_queries,  # type: ignore[no-untyped-def]
) -> None:
    browser = browse("俞经办")
    with django_assert_max_num_queries(6):
        page = browser.get("/notices/").content.decode()
    assert '<span class="about">路灯不亮</span>' in page
    actions.give_back(case=case, reason="路灯归建设局管", by=county.officers["俞经办"], at=NOW)
    assert "路灯不亮" not in browser.get("/notices/").content.decode()


def test_an_asker_finds_how_it_goes_and_it_leads_to_his_own_page(browse: Browse, case: int) -> None:
    page = browse("陈居民").get("/notices/?language=en").content.decode()
    assert f"Request 330482-{case:06d} has been given to 交通局." in page
    assert f'href="/my/{case}/"' in page
    assert "/desk/cases/" not in page


def test_a_line_about_a_case_that_has_left_leads_nowhere_and_says_so(
    browse: Browse,
    case: int,
    county: County,  # noqa: F811
) -> None:
    actions.sign_in(case=case, by=county.officers["俞经办"], at=NOW)
    actions.give_back(case=case, reason="路不归交通局管", by=county.officers["俞经办"], at=NOW)
    browser = browse("俞经办")
    page = browser.get("/notices/").content.decode()
    assert f"330482-{case:06d} 已交办给交通局" in page
    assert f"/desk/cases/{case}/" not in page
    assert "这一件已不在您这里" in page
    assert "can no longer be opened" in browser.get("/notices/?language=en").content.decode()
    assert "看不到了" not in browse("陈居民").get("/notices/?language=zh").content.decode()


def test_nobody_reads_anothers_lines(browse: Browse, case: int) -> None:
    assert "330482-" not in browse("孙协办").get("/notices/").content.decode()


def test_whoever_is_not_signed_in_is_asked_to(client: Client, case: int) -> None:
    response = client.get("/notices/")
    assert response.status_code == 302
    assert "/sign-in/" in response["Location"]


def test_one_press_marks_what_was_shown_as_read_and_nobody_elses(browse: Browse, case: int) -> None:
    browser = browse("陈居民")
    newest = max(Notice.objects.exclude(person=None).values_list("pk", flat=True))
    browser.post("/notices/", {"up_to": newest + 100})
    assert Notice.objects.filter(read_at=None, person__isnull=False).count() == 0
    assert Notice.objects.filter(read_at=None, account__isnull=False).count() == 2
    assert "全部标为已读" not in browser.get("/notices/").content.decode()


@pytest.mark.parametrize("typed", ["", "x", "-1", "9" * 40, "１"])
def test_what_is_no_number_marks_nothing_and_breaks_nothing(browse: Browse, case: int, typed: str) -> None:
    browser = browse("陈居民")
    assert browser.post("/notices/", {"up_to": typed}).status_code == 302
    assert browser.get("/notices/", {"before": typed}).status_code == 200
    assert not Notice.objects.exclude(read_at=None).exists()


def test_a_long_list_is_read_page_by_page_with_few_queries(
    browse: Browse,
    case: int,
    county: County,  # noqa: F811
    django_assert_max_num_queries,  # type: ignore[no-untyped-def]
) -> None:
    person = county.people["陈居民"].pk
    add_lines((Line("asker.accept", person=person, case=n) for n in range(1000, 1070)), cause="test", at=NOW)
    browser = browse("陈居民")
    with django_assert_max_num_queries(6):
        page = browser.get("/notices/").content.decode()
    assert page.count("<li>") >= 30
    assert "330482-001069" in page
    assert "330482-001039" not in page
    older = page.split("?before=")[1].split('"')[0]
    assert "330482-001039" in browser.get(f"/notices/?before={older}").content.decode()


def test_the_links_in_messages_lead_to_pages(county: County, settings) -> None:  # type: ignore[no-untyped-def]  # noqa: F811
    for address, name in ((wording.tracking_address(7), "tracked"), (wording.rating_address(7), "rate")):
        path = address.removeprefix(settings.TONGBAN_SHARED_ADDRESS)
        assert resolve(path).url_name == name
