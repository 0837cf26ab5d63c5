"""The keeper of cases that stand in the database: read many at a time, changed in memory, written together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import models

from tongban.core.database import update_rows
from tongban.core.ledger.changes import Changes, ChangesJournal
from tongban.core.ledger.rows import read_rows
from tongban.core.ledger.sheaf import Keys
from tongban.engines.cases.actions.keeping import Keeper, PartRow
from tongban.engines.cases.actions.writing import NO_CLOCK
from tongban.engines.cases.models import Assignment, Case, CaseScope, StoryItem

# What an action may change of such a case: by none of it does anybody come to see it, or find it by other words.
_CLOCKS = frozenset({"due_at", "promised_at", "risen", "rises_at", "version"})


class Standing(Keeper):
    """Some cases, locked until the transaction ends in which this is made.

    Of each kind of part those of all cases are read when the first is asked for. An action may change clocks and add
    lines to the story, and nothing by which sight or search would change.
    """

    sees_later = True

    def __init__(self, keys: Sequence[int], reserved: Keys) -> None:
        found = Case.objects.select_for_update().filter(pk__among=keys).order_by("pk")
        self.cases = {row.pk: row for row in read_rows(found)}
        self.changes = Changes(reserved, Case, list(self.cases))
        self._parts: dict[type[models.Model], dict[int, list[Any]]] = {}
        self._reopened: defaultdict[int, list[tuple[datetime, int | None]]] | None = None
        for case in self.cases.values():
            case._duties = self.parts(case, Assignment)  # type: ignore[attr-defined]

    def journal(self, name: str, **how: Any) -> ChangesJournal:
        """What collects one action."""
        return self.changes.journal(name, **how)

    def case(self, key: int) -> Case | None:
        """The case as it was read, or as an action has left it."""
        return self.cases.get(key)

    def parts(self, case: Case, model: type[PartRow]) -> list[PartRow]:
        """All parts of one kind, oldest first."""
        known = self._parts.get(model)
        if known is None:
            known = self._parts[model] = defaultdict(list)
            for row in read_rows(model._default_manager.filter(case_id__among=list(self.cases)).order_by("pk")):
                known[row.case_id].append(row)  # type: ignore[attr-defined]
        return known[case.pk]

    def reopenings(self, case: Case) -> list[tuple[datetime, int | None]]:
        """Each time it was to be done again; the lines of all cases that were are read with the first."""
        if self._reopened is None:
            self._reopened = defaultdict(list)
            keys = [one.pk for one in self.cases.values() if one.reopened]
            lines = StoryItem.objects.filter(case_id__among=keys, kind="reopen").order_by("pk")
            for key, at, unit in lines.values_list("case_id", "happened_at", "other_id"):
                self._reopened[key].append((at, unit))
        return self._reopened[case.pk]

    def write(self) -> None:
        """Write what was done, and bring sight in step: where something waits, its row bears the case's due time."""
        changed = self.changes.changed.get(Case, {})
        strange = set().union(*changed.values()) - _CLOCKS
        if strange:
            raise TypeError(f"this keeper changes clocks alone, not {', '.join(sorted(strange))}")
        self.changes.write()
        due = [(key, new["due_at"] or NO_CLOCK) for key, new in changed.items() if "due_at" in new]
        if due:
            update_rows(CaseScope, ("case_id",), ("due_at",), due, among="queue > 0")
