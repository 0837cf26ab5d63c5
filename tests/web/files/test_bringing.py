"""Files brought with a form: before there is a case, through a refused form, and by those alone whose form it is."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.engines.cases.conftest import NOW, County
from tests.pictures import claiming, jpeg
from tests.web.staff.conftest import SignIn, at_stage
from tongban.core.access import bounds
from tongban.core.files.taking import AT_ONCE
from tongban.engines.cases import actions, secrets
from tongban.engines.cases.models import Attachment, Case
from tongban.web.files import weighing

pytestmark = pytest.mark.django_db
ASK = "/ask/community/"


def photo(name: str = "路灯.jpg", content: bytes = b"") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content or jpeg(), content_type="text/html")  # whatever a browser says it is


def shown_key(html: str) -> str:
    return re.search(r'name="key" value="([^"]+)"', html)[1]  # type: ignore[index]


def words(county: County, html: str, **more: object) -> dict[str, object]:
    given = {"body": "路灯坏了三天", "town": county.areas["town"].pk, "name": "李四", "phone": "13912347710"}
    return {**given, "key": shown_key(html), **more}


def text_of(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined,no-any-return]


def test_a_resident_without_account_or_script_sends_pictures_with_his_words(county: County, client: Client) -> None:
    page = text_of(client.get(ASK))
    sent = client.post(ASK, words(county, page, files=[photo("一.jpg"), photo("二.png.exe")]))
    assert sent.status_code == 302
    rows = Attachment.objects.filter(case=Case.objects.get())
    assert [(r.name, r.kind, r.audience) for r in rows] == [("一.jpg", "jpeg", 2), ("二.png.exe", "jpeg", 2)]


def test_a_file_is_added_before_anything_is_written_and_the_words_stay_as_they_were(
    county: County, client: Client
) -> None:
    page = text_of(client.get(ASK))
    given = words(county, page, body="写了一半", phone="")
    again = text_of(client.post(ASK, {**given, "files": photo(), "add-file": "1"}))
    assert "路灯.jpg" in again
    assert "data:image/jpeg;base64," in again
    assert "写了一半" in again
    assert 'role="alert"' not in again, "nothing is judged yet"
    assert shown_key(again) == given["key"]
    assert not Case.objects.exists()
    client.post(ASK, words(county, again))
    assert [r.name for r in Attachment.objects.all()] == ["路灯.jpg"]


def test_a_refused_form_keeps_what_came_with_it(county: County, client: Client) -> None:
    page = text_of(client.get(ASK))
    refused = client.post(ASK, words(county, page, phone="12", files=photo()))
    assert refused.status_code == 422
    assert "路灯.jpg" in text_of(refused)
    client.post(ASK, words(county, text_of(refused)))
    assert Attachment.objects.count() == 1


def test_a_file_that_cannot_be_taken_is_said_beside_the_other_mistakes_and_the_rest_is_kept(
    county: County, client: Client
) -> None:
    page = text_of(client.get(ASK))
    bad = photo("病毒.exe", b"MZ" + bytes(99))
    refused = client.post(ASK, words(county, page, body="", files=[photo("好.jpg"), bad]))
    html = text_of(refused)
    assert refused.status_code == 422
    assert "“病毒.exe”不是能收的文件" in html
    assert "请写下发生了什么" in html
    assert "好.jpg" in html
    assert not Case.objects.exists()


def test_a_script_adds_and_drops_one_by_one_and_gets_the_list_alone(county: County, client: Client) -> None:
    page = text_of(client.get(ASK))
    ours = {"key": shown_key(page)}
    script = {"X-Files": "list"}
    one = client.post(ASK, {**ours, "files": photo(), "add-file": "1"}, headers=script)
    assert (one.status_code, one["Cache-Control"]) == (200, "no-store")
    assert "<html" not in text_of(one)
    token = re.search(r'name="drop-file" value="([0-9a-f]{32})"', text_of(one))[1]  # type: ignore[index]
    bomb = client.post(
        ASK, {**ours, "files": photo("炸弹.png", claiming(60_000, 60_000)), "add-file": "1"}, headers=script
    )
    assert bomb.status_code == 422
    assert "“炸弹.png”的尺寸太大" in text_of(bomb)
    assert "路灯.jpg" in text_of(bomb)
    other = text_of(client.get(ASK))
    client.post(ASK, {"key": shown_key(other), "drop-file": token}, headers=script)
    assert "路灯.jpg" in text_of(client.post(ASK, {**ours, "drop-file": "0" * 32}, headers=script)), "another's form"
    assert "路灯.jpg" not in text_of(client.post(ASK, {**ours, "drop-file": token}, headers=script))


def test_another_showing_of_the_form_knows_nothing_of_them(county: County, client: Client) -> None:
    first, second = text_of(client.get(ASK)), text_of(client.get(ASK))
    client.post(ASK, {"key": shown_key(first), "files": photo(), "add-file": "1"})
    assert "路灯.jpg" not in text_of(client.post(ASK, {"key": shown_key(second), "add-file": "1"}))
    client.post(ASK, words(county, second))
    assert Attachment.objects.count() == 0


@pytest.mark.parametrize("forged", ["", "community.abc", "community.abc:forged"])
def test_a_key_that_is_none_of_ours_takes_no_file(county: County, client: Client, forged: str) -> None:
    answer = client.post(ASK, {"key": forged, "files": photo(), "add-file": "1"}, headers={"X-Files": "list"})
    assert answer.status_code == 422
    assert "这一页放得太久" in text_of(answer)


def test_sent_twice_it_is_one_case_with_its_files_once(county: County, client: Client) -> None:
    page = text_of(client.get(ASK))
    client.post(ASK, {"key": shown_key(page), "files": photo(), "add-file": "1"})
    first, second = (client.post(ASK, words(county, page)) for _ in range(2))
    # The second is told that it was known: what waited has been used, and nothing else came with it.
    assert Attachment.objects.count() == 1
    assert first["Location"].startswith("/sent/")
    assert second["Location"] == first["Location"]


def test_so_many_files_and_no_more(county: County, client: Client) -> None:
    page = text_of(client.get(ASK))
    many = [photo(f"{n}.txt", "话".encode()) for n in range(AT_ONCE + 1)]
    answer = client.post(ASK, {"key": shown_key(page), "files": many, "add-file": "1"})
    assert f"“{AT_ONCE}.txt”没有收下" in text_of(answer)


def test_whoever_has_not_signed_in_is_counted(county: County, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    few = bounds.Bound("files-address", 2, bounds.FILES_FROM_ADDRESS.window)
    monkeypatch.setattr(bounds, "FILES_FROM_ADDRESS", few)
    page = text_of(client.get(ASK))
    three = [photo(f"{n}.txt", "话".encode()) for n in range(3)]
    answer = text_of(client.post(ASK, {"key": shown_key(page), "files": three, "add-file": "1"}))
    assert "从您这个网络传的文件太多" in answer
    assert "1.txt" in answer


def test_a_body_that_is_too_large_is_refused_unread(county: County, client: Client) -> None:
    answer = client.generic("POST", ASK, b"x", CONTENT_LENGTH=str(weighing.MOST + 1), HTTP_COOKIE="")
    assert answer.status_code == 413
    assert "没有收下" in text_of(answer)


@pytest.mark.parametrize("page", [ASK, "/track/330482-1/", "/my/1/", "/desk/cases/1/answer/", "/desk/new/"])
def test_a_form_that_carries_files_is_guarded_against_forged_requests(county: County, page: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    for name in ("沈受理", "陈居民"):
        strict.force_login(county.accounts[name], backend="tongban.web.signin.backend.AccountBackend")
        answer = strict.post(page, {"files": photo(), "add-file": "1"})
        assert answer.status_code == 403, (page, name)


# -- officers, replies ------------------------------------------------------------------------------------------------


def test_an_officer_s_files_wait_through_a_refused_answer_and_a_lost_session(county: County, sign_in: SignIn) -> None:
    key = at_stage(county, "handling")
    address = f"/desk/cases/{key}/answer/"
    officer = sign_in("俞经办")
    added = text_of(
        officer.post(
            address,
            {"answer-outcome": "done", "answer-text": "写了一半的答复", "files": photo("修好.jpg"), "add-file": "1"},
        )
    )
    assert "修好.jpg" in added
    assert "写了一半的答复" in added
    assert officer.post(address, {"answer-outcome": "done", "answer-text": "已收悉"}).status_code == 409
    again = sign_in("俞经办")
    assert "修好.jpg" in text_of(again.get(f"/desk/cases/{key}/"))
    assert "修好.jpg" not in text_of(sign_in("陆经办").get(f"/desk/cases/{key}/")), "his who fills it in"
    assert (
        again.post(address, {"answer-outcome": "done", "answer-text": "12月1日起加一班车，俞负责。"}).status_code == 302
    )
    (row,) = Attachment.objects.filter(case=key)
    assert row.answer_id is not None
    assert row.by_account == county.accounts["俞经办"].pk
    reviewer = text_of(sign_in("钱审核").get(f"/desk/cases/{key}/"))
    assert f'src="/files/{row.pk}/small/"' in reviewer


def test_an_answer_sent_back_offers_its_files_again(county: County, sign_in: SignIn) -> None:
    key = at_stage(county, "handling")
    officer = sign_in("俞经办")
    given = {
        "answer-outcome": "done",
        "answer-text": "12月1日起加一班车，俞负责。",
        "files": [photo("一.jpg"), photo("二.jpg")],
    }
    officer.post(f"/desk/cases/{key}/answer/", given)
    sign_in("钱审核").post(f"/desk/cases/{key}/reject/", {"reject-reason": "写清楚"})
    one, two = Attachment.objects.filter(case=key).order_by("pk")
    page = text_of(officer.get(f"/desk/cases/{key}/"))
    assert re.search(rf'name="answer-keep" value="{one.pk}"[^>]* checked', page)
    officer.post(
        f"/desk/cases/{key}/answer/",
        {"answer-outcome": "done", "answer-text": "12月1日起加一班车，联系人俞。", "answer-keep": two.pk},
    )
    one.refresh_from_db()
    two.refresh_from_db()
    assert two.answer_id > one.answer_id  # type: ignore[operator]


def test_internal_files_and_an_assisting_unit_s_are_brought_on_the_case_s_page(county: County, sign_in: SignIn) -> None:
    key = at_stage(county, "handling")
    assert sign_in("俞经办").post(f"/desk/cases/{key}/attach/", {"files": photo()}).status_code == 302
    empty = sign_in("沈受理").post(f"/desk/cases/{key}/attach/", {})
    assert empty.status_code == 409
    assert "还没有选文件" in text_of(empty)
    assert [r.audience for r in Attachment.objects.filter(case=key)] == [3]


def test_the_desk_enters_what_a_caller_brings_to_the_counter(county: County, sign_in: SignIn) -> None:
    agent = sign_in("王受理")
    key = re.search(r'name="key" value="([^"]+)"', text_of(agent.get("/desk/new/")))[1]  # type: ignore[index]
    given = {"key": key, "body": "路灯坏了", "category": "city", "area": county.areas["town"].pk, "channel": "desk"}
    refused = agent.post("/desk/new/", {**given, "category": "", "files": photo("来信.jpg")})
    assert refused.status_code == 422
    assert "来信.jpg" in text_of(refused)
    assert agent.post("/desk/new/", given).status_code == 302
    assert [r.name for r in Attachment.objects.all()] == ["来信.jpg"]


def test_a_reply_brings_files_with_an_account_and_with_the_proved_number(
    county: County, sign_in: SignIn, client: Client
) -> None:
    key = at_stage(county, "handling")
    actions.ask(case=key, question="哪一班？", by=county.officers["俞经办"], at=NOW)
    code = secrets.tracking_code(key)
    tracked = f"/track/{code}/"
    before = client.post(tracked, {"do": "reply", "reply": "夜班", "files": photo()})
    assert before.status_code == 422, "nobody has proved anything"
    assert Attachment.objects.count() == 0
    client.post(tracked, {"do": "prove", "phone": "13800000002"})
    added = client.post(tracked, {"do": "reply", "reply": "写一半", "files": photo("站牌.jpg"), "add-file": "1"})
    assert "站牌.jpg" in text_of(added)
    assert "写一半" in text_of(added)
    assert client.post(tracked, {"do": "reply", "reply": "夜班那趟"}).status_code == 302
    (row,) = Attachment.objects.filter(case=key)
    assert row.inquiry_id is not None
    assert f"/files/{row.pk}/small/" in text_of(client.get(tracked))
    actions.ask(case=key, question="还有吗？", by=county.officers["俞经办"], at=NOW)
    mine = sign_in("陆文员")
    assert mine.post(f"/my/{key}/", {"do": "reply", "reply": "没有了", "files": photo("二.jpg")}).status_code == 302
    assert [r.name for r in Attachment.objects.filter(case=key).order_by("pk")] == ["站牌.jpg", "二.jpg"]


def test_other_words_under_a_form_that_was_sent_do_not_take_its_files_along(county: County, client: Client) -> None:
    page = text_of(client.get(ASK))
    client.post(ASK, words(county, page, files=photo()))
    again = client.post(ASK, words(county, page, body="还有一件事"))
    assert again.status_code == 422
    assert "已经随另一份交上来了" in text_of(again)
    token = re.search(r'name="drop-file" value="([0-9a-f]{32})"', text_of(again))[1]  # type: ignore[index]
    client.post(ASK, words(county, page, body="还有一件事", **{"drop-file": token}))
    assert client.post(ASK, words(county, page, body="还有一件事")).status_code == 302
    assert (Case.objects.count(), Attachment.objects.count()) == (2, 1)


def test_administrators_are_told_whether_files_are_looked_through(county: County, sign_in: SignIn, settings) -> None:  # type: ignore[no-untyped-def]
    county.officer("管理", "企业受理", "administrator")
    assert "没有接查毒程序" in text_of(sign_in("管理").get("/manage/"))
    settings.TONGBAN_SCANNER = "clamd:/run/clamav/clamd.ctl"
    page = text_of(sign_in("管理", "en").get("/manage/"))
    assert "None waiting" in page
    assert "No scanner" not in page
