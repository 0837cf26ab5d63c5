"""Reads for the pages of imports: what an agent's own programmes have imported, and how far it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from tongban.core.access.models import Account
from tongban.core.access.viewer import Viewer
from tongban.core.refusals import Refused
from tongban.engines.cases.importing import batches, reports, undoing
from tongban.engines.cases.importing.ordering import IMPORT, UNDO, programmes_of, spoke_lately, waiting
from tongban.engines.cases.importing.reports import Finished
from tongban.engines.cases.models import Batch


@dataclass(frozen=True, slots=True)
class BatchRow:
    """One import in the list. ``state``: running, broken, done, undoing, undone."""

    key: int
    programme: str
    source: str
    file_name: str
    rows: int
    opened: int
    unchanged: int
    refused: int
    waiting: int
    started_at: datetime
    finished_at: datetime | None
    undone_at: datetime | None
    by: str
    state: str

    @property
    def done(self) -> int:
        """How many rows are dealt with."""
        return self.opened + self.unchanged + self.refused

    @property
    def answered(self) -> int:
        """Of those opened: they brought their answer with them and were closed at once."""
        return self.opened - self.waiting


@dataclass(frozen=True, slots=True)
class BatchDetail:
    """One import with what there is to say about its rows, and whether it can be undone."""

    row: BatchRow
    report: Finished | None
    left: int
    refusal: Refused | None


def batch_rows(viewer: Viewer, at: datetime, before: int | None = None) -> list[BatchRow]:
    """The newest imports of the viewer's programmes: two queries."""
    found = _named(Batch.objects.filter(programme__in=programmes_of(viewer)))
    if before is not None:
        found = found.filter(pk__lt=before)
    waits = waiting()
    return [_row(r, waits, at) for r in found.order_by("-pk")[: batches.LISTED]]


def batch_detail(viewer: Viewer, at: datetime, key: int) -> BatchDetail:
    """One import; refused if it is not the viewer's to see."""
    batch = _named(Batch.objects.filter(pk=key, programme__in=programmes_of(viewer))).first()
    if batch is None:
        raise Refused("undo.unknown")
    row = _row(batch, waiting(), at)
    refusal, left = None, 0
    if row.state in ("done", "broken"):
        try:
            left = undoing.check(batch).cases
        except Refused as found:
            refusal = found
    return BatchDetail(row, reports.read(reports.path_of(batch.pk)), left, refusal)


def _named(found: QuerySet[Batch]) -> QuerySet[Batch]:
    """Each with the name of whoever brought it."""
    account = Account.objects.filter(pk=OuterRef("by_account"))
    return found.annotate(by_name=Subquery(account.values_list(Coalesce("person__name", "username"))[:1]))


def _row(batch: Batch, waits: set[tuple[str, int]], at: datetime) -> BatchRow:
    by = getattr(batch, "by_name", None) or ""
    return BatchRow(
        batch.pk, batch.programme, batch.source, batch.file_name, batch.rows, batch.opened, batch.unchanged,
        batch.refused, batch.waiting, batch.started_at, batch.finished_at, batch.undone_at, by, _state(batch, waits, at),
    )  # fmt: skip


def _state(batch: Batch, waits: set[tuple[str, int]], at: datetime) -> str:
    if batch.undone_at is not None:
        return "undone"
    if batch.finished_at is None:
        return "running" if (IMPORT, batch.pk) in waits or spoke_lately(batch, at) else "broken"
    return "undoing" if (UNDO, batch.pk) in waits else "done"
