"""Lists of what stands on an agenda, and of what stands still: exactly those in sight, newest first, cheaply."""

from __future__ import annotations

import pytest
from django.db import connection

from tests.engines.cases.conftest import NOW, County
from tests.engines.cases.test_merging import asked
from tests.ledgered import adopt
from tongban.core.access.viewer import Viewer, viewer_of
from tongban.engines.cases import actions, queries
from tongban.engines.cases.queries import lists
from tongban.engines.cases.queries.flagged import Flags, flagged
from tongban.engines.cases.queries.sight import at_work


def viewer(county: County, name: str) -> Viewer:
    return viewer_of(county.accounts[name], NOW)


def keys(county: County, name: str, flags: Flags, **more: object) -> list[int]:
    found, after = [], ""
    while True:
        page = queries.newest_page(viewer(county, name), flags=flags, after=after, limit=2, **more)  # type: ignore[arg-type]
        found += [row.id for row in page.rows]
        after = page.after
        if not after:
            return found


@pytest.fixture
def cases(county: County) -> list[int]:
    adopt()
    made = [asked(county, state="handling") for _ in range(5)]
    desk = county.officers["王受理"]
    for key, kind in zip(made, ("monthly", "monthly", "joint", "monthly"), strict=False):
        actions.raise_to_meeting(case=key, kind=kind, by=desk, at=NOW)
    actions.pause(case=made[1], reason="请补门牌号", by=county.officers["俞经办"], at=NOW)
    return made


def test_each_list_holds_exactly_those_in_sight_newest_first(county: County, cases: list[int]) -> None:
    first, second, third, fourth, _ = cases
    for name in ("王受理", "俞经办", "孙协办", "卫秘书"):
        assert keys(county, name, Flags("monthly")) == [fourth, second, first], name
        assert keys(county, name, Flags("joint")) == [third], name
        assert keys(county, name, Flags("", "pause")) == [second], name
        assert keys(county, name, Flags("", "hold")) == [], name
        assert keys(county, name, Flags("joint", "pause")) == [], name
        assert keys(county, name, Flags("monthly", "pause")) == [second], name
    for name in ("沈受理", "镇经办", "陈居民"):
        assert keys(county, name, Flags("monthly")) == [], name
    assert keys(county, "王受理", Flags("weekly")) == keys(county, "王受理", Flags("", "asleep")) == []


def test_the_other_filters_go_with_them(county: County, cases: list[int]) -> None:
    first, second, _, fourth, _ = cases
    town, bureau, other = county.areas["town"].pk, county.units["交通局"].pk, county.units["泖口村委"].pk
    for more, found in (
        ({"town": town}, [fourth, second, first]), ({"unit": bureau}, [fourth, second, first]), ({"unit": other}, []),
        ({"state": "handling"}, [fourth, second, first]), ({"state": "new"}, []), ({"programme": "enterprise"}, []),
    ):  # fmt: skip
        assert keys(county, "王受理", Flags("monthly"), **more) == found, more


def test_what_a_look_back_would_miss_is_found_at_once(
    county: County, cases: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "LOOK_BACK", 1)
    page = queries.newest_page(viewer(county, "王受理"), flags=Flags("monthly"))
    assert len(page.rows) == 3
    assert (page.after, page.looked_back) == ("", 0)


def test_a_complaint_about_ones_own_unit_is_in_no_such_list(county: County) -> None:
    adopt()
    key = asked(county, about=county.units["人社局"].pk)
    desk = county.officers["王受理"]
    actions.accept(case=key, by=desk, at=NOW)
    actions.assign(case=key, unit=county.units["交通局"].pk, by=desk, at=NOW)
    actions.raise_to_meeting(case=key, kind="monthly", by=desk, at=NOW)
    assert keys(county, "俞经办", Flags("monthly")) == [key]
    assert keys(county, "孙协办", Flags("monthly")) == []


@pytest.mark.parametrize(
    ("flags", "index"), [
        (Flags("monthly"), "case_agenda"),
        (Flags("", "pause"), "case_stopped"),
        (Flags(slip="open"), "case_slip"),
        (Flags(slip="overdue", at=NOW), "case_slip"),
    ],
)  # fmt: skip
def test_the_partial_index_serves_it(county: County, flags: Flags, index: str) -> None:
    """A million cases that stand on no agenda are not looked at."""
    sql, params = flagged(
        at_work(viewer(county, "王受理")), flags, 2**62, 50, state="", programme="community", narrowed=[]
    )
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
        else:
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(f"EXPLAIN {sql}", params)
        plan = "\n".join(str(row[-1]) for row in cursor.fetchall())
    assert index in plan, plan
