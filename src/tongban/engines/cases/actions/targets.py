"""What administrators want the board's rates to reach: dated versions, a sample until confirmed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError

from tongban.core.access.authority import administering
from tongban.core.calendar.queries import calendar_now
from tongban.core.labels import Label
from tongban.core.ledger.actor import Actor
from tongban.core.ledger.journal import Journal
from tongban.core.refusals import Refused, declare
from tongban.core.registry import reference
from tongban.engines.cases.models import Target
from tongban.engines.cases.targets import RATES, REFERENCE

declare(
    {
        "target.unknown": Label("没有这个指标的目标。", "There is no such target."),
        "target.percent": Label(
            "目标请填 0 到 100 之间的整数，0 表示不设目标。",
            "A target is a whole number between 0 and 100; 0 means that there is none.",
        ),
        "target.past": Label(
            "新目标最早从今天（{day}）起，过去的看板不能回头改。",
            "A new target begins today ({day}) at the earliest; what boards showed before stands.",
        ),
        "target.same": Label("和现在的目标一样，没有要改的。", "This is the target already; nothing changes."),
        "target.source": Label(
            "请写明依据，例如文件名称和文号。", "Say on what it rests, such as a document's title and number."
        ),
        "target.confirmed": Label("这个目标已经确认过了。", "This target is confirmed already."),
    }
)


def set_target(
    *, code: str, percent: int, valid_from: date, source: str, confirmed: bool, by: Actor, at: datetime
) -> Target:
    """A new target of a rate from a date on. One that begins on the same day is corrected."""
    if code not in RATES:
        raise Refused("target.unknown", field="code")
    if not 0 <= percent <= 100:
        raise Refused("target.percent", field="percent")
    today = calendar_now().day_of(at)
    if valid_from < today:
        raise Refused("target.past", field="valid_from", day=today.isoformat())
    columns: dict[str, Any] = {"percent": percent, "source": _source(source), "confirmed": confirmed}
    try:
        with Journal("cases.set_target", by=by, at=at) as journal:
            administering(by, at)
            before = Target.objects.filter(code=code, valid_from__lte=valid_from).order_by("-valid_from").first()
            if before is not None and all(getattr(before, name) == value for name, value in columns.items()):
                raise Refused("target.same")
            row = _row(journal, before, code, valid_from, columns)
            reference.changed(REFERENCE)
    except IntegrityError:
        raise Refused("ledger.overtaken") from None
    return row


def confirm_target(*, target: int, source: str, by: Actor, at: datetime) -> None:
    """Say that a sample is the county's own target, and on what it rests."""
    basis = _source(source)
    with Journal("cases.confirm_target", by=by, at=at) as journal:
        administering(by, at)
        row = Target.objects.filter(pk=target).first()
        if row is None:
            raise Refused("target.unknown")
        if row.confirmed:
            raise Refused("target.confirmed")
        journal.change(row, confirmed=True, source=basis)
        reference.changed(REFERENCE)


def _row(journal: Journal, before: Target | None, code: str, valid_from: date, columns: dict[str, Any]) -> Target:
    if before is not None and before.valid_from == valid_from:
        journal.change(before, **columns)
        return before
    row = Target(code=code, valid_from=valid_from, **columns)
    journal.add(row)
    return row


def _source(text: str) -> str:
    if not text.strip():
        raise Refused("target.source", field="source")
    return text.strip()[:200]
