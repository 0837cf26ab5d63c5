"""Who is looking or acting: an account with the roles that it holds now, or nobody in particular."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone

from tongban.core.access import holders
from tongban.core.access.models import Account, Role
from tongban.core.ledger.actor import Actor
from tongban.core.ledger.rows import Prepared
from tongban.core.registry.models import Mandate
from tongban.core.registry.queries import Body, directory

# Offices that every programme knows; a programme may declare more of its own.
AGENT = "agent"  # 受理岗: the desk
HANDLER = "handler"  # 经办: a unit's officer
REVIEWER = "reviewer"  # 审核: reads an answer before it goes out
SUPERVISOR = "supervisor"  # 督办、领导: sees figures and cases of an area, no personal data
SECRETARY = "secretary"  # 会议秘书: calls the meetings of a desk and keeps their agenda and minutes
ADMINISTRATOR = "administrator"  # 管理员: limits, calendar, routes, accounts; no case


@dataclass(frozen=True, slots=True)
class Grant:
    """One role in force: office, organisation, programme ("" = all), and for whom one stands in."""

    role: int
    code: str
    organisation: int
    programme: str = ""
    on_behalf: int | None = None

    def covers(self, programme: str) -> bool:
        """Whether the role counts in ``programme``."""
        return self.programme in ("", programme)


@dataclass(frozen=True, slots=True)
class Viewer:
    """What one person may see and do at this moment. Nobody signed in: :data:`NOBODY`."""

    account: int | None = None
    person: int | None = None
    name: str = ""
    language: str = "zh"
    grants: tuple[Grant, ...] = ()
    firms: frozenset[int] = frozenset()

    @property
    def staff(self) -> bool:
        """Whether any role is held at all."""
        return bool(self.grants)

    def grants_for(self, *codes: str, programme: str | None = None) -> list[Grant]:
        """The roles held with one of these offices (in ``programme``, if given)."""
        return [g for g in self.grants if g.code in codes and (programme is None or g.covers(programme))]

    def units(self, *codes: str, programme: str | None = None) -> set[int]:
        """The organisations in which one of these offices is held."""
        return {g.organisation for g in self.grants_for(*codes, programme=programme)}

    def role_at(self, code: str, organisation: int, programme: str | None = None) -> int | None:
        """The role held with this office in that organisation (and in ``programme``, if given); None if none is."""
        there = (g.role for g in self.grants_for(code, programme=programme) if g.organisation == organisation)
        return next(there, None)

    def actor(self, role: int | None = None) -> Actor:
        """Who acts when this viewer acts, in ``role`` or as himself."""
        if self.account is None:
            raise PermissionError("nobody is signed in")
        grant = next((g for g in self.grants if g.role == role), None)
        return Actor(self.account, role, grant.on_behalf if grant else None)

    def with_grants(self, grants: Iterable[Grant]) -> Viewer:
        """The same person with these of his offices alone."""
        return replace(self, grants=tuple(grants))

    def out_of_office(self) -> Viewer:
        """The same person without any office."""
        return self.with_grants(())

    def working_ranges(self) -> frozenset[tuple[int, str]]:
        """(holder, programme; "" for all): under what he sees cases at work, by the office that he holds there."""
        found: set[tuple[int, str]] = set()
        known = directory()
        for grant in self.grants:
            body = known.bodies.get(grant.organisation)
            if body is None or grant.code not in _AT_WORK:
                continue
            if grant.code == SUPERVISOR:
                found |= {(holder, grant.programme) for holder in _overseen(body)}
            elif (body.kind == "desk") in _AT_WORK[grant.code]:
                found.add((holders.unit(body.id), grant.programme))
        return frozenset((h, p) for h, p in found if not p or (h, "") not in found)

    def working_holders(self) -> frozenset[int]:
        """The holders among those ranges."""
        return frozenset(h for h, _ in self.working_ranges())

    def barred_by(self) -> frozenset[int]:
        """The bodies a complaint about which he must not see at work, whatever other office he holds.

        They are those in which he holds an office and those above them; for a town's overseer its office too.
        """
        known = directory()
        found: set[int] = set()
        for grant in self.grants:
            body = known.bodies.get(grant.organisation)
            if body is None:
                continue
            found |= {body.id, *known.above(body.id)}
            if grant.code == SUPERVISOR and known.places[body.area].level != "county":
                found |= {b.id for b in known.bodies.values() if b.kind == "town" and b.area == body.area}
        return frozenset(found)

    def own_holders(self) -> frozenset[int]:
        """The holders under which he sees cases as a requester: himself and the firms for which he may act."""
        found = {holders.firm(f) for f in self.firms}
        if self.person is not None:
            found.add(holders.person(self.person))
        return frozenset(found)


# Office → whether it counts at a desk (True), in any other body (False), or in both. Administrators see no case.
_AT_WORK: dict[str, tuple[bool, ...]] = {
    AGENT: (True,), HANDLER: (False,), REVIEWER: (True, False), SUPERVISOR: (True, False),
    SECRETARY: (True,),
}  # fmt: skip


def _overseen(body: Body) -> set[int]:
    """A town's overseer sees its area; the county's sees what every desk sees, for no row is kept for the whole county."""
    known = directory()
    if known.places[body.area].level != "county":
        return {holders.area(body.area)}
    return {holders.unit(b.id) for b in known.bodies.values() if b.kind == "desk"}


NOBODY = Viewer()


def viewer_of(account: Account, at: datetime) -> Viewer:
    """The viewer that ``account`` is at ``at``: one query, of an officer's roles or of anybody else's mandates."""
    if not account.is_active:
        return NOBODY
    roles = _ROLES.rows(account.pk) if account.staff else ()
    return viewer_with(account, roles, mandates_of([account]), at)


_PRINCIPALS = ("substitute_for", "substitute_for__substitute_for")
_STANDING = Q(ended_at=None)
_ROLES = Prepared(Role, "account_id", related=_PRINCIPALS, among=_STANDING)


def roles_of(accounts: Iterable[int]) -> Iterable[Role]:
    """The roles of accounts that nobody has ended, whatever their dates."""
    return Role.objects.filter(_STANDING, account_id__in=accounts).select_related(*_PRINCIPALS)


def mandates_of(accounts: Iterable[Account]) -> Iterable[Mandate]:
    """The confirmed mandates of those of the accounts that are no officer's, whatever their dates."""
    persons = [a.person_id for a in accounts if a.person_id is not None and not a.staff]
    return Mandate.objects.filter(person_id__in=persons, confirmed_at__isnull=False, ended_at=None) if persons else ()


def viewer_with(account: Account, roles: Iterable[Role], mandates: Iterable[Mandate], at: datetime) -> Viewer:
    """The viewer that an active ``account`` is at ``at``, from its roles and mandates (see :func:`viewer_of`)."""
    day = timezone.localdate(at)  # the county's day, wherever the clock of the machine stands
    grants = tuple(_grant(r) for r in roles if _in_force(r, day) and _stands(r, day))
    firms = frozenset(m.firm_id for m in mandates if _in_force(m, day))
    name = account.person.name if account.person_id and account.person else account.username
    return Viewer(account.pk, account.person_id, name, account.language, grants, firms)


def _in_force(row: Role | Mandate, day: date) -> bool:
    return row.valid_from <= day and (row.valid_until is None or row.valid_until >= day)


def _stands(role: Role, day: date) -> bool:
    """A substitute's role ends with the role that it stands in for, and that one with the one before it."""
    principal, seen = role.substitute_for, {role.pk}
    while principal is not None and principal.pk not in seen:
        if principal.ended_at is not None or (principal.valid_until is not None and principal.valid_until < day):
            return False
        seen.add(principal.pk)
        principal = principal.substitute_for
    return True


def _grant(role: Role) -> Grant:
    on_behalf = role.substitute_for.account_id if role.substitute_for else None
    return Grant(role.pk, role.code, role.organisation_id, role.programme, on_behalf)
