"""The story of a case, line by line, as one reader may see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from tongban.core.labels import Label
from tongban.core.registry.queries import directory
from tongban.engines.cases.heads import head_key
from tongban.engines.cases.models import Case, StoryItem
from tongban.engines.cases.story import TAKEN_OVER

Audience = StoryItem.Audience
#: Whether it is taken on, by whom, or why not: everybody who asked is promised that.
_SENT_ON = ("accept", "assign", "decline", "refer")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the story. ``who`` is an officer's name, told to staff alone; the unit is told to all."""

    kind: str
    audience: int
    happened_at: datetime
    precision: str
    who: str
    unit: Label | None
    other: Label | None
    text: str


def story_of(case: Case, level: int, names: Mapping[int, str]) -> list[Line]:
    """Its lines, newest first; ``names`` are those of officers, by their accounts."""
    bodies, items = directory().bodies, list(case.story.filter(audience__lte=level).order_by("-happened_at", "-pk"))
    if case.merged_into_id is not None and level <= Audience.PARTY:
        items = [*_gone_on(case), *items]
    return [
        Line(
            item.kind, item.audience, item.happened_at, item.precision, _doer(case, item, names),
            bodies[item.unit_id].name if item.unit_id else None,
            bodies[item.other_id].name if item.other_id else None,
            item.text,
        )
        for item in items
    ]  # fmt: skip


def _gone_on(case: Case) -> list[StoryItem]:
    """Of that as which a merged case has gone on since: what its requester is sent a message about, and would look for here."""
    lines = StoryItem.objects.filter(
        case=head_key(case), kind__in=_SENT_ON, audience=Audience.PUBLIC, happened_at__gte=case.closed_at
    )
    return list(lines.order_by("-happened_at", "-pk"))


def _doer(case: Case, item: StoryItem, names: Mapping[int, str]) -> str:
    """Who did it; nobody of ours where it happened elsewhere and was only brought here."""
    elsewhere = item.kind in TAKEN_OVER or (item.kind == "open" and case.batch_id is not None)
    return "" if elsewhere else names.get(item.by_account or 0, "")
