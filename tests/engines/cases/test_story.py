"""The story told once: firm → desk → bureau → reviewer → rating."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.engines.cases.conftest import NOW, County
from tongban.core.ledger.actor import Actor
from tongban.core.refusals import Refused
from tongban.engines.cases import actions, secrets
from tongban.engines.cases.actions import Opening
from tongban.engines.cases.models import Case, CaseScope
from tongban.engines.cases.outcome import DONE

HOUR = timedelta(hours=1)


def opened(county: County, **more: object) -> Case:
    opening = Opening(
        programme="enterprise",
        kind="request",
        body="夜班公交停了，工人回不了宿舍。能不能恢复班车？",
        area=county.areas["town"].pk,
        category="traffic",
        requester=county.people["陆文员"],
        firm=county.firm,
        **more,  # type: ignore[arg-type]
    )
    return actions.open_case(opening, by=Actor(county.accounts["陆文员"].pk), at=NOW, idempotency="k1")


def test_a_request_is_walked_from_firm_to_rating(county: County) -> None:
    case = opened(county).pk
    desk, worker, reviewer = (county.officers[n] for n in ("沈受理", "俞经办", "钱审核"))
    actions.accept(case=case, by=desk, at=NOW)
    actions.assign(case=case, unit=county.units["交通局"].pk, by=desk, at=NOW)
    actions.sign_in(case=case, by=worker, at=NOW + HOUR)
    actions.answer(outcome=DONE, case=case, text="10月20日起加一班车，交通局俞负责。", by=worker, at=NOW + 2 * HOUR)
    with pytest.raises(Refused, match="for the reviewer"):
        actions.approve(case=case, by=worker, at=NOW + 2 * HOUR)
    actions.approve(case=case, by=reviewer, at=NOW + 3 * HOUR)
    actions.send(case=case, by=reviewer, at=NOW + 3 * HOUR)
    actions.rate(token=secrets.rating_token(case), grade=5, by=Actor(system="asker"), at=NOW + 4 * HOUR)
    with pytest.raises(Refused, match="already"):
        actions.rate(token=secrets.rating_token(case), grade=1, by=Actor(system="asker"), at=NOW + 5 * HOUR)
    actions.close(case=case, by=desk, at=NOW + 5 * HOUR)
    row = Case.objects.get(pk=case)
    assert (row.state, row.in_time, row.grade) == ("closed", True, 5)
    assert not CaseScope.objects.filter(case=case, queue__gt=0).exists()


def test_opening_takes_at_most_eight_queries(county: County, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    opened(county)
    # Two more than eight: SAVEPOINT and RELEASE, since the test runs inside a transaction.
    with django_assert_max_num_queries(10):
        actions.open_case(
            Opening(
                programme="enterprise", kind="request", body="厂门口的路灯坏了", area=county.areas["town"].pk,
                requester=county.people["陆文员"], firm=county.firm,
            ),
            by=Actor(county.accounts["陆文员"].pk), at=NOW, idempotency="k2",
        )  # fmt: skip
