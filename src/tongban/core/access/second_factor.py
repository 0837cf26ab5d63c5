"""The second factor of staff: six digits from a phone (TOTP, RFC 6238) and ten codes on paper for the day it is lost.

The rows are django-allauth's ``Authenticator``; the checking is ours (docs/decisions/0020-sign-in.md): the secret is
encrypted under the county's key, the moment is passed in, a code counts once on all processes, and tries are counted
beside the secret. Checking is a part of signing in and, like a session, no action; setting up and taking away are.
"""

from __future__ import annotations

import base64
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.db import transaction

from tongban.core import vault
from tongban.core.access import refusals as _refusals  # noqa: F401 - declares the sentences
from tongban.core.access.bounds import TRIES, WINDOW
from tongban.core.access.models import Account
from tongban.core.ledger.actor import Actor
from tongban.core.ledger.journal import Journal
from tongban.core.refusals import Refused

PERIOD = 30
SLACK = 1  # periods before and after: a phone's clock may be off by half a minute
PAPER_CODES = 10
_PAPER_SIGNS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # none that is taken for another
_ISSUER = "Tongban"
_PURPOSE = "second-factor"


@dataclass(frozen=True, slots=True)
class Setup:
    """What a person needs to set his phone up: shown once, stored only when he has proved it with a code."""

    secret: str
    address: str  # otpauth://…, for a QR code


def new_setup(username: str, secret: str = "") -> Setup:
    """A fresh secret (or the one begun with) and its address for an authenticator."""
    secret = secret or base64.b32encode(secrets.token_bytes(20)).decode()
    query = urlencode({"secret": secret, "issuer": _ISSUER})
    return Setup(secret, f"otpauth://totp/{_ISSUER}:{quote(username)}?{query}")


def code_at(secret: str, at: datetime, shift: int = 0) -> str:
    """The six digits that ``secret`` shows ``at`` a moment (``shift`` periods later)."""
    return _digits(secret, _period(at) + shift)


def enrolled(account: int) -> bool:
    """Whether the account has a second factor."""
    return bool(Authenticator.objects.filter(user_id=account, type=Authenticator.Type.TOTP).exists())


def enrol(*, account: Account, secret: str, by: Actor, at: datetime, last: int = 0) -> list[str]:
    """Set the second factor up; the codes on paper are given back once and stored as digests only."""
    with Journal("access.set_up_second_factor", by=by, at=at) as journal:
        paper = write(account.pk, secret, at, last)
        journal.touch(account)
    return paper


def write(account: int, secret: str, at: datetime, last: int = 0) -> list[str]:
    """The rows of :func:`enrol`, as a part of another action. ``last`` is the period whose code is used up."""
    if enrolled(account):
        raise Refused("factor.known")
    paper = _fresh_paper()
    Authenticator.objects.create(
        user_id=account, type=Authenticator.Type.TOTP, created_at=at,
        data={"secret": vault.encrypt(secret, _PURPOSE).hex(), "last": last, "failures": []},
    )  # fmt: skip
    Authenticator.objects.create(
        user_id=account, type=Authenticator.Type.RECOVERY_CODES, created_at=at,
        data={"digests": [_digest(code) for code in paper]},
    )  # fmt: skip
    return _spaced(paper)


def proved(secret: str, typed: str, at: datetime) -> int:
    """The period of which ``typed`` is the code, before the secret is stored; refuses factor.wrong."""
    found = _periods(secret, vault.tidy_token(typed), at)
    if not found:
        raise Refused("factor.wrong", field="code")
    return found[-1]


def check(*, account: int, typed: str, at: datetime) -> None:
    """Whether ``typed`` is the code of the phone now, or one on paper; each counts once. Refuses factor.* or locked."""
    refusal = _checked(account, typed, at)
    if refusal is not None:  # raised outside the transaction, so that the try stays counted
        raise refusal


@transaction.atomic
def _checked(account: int, typed: str, at: datetime) -> Refused | None:
    rows = {a.type: a for a in Authenticator.objects.select_for_update().filter(user_id=account).order_by("pk")}
    row = rows.get(Authenticator.Type.TOTP)
    if row is None:
        return Refused("factor.wrong", field="code")
    failures = _recent(row.data, at)
    if len(failures) >= TRIES:
        return Refused("sign_in.locked", field="code", minutes=_minutes(failures[-TRIES] + WINDOW - at))
    tidy = vault.tidy_token(typed)
    outcome = _digits_right(row, tidy, at) if len(tidy) == 6 else _paper_right(rows, tidy, at)
    row.data["failures"] = [] if outcome is None else [f.isoformat() for f in (*failures, at)]
    row.last_used_at = at if outcome is None else row.last_used_at
    row.save(update_fields=["data", "last_used_at"])
    return outcome


def _digits_right(row: Authenticator, tidy: str, at: datetime) -> Refused | None:
    found = _periods(_secret(row.data), tidy, at)
    if not found:
        return Refused("factor.wrong", field="code")
    if found[-1] <= row.data["last"]:
        return Refused("factor.used", field="code")
    row.data["last"] = found[-1]
    return None


def _paper_right(rows: dict[str, Authenticator], tidy: str, at: datetime) -> Refused | None:
    paper = rows.get(Authenticator.Type.RECOVERY_CODES)
    digest = _digest(tidy)
    if paper is None or digest not in paper.data["digests"]:
        return Refused("factor.wrong", field="code")
    paper.data["digests"].remove(digest)
    paper.last_used_at = at
    paper.save(update_fields=["data", "last_used_at"])
    return None


def paper_left(account: int) -> int:
    """How many codes on paper are left."""
    row = Authenticator.objects.filter(user_id=account, type=Authenticator.Type.RECOVERY_CODES).first()
    return len(row.data["digests"]) if row else 0


def renew_paper(*, account: Account, by: Actor, at: datetime) -> list[str]:
    """New codes on paper; the old ones stop working."""
    paper = _fresh_paper()
    with Journal("access.renew_paper_codes", by=by, at=at) as journal:
        Authenticator.objects.filter(user_id=account.pk, type=Authenticator.Type.RECOVERY_CODES).update(
            data={"digests": [_digest(code) for code in paper]}
        )
        journal.touch(account)
    return _spaced(paper)


def forget(account: int) -> None:
    """Take the second factor away; part of the action that does so."""
    Authenticator.objects.filter(user_id=account).delete()


def codes_now(accounts: list[int], at: datetime) -> dict[int, str]:
    """Account → the six digits that its phone shows. For the demo, whose phones are nobody's."""
    rows = Authenticator.objects.filter(user_id__in=accounts, type=Authenticator.Type.TOTP)
    found = {}
    for row in rows:
        secret = _secret(row.data)
        shift = int(row.data["last"] == _period(at))  # one that is used up helps nobody: the next one is accepted too
        found[row.user_id] = code_at(secret, at, shift)
    return found


def _fresh_paper() -> list[str]:
    return ["".join(secrets.choice(_PAPER_SIGNS) for _ in range(10)) for _ in range(PAPER_CODES)]


def _spaced(paper: list[str]) -> list[str]:
    return [f"{code[:5]}-{code[5:]}" for code in paper]


def _secret(data: dict[str, Any]) -> str:
    return vault.decrypt(bytes.fromhex(data["secret"]), _PURPOSE)


def _periods(secret: str, tidy: str, at: datetime) -> list[int]:
    now = _period(at)
    return [p for p in range(now - SLACK, now + SLACK + 1) if vault.same(_digits(secret, p), tidy)]


def _digits(secret: str, period: int) -> str:
    # Keys of 20 bytes are RFC 4226's; SHA-1 is what authenticators understand, and safe in an HMAC.
    totp = TOTP(base64.b32decode(secret), 6, SHA1(), PERIOD)  # noqa: S303
    return totp.generate(period * PERIOD).decode()


def _period(at: datetime) -> int:
    return int(at.timestamp()) // PERIOD


def _digest(code: str) -> str:
    return hmac.digest(vault.derived_key("paper-code"), code.encode(), "sha256").hex()


def _recent(data: dict[str, Any], at: datetime) -> list[datetime]:
    known = [datetime.fromisoformat(f) for f in data.get("failures", [])]
    return [f for f in known if f > at - WINDOW]


def _minutes(left: timedelta) -> int:
    return max(1, -(-int(left.total_seconds()) // 60))
