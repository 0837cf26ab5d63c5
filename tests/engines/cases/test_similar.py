"""Likely duplicates: found by their words, for those who may see them, and offered for merging where that is possible."""

from __future__ import annotations

import pytest

from tests.engines.cases.conftest import NOW, County
from tongban.core.access.viewer import viewer_of
from tongban.core.ledger.actor import Actor
from tongban.engines.cases import actions, ports
from tongban.engines.cases.actions import Opening
from tongban.engines.cases.models import Case
from tongban.engines.cases.queries.similar import similar_cases

LAMP = "泖口村东头的路灯坏了三天，晚上老人出门看不见路，希望尽快修好。"


def asked(county: County, body: str, **more: object) -> int:
    opening = Opening(programme="community", kind="request", body=body, area=county.areas["village"].pk,
                      requester=county.people["陈居民"], **more)  # type: ignore[arg-type]  # fmt: skip
    return actions.open_case(opening, by=Actor(county.accounts["陈居民"].pk), at=NOW).pk


def like(county: County, who: str, case: int) -> list[tuple[int, bool]]:
    row = Case.objects.get(pk=case)
    return [(one.kin.key, one.merges) for one in similar_cases(viewer_of(county.accounts[who], NOW), row)]


@pytest.fixture
def others(county: County) -> list[int]:
    return [
        asked(county, b)
        for b in ("自来水发黄有味道", "夜班公交停了，工人回不了宿舍", "学校门口堵车", "养老金什么时候到账")
    ]


def test_the_same_matter_in_other_words_is_found_and_others_are_not(county: County, others: list[int]) -> None:
    first = asked(county, LAMP)
    second = asked(county, "路灯坏了好几天没人修，泖口村东头晚上一片黑，老人看不见路")
    assert like(county, "王受理", second) == [(first, True)]
    assert like(county, "王受理", others[0]) == []


def test_an_answered_one_is_shown_to_learn_from_and_a_merged_one_by_its_head_alone(county: County) -> None:
    first, second, third = asked(county, LAMP), asked(county, LAMP), asked(county, LAMP)
    actions.decline(case=first, reason="已移交供电公司", by=county.officers["王受理"], at=NOW)
    actions.merge(case=second, into=third, by=county.officers["王受理"], at=NOW)
    fourth = asked(county, LAMP)
    assert like(county, "王受理", fourth) == [(third, True), (first, False)]


def test_nobody_is_shown_what_he_may_not_see(county: County) -> None:
    about_them = asked(county, LAMP, about=county.units["交通局"].pk)
    mine = asked(county, LAMP)
    assert like(county, "王受理", mine) == [(about_them, False)]
    assert like(county, "俞经办", mine) == []
    assert like(county, "沈受理", mine) == []


@pytest.mark.parametrize("body", ["。", "灯", "the the the", "🙂", "' OR 1=1 --", "路" * 9000])
def test_any_text_may_be_compared(county: County, body: str) -> None:
    case = asked(county, body)
    assert like(county, "王受理", case) == []


def test_whoever_fills_the_port_is_asked(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = asked(county, "甲"), asked(county, "乙")
    monkeypatch.setattr(ports, "_WIRED", {})
    assert like(county, "王受理", second) == []
    ports.wire(similar=lambda text, *, seen_by, limit: [(first, 0.9), (second, 1.0)])
    assert like(county, "王受理", second) == [(first, True)]
