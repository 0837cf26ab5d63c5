"""Where actions find what they change, and where they leave it: in the database, unless somebody gathers many at once.

Every action asks :func:`keeper` for its journal, its case and the parts of it that it reads. So the bulk writer
(``engines.cases.bulk``) runs the actions themselves over cases that are not written yet, and cannot differ from them.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextvars import ContextVar
from datetime import datetime
from functools import cache
from typing import Any, TypeVar

from django.db import models

from tongban.core.access.models import Account
from tongban.core.access.viewer import Viewer, viewer_of
from tongban.core.ledger.journal import Journal
from tongban.core.ledger.rows import Prepared
from tongban.engines.cases.models import Case, StoryItem

PartRow = TypeVar("PartRow", bound=models.Model)


class Keeper:
    """Cases in the database."""

    # Whether somebody else brings sight and search in step once all steps are taken.
    sees_later = False

    def journal(self, name: str, **how: Any) -> Journal:
        """What collects one action (arguments as for :class:`Journal`)."""
        return Journal(name, **how)

    def case(self, key: int) -> Case | None:
        """The case with what actions need of it."""
        return _CASE.one(key)

    def parts(self, case: Case, model: type[PartRow]) -> list[PartRow]:
        """All parts of one kind, oldest first."""
        return _parts(model).rows(case.pk)

    def reported(self, case: Case) -> set[int | None]:
        """The units that have reported back."""
        lines = StoryItem.objects.filter(case_id=case.pk, kind="feed_back")
        return set(lines.values_list("unit_id", flat=True))

    def handed_over(self, case: Case) -> list[tuple[int | None, int | None, datetime]]:
        """(unit, officer, when) of each time it was handed over, oldest first."""
        lines = StoryItem.objects.filter(case_id=case.pk, kind="hand_over").order_by("pk")
        return list(lines.values_list("unit_id", "account", "happened_at"))

    def reopenings(self, case: Case) -> list[tuple[datetime, int | None]]:
        """Each time it was to be done again: when, and by which unit (None: the desk gave it out anew), oldest first."""
        lines = StoryItem.objects.filter(case_id=case.pk, kind="reopen").order_by("pk")
        return list(lines.values_list("happened_at", "other_id"))

    def viewer(self, account: int, at: datetime) -> Viewer | None:
        """What an account may do at ``at``; None if there is no such account."""
        found = _ACCOUNT.one(account)
        return viewer_of(found, at) if found else None

    def persons(self, accounts: Iterable[int]) -> set[int | None]:
        """The persons behind accounts."""
        return set(Account.objects.filter(pk__in=accounts).values_list("person_id", flat=True))


_CASE = Prepared(Case, related=("requester", "firm"))
_ACCOUNT = Prepared(Account, related=("person",))


@cache
def _parts(model: type[PartRow]) -> Prepared[PartRow]:
    return Prepared(model, "case_id")


KEEPER: ContextVar[Keeper] = ContextVar("keeper", default=Keeper())  # noqa: B039 - it holds nothing


def keeper() -> Keeper:
    """The keeper in force."""
    return KEEPER.get()
