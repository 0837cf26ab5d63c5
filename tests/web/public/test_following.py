"""Following: by code alone, by code and number, signed in; replying, withdrawing, rating."""

from __future__ import annotations

import pytest
from django.conf import LazySettings
from django.test import Client

from tests.engines.cases.conftest import NOW, County
from tests.web.public.conftest import HOUR, PHONE, answered, asked, at_the_code, read, taken_up
from tongban.core import vault
from tongban.core.registry.models import Person
from tongban.engines.cases import actions, secrets
from tongban.engines.cases.models import Case

pytestmark = pytest.mark.django_db


def test_a_tracking_code_is_found_however_it_is_typed(county: County, client: Client) -> None:
    case = asked(county)
    typed = secrets.tracking_code(case.pk).lower().replace("-", " ").replace("0", "o")
    answer = client.post("/track/", {"code": typed})
    assert answer["Location"] == at_the_code(case)


def test_the_code_alone_tells_the_progress_and_no_person(county: County, client: Client) -> None:
    case = answered(county, asked(county))
    answer = client.get(at_the_code(case))
    html = answer.content.decode()
    assert "已答复" in html
    assert "交通局签收，开始办理" in html
    assert "路灯明天修好" not in html
    assert "陈居民" not in html
    assert "俞经办" not in html
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert answer["Cache-Control"] == "no-store"
    assert answer["Referrer-Policy"] == "strict-origin"


def test_with_the_number_the_answer_is_read(county: County, client: Client) -> None:
    path = at_the_code(answered(county, asked(county)))
    wrong = client.post(path, {"do": "prove", "phone": "13800000009"})
    assert wrong.status_code == 422
    assert "这不是提出时留的手机号" in wrong.content.decode()
    client.post(path, {"do": "prove", "phone": PHONE})
    assert "路灯明天修好" in read(client, path)
    assert "路灯明天修好" not in read(Client(), path), "another browser has proved nothing"


def test_five_wrong_numbers_close_the_case_for_a_while(county: County, client: Client) -> None:
    path = at_the_code(asked(county))
    for _ in range(5):
        assert client.post(path, {"do": "prove", "phone": "12"}).status_code == 422, "no number is no try"
    for _ in range(5):
        client.post(path, {"do": "prove", "phone": "13800000009"})
    late = Client().post(path, {"do": "prove", "phone": PHONE}, REMOTE_ADDR="10.0.0.9")
    assert late.status_code == 429
    assert "号码试错了太多次，请过 15 分钟再试" in late.content.decode()


def test_a_question_is_replied_to_with_code_and_number(county: County, client: Client) -> None:
    case = taken_up(county, asked(county))
    actions.ask(case=case.pk, question="哪一盏灯？", by=county.officers["俞经办"], at=NOW + 2 * HOUR)
    path = at_the_code(case)
    assert "哪一盏灯" not in read(client, path)
    assert client.post(path, {"do": "reply", "reply": "我不是本人"}).status_code == 422
    client.post(path, {"do": "prove", "phone": PHONE})
    assert "哪一盏灯" in read(client, path)
    empty = client.post(path, {"do": "reply", "reply": " "})
    assert "还没有写内容" in empty.content.decode()
    assert "补充已经交上去" in client.post(path, {"do": "reply", "reply": "南门第二盏"}, follow=True).content.decode()
    assert "补充已经交上去" not in read(client, path)
    assert case.inquiries.get().reply == "南门第二盏"
    assert 'name="reply"' not in read(client, path)


@pytest.mark.parametrize("did", ["reply", "urge", "private", "public", "object", "withdraw"])
def test_a_press_long_after_the_number_was_checked_says_so_and_keeps_what_was_written(
    county: County, client: Client, did: str
) -> None:
    case = taken_up(county, asked(county))
    path = at_the_code(case)
    client.post(path, {"do": "prove", "phone": PHONE})
    sent = Client().post(path, {"do": did, "reply": "南门第二盏", "reason": "南门第二盏"})
    assert sent.status_code == 422
    html = sent.content.decode()
    assert html.count("这一步要先核对手机号") == 1
    assert "这不是提出时留的手机号" not in html
    assert html.count("南门第二盏") == 1
    case.refresh_from_db()
    assert (case.kept_private, case.state) == (False, "handling")


def test_what_was_refused_because_the_request_has_moved_on_is_told(county: County) -> None:
    """The page was left open; meanwhile the request was closed, and its forms are gone."""
    case = answered(county, asked(county))
    signed = Client()
    signed.force_login(county.accounts["陈居民"], backend="tongban.web.signin.backend.AccountBackend")
    actions.close(case=case.pk, by=county.officers["王受理"], at=NOW + 5 * HOUR)
    for did in ("reply", "urge", "withdraw"):
        sent = signed.post(f"/my/{case.pk}/", {"do": did, "reply": "还没亮", "reason": "还没亮"})
        assert sent.status_code == 422, did
        assert "没有办成" in sent.content.decode(), did


def test_withdrawing_needs_the_number_and_a_reason(county: County, client: Client) -> None:
    case = asked(county)
    path = at_the_code(case)
    assert client.post(path, {"do": "withdraw", "reason": "不用了"}).status_code == 422
    client.post(path, {"do": "prove", "phone": PHONE})
    assert "请写明理由" in client.post(path, {"do": "withdraw", "reason": ""}).content.decode()
    assert "已经撤回。" in client.post(path, {"do": "withdraw", "reason": "已经修好了"}, follow=True).content.decode()
    case.refresh_from_db()
    assert case.state == "withdrawn"
    assert "已撤回" in read(client, path)


def test_a_wrong_code_gets_a_gentle_sentence_and_a_right_one_always_opens(county: County, client: Client) -> None:
    right = at_the_code(asked(county))
    for _ in range(20):
        answer = client.get("/track/330482-000001-AAAAA-AAAAA/")
        assert answer.status_code == 404
        assert "没有查到这个查询码" in answer.content.decode()
    for wrong in ("/track/330482-000001-AAAAA-AAAAA/", "/sent/330482-000001-AAAAA-AAAAA/", "/rate/1-AAAA/"):
        spent = client.get(wrong)
        assert spent.status_code == 429
        assert "试错了太多次，请过 15 分钟再试" in spent.content.decode()
    assert client.post("/track/", {"code": "x"}).status_code == 429
    # Whoever shares the address with somebody who guesses is not kept waiting, nor is the guesser who is right.
    for browser in (client, Client()):
        assert browser.get(right).status_code == 200
        assert browser.get(right.replace("/track/", "/sent/")).status_code == 200
        assert browser.post("/track/", {"code": right.split("/")[2]}).headers["Location"] == right
    assert Client().get("/track/330482-000001-AAAAA-AAAAA/", REMOTE_ADDR="10.0.0.9").status_code == 404


def test_behind_a_proxy_each_address_has_its_own_count(county: County, client: Client, settings: LazySettings) -> None:
    settings.TONGBAN_PROXIES = 1
    wrong = "/track/330482-000001-AAAAA-AAAAA/"
    for n in range(21):  # what he writes himself before the proxy's own entry changes nothing
        last = client.get(wrong, HTTP_X_FORWARDED_FOR=f"1.2.3.{n}, 10.0.0.7")
    assert last.status_code == 429
    assert client.get(wrong, HTTP_X_FORWARDED_FOR="10.0.0.8").status_code == 404


def test_no_tracking_code_stands_in_the_log(county: County, client: Client, caplog: pytest.LogCaptureFixture) -> None:
    path = at_the_code(asked(county))
    client.post(path, {"do": "prove", "phone": "13800000009"})
    client.get("/track/330482-000001-AAAAA-AAAAA/")
    assert "330482" not in caplog.text


def test_the_code_tells_that_a_question_waits_and_not_which(county: County, client: Client) -> None:
    case = taken_up(county, asked(county))
    path = at_the_code(case)
    assert "有一个问题等您回答" not in read(client, path)
    actions.ask(case=case.pk, question="哪一盏灯？", by=county.officers["俞经办"], at=NOW + 2 * HOUR)
    html = read(client, path)
    assert "有一个问题等您回答" in html
    assert "请先核对手机号" in html
    assert "哪一盏灯" not in html
    client.post(path, {"do": "prove", "phone": PHONE})
    assert "有一个问题等您回答" not in read(client, path)
    assert "哪一盏灯" in read(client, path)
    client.post(path, {"do": "reply", "reply": "南门第二盏"})
    assert "有一个问题等您回答" not in read(Client(), path)


def test_who_left_no_number_is_told_where_to_go(county: County, client: Client) -> None:
    nobody = Person.objects.create(name="无号", key=vault.new_subject_key())
    case = taken_up(county, asked(county))
    Case.objects.filter(pk=case.pk).update(requester=nobody)
    actions.ask(case=case.pk, question="哪一盏灯？", by=county.officers["俞经办"], at=NOW + 2 * HOUR)
    html = read(client, at_the_code(case))
    assert "请到受理窗口报编号" in html
    assert "哪一盏灯" not in html
    # A slip of paper that somebody finds is no proof either.
    assert "撤回这一件" not in html
    for given in ({"do": "withdraw", "reason": "捡到的单子"}, {"do": "reply", "reply": "随便写写"}):
        assert client.post(at_the_code(case), given).status_code == 422
    case.refresh_from_db()
    assert case.state == "handling"


def test_an_ended_request_is_with_nobody(county: County, client: Client) -> None:
    new, declined, done = asked(county), asked(county), answered(county, asked(county))
    actions.decline(case=declined.pk, reason="重复", by=county.officers["王受理"], at=NOW + HOUR)
    assert "在办单位</dt><dd>民生受理" in read(client, at_the_code(new))
    html = read(client, at_the_code(declined))
    assert "在办单位" not in html
    assert "民生受理不予受理" in html, "who ended it stands in the story"
    assert "承办单位</dt><dd>交通局" in read(client, at_the_code(done))
