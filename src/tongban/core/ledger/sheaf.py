"""Many actions written at once: their rows, entries and outbox rows are gathered in memory and then written together.

A :class:`SheafJournal` is a :class:`~tongban.core.ledger.journal.Journal` whose rows go into a :class:`Sheaf` instead of
the database, so an action that is given one does what it always does. Whoever makes the sheaf writes it, in one
transaction, with what :meth:`Sheaf.prepare` gives: all or nothing.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from functools import cache
from operator import attrgetter, itemgetter
from typing import Any

from django.db import models, transaction

from tongban.core.database import insert_rows, next_ids, plain_rows
from tongban.core.ledger.journal import Journal
from tongban.core.ledger.logic import Fact, canonical
from tongban.core.ledger.models import Entry, Outbox, Recorded

_FACT = attrgetter(*Fact.__slots__)
_OUTBOX = ("topic", "key", "payload", "action", "created_at", "due_at", "attempts", "error")
_ENTRY = (*Fact.__slots__, "hash")


class Keys:
    """Primary keys reserved in blocks, so that rows which are not written yet can name one another."""

    def __init__(self) -> None:
        self._left: dict[type[models.Model], deque[int]] = {}
        self._used: dict[type[models.Model], int] = {}

    def reserve(self, wanted: dict[type[models.Model], int]) -> None:
        """See to it that at least so many keys of each model are at hand: one short transaction."""
        short = {model: n - len(self._left.get(model, ())) for model, n in wanted.items()}
        short = {model: n for model, n in short.items() if n > 0}
        if not short:
            return
        with transaction.atomic():
            for model, n in short.items():
                self._left.setdefault(model, deque()).extend(next_ids(model, n))

    def take(self, model: type[models.Model]) -> int:
        """The next key of ``model``."""
        self._used[model] = self._used.get(model, 0) + 1
        left = self._left.get(model)
        if not left:
            self.reserve({model: 64})
            left = self._left[model]
        return left.popleft()

    def give_back(self, model: type[models.Model], key: int) -> None:
        """Return the key that was taken last: the next row gets it."""
        self._left[model].appendleft(key)
        self._used[model] = self._used.get(model, 0) - 1

    def used(self) -> dict[type[models.Model], int]:
        """How many keys of each model have been taken since this was last asked."""
        used, self._used = self._used, {}
        return used


class Sheaf:
    """Rows that do not stand in the database yet, and what the ledger and the worker are to know of them."""

    def __init__(self, keys: Keys, *, quiet: bool = False) -> None:
        self.keys, self.quiet = keys, quiet
        self.rows: dict[type[models.Model], list[models.Model]] = {}
        self.entries: list[tuple[Any, ...]] = []
        self.outbox: list[tuple[Any, ...]] = []
        self.hashes: dict[tuple[str, int], bytes] = {}

    def mark(self) -> Callable[[], None]:
        """Remember how much is here; calling the answer takes everything later out again."""
        rows = {model: len(found) for model, found in self.rows.items()}
        entries, outbox = len(self.entries), len(self.outbox)

        def back() -> None:
            for model, found in self.rows.items():
                del found[rows.get(model, 0) :]
            del self.entries[entries:], self.outbox[outbox:]

        return back

    def prepare(self) -> Callable[[], int]:
        """Turn all of it into what the driver takes; calling the answer inside a transaction writes it.

        The work is done here, so that the transaction holds its locks for the writing alone. The answer gives the
        number of rows. Objects come before their parts, for parts name them.
        """
        tables: list[tuple[type[models.Model], Sequence[str], Iterable[tuple[Any, ...]]]] = []
        for model in sorted(self.rows, key=lambda m: not issubclass(m, Recorded)):
            # A row's own dictionary: a foreign key's attribute would ask its descriptor.
            tables.append((model, _all(model), map(itemgetter(*_all(model)), map(vars, self.rows[model]))))
        tables += [(Entry, _ENTRY, self.entries), (Outbox, _OUTBOX, self.outbox)]
        ready = [(model, *table_rows(model, names, rows)) for model, names, rows in tables]

        def write() -> int:
            for model, columns, rows in ready:
                if rows:
                    insert_rows(model, columns, rows)
            return sum(len(rows) for _, _, rows in ready)

        return write

    def journal(self, name: str, **how: Any) -> SheafJournal:
        """A journal for one action (arguments as for :class:`Journal`)."""
        return SheafJournal(self, name, **how)


class SheafJournal(Journal):
    """One action of many: what it changes goes into its sheaf."""

    def __init__(self, sheaf: Sheaf, name: str, **how: Any) -> None:
        super().__init__(name, **how)
        self.sheaf = sheaf
        self._asked: list[tuple[Any, ...]] = []

    def _transaction(self) -> AbstractContextManager[Any]:
        return nullcontext()

    def _insert(self, row: models.Model) -> None:
        model = type(row)
        row.pk = self.sheaf.keys.take(model)
        row._state.adding = False
        self.sheaf.rows.setdefault(model, []).append(row)

    def _insert_all(self, rows: Iterable[models.Model]) -> None:
        for row in rows:
            self._insert(row)

    def _update(self, row: models.Model, changed: dict[str, Any]) -> None:
        """Nothing to do: the row in the sheaf is the row that the action has changed."""

    def _delete(self, row: models.Model) -> None:
        self.sheaf.rows[type(row)].remove(row)

    def _move_on(self, row: Recorded, changed: dict[str, Any], *, new: bool) -> None:
        """Nothing to do, and nobody else to be overtaken by."""

    def _last_hash(self, row: Recorded) -> bytes:
        return self.sheaf.hashes[row._meta.label_lower, row.pk]

    def _keep(self, facts: list[tuple[Fact, bytes]]) -> None:
        for fact, digest in facts:
            self.sheaf.hashes[fact.kind, fact.object_id] = digest
            self.sheaf.entries.append((self.action, *_FACT(fact)[1:], digest))
        self.sheaf.outbox += self._asked

    def send(self, topic: str, *, key: str, due_at: datetime | None = None, **payload: Any) -> None:
        """Ask the worker for something, as :meth:`Journal.send` does; a quiet sheaf asks for nothing."""
        if self.sheaf.quiet:
            return
        self._asked.append((topic, key, canonical(payload), self.action, self.at, due_at or self.at, 0, ""))


def table_rows(
    model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]]
) -> tuple[list[str], list[Sequence[Any]]]:
    """Column names and rows as the driver takes them, from attribute names and values."""
    by_name = {f.attname: f for f in model._meta.concrete_fields}
    columns = [by_name[name] for name in names]
    return [str(c.column) for c in columns], plain_rows(columns, rows)


@cache
def _all(model: type[models.Model]) -> tuple[str, ...]:
    return tuple(f.attname for f in model._meta.concrete_fields)
