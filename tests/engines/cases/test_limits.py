"""What is due is remembered of the present calendar alone."""

from __future__ import annotations

import gc
from dataclasses import replace

import pytest

from tests.engines.cases.conftest import NOW, County
from tongban.core.calendar.logic import Calendar
from tongban.core.calendar.queries import calendar_now
from tongban.engines.cases.limits import due_of
from tongban.engines.cases.models import Limit

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
