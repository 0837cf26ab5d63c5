"""The cases behind a figure, read on from page to page, are the figure: however rare they are and however far back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.engines.cases.conftest import NOW, County
from tests.engines.cases.pictures import ASKER
from tongban.core.access.models import Account
from tongban.core.access.viewer import viewer_of
from tongban.engines.cases import actions
from tongban.engines.cases.bulk import History, Step, write_histories
from tongban.engines.cases.logic.periods import parse
from tongban.engines.cases.queries import behind
from tongban.engines.cases.queries.cohorts import Slice

TODAY = NOW.date()


def filled(county: County) -> None:
    """Sixty cases, many accepted at one moment, one in seven declined."""
    desk = county.officers["王受理"]
    for i in range(60):
        at = NOW - timedelta(days=i // 20)
        opening = actions.Opening("community", "request", f"第{i}件", county.areas["village"].pk)
        step = Step("decline", desk, at, {"reason": "不在受理范围"}) if i % 7 == 0 else Step("accept", desk, at)
        assert [o.result for o in write_histories([History(opening, ASKER, at, (step,))])] == ["opened"]


@pytest.mark.parametrize("figure", ["accepted", "declined", "withdrawn"])
@pytest.mark.parametrize("looked", [1, 3, 7, 5000])
def test_reading_on_gives_each_case_once_and_comes_to_an_end(
    county: County, monkeypatch: pytest.MonkeyPatch, figure: str, looked: int
) -> None:
    filled(county)
    monkeypatch.setattr(behind, "LOOK_BACK", looked)
    viewer = viewer_of(Account.objects.get(pk=county.officers["王受理"].account), NOW)
    cut = Slice(parse("all", TODAY))
    found: list[int] = []
    after = ""
    for _ in range(200):
        page = behind.cases_behind(viewer, NOW, cut, figure, after=after, limit=5)
        found += [row.id for row in page.rows]
        assert len(page.rows) == 5 or not page.after or page.looked_back == looked
        after = page.after
        if not after:
            break
    assert not after
    assert len(found) == len(set(found)) == behind.count_behind(viewer, NOW, cut, figure)


def test_a_place_that_nobody_gave_out_is_the_first_page(county: County) -> None:
    filled(county)
    viewer = viewer_of(Account.objects.get(pk=county.officers["王受理"].account), NOW)
    cut = Slice(parse("all", TODAY))
    first = behind.cases_behind(viewer, NOW, cut, "accepted")
    for made_up in ("x", "2026-13-45T00:00|1", "|", "2026-11-18|x"):
        assert behind.cases_behind(viewer, NOW, cut, "accepted", after=made_up) == first
