"""Taking an import back: exactly the cases that the batch opened, as long as nobody has acted on them since."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from tongban.core.ledger.actor import Actor
from tongban.core.ledger.models import Entry
from tongban.core.refusals import Refused
from tongban.core.registry import reference
from tongban.engines.cases.actions.writing import acting
from tongban.engines.cases.importing import batches
from tongban.engines.cases.importing import refusals as _sentences  # noqa: F401 - declares them
from tongban.engines.cases.models import Batch, Case
from tongban.engines.cases.secrets import case_number

# What the import does to a case, and the calendar by itself. Anything else is somebody's work, which an undoing must
# not throw away.
_IMPORTED = ("cases.open", "cases.record_reply", "cases.record_receipt", "cases.undo_import", "cases.recompute")
_NAMED = 5  # cases that the refusal names
_LOCK = 0.05  # seconds for which one transaction goes on


@dataclass(frozen=True, slots=True)
class Left:
    """What is left of a batch."""

    cases: int
    acted: tuple[int, ...]  # those that somebody has acted on since, at most a few
    acted_count: int


def left_of(batch: Batch) -> Left:
    """How many cases would go, and which cannot."""
    ours = Case.objects.filter(batch=batch).exclude(state="undone")
    later = Entry.objects.filter(kind=Case._meta.label_lower, object_id__in=ours.values("pk")).exclude(
        name__in=_IMPORTED
    )
    acted = later.order_by("object_id").values_list("object_id", flat=True).distinct()
    return Left(ours.count(), tuple(acted[:_NAMED]), acted.count())


def check(batch: Batch) -> Left:
    """What is left, or why the batch cannot be undone."""
    if batch.undone_at is not None:
        raise Refused("undo.done")
    left = left_of(batch)
    if left.acted_count:
        more = "……" if left.acted_count > len(left.acted) else ""
        names = "、".join(case_number(key) for key in left.acted) + more
        raise Refused("undo.acted", count=left.acted_count, cases=names)
    return left


def undo_case(*, case: int, by: Actor, at: datetime) -> None:
    """Take one imported case back. Its number is free again; nobody sees it in any list; its entries stay."""
    with acting(case, "undo_import", by=by, at=at) as act:
        if act.case.batch_id is None:
            raise Refused("undo.unknown")
        later = Entry.objects.filter(kind=Case._meta.label_lower, object_id=case).exclude(name__in=_IMPORTED)
        if later.exists():
            raise Refused("undo.acted", count=1, cases=case_number(case))
        act.journal.change(act.case, source=None, external_id=None, due_at=None)


def undo(
    *, batch: Batch, by: Actor, clock: Callable[[], datetime], stop: Callable[[], bool] = lambda: False,
    tell: Callable[[int], None] = lambda _: None,
) -> bool:  # fmt: skip
    """Take back all that the batch opened; False if it was stopped before the end (run it again).

    A few cases in one short transaction, so that nobody at a page waits. A case that somebody acts on meanwhile stays, and the
    refusal names it; everything else of the batch is gone by then.
    """
    check(batch)
    done = 0
    keys = list(Case.objects.filter(batch=batch).exclude(state="undone").order_by("-pk").values_list("pk", flat=True))
    while keys:
        if stop():
            return False
        with reference.hold(), transaction.atomic():
            until = time.monotonic() + _LOCK
            while keys:
                _try(keys.pop(0), by=by, at=clock())
                done += 1
                if time.monotonic() >= until:
                    break
        tell(done)
    check(batch)
    batches.mark_undone(batch, by=by, at=clock())
    tell(done)
    return True


def _try(case: int, *, by: Actor, at: datetime) -> None:
    """Take one case back, unless somebody was faster: the check at the end names it."""
    try:
        undo_case(case=case, by=by, at=at)
    except Refused as refusal:
        if refusal.code not in ("undo.acted", "case.state", "ledger.overtaken"):
            raise


def last_said(batch: Batch) -> datetime:
    """When the batch last wrote an entry about itself."""
    entries = Entry.objects.filter(kind=Batch._meta.label_lower, object_id=batch.pk, number=batch.version)
    return entries.values_list("recorded_at", flat=True).first() or batch.started_at
