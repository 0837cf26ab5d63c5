"""A small county for the tests of cases: two desks, bureaux, a town and its village, officers and askers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime

import pytest

from tongban.core import vault
from tongban.core.access.models import Account, Role
from tongban.core.ledger.actor import Actor
from tongban.core.registry import reference
from tongban.core.registry.actions import register_firm, register_person
from tongban.core.registry.models import Area, Firm, Mandate, Organisation, Person
from tongban.engines.cases.models import Limit, Rung

BEGIN = date(2020, 1, 1)
NOW = datetime(2026, 11, 18, 1, 0, tzinfo=UTC)  # Wednesday 9:00 in the county


@dataclass
class County:
    """Everything by name."""

    areas: dict[str, Area] = field(default_factory=dict)
    units: dict[str, Organisation] = field(default_factory=dict)
    officers: dict[str, Actor] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    firm: Firm | None = None

    def officer(self, name: str, unit: str, code: str, programme: str = "") -> Actor:
        """A new account with one role; its actor."""
        person = Person.objects.create(name=name, key=vault.new_subject_key())
        account = Account.objects.create(username=name, person=person, staff=True, created_at=NOW)
        role = Role.objects.create(
            account=account, code=code, organisation=self.units[unit], programme=programme, valid_from=BEGIN
        )
        self.accounts[name] = account
        self.officers[name] = Actor(account.pk, role.pk)
        return self.officers[name]

    def resident(self, name: str, phone: str) -> tuple[Person, Actor]:
        """A person with an account of his own."""
        person = register_person(name=name, phone=phone, by=Actor(system="test"), at=NOW)
        account = Account.objects.create(username=f"p{person.pk}", person=person, created_at=NOW)
        self.people[name], self.accounts[name] = person, account
        return person, Actor(account.pk)


@pytest.fixture
def county(db: None) -> County:
    reference.forget()
    made = County()
    county = Area.objects.create(
        code="330482", level="county", name_zh="平湖市", valid_from=BEGIN, longitude=121.0, latitude=30.7
    )
    town = Area.objects.create(code="330482100", level="town", parent=county, name_zh="新埭镇", valid_from=BEGIN)
    village = Area.objects.create(code="330482100001", level="village", parent=town, name_zh="泖口村", valid_from=BEGIN)
    made.areas = {"county": county, "town": town, "village": village}

    def unit(name: str, code: str, kind: str, area: Area, parent: Organisation | None = None) -> Organisation:
        made.units[name] = Organisation.objects.create(
            code=code, kind=kind, area=area, parent=parent, name_zh=name, valid_from=BEGIN
        )
        return made.units[name]

    unit("企业受理", "desk-enterprise", "desk", county)
    unit("民生受理", "desk-community", "desk", county)
    unit("县府办", "b-office", "bureau", county)
    unit("交通局", "b-traffic", "bureau", county)
    unit("人社局", "b-labour", "bureau", county)
    office = unit("新埭镇政府", "t-xindai", "town", town)
    unit("泖口村委", "v-maokou", "village", village, office)
    for code, amount, measure, start in (
        ("accept", 2, "working_hours", "moment"),
        ("sign_in", 1, "half_days", "moment"),
        ("consult", 1, "working_days", "next_day"),
        ("ordinary", 5, "working_days", "next_day"),
        ("joint", 10, "working_days", "next_day"),
        ("review", 1, "working_days", "next_day"),
        ("send", 1, "half_days", "moment"),
        ("close", 5, "working_days", "next_day"),
        ("redo", 3, "working_days", "next_day"),
        ("slip", 2, "working_days", "next_day"),
        ("pause", 10, "working_days", "moment"),
        ("hold", 60, "working_days", "moment"),
        ("extension", 5, "working_days", "next_day"),
        ("agenda", 10, "working_days", "next_day"),
        ("minutes", 1, "working_days", "next_day"),
    ):
        Limit.objects.create(
            code=code, amount=amount, unit=measure, start=start, name_zh=code, name_en=code, valid_from=BEGIN, version=1
        )
    for code, amount, measure, before in (
        ("remind", 4, "working_hours", True),
        ("urge", 1, "working_days", False),
        ("supervise", 3, "working_days", False),
        ("monthly", 5, "working_days", False),
        ("joint", 15, "working_days", False),
    ):
        Rung.objects.create(code=code, amount=amount, unit=measure, before=before, valid_from=BEGIN, version=1)
    made.officer("沈受理", "企业受理", "agent")
    made.officer("王受理", "民生受理", "agent")
    made.officer("秦秘书", "企业受理", "secretary")
    made.officer("卫秘书", "民生受理", "secretary")
    made.officer("县督办", "县府办", "supervisor")
    made.officer("俞经办", "交通局", "handler")
    made.officer("陆经办", "交通局", "handler")
    made.officer("钱审核", "交通局", "reviewer")
    made.officer("孙协办", "人社局", "handler")
    made.officer("镇经办", "新埭镇政府", "handler")
    made.officer("镇审核", "新埭镇政府", "reviewer")
    made.officer("村经办", "泖口村委", "handler")
    _, actor = made.resident("陈居民", "13800000001")
    clerk, _ = made.resident("陆文员", "13800000002")
    made.firm = register_firm(
        name="平湖泖新精密机械（化名）", credit_code="91350100M000100Y43", area=town, by=actor, at=NOW
    )
    Mandate.objects.create(
        firm=made.firm, person=clerk, asked_at=NOW, valid_from=BEGIN, confirmed_at=NOW, confirmed_by=1
    )
    return made
