"""The page on which everybody chooses how he is notified, without a script, in both languages."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import time
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from tests.engines.cases.conftest import County, county  # noqa: F401 - the fixture
from tongban.core.access.models import Account
from tongban.core.ledger.worker import run_pending
from tongban.core.notices import preferences
from tongban.core.notices.models import Choice, Preferences

PAGE = "/notices/preferences/"
Browse = Callable[[str], Client]


@pytest.fixture
def browse(county: County) -> Browse:  # noqa: F811
    def signed_in(name: str) -> Client:
        client = Client()
        client.force_login(county.accounts[name], backend="tongban.web.signin.backend.AccountBackend")
        return client

    return signed_in


def test_whoever_is_not_signed_in_is_asked_to(client: Client, county: County) -> None:  # noqa: F811
    for address in (PAGE, f"{PAGE}email/", f"{PAGE}email/confirm/", f"{PAGE}email/forget/"):
        answer = client.post(address, {"address": "a@example.org"})
        assert answer.status_code in (200, 302)
        assert "/sign-in/" in (answer.headers.get("Location") or answer.text)
    assert not Preferences.objects.exists()


@pytest.mark.parametrize(("name", "groups"), [("陈居民", 3), ("俞经办", 6)])
def test_everybody_sees_what_concerns_him(browse: Browse, name: str, groups: int) -> None:
    page = browse(name).get(PAGE).text
    assert len(re.findall(r'<select name="\w+_sms"', page)) == groups
    assert "有些通知不能关" in page
    english = browse(name).get(f"{PAGE}?language=en").text
    assert "What cannot be switched off" in english
    assert not re.search(
        r"[\u4e00-\u9fff]{4}", re.sub(r"<header.*?</header>", "", english, flags=re.S).replace(name, "")
    )


def test_a_choice_is_kept_and_shown_again(browse: Browse) -> None:
    browser = browse("陈居民")
    answer = browser.post(PAGE, {"steps_sms": "daily", "answers_sms": "main", "meetings_sms": "main"}, follow=True)
    assert "通知方式记下了" in answer.text
    assert '<option value="daily" selected>' in answer.text
    assert list(Choice.objects.values_list("group", "channel", "timing")) == [("steps", "sms", "daily")]


@pytest.mark.parametrize("sent", [{}, {"steps_sms": "x", "answers_sms": "main"}, {"steps_sms": ["off"]}])
def test_what_cannot_be_chosen_comes_back_with_the_reason(browse: Browse, sent: dict[str, Any]) -> None:
    answer = browse("陈居民").post(PAGE, sent)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert not Choice.objects.exists()


def test_an_address_is_given_confirmed_used_and_taken_away(browse: Browse) -> None:
    browser = browse("俞经办")
    answer = browser.post(f"{PAGE}email/", {"address": "yu@example.org"}, follow=True)
    assert "确认码已发到 yu@example.org" in answer.text
    assert "_email" not in answer.text, "by e-mail nothing can be chosen yet"
    assert run_pending(timezone.now()).errors == []
    (letter,) = mail.outbox
    code = preferences.email_code(Preferences.objects.get())
    assert code in letter.body
    wrong = browser.post(f"{PAGE}email/confirm/", {"code": "00000000"})
    assert wrong.status_code == 422
    assert "确认码不对" in wrong.text
    right = browser.post(f"{PAGE}email/confirm/", {"code": code}, follow=True)
    assert "邮箱已确认" in right.text
    assert 'name="work_email"' in right.text
    chosen = dict.fromkeys(re.findall(r'<select name="(\w+)"', right.text), "off")
    asker = {
        name: "main" for name in chosen if name.endswith("_sms") and name.startswith(("steps", "answers", "meetings"))
    }
    browser.post(PAGE, {**chosen, **asker, "work_email": "now"})
    assert list(Choice.objects.values_list("group", "channel", "timing")) == [("work", "email", "now")]
    gone = browser.post(f"{PAGE}email/forget/", follow=True)
    assert "邮箱已删除" in gone.text
    assert not Choice.objects.exclude(timing="off").exists()
    assert "yu@example.org" not in gone.text
    assert "没有等待确认的邮箱" in browser.post(f"{PAGE}email/forget/", follow=True).text


def test_wrong_addresses_and_too_many_letters_are_refused_where_they_were_typed(browse: Browse) -> None:
    browser = browse("陈居民")
    answer = browser.post(f"{PAGE}email/", {"address": "nothing"})
    assert answer.status_code == 422
    assert 'value="nothing"' in answer.text
    for n in range(5):
        browser.post(f"{PAGE}email/", {"address": f"a{n}@example.org"})
    answer = browser.post(f"{PAGE}email/", {"address": "b@example.org"})
    assert (answer.status_code, "一天最多发 5 封" in answer.text) == (429, True)


def test_the_page_tells_the_county_s_quiet_hours_and_whether_it_sends_letters(browse: Browse, settings: Any) -> None:
    settings.TONGBAN_QUIET_HOURS = (time(21), time(8))
    settings.TONGBAN_SENDS_MAIL = False
    page = browse("陈居民").get(PAGE).text
    assert "每天 21:00 到 08:00 不发短信" in page
    assert "本县还没有开通邮件" in page
    settings.TONGBAN_QUIET_HOURS = None
    assert "短信随时会发" in browse("陈居民").get(PAGE).text


def test_an_account_that_is_nobody_s_is_told_so(browse: Browse, county: County) -> None:  # noqa: F811
    Account.objects.filter(pk=county.accounts["俞经办"].pk).update(person=None)
    browser = browse("俞经办")
    assert browser.get(PAGE).status_code == 403
    assert browser.post(PAGE, {}).status_code == 403


def test_the_page_is_cheap(browse: Browse, django_assert_max_num_queries: Any) -> None:
    browser = browse("陈居民")
    browser.post(PAGE, {"steps_sms": "daily", "answers_sms": "main"})
    browser.get(PAGE)
    with django_assert_max_num_queries(
        8
    ):  # session, account, mandates, and the wishes twice: as a form and as an address
        browser.get(PAGE)
