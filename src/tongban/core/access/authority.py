"""May this actor administer? Asked by the actions on accounts, offices, limits, targets and routes themselves.

Those on the calendar and the registry lie below this room: the pages that call them ask before (web.guard).
"""

from __future__ import annotations

from datetime import datetime

from tongban.core.access import refusals as _refusals  # noqa: F401 - declares the sentences
from tongban.core.access.models import Account
from tongban.core.access.viewer import ADMINISTRATOR, viewer_of
from tongban.core.ledger.actor import Actor
from tongban.core.refusals import Refused


def administering(by: Actor, at: datetime) -> None:
    """Refuse unless ``by`` holds an administrator's office now, in the role in which he acts. The system may."""
    if by.account is None:
        return
    account = Account.objects.filter(pk=by.account).first()
    grants = viewer_of(account, at).grants_for(ADMINISTRATOR) if account else []
    if not any(by.role is None or grant.role == by.role for grant in grants):
        raise Refused("access.administrator")
