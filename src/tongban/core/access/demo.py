"""Accounts for a demo county. The password is the same for all and public, so this never runs but in a demo."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.hashers import get_hasher
from django.utils.timezone import localdate

from tongban.core.access import second_factor
from tongban.core.access.actions import confirm_phone, create_account, give_role
from tongban.core.access.models import Account
from tongban.core.ledger.actor import COMMAND, Actor

PASSWORD = "tongban-demo"  # noqa: S105 - public on purpose, see above


def officer(*, username: str, name: str, office: str, organisation: int, at: datetime) -> Actor:
    """An officer with one role, the demo's password and a second factor that ``tongban codes`` shows."""
    _only_in_a_demo()
    with _quick_hash():
        account, _ = create_account(username=username, name=name, by=COMMAND, at=at, password=PASSWORD)
    role = give_role(
        account=account.pk, code=office, organisation=organisation, by=COMMAND, at=at,
        valid_from=localdate(at) - timedelta(days=1),
    )  # fmt: skip
    second_factor.enrol(account=account, secret=second_factor.new_setup(username).secret, by=COMMAND, at=at)
    return Actor(account.pk, role.pk)


def asker(*, name: str, phone: str, at: datetime) -> Account:
    """Somebody who signs in with his phone."""
    _only_in_a_demo()
    return confirm_phone(phone=phone, name=name, at=at)


@contextmanager
def _quick_hash() -> Iterator[None]:
    """Hash a password that everybody knows cheaply; the first sign-in hashes it again at the full price."""
    hasher = get_hasher()
    usual = getattr(hasher, "work_factor", None)
    if usual is None:
        yield
        return
    hasher.work_factor = 2**8  # type: ignore[attr-defined]
    try:
        yield
    finally:
        hasher.work_factor = usual  # type: ignore[attr-defined]


def _only_in_a_demo() -> None:
    if not (settings.DEMO or settings.TEST):
        raise RuntimeError("accounts with a public password are made in a demo county only")
