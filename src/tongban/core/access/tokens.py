"""Tokens: what another system shows in place of a sign-in. It acts as one account, within scopes, until a day."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from tongban.core import vault
from tongban.core.access import refusals as _refusals  # noqa: F401 - declares the sentences
from tongban.core.access.authority import administering
from tongban.core.access.models import Account, Token
from tongban.core.access.viewer import ADMINISTRATOR, NOBODY, Viewer, viewer_of
from tongban.core.labels import Label
from tongban.core.ledger.actor import Actor
from tongban.core.ledger.journal import Journal
from tongban.core.plain import one_line
from tongban.core.refusals import Refused

READ, ASK, WORK, MANAGE = "read", "ask", "work", "manage"
#: What a token may be made for. None of them gives more than its account may do by itself.
SCOPES: Mapping[str, Label] = MappingProxyType({
    READ: Label("查看", "Read"),
    ASK: Label("提出和跟进", "Ask and follow"),
    WORK: Label("办理", "Work on cases"),
    MANAGE: Label("管理", "Administer"),
})  # fmt: skip
DAYS, MOST, NAME = 366, 20, 60
# So that whoever finds one knows what it is, and scanners of published code do too.
_PREFIX, _BYTES, _SHOWN = "tongban_", 32, 4
_SECRET = re.compile(rf"{_PREFIX}[A-Za-z0-9_-]{{43}}")
_USED = timedelta(hours=1)  # its last use is noted no more often than that


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who shows a token: what he may see and do by it."""

    viewer: Viewer
    token: int = 0
    scopes: frozenset[str] = frozenset()


def make_token(
    *, account: int, name: str, scopes: Iterable[str], days: int, by: Actor, at: datetime
) -> tuple[Token, str]:
    """A new token of one's own, or of another's account by an administrator; and its secret, told once and kept nowhere."""
    name, wanted = one_line(name, 10 * NAME), set(scopes)
    if not 0 < len(name) <= NAME:
        raise Refused("token.name", field="name", most=NAME)
    if not wanted or not wanted <= SCOPES.keys():
        raise Refused("token.scopes", field="scopes")
    if not 1 <= days <= DAYS:
        raise Refused("token.days", field="days", most=DAYS)
    secret = _PREFIX + secrets.token_urlsafe(_BYTES)
    with Journal("access.make_token", by=by, at=at) as journal:
        row = Account.objects.select_for_update().filter(pk=account).first()  # one at a time gives him tokens
        if by.account != account:
            administering(by, at)
        if row is None:
            raise Refused("account.unknown", field="account")
        if not row.is_active:
            raise Refused("account.inactive", field="account")
        if Token.objects.filter(account=row, ended_at=None, expires_at__gt=at).count() >= MOST:
            raise Refused("token.many", most=MOST)
        token = Token(
            account=row, name=name, scopes=" ".join(code for code in SCOPES if code in wanted), digest=_digest(secret),
            begins=secret[len(_PREFIX) :][:_SHOWN], made_at=at, expires_at=at + timedelta(days=days),
        )  # fmt: skip
        journal.add(token)
    return token, secret


def end_token(*, token: int, by: Actor, at: datetime) -> None:
    """End a token at once: nothing is done by it any more."""
    with Journal("access.end_token", by=by, at=at) as journal:
        row = Token.objects.filter(pk=token, ended_at=None).first()
        if row is None or (row.account_id != by.account and not _administers(by, at)):
            raise Refused("token.unknown")
        journal.change(row, ended_at=at)


def bearer(secret: str, at: datetime) -> Bearer | None:
    """Who shows ``secret`` at ``at``; None unless it is a token in force, of an account that is in use."""
    if not _SECRET.fullmatch(secret):
        return None
    rows = Token.objects.filter(digest=_digest(secret), ended_at=None, expires_at__gt=at)
    row = rows.select_related("account__person").first()
    viewer = viewer_of(row.account, at) if row is not None else NOBODY
    if row is None or viewer is NOBODY:
        return None
    if row.used_at is None or row.used_at <= at - _USED:
        Token.objects.filter(pk=row.pk).update(used_at=at)
    scopes = frozenset(row.scopes.split())
    return Bearer(_within(viewer, scopes), row.pk, scopes)


def tokens_of(account: int, at: datetime) -> list[Token]:
    """The tokens of an account that are in force, newest first."""
    return list(Token.objects.filter(account=account, ended_at=None, expires_at__gt=at).order_by("-pk"))


def _within(viewer: Viewer, scopes: frozenset[str]) -> Viewer:
    """Without the scope to work or to read no office counts by which he sees cases: he is there as whoever asks."""
    if scopes & {READ, WORK}:
        return viewer
    return viewer.with_grants(viewer.grants_for(ADMINISTRATOR) if MANAGE in scopes else ())


def _administers(by: Actor, at: datetime) -> bool:
    try:
        administering(by, at)
    except Refused:
        return False
    return True


def _digest(secret: str) -> bytes:
    return vault.blind_index("token", secret)


__all__ = ["ASK", "MANAGE", "READ", "SCOPES", "WORK", "Bearer", "bearer", "end_token", "make_token", "tokens_of"]
