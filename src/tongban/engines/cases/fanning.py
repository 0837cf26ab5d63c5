"""One row of the outbox becomes many, each of which does a few cases: once, however often the first is done again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tongban.core.ledger.logic import canonical
from tongban.core.ledger.models import Outbox
from tongban.core.ledger.worker import Task

# So few that nobody who writes is kept waiting.
FEW = 25


def fan_out(task: Task, topic: str, cases: Sequence[Any], each: int = FEW) -> None:
    """Have ``topic`` done for these cases, ``each`` at a time. Done again, it changes nothing, whatever it then finds.

    A case is its key, or a list that begins with it.
    """
    # Even of no case there is a row: it shows that this was done. By its whole key, which the index of keys finds at once;
    # by how keys begin, SQLite would look through all of them.
    if Outbox.objects.filter(key=f"{topic}:{task.row}:0").exists():
        return
    chunks = [cases[n : n + each] for n in range(0, len(cases), each)] or [()]
    Outbox.objects.bulk_create(
        Outbox(
            topic=topic, key=f"{topic}:{task.row}:{number}", payload=canonical({"cases": list(some)}),
            action=task.action, created_at=task.at, due_at=task.at,
        )
        for number, some in enumerate(chunks)
    )  # fmt: skip
