"""Who may see a case and what waits for him there, from the case's plain facts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tongban.engines.cases.request import QUEUES

_DESK = {"new": "accept", "accepted": "assign", "approved": "send", "answered": "close"}


@dataclass(frozen=True, slots=True)
class Duty:
    """A unit's assignment as far as sight is concerned."""

    unit: int
    lead: bool
    open: bool  # neither ended nor returned
    returned: bool
    answered: bool  # an assisting unit that has reported back


@dataclass(frozen=True, slots=True)
class Matter:
    """A case as far as sight is concerned. All keys are holders (see core.access.holders)."""

    state: str
    desk: int
    town: int | None
    requester: int | None
    firm: int | None
    handler: int | None
    reviewer: int | None  # the unit that reviews
    confidential: bool
    to_decide: bool = False  # whether more time was asked for, on which the desk decides
    barred: frozenset[int] = frozenset()  # units that a complaint is about, with those below them


def scope(matter: Matter, duties: Iterable[Duty], others: Iterable[int] = ()) -> dict[int, int]:
    """Holder → queue number (0 = may see it, nothing waits).

    The units that worked on it go on seeing it unless they returned it; a unit that a complaint is about never sees it.
    A confidential request is not shown to the firm's other clerks. An import that was taken back is seen by nobody.
    """
    if matter.state == "undone":
        return {}
    found: dict[int, int] = {
        matter.desk: QUEUES.get("extension" if matter.to_decide else _DESK.get(matter.state, ""), 0)
    }
    if matter.town is not None:
        found[matter.town] = 0
    for person in (matter.requester, *others):
        if person is not None:
            found.setdefault(person, 0)
    if matter.firm is not None and not matter.confidential:
        found[matter.firm] = 0
    for duty in duties:
        if duty.returned or duty.unit in matter.barred:
            continue
        found[duty.unit] = max(found.get(duty.unit, 0), _unit_queue(matter.state, duty))
    if matter.state == "handling" and matter.handler is not None:
        found[matter.handler] = QUEUES["handle"]
    elif matter.handler is not None:
        found.setdefault(matter.handler, 0)
    if matter.state == "review" and matter.reviewer is not None and matter.reviewer not in matter.barred:
        found[matter.reviewer] = QUEUES["review"]
    return found


def _unit_queue(state: str, duty: Duty) -> int:
    if not duty.open:
        return 0
    if not duty.lead:
        return 0 if duty.answered or state not in ("assigned", "handling") else QUEUES["assist"]
    return {"assigned": QUEUES["sign_in"], "handling": QUEUES["handle"]}.get(state, 0)
