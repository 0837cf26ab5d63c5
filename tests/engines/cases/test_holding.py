"""挂账: a joint meeting stops the clock of what a unit has in hand; when that ends, each step has its own clock again."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from tests.engines.cases.conftest import NOW, County
from tests.engines.cases.test_ladder import at
from tests.engines.cases.test_meeting import refused
from tests.ledgered import adopt
from tongban.core.calendar import actions as calendar
from tongban.core.ledger.actor import Actor
from tongban.core.ledger.audit import Audit
from tongban.core.ledger.journal import Journal
from tongban.core.ledger.rows import new_row
from tongban.core.ledger.worker import run_pending
from tongban.engines.cases import actions
from tongban.engines.cases.actions import Opening, meeting
from tongban.engines.cases.actions.escalating import escalate
from tongban.engines.cases.actions.meeting import Decision, outcomes
from tongban.engines.cases.actions.pausing import time_out_stop
from tongban.engines.cases.actions.recomputing import Recomputed, recompute
from tongban.engines.cases.actions.writing import load
from tongban.engines.cases.bulk import recompute_many
from tongban.engines.cases.ladder import next_rung
from tongban.engines.cases.limits import limit_on
from tongban.engines.cases.models import AgendaItem, Assignment, Case, Escalation, Stop
from tongban.engines.cases.outcome import DONE
from tongban.engines.cases.request import REQUEST
from tongban.engines.cases.secrets import rating_token

BY = Actor(system="test")
SITS = at(20, 10)
UNTIL = date(2026, 11, 30)
OVER = at(30, 17)
HELD = Decision("held", "等上级批复", by_date=UNTIL)


def brought(county: County, state: str) -> int:
    """A case of the transport bureau's in a state, on the joint meeting's agenda; "twice" and "over": answered, and unhappy."""
    adopt()
    desk, worker, reviewer = (county.officers[n] for n in ("王受理", "俞经办", "钱审核"))
    opening = Opening(
        programme="community", kind="request", body="路灯坏了三天", area=county.areas["village"].pk,
        requester=county.people["陈居民"],
    )  # fmt: skip
    key = actions.open_case(opening, by=Actor(county.accounts["陈居民"].pk), at=NOW).pk

    def answered(when: datetime, last: str) -> None:
        for step in ("sign_in", "answer", "approve", "send"):
            if step == "sign_in":
                actions.sign_in(case=key, by=worker, at=when)
            elif step == "answer":
                actions.answer(case=key, text="周五前修好。", outcome=DONE, by=worker, at=when)
            elif step == "approve":
                actions.approve(case=key, by=reviewer, at=when)
            else:
                actions.send(case=key, by=desk, at=when)
            if step == last:
                return

    def raised(when: datetime) -> None:
        actions.raise_to_meeting(case=key, kind="joint", by=desk, at=when)

    actions.accept(case=key, by=desk, at=NOW)
    if state == "accepted":
        raised(at(18, 10))
        return key
    # What is to be taken on has till noon for that.
    actions.assign(case=key, unit=county.units["交通局"].pk, by=desk, at=at(20, 9) if state == "assigned" else NOW)
    if state in ("answered", "closed"):
        answered(at(18, 10), "send")
        if state == "answered":
            actions.rate(token=rating_token(key), grade=1, by=BY, at=at(18, 11))
            answered(at(18, 12), "send")
        else:
            actions.reopen(case=key, reason="没有修好", by=desk, at=at(18, 11))
            answered(at(18, 12), "send")
            actions.close(case=key, by=desk, at=at(18, 13))
        actions.rate(token=rating_token(key), grade=1, by=BY, at=at(18, 14))
        _pass_on(county, key)
        return key
    raised(at(20, 9) if state == "assigned" else at(18, 10))
    if state != "assigned":
        answered(at(18, 11), {"handling": "sign_in", "review": "answer", "approved": "approve"}[state])
    return key


def _pass_on(county: County, case: int) -> None:
    by, desk = county.officers["卫秘书"], county.units["民生受理"].pk
    sits = at(19)
    held = meeting.call_meeting(kind="monthly", desk=desk, starts_at=sits, place="县府", by=by, at=at(18, 16)).pk
    meeting.decide(case=case, meeting=held, decision=Decision("passed_on", "定不下来"), by=by, at=sits)


def decide(county: County, case: int, decision: Decision = HELD) -> None:
    by, desk = county.officers["卫秘书"], county.units["民生受理"].pk
    held = meeting.call_meeting(kind="joint", desk=desk, starts_at=SITS, place="县府", by=by, at=at(20, 9)).pk
    meeting.decide(case=case, meeting=held, decision=decision, by=by, at=SITS)


def work(when: datetime) -> None:
    assert run_pending(when).errors == []


def derived_again(case: int, when: datetime) -> None:
    """Derived again, one by one and together, the clocks are what the steps have made of them."""
    before = Case.objects.get(pk=case).version
    assert recompute(case=case, by=BY, at=when) == Recomputed()
    assert recompute_many([case], by=BY, at=when) == {}
    assert Case.objects.get(pk=case).version == before
    assert [fault.sentence("en") for fault in Audit().faults()] == []


@pytest.mark.parametrize("state", ["accepted", "review", "approved", "answered", "closed"])
def test_what_no_unit_has_in_hand_or_what_is_answered_is_not_put_on_hold(county: County, state: str) -> None:
    case = brought(county, state)
    before = Case.objects.get(pk=case)
    assert (before.state, before.agenda) == (state, "joint")
    with refused("meeting.hold.state"):
        decide(county, case)
    after = Case.objects.get(pk=case)
    assert (after.version, after.stopped, after.due_at) == (before.version, "", before.due_at)
    assert not Stop.objects.filter(case=case).exists()
    assert "held" not in outcomes("joint", state)


def test_each_meeting_is_offered_what_it_can_decide(county: County) -> None:
    assert outcomes("joint", "handling") == ["assigned", "held", "kept"]
    assert outcomes("monthly", "handling") == ["assigned", "passed_on", "kept"]
    assert outcomes("joint", "answered") == outcomes("joint", "closed") == ["assigned", "settled", "kept"]
    assert outcomes("joint", "review") == outcomes("joint", "new") == ["assigned", "kept"]


def test_after_a_hold_whoever_works_on_it_has_the_days_that_it_took(county: County) -> None:
    case = brought(county, "handling")
    promised = Case.objects.get(pk=case).promised_at
    assert promised == at(25, 17)
    decide(county, case)
    assert Case.objects.get(pk=case).due_at == Stop.objects.get(case=case).until == OVER
    derived_again(case, at(21))
    work(OVER)
    row = Case.objects.get(pk=case)
    # From the 20th to the 30th seven working days ended.
    assert (row.stopped, row.promised_at, row.due_at) == ("", at(4, 17, month=12), at(4, 17, month=12))
    assert (row.agenda, AgendaItem.objects.filter(case=case).latest("pk").why) == ("joint", "hold_out")
    derived_again(case, at(1, month=12))


def test_after_a_hold_a_unit_that_had_not_taken_it_on_has_its_time_for_that_again(county: County) -> None:
    case = brought(county, "assigned")
    assert Assignment.objects.get(case=case).sign_in_due_at == Case.objects.get(pk=case).due_at == at(20, 12)
    decide(county, case)
    derived_again(case, at(21))
    work(OVER)
    row, duty = Case.objects.get(pk=case), Assignment.objects.get(case=case)
    assert row.due_at == duty.sign_in_due_at == at(1, 17, month=12)
    assert row.promised_at == duty.due_at == at(8, 17, month=12)
    derived_again(case, at(30, 18))
    actions.sign_in(case=case, by=county.officers["俞经办"], at=at(1, 10, month=12))
    derived_again(case, at(1, 11, month=12))


def test_a_unit_that_takes_it_on_while_it_is_on_hold_ends_no_hold(county: County) -> None:
    case = brought(county, "assigned")
    decide(county, case)
    actions.sign_in(case=case, by=county.officers["俞经办"], at=at(23))
    row = Case.objects.get(pk=case)
    assert (row.state, row.stopped, row.due_at) == ("handling", "hold", OVER)
    derived_again(case, at(23, 10))
    work(OVER)
    row = Case.objects.get(pk=case)
    assert (row.stopped, row.due_at) == ("", at(8, 17, month=12))
    derived_again(case, at(1, month=12))


def test_what_is_solved_while_it_is_on_hold_is_answered(county: County) -> None:
    case = brought(county, "handling")
    decide(county, case)
    actions.answer(case=case, text="批复到了，已修好。", outcome=DONE, by=county.officers["俞经办"], at=at(24))
    row = Case.objects.get(pk=case)
    assert (row.state, row.stopped, Stop.objects.get(case=case).ended_how) == ("review", "", "moved")
    assert row.due_at is not None
    assert at(24) < row.due_at < at(27)
    derived_again(case, at(24, 10))


def test_a_rest_day_that_is_added_moves_no_hold_beyond_the_day_that_the_meeting_has_set(county: County) -> None:
    case = brought(county, "handling")
    decide(county, case)
    calendar.set_day(day=date(2026, 11, 24), working=False, name_zh="临时放假", by=BY, at=at(21))
    work(at(21, 10))
    assert Case.objects.get(pk=case).due_at == Stop.objects.get(case=case).until == OVER
    calendar.set_day(day=UNTIL, working=False, name_zh="临时放假", by=BY, at=at(23))
    work(at(23, 10))
    assert Case.objects.get(pk=case).due_at == Stop.objects.get(case=case).until == at(1, 17, month=12)
    derived_again(case, at(23, 11))


@pytest.mark.parametrize("state", ["review", "approved", "answered", "closed"])
def test_a_hold_that_was_put_on_anything_else_before_leaves_it_the_clock_of_its_step(
    county: County, state: str
) -> None:
    """As holds could be made until now."""
    case, rule = brought(county, state), limit_on("hold", SITS)
    with Journal("cases.decide", by=BY, at=SITS) as journal:
        row = load(case)
        held = new_row(
            Stop, case=row, kind="hold", unit_id=row.desk_id, limit=rule, limit_version=rule.version, measure=rule.unit,
            reason="等上级批复", began_at=SITS, began_by=None, until=OVER,
        )  # fmt: skip
        journal.add(held, of=row)
        journal.change(row, stopped="hold", due_at=OVER)
    time_out_stop(case=case, by=BY, at=OVER)
    row = Case.objects.get(pk=case)
    assert (row.state, row.stopped) == (state, "")
    if state == "closed":
        assert (row.due_at, row.rises_at) == (None, None)
        escalate(case=case, by=BY, at=OVER + timedelta(days=90))
        assert not Escalation.objects.filter(case=case).exists()
    else:
        assert row.due_at is not None
        assert OVER < row.due_at < OVER + timedelta(days=10)


@pytest.mark.parametrize("state", sorted(REQUEST.states))
def test_what_is_over_climbs_no_ladder(county: County, state: str) -> None:
    found = next_rung(NOW, state, 0, NOW + timedelta(days=30))
    assert (found is None) == (state in REQUEST.ended)
