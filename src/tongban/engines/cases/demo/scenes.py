"""Scenes in which several cases meet or one goes an uncommon way, told by the book and played through the actions.

``merge`` (two ask the same, and one case goes on as the other), ``unmerge`` (it was another matter after all), ``split``
(two matters told in one call), ``under`` (matters of one cause under the first of them), ``questions`` (several in one
request), ``neighbours`` (others follow an open matter) and ``shown`` (published with a picture in which a part is blurred).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from tongban.core.calendar.logic import CountFrom, Unit
from tongban.core.calendar.queries import calendar_now
from tongban.core.ledger.actor import Actor
from tongban.core.refusals import Refused
from tongban.engines.cases import actions
from tongban.engines.cases.actions import Matter, Opening
from tongban.engines.cases.bulk import Step
from tongban.engines.cases.demo.drawings import DRAWINGS
from tongban.engines.cases.demo.life import Opens, live
from tongban.engines.cases.demo.papers import Papers, known_by
from tongban.engines.cases.demo.plan import Plan
from tongban.engines.cases.demo.plans import Drawing
from tongban.engines.cases.demo.publishing import publish_with
from tongban.engines.cases.demo.stories import Other, Scene, Teller
from tongban.engines.cases.models import Attachment, Case, Question

#: Cases of all scenes of a book, played once: so many fewer are drawn.
CASES = 14
_TURNS = 2  # how often a county of the usual size plays each
_APART = 2.3  # working days between the turns of a scene that is over
_CONTENT = (3, 4, 5)


class Scenes:
    """The scenes of one programme, each on its county's timeline."""

    def __init__(self, drawing: Drawing, papers: Papers) -> None:
        self.drawing, self.papers = drawing, papers
        self.county, self.rng = drawing.county, drawing.rng

    def begin(self) -> None:
        """Let each scene take its place, as often as the county is large."""
        for turn in range(_TURNS if self.county.size >= 1 else 1):
            for scene in self.drawing.book.scenes:
                getattr(self, f"_{scene.plays}")(scene, self._plan(scene, turn))

    def _plan(self, scene: Scene, turn: int) -> Plan:
        """The scene's first case, which goes straight."""
        moment = self.drawing.ago(scene.days + (turn * _APART if not scene.stop else turn * 0.07))
        plan = self.drawing.told(scene, "answer", moment, stop=scene.stop)
        return self.papers.given(_straight(plan, self.rng.choice(_CONTENT)))

    def _live(self, plan: Plan, opens: Opens | None = None) -> None:
        self.county.timeline.add(live(self.county, plan, opens))

    # -- the scenes ----------------------------------------------------------------------------------------------

    def _merge(self, scene: Scene, first: Plan, *, undone: bool = False) -> None:
        keys: list[int] = []
        self._live(first, _noting(keys, first))
        for number, other in enumerate(scene.others):
            second = self._another(first, other, hours=3 + 2 * number)
            self.county.timeline.add(self._twice(second, keys, undone=undone))

    def _unmerge(self, scene: Scene, first: Plan) -> None:
        self._merge(scene, first, undone=True)

    def _twice(self, plan: Plan, keys: list[int], *, undone: bool) -> Iterator[datetime]:
        """Somebody asks what was asked already; an agent sees it, and perhaps a day later that it is not the same."""
        agent = self.rng.choice(self.county.desk(plan.desk))
        yield plan.opened_at
        case = actions.open_case(
            replace(plan.opening, body=plan.teller.tell(plan.story.body, plan.opened_at),
                    title=plan.teller.tell(plan.story.title, plan.opened_at)), by=plan.opener, at=plan.opened_at,
        )  # fmt: skip
        at = _later(plan.opened_at, 0.6)
        yield at
        actions.merge(case=case.pk, into=keys[0], by=agent, at=at)
        if not undone:
            return
        at = _later(at, 4)
        yield at
        try:
            actions.unmerge(case=case.pk, by=agent, at=at)
        except Refused:  # somebody has built on it meanwhile: then it stays merged
            return
        yield from live(self.county, replace(plan, opened_at=at + timedelta(minutes=1), brings=()), lambda *_: case)

    def _split(self, scene: Scene, first: Plan) -> None:
        agent = self.rng.choice(self.county.desk(first.desk))
        first = replace(first, opening=replace(first.opening, channel="phone"), opener=agent, brings=())
        apart = [self._of_its_own(first, other) for other in scene.others]
        children: list[int] = []

        def opens(opening: Opening, at: datetime) -> Case:
            case = actions.open_case(opening, by=agent, at=at)
            told = [Matter(plan.teller.tell(plan.story.body, at), plan.story.category) for plan in apart]
            children.extend(actions.split(case=case.pk, matters=told, by=agent, at=at + timedelta(minutes=2)))
            return Case.objects.get(pk=case.pk)

        self._live(first, opens)
        for number, plan in enumerate(apart):
            later = replace(plan, opened_at=first.opened_at + timedelta(minutes=3 + number))
            self._live(later, _known(children, number))

    def _under(self, scene: Scene, first: Plan) -> None:
        keys: list[int] = []
        self._live(first, _noting(keys, first))

        def put_under(case: Case, step: Step) -> None:
            actions.put_under(case=case.pk, parent=keys[0], by=step.by, at=step.at + timedelta(minutes=1))

        for number, other in enumerate(scene.others):
            second = self._another(first, other, hours=1 + 1.5 * number)
            self._live(replace(second, then={"accept": put_under}))

    def _questions(self, scene: Scene, first: Plan) -> None:
        asked = [first.teller.tell(part.question, first.opened_at) for part in scene.parts]

        def number(case: Case, step: Step) -> None:
            if not Question.objects.filter(case=case).exists():  # when it is done again they are known
                at = step.at + timedelta(minutes=1)
                actions.number_questions(case=case.pk, questions=asked, by=step.by, at=at)

        self._live(replace(first, parts=scene.parts, then={"sign_in": number}))

    def _neighbours(self, scene: Scene, first: Plan) -> None:
        keys: list[int] = []
        title = first.teller.tell(scene.public, first.opened_at)

        def open_up(case: Case, step: Step) -> None:
            actions.open_up(case=case.pk, title=title, by=step.by, at=step.at + timedelta(seconds=40))

        self._live(replace(first, then={"accept": open_up}), _noting(keys, first))
        self.county.timeline.add(self._joining(first, keys))

    def _joining(self, plan: Plan, keys: list[int]) -> Iterator[datetime]:
        """Some of those with an account find it, one after another."""
        known = [actor for person, actor in self.county.residents] or [clerk.actor for clerk in self.county.clerks]
        people = [actor for actor in known if actor != plan.opener]
        at = _later(plan.opened_at, 2)
        for by in self.rng.sample(people, min(len(people), self.rng.randint(3, 6))):
            yield at
            with suppress(Refused):  # it was his own, told on the phone
                actions.join(case=keys[0], by=by, at=at)
            at += timedelta(hours=self.rng.uniform(0.3, 2.5))

    def _shown(self, scene: Scene, first: Plan) -> None:
        writer, reader = self.rng.sample(self.county.desk(first.desk), 2)

        def publish(case: Case, step: Step) -> None:
            row = Case.objects.select_related("requester", "firm").get(pk=case.pk)
            files = Attachment.objects.filter(case=row, came_with="open").order_by("pk")
            shown = [(file.pk, DRAWINGS[known_by(file.name)].hidden) for file in files if file.small]
            publish_with(row, shown, writer, reader, step.at + timedelta(minutes=20))

        self._live(replace(first, then={"close": publish}))

    # -- who else ------------------------------------------------------------------------------------------------

    def _another(self, first: Plan, other: Other, *, hours: float) -> Plan:
        """Somebody else who tells of it some working hours later."""
        moment = _later(first.opened_at, hours)
        asking = self.drawing.asks(self.county, self.rng, moment)
        while asking.requester == first.opening.requester:
            asking = self.drawing.asks(self.county, self.rng, moment)
        plan = self._of_its_own(first, other)
        opening = replace(
            plan.opening, requester=asking.requester, firm=asking.firm, channel=asking.channel,
            longitude=None, latitude=None,
        )  # fmt: skip
        opener = asking.opener or self.rng.choice(self.county.desk(first.desk))
        return replace(plan, opening=opening, opener=opener, opened_at=moment)

    def _of_its_own(self, first: Plan, other: Other) -> Plan:
        """A case beside the first one, about what ``other`` says, in the same place."""
        story = replace(
            first.story, body=other.body, title=other.title or first.story.title, answer=other.answer or first.story.answer,
            category=other.category or first.story.category, assist=() if other.unit else first.story.assist,
        )  # fmt: skip
        unit, through = (other.unit, "") if other.unit else (first.unit, first.through)
        self.county.office(unit)
        teller = Teller(self.rng, dict(first.teller.known))
        opening = replace(first.opening, category=story.category)
        return replace(
            first, story=story, teller=teller, opening=opening, unit=unit, through=through, brings=(), sends=()
        )


def _straight(plan: Plan, grade: int) -> Plan:
    """The plan without what would lead away from its scene."""
    opening = replace(plan.opening, confidential=False, beneficiary=None, cosigners=())
    return replace(
        plan, opening=opening, pace=0.55 if not plan.stop else plan.pace, returned=0, asked=plan.stop == "ask", hard=False,
        paused=False, extended=False, rejected=False, handed_over=False, undone=(), rates=grade, tardy=0.0,
    )  # fmt: skip


def _noting(keys: list[int], plan: Plan) -> Opens:
    """The usual way in, which notes under which key it came in."""

    def opens(opening: Opening, at: datetime) -> Case:
        by: Actor = plan.opener
        case = actions.open_case(opening, by=by, at=at)
        keys.append(case.pk)
        return case

    return opens


def _known(keys: list[int], number: int) -> Opens:
    """The way in of a case that is there already when its life begins."""

    def opens(_opening: Opening, _at: datetime) -> Case:
        return Case.objects.get(pk=keys[number])

    return opens


def _later(moment: datetime, hours: float) -> datetime:
    return calendar_now().due(moment, hours, Unit.WORKING_HOURS, CountFrom.MOMENT).at
