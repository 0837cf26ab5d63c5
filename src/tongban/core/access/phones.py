"""Whose phone is it? Somebody who has proved a number becomes a person with an account, or turns out to be one."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError

from tongban.core import vault
from tongban.core.access import refusals as _refusals  # noqa: F401 - declares the sentences
from tongban.core.access.models import Account
from tongban.core.ledger.actor import Actor
from tongban.core.ledger.journal import Journal
from tongban.core.plain import one_line
from tongban.core.refusals import Refused
from tongban.core.registry import codes
from tongban.core.registry.actions import draft_person
from tongban.core.registry.models import Person
from tongban.core.registry.names import plain_name

SIGN_IN = Actor(system="sign-in")


def owner_known(phone: str) -> bool:
    """Whether the number's owner has confirmed it before, so that nobody need ask for a name."""
    index = vault.blind_index("phone", codes.phone(phone))
    return Person.objects.filter(phone_index=index, erased_at=None, phone_confirmed_at__isnull=False).exists()


def confirm_phone(*, phone: str, name: str, at: datetime, by: Actor = SIGN_IN) -> Account:
    """Somebody has proved that ``phone`` is his: give the account of that person, made where there is none.

    A number that its owner had confirmed is enough. Otherwise ``name`` tells apart those who are registered under the
    number (a family shares one; a desk may have mistyped one), and a name that nobody has makes a new person.
    """
    number = codes.phone(phone)
    try:
        with Journal("access.confirm_phone", by=by, at=at) as journal:
            person = _owner(number, name)
            if person is None:
                person = new_person(name, number)
                person.phone_confirmed_at = at
                journal.add(person)
            elif person.phone_confirmed_at is None:
                journal.change(person, phone_confirmed_at=at)
            return _account_of(person, journal, at)
    except IntegrityError:
        raise Refused("ledger.overtaken") from None


def new_person(name: str, number: str) -> Person:
    """A person with an encrypted number (empty: none), not saved yet."""
    tidy = one_line(name, 80)
    if not tidy:
        raise Refused("phone.name", field="name")
    return draft_person(name=tidy, phone=number)


def _owner(number: str, name: str) -> Person | None:
    index = vault.blind_index("phone", number)
    found = list(Person.objects.filter(phone_index=index, erased_at=None).order_by("pk")[:50])
    confirmed = [p for p in found if p.phone_confirmed_at]
    if confirmed:
        return confirmed[0]
    wanted = plain_name(name)
    if not wanted:
        raise Refused("phone.name", field="name")
    return next((p for p in found if plain_name(p.name) == wanted), None)


def _account_of(person: Person, journal: Journal, at: datetime) -> Account:
    account = Account.objects.filter(person=person).first() if person.pk else None
    if account is None:
        account = Account(username=f"p{person.pk}", person=person, created_at=at, password=make_password(None))
        journal.add(account)
    if account.staff:
        raise Refused("phone.staff")
    if not account.is_active:
        raise Refused("account.inactive")
    return account
