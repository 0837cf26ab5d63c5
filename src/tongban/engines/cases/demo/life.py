"""One case's life from request to rating, step by step through the actions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypedDict

from tongban.core.calendar.logic import CountFrom, Unit
from tongban.core.calendar.queries import calendar_now
from tongban.core.ledger.actor import Actor
from tongban.engines.cases import actions, secrets
from tongban.engines.cases.actions import Opening
from tongban.engines.cases.demo.county import DemoCounty, Office
from tongban.engines.cases.demo.stories import Story, Teller
from tongban.engines.cases.limits import due_of, limit_on
from tongban.engines.cases.models import Case

_COMMENTS = {
    5: ("办得很快，谢谢。", "打了电话来解释，态度好。", "", "没想到这么快，点赞。", ""),
    4: ("解决了，就是等得久了点。", "", "满意。", "还可以。"),
    3: ("暂时算解决了，看以后。", "", "答复清楚，希望真能办到。"),
    2: ("只解决了一半。", "等了太久，中间没人联系我。", ""),
    1: ("说的和做的不一样，现场没人来过。", "还是老样子，没有解决。"),
}


@dataclass(frozen=True, slots=True)
class Plan:
    """What will happen to one case. ``stop`` names a move after which nothing more happens (it waits there today)."""

    story: Story
    teller: Teller
    opening: Opening
    opener: Actor
    opened_at: datetime
    desk: str
    unit: str  # the body's code that leads in the end
    through: str = ""  # the town's office that passes it down to ``unit``
    pace: float = 1.0  # how much of the limit the unit uses
    ending: str = "answer"  # "decline", "refer", "withdraw"
    returned: int = 0
    asked: bool = False
    rejected: bool = False
    handed_over: bool = False
    hard: bool = False
    rates: int | None = None  # the grade, if it is rated
    stop: str = ""
    without_account: bool = False  # the asker acts with his code alone


class Asker(TypedDict):
    """How somebody who asked acts."""

    by: Actor
    at: datetime
    proof: str


class _Stopped(Exception):
    """Here the case waits until today."""


def live(county: DemoCounty, plan: Plan) -> Iterator[datetime]:
    """The life of a case: does a step, gives the moment at which it wants to go on."""
    life = _Life(county, plan)
    try:
        yield from life.steps()
    except _Stopped:
        return


class _Life:
    def __init__(self, county: DemoCounty, plan: Plan) -> None:
        self.county, self.plan, self.rng = county, plan, plan.teller.rng
        self.now = plan.opened_at
        self.case = 0
        self.agent = self.rng.choice(county.desk(plan.desk))
        self.worker: Actor = self.agent

    # -- time ----------------------------------------------------------------------------------------------------

    def wait(self, low: float, high: float) -> datetime:
        """Some working hours later."""
        hours = self.rng.uniform(low, high)
        self.now = calendar_now().due(self.now, hours, Unit.WORKING_HOURS, CountFrom.MOMENT).at
        return self.now

    def before_sign_in(self) -> datetime:
        """A moment in the half-day that a unit has to take it on; now and then a later one."""
        end = due_of(limit_on("sign_in", self.now), self.now).at
        if self.rng.random() < 0.1:
            self.now = end
            return self.wait(0.2, 5)
        self.now += (end - self.now) * self.rng.uniform(0.1, 0.9)
        return self.wait(0, 0.02)

    def left(self) -> float:
        """How many working hours are left of what was promised; a day where none are."""
        promised = Case.objects.values_list("promised_at", flat=True).get(pk=self.case)
        found = calendar_now().elapsed(self.now, promised, Unit.WORKING_HOURS) if promised else 0.0
        return found if found > 0 else 7.0

    def wait_at_home(self, low: float, high: float) -> datetime:
        """Some hours later, but not at night."""
        self.now += timedelta(hours=self.rng.uniform(low, high))
        local = calendar_now().local(self.now)
        if local.hour < 7:
            self.now += timedelta(hours=7 - local.hour + self.rng.random())
        return self.now

    def done(self, move: str) -> None:
        """A move was made; perhaps that is all so far."""
        if self.plan.stop == move:
            raise _Stopped

    # -- the story -----------------------------------------------------------------------------------------------

    def steps(self) -> Iterator[datetime]:
        plan = self.plan
        yield self.now
        body = plan.teller.tell(plan.story.body, self.now)
        opening = replace(plan.opening, body=body, title=plan.teller.tell(plan.story.title, self.now))
        self.case = actions.open_case(opening, by=plan.opener, at=self.now).pk
        self.done("open")
        yield self.wait(0.05, 0.3 if plan.stop else 1.6 if self.rng.random() < 0.93 else 5)
        if plan.ending == "decline":
            reason = plan.teller.tell(plan.story.decline, self.now)
            actions.decline(case=self.case, reason=reason, by=self.agent, at=self.now)
            return
        actions.accept(case=self.case, by=self.agent, at=self.now)
        self.done("accept")
        yield self.wait(0.05, 0.4 if plan.stop else 2.5)
        if plan.ending == "refer":
            reason = plan.teller.tell(plan.story.outside_reason, self.now)
            actions.refer(case=self.case, outside=plan.story.outside, reason=reason, by=self.agent, at=self.now)
            return
        yield from self.to_unit()
        if plan.ending == "withdraw":
            yield self.wait_at_home(3, 40)
            actions.withdraw(case=self.case, reason=plan.teller.tell(plan.story.withdraw, self.now), **self.asker())
            return
        yield from self.work()
        yield from self.answer()
        yield from self.after()

    def to_unit(self) -> Iterator[datetime]:
        """Given out, perhaps to the wrong body first; taken on where it belongs."""
        plan = self.plan
        for _ in range(plan.returned):
            office = self.county.office(plan.story.wrong or "b-development")
            self.give(office)
            yield self.wait(0.4, 3)
            reason = plan.story.wrong_reason or "经核对，这件事不在我单位职责内，请交给主管部门。"
            actions.give_back(
                case=self.case,
                reason=plan.teller.tell(reason, self.now),
                by=self.rng.choice(office.handlers),
                at=self.now,
            )
            yield self.wait(0.2, 3)
        first = self.county.office(plan.through or plan.unit)
        self.give(first, assisting=plan.story.assist)
        self.done("assign")
        yield self.before_sign_in()
        self.worker = self.rng.choice(first.handlers)
        actions.sign_in(case=self.case, by=self.worker, at=self.now)
        self.done("sign_in")
        if plan.through:
            yield self.wait(0.5, 5)
            below = self.county.office(plan.unit)
            actions.assign(case=self.case, unit=below.body.id, by=self.worker, at=self.now)
            self.done("pass_down")
            yield self.before_sign_in()
            self.worker = self.rng.choice(below.handlers)
            actions.sign_in(case=self.case, by=self.worker, at=self.now)
            self.done("village")

    def give(self, office: Office, assisting: tuple[str, ...] = ()) -> None:
        others = tuple(self.county.office(code).body.id for code in assisting)
        actions.assign(
            case=self.case, unit=office.body.id, limit="hard" if self.plan.hard else "", assisting=others,
            by=self.agent, at=self.now,
        )  # fmt: skip

    def work(self) -> Iterator[datetime]:
        """What happens between taking on and the answer."""
        plan, teller = self.plan, self.plan.teller
        if plan.handed_over:
            yield self.wait(1, 6)
            others = [h for h in self.county.office(plan.unit).handlers if h != self.worker]
            if others and others[0].account is not None:
                actions.hand_over(case=self.case, account=others[0].account, by=self.worker, at=self.now)
                self.worker = others[0]
        for code in plan.story.assist:
            yield self.wait(1, 10)
            by = self.rng.choice(self.county.office(code).handlers)
            actions.feed_back(case=self.case, text=teller.tell(plan.story.assist_text, self.now), by=by, at=self.now)
        if plan.asked and plan.story.question:
            yield self.wait(1, 6)
            actions.ask(
                case=self.case, question=teller.tell(plan.story.question, self.now), by=self.worker, at=self.now
            )
            self.done("ask")
            yield self.wait_at_home(1, 26)
            actions.reply(case=self.case, text=teller.tell(plan.story.reply, self.now), **self.asker())

    def answer(self) -> Iterator[datetime]:
        """Written, reviewed by another (perhaps sent back once), sent."""
        plan, teller = self.plan, self.plan.teller
        left = self.left()
        hours = max(0.3, left * plan.pace)
        yield self.wait(hours * 0.75, hours)
        review = min(4.0, max(0.4, left * 0.12))
        reviewers = self.county.office(plan.through or plan.unit).reviewers
        for turn in range(2 if plan.rejected else 1):
            actions.answer(case=self.case, text=teller.tell(plan.story.answer, self.now), by=self.worker, at=self.now)
            self.done("answer")
            yield self.wait(0.3, review)
            if plan.rejected and not turn:
                actions.reject(case=self.case, reason=plan.story.reject, by=reviewers[0], at=self.now)
                yield self.wait(0.3, review)
        actions.approve(case=self.case, by=reviewers[0], at=self.now)
        self.done("approve")
        yield self.wait(0.1, 2)
        actions.send(case=self.case, by=self.agent if self.rng.random() < 0.6 else reviewers[0], at=self.now)
        self.done("send")

    def after(self) -> Iterator[datetime]:
        """Rated or not, and closed."""
        plan, sent = self.plan, self.now
        if plan.rates is not None:
            yield self.wait_at_home(0.3, 60)
            by = Actor(system="asker") if plan.without_account else self.asker_actor()
            comment = self.rng.choice(_COMMENTS[plan.rates])
            actions.rate(token=secrets.rating_token(self.case), grade=plan.rates, comment=comment, by=by, at=self.now)
        self.now = max(self.now, sent)
        yield self.wait(2, 14)
        actions.close(case=self.case, by=self.agent, at=self.now)

    # -- who -----------------------------------------------------------------------------------------------------

    def asker_actor(self) -> Actor:
        return self.plan.opener if self.plan.opener.role is None else Actor(system="asker")

    def asker(self) -> Asker:
        """How the asker acts: with his account, or with the code that he was told on the phone."""
        actor = self.asker_actor()
        proof = "" if actor.account else secrets.tracking_code(self.case)
        return Asker(by=actor, at=self.now, proof=proof)
