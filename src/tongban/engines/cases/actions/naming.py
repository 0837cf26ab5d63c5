"""Whose names a case knows: what must not stand in its public text."""

from __future__ import annotations

from tongban.core.access.models import Account
from tongban.core.registry.models import Mandate, Person
from tongban.engines.cases.actions.authority import workers
from tongban.engines.cases.logic.redacting import Known
from tongban.engines.cases.models import Answer, Case, Participant, StoryItem


def known_names(case: Case, *, firm_agreed: bool = False) -> Known:
    """The names of all who asked, joined in or worked on a case, and of its firm unless that has agreed to be named."""
    people = {case.requester_id, case.beneficiary_id}
    people |= set(Participant.objects.filter(case=case).values_list("person_id", flat=True))
    if case.firm_id is not None:
        people |= set(Mandate.objects.filter(firm=case.firm_id).values_list("person_id", flat=True))
    accounts = workers(case) | set(StoryItem.objects.filter(case=case).values_list("by_account", flat=True))
    accounts |= set(Answer.objects.filter(case=case).values_list("reviewed_by", flat=True))
    people |= set(Account.objects.filter(pk__in=[a for a in accounts if a]).values_list("person_id", flat=True))
    names = Person.objects.filter(pk__in=[p for p in people if p]).values_list("name", flat=True)
    firm = case.firm.name_zh if case.firm is not None and not firm_agreed else ""
    return Known(tuple(sorted(names)), firm)
