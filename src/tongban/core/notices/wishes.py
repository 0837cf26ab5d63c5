"""What people have chosen about their notices, read for many at once."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Self

from django.db.models import Q

from tongban.core.notices import wording
from tongban.core.notices.models import Choice, Message

Timing = Choice.Timing
SMS, EMAIL = Message.Channel.SMS, Message.Channel.EMAIL


def offered(group: str, channel: str) -> tuple[Timing, ...]:
    """What may be chosen for a group on a channel; the first is what holds for who has chosen nothing."""
    if channel == SMS and not wording.GROUPS[group].staff:
        return (Timing.MAIN, Timing.NOW, Timing.DAILY, Timing.OFF)
    return (Timing.OFF, Timing.NOW, Timing.DAILY)


@dataclass(frozen=True, slots=True)
class Wishes:
    """The choices of some people. ``persons``: of those of the accounts that have chosen anything, account → person."""

    chosen: dict[tuple[int, str, str], Timing]
    persons: dict[int, int]

    @classmethod
    def of(cls, *, persons: Collection[int] = (), accounts: Collection[int] = ()) -> Self:
        """Those of ``persons``, and of the persons behind ``accounts``: one query."""
        if not persons and not accounts:
            return cls({}, {})
        whose = Q(preferences__person__in=persons) | Q(preferences__person__account__in=accounts)
        rows = Choice.objects.filter(whose).values_list(
            "preferences__person", "preferences__person__account", "group", "channel", "timing"
        )
        chosen, behind = {}, {}
        for person, account, group, channel, timing in rows:
            chosen[person, group, channel] = Timing(timing)
            if account is not None:
                behind[account] = person
        return cls(chosen, behind)

    def timing(self, person: int, kind: str, channel: str) -> Timing:
        """How ``person`` wants notices of this kind on this channel."""
        group = wording.group_of(kind)
        return self.chosen.get((person, group, channel)) or offered(group, channel)[0]
