"""Quiet hours: when no message makes a phone ring, unless its owner has just asked for it."""

from __future__ import annotations

from datetime import datetime, time, timedelta, tzinfo

from django.conf import settings
from django.utils import timezone

Hours = tuple[time, time]


def until(at: datetime, quiet: Hours | None, zone: tzinfo) -> datetime | None:
    """When the quiet hours end in which ``at`` lies; None if it lies in none. Both ends are hours in ``zone``.

    >>> from zoneinfo import ZoneInfo
    >>> china = ZoneInfo("Asia/Shanghai")
    >>> night = datetime(2026, 11, 18, 23, 30, tzinfo=china)
    >>> until(night, (time(21), time(8)), china).isoformat()
    '2026-11-19T08:00:00+08:00'
    """
    if quiet is None:
        return None
    begin, end = quiet
    here = at.astimezone(zone)
    clock = here.time()
    inside = begin <= clock < end if begin < end else clock >= begin or clock < end
    if not inside:
        return None
    tomorrow = begin > end and clock >= begin
    return datetime.combine(here.date() + timedelta(days=tomorrow), end, tzinfo=zone)


def of_county() -> Hours | None:
    """The county's quiet hours."""
    found: Hours | None = settings.TONGBAN_QUIET_HOURS
    return found


def put_off(at: datetime) -> datetime:
    """``at``, or the end of the county's quiet hours if it lies in them."""
    return until(at, of_county(), timezone.get_default_timezone()) or at
