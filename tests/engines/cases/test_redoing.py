"""After the answer: called back by another, done again once by itself, then looked at by a meeting."""

from __future__ import annotations

from datetime import date

import pytest

from tests.engines.cases.conftest import County
from tests.engines.cases.test_ladder import at, handled, told
from tests.ledgered import adopt
from tongban.core.ledger.actor import Actor
from tongban.core.ledger.audit import Audit
from tongban.core.ledger.worker import run_pending
from tongban.core.refusals import Refused
from tongban.core.registry import reference
from tongban.core.registry.models import Organisation
from tongban.engines.cases import actions, secrets
from tongban.engines.cases.actions import meeting, redoing
from tongban.engines.cases.actions.meeting import Decision
from tongban.engines.cases.models import AgendaItem, Assignment, Callback, Case, Rating, StoryItem
from tongban.engines.cases.outcome import DONE

ASKER = Actor(system="asker")


@pytest.fixture
def case(county: County) -> int:
    """Answered on Thursday the 19th, in time."""
    adopt()
    key = handled(county)
    answered(county, key, at(19))
    return key


def answered(county: County, key: int, when) -> None:  # type: ignore[no-untyped-def]
    actions.answer(outcome=DONE, case=key, text="周五前修好，俞负责。", by=county.officers["俞经办"], at=when)
    actions.approve(case=key, by=county.officers["钱审核"], at=when)
    actions.send(case=key, by=county.officers["王受理"], at=when)


def rate(case: int, grade: int, when) -> None:  # type: ignore[no-untyped-def]
    actions.rate(token=secrets.rating_token(case), grade=grade, comment="", by=ASKER, at=when)


def state(case: int) -> tuple[str, int]:
    row = Case.objects.get(pk=case)
    return row.state, row.reopened


def test_a_bad_rating_has_it_done_again_under_the_shorter_limit(county: County, case: int) -> None:
    rate(case, 2, at(20))
    row = Case.objects.get(pk=case)
    duty = Assignment.objects.get(case=case, ended_at=None)
    assert (row.state, row.reopened, row.grade, row.answered_at) == ("assigned", 1, 2, None)
    assert (duty.unit, duty.limit.code) == (county.units["交通局"], "redo")
    assert row.promised_at == duty.due_at == at(25, 17)  # three working days from the 20th
    assert run_pending(at(20, 10)).errors == []
    assert told(county, "陈居民")["asker.reopen"] == 1
    assert told(county, "俞经办")["officer.reopened"] == told(county, "陆经办")["officer.reopened"] == 1
    assert [f.sentence("en") for f in Audit().faults()] == []


def test_the_second_answer_is_rated_anew_and_the_last_rating_counts(county: County, case: int) -> None:
    rate(case, 1, at(20))
    actions.sign_in(case=case, by=county.officers["俞经办"], at=at(20, 10))
    with pytest.raises(Refused) as used:
        rate(case, 5, at(20, 11))
    assert used.value.code == "rating.used"
    answered(county, case, at(23))
    rate(case, 4, at(24))
    assert list(Rating.objects.filter(case=case).order_by("pk").values_list("grade", flat=True)) == [1, 4]
    assert Case.objects.get(pk=case).grade == 4
    actions.close(case=case, by=county.officers["王受理"], at=at(24, 10))
    assert state(case) == ("closed", 1)


def test_unhappy_twice_goes_before_the_monthly_meeting_which_may_say_no_more(county: County, case: int) -> None:
    rate(case, 2, at(20))
    actions.sign_in(case=case, by=county.officers["俞经办"], at=at(20, 10))
    answered(county, case, at(23))
    rate(case, 2, at(24))
    row = Case.objects.get(pk=case)
    assert (row.state, row.reopened, row.agenda) == ("answered", 1, "monthly")
    assert AgendaItem.objects.get(case=case).why == "unhappy"
    by, desk = county.officers["卫秘书"], county.units["民生受理"].pk
    held = meeting.call_meeting(kind="monthly", desk=desk, starts_at=at(26), place="县府", by=by, at=at(25)).pk
    decision = Decision("settled", "已到现场两次，路灯按标准间距设置，不再加装。")
    meeting.decide(case=case, meeting=held, decision=decision, by=by, at=at(26, 10))
    assert Case.objects.get(pk=case).agenda == ""
    assert run_pending(at(26, 11)).errors == []
    assert told(county, "陈居民")["asker.decide_monthly"] == 1
    line = StoryItem.objects.get(case=case, kind="decide_monthly")
    assert line.text.endswith("不再加装。")  # not done, because: the author reads it


def test_who_was_unhappy_twice_is_not_closed_before_the_meeting_has_decided(county: County, case: int) -> None:
    desk, by, unit = county.officers["王受理"], county.officers["卫秘书"], county.units["民生受理"].pk
    rate(case, 2, at(20))
    actions.sign_in(case=case, by=county.officers["俞经办"], at=at(20, 10))
    answered(county, case, at(23))
    rate(case, 2, at(24))

    def waits(when) -> None:  # type: ignore[no-untyped-def]
        with pytest.raises(Refused) as refused:
            actions.close(case=case, by=desk, at=when)
        assert refused.value.code == "case.agenda.waits"
        assert AgendaItem.objects.filter(case=case, outcome="").count() == 1
        assert state(case) == ("answered", 1)

    waits(at(25))
    # Passed on and kept, it stands there for another reason, and waits as before.
    for kind, day, outcome in (("monthly", 26, "passed_on"), ("joint", 27, "kept"), ("joint", 30, "settled")):
        held = meeting.call_meeting(kind=kind, desk=unit, starts_at=at(day), place="县府", by=by, at=at(day, 8)).pk
        waits(at(day, 9))
        meeting.decide(case=case, meeting=held, decision=Decision(outcome, "两次到场看过。"), by=by, at=at(day, 10))
        meeting.end_meeting(meeting=held, notes="", by=by, at=at(day, 11))
    actions.close(case=case, by=desk, at=at(30, 12))
    assert state(case) == ("closed", 1)
    assert list(AgendaItem.objects.filter(case=case).order_by("pk").values_list("outcome", flat=True)) == [
        "passed_on", "kept", "settled",
    ]  # fmt: skip
    assert [f.sentence("en") for f in Audit().faults()] == []


def test_what_the_answer_itself_settles_keeps_nobody_from_closing(county: County) -> None:
    adopt()
    key, desk = handled(county), county.officers["王受理"]
    actions.raise_to_meeting(case=key, kind="monthly", by=desk, at=at(18))
    answered(county, key, at(19))
    actions.close(case=key, by=desk, at=at(20))
    assert AgendaItem.objects.get(case=key).outcome == "settled"
    assert state(key) == ("closed", 0)


def test_the_meeting_may_have_an_answered_case_done_again(county: County, case: int) -> None:
    rate(case, 2, at(20))
    actions.sign_in(case=case, by=county.officers["俞经办"], at=at(20, 10))
    answered(county, case, at(23))
    rate(case, 1, at(24))
    by, desk = county.officers["卫秘书"], county.units["民生受理"].pk
    held = meeting.call_meeting(kind="monthly", desk=desk, starts_at=at(26), place="县府", by=by, at=at(25)).pk
    unit = county.units["新埭镇政府"].pk
    decision = Decision("assigned", "镇里牵头", unit, (), date(2026, 12, 4))
    meeting.decide(case=case, meeting=held, decision=decision, by=by, at=at(26, 10))
    assert state(case) == ("assigned", 2)
    assert Case.objects.get(pk=case).answered_at is None


def test_an_answer_that_came_late_stays_late_however_quickly_it_is_done_again(county: County) -> None:
    key = handled(county)
    answered(county, key, at(27))
    assert Case.objects.get(pk=key).in_time is False
    rate(key, 1, at(30))
    actions.sign_in(case=key, by=county.officers["俞经办"], at=at(30, 10))
    answered(county, key, at(30, 11))
    assert Case.objects.get(pk=key).in_time is False


def test_a_closed_case_is_opened_again_too(county: County, case: int) -> None:
    actions.close(case=case, by=county.officers["王受理"], at=at(20))
    rate(case, 2, at(23))
    row = Case.objects.get(pk=case)
    assert (row.state, row.closed_at) == ("assigned", None)


def test_the_desk_has_an_answer_done_again_and_says_why(county: County, case: int) -> None:
    actions.reopen(case=case, reason="答非所问", by=county.officers["王受理"], at=at(20))
    assert state(case) == ("assigned", 1)
    assert list(StoryItem.objects.filter(case=case, kind="reopen").values_list("text", flat=True)) == ["答非所问"]
    assert Assignment.objects.get(case=case, ended_at=None).limit.code == "redo"
    assert [f.sentence("en") for f in Audit().faults()] == []


def test_what_a_village_answered_is_reviewed_by_its_town_the_second_time_too(county: County) -> None:
    adopt()
    key = handled(county, "新埭镇政府", "镇经办")
    village, reviewer = county.officers["村经办"], county.officers["镇审核"]
    actions.assign(case=key, unit=county.units["泖口村委"].pk, by=county.officers["镇经办"], at=at(18))
    for when in (at(18, 10), at(20, 10)):
        actions.sign_in(case=key, by=village, at=when)
        actions.answer(outcome=DONE, case=key, text="周五前修好。", by=village, at=when)
        actions.approve(case=key, by=reviewer, at=when)
        actions.send(case=key, by=county.officers["王受理"], at=when)
        if when == at(18, 10):
            rate(key, 1, at(19))
    assert state(key) == ("answered", 1)
    assert [f.sentence("en") for f in Audit().faults()] == []


def test_the_desk_calls_back_and_what_is_not_solved_is_done_again(county: County, case: int) -> None:
    desk = county.officers["王受理"]
    actions.call_back(case=case, result="unreached", by=desk, at=at(20))
    actions.call_back(case=case, result="unsolved", note="灯还是不亮", by=desk, at=at(20, 15))
    assert state(case) == ("assigned", 1)
    assert list(Callback.objects.filter(case=case).order_by("pk").values_list("reached", "solved")) == [
        (False, None), (True, False),
    ]  # fmt: skip
    assert Rating.objects.get(case=case).expires_at == at(20, 15)  # the first answer is not rated any more
    assert StoryItem.objects.get(case=case, kind="callback_unsolved").audience == StoryItem.Audience.PARTY


def test_what_was_said_on_the_phone_is_told_whole_or_refused(county: County, case: int) -> None:
    """The requester reads it: half a sentence is not what he said."""
    desk, longest = county.officers["王受理"], "字" * redoing._NOTE
    with pytest.raises(Refused) as caught:
        actions.call_back(case=case, result="solved", note=longest + "尾", by=desk, at=at(20))
    assert (caught.value.code, caught.value.field) == ("case.body.long", "note")
    assert str(redoing._NOTE) in caught.value.sentence("zh")
    assert not Callback.objects.exists()
    actions.call_back(case=case, result="unreached", note=" ", by=desk, at=at(20))
    actions.call_back(case=case, result="solved", note=f" {longest} ", by=desk, at=at(21))
    assert list(Callback.objects.order_by("pk").values_list("note", flat=True)) == ["", longest]


def test_whoever_worked_on_it_does_not_call_back(county: County, case: int) -> None:
    both = county.accounts["俞经办"].roles.create(
        code="agent", organisation=county.units["民生受理"], valid_from=date(2020, 1, 1)
    )
    with pytest.raises(Refused) as refused:
        actions.call_back(case=case, result="solved", by=Actor(county.accounts["俞经办"].pk, both.pk), at=at(20))
    assert refused.value.code == "case.same_person"


def test_where_the_unit_is_gone_the_desk_gives_it_out_anew(county: County, case: int) -> None:
    Organisation.objects.filter(pk=county.units["交通局"].pk).update(valid_until=date(2026, 11, 19))
    reference.forget()
    actions.reopen(case=case, reason="单位撤并", by=county.officers["王受理"], at=at(20))
    row = Case.objects.get(pk=case)
    assert (row.state, row.lead_id) == ("accepted", None)
    actions.assign(case=case, unit=county.units["人社局"].pk, by=county.officers["王受理"], at=at(20, 10))
    assert Case.objects.get(pk=case).state == "assigned"


def test_opening_again_needs_an_answer_and_a_reason(county: County) -> None:
    key = handled(county)
    with pytest.raises(Refused) as early:
        actions.reopen(case=key, reason="x", by=county.officers["王受理"], at=at(19))
    assert early.value.code == "case.state"
    answered(county, key, at(19))
    with pytest.raises(Refused) as empty:
        actions.reopen(case=key, reason=" ", by=county.officers["王受理"], at=at(20))
    assert empty.value.code == "case.reason"
    assert state(key) == ("answered", 0)


def test_a_good_rating_leaves_the_answer_alone(county: County, case: int) -> None:
    rate(case, 3, at(20))
    assert state(case) == ("answered", 0)


def call(county: County, case: int, result: str, when, who: str = "王受理") -> None:  # type: ignore[no-untyped-def]
    actions.call_back(case=case, result=result, by=county.officers[who], at=when)


def again() -> object:
    return pytest.raises(Refused, check=lambda refusal: refusal.code == "callback.again")


def test_a_call_that_was_pressed_twice_is_told_once(county: County, case: int) -> None:
    call(county, case, "solved", at(20))
    with again():
        call(county, case, "solved", at(20))
    assert StoryItem.objects.filter(case=case, kind="callback_solved").count() == 1
    assert Callback.objects.filter(case=case).count() == 1
    call(county, case, "unsolved", at(23))  # he has thought better of it
    assert state(case) == ("assigned", 1)


def test_nobody_reached_is_written_down_for_each_try_and_not_for_each_press(county: County, case: int) -> None:
    call(county, case, "unreached", at(20, 9))
    with again():
        call(county, case, "unreached", at(20, 9).replace(minute=4))
    call(county, case, "unreached", at(20, 11))
    assert Callback.objects.filter(case=case, reached=False).count() == 2


def test_twice_not_solved_is_brought_before_the_meeting_once(county: County, case: int) -> None:
    call(county, case, "unsolved", at(20))
    actions.sign_in(case=case, by=county.officers["俞经办"], at=at(20, 10))
    answered(county, case, at(23))
    call(county, case, "unsolved", at(24))
    with again():
        call(county, case, "unsolved", at(24, 10))
    assert AgendaItem.objects.get(case=case).why == "unhappy"
    assert StoryItem.objects.filter(case=case, kind="callback_unsolved").count() == 2


def test_nobody_rates_an_answer_that_a_meeting_has_taken_up_again(county: County, case: int) -> None:
    """Twice found unsolved on the phone, and never rated: the question how content he is with that answer is over."""
    call(county, case, "unsolved", at(20))
    actions.sign_in(case=case, by=county.officers["俞经办"], at=at(20, 10))
    answered(county, case, at(23))
    call(county, case, "unsolved", at(24))
    by, desk = county.officers["卫秘书"], county.units["民生受理"].pk
    held = meeting.call_meeting(kind="monthly", desk=desk, starts_at=at(26), place="县府", by=by, at=at(25)).pk
    decision = Decision("assigned", "镇里牵头", county.units["新埭镇政府"].pk, (), date(2026, 12, 4))
    meeting.decide(case=case, meeting=held, decision=decision, by=by, at=at(26, 10))
    assert state(case) == ("assigned", 2)
    assert not Rating.objects.filter(case=case, grade=None, expires_at__gt=at(26, 10)).exists()
    with pytest.raises(Refused):
        rate(case, 1, at(26, 11))
    assert Case.objects.get(pk=case).grade is None
    assert [f.sentence("en") for f in Audit().faults()] == []
