"""Delivery of messages: the words are made, handed to the port and forgotten; only the state is kept."""

from __future__ import annotations

import json
from enum import StrEnum

from django.db.models import F

from tongban.core.access.models import Account
from tongban.core.ledger import worker
from tongban.core.ledger.worker import Effect, Task, handles
from tongban.core.notices import wording
from tongban.core.notices.models import Message
from tongban.core.notices.ports import port
from tongban.core.notices.writing import DELIVER
from tongban.core.registry.models import Person


class State(StrEnum):
    """How far a message has come."""

    WAITING = "waiting"
    SENT = "sent"
    NO_NUMBER = "no_number"  # there was nobody to send it to: nothing was tried
    FAILED = "failed"


def state(message: Message) -> State:
    """How far ``message`` has come."""
    if message.sent_at:
        return State.SENT
    if message.failed_at is None:
        return State.WAITING
    return State.FAILED if message.attempts else State.NO_NUMBER


@handles(DELIVER, outside=True)
def deliver(task: Task) -> Effect | None:
    """Hand one message to the port, under its stable key; a person without a number gets none."""
    message = Message.objects.get(key=task.payload["key"])
    if message.sent_at or message.failed_at:
        return None
    rows = Message.objects.filter(pk=message.pk)
    person = Person.objects.filter(pk=message.person, erased_at=None).first()
    number = person.phone_number if person else ""
    if not number:
        return lambda: _note(rows.update(failed_at=task.at))
    language = Account.objects.filter(person_id=message.person).values_list("language", flat=True).first() or "zh"
    try:
        text = wording.message(message.kind, message.case, json.loads(message.params), language)
        port().deliver(message.key, number, text)
    except Exception:
        rows.update(attempts=F("attempts") + 1, failed_at=task.at if task.attempt >= worker.MOST else None)
        raise
    return lambda: _note(rows.update(sent_at=task.at, attempts=F("attempts") + 1))


def _note(changed: int) -> None:
    if not changed:
        raise worker.Overtaken
