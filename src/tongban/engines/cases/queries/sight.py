"""What a viewer may see of the scope table, as conditions for queries. Every list, count and search asks this."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, QuerySet

from tongban.core.access import holders
from tongban.core.access.holders import Kind, kind_of
from tongban.core.access.models import Liaison
from tongban.core.access.viewer import Viewer
from tongban.core.words import holder_word
from tongban.engines.cases.models import Case, CaseScope
from tongban.engines.cases.types import types

_SCOPE, _CASE = CaseScope._meta.db_table, Case._meta.db_table


@dataclass(frozen=True, slots=True)
class Sight:
    """Ranges (holder, programme; "" for all), and the bodies a complaint about which is not to be seen."""

    ranges: tuple[tuple[int, str], ...]
    barred: tuple[int, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.ranges)

    @property
    def holders(self) -> frozenset[int]:
        """The holders among the ranges."""
        return frozenset(h for h, _ in self.ranges)

    def rows(self) -> Q:
        """The rows of the scope table that give this sight."""
        whole = [h for h, p in self.ranges if not p]
        parts = [Q(holder__in=whole)] + [Q(holder=h, programme=p) for h, p in self.ranges if p]
        rows = reduce(or_, parts)
        return rows & ~Q(case__about__in=self.barred) if self.barred else rows

    def of(self, keys: Iterable[int]) -> set[int]:
        """Those of the cases that are in sight; one query."""
        return set(self._scoped(keys).values_list("case_id", flat=True))

    def titles(self, keys: Iterable[int]) -> dict[int, str]:
        """The titles of those that are in sight; one query as well."""
        return dict(self._scoped(keys).values_list("case_id", "case__title"))

    def _scoped(self, keys: Iterable[int]) -> QuerySet[CaseScope]:
        if not self.ranges:
            return CaseScope.objects.none()
        return CaseScope.objects.filter(self.rows(), case_id__in=list(keys))

    def condition(self, alias: str) -> tuple[str, list[Any]]:
        """For raw SQL: the row ``alias`` of the scope table lies in one of the ranges."""
        gaps = " OR ".join(
            f"({alias}.holder = %s AND {alias}.programme = %s)" if p else f"{alias}.holder = %s" for _, p in self.ranges
        )
        return f"({gaps})", [x for h, p in self.ranges for x in ((h, p) if p else (h,))]

    def unbarred(self, alias: str) -> tuple[str, list[Any]]:
        """For raw SQL: the case of the row ``alias`` is no complaint about a barred body; empty where none is barred."""
        if not self.barred:
            return "", []
        gaps = ", ".join(["%s"] * len(self.barred))
        return (
            f"NOT EXISTS (SELECT 1 FROM {_CASE} b WHERE b.id = {alias}.case_id AND b.about_id IN ({gaps}))",
            list(self.barred),
        )

    def at_his_place(self, holder: int, alias: str) -> tuple[str, list[Any]]:
        """For raw SQL: what an officer handles himself counts while an office of his lets him see it; else empty."""
        if kind_of(holder) is not Kind.ACCOUNT:
            return "", []
        condition, params = self.condition("p")
        return f"EXISTS (SELECT 1 FROM {_SCOPE} p WHERE p.case_id = {alias}.case_id AND {condition})", params

    def words(self) -> list[str]:
        """The index's words of which a case in sight holds one."""
        known = sorted({p for p, _ in types()})
        return [holder_word(h, p) for h, only in self.ranges for p in ([only] if only else known)]


def at_work(viewer: Viewer) -> Sight:
    """What the viewer's offices let him see."""
    ranges = tuple(sorted(viewer.working_ranges()))
    return Sight(ranges, tuple(sorted(viewer.barred_by())) if ranges else ())


def as_asker(viewer: Viewer) -> Sight:
    """What he sees as an asker, a party or a follower."""
    return Sight(tuple((h, "") for h in sorted(viewer.own_holders())))


def as_liaison(viewer: Viewer) -> Sight:
    """What he sees as the liaison officer of firms: what they ask openly, while he holds an office.

    Asked for only where neither his offices nor his own requests let him in, so that no other page pays for it.
    """
    if viewer.account is None or not viewer.grants:
        return Sight(())
    firms = Liaison.objects.filter(account=viewer.account, until=None).values_list("firm_id", flat=True)
    ranges = tuple((holders.firm(firm), "") for firm in sorted(firms))
    return Sight(ranges, tuple(sorted(viewer.barred_by())) if ranges else ())
