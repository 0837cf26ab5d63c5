"""One-time codes for phones: made, counted, used once. Like a session this is no action; only digests are stored.

A code lives 5 minutes; a phone gets one a minute and ten a day, and five wrong tries in 15 minutes close it for a while.
Nothing here knows whether a number belongs to anybody, so nothing here can tell.
"""

from __future__ import annotations

import hmac
import re
import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from tongban.core import vault
from tongban.core.access import refusals as _refusals  # noqa: F401 - declares the sentences
from tongban.core.access.models import SignInCode
from tongban.core.access.second_factor import TRIES, WINDOW
from tongban.core.refusals import Refused
from tongban.core.registry import codes
from tongban.core.registry.models import Reference

LIFE = timedelta(minutes=5)
APART = timedelta(seconds=60)
A_DAY = 10


def make(phone: str, at: datetime) -> str:
    """A new code for a checked ``phone``; refuses code.wait, code.day and sign_in.locked."""
    index = _index(phone)
    with transaction.atomic():
        # One at a time on every database, so that fifty requests at once send one message.
        Reference.objects.get_or_create(name="codes")
        Reference.objects.select_for_update().get(name="codes")
        _may_have_another(index, at)
        code = f"{secrets.randbelow(1_000_000):06}"
        row = SignInCode(phone_index=index, digest=b"", made_at=at)
        row.digest = _digest(index, code)
        row.save(force_insert=True)
    return code


def unsent(phone: str, at: datetime) -> None:
    """The code made ``at`` this moment never left the house: it does not count."""
    SignInCode.objects.filter(phone_index=_index(phone), made_at=at).delete()


def check(phone: str, typed: str, at: datetime) -> None:
    """Use the newest code of ``phone``; refuses code.shape, code.wrong and sign_in.locked."""
    digits = re.sub(r"\D", "", typed)
    if len(digits) != 6:
        raise Refused("code.shape", field="code")
    index = _index(phone)
    _not_locked(index, at)
    row = SignInCode.objects.filter(phone_index=index).order_by("-made_at", "-pk").first()
    if row is None or row.used_at is not None or row.made_at <= at - LIFE:
        raise Refused("code.wrong", field="code")
    # The try is counted before it is judged, and only one of two at once can use the code.
    open_row = SignInCode.objects.filter(pk=row.pk, used_at=None)
    if not open_row.filter(tries__lt=TRIES).update(tries=F("tries") + 1):
        raise Refused("code.wrong", field="code")
    right = hmac.compare_digest(bytes(row.digest), _digest(index, digits))
    if not right or not open_row.update(used_at=at, tries=F("tries") - 1):
        _not_locked(index, at)
        raise Refused("code.wrong", field="code")


def _may_have_another(index: bytes, at: datetime) -> None:
    _not_locked(index, at)
    times = list(
        SignInCode.objects.filter(phone_index=index, made_at__gt=at - timedelta(days=1))
        .order_by("-made_at")
        .values_list("made_at", flat=True)[:A_DAY]
    )
    if times and times[0] > at - APART:
        raise Refused("code.wait", field="phone", seconds=max(1, int((times[0] + APART - at).total_seconds())))
    if len(times) >= A_DAY:
        raise Refused("code.day", field="phone", most=A_DAY)


def _not_locked(index: bytes, at: datetime) -> None:
    recent = SignInCode.objects.filter(phone_index=index, made_at__gt=at - WINDOW).order_by("-made_at")
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


def _digest(index: bytes, code: str) -> bytes:
    return hmac.digest(vault.derived_key("sign-in-code"), index + code.encode(), "sha256")
