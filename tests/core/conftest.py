"""What the tests of the ground floor share."""

from __future__ import annotations

import pytest

from tongban.core.registry.models import Area


@pytest.fixture
def county_area(db: None) -> Area:
    """The county alone."""
    return Area.objects.create(code="330482", level="county", name_zh="平湖市", valid_from="2020-01-01")
