"""Lists give each viewer exactly what he may see, in order and page by page."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.engines.cases.conftest import NOW, County
from tongban.core.access.viewer import Viewer, viewer_of
from tongban.core.ledger.actor import Actor
from tongban.engines.cases import actions, queries
from tongban.engines.cases.actions import Opening
from tongban.engines.cases.queries import lists


def viewer(county: County, name: str) -> Viewer:
    return viewer_of(county.accounts[name], NOW)


def open_one(county: County, body: str, **more: object) -> int:
    opening = Opening(
        programme="community", kind="request", body=body, area=county.areas["village"].pk,
        requester=county.people["陈居民"], **more,  # type: ignore[arg-type]
    )  # fmt: skip
    return actions.open_case(opening, by=Actor(county.accounts["陈居民"].pk), at=NOW).pk


def test_what_waits_moves_from_desk_to_unit_and_each_sees_his_own(county: County) -> None:
    first, second = open_one(county, "路灯不亮"), open_one(county, "污水外溢")
    desk = county.officers["王受理"]
    assert [r.id for r in queries.queue_page(viewer(county, "王受理"), NOW, view="accept").rows] == [first, second]
    actions.accept(case=first, by=desk, at=NOW)
    actions.assign(case=first, unit=county.units["新埭镇政府"].pk, by=desk, at=NOW)
    assert [r.id for r in queries.queue_page(viewer(county, "镇经办"), NOW, view="sign_in").rows] == [first]
    assert queries.queue_counts(viewer(county, "王受理"), NOW) == {
        "work": 1, "accept": 1, "assign": 0, "extension": 0, "send": 0, "close": 0,
    }  # fmt: skip
    assert queries.queue_page(viewer(county, "沈受理"), NOW).rows == []
    assert [r.id for r in queries.newest_page(viewer(county, "王受理")).rows] == [second, first]
    assert [r.id for r in queries.newest_page(viewer(county, "王受理"), state="new").rows] == [second]
    assert [r.id for r in queries.own_cases(viewer(county, "陈居民")).rows] == [second, first]
    actions.sign_in(case=first, by=county.officers["镇经办"], at=NOW)
    actions.assign(case=first, unit=county.units["泖口村委"].pk, by=county.officers["镇经办"], at=NOW)
    assert [r.id for r in queries.queue_page(viewer(county, "村经办"), NOW).rows] == [first]
    assert queries.queue_page(viewer(county, "镇经办"), NOW).rows == []
    assert [r.id for r in queries.newest_page(viewer(county, "镇经办")).rows] == [first]


def test_pages_follow_each_other_without_gap_or_repeat(county: County) -> None:
    made = [open_one(county, f"第 {n} 件") for n in range(7)]
    who = viewer(county, "王受理")
    seen, after = [], ""
    while True:
        page = queries.queue_page(who, NOW, after=after, limit=3)
        seen += [r.id for r in page.rows]
        after = page.after
        if not after:
            break
    assert seen == made
    newest = queries.newest_page(who, limit=3, programme="community")
    assert [r.id for r in newest.rows] == made[:3:-1]
    assert [r.id for r in queries.newest_page(who, limit=9, after=newest.after).rows] == made[3::-1]


def test_search_finds_words_numbers_and_phones_only_within_sight(county: County) -> None:
    mine = open_one(county, "解放西路的路灯三天没亮了")
    hidden = open_one(county, "村里路灯被撞坏", confidential=True)
    desk = viewer(county, "王受理")
    assert [r.id for r in queries.search_page(desk, "路灯").rows] == [hidden, mine]
    assert [r.id for r in queries.search_page(desk, "解放西路 路灯").rows] == [mine]
    assert [r.id for r in queries.search_page(desk, f"330482-{mine:06d}").rows] == [mine]
    assert [r.id for r in queries.search_page(desk, "138 0000 0001").rows] == [hidden, mine]
    assert queries.search_page(viewer(county, "沈受理"), "路灯").rows == []
    for case in (mine, hidden):
        actions.accept(case=case, by=county.officers["王受理"], at=NOW)
        actions.assign(case=case, unit=county.units["新埭镇政府"].pk, by=county.officers["王受理"], at=NOW)
    town = viewer(county, "镇经办")
    assert [r.id for r in queries.search_page(town, "路灯").rows] == [hidden, mine]
    assert [r.id for r in queries.search_page(town, "13800000001").rows] == [mine]


def test_a_confidential_author_is_shown_to_the_desk_and_hidden_from_the_unit(county: County) -> None:
    case = open_one(county, "厂里夜里偷排", confidential=True)
    desk = county.officers["王受理"]
    actions.accept(case=case, by=desk, at=NOW)
    actions.assign(case=case, unit=county.units["新埭镇政府"].pk, by=desk, at=NOW)
    unit = queries.case_detail(viewer(county, "镇经办"), case, NOW)
    assert unit is not None
    assert unit.author is None
    assert unit.author_hidden
    own = queries.case_detail(viewer(county, "王受理"), case, NOW)
    assert own is not None
    assert own.author is not None
    assert own.author.phone_masked == "138****0001"
    assert queries.case_detail(viewer(county, "村经办"), case, NOW) is None


def test_the_due_bar_adds_up_to_what_waits(county: County) -> None:
    for n in range(3):
        open_one(county, f"第 {n} 件")
    who = viewer(county, "王受理")
    later = NOW + timedelta(hours=3)
    counts = {c.code: c.count for c in queries.due_counts(who, later)}
    assert counts["late"] == 3 == sum(counts.values())
    assert len(queries.queue_page(who, later, due="late").rows) == 3
    assert queries.queue_page(who, NOW, due="late").rows == []


def test_where_a_look_back_ended_is_told_in_no_number(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    """It ends at a case that the reader perhaps may not see; its link goes on from there all the same."""
    monkeypatch.setattr(lists, "LOOK_BACK", 2)
    made = [open_one(county, f"第 {n} 件") for n in range(6)]
    desk = county.officers["王受理"]
    actions.accept(case=made[0], by=desk, at=NOW)
    who, seen, after, looks = viewer(county, "王受理"), [], "", 0
    while True:
        page = queries.newest_page(who, state="accepted", after=after)
        seen += [r.id for r in page.rows]
        after, looks = page.after, looks + 1
        if not after:
            break
        assert not after.isdigit()
        assert page.looked_back == 2
    assert seen == made[:1]
    assert looks > 2
    assert queries.newest_page(who, state="new", after="~00").rows[0].id == made[-1], "what nobody gave out begins anew"
