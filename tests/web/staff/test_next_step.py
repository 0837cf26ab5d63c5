"""What stands beside the next step: why a case came back, who has not reported, what is chosen, and where one goes on."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.engines.cases.conftest import BEGIN, County
from tests.web.staff.conftest import SignIn, at_stage, opened
from tongban.core.registry import reference
from tongban.engines.cases import actions
from tongban.engines.cases.models import Case, CaseScope, Limit, Route
from tongban.engines.cases.outcome import DONE

WORDS = "12月1日起加一班车，交通局俞负责。"


def route(county: County) -> None:
    """Traffic goes to the transport bureau first."""
    Route.objects.create(
        programme="enterprise", category="traffic", unit=county.units["交通局"], limit="ordinary", valid_from=BEGIN
    )


def test_a_return_leads_back_to_the_queue_and_not_to_a_missing_page(county: County, sign_in: SignIn) -> None:
    key = at_stage(county, "handling")
    worker = sign_in("俞经办")
    answer = worker.post(
        f"/desk/cases/{key}/return/", {"return-reason": "不归交通局管", "view": "handle"}, follow=True
    )  # fmt: skip
    assert answer.redirect_chain == [("/desk/?view=handle", 302)]
    page = answer.content.decode()
    assert f"330482-{key:06d} 已退回。这一件已不在您这里。" in page
    assert f'data-sent="case-{key}-return"' in page
    # A colleague who was still writing keeps his words, and learns no more than that it is not his.
    late = sign_in("陆经办").post(f"/desk/cases/{key}/answer/", {"answer-text": WORDS})
    assert late.status_code == 404
    assert WORDS in late.content.decode()
    stranger = sign_in("陆经办").post("/desk/cases/999999/answer/", {"answer-text": WORDS})
    own = r'nonce="[^"]*"|value="[^"]{60,}"|/desk/cases/\d+/answer/'  # the address that was asked for itself
    assert re.sub(own, "", stranger.content.decode()) == re.sub(own, "", late.content.decode())


def test_why_a_case_came_back_stands_beside_the_assigning_and_its_returner_is_not_advised(
    county: County, sign_in: SignIn
) -> None:
    route(county)
    key = at_stage(county, "accepted")
    desk, traffic = sign_in("沈受理"), county.units["交通局"].pk
    first = desk.get(f"/desk/cases/{key}/").content.decode()
    assert "建议交给：交通局" in first
    assert f'<option value="{traffic}" selected>交通局</option>' in first
    actions.assign(case=key, unit=traffic, by=county.officers["沈受理"], at=timezone.now())
    actions.give_back(case=key, reason="夜班车归公交公司管", by=county.officers["俞经办"], at=timezone.now())
    page = desk.get(f"/desk/cases/{key}/").content.decode()
    beside = page[page.index('id="next"') : page.index('id="story"')]
    assert "交通局退回" in beside
    assert "夜班车归公交公司管" in beside
    assert "建议交给" not in beside
    assert f'<option value="{traffic}">交通局（退回过）</option>' in beside


def test_why_an_answer_was_sent_back_stands_beside_the_box(county: County, sign_in: SignIn) -> None:
    key = at_stage(county, "review")
    actions.reject(case=key, reason="写明停哪一站", by=county.officers["钱审核"], at=timezone.now())
    page = sign_in("俞经办").get(f"/desk/cases/{key}/").content.decode()
    beside = page[page.index('id="next"') : page.index('id="answers"')]
    assert "写明停哪一站" in beside
    assert WORDS in beside
    actions.answer(outcome=DONE, case=key, text=WORDS, by=county.officers["俞经办"], at=timezone.now())
    assert "写明停哪一站" not in sign_in("钱审核").get(f"/desk/cases/{key}/").content.decode().split('id="story"')[0]


def test_the_answer_to_review_stands_on_the_page_once(county: County, sign_in: SignIn) -> None:
    key = at_stage(county, "review")
    page = sign_in("钱审核").get(f"/desk/cases/{key}/").content.decode()
    assert page.count(WORDS) == 1
    assert 'id="answers"' not in page
    actions.reject(case=key, reason="写明站点", by=county.officers["钱审核"], at=timezone.now())
    actions.answer(outcome=DONE, case=key, text="第二稿：停泖口站。", by=county.officers["俞经办"], at=timezone.now())
    page = sign_in("钱审核").get(f"/desk/cases/{key}/").content.decode()
    assert (page.count(WORDS), page.count("第二稿：停泖口站。")) == (1, 1)
    assert "第 1 稿" in page


def test_an_assisting_unit_that_has_not_reported_is_named_until_it_has(county: County, sign_in: SignIn) -> None:
    key = at_stage(county, "handling")
    actions.assist(case=key, unit=county.units["人社局"].pk, by=county.officers["俞经办"], at=timezone.now())
    said, worker = "协办单位还没有回填意见：人社局", sign_in("俞经办")
    page = worker.get(f"/desk/cases/{key}/").content.decode()
    assert said in page
    assert page.index("主办 ·") < page.index("协办 ·")
    actions.answer(outcome=DONE, case=key, text=WORDS, by=county.officers["俞经办"], at=timezone.now())
    assert said in sign_in("钱审核").get(f"/desk/cases/{key}/").content.decode()
    actions.approve(case=key, by=county.officers["钱审核"], at=timezone.now())
    assert said in sign_in("沈受理").get(f"/desk/cases/{key}/").content.decode()
    other = at_stage(county, "handling")
    actions.assist(case=other, unit=county.units["人社局"].pk, by=county.officers["俞经办"], at=timezone.now())
    helper = sign_in("孙协办")
    assert said not in helper.get(f"/desk/cases/{other}/").content.decode()
    actions.feed_back(case=other, text="可办专场招聘", by=county.officers["孙协办"], at=timezone.now())
    page = worker.get(f"/desk/cases/{other}/").content.decode()
    assert said not in page
    assert "已回填" in page


def test_assisting_units_are_boxes_that_stay_ticked_when_the_step_is_refused(county: County, sign_in: SignIn) -> None:
    key, labour = at_stage(county, "accepted"), county.units["人社局"].pk
    desk = sign_in("沈受理")
    page = desk.get(f"/desk/cases/{key}/").content.decode()
    box = f'<input type="checkbox" name="assign-assisting" value="{labour}" id="id_assign-assisting_{labour}">'
    assert box in page
    assert "Ctrl" not in page
    refused = desk.post(f"/desk/cases/{key}/assign/", {"assign-unit": "", "assign-assisting": [labour]})
    assert box.replace(">", " checked>") in refused.content.decode()
    assert "data-again" in refused.content.decode()


def test_a_handing_over_says_to_whom_and_only_to_officers(county: County, sign_in: SignIn) -> None:
    key = at_stage(county, "handling")
    actions.hand_over(
        case=key, account=county.accounts["陆经办"].pk, by=county.officers["俞经办"], at=timezone.now()
    )  # fmt: skip
    assert "交通局换了经办人，交给陆经办" in sign_in("沈受理").get(f"/desk/cases/{key}/").content.decode()
    assert "陆经办" not in sign_in("陆文员").get(f"/my/{key}/").content.decode()


def test_what_ended_without_a_unit_waits_for_none(county: County, sign_in: SignIn) -> None:
    key = opened(county)
    actions.decline(case=key, reason="不属本县", by=county.officers["沈受理"], at=timezone.now())
    desk = sign_in("沈受理")
    page = desk.get(f"/desk/cases/{key}/").content.decode()
    assert "待定" not in page
    assert "没有交办" in page
    assert "待定" not in desk.get("/desk/cases/").content.decode()


def test_the_row_says_which_step_was_due(county: County, sign_in: SignIn) -> None:
    key = at_stage(county, "assigned")
    late = timezone.now() - timedelta(days=3)
    Case.objects.filter(pk=key).update(due_at=late)
    CaseScope.objects.filter(case=key).update(due_at=late)
    assert re.search(r"应于 [^<]+ 前签收<", sign_in("俞经办").get("/desk/").content.decode())
    assert re.search(r"“Take on” was due [^<]+<", sign_in("俞经办", "en").get("/desk/").content.decode())


@pytest.mark.parametrize(
    ("unit", "told"), [("working_hours", "承诺 5 个工作小时，"), ("working_days", "承诺 5 个工作日，")]
)
def test_the_promise_is_told_in_the_limits_own_unit(county: County, sign_in: SignIn, unit: str, told: str) -> None:
    Limit.objects.filter(code="ordinary").update(unit=unit)
    reference.forget()
    key = at_stage(county, "accepted")
    actions.assign(
        case=key, unit=county.units["交通局"].pk, limit="ordinary", by=county.officers["沈受理"], at=timezone.now()
    )  # fmt: skip
    page = sign_in("俞经办").get(f"/desk/cases/{key}/").content.decode()
    assert f'<p class="only-read">{told}' in page
    assert not re.search(
        r"Promise of \d+ days, due", sign_in("俞经办", "en").get(f"/desk/cases/{key}/").content.decode()
    )


def test_one_move_is_one_move(county: County, sign_in: SignIn) -> None:
    key = at_stage(county, "review")
    page = sign_in("钱审核", "en").get(f"/desk/cases/{key}/").content.decode()
    assert "1 move that cannot be made now" in page
    assert "possible after “Approve”" in page


def test_what_has_ended_lists_no_moves(county: County, sign_in: SignIn) -> None:
    key = at_stage(county, "closed")
    page = sign_in("沈受理").get(f"/desk/cases/{key}/").content.decode()
    assert "这一件已经结束" in page
    assert "现在不能办" not in page
