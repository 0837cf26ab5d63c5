"""What tests on a real database need: rows made by hand come under the ledger, and text indexes are emptied."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import connection

from tongban.core.ledger.actor import Actor
from tongban.core.ledger.images import columns_of
from tongban.core.ledger.journal import Journal
from tongban.core.ledger.models import Entry, Recorded
from tongban.core.ledger.replay import tables
from tongban.engines.cases.text import INDEX, PUBLIC_INDEX

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


def adopt(at: datetime = LONG_AGO) -> None:
    """Write the first entry of every object that has none."""
    with Journal("test.adopt", by=Actor(system="test"), at=at) as journal:
        for label, table in tables().items():
            if not issubclass(table.model, Recorded):
                continue
            known = Entry.objects.filter(kind=label).values("object_id")
            for row in table.model._default_manager.exclude(pk__in=known):
                row.version = 1
                chain = journal._chain(row)
                chain.new, chain.pending["version"] = True, 1
                journal._note(row, None, columns_of(row))


def empty_indexes() -> None:
    """Forget all indexed words: the indexes are no tables of Django's, which empties those after each test."""
    with connection.cursor() as cursor:
        for index in (INDEX, PUBLIC_INDEX):
            cursor.execute(f"DELETE FROM {index.table}")
