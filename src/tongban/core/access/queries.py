"""Reads of accounts and roles for the pages of administration. Only an administrator gets anything."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.timezone import localdate

from tongban.core.access.models import Account, Role
from tongban.core.access.offices import in_office
from tongban.core.access.viewer import ADMINISTRATOR, AGENT, HANDLER, REVIEWER, SECRETARY, SUPERVISOR, Viewer
from tongban.core.labels import Label
from tongban.core.ledger.models import Entry, Recorded
from tongban.core.registry.queries import Body, directory

OFFICES: dict[str, Label] = {
    AGENT: Label("受理岗", "Desk agent"),
    HANDLER: Label("经办", "Handler"),
    REVIEWER: Label("审核", "Reviewer"),
    SUPERVISOR: Label("督办", "Supervisor"),
    SECRETARY: Label("会议秘书", "Meetings' secretary"),
    ADMINISTRATOR: Label("管理员", "Administrator"),
}
_NOWHERE = Label("（单位不在名录）", "(unit not in the directory)")


@dataclass(frozen=True, slots=True)
class RoleRow:
    """One role as a page shows it."""

    id: int
    account: int
    office: str
    organisation: int
    unit: Label
    programme: str
    valid_from: date
    valid_until: date | None
    ended_at: datetime | None
    stands_in_for: str  # the principal's sign-in name
    in_force: bool


@dataclass(frozen=True, slots=True)
class AccountRow:
    """One staff account as a page shows it."""

    id: int
    username: str
    name: str
    active: bool
    second_factor: bool
    last_login: datetime | None
    created_at: datetime
    roles: tuple[RoleRow, ...]

    @property
    def open_roles(self) -> tuple[RoleRow, ...]:
        """Those that have not ended."""
        return tuple(r for r in self.roles if r.ended_at is None)


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of an object's chain: what was done, when and by whom."""

    name: str
    at: datetime
    by: str  # a sign-in name, or the part of the system


def administers(viewer: Viewer) -> bool:
    """Whether the viewer holds an administrator's office."""
    return bool(viewer.grants_for(ADMINISTRATOR))


def staff_accounts(
    *, viewer: Viewer, at: datetime, like: str = "", organisation: int | None = None, after: str = "", limit: int = 50
) -> list[AccountRow]:
    """Staff accounts by sign-in name after ``after``; ``like`` begins the sign-in name or is the person's whole name."""
    if not administers(viewer):
        return []
    found = _staff().filter(username__gt=after).order_by("username")
    words = like.strip()
    if words:
        found = found.filter(Q(username__startswith=words.lower()) | Q(person__name=words))
    if organisation is not None:
        found = found.filter(pk__in=Role.objects.filter(organisation=organisation, ended_at=None).values("account"))
    return _rows(list(found[:limit]), at)


def staff_account(key: int, *, viewer: Viewer, at: datetime) -> AccountRow | None:
    """One staff account with all its roles, past ones too."""
    if not administers(viewer):
        return None
    return next(iter(_rows(list(_staff().filter(pk=key)), at)), None)


def officers_of(organisation: int, code: str, *, at: datetime) -> list[tuple[int, str]]:
    """Accounts and names of those who hold an office there now."""
    accounts = Account.objects.filter(pk__in=in_office(organisation, code, at)).select_related("person")
    return sorted(((a.pk, _name(a)) for a in accounts), key=lambda pair: pair[1])


def open_roles_in(organisation: int, *, at: datetime) -> int:
    """How many roles are held there now."""
    day = localdate(at)
    return Role.objects.filter(
        Q(valid_until=None) | Q(valid_until__gte=day), organisation=organisation, ended_at=None
    ).count()


def changes(row: Recorded | Iterable[Recorded], *, viewer: Viewer, limit: int = 12) -> list[Change]:
    """The newest entries of one object, or of several of one kind, for an administrator."""
    rows = [row] if isinstance(row, Recorded) else list(row)
    if not administers(viewer) or not rows:
        return []
    kind = rows[0]._meta.label_lower
    entries = list(Entry.objects.filter(kind=kind, object_id__in=[r.pk for r in rows]).order_by("-id")[:limit])
    names = names_of(e.by_account for e in entries)
    return [Change(e.name, e.recorded_at, names.get(e.by_account or 0, e.by_system)) for e in entries]


def names_of(accounts: Iterable[int | None]) -> dict[int, str]:
    """Account → sign-in name."""
    wanted = {a for a in accounts if a is not None}
    return dict(Account.objects.filter(pk__in=wanted).values_list("pk", "username")) if wanted else {}


def _staff() -> QuerySet[Account]:
    """Staff accounts, each with its person and with ``armed``: whether a second factor is set up."""
    factor = Authenticator.objects.filter(user=OuterRef("pk"), type=Authenticator.Type.TOTP)
    return Account.objects.filter(staff=True).select_related("person").annotate(armed=Exists(factor))


def _rows(accounts: list[Account], at: datetime) -> list[AccountRow]:
    keys = [a.pk for a in accounts]
    held: dict[int, list[RoleRow]] = {}
    bodies = directory().bodies
    for role in Role.objects.filter(account__in=keys).select_related("substitute_for__account").order_by("pk"):
        held.setdefault(role.account_id, []).append(_role(role, bodies, localdate(at)))
    return [
        AccountRow(
            a.pk, a.username, _name(a), a.is_active, getattr(a, "armed", False), a.last_login, a.created_at,
            tuple(held.get(a.pk, ())),
        )
        for a in accounts
    ]  # fmt: skip


def _role(role: Role, bodies: dict[int, Body], day: date) -> RoleRow:
    body = bodies.get(role.organisation_id)
    principal = role.substitute_for
    in_force = role.ended_at is None and role.valid_from <= day <= (role.valid_until or day)
    return RoleRow(
        role.pk, role.account_id, role.code, role.organisation_id, body.name if body else _NOWHERE, role.programme,
        role.valid_from, role.valid_until, role.ended_at, principal.account.username if principal else "", in_force,
    )  # fmt: skip


def _name(account: Account) -> str:
    return account.person.name if account.person_id and account.person else account.username
