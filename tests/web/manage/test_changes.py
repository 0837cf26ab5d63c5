"""Each change that a page of administration offers is made, leaves its entry under the administrator's role, and a
refusal is shown beside its field with nothing written."""

from __future__ import annotations

import re
from datetime import date, timedelta
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.timezone import localdate

from tests.core.access.conftest import SETUP
from tests.engines.cases.conftest import county as county  # the fixture  # noqa: PLC0414
from tests.web.manage.conftest import Desk
from tongban.core.access import actions, phones, second_factor
from tongban.core.access.models import Account, Role
from tongban.core.calendar.models import CalendarDay, CalendarYear, WorkingHours
from tongban.core.calendar.queries import calendar_now
from tongban.core.ledger.journal import Journal
from tongban.core.ledger.models import Entry
from tongban.core.registry import reference
from tongban.core.registry.actions import ask_mandate, register_firm
from tongban.core.registry.models import Area, Firm, Mandate, Organisation
from tongban.engines.cases.limits import LIMITS, STEPS
from tongban.engines.cases.models import Limit, Route, Target
from tongban.engines.cases.seed import sample_limits, sample_targets, source_words
from tongban.engines.cases.targets import REFERENCE, target_on

CODE, OTHER_CODE = "91350100M000100Y43", "91330482MA2CU0XX0L"
SOON = date.today() + timedelta(days=10)


def said(answer: object) -> str:
    """The words of a page, with the message of the page to which it leads."""
    return unescape(answer.text)  # type: ignore[attr-defined]


# -- limits ------------------------------------------------------------------------------------------------------


def version(**more: object) -> dict[str, object]:
    return {
        "amount": "7", "unit": "working_days", "start": "next_day", "valid_from": SOON.isoformat(),
        "source": "平政发〔2026〕1号", "confirmed": "on",
    } | more  # fmt: skip


def test_a_limit_gets_a_new_version_from_a_day_on(desk: Desk) -> None:
    answer = desk.client.post("/manage/limits/ordinary/", version(), follow=True)
    assert "新时限已记下" in said(answer)
    assert "7 个工作日" in said(answer)
    assert "将生效" in said(answer)
    assert LIMITS.all_on(SOON - timedelta(days=1))["ordinary"].amount == 5
    assert LIMITS.all_on(SOON)["ordinary"].amount == 7
    assert desk.entries("cases.set_limit") == 1


def test_a_version_that_is_still_to_come_is_corrected(desk: Desk) -> None:
    desk.client.post("/manage/limits/ordinary/", version())
    desk.client.post("/manage/limits/ordinary/", version(amount="8"))
    assert list(Limit.objects.filter(code="ordinary", valid_from=SOON).values_list("amount", flat=True)) == [8]
    assert desk.entries("cases.set_limit") == 2


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("amount", "0", "1 到 400"),
        ("amount", "abc", "请填整数"),
        ("source", " ", "请填“依据”"),
        ("valid_from", "2026-01-01", "最早从今天"),
        ("valid_from", "明天", "例如 2026-11-20"),
        ("unit", "weeks", "按什么计"),
    ],
)
def test_a_bad_version_is_refused_beside_its_field(desk: Desk, field: str, value: str, sentence: str) -> None:
    answer = desk.client.post("/manage/limits/ordinary/", version(**{field: value}))
    assert answer.status_code == 422
    assert sentence in said(answer)
    assert Limit.objects.filter(code="ordinary").count() == 1


def test_the_same_again_is_no_version(desk: Desk) -> None:
    same = version(amount="5", source="示例，待本县确认", confirmed="")
    assert "没有要改的" in said(desk.client.post("/manage/limits/ordinary/", same))


def test_a_sample_is_confirmed_with_its_source(desk: Desk) -> None:
    limit = Limit.objects.get(code="ordinary")
    address = f"/manage/limits/ordinary/{limit.pk}/confirm/"
    assert desk.client.post(address, {"source": ""}).status_code == 422
    answer = desk.client.post(address, {"source": "平政发〔2026〕1号"}, follow=True)
    assert "页面不再标“示例”" in said(answer)
    limit.refresh_from_db()
    assert (limit.confirmed, limit.source) == (True, "平政发〔2026〕1号")
    assert desk.entries("cases.confirm_limit") == 1
    assert "已经确认过" in said(desk.client.post(address, {"source": "x"}))


def test_what_ships_is_told_in_both_languages_and_since_the_beginning(desk: Desk) -> None:
    for limit in sample_limits():
        Limit.objects.filter(code=limit.code).update(source=limit.source, valid_from=limit.valid_from)
    page = said(desk.client.get("/manage/limits/?language=en"))
    sources = re.findall(r'<td class="long quiet">([^<]*)</td>', page)
    assert len(sources) == 5
    assert all("Sample, to be confirmed by the county" in s and not re.search("[\u4e00-\u9fff]", s) for s in sources)
    page = said(desk.client.get("/manage/limits/ordinary/?language=en"))
    assert "from the beginning" in page
    assert "2000-01-01" not in page
    assert "从一开始" in said(desk.client.get("/manage/limits/ordinary/?language=zh"))


# -- targets -----------------------------------------------------------------------------------------------------


def aim(**more: object) -> dict[str, object]:
    return {"percent": "92", "valid_from": SOON.isoformat(), "source": "平政发〔2026〕2号", "confirmed": "on"} | more


def test_a_target_is_set_from_a_day_on_corrected_and_taken_away(desk: Desk) -> None:
    assert "没有设目标" in said(desk.client.get("/manage/targets/"))
    assert "新目标已记下" in said(desk.client.post("/manage/targets/on_time/", aim(), follow=True))
    assert target_on("on_time", SOON - timedelta(days=1)) is None
    assert (target_on("on_time", SOON) or Target()).percent == 92
    assert "没有要改的" in said(desk.client.post("/manage/targets/on_time/", aim()))
    desk.client.post("/manage/targets/on_time/", aim(percent="90"))
    assert list(Target.objects.values_list("code", "percent")) == [("on_time", 90)]
    later = SOON + timedelta(days=30)
    desk.client.post("/manage/targets/on_time/", aim(percent="0", valid_from=later.isoformat()))
    assert target_on("on_time", later) is None
    assert (target_on("on_time", SOON) or Target()).percent == 90
    assert desk.entries("cases.set_target") == 3


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("percent", "101", "0 到 100"),
        ("percent", "很多", "请填整数"),
        ("source", " ", "请填“依据”"),
        ("valid_from", "2026-01-01", "最早从今天"),
    ],
)
def test_a_bad_target_is_refused_beside_its_field(desk: Desk, field: str, value: str, sentence: str) -> None:
    answer = desk.client.post("/manage/targets/on_time/", aim(**{field: value}))
    assert answer.status_code == 422
    assert sentence in said(answer)
    assert not Target.objects.exists()


def test_the_sample_target_is_confirmed_with_its_source(desk: Desk) -> None:
    (sample,) = sample_targets()
    assert "95% is our own" in source_words(sample.source).en
    with Journal("test", by=SETUP, at=timezone.now()) as journal:
        journal.add(sample)
        reference.changed(REFERENCE)
    page = said(desk.client.get("/manage/targets/"))
    assert "95%" in page
    assert "示例，待本县确认" in page
    address = f"/manage/targets/on_time/{sample.pk}/confirm/"
    assert desk.client.post(address, {"source": ""}).status_code == 422
    assert "看板不再标“示例”" in said(desk.client.post(address, {"source": "平政发〔2026〕2号"}, follow=True))
    sample.refresh_from_db()
    assert (sample.confirmed, sample.source) == (True, "平政发〔2026〕2号")
    assert desk.entries("cases.confirm_target") == 1
    assert "已经确认过" in said(desk.client.post(address, {"source": "x"}))


# -- calendar ----------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("years")
def test_a_day_becomes_a_day_off_and_follows_its_weekday_again(desk: Desk) -> None:
    assert calendar_now().day(date(2026, 12, 15)).working
    page = said(desk.client.get("/manage/calendar/2026-12-15/"))
    assert "改动不影响任何件" in page
    form = {"kind": "rest", "name_zh": "停电检修", "name_en": "", "spans": ""}
    assert "自动重算" in said(desk.client.post("/manage/calendar/2026-12-15/", form, follow=True))
    assert not calendar_now().day(date(2026, 12, 15)).working
    assert desk.entries("calendar.set_day") == 1
    desk.client.post("/manage/calendar/2026-12-15/clear/")
    assert calendar_now().day(date(2026, 12, 15)).working
    assert desk.entries("calendar.clear_day") == 1


def test_a_refused_day_says_why(desk: Desk) -> None:
    form = {"kind": "rest", "name_zh": "", "name_en": "", "spans": "08:30-12:00"}
    answer = desk.client.post("/manage/calendar/2026-12-15/", form)
    assert answer.status_code == 422
    assert "不能有办公时间" in said(answer)
    assert not CalendarDay.objects.filter(date=date(2026, 12, 15)).exists()


SATURDAY, TUESDAY = "/manage/calendar/2026-12-12/", "/manage/calendar/2026-12-15/"


@pytest.mark.usefixtures("years")
@pytest.mark.parametrize(
    ("address", "change"),
    [
        (SATURDAY, {"kind": "usual"}),
        (SATURDAY, {"kind": "rest"}),
        (TUESDAY, {"kind": "usual"}),
        (TUESDAY, {"kind": "working"}),
        ("/manage/calendar/2026-10-01/", {"kind": "rest", "name_zh": "国庆节", "name_en": "National Day"}),
    ],
)
def test_a_change_that_changes_nothing_is_refused_with_a_sentence(
    desk: Desk, address: str, change: dict[str, str]
) -> None:
    before = CalendarDay.objects.count()
    answer = desk.client.post(address, {"name_zh": "", "name_en": "", "spans": ""} | change)
    assert answer.status_code == 422
    assert "没有要改的" in said(answer)
    assert CalendarDay.objects.count() == before
    assert not desk.entries("calendar.set_day")


@pytest.mark.usefixtures("years")
def test_the_form_begins_with_what_the_day_is(desk: Desk) -> None:
    def chosen(address: str) -> str:
        page = desk.client.get(address).text
        return re.search(r'name="kind" value="(\w+)"[^>]*checked', page).group(1)  # type: ignore[union-attr]

    assert (chosen(SATURDAY), chosen(TUESDAY)) == ("usual", "usual")
    assert "照常（周末，休息）" in said(desk.client.get(SATURDAY))
    assert chosen("/manage/calendar/2026-10-01/") == "rest"
    half = {"kind": "working", "name_zh": "", "name_en": "", "spans": "08:30-12:00"}
    desk.client.post(TUESDAY, half)
    assert chosen(TUESDAY) == "working"
    assert 'value="08:30-12:00"' in desk.client.get(TUESDAY).text
    desk.client.post(TUESDAY, half | {"kind": "usual"})
    assert not CalendarDay.objects.filter(date=date(2026, 12, 15)).exists()
    # A holiday that falls on a Saturday may have its name; a make-up day may not be there already.
    desk.client.post(SATURDAY, {"kind": "rest", "name_zh": "县庆", "name_en": "", "spans": ""})
    assert CalendarDay.objects.get(date=date(2026, 12, 12)).name_zh == "县庆"
    desk.client.post("/manage/calendar/2026-12-13/", {"kind": "working", "name_zh": "", "name_en": "", "spans": ""})
    assert calendar_now().day(date(2026, 12, 13)).make_up


@pytest.mark.usefixtures("years")
def test_the_year_shows_holidays_make_up_days_and_how_sure_it_is(desk: Desk) -> None:
    year = said(desk.client.get("/manage/calendar/2026/"))
    assert len(re.findall('<table class="month card">', year)) == 12
    assert len(re.findall('data-day="', year)) == 365 + 3  # and the three of the key
    make_ups = CalendarDay.objects.filter(year=2026, kind="working").count()
    assert len(re.findall('data-day="makeup"', year)) == make_ups + 1
    assert "已确认" in year
    assert "放假通知还没有录入" in said(desk.client.get("/manage/calendar/2027/"))
    assert "没有录入的年份" in said(desk.client.get("/manage/calendar/2028/"))


def test_a_missing_year_is_entered_then_confirmed_by_a_notice(desk: Desk) -> None:
    desk.client.post("/manage/calendar/2028/begin/")
    assert desk.entries("calendar.open_year") == 1
    assert not CalendarYear.objects.get(pk=2028).confirmed
    assert desk.client.post("/manage/calendar/2028/confirm/", {"source": " "}).status_code == 422
    desk.client.post("/manage/calendar/2028/confirm/", {"source": "国办发明电〔2027〕9号"})
    assert CalendarYear.objects.get(pk=2028).confirmed
    assert desk.entries("calendar.confirm_year") == 1


@pytest.mark.usefixtures("years")
def test_working_hours_begin_on_a_day(desk: Desk) -> None:
    form = {
        "valid_from": SOON.isoformat(),
        "spans": "09:00-12:00 13:00-17:30",
        "source": "办公室通知",
        "confirmed": "on",
    }
    assert "已记下" in said(desk.client.post("/manage/calendar/hours/", form, follow=True))
    assert WorkingHours.objects.get(valid_from=SOON).confirmed
    assert desk.entries("calendar.set_working_hours") == 1
    assert "看不懂" in said(desk.client.post("/manage/calendar/hours/", form | {"spans": "九点到五点"}))


# -- routes ------------------------------------------------------------------------------------------------------


def test_a_route_is_set_from_a_day_and_ended(desk: Desk) -> None:
    address = "/manage/routes/enterprise/traffic/"
    form = {"unit": desk.bureau.pk, "limit": "joint", "valid_from": localdate().isoformat()}
    assert "去向已改" in said(desk.client.post(address, form, follow=True))
    assert "人社局" in said(desk.client.get("/manage/routes/"))
    assert "没有要改的" in said(desk.client.post(address, form))
    later = form | {"unit": desk.heir.pk, "valid_from": SOON.isoformat()}
    desk.client.post(address, later)
    page = said(desk.client.get("/manage/routes/"))
    assert "人社局" in page
    assert "人才局" in page
    assert desk.entries("cases.set_route") == 2
    now = Route.objects.get(unit=desk.bureau)
    desk.client.post(f"/manage/routes/end/{now.pk}/")
    assert Route.objects.get(pk=now.pk).ended_at is not None
    assert Route.objects.get(unit=desk.heir).ended_at is None
    assert desk.entries("cases.end_route") == 1


def test_a_route_leads_to_a_living_unit_that_is_no_desk(desk: Desk) -> None:
    for unit in (desk.office.old.pk, desk.office.desk.pk, 999_999):
        form = {"unit": unit, "limit": "joint", "valid_from": localdate().isoformat()}
        assert desk.client.post("/manage/routes/enterprise/traffic/", form).status_code == 422
    assert not Route.objects.exists()


def test_a_route_is_offered_no_limit_of_a_step(desk: Desk) -> None:
    address = "/manage/routes/enterprise/traffic/"
    offered = set(re.findall(r'<option value="(\w+)"', said(desk.client.get(address))))
    assert {"ordinary", "joint"} <= offered
    assert not STEPS & offered
    form = {"unit": desk.bureau.pk, "limit": "hold", "valid_from": localdate().isoformat()}
    assert desk.client.post(address, form).status_code == 422


# -- accounts ----------------------------------------------------------------------------------------------------


def test_an_account_is_made_and_its_password_shown_once(desk: Desk) -> None:
    answer = desk.client.post("/manage/accounts/new/", {"name": "沈新人", "username": "shen.xin", "phone": ""})
    first = re.search(r'first-password">([\w-]+)<', answer.text).group(1)  # type: ignore[union-attr]
    assert answer.headers["Cache-Control"] == "no-store"
    account = Account.objects.get(username="shen.xin")
    assert account.check_password(first)
    assert desk.entries("access.create_account") == 2  # the person and the account
    assert first not in said(desk.client.get(f"/manage/accounts/{account.pk}/"))
    again = desk.client.post("/manage/accounts/new/", {"name": "另一个", "username": "shen.xin", "phone": ""})
    assert "已有人用" in said(again)


def test_an_office_is_given_and_ended(desk: Desk) -> None:
    key = desk.office.colleague.pk
    form = {
        "code": "handler",
        "organisation": desk.bureau.pk,
        "programme": "enterprise",
        "valid_from": "",
        "valid_until": "",
    }
    assert "岗位已给" in said(desk.client.post(f"/manage/accounts/{key}/roles/", form, follow=True))
    assert "已有同样的岗位" in said(desk.client.post(f"/manage/accounts/{key}/roles/", form))
    role = Role.objects.get(account=key)
    assert (role.code, role.programme) == ("handler", "enterprise")
    desk.client.post(f"/manage/accounts/{key}/roles/{role.pk}/end/")
    role.refresh_from_db()
    assert role.ended_at is not None
    assert (desk.entries("access.give_role"), desk.entries("access.end_role")) == (1, 1)


def test_an_unknown_office_or_a_dissolved_unit_cannot_be_chosen(desk: Desk) -> None:
    key = desk.office.colleague.pk
    form = {"code": "handler", "organisation": desk.bureau.pk, "programme": "", "valid_from": "", "valid_until": ""}
    for change in ({"code": "emperor"}, {"organisation": desk.office.old.pk}, {"programme": "nothing"}):
        assert desk.client.post(f"/manage/accounts/{key}/roles/", form | change).status_code == 422
    assert not Role.objects.filter(account=key).exists()


def test_nobody_ends_closes_or_resets_himself(desk: Desk) -> None:
    key = desk.office.admin.pk
    page = said(desk.client.get(f"/manage/accounts/{key}/"))
    assert "这是您自己的账号" in page
    assert "停用账号" not in page
    ended = desk.client.post(f"/manage/accounts/{key}/roles/{desk.office.by.role}/end/", follow=True)
    assert "不能结束自己的管理员岗位" in said(ended)
    assert "不能停用或重置自己" in said(desk.client.post(f"/manage/accounts/{key}/activity/", follow=True))
    assert "不能停用或重置自己" in said(desk.client.post(f"/manage/accounts/{key}/reset/"))
    assert desk.client.get("/manage/").status_code == 200


def test_a_substitute_is_arranged_by_sign_in_name(desk: Desk) -> None:
    role = Role.objects.get(account=desk.office.officer)
    address = f"/manage/accounts/{desk.office.officer.pk}/roles/{role.pk}/substitute/"
    form = {"username": "lu.jiaotong", "valid_from": "", "valid_until": SOON.isoformat()}
    assert "没有这个账号" in said(desk.client.post(address, form | {"username": "nobody"}))
    assert "不能自己代自己" in said(desk.client.post(address, form | {"username": "yu.jiaotong"}))
    answer = desk.client.post(address, form, follow=True)
    assert re.search(r"代\s+yu\.jiaotong", said(answer))
    assert Role.objects.get(substitute_for=role).account_id == desk.office.colleague.pk
    assert desk.entries("access.add_substitute") == 1


def test_a_reset_shows_a_first_password_and_takes_the_phone_away(desk: Desk) -> None:
    officer = desk.office.officer
    second_factor.enrol(account=officer, secret=second_factor.new_setup("x").secret, by=SETUP, at=timezone.now())
    answer = desk.client.post(f"/manage/accounts/{officer.pk}/reset/")
    first = re.search(r'first-password">([\w-]+)<', answer.text).group(1)  # type: ignore[union-attr]
    assert Account.objects.get(pk=officer.pk).check_password(first)
    assert not second_factor.enrolled(officer.pk)
    assert desk.entries("access.reset_sign_in") == 1


def test_an_account_is_closed_and_opened_again(desk: Desk) -> None:
    officer = desk.office.officer
    theirs = Client()
    theirs.force_login(officer, "tongban.web.signin.backend.AccountBackend")
    assert theirs.get("/security/").status_code == 200
    desk.client.post(f"/manage/accounts/{officer.pk}/activity/")
    assert theirs.get("/security/").status_code == 302
    desk.client.post(f"/manage/accounts/{officer.pk}/activity/")
    assert Account.objects.get(pk=officer.pk).is_active
    assert (desk.entries("access.deactivate_account"), desk.entries("access.reactivate_account")) == (1, 1)


# -- the directory -----------------------------------------------------------------------------------------------


def test_a_body_is_renamed_and_ended_with_its_successor(desk: Desk) -> None:
    address = f"/manage/bodies/{desk.bureau.pk}/"
    assert "没有变化" in said(desk.client.post(address, {"name_zh": "人社局", "name_en": ""}))
    desk.client.post(address, {"name_zh": "人力社保局", "name_en": "Labour bureau"})
    page = said(desk.client.get(address))
    assert "人力社保局" in page
    assert "还有 1 个任职、0 件在等" in page
    end = {"last_day": localdate().isoformat(), "successor": desk.heir.pk}
    assert "已记下撤销" in said(desk.client.post(f"{address}end/", end, follow=True))
    row = Organisation.objects.get(pk=desk.bureau.pk)
    assert (row.valid_until, row.successor_id) == (localdate(), desk.heir.pk)
    assert "已于" in said(desk.client.post(f"{address}end/", end))
    assert (desk.entries("registry.rename_organisation"), desk.entries("registry.end_organisation")) == (1, 1)


def test_a_desk_is_never_ended_and_nothing_succeeds_itself(desk: Desk) -> None:
    end = {"last_day": localdate().isoformat(), "successor": ""}
    assert "受理台不能撤销" in said(desk.client.post(f"/manage/bodies/{desk.office.desk.pk}/end/", end))
    itself = end | {"successor": desk.bureau.pk}
    assert desk.client.post(f"/manage/bodies/{desk.bureau.pk}/end/", itself).status_code == 422
    early = end | {"last_day": "2019-12-31"}
    assert "不能早于" in said(desk.client.post(f"/manage/bodies/{desk.bureau.pk}/end/", early))
    assert Organisation.objects.get(pk=desk.bureau.pk).valid_until is None


def test_an_area_is_renamed_and_merged_when_it_holds_no_other(desk: Desk) -> None:
    town, village = f"/manage/areas/{desk.town.pk}/", f"/manage/areas/{desk.village.pk}/"
    end = {"last_day": localdate().isoformat(), "successor": desk.other_town.pk}
    assert "还有 1 个没有撤销" in said(desk.client.post(f"{town}end/", end))
    desk.client.post(f"{village}end/", end | {"successor": ""})
    desk.client.post(f"{town}end/", end)
    assert Area.objects.get(pk=desk.town.pk).successor_id == desk.other_town.pk
    desk.client.post(f"/manage/areas/{desk.other_town.pk}/", {"name_zh": "独山港新镇", "name_en": ""})
    assert Area.objects.get(pk=desk.other_town.pk).name_zh == "独山港新镇"
    assert (desk.entries("registry.end_area"), desk.entries("registry.rename_area")) == (2, 1)


def test_a_firm_is_registered_shows_its_code_and_is_dissolved(desk: Desk) -> None:
    form = {"name": "平湖泖新精密机械（化名）", "credit_code": CODE, "area": desk.town.pk, "address": ""}
    assert "对不上" in said(desk.client.post("/manage/firms/new/", form | {"credit_code": CODE[:-1] + "4"}))
    page = said(desk.client.post("/manage/firms/new/", form, follow=True))
    firm = Firm.objects.get()
    assert f"/f/{firm.code}/" in page
    assert "data:image/svg" in page
    assert "已登记为" in said(desk.client.post("/manage/firms/new/", form))
    dissolve = {"day": localdate().isoformat(), "successor_code": ""}
    address = f"/manage/firms/{firm.pk}/dissolve/"
    assert "不能在将来" in said(desk.client.post(address, dissolve | {"day": SOON.isoformat()}))
    assert "承接企业必须是另一家" in said(desk.client.post(address, dissolve | {"successor_code": CODE}))
    assert "已记为注销" in said(desk.client.post(address, dissolve, follow=True))
    assert Firm.objects.get().valid_until == localdate()
    assert (desk.entries("registry.register_firm"), desk.entries("registry.dissolve_firm")) == (1, 1)


# -- mandates ----------------------------------------------------------------------------------------------------


def asked(desk: Desk, phone: str = "13800000001", name: str = "陆文员") -> Mandate:
    now = timezone.now()
    firm = Firm.objects.filter(credit_code=CODE).first() or register_firm(
        name="平湖泖新精密机械（化名）", credit_code=CODE, area=desk.town, by=SETUP, at=now
    )
    person = phones.confirm_phone(phone=phone, name=name, at=now).person
    assert person is not None
    return ask_mandate(firm=firm, person=person, by=SETUP, at=now)


def test_a_mandate_is_confirmed_or_turned_down_once(desk: Desk) -> None:
    first, second = asked(desk), asked(desk, "13800000002", "赵文员")
    page = said(desk.client.get("/desk/mandates/"))
    assert "138****0001" in page
    assert "13800000001" not in page
    desk.client.post(f"/desk/mandates/{first.pk}/confirm/")
    desk.client.post(f"/desk/mandates/{second.pk}/turn-down/")
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.confirmed_by == desk.office.admin.pk
    assert second.ended_at is not None
    assert second.confirmed_at is None
    again = desk.client.post(f"/desk/mandates/{second.pk}/confirm/", follow=True)
    assert "已有人办过" in said(again)
    assert (desk.entries("registry.confirm_mandate"), desk.entries("registry.end_mandate")) == (1, 1)


def test_a_desk_agent_confirms_too_but_never_his_own(desk: Desk) -> None:
    now = timezone.now()
    officer = desk.office.colleague
    role = actions.give_role(account=officer.pk, code="agent", organisation=desk.office.desk.pk, by=SETUP, at=now)
    mandate = asked(desk)
    own = ask_mandate(firm=mandate.firm, person=officer.person, by=SETUP, at=now)  # type: ignore[arg-type]
    agent = Client()
    agent.force_login(officer, "tongban.web.signin.backend.AccountBackend")
    assert "不能确认自己的" in said(agent.post(f"/desk/mandates/{own.pk}/confirm/", follow=True))
    agent.post(f"/desk/mandates/{mandate.pk}/confirm/")
    assert Entry.objects.filter(name="registry.confirm_mandate", by_role=role.pk).count() == 1
    assert agent.get("/manage/").status_code == 403


# -- handing over ------------------------------------------------------------------------------------------------


def test_a_handler_hands_over_all_that_a_colleague_has(county) -> None:  # type: ignore[no-untyped-def]
    from tests.engines.cases.test_administration import signed_in

    signed_in(county, 2)
    colleague = Client()
    colleague.force_login(county.accounts["陆经办"], "tongban.web.signin.backend.AccountBackend")
    page = said(colleague.get("/desk/hand-over/"))
    assert "俞经办（2 件在办）" in page
    form = {"officer": county.accounts["俞经办"].pk, "to": county.accounts["陆经办"].pk}
    assert "移交了 2 件，共 2 件" in said(colleague.post("/desk/hand-over/", form))
    assert "没有正在办的件" in said(colleague.post("/desk/hand-over/", form))
    outsider = county.accounts["孙协办"].pk
    assert colleague.post("/desk/hand-over/", form | {"to": outsider}).status_code == 422
    reviewer = Client()
    reviewer.force_login(county.accounts["钱审核"], "tongban.web.signin.backend.AccountBackend")
    assert reviewer.get("/desk/hand-over/").status_code == 403
