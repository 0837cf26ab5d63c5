"""The desk puts right what a request is about and where it is."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.engines.cases.conftest import NOW, County
from tests.engines.cases.test_hard import assigned, opened, refused
from tongban.core.access import holders
from tongban.core.ledger.actor import Actor
from tongban.core.ledger.models import Entry
from tongban.engines.cases import actions
from tongban.engines.cases.models import Assignment, Case, CaseScope, StoryItem
from tongban.engines.cases.text import INDEX

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def correct(county: County, case: int, *, by: str = "王受理", **more: object) -> None:
    given: dict[str, object] = {"category": "traffic", "area": county.areas["village"].pk, "address": "", **more}
    actions.correct(case=case, by=county.officers[by], at=NOW + HOUR, **given)  # type: ignore[arg-type]


def test_category_and_place_are_put_right_and_the_next_limit_follows(county: County) -> None:
    case = opened(county, area=county.areas["county"].pk)
    correct(county, case, category="social", area=county.areas["village"].pk, address="  东街\n12 号 ")
    row = Case.objects.get(pk=case)
    assert (row.category, row.area_id, row.address) == ("social", county.areas["village"].pk, "东街 12 号")
    assert row.state == "new"
    assert StoryItem.objects.filter(case=case, kind="correct", audience=StoryItem.Audience.PARTY).count() == 1
    assert Entry.objects.get(object_id=case, name="cases.correct").area == county.areas["village"].pk
    actions.accept(case=case, by=county.officers["王受理"], at=NOW + HOUR)
    actions.assign(case=case, unit=county.units["新埭镇政府"].pk, by=county.officers["王受理"], at=NOW + HOUR)
    assert Assignment.objects.get(case=case).limit.code == "consult"


def test_the_right_town_oversees_it_and_a_search_finds_the_new_address(county: County) -> None:
    case = opened(county, area=county.areas["county"].pk, address="西街")
    town = holders.area(county.areas["town"].pk)
    assert not CaseScope.objects.filter(case=case, holder=town).exists()
    correct(county, case, area=county.areas["village"].pk, address="幸福路")
    assert CaseScope.objects.filter(case=case, holder=town).exists()
    words = INDEX.read([case])[case]
    assert "幸福" in words or "幸福路" in words
    assert "西街" not in words
    # The address alone changes no holder; the words follow all the same.
    correct(county, case, area=county.areas["village"].pk, address="解放桥")
    assert {"解放", "解放桥"} & INDEX.read([case])[case]


def test_what_was_promised_stays(county: County) -> None:
    case = assigned(county)
    before = Case.objects.get(pk=case)
    correct(county, case, category="social")
    after = Case.objects.get(pk=case)
    assert (after.promised_at, after.due_at) == (before.promised_at, before.due_at)


def test_nothing_changed_nothing_known_and_nobody_else(county: County) -> None:
    case = opened(county)
    row = Case.objects.get(pk=case)
    refused("case.same", lambda: correct(county, case, category=row.category, area=row.area_id, address=row.address))
    assert refused("case.category", lambda: correct(county, case, category="finance")).field == "category"
    assert refused("case.place", lambda: correct(county, case, area=0)).field == "area"
    handler = county.officers["镇经办"]
    refused(
        "case.not_yours",
        lambda: actions.correct(case=case, category="", area=row.area_id, address="某路", by=handler, at=NOW),
    )
    refused(
        "case.not_yours",
        lambda: actions.correct(
            case=case, category="", area=row.area_id, address="某路", by=Actor(county.accounts["陈居民"].pk), at=NOW
        ),
    )
    assert not StoryItem.objects.filter(case=case, kind="correct").exists()


def test_the_desk_asks_for_more_before_anybody_has_the_case(county: County) -> None:
    case, desk = opened(county), county.officers["王受理"]
    actions.ask(case=case, question="是哪一盏灯？", by=desk, at=NOW)
    refused("case.inquiry.open", lambda: actions.ask(case=case, question="还有呢？", by=desk, at=NOW))
    actions.reply(case=case, text="桥头那盏", by=Actor(county.accounts["陈居民"].pk), at=NOW + HOUR)
    row = Case.objects.get(pk=case)
    assert (row.state, row.inquiries.get().reply) == ("new", "桥头那盏")
    # The clock has run on.
    assert row.due_at == Case.objects.get(pk=opened(county)).due_at
    actions.accept(case=case, by=desk, at=NOW + HOUR)
    actions.ask(case=case, question="几点开始不亮？", by=desk, at=NOW + HOUR)
    assert Case.objects.get(pk=case).state == "accepted"
