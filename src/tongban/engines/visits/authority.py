"""Who appoints liaison officers, who may be one, and whose firm it is. Asked by every action itself."""

from __future__ import annotations

from datetime import datetime

from tongban.core.access.models import Account, Liaison
from tongban.core.access.viewer import (
    ADMINISTRATOR,
    AGENT,
    HANDLER,
    REVIEWER,
    SECRETARY,
    SUPERVISOR,
    Viewer,
    viewer_of,
)
from tongban.core.ledger.actor import Actor
from tongban.core.refusals import Refused
from tongban.core.registry.queries import directory
from tongban.engines.cases.types import types
from tongban.engines.visits import refusals as _refusals  # noqa: F401 - declares the sentences

#: One of these must be held by a liaison officer: they are what lets anybody in to the desk's pages.
OFFICES = (AGENT, HANDLER, REVIEWER, SUPERVISOR, SECRETARY)


def firms_desks() -> frozenset[int]:
    """The desks at which firms' requests arrive."""
    codes = {kind.desk for kind in types().values() if "firm" in kind.askers}
    bodies = directory().body_codes
    return frozenset(bodies[code].id for code in codes if code in bodies)


def at_firms_desk(viewer: Viewer) -> bool:
    """Whether the viewer is an agent of a desk at which firms' requests arrive."""
    return bool(viewer.units(AGENT) & firms_desks())


def may_assign(viewer: Viewer) -> bool:
    """Whether the viewer appoints liaison officers."""
    return bool(viewer.grants_for(ADMINISTRATOR)) or at_firms_desk(viewer)


def assigning(by: Actor, at: datetime) -> None:
    """Refuse unless ``by`` appoints liaison officers, in the role in which he acts. The system may."""
    if by.account is None:
        return
    viewer = _viewer(by.account, at)
    chosen = viewer.with_grants(g for g in viewer.grants if by.role is None or g.role == by.role)
    if not may_assign(chosen):
        raise Refused("liaison.assigner")


def eligible(account: Account | None, by: Actor, at: datetime, *, name: str = "") -> Account:
    """The account, if it may be a firm's liaison officer; nobody appoints himself."""
    if account is None or not viewer_of(account, at).grants_for(*OFFICES):
        raise Refused("liaison.officer", field="officer", name=name or (account.username if account else "—"))
    if account.pk == by.account:
        raise Refused("liaison.own", field="officer")
    return account


def charge_of(by: Actor, firm: int, at: datetime) -> Liaison:
    """The present charge of ``firm``, if it is the actor's own."""
    found = Liaison.objects.select_related("firm").filter(firm=firm, until=None, account=by.account).first()
    if found is None or by.account is None or not _viewer(by.account, at).grants_for(*OFFICES):
        raise Refused("liaison.not_yours")
    return found


def _viewer(account: int, at: datetime) -> Viewer:
    row = Account.objects.filter(pk=account).first()
    return viewer_of(row, at) if row else Viewer()
