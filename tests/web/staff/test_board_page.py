"""The board's page: every number with its denominator and its cases, ranked fairly, drawn without script."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone

from tests.engines.cases.conftest import County
from tests.web.staff.conftest import SignIn, at_stage, opened
from tongban.core.ledger.actor import Actor
from tongban.engines.cases import actions, secrets


def rated(county: County, grade: int | None) -> int:
    """An answered case, rated or not."""
    key = at_stage(county, "closed")
    if grade:
        actions.rate(token=secrets.rating_token(key), grade=grade, by=Actor(system="asker"), at=timezone.now())
    return key


def test_every_rate_shows_its_denominator_and_unrated_is_never_satisfied(county: County, sign_in: SignIn) -> None:
    for grade in (5, 3, 1, None):
        rated(county, grade)
    opened(county)
    page = sign_in("沈受理").get("/desk/board/").content.decode()
    assert "66.67" in page
    assert "2 / 3" in page
    assert "评价率 75.00%" in page
    assert "4 / 4" in page  # closed of accepted: the new one is not accepted yet
    assert "无应办" in page


def test_nothing_to_count_is_a_dash_and_never_a_hundred(county: County, sign_in: SignIn) -> None:
    page = sign_in("沈受理").get("/desk/board/?period=2020").content.decode()
    assert "—" in page
    assert "100.00" not in page
    assert "没有可比的单位" in page


def test_each_number_opens_the_list_of_its_cases(county: County, sign_in: SignIn) -> None:
    keys = [rated(county, 1), rated(county, 5)]
    client = sign_in("沈受理")
    page = client.get("/desk/board/").content.decode()
    for figure, wanted in (("accepted", keys), ("satisfied", keys[1:]), ("closed", keys), ("first_answer", keys)):
        (address,) = set(re.findall(rf'href="(/desk/board/cases/\?[^"]*figure={figure})"', page))
        behind = client.get(address.replace("&amp;", "&")).content.decode()
        assert sorted(map(int, re.findall(r'name="key" value="(\d+)"', behind))) == sorted(wanted), figure


def test_a_unit_opens_to_what_went_wrong(county: County, sign_in: SignIn) -> None:
    for _ in range(5):
        rated(county, 2)
    client, unit = sign_in("沈受理"), county.units["交通局"].pk
    page = client.get(f"/desk/board/?rank=satisfaction&open={unit}").content.decode()
    assert 'aria-expanded="true"' in page
    assert page.count("夜班公交停了") == 5
    assert f"unit={unit}&amp;figure=dissatisfied" in page
    assert '<td class="place">1</td>' in page


def test_few_cases_are_shown_without_a_place(county: County, sign_in: SignIn) -> None:
    rated(county, 5)
    page = sign_in("沈受理").get("/desk/board/?rank=satisfaction").content.decode()
    assert "件数不足 5，不排名" in page
    assert '<td class="place">—</td>' in page


def test_an_overseer_sees_figures_and_cases_but_no_person(county: County, sign_in: SignIn) -> None:
    county.officer("李督办", "新埭镇政府", "supervisor")
    key = rated(county, 4)
    client = sign_in("李督办")
    assert "100.00" in client.get("/desk/board/?rank=closure").content.decode()
    page = client.get(f"/desk/cases/{key}/").content.decode()
    assert "陆文员" not in page
    assert "138****" not in page


@pytest.mark.parametrize("address", ["/desk/board/", "/desk/board/?wall=1", "/desk/board/?by=town&period=all"])
def test_the_board_asks_the_database_little(
    county: County, sign_in: SignIn, django_assert_max_num_queries, address: str
) -> None:  # type: ignore[no-untyped-def]
    for _ in range(3):
        rated(county, 5)
    client = sign_in("沈受理")
    client.get(address)
    # Four of the frame (session, account, roles, versions), five of the board.
    with django_assert_max_num_queries(9):
        client.get(address)


def test_the_list_behind_is_exported_as_it_is(county: County, sign_in: SignIn) -> None:
    key = rated(county, 5)
    answer = sign_in("沈受理").get("/desk/board/cases/?figure=accepted&format=csv")
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    assert len(text.strip().splitlines()) == 2
    assert f"330482-{key:06d}" in text
