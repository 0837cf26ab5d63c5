"""What is due is remembered of the present calendar alone; and under which limits a case may be given out."""

from __future__ import annotations

import gc
from dataclasses import replace
from functools import partial

import pytest

from tests.engines.cases.conftest import NOW, County
from tests.engines.cases.test_recompute import opened
from tongban.core.calendar.logic import Calendar
from tongban.core.calendar.queries import calendar_now
from tongban.core.refusals import Refused
from tongban.engines.cases import actions
from tongban.engines.cases.actions.administration import set_route
from tongban.engines.cases.limits import STEPS, due_of
from tongban.engines.cases.models import Assignment, Limit, Route
from tongban.engines.cases.queries.desk import limits
from tongban.engines.cases.types import types

pytestmark = pytest.mark.django_db


def calendars() -> int:
    gc.collect()
    return sum(isinstance(one, Calendar) for one in gc.get_objects())


def test_no_calendar_that_was_changed_lives_on(county: County) -> None:
    limit, now = Limit.objects.get(code="ordinary"), calendar_now()
    due, before = due_of(limit, NOW), calendars()
    for _ in range(40):
        assert due_of(limit, NOW, replace(now)) == due
    assert due_of(limit, NOW) == due
    assert calendars() <= before + 1


@pytest.mark.parametrize("code", sorted(STEPS))
def test_no_case_is_given_out_under_the_limit_of_a_step_or_a_stop(county: County, code: str) -> None:
    case, desk, unit = opened(county), county.officers["王受理"], county.units["交通局"].pk
    actions.accept(case=case, by=desk, at=NOW)
    with pytest.raises(Refused, match="single step or stop") as refused:
        actions.assign(case=case, unit=unit, limit=code, by=desk, at=NOW)
    assert (refused.value.code, refused.value.field) == ("case.limit.step", "limit")
    assert not Assignment.objects.filter(case=case).exists()
    assert code not in {limit.code for limit in limits(NOW)}


def test_no_route_offers_the_limit_of_a_step_or_a_stop(county: County) -> None:
    by = county.officer("周管理", "企业受理", "administrator")
    route = partial(
        set_route, programme="community", category="traffic", unit=county.units["交通局"].pk, valid_from=NOW.date(),
        by=by, at=NOW,
    )  # fmt: skip
    with pytest.raises(Refused, match="single step or stop"):
        route(limit="hold")
    assert not Route.objects.exists()
    route(limit="joint")


def test_every_kind_of_matter_has_a_limit_under_which_it_may_be_given_out() -> None:
    for name, kind in types().items():
        assert not STEPS & {category.limit for category in kind.categories}, name
