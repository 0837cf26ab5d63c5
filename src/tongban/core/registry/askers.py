"""Who asks: people who have not proved who they are, people who have, and the firms for which they may act.

A number that somebody merely typed proves nothing. It therefore never leads to a person whose number its owner has
confirmed: what is filed with it stands under a person of its own, found again only by the same number *and* name, until
the owner of the number signs in with a code and that name.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q
from django.utils.timezone import localdate

from tongban.core import vault
from tongban.core.ledger.actor import Actor
from tongban.core.registry import codes
from tongban.core.registry.actions import person_by_phone, register_person
from tongban.core.registry.models import Firm, Mandate, Person
from tongban.core.registry.names import plain_name


def person_named(key: int | None) -> Person | None:
    """The person with this key, not erased."""
    return Person.objects.filter(pk=key, erased_at=None).first() if key is not None else None


def unproven_person(*, name: str, phone: str, by: Actor, at: datetime) -> Person:
    """The person who says that he has this name and number and has not proved it; registered if he is new."""
    number = codes.phone(phone)
    known = _registered(number, name, confirmed=False)
    return known or register_person(name=name, phone=number, by=by, at=at)


def named_person(*, name: str, phone: str, by: Actor, at: datetime) -> Person:
    """Whom somebody who has proved himself names: the owner of the number if the name fits, else as unproven."""
    number = codes.phone(phone)
    return _registered(number, name, confirmed=True) or unproven_person(name=name, phone=number, by=by, at=at)


def calling(*, name: str, phone: str, by: Actor, at: datetime) -> Person | None:
    """Whom the desk speaks with: the owner of the number if the name fits or none was given, else as unproven.

    Without a number a name makes a person of its own; without either nobody is known.
    """
    if not phone.strip():
        return register_person(name=name, phone="", by=by, at=at) if name.strip() else None
    known = person_by_phone(phone) if not name.strip() else None
    return known or named_person(name=name, phone=phone, by=by, at=at)


def is_number_of(person: Person | None, phone: str) -> bool:
    """Whether ``phone`` is the whole number under which this person is registered."""
    if person is None or person.phone_index is None:
        return False
    return bytes(person.phone_index) == vault.blind_index("phone", codes.phone(phone))


def _registered(number: str, name: str, *, confirmed: bool) -> Person | None:
    index = vault.blind_index("phone", number)
    found = Person.objects.filter(phone_index=index, erased_at=None, phone_confirmed_at__isnull=not confirmed)
    wanted = plain_name(name)
    return next((p for p in found.order_by("pk")[:50] if plain_name(p.name) == wanted), None)


# -- firms -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class MandateRow:
    """Who may act for a firm, or has asked to. ``until`` None: no end was named."""

    firm: Firm
    person: int
    name: str
    phone_masked: str
    asked_at: datetime
    confirmed_at: datetime | None
    until: date | None


def firm_with_code(typed: str) -> Firm | None:
    """The registered firm with this credit code; refused if the code cannot be one."""
    return Firm.objects.filter(credit_code=codes.credit_code(typed)).first()


def firm_named(key: int) -> Firm | None:
    """The firm with this key."""
    return Firm.objects.select_related("successor").filter(pk=key).first()


def firms_named(keys: frozenset[int]) -> list[Firm]:
    """The firms with these keys, by name."""
    return list(Firm.objects.filter(pk__in=sorted(keys)).order_by("sort", "pk")) if keys else []


def mandates_of_person(person: int | None, at: datetime) -> list[MandateRow]:
    """For which firms somebody may act, or has asked to, newest first."""
    return _mandates(Q(person=person), at) if person is not None else []


def mandates_of_firm(firm: int, at: datetime) -> list[MandateRow]:
    """Who may act for a firm, or has asked to, newest first. For those who may act for it themselves."""
    return _mandates(Q(firm=firm), at)


def acts_for(person: int | None, firm: int, at: datetime) -> bool:
    """Whether a person has a confirmed mandate for a firm at ``at``."""
    return person in clerks_of(firm, at)


def clerks_of(firm: int, at: datetime) -> set[int]:
    """The persons who may act for a firm at ``at``."""
    day = localdate(at)
    in_force = Q(valid_from__lte=day) & (Q(valid_until=None) | Q(valid_until__gte=day)) & Q(ended_at=None)
    confirmed = Mandate.objects.filter(in_force, firm=firm, confirmed_at__lte=at)
    return set(confirmed.values_list("person_id", flat=True))


def _mandates(whose: Q, at: datetime) -> list[MandateRow]:
    day = localdate(at)
    rows = Mandate.objects.filter(whose, Q(valid_until=None) | Q(valid_until__gte=day), ended_at=None)
    return [
        MandateRow(
            m.firm, m.person_id, m.person.name, m.person.phone_masked, m.asked_at, m.confirmed_at, m.valid_until,
        )
        for m in rows.select_related("firm", "person").order_by("-asked_at", "-pk")[:100]
    ]  # fmt: skip
