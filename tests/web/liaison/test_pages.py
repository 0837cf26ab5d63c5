"""The pages of a firm's file, of visits and of liaison officers: what each reader finds, and what each refuses."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from tests.engines.cases.conftest import County
from tests.web.staff.conftest import SignIn, opened
from tongban.core.access.models import Liaison
from tongban.core.access.viewer import Viewer
from tongban.core.labels import Label
from tongban.core.ledger.worker import run_pending
from tongban.core.registry.models import Firm
from tongban.engines.cases.models import Case
from tongban.engines.programme.declare import Panel, Programme
from tongban.engines.visits import actions
from tongban.engines.visits.actions.timing import missed_at
from tongban.engines.visits.models import Heard, Visit
from tongban.web import panels


def at(name: str, *args: object) -> str:
    return reverse(f"web:{name}", args=args)


def told(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def visit_form(county: County, client: Client, **more: str) -> dict[str, str]:
    form = client.get(at("visit-log", county.firm.pk)).context["form"]
    given = {"key": str(form["key"].value()), "held_at": form["held_at"].value().strftime("%Y-%m-%dT%H:%M")}
    return {**given, "kind": "on_site", "heard": "招不到焊工。", "met": "陆总经理", "outcome": "", **more}


def test_an_officer_appoints_calls_logs_and_enters_a_request(county: County, sign_in: SignIn) -> None:
    desk, firm = sign_in("沈受理"), county.firm.pk
    assert "还没有联络员" in told(desk, at("firm-file", firm))
    assert desk.post(at("liaison-give", firm), {"officer": "孙协办"}).status_code == 302
    officer = sign_in("孙协办")
    assert "平湖泖新" in told(officer, at("my-firms"))
    answer = officer.post(at("visit-log", firm), visit_form(county, officer, raising="on"))
    visit = Visit.objects.get()
    assert answer["Location"] == at("visit-request", visit.pk)
    form = officer.get(answer["Location"]).context["form"]
    assert form["body"].value() == "招不到焊工。"
    sent = {
        "key": str(form["key"].value()), "body": "请联系技校。", "category": "labour", "phone": "13800000009",
        "name": "陆经理", "area": str(county.areas["town"].pk),
    }  # fmt: skip
    assert officer.post(answer["Location"], sent)["Location"] == at("visit", visit.pk)
    case = Case.objects.get()
    assert case.channel == "visit"
    assert "请联系技校" in told(officer, at("visit", visit.pk))
    page = told(officer, at("firm-request", firm, case.pk))
    assert "陆经理" not in page
    assert "请联系技校" in page
    assert desk.get(at("firm-request", firm, case.pk))["Location"] == at("case", case.pk)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("who", ["孙协办", "沈受理", "县督办", "俞经办"])
def test_each_page_opens_in_both_languages(charged: County, sign_in: SignIn, who: str, language: str) -> None:
    opened(charged)
    client = sign_in(who, language=language)
    for name in ("my-firms", "firms"):
        told(client, at(name))
    page = told(client, at("firm-file", charged.firm.pk))
    assert ("陆文员" in page) == (who in ("孙协办", "沈受理"))
    assert ("Liaison officer" if language == "en" else "联络员") in page


def test_what_is_not_his_is_not_there(charged: County, sign_in: SignIn) -> None:
    stranger, firm = sign_in("俞经办"), charged.firm.pk
    visit = actions.log_visit(
        firm=firm, held_at=timezone.now() - timedelta(hours=1), kind="phone", heard="都好。",
        by=charged.officers["孙协办"], at=timezone.now(),
    )  # fmt: skip
    case = opened(charged)
    for name, args in (
        ("visit-log", (firm,)), ("visit", (visit.pk,)), ("visit-request", (visit.pk,)), ("firm-request", (firm, case)),
        ("firm-file", (999,)), ("visit", (999,)),
    ):  # fmt: skip
        assert stranger.get(at(name, *args)).status_code == 404, name
    assert stranger.post(at("liaison-give", firm), {"officer": "陆经办"}).status_code == 403
    assert sign_in("王受理").post(at("liaison-give", firm), {"officer": "陆经办"}).status_code == 404
    assert sign_in("陈居民").get(at("firms")).status_code == 403
    assert Client().get(at("firms")).status_code == 302
    assert Liaison.objects.get(until=None).account == charged.accounts["孙协办"]


def test_a_refused_form_comes_back_with_its_words_and_the_reason(charged: County, sign_in: SignIn) -> None:
    officer = sign_in("孙协办", language="en")
    given = visit_form(charged, officer, heard="", met="Mr Lu")
    answer = officer.post(at("visit-log", charged.firm.pk), given)
    assert answer.status_code == 422
    assert "one sentence will do" in answer.content.decode()
    assert 'value="Mr Lu"' in answer.content.decode()
    answer = officer.post(at("visit-plan", charged.firm.pk), {"day": "2020-01-01", "kind": "phone"})
    assert answer.status_code == 422
    assert "at the earliest" in answer.content.decode()
    answer = sign_in("沈受理").post(at("liaison-give", charged.firm.pk), {"officer": "没有这个人"})
    assert (answer.status_code, "没有用户名是" in answer.content.decode()) == (422, True)


def test_what_no_field_is_to_blame_for_is_told_at_the_top(charged: County, sign_in: SignIn) -> None:
    firm, officer = charged.firm.pk, sign_in("孙协办")
    same = sign_in("沈受理").post(at("liaison-give", firm), {"officer": "孙协办"})
    assert (same.status_code, "还差 1 处" in same.content.decode()) == (422, True)
    day = timezone.localdate() + timedelta(days=3)
    officer.post(at("visit-plan", firm), {"day": day.isoformat(), "kind": "phone"})
    visit = Visit.objects.get()
    officer.post(at("visit-cancel", visit.pk))
    late = officer.post(at("visit-move", visit.pk), {"day": day.isoformat()})
    assert (late.status_code, "不能再改" in late.content.decode()) == (422, True)


def test_words_sent_to_a_firm_that_was_handed_over_meanwhile_come_back(charged: County, sign_in: SignIn) -> None:
    officer, firm = sign_in("孙协办"), charged.firm.pk
    given = visit_form(charged, officer)
    actions.hand_over_firm(
        firm=firm, to=charged.accounts["陆经办"].pk, by=charged.officers["沈受理"], at=timezone.now()
    )
    answer = officer.post(at("visit-log", firm), given)
    assert answer.status_code == 404
    assert "招不到焊工。" in answer.content.decode()
    assert not Visit.objects.exists()


def test_a_visit_is_planned_moved_and_cancelled_on_the_page(charged: County, sign_in: SignIn) -> None:
    officer, firm = sign_in("孙协办"), charged.firm.pk
    day = timezone.localdate() + timedelta(days=3)
    assert officer.post(at("visit-plan", firm), {"day": day.isoformat(), "kind": "phone"}).status_code == 302
    visit = Visit.objects.get()
    assert day.isoformat() in told(officer, at("my-firms"))
    moved = {"day": (day + timedelta(days=1)).isoformat()}
    assert officer.post(at("visit-move", visit.pk), moved).status_code == 302
    assert officer.post(at("visit-cancel", visit.pk)).status_code == 302
    assert Visit.objects.get().state == "cancelled"
    answer = officer.post(at("visit-cancel", visit.pk), follow=True)
    assert "不能再改" in answer.content.decode()


def test_a_notice_of_a_missed_visit_leads_to_the_firms_file(charged: County, sign_in: SignIn) -> None:
    officer, firm = sign_in("孙协办", language="en"), charged.firm.pk
    day = timezone.localdate()
    officer.post(at("visit-plan", firm), {"day": day.isoformat(), "kind": "phone"})
    run_pending(missed_at(day))
    page = told(officer, at("notices"))
    assert "was not logged" in page
    assert f'href="{at("firm-file", firm)}"' in page


def test_search_and_a_cases_facts_lead_to_the_firms_file(charged: County, sign_in: SignIn) -> None:
    case, desk, link = opened(charged), sign_in("沈受理"), f'href="{at("firm-file", charged.firm.pk)}"'
    assert link in told(desk, at("case", case))
    assert link in told(desk, at("search") + "?q=91350100M000100Y43")
    assert link in told(desk, at("firms"))


def test_a_table_and_a_hand_over_tell_each_row(charged: County, sign_in: SignIn) -> None:
    desk = sign_in("沈受理")
    table = SimpleUploadedFile(
        "t.csv", "统一社会信用代码,联络员登录名\n91350100M000100Y43,俞经办\n123,俞经办\n".encode()
    )
    answer = desk.post(at("liaison-table"), {"file": table})
    assert "已有联络员：孙协办" in answer.content.decode()
    assert "第 2 条" in answer.content.decode()
    given = {"officer": charged.accounts["孙协办"].pk, "to": "陆经办"}
    assert "办成 1 家" in desk.post(at("liaison-hand-over"), given).content.decode()
    assert "陆经办" in told(desk, at("firm-file", charged.firm.pk))


def test_programmes_put_panels_into_a_firms_file(
    charged: County, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(charged)

    def drawn(viewer: Viewer, firm: Firm) -> tuple[str, dict[str, object]] | None:
        rows = [(Label(f"订单：{firm.name_zh}", "Orders"), 7, 0)]
        return ("enterprise/matters.html", {"rows": rows}) if viewer.staff else None

    trial = Programme("trial", Label("试", "Trial"), Label("试", "Trial"), {}, panels=(Panel("firm", drawn),))
    real = panels.programmes()
    monkeypatch.setattr(panels, "programmes", lambda: {**real, "trial": trial})
    page = told(sign_in("孙协办"), at("firm-file", charged.firm.pk))
    assert "订单：平湖泖新" in page
    assert "道路交通" in page  # the enterprise programme's own
    assert "其中在办 1 件" in page
    assert "道路交通" not in told(sign_in("俞经办"), at("firm-file", charged.firm.pk))
    clerk = told(sign_in("陆文员"), at("firm-home", charged.firm.pk))
    assert "订单" not in clerk
    assert "道路交通" in clerk


def test_lists_and_the_file_ask_few_questions(charged: County, sign_in: SignIn, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    officer = sign_in("孙协办")
    for _ in range(3):
        opened(charged)
    for address, most in ((at("my-firms"), 6), (at("firms"), 6), (at("firm-file", charged.firm.pk), 16)):
        officer.get(address)
        with django_assert_max_num_queries(most):
            officer.get(address)
    assert not Heard.objects.exists()


def test_days_are_told_as_everywhere_and_visits_go_on_page_by_page(charged: County, sign_in: SignIn) -> None:
    officer, firm = sign_in("孙协办"), charged.firm.pk
    day = timezone.localdate() + timedelta(days=7)
    actions.plan_visit(firm=firm, day=day, kind="phone", by=charged.officers["孙协办"], at=timezone.now())
    said = f'<time datetime="{day.isoformat()}">'
    for address in (at("my-firms"), at("firms"), at("firm-file", firm), at("visit-log", firm)):
        page = told(officer, address)
        assert said in page or address == at("visit-log", firm), address
        assert f"{day.month}月{day.day}日" in page
        assert f"> {day.isoformat()}" not in page
    made = timezone.now()
    Visit.objects.bulk_create(
        Visit(firm_id=firm, officer=charged.accounts["孙协办"], state="held", kind="phone", held_at=made, made_at=made)
        for _ in range(45)
    )
    address, seen = at("firm-file", firm), []
    for count in (20, 20, 5):
        page = officer.get(address)
        seen += [visit.id for visit in page.context["file"].visits]
        assert len(page.context["file"].visits) == count
        assert page.context["file"].planned is not None
        address = f"{at('firm-file', firm)}?{urlencode({'visits': page.context['file'].more})}"
    assert len(set(seen)) == 45
    assert officer.get(f"{at('my-firms')}?after=9").status_code == 200
