"""The digest: once a day one message for each channel on which a person wants it so, and none if nothing is new.

A day's digest tells what was made between the one before and this day's hour, whenever it is worked out. So a day done
late, twice, or by a worker that is killed in between is still told once.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from django.db.models import Q
from django.utils import timezone

from tongban.core.access.models import Account
from tongban.core.labels import Label
from tongban.core.ledger.logic import canonical
from tongban.core.ledger.models import Outbox
from tongban.core.ledger.worker import LEASE, Task, daily, handles
from tongban.core.notices import wording
from tongban.core.notices.models import Message, Notice, Preferences
from tongban.core.notices.wishes import Timing, Wishes

DIGEST, BLOCK, KIND = "notices.digest", "notices.digest_some", "digest"
HOUR = time(8, 30)
# A line bears the moment at which its row was begun, and is there when the row is committed: at the latest when the row's
# lease has run out. So it is read as late, and no line falls between two digests.
BEGINS = (datetime.combine(date.min, HOUR) + 2 * LEASE).time()
# So few that nobody who writes is kept waiting.
_AT_ONCE = 50
_LISTED = 30
_SHORT = Label(
    "昨天以来您有 {count} 条新消息，请看：{address}", "You have {count} new notices since yesterday: {address}"
)
_LONG = Label("昨天以来您有 {count} 条新消息：", "New notices since yesterday: {count}")
_MORE = Label("全部消息：{address}", "All of them: {address}")

daily(DIGEST, BEGINS)


@handles(DIGEST)
def _all(task: Task) -> None:
    """Divide those who want a digest into blocks, always the same ones."""
    day = date.fromisoformat(task.key.rpartition(":")[2])
    until = datetime.combine(day, HOUR, tzinfo=timezone.get_default_timezone())
    keys = Preferences.objects.filter(choices__timing=Timing.DAILY).values_list("pk", flat=True)
    blocks = sorted({key // _AT_ONCE for key in keys})
    Outbox.objects.bulk_create(
        (
            Outbox(
                topic=BLOCK, key=f"{BLOCK}:{day}:{n}", created_at=task.at, due_at=task.at,
                payload=canonical({"block": n, "until": until.isoformat(), "day": day.isoformat()}),
            )
            for n in blocks
        ),
        ignore_conflicts=True,
    )  # fmt: skip


@handles(BLOCK)
def _some(task: Task) -> None:
    """One block's digests."""
    first, until = task.payload["block"] * _AT_ONCE, datetime.fromisoformat(task.payload["until"])
    rows = Preferences.objects.filter(pk__gte=first, pk__lt=first + _AT_ONCE, digested_until__lt=until)
    rows = rows.filter(choices__timing=Timing.DAILY).distinct()
    found = list(rows.select_related("person__account").order_by("pk"))
    wishes = Wishes.of(persons=[row.person_id for row in found])
    for row in found:
        _of_person(row, wishes, until, task)
        Preferences.objects.filter(pk=row.pk).update(digested_until=until)


def _of_person(row: Preferences, wishes: Wishes, until: datetime, task: Task) -> None:
    from tongban.core.notices.writing import ask_digest  # noqa: PLC0415 - it asks this room for nothing else

    since = row.digested_until
    assert since is not None
    account = getattr(row.person, "account", None)
    for channel in Message.Channel:
        if told := _told(row.person_id, account, channel, wishes, since, until):
            gaps = {"count": len(told), "since": since.isoformat(), "until": until.isoformat()}
            key = f"{KIND}:{task.payload['day']}:{row.person_id}:{channel}"
            ask_digest(key=key, person=row.person_id, channel=channel, kind=KIND, gaps=gaps, at=task.at)


def _told(
    person: int, account: Account | None, channel: str, wishes: Wishes, since: datetime, until: datetime
) -> list[int]:
    """The keys of the lines of which a digest tells, newest first: those that he wants so and had not read at ``until``."""
    whose = Q(person=person) | (Q(account=account.pk) if account else Q())
    new = Q(read_at=None) | Q(read_at__gt=until)
    rows = Notice.objects.filter(whose, new, made_at__gt=since, made_at__lte=until).order_by("-id")
    kinds = rows.values_list("pk", "kind")
    return [key for key, kind in kinds if wishes.timing(person, kind, channel) == Timing.DAILY]


def lines(person: int, channel: str, gaps: Mapping[str, Any]) -> list[int]:
    """The keys of the lines of which a digest tells, as its reader wishes at this moment; newest first."""
    account = Account.objects.filter(person_id=person).first()
    since, until = (datetime.fromisoformat(gaps[name]) for name in ("since", "until"))
    return _told(person, account, channel, Wishes.of(persons=[person]), since, until)


def words(person: int, gaps: Mapping[str, Any], language: str, address: str, *, short: bool) -> str:
    """What a digest says: on a phone how many, in a letter which."""
    keys = lines(person, Message.Channel.SMS if short else Message.Channel.EMAIL, gaps)
    if short:
        return _SHORT.text(language, count=len(keys), address=address)
    listed = Notice.objects.filter(pk__in=keys[:_LISTED]).order_by("-id")
    told = [wording.line(row.kind, row.case, json.loads(row.params), language) for row in listed]
    first, last = _LONG.text(language, count=len(keys)), _MORE.text(language, address=address)
    return "\n".join([first, *(f"- {line}" for line in told), "", last])
