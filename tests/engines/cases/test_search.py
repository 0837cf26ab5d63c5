"""Searching: places by whatever name they have now, several words, a space inside a word; and who finds by phone."""

from __future__ import annotations

import pytest

from tests.engines.cases.conftest import NOW, County
from tests.engines.cases.test_lists import viewer
from tongban.core.ledger.actor import Actor
from tongban.core.registry import reference
from tongban.core.registry.models import Area
from tongban.engines.cases import actions, queries
from tongban.engines.cases.actions import Opening
from tongban.engines.cases.derived import sight_and_search
from tongban.engines.cases.queries.search import may_search_by_phone

pytestmark = pytest.mark.django_db


def opened(county: County, body: str, place: str = "village") -> int:
    opening = Opening(
        programme="community", kind="request", body=body, area=county.areas[place].pk,
        requester=county.people["陈居民"],
    )  # fmt: skip
    return actions.open_case(opening, by=Actor(county.accounts["陈居民"].pk), at=NOW).pk


def found(county: County, typed: str) -> list[int]:
    return [row.id for row in queries.search_page(viewer(county, "王受理"), typed).rows]


@pytest.fixture
def other(county: County) -> County:
    """The county with a second town and English names."""
    county.areas["other"] = Area.objects.create(
        code="330482101", level="town", parent=county.areas["county"], name_zh="林埭镇", name_en="Lindai Town",
        valid_from="2020-01-01",
    )  # fmt: skip
    Area.objects.filter(pk=county.areas["village"].pk).update(name_en="Maokou Village")
    reference.forget()
    return county


def test_a_place_finds_what_lies_in_it_though_no_text_names_it(other: County) -> None:
    village, town = opened(other, "路灯坏了"), opened(other, "灯杆歪了", "town")
    elsewhere, named = opened(other, "路灯也坏了", "other"), opened(other, "新埭镇去林埭镇的班车停了", "county")
    for typed in ("新埭镇", "新埭", " 新埭镇 "):
        assert found(other, typed) == [named, town, village], typed
    for typed in ("林埭", "Lindai", "lindai TOWN"):
        assert found(other, typed) == ([named, elsewhere] if "埭" in typed else [elsewhere]), typed
    for typed in ("泖口村", "新埭镇泖口村", "Maokou Village"):
        assert found(other, typed) == [village], typed
    assert found(other, "泖口") == [], "a village's name without 村 is a word like any other"


def test_a_place_and_a_word_are_found_together(other: County) -> None:
    village, elsewhere = opened(other, "路灯坏了"), opened(other, "路灯也坏了", "other")
    opened(other, "井盖没了", "other")
    for typed in ("路灯 林埭", "林埭 路灯", "林埭镇路灯", "路灯林埭"):
        assert found(other, typed) == [elsewhere], typed
    assert found(other, "新埭 路灯") == [village]
    assert found(other, "新埭 林埭 路灯") == []


def test_a_space_inside_a_word_does_no_harm(other: County) -> None:
    pole, both = opened(other, "灯杆歪了", "other"), opened(other, "路灯不亮，积水很深")
    assert found(other, "灯 杆") == [pole]
    assert found(other, "林 埭 灯 杆") == [pole]
    assert found(other, "路灯 积水") == [both]


def test_a_renamed_place_is_found_by_its_new_name_and_nothing_has_gone_stale(other: County) -> None:
    case = opened(other, "路灯坏了", "other")
    Area.objects.filter(pk=other.areas["other"].pk).update(name_zh="金桥街道", name_en="")
    reference.changed("registry")
    assert (found(other, "金桥"), found(other, "金桥街道"), found(other, "林埭")) == ([case], [case], [])
    assert list(sight_and_search([case])) == []


@pytest.mark.parametrize(
    "typed", ["新埭" * 100, "新 " * 100, "新埭镇泖口村" * 30, "\u01c01", "， 。", "😀", "town", "a b c"]
)
def test_strange_searches_are_answered(other: County, typed: str) -> None:
    opened(other, "路灯坏了")
    assert len(found(other, typed)) <= 1


def test_who_may_find_by_a_phone_number(county: County) -> None:
    for name, may in (("王受理", True), ("俞经办", True), ("钱审核", True), ("陈居民", False)):
        assert may_search_by_phone(viewer(county, name)) is may
    county.officer("督办", "交通局", "supervisor")
    county.officer("台审核", "民生受理", "reviewer")
    assert not may_search_by_phone(viewer(county, "督办"))
    assert not may_search_by_phone(viewer(county, "台审核"))


def test_neither_a_page_nor_its_cursor_tells_of_a_complaint_about_the_searchers_own_body(county: County) -> None:
    county.officer("镇督办", "新埭镇政府", "supervisor")
    asker, about = county.people["陈居民"], county.units["新埭镇政府"].pk
    by, area = Actor(county.accounts["陈居民"].pk), county.areas["village"].pk

    def one(about: int | None) -> int:
        opening = Opening("community", "request", "夜里有打桩声", area, requester=asker, about=about)
        return actions.open_case(opening, by=by, at=NOW).pk

    mine = [one(None), one(None)]
    hidden = [one(about), one(about)]
    mine.append(one(None))
    seen: list[int] = []
    after = ""
    while True:
        page = queries.search_page(viewer(county, "镇督办"), "打桩", after=after, limit=1)
        seen += [row.id for row in page.rows]
        assert page.after not in map(str, hidden)
        assert len(page.rows) == 1
        after = page.after
        if not after:
            break
    assert seen == sorted(mine, reverse=True)


def test_a_frequent_callers_old_case_is_found_by_those_whose_it_is_and_the_rest_is_told_of(county: County) -> None:
    asker, by, area = county.people["陈居民"], Actor(county.accounts["陈居民"].pk), county.areas["village"].pk

    def one(programme: str) -> int:
        return actions.open_case(Opening(programme, "request", "又来电了", area, requester=asker), by=by, at=NOW).pk

    old = [one("enterprise"), one("enterprise")]
    for _ in range(9):
        one("community")
    found = queries.search_page(viewer(county, "沈受理"), "13800000001", limit=2)
    assert ([row.id for row in found.rows], found.after) == (old[::-1], "")
    found = queries.search_page(viewer(county, "沈受理"), "13800000001", limit=1)
    assert [row.id for row in found.rows] == old[1:]
    after = queries.search_page(viewer(county, "沈受理"), "13800000001", after=found.after, limit=1)
    assert [row.id for row in after.rows] == old[:1]
