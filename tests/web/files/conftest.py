"""The small county, signed-in browsers, and no file that another test left waiting."""

import shutil

import pytest

from tests.engines.cases.conftest import county as county  # noqa: PLC0414 - the fixture
from tests.web.staff.conftest import sign_in as sign_in  # noqa: PLC0414 - the fixture
from tongban.core.files import store


@pytest.fixture(autouse=True)
def _nothing_waits() -> None:
    # Each test's database begins with the same numbers, by which officers' forms are known.
    shutil.rmtree(store.folder() / "waiting", ignore_errors=True)
