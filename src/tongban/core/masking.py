"""Words for the log: without tracking codes, rating links, telephone and identity numbers, whatever stands around them."""

from __future__ import annotations

import re
import unicodedata

MASK = "…"

# What follows these in an address is a secret, right or mistyped; so is what is shaped like one, wherever it stands.
_IN_ADDRESS = re.compile(r"((?:/|%2[fF])(?:track|sent|rate)(?:/|%2[fF]))[^/?#\s\"'<>]+")
_SIGN = "[0-9A-HJKMNP-TV-Za-hjkmnp-tv-z]"
_TRACKING_CODE = re.compile(rf"(?<![0-9A-Za-z])(\d{{6}}-?\d{{1,12}})-?{_SIGN}{{5}}-?{_SIGN}{{5}}(?![0-9A-Za-z])")
_RATING_TOKEN = re.compile(rf"(?<![0-9A-Za-z])(\d{{1,12}})-{_SIGN}{{20}}(?![0-9A-Za-z])")
# What stands before and between figures in an address may be written with a per cent sign and two figures of its own.
_BEFORE = r"(?:(?<!\d)|(?<=%[0-9A-Fa-f]{2}))"
_GAP = r"(?:[\s+\-]|%20|%2[bBdD])?"
_PHONE = re.compile(rf"{_BEFORE}(1[3-9]\d){_GAP}\d{{4}}{_GAP}(\d{{4}})(?!\d)")
_BORN = r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_IDENTITY = re.compile(rf"(?:(?<![0-9A-Za-z])|(?<=%[0-9A-Fa-f]{{2}}))\d{{6}}{_BORN}\d{{3}}[\dXx](?![0-9A-Za-z])")


def masked(text: str) -> str:
    """``text`` with its secrets taken out.

    >>> masked("Forbidden (CSRF cookie not set.): /rate/250-AVXH7K3MQ9TX2BAVXH7K/")
    'Forbidden (CSRF cookie not set.): /rate/…/'
    >>> masked("sent 330482-000347-7K3MQ-9TX2B to 13912347710")
    'sent 330482-000347-… to 139****7710'
    >>> masked("GET /x/?q=%E9%99%88139+1234+7710 and 330482199001011234")
    'GET /x/?q=%E9%99%88139****7710 and …'
    """
    text = _IDENTITY.sub(MASK, _IN_ADDRESS.sub(rf"\1{MASK}", text))
    text = _TRACKING_CODE.sub(rf"\1-{MASK}", text)
    text = _RATING_TOKEN.sub(rf"\1-{MASK}", text)
    return _PHONE.sub(r"\1****\2", text)


def names_somebody(typed: str) -> bool:
    """Whether a mobile or an identity number is in it: who somebody is, and so nothing for an address or a log.

    >>> names_somebody("找 １３９-1234 7710"), names_somebody("330482-000347"), names_somebody("路灯")
    (True, False, False)
    """
    folded = unicodedata.normalize("NFKC", typed)
    return bool(_PHONE.search(folded) or _IDENTITY.search(folded))
