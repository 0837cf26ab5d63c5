"""Entering for a caller: once, under the right person and firm, with a code to read aloud."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest

from tests.engines.cases.conftest import County
from tests.web.staff.conftest import SignIn, opened
from tongban.core.registry.models import Firm, Person
from tongban.engines.cases.models import Case
from tongban.engines.cases.secrets import tracking_code


def given(county: County, **more: object) -> dict[str, object]:
    """What an agent types for a firm that calls."""
    assert county.firm is not None
    return {
        "key": str(uuid4()), "phone": "13800000002", "name": "陆文员", "firm": county.firm.credit_code, "firm_name": "",
        "body": "夜班公交停了，工人回不了宿舍。", "title": "", "category": "traffic", "area": county.areas["village"].pk,
        "address": "厂门口", "channel": "phone", "about": "", "fact-staff": "40", "fact-amount": "", **more,
    }  # fmt: skip


def test_a_call_becomes_a_case_with_a_code_to_read_aloud(county: County, sign_in: SignIn) -> None:
    answer = sign_in("沈受理").post("/desk/new/", given(county), follow=True)
    row = Case.objects.get()
    assert answer.redirect_chain == [(f"/desk/new/{row.pk}/", 302)]
    assert tracking_code(row.pk) in answer.content.decode()
    assert (row.channel, row.requester_id, row.firm_id) == ("phone", county.people["陆文员"].pk, county.firm.pk)  # type: ignore[union-attr]
    assert row.facts.get(code="staff").number == 40
    assert row.title == "夜班公交停了，工人回不了宿舍"


def test_sent_twice_it_is_one_case_and_one_person(county: County, sign_in: SignIn) -> None:
    client, typed = sign_in("沈受理"), given(county, phone="", name="匿名的人")
    people = Person.objects.count()
    first, second = client.post("/desk/new/", typed), client.post("/desk/new/", typed)
    assert first["Location"] == second["Location"]
    assert Case.objects.count() == 1
    assert Person.objects.count() == people + 1


def test_a_new_caller_is_registered_and_a_known_one_is_not_doubled(county: County, sign_in: SignIn) -> None:
    client, people = sign_in("沈受理"), Person.objects.count()
    client.post("/desk/new/", given(county, phone="138-0000-0009", name="新来的"))
    assert Person.objects.count() == people + 1
    client.post("/desk/new/", given(county, name=""))
    assert Person.objects.count() == people + 1
    client.post("/desk/new/", given(county, name="同号的家人"))
    assert Person.objects.count() == people + 2


def test_a_new_firm_needs_its_name_and_a_right_credit_code(county: County, sign_in: SignIn) -> None:
    client = sign_in("沈受理")
    unknown = client.post("/desk/new/", given(county, firm="没有这家"))
    assert unknown.status_code == 422
    assert "没有叫“没有这家”的企业" in unknown.content.decode()
    wrong = client.post("/desk/new/", given(county, firm="91330000MA27XL0JX0", firm_name="新厂（化名）"))
    assert wrong.status_code == 422
    assert "信用代码" in wrong.content.decode()
    assert Person.objects.filter(name="新来的").count() == 0
    right = client.post("/desk/new/", given(county, firm="53640000MJX173672F", firm_name="新厂（化名）"))
    assert right.status_code == 302
    assert Firm.objects.get(credit_code="53640000MJX173672F").name_zh == "新厂（化名）"


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"body": ""}, "请填“对方怎么说”"), ({"body": " \n"}, "请写下发生了什么"), ({"category": ""}, "请选“哪一类事”"),
        ({"area": ""}, "请选“在哪里”"), ({"phone": "123"}, "11 位手机号"), ({"fact-staff": "很多"}, "涉及人数"),
        ({"body": "长" * 10_001}, "最多写 10000 个字"), ({"key": "nonsense"}, "UUID"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    county: County, sign_in: SignIn, more: dict[str, object], said: str
) -> None:
    people = Person.objects.count()
    answer = sign_in("沈受理").post("/desk/new/", given(county, address="东门旧厂房", name="新来的", **more))
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert "东门旧厂房" in answer.content.decode()
    assert not Case.objects.exists()
    assert Person.objects.count() == people


def test_the_caller_and_his_earlier_cases_stand_beside_the_form(county: County, sign_in: SignIn) -> None:
    key = opened(county)
    client = sign_in("沈受理")
    beside = client.post("/desk/new/caller/", {"phone": "138 0000 0002"}).content.decode()
    assert "陆文员" in beside
    assert county.firm is not None
    assert county.firm.credit_code in beside
    assert f"/desk/cases/{key}/" in beside
    assert "13800000002" not in beside
    page = client.post("/desk/new/", given(county, firm="", look="1")).content.decode()
    assert f"/desk/cases/{key}/" in page
    assert re.search(rf'value="{county.firm.credit_code}"', page)
    assert not Case.objects.exclude(pk=key).exists()
    assert "这里显示是谁" in client.post("/desk/new/caller/", {"phone": ""}).content.decode()
    assert "11 位" in client.post("/desk/new/caller/", {"phone": "12"}).content.decode()


def test_firms_are_completed_for_the_desk_alone(county: County, sign_in: SignIn) -> None:
    found = sign_in("沈受理").get("/desk/complete/firms/", {"q": "泖新"}).json()
    assert county.firm is not None
    assert found == {"firms": [{"code": county.firm.credit_code, "name": county.firm.name_zh}]}
    assert sign_in("沈受理").get("/desk/complete/firms/", {"q": "泖"}).json() == {"firms": []}
    assert sign_in("俞经办").get("/desk/complete/firms/", {"q": "泖新"}).status_code == 403


def test_the_code_is_shown_to_the_desk_that_took_the_call_only(county: County, sign_in: SignIn) -> None:
    sign_in("沈受理").post("/desk/new/", given(county))
    key = Case.objects.get().pk
    assert sign_in("王受理").get(f"/desk/new/{key}/").status_code == 404
    assert sign_in("沈受理").get(f"/desk/new/{opened(county)}/").status_code == 404  # came by the web: the asker has it


def test_a_residents_request_asks_for_no_firm(county: County, sign_in: SignIn) -> None:
    client = sign_in("王受理")
    page = client.get("/desk/new/").content.decode()
    assert 'name="firm"' not in page
    typed = {k: v for k, v in given(county, category="city").items() if not k.startswith(("firm", "fact"))}
    assert client.post("/desk/new/?programme=community", typed).status_code == 302
    assert Case.objects.get().programme == "community"


def test_the_same_form_sent_again_is_one_case_and_another_call_is_another(county: County, sign_in: SignIn) -> None:
    desk, typed = sign_in("沈受理"), given(county)
    first = desk.post("/desk/new/", typed)
    assert desk.post("/desk/new/", typed)["Location"] == first["Location"]
    other = desk.post("/desk/new/", {**typed, "phone": "13912347719", "name": "王五", "body": "另一个人来电。"})
    assert other["Location"] != first["Location"]
    assert Case.objects.count() == 2


def test_part_of_a_firms_name_is_never_taken_for_the_firm(county: County, sign_in: SignIn) -> None:
    assert county.firm is not None
    client = sign_in("沈受理")
    answer = client.post("/desk/new/", given(county, firm="泖新"))
    assert answer.status_code == 422
    assert f"相近的有：{county.firm.name_zh}" in answer.content.decode()
    done = client.post("/desk/new/", given(county, firm=county.firm.name_zh), follow=True)
    assert f"<strong>{county.firm.name_zh}</strong>" in done.content.decode()


def test_each_of_those_who_share_a_number_is_known_again(county: County, sign_in: SignIn) -> None:
    client = sign_in("沈受理")
    for name in ("赵甲", "钱乙", "赵甲", "钱 乙", "赵甲"):
        assert client.post("/desk/new/", given(county, phone="13900000009", name=name)).status_code == 302
    people = Case.objects.order_by("pk").values_list("requester_id", "requester__name")
    assert [name for _, name in people] == ["赵甲", "钱乙", "赵甲", "钱乙", "赵甲"]
    assert len({key for key, _ in people}) == 2
