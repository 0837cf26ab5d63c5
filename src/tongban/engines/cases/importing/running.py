"""The import itself: rows become cases, a chunk at a time, each with what had already been said to its asker."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from tongban.core.ledger.actor import Actor
from tongban.core.refusals import Refused
from tongban.core.registry.askers import unproven_person
from tongban.core.registry.queries import directory
from tongban.engines.cases.actions import Opening
from tongban.engines.cases.bulk import Chunk, History, Outcome, Result, Step, write_histories
from tongban.engines.cases.declare import CaseType
from tongban.engines.cases.importing import batches
from tongban.engines.cases.importing.batches import Totals
from tongban.engines.cases.importing.columns import Columns
from tongban.engines.cases.importing.mappings import columns_of
from tongban.engines.cases.importing.reading import Table, open_table
from tongban.engines.cases.importing.reports import Note, Report, Sort, path_of, texts
from tongban.engines.cases.importing.rows import Frame, Request
from tongban.engines.cases.importing.sifting import Sieve, Sifted, Standing
from tongban.engines.cases.models import Batch
from tongban.engines.cases.types import types

Clock = Callable[[], datetime]
_SAY_EVERY = 1.0  # seconds between two entries about how far it is
_LOCK = 0.05  # seconds that a chunk's transaction is to take: four times as long on a busy machine is still short
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be imported, and how. ``choice`` is field → heading; None: guessed from the headings."""

    path: Path
    programme: str
    source: str
    choice: Mapping[str, str] | None = None

    def kind(self) -> CaseType:
        """The kind of case that the programme's rows become."""
        found = [t for (programme, _), t in types().items() if programme == self.programme]
        if not found:
            names = ", ".join(sorted({p for p, _ in types()}))
            raise Refused("import.programme", field="programme", name=self.programme, names=names)
        known = directory()
        if not known.places or found[0].desk not in known.body_codes:
            raise Refused("import.reference")
        return found[0]


@dataclass(slots=True)
class Preview:
    """What an import would do: counts of the whole file, its first rows, and the first of what there is to say."""

    headings: list[str]
    columns: Columns
    totals: Totals = field(default_factory=Totals)
    first: list[Sifted] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    noted: int = 0


def preview(plan: Plan, *, at: datetime, most_notes: int = 50, note: Callable[[Note], None] | None = None) -> Preview:
    """Read the whole file and write nothing."""
    batches.check_source(plan.source)
    kind = plan.kind()
    with open_table(plan.path) as table:
        columns = columns_of(table.headings, plan.choice)
        found = Preview(table.headings, columns)
        notes = list(_about(table))
        for row in Sieve(Frame(kind, columns.places, at), plan.source).sift(table.lines):
            found.totals.rows += 1
            _tally(found.totals, row.standing, row.request)
            if len(found.first) < _SHOWN:
                found.first.append(row)
            notes.extend(row.notes)
            found.noted += len(notes)
            for one in notes:
                if note is not None:
                    note(one)
                if len(found.notes) < most_notes:
                    found.notes.append(one)
            notes = []
    if not found.totals.rows:
        raise Refused("import.file.empty")
    return found


def count_rows(plan: Plan) -> tuple[int, list[str], Columns]:
    """Read the file to its end, so that a broken one is refused before anything is written."""
    with open_table(plan.path) as table:
        columns = columns_of(table.headings, plan.choice)
        headings = table.headings
        rows = sum(1 for _ in table.lines)
    if not rows:
        raise Refused("import.file.empty")
    return rows, headings, columns


@dataclass(slots=True)
class Running:
    """One import under way (or taken up again)."""

    plan: Plan
    batch: Batch
    by: Actor
    clock: Clock
    tell: Callable[[Totals], None] = lambda _: None
    note: Callable[[Note], None] = lambda _: None
    stop: Callable[[], bool] = lambda: False
    on_chunk: Callable[[Chunk], None] | None = None
    totals: Totals = field(default_factory=Totals)

    def run(self) -> bool:
        """Import all rows; False if it was stopped before the end (nothing is lost: run it again).

        Taken up again it begins with the first row: what it has opened itself is known by source and number.
        """
        kind = self.plan.kind()
        self.totals.rows, headings, columns = count_rows(self.plan)
        report = Report(path_of(self.batch.pk), headings, columns.places)
        try:
            with open_table(self.plan.path) as table:
                for one in _about(table):
                    self._note(report, one)
                sieve = Sieve(Frame(kind, columns.places, self.clock()), self.batch.source, self.batch.pk)
                self._write(kind, sieve.sift(table.lines), report)
        finally:
            report.close()
        finished = self.totals.done >= self.totals.rows
        if finished or self.totals.done > batches_done(self.batch):
            batches.count(self.batch, self.totals, by=self.by, at=self.clock(), finished=finished)
        self.tell(self.totals)
        return finished

    def _write(self, kind: CaseType, rows: Iterator[Sifted], report: Report) -> None:
        waiting: deque[Sifted] = deque()
        said = time.monotonic()
        histories = self._histories(kind, rows, waiting, report)
        for outcome in write_histories(histories, lock=_LOCK, on_chunk=self.on_chunk):
            self._settle(waiting.popleft(), outcome, report)
            if time.monotonic() - said >= _SAY_EVERY and self.totals.done > batches_done(self.batch):
                said = time.monotonic()
                batches.count(self.batch, self.totals, by=self.by, at=self.clock())
            if self.totals.done % 50 == 0:
                self.tell(self.totals)

    def _histories(
        self, kind: CaseType, rows: Iterator[Sifted], waiting: deque[Sifted], report: Report
    ) -> Iterator[History]:
        """The histories of new rows; all others are settled on the way."""
        for row in rows:
            if row.standing is Standing.NEW and row.request is not None:
                if self.stop():
                    return
                waiting.append(row)
                yield self._history(kind, row.request)
                continue
            _tally(self.totals, row.standing, row.request)
            for one in row.notes:
                self._note(report, one)

    def _history(self, kind: CaseType, row: Request) -> History:
        at = self.clock()
        person = unproven_person(name=row.name, phone=row.phone, by=self.by, at=at) if row.phone else None
        opening = Opening(
            programme=self.plan.programme, kind=kind.code, title=row.title, body=row.body, area=row.area,
            category=row.category, address=row.address, channel="import", requester=person,
            opened_at=row.moment.at, precision=row.moment.precision, source=self.batch.source,
            external_id=row.external_id, batch=self.batch.pk,
        )  # fmt: skip
        return History(opening, self.by, at, (self._said(row, at),) if row.reply else ())

    def _said(self, row: Request, at: datetime) -> Step:
        reply = row.reply
        assert reply is not None
        given = {
            "text": reply.text, "replied_at": reply.moment.at or at, "precision": reply.moment.precision,
            "receipt": reply.receipt,
        }  # fmt: skip
        return Step("record_reply", self.by, at, given)

    def _settle(self, row: Sifted, outcome: Outcome, report: Report) -> None:
        if outcome.result is Result.REFUSED:
            self.totals.refused += 1
            refusal = outcome.refusal or Refused("row.failed")
            self._note(report, Note(Sort.REFUSED, row.line.number, refusal, texts(row.line.cells)))
            return
        # Somebody else may have brought the same row while this one was being read.
        _tally(self.totals, Standing.NEW if outcome.result is Result.OPENED else Standing.KNOWN, row.request)
        for one in row.notes:
            self._note(report, one)

    def _note(self, report: Report, note: Note) -> None:
        report.add(note)
        self.note(note)


def batches_done(batch: Batch) -> int:
    """How many rows the batch already says are dealt with."""
    return batch.opened + batch.unchanged + batch.refused


def _about(table: Table) -> Iterator[Note]:
    if table.unread:
        others = "、".join(table.unread[:5])
        yield Note(Sort.FILE, 0, Refused("row.sheets", name=table.sheet, others=others))


def _tally(totals: Totals, standing: Standing, request: Request | None) -> None:
    if standing in (Standing.NEW, Standing.OURS):
        totals.opened += 1
        totals.waiting += request is None or not request.answered
    elif standing in (Standing.KNOWN, Standing.TWICE):
        totals.unchanged += 1
    else:
        totals.refused += 1
