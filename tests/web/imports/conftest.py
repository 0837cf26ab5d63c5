"""Agents signed in to the small county of tests/engines/cases."""

from __future__ import annotations

import pytest

from tests.engines.cases.conftest import county as county  # the fixture  # noqa: PLC0414
from tests.web.staff.conftest import sign_in as sign_in  # the fixture  # noqa: PLC0414
from tongban.core.files import uploads


@pytest.fixture(autouse=True)
def empty_folder() -> None:
    """What earlier tests left lying must not be taken for this one's."""
    for path in uploads.folder().iterdir():
        path.unlink()
