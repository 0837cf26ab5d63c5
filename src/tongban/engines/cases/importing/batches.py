"""A batch from its beginning to its end: actions, each an entry in the batch's own chain."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tongban.core.ledger.actor import Actor
from tongban.core.ledger.journal import Journal
from tongban.core.refusals import Refused
from tongban.engines.cases.models import Batch

SOURCE = 40
LISTED = 20  # batches on a page


@dataclass(slots=True)
class Totals:
    """What became of the rows so far."""

    rows: int = 0
    opened: int = 0
    unchanged: int = 0
    refused: int = 0
    waiting: int = 0  # of those opened: without an answer, so that they join the queue

    @property
    def answered(self) -> int:
        """Of those opened: they brought their answer with them and are closed at once."""
        return self.opened - self.waiting

    @property
    def done(self) -> int:
        """How many rows are dealt with."""
        return self.opened + self.unchanged + self.refused

    def line(self) -> str:
        """The one line that scripts read, the same in every language."""
        return f"{self.rows} rows: {self.opened} opened, {self.unchanged} unchanged, {self.refused} refused"


def check_source(source: str) -> str:
    """The name of the system from which the rows come: with it a row is known again."""
    tidy = " ".join(source.split())
    if not tidy or len(tidy) > SOURCE:
        raise Refused("import.source", field="source")
    return tidy


def new_batch(*, programme: str, source: str, file_name: str, file_hash: str, by: Actor, at: datetime) -> Batch:
    """A batch that is about to begin, not saved."""
    return Batch(
        programme=programme, source=check_source(source), file_name=file_name[:200], file_hash=file_hash,
        by_account=by.account, started_at=at,
    )  # fmt: skip


def begin(batch: Batch, *, by: Actor, at: datetime) -> Batch:
    """Save a new batch."""
    with Journal("cases.import", by=by, at=at, programme=batch.programme) as journal:
        journal.add(batch)
    return batch


def count(batch: Batch, totals: Totals, *, by: Actor, at: datetime, finished: bool = False) -> None:
    """Say how far it is. Two that work on one batch (a worker that was thought dead) are told apart here: one stops."""
    with Journal("cases.import_ended" if finished else "cases.import_went_on", by=by, at=at) as journal:
        journal.programme = batch.programme
        journal.change(
            batch, rows=totals.rows, opened=totals.opened, unchanged=totals.unchanged, refused=totals.refused,
            waiting=totals.waiting, finished_at=at if finished else None,
        )  # fmt: skip


def mark_undone(batch: Batch, *, by: Actor, at: datetime) -> None:
    """All its cases are taken back."""
    with Journal("cases.import_undone", by=by, at=at, programme=batch.programme) as journal:
        journal.change(batch, undone_at=at)


def file_hash(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
