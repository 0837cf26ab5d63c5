"""Mandates that wait: who asks to act for which firm. For desk agents and administrators."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tongban.core.access import refusals as _refusals  # noqa: F401 - declares the sentences
from tongban.core.access.viewer import ADMINISTRATOR, AGENT, Viewer
from tongban.core.ledger.actor import Actor
from tongban.core.refusals import Refused
from tongban.core.registry import actions
from tongban.core.registry.models import Firm, Mandate


@dataclass(frozen=True, slots=True)
class Waiting:
    """One request to act for a firm. The number is masked; who confirms asks the firm, not the asker."""

    id: int
    firm: Firm
    person: int
    name: str
    phone: str
    asked_at: datetime


def may_confirm(viewer: Viewer) -> bool:
    """Whether the viewer's office confirms mandates."""
    return bool(viewer.grants_for(AGENT, ADMINISTRATOR))


def waiting(*, viewer: Viewer, after: int = 0, limit: int = 50) -> list[Waiting]:
    """Those not confirmed and not ended, oldest first."""
    if not may_confirm(viewer):
        return []
    found = Mandate.objects.filter(confirmed_at=None, ended_at=None, pk__gt=after).select_related("firm", "person")
    return [
        Waiting(m.pk, m.firm, m.person_id, m.person.name, m.person.phone_masked, m.asked_at)
        for m in found.order_by("pk")[:limit]
    ]


def count_waiting(*, viewer: Viewer) -> int:
    """How many."""
    return Mandate.objects.filter(confirmed_at=None, ended_at=None).count() if may_confirm(viewer) else 0


def confirm(*, mandate: int, viewer: Viewer, by: Actor, at: datetime) -> Mandate:
    """Let the person act for the firm; nobody confirms his own."""
    row = _open(mandate, viewer)
    actions.confirm_mandate(mandate=row, by=by, at=at, account_person=viewer.person)
    return row


def turn_down(*, mandate: int, viewer: Viewer, by: Actor, at: datetime) -> Mandate:
    """The person does not act for the firm."""
    row = _open(mandate, viewer)
    actions.end_mandate(mandate=row, by=by, at=at)
    return row


def _open(key: int, viewer: Viewer) -> Mandate:
    row = Mandate.objects.select_related("firm", "person").filter(pk=key, confirmed_at=None, ended_at=None).first()
    if row is None or not may_confirm(viewer):
        raise Refused("mandate.gone")
    return row
