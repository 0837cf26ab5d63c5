"""Asking: with an account and without, for a firm and through its code, and everything that may go wrong with a form."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from tests.engines.cases.conftest import NOW, County
from tongban.core.ledger.actor import Actor
from tongban.core.registry.actions import register_person
from tongban.core.registry.models import Firm, Person
from tongban.engines.cases.models import Case, CaseScope, Participant

pytestmark = pytest.mark.django_db
COMMUNITY, ENTERPRISE = "/ask/community/", "/ask/enterprise/"
CREDIT_CODE = "91350100M000100Y43"


def key(client: Client, path: str) -> str:
    html = client.get(path).content.decode()
    return re.search(r'name="key" value="([^"]+)"', html)[1]  # type: ignore[index]


def form(county: County, client: Client, path: str = COMMUNITY, **more: str) -> dict[str, str]:
    town = str(county.areas["town"].pk)
    given = {"body": "路灯坏了三天", "town": town, "name": "李四", "phone": "139 1234 7710"}
    return {**given, "key": key(client, path), **more}


def test_the_form_offers_kinds_of_matter_with_how_long_they_take(placed: County, client: Client) -> None:
    html = client.get(COMMUNITY).content.decode()
    assert "市容路灯" in html
    assert "5 个工作日内答复（示例）" in html
    assert "泖口村" in html
    assert "示意图：镇村位置是示例数据" in html


def test_a_resident_asks_without_an_account(county: County, client: Client) -> None:
    answer = client.post(COMMUNITY, form(county, client), follow=True)
    case = Case.objects.get()
    assert answer.redirect_chain[0][0].startswith("/sent/330482-")
    html = answer.content.decode()
    assert "查询码，请留好" in html
    assert case.requester is not None
    assert (case.requester.name, case.requester.phone_number) == ("李四", "13912347710")
    assert case.requester.phone_confirmed_at is None
    assert case.area_id == county.areas["town"].pk
    assert "13912347710" not in html


def test_sending_twice_gives_the_same_case_once(county: County, client: Client) -> None:
    given = form(county, client)
    first = client.post(COMMUNITY, given)
    second = client.post(COMMUNITY, given, follow=True)
    assert Case.objects.count() == 1
    assert second.redirect_chain[0][0] == first["Location"]
    assert "没有重复登记" in second.content.decode()


@pytest.mark.parametrize("other", [{"body": "我家被淹了，急！"}, {"name": "王五"}, {"phone": "13912347711"}])
def test_another_request_under_the_same_key_is_another_case(
    county: County, client: Client, other: dict[str, str]
) -> None:
    """A shared browser, gone back to: the second text is kept, and nobody is shown the first one's code."""
    given = form(county, client)
    first = client.post(COMMUNITY, given)
    second = client.post(COMMUNITY, {**given, **other})
    assert Case.objects.count() == 2
    assert second["Location"] != first["Location"]


def test_a_key_that_is_not_ours_opens_nothing_old(county: County, client: Client) -> None:
    for _ in range(2):
        client.post(COMMUNITY, form(county, client, key="made-up"))
    assert Case.objects.count() == 2


def test_a_typed_number_never_leads_to_who_has_confirmed_it(county: County, client: Client) -> None:
    owner = register_person(name="李四", phone="13912347710", by=Actor(system="test"), at=NOW)
    Person.objects.filter(pk=owner.pk).update(phone_confirmed_at=NOW)
    client.post(COMMUNITY, form(county, client))
    assert Case.objects.get().requester_id != owner.pk


def test_the_same_name_and_number_stay_one_person_until_they_are_proved(county: County, client: Client) -> None:
    for body in ("第一件", "第二件"):
        client.post(COMMUNITY, form(county, client, body=body))
    assert len(set(Case.objects.values_list("requester", flat=True))) == 1
    client.post(COMMUNITY, form(county, client, body="第三件", name="李四的妈妈"))
    assert len(set(Case.objects.values_list("requester", flat=True))) == 2


@pytest.mark.parametrize(
    ("field", "value", "zh", "en"),
    [
        ("body", "", "请写下发生了什么", "Please say what happened"),
        ("body", "长" * 10_001, "现在有 10001 个", "this has 10001"),
        ("phone", "12345", "请填 11 位手机号", "mobile number of 11 digits"),
        ("name", "", "请写怎么称呼您", "Please give your name"),
        ("town", "", "请选一个镇、街道", "Please choose a town"),
        ("longitude", "5", "地图上的位置不在本县", "not in this county"),
        ("latitude", "NaN", "地图上的位置不在本县", "not in this county"),
        ("cosigners", "王五", "第 1 行要有姓名和手机号", "Line 1 needs a name"),
        ("beneficiary_name", "王奶奶", "姓名和手机号都写上", "both name and number"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_lost(
    county: County, client: Client, field: str, value: str, zh: str, en: str
) -> None:
    given = form(county, client, **{"address": "东湖花园南门", field: value})
    if field in ("longitude", "latitude"):
        given = {**given, "longitude": "121.0", "latitude": "30.7", field: value}
    for language, sentence in (("zh", zh), ("en", en)):
        answer = client.post(f"{COMMUNITY}?language={language}", given)
        html = answer.content.decode()
        assert answer.status_code == 422
        assert html.count(sentence) >= (1 if field in ("longitude", "latitude") else 2), (
            "in the summary and at the field"
        )
        assert "data-focus" in html
        assert "东湖花园南门" in html
        assert given["key"] in html
    assert not Case.objects.exists()


def test_everything_that_is_wrong_is_told_at_once(county: County, client: Client) -> None:
    html = client.post(COMMUNITY, {"key": key(client, COMMUNITY), "phone": "1"}).content.decode()
    assert "还差 4 处" in html


def test_ten_thousand_characters_emoji_and_nul_arrive(county: County, client: Client) -> None:
    body = "😀" * 5_000 + "长" * 5_000
    client.post(COMMUNITY, form(county, client, body=body + "\x00"))
    assert Case.objects.get().body == body


def test_what_turns_the_order_of_signs_is_dropped(county: County, client: Client) -> None:
    turned = {
        "body": "路灯\u202e坏了\u202c\n第二行", "address": "\u2066环城路\u2069 3 号", "name": "\u202a李\u202d四",
        "cosigners": "王\u2067五 13800000077",
    }  # fmt: skip
    assert client.post(COMMUNITY, form(county, client, **turned)).status_code == 302
    case = Case.objects.get()
    assert case.requester is not None
    assert (case.title, case.body, case.address) == ("路灯坏了", "路灯坏了\n第二行", "环城路 3 号")
    assert case.requester.name == "李四"
    assert case.participants.get().person.name == "王五"
    # The same name without them is the same person.
    client.post(COMMUNITY, form(county, client, body="另一件"))
    assert Person.objects.filter(name="李四").count() == 1


def test_a_line_break_counts_once(county: County, client: Client) -> None:
    client.post(COMMUNITY, form(county, client, body="一\r\n" * 5_000))
    assert len(Case.objects.get().body) == 9_999


def test_a_village_of_another_town_is_refused(county: County, client: Client) -> None:
    from tongban.core.registry import reference
    from tongban.core.registry.models import Area

    other = Area.objects.create(
        code="330482101", level="town", parent=county.areas["county"], name_zh="乍浦镇", valid_from=NOW.date()
    )
    reference.forget()
    given = form(county, client, town=str(other.pk), village=str(county.areas["village"].pk))
    assert "“泖口村”不在“乍浦镇”" in client.post(COMMUNITY, given).content.decode()
    assert not Case.objects.exists()


def test_who_has_signed_in_is_known_and_asks_for_others(county: County, as_person: Callable[[str], Client]) -> None:
    client = as_person("陈居民")
    given = {
        "key": key(client, COMMUNITY), "body": "替隔壁奶奶说：楼道灯坏了", "town": str(county.areas["town"].pk),
        "village": str(county.areas["village"].pk), "category": "city", "confidential": "on",
        "beneficiary_name": "王奶奶", "beneficiary_phone": "13700000001",
        "cosigners": "赵六 13700000002\n钱七，13700000003",
        "about": str(county.units["交通局"].pk), "longitude": "121.01", "latitude": "30.71",
    }  # fmt: skip
    html = client.get(COMMUNITY).content.decode()
    assert "138****0001" in html
    assert 'name="phone"' not in html
    client.post(COMMUNITY, given)
    case = Case.objects.get()
    assert case.requester_id == county.people["陈居民"].pk
    assert case.area_id == county.areas["village"].pk
    assert case.beneficiary is not None
    assert case.beneficiary.name == "王奶奶"
    assert set(Participant.objects.values_list("person__name", flat=True)) == {"赵六", "钱七"}
    assert (case.confidential, case.about_id, case.longitude) == (True, county.units["交通局"].pk, 121.01)


def test_a_clerk_asks_for_the_firm_with_its_facts(county: County, as_person: Callable[[str], Client]) -> None:
    client = as_person("陆文员")
    given = {
        "key": key(client, ENTERPRISE), "body": "夜班公交停了", "firm": str(county.firm.pk),  # type: ignore[union-attr]
        "category": "traffic", "fact-staff": "４0", "fact-amount": "￥5,000,000.50",
    }  # fmt: skip
    client.post(ENTERPRISE, given)
    case = Case.objects.get()
    assert case.firm_id == county.firm.pk  # type: ignore[union-attr]
    assert case.area_id == county.firm.area_id, "where the firm is, unless another place is chosen"  # type: ignore[union-attr]
    assert dict(case.facts.values_list("code", "number")) == {"staff": 40, "amount": 500_000_050}


def test_a_wrong_fact_is_told_at_its_field(county: County, as_person: Callable[[str], Client]) -> None:
    client = as_person("陆文员")
    given = {"key": key(client, ENTERPRISE), "body": "缺工", "firm": str(county.firm.pk), "fact-staff": "许多"}  # type: ignore[union-attr]
    html = client.post(ENTERPRISE, given).content.decode()
    assert 'href="#id_fact-staff"' in html
    assert "“涉及人数”请填整数" in html


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("", "请写企业的统一社会信用代码"),
        ("91350100M000100Y44", "最后一位对不上"),
        ("123", "您填了 3 位"),
        ("91330400MA28A0001D", "登记里还没有"),
    ],
)
def test_a_wrong_credit_code_is_refused_with_its_reason(
    county: County, client: Client, code: str, sentence: str
) -> None:
    html = client.post(ENTERPRISE, form(county, client, ENTERPRISE, credit_code=code)).content.decode()
    assert sentence in html
    assert 'href="#id_credit_code"' in html
    assert not Case.objects.exists()


def test_a_firms_code_fills_in_the_firm_and_signs_nobody_in(county: County, client: Client) -> None:
    firm = county.firm
    assert firm is not None
    landing = client.get(f"/f/{firm.code}/").content.decode()
    path = f"{ENTERPRISE}?firm={firm.code}"
    assert path in landing
    assert firm.name_zh in client.get(path).content.decode()
    assert "_auth_user_id" not in client.session
    answer = client.post(path, form(county, client, path, town=""), follow=True)
    case = Case.objects.get()
    assert (case.firm_id, case.channel, case.area_id) == (firm.pk, "code", firm.area_id)
    assert case.requester is not None
    assert case.requester.name == "李四"
    assert answer.status_code == 200
    assert client.get("/my/").status_code == 302


def test_a_clerk_who_has_signed_in_asks_by_the_web_and_is_told_who_he_is(
    county: County, as_person: Callable[[str], Client]
) -> None:
    firm = county.firm
    assert firm is not None
    path = f"{ENTERPRISE}?firm={firm.code}"
    client = as_person("陆文员")
    assert path in client.get(f"/my/firm/{firm.pk}/").content.decode()
    html = client.get(path).content.decode()
    assert "您是这家企业登记的办事人" in html
    assert "没有登录任何人" not in html
    client.post(path, {"key": key(client, path), "body": "夜班公交停了"})
    case = Case.objects.get()
    assert (case.channel, case.firm_id) == ("web", firm.pk)


def test_somebody_else_who_has_signed_in_comes_by_the_code(county: County, as_person: Callable[[str], Client]) -> None:
    path = f"{ENTERPRISE}?firm={county.firm.code}"  # type: ignore[union-attr]
    client = as_person("陈居民")
    html = client.get(path).content.decode()
    assert "没有登录任何人" not in html
    assert "您还没有登记为办事人" in html
    client.post(path, {"key": key(client, path), "body": "夜班公交停了"})
    assert Case.objects.get().channel == "code"


def test_what_is_asked_in_a_firms_name_is_seen_by_its_clerk(county: County, client: Client) -> None:
    from tongban.core.access import holders

    client.post(ENTERPRISE, form(county, client, ENTERPRISE, credit_code=CREDIT_CODE.lower()))
    case = Case.objects.get()
    assert CaseScope.objects.filter(case=case, holder=holders.firm(county.firm.pk)).exists()  # type: ignore[union-attr]


def test_a_dissolved_firm_cannot_ask(county: County, client: Client) -> None:
    Firm.objects.filter(pk=county.firm.pk).update(valid_until=NOW.date().replace(year=2020))  # type: ignore[union-attr]
    html = client.post(ENTERPRISE, form(county, client, ENTERPRISE, credit_code=CREDIT_CODE)).content.decode()
    assert "已于 2020-11-18 注销" in html
    landing = client.get(f"/f/{county.firm.code}/").content.decode()  # type: ignore[union-attr]
    assert "已于 2020-11-18 注销" in landing
    assert not Case.objects.exists()


def test_an_unknown_programme_and_an_unknown_firms_code_are_not_found(county: County, client: Client) -> None:
    assert client.get("/ask/nothing/").status_code == 404
    assert client.get("/f/AAAAAAAAAA/").status_code == 404


def test_the_summary_follows_the_order_of_the_page(county: County, client: Client) -> None:
    html = client.post(ENTERPRISE, {"key": key(client, ENTERPRISE), "phone": "1"}).content.decode()
    assert re.findall(r'href="#(id_\w+)"', html) == ["id_credit_code", "id_body", "id_town", "id_name", "id_phone"]
