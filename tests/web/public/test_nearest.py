"""The list of published matters by distance from a place that its reader chooses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests.engines.cases.conftest import NOW, County
from tests.web.public.test_matters import _asked, _clock, given_out, publish, second  # noqa: F401 - fixtures
from tongban.core.ledger.actor import Actor
from tongban.core.registry.models import Area
from tongban.engines.cases.models import Case
from tongban.engines.cases.queries import nearest
from tongban.engines.cases.queries.published import Wanted, published_page

pytestmark = pytest.mark.django_db
SPOTS = (("近村", 121.06, 30.74), ("远村", 121.20, 30.70), ("中村", 121.10, 30.75))


@pytest.fixture
def matters(placed: County, second: Actor) -> County:  # noqa: F811
    """Two matters in each of three villages, one in the town of them, one of the county as a whole."""
    town = placed.areas["town"]
    for n, (name, longitude, latitude) in enumerate(SPOTS):
        placed.areas[name] = Area.objects.create(
            code=f"33048210090{n}", level="village", parent=town, name_zh=name, valid_from=town.valid_from,
            longitude=longitude, latitude=latitude,
        )  # fmt: skip
    for turn in (1, 2):
        for name, *_ in SPOTS:
            case = given_out(placed, Case.objects.get(pk=_asked(placed, area=placed.areas[name].pk)))
            publish(placed, case, second, title=f"{name}{turn}")
    case = given_out(placed, Case.objects.get(pk=_asked(placed, area=town.parent_id)))
    publish(placed, case, second, title="全市")
    return placed


def titles(near: int | None, after: str = "", limit: int = 20) -> list[str]:
    page = published_page(Wanted(near=near), NOW, after=after, limit=limit)
    return [row.title for row in page.rows] + (titles(near, page.after, limit) if page.after else [])


def test_the_nearest_area_comes_first_and_within_it_the_newest(matters: County) -> None:
    far = matters.areas["远村"].pk
    order = ["远村2", "远村1", "中村2", "中村1", "近村2", "近村1", "全市"]
    assert titles(far) == order
    assert titles(far, limit=2) == order, "page by page the same"
    assert titles(matters.areas["近村"].pk)[:3] == ["近村2", "近村1", "中村2"]
    assert titles(None)[:2] == ["全市", "中村2"], "the newest first, unless a place is chosen"


def test_only_so_many_of_the_newest_are_put_in_order(matters: County, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nearest, "MOST", 3)
    assert titles(matters.areas["远村"].pk) == ["远村2", "中村2", "全市"]


def test_the_chooser_needs_no_script_and_keeps_the_other_filters(
    matters: County, django_assert_num_queries: Callable[[int], Any]
) -> None:
    client, far = Client(), matters.areas["远村"].code
    moved = client.post("/matters/", {"near": far, "kind": "community", "q": ""})
    assert moved["Location"] == f"/matters/?near={far}&kind=community"
    with django_assert_num_queries(3):
        page = client.get(moved["Location"])
    assert [row.title for row, _ in page.context["rows"]][:2] == ["远村2", "远村1"]
    text = page.content.decode()
    assert "离远村的远近排" in text
    assert f'<option value="{far}" selected>' in text
    assert f"/matters/map/?kind=community&amp;near={far}" in text
    assert f'name="near" value="{far}"' in client.get(f"/matters/map/?near={far}").content.decode(), "kept on the map"
    for wrong in ("x", "330482", "", "330482100900.1"):
        assert client.get("/matters/", {"near": wrong, "after": "9.²"}).context["given"]["near"] == ""
    assert client.get("/matters/", {"near": far, "after": "999999.99999999999999999999"}).status_code == 200
