"""Many people and firms at once stand as if each had been registered alone."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from tongban.core import vault
from tongban.core.ledger.actor import COMMAND
from tongban.core.ledger.models import Entry
from tongban.core.registry.actions import register_firm, register_person
from tongban.core.registry.many import register_firms, register_people
from tongban.core.registry.models import Area, Firm, Person

NOW = datetime(2026, 11, 18, 1, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> Area:
    return Area.objects.create(code="330482100", level="town", name_zh="新埭镇", valid_from=date(2020, 1, 1))


def shown(person: Person) -> dict[str, Any]:
    person.refresh_from_db()
    (entry,) = Entry.objects.filter(kind="registry.person", object_id=person.pk)
    ((model, key, image),) = json.loads(entry.images)
    assert (model, key) == ("registry.person", person.pk)
    for name, value in image.items():
        if isinstance(value, dict):
            image[name] = vault.open_for(person.subject_key(), value["closed"])
    if image["phone"]:  # encrypted anew each time
        image["phone"] = vault.decrypt(bytes.fromhex(image["phone"]))
    return {
        "row": (person.name, person.phone_number, person.phone_index, person.area_id, person.version, person.erased_at),
        "entry": (entry.name, entry.number, entry.by_system, entry.recorded_at, entry.happened_at, image),
    }  # fmt: skip


def test_people_at_once_are_people_one_by_one(town: Area) -> None:
    alone = register_person(name="沈阿四", phone="15400000001", by=COMMAND, at=NOW, area=town)
    (one, other) = register_people([("沈阿四", "15400000001", town), ("陆静", "", None)], by=COMMAND, at=NOW)
    assert shown(one) == shown(alone)
    assert shown(other)["row"][:2] == ("陆静", "")
    assert Person.objects.create(name="后来的").pk > other.pk


def test_firms_at_once_are_firms_one_by_one(town: Area) -> None:
    alone = register_firm(
        name="甲（化名）", credit_code="91350100M000100Y43", area=town, by=COMMAND, at=NOW, address="一号"
    )
    code, name = alone.code, alone.sort
    entry = Entry.objects.get(kind="registry.firm", object_id=alone.pk)
    Firm.objects.all().delete()
    (firm,) = register_firms([("甲（化名）", "91350100M000100Y43", town, "一号")], by=COMMAND, at=NOW)
    again = Entry.objects.get(kind="registry.firm", object_id=firm.pk)
    assert (firm.code, firm.sort) == (code, name)
    assert [i[2] for i in json.loads(again.images)] == [i[2] for i in json.loads(entry.images)]
    assert (again.name, again.area, again.number) == (entry.name, entry.area, 1)


def test_a_known_credit_code_leaves_nothing_of_its_chunk(town: Area) -> None:
    register_firm(name="甲（化名）", credit_code="91350100M000100Y43", area=town, by=COMMAND, at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        register_firms(
            [("乙", "91330482MAT0079198", town, ""), ("甲", "91350100M000100Y43", town, "")], by=COMMAND, at=NOW
        )
    assert Firm.objects.count() == 1
