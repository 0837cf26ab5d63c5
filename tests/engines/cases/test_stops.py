"""Time that stops and moves: pauses, extensions, and what ends them when nobody does."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest

from tests.engines.cases.conftest import BEGIN, NOW, County
from tests.ledgered import adopt
from tongban.core.access.models import Role
from tongban.core.access.viewer import viewer_of
from tongban.core.calendar import actions as calendar
from tongban.core.ledger.actor import Actor
from tongban.core.ledger.audit import Audit
from tongban.core.ledger.models import Outbox
from tongban.core.ledger.worker import run_pending
from tongban.core.notices import queries as notices
from tongban.core.refusals import Refused
from tongban.engines.cases import actions, queries
from tongban.engines.cases.actions import Opening
from tongban.engines.cases.models import Assignment, Case, Extension, Inquiry, Stop, StoryItem
from tongban.engines.cases.outcome import DONE

BY = Actor(system="test")
DAY = timedelta(days=1)


def at(day: int, hour: int = 9, minute: int = 0, month: int = 11) -> datetime:
    """A moment on the county's clock in 2026."""
    return datetime(2026, month, day, hour, minute, tzinfo=UTC) - timedelta(hours=8)


@pytest.fixture
def case(county: County) -> int:
    """Taken on by the transport bureau on Wednesday the 18th, 9:00; promised for Wednesday the 25th, 17:00."""
    adopt()
    opening = Opening(
        programme="community", kind="request", body="路灯坏了三天", area=county.areas["village"].pk,
        requester=county.people["陈居民"],
    )  # fmt: skip
    key = actions.open_case(opening, by=Actor(county.accounts["陈居民"].pk), at=NOW).pk
    desk = county.officers["王受理"]
    actions.accept(case=key, by=desk, at=NOW)
    actions.assign(case=key, unit=county.units["交通局"].pk, by=desk, at=NOW)
    actions.sign_in(case=key, by=county.officers["俞经办"], at=NOW)
    return key


def pause(county: County, case: int, when: datetime, reason: str = "请补一张照片") -> None:
    actions.pause(case=case, reason=reason, by=county.officers["俞经办"], at=when)


def reply(county: County, case: int, when: datetime) -> None:
    actions.reply(case=case, text="见附图", by=Actor(county.accounts["陈居民"].pk), at=when)


def resume(county: County, case: int, when: datetime) -> None:
    actions.resume(case=case, by=county.officers["俞经办"], at=when)


def extend(county: County, case: int, when: datetime, amount: int = 3) -> None:
    actions.extend(case=case, amount=amount, reason="要等配件", by=county.officers["俞经办"], at=when)


def local(moment: datetime | None) -> str:
    return "" if moment is None else f"{moment + timedelta(hours=8):%m-%d %H:%M}"


def clocks(case: int) -> tuple[str, str]:
    """What was promised, and when the next step is due."""
    row = Case.objects.get(pk=case)
    return local(row.promised_at), local(row.due_at)


def told(county: County, name: str) -> list[str]:
    return [line.kind for line in notices.lines(viewer_of(county.accounts[name], NOW), language="zh")]


# -- pause -------------------------------------------------------------------------------------------------------------


def test_a_reply_ends_the_pause_and_the_days_it_took_are_added(county: County, case: int) -> None:
    pause(county, case, at(19))
    assert clocks(case) == ("11-25 17:00", "12-02 17:00")  # ten working days from the 19th on
    reply(county, case, at(23, 10))
    # The 19th and the 20th ended meanwhile: two working days later.
    assert clocks(case) == ("11-27 17:00", "11-27 17:00")
    stop = Stop.objects.get(case=case)
    assert (stop.ended_how, Case.objects.get(pk=case).stopped) == ("replied", "")
    assert local(Assignment.objects.get(case=case).due_at) == "11-27 17:00"


def test_the_asker_is_asked_and_told_why(county: County, case: int) -> None:
    pause(county, case, at(19), "请补一张照片")
    assert run_pending(at(19, 10)).errors == []
    assert Inquiry.objects.get(case=case).question == "请补一张照片"
    assert "asker.pause" in told(county, "陈居民")
    line = StoryItem.objects.get(case=case, kind="pause")
    assert (line.audience, line.text) == (StoryItem.Audience.PARTY, "请补一张照片")


def test_a_question_already_asked_is_not_asked_twice(county: County, case: int) -> None:
    actions.ask(case=case, question="哪一盏？", by=county.officers["俞经办"], at=at(18, 10))
    pause(county, case, at(19))
    assert Inquiry.objects.filter(case=case).count() == 1


def test_pausing_and_going_on_within_a_day_wins_nothing(county: County, case: int) -> None:
    for minute in range(0, 50, 10):
        pause(county, case, at(19, 10, minute))
        resume(county, case, at(19, 10, minute + 5))
    assert clocks(case) == ("11-25 17:00", "11-25 17:00")
    assert Case.objects.get(pk=case).pauses == 5


def test_all_pauses_together_are_no_longer_than_the_longest(county: County, case: int) -> None:
    pause(county, case, at(19))
    resume(county, case, at(24, 9))  # 19, 20, 23 ended: three of ten days used
    pause(county, case, at(24, 10))
    assert local(Stop.objects.filter(case=case).latest("pk").until) == "12-02 17:00"  # seven days more
    run_pending(at(3, month=12))
    with pytest.raises(Refused) as refused:
        pause(county, case, at(3, 9, month=12))
    assert refused.value.code == "case.pause.used"


def test_the_worker_ends_a_pause_to_the_second_however_late_it_comes(county: County, case: int) -> None:
    pause(county, case, at(19))
    assert run_pending(at(2, 16, 59, month=12)).errors == []
    assert Case.objects.get(pk=case).stopped == "pause"
    assert run_pending(at(20, 9, month=12)).errors == []
    stop = Stop.objects.get(case=case)
    assert (stop.ended_how, local(stop.ended_at)) == ("out", "12-02 17:00")
    # Five days were left of the promise when it stopped on the 19th (19, 20, 23, 24, 25), and are left again.
    assert clocks(case)[0] == "12-09 17:00"
    assert "officer.resumed" in told(county, "俞经办")
    assert "asker.resume_out" in told(county, "陈居民")
    assert StoryItem.objects.filter(case=case, kind="resume_out").count() == 1


def test_whoever_acts_after_the_longest_time_ends_it_at_that_time(county: County, case: int) -> None:
    pause(county, case, at(19))
    reply(county, case, at(4, 9, month=12))  # no worker ran since the 19th
    assert local(Stop.objects.get(case=case).ended_at) == "12-02 17:00"
    assert clocks(case)[0] == "12-09 17:00"
    assert run_pending(at(5, month=12)).errors == []
    assert StoryItem.objects.filter(case=case, kind="resume_out").count() == 1


def test_the_answer_ends_the_pause(county: County, case: int) -> None:
    pause(county, case, at(19))
    actions.answer(outcome=DONE, case=case, text="周五前修好，俞负责。", by=county.officers["俞经办"], at=at(20, 9))
    row, stop = Case.objects.get(pk=case), Stop.objects.get(case=case)
    assert (row.stopped, stop.ended_how, local(row.promised_at)) == ("", "moved", "11-26 17:00")


def test_who_may_not_pause(county: County, case: int) -> None:
    for name in ("王受理", "孙协办", "镇经办"):
        by = county.officers[name]
        with pytest.raises(Refused) as refused:
            actions.pause(case=case, reason="x", by=by, at=at(19))
        assert refused.value.code == "case.not_yours"


@pytest.mark.parametrize(("when", "code"), [((25, 17, 0), "case.pause.late"), ((26, 9, 0), "case.pause.late")])
def test_an_overdue_case_is_not_paused(county: County, case: int, when: tuple[int, int, int], code: str) -> None:
    with pytest.raises(Refused) as refused:
        pause(county, case, at(*when))
    assert refused.value.code == code
    assert not Stop.objects.exists()


def test_nobody_can_be_waited_for_where_nobody_asked(county: County) -> None:
    opening = Opening(programme="community", kind="request", body="匿名反映", area=county.areas["village"].pk)
    key = actions.open_case(opening, by=county.officers["王受理"], at=NOW).pk
    actions.accept(case=key, by=county.officers["王受理"], at=NOW)
    actions.assign(case=key, unit=county.units["交通局"].pk, by=county.officers["王受理"], at=NOW)
    actions.sign_in(case=key, by=county.officers["俞经办"], at=NOW)
    with pytest.raises(Refused) as refused:
        pause(county, key, at(19))
    assert refused.value.code == "case.pause.nobody"


def test_a_rest_day_during_a_pause_moves_its_end_and_what_follows(county: County, case: int) -> None:
    pause(county, case, at(19))
    calendar.set_day(day=date(2026, 11, 20), working=False, name_zh="临时放假", by=BY, at=at(19, 10))
    assert run_pending(at(19, 11)).errors == []
    assert clocks(case) == ("11-26 17:00", "12-03 17:00")
    reply(county, case, at(23, 10))
    assert clocks(case) == ("11-27 17:00", "11-27 17:00")  # only the 19th ended meanwhile
    assert [f.sentence("en") for f in Audit().faults()] == []


def test_a_rest_day_found_out_later_is_as_if_it_had_been_known(county: County, case: int) -> None:
    pause(county, case, at(19))
    reply(county, case, at(23, 10))
    extend(county, case, at(24), 2)
    actions.grant_extension(case=case, by=county.officers["王受理"], at=at(24, 10))
    assert clocks(case)[0] == "12-01 17:00"
    calendar.set_day(day=date(2026, 11, 26), working=False, name_zh="临时放假", by=BY, at=at(24, 11))
    assert run_pending(at(24, 12)).errors == []
    assert clocks(case) == ("12-02 17:00", "12-02 17:00")
    assert [f.sentence("en") for f in Audit().faults()] == []


# -- extension ---------------------------------------------------------------------------------------------------------


def test_an_extension_is_asked_by_the_handler_and_granted_by_the_desk(county: County, case: int) -> None:
    extend(county, case, at(24))
    desk = viewer_of(county.accounts["王受理"], at(24))
    assert [r.id for r in queries.queue_page(desk, at(24), view="extension").rows] == [case]
    assert clocks(case) == ("11-25 17:00", "11-25 17:00")
    actions.grant_extension(case=case, by=county.officers["王受理"], at=at(24, 15))
    assert clocks(case) == ("11-30 17:00", "11-30 17:00")
    assert [r.id for r in queries.queue_page(desk, at(24), view="extension").rows] == []
    assert run_pending(at(24, 16)).errors == []
    assert {"officer.granted"} <= set(told(county, "俞经办"))
    assert "asker.grant" in told(county, "陈居民")


@pytest.mark.parametrize(
    ("day", "hour", "amount", "code"),
    [(25, 17, 3, "case.extension.late"), (26, 9, 3, "case.extension.late"), (24, 9, 6, "case.extension.amount"),
     (24, 9, 0, "case.extension.amount")],
)  # fmt: skip
def test_what_is_asked_too_late_or_too_much_is_refused(
    county: County, case: int, day: int, hour: int, amount: int, code: str
) -> None:
    with pytest.raises(Refused) as refused:
        extend(county, case, at(day, hour), amount)
    assert refused.value.code == code


def test_only_once_even_if_time_is_left(county: County, case: int) -> None:
    extend(county, case, at(24))
    with pytest.raises(Refused) as twice:
        extend(county, case, at(24, 10))
    assert twice.value.code == "case.extension.asked"
    actions.grant_extension(case=case, by=county.officers["王受理"], at=at(24, 15))
    with pytest.raises(Refused) as again:
        extend(county, case, at(26))
    assert again.value.code == "case.extension.once"


def test_a_refused_extension_leaves_the_promise_and_may_be_asked_again_in_time(county: County, case: int) -> None:
    extend(county, case, at(23))
    actions.refuse_extension(case=case, reason="来得及", by=county.officers["王受理"], at=at(23, 15))
    assert clocks(case) == ("11-25 17:00", "11-25 17:00")
    extend(county, case, at(24))
    assert list(Extension.objects.filter(case=case).order_by("pk").values_list("state", flat=True)) == [
        "refused",
        "asked",
    ]


def test_nobody_decides_on_his_own_extension(county: County, case: int) -> None:
    both = county.officer("一身二任", "交通局", "handler")
    role = county.accounts["一身二任"].roles.create(
        code="agent", organisation=county.units["民生受理"], valid_from=date(2020, 1, 1)
    )
    actions.hand_over(case=case, account=both.account, by=county.officers["俞经办"], at=at(19))  # type: ignore[arg-type]
    actions.extend(case=case, amount=3, reason="要等", by=both, at=at(19, 10))
    with pytest.raises(Refused) as refused:
        actions.grant_extension(case=case, by=Actor(both.account, role.pk), at=at(19, 11))
    assert refused.value.code == "case.same_person"


@pytest.mark.parametrize("decide", ["grant", "refuse"])
def test_whoever_asked_for_it_does_not_decide_though_a_colleague_has_the_case(
    county: County, case: int, decide: str
) -> None:
    """Any officer of the unit may ask; one who is at the desk too would grant himself the time."""
    other = county.officers["陆经办"]
    role = Role.objects.create(
        account_id=other.account, code="agent", organisation=county.units["民生受理"], valid_from=BEGIN
    )
    actions.extend(case=case, amount=3, reason="等配件到货", by=other, at=at(19))
    at_the_desk = Actor(other.account, role.pk)
    deciding = {"grant": actions.grant_extension, "refuse": partial(actions.refuse_extension, reason="来得及")}
    with pytest.raises(Refused) as refused:
        deciding[decide](case=case, by=at_the_desk, at=at(19, 11))
    assert refused.value.code == "case.same_person"
    detail = queries.case_detail(viewer_of(county.accounts["陆经办"], at(19, 11)), case, at(19, 11))
    assert detail is not None
    assert detail.may(decide) is None
    actions.grant_extension(case=case, by=county.officers["王受理"], at=at(19, 11))


def test_an_extension_that_nobody_decides_lapses_when_the_promise_ends(county: County, case: int) -> None:
    extend(county, case, at(24))
    with pytest.raises(Refused) as late:
        actions.grant_extension(case=case, by=county.officers["王受理"], at=at(25, 17))
    assert late.value.code == "case.extension.over"
    assert run_pending(at(25, 17, 1)).errors == []
    assert Extension.objects.get(case=case).state == "lapsed"
    assert "officer.lapsed" in told(county, "俞经办")


def test_a_pause_carries_the_end_of_the_wait_for_a_decision_with_it(county: County, case: int) -> None:
    extend(county, case, at(24))
    pause(county, case, at(24, 10))
    assert run_pending(at(25, 18)).errors == []
    assert Extension.objects.get(case=case).state == "asked"
    reply(county, case, at(27, 9))  # the 24th, 25th and 26th ended: promised for the 30th now
    assert clocks(case)[0] == "11-30 17:00"
    assert run_pending(at(30, 16)).errors == []
    assert Extension.objects.get(case=case).state == "asked"
    assert run_pending(at(30, 18)).errors == []
    assert Extension.objects.get(case=case).state == "lapsed"


def test_the_answer_takes_an_undecided_extension_back(county: County, case: int) -> None:
    extend(county, case, at(24))
    actions.answer(outcome=DONE, case=case, text="周五前修好，俞负责。", by=county.officers["俞经办"], at=at(24, 10))
    row = Case.objects.get(pk=case)
    assert (row.extension, Extension.objects.get(case=case).state) == ("lapsed", "lapsed")


# -- every state has a clock -------------------------------------------------------------------------------------------


def test_review_sending_and_closing_have_clocks_of_their_own(county: County, case: int) -> None:
    actions.answer(outcome=DONE, case=case, text="周五前修好，俞负责。", by=county.officers["俞经办"], at=at(19))
    assert clocks(case)[1] == "11-20 17:00"
    actions.approve(case=case, by=county.officers["钱审核"], at=at(20))
    assert clocks(case)[1] == "11-20 12:00"
    actions.send(case=case, by=county.officers["王受理"], at=at(20, 10))
    assert clocks(case)[1] == "11-27 17:00"
    actions.close(case=case, by=county.officers["王受理"], at=at(23))
    assert Case.objects.get(pk=case).due_at is None


def test_an_overdue_review_stays_as_late_as_the_promise(county: County, case: int) -> None:
    actions.answer(outcome=DONE, case=case, text="周五前修好，俞负责。", by=county.officers["俞经办"], at=at(27))
    assert clocks(case)[1] == "11-25 17:00"


def test_doing_every_row_again_changes_nothing(county: County, case: int) -> None:
    pause(county, case, at(19))
    run_pending(at(3, month=12))
    version = Case.objects.get(pk=case).version
    for _ in range(10):
        Outbox.objects.filter(topic__startswith="cases.stop").update(done_at=None, attempts=0)
        assert run_pending(at(4, month=12)).errors == []
    assert Case.objects.get(pk=case).version == version
