"""Writes of notices: lines for those who come back, messages for those who are called back.

They prove nothing and are derived from entries, so they are not recorded in the ledger; the worker writes them in the
transaction in which it marks its row as done, once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q

from tongban.core.access.viewer import Viewer
from tongban.core.ledger.logic import canonical
from tongban.core.ledger.models import Outbox
from tongban.core.notices.models import Message, Notice

DELIVER = "notices.deliver"


@dataclass(frozen=True, slots=True)
class Line:
    """A line for one account (an officer at work) or one person (who asked)."""

    kind: str
    account: int | None = None
    person: int | None = None
    case: int | None = None
    gaps: Mapping[str, Any] = field(default_factory=dict)


def add_lines(lines: Iterable[Line], *, at: datetime) -> None:
    """Write in-app lines."""
    rows = [
        Notice(account=x.account, person=x.person, kind=x.kind, case=x.case, params=canonical(dict(x.gaps)), made_at=at)
        for x in lines
    ]
    if rows:
        Notice.objects.bulk_create(rows)


def ask_message(
    *, key: str, person: int, kind: str, case: int | None, at: datetime, gaps: Mapping[str, Any] | None = None
) -> None:
    """Have a message delivered to a person's phone; the same ``key`` again changes nothing."""
    _, made = Message.objects.get_or_create(
        key=key,
        defaults={"person": person, "kind": kind, "case": case, "params": canonical(gaps or {}), "made_at": at},
    )
    if made:
        Outbox.objects.create(
            topic=DELIVER, key=f"{DELIVER}:{key}"[:120], payload=canonical({"key": key}), created_at=at, due_at=at
        )


def mark_read(*, viewer: Viewer, up_to: int, at: datetime) -> int:
    """The viewer has seen his lines up to this one; gives how many were new to him."""
    mine = own(viewer)
    return Notice.objects.filter(mine, pk__lte=up_to, read_at=None).update(read_at=at) if mine else 0


def own(viewer: Viewer) -> Q:
    """Which lines are the viewer's; empty for nobody."""
    found = Q()
    if viewer.account is not None:
        found |= Q(account=viewer.account)
    if viewer.person is not None:
        found |= Q(person=viewer.person)
    return found
