"""Supervision slips: each is told of once when its day has passed, and none is left open when the case is answered."""

from __future__ import annotations

import pytest

from tests.engines.cases.conftest import NOW, County
from tests.engines.cases.test_ladder import at, handled, told, work
from tests.ledgered import adopt
from tongban.cli.bench.replays import double_effects
from tongban.core.access.models import Role
from tongban.core.access.viewer import viewer_of
from tongban.core.ledger.actor import Actor
from tongban.core.ledger.audit import Audit
from tongban.core.ledger.models import Entry, Outbox
from tongban.core.refusals import Refused
from tongban.engines.cases import actions, overdue, queries
from tongban.engines.cases.climbing import climb
from tongban.engines.cases.models import Case, Slip, StoryItem
from tongban.engines.cases.outcome import DONE
from tongban.engines.cases.queries.flagged import Flags


@pytest.fixture
def case(county: County) -> int:
    """Taken on on Wednesday the 18th; the county's overseer asks on Friday the 20th for a report by the 24th, 17:00."""
    adopt()
    key = handled(county)
    actions.supervise(case=key, demand="三日内修好", by=county.officers["县督办"], at=at(20))
    return key


def answered(county: County, case: int, day: int) -> None:
    actions.answer(outcome=DONE, case=case, text="已修好，请看照片。", by=county.officers["俞经办"], at=at(day))
    actions.approve(case=case, by=county.officers["钱审核"], at=at(day, 10))
    actions.send(case=case, by=county.officers["王受理"], at=at(day, 11))


def test_an_overdue_slip_is_told_once_to_the_unit_and_to_whoever_issued_it(county: County, case: int) -> None:
    work(at(24, 16, 59))
    assert told(county, "俞经办")["officer.slip_overdue"] == 0
    for _ in range(3):
        work(at(24, 17))
        work(at(25, 9))
    for name in ("俞经办", "钱审核"):
        assert told(county, name)["officer.slip_overdue"] == 1, name
    assert told(county, "县督办")["officer.slip_unreported"] == 1
    assert told(county, "王受理")["officer.slip_unreported"] == 0
    line = StoryItem.objects.get(case=case, kind="slip_overdue")
    assert (line.audience, line.other) == (StoryItem.Audience.UNIT, county.units["交通局"])
    assert [f.sentence("en") for f in Audit().faults()] == []


def test_every_row_done_again_and_again_tells_nothing_more(county: County, case: int) -> None:
    work(at(24, 17))
    assert Outbox.objects.filter(topic="cases.slip_overdue").count() == 1
    assert double_effects(at=at(24, 17, 5), outside=set, replays=10) == 0
    assert told(county, "俞经办")["officer.slip_overdue"] == told(county, "县督办")["officer.slip_unreported"] == 1


def test_a_worker_that_dies_while_it_tells_leaves_nothing_half_done(
    county: County, case: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException): ...

    def die(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(Entry.objects, "bulk_create", die)
        with pytest.raises(Killed):
            overdue.tell_overdue_slips(at(24, 17))
    assert Slip.objects.get(case=case).overdue_at is None
    assert not StoryItem.objects.filter(case=case, kind="slip_overdue").exists()
    assert [overdue.tell_overdue_slips(at(24, 17, minute)) for minute in (1, 2)] == [1, 0]


def test_a_report_in_time_leaves_nothing_to_tell(county: County, case: int) -> None:
    actions.report_back(case=case, text="明天装", by=county.officers["俞经办"], at=at(24, 16))
    work(at(25))
    assert Slip.objects.get(case=case).overdue_at is None


def test_where_the_issuer_is_gone_those_who_oversee_are_told(county: County, case: int) -> None:
    Role.objects.filter(account=county.accounts["县督办"]).update(ended_at=at(21))
    county.officer("新督办", "县府办", "supervisor")
    work(at(24, 17))
    assert told(county, "新督办")["officer.slip_unreported"] == 1
    assert told(county, "县督办")["officer.slip_unreported"] == 0


def test_the_desk_that_issued_it_is_told_and_no_other_overseer(county: County) -> None:
    key = handled(county)
    actions.supervise(case=key, demand="请抓紧", by=county.officers["王受理"], at=at(20))
    work(at(24, 17))
    assert told(county, "王受理")["officer.slip_unreported"] == 1
    assert told(county, "县督办")["officer.slip_unreported"] == 0


def test_an_overdue_slip_makes_way_for_the_next(county: County, case: int) -> None:
    over = county.officers["县督办"]
    with pytest.raises(Refused) as early:
        actions.supervise(case=case, demand="再催", by=over, at=at(24, 16))
    assert early.value.code == "case.slip.open"
    actions.supervise(case=case, demand="再催", by=over, at=at(25))
    old, new = Slip.objects.filter(case=case).order_by("pk")
    assert (old.ended_how, old.ended_at, new.open, new.due_at) == ("renewed", at(25), True, at(27, 17))
    actions.report_back(case=case, text="已装", by=county.officers["俞经办"], at=at(25, 10))
    old.refresh_from_db()
    assert (old.feedback, Case.objects.get(pk=case).slip_due_at) == ("", None)


def test_the_ladder_renews_a_slip_whose_day_has_passed(county: County, case: int) -> None:
    climb(at(30, 17))  # its own time for a slip
    assert list(Slip.objects.filter(case=case).order_by("pk").values_list("ended_how", "issued_by")) == [
        ("renewed", county.accounts["县督办"].pk),
        ("", None),
    ]
    assert StoryItem.objects.filter(case=case, kind="supervise_ladder").count() == 1


def test_the_ladder_urges_a_slip_that_still_has_time_and_says_so(county: County) -> None:
    key = handled(county)
    actions.supervise(case=key, demand="请抓紧", by=county.officers["县督办"], at=at(30, 9))
    work(at(30, 17))
    assert Slip.objects.filter(case=key).count() == 1
    assert not StoryItem.objects.filter(case=key, kind="supervise_ladder").exists()
    assert StoryItem.objects.get(case=key, kind="slip_urged").audience == StoryItem.Audience.UNIT
    assert told(county, "俞经办")["officer.slip_urged"] == 1
    # What was issued by hand this morning is all that was issued.
    assert told(county, "俞经办")["officer.supervise"] == 1
    assert told(county, "陈居民")["asker.supervise_ladder"] == 0


def test_an_answer_settles_the_slip_and_nobody_is_reminded_of_it(county: County, case: int) -> None:
    answered(county, case, 23)
    slip = Slip.objects.get(case=case)
    assert (slip.ended_how, slip.ended_at) == ("answered", at(23, 11))
    assert Case.objects.get(pk=case).slip_due_at is None
    work(at(25))
    assert told(county, "俞经办")["officer.slip_overdue"] == 0
    assert [f.sentence("en") for f in Audit().faults()] == []


def test_a_case_that_ends_without_an_answer_settles_it_too(county: County, case: int) -> None:
    actions.withdraw(case=case, reason="已修好", by=Actor(county.accounts["陈居民"].pk), at=at(23))
    assert Slip.objects.get(case=case).ended_how == "over"


def test_what_was_open_when_a_case_was_answered_before_slips_were_settled_tells_nobody(
    county: County, case: int
) -> None:
    answered(county, case, 23)
    Slip.objects.filter(case=case).update(ended_at=None, ended_how="")
    Case.objects.filter(pk=case).update(slip_due_at=at(24, 17))
    work(at(25))
    assert told(county, "俞经办")["officer.slip_overdue"] == 0
    assert Slip.objects.get(case=case).ended_how == "answered"


def test_a_merge_settles_the_slip_and_its_undoing_opens_it_again(county: County, case: int) -> None:
    other, desk = handled(county), county.officers["王受理"]
    actions.merge(case=case, into=other, by=desk, at=at(23))
    work(at(25))
    assert told(county, "俞经办")["officer.slip_overdue"] == 0
    actions.unmerge(case=case, by=desk, at=at(25, 10))
    work(at(25, 11))
    assert told(county, "俞经办")["officer.slip_overdue"] == 1


def test_the_lists_of_slips(county: County, case: int) -> None:
    def keys(name: str, slip: str, day: int) -> list[int]:
        flags = Flags(slip=slip, at=at(day, 18))
        return [r.id for r in queries.newest_page(viewer_of(county.accounts[name], NOW), flags=flags).rows]

    later = handled(county)
    actions.supervise(case=later, demand="请抓紧", by=county.officers["王受理"], at=at(24))
    handled(county)
    assert keys("县督办", "open", 20) == keys("俞经办", "open", 20) == [later, case]
    assert (keys("县督办", "overdue", 23), keys("县督办", "overdue", 24)) == ([], [case])
    assert (keys("县督办", "mine", 20), keys("王受理", "mine", 20)) == ([case], [later])
    assert (keys("王受理", "mine_overdue", 24), keys("王受理", "mine_overdue", 26)) == ([], [later])
    assert keys("孙协办", "open", 24) == []
    assert keys("县督办", "no-such", 24) == []


def test_whoever_got_it_by_a_transfer_does_not_report_on_the_first_units_slip(county: County, case: int) -> None:
    """Until the other takes it on, the first unit answers for it, and for its slip; then nobody need report on that."""
    actions.transfer(
        case=case, unit=county.units["人社局"].pk, reason="用工归人社", by=county.officers["俞经办"], at=at(20, 10)
    )  # fmt: skip
    slip = Slip.objects.get(case=case)
    assert slip.open
    with pytest.raises(Refused) as refusal:
        actions.report_back(case=case, text="不清楚", by=county.officers["孙协办"], at=at(20, 11))
    assert refusal.value.code == "case.not_yours"
    actions.sign_in(case=case, by=county.officers["孙协办"], at=at(20, 14))
    slip.refresh_from_db()
    assert (slip.ended_how, slip.fed_back_at, slip.ended_at) == ("moved", None, at(20, 14))
    assert Case.objects.get(pk=case).slip_due_at is None
    work(at(25, 9))
    assert told(county, "俞经办")["officer.slip_overdue"] == told(county, "县督办")["officer.slip_unreported"] == 0
    actions.supervise(case=case, demand="三日内答复", by=county.officers["县督办"], at=at(25))
    assert Slip.objects.get(case=case, ended_at=None).unit == county.units["人社局"]


def test_the_first_unit_may_report_while_it_still_answers_for_the_case(county: County, case: int) -> None:
    actions.transfer(
        case=case, unit=county.units["人社局"].pk, reason="用工归人社", by=county.officers["俞经办"], at=at(20, 10)
    )  # fmt: skip
    actions.report_back(case=case, text="已转人社局，今天签收。", by=county.officers["俞经办"], at=at(20, 11))
    assert Slip.objects.get(case=case).fed_back_by == county.accounts["俞经办"].pk


@pytest.mark.parametrize("how", ["return", "recall"])
def test_a_slip_ends_with_the_units_part_in_the_case(county: County, how: str) -> None:
    adopt()
    case = handled(county, upto="assign")
    actions.supervise(case=case, demand="马上签收", by=county.officers["县督办"], at=at(18, 11))
    if how == "return":
        actions.give_back(case=case, reason="不归我们", by=county.officers["俞经办"], at=at(18, 14))
    else:
        actions.recall(case=case, reason="没人签收", by=county.officers["王受理"], at=at(18, 14))
    assert Slip.objects.get(case=case).ended_how == "moved"
    assert Case.objects.get(pk=case).slip_due_at is None
    assert [f.sentence("en") for f in Audit().faults()] == []


def test_the_desk_reports_on_its_own_slip_and_on_no_units(county: County, case: int) -> None:
    desk = county.officers["王受理"]
    with pytest.raises(Refused):
        actions.report_back(case=case, text="单位在办", by=desk, at=at(20, 11))
    waiting = handled(county, upto="accept")
    work(at(27, 9))  # three working days after it should have been given out
    slip = Slip.objects.get(case=waiting)
    assert (slip.unit, slip.open) == (county.units["民生受理"], True)
    actions.report_back(case=waiting, text="今天交办。", by=desk, at=at(27, 10))
    assert Slip.objects.get(case=waiting).fed_back_by == desk.account
    assert [f.sentence("en") for f in Audit().faults()] == []
