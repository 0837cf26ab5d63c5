"""What administrators lay down for all cases (limits, routes), and handing over all that an officer has."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from tongban.core.access.authority import administering
from tongban.core.access.viewer import HANDLER
from tongban.core.calendar.logic import CountFrom, Unit
from tongban.core.calendar.queries import calendar_now
from tongban.core.dated.actions import confirm_version, set_version
from tongban.core.labels import Label
from tongban.core.ledger.actor import Actor
from tongban.core.ledger.journal import Journal
from tongban.core.refusals import Refused, declare
from tongban.core.registry.models import Organisation
from tongban.engines.cases.actions.keeping import keeper
from tongban.engines.cases.actions.working import hand_over
from tongban.engines.cases.limits import REFERENCE, RETENTION, assignable
from tongban.engines.cases.models import Case, Limit, Route
from tongban.engines.cases.types import types

declare(
    {
        "limit.unknown": Label("没有这个时限。", "There is no such limit."),
        "limit.amount": Label("时限请填 1 到 400 之间的整数。", "A limit is a whole number between 1 and 400."),
        "limit.calendar": Label(
            "保留多久按日历天算，请选日历天。", "How long something is kept is counted in calendar days."
        ),
        "limit.unit": Label("请从列表里选计时单位和起算方式。", "Choose the unit and the start from the lists."),
        "route.category": Label("请从列表里选一类事。", "Choose a category from the list."),
        "route.unit": Label("请选一个还在的承办单位。", "Choose a handling unit that exists then."),
        "route.past": Label("生效日期最早是今天（{day}）。", "It begins today ({day}) at the earliest."),
        "route.same": Label("和现在的一样，没有要改的。", "It says this already; nothing changes."),
        "route.unknown": Label("没有这条去向，或者已经结束。", "There is no such route, or it has ended."),
        "hand_over.self": Label("接手的必须是另一位同事。", "It must go to another colleague."),
        "hand_over.none": Label("他在这个单位没有正在办的件。", "He has no case in progress in this unit."),
    }
)
_MOST = 500


def set_limit(
    *, code: str, amount: int, unit: str, start: str, valid_from: date, source: str, confirmed: bool, by: Actor,
    at: datetime,
) -> Limit:  # fmt: skip
    """A new version of a limit from a date on; what has been promised before stands."""
    if not 1 <= amount <= 400:
        raise Refused("limit.amount", field="amount")
    if unit not in set(Unit) or start not in set(CountFrom):
        raise Refused("limit.unit", field="unit")
    if code == RETENTION and unit != Unit.CALENDAR_DAYS:
        raise Refused("limit.calendar", field="unit")
    first = Limit(code=code, amount=amount, unit=unit, start=start, valid_from=valid_from, confirmed=confirmed)
    return set_version(
        first, name="cases.set_limit", kept=REFERENCE, source=source, copied=("name_zh", "name_en"), by=by, at=at
    )


def confirm_limit(*, limit: int, source: str, by: Actor, at: datetime) -> None:
    """Say that a sample is the county's own rule, and on what it rests."""
    confirm_version(Limit, limit, name="cases.confirm_limit", kept=REFERENCE, source=source, by=by, at=at)


def set_route(
    *, programme: str, category: str, unit: int, limit: str, valid_from: date, by: Actor, at: datetime
) -> Route:
    """From a date on, a desk is first offered this unit for this kind of matter."""
    today = calendar_now().day_of(at)
    _known_category(programme, category)
    if valid_from < today:
        raise Refused("route.past", field="valid_from", day=today.isoformat())
    with Journal("cases.set_route", by=by, at=at, programme=programme, unit=unit) as journal:
        administering(by, at)
        body = Organisation.objects.filter(pk=unit).exclude(kind=Organisation.Kind.DESK).first()
        if body is None or (body.valid_until is not None and body.valid_until < valid_from):
            raise Refused("route.unit", field="unit")
        if not Limit.objects.filter(code=limit).exists():
            raise Refused("limit.unknown", field="limit")
        assignable(limit)
        known = Route.objects.filter(programme=programme, category=category, ended_at=None, valid_from__lte=valid_from)
        before = known.order_by("-valid_from", "-pk").first()
        if before is not None and (before.unit_id, before.limit) == (unit, limit):
            raise Refused("route.same")
        if before is not None and before.valid_from == valid_from:
            journal.change(before, unit_id=unit, limit=limit)
            return before
        row = Route(programme=programme, category=category, unit=body, limit=limit, valid_from=valid_from)
        journal.add(row)
    return row


def end_route(*, route: int, by: Actor, at: datetime) -> None:
    """The desk is no longer offered this unit; older routes of the same kind of matter end with it."""
    with Journal("cases.end_route", by=by, at=at) as journal:
        administering(by, at)
        row = Route.objects.filter(pk=route, ended_at=None).first()
        if row is None:
            raise Refused("route.unknown")
        journal.programme, journal.unit = row.programme, row.unit_id
        older = Route.objects.filter(
            programme=row.programme, category=row.category, ended_at=None, valid_from__lte=row.valid_from
        )
        for each in older:
            journal.change(each, ended_at=at)


@dataclass(frozen=True, slots=True)
class HandedOver:
    """What became of one case; ``refusal`` None: it went over."""

    case: int
    refusal: Refused | None


def hand_over_officer(*, officer: int, unit: int, to: int, by: Actor, at: datetime) -> list[HandedOver]:
    """All that ``officer`` has in progress in ``unit`` goes to a colleague there; one that cannot go keeps none back.

    ``by`` is an officer of the unit, as for one case: an administrator moves none. He may hold a role there for each
    programme; each case goes by the one that covers it.
    """
    if officer == to:
        raise Refused("hand_over.self", field="to")
    held = Case.objects.filter(handler_id=officer, lead_id=unit, closed_at=None, answered_at=None).order_by("pk")
    cases = list(held.values_list("pk", "programme")[:_MOST])
    if not cases:
        raise Refused("hand_over.none", field="officer")
    viewer = keeper().viewer(by.account, at) if by.account is not None else None
    fitting = {}
    for programme in {programme for _, programme in cases}:
        role = viewer.role_at(HANDLER, unit, programme) if viewer else None
        fitting[programme] = by if viewer is None or role is None else viewer.actor(role)
    return [_one(case, to, fitting[programme], at) for case, programme in cases]


def _one(case: int, to: int, by: Actor, at: datetime) -> HandedOver:
    try:
        hand_over(case=case, account=to, by=by, at=at)
    except Refused as refusal:
        return HandedOver(case, refusal)
    return HandedOver(case, None)


def _known_category(programme: str, category: str) -> None:
    kinds = [kind for (owner, _), kind in types().items() if owner == programme]
    if not any(kind.category(category) for kind in kinds):
        raise Refused("route.category", field="category")
