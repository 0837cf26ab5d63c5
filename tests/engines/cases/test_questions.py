"""Several questions in one request are numbered and answered one by one; none is left out."""

from __future__ import annotations

import pytest

from tests.engines.cases.conftest import NOW, County
from tests.engines.cases.test_merging import asked, refused
from tests.ledgered import adopt
from tongban.core.access.viewer import viewer_of
from tongban.core.ledger.audit import Audit
from tongban.engines.cases import actions, queries
from tongban.engines.cases.models import Answer, Case, Question
from tongban.engines.cases.outcome import DONE, Outcome
from tongban.web.staff.moves import form_for

LINES = ("什么时候修好路灯？", "", " 站牌谁管？ ")


@pytest.fixture
def case(county: County) -> int:
    adopt()
    key = asked(county, state="handling")
    actions.number_questions(case=key, questions=LINES, by=county.officers["俞经办"], at=NOW)
    return key


def answer(county: County, case: int, text: str = "", **replies: str) -> None:
    given = {int(name[1:]): reply for name, reply in replies.items()}
    came_to = dict.fromkeys(given, DONE)
    actions.answer(outcomes=came_to, case=case, text=text, replies=given, by=county.officers["俞经办"], at=NOW)


def test_the_asker_reads_each_question_with_its_own_answer(county: County, case: int) -> None:
    answer(county, case, "还有问题请打 12345。", q1="周五前修好，俞负责。", q2="站牌归公交公司，已转告。")
    actions.approve(case=case, by=county.officers["钱审核"], at=NOW)
    actions.send(case=case, by=county.officers["王受理"], at=NOW)
    detail = queries.case_detail(viewer_of(county.accounts["陈居民"], NOW), case, NOW)
    assert detail is not None
    (sent,) = detail.answers
    assert sent.text == (
        "1. 什么时候修好路灯？\n周五前修好，俞负责。\n（已解决）\n\n2. 站牌谁管？\n站牌归公交公司，已转告。\n（已解决）\n\n还有问题请打 12345。"
    )
    assert [f.sentence("en") for f in Audit().faults()] == []


def test_each_question_has_its_own_outcome_and_the_whole_follows_from_them(county: County, case: int) -> None:
    by, refuses = county.officers["俞经办"], Outcome("not_done", "power", "站牌由嘉兴公交集团定。")
    replies = {1: "周五前修好，俞负责。", 2: "已转告公交集团。"}
    given = {"case": case, "text": "", "replies": replies, "by": by, "at": NOW}
    assert refused(actions.answer, **given, outcomes={1: DONE}) == "case.outcome"
    assert refused(actions.answer, **given, outcomes={1: DONE, 2: Outcome("not_done")}) == "case.outcome.why"
    actions.answer(**given, outcomes={1: DONE, 2: refuses})
    written = Answer.objects.get()
    assert written.came_to == Outcome("partly", "power")
    assert [q.came_to for q in Question.objects.order_by("number")] == [DONE, refuses]
    assert written.text.endswith(
        "2. 站牌谁管？\n已转告公交集团。\n（未能解决，因为不在县一级权限内，由上级或外地决定：站牌由嘉兴公交集团定。）"
    )
    # Sent back, it is written on: what was chosen for each question stands in its fields.
    actions.reject(case=case, reason="写明时间", by=county.officers["钱审核"], at=NOW)
    form = form_for("answer", queries.case_detail(viewer_of(county.accounts["俞经办"], NOW), case, NOW), NOW, "zh")  # type: ignore[arg-type]
    assert [form[name].value() for name in ("outcome1", "outcome2", "why_not2", "because2")] == [
        "done", "not_done", "power", refuses.because,
    ]  # fmt: skip
    assert "outcome" not in form.fields
    assert [f.sentence("en") for f in Audit().faults()] == []


def test_it_is_not_sent_for_review_while_a_question_has_no_answer(county: County, case: int) -> None:
    assert refused(answer, county, case, "周五前修好。") == "case.questions.left"
    assert refused(answer, county, case, q1="周五前修好", q2=" ") == "case.questions.left"
    assert refused(answer, county, case, q1="周五前修好", q2="已收悉") == "case.answer.receipt"
    assert not Answer.objects.exists()
    assert set(Question.objects.values_list("reply", flat=True)) == {""}
    assert Case.objects.get(pk=case).state == "handling"


def test_they_are_numbered_anew_as_a_whole(county: County, case: int) -> None:
    by = county.officers["俞经办"]
    actions.number_questions(case=case, questions=("一？", "二？", "三？"), by=by, at=NOW)
    assert list(Question.objects.order_by("number").values_list("number", "text")) == [
        (1, "一？"),
        (2, "二？"),
        (3, "三？"),
    ]
    for wrong in (("一？",), (), ("x？",) * 11):
        code = refused(actions.number_questions, case=case, questions=wrong, by=by, at=NOW)
        assert code == "case.questions.many"
    other = county.officers["孙协办"]
    assert refused(actions.number_questions, case=case, questions=LINES, by=other, at=NOW) == "case.not_yours"
