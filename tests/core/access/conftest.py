"""A county with an administrator, made by the actions themselves, so that every row has its chain."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest

from tongban.core.access import actions
from tongban.core.access.models import Account
from tongban.core.ledger.actor import Actor
from tongban.core.registry import reference
from tongban.core.registry.models import Area, Organisation

BEGIN = date(2020, 1, 1)
NOW = datetime(2026, 11, 18, 1, 0, tzinfo=UTC)
SETUP = Actor(system="test")


@dataclass
class Office:
    """An administrator's world."""

    bureau: Organisation
    desk: Organisation
    old: Organisation
    admin: Account
    by: Actor
    officer: Account
    colleague: Account


@pytest.fixture
def office(db: None) -> Office:
    reference.forget()
    county = Area.objects.create(code="330482", level="county", name_zh="平湖市", valid_from=BEGIN)

    def body(code: str, name: str, kind: str, until: date | None = None) -> Organisation:
        return Organisation.objects.create(
            code=code, kind=kind, area=county, name_zh=name, valid_from=BEGIN, valid_until=until, version=0
        )

    bureau, desk = body("b-traffic", "交通局", "bureau"), body("desk-enterprise", "企业受理", "desk")
    old = body("b-old", "旧机构", "bureau", date(2025, 12, 31))
    made = {}
    for username, name in (("admin.zhou", "周管理"), ("yu.jiaotong", "俞经办"), ("lu.jiaotong", "陆经办")):
        made[username], _ = actions.create_account(
            username=username, name=name, by=SETUP, at=NOW, password="start-here-77"
        )
    admin = made["admin.zhou"]
    role = actions.give_role(account=admin.pk, code="administrator", organisation=desk.pk, by=SETUP, at=NOW)
    return Office(
        bureau, desk, old, admin, Actor(admin.pk, role.pk), made["yu.jiaotong"], made["lu.jiaotong"]
    )  # fmt: skip
