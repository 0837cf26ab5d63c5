"""Scenarios of registry."""

from __future__ import annotations

from datetime import date

from stdnum.cn import uscc

from tests.engines.cases.conftest import NOW, County
from tests.faults.scenarios.shared import SYSTEM, Call, numbers, scenario
from tongban.core.access import mandates
from tongban.core.access.viewer import viewer_of
from tongban.core.ledger.journal import Journal
from tongban.core.registry import actions as registry
from tongban.core.registry import askers, many, succession
from tongban.core.registry.models import Area, Firm, Mandate, Organisation


@scenario(registry.register_person)
def _person(county: County) -> Call:
    return lambda: registry.register_person(name="新来的", phone="15400000003", by=SYSTEM, at=NOW)


@scenario(askers.unproven_person)
def _unproven(county: County) -> Call:
    name = f"未证{next(numbers)}"
    return lambda: askers.unproven_person(name=name, phone="15400000004", by=SYSTEM, at=NOW)


@scenario(askers.named_person)
def _named(county: County) -> Call:
    name = f"提名{next(numbers)}"
    return lambda: askers.named_person(name=name, phone="15400000005", by=SYSTEM, at=NOW)


@scenario(askers.calling)
def _calling(county: County) -> Call:
    name = f"来电{next(numbers)}"
    return lambda: askers.calling(name=name, phone="15400000005", by=SYSTEM, at=NOW)


@scenario(many.register_people)
def _people(county: County) -> Call:
    return lambda: many.register_people([("甲", "", None), ("乙", "15400000006", None)], by=SYSTEM, at=NOW)


def credit_code() -> str:

    body = f"91330482MA{next(numbers):07d}"
    return body + str(uscc.calc_check_digit(body))


@scenario(registry.register_firm)
def _firm(county: County) -> Call:
    code = credit_code()
    return lambda: registry.register_firm(
        name="乙（化名）", credit_code=code, area=county.areas["town"], by=SYSTEM, at=NOW
    )


@scenario(many.register_firms)
def _firms(county: County) -> Call:
    rows = [
        ("丙（化名）", credit_code(), county.areas["town"], ""),
        ("丁（化名）", credit_code(), county.areas["town"], ""),
    ]
    return lambda: many.register_firms(rows, by=SYSTEM, at=NOW)


def firm(county: County) -> Firm:
    return registry.register_firm(
        name="戊（化名）", credit_code=credit_code(), area=county.areas["town"], by=SYSTEM, at=NOW
    )


def mandate(county: County) -> Mandate:
    return registry.ask_mandate(firm=firm(county), person=county.people["陈居民"], by=SYSTEM, at=NOW)


@scenario(registry.ask_mandate)
def _ask_mandate(county: County) -> Call:
    wanted = firm(county)
    return lambda: registry.ask_mandate(firm=wanted, person=county.people["陈居民"], by=SYSTEM, at=NOW)


@scenario(registry.confirm_mandate, mandates.confirm)
def _confirm_mandate(county: County) -> Call:
    asked = mandate(county).pk
    viewer = viewer_of(county.accounts["沈受理"], NOW)
    return lambda: mandates.confirm(mandate=asked, viewer=viewer, by=county.officers["沈受理"], at=NOW)


@scenario(registry.end_mandate, mandates.turn_down)
def _end_mandate(county: County) -> Call:
    asked = mandate(county).pk
    viewer = viewer_of(county.accounts["沈受理"], NOW)
    return lambda: mandates.turn_down(mandate=asked, viewer=viewer, by=county.officers["沈受理"], at=NOW)


@scenario(succession.rename_organisation)
def _rename_body(county: County) -> Call:
    name = f"交通运输局{next(numbers)}"
    unit = county.units["交通局"].pk
    return lambda: succession.rename_organisation(organisation=unit, name_zh=name, name_en="", by=SYSTEM, at=NOW)


@scenario(succession.rename_area)
def _rename_area(county: County) -> Call:
    name = f"泖口村{next(numbers)}"
    area = county.areas["village"].pk
    return lambda: succession.rename_area(area=area, name_zh=name, name_en="", by=SYSTEM, at=NOW)


@scenario(succession.end_organisation)
def _end_body(county: County) -> Call:
    fresh = _copy(Organisation, county.units["人社局"], f"b-{next(numbers)}")
    return lambda: succession.end_organisation(
        organisation=fresh, last_day=date(2026, 12, 31), successor=county.units["交通局"].pk, by=SYSTEM, at=NOW
    )


@scenario(succession.end_area)
def _end_area(county: County) -> Call:
    fresh = _copy(Area, county.areas["village"], f"3304821{next(numbers):05d}")
    return lambda: succession.end_area(
        area=fresh, last_day=date(2026, 12, 31), successor=county.areas["village"].pk, by=SYSTEM, at=NOW
    )


def _copy(model: type[Area] | type[Organisation], row: Area | Organisation, code: str) -> int:
    """A new area or body like another, recorded."""
    from tongban.core.ledger.images import columns_of

    columns = {k: v for k, v in columns_of(row).items() if k not in ("id", "version")}
    fresh = model(**{**columns, "code": code})
    with Journal("test.copy", by=SYSTEM, at=NOW) as journal:
        journal.add(fresh)
    return fresh.pk


@scenario(succession.dissolve_firm)
def _dissolve(county: County) -> Call:
    gone, heir = firm(county), firm(county)
    return lambda: succession.dissolve_firm(
        firm=gone.pk, day=date(2026, 11, 1), successor_code=heir.credit_code, by=SYSTEM, at=NOW
    )
