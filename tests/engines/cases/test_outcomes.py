"""What came of it: chosen with the answer, reviewed with it, told to everybody who follows, counted, taken back by a redo."""

from __future__ import annotations

import json
from datetime import date

import pytest
from django.db import IntegrityError, transaction

from tests.engines.cases.conftest import NOW, County
from tests.engines.cases.test_merging import asked, refused
from tests.ledgered import adopt
from tongban.core.access.viewer import viewer_of
from tongban.core.ledger.actor import Actor, Precision
from tongban.core.ledger.audit import Audit
from tongban.core.ledger.models import Entry
from tongban.core.ledger.worker import run_pending
from tongban.core.notices.models import Message, Notice
from tongban.core.notices.wording import line, message
from tongban.engines.cases import actions, queries, secrets
from tongban.engines.cases.logic.periods import parse
from tongban.engines.cases.models import Answer, Case
from tongban.engines.cases.outcome import DONE, OUTCOMES, UNSTATED, Outcome
from tongban.engines.cases.queries import board
from tongban.engines.cases.queries.behind import cases_behind, count_behind
from tongban.engines.cases.queries.cohorts import Slice
from tongban.engines.cases.queries.flagged import Flags

LAW = Outcome("not_done", "law", "这块是永久基本农田，条例不许硬化。")
PLANNED = Outcome("partly", "planned", "北侧要等桥面大修。", date(2027, 3, 31))


@pytest.fixture
def case(county: County) -> int:
    adopt()
    return asked(county, state="handling")


def send(county: County, case: int, outcome: Outcome, text: str = "已到现场看过，俞负责。") -> None:
    actions.answer(case=case, text=text, outcome=outcome, by=county.officers["俞经办"], at=NOW)
    actions.approve(case=case, by=county.officers["钱审核"], at=NOW)
    actions.send(case=case, by=county.officers["王受理"], at=NOW)


@pytest.mark.parametrize(
    ("outcome", "code"),
    [
        (UNSTATED, "case.outcome"),
        (Outcome("maybe"), "case.outcome"),
        (Outcome("not_done"), "case.outcome.why"),
        (Outcome("not_done", "bored", "不想办"), "case.outcome.why"),
        (Outcome("not_done", "several", "各有原因"), "case.outcome.why"),
        (Outcome("partly", "law", " \n"), "case.outcome.because"),
        (Outcome("not_done", "law", "长" * 501), "case.body.long"),
        (Outcome("done", "law"), "case.outcome.over"),
        (Outcome("explained", "", "政策如此"), "case.outcome.over"),
        (Outcome("done", "", "", date(2027, 3, 1)), "case.outcome.over"),
        (Outcome("not_done", "planned", "列入计划"), "case.outcome.day"),
        (Outcome("not_done", "planned", "列入计划", NOW.date()), "case.outcome.day"),
        (Outcome("not_done", "money", "没有钱", date(2027, 3, 1)), "case.outcome.unplanned"),
    ],
)
def test_what_is_undone_has_a_reason_and_nothing_else_has(
    county: County, case: int, outcome: Outcome, code: str
) -> None:
    by = county.officers["俞经办"]
    assert refused(actions.answer, case=case, text="已看过，俞负责。", outcome=outcome, by=by, at=NOW) == code
    assert not Answer.objects.exists()


@pytest.mark.parametrize("wrong", [{"why_not": ""}, {"outcome": "done"}, {"outcome": "done", "why_not": ""}])
def test_the_database_holds_it_too(county: County, case: int, wrong: dict[str, str]) -> None:
    send(county, case, LAW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Answer.objects.update(**wrong)


def test_it_is_reviewed_with_the_answer_and_holds_once_it_is_sent(county: County, case: int) -> None:
    actions.answer(case=case, text="已看过，俞负责。", outcome=LAW, by=county.officers["俞经办"], at=NOW)
    assert Case.objects.get(pk=case).outcome == ""
    unit = queries.case_detail(viewer_of(county.accounts["钱审核"], NOW), case, NOW)
    assert unit is not None
    assert unit.outcome is None
    assert unit.answers[0].came_to == LAW
    actions.reject(case=case, reason="先问问能不能换地", by=county.officers["钱审核"], at=NOW)
    send(county, case, PLANNED, "南侧已装好，俞负责。")
    row = Case.objects.get(pk=case)
    assert (row.outcome, row.why_not) == ("partly", "planned")
    assert [a.came_to for a in Answer.objects.order_by("pk")] == [LAW, PLANNED]
    assert [f.sentence("en") for f in Audit().faults()] == []


def test_whoever_asked_is_told_why_and_whoever_follows_is_told_that(county: County, case: int) -> None:
    send(county, case, LAW)
    asker = queries.case_detail(viewer_of(county.accounts["陈居民"], NOW), case, NOW)
    holder = queries.tracked(secrets.tracking_code(case))
    assert asker is not None
    assert holder is not None
    assert asker.outcome == LAW
    assert holder.outcome == Outcome("not_done", "law")
    assert holder.answers == []
    assert LAW.because not in repr(holder.story)


def test_the_notice_and_the_message_say_not_done_because(county: County, case: int) -> None:
    send(county, case, PLANNED)
    run_pending(NOW)
    said = Notice.objects.get(person=county.people["陈居民"].pk, kind="asker.send")
    assert PLANNED.because not in said.params
    assert "\\u" not in said.params, "no words at all, only codes and a day"
    gaps = json.loads(said.params)
    words = "部分解决，因为已列入计划，以后办（2027年3月31日前）"
    assert f"有答复了：{words}。" in line(said.kind, said.case, gaps, "zh")
    english = line(said.kind, said.case, gaps, "en")
    assert "has been answered: partly done, because it is planned for later (by 31 Mar 2027)." in english
    phone = Message.objects.get(kind="case.send")
    assert f"有答复了：{words}。看答复：" in message("case.send", case, json.loads(phone.params), "zh")


def test_an_answer_of_before_says_that_it_is_there_and_no_more(county: County, case: int) -> None:
    assert "有答复了。请看" in line("asker.send", case, {}, "zh")
    assert "has been answered. Please" in line("asker.send", case, {"outcome": "of a later release"}, "en")


def test_doing_it_again_takes_it_back_and_each_answer_keeps_its_own(county: County, case: int) -> None:
    send(county, case, LAW)
    # Somebody may be content with a no that was explained to him.
    actions.call_back(case=case, result="solved", by=county.officers["王受理"], at=NOW)
    assert Case.objects.get(pk=case).outcome == "not_done"
    actions.reopen(case=case, reason="条例今天改了", by=county.officers["王受理"], at=NOW)
    assert (Case.objects.get(pk=case).outcome, Case.objects.get(pk=case).why_not) == ("", "")
    detail = queries.case_detail(viewer_of(county.accounts["陈居民"], NOW), case, NOW)
    assert detail is not None
    assert detail.outcome is None
    assert detail.answers[0].came_to == LAW
    actions.sign_in(case=case, by=county.officers["俞经办"], at=NOW)
    send(county, case, DONE, "已硬化好，俞负责。")
    assert Case.objects.get(pk=case).outcome == "done"
    assert [a.came_to for a in Answer.objects.order_by("pk")] == [LAW, DONE]
    assert [f.sentence("en") for f in Audit().faults()] == []


def test_whoever_asked_the_same_is_told_what_came_of_the_other(county: County, case: int) -> None:
    other = asked(county, "陆文员")
    actions.merge(case=other, into=case, by=county.officers["王受理"], at=NOW)
    send(county, case, LAW)
    detail = queries.case_detail(viewer_of(county.accounts["陆文员"], NOW), other, NOW)
    assert detail is not None
    assert detail.outcome == LAW
    holder = queries.tracked(secrets.tracking_code(other))
    assert holder is not None
    assert holder.outcome == Outcome("not_done", "law")


def test_the_sentence_is_closed_in_the_ledger_and_the_choice_is_not(county: County, case: int) -> None:
    send(county, case, LAW)
    images = "".join(Entry.objects.filter(name="cases.answer").values_list("images", flat=True))
    assert LAW.because not in images
    assert json.dumps(LAW.because) not in images
    assert '"why_not"' in images


def test_the_board_counts_each_outcome_and_opens_to_its_cases(county: County) -> None:
    adopt()
    given = [DONE, DONE, LAW, PLANNED, Outcome("explained")]
    keys = [asked(county, state="handling") for _ in range(len(given) + 1)]
    for key, outcome in zip(keys, given, strict=False):
        send(county, key, outcome)
    Case.objects.filter(pk=keys[1]).update(outcome="")  # as an import leaves it
    who, cut = viewer_of(county.accounts["王受理"], NOW), Slice(parse("all", NOW.date()))
    total = board.board(who, NOW, cut).total
    assert {figure: n for figure, _, n in total.outcomes} == {
        "outcome_done": 1, "outcome_partly": 1, "outcome_not_done": 1, "outcome_explained": 1, "outcome_unstated": 1,
    }  # fmt: skip
    assert sum(n for _, _, n in total.outcomes) == total.count("answered")
    assert [r.id for r in cases_behind(who, NOW, cut, "outcome_not_done").rows] == [keys[2]]
    assert count_behind(who, NOW, cut, "outcome_unstated") == 1


def test_lists_are_narrowed_by_what_came_of_it(county: County) -> None:
    adopt()
    first, second, third = (asked(county, state="handling") for _ in range(3))
    send(county, first, LAW)
    send(county, second, DONE)
    for name in ("王受理", "俞经办"):
        who = viewer_of(county.accounts[name], NOW)
        for code, found in (("not_done", [first]), ("done", [second]), ("explained", []), ("unstated", [])):
            assert [r.id for r in queries.newest_page(who, flags=Flags(outcome=code)).rows] == found
        assert queries.newest_page(who, flags=Flags(outcome="no-such")).rows == []
    (row,) = queries.newest_page(who, flags=Flags(outcome="not_done")).rows
    assert row.outcome == Outcome("not_done", "law")
    assert third not in {r.id for r in queries.newest_page(who, state="answered").rows}


def test_an_imported_answer_is_unstated(county: County) -> None:
    adopt()
    key = asked(county, state="new")
    by = Actor(system="import")
    actions.record_reply(
        case=key, text="已安排维修，月底前完成。", replied_at=NOW, precision=Precision.DAY, receipt=False, by=by, at=NOW
    )
    assert Answer.objects.get(case=key).came_to == UNSTATED
    assert set(OUTCOMES).isdisjoint({Case.objects.get(pk=key).outcome})
