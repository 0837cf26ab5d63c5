"""Who may hold a case in view, as one number: the key of the scope table.

>>> kind_of(unit(12)), subject_of(unit(12))
(<Kind.UNIT: 1>, 12)
"""

from __future__ import annotations

from enum import IntEnum


class Kind(IntEnum):
    """What a holder is."""

    UNIT = 1
    AREA = 2
    PERSON = 3
    FIRM = 4
    ACCOUNT = 5


_NUMBERS = {kind: int(kind) for kind in Kind}  # adding an enum's member costs five times as much


def _holder(kind: Kind, key: int) -> int:
    return key * 8 + _NUMBERS[kind]


def unit(key: int) -> int:
    """An organisation: its desk, inbox and reviewers."""
    return _holder(Kind.UNIT, key)


def area(key: int) -> int:
    """A county, town or village: those who oversee it."""
    return _holder(Kind.AREA, key)


def person(key: int) -> int:
    """A person: the requester, a co-signer, a follower."""
    return _holder(Kind.PERSON, key)


def firm(key: int) -> int:
    """A firm: everybody with a confirmed mandate."""
    return _holder(Kind.FIRM, key)


def account(key: int) -> int:
    """One officer: what he himself handles."""
    return _holder(Kind.ACCOUNT, key)


def kind_of(holder: int) -> Kind:
    """What this holder is."""
    return Kind(holder & 7)


def subject_of(holder: int) -> int:
    """Whose it is: the key of the organisation, area, person, firm or account."""
    return holder >> 3
