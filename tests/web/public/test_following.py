"""Following: by code alone, by code and number, signed in; replying, withdrawing, rating."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.conf import LazySettings
from django.test import Client

from tests.engines.cases.conftest import NOW, County
from tests.web.public.conftest import HOUR, answered, asked, taken_up
from tongban.core import vault
from tongban.core.ledger.actor import Actor
from tongban.core.registry.models import Person
from tongban.engines.cases import actions, secrets
from tongban.engines.cases.models import Case, Rating

pytestmark = pytest.mark.django_db
PHONE = "138 0000 0001"


def at_the_code(case: Case) -> str:
    return f"/track/{secrets.tracking_code(case.pk)}/"


def read(client: Client, path: str) -> str:
    return client.get(path).content.decode()


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


def test_a_long_comment_is_refused_and_nothing_of_it_is_cut(county: County, client: Client) -> None:
    case = for_the_firm(county)
    path = f"/rate/{secrets.rating_token(case.pk)}/"
    long = client.post(path, {"grade": "5", "comment": "好" * 5000})
    assert long.status_code == 422
    assert "最多写 2000 个字，现在有 5000 个" in long.content.decode()
    assert "好" * 5000 in long.content.decode(), "it stays in the form"
    assert Rating.objects.get(case=case).grade is None
    client.post(path, {"grade": "5", "comment": "好" * 1998 + "\r\n\u202e好\u2066\x00"})
    assert Rating.objects.get(case=case).comment == "好" * 1998 + "\n好"


def test_wrong_codes_do_not_close_a_right_rating_link(county: County, client: Client) -> None:
    case = for_the_firm(county)
    for _ in range(25):
        client.get("/rate/1-AAAA/")
    assert client.get("/rate/1-AAAA/").status_code == 429
    assert client.get(f"/rate/{secrets.rating_token(case.pk)}/").status_code == 200


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


def test_a_request_can_be_rated_once_in_five_grades(county: County, client: Client) -> None:
    case = answered(county, asked(county))
    Rating.objects.update(expires_at="2099-01-01T00:00Z")
    path = f"/rate/{secrets.rating_token(case.pk)}/"
    form = read(client, path)
    assert form.count('type="radio"') == 5
    assert "请在五个等级里选一个" in client.post(path, {"comment": "好"}).content.decode()
    thanks = client.post(path, {"grade": "4", "comment": "很快"}).content.decode()
    assert "谢谢" in thanks
    assert "重新办" not in thanks
    assert f'href="/track/{secrets.tracking_code(case.pk)}/"' in thanks
    again = client.post(path, {"grade": "1"})
    assert again.status_code == 410
    assert "您已评过" in again.content.decode()
    case.refresh_from_db()
    assert case.grade == 4


def test_who_is_unhappy_is_told_that_it_is_done_again_and_by_when(county: County, client: Client) -> None:
    case = answered(county, asked(county))
    Rating.objects.update(expires_at="2099-01-01T00:00Z")
    told = client.post(f"/rate/{secrets.rating_token(case.pk)}/", {"grade": "1"}).content.decode()
    assert "您不满意，这件事重新办：交通局，待签收" in told
    assert "前再答复您" in told
    # The strip is that of the new promise, which nobody has kept yet.
    page = read(client, at_the_code(case))
    assert "待签收" in page
    assert "按时" not in page


def test_a_late_and_a_wrong_rating_link_say_why(county: County, client: Client) -> None:
    case = answered(county, asked(county))
    Rating.objects.update(expires_at="2020-01-01T00:00Z")
    assert "评价期已过" in read(client, f"/rate/{secrets.rating_token(case.pk)}/")
    wrong = client.get(f"/rate/{case.pk}-AAAAAAAAAAAAAAAAAAAA/")
    assert wrong.status_code == 404
    assert "评价链接不对" in wrong.content.decode()


def test_who_worked_on_it_never_rates_it(county: County, as_person: Callable[[str], Client]) -> None:
    case = answered(county, asked(county))
    Rating.objects.update(expires_at="2099-01-01T00:00Z")
    answer = as_person("俞经办").post(f"/rate/{secrets.rating_token(case.pk)}/", {"grade": "5"})
    assert "办理人不能评价自己办的件" in answer.content.decode()
    case.refresh_from_db()
    assert case.grade is None


# -- signed in ---------------------------------------------------------------------------------------------------------


def test_my_requests_are_mine_alone(county: County, as_person: Callable[[str], Client]) -> None:
    mine, other = asked(county, "我的路灯"), asked(county, "别人的事", name="陆文员")
    client = as_person("陈居民")
    html = read(client, "/my/")
    assert "我的路灯" in html
    assert "别人的事" not in html
    assert client.get(f"/my/{mine.pk}/").status_code == 200
    assert client.get(f"/my/{other.pk}/").status_code == 404
    assert client.get("/my/999999/").status_code == 404


def test_my_requests_go_back_page_by_page(county: County, as_person: Callable[[str], Client]) -> None:
    for n in range(25):
        asked(county, f"第{n:02}件事")
    client = as_person("陈居民")
    first = read(client, "/my/")
    assert "第24件事" in first
    assert "第00件事" not in first
    after = first.split("?after=")[1].split('"')[0]
    assert "第00件事" in read(client, f"/my/?after={after}")


def test_a_list_of_mine_takes_few_queries(
    county: County, as_person: Callable[[str], Client], django_assert_max_num_queries: Callable[[int], object]
) -> None:
    for n in range(20):
        asked(county, f"第{n}件事")
    client = as_person("陈居民")
    read(client, "/my/")
    # Session, account, roles, mandates and versions are asked on every page; the rest is this page's.
    with django_assert_max_num_queries(6):  # type: ignore[attr-defined]
        read(client, "/my/")


def test_the_asker_sees_his_answer_and_is_asked_to_rate(county: County, as_person: Callable[[str], Client]) -> None:
    case = answered(county, asked(county))
    Rating.objects.update(expires_at="2099-01-01T00:00Z")
    html = read(as_person("陈居民"), f"/my/{case.pk}/")
    assert "路灯明天修好" in html
    assert f"/rate/{secrets.rating_token(case.pk)}/" in html
    assert "俞经办" not in html


def test_the_asker_replies_and_withdraws(county: County, as_person: Callable[[str], Client]) -> None:
    case = taken_up(county, asked(county))
    actions.ask(case=case.pk, question="哪一盏灯？", by=county.officers["俞经办"], at=NOW + 2 * HOUR)
    client = as_person("陈居民")
    assert "哪一盏灯" in read(client, f"/my/{case.pk}/")
    client.post(f"/my/{case.pk}/", {"do": "reply", "reply": "南门第二盏"})
    assert case.inquiries.get().reply == "南门第二盏"
    client.post(f"/my/{case.pk}/", {"do": "withdraw", "reason": "好了"})
    case.refresh_from_db()
    assert case.state == "withdrawn"
    refused = client.post(f"/my/{case.pk}/", {"do": "withdraw", "reason": "再来一次"})
    assert refused.status_code == 422


@pytest.mark.parametrize(("language", "words"), [("zh", "要为他们接着办"), ("en", "the matter goes on for them")])
@pytest.mark.parametrize("way", ["account", "code"])
def test_while_others_have_asked_the_same_the_page_says_why_it_is_not_withdrawn(
    county: County, as_person: Callable[[str], Client], client: Client, language: str, words: str, way: str
) -> None:
    case, other = asked(county), asked(county, name="陆文员")
    path = at_the_code(case) if way == "code" else f"/my/{case.pk}/"
    if way == "account":
        as_person("陈居民")
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = language
    client.post(path, {"do": "prove", "phone": PHONE})
    assert 'value="withdraw"' in read(client, path)
    assert words not in read(client, path)
    actions.merge(case=other.pk, into=case.pk, by=county.officers["王受理"], at=NOW)
    assert 'value="withdraw"' not in read(client, path)
    assert words in read(client, path)
    assert words not in read(Client(headers={"Accept-Language": language}), at_the_code(case)), (
        "the code alone tells no such thing"
    )
    refused = client.post(path, {"do": "withdraw", "reason": "已经修好了"})
    assert refused.status_code == 422
    assert refused.content.decode().count(words) == 1
    assert "已经修好了" in refused.content.decode()
    case.refresh_from_db()
    assert case.state == "new"


def test_a_cosigner_follows_but_does_not_withdraw(county: County, as_person: Callable[[str], Client]) -> None:
    case = asked(county, cosigners=(county.people["陆文员"],))
    client = as_person("陆文员")
    html = read(client, f"/my/{case.pk}/")
    assert secrets.tracking_code(case.pk) not in html
    assert "撤回这一件" not in html
    answer = client.post(f"/my/{case.pk}/", {"do": "withdraw", "reason": "我说了算"})
    assert answer.status_code == 422
    assert "没有办成" in answer.content.decode()
    assert "我说了算" in answer.content.decode()
    case.refresh_from_db()
    assert case.state == "new"


def test_an_officer_sees_his_own_matters_as_any_asker_does(county: County, as_person: Callable[[str], Client]) -> None:
    case = taken_up(county, asked(county))
    assert as_person("俞经办").get(f"/my/{case.pk}/").status_code == 404


# -- who is asked for a rating -----------------------------------------------------------------------------------------

WELCOME = "等您评一评"


def for_the_firm(county: County, **more: object) -> Case:
    """A firm's request, answered; the rating is open."""
    case = answered(county, asked(county, "夜班公交停了", firm=county.firm, **more))
    Rating.objects.filter(case=case).update(expires_at="2099-01-01T00:00Z")
    return case


def test_a_rating_is_asked_for_while_it_is_open_and_no_longer(
    county: County, as_person: Callable[[str], Client]
) -> None:
    case = for_the_firm(county)
    firm = f"/my/firm/{county.firm.pk}/"  # type: ignore[union-attr]
    for name, pages in (("陈居民", ("/my/", "/")), ("陆文员", ("/my/", "/", firm))):
        for page in pages:
            assert WELCOME in read(as_person(name), page), (name, page)
    actions.rate(token=secrets.rating_token(case.pk), grade=4, by=Actor(system="asker"), at=NOW + 5 * HOUR)
    for name, pages in (("陈居民", ("/my/", "/")), ("陆文员", ("/my/", "/", firm))):
        for page in pages:
            assert WELCOME not in read(as_person(name), page), (name, page)


def test_nobody_else_is_asked_for_a_rating(county: County, as_person: Callable[[str], Client]) -> None:
    late = for_the_firm(county)
    Rating.objects.filter(case=late).update(expires_at="2020-01-01T00:00Z")
    assert WELCOME not in read(as_person("陈居民"), "/my/"), "the link is no longer good"
    joint = for_the_firm(county, confidential=True, cosigners=(county.people["陆文员"],))
    assert WELCOME not in read(as_person("陆文员"), "/my/"), "a co-signer rates nothing"
    assert WELCOME in read(as_person("陈居民"), "/my/")
    assert "去评价" in read(as_person("陈居民"), f"/my/{joint.pk}/")
    Case.objects.filter(pk=joint.pk).update(handler=county.accounts["陈居民"])
    assert WELCOME not in read(as_person("陈居民"), "/my/"), "whoever handled it rates nothing"
    assert "去评价" not in read(as_person("陈居民"), f"/my/{joint.pk}/")


# A firm's page asks once more, for what its programmes say of it.
@pytest.mark.parametrize(("page", "queries"), [("/my/", 6), ("/my/firm/{}/", 7)])
def test_a_clerks_lists_take_few_queries(
    county: County,
    as_person: Callable[[str], Client],
    django_assert_max_num_queries: Callable[[int], object],
    page: str,
    queries: int,
) -> None:
    for _ in range(3):
        for_the_firm(county)
    client, address = as_person("陆文员"), page.format(county.firm.pk)  # type: ignore[union-attr]
    read(client, address)
    with django_assert_max_num_queries(queries):  # type: ignore[attr-defined]
        assert read(client, address).count(WELCOME) == 3


# -- the pin -----------------------------------------------------------------------------------------------------------

PIN = {"longitude": 121.052341, "latitude": 30.755678}
COORDINATES = "30.75568, 121.05234"


def test_the_pin_is_shown_to_the_asker_and_to_the_officers_and_not_by_the_code(
    placed: County, as_person: Callable[[str], Client]
) -> None:
    case = taken_up(placed, asked(placed, **PIN))
    for name, page in (
        ("陈居民", f"/my/{case.pk}/"),
        ("王受理", f"/desk/cases/{case.pk}/"),
        ("俞经办", f"/desk/cases/{case.pk}/"),
        ("钱审核", f"/desk/cases/{case.pk}/"),
    ):
        html = read(as_person(name), page)
        assert COORDINATES in html, name
        assert "标记在泖口村附近" in html, name
        assert 'class="chosen"' in html, name
    client = Client()
    assert "121.05" not in read(client, at_the_code(case))
    assert "泖口村" in read(client, at_the_code(case)), "the place in words"
    client.post(at_the_code(case), {"do": "prove", "phone": PHONE})
    assert COORDINATES in read(client, at_the_code(case))
    without = asked(placed)
    assert 'class="chosen"' not in read(as_person("陈居民"), f"/my/{without.pk}/")


def test_a_pin_beyond_the_picture_is_told_in_figures_alone(placed: County, as_person: Callable[[str], Client]) -> None:
    case = asked(placed, longitude=121.5, latitude=31.2)
    html = read(as_person("陈居民"), f"/my/{case.pk}/")
    assert "31.20000, 121.50000" in html
    assert 'class="chosen"' not in html


def test_a_pin_without_known_places_is_told_in_figures(county: County, as_person: Callable[[str], Client]) -> None:
    assert COORDINATES in read(as_person("陈居民"), f"/my/{asked(county, **PIN).pk}/")


# -- what the code tells, and what it does not -------------------------------------------------------------------------


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


def test_with_the_number_the_tracking_page_leads_to_the_rating(county: County, client: Client) -> None:
    case = answered(county, asked(county))
    Rating.objects.update(expires_at="2099-01-01T00:00Z")
    rate = f"/rate/{secrets.rating_token(case.pk)}/"
    assert rate not in read(client, at_the_code(case))
    client.post(at_the_code(case), {"do": "prove", "phone": PHONE})
    assert rate in read(client, at_the_code(case))


def test_the_rating_page_shows_the_answer_to_those_who_have_shown_that_they_may_read_it(
    county: County, as_person: Callable[[str], Client]
) -> None:
    case = answered(county, asked(county))
    Rating.objects.update(expires_at="2099-01-01T00:00Z")
    path = f"/rate/{secrets.rating_token(case.pk)}/"
    by_link = Client()
    html = read(by_link, path)
    assert "路灯明天修好" not in html, "the link may have been passed on"
    assert f'href="{at_the_code(case)}"' in html
    by_link.post(at_the_code(case), {"do": "prove", "phone": PHONE})
    assert "路灯明天修好" in read(by_link, path)
    assert "路灯明天修好" in read(as_person("陈居民"), path)
    assert "路灯明天修好" not in read(as_person("陆文员"), path)
    assert "路灯明天修好" not in read(as_person("俞经办"), path), "as an asker, not as the officer who wrote it"


def test_the_story_tells_the_grade_with_the_comment_to_those_who_may_know(
    county: County, as_person: Callable[[str], Client]
) -> None:
    case = answered(county, asked(county, cosigners=(county.people["陆文员"],)))
    actions.rate(
        token=secrets.rating_token(case.pk), grade=2, comment="还没修好", by=Actor(system="asker"), at=NOW + 5 * HOUR
    )
    for name in ("陈居民", "陆文员"):
        html = read(as_person(name), f"/my/{case.pk}/")
        assert "提出人评价：不满意" in html
        assert "还没修好" in html
    assert "不满意" not in read(Client(), at_the_code(case))


def test_an_ended_request_is_with_nobody(county: County, client: Client) -> None:
    new, declined, done = asked(county), asked(county), answered(county, asked(county))
    actions.decline(case=declined.pk, reason="重复", by=county.officers["王受理"], at=NOW + HOUR)
    assert "在办单位</dt><dd>民生受理" in read(client, at_the_code(new))
    html = read(client, at_the_code(declined))
    assert "在办单位" not in html
    assert "民生受理不予受理" in html, "who ended it stands in the story"
    assert "承办单位</dt><dd>交通局" in read(client, at_the_code(done))
