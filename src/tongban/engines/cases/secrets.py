"""Secrets of a case that are stored nowhere: they are derived from the county's key and found by deriving them again."""

from __future__ import annotations

from django.conf import settings

from tongban.core import vault
from tongban.engines.cases.logic import numbers

_TRACK = 10
_RATE = 20


def case_number(key: int) -> str:
    """The public number of a case."""
    return numbers.number(settings.TONGBAN_COUNTY, key)


def tracking_code(key: int) -> str:
    """The code with which anybody who has it follows the case: its number and ten signs (50 bits)."""
    return f"{case_number(key)}-{numbers.spaced(vault.token('track', str(key), _TRACK))}"


def case_of_tracking_code(typed: str) -> int | None:
    """The key of the case that a typed tracking code belongs to; None unless every sign is right."""
    tidy = vault.tidy_token(typed)
    head, secret = tidy[:-_TRACK], tidy[-_TRACK:]
    county = settings.TONGBAN_COUNTY
    if not (head.isascii() and head.isdigit() and head.startswith(county) and 0 < len(head) - len(county) <= 12):
        return None
    key = int(head[len(county) :])
    return key if vault.same(vault.token("track", str(key), _TRACK), secret) else None


def rating_token(key: int) -> str:
    """What the one-time rating link carries: the case's key and a hundred bits."""
    return f"{key}-{vault.token('rate', str(key), _RATE)}"


def case_of_rating_token(typed: str) -> int | None:
    """The key of the case that a rating link belongs to; None unless every sign is right."""
    head, _, secret = typed.partition("-")
    if not (head.isascii() and head.isdigit() and len(head) <= 12):
        return None
    return int(head) if vault.same(vault.token("rate", head, _RATE), secret) else None
