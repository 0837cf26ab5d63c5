"""Many actions on objects that stand in the database already: what they change and add is written together.

:class:`Changes` is to standing objects what a :class:`~tongban.core.ledger.sheaf.Sheaf` is to new ones. Whoever makes it
has read the objects inside the transaction in which he then calls :meth:`Changes.write`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import models
from django.db.models import OuterRef, Subquery

from tongban.core.database import update_rows
from tongban.core.ledger.models import Entry, Recorded
from tongban.core.ledger.sheaf import Keys, Sheaf, SheafJournal
from tongban.core.refusals import Refused

_Columns = dict[str, Any]


class Changes(Sheaf):
    """New rows, and of each row that stood there before the columns that now hold something else."""

    def __init__(self, keys: Keys, model: type[Recorded], objects: Sequence[int]) -> None:
        """``objects``: the keys of those of ``model`` on which actions may follow."""
        super().__init__(keys)
        self.changed: dict[type[models.Model], dict[int, _Columns]] = {}
        self._model, self._objects = model, objects

    def last_hash(self, row: Recorded) -> bytes | None:
        """The hash of an object's last entry, to which the next one is chained; those of all are read with the first."""
        if not self.hashes:
            kind = self._model._meta.label_lower
            last = Entry.objects.filter(kind=kind, object_id=OuterRef("pk"), number=OuterRef("version")).values("hash")
            found = self._model._default_manager.filter(pk__among=self._objects).values_list("pk", Subquery(last))
            self.hashes = {(kind, key): bytes(digest) for key, digest in found if digest is not None}
        return self.hashes.get((row._meta.label_lower, row.pk))

    def change(self, row: models.Model, columns: _Columns) -> None:
        """Some columns of a row hold something else from now on."""
        self.changed.setdefault(type(row), {}).setdefault(row.pk, {}).update(columns)

    def journal(self, name: str, **how: Any) -> ChangesJournal:
        """A journal for one action (arguments as for :class:`~tongban.core.ledger.journal.Journal`)."""
        return ChangesJournal(self, name, **how)

    def write(self) -> int:
        """Write all of it; gives the number of rows. Refuses with ``ledger.overtaken``, and then nothing may be kept."""
        for model, rows in self.changed.items():
            for names, alike in _alike(rows).items():
                _update(model, names, alike)
        return sum(map(len, self.changed.values())) + self.prepare()()


class ChangesJournal(SheafJournal):
    """One action of many on objects that stand in the database; an object has one of these actions at most."""

    sheaf: Changes

    def _update(self, row: models.Model, changed: _Columns) -> None:
        self.sheaf.change(row, changed)

    def _delete(self, row: models.Model) -> None:
        raise NotImplementedError("nothing that is done to many at once removes a part")

    def _move_on(self, row: Recorded, changed: _Columns, *, new: bool) -> None:
        self.sheaf.change(row, changed)

    def _last_hash(self, row: Recorded) -> bytes:
        found = self.sheaf.last_hash(row)
        if found is None:
            raise Refused("ledger.overtaken")
        return found


def _alike(rows: dict[int, _Columns]) -> dict[tuple[str, ...], dict[int, _Columns]]:
    """Rows by the columns that have changed: one statement each."""
    found: dict[tuple[str, ...], dict[int, _Columns]] = {}
    for key, columns in rows.items():
        found.setdefault(tuple(sorted(columns)), {})[key] = columns
    return found


def _update(model: type[models.Model], names: tuple[str, ...], rows: dict[int, _Columns]) -> None:
    found_by: tuple[str, ...] = ("id",)
    values = ((key, *map(columns.get, names)) for key, columns in rows.items())
    if issubclass(model, Recorded):
        # As in a journal: whoever changed the object since it was read has moved its version on.
        found_by = ("id", "version")
        values = ((key, new["version"] - 1, *map(new.get, names)) for key, new in rows.items())
    if update_rows(model, found_by, names, values) != len(rows):
        raise Refused("ledger.overtaken")
