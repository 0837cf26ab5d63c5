"""The keeper of cases that are not written yet."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from tongban.core.access.models import Account, Role
from tongban.core.access.viewer import NOBODY, Viewer, mandates_of, roles_of, viewer_with
from tongban.core.ledger.models import Recorded
from tongban.core.ledger.sheaf import Keys, Sheaf, SheafJournal
from tongban.core.registry.models import Mandate
from tongban.engines.cases.actions.keeping import Keeper, PartRow
from tongban.engines.cases.models import Case, StoryItem


class Accounts:
    """Some accounts with their roles and mandates, read together: three queries."""

    def __init__(self, keys: Iterable[int]) -> None:
        found = list(Account.objects.select_related("person").filter(pk__in=list(keys)))
        self._accounts = {a.pk: a for a in found}
        self._roles: dict[int, list[Role]] = {}
        for role in roles_of(self._accounts):
            self._roles.setdefault(role.account_id, []).append(role)
        self._mandates: dict[int, list[Mandate]] = {}
        for mandate in mandates_of(found):
            self._mandates.setdefault(mandate.person_id, []).append(mandate)
        self._viewers: dict[tuple[int, date], Viewer] = {}
        self._zone = timezone.get_default_timezone()

    def viewer(self, account: int, at: datetime) -> Viewer | None:
        """What an account may do at ``at``."""
        day = at.astimezone(self._zone).date()
        known = self._viewers.get((account, day))
        if known is not None:
            return known
        row = self._accounts.get(account)
        if row is None:
            return None
        viewer = NOBODY
        if row.is_active:
            mandates = self._mandates.get(row.person_id, ()) if row.person_id is not None else ()
            viewer = viewer_with(row, self._roles.get(account, ()), mandates, at)
        self._viewers[account, day] = viewer
        return viewer

    def persons(self, accounts: Iterable[int]) -> set[int | None]:
        """The persons behind accounts."""
        return {row.person_id for a in accounts if (row := self._accounts.get(a))}


class Memory(Keeper):
    """Cases and their parts in a sheaf. Sight and search follow once, when a case's last step is taken."""

    sees_later = True

    def __init__(self, keys: Keys, accounts: Accounts, *, quiet: bool) -> None:
        self.sheaf = Sheaf(keys, quiet=quiet)
        self.accounts = accounts
        self.cases: dict[int, Case] = {}
        self._parts: dict[int, dict[type[Any], list[Any]]] = {}

    def journal(self, name: str, **how: Any) -> SheafJournal:
        """What collects one action."""
        return _Journal(self, name, **how)

    def case(self, key: int) -> Case | None:
        """The case as the steps so far have left it."""
        return self.cases.get(key)

    def parts(self, case: Case, model: type[PartRow]) -> list[PartRow]:
        """All parts of one kind, oldest first."""
        return self._parts[case.pk].get(model, [])

    def handed_over(self, case: Case) -> list[tuple[int | None, int | None, datetime]]:
        """Each time it was handed over."""
        lines = [line for line in self.parts(case, StoryItem) if line.kind == "hand_over"]
        return [(line.unit_id, line.account, line.happened_at) for line in lines]

    def reopenings(self, case: Case) -> list[tuple[datetime, int | None]]:
        """Each time it was to be done again."""
        return [(line.happened_at, line.other_id) for line in self.parts(case, StoryItem) if line.kind == "reopen"]

    def reported(self, case: Case) -> set[int | None]:
        """The units that have reported back."""
        return {line.unit_id for line in self.parts(case, StoryItem) if line.kind == "feed_back"}

    def viewer(self, account: int, at: datetime) -> Viewer | None:
        """What an account may do at ``at``."""
        return self.accounts.viewer(account, at)

    def persons(self, accounts: Iterable[int]) -> set[int | None]:
        """The persons behind accounts."""
        return self.accounts.persons(accounts)

    def forget(self, case: Case) -> None:
        """A case whose history was refused; its number goes to the next."""
        del self.cases[case.pk], self._parts[case.pk]
        self.sheaf.keys.give_back(Case, case.pk)

    def keep(self, row: Any) -> None:
        """Know a new row again."""
        if isinstance(row, Case):
            self.cases[row.pk] = row
            self._parts[row.pk] = {}
            row._duties = []  # type: ignore[attr-defined]
        elif not isinstance(row, Recorded):
            self._parts[row.case_id].setdefault(type(row), []).append(row)

    def drop(self, row: Any) -> None:
        """Know a part no more that an action has removed."""
        self._parts[row.case_id][type(row)].remove(row)


class _Journal(SheafJournal):
    """One action on a case in memory."""

    def __init__(self, memory: Memory, name: str, **how: Any) -> None:
        super().__init__(memory.sheaf, name, **how)
        self._memory = memory

    def _insert(self, row: Any) -> None:
        super()._insert(row)
        self._memory.keep(row)

    def _delete(self, row: Any) -> None:
        super()._delete(row)
        self._memory.drop(row)
