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

LINES = ("什么时候修好路灯？", "", " 站牌谁管？ ")


@pytest.fixture
def case(county: County) -> int:
    adopt()
    key = asked(county, state="handling")
    actions.number_questions(case=key, questions=LINES, by=county.officers["俞经办"], at=NOW)
    return key


def answer(county: County, case: int, text: str = "", **replies: str) -> None:
    given = {int(name[1:]): reply for name, reply in replies.items()}
    actions.answer(case=case, text=text, replies=given, by=county.officers["俞经办"], at=NOW)


def test_the_asker_reads_each_question_with_its_own_answer(county: County, case: int) -> None:
    answer(county, case, "还有问题请打 12345。", q1="周五前修好，俞负责。", q2="站牌归公交公司，已转告。")
    actions.approve(case=case, by=county.officers["钱审核"], at=NOW)
    actions.send(case=case, by=county.officers["王受理"], at=NOW)
    detail = queries.case_detail(viewer_of(county.accounts["陈居民"], NOW), case, NOW)
    assert detail is not None
    (sent,) = detail.answers
    assert sent.text == (
        "1. 什么时候修好路灯？\n周五前修好，俞负责。\n\n2. 站牌谁管？\n站牌归公交公司，已转告。\n\n还有问题请打 12345。"
    )
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
