"""Several matters in one request: each a case of its own, whole again when undone; and cases that stand under another."""

from __future__ import annotations

from dataclasses import fields
from datetime import timedelta

import pytest

from tests.engines.cases.conftest import NOW, County
from tests.engines.cases.test_ladder import at, told
from tests.engines.cases.test_meeting import TUESDAY, called
from tests.engines.cases.test_merging import asked, merge, refused
from tests.ledgered import adopt
from tongban.cli.bench.undoing import at_rest, rested
from tongban.core.access.viewer import viewer_of
from tongban.core.ledger.audit import Audit
from tongban.core.ledger.worker import run_pending
from tongban.core.notices.models import Message
from tongban.engines.cases import actions, queries
from tongban.engines.cases.actions import Matter, Opening, meeting
from tongban.engines.cases.actions.meeting import Decision
from tongban.engines.cases.climbing import climb
from tongban.engines.cases.models import AgendaItem, Case, CaseScope, Link
from tongban.engines.cases.queries.meetings import agenda, waiting_for_meeting
from tongban.engines.cases.queries.same import same_matter

MATTERS = (Matter("公交站牌也坏了", "traffic"), Matter("河水有味道", "environment"))


@pytest.fixture(autouse=True)
def _recorded(county: County) -> None:
    adopt()


def split(county: County, case: int, *matters: Matter) -> list[int]:
    return actions.split(case=case, matters=matters or MATTERS, by=county.officers["王受理"], at=at(19))


def unsplit(county: County, case: int) -> None:
    actions.unsplit(case=case, by=county.officers["王受理"], at=at(19, 10))


def test_each_matter_has_its_own_words_category_and_clock_and_the_asker_is_told(county: County) -> None:
    parent = asked(county, state="handling", confidential=True)
    words = Case.objects.get(pk=parent).body
    first, second = (Case.objects.get(pk=key) for key in split(county, parent))
    assert (first.body, first.category, second.category) == ("公交站牌也坏了", "traffic", "environment")
    assert (first.state, first.accepted_at, first.requester_id) == ("accepted", at(19), county.people["陈居民"].pk)
    assert first.confidential
    assert first.opened_at == Case.objects.get(pk=parent).opened_at
    assert first.due_at is not None
    assert first.due_at > at(19)
    assert (Case.objects.get(pk=parent).state, Case.objects.get(pk=parent).body) == ("handling", words)
    assert run_pending(at(19)).errors == []
    assert told(county, "陈居民", at(19))["asker.split"] == 1
    assert Message.objects.filter(kind="case.opened", case__in=(first.pk, second.pk)).count() == 2
    viewer = viewer_of(county.accounts["王受理"], at(19))
    assert [k.key for k in same_matter(viewer, Case.objects.get(pk=parent)).taken_out] == [first.pk, second.pk]
    assert getattr(same_matter(viewer, first).source, "key", 0) == parent
    actions.assign(case=first.pk, unit=county.units["人社局"].pk, by=county.officers["王受理"], at=at(19))
    unit = viewer_of(county.accounts["孙协办"], at(19))
    assert queries.case_detail(unit, second.pk, at(19)) is None
    assert [f.sentence("en") for f in Audit().faults()] == []


#: What a part has of its own, and what says that the whole came from another system.
OWN = {"body", "title", "category", "source", "external_id", "batch", "precision"}


def test_what_the_asker_has_said_of_himself_and_of_the_place_holds_for_each_part(county: County) -> None:
    people = {"beneficiary": county.people["陆文员"], "firm": county.firm, "about": county.units["交通局"].pk}
    place = {"address": "村口", "longitude": 121.01, "latitude": 30.71}
    wishes = {one.name: True for one in fields(Opening) if one.default is False}
    parent = Case.objects.get(pk=asked(county, channel="phone", **people, **place, **wishes))
    taken_over = [one.name for one in fields(Opening) if one.name not in OWN and hasattr(parent, one.name)]
    taken_over = [name for name in taken_over if Case._meta.get_field(name).concrete]
    assert {"kept_private", "confidential", "beneficiary", "address"} <= set(taken_over)
    for child in Case.objects.filter(pk__in=split(county, parent.pk)):
        for name in taken_over:
            column = Case._meta.get_field(name).attname
            assert getattr(child, column) == getattr(parent, column), name


def test_a_request_that_is_not_accepted_yet_is_split_into_such(county: County) -> None:
    parent = asked(county)
    (child,) = split(county, parent, Matter("另一件"))
    assert Case.objects.get(pk=child).state == "new"


def test_undone_it_is_whole_again_and_the_parts_are_seen_by_nobody(county: County) -> None:
    parent = asked(county, state="handling")
    before = at_rest([parent])
    children = split(county, parent)
    unsplit(county, parent)
    assert rested(before, at_rest([parent])) == []
    assert not CaseScope.objects.filter(case__in=children).exists()
    assert set(Case.objects.filter(pk__in=children).values_list("state", flat=True)) == {"undone"}
    for who in ("陈居民", "王受理"):
        assert queries.case_detail(viewer_of(county.accounts[who], at(19, 10)), children[0], at(19, 10)) is None
    assert run_pending(at(19, 10)).errors == []
    assert told(county, "陈居民", at(19, 10))["asker.unsplit"] == 1
    assert refused(unsplit, county, parent) == "case.split.none"
    assert [f.sentence("en") for f in Audit().faults()] == []


def test_undone_last_first_and_not_once_somebody_has_worked_on_a_part(county: County) -> None:
    parent = asked(county)
    first, second = split(county, parent, Matter("一")), split(county, parent, Matter("二"))
    unsplit(county, parent)
    assert Case.objects.get(pk=second[0]).state == "undone"
    merge(county, first[0], asked(county), at(19))
    assert refused(unsplit, county, parent) == "case.undo.later"
    actions.unmerge(case=first[0], by=county.officers["王受理"], at=at(19))
    unsplit(county, parent)
    assert Case.objects.get(pk=first[0]).state == "undone"


def held_over(county: County, kept: int) -> None:
    """A meeting that sits over ``kept`` alone, and ends."""
    (held, by), viewer = (called(county), county.officers["卫秘书"]), viewer_of(county.accounts["卫秘书"], TUESDAY)
    seen = agenda(viewer, held, TUESDAY)
    assert seen is not None
    assert [item.row.id for item in seen.waiting] == [kept]
    assert waiting_for_meeting(viewer, TUESDAY) == {(county.units["民生受理"].pk, "monthly"): 1}
    meeting.decide(case=kept, meeting=held, decision=Decision("kept", "下次再看"), by=by, at=TUESDAY)
    meeting.end_meeting(meeting=held, notes="", by=by, at=TUESDAY + timedelta(hours=1))


def test_a_part_that_had_climbed_leaves_its_meeting_and_its_slip_when_the_split_is_undone(county: County) -> None:
    parent = asked(county)
    (child,) = split(county, parent, Matter("另一件"))
    climb(at(3, month=12))
    assert Case.objects.get(pk=child).agenda == "monthly"
    actions.unsplit(case=parent, by=county.officers["王受理"], at=at(3, month=12))
    row = Case.objects.get(pk=child)
    assert (row.state, row.agenda, row.slip_due_at) == ("undone", "", None)
    assert [item.outcome for item in row.agenda_items.all()] == ["settled"]
    held_over(county, parent)
    assert [f.sentence("en") for f in Audit().faults()] == []


def test_an_item_that_an_undone_part_left_open_keeps_no_meeting_from_ending(county: County) -> None:
    parent = asked(county)
    (child,) = split(county, parent, Matter("另一件"))
    unsplit(county, parent)
    AgendaItem.objects.create(case_id=child, kind="monthly", why="overdue", raised_at=at(20))
    climb(at(3, month=12))
    held_over(county, parent)


def test_an_empty_or_endless_split_is_refused_and_leaves_nothing(county: County) -> None:
    parent = asked(county)
    assert refused(actions.split, case=parent, matters=(), by=county.officers["王受理"], at=NOW) == "case.split.many"
    assert refused(split, county, parent, *[Matter("x")] * 6) == "case.split.many"
    assert refused(split, county, parent, Matter("一"), Matter("  ")) == "case.body.empty"
    assert refused(split, county, parent, Matter("一", "没有这类")) == "case.category"
    assert Case.objects.count() == 1
    assert not Link.objects.exists()


def test_cases_under_another_show_each_other_and_never_form_a_circle(county: County) -> None:
    over, first, second = asked(county), asked(county), asked(county)
    by = county.officers["王受理"]
    actions.put_under(case=first, parent=over, by=by, at=NOW)
    actions.put_under(case=second, parent=first, by=by, at=NOW)
    assert refused(actions.put_under, case=over, parent=second, by=by, at=NOW) == "case.under.circle"
    assert refused(actions.put_under, case=over, parent=over, by=by, at=NOW) == "case.under.circle"
    assert refused(actions.put_under, case=first, parent=second, by=by, at=NOW) == "case.under.already"
    assert refused(actions.take_out, case=over, by=by, at=NOW) == "case.under.none"
    viewer = viewer_of(county.accounts["王受理"], NOW)
    seen = same_matter(viewer, Case.objects.get(pk=first))
    assert (seen.over and seen.over.key, [k.key for k in seen.under]) == (over, [second])
    actions.take_out(case=first, by=by, at=NOW)
    assert same_matter(viewer, Case.objects.get(pk=over)).under == []
    actions.put_under(case=over, parent=second, by=by, at=NOW)
    assert [f.sentence("en") for f in Audit().faults()] == []
