"""Before anything is asked: has this very person asked it already, and has it been answered for everybody to read?"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from tongban.core.access import holders
from tongban.core.words import holder_word
from tongban.engines.cases import ports
from tongban.engines.cases.fulltext import similar_published
from tongban.engines.cases.models import Case
from tongban.engines.cases.queries.published import MatterRow, published_among
from tongban.engines.cases.queries.same import Kin, kin
from tongban.engines.cases.types import case_type

_MOST = 3
_LIKE = 0.3  # below this, the words in common are everybody's
ALIKE = 0.6  # from here on he is asked whether he means another matter


@dataclass(frozen=True, slots=True)
class Mine:
    """An open case of his own; ``likeness`` from 0 to 1."""

    kin: Kin
    likeness: float
    opened_at: datetime
    precision: str


def own_like(text: str, programme: str, *, person: int | None, proved: Collection[int] = ()) -> list[Mine]:
    """What he has asked himself that is like ``text`` and still open, the likest first.

    His own are those of ``person``, who has signed in, and the cases for which he has ``proved`` that he asked them: never a
    firm's other clerk's, nor what he only follows.
    """
    his = Case.objects.filter(Q(requester=person) if person is not None else Q(pk__in=()), programme=programme)
    shown = Case.objects.filter(pk__in=proved, programme=programme)
    asked_by = set(shown.exclude(requester=None).values_list("requester_id", flat=True)) if proved else set()
    known = sorted(asked_by | ({person} if person is not None else set()))
    if not known:
        return []
    seen_by = [holder_word(holders.person(one), programme) for one in known]
    near = {key: like for key, like in ports.similar(text, seen_by=seen_by, limit=5 * _MOST) if like >= _LIKE}
    cases = ((his | shown) & Case.objects.filter(pk__in=near, closed_at=None)) if near else []
    still = [c for c in cases if c.state not in case_type(c.programme, c.kind).lifecycle.ended]
    found = [Mine(kin(c), near[c.pk], c.opened_at, c.opened_precision) for c in still]
    return sorted(found, key=lambda one: (-one.likeness, -one.kin.key))[:_MOST]


def published_like(text: str, at: datetime) -> list[MatterRow]:
    """The published matters that are likest to ``text``: their public words are compared, and no others."""
    near = [key for key, like in similar_published(text, limit=_MOST) if like >= _LIKE]
    return published_among(near, at)
