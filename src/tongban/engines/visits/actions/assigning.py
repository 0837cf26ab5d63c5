"""Giving firms to liaison officers: one, from a table, or all of a colleague's, each by itself."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction

from tongban.core.access.models import Account, Liaison
from tongban.core.calendar.queries import calendar_now
from tongban.core.ledger.actor import Actor
from tongban.core.ledger.journal import Journal
from tongban.core.refusals import Refused
from tongban.core.registry import codes
from tongban.core.registry.actions import firm_dissolved
from tongban.core.registry.models import Firm
from tongban.engines.visits.actions.timing import GIVEN
from tongban.engines.visits.authority import assigning, eligible
from tongban.engines.visits.models import Visit
from tongban.engines.visits.tables import Row

_MOST = 1000
Ending = Liaison.Ending


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one firm; ``refusal`` None: it was done. ``line``: where it stood in a table, from 1."""

    line: int
    firm: Firm | None
    code: str
    officer: str
    refusal: Refused | None


def assign_liaison(*, firm: int, officer: int, by: Actor, at: datetime, visited_at: datetime | None = None) -> Liaison:
    """Give a firm that has no liaison officer to one. ``visited_at``: when it was last visited, if that is known."""
    account = Account.objects.filter(pk=officer).first()
    return _assign(Firm.objects.filter(pk=firm).first(), account, "", by, at, visited_at)


def assign_many(*, rows: Iterable[Row], by: Actor, at: datetime) -> list[Outcome]:
    """Give firms as a table says, each by itself: one that cannot go keeps no other back."""
    found: list[Outcome] = []
    for line, row in enumerate(rows, 1):
        firm, refusal = None, None
        try:
            firm = Firm.objects.filter(credit_code=codes.credit_code(row.code)).first()
            account = Account.objects.filter(username=row.officer.lower()).first()
            _assign(firm, account, row.officer, by, at, _visited(row.last_visit, at))
        except Refused as refused:
            refusal = refused
        found.append(Outcome(line, firm, row.code, row.officer, refusal))
    return found


def hand_over_firm(*, firm: int, to: int, by: Actor, at: datetime) -> Liaison:
    """Another officer takes a firm over; when it was last visited, and a visit that is planned, go with it."""
    with transaction.atomic():
        held = _held(firm)
        if held.account_id == to:
            raise Refused("liaison.same", field="to")
        account = eligible(Account.objects.filter(pk=to).first(), by, at)
        with _journal("visits.hand_over_firm", held.firm, by, at) as journal:
            assigning(by, at)
            journal.change(held, until=at, ending=Ending.HANDED_OVER.value)
        # A second journal of the same action: the row that ends is only written when the first one is left, and a firm
        # has one liaison officer at a time.
        row = Liaison(firm=held.firm, account=account, since=at, counted_from=held.counted_from)
        with Journal(journal.name, by=by, at=at, area=journal.area, action=journal.action) as second:
            second.add(row)
            _announce(second, row)
            for planned in Visit.objects.filter(firm=firm, state=Visit.State.PLANNED):
                second.change(planned, officer_id=to)
    return row


def hand_over_firms(*, officer: int, to: int, by: Actor, at: datetime) -> list[Outcome]:
    """All of an officer's firms go to another, each by itself."""
    assigning(by, at)
    if officer == to:
        raise Refused("liaison.same", field="to")
    held = list(
        Liaison.objects.filter(account=officer, until=None).select_related("firm").order_by("firm__sort")[:_MOST]
    )
    if not held:
        raise Refused("liaison.nothing", field="officer")
    return [_handed(line, row.firm, to, by, at) for line, row in enumerate(held, 1)]


def end_liaison(*, firm: int, by: Actor, at: datetime) -> None:
    """From now on the firm has no liaison officer; a visit that was planned is cancelled with it."""
    held = _held(firm)
    with _journal("visits.end_liaison", held.firm, by, at) as journal:
        assigning(by, at)
        journal.change(held, until=at, ending=Ending.WITHDRAWN.value)
        for planned in Visit.objects.filter(firm=firm, state=Visit.State.PLANNED):
            journal.change(planned, state=Visit.State.CANCELLED.value)


def _handed(line: int, firm: Firm, to: int, by: Actor, at: datetime) -> Outcome:
    try:
        hand_over_firm(firm=firm.pk, to=to, by=by, at=at)
    except Refused as refusal:
        return Outcome(line, firm, firm.credit_code, "", refusal)
    return Outcome(line, firm, firm.credit_code, "", None)


def _assign(
    firm: Firm | None, account: Account | None, name: str, by: Actor, at: datetime, visited_at: datetime | None = None
) -> Liaison:
    assigning(by, at)
    if firm is None:
        raise Refused("liaison.firm", field="firm")
    if gone := firm_dissolved(firm, at):
        raise gone
    officer = eligible(account, by, at, name=name)
    row = Liaison(firm=firm, account=officer, since=at, counted_from=min(visited_at or at, at))
    try:
        with _journal("visits.assign_liaison", firm, by, at) as journal:
            journal.add(row)
            _announce(journal, row)
    except IntegrityError:
        held = Liaison.objects.select_related("account__person").get(firm=firm, until=None)
        raise Refused("liaison.held", field="firm", name=_name(held.account)) from None
    return row


def _announce(journal: Journal, row: Liaison) -> None:
    """Let the worker tell the officer whose firm it now is."""
    journal.send(GIVEN, key=f"{GIVEN}:{row.pk}", firm=row.firm_id, officer=row.account_id)


def _visited(last: str | date, at: datetime) -> datetime | None:
    """The noon of the day of the last visit; none where nothing was written."""
    if isinstance(last, str):
        if not last:
            return None
        try:
            last = date.fromisoformat("-".join(f"{int(part):02}" for part in re.split(r"[-/.年月日]", last) if part))
        except ValueError:
            raise Refused("liaison.day", field="file", typed=last) from None
    noon = calendar_now().begins(last) + timedelta(hours=12)
    if noon > at and last > calendar_now().day_of(at):
        raise Refused("liaison.day", field="file", typed=last.isoformat())
    return noon


def _held(firm: int) -> Liaison:
    held = Liaison.objects.select_related("firm").filter(firm=firm, until=None).first()
    if held is None:
        raise Refused("liaison.none", field="firm")
    return held


def _name(account: Account) -> str:
    return account.person.name if account.person else account.username


def _journal(name: str, firm: Firm, by: Actor, at: datetime) -> Journal:
    return Journal(name, by=by, at=at, area=firm.area_id)
