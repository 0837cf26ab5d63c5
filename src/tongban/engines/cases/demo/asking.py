"""Who asks, for whom, and on which way his request comes in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import accumulate
from random import Random

from tongban.core.calendar.queries import calendar_now
from tongban.core.ledger.actor import Actor
from tongban.core.registry.models import Firm, Person
from tongban.core.registry.queries import Place
from tongban.engines.cases.demo.county import Clerk, DemoCounty


@dataclass(frozen=True, slots=True)
class Asking:
    """One asker. ``opener`` None: an agent of the desk enters it, on the phone or at the counter."""

    town: Place
    requester: Person
    channel: str
    opener: Actor | None
    firm: Firm | None = None
    beneficiary: Person | None = None
    cosigners: tuple[Person, ...] = ()
    pin: bool = False


Asks = Callable[[DemoCounty, Random, datetime], Asking]


def manned(moment: datetime) -> bool:
    """Whether somebody sits at the desk and takes calls."""
    calendar = calendar_now()
    minute = calendar.local(moment).hour * 60 + calendar.local(moment).minute
    return calendar.is_working(calendar.day_of(moment)) and 8 * 60 + 30 <= minute < 17 * 60 + 30


def firm_asks(county: DemoCounty, rng: Random, moment: datetime) -> Asking:
    """A firm's clerk who has an account; some firms ask often."""
    return _clerk_asks(county, county.clerks, rng, moment)


def any_firm_asks(county: DemoCounty, rng: Random, moment: datetime) -> Asking:
    """A firm's clerk, with or without an account."""
    return _clerk_asks(county, [*county.clerks, *county.strangers], rng, moment)


def _clerk_asks(county: DemoCounty, clerks: Sequence[Clerk], rng: Random, moment: datetime) -> Asking:
    clerk = rng.choices(clerks, cum_weights=_often(len(clerks)))[0]
    channels, weights = ("web", "code", "phone"), (50, 19, 31 if manned(moment) else 0)
    channel = rng.choices(channels, weights)[0]
    return Asking(
        town=county.known.places[clerk.firm.area_id],
        requester=clerk.person,
        channel=channel,
        opener=None if channel == "phone" else clerk.actor,
        firm=clerk.firm,
    )


@lru_cache(maxsize=4)
def _often(clerks: int) -> list[float]:
    """How often each of so many asks, summed up."""
    return list(accumulate(1 / (1 + n % 9) for n in range(clerks)))


def resident_asks(county: DemoCounty, rng: Random, moment: datetime) -> Asking:
    """A resident, by himself or through the desk; now and then for a parent or with neighbours."""
    channel = rng.choices(("web", "phone", "desk"), (52, 38, 10) if manned(moment) else (1, 0, 0))[0]
    people = [person for person, _ in county.residents]
    requester, opener = rng.choice(county.residents)
    if channel != "web" and county.callers and rng.random() < 0.6:
        requester = rng.choice(county.callers)
    others = [p for p in people if p.pk != requester.pk]
    return Asking(
        town=county.town(),
        requester=requester,
        channel=channel,
        opener=opener if channel == "web" else None,
        beneficiary=rng.choice(others) if rng.random() < 0.04 else None,
        cosigners=tuple(rng.sample(others, min(len(others), rng.randint(2, 4)))) if rng.random() < 0.06 else (),
        pin=channel == "web" and rng.random() < 0.7,
    )
