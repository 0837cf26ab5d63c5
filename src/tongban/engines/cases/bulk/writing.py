"""Chunks of histories: prepared while nothing is locked, then written in one short transaction each."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain, islice

from django.db import IntegrityError, models, transaction

from tongban.core.database import aside, insert_rows
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


@dataclass(frozen=True, slots=True)
class _Ready:
    """A chunk as the driver takes it, and what will have become of it."""

    chunk: list[History]
    known: set[tuple[str, str]]  # source and external id of those that stood in the database when we looked
    outcomes: list[Outcome]
    cases: list[int]
    rows: Callable[[], int]

    def brings(self) -> set[tuple[str, str]]:
        """Source and external id of those that stand in the database once this is written."""
        pairs = zip(self.chunk, self.outcomes, strict=True)
        return {h.external for h, o in pairs if h.external and o.result is not Result.REFUSED}

    def write(self) -> Chunk:
        """Write it in one transaction."""
        if not self.cases:
            return Chunk(0, 0, 0.0)
        with transaction.atomic():
            begun = time.perf_counter()
            rows = self.rows()
        return Chunk(len(self.cases), rows, time.perf_counter() - begun)


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
    transaction takes about ``lock`` seconds. Histories are read a chunk ahead: while one is written, the next is
    prepared.
    """
    writer, waiting, size = _Writer(quiet), iter(histories), _FIRST
    under_way: tuple[_Ready, Future[Chunk]] | None = None
    with aside() as begin_writing:
        while True:
            trouble: Exception | None = None
            try:
                ready = writer.prepare(list(islice(waiting, size)), under_way[0] if under_way else None)
            except Exception as error:
                # What is being written is told of first.
                trouble, ready, waiting = error, _NOTHING, _raising(error)
            if under_way is not None:
                before, writing = under_way
                written = _written(before, writing)
                if written is None:
                    writer.give_back(before.cases + ready.cases)
                    waiting, under_way = chain(before.chunk, ready.chunk, waiting), None
                    continue
                if written.cases:
                    if on_chunk is not None:
                        on_chunk(written)
                    size = max(_LEAST, min(_MOST, size * 2, int(written.cases * lock / written.locked)))
                yield from before.outcomes
            if trouble is not None:
                raise trouble
            if not ready.chunk:
                return
            under_way = ready, begin_writing(ready.write)


_NOTHING = _Ready([], set(), [], [], lambda: 0)


def _written(chunk: _Ready, writing: Future[Chunk]) -> Chunk | None:
    """What was written; None where somebody else has brought some of it since we looked, so that we must look again.

    Two who bring the same rows side by side meet more than once; what is known only grows, so this ends.
    """
    try:
        return writing.result()
    except IntegrityError:
        if chunk.known == _known(chunk.chunk):
            raise
        return None


def _raising(error: Exception) -> Iterator[History]:
    raise error
    yield  # a generator: what stands in front of it is read first


class _Writer:
    """Prepares chunks, and remembers from one to the next how many keys each takes."""

    def __init__(self, quiet: bool) -> None:
        self.quiet = quiet
        self.keys = Keys()
        self._each: dict[type[models.Model], float] = {}

    def prepare(self, chunk: list[History], before: _Ready | None) -> _Ready:
        """Take all steps in memory; what the chunk ``before`` brings may not stand in the database yet."""
        if not chunk:
            return _NOTHING
        with reference.hold(), _uncollected():
            known = _known(chunk)
            seen = known | before.brings() if before else set(known)
            fresh = [h.external is None or h.external not in seen for h in chunk]
            self._reserve(sum(fresh))
            accounts = Accounts(set().union(*(h.accounts() for h in chunk)))
            memory = Memory(self.keys, accounts, quiet=self.quiet)
            token = KEEPER.set(memory)
            try:
                outcomes = [
                    _tell(h, memory, seen) if new else Outcome(Result.UNCHANGED)
                    for h, new in zip(chunk, fresh, strict=True)
                ]
                rows = self._prepare(memory)
            finally:
                KEEPER.reset(token)
            self._learn(len(memory.cases))
            return _Ready(chunk, known, outcomes, list(memory.cases), rows)

    def give_back(self, cases: list[int]) -> None:
        """The numbers of cases that were not written after all go to the next, so that there is no gap."""
        for case in reversed(cases):
            self.keys.give_back(Case, case)

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
