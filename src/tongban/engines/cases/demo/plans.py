"""What will happen to whom: plans drawn from a seed number, unevenly as in life."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random

from tongban.core.calendar.logic import Unit
from tongban.core.calendar.queries import calendar_now
from tongban.core.registry.demo import roads
from tongban.core.registry.queries import Place
from tongban.engines.cases.actions import Opening
from tongban.engines.cases.demo.asking import Asking, Asks
from tongban.engines.cases.demo.county import DemoCounty
from tongban.engines.cases.demo.pace import OFFICE_DAY
from tongban.engines.cases.demo.plan import Plan
from tongban.engines.cases.demo.stories import Book, Story, Teller

# How much of its time a body uses; the others 1.
_SLOW = {"b-housing": 1.25, "b-land": 1.35, "b-enforcement": 1.15, "b-finance": 1.1, "town-330482101": 1.3}
_QUICK = {"b-tax": 0.4, "b-market": 0.7, "b-power": 0.75, "b-labour": 0.8, "town-330482102": 0.7}
# Who is given what nobody is sure of.
_EASILY_WRONG = ("b-development", "b-industry", "b-commerce", "b-housing", "b-market")
_ENDINGS = {"answer": 0.88, "decline": 0.05, "refer": 0.03, "withdraw": 0.04}
# What waits today: after which move, opened how many working days ago, how many of 150.
_WAITING: tuple[tuple[str, float, float, int], ...] = (
    ("open", 0.0, 0.25, 4),
    ("accept", 0.08, 0.28, 4),
    ("assign", 0.2, 0.6, 4),
    ("sign_in", 1.2, 3.5, 4),
    ("sign_in", 4.7, 5.3, 4),  # ordinary matters among them fall due about now
    ("sign_in", 8.0, 16.0, 3),  # overdue, most of them
    ("pass_down", 1.8, 2.4, 2),
    ("village", 2.4, 4.0, 2),
    ("ask", 2.0, 3.5, 5),
    ("extend", 3.6, 4.2, 2),
    ("answer", 2.9, 4.4, 3),
    ("approve", 3.2, 4.8, 3),
    ("send", 3.5, 8.0, 4),
)


@dataclass(frozen=True, slots=True)
class Habits:
    """How often, as a share of cases, what does not go straight happens."""

    late: float = 0.05
    tardy: float = 0.1
    returned: float = 0.04
    misgiven: float = 0.5  # returned, of those whose story says whom it is easily given to by mistake
    passed_on: float = 0.3  # of those: taken on all the same, and passed on to the right body
    asked: float = 0.5
    paused: float = 0.6  # of those asked for more: nothing is counted until they have replied
    extended: float = 0.4  # of those that would be late: more time is asked for
    rejected: float = 0.09
    handed_over: float = 0.08
    hard: float = 0.04
    rated: float = 0.62
    titled: float = 1.0  # the others give no title: the desk shows the first words of their text


@dataclass(slots=True)
class Drawing:
    """Draws the plans of one programme's cases. ``hours`` weighs the hours at which its people write."""

    county: DemoCounty
    programme: str
    kind: str
    desk: str
    book: Book
    asks: Asks
    hours: Mapping[int, float]
    weekend: float
    habits: Habits = Habits()
    rng: Random = field(init=False)
    _used: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.rng = Random(f"{self.county.seed}/{self.programme}")  # noqa: S311 - invents a past, guards nothing

    def plans(self, number: int) -> Iterator[Plan]:
        """Plans for ``number`` cases (times the county's size), what waits today among them."""
        number = max(12, round(number * self.county.size))
        share = number / 150
        waiting = [
            (stop, low, high) for stop, low, high, often in _WAITING for _ in range(max(1, round(often * share)))
        ]
        for stop, low, high in waiting:
            if (plan := self._waiting(stop, low, high)) is not None:
                yield plan
        for _ in range(number - len(waiting)):
            yield self._plan(self._moment())

    # -- one case ------------------------------------------------------------------------------------------------

    def _plan(self, moment: datetime) -> Plan:
        ending = self.rng.choices(list(_ENDINGS), list(_ENDINGS.values()))[0]
        return self.told(self._story(ending), ending, moment)

    def _waiting(self, stop: str, low: float, high: float) -> Plan | None:
        """A case that has come to ``stop`` and waits there."""
        fits = [s for s in self.book.stories if s.ending == "answer" and (stop != "ask" or s.question)]
        if stop in ("pass_down", "village"):
            fits = [s for s in fits if s.unit == "village"]
        if not fits:
            return None
        moment = self.ago(self.rng.uniform(low, high))
        return self.told(self._chosen(fits), "answer", moment, stop=stop)

    def _story(self, ending: str) -> Story:
        return self._chosen([s for s in self.book.stories if s.ending == ending])

    def _chosen(self, fits: list[Story]) -> Story:
        """One of ``fits``; what has been told often waits."""
        story = self.rng.choices(fits, [s.weight / (1 + self._used[s.title]) for s in fits])[0]
        self._used[story.title] += 1
        return story

    def told(self, story: Story, ending: str, moment: datetime, stop: str = "") -> Plan:
        """What will happen to one case that begins at ``moment`` and whose matter is ``story``'s."""
        asking = self.asks(self.county, self.rng, moment)
        village = self.county.village(asking.town)
        teller = Teller(self.rng, self._known(asking, village))
        story = _at_home(story, asking.town)
        unit, through = _units(story, asking.town, village)
        wrong = story.wrong or self.rng.choice([code for code in _EASILY_WRONG if code != unit])
        for code in (unit, through, wrong, *story.assist):
            if code:  # hired before the first request comes in
                self.county.office(code)
        draw, habits = self.rng.random, self.habits
        late = draw() < habits.late * _SLOW.get(unit, 1.0) ** 3
        pace = self.rng.uniform(1.05, 1.7) if late else max(0.12, self.rng.gauss(0.48, 0.2))
        pace = 0.12 if stop else pace * _SLOW.get(unit, 1.0) * _QUICK.get(unit, 1.0)
        returned = int(draw() < (habits.misgiven if story.wrong else habits.returned)) if not stop else 0
        if returned and draw() < 0.2:
            returned = 2
        passes = (
            returned == 1 and not (through or story.assist) and bool(habits.passed_on) and draw() < habits.passed_on
        )
        return Plan(
            story=story,
            teller=teller,
            opening=self._opening(story, asking, village, teller, moment),
            opener=asking.opener or self.rng.choice(self.county.desk(self.desk)),
            opened_at=moment,
            desk=self.desk,
            unit=unit,
            wrong=wrong,
            through=through,
            pace=pace,
            tardy=habits.tardy,
            ending=ending,
            returned=0 if passes else returned,
            passed_on=passes,
            asked=stop == "ask" or bool(story.question and not stop and draw() < habits.asked),
            paused=draw() < habits.paused,
            extended=stop == "extend" or (not stop and draw() < (habits.extended if late else habits.extended / 12)),
            rejected=not stop and draw() < habits.rejected,
            handed_over=not stop and not through and draw() < habits.handed_over,
            hard=story.category not in ("tax", "social") and draw() < habits.hard,
            rates=self._grade(pace, returned) if draw() < habits.rated else None,
            stop=stop,
            without_account=draw() < 0.5,
            titled=draw() < habits.titled,
            undone=self.book.undone,
        )

    def _opening(self, story: Story, asking: Asking, village: Place, teller: Teller, moment: datetime) -> Opening:
        about = {"": None, "town": f"town-{asking.town.code}"}.get(story.about, story.about)
        longitude = latitude = None
        if asking.pin and village.longitude is not None and village.latitude is not None:
            longitude = round(village.longitude + self.rng.uniform(-0.006, 0.006), 5)
            latitude = round(village.latitude + self.rng.uniform(-0.005, 0.005), 5)
        return Opening(
            programme=self.programme,
            kind=self.kind,
            body=story.body,
            area=asking.town.id if asking.firm else village.id,
            category=story.category,
            channel=asking.channel,
            requester=asking.requester,
            beneficiary=asking.beneficiary,
            cosigners=asking.cosigners,
            firm=asking.firm,
            confidential=self.rng.random() < (0.8 if story.confidential else 0.02),
            about=self.county.known.body_codes[about].id if about else None,
            address=f"{asking.town.name.zh}{village.name.zh}" if not asking.firm else "",
            longitude=longitude,
            latitude=latitude,
            facts={code: teller.tell(f"{{{span}}}", moment) for code, span in story.facts.items()},
        )

    def _known(self, asking: Asking, village: Place) -> dict[str, str]:
        town = asking.town.name.zh
        return {
            **self.book.words(asking.firm.name_zh if asking.firm else ""),
            "road": self.rng.choice(list(roads())),
            "village": village.name.zh,
            "town": town,
            "here": "镇里" if town.endswith("镇") else "街道",
        }

    def _grade(self, pace: float, returned: int) -> int:
        weights = [3, 4, 11, 25, 57] if pace < 0.9 and not returned else [10, 16, 24, 28, 22]
        return self.rng.choices((1, 2, 3, 4, 5), weights)[0]

    def ago(self, days: float) -> datetime:
        """The moment from which so many working days have passed."""
        calendar, low, high = calendar_now(), self.county.begin, self.county.at
        while high - low > timedelta(minutes=1):
            middle = low + (high - low) / 2
            past = calendar.elapsed(middle, self.county.at, Unit.WORKING_HOURS)
            low, high = (middle, high) if past > days * OFFICE_DAY else (low, middle)
        return high - timedelta(seconds=self.rng.randint(1, 900))

    def _moment(self) -> datetime:
        """When somebody writes: less at weekends and in the first weeks, at the hours of his kind."""
        calendar, county = calendar_now(), self.county
        while True:
            share = 1 - self.rng.random() ** 0.95  # the service is getting known
            day = calendar.day_of(county.begin + timedelta(days=3) + (county.at - county.begin) * share)
            if not calendar.is_working(day) and self.rng.random() > self.weekend:
                continue
            hour = self.rng.choices(list(self.hours), list(self.hours.values()))[0]
            moment = calendar.begins(day) + timedelta(hours=hour, seconds=self.rng.randint(0, 3599))
            if county.begin < moment < county.at:
                return moment


def _at_home(story: Story, town: Place) -> Story:
    """The story with the asker's own town's office where any town's is meant."""
    if "town" not in story.assist:
        return story
    office = f"town-{town.code}"
    texts = {office if code == "town" else code: text for code, text in story.assist_texts.items()}
    return replace(story, assist=tuple(office if code == "town" else code for code in story.assist), assist_texts=texts)


def _units(story: Story, town: Place, village: Place) -> tuple[str, str]:
    """The body that leads in the end, and the town's office that passes the case down to it, if one does."""
    office = f"town-{town.code}"
    if story.unit == "village":
        return f"village-{village.code}", office
    return (office if story.unit == "town" else story.unit), ""
