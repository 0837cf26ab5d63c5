"""The reference data that a new county begins with: Pinghu's areas and public bodies. Run once: what is there stays."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from importlib.resources import files

from tongban.core.labels import Label
from tongban.core.ledger.actor import Actor
from tongban.core.ledger.journal import Journal
from tongban.core.registry import reference
from tongban.core.registry.models import Area, Organisation

REFERENCE = "registry"
# Our register begins here; when a real area or body began is not in our sources.
BEGIN = date(2000, 1, 1)

_Row = Mapping[str, str]


def seed(*, by: Actor, at: datetime) -> None:
    """Write the areas and bodies whose codes are not there yet, an entry for each."""
    with Journal("registry.seed", by=by, at=at) as journal:
        before = Area.objects.count() + Organisation.objects.count()
        areas = _areas(journal)
        _bodies(journal, areas)
        if Area.objects.count() + Organisation.objects.count() != before:
            reference.changed(REFERENCE)


def rows(name: str) -> list[dict[str, str]]:
    """The rows of one of the files in ``data``."""
    text = (files("tongban.core.registry") / "data" / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def _areas(journal: Journal) -> dict[str, Area]:
    """Code → area, the county first, then towns, then villages."""
    known = {a.code: a for a in Area.objects.order_by("valid_from")}
    # A parent's code is shorter than its children's.
    for row in sorted(rows("areas.csv"), key=lambda r: (len(r["code"]), r["code"])):
        if row["code"] in known:
            continue
        area = Area(
            code=row["code"],
            level=row["level"],
            parent=known.get(row["parent"]),
            name_zh=row["name_zh"],
            name_en=row["name_en"],
            longitude=float(row["longitude"]),
            latitude=float(row["latitude"]),
            position_source="synthetic",
            valid_from=BEGIN,
        )
        journal.add(area)
        known[area.code] = area
    return known


def _bodies(journal: Journal, areas: Mapping[str, Area]) -> None:
    known = {o.code: o for o in Organisation.objects.order_by("valid_from")}
    for position, (row, parent) in enumerate(_declared(areas)):
        if row["code"] in known:
            continue
        body = Organisation(
            code=row["code"],
            kind=row["kind"],
            parent=known[parent] if parent else None,
            area=areas[row["area"]],
            name_zh=row["name_zh"],
            name_en=row["name_en"],
            position=position,
            valid_from=BEGIN,
        )
        journal.add(body)
        known[body.code] = body


def _declared(areas: Mapping[str, Area]) -> Iterator[tuple[_Row, str]]:
    """Each body and the code of the one above it: desks, bureaux, towns, their villages, stations."""
    named = rows("bodies.csv")
    yield from ((row, "") for row in named if row["kind"] != Organisation.Kind.STATION)
    towns = sorted((a for a in areas.values() if a.level == Area.Level.TOWN), key=lambda a: a.code)
    villages = sorted((a for a in areas.values() if a.level == Area.Level.VILLAGE), key=lambda a: a.code)
    yield from ((_office(town, Organisation.Kind.TOWN), "") for town in towns)
    for village in villages:
        parent = village.parent.code if village.parent else ""
        yield _office(village, Organisation.Kind.VILLAGE), body_code(Organisation.Kind.TOWN, parent)
    for row in named:
        if row["kind"] == Organisation.Kind.STATION:
            yield row, body_code(Organisation.Kind.TOWN, row["area"])


def body_code(kind: str, area: str) -> str:
    """The code of a town's office or a village's committee.

    >>> body_code("town", "330482101")
    'town-330482101'
    """
    return f"{kind}-{area}"


def _office(area: Area, kind: str) -> _Row:
    name = office_name(area.label)
    return {"code": body_code(kind, area.code), "kind": kind, "area": area.code, "name_zh": name.zh, "name_en": name.en}


def office_name(area: Label) -> Label:
    """What the body that runs an area is called for short.

    >>> office_name(Label("当湖街道", "Danghu Subdistrict")).zh, office_name(Label("三北村", "Sanbei Village")).en
    ('当湖街道办事处', 'Sanbei Village Committee')
    """
    endings = {
        "街道": ("街道办事处", "Subdistrict Office"),
        "镇": ("镇政府", "Town Government"),
        "社区": ("社区居委会", "Community Committee"),
        "村": ("村委会", "Village Committee"),
    }
    for ending, (zh, en) in endings.items():
        if area.zh.endswith(ending):
            return Label(area.zh.removesuffix(ending) + zh, f"{area.en.rsplit(' ', 1)[0]} {en}")
    return Label(f"{area.zh}公所", f"{area.en} Office")
