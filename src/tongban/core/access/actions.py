"""Every write to accounts and roles. A person, his account and his roles are three things, each with a chain."""

from __future__ import annotations

import re
import secrets
from datetime import date, datetime

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils.timezone import localdate

from tongban.core.access import refusals as _refusals  # noqa: F401 - declares the sentences
from tongban.core.access import second_factor
from tongban.core.access.authority import administering
from tongban.core.access.models import Account, Role, Token
from tongban.core.access.phones import confirm_phone, new_person
from tongban.core.access.viewer import ADMINISTRATOR, AGENT, HANDLER
from tongban.core.ledger.actor import Actor
from tongban.core.ledger.journal import Journal
from tongban.core.refusals import Refused
from tongban.core.registry import codes
from tongban.core.registry.models import Organisation

__all__ = [
    "add_substitute", "begin_work", "change_password", "confirm_phone", "create_account", "deactivate_account", "end_role", "give_role",
    "reactivate_account", "reset_sign_in",
]  # fmt: skip
_WEAK = {
    "password_too_short": "password.short",
    "password_too_similar": "password.similar",
    "password_too_common": "password.common",
}
_SIGN_IN_NAME = re.compile(r"[a-z][a-z0-9.\-]{2,39}")


# -- accounts ----------------------------------------------------------------------------------------------------


def create_account(
    *, username: str, name: str, by: Actor, at: datetime, phone: str = "", language: str = "zh", password: str = ""
) -> tuple[Account, str]:
    """A staff account for a person, and the password to begin with, which is told once and kept nowhere.

    The first sign-in asks for a password of his own and sets the second factor up.
    """
    sign_in_name = username.strip().lower()
    if not _SIGN_IN_NAME.fullmatch(sign_in_name):
        raise Refused("account.name", field="username")
    if not name.strip():
        raise Refused("account.person", field="name")
    first = password or _first_password()
    # Worked out before anything is locked: it takes long on purpose.
    closed = make_password(first)
    number = codes.phone(phone) if phone.strip() else ""
    try:
        with Journal("access.create_account", by=by, at=at) as journal:
            administering(by, at)
            if Account.objects.filter(username=sign_in_name).exists():
                raise Refused("account.taken", field="username", name=sign_in_name)
            person = new_person(name, number)
            journal.add(person)
            account = Account(
                username=sign_in_name, person=person, staff=True, language=language, created_at=at,
                password=closed,
            )  # fmt: skip
            journal.add(account)
    except IntegrityError:
        raise Refused("account.taken", field="username", name=sign_in_name) from None
    return account, first


def begin_work(
    *, account: Account, password: str, again: str, secret: str, code: str, by: Actor, at: datetime
) -> list[str]:
    """A new officer's first sign-in: a password of his own, and the second factor, proved by a first ``code``.

    Gives the codes on paper, once.
    """
    _good_password(account, password, again)
    last, closed = second_factor.proved(secret, code, at), make_password(password)
    with Journal("access.begin_work", by=by, at=at) as journal:
        journal.change(account, password=closed)
        paper = second_factor.write(account.pk, secret, at, last)
    return paper


def change_password(*, account: Account, old: str, password: str, again: str, by: Actor, at: datetime) -> None:
    """An officer's own wish for another password; his other sessions end."""
    if not account.check_password(old):
        raise Refused("password.old", field="old")
    _good_password(account, password, again)
    closed = make_password(password)
    with Journal("access.change_password", by=by, at=at) as journal:
        journal.change(account, password=closed)


def deactivate_account(*, account: int, by: Actor, at: datetime) -> None:
    """Close an account: every session of it ends, for good. Its roles stay as they are, for the record."""
    with Journal("access.deactivate_account", by=by, at=at) as journal:
        administering(by, at)
        row = _others(account, by)
        if not row.is_active:
            raise Refused("account.inactive")
        journal.change(row, is_active=False, generation=row.generation + 1)


def reactivate_account(*, account: int, by: Actor, at: datetime) -> None:
    """Open a closed account again."""
    with Journal("access.reactivate_account", by=by, at=at) as journal:
        administering(by, at)
        row = _account(account)
        if row.is_active:
            raise Refused("account.active")
        journal.change(row, is_active=True)


def reset_sign_in(*, account: int, by: Actor, at: datetime) -> str:
    """Take an officer's second factor and password away and give the password to begin again with, told once.

    Both at once: whoever knew the old password alone must not set up the new factor. All sessions end, and all tokens.
    """
    first = _first_password()
    closed = make_password(first)
    with Journal("access.reset_sign_in", by=by, at=at) as journal:
        administering(by, at)
        row = _others(account, by)
        if not row.staff:
            raise Refused("account.resident")
        second_factor.forget(row.pk)
        journal.change(row, password=closed, generation=row.generation + 1)
        for token in Token.objects.filter(account=row, ended_at=None):
            journal.change(token, ended_at=at)
    return first


# -- roles -------------------------------------------------------------------------------------------------------


def give_role(
    *, account: int, code: str, organisation: int, by: Actor, at: datetime, programme: str = "",
    valid_from: date | None = None, valid_until: date | None = None, offices: frozenset[str] = frozenset(),
) -> Role:  # fmt: skip
    """An office in one organisation, for one programme or (blank) all. ``offices`` are those that may be given."""
    today = localdate(at)
    begin = valid_from or today
    with Journal("access.give_role", by=by, at=at, unit=organisation, programme=programme) as journal:
        administering(by, at)
        row = _officer(account)
        _not_oneself(account, by)
        if not code or (offices and code not in offices):
            raise Refused("role.office", field="code")
        body = Organisation.objects.filter(pk=organisation).first()
        _open_body(body, begin)
        _fitting_body(code, body)
        _span(begin, valid_until, today)
        role = Role(
            account=row, code=code, organisation_id=organisation, valid_from=begin, valid_until=valid_until,
            programme="" if code == ADMINISTRATOR else programme,
        )  # fmt: skip
        _not_twice(role)
        journal.add(role)
    return role


def end_role(*, role: int, by: Actor, at: datetime) -> None:
    """End an office now; whoever stands in for it ends with it. Nobody ends his own administrator's office."""
    with Journal("access.end_role", by=by, at=at) as journal:
        administering(by, at)
        row = _role(role, at)
        if row.code == ADMINISTRATOR and row.account_id == by.account:
            raise Refused("role.own_administrator")
        journal.unit, journal.programme = row.organisation_id, row.programme
        journal.change(row, ended_at=at)
        for stand_in in Role.objects.filter(substitute_for=row, ended_at=None):
            journal.change(stand_in, ended_at=at)


def add_substitute(
    *, role: int, account: int, valid_until: date | None, by: Actor, at: datetime, valid_from: date | None = None
) -> Role:
    """Let a colleague stand in for a role from one day to another. What he does names the one he stands in for."""
    today = localdate(at)
    begin = valid_from or today
    with Journal("access.add_substitute", by=by, at=at) as journal:
        administering(by, at)
        principal = _role(role, at)
        if principal.substitute_for_id is not None:
            raise Refused("substitute.chain")
        if principal.code == ADMINISTRATOR:
            raise Refused("substitute.administrator")
        if principal.account_id == account:
            raise Refused("substitute.self", field="account")
        if valid_until is None:
            raise Refused("substitute.until", field="valid_until")
        row = _officer(account)
        _not_oneself(account, by)
        _open_body(principal.organisation, begin)
        _span(begin, valid_until, today)
        journal.unit, journal.programme = principal.organisation_id, principal.programme
        stand_in = Role(
            account=row, code=principal.code, organisation_id=principal.organisation_id,
            programme=principal.programme, substitute_for=principal, valid_from=begin, valid_until=valid_until,
        )  # fmt: skip
        _not_twice(stand_in)
        journal.add(stand_in)
    return stand_in


# -- inside ------------------------------------------------------------------------------------------------------


def _first_password() -> str:
    signs = "23456789abcdefghjkmnpqrstuvwxyz"
    return "-".join("".join(secrets.choice(signs) for _ in range(4)) for _ in range(4))


def _good_password(account: Account, password: str, again: str) -> None:
    if password != again:
        raise Refused("password.differ", field="again")
    if account.check_password(password):
        raise Refused("password.same", field="password")
    try:
        validate_password(password, account)
    except ValidationError as error:
        known = [_WEAK[e.code] for e in error.error_list if e.code in _WEAK]
        raise Refused(known[0] if known else "password.common", field="password") from None


def _account(key: int) -> Account:
    row = Account.objects.filter(pk=key).first()
    if row is None:
        raise Refused("account.unknown", field="account")
    return row


def _others(key: int, by: Actor) -> Account:
    row = _account(key)
    if row.pk == by.account:
        raise Refused("account.own")
    return row


def _officer(key: int) -> Account:
    row = Account.objects.select_for_update().filter(pk=key).first()  # one at a time gives him roles
    if row is None:
        raise Refused("account.unknown", field="account")
    if not row.staff:
        raise Refused("account.resident", field="account")
    if not row.is_active:
        raise Refused("account.inactive", field="account")
    return row


def _not_oneself(account: int, by: Actor) -> None:
    """Nobody gives himself an office: an administrator sees no case, and must not be able to let himself see one."""
    if account == by.account:
        raise Refused("role.own", field="account")


def _role(key: int, at: datetime) -> Role:
    row = Role.objects.select_related("organisation").filter(pk=key, ended_at=None).first()
    if row is None or (row.valid_until is not None and row.valid_until < localdate(at)):
        raise Refused("role.unknown")
    return row


def _open_body(body: Organisation | None, begin: date) -> None:
    if body is None:
        raise Refused("role.organisation", field="organisation")
    if body.valid_until is not None and body.valid_until < begin:
        raise Refused("role.dissolved", field="organisation", unit=body.label, day=body.valid_until.isoformat())
    if body.valid_from > begin:
        raise Refused("role.not_yet", field="organisation", unit=body.label, day=body.valid_from.isoformat())


def _fitting_body(code: str, body: Organisation | None) -> None:
    """An agent's office counts at a desk alone, and a handler's in a handling unit: elsewhere it would open half a door."""
    desk = body is not None and body.kind == Organisation.Kind.DESK
    if (code == AGENT and not desk) or (code == HANDLER and desk):
        raise Refused("role.place", field="organisation")


def _span(begin: date, end: date | None, today: date) -> None:
    if end is not None and end < begin:
        raise Refused("role.days", field="valid_until")
    if end is not None and end < today:
        raise Refused("role.past", field="valid_until")


def _not_twice(role: Role) -> None:
    """Two identical roles whose days touch are one too many; two administrators' roles of one person too."""
    same = Role.objects.select_for_update().filter(
        account_id=role.account_id, code=role.code, organisation_id=role.organisation_id, ended_at=None,
        programme__in=("", role.programme) if role.programme else ("",),
    )  # fmt: skip
    for other in same:
        before = role.valid_until is not None and role.valid_until < other.valid_from
        after = other.valid_until is not None and other.valid_until < role.valid_from
        if not before and not after:
            raise Refused("role.same", field="code", unit=role.organisation.label)
