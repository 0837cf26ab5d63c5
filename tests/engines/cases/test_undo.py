"""Merge and split are undone exactly, whatever else happens; and the measure sees an undo that is not exact."""

from __future__ import annotations

import pytest

from tests.engines.cases.conftest import NOW, County
from tests.ledgered import adopt
from tongban.cli.bench.undoing import Crew, prepared, undo_differences
from tongban.core.ledger.actor import Actor
from tongban.core.ledger.audit import Audit
from tongban.engines.cases.actions import reverting
from tongban.engines.cases.models import Participant


def crew(county: County) -> Crew:
    for name, phone in (("李邻居", "13800000003"), ("赵邻居", "13800000004")):
        county.resident(name, phone)
    adopt()
    askers = [(county.people[n], Actor(county.accounts[n].pk)) for n in ("陈居民", "李邻居", "赵邻居")]
    desk, handler, reviewer = (county.officers[n] for n in ("王受理", "俞经办", "钱审核"))
    return Crew("community", county.areas["village"].pk, county.units["交通局"].pk, desk, handler, reviewer, askers)


@pytest.mark.parametrize(
    ("sequences", "seed"), [(60, 1), *(pytest.param(2000, n, marks=pytest.mark.long) for n in range(2, 7))]
)
def test_random_sequences_are_undone_exactly_or_refused(county: County, sequences: int, seed: int) -> None:
    working = crew(county)
    cases = prepared(working, NOW)
    assert undo_differences(working, cases, at=NOW, sequences=sequences, seed=seed) == 0
    assert [f.sentence("en") for f in Audit().faults()] == []


def test_the_measure_sees_a_row_that_stays_and_an_undo_over_others_work(
    county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    working = crew(county)
    cases = prepared(working, NOW)
    monkeypatch.setattr(reverting, "_KEPT", (*reverting._KEPT, Participant))
    assert undo_differences(working, cases, at=NOW, sequences=20) > 0
    monkeypatch.undo()
    monkeypatch.setattr(reverting, "INDEPENDENT", reverting.INDEPENDENT | {"cases.accept", "cases.decline"})
    assert undo_differences(working, cases, at=NOW, sequences=80) > 0
