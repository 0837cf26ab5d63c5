"""Counts what may be done only so often, for all processes on either database. Like a session this is no action.

Each count is one conditional update, so that of fifty at once no more get through than the bound allows.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import F

from tongban.core import vault
from tongban.core.access.bounds import Bound
from tongban.core.access.models import Throttle
from tongban.core.labels import Label
from tongban.core.refusals import Refused

FREE = timedelta()
_KEPT = timedelta(days=2)  # longer than any window


class TooMany(Refused):
    """Refused until ``wait`` has passed; the sentence says it as ``{wait}``."""

    def __init__(self, code: str, wait: timedelta, /, *, field: str | None = None, **params: object) -> None:
        super().__init__(code, field=field, wait=span(wait), **params)
        self.wait = wait


def held(bound: Bound, subject: str, at: datetime) -> timedelta:
    """How long ``subject`` must wait; :data:`FREE` if it need not."""
    full = Throttle.objects.filter(key=_key(bound, subject), count__gte=bound.most, since__gt=at - bound.window)
    since = full.values_list("since", flat=True).first()
    return max(since + bound.window - at, timedelta(seconds=1)) if since else FREE


def take(bound: Bound, subject: str, at: datetime) -> timedelta:
    """Count one more of ``subject``, if there may be one; else, counting nothing, how long it must wait."""
    if wait := held(bound, subject, at):
        return wait
    start = {"since": at, "count": 1}
    row, made = Throttle.objects.get_or_create(key=_key(bound, subject), defaults=start)
    if made:
        Throttle.objects.filter(since__lt=at - _KEPT).delete()
        return FREE
    rows = Throttle.objects.filter(pk=row.pk)
    if row.since <= at - bound.window and rows.filter(since=row.since).update(**start):
        return FREE
    if rows.filter(since__gt=at - bound.window, count__lt=bound.most).update(count=F("count") + 1):
        return FREE
    # Others were faster: they have filled it, or the row was taken away by one who was right.
    return held(bound, subject, at) or take(bound, subject, at)


def give_back(bound: Bound, subject: str) -> None:
    """What was taken last did not happen."""
    Throttle.objects.filter(key=_key(bound, subject), count__gt=0).update(count=F("count") - 1)


def forget(bound: Bound, subject: str) -> None:
    """Begin anew: whoever tried was right."""
    Throttle.objects.filter(key=_key(bound, subject)).delete()


def span(wait: timedelta) -> Label:
    """A wait in words, rounded up.

    >>> span(timedelta(seconds=61)), span(timedelta(hours=5))
    (Label(zh='2 分钟', en='2 minutes'), Label(zh='5 小时', en='5 hours'))
    """
    count = minutes(wait)
    if count > 90:
        hours = -(-count // 60)
        return Label(f"{hours} 小时", f"{hours} hours")
    return Label(f"{count} 分钟", f"{count} minute{'' if count == 1 else 's'}")


def minutes(wait: timedelta) -> int:
    """A wait in whole minutes, rounded up."""
    return max(1, -(-int(wait.total_seconds()) // 60))


def _key(bound: Bound, subject: str) -> bytes:
    return vault.blind_index(f"throttle/{bound.name}", subject)
