"""Who asks, for whom, and on which way his request comes in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from tongban.core.ledger.actor import Actor
from tongban.core.registry.models import Firm, Person
from tongban.core.registry.queries import Place
from tongban.engines.cases.demo.county import DemoCounty


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


Asks = Callable[[DemoCounty, Random], Asking]


def firm_asks(county: DemoCounty, rng: Random) -> Asking:
    """A firm's clerk; some firms ask often."""
    clerk = rng.choices(county.clerks, [1 / (1 + n % 9) for n in range(len(county.clerks))])[0]
    channel = rng.choices(("web", "code", "phone"), (60, 22, 18))[0]
    return Asking(
        town=county.known.places[clerk.firm.area_id],
        requester=clerk.person,
        channel=channel,
        opener=None if channel == "phone" else clerk.actor,
        firm=clerk.firm,
    )


def resident_asks(county: DemoCounty, rng: Random) -> Asking:
    """A resident, by himself or through the desk; now and then for a parent or with neighbours."""
    channel = rng.choices(("web", "phone", "desk"), (58, 33, 9))[0]
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
