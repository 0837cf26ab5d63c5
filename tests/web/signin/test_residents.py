"""Residents and firm clerks sign in with a phone, and nobody learns whose phone it is."""

from __future__ import annotations

import os
import re
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone

from tests.core.access.conftest import SETUP, Office
from tongban.core.access import actions, phones
from tongban.core.access.models import Account, SignInCode
from tongban.core.ledger.models import Entry
from tongban.core.notices.ports import FilePort
from tongban.core.registry.actions import register_person

PHONE = "13800000001"


def sent(messages: FilePort, phone: str = PHONE) -> str:
    return re.search(r"\d{6}", messages.delivered(phone)[0].text.split("】")[-1]).group()  # type: ignore[union-attr]


def ask(client: Client, phone: str = PHONE):  # type: ignore[no-untyped-def]
    return client.post("/sign-in/", {"phone": phone})


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def a_minute_passes() -> None:
    for row in SignInCode.objects.all():
        SignInCode.objects.filter(pk=row.pk).update(made_at=row.made_at - timedelta(seconds=61))


@pytest.mark.django_db
def test_the_first_time_a_phone_and_a_name_make_an_account(client: Client, messages: FilePort) -> None:
    assert ask(client, "138-0000-0001").headers["Location"] == "/sign-in/code/"
    page = client.get("/sign-in/code/")
    assert "138****0001" in page.text
    assert client.post("/sign-in/code/", {"code": sent(messages)}).headers["Location"] == "/sign-in/name/"
    assert not signed_in(client)
    assert client.post("/sign-in/name/", {"name": ""}).status_code == 422
    assert client.post("/sign-in/name/", {"name": "陈居民"}).status_code == 302
    assert signed_in(client)
    account = Account.objects.get(staff=False)
    assert account.person is not None
    assert account.person.name == "陈居民"
    assert Entry.objects.filter(name="access.confirm_phone", by_system="sign-in").count() == 2  # person, account


@pytest.mark.django_db
def test_the_next_time_the_code_is_enough(client: Client, messages: FilePort) -> None:
    account = phones.confirm_phone(phone=PHONE, name="陈居民", at=timezone.now())
    ask(client)
    assert client.post("/sign-in/code/", {"code": sent(messages)}).status_code == 302
    assert client.session["_auth_user_id"] == str(account.pk)


@pytest.mark.django_db
def test_known_and_unknown_phones_get_the_same_answer(messages: FilePort) -> None:
    phones.confirm_phone(phone=PHONE, name="陈居民", at=timezone.now())
    answers = []
    for number in (PHONE, "13800000077"):
        client = Client()
        first = ask(client, number)
        page = client.get("/sign-in/code/")
        wrong = client.post("/sign-in/code/", {"code": "999999" if sent(messages, number) != "999999" else "888888"})
        plain = [re.sub(r'value="[^"]*"|138\*{4}\d{4}', "", t) for t in (page.text, wrong.text)]
        answers.append((first.status_code, first.headers["Location"], wrong.status_code, *plain))
    assert answers[0] == answers[1]


@pytest.mark.django_db
def test_a_wrong_code_is_refused_and_five_close_it(client: Client, messages: FilePort) -> None:
    ask(client)
    code = sent(messages)
    wrong = "000000" if code != "000000" else "111111"
    for _ in range(4):
        assert "验证码不对" in client.post("/sign-in/code/", {"code": wrong}).text
    assert "试错 5 次" in client.post("/sign-in/code/", {"code": wrong}).text
    assert "试错 5 次" in client.post("/sign-in/code/", {"code": code}).text
    assert not signed_in(client)


@pytest.mark.django_db
def test_a_code_is_for_the_browser_that_asked_and_for_one_use(client: Client, messages: FilePort) -> None:
    phones.confirm_phone(phone=PHONE, name="陈居民", at=timezone.now())
    ask(client)
    code = sent(messages)
    stranger = Client()
    assert stranger.post("/sign-in/code/", {"code": code}).headers["Location"] == "/sign-in/"
    client.post("/sign-in/code/", {"code": code})
    assert signed_in(client)
    early = ask(stranger)  # within the minute: no new message, and the code on its way is not for this browser
    assert early.status_code == 429
    assert "另一台设备" in early.text
    assert stranger.post("/sign-in/code/", {"code": code}).headers["Location"] == "/sign-in/"


@pytest.mark.django_db
def test_a_stranger_who_guesses_shuts_nobody_out(client: Client, messages: FilePort) -> None:
    phones.confirm_phone(phone=PHONE, name="陈居民", at=timezone.now())
    stranger = Client()
    ask(stranger)
    code = sent(messages)
    wrong = "000000" if code != "000000" else "111111"
    for _ in range(6):
        stranger.post("/sign-in/code/", {"code": wrong})
    assert "试错 5 次" in stranger.post("/sign-in/code/", {"code": code}).text
    assert "试错 5 次" in ask(stranger).text
    a_minute_passes()
    assert ask(client).status_code == 302
    assert client.post("/sign-in/code/", {"code": sent(messages)}).status_code == 302
    assert signed_in(client)
    assert not signed_in(stranger)


@pytest.mark.django_db
def test_one_address_does_not_text_thirty_strangers(messages: FilePort) -> None:
    answers = [ask(Client(), f"138000010{n:02}") for n in range(30)]
    assert [a.status_code for a in answers] == [302] * 12 + [429] * 18
    assert "请过 10 分钟再试" in answers[-1].text
    assert len(messages.delivered()) == 12
    assert ask(Client(REMOTE_ADDR="10.0.0.9"), "13800001077").status_code == 302  # the next hall is not concerned


@pytest.mark.django_db
def test_one_address_does_not_use_up_a_numbers_codes(client: Client, messages: FilePort) -> None:
    for _ in range(5):
        assert ask(Client(REMOTE_ADDR="10.0.0.9")).status_code == 302
        a_minute_passes()
    refused = ask(Client(REMOTE_ADDR="10.0.0.9"))
    assert refused.status_code == 429
    assert "请过 24 小时再试" in refused.text
    for _ in range(5):  # ten a day from everywhere together
        assert ask(client).status_code == 302
        a_minute_passes()
    assert "一天里已发了 10 条" in ask(Client(REMOTE_ADDR="10.0.0.10")).text
    assert len(messages.delivered(PHONE)) == 10


@pytest.mark.django_db
def test_pressing_twice_sends_one_message(client: Client, messages: FilePort) -> None:
    ask(client)
    again = client.post("/sign-in/", {"phone": PHONE}, follow=True)
    assert "再获取" in again.text
    assert len(messages.delivered(PHONE)) == 1
    a_minute_passes()
    ask(client)
    assert len(messages.delivered(PHONE)) == 2


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["", "12345", "23800000001", "0573-85012345", "1380000000a"])
def test_what_is_no_mobile_number_is_refused_with_an_example(client: Client, messages: FilePort, typed: str) -> None:
    answer = ask(client, typed)
    assert answer.status_code == 422
    assert "手机号" in answer.text
    assert not messages.delivered()


def test_a_family_that_shares_a_phone_is_told_apart_by_name(client: Client, office: Office, messages: FilePort) -> None:
    now = timezone.now()
    mother = register_person(name="王妈妈", phone=PHONE, by=SETUP, at=now)
    register_person(name="王爸爸", phone=PHONE, by=SETUP, at=now)
    ask(client)
    answer = client.post("/sign-in/code/", {"code": sent(messages)}, follow=True)
    assert "王" not in answer.text.split("<main")[1]  # nobody is told who is registered
    client.post("/sign-in/name/", {"name": "王妈妈"})
    assert Account.objects.get(staff=False).person_id == mother.pk


def test_a_phone_never_opens_a_staff_account(client: Client, office: Office, messages: FilePort) -> None:
    actions.create_account(username="with.phone", name="带号", phone=PHONE, by=SETUP, at=timezone.now())
    ask(client)
    client.post("/sign-in/code/", {"code": sent(messages)})
    answer = client.post("/sign-in/name/", {"name": "带号"})
    assert "工作账号" in answer.text
    assert not signed_in(client)


@pytest.mark.django_db
def test_a_planted_session_is_worth_nothing(client: Client, messages: FilePort) -> None:
    phones.confirm_phone(phone=PHONE, name="陈居民", at=timezone.now())
    ask(client)
    planted = client.session.session_key
    client.post("/sign-in/code/", {"code": sent(messages)})
    assert client.session.session_key != planted


@pytest.mark.django_db
def test_next_leads_to_our_own_pages_only(client: Client, messages: FilePort) -> None:
    phones.confirm_phone(phone=PHONE, name="陈居民", at=timezone.now())
    client.get("/sign-in/", {"next": "//evil.example/"})
    ask(client)
    where = client.post("/sign-in/code/", {"code": sent(messages)}).headers["Location"]
    assert where.startswith("/")
    assert "evil" not in where


@pytest.mark.django_db
def test_neither_code_nor_phone_is_stored_in_the_clear(client: Client, messages: FilePort) -> None:
    from django.contrib.sessions.models import Session

    ask(client)
    stored = str(Session.objects.get().get_decoded())
    assert PHONE not in stored
    assert sent(messages) not in stored
    assert sent(messages).encode() not in bytes(SignInCode.objects.get().digest)


@pytest.mark.django_db
def test_a_message_that_cannot_go_out_says_so_and_does_not_count(
    client: Client, settings: LazySettings, messages: FilePort
) -> None:
    settings.TONGBAN_MESSAGE_PORT = "tests.web.signin.test_residents.BrokenPort"
    assert "短信没发出去" in ask(client).text
    settings.TONGBAN_MESSAGE_PORT = "tongban.core.notices.ports.FilePort"
    assert ask(client).headers["Location"] == "/sign-in/code/"


class BrokenPort:
    """A gateway that is down."""

    def deliver(self, key: str, phone: str, text: str) -> None:
        raise ConnectionError("down")


# -- the demo's codes --------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_page_of_codes_does_not_exist_outside_the_demo(client: Client) -> None:
    assert client.get("/demo/codes/").status_code == 404


def test_the_page_of_codes_is_for_this_machine_alone(
    client: Client,
    officer,
    messages: FilePort,
    settings: LazySettings,  # type: ignore[no-untyped-def]
) -> None:
    settings.DEMO = True
    ask(client)
    page = client.get("/demo/codes/")
    assert officer.code() in page.text
    assert sent(messages) in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert client.get("/demo/codes/", REMOTE_ADDR="10.0.0.9").status_code == 404
    assert client.get("/demo/codes/", REMOTE_ADDR="10.0.0.9", HTTP_X_FORWARDED_FOR="127.0.0.1").status_code == 404


def test_the_page_of_codes_shows_the_newest_messages_masked_and_no_code_among_them(
    client: Client, messages: FilePort, settings: LazySettings, db: None
) -> None:
    settings.DEMO = True
    for n in range(25):
        key, address = f"cases.send:{n}", f"http://127.0.0.1:8000/track/{n}/"
        messages.deliver(key, "13912347710", f"【通办】第{n:02}件有答复了：{address} 请评一评")
        os.utime(messages.path(key), (1_700_000_000 + n, 1_700_000_000 + n))
    messages.deliver("code:x:1", "13912347711", "您的验证码是 654321")
    page = client.get("/demo/codes/").text
    shown = page[page.index('id="h-sms"') :]
    assert [int(n) for n in re.findall(r"第(\d\d)件", shown)] == list(range(24, 4, -1))
    assert '<a href="http://127.0.0.1:8000/track/24/">http://127.0.0.1:8000/track/24/</a> 请评一评' in shown
    assert "139****7710" in shown
    assert "13912347710" not in page
    assert "654321" not in shown
    assert client.get("/demo/codes/", REMOTE_ADDR="10.0.0.9").status_code == 404


def test_the_list_of_codes_is_empty_outside_the_demo(officer, messages: FilePort, settings: LazySettings) -> None:  # type: ignore[no-untyped-def]
    from tongban.web.signin.codes import current

    assert current() == []
    settings.DEMO = True
    assert [(c[0], c[1].zh, c[3]) for c in current()] == [("yu.jiaotong", "交通局 管理员", "factor")]
