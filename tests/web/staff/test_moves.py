"""The moves on a case's page: done, refused with nothing lost, and never by the wrong hands."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.utils import timezone

from tests.engines.cases.conftest import County
from tests.web.staff.conftest import SignIn, at_stage, opened
from tongban.engines.cases import actions, secrets
from tongban.engines.cases.models import Case, Inquiry, StoryItem
from tongban.engines.cases.outcome import DONE


def test_a_request_is_walked_through_the_pages_to_its_end(county: County, sign_in: SignIn) -> None:
    key = opened(county)
    desk, worker, reviewer = sign_in("沈受理"), sign_in("俞经办"), sign_in("钱审核")
    traffic = county.units["交通局"].pk
    steps = [
        (desk, "accept", {}, "accepted"),
        (desk, "assign", {"assign-unit": traffic, "assign-limit": "ordinary", "assign-note": "请本周上门"}, "assigned"),
        (worker, "sign_in", {}, "handling"),
        (worker, "ask", {"ask-question": "一晚大约多少人？"}, "handling"),
        (worker, "answer", {"answer-outcome": "done", "answer-text": "12月1日起加一班车，交通局俞负责。"}, "review"),
        (reviewer, "reject", {"reject-reason": "写明站点"}, "handling"),
        (worker, "answer", {"answer-outcome": "done", "answer-text": "12月1日起加一班车，停泖口站，交通局俞负责。"}, "review"),
        (reviewer, "approve", {}, "approved"),
        (reviewer, "send", {}, "answered"),
        (desk, "close", {}, "closed"),
    ]  # fmt: skip
    for who, move, given, state in steps:
        page = who.get(f"/desk/cases/{key}/").content.decode()
        assert f"/desk/cases/{key}/{move}/" in page, move
        answer = who.post(f"/desk/cases/{key}/{move}/", given, follow=True)
        assert answer.redirect_chain == [(f"/desk/cases/{key}/", 302)], (move, answer.content.decode()[:3000])
        assert 'role="status"' in answer.content.decode()
        assert Case.objects.get(pk=key).state == state
    page = desk.get(f"/desk/cases/{key}/").content.decode()
    assert "一晚大约多少人？" in page
    assert "停泖口站" in page
    assert "写明站点" in page


def test_a_second_request_is_merged_and_taken_apart_through_the_pages(county: County, sign_in: SignIn) -> None:
    first, second = at_stage(county, "handling"), at_stage(county, "handling")
    desk = sign_in("沈受理")
    address, number = f"/desk/cases/{second}/", secrets.case_number(first)
    wrong = desk.post(f"{address}merge/", {"merge-into": "没有"})
    assert wrong.status_code == 409
    assert "本受理岗没有这个编号的同类诉求" in wrong.content.decode()
    done = desk.post(f"{address}merge/", {"merge-into": number}, follow=True).content.decode()
    assert "已合并" in done
    assert f'href="/desk/cases/{first}/"' in done
    assert f'href="{address}"' in desk.get(f"/desk/cases/{first}/").content.decode()
    assert f'href="/desk/cases/{first}/"' in sign_in("俞经办").get(address).content.decode()
    tracked = Client().get(f"/track/{secrets.tracking_code(second)}/").content.decode()
    assert number in tracked
    desk.post(f"{address}unmerge/")
    assert Case.objects.get(pk=second).state == "handling"
    desk.post(f"{address}merge/", {"merge-into": number})
    actions.urge(case=first, by=county.officers["沈受理"], at=timezone.now())
    sign_in("俞经办").post(f"/desk/cases/{first}/ask/", {"ask-question": "几点下班？"})
    late = desk.post(f"{address}unmerge/").content.decode()
    assert f"{number} 在这之后又办过" in late


def test_whoever_asked_says_on_either_page_that_it_is_not_the_same(county: County, sign_in: SignIn) -> None:
    desk = sign_in("沈受理")
    for way in ("account", "code"):
        first, second = at_stage(county, "handling"), at_stage(county, "handling")
        actions.merge(case=second, into=first, by=county.officers["沈受理"], at=timezone.now())
        code, client = secrets.tracking_code(second), Client()
        there, words = f"/track/{code}/", f"我说的是另一条线（{way}）"
        if way == "account":
            there = f"/my/{second}/"
            client.force_login(county.accounts["陆文员"], backend="tongban.web.signin.backend.AccountBackend")
        else:
            assert 'value="object"' not in client.get(there).content.decode(), "the code alone is not enough"
            client.post(there, {"do": "object", "reason": words})
            assert words not in desk.get(f"/desk/cases/{second}/").content.decode()
            client.post(there, {"do": "prove", "phone": "13800000002"})
        assert 'value="object"' in client.get(there).content.decode()
        assert "还没有写" in client.post(there, {"do": "object", "reason": " "}).content.decode()
        done = client.post(there, {"do": "object", "reason": words}, follow=True).content.decode()
        assert "记下了，受理岗会看" in done
        assert "您说过不是同一件事" in done
        page = desk.get(f"/desk/cases/{second}/").content.decode()
        offer = page[page.index('id="move-unmerge"') :]
        assert offer.startswith('id="move-unmerge" open')
        assert words in offer[: offer.index("</details>")]
        desk.post(f"/desk/cases/{second}/unmerge/")
        assert Case.objects.get(pk=second).state == "handling"
        assert 'value="object"' not in client.get(there).content.decode()


def test_a_request_is_split_and_put_under_another_through_the_pages(county: County, sign_in: SignIn) -> None:
    first, second = at_stage(county, "accepted"), at_stage(county, "accepted")
    desk, address = sign_in("沈受理"), f"/desk/cases/{first}/"
    page = desk.get(address).content.decode()
    assert "拆出的第 1 件" in page
    for drawn in ("textarea", "select"):  # fields that a case adds are drawn like any other, so that they fit
        assert all('class="input' in tag for tag in re.findall(rf"<{drawn} [^>]*id_split-[^>]*>", page))
    wrong = desk.post(f"{address}split/", {"split-body1": "班车不够", "split-body2": "𠮷" * 10_001}).content.decode()
    assert "最多写 10000 个字" in wrong
    assert "班车不够" in wrong
    made = desk.post(
        f"{address}split/",
        {"split-body1": "班车不够", "split-category1": "traffic", "split-body3": "税票难开"},
        follow=True,
    ).content.decode()
    children = list(Case.objects.exclude(pk__in=(first, second)).order_by("pk").values_list("pk", flat=True))
    assert len(children) == 2
    assert all(f'href="/desk/cases/{key}/"' in made for key in children)
    assert f'href="{address}"' in desk.get(f"/desk/cases/{children[0]}/").content.decode()
    desk.post(f"{address}unsplit/")
    assert desk.get(f"/desk/cases/{children[0]}/").status_code == 404
    under = desk.post(f"{address}put_under/", {"put_under-parent": secrets.case_number(second)}, follow=True)
    assert "挂在这一件下面" in under.content.decode()
    desk.post(f"{address}take_out/")
    assert "挂在这一件下面" not in desk.get(address).content.decode()


def test_time_stops_goes_on_and_is_extended_through_the_pages(county: County, sign_in: SignIn) -> None:
    key = at_stage(county, "handling")
    desk, worker = sign_in("沈受理"), sign_in("俞经办")
    address = f"/desk/cases/{key}/"
    worker.post(f"{address}pause/", {"pause-reason": "请补班车时刻表"})
    paused = worker.get(address).content.decode()
    assert "暂停计时" in paused
    assert "最迟恢复：" in paused
    # The clock beside the next step is the promise's own, not the one of the pause.
    assert len(re.findall("<i[ >]", paused.split('class="clock"')[1].split("<b")[0])) == paused.count("<br>")
    assert f"{address}pause/" not in paused
    assert "已经暂停计时了" in worker.post(f"{address}pause/", {"pause-reason": "再补"}).content.decode()
    tracked = Client().get(f"/track/{secrets.tracking_code(key)}/").content.decode()
    assert "计时暂停，等您补充" in tracked
    assert "补充之前暂停计时" in tracked
    assert "照常在走" not in tracked
    assert "请补班车时刻表" not in tracked  # whoever holds the code alone is not told what was asked
    worker.post(f"{address}resume/")
    assert Case.objects.get(pk=key).stopped == ""
    worker.post(f"{address}extend/", {"extend-amount": "3", "extend-reason": "等新车上牌"})
    asked = desk.get(address).content.decode()
    assert "申请延长 3 个工作日" in asked
    assert "等新车上牌" in asked
    assert "批复延期" in desk.get("/desk/?view=extension").content.decode()
    before = Case.objects.get(pk=key).promised_at
    desk.post(f"{address}grant/")
    after = Case.objects.get(pk=key).promised_at
    assert before is not None
    assert after is not None
    assert after > before
    assert "延期一次：原定" in worker.get(address).content.decode()


@pytest.mark.parametrize(
    ("stage", "who", "move", "given", "said"),
    [
        ("new", "沈受理", "decline", {"decline-reason": ""}, "请填“理由（提出人会看到）”"),
        ("new", "沈受理", "decline", {"decline-reason": "  \n "}, "请写明理由"),
        ("new", "沈受理", "correct", {"correct-category": "", "correct-area": "999999"}, "镇街、村社区"),
        ("accepted", "沈受理", "assign", {"assign-unit": "", "assign-limit": "ordinary"}, "请选“单位”"),
        ("accepted", "沈受理", "refer", {"refer-outside": "市电力公司", "refer-reason": ""}, "请填"),
        ("handling", "俞经办", "answer", {"answer-outcome": "done", "answer-text": "您好，留言已收悉"}, "只是回执"),
        ("handling", "俞经办", "hand_over", {"hand_over-account": ""}, "请选“移交给”"),
        ("handling", "俞经办", "pause", {"pause-reason": ""}, "请填“请提出人补什么”"),
        ("handling", "俞经办", "extend", {"extend-amount": "6", "extend-reason": "等新车"}, "1 到 5 之间"),
        ("handling", "俞经办", "extend", {"extend-amount": "三", "extend-reason": "等新车"}, "请填整数"),
        ("review", "钱审核", "reject", {"reject-reason": ""}, "请填“理由”"),
    ],
)
def test_a_refused_move_says_why_and_changes_nothing(
    county: County, sign_in: SignIn, stage: str, who: str, move: str, given: dict[str, str], said: str
) -> None:
    key = at_stage(county, stage)
    before = Case.objects.get(pk=key).version
    answer = sign_in(who).post(f"/desk/cases/{key}/{move}/", given)
    assert answer.status_code in (409, 422)
    page = answer.content.decode()
    assert said in page
    assert 'role="alert"' in page
    for value in given.values():
        assert value.strip() in page
    assert Case.objects.get(pk=key).version == before


def test_a_stale_page_gets_the_sentence_and_keeps_the_words(county: County, sign_in: SignIn) -> None:
    key = at_stage(county, "handling")
    worker, colleague = sign_in("俞经办"), county.officers["陆经办"]
    worker.get(f"/desk/cases/{key}/")
    actions.answer(outcome=DONE, case=key, text="12月1日起加一班车。", by=colleague, at=timezone.now())
    words = "我写了很久的答复：12月1日起加开一班，由交通局负责。"
    answer = worker.post(f"/desk/cases/{key}/answer/", {"answer-outcome": "done", "answer-text": words})
    assert answer.status_code == 409
    assert "现在是“待审核”" in answer.content.decode()
    assert words in answer.content.decode()


def test_of_two_who_assign_at_once_the_second_is_told_why_and_no_inner_key(county: County, sign_in: SignIn) -> None:
    key, unit = at_stage(county, "accepted"), county.units["交通局"].pk
    colleague = county.officers["沈受理"]
    actions.assign(case=key, unit=unit, by=colleague, at=timezone.now())
    given = {"assign-unit": str(unit), "assign-limit": "ordinary", "assign-note": "请先联系企业，再定班次"}
    answer = sign_in("沈受理").post(f"/desk/cases/{key}/assign/", given)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "现在是“待签收”" in page
    assert "请先联系企业，再定班次" in page
    assert "可用的选项" not in page
    assert f'said-by">{unit}' not in page


def test_two_who_sign_in_at_once_one_does(county: County, sign_in: SignIn) -> None:
    key = at_stage(county, "assigned")
    first, second = sign_in("俞经办"), sign_in("陆经办")
    assert first.post(f"/desk/cases/{key}/sign_in/").status_code == 302
    answer = second.post(f"/desk/cases/{key}/sign_in/")
    assert answer.status_code == 409
    assert "现在是“办理中”" in answer.content.decode()
    assert Case.objects.get(pk=key).handler_id == county.accounts["俞经办"].pk


def test_whoever_wrote_the_answer_is_told_beforehand_that_he_cannot_review_it(county: County, sign_in: SignIn) -> None:
    from tests.engines.cases.conftest import BEGIN
    from tongban.core.access.models import Role

    Role.objects.create(
        account=county.accounts["俞经办"], code="reviewer", organisation=county.units["交通局"], valid_from=BEGIN
    )
    handling, review = at_stage(county, "handling"), at_stage(county, "review")
    worker = sign_in("俞经办")
    assert "您不能审核自己的答复" in worker.get(f"/desk/cases/{handling}/").content.decode()
    page = worker.get(f"/desk/cases/{review}/").content.decode()
    assert "您不能审核自己的答复，请换一位同事" in page
    assert f'action="/desk/cases/{review}/approve/' not in page
    answer = worker.post(f"/desk/cases/{review}/approve/")
    assert answer.status_code == 409
    assert Case.objects.get(pk=review).state == "review"


def test_a_move_of_another_office_is_refused(county: County, sign_in: SignIn) -> None:
    key = at_stage(county, "assigned")
    for who, move in (("沈受理", "sign_in"), ("俞经办", "close"), ("钱审核", "assign")):
        answer = sign_in(who).post(f"/desk/cases/{key}/{move}/", {"assign-unit": "1"})
        assert answer.status_code == 403, (who, move)
    assert Case.objects.get(pk=key).state == "assigned"


def test_a_case_that_is_not_yours_does_not_exist(county: County, sign_in: SignIn) -> None:
    key = at_stage(county, "assigned")
    for who in ("孙协办", "王受理", "村经办"):
        assert sign_in(who).get(f"/desk/cases/{key}/").status_code == 404
        assert sign_in(who).post(f"/desk/cases/{key}/sign_in/").status_code == 404
    assert sign_in("沈受理").get("/desk/cases/999999/").status_code == 404
    assert sign_in("沈受理").post(f"/desk/cases/{key}/undo_import/").status_code == 404
    assert sign_in("沈受理").post(f"/desk/cases/{key}/record_reply/").status_code == 404


def test_the_number_is_masked_until_a_reason_is_given(county: County, sign_in: SignIn) -> None:
    key = at_stage(county, "handling")
    worker = sign_in("俞经办")
    page = worker.get(f"/desk/cases/{key}/").content.decode()
    assert "138****0002" in page
    assert "13800000002" not in page
    refused = worker.post(f"/desk/cases/{key}/reveal/", {"reason": " "})
    assert refused.status_code == 422
    assert "13800000002" not in refused.content.decode()
    long = worker.post(f"/desk/cases/{key}/reveal/", {"reason": "约上门时间" * 41})
    assert long.status_code == 422
    assert f'value="{"约上门时间" * 41}"' in long.content.decode()
    assert 'aria-describedby="reveal-e"' in long.content.decode()
    shown = worker.post(f"/desk/cases/{key}/reveal/", {"reason": "约上门时间"})
    assert "13800000002" in shown.content.decode()
    assert shown["Cache-Control"] == "no-store"
    line = StoryItem.objects.get(case=key, kind="reveal")
    assert line.text == "约上门时间"
    assert "约上门时间" in sign_in("沈受理").get(f"/desk/cases/{key}/").content.decode()
    assert "约上门时间" not in worker.get(f"/desk/cases/{key}/").content.decode()


def test_a_confidential_request_hides_its_author_from_the_unit(county: County, sign_in: SignIn) -> None:
    key = at_stage(county, "handling", confidential=True)
    page = sign_in("俞经办").get(f"/desk/cases/{key}/").content.decode()
    assert "陆文员" not in page
    assert "138****" not in page
    assert county.firm is not None
    assert county.firm.name_zh not in page
    assert sign_in("俞经办").post(f"/desk/cases/{key}/reveal/", {"reason": "想知道"}).status_code == 403
    assert "陆文员" in sign_in("沈受理").get(f"/desk/cases/{key}/").content.decode()


def test_the_unit_that_a_complaint_is_about_is_not_offered(county: County, sign_in: SignIn) -> None:
    key = at_stage(county, "accepted", about=county.units["交通局"].pk)
    desk = sign_in("沈受理")
    page = desk.get(f"/desk/cases/{key}/").content.decode()
    chooser = page.split('name="assign-unit"', 1)[1].split("</select>", 1)[0]
    assert f'<option value="{county.units["交通局"].pk}"' not in chooser
    assert f'<option value="{county.units["人社局"].pk}"' in chooser
    answer = desk.post(
        f"/desk/cases/{key}/assign/", {"assign-unit": county.units["交通局"].pk, "assign-limit": "ordinary"}
    )
    assert answer.status_code == 422
    assert Case.objects.get(pk=key).state == "accepted"


def test_a_case_is_passed_down_assisted_reported_and_returned(county: County, sign_in: SignIn) -> None:
    key = at_stage(county, "accepted")
    units = county.units
    desk, town, village = sign_in("沈受理"), sign_in("镇经办"), sign_in("村经办")
    given = {
        "assign-unit": units["新埭镇政府"].pk,
        "assign-limit": "ordinary",
        "assign-assisting": [units["人社局"].pk],
    }
    assert desk.post(f"/desk/cases/{key}/assign/", given).status_code == 302
    helper = sign_in("孙协办")
    page = helper.get(f"/desk/cases/{key}/").content.decode()
    assert "下一步：回填意见" in page
    assert helper.post(f"/desk/cases/{key}/feed_back/", {"feed_back-text": "可在12月办专场招聘"}).status_code == 302
    assert town.post(f"/desk/cases/{key}/sign_in/").status_code == 302
    passed = town.post(f"/desk/cases/{key}/assign/", {"assign-unit": units["泖口村委"].pk, "assign-limit": "ordinary"})
    assert passed.status_code == 302
    assert village.post(f"/desk/cases/{key}/return/", {"return-reason": "路不归村里管"}).status_code == 302
    row = Case.objects.get(pk=key)
    assert (row.state, row.lead_id) == ("handling", units["新埭镇政府"].pk)
    assert "路不归村里管" in town.get(f"/desk/cases/{key}/").content.decode()


def test_a_second_question_waits_for_the_first(county: County, sign_in: SignIn) -> None:
    key = at_stage(county, "handling")
    worker = sign_in("俞经办")
    assert worker.post(f"/desk/cases/{key}/ask/", {"ask-question": "在哪一站？"}).status_code == 302
    again = worker.post(f"/desk/cases/{key}/ask/", {"ask-question": "几点下班？"})
    assert again.status_code == 409
    assert "几点下班？" in again.content.decode()
    assert Inquiry.objects.filter(case=key).count() == 1


def test_words_of_a_requester_are_never_markup(county: County, sign_in: SignIn) -> None:
    evil = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    key = opened(county, body=evil, title=evil[:100])
    for address in (f"/desk/cases/{key}/", "/desk/", "/desk/cases/", "/desk/search/?q=script"):
        page = sign_in("沈受理").get(address).content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page


def test_next_and_previous_follow_the_queue(county: County, sign_in: SignIn) -> None:
    keys = [opened(county, body=f"第{n}件，厂门口的路灯坏了") for n in range(3)]
    page = sign_in("沈受理").get(f"/desk/cases/{keys[1]}/?view=accept").content.decode()
    assert f'href="/desk/cases/{keys[0]}/?view=accept" rel="prev"' in page
    assert f'href="/desk/cases/{keys[2]}/?view=accept" rel="next"' in page


def test_the_desk_puts_category_and_place_right(county: County, sign_in: SignIn) -> None:
    key = at_stage(county, "new")
    desk = sign_in("沈受理")
    page = desk.get(f"/desk/cases/{key}/").content.decode()
    assert "更正类别和地点" in page
    given = {"correct-category": "labour", "correct-area": county.areas["town"].pk, "correct-address": "园区路 1 号"}
    page = desk.post(f"/desk/cases/{key}/correct/", given, follow=True).content.decode()
    assert "类别和地点已更正" in page
    assert "园区路 1 号" in page
    assert "招工用工" in page
    again = desk.post(f"/desk/cases/{key}/correct/", given)
    assert again.status_code == 409
    assert "都没有变" in again.content.decode()


def test_each_numbered_question_must_be_answered_and_says_so(county: County, sign_in: SignIn) -> None:
    key = at_stage(county, "handling")
    worker, address = sign_in("俞经办"), f"/desk/cases/{key}/"
    worker.post(f"{address}number/", {"number-questions": "几点有车？\n多少钱？\n停在哪里？"})
    page = worker.get(address).content.decode()
    assert '<ol class="ask' in page  # numbered, as the form and its errors name them
    for label in re.findall(r'<label for="id_answer-reply\d">(.*?)</label>', page):
        assert "可不填" not in label
    came = {f"answer-outcome{n}": "done" for n in (1, 2, 3)}
    wrong = worker.post(f"{address}answer/", {"answer-reply2": "两元", **came}).content.decode()
    assert "还差 2 处" in wrong
    assert wrong.count("第 1 个问题还没有答复") == wrong.count("第 3 个问题还没有答复") == 2
    assert "两元</textarea>" in wrong
    done = {"answer-reply1": "七点", "answer-reply2": "两元", "answer-reply3": "厂门口", **came}
    assert "已送审核" in worker.post(f"{address}answer/", done, follow=True).content.decode()
