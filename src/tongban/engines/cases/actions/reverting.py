"""Taking an act back exactly: the rows that it changed become again what the entries before it say that they were.

Nothing is forgotten: the entries and the story's lines of the act stay, and those of its undoing stand after them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Q

from tongban.core import vault
from tongban.core.calendar.queries import calendar_now
from tongban.core.ledger import logic
from tongban.core.ledger.actor import Actor
from tongban.core.ledger.journal import Journal
from tongban.core.ledger.models import Entry
from tongban.core.ledger.replay import tables
from tongban.core.refusals import Refused
from tongban.engines.cases.models import Case, Link, StoryItem
from tongban.engines.cases.secrets import case_number

_KIND = Case._meta.label_lower
_KEPT = (StoryItem, Link)
#: What does not rest on an act before it, and of which undoing that act changes nothing: looks, what time does by
#: itself, pressing, objecting, people who follow, or leave, by their own wish, and taking back what was public.
INDEPENDENT = frozenset({
    "cases.reveal", "cases.urge", "cases.escalate", "cases.climb_anew", "cases.recompute", "cases.scan",
    "cases.stop_out", "cases.extension_out", "cases.slip_overdue", "cases.follow", "cases.join", "cases.leave",
    "cases.object", "cases.keep_private", "cases.publish_withdraw", "cases.close_picture",
})  # fmt: skip


def link_of(case: int, kind: str) -> Link | None:
    """The link of this kind that is in force for ``case``."""
    return Link.objects.filter(case_id=case, kind=kind, undone_at=None).first()


def splits_of(case: int) -> list[Link]:
    """What the last splitting of ``case`` has taken out, while that holds."""
    links = list(Link.objects.filter(other_id=case, kind=Link.Kind.SPLIT, undone_at=None).order_by("pk"))
    return [one for one in links if one.action == links[-1].action]


def blocked(link: Link, *, at: datetime) -> Refused | None:
    """Why the act behind ``link`` cannot be undone: the first later step that rests on it; None if there is none."""
    entries = _entries(link.action)
    undone = list(_undone(e.object_id for e in entries))
    for entry in entries:
        later = (
            Entry.objects.filter(kind=_KIND, object_id=entry.object_id, number__gt=entry.number)
            .exclude(name__in=INDEPENDENT)
            .exclude(action__in=undone)
            .order_by("number")
            .first()
        )
        if later is not None:
            day = calendar_now().day_of(later.recorded_at).isoformat()
            return Refused("case.undo.later", number=case_number(entry.object_id), day=day)
    return None


def _entries(action: UUID) -> list[Entry]:
    """What the act has changed: one entry for each case."""
    return list(Entry.objects.filter(kind=_KIND, action=action).order_by("object_id"))


def _undone(cases: Iterable[int]) -> Iterable[UUID]:
    """Acts on these cases that were undone, and their undoings: together they have changed nothing."""
    keys = list(cases)
    gone = Link.objects.filter(Q(case_id__in=keys) | Q(other_id__in=keys), undone_at__isnull=False)
    for pair in gone.values_list("action", "undone_action"):
        yield from (action for action in pair if action is not None)


def revert(journal: Journal, action: UUID, cases: Mapping[int, Case]) -> None:
    """Give every row of ``cases`` that the act changed its columns back, and take away what it added."""
    for entry in _entries(action):
        _revert(journal, cases[entry.object_id], entry)


def mark_undone(journal: Journal, link: Link, case: Case, *, by: Actor, at: datetime) -> None:
    """Write down on a link of ``case`` that it holds no more."""
    journal.change(link, of=case, undone_action=journal.action, undone_by=by.account, undone_at=at)


def _revert(journal: Journal, case: Case, entry: Entry) -> None:
    changed = json.loads(entry.images)
    before = _before(entry, {(label, key) for label, key, _ in changed})
    for label, key, columns in changed:
        model = tables()[label].model
        if issubclass(model, _KEPT):
            continue
        itself = label == _KIND
        row = case if itself else model._default_manager.filter(pk=key).first()
        if (known := before.get((label, key))) is None:
            if row is not None:  # a neighbour whom the act let follow may have left by himself
                journal.remove(row, of=case)
            continue
        assert row is not None
        defaults = tables()[label].defaults
        values = {name: _value(model, name, known.get(name, defaults[name]), case) for name in columns}
        journal.change(row, of=None if itself else case, **values)
    vars(case).pop("_duties", None)  # they were read before they were given back


def _before(entry: Entry, wanted: set[tuple[str, int]]) -> dict[tuple[str, int], dict[str, Any]]:
    """The wanted rows as the entries before this one leave them."""
    earlier = Entry.objects.filter(kind=_KIND, object_id=entry.object_id, number__lt=entry.number).order_by("number")
    found: dict[tuple[str, int], dict[str, Any]] = {}
    for images in earlier.values_list("images", flat=True):
        logic.replay([one for one in json.loads(images) if (one[0], one[1]) in wanted], found)
    return found


def _value(model: type[models.Model], name: str, spelt: Any, case: Case) -> Any:
    """A column's value from its spelling in an entry."""
    if isinstance(spelt, dict):
        spelt = vault.open_for(case.subject_key(), spelt["closed"])
    field = next(f for f in model._meta.concrete_fields if f.attname == name)
    if isinstance(field, models.ForeignKey):
        field = field.target_field
    return field.to_python(spelt)
