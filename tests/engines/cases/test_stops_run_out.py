"""A stop whose longest time has passed while no worker ran, or that the calendar has made shorter: nothing of it is lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from tests.engines.cases.conftest import County
from tests.engines.cases.test_holding import brought, decide
from tests.engines.cases.test_ladder import at, handled
from tests.engines.cases.test_meeting import refused
from tests.engines.cases.test_stops import extend, pause, reply, resume, told
from tests.ledgered import adopt
from tongban.core.access.viewer import viewer_of
from tongban.core.calendar import actions as calendar
from tongban.core.ledger.actor import Actor
from tongban.core.ledger.audit import Audit
from tongban.core.ledger.models import Outbox
from tongban.core.ledger.worker import run_pending
from tongban.engines.cases import actions
from tongban.engines.cases.actions.pausing import time_out_stop
from tongban.engines.cases.actions.recomputing import recompute
from tongban.engines.cases.actions.rungs import climb_anew
from tongban.engines.cases.bulk import recompute_many
from tongban.engines.cases.climbing import climb
from tongban.engines.cases.models import AgendaItem, Case, Escalation, Extension, Stop, StoryItem
from tongban.engines.cases.queries.detail import offers

BY = Actor(system="test")
MINUTE = timedelta(minutes=1)
# Paused on Thursday the 19th of November: until the 2nd of December at the latest. Five days are left after that.
OUT, DUE = at(2, 17, month=12), at(9, 17, month=12)


@pytest.fixture
def case(county: County) -> int:
    """Promised for Wednesday the 25th, 17:00, and paused on the 19th."""
    adopt()
    key = handled(county)
    pause(county, key, at(19))
    assert Case.objects.get(pk=key).due_at == OUT
    return key


def acted(case: int) -> list[tuple[str, datetime]]:
    return list(Escalation.objects.filter(case=case).order_by("pk").values_list("rung", "due_at"))


def work(when: datetime) -> None:
    assert run_pending(when).errors == []


# -- the ladder --------------------------------------------------------------------------------------------------------


def test_the_rung_of_the_stops_end_says_nothing_of_what_is_due_after_it(county: County, case: int) -> None:
    climb(at(7, month=12))  # the watch comes before the row that ends the stop
    row = Case.objects.get(pk=case)
    assert (row.stopped, row.due_at, row.rises_at) == ("", DUE, at(9, 11, 30, month=12))
    work(at(7, 10, month=12))
    assert (acted(case), "officer.remind" in told(county, "俞经办")) == ([], False)
    work(at(9, 11, 30, month=12))
    assert (acted(case), told(county, "俞经办").count("officer.remind")) == ([("remind", DUE)], 1)
    assert [fault.sentence("en") for fault in Audit().faults()] == []


@pytest.mark.parametrize("first", ["the worker", "the watch", "the asker", "the ladder's change"])
@pytest.mark.parametrize("late", [at(8, month=12), at(9, 12, month=12), at(10, month=12), at(17, month=12)])
def test_whoever_comes_first_after_it_has_run_out_finds_the_same_rungs(
    county: County, case: int, late: datetime, first: str
) -> None:
    in_time = handled(county)
    pause(county, in_time, at(19))
    time_out_stop(case=in_time, by=BY, at=OUT)
    do: dict[str, Callable[[], object]] = {
        "the worker": lambda: time_out_stop(case=case, by=BY, at=late),
        "the watch": lambda: climb(late),
        "the asker": lambda: reply(county, case, late),
        "the ladder's change": lambda: climb_anew(case=case, by=BY, at=late),
    }
    do[first]()
    climb(late)
    assert acted(case) == acted(in_time)


# -- the calendar ------------------------------------------------------------------------------------------------------


def one_by_one(case: int, when: datetime) -> None:
    recompute(case=case, by=BY, at=when)


def together(case: int, when: datetime) -> None:
    recompute_many([case], by=BY, at=when)


@pytest.mark.parametrize("way", [one_by_one, together])
@pytest.mark.parametrize(
    ("day", "working", "until"),
    [(date(2026, 11, 28), True, at(1, 17, month=12)), (date(2026, 12, 1), False, at(3, 17, month=12))],
)
def test_a_stop_that_the_calendar_has_moved_is_looked_at_when_it_now_ends(
    county: County, case: int, way: Callable[[int, datetime], None], day: date, working: bool, until: datetime
) -> None:
    work(at(19, 10))
    calendar.set_day(day=day, working=working, name_zh="调", by=BY, at=at(20))
    way(case, at(20))
    assert Case.objects.get(pk=case).due_at == Stop.objects.get(case=case).until == until
    looks = Outbox.objects.filter(topic="cases.stop_out").order_by("pk").values_list("due_at", flat=True)
    assert list(looks) == [OUT, until]
    work(until - MINUTE)
    assert Case.objects.get(pk=case).stopped == "pause"
    work(until)
    assert (Case.objects.get(pk=case).stopped, Stop.objects.get(case=case).ended_at) == ("", until)
    work(at(4, month=12))  # every look that was asked for has been taken
    assert StoryItem.objects.filter(case=case, kind="resume_out").count() == 1
    assert told(county, "俞经办").count("officer.resumed") == told(county, "陈居民").count("asker.resume_out") == 1


def test_where_the_calendar_moves_the_end_of_a_stop_nowhere_nobody_is_asked_to_look(county: County, case: int) -> None:
    calendar.set_day(day=date(2026, 12, 8), working=False, name_zh="调", by=BY, at=at(20))
    recompute(case=case, by=BY, at=at(20))
    assert Outbox.objects.filter(topic="cases.stop_out").count() == 1


@pytest.mark.parametrize("way", [one_by_one, together])
def test_a_request_for_more_time_lapses_when_the_promise_now_ends(
    county: County, way: Callable[[int, datetime], None]
) -> None:
    adopt()
    key = handled(county)
    extend(county, key, at(19))
    work(at(19, 10))
    calendar.set_day(day=date(2026, 11, 21), working=True, name_zh="调", by=BY, at=at(20))
    way(key, at(20))
    assert Case.objects.get(pk=key).promised_at == at(24, 17)
    work(at(24, 17) - MINUTE)
    assert Extension.objects.get(case=key).state == "asked"
    work(at(24, 17))
    assert Extension.objects.get(case=key).state == "lapsed"
    work(at(26))
    assert told(county, "俞经办").count("officer.lapsed") == 1


# -- what may be done then ---------------------------------------------------------------------------------------------


def test_no_extension_is_granted_once_the_promise_has_passed_behind_a_stop(county: County) -> None:
    adopt()
    key = handled(county)
    extend(county, key, at(24))
    pause(county, key, at(24, 10))
    until, promised = at(7, 17, month=12), at(9, 17, month=12)
    assert Case.objects.get(pk=key).due_at == until
    desk = county.officers["王受理"]
    with refused("case.extension.over"):
        actions.grant_extension(case=key, by=desk, at=promised)
    # Refused, and yet the pause is over: the page says of the promise what the refusal says.
    row = Case.objects.get(pk=key)
    assert (row.stopped, row.promised_at, row.due_at) == ("", promised, promised)
    assert Stop.objects.get(case=key).ended_at == until
    work(promised + MINUTE)
    assert Extension.objects.get(case=key).state == "lapsed"
    assert StoryItem.objects.filter(case=key, kind="resume_out").count() == 1
    assert [fault.sentence("en") for fault in Audit().faults()] == []


def test_an_extension_is_still_asked_for_where_the_stop_has_left_time(county: County, case: int) -> None:
    extend(county, case, DUE - MINUTE)
    assert Case.objects.get(pk=case).extension == "asked"


def test_going_on_after_the_longest_time_is_refused_and_the_clock_runs_as_the_refusal_says(
    county: County, case: int
) -> None:
    when = OUT + MINUTE
    with refused("case.pause.none"):
        resume(county, case, when)
    row = Case.objects.get(pk=case)
    assert (row.stopped, row.due_at, Stop.objects.get(case=case).ended_how) == ("", DUE, "out")
    offered = {
        offer.move.code: offer.refusal for offer in offers(viewer_of(county.accounts["俞经办"], when), row, when)
    }
    assert offered["resume"] is not None
    assert offered["extend"] is None
    work(when + MINUTE)
    assert told(county, "陈居民").count("asker.resume_out") == 1
    assert [fault.sentence("en") for fault in Audit().faults()] == []


def test_once_a_hold_has_run_out_its_unit_may_pause_and_the_meeting_has_it_again(county: County) -> None:
    case = brought(county, "handling")
    decide(county, case)
    pause(county, case, at(1, month=12))
    row = Case.objects.get(pk=case)
    assert (row.stopped, row.agenda) == ("pause", "joint")
    assert AgendaItem.objects.filter(case=case).latest("pk").why == "hold_out"
    assert list(Stop.objects.filter(case=case).order_by("pk").values_list("kind", "ended_how")) == [
        ("hold", "out"), ("pause", ""),
    ]  # fmt: skip
    assert [fault.sentence("en") for fault in Audit().faults()] == []
