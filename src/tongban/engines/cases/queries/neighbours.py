"""What has been asked already and is open to neighbours: before anything is asked again."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from tongban.core.access.viewer import Viewer
from tongban.core.labels import Label
from tongban.core.registry.queries import directory
from tongban.core.words import words_in
from tongban.engines.cases.actions.neighbours import NEIGHBOUR
from tongban.engines.cases.logic.likeness import telling, weights
from tongban.engines.cases.models import Case, Participant
from tongban.engines.cases.types import case_type

_MOST = 50
_COMPARED = 300  # the newest open matters whose titles are held against somebody's words
_LETTERS = 600  # of these words: what it is about stands at the beginning
_SHOWN = 3
_LIKE = 0.15  # of the weight of a title's words: one that tells is enough, for a title is short


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
    found = _open(programme, area, at)
    if category:
        found = found.filter(category=category)
    return _matters(viewer, list(found.order_by("-pk")[:_MOST]))


def open_like(viewer: Viewer, programme: str, text: str, *, area: int, at: datetime) -> list[Matter]:
    """The open matters whose titles are likest to ``text``, in the town of ``area`` or, if that is none, in the county.

    The approved titles are compared and nothing else, so that nobody learns from trying words what was asked. What the
    viewer has asked himself is none of them: that stands among his own.
    """
    said = set(telling(words_in(text[:_LETTERS])))
    if not said:
        return []
    rows = list(_open(programme, directory().places[area].town or area, at).order_by("-pk")[:_COMPARED])
    titles = {row.pk: set(telling(words_in(row.open_title))) for row in rows}
    weight = weights(Counter(word for held in titles.values() for word in held), len(rows))

    def like(row: Case) -> float:
        held = titles[row.pk]
        return sum(map(weight, held & said)) / min(sum(map(weight, held)), sum(map(weight, said))) if held else 0.0

    found = [(like(row), row.area_id == area, row.pk, row) for row in rows if not _asked_by(viewer, row)]
    likest = sorted((one for one in found if one[0] >= _LIKE), key=lambda one: one[:3], reverse=True)
    return _matters(viewer, [row for *_, row in likest[:_SHOWN]])


def takes_part(viewer: Viewer, published: int) -> bool:
    """Whether the viewer asked, or has joined, what is published under this number."""
    if viewer.person is None:
        return False
    number = Q(publications=published, publications__first=None) | Q(publications__first=published)
    his = Q(requester=viewer.person) | Q(beneficiary=viewer.person) | Q(participants__person=viewer.person)
    return Case.objects.filter(number, his).exists()


def has_joined(viewer: Viewer, case: int) -> bool:
    """Whether the viewer is a neighbour who follows the case."""
    if viewer.person is None:
        return False
    return Participant.objects.filter(case=case, person=viewer.person, role=NEIGHBOUR).exists()


def _open(programme: str, area: int, at: datetime) -> QuerySet[Case]:
    # Asked of the asker's wish too, as for what is published: so nothing depends on one column alone.
    return Case.objects.filter(
        programme=programme,
        area__in=sorted(directory().within(area)),
        opened_at__lte=at,
        closed_at=None,
        kept_private=False,
    ).exclude(open_title="")


def _matters(viewer: Viewer, rows: list[Case]) -> list[Matter]:
    mine = _mine(viewer, rows)
    return [_matter(row, row.pk in mine) for row in rows]


def _asked_by(viewer: Viewer, row: Case) -> bool:
    return viewer.person is not None and viewer.person == row.requester_id


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
