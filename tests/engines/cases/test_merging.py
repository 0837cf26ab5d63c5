"""The same matter asked twice: merged, told, answered once, and taken apart again exactly as it was."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from tests.engines.cases.conftest import NOW, County
from tests.engines.cases.test_ladder import at, told
from tests.ledgered import adopt
from tongban.cli.bench.undoing import at_rest, rested
from tongban.core.access.viewer import viewer_of
from tongban.core.calendar import actions as calendar
from tongban.core.ledger.actor import Actor
from tongban.core.ledger.audit import Audit
from tongban.core.ledger.worker import run_pending
from tongban.core.notices.models import Message
from tongban.core.refusals import Refused
from tongban.engines.cases import actions, queries
from tongban.engines.cases.actions import Opening
from tongban.engines.cases.models import AgendaItem, Assignment, Case, Extension, Link, Participant, Stop
from tongban.engines.cases.outcome import DONE
from tongban.engines.cases.secrets import case_number, tracking_code

SYSTEM = Actor(system="test")


@pytest.fixture(autouse=True)
def _recorded(county: County) -> None:
    county.resident("李邻居", "13800000003")
    adopt()


def asked(county: County, who: str = "陈居民", state: str = "new", **more: Any) -> int:
    """A resident's request that stands in ``state``."""
    opening = Opening(
        programme="community", kind="request", body="村口的路灯坏了三天", area=county.areas["village"].pk,
        requester=county.people[who], **more,
    )  # fmt: skip
    key = actions.open_case(opening, by=Actor(county.accounts[who].pk), at=NOW).pk
    desk, handler = county.officers["王受理"], county.officers["俞经办"]
    steps = {
        "accepted": lambda: actions.accept(case=key, by=desk, at=NOW),
        "assigned": lambda: actions.assign(
            case=key, unit=county.units["交通局"].pk, assisting=(county.units["人社局"].pk,), by=desk, at=NOW
        ),
        "handling": lambda: actions.sign_in(case=key, by=handler, at=NOW),
        "review": lambda: actions.answer(outcome=DONE, case=key, text="周五前修好，交通局俞负责。", by=handler, at=NOW),
        "approved": lambda: actions.approve(case=key, by=county.officers["钱审核"], at=NOW),
    }
    for reached, step in steps.items() if state != "new" else ():
        step()
        if reached == state:
            break
    return key


def merge(county: County, case: int, into: int, when: datetime = NOW) -> None:
    actions.merge(case=case, into=into, by=county.officers["王受理"], at=when)


def unmerge(county: County, case: int, when: datetime = NOW) -> None:
    actions.unmerge(case=case, by=county.officers["王受理"], at=when)


def refused(what: Any, *args: Any, **more: Any) -> str:
    with pytest.raises(Refused) as caught:
        what(*args, **more)
    return caught.value.code


def test_the_merged_one_ends_and_its_asker_is_told_the_other_ones_answer(county: County) -> None:
    first, second = asked(county, state="handling"), asked(county, "李邻居", state="handling")
    merge(county, second, first)
    row = Case.objects.get(pk=second)
    assert (row.state, row.merged_into_id, row.due_at, row.closed_at) == ("merged", first, None, NOW)
    assert not Assignment.objects.filter(case=second, ended_at=None).exists()
    assert run_pending(NOW).errors == []
    assert told(county, "李邻居")["asker.merge"] == 1
    assert told(county, "陆经办")["officer.merged"] == 0  # the case was his colleague's
    assert told(county, "俞经办")["officer.merged"] == told(county, "俞经办")["officer.merged_in"] == 1
    actions.answer(outcome=DONE, case=first, text="周五前修好，交通局俞负责。", by=county.officers["俞经办"], at=NOW)
    actions.approve(case=first, by=county.officers["钱审核"], at=NOW)
    actions.send(case=first, by=county.officers["王受理"], at=NOW)
    assert run_pending(NOW).errors == []
    assert told(county, "李邻居")["asker.send"] == 1
    assert list(Message.objects.filter(case=second, kind="case.answer").values_list("person", flat=True)) == [
        county.people["李邻居"].pk
    ]
    mine = queries.case_detail(viewer_of(county.accounts["李邻居"], NOW), second, NOW)
    assert mine is not None
    assert [a.text for a in mine.answers] == ["周五前修好，交通局俞负责。"]
    assert mine.state.zh == "已合并"
    assert [f.sentence("en") for f in Audit().faults()] == []


def test_who_asked_stays_unknown_to_the_other_side(county: County) -> None:
    first, second = asked(county), asked(county, "李邻居", confidential=True)
    merge(county, second, first)
    for who, case in (("陈居民", first), ("李邻居", first)):
        seen = queries.case_detail(viewer_of(county.accounts[who], NOW), case, NOW)
        assert seen is not None
        assert (seen.author is not None) is (who == "陈居民")
        assert not any("李邻居" in line.text or "李邻居" in line.who for line in seen.story)
    assert queries.case_detail(viewer_of(county.accounts["陈居民"], NOW), second, NOW) is None


@pytest.mark.parametrize("state", ["new", "accepted", "assigned", "handling", "review", "approved"])
def test_undone_it_stands_exactly_as_before(county: County, state: str) -> None:
    first, second = asked(county), asked(county, "李邻居", state=state)
    before = at_rest([first, second])
    merge(county, second, first)
    assert rested(before, at_rest([first, second]))
    unmerge(county, second)
    assert rested(before, at_rest([first, second])) == []
    assert run_pending(NOW).errors == []
    assert rested(before, at_rest([first, second])) == []
    assert told(county, "李邻居")["asker.unmerge"] == 1
    assert [f.sentence("en") for f in Audit().faults()] == []


def test_a_pause_an_extension_and_the_agenda_come_back_and_end_in_their_time(county: County) -> None:
    first, second = asked(county), asked(county, "李邻居", state="handling")
    worker = county.officers["俞经办"]
    actions.extend(case=second, amount=2, reason="等配件", by=worker, at=NOW)
    actions.pause(case=second, reason="请补照片", by=worker, at=NOW)
    actions.raise_to_meeting(case=second, kind="monthly", by=county.officers["王受理"], at=NOW)
    before = at_rest([second])
    merge(county, second, first)
    assert (Stop.objects.get().ended_how, Extension.objects.get().state) == ("moved", "lapsed")
    assert AgendaItem.objects.get().outcome == "settled"
    run_pending(at(30))
    unmerge(county, second, at(30))
    assert rested(before, at_rest([second])) == []
    until = Stop.objects.get().until
    assert run_pending(until).errors == []
    assert (Stop.objects.get().ended_at, Case.objects.get(pk=second).stopped) == (until, "")


def test_a_calendar_that_changed_meanwhile_reaches_what_comes_back(county: County) -> None:
    first, second = asked(county), asked(county, "李邻居", state="handling")
    due = Case.objects.get(pk=second).due_at
    merge(county, second, first)
    calendar.set_day(day=at(20).date(), working=False, name_zh="调", by=SYSTEM, at=NOW)
    run_pending(NOW)
    unmerge(county, second)
    assert Case.objects.get(pk=second).due_at == due
    run_pending(NOW)
    assert Case.objects.get(pk=second).due_at > due


def test_a_merge_of_a_merged_case_leads_to_the_last_and_is_undone_from_the_end(county: County) -> None:
    one, two, three, four = (asked(county, who) for who in ("陈居民", "李邻居", "陆文员", "陈居民"))
    before = at_rest([one, two, three, four])
    merge(county, one, two)
    middle = at_rest([one, two, three, four])
    merge(county, two, three)
    merge(county, four, one)  # one goes on as three by way of two
    assert Case.objects.get(pk=four).merged_into_id == three
    assert refused(merge, county, three, one) == "case.merge.itself"
    assert refused(unmerge, county, one) == "case.undo.later"
    assert refused(unmerge, county, two) == "case.undo.later"
    unmerge(county, four)
    unmerge(county, two)
    assert rested(middle, at_rest([one, two, three, four])) == []
    unmerge(county, one)
    assert rested(before, at_rest([one, two, three, four])) == []
    merge(county, three, one)
    assert [f.sentence("en") for f in Audit().faults()] == []


def test_undo_after_somebody_else_acted_is_refused_with_a_sentence(county: County) -> None:
    first, second = asked(county), asked(county, "李邻居")
    merge(county, second, first)
    actions.urge(case=first, by=Actor(county.accounts["陈居民"].pk), at=NOW)
    actions.reveal(case=second, reason="回电话", by=county.officers["王受理"], at=NOW)
    detail = queries.case_detail(viewer_of(county.accounts["王受理"], NOW), second, NOW)
    assert detail is not None
    assert detail.may("unmerge")  # who looks or urges rests on nothing
    actions.accept(case=first, by=county.officers["王受理"], at=NOW)
    with pytest.raises(Refused) as caught:
        unmerge(county, second)
    assert case_number(first) in caught.value.sentence("zh")
    assert Case.objects.get(pk=second).state == "merged"
    detail = queries.case_detail(viewer_of(county.accounts["王受理"], NOW), second, NOW)
    assert detail is not None
    assert not detail.may("unmerge")


def test_what_is_not_the_same_matter_is_refused(county: County) -> None:
    first, second = asked(county), asked(county, "李邻居")
    complaint = asked(county, about=county.units["交通局"].pk)
    assert refused(merge, county, first, first) == "case.merge.itself"
    assert refused(merge, county, first, 10**6) == "case.merge.unknown"
    assert refused(merge, county, complaint, first) == "case.merge.about"
    assert refused(merge, county, first, complaint) == "case.merge.about"
    firms = Opening(programme="enterprise", kind="request", body="贷款", area=county.areas["town"].pk,
                    requester=county.people["陆文员"], firm=county.firm)  # fmt: skip
    other = actions.open_case(firms, by=Actor(county.accounts["陆文员"].pk), at=NOW).pk
    assert refused(merge, county, first, other) == "case.merge.unknown"
    actions.decline(case=second, reason="法院在审", by=county.officers["王受理"], at=NOW)
    assert refused(merge, county, first, second) == "case.merge.over"
    assert refused(actions.merge, case=first, into=second, by=county.officers["沈受理"], at=NOW) == "case.not_yours"
    assert not Link.objects.exists()
    assert not Participant.objects.exists()


# -- whoever asked first ------------------------------------------------------------------------------------------------


def withdraw(county: County, case: int, who: str = "陈居民") -> None:
    actions.withdraw(case=case, reason="不用了", by=Actor(county.accounts[who].pk), at=NOW)


@pytest.mark.parametrize("by_way_of", [False, True])
def test_while_somebody_else_has_asked_the_same_it_is_not_withdrawn(county: County, by_way_of: bool) -> None:
    head, case = asked(county, state="handling"), asked(county, "李邻居", "accepted")
    last = asked(county) if by_way_of else case
    if by_way_of:
        merge(county, case, last)
    merge(county, last, head)
    for language, words in (("zh", "可以选择不公开"), ("en", "the desk can help you")):
        with pytest.raises(Refused) as caught:
            withdraw(county, head)
        assert words in caught.value.sentence(language)
    assert Case.objects.get(pk=head).state == "handling"
    unmerge(county, last)
    withdraw(county, head)
    assert Case.objects.get(pk=head).state == "withdrawn"


@pytest.mark.parametrize("more", [{"confidential": True}, {"kept_private": True}])
def test_nobody_is_offered_what_holds_already(county: County, more: dict[str, Any]) -> None:
    head = asked(county, **more)
    merge(county, asked(county, "李邻居"), head)
    assert refused(withdraw, county, head) == "case.withdraw.others_unseen"


def test_whoever_asked_twice_himself_withdraws_both_at_once_unless_somebody_joined_one_of_them(county: County) -> None:
    head, case = asked(county), asked(county, state="accepted")
    actions.open_up(case=case, title="路灯不亮", by=county.officers["王受理"], at=NOW)
    neighbour = Actor(county.accounts["李邻居"].pk)
    actions.join(case=case, by=neighbour, at=NOW)
    assert refused(withdraw, county, case) == "case.withdraw.others"
    merge(county, case, head)
    assert refused(withdraw, county, head) == "case.withdraw.others"
    actions.leave(case=case, by=neighbour, at=NOW)
    withdraw(county, head)
    assert Case.objects.get(pk=head).state == "withdrawn"


def test_who_asked_the_same_and_is_not_known_counts_too(county: County) -> None:
    opening = Opening(programme="community", kind="request", body="路灯坏了", area=county.areas["village"].pk)
    head, case = asked(county), actions.open_case(opening, by=county.officers["王受理"], at=NOW).pk
    merge(county, case, head)
    assert refused(withdraw, county, head) == "case.withdraw.others"


# -- an objection ------------------------------------------------------------------------------------------------------


def object_to(county: County, case: int, who: str = "李邻居", reason: str = "我说的是村西头的灯") -> None:
    actions.object_to_merge(case=case, reason=reason, by=Actor(county.accounts[who].pk), at=NOW)


def test_whoever_asked_says_that_it_is_not_the_same_and_the_desk_is_told(county: County) -> None:
    case, head = asked(county, "李邻居", "handling"), asked(county, "陈居民", "handling")
    assert refused(object_to, county, case) == "case.state"
    merge(county, case, head)
    assert refused(object_to, county, case, "陈居民") == "case.not_yours", "who asked the other one has no say in it"
    assert refused(object_to, county, case, "李邻居", "  ") == "case.text.empty"
    object_to(county, case)
    row = Case.objects.get(pk=case)
    assert (row.state, row.merged_into_id) == ("merged", head), "it changes nothing by itself"
    assert run_pending(NOW).errors == []
    assert told(county, "王受理")["officer.objected"] == 1
    assert "officer.objected" not in told(county, "俞经办")
    assert refused(object_to, county, case) == "case.merge.objected"
    seen = queries.case_detail(viewer_of(county.accounts["陈居民"], NOW), head, NOW)
    assert seen is not None
    assert not [line for line in seen.story if line.kind == "object"], "the other side learns nothing of it"


def test_an_objection_does_not_stand_in_the_way_of_the_undoing(county: County) -> None:
    case, head = asked(county, "李邻居", "handling"), asked(county, state="handling")
    merge(county, case, head)
    object_to(county, case)
    actions.unmerge(case=case, by=county.officers["王受理"], at=NOW)
    assert Case.objects.get(pk=case).state == "handling"
    merge(county, case, head)
    object_to(county, case)  # merged anew, he may say it anew
    assert [f.sentence("en") for f in Audit().faults()] == []


def test_without_an_account_the_code_lets_him_object(county: County) -> None:
    case, head = asked(county), asked(county, "李邻居")
    merge(county, case, head)
    by = Actor(system="asker")
    assert refused(
        actions.object_to_merge, case=case, reason="不是", by=by, at=NOW, proof=tracking_code(head)
    ) == "case.not_yours"  # fmt: skip
    actions.object_to_merge(case=case, reason="不是", by=by, at=NOW, proof=tracking_code(case))
    assert run_pending(NOW).errors == []
    assert told(county, "王受理")["officer.objected"] == 1
