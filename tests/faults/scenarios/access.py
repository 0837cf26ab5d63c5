"""Scenarios of access."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.engines.cases.conftest import NOW, County
from tests.faults.scenarios.shared import SYSTEM, Call, numbers, scenario
from tongban.core.access import actions as access
from tongban.core.access import second_factor


def account(county: County) -> Any:
    return access.create_account(
        username=f"o{next(numbers)}.new", name="新人", by=SYSTEM, at=NOW, password="start-here-77"
    )[0]


@scenario(access.create_account)
def _account(county: County) -> Call:
    name = f"o{next(numbers)}.new"
    return lambda: access.create_account(username=name, name="新人", phone="15400000009", by=SYSTEM, at=NOW)


@scenario(access.confirm_phone)
def _confirm_phone(county: County) -> Call:
    phone = f"154{next(numbers):08d}"
    return lambda: access.confirm_phone(phone=phone, name="来客", at=NOW)


@scenario(access.begin_work)
def _begin_work(county: County) -> Call:
    row = account(county)
    secret = second_factor.new_setup(row.username).secret
    code = second_factor.code_at(secret, NOW)
    return lambda: access.begin_work(
        account=row, password="another-one-88", again="another-one-88", secret=secret, code=code, by=SYSTEM, at=NOW
    )


@scenario(access.change_password)
def _change_password(county: County) -> Call:
    row = account(county)
    return lambda: access.change_password(
        account=row, old="start-here-77", password="another-one-88", again="another-one-88", by=SYSTEM, at=NOW
    )


@scenario(access.deactivate_account)
def _deactivate(county: County) -> Call:
    row = account(county).pk
    return lambda: access.deactivate_account(account=row, by=SYSTEM, at=NOW)


@scenario(access.reactivate_account)
def _reactivate(county: County) -> Call:
    row = account(county).pk
    access.deactivate_account(account=row, by=SYSTEM, at=NOW)
    return lambda: access.reactivate_account(account=row, by=SYSTEM, at=NOW)


@scenario(access.reset_sign_in)
def _reset(county: County) -> Call:
    row = account(county)
    second_factor.enrol(account=row, secret=second_factor.new_setup(row.username).secret, by=SYSTEM, at=NOW)
    return lambda: access.reset_sign_in(account=row.pk, by=SYSTEM, at=NOW)


@scenario(second_factor.enrol)
def _enrol(county: County) -> Call:
    row = account(county)
    secret = second_factor.new_setup(row.username).secret
    return lambda: second_factor.enrol(account=row, secret=secret, by=SYSTEM, at=NOW)


@scenario(second_factor.renew_paper)
def _paper(county: County) -> Call:
    row = account(county)
    second_factor.enrol(account=row, secret=second_factor.new_setup(row.username).secret, by=SYSTEM, at=NOW)
    return lambda: second_factor.renew_paper(account=row, by=SYSTEM, at=NOW)


def role(county: County) -> Any:
    return access.give_role(
        account=account(county).pk, code="handler", organisation=county.units["交通局"].pk, by=SYSTEM, at=NOW
    )


@scenario(access.give_role)
def _give_role(county: County) -> Call:
    row, unit = account(county).pk, county.units["交通局"].pk
    return lambda: access.give_role(account=row, code="handler", organisation=unit, by=SYSTEM, at=NOW)


@scenario(access.add_substitute)
def _substitute(county: County) -> Call:
    principal, row = role(county).pk, account(county).pk
    return lambda: access.add_substitute(role=principal, account=row, valid_until=date(2026, 12, 31), by=SYSTEM, at=NOW)


@scenario(access.end_role)
def _end_role(county: County) -> Call:
    principal = role(county).pk
    access.add_substitute(role=principal, account=account(county).pk, valid_until=date(2026, 12, 31), by=SYSTEM, at=NOW)
    return lambda: access.end_role(role=principal, by=SYSTEM, at=NOW)
