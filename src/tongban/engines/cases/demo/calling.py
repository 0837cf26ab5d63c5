"""What a desk does after the answer: it calls back, and what is not solved is done again; whoever is slow is supervised.

It draws from dice of its own, and chooses among the cases as they stand when the time has come.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from random import Random

from tongban.core.calendar.logic import CountFrom, Unit
from tongban.core.calendar.queries import calendar_now
from tongban.core.ledger.actor import Actor
from tongban.core.refusals import Refused
from tongban.engines.cases import actions
from tongban.engines.cases.actions.authority import review_unit
from tongban.engines.cases.declare import SATISFIED
from tongban.engines.cases.demo.county import DemoCounty
from tongban.engines.cases.models import Case, Slip
from tongban.engines.cases.outcome import DONE

# What the calls find, in this order again and again; "twice": not solved when it was done again either.
_FOUND = (
    "unsolved", "twice", "solved", "unreached", "solved", "solved", "solved", "solved", "unreached", "solved", "solved", "solved",
)  # fmt: skip
_DAYS = 16  # working days in which is called: since the last monthly meeting, so that the next one has to decide
_SAID = {
    "solved": (
        "说已经办好了，满意。",
        "说问题解决了，谢谢各位。",
        "说和答复里写的一样，没有新问题。",
        "说比预想的快。",
    ),
    "unreached": ("响铃无人接听，明天再打。", "关机，已发短信。"),
    "unsolved": ("说只来看了一次，事情还没有办完。", "说答复里写的日子已经过了，现场没有动静。"),
    "twice": ("说第二次也只办了一半，希望有人牵头定下来。", "说还是老样子，不想再等。"),
}
_REDONE = (
    "您在回访中说事情还没有办完，我们当天又到现场核实，情况属实，向您致歉。剩下的部分已重新排定，由分管负责人盯着，{day}前完成，办好当天打电话告诉您。",
    "接到回访后我们重新作了核实：上次的答复没有落实到位，责任人已说明原因。现已安排专人办理，{day}前办结并再次回访。",
)
_DEMANDS = (
    "该件临近期限，请明确责任人和完成时间，两个工作日内书面反馈进展。", "同类诉求近期较多，请说明原因并报整改安排。",
    "提出人已催办，请当天与提出人联系，并反馈处理情况。",
)  # fmt: skip
_REPORTS = (
    "已与提出人电话联系，方案已定，材料今天到位，按期限办结没有问题。", "已安排专人，现场工作完成大半，剩余部分排在后天，届时一并答复。",
    "原因是协办单位意见不一致，已当面商定分工，本周内答复。",
)  # fmt: skip
_HURRY = ("请帮忙催一催，家里等着用。", "快到说好的日子了，想知道办到哪一步。", "")


def calling(county: DemoCounty, desk: str) -> Iterator[datetime]:
    """The agents of a desk call back those whose cases are closed, some on each working day."""
    dice, calendar = Random(f"{county.seed} {desk} calls"), calendar_now()  # noqa: S311 - invents a past, guards nothing
    body, number, each = county.known.body_codes[desk], 0, 2 if county.size >= 1 else 1
    now = calendar.before(county.at, _DAYS, Unit.WORKING_DAYS)
    while True:
        yield now
        called = Case.objects.filter(
            desk=body.id, state="closed", callback="", reopened=0, agenda="", requester__isnull=False,
            questions=None, closed_at__gt=now - timedelta(days=40),
        ).exclude(grade__in=[g for g in (1, 2, 3, 4, 5) if g not in SATISFIED])  # fmt: skip
        found = list(called.order_by("-closed_at", "pk")[:12])
        for case in dice.sample(found, min(each, len(found))):
            _call(county, case, _FOUND[number % len(_FOUND)], dice, now)
            number += 1
            now += timedelta(minutes=dice.randint(4, 15))
        now = _later(now, dice.uniform(5.5, 7.5))


def _call(county: DemoCounty, case: Case, found: str, dice: Random, at: datetime) -> None:
    """One call, and what follows of it."""
    agent = dice.choice(county.desk(county.known.bodies[case.desk_id].code))
    result = "unsolved" if found == "twice" else found
    note = dice.choice(_SAID[result])
    actions.call_back(case=case.pk, result=result, note=note, by=agent, at=at)
    if result == "unreached":
        county.timeline.add(_again_called(case.pk, agent, dice, at))
    elif result == "unsolved":
        county.timeline.add(_done_again(county, case.pk, agent, dice, at, twice=found == "twice"))


def _again_called(case: int, agent: Actor, dice: Random, at: datetime) -> Iterator[datetime]:
    """Every other one who was not reached is, the next day."""
    if dice.random() < 0.5:
        return
    at = _later(at, 8)
    yield at
    actions.call_back(case=case, result="solved", note=dice.choice(_SAID["solved"]), by=agent, at=at)


def _done_again(
    county: DemoCounty, case: int, agent: Actor, dice: Random, at: datetime, *, twice: bool
) -> Iterator[datetime]:
    """The unit that led it takes it on again and answers anew; perhaps that is no better."""
    at = _later(at, dice.uniform(0.5, 2))
    yield at
    row = Case.objects.get(pk=case)
    office = county.office(county.known.bodies[row.lead_id or row.desk_id].code)
    worker = dice.choice(office.handlers)
    actions.sign_in(case=case, by=worker, at=at)
    at = _later(at, dice.uniform(3, 8))
    yield at
    day = calendar_now().day_of(_later(at, 21))
    text = dice.choice(_REDONE).format(day=f"{day.month}月{day.day}日")
    actions.answer(case=case, text=text, outcome=DONE, by=worker, at=at)
    at = _later(at, 1)
    yield at
    unit = review_unit(Case.objects.get(pk=case)) or office.body.id
    actions.approve(case=case, by=county.office(county.known.bodies[unit].code).reviewers[0], at=at)
    at = _later(at, 0.5)
    yield at
    actions.send(case=case, by=agent, at=at)
    at = _later(at, 6)
    yield at
    result = "unsolved" if twice else "solved"
    note = dice.choice(_SAID["twice" if twice else "solved"])
    actions.call_back(case=case, result=result, note=note, by=agent, at=at)
    if not twice:
        at = _later(at, 0.3)
        yield at
        actions.close(case=case, by=agent, at=at)


def oversight(county: DemoCounty, desk: str) -> Iterator[datetime]:
    """Askers and overseers ask to hurry; some units get a supervision slip, and most report on it."""
    dice, calendar = Random(f"{county.seed} {desk} oversees"), calendar_now()  # noqa: S311 - invents a past
    body, number = county.known.body_codes[desk], 0
    askers: dict[int | None, Actor] = {person.pk: actor for person, actor in county.residents}
    askers |= {clerk.person.pk: clerk.actor for clerk in county.clerks}
    now = calendar.before(county.at, 12 if county.size >= 1 else 5, Unit.WORKING_DAYS)
    while True:
        now = _later(now, dice.uniform(4, 7))
        yield now
        under_way = Case.objects.filter(
            desk=body.id, state="handling", slip_due_at=None, confidential=False, about=None
        )
        found = list(under_way.order_by("-pk")[:12])
        if not found:
            continue
        case, overseer = dice.choice(found), county.supervisors[0]
        with suppress(Refused):  # it was urged today already
            actions.urge(case=case.pk, note=dice.choice(_HURRY), by=askers.get(case.requester_id, overseer), at=now)
        demand = dice.choice(_DEMANDS)
        actions.supervise(case=case.pk, demand=demand, by=overseer, at=now + timedelta(minutes=5))
        number += 1
        if number % 3:  # every third has not been reported on yet
            county.timeline.add(_reported(county, case.pk, dice, now))


def _reported(county: DemoCounty, case: int, dice: Random, at: datetime) -> Iterator[datetime]:
    """An officer of the unit says what he has done about the slip, if there still is something to be done."""
    at = _later(at, dice.uniform(1, 3))
    yield at
    slip = Slip.objects.filter(case=case, fed_back_at=None, ended_at=None).select_related("case").first()
    if slip is None:
        return
    office = county.office(county.known.bodies[slip.unit_id].code)
    worker = next((h for h in office.handlers if h.account == slip.case.handler_id), office.handlers[0])
    with suppress(Refused):  # it has been answered meanwhile
        actions.report_back(case=case, text=dice.choice(_REPORTS), by=worker, at=at)


def _later(moment: datetime, hours: float) -> datetime:
    return calendar_now().due(moment, hours, Unit.WORKING_HOURS, CountFrom.MOMENT).at
