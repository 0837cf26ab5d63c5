"""The small county of tests/engines/cases, with a liaison officer for its firm."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.engines.cases.conftest import BEGIN, NOW, County
from tests.engines.cases.conftest import county as county  # the fixture  # noqa: PLC0414
from tongban.core.access.viewer import Viewer, viewer_of
from tongban.engines.cases.models import Limit
from tongban.engines.visits import actions


def with_rule(county: County) -> County:
    """The county with the rule of one visit in ninety days, and a second firm's officer."""
    Limit.objects.create(
        code="visit", amount=90, unit="calendar_days", start="next_day", name_zh="走访", name_en="visit",
        valid_from=BEGIN, version=1,
    )  # fmt: skip
    return county


@pytest.fixture
def charged(county: County) -> County:
    """孙协办 of the labour bureau calls on the county's firm since NOW."""
    with_rule(county)
    assert county.firm is not None
    actions.assign_liaison(
        firm=county.firm.pk, officer=county.accounts["孙协办"].pk, by=county.officers["沈受理"], at=NOW
    )
    return county


def seen_by(county: County, name: str, at: datetime) -> Viewer:
    """The viewer whom the system makes of an account."""
    account = county.accounts[name]
    account.refresh_from_db()
    return viewer_of(account, at)
