"""What a liaison officer hears on a visit becomes a case, in the firm's name."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tongban.core.ledger.actor import Actor
from tongban.core.ledger.journal import Journal
from tongban.core.refusals import Refused
from tongban.core.registry.askers import calling
from tongban.engines.cases.actions import Opening, open_case
from tongban.engines.cases.models import Case
from tongban.engines.cases.types import case_type
from tongban.engines.visits.authority import charge_of
from tongban.engines.visits.models import Heard, Visit


def open_heard(
    *, visit: int, programme: str, kind: str, body: str, category: str, area: int, by: Actor, at: datetime, title: str = "",
    address: str = "", name: str = "", phone: str = "", idempotency: str | None = None,
) -> Case:  # fmt: skip
    """Open a case that was heard on a visit: in the firm's name, asked by the person met if he gave a number.

    It is never confidential: whoever wants that asks himself, for a liaison officer sees what his firms ask openly.
    """
    row = Visit.objects.select_related("firm").filter(pk=visit).first()
    if row is None:
        raise Refused("visit.unknown")
    charge_of(by, row.firm_id, at)
    if row.state != Visit.State.HELD:
        raise Refused("visit.not_held")
    if "firm" not in _askers(programme, kind):
        raise Refused("visit.programme", field="programme")
    with transaction.atomic():
        person = calling(name=name, phone=phone, by=by, at=at) if phone.strip() else None
        opening = Opening(
            programme=programme, kind=kind, body=body, area=area, title=title, category=category, channel="visit",
            requester=person, firm=row.firm, address=address,
        )  # fmt: skip
        case = open_case(opening, by=by, at=at, idempotency=f"visit-{visit}-{idempotency}" if idempotency else None)
        if Heard.objects.filter(case=case).exists():
            transaction.set_rollback(True)  # sent twice: nobody is registered twice for it
            return case
        with Journal("visits.open_heard", by=by, at=at, programme=programme, area=area) as journal:
            journal.add(Heard(visit=row, case=case), of=row)
    return case


def _askers(programme: str, kind: str) -> frozenset[str]:
    try:
        return case_type(programme, kind).askers
    except LookupError:
        return frozenset()
