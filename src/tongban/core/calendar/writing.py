"""What every write to the calendar has in common: one journal, one new version, one request to recompute."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime

from django.db import IntegrityError

from tongban.core.calendar.models import CalendarDay, CalendarYear
from tongban.core.calendar.queries import REFERENCE
from tongban.core.labels import Label
from tongban.core.ledger.actor import Actor
from tongban.core.ledger.journal import Journal
from tongban.core.refusals import Refused
from tongban.core.registry import reference

# Outbox topic: the calendar has changed for the dates `first` to `last` (ISO; last "" means for ever).
CHANGED = "calendar.changed"


@contextmanager
def writing(name: str, *, by: Actor, at: datetime) -> Iterator[Journal]:
    """A journal; two who enter the same row at once become one row and one refusal."""
    try:
        with Journal(name, by=by, at=at) as journal:
            yield journal
    except IntegrityError as error:
        raise Refused("ledger.overtaken") from error


def announce(journal: Journal, first: date, last: date | None) -> None:
    """Give the calendar a new version and ask for the deadlines that these dates touch to be recomputed."""
    reference.changed(REFERENCE)
    until = last.isoformat() if last else ""
    journal.send(CHANGED, key=f"{CHANGED}:{journal.action}", first=first.isoformat(), last=until)


def rest_day(year: CalendarYear, on: date, name: Label) -> CalendarDay:
    """A named rest day, not saved yet."""
    return CalendarDay(year=year, date=on, kind=CalendarDay.Kind.REST, name_zh=name.zh, name_en=name.en)
