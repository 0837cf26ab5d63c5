"""收回: the desk takes a case back from a unit that has not taken it on, or in which nobody is left."""

from __future__ import annotations

from datetime import date

import pytest

from tests.engines.cases.conftest import NOW, County
from tests.engines.cases.test_ladder import at, handled, told
from tests.ledgered import adopt
from tongban.core.access.actions import end_role
from tongban.core.access.models import Role
from tongban.core.ledger.actor import COMMAND
from tongban.core.ledger.audit import Audit
from tongban.core.ledger.worker import run_pending
from tongban.core.refusals import Refused
from tongban.core.registry import reference
from tongban.core.registry.succession import end_organisation
from tongban.engines.cases import actions
from tongban.engines.cases.models import Assignment, Case, Stop, StoryItem

WHY = "交通局说不归他们，先收回"


@pytest.fixture
def case(county: County) -> int:
    adopt()
    return handled(county)


def recall(county: County, case: int, day: int = 19) -> None:
    actions.recall(case=case, reason=WHY, by=county.officers["王受理"], at=at(day))


def abolish(county: County, name: str = "交通局", successor: str = "人社局") -> None:
    """The unit ends with yesterday."""
    end_organisation(
        organisation=county.units[name].pk, last_day=date(2026, 11, 18), successor=county.units[successor].pk,
        by=COMMAND, at=NOW,
    )  # fmt: skip
    reference.forget()


def test_what_was_not_taken_on_comes_back_and_the_promise_runs_on(county: County) -> None:
    adopt()
    case = handled(county, upto="assign")
    promised = Case.objects.get(pk=case).promised_at
    recall(county, case)
    row = Case.objects.get(pk=case)
    assert (row.state, row.lead, row.handler, row.promised_at, row.due_at) == (
        "accepted",
        None,
        None,
        promised,
        promised,
    )
    assert not Assignment.objects.filter(case=case, ended_at=None).exists()
    assert run_pending(at(19, 10)).errors == []
    assert told(county, "俞经办")["officer.recalled"] == 1
    assert StoryItem.objects.filter(case=case, kind="note", text=WHY, audience=StoryItem.Audience.UNIT).exists()
    actions.assign(case=case, unit=county.units["交通局"].pk, by=county.officers["王受理"], at=at(19, 11))
    assert Case.objects.get(pk=case).promised_at == promised, "it was not returned, so it may get it again"
    assert [f.sentence("en") for f in Audit().faults()] == []


def test_from_a_unit_that_works_on_it_nothing_is_taken(county: County, case: int) -> None:
    with pytest.raises(Refused) as refusal:
        recall(county, case)
    assert refusal.value.code == "case.recall.at_work"
    assert "交通局" in refusal.value.sentence("zh")
    with pytest.raises(Refused):
        actions.recall(case=case, reason=WHY, by=county.officers["俞经办"], at=at(19))


@pytest.mark.parametrize("left", ["abolished", "nobody"])
def test_where_nobody_is_left_it_is_taken_back_whatever_it_waited_for(county: County, case: int, left: str) -> None:
    actions.pause(case=case, reason="请补一张照片", by=county.officers["俞经办"], at=NOW)
    if left == "abolished":
        abolish(county)
    else:
        for role in Role.objects.filter(organisation=county.units["交通局"], code="handler"):
            end_role(role=role.pk, by=COMMAND, at=NOW)
    recall(county, case)
    row = Case.objects.get(pk=case)
    assert (row.state, row.stopped, row.due_at) == ("accepted", "", row.promised_at)
    assert Stop.objects.get(case=case).ended_at == at(19)
    actions.assign(case=case, unit=county.units["人社局"].pk, by=county.officers["王受理"], at=at(19, 10))
    assert Case.objects.get(pk=case).lead == county.units["人社局"]
    assert [f.sentence("en") for f in Audit().faults()] == []


def test_the_desk_is_told_once_what_an_abolished_unit_still_holds(county: County, case: int) -> None:
    second = handled(county)
    abolish(county)
    assert run_pending(at(18, 23)).errors == []
    assert told(county, "王受理")["officer.unit_ended"] == 0, "until the day is over it exists"
    assert run_pending(at(19)).errors == []
    assert run_pending(at(20)).errors == []
    assert told(county, "王受理")["officer.unit_ended"] == 1
    for key in (case, second):
        recall(county, key, 20)
    assert set(Case.objects.values_list("state", flat=True)) == {"accepted"}
