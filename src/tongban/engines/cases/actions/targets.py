"""What administrators want the board's rates to reach: dated versions, a sample until confirmed."""

from __future__ import annotations

from datetime import date, datetime

from tongban.core.dated.actions import confirm_version, set_version
from tongban.core.labels import Label
from tongban.core.ledger.actor import Actor
from tongban.core.refusals import Refused, declare
from tongban.engines.cases.models import Target
from tongban.engines.cases.targets import RATES, REFERENCE

declare(
    {
        "target.unknown": Label("没有这个指标的目标。", "There is no such target."),
        "target.percent": Label(
            "目标请填 0 到 100 之间的整数，0 表示不设目标。",
            "A target is a whole number between 0 and 100; 0 means that there is none.",
        ),
    }
)


def set_target(
    *, code: str, percent: int, valid_from: date, source: str, confirmed: bool, by: Actor, at: datetime
) -> Target:
    """A new target of a rate from a date on; what boards showed before stands."""
    if code not in RATES:
        raise Refused("target.unknown", field="code")
    if not 0 <= percent <= 100:
        raise Refused("target.percent", field="percent")
    first = Target(code=code, percent=percent, valid_from=valid_from, confirmed=confirmed)
    return set_version(first, name="cases.set_target", kept=REFERENCE, source=source, by=by, at=at)


def confirm_target(*, target: int, source: str, by: Actor, at: datetime) -> None:
    """Say that a sample is the county's own target, and on what it rests."""
    confirm_version(Target, target, name="cases.confirm_target", kept=REFERENCE, source=source, by=by, at=at)
