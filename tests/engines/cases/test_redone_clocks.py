"""Done again, a case has a promise of its own, which the calendar moves and the first round's does not bring back."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from tests.engines.cases.conftest import County
from tests.engines.cases.test_holding import derived_again
from tests.engines.cases.test_ladder import at, handled, told
from tests.engines.cases.test_redoing import answered, rate
from tests.ledgered import adopt
from tongban.core.calendar import actions as calendar
from tongban.core.ledger.actor import Actor
from tongban.core.ledger.journal import Journal
from tongban.core.ledger.worker import run_pending
from tongban.core.registry import reference
from tongban.core.registry.models import Organisation
from tongban.engines.cases import actions
from tongban.engines.cases.actions import meeting
from tongban.engines.cases.actions.meeting import Decision
from tongban.engines.cases.models import Assignment, Case
from tongban.engines.cases.outcome import DONE

BY = Actor(system="test")
MINUTE = timedelta(minutes=1)


@pytest.fixture
def case(county: County) -> int:
    """Promised for Wednesday the 25th, 17:00; answered on the day on which it was given out, the 18th."""
    adopt()
    key = handled(county)
    answered(county, key, at(18, 10))
    return key


def rest(day: date, when: datetime, *, working: bool = False) -> None:
    calendar.set_day(day=day, working=working, name_zh="临时", by=BY, at=when)
    assert run_pending(when + 5 * MINUTE).errors == []


def ends(case: int) -> tuple[datetime | None, datetime | None, datetime]:
    """What is promised, what the step is due by, and the end of the duty."""
    row, duty = Case.objects.get(pk=case), Assignment.objects.get(case=case, ended_at=None)
    return row.promised_at, row.due_at, duty.due_at


@pytest.mark.parametrize(
    ("again", "until", "moved"),
    [
        (at(19), at(24, 17), at(25, 17)),
        (at(24), at(27, 17), at(30, 17)),
        (at(27), at(2, 17, month=12), at(3, 17, month=12)),
    ],
)
def test_derived_again_the_promise_is_that_of_the_redo(
    county: County, case: int, again: datetime, until: datetime, moved: datetime
) -> None:
    rate(case, 1, again)
    actions.sign_in(case=case, by=county.officers["俞经办"], at=again + MINUTE)
    assert ends(case) == (until, until, until)
    derived_again(case, again + 2 * MINUTE)
    # Its last day becomes a day of rest.
    rest(until.date(), again + timedelta(hours=1))
    assert ends(case) == (moved, moved, moved)
    assert told(county, "陈居民")["asker.promise"] == 1


def test_a_day_that_only_the_first_round_has_run_over_moves_nothing_and_tells_nobody(county: County, case: int) -> None:
    rate(case, 1, at(24))
    actions.sign_in(case=case, by=county.officers["俞经办"], at=at(24, 10))
    version = Case.objects.get(pk=case).version
    rest(date(2026, 11, 20), at(24, 11))
    assert Case.objects.get(pk=case).version == version
    assert told(county, "陈居民")["asker.promise"] == 0


def test_what_is_answered_the_second_time_within_the_redo_is_in_time_whatever_the_calendar_did(
    county: County, case: int
) -> None:
    rate(case, 1, at(27))
    actions.sign_in(case=case, by=county.officers["俞经办"], at=at(27, 10))
    rest(date(2026, 11, 30), at(27, 11))
    answered(county, case, at(3, 16, month=12))
    assert Case.objects.get(pk=case).in_time is True


def gone(county: County, name: str) -> None:
    with Journal("test.end_unit", by=BY, at=at(18, 11)) as journal:
        journal.change(Organisation.objects.get(pk=county.units[name].pk), valid_until=date(2026, 11, 18))
    reference.forget()


def test_where_the_unit_is_gone_the_desk_has_its_own_short_time_to_give_it_out(county: County, case: int) -> None:
    gone(county, "交通局")
    rate(case, 1, at(20))
    row = Case.objects.get(pk=case)
    assert (row.state, row.promised_at, row.due_at) == ("accepted", at(25, 17), at(20, 11))
    derived_again(case, at(20, 10))
    rest(date(2026, 11, 24), at(20, 10))
    row = Case.objects.get(pk=case)
    assert (row.promised_at, row.due_at) == (at(26, 17), at(20, 11))
    # Given out, it is due by the new promise, and so it stays when it comes back.
    desk = county.officers["王受理"]
    actions.assign(case=case, unit=county.units["新埭镇政府"].pk, limit="joint", by=desk, at=at(20, 11))
    assert ends(case)[::2] == (at(26, 17), at(26, 17))
    derived_again(case, at(20, 12))
    actions.recall(case=case, reason="另派", by=desk, at=at(20, 13))
    assert Case.objects.get(pk=case).due_at == at(26, 17)
    derived_again(case, at(20, 14))


def take_up(county: County, case: int, when: datetime, day: date) -> None:
    """The monthly meeting, before which it stands, gives it to the town until a day."""
    by, desk = county.officers["卫秘书"], county.units["民生受理"].pk
    held = meeting.call_meeting(kind="monthly", desk=desk, starts_at=when, place="县府", by=by, at=when - MINUTE).pk
    decision = Decision("assigned", "镇里牵头", county.units["新埭镇政府"].pk, (), day)
    meeting.decide(case=case, meeting=held, decision=decision, by=by, at=when)


@pytest.mark.parametrize("calendar_moves", [False, True])
def test_what_a_meeting_takes_up_after_the_answer_keeps_the_promise_by_which_that_was_judged(
    county: County, case: int, calendar_moves: bool
) -> None:
    rate(case, 1, at(24))
    actions.sign_in(case=case, by=county.officers["俞经办"], at=at(24, 10))
    answered(county, case, at(25))
    rate(case, 1, at(26))
    if calendar_moves:  # while it is answered, nothing of it moves
        rest(date(2026, 11, 26), at(26, 11))
    promised = at(27, 17)
    take_up(county, case, at(26, 15), date(2026, 12, 4))
    assert ends(case)[::2] == (promised, at(4, 17, month=12))
    derived_again(case, at(26, 16))
    rest(date(2026, 12, 4), at(26, 16))
    assert ends(case)[::2] == (promised, at(7, 17, month=12))


def test_done_again_it_is_not_held_to_what_was_left_of_the_town_that_had_passed_it_down(county: County) -> None:
    adopt()
    case = handled(county, "新埭镇政府", "镇经办")
    village, reviewer = county.officers["村经办"], county.officers["镇审核"]
    actions.assign(case=case, unit=county.units["泖口村委"].pk, by=county.officers["镇经办"], at=at(18))
    actions.sign_in(case=case, by=village, at=at(18, 10))
    actions.answer(outcome=DONE, case=case, text="周五前修好。", by=village, at=at(23))
    actions.approve(case=case, by=reviewer, at=at(23))
    actions.send(case=case, by=county.officers["王受理"], at=at(23))
    rate(case, 1, at(25))  # on the last day of the town's own duty
    assert ends(case)[::2] == (at(30, 17), at(30, 17))
    derived_again(case, at(25, 10))
