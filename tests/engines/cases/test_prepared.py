"""Queries whose SQL is worked out once give what Django's own give, row by row and related row by related row."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from django.db import connection, models
from django.test.utils import CaptureQueriesContext

from tests.engines.cases.conftest import NOW, County
from tests.engines.cases.test_ladder import handled
from tongban.core.access.models import Account, Role
from tongban.core.ledger.rows import Prepared
from tongban.engines.cases.models import Assignment, Case, CaseScope, Participant, StoryItem

pytestmark = pytest.mark.django_db


def told(row: models.Model | None, *paths: str) -> Any:
    """All that a row holds, with its related rows as they came along."""
    if row is None:
        return None
    here = {path.split("__")[0] for path in paths if path}
    inner = {name: [p.partition("__")[2] for p in paths if p.startswith(f"{name}__")] for name in here}
    related = {name: told(row._state.fields_cache[name], *inner[name]) for name in here}
    values = {f.attname: (type(getattr(row, f.attname)), getattr(row, f.attname)) for f in row._meta.concrete_fields}
    return type(row), row._state.adding, row._state.db, values, related


def test_a_case_comes_with_its_people_and_firm_or_without(county: County) -> None:
    case = handled(county)
    prepared, paths = Prepared(Case, related=("requester", "firm")), ("requester", "firm")
    for firm in (None, county.firm):
        Case.objects.filter(pk=case).update(firm=firm)
        with CaptureQueriesContext(connection) as asked:
            row = prepared.one(case)
            assert row is not None
            assert (row.requester is not None, row.firm == firm) == (True, True)
        assert len(asked) == 1
        assert told(row, *paths) == told(Case.objects.select_related(*paths).get(pk=case), *paths)
    assert prepared.one(case + 10_000) is None


@pytest.mark.parametrize("model", [Assignment, CaseScope, StoryItem, Participant])
def test_parts_come_in_the_order_of_their_keys(county: County, model: type[models.Model]) -> None:
    case, other = handled(county), handled(county)
    expected = list(model._default_manager.filter(case_id=case).order_by("pk"))
    assert [told(row) for row in Prepared(model, "case_id").rows(case)] == [told(row) for row in expected]
    assert model is Participant or expected
    assert not {row.pk for row in expected} & {row.pk for row in Prepared(model, "case_id").rows(other)}


def test_roles_come_with_those_for_whom_they_stand_in_and_ended_ones_not(county: County) -> None:
    names = ("俞经办", "孙协办", "陆经办")
    chain = [Role.objects.get(account=county.accounts[name], ended_at=None) for name in names]
    for principal, substitute in itertools.pairwise(chain):
        Role.objects.filter(pk=substitute.pk).update(substitute_for=principal)
    paths = ("substitute_for", "substitute_for__substitute_for")
    prepared = Prepared(Role, "account_id", related=paths, among=models.Q(ended_at=None))
    for name in names:
        account = county.accounts[name].pk
        expected = Role.objects.filter(account=account, ended_at=None).select_related(*paths).order_by("pk")
        assert [told_role(row) for row in prepared.rows(account)] == [told_role(row) for row in expected]
    assert prepared.rows(county.accounts["陆经办"].pk)[0].substitute_for.substitute_for == chain[0]  # type: ignore[union-attr]
    Role.objects.filter(account=county.accounts["孙协办"]).update(ended_at=NOW)
    assert prepared.rows(county.accounts["孙协办"].pk) == []


def told_role(row: Role) -> Any:
    """A role, whom it stands in for, and whom that one stands in for."""
    with CaptureQueriesContext(connection) as asked:
        chain = [row, row.substitute_for, row.substitute_for and row.substitute_for.substitute_for]
    assert len(asked) == 0
    return [told(one) for one in chain]


def test_what_was_read_can_be_changed_and_saved(county: County) -> None:
    account = Prepared(Account, related=("person",)).one(county.accounts["陈居民"].pk)
    assert account is not None
    account.language = "en"
    account.save()
    account.refresh_from_db()
    assert (account.language, account == county.accounts["陈居民"]) == ("en", True)


def test_a_condition_with_a_value_of_its_own_is_no_prepared_query(county: County) -> None:
    with pytest.raises(TypeError, match="one value"):
        Prepared(Case, related=(), among=models.Q(state="new")).one(1)
