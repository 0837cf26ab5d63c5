"""What has waited long enough: stops and requests for more time end by themselves. Handlers of the outbox."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from tongban.core.ledger.actor import WORKER
from tongban.core.ledger.logic import canonical
from tongban.core.ledger.models import Outbox
from tongban.core.ledger.worker import Task, handles
from tongban.engines.cases.actions.clock import EXTENSION_OUT, STOP_OUT
from tongban.engines.cases.actions.pausing import time_out_extension, time_out_stop

_ACTIONS: dict[str, Callable[..., datetime | None]] = {
    STOP_OUT: time_out_stop,
    EXTENSION_OUT: time_out_extension,
}


@handles(*_ACTIONS)
def _time_out(task: Task) -> None:
    """Act if the time has come; if it has been moved since, look again then."""
    again = _ACTIONS[task.topic](case=task.payload["case"], by=WORKER, at=task.at)
    if again is None:
        return
    key = f"{task.topic}:{task.payload['case']}:{task.payload['part']}:{int(again.timestamp())}"
    row = Outbox(topic=task.topic, key=key, payload=canonical(dict(task.payload)), created_at=task.at, due_at=again)
    Outbox.objects.bulk_create([row], ignore_conflicts=True)
