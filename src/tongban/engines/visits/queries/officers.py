"""An officer by what people call him."""

from __future__ import annotations

from tongban.core.access.models import Account
from tongban.core.refusals import Refused
from tongban.engines.visits import refusals as _refusals  # noqa: F401 - declares the sentences


def officer_called(typed: str, *, field: str) -> Account:
    """The staff account with this user name, or the only one whose person has this whole name.

    Whether he may call on firms, the action asks.
    """
    words = " ".join(typed.split())
    staff = Account.objects.filter(staff=True, is_active=True)
    found = list(staff.filter(username=words.lower())[:1]) or list(staff.filter(person__name=words)[:2])
    if len(found) > 1:
        raise Refused("liaison.several", field=field, name=words)
    if not found:
        raise Refused("liaison.officer", field=field, name=words)
    return found[0]
