"""Staff sign in with two factors, and with nothing less."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.core.access.conftest import Office
from tests.web.signin.conftest import PASSWORD, Officer, password_step
from tongban.core.access import actions, second_factor
from tongban.core.ledger.actor import Actor
from tongban.core.ledger.models import Entry

GUARDED = "/security/"


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def enter(client: Client, officer: Officer, **more: str):  # type: ignore[no-untyped-def]
    password_step(client)
    return client.post("/sign-in/staff/code/", {"code": officer.code()}, **more)


def test_both_factors_sign_in(client: Client, officer: Officer) -> None:
    first = password_step(client)
    assert first.headers["Location"] == "/sign-in/staff/code/"
    assert "yu.jiaotong" in client.get("/sign-in/staff/code/").text
    second = client.post("/sign-in/staff/code/", {"code": officer.code()})
    assert second.status_code == 302
    assert client.get(GUARDED).status_code == 200


def test_the_password_alone_opens_nothing(client: Client, officer: Officer) -> None:
    password_step(client)
    assert not signed_in(client)
    answer = client.get(GUARDED)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/sign-in/?next=/security/")


def test_the_code_page_without_a_password_begins_again(client: Client, officer: Officer) -> None:
    for page in ("/sign-in/staff/code/", "/sign-in/staff/begin/"):
        assert client.get(page).headers["Location"] == "/sign-in/staff/"
        assert client.post(page, {"code": officer.code()}).headers["Location"] == "/sign-in/staff/"
    assert not signed_in(client)


def test_a_wrong_name_and_a_wrong_password_get_the_same_answer(client: Client, officer: Officer) -> None:
    wrong_password = password_step(client, password="not this one")
    wrong_name = password_step(client, username="nobody.here", password="not this one")
    assert wrong_password.status_code == wrong_name.status_code == 422
    plain = [re.sub(r'value="[^"]*"', "", a.text) for a in (wrong_password, wrong_name)]
    assert plain[0] == plain[1]
    assert "登录名或密码不对" in wrong_name.text


def test_a_wrong_code_says_so_and_the_same_code_never_counts_twice(client: Client, officer: Officer) -> None:
    password_step(client)
    wrong = client.post("/sign-in/staff/code/", {"code": "000000"})
    assert wrong.status_code == 422
    assert "动态码不对" in wrong.text
    code = officer.code()
    assert client.post("/sign-in/staff/code/", {"code": code}).status_code == 302
    other = Client()
    password_step(other)
    replay = other.post("/sign-in/staff/code/", {"code": code})
    assert "刚用过" in replay.text
    assert not signed_in(other)


def test_five_wrong_codes_lock_and_say_how_long(client: Client, officer: Officer) -> None:
    password_step(client)
    for _ in range(5):
        client.post("/sign-in/staff/code/", {"code": "000000"})
    locked = client.post("/sign-in/staff/code/", {"code": officer.code()})
    assert "请过 15 分钟再来" in locked.text
    assert not signed_in(client)


def test_a_new_session_does_not_unlock(client: Client, officer: Officer) -> None:
    for _ in range(5):
        fresh = Client()
        password_step(fresh)
        fresh.post("/sign-in/staff/code/", {"code": "000000"})
    password_step(client)
    assert "15 分钟" in client.post("/sign-in/staff/code/", {"code": officer.code()}).text


@pytest.mark.usefixtures("axes")
def test_five_wrong_passwords_lock_and_say_how_long(client: Client, officer: Officer) -> None:
    for _ in range(4):
        assert "登录名或密码不对" in password_step(client, password="wrong").text
    fifth = password_step(client, password="wrong")
    assert "请过 15 分钟再来" in fifth.text
    right = password_step(client)
    assert right.status_code == 422
    assert "分钟再来" in right.text
    english = client.post("/sign-in/staff/?language=en", {"username": "yu.jiaotong", "password": PASSWORD})
    assert "closed for 15 more minutes" in english.text
    assert "15 分钟" not in password_step(Client(), username="lu.jiaotong").text  # a colleague is not concerned


@pytest.mark.usefixtures("axes")
def test_neither_another_browser_nor_another_address_gives_more_tries(client: Client, officer: Officer) -> None:
    for n in range(5):
        password_step(Client(), password="wrong", HTTP_USER_AGENT=f"browser {n}", REMOTE_ADDR=f"10.0.0.{n}")
    assert "分钟再来" in password_step(client).text


def test_a_code_on_paper_stands_in_once(client: Client, officer: Officer) -> None:
    password_step(client)
    assert client.post("/sign-in/staff/code/", {"code": officer.paper[0]}).status_code == 302
    other = Client()
    password_step(other)
    assert "动态码不对" in other.post("/sign-in/staff/code/", {"code": officer.paper[0]}).text


def test_without_a_second_factor_one_is_set_up_before_anything_is_seen(client: Client, office: Office) -> None:
    first = password_step(client, username="lu.jiaotong")
    assert first.headers["Location"] == "/sign-in/staff/begin/"
    assert not signed_in(client)
    assert client.get(GUARDED).status_code == 302
    page = client.get("/sign-in/staff/begin/")
    assert 'src="data:image/svg' in page.text
    assert page.headers["Cache-Control"] == "no-store"
    secret = "".join(re.search(r'class="code">([A-Z2-7 ]+)<', page.text).group(1).split())  # type: ignore[union-attr]
    form = {"password": "lake-water-on-paper", "again": "lake-water-on-paper", "code": "000000"}
    assert "动态码不对" in client.post("/sign-in/staff/begin/", form).text
    assert not signed_in(client)
    code = second_factor.code_at(secret, timezone.now())
    done = client.post("/sign-in/staff/begin/", form | {"code": code})
    assert len(re.findall(r"[A-Z2-9]{5}-[A-Z2-9]{5}", done.text)) == 10
    assert signed_in(client)
    # The code that proved the phone is used up, and the first password with it.
    other = Client()
    assert "不对" in password_step(other, username="lu.jiaotong").text
    password_step(other, username="lu.jiaotong", password="lake-water-on-paper")
    assert "刚用过" in other.post("/sign-in/staff/code/", {"code": code}).text


@pytest.mark.parametrize(
    ("password", "again", "sentence"),
    [
        ("lake-water-on-paper", "lake-water-on-papre", "两次填的密码不一样"),
        (PASSWORD, PASSWORD, "不能和现在的一样"),
        ("short", "short", "至少要 10 个字符"),
        ("password123", "password123", "这个密码太常见"),
        ("lu.jiaotong1", "lu.jiaotong1", "和登录名太像"),
    ],
)
def test_a_new_password_must_be_good(client: Client, office: Office, password: str, again: str, sentence: str) -> None:
    password_step(client, username="lu.jiaotong")
    answer = client.post("/sign-in/staff/begin/", {"password": password, "again": again, "code": "123456"})
    assert answer.status_code == 422
    assert sentence in answer.text


def test_a_planted_session_is_worth_nothing(client: Client, officer: Officer) -> None:
    client.get("/sign-in/staff/?next=/security/")
    planted = client.session.session_key
    enter(client, officer)
    assert client.session.session_key != planted
    victim = Client()
    victim.cookies["session"] = planted
    assert victim.get(GUARDED).status_code == 302


def test_the_session_cookie_is_not_for_scripts_nor_for_other_sites(client: Client, officer: Officer) -> None:
    cookie = enter(client, officer).cookies["session"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


@pytest.mark.parametrize(
    ("wanted", "got"),
    [
        ("/security/?a=1", "/security/?a=1"),
        ("https://evil.example/", None),
        ("//evil.example/", None),
        ("/\\evil.example", None),
        ("///evil.example", None),
        ("javascript:alert(1)", None),
        ("evil.example", None),
    ],
)
def test_next_leads_to_our_own_pages_only(client: Client, officer: Officer, wanted: str, got: str | None) -> None:
    client.get("/sign-in/staff/", {"next": wanted})
    where = enter(client, officer).headers["Location"]
    assert "evil" not in where
    assert where.startswith("/")
    assert got is None or where == got


def test_a_role_ended_meanwhile_counts_for_nothing_at_the_next_request(client: Client, officer: Officer) -> None:
    enter(client, officer)
    assert client.get("/manage/").status_code == 200
    actions.end_role(role=officer.role, by=Actor(system="test"), at=timezone.now())
    assert client.get("/manage/").status_code == 403


def test_a_closed_account_is_out_at_the_next_request(client: Client, officer: Officer) -> None:
    enter(client, officer)
    actions.deactivate_account(account=officer.account, by=Actor(system="test"), at=timezone.now())
    assert client.get(GUARDED).status_code == 302
    assert "登录名或密码不对" in password_step(Client()).text


def test_a_reset_ends_every_session(client: Client, officer: Officer) -> None:
    enter(client, officer)
    actions.reset_sign_in(account=officer.account, by=Actor(system="test"), at=timezone.now())
    assert client.get(GUARDED).status_code == 302


def test_closing_and_opening_again_revives_no_session(client: Client, officer: Officer) -> None:
    enter(client, officer)
    stolen = client.cookies["session"].value
    by = Actor(system="test")
    actions.deactivate_account(account=officer.account, by=by, at=timezone.now())
    actions.reactivate_account(account=officer.account, by=by, at=timezone.now())
    thief = Client()
    thief.cookies["session"] = stolen
    for browser in (client, thief):
        assert browser.get(GUARDED).status_code == 302
        assert not signed_in(browser)
    assert password_step(Client()).status_code == 302, "the officer himself signs in as before"


def test_a_reset_ends_the_step_begun_with_the_old_password(client: Client, office: Office) -> None:
    """Whoever knew the first password of a fresh account alone must not set up its phone after the reset."""
    password_step(client, username="lu.jiaotong")
    page = client.get("/sign-in/staff/begin/")
    secret = "".join(re.search(r'class="code">([A-Z2-7 ]+)<', page.text).group(1).split())  # type: ignore[union-attr]
    actions.reset_sign_in(account=office.colleague.pk, by=Actor(system="test"), at=timezone.now())
    own = {"password": "lake-water-on-paper", "again": "lake-water-on-paper"}
    late = client.post("/sign-in/staff/begin/", own | {"code": second_factor.code_at(secret, timezone.now())})
    assert late.headers["Location"] == "/sign-in/staff/"
    assert not signed_in(client)
    assert not second_factor.enrolled(office.colleague.pk)


def test_an_account_closed_between_the_factors_does_not_come_in(client: Client, officer: Officer) -> None:
    password_step(client)
    actions.deactivate_account(account=officer.account, by=Actor(system="test"), at=timezone.now())
    assert client.post("/sign-in/staff/code/", {"code": officer.code()}).headers["Location"] == "/sign-in/staff/"
    assert not signed_in(client)


def test_the_first_factor_goes_stale(client: Client, officer: Officer) -> None:
    password_step(client)
    session = client.session
    session["sign-in"]["at"] = (timezone.now() - timedelta(minutes=11)).isoformat()
    session.save()
    answer = client.post("/sign-in/staff/code/", {"code": officer.code()}, follow=True)
    assert "停得太久" in answer.text
    assert not signed_in(client)


def test_signing_out_is_by_post_and_ends_the_session(client: Client, officer: Officer) -> None:
    enter(client, officer)
    assert client.get("/sign-out/").headers["Location"] == "/"  # opened as a page it does nothing
    assert signed_in(client)
    client.post("/sign-out/")
    assert not signed_in(client)


def test_every_step_wants_the_token_of_the_form(officer: Officer) -> None:
    strict = Client(enforce_csrf_checks=True)
    for page in ("/sign-in/", "/sign-in/staff/", "/sign-in/staff/code/", "/sign-in/staff/begin/", "/sign-out/"):
        assert strict.post(page, {}).status_code == 403, page


def test_a_password_is_changed_and_other_devices_are_out(client: Client, officer: Officer) -> None:
    enter(client, officer)
    other = Client()
    password_step(other)
    other.post("/sign-in/staff/code/", {"code": officer.paper[1]})
    assert signed_in(other)
    form = {"old": "wrong", "password": "reed-and-heron-9", "again": "reed-and-heron-9"}
    assert "现在的密码不对" in client.post("/security/", form).text
    assert client.post("/security/", form | {"old": PASSWORD}).status_code == 302
    assert client.get(GUARDED).status_code == 200
    assert other.get(GUARDED).status_code == 302
    assert Entry.objects.filter(name="access.change_password", object_id=officer.account).count() == 1


def test_an_open_session_is_no_place_to_guess_its_password(client: Client, officer: Officer) -> None:
    enter(client, officer)
    form = {"old": "wrong", "password": "reed-and-heron-9", "again": "reed-and-heron-9"}
    for _ in range(5):
        assert "现在的密码不对" in client.post("/security/", form).text
    assert "请过 15 分钟再来" in client.post("/security/", form | {"old": PASSWORD}).text


def test_new_codes_on_paper_replace_the_old(client: Client, officer: Officer) -> None:
    enter(client, officer)
    assert "刚用过" in client.post("/security/paper/", {"code": officer.code()}).text
    answer = client.post("/security/paper/", {"code": officer.paper[0]})
    fresh = re.findall(r"[A-Z2-9]{5}-[A-Z2-9]{5}", answer.text)
    assert len(set(fresh)) == 10
    assert not set(fresh) & set(officer.paper)
    assert second_factor.paper_left(officer.account) == 10


def test_both_languages_and_a_switch_on_every_step(client: Client, officer: Officer) -> None:
    assert "工作人员登录" in client.get("/sign-in/staff/").text
    english = client.get("/sign-in/staff/?language=en")
    assert "Staff sign-in" in english.text
    assert 'href="?language=zh"' in english.text
    assert "Sign in with your phone" in client.get("/sign-in/").text  # the cookie keeps it
