"""Opening a file: who, as what, and what a browser may do with it."""

from __future__ import annotations

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from tests.engines.cases.conftest import NOW, County
from tests.engines.cases.filed import asked, at_work, brought, kept
from tests.engines.visits.conftest import with_rule
from tests.pictures import BESIDE
from tests.web.staff.conftest import SignIn, at_stage
from tongban.engines.cases import actions, secrets
from tongban.engines.cases.models import Case, OpenPicture
from tongban.engines.cases.queries.files import open_copies
from tongban.engines.visits.actions import assign_liaison

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(county: County) -> Case:
    """A resident's case with a picture and a paper, at work in the transport bureau."""
    return at_work(county, asked(county, [*brought("东湖 路灯.jpg"), *brought("说明.txt", content=b"0123456789")]))


def body(response: object) -> bytes:
    return b"".join(response.streaming_content)  # type: ignore[attr-defined]


def test_a_picture_is_shown_and_a_paper_is_kept_and_neither_runs_or_is_stored(case: Case, sign_in: SignIn) -> None:
    picture, paper = kept(case)
    officer = sign_in("俞经办")
    shown, saved = officer.get(f"/files/{picture.pk}/"), officer.get(f"/files/{paper.pk}/")
    for answer in (shown, saved):
        assert answer.status_code == 200
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer["Cache-Control"] == "private, no-store"
    assert shown["Content-Type"] == "image/jpeg"
    assert shown["Content-Disposition"].startswith('inline; filename="')
    assert saved["Content-Disposition"] == ("attachment; filename=\"__.txt\"; filename*=UTF-8''%E8%AF%B4%E6%98%8E.txt")
    content = body(shown)
    assert str(len(content)) == shown["Content-Length"]
    assert not [word for word in BESIDE if word in content]
    with Image.open(io.BytesIO(content)) as seen:
        assert seen.size == (picture.width, picture.height)


@pytest.mark.parametrize(
    ("asked_for", "status", "given", "said"),
    [
        ("bytes=2-4", 206, b"234", "bytes 2-4/10"),
        ("bytes=7-", 206, b"789", "bytes 7-9/10"),
        ("bytes=-3", 206, b"789", "bytes 7-9/10"),
        ("bytes=5-99", 206, b"56789", "bytes 5-9/10"),
        ("bytes=0-1,3-4", 200, b"0123456789", None),
        ("nonsense", 200, b"0123456789", None),
        ("bytes=10-", 416, b"", "bytes */10"),
        ("bytes=6-2", 416, b"", "bytes */10"),
    ],
)
def test_a_stretch_of_a_file(
    case: Case, sign_in: SignIn, asked_for: str, status: int, given: bytes, said: str | None
) -> None:
    answer = sign_in("俞经办").get(f"/files/{kept(case)[1].pk}/", headers={"Range": asked_for})
    assert answer.status_code == status
    assert (body(answer) if answer.streaming else answer.content) == given
    assert answer.headers.get("Content-Range") == said


def test_a_file_that_may_not_be_opened_looks_like_none(
    case: Case, county: County, sign_in: SignIn, client: Client
) -> None:
    picture, _ = kept(case)
    for browser in (client, sign_in("镇经办"), sign_in("沈受理"), sign_in("陆文员")):
        for way in ("", "small/", "look/"):
            refused, none = browser.get(f"/files/{picture.pk}/{way}"), browser.get(f"/files/987654/{way}")
            assert (refused.status_code, none.status_code) == (404, 404)


def test_the_tracking_code_opens_no_file_until_the_number_is_given(case: Case, client: Client) -> None:
    picture, _ = kept(case)
    tracked = f"/track/{secrets.tracking_code(case.pk)}/"
    assert "/files/" not in client.get(tracked).content.decode()
    assert client.get(f"/files/{picture.pk}/").status_code == 404
    client.post(tracked, {"do": "prove", "phone": "13800000001"})
    assert f"/files/{picture.pk}/small/" in client.get(tracked).content.decode()
    assert client.get(f"/files/{picture.pk}/").status_code == 200
    look = client.get(f"/files/{picture.pk}/look/").content.decode()
    assert f'href="{tracked}"' in look
    assert "准备公开" not in look
    client.session.flush()
    client.cookies.clear()
    assert client.get(f"/files/{picture.pk}/").status_code == 404


def test_a_right_that_has_ended_opens_nothing_more(case: Case, county: County, sign_in: SignIn) -> None:
    picture, _ = kept(case)
    officer = sign_in("俞经办")
    assert officer.get(f"/files/{picture.pk}/").status_code == 200
    actions.give_back(case=case.pk, reason="不归我们", by=county.officers["俞经办"], at=NOW)
    assert officer.get(f"/files/{picture.pk}/").status_code == 404


@pytest.mark.parametrize("language", ["zh", "en"])
def test_one_picture_large_with_words_for_it_and_the_way_to_the_next(
    case: Case, county: County, sign_in: SignIn, language: str
) -> None:
    actions.attach(case=case.pk, files=brought("现场.jpg"), by=county.officers["俞经办"], at=NOW)
    first, _, last = kept(case)
    html = sign_in("俞经办", language).get(f"/files/{first.pk}/look/").content.decode()
    alt = "照片 1，提出时附的" if language == "zh" else "Picture 1, with the request"
    assert f'alt="{alt}"' in html
    assert f'href="/files/{last.pk}/look/" rel="next"' in html
    assert f'href="/desk/cases/{case.pk}/"' in html
    assert f"/desk/cases/{case.pk}/pictures/{first.pk}/" in html
    assert "1 / 2" in html
    assert sign_in("俞经办").get(f"/files/{kept(case)[1].pk}/look/").status_code == 404, "a paper is not looked at"
    mine = sign_in("陈居民").get(f"/files/{first.pk}/look/").content.decode()
    assert f'href="/my/{case.pk}/"' in mine
    assert "1 / 1" in mine


def test_the_way_back_from_a_picture_can_be_walked_by_whoever_may_open_it(county: County, sign_in: SignIn) -> None:
    """At work, as the asker, and as the liaison officer who only follows what the firm asked."""
    with_rule(county)
    desk = county.officers["沈受理"]
    liaison = county.accounts["孙协办"].pk
    assign_liaison(firm=county.firm.pk, officer=liaison, by=desk, at=NOW)
    case = Case.objects.get(pk=at_stage(county, "handling", files=tuple(brought("东湖 路灯.jpg"))))
    (picture,) = kept(case)
    for name, back in (
        ("俞经办", f"/desk/cases/{case.pk}/"), ("孙协办", f"/desk/firms/{county.firm.pk}/requests/{case.pk}/"),
    ):  # fmt: skip
        client = sign_in(name)
        assert f'href="{back}"' in client.get(f"/files/{picture.pk}/look/").content.decode(), name
        assert client.get(back).status_code == 200, name


def test_opening_takes_few_queries(case: Case, sign_in: SignIn, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    officer = sign_in("俞经办")
    officer.get(f"/files/{kept(case)[0].pk}/")
    with django_assert_max_num_queries(10):
        officer.get(f"/files/{kept(case)[0].pk}/small/")


def test_the_case_s_page_costs_one_query_more_however_many_files_it_has(
    case: Case, county: County, sign_in: SignIn, django_assert_num_queries
) -> None:  # type: ignore[no-untyped-def]
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    officer = sign_in("俞经办")
    address = f"/desk/cases/{case.pk}/"
    officer.get(address)
    with CaptureQueriesContext(connection) as few:
        officer.get(address)
    actions.attach(case=case.pk, files=brought(*(f"{n}.jpg" for n in range(6))), by=county.officers["俞经办"], at=NOW)
    with django_assert_num_queries(len(few)):
        officer.get(address)


# -- preparing a picture for everybody ---------------------------------------------------------------------------------

BOXES = {"left": ["10", "", ""], "top": ["10", "", ""], "width": ["20", "", ""], "height": ["30.5", "", ""]}


def shown_as(html: str) -> str:
    """What the page says of the result that it shows, to come back with the officer's word."""
    found = re.search(r'name="looked" value="([^"]+)"', html)
    assert found is not None
    return found[1]


def default_button(html: str) -> str:
    """What Enter in a field of the form does: its first button that sends."""
    form = html[html.index('<form method="post" class="pair') :]
    first = next(tag for tag in re.findall("<button[^>]*>", form) if 'type="button"' not in tag)
    return re.findall('name="([^"]+)"', first)[0]


def test_an_officer_draws_looks_and_confirms_without_a_script(case: Case, sign_in: SignIn) -> None:
    picture, _ = kept(case)
    address = f"/desk/cases/{case.pk}/pictures/{picture.pk}/"
    officer = sign_in("俞经办")
    assert 'name="confirm"' not in officer.get(address).content.decode(), "nobody confirms what he has not looked at"
    looked = officer.post(address, {**BOXES, "look": "1"}).content.decode()
    assert 'name="confirm"' in looked
    assert "data:image/jpeg;base64," in looked
    assert 'value="30.5"' in looked
    confirming = {**BOXES, "confirm": "1", "looked": shown_as(looked)}
    unsure = officer.post(address, confirming)
    assert unsure.status_code == 422
    assert "先看一遍效果" in unsure.content.decode()
    assert not OpenPicture.objects.exists()
    done = officer.post(address, {**confirming, "sure": "1"}, follow=True).content.decode()
    assert "已确认" in done
    assert len(open_copies(case.pk)) == 1
    assert "已备公开用图" in officer.get(f"/desk/cases/{case.pk}/").content.decode()
    back = officer.post(address, {"take-back": "1"}, follow=True).content.decode()
    assert "已收回" in back
    assert open_copies(case.pk) == []


@pytest.mark.parametrize(("language", "said"), [("zh", "框和您看过的不一样了"), ("en", "not the boxes whose result")])
def test_only_what_was_looked_at_is_confirmed(
    case: Case, county: County, sign_in: SignIn, language: str, said: str
) -> None:
    (picture, _), officer = kept(case), sign_in("俞经办", language)
    address = f"/desk/cases/{case.pk}/pictures/{picture.pk}/"
    looked = shown_as(officer.post(address, {**BOXES, "look": "1"}).content.decode())
    word = {"confirm": "1", "sure": "1"}
    for changed in ({"width": ["1", "", ""]}, {"left": ["", "", ""], "top": "", "width": "", "height": ""}):
        refused = officer.post(address, {**BOXES, **changed, **word, "looked": looked})
        assert refused.status_code == 422
        assert said in refused.content.decode()
        assert 'name="confirm"' not in refused.content.decode()
    # Nor with nothing, with what was signed for another picture, or by a colleague's look.
    actions.attach(case=case.pk, files=brought("又一张.jpg"), by=county.officers["俞经办"], at=NOW)
    other = f"/desk/cases/{case.pk}/pictures/{kept(case)[-1].pk}/"
    elsewhere = shown_as(officer.post(other, {**BOXES, "look": "1"}).content.decode())
    theirs = shown_as(sign_in("王受理").post(address, {**BOXES, "look": "1"}).content.decode())
    for wrong in ("", "x", elsewhere, theirs):
        assert officer.post(address, {**BOXES, **word, "looked": wrong}).status_code == 422
    assert not OpenPicture.objects.exists()
    assert officer.post(address, {**BOXES, **word, "looked": looked}).status_code == 302


def test_enter_in_a_field_looks_and_neither_confirms_nor_takes_back(
    case: Case, county: County, sign_in: SignIn
) -> None:
    picture, officer = kept(case)[0], sign_in("俞经办")
    address = f"/desk/cases/{case.pk}/pictures/{picture.pk}/"
    assert default_button(officer.get(address).content.decode()) == "look"
    assert default_button(officer.post(address, {**BOXES, "look": "1"}).content.decode()) == "look"
    actions.open_picture(file=picture.pk, regions=[], seen=True, by=county.officers["俞经办"], at=NOW)
    stands = officer.get(address).content.decode()
    assert 'name="take-back"' in stands
    assert default_button(stands) == "look"


@pytest.mark.parametrize(("language", "word"), [("zh", "只能收回"), ("en", "can be taken back")])
def test_of_a_merged_case_a_picture_is_taken_back_and_none_is_prepared(
    case: Case, county: County, sign_in: SignIn, language: str, word: str
) -> None:
    (picture, _), desk = kept(case), county.officers["王受理"]
    actions.open_picture(file=picture.pk, regions=[], seen=True, by=desk, at=NOW)
    officer, address = sign_in("王受理", language), f"/desk/cases/{case.pk}/pictures/{picture.pk}/"
    looked = shown_as(officer.post(address, {**BOXES, "look": "1"}).content.decode())
    actions.merge(case=case.pk, into=asked(county, []).pk, by=desk, at=NOW)
    assert f'href="{address}"' in officer.get(f"/files/{picture.pk}/look/").content.decode()
    html = officer.get(address).content.decode()
    assert word in html
    assert 'name="look"' not in html
    assert officer.post(address, {**BOXES, "confirm": "1", "sure": "1", "looked": looked}).status_code == 422
    assert len(open_copies(case.pk)) == 1
    assert officer.post(address, {"take-back": "1"}, follow=True).status_code == 200
    assert open_copies(case.pk) == []
    assert f'href="{address}"' not in officer.get(f"/files/{picture.pk}/look/").content.decode()


def test_numbers_that_are_no_box_come_back_as_they_were_typed(case: Case, sign_in: SignIn) -> None:
    address = f"/desk/cases/{case.pk}/pictures/{kept(case)[0].pk}/"
    wrong = {"left": "5", "top": "左边", "width": "5", "height": "5", "look": "1"}
    answer = sign_in("王受理").post(address, wrong)
    assert answer.status_code == 422
    assert "第 1 个框不对" in answer.content.decode()
    assert 'value="左边"' in answer.content.decode()


def test_nobody_else_prepares_and_a_picture_of_another_case_is_none(
    case: Case, county: County, sign_in: SignIn
) -> None:
    picture, paper = kept(case)
    other = at_work(county, asked(county, brought("别的.jpg")))
    for name in ("孙协办", "钱审核", "沈受理", "镇经办"):
        assert sign_in(name).get(f"/desk/cases/{case.pk}/pictures/{picture.pk}/").status_code == 404, name
    for key, file in ((other.pk, picture.pk), (case.pk, paper.pk), (case.pk, 98765), (98765, picture.pk)):
        assert sign_in("俞经办").get(f"/desk/cases/{key}/pictures/{file}/").status_code == 404
    taken = sign_in("孙协办").post(
        f"/desk/cases/{case.pk}/pictures/{picture.pk}/",
        {"confirm": "1", "sure": "1", "files": SimpleUploadedFile("a", b"")},
    )
    assert taken.status_code == 404
    assert not OpenPicture.objects.exists()
