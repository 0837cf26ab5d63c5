"""算我一个: neighbours follow a public matter instead of asking again, and learn nothing of who asked."""

from __future__ import annotations

import pytest

from tests.engines.cases.conftest import NOW, County
from tests.engines.cases.test_ladder import told
from tests.engines.cases.test_merging import asked, refused
from tests.ledgered import adopt
from tongban.core.access.viewer import NOBODY, viewer_of
from tongban.core.ledger.actor import Actor
from tongban.core.ledger.audit import Audit
from tongban.core.ledger.worker import run_pending
from tongban.core.refusals import Refused
from tongban.engines.cases import actions, queries
from tongban.engines.cases.models import Case, Participant
from tongban.engines.cases.queries.neighbours import open_like, open_matters

TITLE = "泖口村东头路灯不亮"


@pytest.fixture
def case(county: County) -> int:
    county.resident("李邻居", "13800000003")
    adopt()
    key = asked(county, state="accepted")
    actions.open_up(case=key, title=f"  {TITLE} ", by=county.officers["王受理"], at=NOW)
    return key


def join(county: County, case: int, who: str = "李邻居") -> None:
    actions.join(case=case, by=Actor(county.accounts[who].pk), at=NOW)


def found(county: County, area: str = "village") -> list[tuple[str, int]]:
    rows = open_matters(NOBODY, "community", area=county.areas[area].pk, at=NOW)
    return [(row.title, row.neighbours) for row in rows]


def test_a_neighbour_finds_it_joins_and_is_told(county: County, case: int) -> None:
    assert found(county) == found(county, "town") == found(county, "county") == [(TITLE, 0)]
    join(county, case)
    assert found(county) == [(TITLE, 1)]
    actions.assign(case=case, unit=county.units["交通局"].pk, by=county.officers["王受理"], at=NOW)
    assert run_pending(NOW).errors == []
    assert told(county, "李邻居")["asker.assign"] == 1
    mine = queries.case_detail(viewer_of(county.accounts["李邻居"], NOW), case, NOW)
    assert mine is not None
    assert (mine.author, mine.answers, mine.asker) == (None, [], False)
    assert [f.sentence("en") for f in Audit().faults()] == []


def test_once_each_and_only_while_it_is_open_to_them(county: County, case: int) -> None:
    assert refused(join, county, case, "陈居民") == "participant.known"
    join(county, case)
    assert refused(join, county, case) == "participant.known"
    assert refused(actions.join, case=case, by=Actor(system="asker"), at=NOW) == "case.neighbours.who"
    actions.close_up(case=case, by=county.officers["王受理"], at=NOW)
    assert refused(join, county, case, "陆文员") == "case.neighbours.closed"
    assert found(county) == []
    assert Case.objects.get(pk=case).neighbours == 1
    assert refused(join, county, asked(county), "陆文员") == "case.neighbours.closed"


def test_what_must_stay_private_is_never_opened(county: County, case: int) -> None:
    desk = county.officers["王受理"]
    for key in (asked(county, confidential=True), asked(county, about=county.units["交通局"].pk)):
        assert refused(actions.open_up, case=key, title="路灯", by=desk, at=NOW) == "case.neighbours.private"
    assert refused(actions.open_up, case=case, title=TITLE, by=desk, at=NOW) == "case.neighbours.open"
    assert refused(actions.open_up, case=case, title=" ", by=desk, at=NOW) == "case.text.empty"
    assert refused(actions.open_up, case=case, title="x", by=county.officers["俞经办"], at=NOW) == "case.not_yours"


def test_what_its_asker_wants_kept_private_is_not_opened(county: County, case: int) -> None:
    desk, key = county.officers["王受理"], asked(county, kept_private=True)
    with pytest.raises(Refused) as caught:
        actions.open_up(case=key, title="路灯", by=desk, at=NOW)
    assert "不公开" in caught.value.sentence("zh")
    assert "kept private" in caught.value.sentence("en")
    actions.allow_public(case=key, by=Actor(county.accounts["陈居民"].pk), at=NOW)
    actions.open_up(case=key, title="路灯", by=desk, at=NOW)


def test_kept_private_later_nobody_finds_it_any_more_and_who_joined_goes_on_being_told(
    county: County, case: int
) -> None:
    join(county, case)
    assert run_pending(NOW).errors == []
    asker = Actor(county.accounts["陈居民"].pk)
    actions.keep_private(case=case, by=asker, at=NOW)
    assert found(county) == open_like(NOBODY, "community", TITLE, area=county.areas["village"].pk, at=NOW) == []
    assert refused(join, county, case, "陆文员") == "case.neighbours.closed"
    actions.assign(case=case, unit=county.units["交通局"].pk, by=county.officers["王受理"], at=NOW)
    assert run_pending(NOW).errors == []
    assert told(county, "李邻居")["asker.assign"] == 1
    assert told(county, "王受理")["officer.kept_private"] == 1
    actions.allow_public(case=case, by=asker, at=NOW)
    assert found(county) == [], "the desk opens it anew, or nobody does"
    assert [f.sentence("en") for f in Audit().faults()] == []


def test_a_title_that_was_left_standing_is_shown_to_nobody(county: County, case: int) -> None:
    Case.objects.filter(pk=case).update(kept_private=True)
    assert found(county) == open_like(NOBODY, "community", TITLE, area=county.areas["village"].pk, at=NOW) == []
    assert refused(join, county, case) == "case.neighbours.closed"


def test_a_merged_matter_is_joined_at_its_head(county: County, case: int) -> None:
    head = asked(county)
    actions.merge(case=case, into=head, by=county.officers["王受理"], at=NOW)
    assert found(county) == []
    assert refused(join, county, case) == "case.neighbours.closed"


def leave(county: County, case: int, who: str = "李邻居") -> None:
    actions.leave(case=case, by=Actor(county.accounts[who].pk), at=NOW)


def sees(county: County, case: int, who: str = "李邻居") -> bool:
    return queries.case_detail(viewer_of(county.accounts[who], NOW), case, NOW) is not None


def test_a_neighbour_leaves_and_neither_sees_it_nor_is_told_any_more(county: County, case: int) -> None:
    join(county, case, "陆文员")
    join(county, case)
    leave(county, case)
    assert found(county) == [(TITLE, 1)]
    assert (sees(county, case), sees(county, case, "陆文员")) == (False, True)
    actions.assign(case=case, unit=county.units["交通局"].pk, by=county.officers["王受理"], at=NOW)
    assert run_pending(NOW).errors == []
    assert told(county, "李邻居") == {}
    assert set(told(county, "陆文员")) == {"asker.accept", "asker.assign"}, "and nobody is told that he left"
    assert refused(leave, county, case) == "case.neighbours.not_one"
    assert refused(actions.leave, case=case, by=Actor(system="asker"), at=NOW) == "case.neighbours.not_one"
    assert refused(leave, county, case, "陈居民") == "case.neighbours.not_one", "who asked it withdraws it"
    assert Case.objects.get(pk=case).neighbours == 1
    join(county, case)
    assert (found(county), sees(county, case)) == ([(TITLE, 2)], True)
    assert [f.sentence("en") for f in Audit().faults()] == []


def test_who_leaves_a_merged_matter_leaves_that_as_which_it_goes_on(county: County, case: int) -> None:
    desk = county.officers["王受理"]
    middle, head = asked(county, "陆文员"), asked(county, "陆文员")
    join(county, case)
    actions.merge(case=case, into=middle, by=desk, at=NOW)
    actions.merge(case=middle, into=head, by=desk, at=NOW)
    assert sees(county, head)
    leave(county, case)
    assert [sees(county, key) for key in (case, middle, head)] == [False] * 3
    assert sees(county, head, "陈居民"), "who asked it goes on being told"
    actions.unmerge(case=middle, by=desk, at=NOW)
    actions.unmerge(case=case, by=desk, at=NOW)
    assert Case.objects.get(pk=case).neighbours == 0
    assert not Participant.objects.filter(person=county.people["李邻居"]).exists()
    assert [f.sentence("en") for f in Audit().faults()] == []


def test_who_has_asked_another_part_of_it_goes_on_following(county: County, case: int) -> None:
    desk = county.officers["王受理"]
    head, own = asked(county, "陆文员"), asked(county, "李邻居")
    join(county, case)
    for one in (case, own):
        actions.merge(case=one, into=head, by=desk, at=NOW)
    leave(county, case)
    assert (sees(county, case), sees(county, head), sees(county, own)) == (False, True, True)
