"""A county of the bench's own: all of Pinghu's areas and bodies, officers in each, people and firms, and their past."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import TypeVar

from django.core.management import call_command

from tongban.cli.bench.texts import Texts
from tongban.core import vault
from tongban.core.access.actions import create_account, give_role
from tongban.core.access.viewer import AGENT, HANDLER, REVIEWER, SUPERVISOR
from tongban.core.calendar import seed as calendar
from tongban.core.ledger.actor import COMMAND, Actor, Precision
from tongban.core.registry import seed as registry
from tongban.core.registry.demo import Names
from tongban.core.registry.many import register_firms, register_people
from tongban.core.registry.models import Area, Firm, Person
from tongban.core.registry.queries import Body, directory
from tongban.engines.cases import seed as cases
from tongban.engines.cases.actions import Opening
from tongban.engines.cases.bulk import History, Step
from tongban.engines.cases.declare import SATISFIED
from tongban.engines.cases.outcome import DONE
from tongban.engines.cases.types import types

T = TypeVar("T")
NOW = datetime(2026, 11, 18, 2, 0, tzinfo=UTC)  # a Wednesday morning in the county
YEARS = 3
# So many cases for each person who asks.
_CASES_EACH, _MOST_PEOPLE = 10, 100_000
_HANDLERS = {"bureau": 3, "town": 3, "village": 1, "station": 1}
_ASKER = Actor(system="asker")
_IMPORT = Actor(system="import")


@dataclass(frozen=True, slots=True)
class Office:
    """A body with those who work in it."""

    body: Body
    handlers: tuple[Actor, ...]
    reviewers: tuple[Actor, ...]


@dataclass(frozen=True, slots=True)
class County:
    """Who is there."""

    desks: dict[str, tuple[Actor, ...]]  # programme → agents
    offices: tuple[Office, ...]
    villages: dict[int, tuple[Office, ...]]  # town's body → the committees below it
    supervisor: Actor
    people: list[Person]
    firms: list[Firm]

    def village(self) -> Office:
        """A village's committee: the narrowest view that an officer can have."""
        return next(iter(self.villages.values()))[0]


def build(cases: int) -> County:
    """Officers, people and firms for so many cases (areas, bodies, calendar and limits stand already)."""
    number = min(_MOST_PEOPLE, max(50, cases // _CASES_EACH))
    known, begin = directory(), NOW - timedelta(days=365 * YEARS + 30)
    bodies = [b for b in known.bodies.values() if b.kind in _HANDLERS]
    offices = {b.id: _office(b, begin) for b in bodies}
    villages: dict[int, list[Office]] = {}
    for one in bodies:
        if one.kind == "village" and one.parent is not None:
            villages.setdefault(one.parent, []).append(offices[one.id])
    desks = {}
    for programme, code in {p: t.desk for (p, _), t in types().items()}.items():
        desk = known.body_codes[code]
        desks[programme] = tuple(_officer(f"agent-{desk.id}-{i}", desk, AGENT, begin) for i in range(4))
    county = next(b for b in bodies if known.places[b.area].level == "county")
    names, towns = Names.of(1), list(Area.objects.filter(level="town"))
    people = (
        (names.rng.choice("沈陆俞钱王张陈") + names.rng.choice("强芳敏静磊"), names.phone(), None)
        for _ in range(number)
    )
    firms = ((f"平湖{i}号机械厂（化名）", names.credit_code(), names.rng.choice(towns), "") for i in range(number // 7))
    return County(
        desks=desks,
        offices=tuple(o for o in offices.values() if o.body.kind != "village"),
        villages={k: tuple(v) for k, v in villages.items()},
        supervisor=_officer("supervisor", county, SUPERVISOR, begin),
        people=register_people(people, by=COMMAND, at=begin),
        firms=register_firms(firms, by=COMMAND, at=begin),
    )


def _office(body: Body, at: datetime) -> Office:
    handlers = tuple(_officer(f"handler-{body.id}-{i}", body, HANDLER, at) for i in range(_HANDLERS[body.kind]))
    return Office(body, handlers, (_officer(f"reviewer-{body.id}", body, REVIEWER, at),))


def _officer(username: str, body: Body, office: str, at: datetime) -> Actor:
    account, _ = create_account(username=username, name=username, by=COMMAND, at=at, password="bench")  # noqa: S106
    role = give_role(account=account.pk, code=office, organisation=body.id, by=COMMAND, at=at)
    return Actor(account.pk, role.pk)


class Past:
    """Draws what has happened in the county: the same for the same seed."""

    def __init__(self, county: County, seed: int = 1) -> None:
        self.county, self.rng = county, Random(seed)  # noqa: S311 - invents a past, guards nothing
        known = directory()
        self.places = [p.id for p in known.places.values() if p.level == "village"]
        self.texts = Texts(self.rng, [p.name.zh for p in known.places.values() if p.level == "village"])
        self.kinds = {p: [c.code for c in t.categories] for (p, _), t in types().items()}
        self.programmes = sorted(self.kinds)
        self.serial = seed * 10_000_000

    def openings(self, number: int) -> Iterator[History]:
        """Requests as they arrive now, with nothing done yet."""
        for _ in range(number):
            yield History(self.opening(), _ASKER, NOW)

    def recorded(self, number: int) -> Iterator[History]:
        """Requests with the final answer that another system had given, as an import brings them."""
        for _ in range(number):
            asked = NOW - timedelta(days=int(self.rng.random() * 900) + 3)
            yield self._recorded(asked)

    def lives(self, number: int) -> Iterator[History]:
        """Requests of the last weeks that have gone every way there is."""
        ends = ("close", "rate", "decline", "refer", "open")
        for i in range(number):
            yield self._walked(NOW - timedelta(days=40 if i % 2 else 6), ends[i % len(ends)])

    def stories(self, number: int) -> Iterator[History]:
        """Requests with all that became of them, from accepting to closing."""
        for _ in range(number):
            yield self._walked(NOW - timedelta(days=40), "close")

    def years(self, number: int) -> Iterator[History]:
        """Three years of requests, oldest first; those of the last days are under way.

        Of the others more than half came from an earlier platform with their answers, a quarter went the whole way from
        accepting to rating or closing, and a fifth was declined or referred outside.
        """
        step = timedelta(days=365 * YEARS) / number
        for i in range(number):
            at = NOW - step * (number - i)
            drawn = self.rng.random()
            if NOW - at < timedelta(days=12):
                yield self._walked(at, "open")
            elif drawn < 0.55:
                yield self._recorded(at)
            else:
                ends = ((0.795, "close"), (0.80, "rate"), (0.92, "decline"), (1.0, "refer"))
                yield self._walked(at, next(end for share, end in ends if drawn < share))

    def opening(self, at: datetime | None = None) -> Opening:
        """One request."""
        draw = self.rng.random
        programme = self._pick(self.programmes)
        firm = self._pick(self.county.firms) if programme == "enterprise" or draw() < 0.05 else None
        return Opening(
            programme=programme, kind="request", body=self.texts.request(), area=self._pick(self.places),
            category=self._pick(self.kinds[programme]), channel="web" if draw() < 0.7 else "phone",
            requester=self._pick(self.county.people), firm=firm, confidential=draw() < 0.03, opened_at=at,
        )  # fmt: skip

    def _recorded(self, at: datetime) -> History:
        self.serial += 1
        opening = self.opening(at)
        known_as = {"source": "旧平台", "external_id": str(self.serial), "precision": Precision.MINUTE}
        opening = Opening(**{n: getattr(opening, n) for n in Opening.__slots__} | known_as)
        replied = {
            "text": self.texts.answer(), "replied_at": at + timedelta(days=1 + int(self.rng.random() * 12)),
            "precision": Precision.DAY, "receipt": False,
        }  # fmt: skip
        return History(opening, _IMPORT, at, (Step("record_reply", _IMPORT, at + timedelta(days=14), replied),))

    def _walked(self, at: datetime, end: str) -> History:
        opening = self.opening()
        agent = self._pick(self.county.desks[opening.programme])
        steps = list(self._way(at, end, agent))
        return History(opening, _ASKER, at, tuple(s for s in steps if s.at < NOW))

    def _way(self, at: datetime, end: str, agent: Actor) -> Iterator[Step]:
        draw = self.rng.random
        at += timedelta(hours=draw() * 8)
        if end == "decline":
            yield Step("decline", agent, at, {"reason": "不在受理范围，请向有关单位咨询。"})
            return
        yield Step("accept", agent, at)
        if end == "refer":
            yield Step("refer", agent, at, {"outside": "嘉兴市", "reason": "属上级单位职责。"})
            return
        at += timedelta(hours=draw() * 8)
        office = self._pick(self.county.offices)
        yield Step("assign", agent, at, {"unit": office.body.id})
        at += timedelta(hours=draw() * 10)
        handler, reviewer = self._pick(office.handlers), office.reviewers[0]
        yield Step("sign_in", handler, at)
        below = self.county.villages.get(office.body.id)
        passed_down = below is not None and draw() < 0.7
        if below and passed_down:
            office = self._pick(below)
            at += timedelta(hours=draw() * 8)
            yield Step("assign", handler, at, {"unit": office.body.id})
            at += timedelta(hours=draw() * 20)
            handler = office.handlers[0]
            yield Step("sign_in", handler, at)
        at += timedelta(hours=draw() * 2)
        if not passed_down:  # by then the shortest promise, of one working day, may be over
            yield from self._hindered(at, handler, agent)
        at += timedelta(hours=8 + draw() * 142)
        at += timedelta(hours=draw() * 8)
        yield from self._answered(at, handler, reviewer, agent)
        if end == "rate" or draw() < 0.4:
            at += timedelta(days=draw() * 5, hours=1)
            grade = 1 + int(draw() * 5)
            yield Step("rate", _ASKER, at, {"grade": grade, "comment": "谢谢" if draw() < 0.3 else ""})
            if grade not in SATISFIED:  # then it is done again
                at += timedelta(hours=draw() * 10)
                yield Step("sign_in", handler, at)
                at += timedelta(hours=draw() * 20)
                yield from self._answered(at, handler, reviewer, agent)
        if end != "rate":
            yield Step("close", agent, at + timedelta(days=1))

    def _hindered(self, at: datetime, handler: Actor, agent: Actor) -> Iterator[Step]:
        """What is not simple about one in seven of those in one unit: within seven hours, or going on still."""
        drawn = self.rng.random()
        if drawn < 0.07:
            yield Step("pause", handler, at, {"reason": "请补充门牌号和照片。"})
            yield Step("resume", handler, at + timedelta(hours=self.rng.random() * 7))
        elif drawn < 0.11:
            yield Step("extend", handler, at, {"amount": 3, "reason": "配件还没有到货。"})
            yield Step("grant", agent, at + timedelta(hours=2))
        elif drawn < 0.14:
            yield Step("raise", agent, at, {"kind": "monthly"})

    def _answered(self, at: datetime, handler: Actor, reviewer: Actor, agent: Actor) -> Iterator[Step]:
        yield Step("answer", handler, at, {"text": self.texts.answer(), "outcome": DONE})
        yield Step("approve", reviewer, at)
        yield Step("send", agent, at + timedelta(hours=1))

    def _pick(self, among: Sequence[T]) -> T:
        return among[int(self.rng.random() * len(among))]


def found() -> None:
    """An empty county with its keys, tables and reference data, as ``tongban migrate`` makes it, three years ago."""
    call_command("migrate", verbosity=0, interactive=False)
    vault.ensure_keys()
    begin = NOW - timedelta(days=365 * YEARS + 60)
    for seed in (registry.seed, calendar.seed, cases.seed):
        seed(by=COMMAND, at=begin)
