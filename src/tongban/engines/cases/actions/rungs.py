"""When each rung of the ladder acts: dated versions laid down by administrators, a sample until confirmed."""

from __future__ import annotations

from datetime import date, datetime

from tongban.core.calendar.logic import Unit
from tongban.core.calendar.queries import calendar_now
from tongban.core.dated.actions import confirm_version, set_version
from tongban.core.labels import Label
from tongban.core.ledger.actor import Actor
from tongban.core.refusals import Refused, declare
from tongban.engines.cases.actions.clock import end_of_day
from tongban.engines.cases.actions.writing import by_itself
from tongban.engines.cases.ladder import LADDER, ORDER, REFERENCE, RUNGS, moment_of
from tongban.engines.cases.models import Rung

CHANGED = "cases.ladder_changed"
declare(
    {
        "rung.unknown": Label("没有这一级。", "There is no such rung."),
        "rung.amount": Label("请填 0 到 400 之间的整数。", "A whole number between 0 and 400."),
        "rung.unit": Label("请从列表里选计时单位。", "Choose the unit from the list."),
        "rung.order": Label(
            "每一级不能早于前一级：这样会早于“{before}”或晚于“{after}”。",
            "No rung acts before the one below it: this would be before “{before}” or after “{after}”.",
        ),
    }
)


def set_rung(
    *, code: str, amount: int, unit: str, before: bool, active: bool, valid_from: date, source: str, confirmed: bool,
    by: Actor, at: datetime,
) -> Rung:  # fmt: skip
    """When a rung acts from a day on, or that it does not act; refused where it would overtake another."""
    if code not in LADDER:
        raise Refused("rung.unknown", field="code")
    if not 0 <= amount <= 400:
        raise Refused("rung.amount", field="amount")
    if unit not in set(Unit):
        raise Refused("rung.unit", field="unit")
    first = Rung(
        code=code, amount=amount, unit=unit, before=before, active=active, valid_from=valid_from, confirmed=confirmed
    )
    if active:
        _in_order(first)
    return set_version(
        first, name="cases.set_rung", kept=REFERENCE, source=source, by=by, at=at,
        send=(CHANGED, {}, max(at, calendar_now().begins(valid_from))),
    )  # fmt: skip


def confirm_rung(*, rung: int, source: str, by: Actor, at: datetime) -> None:
    """Say that a sample is the county's own rule, and on what it rests."""
    confirm_version(Rung, rung, name="cases.confirm_rung", kept=REFERENCE, source=source, by=by, at=at)


def climb_anew(*, case: int, by: Actor, at: datetime) -> None:
    """Work out again when a case's next rung acts, as the ladder now stands."""
    with by_itself("cases.climb_anew", case, by=by, at=at):
        pass  # leaving brings the next rung in step


def _in_order(first: Rung) -> None:
    """No rung before the one below it, tried on what is due when the day closes on which it begins to hold."""
    calendar, place = calendar_now(), ORDER.index(first.code)
    due, rungs = end_of_day(first.valid_from, calendar), RUNGS.all_on(first.valid_from)
    mine = moment_of(calendar, due, first.amount, first.unit, first.before)
    for other, code in enumerate(ORDER):
        rung = rungs.get(code)
        if other == place or rung is None or not rung.active:
            continue
        theirs = moment_of(calendar, due, rung.amount, rung.unit, rung.before)
        if (theirs > mine) if other < place else (theirs < mine):
            below, above = (code, first.code) if other < place else (first.code, code)
            raise Refused("rung.order", field="amount", before=LADDER[below], after=LADDER[above])
