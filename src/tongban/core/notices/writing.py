"""Writes of notices: lines for those who come back, messages for those who are called back.

They prove nothing and are derived from entries, so they are not recorded in the ledger; the worker writes them in the
transaction in which it marks its row as done, and each under a key: the same told again changes nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q

from tongban.core.access.viewer import Viewer
from tongban.core.ledger.logic import canonical
from tongban.core.ledger.models import Outbox
from tongban.core.notices import quiet, wording
from tongban.core.notices.models import Choice, Message, Notice
from tongban.core.notices.wishes import Wishes

DELIVER, MAIL = "notices.deliver", "notices.mail"
_TOPICS = {Message.Channel.SMS: DELIVER, Message.Channel.EMAIL: MAIL}


@dataclass(frozen=True, slots=True)
class Line:
    """A line for one account (an officer at work) or one person (who asked).

    ``texted``: a message of its own goes to his phone about the same.
    """

    kind: str
    account: int | None = None
    person: int | None = None
    case: int | None = None
    gaps: Mapping[str, Any] = field(default_factory=dict)
    texted: bool = False

    def key(self, cause: str) -> str:
        """Under what this line is known, if ``cause`` (an outbox row's key) has led to it."""
        said = canonical([cause, self.kind, self.account, self.person, self.case])
        return hashlib.sha256(said.encode()).hexdigest()[:40]


def add_lines(lines: Iterable[Line], *, cause: str, at: datetime) -> None:
    """Write in-app lines, and what their readers want sent beside. ``cause``: the key of what has led to them."""
    wanted = {line.key(cause): line for line in lines}
    known = set(Notice.objects.filter(key__in=wanted).values_list("key", flat=True)) if wanted else set()
    fresh = {key: line for key, line in wanted.items() if key not in known}
    if not fresh:
        return
    Notice.objects.bulk_create(
        [
            Notice(
                key=key, account=x.account, person=x.person, kind=x.kind, case=x.case, params=canonical(dict(x.gaps)),
                made_at=at,
            )
            for key, x in fresh.items()
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    wishes = Wishes.of(
        persons={x.person for x in fresh.values() if x.person is not None},
        accounts={x.account for x in fresh.values() if x.account is not None},
    )
    for key, line in fresh.items():
        _send_beside(key, line, wishes, at)


def _send_beside(key: str, line: Line, wishes: Wishes, at: datetime) -> None:
    person = line.person if line.person is not None else wishes.persons.get(line.account or 0)
    if person is None:
        return
    for channel in Message.Channel:
        texted = line.texted and channel is Message.Channel.SMS
        if not texted and wishes.timing(person, line.kind, channel) == Choice.Timing.NOW:
            _ask(f"line:{key}:{channel}", channel, person, line.kind, line.case, line.gaps, at)


def ask_message(
    *, key: str, person: int, kind: str, case: int | None, at: datetime, gaps: Mapping[str, Any] | None = None
) -> None:
    """Have a message delivered to a person's phone, if he has not switched it off; the same ``key`` changes nothing."""
    if not wording.required(kind):
        timing = Wishes.of(persons={person}).timing(person, kind, Message.Channel.SMS)
        if timing not in (Choice.Timing.MAIN, Choice.Timing.NOW):
            return
    _ask(key, Message.Channel.SMS, person, kind, case, gaps or {}, at)


def ask_digest(
    *, key: str, person: int, channel: Message.Channel, kind: str, gaps: Mapping[str, Any], at: datetime
) -> None:
    """Have a person's digest sent; the same ``key`` again changes nothing."""
    _ask(key, channel, person, kind, None, gaps, at)


def _ask(
    key: str, channel: Message.Channel, person: int, kind: str, case: int | None, gaps: Mapping[str, Any], at: datetime
) -> None:  # fmt: skip
    defaults = {
        "channel": channel, "person": person, "kind": kind, "case": case, "params": canonical(dict(gaps)), "made_at": at,
    }  # fmt: skip
    _, made = Message.objects.get_or_create(key=key, defaults=defaults)
    if made:
        topic = _TOPICS[channel]
        rings = channel is Message.Channel.SMS and not wording.asked_for(kind)
        Outbox.objects.create(
            topic=topic, key=f"{topic}:{key}"[:120], payload=canonical({"key": key}), created_at=at,
            due_at=quiet.put_off(at) if rings else at,
        )  # fmt: skip


def mark_read(*, viewer: Viewer, up_to: int, at: datetime) -> int:
    """The viewer has seen his lines up to this one; gives how many were new to him."""
    mine = own(viewer)
    return Notice.objects.filter(mine, pk__lte=up_to, read_at=None).update(read_at=at) if mine else 0


def own(viewer: Viewer) -> Q:
    """Which lines are the viewer's; empty for nobody."""
    found = Q()
    if viewer.account is not None:
        found |= Q(account=viewer.account)
    if viewer.person is not None:
        found |= Q(person=viewer.person)
    return found
