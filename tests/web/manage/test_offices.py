"""Accounts, offices, mandates and handing over: each change leaves its entry under the administrator's role."""

from __future__ import annotations

import re
from datetime import date, timedelta

from django.test import Client
from django.utils import timezone

from tests.core.access.conftest import SETUP
from tests.engines.cases.conftest import county as county  # the fixture  # noqa: PLC0414
from tests.web.manage.conftest import Desk, said
from tongban.core.access import actions, phones, second_factor
from tongban.core.access.models import Account, Role
from tongban.core.ledger.models import Entry
from tongban.core.registry.actions import ask_mandate, register_firm
from tongban.core.registry.models import Firm, Mandate

CODE = "91350100M000100Y43"
SOON = date.today() + timedelta(days=10)


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
