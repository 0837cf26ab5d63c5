"""One-time codes for phones: made, counted, used once. Like a session this is no action; only digests are stored.

How long a code lives and how many there may be: bounds.py. A code is good in the browser that asked for it alone, and
wrong tries close that browser alone: whoever asks for a code to a stranger's phone guesses at his own code and shuts
nobody else out. Nothing here knows whether a number belongs to anybody, so nothing here can tell.
"""

from __future__ import annotations

import hmac
import re
import secrets
from datetime import datetime, timedelta
from unicodedata import normalize

from django.db import transaction
from django.db.models import F

from tongban.core import vault
from tongban.core.access import bounds, throttle
from tongban.core.access import refusals as _refusals  # noqa: F401 - declares the sentences
from tongban.core.access.bounds import CODE_A_DAY, CODE_APART, CODE_LIFE, TRIES, WINDOW, Bound
from tongban.core.access.models import SignInCode
from tongban.core.access.throttle import TooMany
from tongban.core.refusals import Refused
from tongban.core.registry import codes
from tongban.core.registry.models import Reference

_KEPT = timedelta(days=2)


def make(phone: str, at: datetime, *, asker: str = "", network: str = "") -> str:
    """A new code for a checked ``phone``; refuses code.wait, code.wait_other, code.day, code.crowd and sign_in.locked.

    ``asker`` is the secret of the browser that asks, ``network`` the address that it asks from.
    """
    index, browser = _index(phone), _browser(asker)
    with transaction.atomic():
        # One at a time on every database, so that fifty requests at once send one message.
        Reference.objects.get_or_create(name="codes")
        Reference.objects.select_for_update().get(name="codes")
        _may_have_another(index, browser, at)
        for bound, subject in _of_network(phone, network):
            if wait := throttle.take(bound, subject, at):
                raise TooMany("code.crowd", wait, field="phone")
        code = f"{secrets.randbelow(1_000_000):06}"
        row = SignInCode(phone_index=index, asker=browser, digest=_digest(index, code), made_at=at)
        row.save(force_insert=True)
        # Nothing counts them any longer than a day.
        SignInCode.objects.filter(made_at__lt=at - _KEPT).delete()
    return code


def unsent(phone: str, at: datetime, *, network: str = "") -> None:
    """The code made ``at`` this moment never left the house: it does not count."""
    SignInCode.objects.filter(phone_index=_index(phone), made_at=at).delete()
    for bound, subject in _of_network(phone, network):
        throttle.give_back(bound, subject)


def check(phone: str, typed: str, at: datetime, *, asker: str = "") -> None:
    """Use the newest code that ``asker`` had sent to ``phone``; refuses code.shape, code.wrong and sign_in.locked."""
    digits = re.sub(r"\D", "", normalize("NFKC", typed))  # a Chinese keyboard may type full-width digits
    if len(digits) != 6:
        raise Refused("code.shape", field="code")
    index, browser = _index(phone), _browser(asker)
    _not_locked(index, browser, at)
    row = SignInCode.objects.filter(phone_index=index, asker=browser).order_by("-made_at", "-pk").first()
    if row is None or row.used_at is not None or row.made_at <= at - CODE_LIFE:
        raise Refused("code.wrong", field="code")
    # The try is counted before it is judged, and only one of two at once can use the code.
    open_row = SignInCode.objects.filter(pk=row.pk, used_at=None)
    if not open_row.filter(tries__lt=TRIES).update(tries=F("tries") + 1):
        raise Refused("code.wrong", field="code")
    right = hmac.compare_digest(bytes(row.digest), _digest(index, digits))
    if not right or not open_row.update(used_at=at, tries=F("tries") - 1):
        _not_locked(index, browser, at)
        raise Refused("code.wrong", field="code")


def _may_have_another(index: bytes, browser: bytes, at: datetime) -> None:
    _not_locked(index, browser, at)
    sent = list(
        SignInCode.objects.filter(phone_index=index, made_at__gt=at - timedelta(days=1))
        .order_by("-made_at", "-pk")
        .values_list("made_at", "asker")[:CODE_A_DAY]
    )
    if sent and sent[0][0] > at - CODE_APART:
        seconds = max(1, int((sent[0][0] + CODE_APART - at).total_seconds()))
        own = bytes(sent[0][1]) == browser
        raise Refused("code.wait" if own else "code.wait_other", field="phone", seconds=seconds)
    if len(sent) >= CODE_A_DAY:
        wait = sent[-1][0] + timedelta(days=1) - at
        raise TooMany("code.day", wait, field="phone", most=CODE_A_DAY)


def _of_network(phone: str, network: str) -> list[tuple[Bound, str]]:
    """What is counted by the address from which a code is asked for; nothing where it is not known."""
    if not network:
        return []
    return [
        (bounds.CODE_FOR_NUMBER, f"{network} {codes.phone(phone)}"),
        (bounds.CODE_FROM_ADDRESS, network),
        (bounds.CODE_FROM_ADDRESS_A_DAY, network),
    ]


def _not_locked(index: bytes, browser: bytes, at: datetime) -> None:
    recent = SignInCode.objects.filter(phone_index=index, asker=browser, made_at__gt=at - WINDOW).order_by("-made_at")
    tries, first = 0, at
    for row in recent[:20]:
        tries += row.tries
        first = row.made_at
        if tries >= TRIES:
            break
    until = first + WINDOW
    if tries >= TRIES and until > at:
        minutes = max(1, -(-int((until - at).total_seconds()) // 60))
        raise Refused("sign_in.locked", field="code", minutes=minutes)


def _index(phone: str) -> bytes:
    return vault.blind_index("phone", codes.phone(phone))


def _browser(asker: str) -> bytes:
    return vault.blind_index("code-asker", asker) if asker else b""


def _digest(index: bytes, code: str) -> bytes:
    return hmac.digest(vault.derived_key("sign-in-code"), index + code.encode(), "sha256")
