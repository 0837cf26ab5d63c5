"""Deadlines of many cases recomputed together come to what each alone would have come to, row for row and entry for entry."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.engines.cases.conftest import NOW, County
from tests.engines.cases.drawn import histories
from tests.engines.cases.pictures import chains_verify, differences, picture, undone
from tests.engines.cases.test_recompute import handled
from tongban.core.calendar import actions as calendar
from tongban.core.ledger.actor import Actor
from tongban.core.ledger.sheaf import Keys
from tongban.core.refusals import Refused
from tongban.engines.cases import actions
from tongban.engines.cases.actions.recomputing import Recomputed, recompute
from tongban.engines.cases.bulk import History, Result, recompute_many, standing, write_histories
from tongban.engines.cases.bulk.writing import Outcome
from tongban.engines.cases.models import Case
from tongban.engines.cases.outcome import DONE

BY = Actor(system="test")
SEEK = (Phase.explicit, Phase.reuse, Phase.generate)
LATER = NOW + timedelta(days=20)
Recompute = Callable[[list[int]], dict[int, Recomputed]]


def one_by_one(cases: list[int]) -> dict[int, Recomputed]:
    told = {case: recompute(case=case, by=BY, at=LATER) for case in cases}
    return {case: moved for case, moved in told.items() if moved != Recomputed()}


def together(cases: list[int]) -> dict[int, Recomputed]:
    return recompute_many(cases, by=BY, at=LATER)


def lived(many: list[History], days: list[tuple[int, bool]], way: Recompute) -> tuple[list[Any], list[Any]]:
    """What stands of these cases, and what moved of which, once days from NOW on were made rest or working days."""
    with undone():
        written = [outcome.case for outcome in write_histories(many) if outcome.case is not None]
        for day, working in days:
            calendar.set_day(day=NOW.date() + timedelta(days=day), working=working, name_zh="调", by=BY, at=LATER)
        moved = way(written)
        chains_verify()
        stands = picture([Outcome(Result.OPENED, case) for case in written])
        return stands, [moved.get(case) for case in written]


@settings(
    max_examples=30, phases=SEEK, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(data=st.data())
def test_together_is_as_one_by_one(county: County, data: st.DataObject) -> None:
    many = data.draw(st.lists(histories(county), min_size=1, max_size=6))
    days = data.draw(st.lists(st.tuples(st.integers(0, 40), st.booleans()), min_size=1, max_size=6))
    expected, found = lived(many, days, one_by_one), lived(many, days, together)
    found_differently = "\n".join(differences(list(expected), list(found)))
    assert not found_differently, found_differently


def redone(county: County) -> int:
    """A case that was answered, and that the same bureau is to do again."""
    case, worker, desk = handled(county), county.officers["俞经办"], county.officers["王受理"]
    actions.answer(case=case, text="周五前修好。", outcome=DONE, by=worker, at=NOW + timedelta(hours=1))
    actions.approve(case=case, by=county.officers["钱审核"], at=NOW + timedelta(hours=2))
    actions.send(case=case, by=desk, at=NOW + timedelta(hours=3))
    actions.reopen(case=case, reason="灯还是不亮", by=desk, at=NOW + timedelta(days=2))
    return case


def stopped_and_extended(county: County) -> list[int]:
    """Three cases in a bureau's hands: one is being paused, one was, one has got more time."""
    cases = [handled(county) for _ in range(3)]
    worker, desk = county.officers["俞经办"], county.officers["王受理"]
    for case in cases[:2]:
        actions.pause(case=case, reason="请补门牌照片", by=worker, at=NOW + timedelta(hours=1))
    actions.resume(case=cases[1], by=worker, at=NOW + timedelta(days=1))
    actions.extend(case=cases[2], amount=3, reason="等材料", by=worker, at=NOW + timedelta(hours=2))
    actions.grant_extension(case=cases[2], by=desk, at=NOW + timedelta(hours=3))
    return cases


def test_stopped_and_extended_cases_are_as_one_by_one(county: County) -> None:
    pictures = []
    for way in (one_by_one, together):
        with undone():
            cases = stopped_and_extended(county)
            calendar.set_day(day=date(2026, 11, 24), working=False, name_zh="临时放假", by=BY, at=NOW)
            moved = way(cases)
            chains_verify()
            stands = picture([Outcome(Result.OPENED, case) for case in cases])
            pictures.append([stands, [moved.get(case) for case in cases]])
    assert len([one for one in pictures[0][1] if one is not None]) == 3
    assert not list(differences(*pictures))


@pytest.mark.parametrize("make", [handled, redone])
def test_twice_as_many_cases_cost_no_query_more(county: County, make: Callable[[County], int]) -> None:
    cases = [make(county) for _ in range(12)]
    counts = []
    for few, day in ((cases[:4], 24), (cases[4:], 25)):
        calendar.set_day(day=date(2026, 11, day), working=False, name_zh="临时放假", by=BY, at=NOW)
        together(cases)  # what was changed for the others is behind them
        calendar.set_day(day=date(2026, 11, day + 2), working=False, name_zh="临时放假", by=BY, at=NOW)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert len(recompute_many(few, by=BY, at=LATER)) == len(few)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_what_somebody_has_changed_meanwhile_is_not_written_over(
    county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = [handled(county) for _ in range(2)]
    calendar.set_day(day=date(2026, 11, 24), working=False, name_zh="临时放假", by=BY, at=NOW)
    write = standing.Standing.write

    def too_late(self: standing.Standing) -> None:
        Case.objects.filter(pk=cases[1]).update(version=99)
        write(self)

    monkeypatch.setattr(standing.Standing, "write", too_late)
    before = dict(Case.objects.values_list("pk", "promised_at"))
    with pytest.raises(Refused, match="acted on this before you"):
        together(cases)
    assert dict(Case.objects.values_list("pk", "promised_at")) == before


def test_only_clocks_may_be_changed_together(county: County) -> None:
    case = handled(county)
    kept = standing.Standing([case], Keys())
    row = kept.case(case)
    assert row is not None
    with kept.journal("test", by=BY, at=NOW) as journal:
        journal.change(row, state="closed")
    with pytest.raises(TypeError, match="state"):
        kept.write()
