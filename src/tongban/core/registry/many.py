"""Many people and firms registered at once, each as :mod:`tongban.core.registry.actions` would register it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import islice

from django.db import transaction

from tongban.core.labels import sort_key
from tongban.core.ledger.actor import Actor
from tongban.core.ledger.sheaf import Keys, Sheaf
from tongban.core.registry import codes
from tongban.core.registry.actions import draft_firm, draft_person
from tongban.core.registry.models import Area, Firm, Person

_CHUNK = 1000


def register_people(
    many: Iterable[tuple[str, str, Area | None]], *, by: Actor, at: datetime
) -> list[Person]:  # fmt: skip
    """Persons given as (name, phone, area): one action each, a thousand in one transaction."""
    waiting, keys, done = iter(many), Keys(), []
    while chunk := list(islice(waiting, _CHUNK)):
        sheaf = Sheaf(keys)
        keys.reserve({Person: len(chunk)})
        for name, phone, area in chunk:
            person = draft_person(name=name, phone=phone, area=area)
            with sheaf.journal("registry.register_person", by=by, at=at) as journal:
                journal.add(person)
            done.append(person)
        _write(sheaf)
    return done


def register_firms(many: Iterable[tuple[str, str, Area, str]], *, by: Actor, at: datetime) -> list[Firm]:
    """Firms given as (name, credit code, area, address). A code that is registered already stops its whole chunk."""
    waiting, keys, done = iter(many), Keys(), []
    while chunk := list(islice(waiting, _CHUNK)):
        sheaf = Sheaf(keys)
        keys.reserve({Firm: len(chunk)})
        for name, code, area, address in chunk:
            firm = draft_firm(name=name, code=codes.credit_code(code), area=area, at=at, address=address)
            firm.sort = sort_key(firm.name_zh)
            with sheaf.journal("registry.register_firm", by=by, at=at, area=area.pk) as journal:
                journal.add(firm)
            done.append(firm)
        _write(sheaf)
    return done


def _write(sheaf: Sheaf) -> None:
    write = sheaf.prepare()
    with transaction.atomic():
        write()
