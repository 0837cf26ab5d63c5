"""How much may be asked without an account: each request texts a number that nobody has proved."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from tongban.core.access import bounds, throttle
from tongban.core.access.bounds import Bound
from tongban.core.access.throttle import TooMany
from tongban.core.labels import Label
from tongban.core.refusals import Refused, declare
from tongban.core.registry import codes
from tongban.web.client import network
from tongban.web.reading import Reading

declare(
    {
        "pace.number": Label(
            "没有登录时，一个手机号一天最多提 {most} 件，请过 {wait}再提。要现在接着提，请先把写好的内容复制下来，再用手机验证码登录。",
            "Without signing in, one number asks at most {most} times a day; try again in {wait}. To go on now, copy"
            " what you wrote and sign in with a code sent to your phone.",
        ),
        "pace.network": Label(
            "从您这个网络提交得太多，先停一停：请过 {wait}再提。要现在接着提，请先把写好的内容复制下来，再用手机验证码登录。",
            "Too much was sent from your network, so it has to pause: try again in {wait}. To go on now, copy what"
            " you wrote and sign in with a code sent to your phone.",
        ),
    }
)


@contextmanager
def paced(request: Reading, phone: str) -> Iterator[Callable[[], None]]:
    """Count one request of whoever has only typed ``phone`` (none: he has signed in); refuses pace.number, pace.network.

    What is refused inside for another reason is put right and sent again, so it does not count; nor does what turns out
    to have been sent twice, for which the caller uses what he is given.
    """
    taken: list[tuple[Bound, str]] = []

    def uncount() -> None:
        while taken:
            throttle.give_back(*taken.pop())

    try:
        for bound, subject in _of(request, phone) if phone else ():
            if wait := throttle.take(bound, subject, request.at):
                raise _too_many(bound, wait)
            taken.append((bound, subject))
        yield uncount
    except Refused:
        uncount()
        raise


def _of(request: Reading, phone: str) -> list[tuple[Bound, str]]:
    place = network(request)
    return [
        (bounds.ASKED_BY_NUMBER, codes.phone(phone)),
        (bounds.ASKED_FROM_ADDRESS, place),
        (bounds.ASKED_FROM_ADDRESS_A_DAY, place),
    ]


def _too_many(bound: Bound, wait: timedelta) -> TooMany:
    if bound is bounds.ASKED_BY_NUMBER:
        return TooMany("pace.number", wait, field="phone", most=bound.most)
    return TooMany("pace.network", wait)
