"""What has been asked already and is open to neighbours: before anything is asked again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tongban.core.access.viewer import Viewer
from tongban.core.labels import Label
from tongban.core.registry.queries import directory
from tongban.engines.cases.models import Case, Participant
from tongban.engines.cases.types import case_type

_MOST = 50


@dataclass(frozen=True, slots=True)
class Matter:
    """An open matter under the title that the desk has approved: nothing of the asker or of his words stands in it."""

    key: int
    title: str
    category: Label | None
    area: Label
    state: str
    label: Label
    neighbours: int
    opened_at: datetime
    taking_part: bool  # whether the viewer asked it or has joined


def open_matters(viewer: Viewer, programme: str, *, area: int, at: datetime, category: str = "") -> list[Matter]:
    """The newest matters in an area and below it that anybody may join at ``at``."""
    found = Case.objects.filter(
        programme=programme, area__in=sorted(directory().within(area)), opened_at__lte=at, closed_at=None
    ).exclude(open_title="")
    if category:
        found = found.filter(category=category)
    rows = list(found.order_by("-pk")[:_MOST])
    mine = _mine(viewer, rows)
    return [_matter(row, row.pk in mine) for row in rows]


def _mine(viewer: Viewer, rows: list[Case]) -> set[int]:
    if viewer.person is None or not rows:
        return set()
    joined = Participant.objects.filter(case__in=rows, person=viewer.person).values_list("case_id", flat=True)
    return {*joined, *(row.pk for row in rows if viewer.person in (row.requester_id, row.beneficiary_id))}


def _matter(row: Case, taking_part: bool) -> Matter:
    kind = case_type(row.programme, row.kind)
    category = kind.category(row.category)
    return Matter(
        row.pk, row.open_title, category.label if category else None, directory().places[row.area_id].name, row.state,
        kind.lifecycle.states[row.state], row.neighbours, row.opened_at, taking_part,
    )  # fmt: skip
