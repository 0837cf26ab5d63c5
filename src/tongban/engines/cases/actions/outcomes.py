"""What came of a matter, as whoever writes the answer has to say it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from tongban.core.calendar.queries import calendar_now
from tongban.core.plain import clean
from tongban.core.refusals import Refused
from tongban.engines.cases.actions.keeping import keeper
from tongban.engines.cases.outcome import OUTCOMES, REASONS, UNSTATED, Outcome

_BECAUSE = 500


def stated(outcome: Outcome, at: datetime, part: str = "") -> Outcome:
    """The outcome as it is kept; refused unless it is said, with a reason where something is left undone.

    A past that is told in bulk may not know; then it is unstated, and nothing else is made of it. ``part``: the number
    of the question whose outcome it is, as its form's fields end.
    """
    if outcome == UNSTATED and keeper().sees_later:
        return outcome
    if outcome.code not in OUTCOMES:
        raise Refused("case.outcome", field=f"outcome{part}")
    because = clean(outcome.because).strip()
    if not outcome.undone:
        if outcome.why or because or outcome.day is not None:
            raise Refused("case.outcome.over", field=f"why_not{part}", outcome=outcome.label)
        return Outcome(outcome.code)
    if outcome.why not in REASONS:
        raise Refused("case.outcome.why", field=f"why_not{part}", outcome=outcome.label)
    if not because:
        raise Refused("case.outcome.because", field=f"because{part}")
    if len(because) > _BECAUSE:
        raise Refused("case.body.long", field=f"because{part}", most=_BECAUSE, length=len(because))
    return Outcome(outcome.code, outcome.why, because, _day(outcome, at, part))


def _day(outcome: Outcome, at: datetime, part: str) -> date | None:
    """Of what is planned the day by which it is to be done; nothing else has one."""
    field = f"planned_for{part}"
    if outcome.why != "planned":
        if outcome.day is not None:
            raise Refused("case.outcome.unplanned", field=field)
        return None
    if outcome.day is None or outcome.day <= calendar_now().day_of(at):
        raise Refused("case.outcome.day", field=field)
    return outcome.day


def columns(outcome: Outcome) -> Mapping[str, Any]:
    """The columns of an answer, or of the reply to a question."""
    return {
        "outcome": outcome.code,
        "why_not": outcome.why,
        "because": outcome.because,
        "planned_for": outcome.day,
    }
