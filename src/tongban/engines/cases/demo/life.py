"""One case's life from request to rating, step by step: lived through the actions, or told for the bulk writer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from tongban.core.calendar.logic import CountFrom, Unit
from tongban.core.calendar.queries import calendar_now
from tongban.core.ledger.actor import Actor
from tongban.engines.cases import actions
from tongban.engines.cases.actions import Opening
from tongban.engines.cases.actions.meeting import Decision
from tongban.engines.cases.bulk import History, Step
from tongban.engines.cases.declare import SATISFIED
from tongban.engines.cases.demo.county import ASKER, DemoCounty, Office
from tongban.engines.cases.demo.outcomes import each_answered, ending
from tongban.engines.cases.demo.pace import Pace
from tongban.engines.cases.demo.plan import Plan
from tongban.engines.cases.demo.sayings import AGAIN, COMMENTS, MORE_TIME, NO_MORE_TIME, NOT_OURS
from tongban.engines.cases.limits import due_of, limit_on
from tongban.engines.cases.models import Case, Meeting
from tongban.engines.cases.types import case_type

JOINT = Meeting.Kind.JOINT.value


class _Stopped(Exception):
    """Here the case waits until today."""


Opens = Callable[[Opening, datetime], Case]


def live(county: DemoCounty, plan: Plan, opens: Opens | None = None) -> Iterator[datetime]:
    """The life of a case: does a step, gives the moment at which it wants to go on. ``opens``: another way in."""
    yield plan.opened_at
    life = _Life(county, plan)
    opening = replace(life.opening, files=tuple(paper.result() for paper in plan.brings))
    if opens is None:
        case = actions.open_case(opening, by=plan.opener, at=plan.opened_at)
        if not plan.then:
            county.plain.add(case.pk)
    else:
        case = opens(opening, plan.opened_at)
    for step in life.steps():
        yield step.at
        if case.pk in county.on_hold:
            return
        life.rejoin(case.pk, step)
        step.take(case)
        if step.do in plan.then:
            plan.then[step.do](case, step)


def history(county: DemoCounty, plan: Plan) -> History:
    """The same life told at once, for the bulk writer."""
    life = _Life(county, plan)
    return History(life.opening, plan.opener, plan.opened_at, tuple(life.steps()))


class _Life(Pace):
    """Tells the steps of one case, each when the one before is taken."""

    def __init__(self, county: DemoCounty, plan: Plan) -> None:
        super().__init__(plan.opened_at, plan.teller.rng, haste=plan.haste, tardy=plan.tardy)
        self.county, self.plan = county, plan
        self.agent = self.rng.choice(county.desk(plan.desk))
        self.worker: Actor = self.agent
        self.joined = ""  # the body in which the worker is
        usual = case_type(plan.opening.programme, plan.opening.kind).category(plan.opening.category)
        self.limit = "hard" if plan.hard else usual.limit if usual else "ordinary"
        story = plan.story
        title = self.tell(story.title)
        self.opening = replace(plan.opening, body=self.tell(story.body), title=title if plan.titled else "")

    def tell(self, text: str) -> str:
        """One of the story's texts as of now."""
        return self.plan.teller.tell(text, self.now)

    def steps(self) -> Iterator[Step]:
        """What happens after it was opened, as far as the plan goes."""
        with suppress(_Stopped):
            self.stops("open")
            yield from self._all()

    def _all(self) -> Iterator[Step]:
        plan, story = self.plan, self.plan.story
        self.wait(0.05, 0.3 if plan.stop else 1.6 if self.rng.random() < 0.93 else 5)
        if plan.ending == "decline":
            yield self.step("decline", self.agent, reason=self.tell(story.decline))
            return
        yield self.step("accept", self.agent)
        self.stops("accept")
        self.wait(0.05, 0.4 if plan.stop else 2.5)
        if plan.ending == "refer":
            yield self.step(
                "refer", self.agent, outside=self.tell(story.outside), reason=self.tell(story.outside_reason)
            )
            return
        yield from self.to_unit()
        if plan.ending == "withdraw":
            self.wait_at_home(3, 40)
            yield self.step("withdraw", self.asker(), reason=self.tell(story.withdraw))
            return
        yield from self.work()
        if plan.ending == "stay":
            return
        yield from self.answer()
        yield from self.after()

    def step(self, do: str, by: Actor, **given: Any) -> Step:
        """One action, now."""
        return Step(do, by, self.now, given)

    def stops(self, move: str) -> None:
        """A move was made; perhaps that is all so far."""
        if self.plan.stop == move:
            raise _Stopped

    def to_unit(self) -> Iterator[Step]:
        """Given out, perhaps to the wrong body first; taken on where it belongs."""
        plan = self.plan
        for _ in range(plan.returned):
            office = self.county.office(plan.wrong)
            yield self.assigned(office)
            self.wait(0.4, 3)
            reason = plan.story.wrong_reason or NOT_OURS
            yield self.step("return", self.rng.choice(office.handlers), reason=self.tell(reason))
            self.wait(0.2, 3)
        if plan.passed_on:
            yield from self.passed_on()
            return
        first = self.county.office(plan.through or plan.unit)
        yield self.assigned(first, assisting=plan.story.assist)
        self.stops("assign")
        yield self.signed_in(first)
        self.stops("sign_in")
        if plan.through:
            self.wait(0.5, 5)
            below = self.county.office(plan.unit)
            yield self.step("assign", self.worker, unit=below.body.id)
            self.stops("pass_down")
            yield self.signed_in(below)
            self.stops("village")

    def passed_on(self) -> Iterator[Step]:
        """Taken on by a body that then finds another one right, and sees to it that it gets it (首接负责制)."""
        office = self.county.office(self.plan.wrong)
        yield self.assigned(office)
        yield self.signed_in(office)
        self.wait(0.5, 5)
        right = self.county.office(self.plan.unit)
        reason = self.plan.story.wrong_reason or NOT_OURS
        yield self.step("transfer", self.worker, unit=right.body.id, reason=self.tell(reason))
        yield self.signed_in(right)

    def assigned(self, office: Office, assisting: tuple[str, ...] = ()) -> Step:
        """Given to a body; the first time makes the promise."""
        if self.promised is None:
            self.promised = due_of(limit_on(self.limit, self.now), self.now).at
        others = tuple(self.county.office(code).body.id for code in assisting)
        return self.step("assign", self.agent, unit=office.body.id, limit=self.limit, assisting=others)

    def signed_in(self, office: Office) -> Step:
        """Taken on by one of the body's officers."""
        self.wait_for_sign_in()
        self.worker, self.joined = self.rng.choice(office.handlers), office.body.code
        return self.step("sign_in", self.worker)

    def work(self) -> Iterator[Step]:
        """What happens between taking on and the answer."""
        plan, story = self.plan, self.plan.story
        if plan.handed_over:
            self.wait(1, 6)
            others = [h for h in self.county.office(plan.unit).handlers if h != self.worker]
            if others:
                yield self.step("hand_over", self.worker, account=others[0].account)
                self.worker = others[0]
        for code in story.assist:
            self.wait(1, 10)
            yield self.step("feed_back", self.rng.choice(self.county.office(code).handlers), text=self.told_by(code))
        if plan.asked and story.question:
            self.wait(1, 6)
            began, paused = self.now, plan.paused and self.in_time() and plan.opening.requester is not None
            asking = {"reason" if paused else "question": self.tell(story.question)}
            yield self.step("pause" if paused else "ask", self.worker, **asking)
            self.stops("ask")
            self.wait_at_home(1, 26)
            yield self.step("reply", self.asker(), text=self.tell(story.reply))
            if paused and self.promised is not None:
                measure = Unit(limit_on("pause", began).unit)
                self.promised = calendar_now().shifted(self.promised, began, self.now, measure)
        if plan.met:
            yield from self.meeting()

    def meeting(self) -> Iterator[Step]:
        """What no body can solve alone is brought before the joint meeting, which says who leads until when."""
        self.wait(20, 40)
        yield self.step("raise", self.agent, kind=JOINT)
        office = self.county.office(self.plan.unit)
        secretary = self.county.secretary(self.plan.desk)
        held = self.county.joint_meeting(self.plan.desk, self.now)
        self.now = held.starts_at + timedelta(minutes=self.rng.randint(10, 90))
        day = calendar_now().day_of(self.now + timedelta(days=self.rng.randint(18, 30)))
        text = f"由{office.body.name.zh}牵头，各协办单位按会上商定的分工同步办理，逐件销号。"
        decision = Decision("assigned", text, office.body.id, (), day)
        yield self.step("decide", secretary, meeting=held.pk, decision=decision)
        yield self.signed_in(office)
        self.promised = calendar_now().begins(day)

    def more_time(self) -> Iterator[Step]:
        """A unit that sees that it will be late asks in time; now and then it is told to hurry instead."""
        left = self.left()
        self.wait(left * 0.4, left * 0.7)
        if not self.in_time() or self.promised is None:
            return
        amount, unit = self.rng.randint(2, 5), Unit(limit_on("extension", self.now).unit)
        yield self.step("extend", self.worker, amount=amount, reason=self.tell(MORE_TIME))
        self.stops("extend")
        self.wait(0.2, 2)
        if not self.in_time():
            return
        if self.rng.random() < 0.8:
            yield self.step("grant", self.agent)
            self.promised = calendar_now().due(self.promised, amount, unit, CountFrom.NEXT_DAY).at
        else:
            yield self.step("refuse", self.agent, reason=self.tell(NO_MORE_TIME))

    def rejoin(self, case: int, step: Step) -> None:
        """A meeting may have given the case to its unit anew: then the officer takes it on again first."""
        if not self.joined or step.by != self.worker or step.do == "sign_in":
            return
        unit = self.county.office(self.joined).body.id
        if Case.objects.filter(pk=case, state="assigned", lead=unit).exists():
            actions.sign_in(case=case, by=self.worker, at=step.at)

    def told_by(self, code: str) -> str:
        """What an assisting body reports back."""
        return self.tell(self.plan.story.assist_texts.get(code) or self.plan.story.assist_text)

    def answer(self) -> Iterator[Step]:
        """Written, reviewed by another (perhaps sent back once), sent."""
        plan, story = self.plan, self.plan.story
        if plan.extended and not plan.met:  # a meeting's day is moved by a meeting only
            yield from self.more_time()
        left = self.left()
        hours = max(0.3, left * plan.pace)
        self.wait(hours * 0.75, hours)
        review = min(4.0, max(0.4, left * 0.12))
        reviewer = self.county.office(plan.through or plan.unit).reviewers[0]
        for turn in range(2 if plan.rejected else 1):
            yield self.answered(self.tell(story.answer))
            self.stops("answer")
            self.wait(0.3, review)
            if plan.rejected and not turn:
                yield self.step("reject", reviewer, reason=self.tell(story.reject))
                self.wait(0.3, review)
        yield self.step("approve", reviewer)
        self.stops("approve")
        self.wait(0.1, 2)
        yield self.step("send", self.agent if self.rng.random() < 0.6 else reviewer)
        self.stops("send")

    def answered(self, told: str, begins: str = "") -> Step:
        """The answer with what came of it; what is left undone has words of its own in the place of the story's."""
        plan = self.plan
        came = ending(plan.story, plan.undone, plan.teller, plan.opened_at, self.now)
        given: dict[str, Any] = {"text": begins + (came.answer or told), "outcome": came.outcome}
        if plan.parts:
            given |= each_answered(plan.parts, plan.teller, self.now)
        if plan.sends and not begins:
            given["files"] = [paper.result() for paper in plan.sends]
        return self.step("answer", self.worker, **given)

    def after(self) -> Iterator[Step]:
        """Rated or not, and closed."""
        plan = self.plan
        if plan.rates is not None:
            self.wait_at_home(0.3, 60)
            by = ASKER if plan.without_account else self.asker()
            yield self.step("rate", by, grade=plan.rates, comment=self.rng.choice(COMMENTS[plan.rates]))
            if plan.rates not in SATISFIED:
                yield from self.again()
        self.wait(2, 14)
        yield self.step("close", self.agent)

    def again(self) -> Iterator[Step]:
        """Who was not content gets a second answer, from the same unit."""
        self.wait(0.3, 2)
        yield self.signed_in(self.county.office(self.plan.unit))
        self.wait(2, 10)
        reviewer = self.county.office(self.plan.through or self.plan.unit).reviewers[0]
        begins, told = self.tell(AGAIN), self.tell(self.plan.story.answer)
        yield self.answered(told, begins)
        self.wait(0.3, 2)
        yield self.step("approve", reviewer)
        self.wait(0.1, 1)
        yield self.step("send", self.agent)

    def asker(self) -> Actor:
        """Who asked: with his account, or with the code that he was told on the phone."""
        return self.plan.opener if self.plan.opener.role is None else ASKER
