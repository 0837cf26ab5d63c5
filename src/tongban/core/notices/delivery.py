"""Delivery of messages: the words are made, handed over and forgotten; only the state is kept."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum

from django.conf import settings
from django.db.models import F

from tongban.core.access.models import Account
from tongban.core.labels import Label
from tongban.core.ledger import worker
from tongban.core.ledger.worker import Effect, Hopeless, Later, Task, handles
from tongban.core.notices import breaker, digest, mail, quiet, wording
from tongban.core.notices.models import Message, Preferences
from tongban.core.notices.outward import CallFailed
from tongban.core.notices.ports import NeverReached, port
from tongban.core.notices.wishes import Timing, Wishes
from tongban.core.notices.writing import DELIVER, MAIL
from tongban.core.registry.models import Person

# After a day without a gateway everything still goes out; after three it is no news any more, and somebody calls instead.
LIFE = timedelta(days=3)
PATIENCE = tuple(timedelta(seconds=s) for s in (10, 60, 300, 900, 3600, *[3 * 3600] * 24))
NOBODY, NEVER, UNWISHED = "nobody", "never", "unwished"
#: Ended without a try, and not for a fault of any machine: nobody has to look after it.
NOT_TRIED = frozenset({NOBODY, UNWISHED})
_LEADS_TO = Label("{line} 详情：{address}", "{line} See {address}")
_BEGINS = Label("【通办】{text}", "[Tongban] {text}")
_ENDS = Label(
    "{text}\n\n这封信由系统发出，不用回复。在这里改收信方式：{address}",
    "{text}\n\nThis letter was sent by a machine; do not reply. Change what you are sent here: {address}",
)


class State(StrEnum):
    """How far a message has come."""

    WAITING = "waiting"
    SENT = "sent"
    NO_NUMBER = "no_number"  # there was nobody to send it to: nothing was tried
    UNWISHED = "unwished"  # its reader has switched it off since it was made
    FAILED = "failed"


_ENDED = {NOBODY: State.NO_NUMBER, UNWISHED: State.UNWISHED}


def state(message: Message) -> State:
    """How far ``message`` has come."""
    if message.sent_at:
        return State.SENT
    if message.failed_at is None:
        return State.WAITING
    return _ENDED.get(message.error, State.FAILED)


Unreached = Callable[[Message, datetime], None]
_UNREACHED: dict[str, Unreached] = {}


def unreached(beginning: str) -> Callable[[Unreached], Unreached]:
    """Register who is told when a message whose kind begins so is given up: once, as part of giving up."""

    def register(tell: Unreached) -> Unreached:
        _UNREACHED[beginning] = tell
        return tell

    return register


def _given_up(task: Task) -> None:
    message = Message.objects.get(key=task.payload["key"])
    if message.sent_at or message.failed_at:
        return
    message.failed_at = task.at
    message.save(update_fields=["failed_at"])
    if message.channel == Message.Channel.SMS:  # a letter says again what stands in the app
        for beginning, tell in _UNREACHED.items():
            if message.kind.startswith(beginning):
                tell(message, task.at)


@handles(DELIVER, outside=True, lane="sms", patience=PATIENCE, given_up=_given_up)
@handles(MAIL, outside=True, lane="email", patience=PATIENCE, given_up=_given_up)
def deliver(task: Task) -> Effect | None:
    """Hand one message over under its stable key; who has neither number nor address gets none, nor who has
    switched it off since it was made."""
    message = Message.objects.get(key=task.payload["key"])
    if message.sent_at or message.failed_at:
        return None
    rows = Message.objects.filter(pk=message.pk)
    address = _address(message)
    if not address:
        return lambda: _note(rows.update(failed_at=task.at, error=NOBODY))
    if not _wished(message):
        return lambda: _note(rows.update(failed_at=task.at, error=UNWISHED))
    if message.attempts and task.at > message.made_at + LIFE:
        raise Hopeless
    _wait_for_the_morning(message, task.at)
    route = breaker.route(message.channel)
    breaker.ready(route, task.at)
    try:
        _hand_over(message, address)
    except NeverReached:
        rows.update(attempts=F("attempts") + 1, error=NEVER)
        raise Hopeless from None
    except Exception as error:
        why = error.code if isinstance(error, CallFailed) else worker.code_of(error)
        rows.update(attempts=F("attempts") + 1, error=why)
        breaker.failed(route, task.at)
        raise
    breaker.worked(route)
    return lambda: _note(rows.update(sent_at=task.at, attempts=F("attempts") + 1, error=""))


def _address(message: Message) -> str:
    person = Person.objects.filter(pk=message.person, erased_at=None).first()
    if person is None:
        return ""
    if message.channel == Message.Channel.SMS:
        return person.phone_number
    wishes = Preferences.objects.filter(person=person, email_confirmed_at__isnull=False).first()
    return wishes.address if wishes else ""


def _wished(message: Message) -> bool:
    """Whether its reader wants it still. One put off from "at once" to a digest is sent: no digest would tell of it."""
    if message.kind == digest.KIND:
        return bool(digest.lines(message.person, message.channel, json.loads(message.params)))
    if wording.required(message.kind):
        return True
    return Wishes.of(persons={message.person}).timing(message.person, message.kind, message.channel) != Timing.OFF


def _wait_for_the_morning(message: Message, at: datetime) -> None:
    if message.channel == Message.Channel.SMS and not wording.asked_for(message.kind):
        due = quiet.put_off(at)
        if due > at:
            raise Later(due)


def _hand_over(message: Message, address: str) -> None:
    language = Account.objects.filter(person_id=message.person).values_list("language", flat=True).first() or "zh"
    text = words(message, language)
    if message.channel == Message.Channel.SMS:
        port().deliver(message.key, address, text)
    else:
        where = f"{settings.TONGBAN_SHARED_ADDRESS}/notices/preferences/"
        mail.send(message.key, address, _ENDS.text(language, text=text, address=where), language)


def words(message: Message, language: str) -> str:
    """What ``message`` says: in its own words, as a digest, or as the line that it repeats elsewhere."""
    gaps = json.loads(message.params)
    if wording.has_message(message.kind):
        return wording.message(message.kind, message.case, gaps, language)
    short = message.channel == Message.Channel.SMS
    where = f"{settings.TONGBAN_SHARED_ADDRESS}/notices/"
    if message.kind == digest.KIND:
        text = digest.words(message.person, gaps, language, where, short=short)
    else:
        line = wording.line(message.kind, message.case, gaps, language)
        text = _LEADS_TO.text(language, line=line, address=where)
    return _BEGINS.text(language, text=text) if short else text


def _note(changed: int) -> None:
    if not changed:
        raise worker.Overtaken
