"""What is not kept: the wishes and addresses of people who were erased, and what went out long ago."""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import datetime, time

from django.db.models import Q

from tongban.core.ledger.actor import Actor
from tongban.core.ledger.worker import Task, daily, handles
from tongban.core.notices import mail
from tongban.core.notices.models import Message, Preferences, WebhookCall
from tongban.core.notices.ports import FilePort
from tongban.core.notices.preferences import forget_wishes

FORGET = "notices.forget_erased"
_WORKER = Actor(system="worker")
_SOME, _AT_ONCE = 50, 1000


@handles(FORGET, outside=True)
def forget_erased(task: Task) -> None:
    """Each night: whoever was erased, by whatever way, is left no address and no wish; each person by himself."""
    held = ~Q(email=b"") | ~Q(pending=b"") | Q(choices__isnull=False)
    left = Preferences.objects.filter(held, person__erased_at__isnull=False).order_by("person").distinct()
    while people := list(left.values_list("person", flat=True)[:_SOME]):
        for person in people:
            forget_wishes(person=person, by=_WORKER, at=task.at)


daily(FORGET, time(3, 40))


def prune(before: datetime) -> int:
    """Remove messages and calls made before then that were sent or given up, a little at a time; gives how many."""
    removed = 0
    for model in (Message, WebhookCall):
        last = 0
        while rows := list(
            model.objects.filter(pk__gt=last).order_by("pk").values_list("pk", "made_at", "sent_at", "failed_at")[:_AT_ONCE]
        ):  # fmt: skip
            old = [key for key, made, sent, failed in rows if made < before and (sent or failed)]
            removed += model.objects.filter(pk__in=old).delete()[0] if old else 0
            last, newest = rows[-1][:2]
            if newest >= before:  # keys are given out in the order of time
                break
    return removed


def prune_files(before: datetime) -> int:
    """Remove what the ports that write files wrote before then, and what one that was killed left half written.

    They hold numbers and codes that stand nowhere else. Gives how many were removed.
    """
    removed = 0
    for folder in (FilePort().folder, mail.folder()):
        if folder.is_dir():
            with os.scandir(folder) as entries:
                removed += sum(_removed(entry, before.timestamp()) for entry in entries)
    return removed


def _removed(entry: os.DirEntry[str], before: float) -> bool:
    with suppress(FileNotFoundError):  # a gateway has collected it meanwhile
        if entry.is_file(follow_symlinks=False) and entry.stat(follow_symlinks=False).st_mtime < before:
            os.unlink(entry.path)
            return True
    return False
