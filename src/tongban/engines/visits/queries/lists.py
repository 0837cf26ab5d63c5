"""Lists of firms: an officer's own, and all of them by name or by when the next visit is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.timezone import localdate

from tongban.core import cursors
from tongban.core.access.models import Account, Liaison, Role
from tongban.core.access.viewer import Viewer
from tongban.core.labels import Label
from tongban.core.registry.models import Firm
from tongban.core.registry.queries import directory
from tongban.engines.visits.authority import OFFICES
from tongban.engines.visits.models import Visit
from tongban.engines.visits.queries.files import Charge, charge_row, enters, name_of

PAGE = 50


@dataclass(frozen=True, slots=True)
class FirmRow:
    """A firm as a list shows it; ``planned``: its next visit."""

    firm: Firm
    town: Label
    charge: Charge | None
    planned: date | None


@dataclass(frozen=True, slots=True)
class FirmPage:
    """Some firms, and where to go on."""

    rows: list[FirmRow]
    after: str = ""


def my_firms(viewer: Viewer, at: datetime, *, after: str = "", limit: int = PAGE) -> FirmPage:
    """The firms that the viewer calls on, those longest without a visit first; one query."""
    if viewer.account is None or not viewer.grants_for(*OFFICES):
        return FirmPage([])
    return _by_charge(_mine(viewer, at), at, after, limit)


def my_count(viewer: Viewer, at: datetime) -> int:
    """How many firms the viewer calls on."""
    return _mine(viewer, at).count() if viewer.account is not None and viewer.grants_for(*OFFICES) else 0


def _mine(viewer: Viewer, at: datetime) -> QuerySet[Liaison]:
    exists = Q(firm__valid_until=None) | Q(firm__valid_until__gte=localdate(at))
    return _held().filter(exists, account=viewer.account)


def firms_page(
    viewer: Viewer, at: datetime, *, by: str = "name", town: int | None = None, officer: int | None = None,
    after: str = "", limit: int = PAGE,
) -> FirmPage:  # fmt: skip
    """Firms that exist, ``by`` "name", by "due" (those with a liaison officer) or "none" (those without one, or with one who holds no office any more)."""
    if not enters(viewer):
        return FirmPage([])
    if by == "due":
        return _by_due(at, town, officer, after, limit)
    found = Firm.objects.filter(valid_until=None).order_by("sort", "pk")
    if town is not None:
        found = found.filter(area__in=sorted(directory().within(town)))
    held = Liaison.objects.filter(until=None)
    if officer is not None:
        found = found.filter(pk__in=held.filter(account=officer).values("firm"))
    if by == "none":
        found = found.exclude(pk__in=held.filter(_in_office(at)).values("firm"))
    sort, _, key = after.partition(".")
    if key.isascii() and key.isdigit() and len(key) < 16:
        found = found.filter(Q(sort__gt=sort) | Q(sort=sort, pk__gt=int(key)))
    firms = list(found[: limit + 1])
    shown = firms[:limit]
    charges = {row.firm_id: row for row in _held().filter(firm__in=shown)}
    more = f"{shown[-1].sort}.{shown[-1].pk}" if len(firms) > limit else ""
    return FirmPage(_rows([(firm, charges.get(firm.pk)) for firm in shown], at), more)


def liaison_officers(viewer: Viewer) -> list[tuple[int, str]]:
    """Who calls on firms now: accounts and names, by name."""
    if not enters(viewer):
        return []
    accounts = Account.objects.filter(pk__in=Liaison.objects.filter(until=None).values("account"))
    return sorted(((a.pk, name_of(a)) for a in accounts.select_related("person")), key=lambda pair: pair[1])


def _by_due(at: datetime, town: int | None, officer: int | None, after: str, limit: int) -> FirmPage:
    """By when the next visit is due, which is the order of when it is counted from."""
    found = _held().filter(firm__valid_until=None)
    if town is not None:
        found = found.filter(firm__area__in=sorted(directory().within(town)))
    if officer is not None:
        found = found.filter(account=officer)
    return _by_charge(found, at, after, limit)


def _by_charge(found: QuerySet[Liaison], at: datetime, after: str, limit: int) -> FirmPage:
    if place := cursors.place_of(after):
        found = found.filter(Q(counted_from__gt=place[0]) | Q(counted_from=place[0], pk__gt=place[1]))
    rows = list(found.select_related("firm", "account__person").order_by("counted_from", "pk")[: limit + 1])
    shown = rows[:limit]
    more = f"{shown[-1].counted_from.isoformat()}|{shown[-1].pk}" if len(rows) > limit else ""
    return FirmPage(_rows([(row.firm, row) for row in shown], at), more)


def _in_office(at: datetime) -> Exists:
    """Whether the officer still holds an office for requests, so that he can call on anybody."""
    day = localdate(at)
    lasts = Q(valid_until=None) | Q(valid_until__gte=day)
    roles = Role.objects.filter(
        lasts, account=OuterRef("account"), code__in=OFFICES, valid_from__lte=day, ended_at=None
    )
    return Exists(roles.filter(account__is_active=True))


def _held() -> QuerySet[Liaison]:
    """Charges in force, each with its officer and with the firm's planned visit."""
    planned = Visit.objects.filter(firm=OuterRef("firm"), state=Visit.State.PLANNED)
    held = Liaison.objects.filter(until=None).select_related("account__person")
    return held.annotate(planned_for=Subquery(planned.values("planned_for")[:1]))


def _rows(firms: list[tuple[Firm, Liaison | None]], at: datetime) -> list[FirmRow]:
    places = directory().places
    return [
        FirmRow(
            firm, places[firm.area_id].name, charge_row(charge, at) if charge else None,
            getattr(charge, "planned_for", None),
        )
        for firm, charge in firms
    ]  # fmt: skip
