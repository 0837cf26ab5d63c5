"""What the worker does for imports: a stretch at a time, so that a long one keeps nobody else's message waiting."""

from __future__ import annotations

import time as clock_time
from collections.abc import Callable
from datetime import time
from typing import Any

from django.utils import timezone

from tongban.core.files import uploads
from tongban.core.ledger.actor import Actor
from tongban.core.ledger.journal import Journal
from tongban.core.ledger.worker import Effect, Task, daily, handles
from tongban.core.refusals import Refused
from tongban.engines.cases.importing import batches, undoing
from tongban.engines.cases.importing.batches import Totals
from tongban.engines.cases.importing.ordering import IMPORT, UNDO
from tongban.engines.cases.importing.reports import Note, Report, Sort, path_of
from tongban.engines.cases.importing.running import Plan, Running
from tongban.engines.cases.models import Batch

STRETCH = 20.0  # seconds
COLLECT = "files.collect"


@handles(IMPORT, outside=True)
def import_upload(task: Task) -> Effect | None:
    """Import for a while. The batch's own count tells whether another worker has it too: then this one stops."""
    token, batch = task.payload["upload"], Batch.objects.get(pk=task.payload["batch"])
    if batch.finished_at is not None or batch.undone_at is not None:
        return lambda: uploads.drop(token)
    by = Actor(account=task.payload["account"])
    try:
        uploads.touch(token)
        plan = Plan(uploads.upload(token).path, batch.programme, batch.source, task.payload["choice"])
        finished = Running(plan, batch, by, timezone.now, stop=_stretch()).run()
    except Refused as refusal:
        if refusal.code == "ledger.overtaken":
            raise
        _give_up(batch, refusal, by)
        finished = True
    return (lambda: uploads.drop(token)) if finished else _again(task, by)


@handles(UNDO, outside=True)
def undo_batch(task: Task) -> Effect | None:
    """Take back for a while. What cannot be taken back is named on the batch's page."""
    batch = Batch.objects.get(pk=task.payload["batch"])
    by = Actor(account=task.payload["account"])
    try:
        finished = undoing.undo(batch=batch, by=by, clock=timezone.now, stop=_stretch())
    except Refused as refusal:
        if refusal.code not in ("undo.acted", "undo.done"):
            raise
        return None
    return None if finished else _again(task, by)


@handles(COLLECT, outside=True)
def collect(task: Task) -> None:
    """Remove what nobody came back for."""
    uploads.collect(task.at.timestamp())


daily(COLLECT, time(3, 10))


def _stretch() -> Callable[[], bool]:
    """Asked before each new row (or case): it runs from the first, so that every stretch brings the work forward."""
    until: list[float] = []

    def over() -> bool:
        if not until:
            until.append(clock_time.monotonic() + STRETCH)
            return False
        return clock_time.monotonic() > until[0]

    return over


def _again(task: Task, by: Actor) -> Effect:
    """Go on with the next stretch, behind what else is waiting."""
    payload: dict[str, Any] = {**task.payload, "turn": task.payload["turn"] + 1}
    first = task.key.partition("/")[0]

    def effect() -> None:
        with Journal(task.topic, by=by, at=task.at) as journal:
            journal.send(task.topic, key=f"{first}/{payload['turn']}", **payload)

    return effect


def _give_up(batch: Batch, refusal: Refused, by: Actor) -> None:
    """The file cannot be imported, today or tomorrow: say why, and end."""
    report = Report(path_of(batch.pk), (), {})
    report.add(Note(Sort.FILE, 0, refusal))
    report.close()
    batches.count(
        batch, Totals(batch.rows, batch.opened, batch.unchanged, batch.refused, batch.waiting), by=by, at=timezone.now(),
        finished=True,
    )  # fmt: skip
