"""Names of people, compared as their bearers would."""

from __future__ import annotations

import unicodedata

from tongban.core.plain import clean


def plain_name(name: str) -> str:
    """A name as it is compared: without spaces, capitals or wide signs.

    >>> plain_name(" Ｗang  Fang") == plain_name("WANG FANG")
    True
    """
    return "".join(unicodedata.normalize("NFKC", clean(name)).casefold().split())
