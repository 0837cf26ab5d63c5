"""An administrator at his desk, in a small county where everything has its chain."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone

from tests.core.access.conftest import SETUP, Office
from tests.core.access.conftest import office as office  # the fixture  # noqa: PLC0414
from tongban.core.access import actions
from tongban.core.calendar import seed as calendar
from tongban.core.ledger.journal import Journal
from tongban.core.ledger.models import Entry
from tongban.core.registry.models import Area, Organisation
from tongban.engines.cases.models import Limit

BEGIN = date(2020, 1, 1)
SAMPLES = (
    ("accept", "受理", 2, "working_hours", "moment"),
    ("sign_in", "签收", 1, "half_days", "moment"),
    ("consult", "咨询", 1, "working_days", "next_day"),
    ("ordinary", "一般事项", 5, "working_days", "next_day"),
    ("joint", "跨部门事项", 10, "working_days", "next_day"),
)


def said(answer: object) -> str:
    """The words of a page, with the message of the page to which it leads."""
    return unescape(answer.text)  # type: ignore[attr-defined]


@dataclass
class Desk:
    """Everything that the tests touch."""

    office: Office
    client: Client
    town: Area
    village: Area
    other_town: Area
    bureau: Organisation
    heir: Organisation

    def entries(self, name: str) -> int:
        """How many entries of this action the administrator has left."""
        return Entry.objects.filter(name=name, by_account=self.office.admin.pk, by_role=self.office.by.role).count()


@pytest.fixture
def desk(office: Office) -> Desk:
    now = timezone.now()
    county = office.bureau.area
    with Journal("test", by=SETUP, at=now) as journal:
        town, other = (
            Area(code=f"33048210{n}", level="town", parent=county, name_zh=name, valid_from=BEGIN)
            for n, name in enumerate(("新埭镇", "独山港镇"))
        )
        journal.add(town)
        journal.add(other)
        village = Area(code="330482100001", level="village", parent=town, name_zh="泖口村", valid_from=BEGIN)
        journal.add(village)
        bureau, heir = (
            Organisation(code=code, kind="bureau", area=county, name_zh=name, valid_from=BEGIN)
            for code, name in (("b-labour", "人社局"), ("b-merged", "人才局"))
        )
        journal.add(bureau)
        journal.add(heir)
        for code, name, amount, unit, start in SAMPLES:
            limit = Limit(code=code, name_zh=name, name_en=code, amount=amount, unit=unit, start=start)
            limit.valid_from, limit.source = BEGIN, "示例，待本县确认"
            journal.add(limit)
    actions.give_role(account=office.officer.pk, code="handler", organisation=bureau.pk, by=SETUP, at=now)
    client = Client()
    client.force_login(office.admin, "tongban.web.signin.backend.AccountBackend")
    return Desk(office, client, town, village, other, bureau, heir)


@pytest.fixture
def years(desk: Desk) -> None:
    """The calendar as a new county has it: 2018 to 2026 confirmed, 2027 provisional."""
    calendar.seed(by=SETUP, at=timezone.now())
