"""Handing all of an officer's cases over, and what administrators may not do to cases."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.engines.cases.conftest import NOW, County
from tongban.core.access.models import Role
from tongban.core.access.viewer import viewer_of
from tongban.core.ledger.models import Entry
from tongban.core.refusals import Refused
from tongban.engines.cases import actions
from tongban.engines.cases.actions import Opening
from tongban.engines.cases.actions.administration import hand_over_officer, set_limit, set_route
from tongban.engines.cases.models import Case
from tongban.engines.cases.outcome import DONE
from tongban.engines.cases.queries import administration as queries

LATER = NOW + timedelta(hours=2)


def signed_in(county: County, count: int) -> list[int]:
    desk, worker = county.officers["沈受理"], county.officers["俞经办"]
    found = []
    for n in range(count):
        opening = Opening(
            programme="enterprise", kind="request", body="夜班公交停了", area=county.areas["town"].pk,
            requester=county.people["陆文员"], firm=county.firm,
        )  # fmt: skip
        case = actions.open_case(opening, by=desk, at=NOW, idempotency=f"hand-{n}").pk
        actions.accept(case=case, by=desk, at=NOW)
        actions.assign(case=case, unit=county.units["交通局"].pk, by=desk, at=NOW)
        actions.sign_in(case=case, by=worker, at=NOW)
        found.append(case)
    return found


def test_all_cases_go_over_one_by_one_and_those_that_cannot_say_why(county: County) -> None:
    first, second, third = signed_in(county, 3)
    actions.answer(outcome=DONE, case=second, text="10月20日起加一班车。", by=county.officers["俞经办"], at=NOW)
    outcome = hand_over_officer(
        officer=county.accounts["俞经办"].pk, unit=county.units["交通局"].pk, to=county.accounts["陆经办"].pk,
        by=county.officers["陆经办"], at=LATER,
    )  # fmt: skip
    assert [(o.case, o.refusal.code if o.refusal else None) for o in outcome] == [
        (first, None), (second, "case.state"), (third, None),
    ]  # fmt: skip
    handlers = dict(Case.objects.values_list("pk", "handler_id"))
    assert handlers == {
        first: county.accounts["陆经办"].pk, second: county.accounts["俞经办"].pk, third: county.accounts["陆经办"].pk,
    }  # fmt: skip
    assert Entry.objects.filter(name="cases.hand_over").count() == 2


def test_nothing_goes_outside_the_unit_nor_to_oneself_nor_by_a_stranger(county: County) -> None:
    (case,) = signed_in(county, 1)
    officer, unit = county.accounts["俞经办"].pk, county.units["交通局"].pk
    by = county.officers["俞经办"]
    outcome = hand_over_officer(officer=officer, unit=unit, to=county.accounts["孙协办"].pk, by=by, at=LATER)
    assert [o.refusal.code for o in outcome if o.refusal] == ["case.account"]
    with pytest.raises(Refused, match="another colleague"):
        hand_over_officer(officer=officer, unit=unit, to=officer, by=by, at=LATER)
    with pytest.raises(Refused, match="no case in progress"):
        hand_over_officer(officer=county.accounts["陆经办"].pk, unit=unit, to=officer, by=by, at=LATER)
    stranger = hand_over_officer(
        officer=officer, unit=unit, to=county.accounts["陆经办"].pk, by=county.officers["孙协办"], at=LATER
    )
    assert [o.refusal.code for o in stranger if o.refusal] == ["case.not_yours"]
    assert Case.objects.get(pk=case).handler_id == officer


def test_an_administrator_lays_limits_down_and_moves_no_case(county: County) -> None:
    admin = county.officer("周管理", "企业受理", "administrator")
    signed_in(county, 1)
    outcome = hand_over_officer(
        officer=county.accounts["俞经办"].pk, unit=county.units["交通局"].pk, to=county.accounts["陆经办"].pk, by=admin,
        at=LATER,
    )  # fmt: skip
    assert [o.refusal.code for o in outcome if o.refusal] == ["case.not_yours"]


def test_limits_and_routes_are_an_administrators_alone(county: County) -> None:
    by = county.officers["俞经办"]
    with pytest.raises(Refused, match="administrator"):
        set_limit(
            code="ordinary", amount=9, unit="working_days", start="moment", valid_from=NOW.date(), source="x",
            confirmed=False, by=by, at=NOW,
        )  # fmt: skip
    with pytest.raises(Refused, match="administrator"):
        set_route(
            programme="enterprise", category="traffic", unit=county.units["交通局"].pk, limit="ordinary",
            valid_from=NOW.date(), by=by, at=NOW,
        )  # fmt: skip
    viewer = viewer_of(county.accounts["俞经办"], NOW)
    assert queries.limits(viewer=viewer, at=NOW) == []
    assert queries.routes(viewer=viewer, at=NOW) == []
    assert queries.waiting_from(NOW.date(), viewer=viewer) == 0


def test_a_preview_counts_what_a_change_of_the_calendar_touches(county: County) -> None:
    county.officer("周管理", "企业受理", "administrator")
    viewer = viewer_of(county.accounts["周管理"], NOW)
    signed_in(county, 2)
    assert queries.waiting_from(NOW.date(), viewer=viewer) == 2
    assert queries.waiting_from(NOW.date() + timedelta(days=30), viewer=viewer) == 0
    assert queries.waiting_in(county.units["交通局"].pk, viewer=viewer) == 2
    assert queries.in_hand_of([county.accounts["俞经办"].pk], viewer=viewer) == {county.accounts["俞经办"].pk: 2}


def test_each_case_goes_by_the_role_that_covers_its_programme(county: County) -> None:
    cases = signed_in(county, 2)
    other = county.officer("双经办", "交通局", "handler", "community")
    role = Role.objects.create(
        account=county.accounts["双经办"], code="handler", organisation=county.units["交通局"], programme="enterprise",
        valid_from=NOW.date(),
    )  # fmt: skip
    outcome = hand_over_officer(
        officer=county.accounts["俞经办"].pk, unit=county.units["交通局"].pk, to=county.accounts["双经办"].pk, by=other,
        at=LATER,
    )  # fmt: skip
    assert [(o.case, o.refusal) for o in outcome] == [(case, None) for case in cases]
    assert set(Entry.objects.filter(name="cases.hand_over").values_list("by_role", flat=True)) == {role.pk}
