"""Officers signed in to the small county, whose firm has a liaison officer."""

from tests.engines.cases.conftest import county as county  # the fixture  # noqa: PLC0414
from tests.engines.visits.conftest import charged as charged  # noqa: PLC0414
from tests.web.staff.conftest import sign_in as sign_in  # noqa: PLC0414
