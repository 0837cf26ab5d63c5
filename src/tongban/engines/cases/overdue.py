"""The worker's part in slips: finds those on which nobody reported in time, and has each told once."""

from __future__ import annotations

import logging
from datetime import datetime

from tongban.core.ledger.actor import WORKER
from tongban.core.ledger.watches import watches
from tongban.core.ledger.worker import code_of
from tongban.core.refusals import Refused
from tongban.engines.cases.actions.escalating import tell_slip_overdue
from tongban.engines.cases.models import Slip

_MOST = 1000
_log = logging.getLogger("tongban.worker")


@watches
def tell_overdue_slips(at: datetime) -> int:
    """Tell of the slips whose day has passed, the longest due first; gives of how many.

    Two workers may find the same one: the case's version lets one of them through. A case that fails keeps no other back.
    """
    waiting = Slip.objects.filter(fed_back_at=None, ended_at=None, overdue_at=None, due_at__lte=at)
    told = 0
    for case in list(waiting.order_by("due_at", "pk").values_list("case_id", flat=True)[:_MOST]):
        try:
            told += tell_slip_overdue(case=case, by=WORKER, at=at)
        except Refused:
            continue  # somebody else was first
        except Exception as error:
            _log.warning("the slip of case %s is not told: %s", case, code_of(error))
    return told
