"""Clocks that stop, go on, are extended, passed on, answered, begun again and recomputed in any order: derived again they
come to the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

import pytest

from tests.engines.cases.conftest import NOW, County
from tests.engines.cases.test_ladder import handled
from tests.ledgered import adopt
from tongban.core.calendar import actions as calendar
from tongban.core.ledger.actor import Actor
from tongban.core.ledger.audit import Audit
from tongban.core.ledger.worker import run_pending
from tongban.core.refusals import Refused
from tongban.core.registry import reference
from tongban.core.registry.models import Organisation
from tongban.engines.cases import actions
from tongban.engines.cases.actions import meeting
from tongban.engines.cases.actions.recomputing import Recomputed, recompute
from tongban.engines.cases.models import Case, Meeting
from tongban.engines.cases.outcome import DONE
from tongban.engines.cases.secrets import rating_token

MINUTE = timedelta(minutes=1)
BY = Actor(system="test")
ASKER = Actor(system="asker")
STEPS = 14
# What is tried more often than the rest, so that a case gets further than its first answer.
LIKELY = {
    "handling": ("pause", "reply", "resume", "answer", "answer"),
    "assigned": ("sign_in", "take_on", "take_on", "take_on"),
    "accepted": ("give",) * 6,
    "answered": ("unhappy", "unsolved", "orphaned", "taken_up", "rest") * 3,
}


def ways(county: County, case: int, dice: Random) -> dict[str, Callable[..., object]]:
    """What anybody may try; by whoever has the case in hand just then."""
    worker, village, desk, secretary = (county.officers[n] for n in ("镇经办", "村经办", "王受理", "卫秘书"))
    asker = Actor(county.accounts["陈居民"].pk)
    town, below = county.units["新埭镇政府"].pk, county.units["泖口村委"].pk

    def rest(at: object) -> None:
        day = date(2026, 11, 19) + timedelta(days=dice.randrange(14))
        calendar.set_day(day=day, working=dice.random() < 0.4, name_zh="调", by=BY, at=at)  # type: ignore[arg-type]

    def decide(kind: str, at: datetime, **said: Any) -> None:
        with suppress(Refused):  # it may stand there still
            actions.raise_to_meeting(case=case, kind=kind, by=desk, at=at)
        held = Meeting.objects.filter(state="planned", kind=kind).first() or meeting.call_meeting(
            kind=kind, desk=county.units["民生受理"].pk, starts_at=at + MINUTE, place="县府", by=secretary, at=at
        )
        day = (at + timedelta(days=dice.randrange(1, 12), hours=8)).date()
        decision = meeting.Decision(text="会上定了", by_date=day, **said)
        meeting.decide(case=case, meeting=held.pk, decision=decision, by=secretary, at=at + 2 * MINUTE)

    def answer(at: datetime) -> None:
        by = dice.choice([worker, village])
        actions.answer(case=case, text="周五前修好。", outcome=DONE, by=by, at=at)
        actions.approve(case=case, by=county.officers["镇审核"], at=at + MINUTE)
        actions.send(case=case, by=desk, at=at + 2 * MINUTE)

    def orphaned(at: datetime) -> None:
        """To be done again while the units that led it are gone; they come back, so that it can be given out again."""
        gone = Organisation.objects.filter(pk__in=(town, below))
        gone.update(valid_until=date(2026, 11, 1))
        reference.forget()
        try:
            actions.reopen(case=case, reason="单位撤并", by=desk, at=at)
        finally:
            gone.update(valid_until=None)
            reference.forget()

    return {
        "hold": lambda at: decide("joint", at, outcome="held"),
        "give": lambda at: actions.assign(case=case, unit=town, limit=dice.choice(["", "joint"]), by=desk, at=at),
        "take_on": lambda at: actions.sign_in(case=case, by=worker, at=at),
        "answer": answer,
        "unhappy": lambda at: actions.rate(token=rating_token(case), grade=1, by=ASKER, at=at),
        "unsolved": lambda at: actions.call_back(case=case, result="unsolved", by=desk, at=at),
        "orphaned": orphaned,
        "taken_up": lambda at: decide(Case.objects.get(pk=case).agenda or "joint", at, outcome="assigned", lead=town),
        "pause": lambda at: actions.pause(case=case, reason="补", by=dice.choice([worker, village]), at=at),
        "resume": lambda at: actions.resume(case=case, by=dice.choice([worker, village]), at=at),
        "reply": lambda at: actions.reply(case=case, text="好", by=asker, at=at),
        "extend": lambda at: actions.extend(case=case, amount=dice.randint(1, 5), reason="等", by=dice.choice([worker, village]), at=at),
        "grant": lambda at: actions.grant_extension(case=case, by=desk, at=at),
        "down": lambda at: actions.assign(case=case, unit=below, limit=dice.choice(["joint", "consult"]), by=worker, at=at),
        "assist": lambda at: actions.assist(case=case, unit=county.units["人社局"].pk, by=worker, at=at),
        "sign_in": lambda at: actions.sign_in(case=case, by=village, at=at),
        "return": lambda at: actions.give_back(case=case, reason="不行", by=village, at=at),
        "rest": rest,
    }  # fmt: skip


@pytest.mark.parametrize("seed", [*range(12), *(pytest.param(n, marks=pytest.mark.long) for n in range(12, 300))])
def test_every_deadline_derived_again_is_what_the_steps_have_made_of_it(county: County, seed: int) -> None:
    adopt()
    dice, done = Random(seed), Counter[str]()
    case = handled(county, unit="新埭镇政府", officer="镇经办")
    may, at = ways(county, case, dice), NOW
    while done.total() < STEPS and at < NOW + timedelta(days=60):
        at += timedelta(minutes=dice.choice([1, 20, 90, 400, 1000]), microseconds=dice.choice([0, 7]))
        name = dice.choice([*may, *LIKELY.get(Case.objects.get(pk=case).state, ())])
        try:
            may[name](at)
        except Refused:
            continue
        done[name] += 1
        assert run_pending(at + timedelta(minutes=5)).errors == []
        at += timedelta(minutes=5)
        before = Case.objects.get(pk=case).version
        assert recompute(case=case, by=BY, at=at) == Recomputed(), (name, done)
        assert Case.objects.get(pk=case).version == before, (name, done)
    assert [fault.sentence("en") for fault in Audit().faults()] == []
