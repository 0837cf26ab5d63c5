"""Whose page it is: the offices that work on cases, and the actor for a move."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse

from tongban.core.access.viewer import AGENT, HANDLER, REVIEWER, SECRETARY, SUPERVISOR
from tongban.core.labels import Label
from tongban.core.ledger.actor import Actor
from tongban.core.registry.queries import directory
from tongban.web.guard import View, office
from tongban.web.reading import Reading

WORKERS = (AGENT, HANDLER, REVIEWER, SUPERVISOR, SECRETARY)
_WORKERS = Label("办理诉求的工作人员", "officers who work on requests")
_AGENTS = Label("受理岗", "the desk's agents")

#: Everybody who sees cases at work.
worker: Callable[[View], View] = office(*WORKERS, who=_WORKERS)
#: The desk alone.
agent: Callable[[View], View] = office(AGENT, who=_AGENTS)


def actor(request: Reading, role: int | None) -> Actor:
    """The viewer, acting in the role that the move needs (and for whom he stands in)."""
    return request.viewer.actor(role)


def is_agent(request: Reading) -> bool:
    """Whether he may enter requests for callers."""
    return bool(request.viewer.grants_for(AGENT))


def town_of(request: Reading) -> int | None:
    """The town that the area switch has chosen, by its code; None for the whole county."""
    place = directory().place_codes.get(request.GET.get("area", ""))
    return place.id if place is not None and place.level == "town" else None


def number_of(request: Reading, name: str) -> int | None:
    """A key in the address; nonsense is none."""
    typed = request.GET.get(name, "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= 12 else None


Page = Callable[..., HttpResponse]
Context = dict[str, Any]
