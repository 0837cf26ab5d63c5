"""A year that is over, told to exact counts: drawn from a seed number, written by the bulk writer through the actions.

The generator is told counts, a curve and stories, and nothing else. What screens then show, they compute.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import accumulate, cycle, islice
from random import Random

from tongban.core.calendar.queries import calendar_now
from tongban.engines.cases.bulk import History, Result, write_histories
from tongban.engines.cases.demo.life import history
from tongban.engines.cases.demo.plan import Plan
from tongban.engines.cases.demo.plans import Drawing
from tongban.engines.cases.demo.stories import Story

_SATISFIED = {5: 71, 4: 24, 3: 5}
_DISSATISFIED = {2: 6, 1: 4}
# How much likelier than others a case that was answered late, or was returned, is rated badly.
_LATE, _RETURNED = 20, 6
_APART = 5  # so many requests in a row are about different matters
# The longest limit was not enough for what several bodies had to solve together.
_HARD_PACE = (1.3, 2.2)
_LOCK = 0.5  # seconds for one transaction: nobody else is there yet who would wait


@dataclass(frozen=True, slots=True)
class Counts:
    """What the year is told to come to: cases accepted, and of these closed, rated, satisfied.

    ``met``: of the closed, those that a joint meeting of bodies solved. What ended without an answer is counted apart.
    """

    year: int
    accepted: int
    closed: int
    rated: int
    satisfied: int
    met: int = 0
    declined: int = 0
    referred: int = 0
    withdrawn: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.satisfied <= self.rated <= self.closed <= self.accepted or self.met > self.closed:
            raise ValueError(f"no year can come to {self}")

    @property
    def usual(self) -> dict[str, int]:
        """How many end in each way, but for those that go a way of their own."""
        return {
            "answer": self.closed - self.met, "decline": self.declined, "refer": self.referred,
            "withdraw": self.withdrawn,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Curve:
    """When people ask: a weight for each month, for days off, and for stretches (first, last) that were unlike others."""

    months: Sequence[float]
    day_off: float
    stretches: Mapping[tuple[date, date], float]
    last: date  # what were asked later could not be answered before the year is over

    def weight(self, day: date) -> float:
        """How often they ask on a day, compared with others."""
        if day > self.last:
            return 0.0
        weight = self.months[day.month - 1] * (1 if calendar_now().is_working(day) else self.day_off)
        for (first, until), share in self.stretches.items():
            weight *= share if first <= day <= until else 1
        return weight


class Year:
    """The histories of one programme in one year. ``drawing`` knows its people and its book of stories."""

    def __init__(self, drawing: Drawing, counts: Counts, curve: Curve) -> None:
        self.drawing, self.counts, self.curve = drawing, counts, curve
        self.rng: Random = drawing.rng
        self._end = calendar_now().begins(date(counts.year + 1, 1, 1))
        self._just_told: deque[Story] = deque(maxlen=_APART)
        self._seasons: dict[tuple[str, int], tuple[list[Story], list[float]]] = {}

    def histories(self) -> Iterator[History]:
        """All of them, in the order in which they were asked."""
        for plan in self._rated(self._plans()):
            yield self._in_time(plan)

    # -- what happens ---------------------------------------------------------------------------------------------

    def _plans(self) -> list[Plan]:
        endings = [ending for ending, n in self.counts.usual.items() for _ in range(n)]
        self.rng.shuffle(endings)
        usual = [(moment, ending, None) for moment, ending in zip(self._moments(len(endings)), endings, strict=True)]
        cases = [
            *usual,
            *self._set("meet", self.counts.met),
            *self._set("stay", self.counts.accepted - self.counts.closed),
        ]
        return [self._plan(*case) for case in sorted(cases, key=lambda case: case[0])]

    def _set(self, ending: str, number: int) -> Iterator[tuple[datetime, str, Story | None]]:
        """Cases whose stories are set, each told once before any is told again."""
        told = [story for story in self.drawing.book.stories if story.ending == ending]
        for story in islice(cycle(told), number):
            yield self._moments(1, story.months)[0], ending, story

    def _plan(self, moment: datetime, ending: str, story: Story | None) -> Plan:
        if story is None:
            return self.drawing.told(self._story(ending, moment), ending, moment)
        plan = self.drawing.told(story, "answer" if ending == "meet" else ending, moment)
        return replace(
            plan,
            titled=True,
            hard=True,
            returned=0,
            asked=True,
            met=ending == "meet",
            pace=self.rng.uniform(*_HARD_PACE),
        )

    def _story(self, ending: str, moment: datetime) -> Story:
        """One of the season's that was not told just now."""
        stories, weights = self._season(ending, calendar_now().day_of(moment).month)
        story = self.rng.choices(stories, cum_weights=weights)[0]
        while story in self._just_told and len(stories) > 2 * _APART:
            story = self.rng.choices(stories, cum_weights=weights)[0]
        self._just_told.append(story)
        return story

    def _season(self, ending: str, month: int) -> tuple[list[Story], list[float]]:
        """What is told in a month, and the sums of the weights."""
        if (ending, month) not in self._seasons:
            all_of_it = [s for s in self.drawing.book.stories if s.ending == ending]
            stories = [s for s in all_of_it if not s.months or month in s.months]
            self._seasons[ending, month] = stories, list(accumulate(s.weight for s in stories))
        return self._seasons[ending, month]

    def _rated(self, plans: list[Plan]) -> list[Plan]:
        """As many rated, and of these satisfied, as was told: the dissatisfied mostly where something went wrong."""
        answered = [n for n, plan in enumerate(plans) if plan.ending == "answer"]
        rated = self.rng.sample(answered, self.counts.rated)
        worst_first = sorted(rated, key=lambda n: self.rng.random() ** (1 / _blame(plans[n])), reverse=True)
        bad = set(worst_first[: self.counts.rated - self.counts.satisfied])
        grades = {n: self._grade(_DISSATISFIED if n in bad else _SATISFIED) for n in rated}
        return [replace(plan, rates=grades.get(n)) for n, plan in enumerate(plans)]

    def _grade(self, among: Mapping[int, int]) -> int:
        return self.rng.choices(list(among), list(among.values()))[0]

    # -- when -----------------------------------------------------------------------------------------------------

    def _moments(self, number: int, months: Sequence[int] = ()) -> list[datetime]:
        """Moments at which so many people ask, perhaps in some months only."""
        first = date(self.counts.year, 1, 1)
        days = [first + timedelta(days=n) for n in range((self.curve.last - first).days + 1)]
        days = [day for day in days if not months or day.month in months]
        drawn = self.rng.choices(days, [self.curve.weight(day) for day in days], k=number)
        hours, often = list(self.drawing.hours), list(self.drawing.hours.values())
        calendar = calendar_now()
        return [
            calendar.begins(day) + timedelta(hours=self.rng.choices(hours, often)[0], seconds=self.rng.randint(0, 3599))
            for day in drawn
        ]

    def _in_time(self, plan: Plan) -> History:
        """Its history; everybody hurries where it would otherwise go on after the year is over."""
        told = history(self.drawing.county, plan)
        while max(told.at, *(step.at for step in told.steps)) >= self._end:
            plan = replace(plan, returned=0, rejected=False, asked=False, pace=plan.pace / 2, haste=plan.haste / 2)
            told = history(self.drawing.county, plan)
        return told


def _blame(plan: Plan) -> float:
    return (_LATE if plan.pace > 1 else 1) * (_RETURNED if plan.returned else 1)


def write_year(histories: Iterator[History], number: int, progress: Callable[[float], None]) -> None:
    """Write what has happened. A history that any action refuses is a mistake of the stories, and stops all."""
    for done, outcome in enumerate(write_histories(histories, quiet=True, lock=_LOCK)):
        if outcome.result is not Result.OPENED:
            raise RuntimeError(f"a history of the demo was {outcome.result} at {outcome.step}: {outcome.refusal}")
        if done % 100 == 0:
            progress(done / number)
    progress(1)
