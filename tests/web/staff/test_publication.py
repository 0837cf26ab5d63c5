"""Publishing a case at the desk: prepared by one, approved by another, taken off."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.engines.cases.conftest import County
from tests.engines.cases.pictures import ASKER
from tests.web.staff.conftest import SignIn, at_stage, opened
from tongban.engines.cases import actions
from tongban.engines.cases.models import Case, Publication
from tongban.engines.cases.outcome import DONE
from tongban.engines.cases.secrets import tracking_code

pytestmark = pytest.mark.django_db
BODY = "我是陆文员，电话13800000002，住泖口村3幢501室。夜班公交停了，车牌浙F12345的班车也没有。"


def address(key: int) -> str:
    return f"/desk/cases/{key}/publication/"


def page(client: Client, key: int) -> str:
    return client.get(address(key)).content.decode()


def proposed(client: Client, key: int) -> dict[str, str]:
    """What stands in the form's text fields."""
    form = client.get(address(key)).context["form"]
    return {name: form[name].value() for name in ("title", "question", "answer") if name in form.fields}


def waiting(client: Client, key: int) -> int:
    """The version that waits for approval."""
    found: int = client.get(address(key)).context["sheet"].waiting.pk
    return found


def prepare(client: Client, key: int, **more: str) -> int:
    given = {"do": "prepare", "place": "village", **proposed(client, key), **more}
    return client.post(address(key), given).status_code


@pytest.fixture
def second(county: County) -> str:
    county.officer("程受理", "企业受理", "agent")
    return "程受理"


def test_one_prepares_another_approves_and_everybody_reads(county: County, sign_in: SignIn, second: str) -> None:
    key = at_stage(county, "answered", body=BODY)
    first = sign_in("沈受理")
    texts = proposed(first, key)
    assert texts["question"] == "我是【姓名】，电话【电话】，住泖口村【门牌】。夜班公交停了，车牌【车牌】的班车也没有。"
    assert prepare(first, key) == 302
    number = Publication.objects.get().number
    assert Client().get(f"/matters/{number}/").status_code == 404, "what waits is not public"
    own = page(first, key)
    assert "请另一位同事批准" in own
    assert 'value="approve"' not in own

    other = sign_in(second)
    html = page(other, key)
    assert "<del>13800000002</del>" in html
    assert "<ins>【电话】</ins>" in html
    version = waiting(other, key)
    unread = other.post(f"/desk/cases/{key}/publication/", {"do": "approve", "version": version})
    assert unread.status_code == 422
    assert "逐字看过" in unread.content.decode()
    done = other.post(f"/desk/cases/{key}/publication/", {"do": "approve", "version": version, "read": "1"})
    assert done.status_code == 302

    shown = Client().get(f"/matters/{number}/").content.decode()
    assert "夜班公交停了" in shown
    assert "12月1日起加一班车" in shown
    for hidden in ("陆文员", "13800000002", "3幢501室", "浙F12345", "平湖泖新精密机械"):
        assert hidden not in shown
    assert f"/matters/{number}/" in Client().get("/matters/").content.decode()
    assert f"/matters/{number}/" in Client().get("/").content.decode()

    off = other.post(f"/desk/cases/{key}/publication/", {"do": "withdraw", "reason": "还有细节"})
    assert off.status_code == 302
    gone = Client().get(f"/matters/{number}/")
    assert gone.status_code == 410
    assert "夜班公交" not in gone.content.decode()
    assert "夜班公交" not in Client().get("/matters/").content.decode()


def test_what_still_looks_personal_is_named_and_needs_a_second_tick(
    county: County, sign_in: SignIn, second: str
) -> None:
    key = at_stage(county, "accepted", body=BODY)
    prepare(sign_in("沈受理"), key, question="请打 0573-85012345。")
    other = sign_in(second)
    html = page(other, key)
    assert "<mark>0573-85012345</mark>" in html
    given = {"do": "approve", "version": waiting(other, key), "read": "1"}
    refused = other.post(f"/desk/cases/{key}/publication/", given)
    assert refused.status_code == 422
    assert "还有像个人信息的字样：0573-85012345" in refused.content.decode()
    assert other.post(f"/desk/cases/{key}/publication/", {**given, "sure": "1"}).status_code == 302


def test_an_answer_that_came_later_is_asked_for(county: County, sign_in: SignIn, second: str) -> None:
    key = at_stage(county, "handling", body=BODY)
    assert 'name="answer"' not in page(sign_in("沈受理"), key)
    prepare(sign_in("沈受理"), key)
    approve(sign_in(second), key)
    number = Publication.objects.get().number
    answered(county, key)
    first = Client().get(f"/matters/{number}/").content.decode()
    assert "答复的公开稿还没有批准" in first
    assert "12月1日" not in first
    assert "公开以后又发出了答复" in page(sign_in("沈受理"), key)
    prepare(sign_in("沈受理"), key)
    assert "12月1日" not in Client().get(f"/matters/{number}/").content.decode(), "the new version waits"
    approve(sign_in(second), key)
    assert "12月1日" in Client().get(f"/matters/{number}/").content.decode()
    assert [p.state for p in Publication.objects.order_by("pk")] == ["replaced", "published"]


def approve(client: Client, key: int) -> None:
    given = {"do": "approve", "version": waiting(client, key), "read": "1", "sure": "1"}
    assert client.post(f"/desk/cases/{key}/publication/", given).status_code == 302


def answered(county: County, key: int) -> None:
    from tongban.engines.cases import actions

    now = timezone.now() + timedelta(seconds=1)
    worker, reviewer = county.officers["俞经办"], county.officers["钱审核"]
    actions.answer(outcome=DONE, case=key, text="12月1日起加一班车。", by=worker, at=now)
    actions.approve(case=key, by=reviewer, at=now)
    actions.send(case=key, by=reviewer, at=now)


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"confidential": True}, "提出人要求保密"),
        ({"kept_private": True}, "提出人选了不公开"),
        ({"about": "人社局"}, "投诉单位"),
    ],
)
def test_some_cases_are_never_offered(county: County, sign_in: SignIn, more: dict[str, object], why: str) -> None:
    if "about" in more:
        more = {"about": county.units[str(more["about"])].pk}
    key = at_stage(county, "accepted", body=BODY, **more)
    client = sign_in("沈受理")
    assert "/publication/" not in client.get(f"/desk/cases/{key}/").content.decode()
    assert why in page(client, key)
    refused = client.post(
        f"/desk/cases/{key}/publication/", {"do": "prepare", "title": "x", "question": "y", "place": "town"}
    )
    assert refused.status_code == 422
    assert not Publication.objects.exists()


def test_a_unit_reads_and_a_stranger_finds_nothing(county: County, sign_in: SignIn) -> None:
    key = at_stage(county, "handling", body=BODY)
    assert sign_in("俞经办").get(f"/desk/cases/{key}/publication/").status_code == 200
    assert 'value="prepare"' not in page(sign_in("俞经办"), key)
    assert sign_in("孙协办").get(f"/desk/cases/{key}/publication/").status_code == 404
    assert sign_in("陆文员").get(f"/desk/cases/{key}/publication/").status_code in (302, 403)


def test_a_new_request_is_not_published(county: County, sign_in: SignIn) -> None:
    key = opened(county)
    answer = prepare_without_form(sign_in("沈受理"), key)
    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert Case.objects.get(pk=key).state == "new"


def prepare_without_form(client: Client, key: int) -> object:
    given = {"do": "prepare", "title": "公交", "question": "公交停了", "place": "village"}
    return client.post(f"/desk/cases/{key}/publication/", given)


@pytest.mark.parametrize("version", ["", "x", "-1", "²", "9" * 30, "9" * 5000])
def test_a_version_that_cannot_be_one_is_refused_like_one_that_is_no_more(
    county: County, sign_in: SignIn, second: str, version: str
) -> None:
    key = at_stage(county, "answered", body=BODY)
    assert prepare(sign_in("沈受理"), key) == 302
    answer = sign_in(second).post(address(key), {"do": "approve", "version": version, "read": "1"})
    assert answer.status_code == 422
    assert "刚才改过" in answer.content.decode()
    assert Publication.objects.get().state == "prepared"


def test_words_written_for_what_was_kept_private_meanwhile_come_back(county: County, sign_in: SignIn) -> None:
    key = at_stage(county, "answered", body=BODY)
    client = sign_in("沈受理")
    given = {"do": "prepare", "place": "village", **proposed(client, key), "question": "夜班的公交没有了。"}
    actions.keep_private(case=key, by=ASKER, at=timezone.now(), proof=tracking_code(key))
    late = client.post(address(key), given)
    assert late.status_code == 422
    assert late.content.decode().count("夜班的公交没有了。") == 1
    gone = sign_in("王受理").post(address(key), given)
    assert (gone.status_code, "夜班的公交没有了。" in gone.content.decode()) == (404, True)
