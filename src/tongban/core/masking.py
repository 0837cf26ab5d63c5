"""Words for the log: without tracking codes, rating links and telephone numbers, whatever stands around them."""

from __future__ import annotations

import re

MASK = "…"

# What follows these in an address is a secret, right or mistyped; so is what is shaped like one, wherever it stands.
_IN_ADDRESS = re.compile(r"((?:/|%2[fF])(?:track|sent|rate)(?:/|%2[fF]))[^/?#\s\"'<>]+")
_SIGN = "[0-9A-HJKMNP-TV-Za-hjkmnp-tv-z]"
_TRACKING_CODE = re.compile(rf"(?<![0-9A-Za-z])(\d{{6}}-?\d{{1,12}})-?{_SIGN}{{5}}-?{_SIGN}{{5}}(?![0-9A-Za-z])")
_RATING_TOKEN = re.compile(rf"(?<![0-9A-Za-z])(\d{{1,12}})-{_SIGN}{{20}}(?![0-9A-Za-z])")
_PHONE = re.compile(r"(?<!\d)(1[3-9]\d)\d{4}(\d{4})(?!\d)")


def masked(text: str) -> str:
    """``text`` with its secrets taken out.

    >>> masked("Forbidden (CSRF cookie not set.): /rate/250-AVXH7K3MQ9TX2BAVXH7K/")
    'Forbidden (CSRF cookie not set.): /rate/…/'
    >>> masked("sent 330482-000347-7K3MQ-9TX2B to 13912347710")
    'sent 330482-000347-… to 139****7710'
    """
    text = _IN_ADDRESS.sub(rf"\1{MASK}", text)
    text = _TRACKING_CODE.sub(rf"\1-{MASK}", text)
    text = _RATING_TOKEN.sub(rf"\1-{MASK}", text)
    return _PHONE.sub(r"\1****\2", text)
