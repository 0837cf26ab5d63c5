"""Chunks of histories: prepared while nothing is locked, then written in one short transaction each."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from django.db import IntegrityError, models, transaction

from tongban.core.database import insert_rows
from tongban.core.ledger.sheaf import Keys, table_rows
from tongban.core.refusals import Refused
from tongban.core.registry import reference
from tongban.engines.cases.actions.keeping import KEEPER
from tongban.engines.cases.actions.opening import begin
from tongban.engines.cases.actions.writing import SCOPE, scope_values, sight
from tongban.engines.cases.bulk.histories import History
from tongban.engines.cases.bulk.memory import Accounts, Memory
from tongban.engines.cases.models import Case, CaseScope
from tongban.engines.cases.text import INDEX, words_of

# A chunk grows and shrinks so that its transaction takes about this long: well under what a person at a page notices.
_LOCK = 0.08
_FIRST, _LEAST, _MOST = 100, 10, 2000


class Result(StrEnum):
    """What became of a history."""

    OPENED = "opened"
    UNCHANGED = "unchanged"  # another run, or an earlier row of this one, has brought it already
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one history: the case's key, or why there is none."""

    result: Result
    case: int | None = None
    refusal: Refused | None = None
    step: str = ""  # at which step it was refused; "open" for the opening


@dataclass(frozen=True, slots=True)
class Chunk:
    """One transaction that was written: how many cases and rows, and for how long (s) it held its locks."""

    cases: int
    rows: int
    locked: float


def write_histories(
    histories: Iterable[History],
    *,
    quiet: bool = False,
    lock: float = _LOCK,
    on_chunk: Callable[[Chunk], None] | None = None,
) -> Iterator[Outcome]:
    """Write histories in order, a chunk at a time; gives what became of each once its chunk is committed.

    A history whose opening or any step is refused leaves nothing. One whose source and external id are known is
    unchanged. ``quiet`` leaves out what the worker would be asked to do (notices about a past that is over); a chunk's
    transaction takes about ``lock`` seconds.
    """
    writer, waiting = _Writer(quiet), iter(histories)
    size = _FIRST
    while chunk := list(islice(waiting, size)):
        outcomes, written = writer.write(chunk)
        if written.cases:
            if on_chunk is not None:
                on_chunk(written)
            fitting = int(written.cases * lock / written.locked)
            size = max(_LEAST, min(_MOST, fitting, size * 2))
        yield from outcomes


class _Writer:
    """Writes chunks, and remembers from one to the next how many keys each takes."""

    def __init__(self, quiet: bool) -> None:
        self.quiet = quiet
        self.keys = Keys()
        self._each: dict[type[models.Model], float] = {}

    def write(self, chunk: list[History]) -> tuple[list[Outcome], Chunk]:
        with reference.hold(), _uncollected():
            accounts = Accounts(set().union(*(h.accounts() for h in chunk)))
            while True:
                known = _known(chunk)
                try:
                    return self._attempt(chunk, known, accounts)
                except IntegrityError:
                    # Somebody else may have brought some of them since we looked: then we look again. Two who bring the
                    # same rows side by side meet more than once; what is known only grows, so this ends.
                    if known == _known(chunk):
                        raise

    def _attempt(
        self, chunk: list[History], known: set[tuple[str, str]], accounts: Accounts
    ) -> tuple[list[Outcome], Chunk]:
        fresh = [h.external is None or h.external not in known for h in chunk]
        self._reserve(sum(fresh))
        memory, seen = Memory(self.keys, accounts, quiet=self.quiet), set(known)
        token = KEEPER.set(memory)
        try:
            outcomes = [
                _tell(h, memory, seen) if new else Outcome(Result.UNCHANGED)
                for h, new in zip(chunk, fresh, strict=True)
            ]
            write = self._prepare(memory)
        finally:
            KEEPER.reset(token)
        cases = len(memory.cases)
        self._learn(cases)
        if not cases:
            return outcomes, Chunk(0, 0, 0.0)
        try:
            with transaction.atomic():
                begun = time.perf_counter()
                rows = write()
        except IntegrityError:
            for case in reversed(memory.cases.values()):
                self.keys.give_back(Case, case.pk)
            raise
        return outcomes, Chunk(cases, rows, time.perf_counter() - begun)

    def _prepare(self, memory: Memory) -> Callable[[], int]:
        """Everything as the driver takes it, so that the transaction only writes."""
        scopes, texts = [], []
        for case in memory.cases.values():
            seen = sight(case)
            scopes += [scope_values(case, holder, queue) for holder, queue in seen.items()]
            texts.append(INDEX.prepared(case.pk, words_of(case, seen)))
        rest, (columns, rows_of_scope) = memory.sheaf.prepare(), table_rows(CaseScope, SCOPE, scopes)

        def write() -> int:
            rows = rest()
            insert_rows(CaseScope, columns, rows_of_scope)
            INDEX.put_prepared(texts)
            return rows + len(scopes) + len(texts)

        return write

    def _reserve(self, cases: int) -> None:
        wanted = {model: int(cases * each * 1.1) + 16 for model, each in self._each.items() if model is not Case}
        # Exactly as many numbers of cases as there may be cases: each that is left over is a gap that people see.
        self.keys.reserve({**wanted, Case: cases})

    def _learn(self, cases: int) -> None:
        if cases:
            self._each = {model: used / cases for model, used in self.keys.used().items()}


@contextmanager
def _uncollected() -> Iterator[None]:
    """A chunk keeps all that it makes until it is written, so looking for garbage meanwhile finds none."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _known(chunk: list[History]) -> set[tuple[str, str]]:
    """Which of the histories stand in the database already: one query for each source."""
    wanted: dict[str, list[str]] = {}
    for history in chunk:
        if history.external:
            wanted.setdefault(history.external[0], []).append(history.external[1])
    found: set[tuple[str, str]] = set()
    for source, names in wanted.items():
        rows = Case.objects.filter(source=source, external_id__in=names).values_list("external_id", flat=True)
        found |= {(source, name) for name in rows if name is not None}
    return found


def _tell(history: History, memory: Memory, seen: set[tuple[str, str]]) -> Outcome:
    """Take all steps of one history, or none."""
    if history.external in seen:
        return Outcome(Result.UNCHANGED)
    back, doing, case = memory.sheaf.mark(), "open", None
    try:
        case = begin(history.opening, by=history.by, at=history.at)
        for step in history.steps:
            doing = step.do
            step.take(case)
    except Refused as refusal:
        back()
        if case is not None:
            memory.forget(case)
        return Outcome(Result.REFUSED, refusal=refusal, step=doing)
    if history.external:
        seen.add(history.external)
    return Outcome(Result.OPENED, case.pk)
