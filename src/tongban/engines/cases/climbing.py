"""The worker's part in the ladder: finds the cases whose next rung has come, and lets each climb in its own transaction."""

from __future__ import annotations

import logging
from datetime import datetime

from tongban.core.ledger.actor import WORKER
from tongban.core.ledger.watches import watches
from tongban.core.ledger.worker import Task, code_of, handles
from tongban.core.refusals import Refused
from tongban.engines.cases.actions.escalating import escalate
from tongban.engines.cases.actions.rungs import CHANGED as LADDER_CHANGED
from tongban.engines.cases.actions.rungs import climb_anew
from tongban.engines.cases.fanning import fan_out
from tongban.engines.cases.models import Case

_AT_ONCE, _MOST = 100, 5000
_ANEW = "cases.climb_anew"
_log = logging.getLogger("tongban.worker")


@handles(LADDER_CHANGED)
def _fan_out(task: Task) -> None:
    """The ladder has changed: every case that climbs is looked at again, a few at a time."""
    open_cases = list(
        Case.objects.filter(due_at__isnull=False, closed_at=None).order_by("pk").values_list("pk", flat=True)
    )
    fan_out(task, _ANEW, open_cases)


@handles(_ANEW)
def _climb_anew(task: Task) -> None:
    for case in task.payload["cases"]:
        climb_anew(case=case, by=WORKER, at=task.at)


@watches
def climb(at: datetime) -> int:
    """Let all climb whose time has come, the longest due first; gives how many did.

    Two workers may find the same case: its version lets one of them through. A case that fails keeps no other back and is
    tried again at the next look.
    """
    climbed, failed = 0, set[int]()
    while climbed < _MOST:
        waiting = Case.objects.filter(rises_at__lte=at).exclude(pk__in=failed)
        keys = list(waiting.order_by("rises_at", "pk").values_list("pk", flat=True)[:_AT_ONCE])
        if not keys:
            break
        for key in keys:
            try:
                escalate(case=key, by=WORKER, at=at)
            except Refused:  # somebody else was first; what is left is found again
                failed.add(key)
            except Exception as error:
                _log.warning("case %s does not climb: %s", key, code_of(error))
                failed.add(key)
            else:
                climbed += 1
    return climbed
