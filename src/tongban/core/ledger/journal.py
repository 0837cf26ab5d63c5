"""The one way to write: rows, their entries and their outbox rows, in one transaction, all or nothing."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from types import TracebackType
from typing import Any, Self
from uuid import UUID, uuid4

from django.db import models, transaction

from tongban.core.database import fetch_rows
from tongban.core.labels import Label
from tongban.core.ledger.actor import Actor, Precision
from tongban.core.ledger.images import image_of, label_of, whole_image
from tongban.core.ledger.logic import GENESIS, Fact, canonical
from tongban.core.ledger.models import Entry, Outbox, Recorded
from tongban.core.refusals import Refused, declare

_LAST_HASH = f"SELECT hash FROM {Entry._meta.db_table} WHERE kind = %s AND object_id = %s AND number = %s"  # noqa: S608 - our names

declare(
    {
        "ledger.overtaken": Label(
            "刚才有人先办了这一件，您看到的已不是最新。请刷新后再办。",
            "Somebody has just acted on this before you, so what you saw is out of date. Reload and look again.",
        ),
    }
)


class Journal:
    """Collects one action's changes and, on leaving, writes the entry of each object that was changed.

    Use as a context manager around one transaction::

        with Journal("cases.accept", by=by, at=at) as journal:
            journal.change(case, state="accepted")
            journal.add(StoryItem(case=case, ...), of=case)
            journal.send("notices.deliver", key=f"...", notice=notice.pk)

    ``at`` is the moment of recording; ``happened_at`` (with its ``precision``) is when the thing itself took place, if
    that was at another time.
    """

    def __init__(
        self,
        name: str,
        *,
        by: Actor,
        at: datetime,
        happened_at: datetime | None = None,
        precision: Precision = Precision.SECOND,
        programme: str = "",
        unit: int | None = None,
        area: int | None = None,
        action: UUID | None = None,
    ) -> None:
        self.name, self.by, self.at = name, by, at
        self.happened_at, self.precision = happened_at or at, precision
        self.programme, self.unit, self.area = programme, unit, area
        self.action = action or uuid4()
        self._atomic = self._transaction()
        self._chains: dict[tuple[str, int], _Chain] = {}
        self._outbox: list[Outbox] = []

    # -- what an action may do -----------------------------------------------------------------------------------

    def add(self, row: models.Model, *, of: Recorded | None = None) -> None:
        """Insert a new object, or a new part ``of`` an object."""
        if isinstance(row, Recorded):
            row.version = 1
        self._insert(row)
        if isinstance(row, Recorded):
            self._chain(row).new = True
        self._note(row, of)

    def add_many(self, rows: Iterable[models.Model], *, of: Recorded) -> None:
        """Insert several parts of one model with one statement."""
        rows = list(rows)
        if not rows:
            return
        self._insert_all(rows)
        for row in rows:
            self._note(row, of)

    def change(self, row: models.Model, *, of: Recorded | None = None, **columns: Any) -> None:
        """Set ``columns`` of an object, or of a part ``of`` an object. Columns that keep their value are left out."""
        changed = {name: value for name, value in columns.items() if getattr(row, name) != value}
        for name, value in changed.items():
            setattr(row, name, value)
        if not changed:
            return
        if isinstance(row, Recorded) and of is None:
            # The object itself is written once, on leaving, together with its version.
            self._chain(row).pending.update(changed)
        else:
            self._update(row, changed)
        self._note(row, of, changed)

    def remove(self, row: models.Model, *, of: Recorded) -> None:
        """Delete a part of an object."""
        key = row.pk
        self._delete(row)
        self._chain(of).images.append([label_of(row), key, None])

    def touch(self, row: Recorded) -> None:
        """Write an entry for an object of which no column changes (somebody looked at a protected field, say)."""
        self._chain(row)

    def send(self, topic: str, *, key: str, due_at: datetime | None = None, **payload: Any) -> None:
        """Ask the worker for something after this action is committed; ``key`` makes it happen once."""
        row = Outbox(topic=topic, key=key, payload=canonical(payload), action=self.action)
        row.created_at, row.due_at = self.at, due_at or self.at
        self._outbox.append(row)

    # -- where rows go: the database here, memory in a sheaf (see core.ledger.sheaf) ------------------------------

    def _transaction(self) -> AbstractContextManager[Any]:
        return transaction.atomic()

    def _insert(self, row: models.Model) -> None:
        row.save(force_insert=True)

    def _insert_all(self, rows: list[models.Model]) -> None:
        type(rows[0])._default_manager.bulk_create(rows)

    def _update(self, row: models.Model, changed: dict[str, Any]) -> None:
        if not type(row)._default_manager.filter(pk=row.pk).update(**changed):
            raise Refused("ledger.overtaken")

    def _delete(self, row: models.Model) -> None:
        row.delete()

    def _move_on(self, row: Recorded, changed: dict[str, Any], *, new: bool) -> None:
        """Write an object's changed columns, if nobody else has changed it since it was read."""
        rows = type(row)._default_manager.filter(pk=row.pk)
        # Whoever changed the object since it was read has moved its version on: then nothing is written at all.
        found = rows if new else rows.filter(version=row.version - 1)
        if not found.update(**changed):
            raise Refused("ledger.overtaken")

    def _keep(self, facts: list[tuple[Fact, bytes]]) -> None:
        """Write the entries, each with its hash, and what the worker is asked to do."""
        if facts:
            Entry.objects.bulk_create([Entry(**_as_columns(fact), hash=digest) for fact, digest in facts])
        if self._outbox:
            Outbox.objects.bulk_create(self._outbox)

    # -- the transaction -----------------------------------------------------------------------------------------

    def __enter__(self) -> Self:
        self._atomic.__enter__()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if error is None:
            try:
                self._write()
            except BaseException as failure:
                self._atomic.__exit__(type(failure), failure, failure.__traceback__)
                raise
        self._atomic.__exit__(kind, error, at)

    def _write(self) -> None:
        self._keep([self._entry(chain) for chain in self._chains.values()])

    def _entry(self, chain: _Chain) -> tuple[Fact, bytes]:
        row = chain.row
        before = GENESIS
        if not chain.new:
            before = self._last_hash(row)
            row.version += 1
            chain.pending["version"] = row.version
        if chain.pending:
            self._move_on(row, chain.pending, new=chain.new)
        fact = self.fact(row, chain.images)
        return fact, fact.hash(before)

    def fact(self, row: Recorded, images: list[Any]) -> Fact:
        """What the entry for ``row`` says."""
        return Fact(
            action=str(self.action),
            kind=label_of(row),
            object_id=row.pk,
            number=row.version,
            name=self.name,
            by_account=self.by.account,
            by_role=self.by.role,
            on_behalf=self.by.on_behalf,
            by_system=self.by.system,
            happened_at=self.happened_at,
            happened_precision=self.precision.value,
            recorded_at=self.at,
            programme=self.programme,
            unit=self.unit,
            area=self.area,
            schema=1,
            images=canonical(images),
        )

    def _last_hash(self, row: Recorded) -> bytes:
        found = fetch_rows((), _LAST_HASH, (label_of(row), row.pk, row.version))
        if not found:
            raise Refused("ledger.overtaken")
        return bytes(found[0][0])

    # -- images --------------------------------------------------------------------------------------------------

    def _chain(self, row: Recorded) -> _Chain:
        key = label_of(row), row.pk
        found = self._chains.get(key)
        if found is None:
            found = self._chains[key] = _Chain(row)
        return found

    def _note(self, row: models.Model, of: Recorded | None, columns: dict[str, Any] | None = None) -> None:
        """Keep what a row's ``columns`` now hold (all of them, unless told which)."""
        root = of if of is not None else row
        if not isinstance(root, Recorded):
            raise TypeError(f"{label_of(row)} is a part: say of which object")
        images = self._chain(root).images
        image = whole_image(row, root) if columns is None else image_of(row, root, columns)
        for known in images:
            if known[0] == image[0] and known[1] == image[1] and known[2] is not None:
                known[2].update(image[2])
                return
        images.append(image)


@dataclass(slots=True)
class _Chain:
    """What one action does to one object."""

    row: Recorded
    images: list[Any] = field(default_factory=list)
    pending: dict[str, Any] = field(default_factory=dict)
    new: bool = False


def _as_columns(fact: Fact) -> dict[str, Any]:
    return {name: getattr(fact, name) for name in fact.__slots__}
