"""Cases that are likely about the same: open ones to merge into, answered ones to learn from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tongban.core.access.viewer import Viewer
from tongban.engines.cases import ports
from tongban.engines.cases.models import Case
from tongban.engines.cases.queries.same import Kin, kin
from tongban.engines.cases.queries.sight import Sight, at_work
from tongban.engines.cases.types import case_type

_MOST = 5
_LIKE = 0.3  # below this, the words in common are everybody's
_GONE = ("merged", "undone")


@dataclass(frozen=True, slots=True)
class Like:
    """A case like another; ``likeness`` in percent."""

    kin: Kin
    likeness: int
    opened_at: datetime
    precision: str
    answered: bool
    merges: bool  # whether the other one may be merged into it


def similar_cases(viewer: Viewer, case: Case) -> list[Like]:
    """The likest cases that an officer may see beside this one, open ones first."""
    sight = at_work(viewer)
    found = _like(sight, f"{case.title}\n{case.body}", besides=case.pk)
    open_in = case_type(case.programme, case.kind).lifecycle.move("merge").sources
    here = (case.desk_id, case.programme, case.kind, case.about_id)
    likes = [
        Like(
            kin(c), round(100 * like), c.opened_at, c.opened_precision, c.answered_at is not None,
            c.state in open_in and (c.desk_id, c.programme, c.kind, c.about_id) == here,
        )
        for c, like in found
    ]  # fmt: skip
    return sorted(likes, key=lambda one: (not one.merges, -one.likeness))


def _like(sight: Sight, text: str, *, besides: int) -> Sequence[tuple[Case, float]]:
    if not sight:
        return []
    near = {key: like for key, like in ports.similar(text, seen_by=sight.words(), limit=3 * _MOST) if like >= _LIKE}
    near.pop(besides, None)
    if not near:
        return []
    # The index may be a moment behind, and holds complaints about the reader's own body too.
    seen = sight.of(near)
    cases = Case.objects.filter(pk__in=seen).exclude(state__in=_GONE)
    return sorted(((c, near[c.pk]) for c in cases), key=lambda one: -one[1])[:_MOST]
