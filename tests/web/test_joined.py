"""How many said 算我一个 stands in the officers' lists and in the public ones, at the price of no query."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests.engines.cases.conftest import NOW, County
from tests.engines.cases.conftest import county as county  # the fixture  # noqa: PLC0414
from tests.matrix.pages import body_of
from tests.web.public.conftest import asked
from tests.web.public.test_matters import given_out, publish, second  # noqa: F401 - a fixture
from tests.web.staff.conftest import SignIn
from tests.web.staff.conftest import sign_in as sign_in  # the fixture  # noqa: PLC0414
from tongban.core.ledger.actor import Actor
from tongban.engines.cases import actions
from tongban.engines.cases.models import Case

pytestmark = pytest.mark.django_db
SAID = "1 人算我一个"


def test_the_count_stands_in_every_list(
    county: County, second: Actor, sign_in: SignIn, django_assert_num_queries: Callable[[int], Any],  # noqa: F811
    django_assert_max_num_queries: Callable[[int], Any],
) -> None:  # fmt: skip
    cases = [given_out(county, asked(county, f"第{n}盏路灯不亮")) for n in range(6)]
    numbers = [publish(county, case, second) for case in cases]
    for case in cases:
        actions.open_up(case=case.pk, title="路灯不亮", by=county.officers["王受理"], at=NOW)
        actions.join(case=case.pk, by=Actor(county.accounts["陆文员"].pk), at=NOW)
    assert set(Case.objects.values_list("neighbours", flat=True)) == {1}
    desk = sign_in("俞经办")
    for address in ("/desk/", "/desk/cases/", "/desk/search/?q=路灯"):
        desk.get(address)
        with django_assert_max_num_queries(6):
            assert desk.get(address).content.decode().count(SAID) == 6, address
    table = csv.DictReader(io.StringIO(body_of(desk.get("/desk/cases/?format=csv")).lstrip("\ufeff")))
    assert [row["算我一个"] for row in table] == ["1"] * 6
    Client().get("/matters/")
    with django_assert_num_queries(3):
        assert Client().get("/matters/").content.decode().count(SAID) == 6
    assert "<dt>算我一个</dt><dd>1 人</dd>" in Client().get(f"/matters/{numbers[0]}/").content.decode()
    assert "1 joined" in Client(headers={"Accept-Language": "en"}).get("/matters/").content.decode()
