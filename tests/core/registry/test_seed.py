"""The reference data of a new county: real names and codes, an entry for each row, and nothing twice."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime

import pytest

from tongban.core.ledger.actor import COMMAND
from tongban.core.ledger.models import Entry
from tongban.core.registry import reference, seed
from tongban.core.registry.models import Area, Organisation
from tongban.core.registry.queries import directory

AT = datetime(2026, 11, 18, 1, 0, tzinfo=UTC)


@pytest.fixture
def seeded(db: None) -> None:
    reference.forget()
    seed.seed(by=COMMAND, at=AT)


@pytest.mark.usefixtures("seeded")
def test_the_county_has_nine_towns_and_136_villages() -> None:
    assert Counter(Area.objects.values_list("level", flat=True)) == {"county": 1, "town": 9, "village": 136}
    known = directory()
    assert known.county.name.zh == "平湖市"
    assert "county-level" in known.county.name.en  # 市 is a county here, and a prefecture in 嘉兴市
    assert sum(len(known.villages(t.id)) for t in known.towns()) == 136


@pytest.mark.usefixtures("seeded")
def test_codes_are_the_nations_and_children_carry_their_parents() -> None:
    for area in Area.objects.select_related("parent"):
        assert re.fullmatch({"county": r"\d{6}", "town": r"\d{9}", "village": r"\d{12}"}[area.level], area.code)
        assert area.code.startswith("330482")
        assert area.parent is None or area.code.startswith(area.parent.code)
    assert Area.objects.get(code="330482101").label.en == "Zhapu Town"
    assert Area.objects.get(code="330482102219").label.zh == "旧埭村"


@pytest.mark.usefixtures("seeded")
def test_every_name_stands_in_both_languages_and_no_two_places_share_one_in_a_town() -> None:
    for row in (*Area.objects.all(), *Organisation.objects.all()):
        assert row.name_zh
        assert re.fullmatch(r"[A-Za-z0-9' ,()-]+", row.name_en), row.name_en
        assert row.sort
    names = Counter(Area.objects.values_list("parent", "name_zh"))
    assert max(names.values()) == 1
    assert max(Counter(Organisation.objects.values_list("name_zh", flat=True)).values()) == 1


@pytest.mark.usefixtures("seeded")
def test_positions_are_called_synthetic_and_lie_near_their_town() -> None:
    towns = {a.pk: a for a in Area.objects.filter(level="town")}
    points = set()
    for area in Area.objects.all():
        assert area.position_source == "synthetic"
        assert area.longitude is not None
        assert area.latitude is not None
        assert 120.9 <= area.longitude <= 121.25
        assert 30.6 <= area.latitude <= 30.8
        points.add((area.longitude, area.latitude))
        if area.parent_id in towns:
            town = towns[area.parent_id]
            assert abs(area.longitude - town.longitude) < 0.05
            assert abs(area.latitude - town.latitude) < 0.05
    assert len(points) == 146


@pytest.mark.usefixtures("seeded")
def test_bodies_are_two_desks_bureaux_an_office_for_each_town_and_a_committee_for_each_village() -> None:
    kinds = Counter(Organisation.objects.values_list("kind", flat=True))
    assert (kinds["desk"], kinds["town"], kinds["village"]) == (2, 9, 136)
    assert kinds["bureau"] >= 24
    assert kinds["station"] >= 3
    known = directory()
    assert {"desk-enterprise", "desk-community"} < set(known.body_codes)
    office = known.body_codes["town-330482102"]
    assert office.name.zh == "新埭镇政府"
    committees = [known.bodies[b] for b in known.below(office.id) if known.bodies[b].kind == "village"]
    assert len(committees) == 11
    assert all(known.places[c.area].town == office.area for c in committees)
    positions = [b.position for b in known.bodies.values()]
    assert len(set(positions)) == len(positions)


@pytest.mark.usefixtures("seeded")
def test_each_row_has_its_entry() -> None:
    recorded = Counter(Entry.objects.filter(name="registry.seed").values_list("kind", flat=True))
    assert recorded == {"registry.area": 146, "registry.organisation": Organisation.objects.count()}


@pytest.mark.usefixtures("seeded")
def test_running_it_twice_adds_nothing_and_renews_nobody() -> None:
    before = (Area.objects.count(), Organisation.objects.count(), Entry.objects.count(), reference.version("registry"))
    assert before[3] > 0
    seed.seed(by=COMMAND, at=AT)
    after = (Area.objects.count(), Organisation.objects.count(), Entry.objects.count(), reference.version("registry"))
    assert after == before


@pytest.mark.usefixtures("seeded")
def test_a_row_that_was_lost_comes_back_and_everybody_learns_of_it() -> None:
    version = reference.version("registry")
    Organisation.objects.filter(code="s-dushan").delete()
    seed.seed(by=COMMAND, at=AT)
    assert Organisation.objects.filter(code="s-dushan").exists()
    assert reference.version("registry") > version
