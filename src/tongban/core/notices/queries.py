"""Reads of a viewer's own lines and messages."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from tongban.core.access.viewer import Viewer
from tongban.core.notices import wording
from tongban.core.notices.models import Notice
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
    text = wording.line(row.kind, row.case, json.loads(row.params), language)
    at_work = row.account is not None and row.account == viewer.account
    return ShownLine(row.pk, text, row.kind, row.case, row.made_at, row.read_at is None, at_work)
