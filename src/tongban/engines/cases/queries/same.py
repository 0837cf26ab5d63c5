"""What belongs together with a case, as far as its reader may see it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from tongban.core.access.viewer import Viewer
from tongban.core.labels import Label
from tongban.engines.cases.heads import head_key, merged_with
from tongban.engines.cases.models import Case, Link
from tongban.engines.cases.queries.sight import at_work
from tongban.engines.cases.secrets import case_number
from tongban.engines.cases.types import case_type

Kind = Link.Kind


@dataclass(frozen=True, slots=True)
class Kin:
    """Another case that the reader may open."""

    key: int
    number: str
    title: str
    state: str
    label: Label


@dataclass(frozen=True, slots=True)
class Same:
    """The case as which this one goes on, and those that go on as this one; ``hidden``: how many he may not open.

    ``source`` is what it was split from, ``taken_out`` what was split from it; ``over`` and ``under``, where it stands.
    """

    head: Kin | None
    merged: list[Kin]
    hidden: int
    source: Kin | None
    taken_out: list[Kin]
    over: Kin | None
    under: list[Kin]

    def __bool__(self) -> bool:
        one = self.head or self.source or self.over
        return one is not None or bool(self.merged or self.taken_out or self.under) or self.hidden > 0


def same_matter(viewer: Viewer, case: Case) -> Same:
    """The links that are in force about ``case``, for an officer."""
    near = Link.objects.filter(Q(case=case) | Q(other=case), undone_at=None).select_related("case", "other")
    links = list(near.order_by("pk"))
    merged = merged_with(case.pk) if any(one.kind == Kind.MERGED for one in links) else []
    heads = list(Case.objects.filter(pk=head_key(case))) if case.merged_into_id is not None else []
    others = {c.pk: c for c in (*merged, *heads, *(x for one in links for x in (one.case, one.other)))}
    seen = at_work(viewer).of(others) if links else set()

    def shown(cases: Iterable[Case]) -> list[Kin]:
        return [kin(c) for c in cases if c.pk in seen]

    def near_by(kind: Kind, *, above: bool) -> list[Kin]:
        mine = [one for one in links if one.kind == kind and (one.case_id == case.pk) is above]
        return shown(one.other if above else one.case for one in mine)

    return Same(
        next(iter(shown(heads)), None), shown(merged), sum(c.pk not in seen for c in merged),
        next(iter(near_by(Kind.SPLIT, above=True)), None), near_by(Kind.SPLIT, above=False),
        next(iter(near_by(Kind.CHILD, above=True)), None), near_by(Kind.CHILD, above=False),
    )  # fmt: skip


def kin(case: Case) -> Kin:
    """A case as one line beside another."""
    label = case_type(case.programme, case.kind).lifecycle.states[case.state]
    return Kin(case.pk, case_number(case.pk), case.title, case.state, label)
