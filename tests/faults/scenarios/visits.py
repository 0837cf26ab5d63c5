"""Scenarios of visits."""

from __future__ import annotations

from datetime import date, timedelta

from stdnum.cn import uscc

from tests.engines.cases.conftest import NOW, County
from tests.faults.scenarios.shared import SYSTEM, Call, numbers, scenario
from tongban.core.registry import actions as registry
from tongban.engines.visits import actions as visits
from tongban.engines.visits.models import Visit

_DAY = date(2026, 11, 20)


def _charged(county: County) -> int:
    """A firm of its own, on which 孙协办 calls."""
    firm = _firm(county)
    visits.assign_liaison(firm=firm, officer=county.accounts["孙协办"].pk, by=county.officers["沈受理"], at=NOW)
    return firm


def _firm(county: County) -> int:
    body = f"91330482MAK{next(numbers):06}"
    code = body + str(uscc.calc_check_digit(body))
    return registry.register_firm(name="企业", credit_code=code, area=county.areas["town"], by=SYSTEM, at=NOW).pk


def _planned(county: County) -> int:
    firm, by = _charged(county), county.officers["孙协办"]
    return visits.plan_visit(firm=firm, day=_DAY, kind="phone", by=by, at=NOW).pk


def _held(county: County, firm: int) -> Visit:
    by = county.officers["孙协办"]
    return visits.log_visit(firm=firm, held_at=NOW, kind="phone", heard="招工难", met="陆", by=by, at=NOW)


@scenario(visits.assign_liaison)
def _assign_liaison(county: County) -> Call:
    firm, officer = _firm(county), county.accounts["孙协办"].pk
    return lambda: visits.assign_liaison(firm=firm, officer=officer, by=county.officers["沈受理"], at=NOW)


@scenario(visits.hand_over_firm)
def _hand_over_firm(county: County) -> Call:
    firm = Visit.objects.get(pk=_planned(county)).firm_id
    to = county.accounts["陆经办"].pk
    return lambda: visits.hand_over_firm(firm=firm, to=to, by=county.officers["沈受理"], at=NOW)


@scenario(visits.end_liaison)
def _end_liaison(county: County) -> Call:
    firm = Visit.objects.get(pk=_planned(county)).firm_id
    return lambda: visits.end_liaison(firm=firm, by=county.officers["沈受理"], at=NOW)


@scenario(visits.plan_visit)
def _plan_visit(county: County) -> Call:
    firm, by = _charged(county), county.officers["孙协办"]
    return lambda: visits.plan_visit(firm=firm, day=_DAY, kind="phone", by=by, at=NOW)


@scenario(visits.move_visit)
def _move_visit(county: County) -> Call:
    visit, by = _planned(county), county.officers["孙协办"]
    return lambda: visits.move_visit(visit=visit, day=_DAY + timedelta(days=7), by=by, at=NOW)


@scenario(visits.cancel_visit)
def _cancel_visit(county: County) -> Call:
    visit, by = _planned(county), county.officers["孙协办"]
    return lambda: visits.cancel_visit(visit=visit, by=by, at=NOW)


@scenario(visits.miss_visit)
def _miss_visit(county: County) -> Call:
    visit = _planned(county)
    return lambda: visits.miss_visit(visit=visit, day=_DAY, by=SYSTEM, at=NOW + timedelta(days=5))


@scenario(visits.log_visit)
def _log_visit(county: County) -> Call:
    firm = Visit.objects.get(pk=_planned(county)).firm_id
    return lambda: _held(county, firm)


@scenario(visits.open_heard)
def _open_heard(county: County) -> Call:
    visit, by = _held(county, _charged(county)).pk, county.officers["孙协办"]
    phone, area = f"1390000{next(numbers):04}", county.areas["town"].pk
    return lambda: visits.open_heard(
        visit=visit, programme="enterprise", kind="request", body="请帮忙招工", category="labour", area=area, name="陆",
        phone=phone, by=by, at=NOW,
    )  # fmt: skip
