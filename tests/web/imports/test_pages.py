"""A table is brought, looked at, imported, watched and taken back, on pages alone."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.engines.cases.conftest import County
from tests.web.staff.conftest import SignIn
from tongban.core.files import uploads
from tongban.core.ledger.worker import run_pending
from tongban.engines.cases import actions
from tongban.engines.cases.models import Batch, Case, Mapping

LETTERS = Path(__file__).resolve().parents[2] / "fixtures/imports/letters.csv"


@pytest.fixture
def agent(sign_in: SignIn) -> Client:
    return sign_in("王受理")


def bring(client: Client, content: bytes | None = None, name: str = "来信.csv", **more: str) -> str:
    """Upload; gives the address of the next step."""
    file = SimpleUploadedFile(name, LETTERS.read_bytes() if content is None else content)
    given = {"file": file, "programme": "community", "source": "letters", **more}
    answer = client.post(reverse("web:import"), given)
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def chosen(page: str) -> dict[str, str]:
    """The choice that the page would send: what was looked at is what is imported."""
    return dict(re.findall(r'<input type="hidden" name="(c-\w+)" value="(\d*)">', page))


def work() -> None:
    assert not run_pending(timezone.now() + timedelta(seconds=1)).errors


def whole(client: Client) -> int:
    """From the upload to the worker's end; gives the batch."""
    step = bring(client)
    answer = client.post(step, chosen(client.get(step).content.decode()))
    assert answer.status_code == 302
    work()
    return Batch.objects.latest("pk").pk


def test_a_table_walks_from_upload_to_cases(agent: Client) -> None:
    step = bring(agent)
    page = agent.get(step).content.decode()
    assert "来信.csv" in page
    assert chosen(page)["c-body"] == "5"
    assert "看不懂时间“前天下午”" in page
    assert "泖口村" in page
    assert not Case.objects.exists()
    answer = agent.post(step, chosen(page))
    batch = Batch.objects.get()
    assert answer["Location"] == reverse("web:import-batch", args=[batch.pk])
    assert "在排队" in agent.get(answer["Location"]).content.decode()
    work()
    page = agent.get(answer["Location"]).content.decode()
    assert "已导入" in page
    assert Case.objects.filter(batch=batch).count() == 9
    assert agent.get(reverse("web:import-progress", args=[batch.pk]))["HX-Refresh"] == "true"
    assert "来信.csv" in agent.get(reverse("web:import")).content.decode()


def test_preview_and_result_say_what_joins_the_queue(agent: Client) -> None:
    step = bring(agent)
    page = agent.get(step).content.decode()
    answer = agent.post(step, chosen(page))
    work()
    waiting = Case.objects.filter(state="new").count()
    told = f"{9 - waiting} 件带有答复，导入即办结；{waiting} 件没有答复（或只有收悉回执）"
    assert f"{told}，将进入待受理" in page
    assert f"{told}，已进入待受理" in agent.get(answer["Location"]).content.decode()
    tags = re.findall(r'<span class="tag">([^<]*)</span>', page.split('id="first"', 1)[1])
    assert (tags.count("新开，进入待受理"), tags.count("新开，导入即办结")) == (waiting, 9 - waiting)


def test_a_number_that_comes_twice_in_the_file_is_not_called_imported_before(agent: Client) -> None:
    twice = "编号,内容\n1,甲\n1,甲\n1,乙\n".encode()
    page = agent.get(bring(agent, twice)).content.decode()
    assert page.count("没变：与第 2 行编号相同") == 2
    assert "与第 2 行编号相同，内容也一样" in page
    assert "与第 2 行编号相同，但正文不一样" in page
    assert "没变：以前导入过" not in page


def test_an_imported_case_says_where_it_came_from_and_names_no_doer(agent: Client) -> None:
    batch = whole(agent)
    case = Case.objects.get(external_id="101", batch=batch)
    page = agent.get(f"/desk/cases/{case.pk}/").content.decode()
    story = page.split('class="story"', 1)[1].split("</ol>", 1)[0]
    assert "原平台已答复（由导入带入）" in story
    assert "王受理" not in story
    facts = re.sub(r"<[^>]+>", " ", page.split('id="facts"', 1)[1])
    for told in (r"来自系统\s+letters", r"原编号\s+101", r"导入人\s+王受理"):
        assert re.search(told, facts)
    found = agent.post("/desk/search/", {"q": "101"}, follow=True).content.decode()
    assert f"/desk/cases/{case.pk}/" in found


def test_everything_is_said_in_english_too(sign_in: SignIn) -> None:
    client = sign_in("王受理", language="en")
    batch = whole(client)
    for address in (reverse("web:import"), reverse("web:import-batch", args=[batch]), bring(client)):
        page = client.get(address).content.decode()
        visible = re.sub(r"<[^>]+>", " ", page.split("<main", 1)[1])
        ours = re.sub(r"letters|来信.csv|王受理|[“”].*?[“”]", "", visible)
        assert "Rows" in ours
        assert "导入" not in ours
    assert "Please write it like" in client.get(reverse("web:import-batch", args=[batch])).content.decode()


def test_other_columns_can_be_chosen_and_kept_and_come_back_by_themselves(agent: Client) -> None:
    step = bring(agent)
    choice = {"c-body": "3", "c-external_id": "0", "c-time": "4"}
    page = agent.get(step, choice).content.decode()
    assert chosen(page)["c-body"] == "3"
    assert chosen(page)["c-reply"] == ""
    agent.post(step, {**chosen(page), "mapping_name": "只要主题"})
    assert Mapping.objects.get().name == "只要主题"
    work()
    assert not Case.objects.filter(state="closed").exists()
    again = bring(agent, source="again")
    assert chosen(agent.get(again).content.decode())["c-body"] == "3"


@pytest.mark.parametrize(
    ("choice", "sentence"),
    [
        ({"c-time": "4"}, "没有认出正文或标题"),
        ({"c-body": "5", "c-title": "5"}, "选了两次"),
        ({"c-body": "99"}, "选择"),
    ],
)
def test_a_choice_that_cannot_be_says_why_and_imports_nothing(
    agent: Client, choice: dict[str, str], sentence: str
) -> None:
    step = bring(agent)
    for answer in (agent.get(step, choice), agent.post(step, choice)):
        assert answer.status_code == 422
        assert sentence in answer.content.decode()
    assert not Batch.objects.exists()


def test_sent_twice_it_is_imported_once(agent: Client) -> None:
    step = bring(agent)
    choice = chosen(agent.get(step).content.decode())
    first, second = agent.post(step, choice), agent.post(step, choice)
    assert first["Location"] == second["Location"]
    work()
    assert Batch.objects.count() == 1
    assert agent.get(step)["Location"] == first["Location"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"", "空的"), (b"<html><table></table>", "网页"), (b"PK\x03\x04 cut", "损坏"), (b"%PDF-1.7 x", "只认")],
)
def test_what_is_no_table_says_so(agent: Client, content: bytes, sentence: str) -> None:
    file = SimpleUploadedFile("x.xls", content)
    answer = agent.post(reverse("web:import"), {"file": file, "programme": "community", "source": "a"}, follow=True)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not list(uploads.folder().glob("*.upload"))


def test_a_body_over_the_bound_is_refused_before_it_is_read(agent: Client) -> None:
    def never(*_: object) -> bytes:
        raise AssertionError("the body was read")

    class Body:
        read = readline = never

    answer = agent.generic(
        "POST", reverse("web:import"), b"", content_type="multipart/form-data; boundary=x",
        **{"CONTENT_LENGTH": str(40 * 1024**2), "wsgi.input": Body()},
    )  # fmt: skip
    assert answer.status_code == 413
    assert "20 MiB" in answer.content.decode()


def test_the_form_is_protected_from_other_sites(county: County) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(county.accounts["王受理"], backend="tongban.web.signin.backend.AccountBackend")
    file = SimpleUploadedFile("a.csv", LETTERS.read_bytes())
    answer = client.post(reverse("web:import"), {"file": file, "programme": "community", "source": "a"})
    assert answer.status_code == 403
    assert not list(uploads.folder().glob("*.upload"))


def test_the_rows_left_out_are_downloaded_mended_and_brought_again(agent: Client) -> None:
    batch = whole(agent)
    answer = agent.get(reverse("web:import-refused", args=[batch]))
    text = b"".join(answer).decode("utf-8-sig")
    assert answer["Content-Type"].startswith("text/csv")
    assert len(text.splitlines()) == 3
    step = bring(agent, text.replace("前天下午", "2019/6/2 8:00").encode())
    agent.post(step, chosen(agent.get(step).content.decode()))
    work()
    assert Case.objects.get(external_id="110").opened_precision == "minute"


def test_an_import_is_undone_after_being_asked(agent: Client) -> None:
    batch = whole(agent)
    address = reverse("web:import-undo", args=[batch])
    assert "撤销 9 件" in agent.get(address).content.decode()
    assert agent.post(address).status_code == 302
    assert agent.post(address).status_code in (302, 409)  # pressed twice
    work()
    assert "已撤销" in agent.get(reverse("web:import-batch", args=[batch])).content.decode()
    assert set(Case.objects.filter(batch=batch).values_list("state", flat=True)) == {"undone"}


def test_an_import_on_which_somebody_acted_names_the_cases(agent: Client, county: County) -> None:
    batch = whole(agent)
    case = Case.objects.get(external_id="107")
    actions.accept(case=case.pk, by=county.officers["王受理"], at=timezone.now())
    for answer in (
        agent.get(reverse("web:import-undo", args=[batch])),
        agent.post(reverse("web:import-undo", args=[batch])),
    ):
        assert f"330482-{case.pk:06}" in answer.content.decode()
    assert not Case.objects.filter(state="undone").exists()


def test_a_file_can_be_taken_away_before_anything_happens(agent: Client) -> None:
    step = bring(agent)
    assert agent.post(f"{step}discard/").status_code == 302
    assert not list(uploads.folder().glob("*.upload"))
    assert agent.get(step).status_code == 410


@pytest.mark.parametrize("name", ["俞经办", "钱审核", "沈受理", None])
def test_nobody_but_an_agent_of_the_desk_sees_or_does_anything(
    agent: Client, sign_in: SignIn, name: str | None
) -> None:
    batch, step = whole(agent), bring(agent)
    client = sign_in(name) if name else Client()
    addresses = [step, *(reverse(f"web:import-{n}", args=[batch]) for n in ("batch", "progress", "refused", "undo"))]
    for address in addresses:
        assert client.get(address).status_code in (302, 403, 404, 410), address
    assert client.post(reverse("web:import-undo", args=[batch])).status_code in (302, 403, 404)
    assert client.post(step, {"c-body": "5"}).status_code in (302, 403, 410)
    client.post(f"{step}discard/")
    assert agent.get(step).status_code == 200
    assert not Case.objects.filter(state="undone").exists()
    assert Batch.objects.count() == 1


def test_a_colleague_at_the_same_desk_does_not_see_my_upload(agent: Client, county: County, sign_in: SignIn) -> None:
    county.officer("李受理", "民生受理", "agent")
    assert sign_in("李受理").get(bring(agent)).status_code == 410


def test_nothing_that_a_table_holds_becomes_part_of_the_page(agent: Client) -> None:
    evil = '编号,标题,内容,时间\n1,<script>alert(1)</script>,"<img src=x onerror=alert(1)>",<b>昨天</b>\n'.encode()
    page = agent.get(bring(agent, evil, name="<i>.csv")).content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "<b>昨天" not in page
    assert "<i>.csv" not in page


def test_the_list_of_imports_takes_few_queries(agent: Client, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    whole(agent)
    whole(agent)
    with django_assert_max_num_queries(6):
        agent.get(reverse("web:import"))


def test_a_missing_file_is_to_be_chosen(agent: Client) -> None:
    page = agent.post("/import/", {"source": "lyb"})
    assert page.status_code == 422
    assert "请选“表格文件”。" in page.content.decode()
