"""The queue, all cases, the search and their export: right rows, safe cells, few queries, nobody else's cases."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.engines.cases.conftest import County
from tests.web.staff.conftest import SignIn, at_stage, opened
from tongban.engines.cases import actions
from tongban.engines.cases.models import Case, CaseScope
from tongban.web.staff import export
from tongban.web.staff.lists import highlighted


def keys_in(page: str) -> list[int]:
    """The cases of a list, in order."""
    return [int(k) for k in re.findall(r'name="key" value="(\d+)"', page)]


def exported(client: Client, address: str) -> list[list[str]]:
    """The rows of a CSV, without its heading."""
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/csv")
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:])))[1:]


def test_the_queue_is_ordered_by_due_time_and_banded(county: County, sign_in: SignIn) -> None:
    keys = [opened(county, body=f"第{n}件") for n in range(4)]
    now = timezone.now()
    for key, due in zip(
        keys,
        (now + timedelta(days=40), now - timedelta(days=1), now + timedelta(days=60), now - timedelta(days=3)),
        strict=True,
    ):
        Case.objects.filter(pk=key).update(due_at=due)
        CaseScope.objects.filter(case=key).update(due_at=due)
    page = sign_in("沈受理").get("/desk/").content.decode()
    assert keys_in(page) == [keys[3], keys[1], keys[0], keys[2]]
    assert re.search(r"已超期 2 ", page)
    assert page.index("已超期 2") < page.index("更晚 2")
    assert keys_in(sign_in("沈受理").get("/desk/?due=late").content.decode()) == [keys[3], keys[1]]


def test_each_queue_holds_what_waits_for_that_office(county: County, sign_in: SignIn) -> None:
    stages = {
        s: at_stage(county, s)
        for s in ("new", "accepted", "assigned", "handling", "review", "approved", "answered", "closed")
    }
    wanted = {
        "沈受理": {"accept": ["new"], "assign": ["accepted"], "send": ["approved"], "close": ["answered"]},
        "俞经办": {"sign_in": ["assigned"], "handle": ["handling"], "mine": ["handling"]},
        "钱审核": {"review": ["review"]},
    }
    for name, views in wanted.items():
        for view, found in views.items():
            page = sign_in(name).get(f"/desk/?view={view}").content.decode()
            assert keys_in(page) == [stages[s] for s in found], (name, view)
            assert 'aria-current="page"' in page
    assert keys_in(sign_in("钱审核").get("/desk/?view=accept").content.decode()) == []


def test_the_queue_pages_without_losing_or_repeating_a_row(county: County, sign_in: SignIn) -> None:
    keys = [opened(county, body=f"第{n}件") for n in range(120)]
    client, address, seen = sign_in("沈受理"), "/desk/", []
    while address:
        page = client.get(address).content.decode()
        seen += keys_in(page)
        following = re.search(r'rel="next" href="([^"]+)"', page)
        address = "/desk/" + following[1].replace("&amp;", "&") if following else ""
    assert sorted(seen) == sorted(keys)
    assert [int(r[0][7:]) for r in exported(client, "/desk/?format=csv")] == seen


def test_an_empty_queue_says_what_would_be_here(county: County, sign_in: SignIn) -> None:
    page = sign_in("沈受理").get("/desk/").content.decode()
    assert "都办完了" in page
    assert "换一个到期日" in sign_in("沈受理").get("/desk/?due=late").content.decode()
    assert "Nothing waits under these filters" in sign_in("沈受理", "en").get("/desk/?due=late").content.decode()


def test_all_cases_are_newest_first_and_narrowed(county: County, sign_in: SignIn) -> None:
    first, second = opened(county), at_stage(county, "handling")
    client = sign_in("沈受理")
    assert keys_in(client.get("/desk/cases/").content.decode()) == [second, first]
    assert keys_in(client.get("/desk/cases/?state=handling").content.decode()) == [second]
    assert keys_in(client.get(f"/desk/cases/?unit={county.units['交通局'].pk}").content.decode()) == [second]
    assert keys_in(client.get("/desk/cases/?area=330482100").content.decode()) == [second, first]
    assert keys_in(client.get("/desk/cases/?programme=community").content.decode()) == []
    assert "没有这样的诉求" in client.get("/desk/cases/?programme=community").content.decode()


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t=", "\r=", "  =", "＝", "＠"])
def test_no_exported_cell_is_a_formula(county: County, sign_in: SignIn, begin: str) -> None:
    opened(county)
    Case.objects.update(title=begin + 'HYPERLINK("x","点我")')
    for address in ("/desk/?format=csv", "/desk/cases/?format=csv", f"/desk/cases/export/?key={Case.objects.get().pk}"):
        (row,) = exported(sign_in("沈受理"), address)
        for cell in row:
            assert not cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＠"))


def test_the_export_is_bounded_and_says_so(county: County, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    for n in range(7):
        opened(county, body=f"第{n}件")
    monkeypatch.setattr(export, "MOST", 5)
    monkeypatch.setattr("tongban.web.staff.lists.LARGE", 3)
    rows = exported(sign_in("沈受理"), "/desk/cases/?format=csv")
    assert len(rows) == 6
    assert "只导出前 5 行" in rows[-1][0]


def test_only_visible_rows_of_a_selection_are_exported(county: County, sign_in: SignIn) -> None:
    mine, other = opened(county), opened(county, programme="community", category="city", firm=None)
    rows = exported(sign_in("沈受理"), f"/desk/cases/export/?key={mine}&key={other}&key=x&key=99999999999999")
    assert [int(r[0][7:]) for r in rows] == [mine]


def test_search_finds_words_numbers_firms_and_whole_phones(county: County, sign_in: SignIn) -> None:
    key = opened(county)
    other = opened(county, body="食堂的水压太小", requester=county.people["陈居民"])
    client = sign_in("沈受理")
    assert county.firm is not None
    for typed in ("公交", f"330482-{key:06d}", str(key)):
        assert keys_in(client.get("/desk/search/", {"q": typed}).content.decode()) == [key], typed
    assert keys_in(client.get("/desk/search/", {"q": county.firm.credit_code}).content.decode()) == [other, key]
    assert keys_in(client.post("/desk/search/", {"q": "138 0000 0002"}).content.decode()) == [key]
    assert keys_in(client.post("/desk/search/", {"q": "13800000001"}).content.decode()) == [other]
    assert keys_in(client.post("/desk/search/", {"q": "13800000003"}).content.decode()) == []
    assert keys_in(sign_in("孙协办").get("/desk/search/", {"q": "公交"}).content.decode()) == []


def test_a_phone_number_never_stands_in_an_address(county: County, sign_in: SignIn) -> None:
    opened(county)
    client = sign_in("沈受理")
    answer = client.post("/desk/search/", {"q": "13800000002"})
    assert answer.status_code == 200
    assert "q=138" not in answer.content.decode()
    kept = client.get("/desk/search/", {"q": "13800000002"})
    assert keys_in(kept.content.decode()) == []
    assert "不能写在网址里" in kept.content.decode()
    moved = client.post("/desk/search/", {"q": "公交"})
    assert moved.status_code == 302
    assert moved["Location"].startswith("/desk/search/?q=")


def test_whoever_may_not_know_the_author_is_told_that_he_cannot_search_by_phone(
    county: County, sign_in: SignIn
) -> None:
    opened(county)
    county.officer("督办", "交通局", "supervisor")
    client = sign_in("督办")
    for page in (
        client.post("/desk/search/", {"q": "13800000002"}).content.decode(),
        client.get("/desk/search/", {"q": "13800000002"}).content.decode(),
    ):
        assert "您的岗位不能按手机号找" in page
        assert "手机号要写全" not in page
        assert "不能写在网址里" not in page
        assert "完整手机号" not in page, "nothing on the page promises it"
    assert "手机号要写全" not in client.get("/desk/search/", {"q": "没有的词"}).content.decode()
    assert "手机号要写全" in sign_in("沈受理").get("/desk/search/", {"q": "没有的词"}).content.decode()


def test_found_words_are_marked_and_the_rest_stays_text() -> None:
    assert highlighted("夜班公交停了", "公交") == [("夜班", False), ("公交", True), ("停了", False)]
    assert highlighted("a(b", "(") == [("a(b", False)]
    assert highlighted("路灯", "") == [("路灯", False)]


@pytest.mark.parametrize(
    "address",
    [
        "/desk/",
        "/desk/?view=accept&due=late",
        "/desk/?area=330482100",
        "/desk/cases/?area=330482100",
        "/desk/cases/",
        "/desk/cases/?state=new",
        "/desk/search/?q=公交",
        "/desk/callbacks/?since=all",
    ],
)
def test_a_list_asks_the_database_little(
    county: County, sign_in: SignIn, django_assert_max_num_queries, address: str
) -> None:  # type: ignore[no-untyped-def]
    for n in range(60):
        opened(county, body=f"公交第{n}件")
    client = sign_in("沈受理")
    client.get(address)
    # Session, account (with its person and unread notices), roles, versions of the reference data; the counts of what
    # waits; and the list with its rows.
    with django_assert_max_num_queries(6):
        assert len(keys_in(client.get(address).content.decode())) in (50, 0)


def test_cases_of_another_desk_are_in_no_list(county: County, sign_in: SignIn) -> None:
    key = opened(county, programme="community", category="city", firm=None)
    client = sign_in("沈受理")
    for address in (
        "/desk/",
        "/desk/cases/",
        f"/desk/search/?q={key}",
        "/desk/search/?q=公交",
        "/desk/board/cases/?period=all&figure=accepted",
    ):
        assert keys_in(client.get(address).content.decode()) == [], address
    actions.accept(case=key, by=county.officers["王受理"], at=timezone.now())
    assert "0 / 0" in client.get("/desk/board/").content.decode()
    assert client.get(f"/desk/cases/{key}/").status_code == 404


@pytest.mark.parametrize(
    "address",
    ["/desk/", "/desk/cases/", "/desk/callbacks/", "/desk/search/", "/desk/board/", "/desk/new/", "/desk/cases/1/"],
)
def test_strangers_sign_in_first_and_residents_are_turned_away(county: County, sign_in: SignIn, address: str) -> None:
    away = Client().get(address)
    assert away.status_code == 302
    assert "next=" in away["Location"]
    assert sign_in("陈居民").get(address).status_code == 403


def test_every_count_of_the_queue_follows_the_filter(county: County, sign_in: SignIn) -> None:
    for n in range(3):
        opened(county, body=f"第{n}件")
    elsewhere = opened(county, body="全县的事", area=county.areas["county"].pk)
    CaseScope.objects.filter(case=elsewhere).update(due_at=timezone.now() - timedelta(days=1))
    client = sign_in("沈受理")
    whole = client.get("/desk/?view=accept").content.decode()
    assert re.search(r"<h1>待受理 <span class=\"quiet\">4</span>", whole)
    page = client.get("/desk/?view=accept&area=330482100").content.decode()
    assert len(keys_in(page)) == 3
    assert "<title>待受理 3 - " in page
    assert re.search(r"<h1>待受理 <span class=\"quiet\">3</span>", page)
    assert '<span class="count">3</span>' in page
    assert '<span class="count">4</span>' not in page
    assert re.search(r'data-state=""><b>0</b>.*?已超期', page, re.S)
    assert [int(n) for n in re.findall(r'<tr class="band"><th[^>]*>[^<\d]+ (\d+)', page)] == [3]
    assert "/desk/?view=assign&amp;area=330482100" in page
    assert '<input type="hidden" name="view" value="accept">' in page
    late = client.get("/desk/?view=accept&due=late").content.decode()
    assert re.search(r"<h1>待受理 · 已超期 <span class=\"quiet\">1</span>", late)
    other = client.get("/desk/?view=accept&programme=community").content.decode()
    assert '<span class="count">0</span>' in other
    assert "看全部事项" in other
    cases = client.get("/desk/cases/?area=330482100").content.decode()
    assert '<span class="count">3</span>' in cases
