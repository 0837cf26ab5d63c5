"""The desk's list of public texts that wait for approval, and the outcome on the pages that officers and everybody read."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.engines.cases.conftest import County
from tests.web.staff.conftest import SignIn, at_stage, opened
from tests.web.staff.test_publication import address, prepare, waiting
from tongban.engines.cases import actions
from tongban.engines.cases.models import Case, Publication
from tongban.engines.cases.outcome import Outcome
from tongban.engines.cases.secrets import case_number

pytestmark = pytest.mark.django_db
LIST = "/desk/approvals/"
BECAUSE = "陆文员所说的路段是永久基本农田，条例不许。"


@pytest.fixture
def second(county: County) -> str:
    county.officer("程受理", "企业受理", "agent")
    return "程受理"


def undone(county: County) -> int:
    """A firm's case that was answered: not done, because of the law."""
    key = at_stage(county, "handling")
    now = timezone.now()
    actions.answer(
        case=key, text="已到现场看过，交通局俞负责。", outcome=Outcome("not_done", "law", BECAUSE),
        by=county.officers["俞经办"], at=now,
    )  # fmt: skip
    actions.approve(case=key, by=county.officers["钱审核"], at=now)
    actions.send(case=key, by=county.officers["沈受理"], at=now)
    return key


def test_what_waits_stands_there_with_writer_since_and_due(county: County, sign_in: SignIn, second: str) -> None:
    first, other = sign_in("沈受理"), sign_in(second)
    assert "没有等批的公开稿" in first.get(LIST).content.decode()
    key = at_stage(county, "answered")
    prepare(first, key, title="恢复夜班公交")
    own, theirs = (client.get(LIST).content.decode() for client in (first, other))
    for page in (own, theirs):
        assert "恢复夜班公交" in page
        assert case_number(key) in page
        assert f'href="{address(key)}?back=approvals"' in page
    assert "您准备的" in own
    assert "等同事批" in own
    assert "准备：沈受理" in theirs
    assert "等您批" in theirs
    assert "超期" not in theirs
    Publication.objects.update(prepared_at=timezone.now() - timedelta(days=14))
    assert "超期" in other.get(LIST).content.decode()
    english = sign_in(second, "en").get(LIST).content.decode()
    assert "Texts to approve" in english
    assert "Prepared by 沈受理" in english


def test_the_desks_front_tells_how_many_wait(county: County, sign_in: SignIn, second: str) -> None:
    key = at_stage(county, "answered")
    for count in (0, 1):
        for name in ("沈受理", second):
            page = sign_in(name).get("/desk/").content.decode()
            assert f'href="{LIST}">待批公开稿<span class="count">{count}</span>' in page
        if not count:
            prepare(sign_in("沈受理"), key)
    for name in ("王受理", "俞经办"):
        assert '待批公开稿<span class="count">1' not in sign_in(name).get("/desk/").content.decode()
    assert "待批公开稿" not in sign_in("俞经办").get("/desk/").content.decode()


def test_from_the_list_to_the_text_and_back(county: County, sign_in: SignIn, second: str) -> None:
    keys = [at_stage(county, "answered") for _ in range(2)]
    first, other = sign_in("沈受理"), sign_in(second)
    for key in keys:
        prepare(first, key)
    there = f"{address(keys[0])}?back=approvals"
    assert f'href="{LIST}"' in other.get(there).content.decode()
    done = other.post(there, {"do": "approve", "version": waiting(other, keys[0]), "read": "1"})
    assert (done.status_code, done["Location"]) == (302, LIST)
    done = other.post(f"{address(keys[1])}?back=approvals", {"do": "withdraw", "reason": "还认得出是谁"})
    assert (done.status_code, done["Location"]) == (302, LIST)
    assert sorted(Publication.objects.values_list("state", flat=True)) == ["published", "withdrawn"]
    assert "没有等批的公开稿" in other.get(LIST).content.decode()


def test_another_desk_and_a_bureau_see_none_of_them(county: County, sign_in: SignIn) -> None:
    key = at_stage(county, "answered")
    prepare(sign_in("沈受理"), key, title="恢复夜班公交")
    assert "恢复夜班公交" not in sign_in("王受理").get(LIST).content.decode()
    reviewer = sign_in("钱审核").get(LIST)
    assert reviewer.status_code == 200
    assert "恢复夜班公交" not in reviewer.content.decode()
    for name in ("俞经办", "县督办", "秦秘书"):
        assert sign_in(name).get(LIST).status_code == 403
    assert Client().get(LIST).status_code == 302


def test_the_list_asks_the_database_little(
    county: County, sign_in: SignIn, django_assert_max_num_queries: object
) -> None:
    desk = sign_in("沈受理")
    for _ in range(8):
        prepare(desk, opened_and_accepted(county))
    desk.get(LIST)
    with django_assert_max_num_queries(9):  # type: ignore[operator]
        assert desk.get(LIST).content.decode().count("?back=approvals") == 8


def opened_and_accepted(county: County) -> int:
    key = opened(county)
    actions.accept(case=key, by=county.officers["沈受理"], at=timezone.now())
    return key


def test_everybody_reads_the_outcome_with_the_published_answer(county: County, sign_in: SignIn, second: str) -> None:
    key = undone(county)
    first, other = sign_in("沈受理"), sign_in(second)
    sheet = first.get(address(key)).context["sheet"]
    assert sheet.proposal.answer.endswith("【姓名】所说的路段是永久基本农田，条例不许。"), (
        "the sentence is redacted too"
    )
    prepare(first, key)
    assert "未能解决，因为法律法规或政策不允许" in other.get(address(key)).content.decode()
    other.post(address(key), {"do": "approve", "version": waiting(other, key), "read": "1"})
    number = Publication.objects.get().number
    public = Client(headers={"Accept-Language": "zh"})
    for page in (f"/matters/{number}/", "/matters/", "/matters/?outcome=not_done", "/matters/map/?outcome=not_done"):
        text = public.get(page).content.decode()
        assert "陆文员" not in text
        assert "map" in page or "未能解决，因为法律法规或政策不允许" in text, page
    assert "未能解决，因为" not in public.get("/matters/?outcome=done").content.decode()
    assert public.get("/matters/?outcome=not_done").context["standings"][0][2] == 1
    assert public.get("/matters/?outcome=done").context["standings"][0][2] == 0
    assert public.get("/matters/?outcome=nonsense").context["standings"][0][2] == 1
    # Done again, the old outcome holds no more.
    actions.reopen(case=key, reason="条例改了", by=county.officers["沈受理"], at=timezone.now())
    assert "未能解决，因为" not in public.get(f"/matters/{number}/").content.decode()
    assert public.get("/matters/?outcome=not_done").context["standings"][0][2] == 0


def test_an_officer_writes_it_and_its_reviewer_reads_it(county: County, sign_in: SignIn) -> None:
    key = at_stage(county, "handling")
    worker = sign_in("俞经办")
    typed = {"answer-text": "已到现场看过，交通局俞负责。"}
    missing = worker.post(f"/desk/cases/{key}/answer/", typed)
    assert missing.status_code == 422
    assert "请选“这件事办成了没有（提出人会看到）”" in missing.content.decode()
    bare = worker.post(f"/desk/cases/{key}/answer/", {**typed, "answer-outcome": "not_done"})
    assert "要说明为什么" in bare.content.decode()
    given = {**typed, "answer-outcome": "not_done", "answer-why_not": "law", "answer-because": BECAUSE}
    assert worker.post(f"/desk/cases/{key}/answer/", given).status_code == 302
    reviewed = sign_in("钱审核").get(f"/desk/cases/{key}/").content.decode()
    assert "未能解决，因为法律法规或政策不允许" in reviewed
    assert BECAUSE in reviewed
    # Sent back, the next version begins with what was chosen.
    actions.reject(case=key, reason="问问能不能换地", by=county.officers["钱审核"], at=timezone.now())
    form = worker.get(f"/desk/cases/{key}/").context["first"].form
    assert (form["outcome"].value(), form["why_not"].value(), form["because"].value()) == ("not_done", "law", BECAUSE)


def test_lists_exports_and_the_board_are_narrowed_by_it(county: County, sign_in: SignIn) -> None:
    key = undone(county)
    other = at_stage(county, "answered")
    desk = sign_in("沈受理")
    page = desk.get("/desk/cases/?outcome=not_done").content.decode()
    assert f"/desk/cases/{key}/" in page
    assert f"/desk/cases/{other}/" not in page
    lines = b"".join(desk.get("/desk/cases/?outcome=not_done&format=csv").streaming_content).decode()  # type: ignore[attr-defined]
    assert "未能解决，因为法律法规或政策不允许" in lines
    assert case_number(other) not in lines
    board = desk.get("/desk/board/?period=all").content.decode()
    assert "figure=outcome_not_done" in board
    behind = desk.get("/desk/board/cases/?period=all&figure=outcome_not_done").content.decode()
    assert f"/desk/cases/{key}/" in behind
    assert f"/desk/cases/{other}/" not in behind
    assert Case.objects.get(pk=other).outcome == "done"


def test_an_agenda_and_what_stands_still_can_be_asked_for(county: County, sign_in: SignIn) -> None:
    key = at_stage(county, "handling")
    actions.raise_to_meeting(case=key, kind="monthly", by=county.officers["沈受理"], at=timezone.now())
    desk = sign_in("沈受理")
    assert f"/desk/cases/{key}/" in desk.get("/desk/cases/?agenda=monthly").content.decode()
    for nothing in ("agenda=joint", "stopped=hold", "stopped=pause", "agenda=monthly&stopped=pause", "agenda=x"):
        assert f"/desk/cases/{key}/" not in desk.get(f"/desk/cases/?{nothing}").content.decode(), nothing
