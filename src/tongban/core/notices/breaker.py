"""When a machine of somebody else's has failed some times in a row, nobody tries it for a while."""

from __future__ import annotations

from datetime import datetime, timedelta

from tongban.core.ledger.tasks import Later
from tongban.core.notices.models import Breaker, Route

# The first two failures may be about one message alone.
_ENOUGH = 3
_FIRST, _LONGEST = timedelta(seconds=30), timedelta(minutes=15)


def route(name: str) -> Route:
    """The one machine that is known by this name."""
    return Route.objects.get_or_create(channel=name)[0]


def ready(machine: Breaker, at: datetime) -> None:
    """Raise :class:`Later` while ``machine`` rests."""
    if machine.rests_until is not None and machine.rests_until > at:
        raise Later(machine.rests_until)


def rests_until(name: str, at: datetime) -> datetime | None:
    """Until when the machine of this name rests; None if it does not."""
    rests = Route.objects.filter(channel=name, rests_until__gt=at).values_list("rests_until", flat=True)
    return rests.first()


def failed(machine: Breaker, at: datetime) -> int:
    """Note one more failure; gives how many there are in a row. Of two at once one may be lost, which harms nothing."""
    machine.failures += 1
    rests = at + rest(machine.failures) if machine.failures >= _ENOUGH else None
    type(machine)._default_manager.filter(pk=machine.pk).update(failures=machine.failures, rests_until=rests)
    return machine.failures


def worked(machine: Breaker) -> None:
    """It answers."""
    if machine.failures:
        type(machine)._default_manager.filter(pk=machine.pk).update(failures=0, rests_until=None)


def rest(failures: int) -> timedelta:
    """How long a machine rests after so many failures in a row.

    >>> [rest(n).total_seconds() for n in (3, 4, 30)]
    [30.0, 60.0, 900.0]
    """
    return min(_FIRST * (1 << min(failures - _ENOUGH, 10)), _LONGEST)
