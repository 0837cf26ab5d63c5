"""Who is concerned by a case: officers by their offices, those who asked. None of a unit that a complaint is about."""

from __future__ import annotations

from datetime import datetime

from tongban.core.access.models import Account, Role
from tongban.core.access.offices import in_office
from tongban.core.access.viewer import AGENT, HANDLER, REVIEWER, SUPERVISOR
from tongban.core.registry.askers import clerks_of
from tongban.core.registry.queries import directory
from tongban.engines.cases.actions.authority import review_unit
from tongban.engines.cases.actions.keeping import keeper
from tongban.engines.cases.actions.writing import barred_units
from tongban.engines.cases.models import Case


def officers(case: Case, unit: int | None, office: str, at: datetime) -> set[int]:
    """Accounts that hold ``office`` in ``unit`` for the case's programme now, none of a barred unit."""
    if unit is None:
        return set()
    return unbarred(case, in_office(unit, office, at, case.programme))


def unbarred(case: Case, accounts: set[int]) -> set[int]:
    """``accounts`` without those that hold any role in the unit that the complaint is about, or below it."""
    barred = barred_units(case)
    if not barred or not accounts:
        return accounts
    theirs = Role.objects.filter(organisation_id__in=barred, ended_at=None, account_id__in=accounts)
    return accounts - set(theirs.values_list("account_id", flat=True))


def at_work(case: Case, at: datetime) -> set[int]:
    """Whoever has the case in hand: its handler, else the lead unit's officers, else the desk's agents."""
    if case.lead_id is not None:
        there = officers(case, case.lead_id, HANDLER, at)
        # A handler who has left the office reads nothing any more: then his colleagues are told.
        return {case.handler_id} if case.handler_id in there else there
    return officers(case, case.desk_id, AGENT, at)


def in_hand(case: Case, at: datetime) -> set[int]:
    """Whose turn it is: by the state the desk's agents, the unit's officers (with the handler's substitutes) or the
    reviewers. Where nobody holds that office, because the unit is gone or its officers are, the desk."""
    if case.state == "review":
        found = officers(case, review_unit(case), REVIEWER, at)
    elif case.state in ("assigned", "handling"):
        found = at_work(case, at)
        found |= substitutes(case, found, at)
    else:
        found = set()
    return found or officers(case, case.desk_id, AGENT, at)


def passing_on(case: Case, at: datetime) -> set[int]:
    """The officers of the unit that has passed the case on to another and answers for it until that takes it on."""
    waiting = case.assignments.filter(lead=True, transferred=True, signed_in_at=None, ended_at=None, returned_at=None)
    units = waiting.filter(parent__ended_at=None).values_list("parent__unit_id", flat=True)
    return set().union(*(officers(case, unit, HANDLER, at) for unit in units))


def substitutes(case: Case, accounts: set[int], at: datetime) -> set[int]:
    """Who stands in for one of these officers in the lead unit now."""
    standing_in = Role.objects.filter(substitute_for__account_id__in=accounts, code=HANDLER)
    return set(standing_in.values_list("account_id", flat=True)) & officers(case, case.lead_id, HANDLER, at)


def awaited(case: Case, at: datetime) -> set[int]:
    """The officers of assisting units that have not reported back."""
    waiting = case.assignments.filter(lead=False, ended_at=None, returned_at=None).values_list("unit_id", flat=True)
    silent = set(waiting) - keeper().reported(case)
    return set().union(*(officers(case, unit, HANDLER, at) for unit in sorted(silent)))


def concerned(case: Case, at: datetime) -> set[int]:
    """The handlers and reviewers of every unit that has, or had, a part in the case and did not return it."""
    units = set(case.assignments.filter(returned_at=None).values_list("unit_id", flat=True))
    return at_desks(case, units, at)


def at_desks(case: Case, units: set[int], at: datetime) -> set[int]:
    """The handlers and reviewers of some units, as far as they may know of the case."""
    each = [officers(case, unit, office, at) for unit in sorted(units) for office in (HANDLER, REVIEWER)]
    return set[int]().union(*each)


def overseers(case: Case, at: datetime) -> set[int]:
    """The supervisors of the county and of the case's town."""
    known = directory()
    town = known.places[case.area_id].town
    areas = {p.id for p in known.places.values() if p.level == "county"} | ({town} if town else set())
    units = [b.id for b in known.bodies.values() if b.area in areas]
    return set().union(*(officers(case, unit, SUPERVISOR, at) for unit in _with_office(units, SUPERVISOR)))


def _with_office(units: list[int], office: str) -> list[int]:
    held = Role.objects.filter(organisation_id__in=units, code=office, ended_at=None)
    return sorted(set(held.values_list("organisation_id", flat=True)))


def askers(case: Case, at: datetime) -> set[int]:
    """The persons who follow the case as askers: requester, firm's clerks, beneficiary, co-signers and followers."""
    others = case.participants.values_list("person_id", flat=True)
    found = {case.beneficiary_id, *others, *answerable(case, at)}
    return {person for person in found if person is not None}


def answerable(case: Case, at: datetime) -> set[int]:
    """Those who may reply for the asker: the requester, and the firm's confirmed clerks unless it is confidential."""
    found = {case.requester_id} if case.requester_id is not None else set()
    if case.firm_id is None or case.confidential:
        return found
    clerks = clerks_of(case.firm_id, at) - found
    # An officer's mandate opens nothing to him, so nothing is told to him either.
    officers_too = Account.objects.filter(person_id__in=clerks, staff=True) if clerks else Account.objects.none()
    return found | (clerks - set(officers_too.values_list("person_id", flat=True)))
