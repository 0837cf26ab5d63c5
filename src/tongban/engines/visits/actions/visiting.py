"""A liaison officer's own visits: planned, moved, cancelled, and logged when they were held."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError

from tongban.core import vault
from tongban.core.access.models import Liaison
from tongban.core.calendar.logic import day_words
from tongban.core.calendar.queries import calendar_now
from tongban.core.ledger.actor import Actor
from tongban.core.ledger.journal import Journal
from tongban.core.plain import clean, one_line
from tongban.core.refusals import Refused
from tongban.core.registry.actions import firm_dissolved
from tongban.engines.visits.actions.timing import appoint
from tongban.engines.visits.authority import charge_of
from tongban.engines.visits.models import Visit
from tongban.engines.visits.words import STATES

MET, HEARD = 200, 4000
_AHEAD, _BACK = timedelta(days=366), timedelta(days=366)
State = Visit.State


def plan_visit(*, firm: int, day: date, kind: str, by: Actor, at: datetime) -> Visit:
    """Plan a visit for a day from today on; a firm has one planned visit at a time."""
    charge = charge_of(by, firm, at)
    _good_kind(kind)
    _good_day(day, at)
    if gone := firm_dissolved(charge.firm, at):
        raise gone
    visit = Visit(
        firm=charge.firm, officer_id=charge.account_id, state=State.PLANNED.value, kind=kind, planned_for=day, made_at=at,
        key=vault.new_subject_key(),
    )  # fmt: skip
    try:
        with _journal("visits.plan_visit", charge, by, at) as journal:
            journal.add(visit)
            appoint(journal, visit, day, at)
    except IntegrityError:
        planned = Visit.objects.get(firm=firm, state=State.PLANNED)
        assert planned.planned_for is not None
        raise Refused("visit.planned", field="day", day=day_words(planned.planned_for)) from None
    return visit


def move_visit(*, visit: int, day: date, by: Actor, at: datetime) -> Visit:
    """Move a planned visit to another day from today on."""
    row, charge = _planned(visit, by, at)
    _good_day(day, at)
    if row.planned_for == day:
        raise Refused("visit.same", field="day")
    with _journal("visits.move_visit", charge, by, at) as journal:
        journal.change(row, planned_for=day)
        appoint(journal, row, day, at)
    return row


def cancel_visit(*, visit: int, by: Actor, at: datetime) -> None:
    """A planned visit is not to be."""
    row, charge = _planned(visit, by, at)
    with _journal("visits.cancel_visit", charge, by, at) as journal:
        journal.change(row, state=State.CANCELLED.value)


def log_visit(
    *, firm: int, held_at: datetime, kind: str, heard: str, by: Actor, at: datetime, met: str = "", outcome: str = "",
    idempotency: str | None = None,
) -> Visit:  # fmt: skip
    """Write down a visit that was held; the firm's planned one, if its day has come, is thereby held.

    The same visit under the same ``idempotency`` key is the one that its first use logged.
    """
    charge = charge_of(by, firm, at)
    _good_kind(kind)
    words = {
        "met": one_line(met, MET), "heard": _text(heard, "heard", needed=True), "outcome": _text(outcome, "outcome"),
    }  # fmt: skip
    _good_moment(held_at, at)
    key = vault.blind_index("visit", f"{idempotency}\n{by.account}\n{firm}\n{words!r}").hex() if idempotency else None
    if key and (known := Visit.objects.filter(idempotency=key).first()):
        return known
    columns: dict[str, Any] = {name: vault.encrypt(text) if text else b"" for name, text in words.items()}
    columns |= {"state": State.HELD.value, "kind": kind, "held_at": held_at, "idempotency": key}
    try:
        with _journal("visits.log_visit", charge, by, at, held_at) as journal:
            visit = _fulfilled(charge, held_at) or _unplanned(charge, at)
            if visit.pk is None:
                for name, value in columns.items():
                    setattr(visit, name, value)
                journal.add(visit)
            else:
                journal.change(visit, **columns)
            if held_at > charge.counted_from:
                journal.change(charge, counted_from=held_at)
    except IntegrityError:
        if key and (known := Visit.objects.filter(idempotency=key).first()):
            return known
        raise
    return visit


def _fulfilled(charge: Liaison, held_at: datetime) -> Visit | None:
    """The planned visit that this one is: whose day has come, or is to come within the week."""
    soon = calendar_now().day_of(held_at) + timedelta(days=7)
    return Visit.objects.filter(firm=charge.firm_id, state=State.PLANNED, planned_for__lte=soon).first()


def _unplanned(charge: Liaison, at: datetime) -> Visit:
    return Visit(firm=charge.firm, officer_id=charge.account_id, made_at=at, key=vault.new_subject_key())


def _planned(key: int, by: Actor, at: datetime) -> tuple[Visit, Liaison]:
    row = Visit.objects.filter(pk=key).first()
    if row is None:
        raise Refused("visit.unknown")
    charge = charge_of(by, row.firm_id, at)
    if row.state != State.PLANNED:
        raise Refused("visit.state", state=STATES[row.state])
    return row, charge


def _good_kind(kind: str) -> None:
    if kind not in Visit.Kind.values:
        raise Refused("visit.kind", field="kind")


def _good_day(day: date, at: datetime) -> None:
    today = calendar_now().day_of(at)
    if day < today:
        raise Refused("visit.past", field="day", day=day_words(today))
    if day > today + _AHEAD:
        raise Refused("visit.far", field="day", day=day_words(today + _AHEAD))


def _good_moment(held_at: datetime, at: datetime) -> None:
    if held_at > at:
        raise Refused("visit.future", field="held_at")
    if held_at < at - _BACK:
        raise Refused("visit.old", field="held_at", day=day_words(calendar_now().day_of(at - _BACK)))


def _text(text: str, field: str, *, needed: bool = False) -> str:
    tidy = clean(text.replace("\r\n", "\n")).strip()
    if needed and not tidy:
        raise Refused("visit.empty", field=field)
    if len(tidy) > HEARD:
        raise Refused("visit.long", field=field, most=HEARD, length=len(tidy))
    return tidy


def _journal(name: str, charge: Liaison, by: Actor, at: datetime, happened_at: datetime | None = None) -> Journal:
    return Journal(name, by=by, at=at, happened_at=happened_at, area=charge.firm.area_id)
