"""Reads of a viewer's own lines and messages."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, Subquery

from tongban.core.access.queries import administers
from tongban.core.access.viewer import Viewer
from tongban.core.notices import wording
from tongban.core.notices.models import Notice, Preferences, Webhook, WebhookCall
from tongban.core.notices.wishes import Wishes
from tongban.core.notices.writing import own

# A count beyond this is shown as "99+".
MOST = 99


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line as a page shows it."""

    id: int
    text: str
    kind: str
    case: int | None
    made_at: datetime
    new: bool
    at_work: bool  # the reader's as an officer, not as somebody who asked
    firm: int | None = None  # the firm that it is about, if it is about no case
    meeting: int | None = None  # likewise


def unread(viewer: Viewer) -> int:
    """How many lines the viewer has not seen, at most :data:`MOST` + 1; one query."""
    mine = own(viewer)
    return Notice.objects.filter(mine, read_at=None)[: MOST + 1].count() if mine else 0


def lines(viewer: Viewer, *, language: str, before: int | None = None, limit: int = 30) -> list[ShownLine]:
    """The viewer's lines, newest first, older than the line ``before``; one query."""
    mine = own(viewer)
    if not mine:
        return []
    found = Notice.objects.filter(mine)
    if before is not None:
        found = found.filter(pk__lt=before)
    return [_shown(row, viewer, language) for row in found.order_by("-id")[:limit]]


def _shown(row: Notice, viewer: Viewer, language: str) -> ShownLine:
    gaps = json.loads(row.params)
    text = wording.line(row.kind, row.case, gaps, language)
    at_work = row.account is not None and row.account == viewer.account
    return ShownLine(
        row.pk,
        text,
        row.kind,
        row.case,
        row.made_at,
        row.read_at is None,
        at_work,
        gaps.get("firm"),
        gaps.get("meeting"),
    )


@dataclass(frozen=True, slots=True)
class OwnWishes:
    """What the viewer has chosen. ``timings``: (group, channel) → timing, of what he has chosen at all."""

    address: str
    pending: str
    timings: dict[tuple[str, str], str]


def own_wishes(viewer: Viewer) -> OwnWishes | None:
    """The viewer's own wishes; None for an account that belongs to no person."""
    if viewer.person is None:
        return None
    row = Preferences.objects.filter(person=viewer.person).first()
    chosen = Wishes.of(persons=[viewer.person]).chosen if row else {}
    timings = {(group, channel): str(timing) for (_, group, channel), timing in chosen.items()}
    return OwnWishes(row.address if row else "", row.pending_address if row else "", timings)


def webhooks(viewer: Viewer) -> list[tuple[Webhook, WebhookCall | None]]:
    """Every webhook with its last call; for administrators."""
    if not administers(viewer):
        return []
    rows = list(Webhook.objects.order_by("name", "pk"))
    last = WebhookCall.objects.filter(webhook=OuterRef("webhook")).order_by("-pk").values("pk")[:1]
    calls = {call.webhook_id: call for call in WebhookCall.objects.filter(pk=Subquery(last))} if rows else {}
    return [(row, calls.get(row.pk)) for row in rows]


def webhook(key: int, viewer: Viewer) -> Webhook | None:
    """One webhook; for administrators."""
    return Webhook.objects.filter(pk=key).first() if administers(viewer) else None


def webhook_calls(key: int, viewer: Viewer, *, limit: int = 20) -> list[WebhookCall]:
    """The newest calls of one webhook; for administrators."""
    if not administers(viewer):
        return []
    return list(WebhookCall.objects.filter(webhook=key).order_by("-pk").defer("body")[:limit])
