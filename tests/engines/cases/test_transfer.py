"""The first unit does not send people away: it passes the case on, and answers for it until another takes it on."""

from __future__ import annotations

import pytest

from tests.engines.cases.conftest import County
from tests.engines.cases.test_ladder import acted, at, handled, told, work
from tests.ledgered import adopt
from tongban.core.access.viewer import viewer_of
from tongban.core.ledger.audit import Audit
from tongban.core.ledger.worker import run_pending
from tongban.core.refusals import Refused
from tongban.engines.cases import actions, queries
from tongban.engines.cases.models import Assignment, Case
from tongban.engines.cases.outcome import DONE


@pytest.fixture
def case(county: County) -> int:
    adopt()
    return handled(county)


def passed(county: County, case: int) -> None:
    actions.transfer(
        case=case, unit=county.units["人社局"].pk, reason="用工归人社", by=county.officers["俞经办"], at=at(19)
    )  # fmt: skip


def test_it_goes_sideways_and_what_was_promised_runs_on(county: County, case: int) -> None:
    promised = Case.objects.get(pk=case).promised_at
    passed(county, case)
    row = Case.objects.get(pk=case)
    assert (row.state, row.lead, row.promised_at) == ("assigned", county.units["人社局"], promised)
    assert Assignment.objects.get(case=case, transferred=True).due_at == promised
    assert run_pending(at(19, 10)).errors == []
    assert told(county, "孙协办")["officer.assigned"] == 1
    assert told(county, "陈居民")["asker.transfer"] == 1


def test_until_it_is_taken_on_the_first_unit_answers_for_it(county: County, case: int) -> None:
    passed(county, case)
    assert Assignment.objects.filter(case=case, ended_at=None).count() == 2
    actions.give_back(case=case, reason="也不归我们", by=county.officers["孙协办"], at=at(19, 10))
    row = Case.objects.get(pk=case)
    assert (row.state, row.lead, row.handler) == ("handling", county.units["交通局"], county.accounts["俞经办"])


def test_taken_on_it_is_the_other_units_and_reviewed_there(county: County) -> None:
    county.officer("人社审核", "人社局", "reviewer")
    adopt()
    case = handled(county)
    passed(county, case)
    actions.sign_in(case=case, by=county.officers["孙协办"], at=at(19, 10))
    assert Assignment.objects.get(case=case, ended_at=None).unit == county.units["人社局"]
    actions.answer(outcome=DONE, case=case, text="已登记，周五面试。", by=county.officers["孙协办"], at=at(20))
    reviewer = viewer_of(county.accounts["人社审核"], at(20))
    assert [r.id for r in queries.queue_page(reviewer, at(20), view="review").rows] == [case]
    with pytest.raises(Refused):
        actions.approve(case=case, by=county.officers["钱审核"], at=at(20))
    assert [f.sentence("en") for f in Audit().faults()] == []


def test_neither_to_itself_nor_to_what_does_not_exist(county: County, case: int) -> None:
    for unit, code in ((county.units["交通局"].pk, "case.unit.already"), (10**6, "case.unit.none")):
        with pytest.raises(Refused) as refused:
            actions.transfer(case=case, unit=unit, reason="x", by=county.officers["俞经办"], at=at(19))
        assert refused.value.code == code


def test_passed_on_and_left_lying_the_first_unit_hears_of_it_and_the_desk_takes_it_back(
    county: County, case: int
) -> None:
    passed(county, case)
    assert run_pending(at(19, 10)).errors == []
    while "urge" not in acted(case):
        due = Case.objects.get(pk=case).rises_at
        assert due is not None
        work(due)
    for kind in acted(case):
        assert told(county, "俞经办")[f"officer.{kind}"] == told(county, "孙协办")[f"officer.{kind}"] == 1, kind
    actions.recall(case=case, reason="没人签收", by=county.officers["王受理"], at=due)
    row = Case.objects.get(pk=case)
    assert (row.state, row.lead) == ("accepted", None)
    assert not Assignment.objects.filter(case=case, ended_at=None).exists()
    assert [f.sentence("en") for f in Audit().faults()] == []


def test_what_a_unit_has_passed_down_is_its_own_to_take_back(county: County) -> None:
    adopt()
    case = handled(county, upto="accept")
    desk, town = county.officers["王受理"], county.officers["镇经办"]
    actions.assign(case=case, unit=county.units["新埭镇政府"].pk, by=desk, at=at(18))
    actions.sign_in(case=case, by=town, at=at(18, 10))
    actions.assign(case=case, unit=county.units["泖口村委"].pk, by=town, at=at(18, 11))
    with pytest.raises(Refused) as refusal:
        actions.recall(case=case, reason="太慢", by=desk, at=at(19))
    assert refusal.value.code == "case.recall.at_work"
