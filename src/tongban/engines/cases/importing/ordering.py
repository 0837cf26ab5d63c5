"""What the office's agent asks for on a page and the worker then does: an import, or its undoing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError

from tongban.core.access.models import Account
from tongban.core.access.viewer import AGENT, Viewer, viewer_of
from tongban.core.files.uploads import Upload
from tongban.core.ledger.actor import Actor
from tongban.core.ledger.journal import Journal
from tongban.core.ledger.models import Outbox
from tongban.core.refusals import Refused
from tongban.core.registry.queries import directory
from tongban.engines.cases.importing import batches, undoing
from tongban.engines.cases.models import Batch
from tongban.engines.cases.types import types

IMPORT, UNDO = "cases.import", "cases.undo_import"


def programmes_of(viewer: Viewer) -> list[str]:
    """The programmes at whose desk the viewer is an agent."""
    known = directory().body_codes
    found = set()
    for (programme, _), kind in types().items():
        desk = known.get(kind.desk)
        if desk is not None and desk.id in viewer.units(AGENT, programme=programme):
            found.add(programme)
    return sorted(found)


def order_import(
    *, upload: Upload, programme: str, source: str, choice: Mapping[str, str], by: Actor, at: datetime
) -> int:
    """Have the worker import an upload; gives the batch's key. Ordered twice it is one batch."""
    _refuse_strangers(programme, by, at)
    batch = batches.new_batch(
        programme=programme, source=source, file_name=upload.name, file_hash=upload.sha256, by=by, at=at
    )  # fmt: skip
    key = f"{IMPORT}:{upload.token}"
    try:
        with Journal("cases.import", by=by, at=at, programme=programme) as journal:
            journal.add(batch)
            journal.send(
                IMPORT, key=key, batch=batch.pk, upload=upload.token, choice=dict(choice), account=by.account, turn=0
            )  # fmt: skip
    except IntegrityError:
        return ordered_batch(upload.token) or 0
    return batch.pk


def ordered_batch(token: str) -> int | None:
    """The batch that was ordered for an upload, if one was."""
    row = Outbox.objects.filter(key=f"{IMPORT}:{token}").first()
    return int(_payload(row)["batch"]) if row else None


def order_undo(*, batch: int, by: Actor, at: datetime) -> None:
    """Have the worker take a batch back; refused, with the cases, if somebody has acted on them."""
    row = Batch.objects.filter(pk=batch).first()
    if row is None:
        raise Refused("undo.unknown")
    _refuse_strangers(row.programme, by, at)
    undoing.check(row)
    if row.finished_at is None and (spoke_lately(row, at) or (IMPORT, row.pk) in waiting()):
        raise Refused("undo.running")
    with Journal("cases.order_undo", by=by, at=at, programme=row.programme) as journal:
        journal.touch(row)
        # The version grows with this entry: of two orders at once, the second is overtaken.
        journal.send(UNDO, key=f"{UNDO}:{row.pk}:{row.version}", batch=row.pk, account=by.account, turn=0)


def spoke_lately(batch: Batch, at: datetime) -> bool:
    """Whether a batch has said something of itself in the last two minutes."""
    return (at - undoing.last_said(batch)).total_seconds() < _SILENT


def waiting() -> set[tuple[str, int]]:
    """(topic, batch) of all that the worker still has to do for batches; one query."""
    rows = Outbox.objects.filter(topic__in=(IMPORT, UNDO), done_at=None, failed_at=None)
    return {(row.topic, int(_payload(row).get("batch", 0))) for row in rows[:400]}


_SILENT = 120  # seconds after which an import that says nothing is thought to be dead


def _payload(row: Outbox) -> dict[str, Any]:
    return dict(json.loads(row.payload))


def _refuse_strangers(programme: str, by: Actor, at: datetime) -> None:
    """Only an agent of the programme's desk imports and undoes; the command line may too."""
    if by.account is None:
        return
    account = Account.objects.select_related("person").filter(pk=by.account).first()
    if account is None or programme not in programmes_of(viewer_of(account, at)):
        raise Refused("undo.unknown")
