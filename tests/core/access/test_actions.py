"""Accounts and roles: what is given, what is refused, and the entry that each change leaves."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

import pytest

from tests.core.access.conftest import NOW, SETUP, Office
from tongban.core.access import actions, queries, second_factor
from tongban.core.access.models import Account, Role
from tongban.core.access.viewer import NOBODY, viewer_of
from tongban.core.ledger.actor import Actor
from tongban.core.ledger.models import Entry
from tongban.core.refusals import Refused
from tongban.core.registry.actions import register_person
from tongban.core.registry.models import Person

DAY = timedelta(days=1)


def entry_names(row: Account | Role) -> list[str]:
    return list(
        Entry.objects.filter(kind=row._meta.label_lower, object_id=row.pk)
        .order_by("number")
        .values_list("name", flat=True)
    )


def give(office: Office, account: Account, code: str = "handler", **more: object) -> Role:
    return actions.give_role(
        account=account.pk,
        code=code,
        organisation=office.bureau.pk,
        by=office.by,
        at=NOW,
        **more,  # type: ignore[arg-type]
    )


def test_an_account_is_made_with_a_password_told_once_and_an_entry(office: Office) -> None:
    account, first = actions.create_account(username=" Chen.Xindai ", name="陈新", by=office.by, at=NOW)
    assert account.username == "chen.xindai"
    assert account.staff
    assert account.check_password(first)
    assert len(first) == 19
    assert entry_names(account) == ["access.create_account"]
    assert first not in "".join(Entry.objects.values_list("images", flat=True))


@pytest.mark.parametrize("name", ["ab", "9lives", "张三", "with space", "x" * 41])
def test_a_sign_in_name_has_one_form(office: Office, name: str) -> None:
    with pytest.raises(Refused) as refusal:
        actions.create_account(username=name, name="某某", by=office.by, at=NOW)
    assert (refusal.value.code, refusal.value.field) == ("account.name", "username")


def test_a_sign_in_name_is_taken_once(office: Office) -> None:
    with pytest.raises(Refused, match="taken"):
        actions.create_account(username="YU.jiaotong", name="另一个", by=office.by, at=NOW)


def test_only_an_administrator_administers(office: Office) -> None:
    handler = give(office, office.officer)
    for by in (Actor(office.officer.pk, handler.pk), Actor(office.officer.pk), Actor(office.admin.pk, handler.pk)):
        with pytest.raises(Refused, match="administrator"):
            actions.create_account(username="new.one", name="新", by=by, at=NOW)
        with pytest.raises(Refused, match="administrator"):
            actions.end_role(role=handler.pk, by=by, at=NOW)
    assert not Account.objects.filter(username="new.one").exists()


def test_a_role_is_given_and_seen_at_once(office: Office) -> None:
    role = give(office, office.officer, programme="enterprise")
    grants = viewer_of(office.officer, NOW).grants
    assert [(g.code, g.organisation, g.programme) for g in grants] == [("handler", office.bureau.pk, "enterprise")]
    assert entry_names(role) == ["access.give_role"]


def test_no_role_in_a_dissolved_organisation(office: Office) -> None:
    with pytest.raises(Refused, match="2025-12-31") as refusal:
        actions.give_role(account=office.officer.pk, code="handler", organisation=office.old.pk, by=office.by, at=NOW)
    assert refusal.value.code == "role.dissolved"


def test_agents_work_at_desks_and_handlers_in_units(office: Office) -> None:
    with pytest.raises(Refused, match="Agents work at a desk") as refusal:
        actions.give_role(account=office.officer.pk, code="agent", organisation=office.bureau.pk, by=office.by, at=NOW)
    assert refusal.value.code == "role.place"


def test_no_role_twice_whatever_programme_covers_it(office: Office) -> None:
    give(office, office.officer, programme="enterprise")
    give(office, office.officer, programme="community")
    with pytest.raises(Refused, match="already holds"):
        give(office, office.officer, programme="enterprise")
    give(office, office.colleague)  # for all programmes
    with pytest.raises(Refused, match="already holds"):
        give(office, office.colleague, programme="enterprise")


def test_the_same_role_may_follow_one_that_ends(office: Office) -> None:
    first = give(office, office.officer, valid_until=date(2026, 11, 30))
    second = give(office, office.officer, valid_from=date(2026, 12, 1))
    assert second.pk != first.pk
    with pytest.raises(Refused, match="already holds"):
        give(office, office.officer, valid_from=date(2026, 11, 30), valid_until=date(2026, 12, 1))


def test_days_must_follow_each_other(office: Office) -> None:
    with pytest.raises(Refused, match="before the first"):
        give(office, office.officer, valid_from=date(2026, 12, 2), valid_until=date(2026, 12, 1))
    with pytest.raises(Refused, match="has passed"):
        give(office, office.officer, valid_from=date(2026, 10, 1), valid_until=date(2026, 10, 2))


def test_a_residents_account_holds_no_office(office: Office) -> None:
    resident = actions.confirm_phone(phone="13800000009", name="居民", at=NOW)
    with pytest.raises(Refused, match="resident"):
        give(office, resident)


def test_an_administrator_never_ends_his_own_office(office: Office) -> None:
    assert office.by.role is not None
    with pytest.raises(Refused, match="his own administrator"):
        actions.end_role(role=office.by.role, by=office.by, at=NOW)
    other = actions.give_role(
        account=office.officer.pk, code="administrator", organisation=office.bureau.pk, by=office.by, at=NOW
    )
    actions.end_role(role=office.by.role, by=Actor(office.officer.pk, other.pk), at=NOW)
    assert not viewer_of(office.admin, NOW).grants


def test_a_substitute_stands_in_and_ends_with_the_role(office: Office) -> None:
    role = give(office, office.officer)
    stand_in = actions.add_substitute(
        role=role.pk, account=office.colleague.pk, valid_until=date(2026, 11, 30), by=office.by, at=NOW
    )
    grant = viewer_of(office.colleague, NOW).grants[0]
    assert (grant.code, grant.on_behalf) == ("handler", office.officer.pk)
    assert not viewer_of(office.colleague, NOW + 13 * DAY).grants
    actions.end_role(role=role.pk, by=office.by, at=NOW)
    assert not viewer_of(office.colleague, NOW).grants
    assert entry_names(stand_in) == ["access.add_substitute", "access.end_role"]


def test_whose_principal_has_left_stands_in_for_nobody_in_any_list(office: Office) -> None:
    role = actions.give_role(
        account=office.officer.pk, code="handler", organisation=office.bureau.pk, valid_until=date(2026, 11, 20),
        by=office.by, at=NOW,
    )  # fmt: skip
    actions.add_substitute(
        role=role.pk, account=office.colleague.pk, valid_until=date(2026, 11, 30), by=office.by, at=NOW
    )
    here = partial(queries.officers_of, office.bureau.pk, "handler")
    assert {key for key, _ in here(at=NOW)} == {office.officer.pk, office.colleague.pk}
    assert here(at=NOW + 7 * DAY) == []
    assert not viewer_of(office.colleague, NOW + 7 * DAY).grants


def test_nobody_stands_in_for_himself_nor_for_a_substitute_nor_without_an_end(office: Office) -> None:
    role = give(office, office.officer)
    with pytest.raises(Refused, match="himself"):
        actions.add_substitute(
            role=role.pk, account=office.officer.pk, valid_until=date(2026, 12, 1), by=office.by, at=NOW
        )
    with pytest.raises(Refused, match="until which day"):
        actions.add_substitute(role=role.pk, account=office.colleague.pk, valid_until=None, by=office.by, at=NOW)
    stand_in = actions.add_substitute(
        role=role.pk, account=office.colleague.pk, valid_until=date(2026, 12, 1), by=office.by, at=NOW
    )
    with pytest.raises(Refused, match="substitute's role itself"):
        actions.add_substitute(
            role=stand_in.pk, account=office.officer.pk, valid_until=date(2026, 12, 1), by=office.by, at=NOW
        )
    assert office.by.role is not None
    with pytest.raises(Refused, match="no substitute for an administrator"):
        actions.add_substitute(
            role=office.by.role, account=office.officer.pk, valid_until=date(2026, 12, 1), by=office.by, at=NOW
        )


def test_who_holds_the_same_office_already_needs_not_stand_in(office: Office) -> None:
    role = give(office, office.officer)
    give(office, office.colleague)
    with pytest.raises(Refused, match="already holds"):
        actions.add_substitute(
            role=role.pk, account=office.colleague.pk, valid_until=date(2026, 12, 1), by=office.by, at=NOW
        )


def test_a_closed_account_sees_nothing_and_opens_again(office: Office) -> None:
    give(office, office.officer)
    actions.deactivate_account(account=office.officer.pk, by=office.by, at=NOW)
    office.officer.refresh_from_db()
    assert viewer_of(office.officer, NOW) is NOBODY
    with pytest.raises(Refused, match="closed"):
        give(office, office.officer, "reviewer")
    actions.reactivate_account(account=office.officer.pk, by=office.by, at=NOW)
    office.officer.refresh_from_db()
    assert viewer_of(office.officer, NOW).grants
    with pytest.raises(Refused, match="his own account"):
        actions.deactivate_account(account=office.admin.pk, by=office.by, at=NOW)


def test_a_reset_takes_both_factors_away(office: Office) -> None:
    second_factor.enrol(account=office.officer, secret=second_factor.new_setup("x").secret, by=SETUP, at=NOW)
    first = actions.reset_sign_in(account=office.officer.pk, by=office.by, at=NOW)
    office.officer.refresh_from_db()
    assert not second_factor.enrolled(office.officer.pk)
    assert not office.officer.check_password("start-here-77")
    assert office.officer.check_password(first)
    assert entry_names(office.officer)[-1] == "access.reset_sign_in"


# -- phones ------------------------------------------------------------------------------------------------------


def test_a_confirmed_number_makes_a_person_and_an_account(office: Office) -> None:
    account = actions.confirm_phone(phone="138 0000 0001", name="陈居民", at=NOW)
    assert account.person is not None
    assert (account.person.name, account.person.phone_number, account.staff) == ("陈居民", "13800000001", False)
    assert account.person.phone_confirmed_at == NOW
    assert not account.has_usable_password()
    again = actions.confirm_phone(phone="13800000001", name="", at=NOW + DAY)
    assert again.pk == account.pk


def test_a_new_number_needs_a_name(office: Office) -> None:
    with pytest.raises(Refused, match="your name"):
        actions.confirm_phone(phone="13800000001", name="  ", at=NOW)
    assert not Person.objects.filter(name="").exists()


def test_a_family_sharing_a_number_is_told_apart_by_name(office: Office) -> None:
    mother = register_person(name="王妈妈", phone="13800000002", by=SETUP, at=NOW)
    register_person(name="王爸爸", phone="13800000002", by=SETUP, at=NOW)
    account = actions.confirm_phone(phone="13800000002", name=" 王 妈妈", at=NOW)
    assert account.person_id == mother.pk


def test_who_only_owns_a_mistyped_number_does_not_become_that_person(office: Office) -> None:
    registered = register_person(name="李原本", phone="13800000003", by=SETUP, at=NOW)
    account = actions.confirm_phone(phone="13800000003", name="赵陌生", at=NOW)
    assert account.person_id != registered.pk


def test_a_phone_never_opens_a_staff_account(office: Office) -> None:
    actions.create_account(username="with.phone", name="带号", phone="13800000004", by=office.by, at=NOW)
    with pytest.raises(Refused, match="staff"):
        actions.confirm_phone(phone="13800000004", name="带号", at=NOW)


def test_lists_are_for_administrators_alone(office: Office) -> None:
    give(office, office.officer)
    admin, officer = viewer_of(office.admin, NOW), viewer_of(office.officer, NOW)
    assert [a.username for a in queries.staff_accounts(viewer=admin, at=NOW)] == [
        "admin.zhou", "lu.jiaotong", "yu.jiaotong",
    ]  # fmt: skip
    assert [a.username for a in queries.staff_accounts(viewer=admin, at=NOW, organisation=office.bureau.pk)] == [
        "yu.jiaotong"
    ]
    assert [a.username for a in queries.staff_accounts(viewer=admin, at=NOW, like="陆经办")] == ["lu.jiaotong"]
    assert queries.staff_accounts(viewer=officer, at=NOW) == []
    assert queries.staff_account(office.admin.pk, viewer=officer, at=NOW) is None
    assert [c.name for c in queries.changes(office.officer, viewer=admin)] == ["access.create_account"]
    assert queries.changes(office.officer, viewer=officer) == []


def test_nobody_gives_himself_an_office(office: Office) -> None:
    role = give(office, office.officer)
    with pytest.raises(Refused, match="gives himself an office"):
        give(office, office.admin, code="agent")
    with pytest.raises(Refused, match="gives himself an office"):
        actions.add_substitute(
            role=role.pk, account=office.admin.pk, valid_until=NOW.date() + timedelta(days=3), by=office.by, at=NOW
        )
    assert [g.code for g in viewer_of(office.admin, NOW).grants] == ["administrator"]
