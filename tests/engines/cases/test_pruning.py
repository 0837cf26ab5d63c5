"""How long it is remembered that something went out is dated data."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest

from tests.engines.cases.conftest import NOW, County
from tongban.core.ledger.models import Outbox
from tongban.core.ledger.worker import run_pending
from tongban.core.notices.models import Message
from tongban.core.notices.ports import FilePort
from tongban.core.registry import reference
from tongban.engines.cases import limits, pruning
from tongban.engines.cases.actions.administration import set_limit
from tongban.engines.cases.models import Limit
from tongban.engines.cases.seed import sample_limits

pytestmark = pytest.mark.django_db


def tonight(county: County) -> list[int]:
    """The ages in days of the messages that are left after a night's pruning."""
    Message.objects.all().delete()
    for age in (10, 29, 40, 300, 400):
        made = NOW - timedelta(days=age)
        Message.objects.create(key=f"{age}", person=1, kind="asker.answer", made_at=made, sent_at=made)
    Outbox.objects.all().delete()
    Outbox.objects.create(topic=pruning.PRUNE, key=f"night {Limit.objects.count()}", created_at=NOW, due_at=NOW)
    assert run_pending(NOW).errors == []
    return sorted((NOW - made).days for made in Message.objects.values_list("made_at", flat=True))


def test_messages_are_kept_for_the_limit_that_is_in_force(county: County) -> None:
    Limit.objects.filter(code=limits.RETENTION).delete()
    reference.changed(limits.REFERENCE)
    assert tonight(county) == [10, 29, 40, 300, 400], "without a rule nothing is removed"
    next(row for row in sample_limits() if row.code == limits.RETENTION).save()
    reference.changed(limits.REFERENCE)
    assert tonight(county) == [10, 29, 40, 300]
    Limit.objects.filter(code=limits.RETENTION).update(amount=3)
    reference.changed(limits.REFERENCE)
    assert tonight(county) == [10, 29], "what may still be told again is kept for 30 days"


def test_what_lies_in_files_is_kept_as_long(county: County) -> None:
    ages = (10, 29, 40, 300, 400)
    for age in ages:
        FilePort().deliver(f"{age}", "13800000001", "123456")
        written = (NOW - timedelta(days=age)).timestamp()
        os.utime(FilePort().path(f"{age}"), (written, written))
    Limit.objects.filter(code=limits.RETENTION).delete()
    reference.changed(limits.REFERENCE)
    tonight(county)
    assert {int(told.key) for told in FilePort().delivered() if told.key.isdigit()} == set(ages)
    next(row for row in sample_limits() if row.code == limits.RETENTION).save()
    reference.changed(limits.REFERENCE)
    tonight(county)
    assert {int(told.key) for told in FilePort().delivered() if told.key.isdigit()} == set(ages) - {400}


def test_it_counts_calendar_days(county: County) -> None:
    from tests.engines.cases.test_merging import refused

    given = {"code": limits.RETENTION, "amount": 90, "start": "next_day", "valid_from": NOW.date(), "source": "本县规定",
             "confirmed": True, "by": county.officers["王受理"], "at": NOW}  # fmt: skip
    assert refused(set_limit, unit="working_days", **given) == "limit.calendar"
