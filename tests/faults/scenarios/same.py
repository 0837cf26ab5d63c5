"""Scenarios of the same matter: merged, split, under one another, joined by neighbours."""

from __future__ import annotations

from tests.engines.cases.conftest import NOW, County
from tests.faults.scenarios.cases import case_in
from tests.faults.scenarios.shared import Call, resident, scenario
from tongban.core.ledger.actor import Actor
from tongban.engines.cases import actions


@scenario(actions.merge)
def _merge(county: County) -> Call:
    case, other, desk = case_in(county, "handling"), case_in(county, "handling"), county.officers["沈受理"]
    return lambda: actions.merge(case=case, into=other, by=desk, at=NOW)


@scenario(actions.unmerge)
def _unmerge(county: County) -> Call:
    case, other, desk = case_in(county, "handling"), case_in(county, "handling"), county.officers["沈受理"]
    actions.merge(case=case, into=other, by=desk, at=NOW)
    return lambda: actions.unmerge(case=case, by=desk, at=NOW)


@scenario(actions.object_to_merge)
def _object(county: County) -> Call:
    case, other, desk = case_in(county, "handling"), case_in(county, "handling"), county.officers["沈受理"]
    actions.merge(case=case, into=other, by=desk, at=NOW)
    asker = Actor(county.accounts["陆文员"].pk)
    return lambda: actions.object_to_merge(case=case, reason="不是一回事", by=asker, at=NOW)


@scenario(actions.split)
def _split(county: County) -> Call:
    case, desk = case_in(county, "handling"), county.officers["沈受理"]
    return lambda: actions.split(case=case, matters=(actions.Matter("另一件事", "tax"),), by=desk, at=NOW)


@scenario(actions.unsplit)
def _unsplit(county: County) -> Call:
    case, desk = case_in(county, "handling"), county.officers["沈受理"]
    actions.split(case=case, matters=(actions.Matter("另一件事"),), by=desk, at=NOW)
    return lambda: actions.unsplit(case=case, by=desk, at=NOW)


@scenario(actions.put_under)
def _put_under(county: County) -> Call:
    case, parent, desk = case_in(county, "new"), case_in(county, "new"), county.officers["沈受理"]
    return lambda: actions.put_under(case=case, parent=parent, by=desk, at=NOW)


@scenario(actions.take_out)
def _take_out(county: County) -> Call:
    case, parent, desk = case_in(county, "new"), case_in(county, "new"), county.officers["沈受理"]
    actions.put_under(case=case, parent=parent, by=desk, at=NOW)
    return lambda: actions.take_out(case=case, by=desk, at=NOW)


@scenario(actions.number_questions)
def _number(county: County) -> Call:
    case, worker = case_in(county, "handling"), county.officers["俞经办"]
    actions.number_questions(case=case, questions=("甲？", "乙？"), by=worker, at=NOW)
    return lambda: actions.number_questions(case=case, questions=("丙？", "丁？"), by=worker, at=NOW)


@scenario(actions.open_up)
def _open_up(county: County) -> Call:
    case = case_in(county, "new")
    return lambda: actions.open_up(case=case, title="夜班公交", by=county.officers["沈受理"], at=NOW)


@scenario(actions.close_up)
def _close_up(county: County) -> Call:
    case = case_in(county, "new")
    actions.open_up(case=case, title="夜班公交", by=county.officers["沈受理"], at=NOW)
    return lambda: actions.close_up(case=case, by=county.officers["沈受理"], at=NOW)


@scenario(actions.leave)
def _leave(county: County) -> Call:
    case, by = case_in(county, "new"), resident(county)
    actions.open_up(case=case, title="夜班公交", by=county.officers["沈受理"], at=NOW)
    actions.join(case=case, by=by, at=NOW)
    return lambda: actions.leave(case=case, by=by, at=NOW)


@scenario(actions.join)
def _join(county: County) -> Call:
    case, by = case_in(county, "new"), resident(county)
    actions.open_up(case=case, title="夜班公交", by=county.officers["沈受理"], at=NOW)
    return lambda: actions.join(case=case, by=by, at=NOW)
